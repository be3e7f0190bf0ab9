package schema

import (
	"context"
	"errors"
	"path"

	"github.com/accord-sync/accord/providers"
)

// disk is a driver that can be configured and located, and nothing else.
type disk struct{ readOnly bool }

func (d disk) Schema() providers.Schema {
	return providers.Schema{
		ReadOnly: d.readOnly,
		Provider: []providers.Attribute{
			{Name: "path", Type: providers.String, Required: true},
			{Name: "password", Type: providers.String, Sensitive: true},
		},
		Folder: []providers.Attribute{
			{Name: "path", Type: providers.String, Required: true, Address: true},
			{Name: "color", Type: providers.String},
			{Name: "tags", Type: providers.List},
		},
	}
}

func (disk) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	if f.Attributes.String("path") == "" {
		return "", errors.New("path is empty")
	}
	return path.Join(p.Attributes.String("path"), f.Attributes.String("path")), nil
}

func (disk) Open(context.Context, providers.Config) (providers.Provider, error) {
	return nil, errors.New("disk: cannot be opened")
}

func testOptions() Options {
	return Options{Drivers: map[string]providers.Driver{"disk": disk{}, "feed": disk{readOnly: true}}, Version: "0.1.0"}
}

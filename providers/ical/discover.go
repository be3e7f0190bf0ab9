package ical

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/contentline"
	icaltext "github.com/accord-sync/accord/schema/pim/ical"
)

// Discover lists the visible .ics and .vcf files in the provider's directory. A file that holds items of several kinds is a folder of each; one without any,
// or that cannot be read, is a folder of no kind. A calendar's name and color are what X-WR-CALNAME and X-APPLE-CALENDAR-COLOR say.
func (p *files) Discover(ctx context.Context) ([]providers.Discovered, error) {
	entries, err := os.ReadDir(p.root)
	if err != nil {
		return nil, failure(err, "list", p.root)
	}
	var found []providers.Discovered
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		extension := strings.ToLower(filepath.Ext(e.Name()))
		if strings.HasPrefix(e.Name(), ".") || extension != ".ics" && extension != ".vcf" {
			continue
		}
		folders, err := discover(ctx, filepath.Join(p.root, e.Name()), extension)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			folders = []providers.Discovered{{Items: -1}}
		}
		for _, f := range folders {
			if f.Name == "" {
				f.Name = e.Name()
			}
			f.Attributes = providers.Attributes{"path": e.Name()}
			found = append(found, f)
		}
	}
	return found, nil
}

// discover counts the items of each kind in one file.
func discover(ctx context.Context, path, extension string) ([]providers.Discovered, error) {
	name, color := "", ""
	var found []providers.Discovered
	for _, kind := range pim.Kinds() {
		if kind.Extension() != extension {
			continue
		}
		text, err := open(path)
		if err != nil {
			return nil, err
		}
		x, err := scan(ctx, text, kind, false)
		if err == nil && extension == ".ics" && len(found) == 0 && name == "" {
			name, color, err = title(text, x)
		}
		text.Close()
		if err != nil {
			return nil, err
		}
		if len(x.entries) > 0 {
			found = append(found, providers.Discovered{Name: name, Kind: kind, Items: len(x.entries), Color: color})
		}
	}
	if len(found) == 0 {
		found = []providers.Discovered{{Name: name, Color: color}}
		if extension == ".vcf" {
			found[0].Kind = pim.Contacts
		}
	}
	return found, nil
}

// title is what the first VCALENDAR says of itself.
func title(text *os.File, x *index) (name, color string, err error) {
	const most = 64 << 10
	head := make([]byte, min(x.size, most))
	if body := x.calendars[0].body; body >= 0 {
		head = head[:min(body, int64(len(head)))]
	}
	if _, err = text.ReadAt(head, 0); err != nil {
		return "", "", err
	}
	lines := contentline.NewScanner(bytes.NewReader(head), contentline.Limits{})
	for lines.Scan() {
		l := lines.Line()
		value := strings.TrimSpace(icaltext.Unescape(string(l.Value())))
		switch {
		case l.Is("X-WR-CALNAME") || l.Is("NAME") && name == "":
			name = value
		case l.Is("X-APPLE-CALENDAR-COLOR") || l.Is("COLOR") && color == "":
			color = value
		}
	}
	return name, color, lines.Err()
}

package ical

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// published is a folder that is read as a feed and written as the file that a server publishes.
type published struct {
	*feed
	file *file
}

// Write takes the versions of the feed, which leave DTSTAMP out, for those of the file. What was read before is not what is published then.
func (p published) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	text, err := os.ReadFile(p.file.path)
	if err != nil {
		return nil
	}
	var now [2]*index
	for i := range now {
		if now[i], err = scan(context.Background(), bytes.NewReader(text), p.file.kind, i == 1); err != nil {
			return nil
		}
	}
	writes = slices.Clone(writes)
	for i, w := range writes {
		if e, ok := now[1].find(w.Ref); ok && hashText(e.version) == w.Version {
			e, _ = now[0].find(w.Ref)
			writes[i].Version = hashText(e.version)
		}
	}
	p.feed.copy = nil
	return p.file.Write(ctx, writes)
}

type publisher struct {
	providers.Provider
	files providers.Provider
	path  string
}

func (p publisher) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	web, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	local := at(p.path, cfg.Kind)
	local.ReadOnly = cfg.ReadOnly
	f, err := p.files.Folder(ctx, local)
	if err != nil {
		return nil, err
	}
	return published{web.(*feed), f.(*file)}, nil
}

// What a feed reads is what the file holds that its server publishes, with and without a server that says what changed.
func TestConformanceOfAFeed(t *testing.T) {
	for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
		for _, quiet := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, quiet %v", kind, quiet), providertest.Suite{
				Kind: kind, Restless: true, // the versions of the file that is written are not the feed's
				Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
					dir := t.TempDir()
					files := openFiles(t, dir)
					if err := files.CreateFolder(t.Context(), at("work.ics", kind)); err != nil {
						t.Fatal(err)
					}
					server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						text, err := os.ReadFile(dir + "/work.ics")
						if err != nil {
							t.Error(err)
						}
						if !quiet {
							w.Header().Set("ETag", fmt.Sprintf("\"%x\"", sum(text)))
						}
						http.ServeContent(w, r, "work.ics", time.Time{}, bytes.NewReader(text))
					}))
					t.Cleanup(server.Close)
					cfg := providers.FolderConfig{Address: "folder.test", Kind: kind}
					return publisher{openFeed(t, server.URL+"/work.ics", nil), files, "work.ics"}, cfg
				},
			}.Run)
		}
	}
}

func sum(text []byte) uint64 {
	return xxhash.Sum64(text)
}

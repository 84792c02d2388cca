package programmetest

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/pages"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// Persons who ask; the header "Who" names them.
var (
	Guest = storage.ID{9} // has a seat wherever she is asked for
	Other = storage.ID{8}
)

// Desk is the planning of the demo programme, served over HTTP.
type Desk struct {
	T         *testing.T
	Store     *storage.Store
	Files     files.Store
	Programme *programme.Service
	Materials *materials.Service
	Plan      *plan.Service
	Public    *public.Service
	URL       string
}

// OpenDesk serves the demo programme on both engines.
func OpenDesk(t *testing.T, f func(d Desk)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		kept, err := files.New("", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		core := programme.New(programme.Options{})
		shelf := materials.New(materials.Options{
			Store: s, Programme: core, Files: kept,
			TakesPart: func(_ context.Context, _ *storage.Tx, person, _ storage.ID) (bool, error) {
				return person == Guest, nil
			},
		})
		tables := plan.New(plan.Options{Programme: core})
		front := public.New(public.Options{Store: s, Programme: core, Materials: shelf})
		loaded := Load(t)
		Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := plan.Import(ctx, tx, loaded, false)
			return err
		})
		manifest := pages.New(pages.Options{Store: s, Programme: core, Plan: tables}).Manifest()
		for _, m := range []module.Manifest{shelf.Manifest(), front.Manifest()} {
			manifest.Routes = append(manifest.Routes, m.Routes...)
		}
		words, err := i18n.Load(manifest.Texts, profile.Texts())
		if err != nil {
			t.Fatal(err)
		}
		front.Speak(words)
		address := webtest.Serve(t, web.Options{
			Routes: manifest.Routes,
			Site:   func(context.Context) (*web.Site, error) { return &web.Site{PublicURL: "http://ashar.example"}, nil },
			Identify: func(r *http.Request) (access.Actor, error) {
				a := access.Actor{Table: manifest.Permissions}
				switch who := r.Header.Get("Who"); who {
				case "":
				case "guest":
					a.Person = Guest
				case "other":
					a.Person = Other
				default:
					a.Person, a.Grants = storage.ID{1}, []access.Grant{{Role: access.Role(who)}}
				}
				return a, nil
			},
		}, manifest.Texts, profile.Texts())
		f(Desk{T: t, Store: s, Files: kept, Programme: core, Materials: shelf, Plan: tables, Public: front, URL: address})
	})
}

// Upload is one file of a form.
type Upload struct {
	Name string
	Data []byte
}

// Ask sends a request and gives the answer with its whole body.
func (d Desk) Ask(method, path, who string, fields url.Values, list []Upload, headers ...string) (*http.Response, string) {
	d.T.Helper()
	b := &webtest.Browser{URL: d.URL, Header: http.Header{"Who": {who}}}
	for i := 0; i+1 < len(headers); i += 2 {
		b.Header.Set(headers[i], headers[i+1])
	}
	if method != http.MethodPost {
		a := b.Send(d.T, method, path, "", nil)
		return b.Last, a.Body
	}
	files := make([]webtest.File, len(list))
	for i, u := range list {
		files[i] = webtest.File{Field: "files", Name: u.Name, Kind: "application/pdf", Body: u.Data}
	}
	a := b.Upload(d.T, path, fields, files...)
	return b.Last, a.Body
}

// Copies makes drafts from a template of the demo.
func (d Desk) Copies(template string, rows []plan.Row) (made []programme.Activity) {
	d.T.Helper()
	Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = d.Plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: Coordinator, Key: template, Rows: rows})
		return err
	})
	return made
}

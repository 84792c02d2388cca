package programmetest

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
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
		catalogue, err := i18n.Load(manifest.Texts, web.Texts(), profile.Texts())
		if err != nil {
			t.Fatal(err)
		}
		h, err := web.NewServer(web.Options{
			Routes: manifest.Routes, Catalogue: catalogue, Secret: bytes.Repeat([]byte{1}, 32),
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
		})
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		f(Desk{T: t, Store: s, Files: kept, Programme: core, Materials: shelf, Plan: tables, Public: front, URL: srv.URL})
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
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, v := range values {
			_ = w.WriteField(name, v)
		}
	}
	for _, u := range list {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="files"; filename="` + u.Name + `"`}, "Content-Type": {"application/pdf"},
		})
		if err != nil {
			d.T.Fatal(err)
		}
		_, _ = part.Write(u.Data)
	}
	_ = w.Close()
	var in io.Reader
	if method == http.MethodPost {
		in = &body
	}
	req, err := http.NewRequestWithContext(d.T.Context(), method, d.URL+path, in)
	if err != nil {
		d.T.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", w.FormDataContentType())
	}
	req.Header.Set("Who", who)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		d.T.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.T.Fatal(err)
	}
	return res, string(text)
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

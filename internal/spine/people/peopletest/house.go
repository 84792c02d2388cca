package peopletest

import (
	"context"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/roster"
	"platforma.kg/ashar/internal/spine/people/signin"
	"platforma.kg/ashar/internal/spine/profile"
)

// Manifests gives the manifests of the room of people and of all its pages.
func Manifests(svc *people.Service, store *storage.Store) []module.Manifest {
	list, _ := manifests(svc, people.Options{Store: store}, exports.Options{})
	return list
}

// Tables are the bounds of long tables in these houses: more rows than at once are made
// beside, so many a piece.
const (
	TablesAtOnce = 20
	TablesPiece  = 7
)

func manifests(svc *people.Service, o people.Options, bounds exports.Options) ([]module.Manifest, *exports.Service) {
	cities := func(i18n.Language) []kit.Item {
		return []kit.Item{{Value: "osh", Label: "Ош"}, {Value: "talas", Label: "Талас"}}
	}
	house := &module.House{}
	tables := exports.New(exports.Options{
		Store: o.Store, People: svc, Kinds: house.Exports, AtOnce: bounds.AtOnce, Piece: bounds.Piece,
		Table: func() access.Table {
			table := access.Table{exports.Use: {access.Coordinator, access.Admin}}
			maps.Copy(table, svc.Manifest().Permissions)
			return table
		},
	})
	house.Furnish(
		svc.Manifest(),
		roster.New(roster.Options{People: svc, Store: o.Store, PublicURL: o.PublicURL, Cities: cities, Exports: tables, House: house}).Manifest(),
		tables.Manifest(),
		signin.New(signin.Options{People: svc, Store: o.Store, Issuer: o.Issuer, Log: o.Log}).Manifest(),
	)
	return house.Manifests(), tables
}

// House is the room of people with its pages, behind the real door.
type House struct {
	Store  *storage.Store
	People *people.Service
	Tables *exports.Service // attached to erasures only by who asks for it
	URL    string
	Sent   *Pocket
	Clock  *storagetest.Clock // of Open; set it where the clock is the test's own
}

// Open opens a house of the demo over SQLite, with a clock.
func Open(t testing.TB) House {
	t.Helper()
	clock := storagetest.NewClock(Morning)
	h := OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: "http://localhost", Demo: true})
	h.Clock = clock
	return h
}

// OpenWith is Open with a database and options of the test's own, and perhaps with routes
// that are changed.
func OpenWith(t testing.TB, store *storage.Store, o people.Options, change ...func(*web.Route)) House {
	t.Helper()
	return OpenTables(t, store, o, exports.Options{AtOnce: TablesAtOnce, Piece: TablesPiece}, change...)
}

// OpenTables is OpenWith with bounds of long tables.
func OpenTables(t testing.TB, store *storage.Store, o people.Options, bounds exports.Options, change ...func(*web.Route)) House {
	t.Helper()
	o.Keys, o.Store = Keys(t), store
	svc := people.New(o)
	var routes []web.Route
	sources := []fs.FS{web.Texts(), profile.Texts()}
	list, tables := manifests(svc, o, bounds)
	permissions := access.Table{}
	for _, m := range list {
		maps.Copy(permissions, m.Permissions)
		routes, sources = append(routes, m.Routes...), append(sources, m.Texts)
	}
	for i := range routes {
		for _, f := range change {
			f(&routes[i])
		}
	}
	texts, err := i18n.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	tables.Speak(texts)
	address := webtest.Serve(t, web.Options{
		Routes: routes, ErrorPage: kit.ErrorPage, Catalogue: texts,
		Identify: func(r *http.Request) (access.Actor, error) {
			a, err := svc.Identify(r)
			a.Table = permissions
			return a, err
		},
		Site: func(context.Context) (*web.Site, error) { return &web.Site{}, nil },
		Log:  o.Log, Clock: store.Now,
	})
	h := House{Store: store, People: svc, Tables: tables, URL: address, Sent: &Pocket{}}
	svc.SendWith(h.Sent)
	return h
}

// Visitor is a browser with cookies that follows no redirect by itself.
type Visitor struct {
	T    testing.TB
	HTTP *http.Client
	URL  string
}

// Visitor opens a browser that nobody has used.
func (h House) Visitor(t testing.TB) *Visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Visitor{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h.URL}
}

// Work does the jobs of signing in that wait.
func (h House) Work(t testing.TB) { t.Helper(); Work(t, h.Store, h.People) }

// SignIn signs in by a code and gives where that leads to.
func (h House) SignIn(v *Visitor, address string) string {
	v.T.Helper()
	v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {address}})
	h.Work(v.T)
	_, to := v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.Sent.Codes[len(h.Sent.Codes)-1].Code}})
	return to
}

// As signs in with a link of the demo, after giving the person grants that are awake.
func (h House) As(t testing.TB, p people.Person, grants ...access.Grant) *Visitor {
	t.Helper()
	var token string
	Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
		for _, g := range grants {
			if err := h.People.Grant(ctx, tx, p.ID, g); err != nil {
				return err
			}
		}
		token, err = h.People.DemoSignIn(ctx, tx, p.ID)
		return err
	})
	v := h.Visitor(t)
	if status, _ := v.Get("/ru/demo/in/" + token); status != http.StatusSeeOther {
		t.Fatalf("the link of the demo: %d", status)
	}
	return v
}

// Get gives the status of a page, and its text with where it leads to.
func (v *Visitor) Get(path string) (int, string) {
	v.T.Helper()
	res, err := v.HTTP.Get(v.URL + path)
	return v.Read(res, err)
}

// Read is Get for an answer that is there already.
func (v *Visitor) Read(res *http.Response, err error) (int, string) {
	v.T.Helper()
	if err != nil {
		v.T.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.T.Fatal(err)
	}
	return res.StatusCode, string(body) + res.Header.Get("Location")
}

var drawnInPage = regexp.MustCompile(`name="drawn" value="([^"]+)"`)

// Drawn gives what the form of a record on a page was drawn of, empty when there is none.
func Drawn(page string) string {
	if m := drawnInPage.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// Post sends a form of the page at from, with its form token, and with what that was drawn of
// unless the form says it.
func (v *Visitor) Post(from, path string, form url.Values) (int, string) {
	v.T.Helper()
	_, page := v.Get(from)
	if token := webtest.FormToken(page); token != "" {
		form.Set("form_token", token)
	}
	if drawn := Drawn(page); drawn != "" && !form.Has("drawn") {
		form.Set("drawn", drawn)
		defer form.Del("drawn")
	}
	res, err := v.HTTP.PostForm(v.URL+path, form)
	return v.Read(res, err)
}

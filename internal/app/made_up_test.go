package app

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/find"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// choir is a module that no folder holds: it says something of itself in every part of
// the manifest, and notes what it is told.
type choir struct {
	mu     sync.Mutex
	told   []string
	sings  map[storage.ID]bool // who is in it
	seeded []access.Actor
	stop   error // what it answers to a change
}

func (c *choir) note(words string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, words)
}

func (c *choir) heard(words string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.told, words)
}

const maySing access.Permission = "choir.sing"

func (c *choir) manifest() module.Manifest {
	words := `{"choir.nav": "Choir %", "choir.page": "Page of the choir %", "choir.panel": "Sing here %", "choir.count": "Sang %", "choir.job": "Tune the choir %", "choir.task": "Learn the song %", "choir.found": "Songs %", "choir.bound": "The choir counts on it %", "choir.consent": "Singers may see my name %"}`
	text := fstest.MapFS{}
	for _, l := range i18n.Languages {
		text[string(l)+".json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(words, "%", string(l)))}
	}
	part := func(key string) func(context.Context, *storage.Tx, *web.Request) (templ.Component, error) {
		return func(_ context.Context, _ *storage.Tx, r *web.Request) (templ.Component, error) {
			return kit.Plain(key + " " + string(r.Lang)), nil
		}
	}
	return module.Manifest{
		Name: "choir", Texts: text,
		Permissions: map[access.Permission][]access.Role{maySing: {access.Coordinator}},
		Routes: []web.Route{{Method: http.MethodGet, Pattern: "/choir", Needs: maySing, Handler: func(r *web.Request) error {
			return r.Page(http.StatusOK, kit.Plain(r.Say.T("choir.page")))
		}}},
		Nav:      []web.NavItem{{Key: "choir.nav", Path: "/choir", Needs: maySing, Order: 1}},
		Footer:   []web.NavItem{{Key: "choir.page", Path: "/choir", Needs: maySing, Order: 1}},
		Yours:    []web.NavItem{{Key: "choir.panel", Path: "/choir", Needs: maySing, Order: 1}},
		Strip:    []web.NavItem{{Key: "choir.found", Path: "/choir", Needs: maySing, Order: 1}},
		Consents: []module.Consent{{Purpose: "choir.list", Text: "choir.consent"}},
		Facts:    []ledger.Kind{"choir.sang"},
		Counts:   []module.Count{{Kind: "choir.sang", Text: "choir.count"}},
		Jobs: []jobs.Kind{{Name: "choir.tune", Text: "choir.job", Lane: jobs.Light, Limit: time.Minute, Attempts: 1, Do: func(context.Context, *storage.Store, json.RawMessage) error {
			return nil
		}}},
		Today: func(context.Context, *storage.Tx, *web.Request) ([]module.Task, error) {
			return []module.Task{{Key: "choir.task", Path: "/choir"}}, nil
		},
		TodayPart: func(_ context.Context, _ *storage.Tx, r *web.Request) (module.TodayPart, error) {
			return module.TodayPart{Tasks: []module.Task{{Key: "choir.task", Path: "/choir"}}, Rows: kit.Plain("today " + string(r.Lang))}, nil
		},
		Home: part("home"), Contact: part("contact"), PressFacts: part("facts"), Mine: part("mine"), MyData: part("data"),
		Find: []module.Finder{{Kind: "songs", Order: 1, Text: "choir.found", Needs: maySing, Find: func(_ context.Context, _ *storage.Tx, r *web.Request, s module.Sought) (out module.Found, err error) {
			if s.In("Ak kaiyng") {
				out.Add(s, module.Hit{Title: "Ak kaiyng", Path: "/choir"})
			}
			return out, nil
		}}},
		Demo: module.Demo{Order: 1, Seed: func(_ context.Context, s module.Stage) error {
			c.seeded = append(c.seeded, s.Staff(access.Coordinator))
			return nil
		}},
		Panels: map[string]module.Panel{programme.Seminar: func(_ context.Context, _ *storage.Tx, r *web.Request, a programme.Activity) (templ.Component, error) {
			return kit.Plain(r.Say.T("choir.panel") + " " + a.Slug), nil
		}},
		Open: func(context.Context, *storage.Tx) ([]module.OpenPage, error) {
			return []module.OpenPage{{Path: "/choir/songs", Changed: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}, nil
		},
		ActivityChanged: func(_ context.Context, _ *storage.Tx, before, after programme.Activity) error {
			c.note(after.Slug + " " + before.State + " " + after.State)
			return c.stop
		},
		Binds: func(context.Context, *storage.Tx, programme.Activity) error {
			return fault.New(fault.Conflict, "choir.bound")
		},
		TakesPart: func(_ context.Context, _ *storage.Tx, person, _ storage.ID) (bool, error) {
			return c.sings[person], nil
		},
		Knows: func(_ context.Context, _ *storage.Tx, actor access.Actor, _ programme.Activity) (bool, error) {
			return c.sings[actor.Person], nil
		},
		Erase: func(_ context.Context, _ *storage.Tx, person storage.ID) error {
			c.note("erase " + person.String())
			return nil
		},
		Merge: func(_ context.Context, _ *storage.Tx, from, into storage.ID) error {
			c.note("merge " + from.String() + " " + into.String())
			return nil
		},
		Export: func(_ context.Context, _ *storage.Tx, person storage.ID) (map[string]any, error) {
			return map[string]any{"voice": "alto of " + person.String()}, nil
		},
	}
}

// A module is made known by one line, its place in the list: everything that it says of
// itself is shown, asked and told by then, and nothing else in the house names it.
func TestAModuleIsWholeOnceItStandsInTheList(t *testing.T) {
	t.Parallel()
	c := &choir{sings: map[storage.ID]bool{}}
	h := bare{t: t, now: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)}
	var err error
	h.App, err = Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir()}, Options{
		Clock: func() time.Time { return h.now }, Demo: true,
		modules: func(*App) []module.Manifest { return []module.Manifest{c.manifest()} },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if _, err := h.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(c.seeded) != 1 || c.seeded[0].Person.IsZero() || !c.seeded[0].May(maySing, access.Scope{}) {
		t.Fatalf("its part of the demo was told %d times, as %+v", len(c.seeded), c.seeded)
	}

	at := h.upcoming("osh")
	everywhere := access.Grant{Role: access.Coordinator, Scope: access.Scope{Programme: at.Programme}}
	chief := h.signIn(h.person("Башкаруучу", "", everywhere, access.Grant{Role: access.Admin}))
	nobody := h.signIn(storage.ID{})
	for _, page := range []struct{ path, says string }{
		{"/choir", "Page of the choir "},
		{"/", "home "},                            // the first page
		{"/contact", "contact "},                  // the page of contacts
		{"/press", "facts "},                      // the page for the press
		{"/today", "Choir "},                      // the navigation
		{"/today", "Page of the choir "},          // the foot
		{"/today", "Songs "},                      // the strip
		{"/today", "Learn the song "},             // what waits
		{"/today", "today "},                      // and its rows
		{"/my", "mine "},                          // My programme
		{"/my", "Sing here "},                     // and its links
		{"/me", "data "},                          // My data
		{"/me", "Singers may see my name "},       // what it asks her to agree to
		{"/numbers", "Sang "},                     // the counts
		{"/events/" + at.Slug, "Sing here "},      // the page of an activity of its kind
		{find.Path + "?q=kaiyng", "Songs "},       // what staff find
		{find.Path + "?q=song", "Learn the song"}, // what waits is found
	} {
		for _, l := range i18n.Languages {
			if status, body, _ := chief.do(http.MethodGet, "/"+string(l)+page.path, nil); status != http.StatusOK || !strings.Contains(body, page.says+string(l)) && !strings.Contains(body, page.says+" "+string(l)) {
				t.Errorf("%s in %s gives %d and does not say %q", page.path, l, status, page.says)
			}
		}
	}
	if status, body, _ := nobody.do(http.MethodGet, "/en/choir", nil); status == http.StatusOK || strings.Contains(body, "Page of the choir") {
		t.Errorf("strangers see its page: %d", status)
	}
	if _, body, _ := nobody.do(http.MethodGet, "/en/events/"+at.Slug, nil); !strings.Contains(body, "Sing here en "+at.Slug) || strings.Contains(body, "Choir en") {
		t.Error("strangers do not see its panel, or see its links")
	}
	if _, body, _ := nobody.do(http.MethodGet, "/en/", nil); !strings.Contains(body, "home en") {
		t.Error("strangers do not see its part of the first page")
	}
	if _, body, _ := nobody.do(http.MethodGet, "/sitemap.xml", nil); !strings.Contains(body, "/ru/choir/songs</loc><lastmod>2026-11-01<") {
		t.Error("search engines do not learn of its page")
	}
	if !slices.ContainsFunc(h.house.Jobs(), func(k jobs.Kind) bool { return k.Name == "choir.tune" }) {
		t.Error("the page of jobs does not know its job")
	}

	// It hears of a change in its transaction, and may stop it.
	plans := access.Actor{Person: c.seeded[0].Person, Grants: []access.Grant{everywhere}, Table: h.table}
	cancel := func() error {
		return h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := h.rooms.programme.Cancel(ctx, tx, plans, at.Slug, i18n.Text{Ky: "Жол жабык"})
			return err
		})
	}
	c.stop = errors.New("the choir has begun")
	if err := cancel(); !errors.Is(err, c.stop) || h.activity(at.Slug).State != programme.Published {
		t.Errorf("its fault does not stop the change: %v", err)
	}
	c.stop = nil
	if err := cancel(); err != nil || !c.heard(at.Slug+" published cancelled") {
		t.Errorf("it heard nothing of the cancellation: %v, %q", err, c.told)
	}

	// What it counts on stays published.
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		alone := at
		alone.ID = tx.NewID() // where nobody has applied
		if f := fault.Of(h.rooms.programme.Binds(ctx, tx, alone)); f == nil || f.Key != "choir.bound" {
			t.Errorf("it does not keep an activity from becoming a draft: %v", f)
		}
		return nil
	})

	// Who takes part by its word reads what is for participants.
	singer, stranger := h.person("Ырчы", "osh"), h.person("Бөтөн", "osh")
	c.sings[singer] = true
	for person, want := range map[storage.ID]bool{singer: true, stranger: false} {
		if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			actor := access.Actor{Person: person, Table: h.table}
			knows, err := h.rooms.programme.Knows(ctx, tx, actor, at)
			if knows != want || err != nil {
				t.Errorf("knows of an activity by invitation: %v, %v; want %v", knows, err, want)
			}
			list, err := h.rooms.materials.Readable(ctx, tx, actor, at)
			reads := slices.ContainsFunc(list, func(m materials.Material) bool { return m.Audience == materials.ForParticipants })
			if reads != want || err != nil {
				t.Errorf("reads what is for participants: %v, %v; want %v", reads, err, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}

	// What it keeps of her is hers to take, and goes with her.
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		all, err := h.rooms.people.Export(ctx, tx, singer)
		if all["choir.voice"] != "alto of "+singer.String() {
			t.Errorf("her archive holds %v", all["choir.voice"])
		}
		return err
	})
	if err := h.rooms.people.EraseForGood(t.Context(), singer, singer); err != nil || !c.heard("erase "+singer.String()) || c.heard("erase "+stranger.String()) {
		t.Errorf("the erasure: %v, told %q", err, c.told)
	}
}

// Only one file of the house names the modules; what one of them would need elsewhere
// belongs into the manifest.
func TestTheHouseNamesModulesInOnePlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err == nil && strings.HasPrefix(path, "platforma.kg/ashar/internal/modules/") && !slices.Contains(named, file) {
				named = append(named, file)
			}
		}
	}
	if !slices.Equal(named, []string{"modules.go"}) {
		t.Errorf("modules are named in %q", named)
	}
}

// A module is named by the address of its page or by its permission as well.
func TestTheHouseKnowsNoPageOfAModule(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir("../modules")
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]string{}
	for _, m := range bareHouse(t, "").Manifests() {
		if !slices.ContainsFunc(folders, func(f os.DirEntry) bool { return f.Name() == m.Name }) {
			continue
		}
		for _, r := range m.Routes {
			theirs[r.Pattern] = m.Name
		}
		for p := range m.Permissions {
			theirs[string(p)] = m.Name
		}
	}
	delete(theirs, "/start") // where a sign-in leads, which is built before the modules are
	if theirs["/my"] != "my" || theirs[string(find.Use)] != "find" {
		t.Fatal("the modules have no pages: the test proves nothing")
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				if word, err := strconv.Unquote(text.Value); err == nil && theirs[word] != "" {
					t.Errorf("%s names %q, which is of the module %s", file, word, theirs[word])
				}
			}
			return true
		})
	}
	var c siteCache
	link := module.Manifest{More: web.NavItem{Key: "k", Path: "/a"}}
	if err := c.claim(link); err != nil || c.more.Path != "/a" {
		t.Errorf("the first that says it: %v", err)
	}
	if err := c.claim(link); err == nil {
		t.Error("two modules lead to all pages")
	}
}

package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// kindsOfActivity are those that a panel may be for.
var kindsOfActivity = []string{programme.Seminar, programme.Discussion, programme.Brainstorm, programme.Coworking, programme.Publication}

// oddities says what is wrong with what a manifest says of itself, beyond its links,
// texts, routes, erasers and exports, which have tests of their own.
func oddities(m module.Manifest, taken map[string]string) (wrong []string) {
	once := func(what, name string) {
		if other, there := taken[what+" "+name]; there || name == "" {
			wrong = append(wrong, what+" "+name+" is another's, or has no name: "+other)
		}
		taken[what+" "+name] = m.Name
	}
	once("manifest", m.Name)
	for kind, panel := range m.Panels {
		if !slices.Contains(kindsOfActivity, kind) || panel == nil {
			wrong = append(wrong, "a panel for "+kind+", which is no kind of activity, or none")
		}
	}
	for _, p := range m.Event {
		if !slices.Contains(module.EventGroups[:], p.Under) {
			wrong = append(wrong, "the page "+p.Path+" of an activity stands under no word: "+string(p.Under))
		}
	}
	for _, c := range m.Consents {
		once("consent", c.Purpose)
		if m.Name != "people" && !strings.HasPrefix(c.Purpose, m.Name+".") {
			wrong = append(wrong, "the consent "+c.Purpose+" does not bear the name of the module")
		}
	}
	for _, f := range m.Find {
		once("finder", f.Kind)
		if (f.Find == nil) == (f.Seek == nil) || f.Needs == "" || f.Needs == access.Public || f.Text == "" {
			wrong = append(wrong, "the finder of "+f.Kind+" finds nothing, or for everybody")
		}
	}
	for _, c := range m.Counts {
		once("count", string(c.Kind))
		if !slices.Contains(m.Facts, c.Kind) {
			wrong = append(wrong, "it counts "+string(c.Kind)+", which is no fact of its own")
		}
	}
	for _, f := range m.Facts {
		once("fact", string(f))
	}
	for _, w := range m.Waits {
		once("count beside", w.Path)
		if !slices.ContainsFunc(m.Nav, func(n web.NavItem) bool { return n.Path == w.Path }) || w.Count == nil || w.Needs == "" || w.Needs == access.Public {
			wrong = append(wrong, "what waits at "+w.Path+" is counted beside no word of its own, or for everybody")
		}
	}
	for _, e := range m.Exports {
		once("export", e.Kind)
		if e.Needs == "" || e.Needs == access.Public || e.Needs == access.SignedIn || e.Head == nil || e.Rows == nil || e.Text == "" {
			wrong = append(wrong, "the table of "+e.Kind+" has no rows, no head or no name, or is for everybody")
		}
	}
	for _, j := range m.Jobs {
		once("job", j.Name)
	}
	if (m.Erase == nil) != (m.Merge == nil) {
		wrong = append(wrong, "it keeps something of people for an erasure, and nothing for a merge, or the other way around")
	}
	return wrong
}

// TestEveryManifestIsSound walks what all manifests say of themselves.
func TestEveryManifestIsSound(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	taken := map[string]string{}
	for _, m := range h.Manifests() {
		for _, wrong := range oddities(m, taken) {
			t.Errorf("%s: %s", m.Name, wrong)
		}
		for _, e := range m.Exports {
			for _, l := range i18n.Languages {
				if say := h.Texts(l); !say.Has(e.Text) || !say.Has(e.Tab) || utf8.RuneCountInString(say.T(e.Tab)) > 31 || e.Look != "" && !say.Has(e.Look) {
					t.Errorf("the table of %s has no words, or a name that no sheet can have, in %s", e.Kind, l)
				}
			}
		}
		for _, c := range m.Consents {
			for _, l := range i18n.Languages {
				if !h.Texts(l).Has(c.Text) {
					t.Errorf("%s asks for %s without words in %s", m.Name, c.Purpose, l)
				}
			}
		}
	}
	draw := func(context.Context, *storage.Tx, *web.Request, programme.Activity) (templ.Component, error) {
		return nil, nil
	}
	for what, m := range map[string]module.Manifest{
		"no name":                    {},
		"the name of another":        {Name: "seminars"},
		"a panel for no kind":        {Name: "x", Panels: map[string]module.Panel{"party": draw}},
		"a page under no word":       {Name: "x", Event: []module.EventPart{{NavItem: web.NavItem{Path: "/x/{slug}", Needs: "people.view"}}}},
		"a consent of another":       {Name: "x", Consents: []module.Consent{{Purpose: "photo"}}},
		"a consent without its name": {Name: "x", Consents: []module.Consent{{Purpose: "list"}}},
		"a finder for everybody":     {Name: "x", Find: []module.Finder{{Kind: "k", Text: "t", Needs: access.Public, Find: noHits}}},
		"a finder that never looks":  {Name: "x", Find: []module.Finder{{Kind: "k", Text: "t", Needs: "people.view"}}},
		"a finder that looks twice":  {Name: "x", Find: []module.Finder{{Kind: "k", Text: "t", Needs: "people.view", Find: noHits, Seek: func(context.Context, *web.Request, module.Sought) (module.Found, error) { return module.Found{}, nil }}}},
		"a count beside no word":     {Name: "x", Waits: []module.Wait{{Path: "/x", Needs: "people.view", Count: noWaits}}},
		"a table for everybody":      {Name: "x", Exports: []module.Export{{Kind: "k", Text: "t", Needs: access.SignedIn, Head: func(module.Exported) []string { return nil }, Rows: noRows}}},
		"a table without rows":       {Name: "x", Exports: []module.Export{{Kind: "k", Text: "t", Needs: "people.view"}}},
		"a count of no fact":         {Name: "x", Counts: []module.Count{{Kind: "x.sang"}}},
		"an eraser without a merge":  {Name: "x", Erase: func(context.Context, *storage.Tx, storage.ID) error { return nil }},
	} {
		with := map[string]string{"manifest seminars": "seminars", "consent photo": "people"}
		if len(oddities(m, with)) == 0 {
			t.Errorf("a manifest with %s is let through", what)
		}
	}
}

func noWaits(context.Context, *storage.Tx, access.Actor, int) (int, error) { return 0, nil }

func noHits(context.Context, *storage.Tx, *web.Request, module.Sought) (module.Found, error) {
	return module.Found{}, nil
}

func noRows(context.Context, *storage.Tx, module.Exported, []storage.ID) ([]module.ExportRow, error) {
	return nil, nil
}

// tellOfEachKind publishes a release about each activity that strangers may open.
func tellOfEachKind(t *testing.T, h house) {
	t.Helper()
	room := &newsroom.Module{Store: h.Store()}
	chief := access.Actor{Grants: []access.Grant{{Role: access.Coordinator}}, Table: access.Table{newsroom.MayWrite: {access.Coordinator}, newsroom.MayPublish: {access.Coordinator}}}
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{State: programme.Published})
		for _, a := range list {
			var r newsroom.Release
			if r, err = room.WriteRelease(ctx, tx, newsroom.WriteRelease{Actor: chief, Write: func(r newsroom.Release) (newsroom.Release, error) {
				r.Activity, r.Texts.Title, r.Texts.Body = a.ID, i18n.Text{Ky: "Жаңылык", Ru: "Новость", En: "News"}, i18n.Text{Ky: "Окуя", Ru: "Событие", En: "Event"}
				return r, nil
			}}); err != nil {
				return err
			}
			for _, to := range []newsroom.State{newsroom.Review, newsroom.Published} {
				if r, err = room.MoveRelease(ctx, tx, newsroom.MoveRelease{Actor: chief, Release: r.ID, Version: r.Version, To: to}); err != nil {
					return err
				}
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestEachPanelIsDrawn opens an activity of each kind for which a manifest has a panel, as
// a stranger and as staff, in each language.
func TestEachPanelIsDrawn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellOfEachKind(t, h)
	drawn := map[string]bool{}
	visitors := []visitor{h.as(t, ""), h.as(t, access.Coordinator)}
	for _, m := range h.Manifests() {
		for kind, panel := range m.Panels {
			of := m.Name + " for " + kind
			drawn[of] = drawn[of] || false
			var list []programme.Activity
			if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = programme.All(ctx, tx, programme.Filter{Kind: kind, State: programme.Published})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			for _, a := range list {
				if a.InvitationOnly || drawn[of] {
					continue
				}
				for _, l := range i18n.Languages {
					var alone strings.Builder
					if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						r := &web.Request{Request: &http.Request{}, Lang: l, Say: h.Texts(l), Site: &web.Site{}}
						part, err := panel(ctx, tx, r, a)
						if err != nil || part == nil {
							return err
						}
						return part.Render(ctx, &alone)
					}); err != nil {
						t.Fatalf("%s: %v", of, err)
					}
					if alone.Len() == 0 {
						continue
					}
					for _, v := range visitors {
						if _, page, _ := v.do(http.MethodGet, "/"+string(l)+"/events/"+a.Slug, nil); !strings.Contains(page, alone.String()) {
							t.Errorf("%s is not on the page of %s in %s", of, a.Slug, l)
						}
					}
					drawn[of] = true
				}
			}
		}
	}
	for of, once := range drawn {
		if !once {
			t.Errorf("the panel of %s is drawn nowhere: the test proves nothing", of)
		}
	}
	if len(drawn) == 0 {
		t.Error("there is no panel: the test proves nothing")
	}
}

package app

import (
	"net/http"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// Nobody is led to a page that refuses her, or that is another module's to name: a link
// of a manifest leads to a page of its own module and needs what the page needs.
func TestEveryLinkOfAManifestLeadsToAPageOfItsModule(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	lists := map[string]func(module.Manifest) []web.NavItem{
		"navigation": func(m module.Manifest) []web.NavItem { return m.Nav },
		"strip":      func(m module.Manifest) []web.NavItem { return m.Strip },
		"footer":     func(m module.Manifest) []web.NavItem { return m.Footer },
		"an event": func(m module.Manifest) (out []web.NavItem) {
			for _, p := range m.Event {
				link := p.NavItem
				for _, r := range m.Routes { // the door opens to phones without a role, staff are led to it
					if r.Method == http.MethodGet && r.Pattern == link.Path && r.Needs == access.Public {
						link.Needs = access.Public
					}
				}
				out = append(out, link)
			}
			return out
		},
		"account":      func(m module.Manifest) []web.NavItem { return sole(m.Account) },
		"applied":      func(m module.Manifest) []web.NavItem { return sole(m.Applied) },
		"more":         func(m module.Manifest) []web.NavItem { return sole(m.More) },
		"my programme": func(m module.Manifest) []web.NavItem { return m.Yours },
	}
	for name, of := range lists {
		places := map[int]string{}
		for _, m := range h.Manifests() {
			for _, wrong := range wrongLinks(m, of(m), places) {
				t.Errorf("%s of %s: %s", name, m.Name, wrong)
			}
		}
		if len(places) == 0 {
			t.Errorf("%s has no link: the test proves nothing", name)
		}
	}
	demos := map[int]string{}
	for _, m := range h.Manifests() {
		if m.Demo.Seed == nil {
			continue
		}
		if other, taken := demos[m.Demo.Order]; taken || m.Demo.Order <= 0 {
			t.Errorf("the demo of %s has no place of its own: %s", m.Name, other)
		}
		demos[m.Demo.Order] = m.Name
	}
	forged := module.Manifest{Name: "forged", Routes: []web.Route{
		{Method: http.MethodGet, Pattern: "/there", Needs: "a"}, {Method: http.MethodPost, Pattern: "/posted", Needs: "a"},
	}}
	for what, link := range map[string]web.NavItem{
		"no page":            {Key: "k", Path: "/elsewhere", Needs: "a", Order: 1},
		"a page of posting":  {Key: "k", Path: "/posted", Needs: "a", Order: 1},
		"another permission": {Key: "k", Path: "/there", Needs: "b", Order: 1},
		"no place":           {Key: "k", Path: "/there", Needs: "a"},
		"no text":            {Path: "/there", Needs: "a", Order: 1},
	} {
		if len(wrongLinks(forged, []web.NavItem{link}, map[int]string{})) == 0 {
			t.Errorf("a link with %s is let through", what)
		}
	}
	if len(wrongLinks(forged, []web.NavItem{{Key: "k", Path: "/there", Needs: "a", Order: 7}}, map[int]string{7: "/other"})) == 0 {
		t.Error("two links in one place are let through")
	}
}

// sole is a link of which there is one at most.
func sole(link web.NavItem) []web.NavItem {
	if link.Path == "" {
		return nil
	}
	return []web.NavItem{link}
}

// wrongLinks says what is wrong with links of a manifest; places are those taken already.
func wrongLinks(m module.Manifest, links []web.NavItem, places map[int]string) (wrong []string) {
	for _, link := range links {
		i := slices.IndexFunc(m.Routes, func(r web.Route) bool { return r.Method == http.MethodGet && r.Pattern == link.Path })
		switch {
		case i < 0:
			wrong = append(wrong, link.Path+" is no page of the module")
		case m.Routes[i].Needs != link.Needs:
			wrong = append(wrong, link.Path+" needs "+string(m.Routes[i].Needs)+" and is shown to "+string(link.Needs))
		}
		if link.Key == "" {
			wrong = append(wrong, link.Path+" has no text")
		}
		if other, taken := places[link.Order]; taken || link.Order <= 0 {
			wrong = append(wrong, link.Path+" stands where another does, or nowhere: "+other)
		}
		places[link.Order] = link.Path
	}
	return wrong
}

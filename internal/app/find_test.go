package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/find"
	"platforma.kg/ashar/internal/spine/people"
)

var hitLink = regexp.MustCompile(`<li><a href="([^"]+)"`)

// hits gives the addresses that a page of results leads to, by kind.
func hits(body string) map[string][]string {
	out := map[string][]string{}
	for _, part := range strings.Split(body, `<section class="card" aria-labelledby="found-`)[1:] {
		kind, rest, _ := strings.Cut(part, `"`)
		list, _, _ := strings.Cut(rest, "</ul>")
		for _, m := range hitLink.FindAllStringSubmatch(list, -1) {
			out[kind] = append(out[kind], m[1])
		}
	}
	return out
}

// Nobody finds what the page behind the hit would refuse, and every kind is found by
// somebody: each role looks for the words of the demo and opens all that it finds.
func TestWhatIsFoundOpensToWhoFoundIt(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	kinds, places := map[string]bool{}, map[int]string{}
	for _, m := range h.Manifests() {
		for _, f := range m.Find {
			if kinds[f.Kind] {
				t.Errorf("%s is found twice", f.Kind)
			}
			if other, taken := places[f.Order]; taken || f.Order <= 0 {
				t.Errorf("%s stands where another does, or nowhere: %s", f.Kind, other)
			}
			places[f.Order] = f.Kind
			kinds[f.Kind] = true
		}
	}
	found := map[string]bool{}
	for _, role := range append([]access.Role{""}, access.Roles[:]...) {
		v := h.as(t, role)
		status, _, _ := v.do(http.MethodGet, "/ru"+find.Path, nil)
		if role == "" || role == access.Participant || role == access.Deputy {
			if status == http.StatusOK {
				t.Errorf("%q opens the page", role)
			}
			continue
		}
		if status != http.StatusOK { // a role without a search has no results either
			continue
		}
		opened := map[string]bool{}
		for _, typed := range []string{"нарын", "айгул", "seminar", "чек-лист", "план", "саламатова", "activists", "ждут", "кара"} {
			_, body, header := v.do(http.MethodGet, "/ru"+find.Path+"?q="+url.QueryEscape(typed), nil)
			if header.Get("Cache-Control") != "no-store" {
				t.Error("a page of results may be kept by the browser")
			}
			for kind, list := range hits(body) {
				found[kind] = true
				if len(list) > 20 {
					t.Errorf("%d of %s are shown for %q", len(list), kind, typed)
				}
				for i, path := range list {
					if opened[path] || i >= 5 {
						continue
					}
					opened[path] = true
					if status, _, _ := v.do(http.MethodGet, strings.ReplaceAll(path, "&amp;", "&"), nil); status != http.StatusOK {
						t.Errorf("%s finds %s by %q and gets %d", role, path, typed, status)
					}
				}
			}
		}
		if len(opened) == 0 {
			t.Errorf("%s finds nothing: the test proves nothing", role)
		}
	}
	for kind := range kinds {
		if !found[kind] {
			t.Errorf("nobody finds %s: the test proves nothing", kind)
		}
	}
}

// Whose data a page of results shows is told to her: of the kind that is shown, and of
// those that stand on the page alone.
func TestWhoIsFoundIsToldThatSheWasShown(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.as(t, access.Coordinator)
	shown := func(id storage.ID) (actions []string) {
		if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := audit.List(ctx, tx, audit.Filter{Person: id, Limit: 100})
			for _, e := range list {
				if strings.HasSuffix(e.Action, "listed") || strings.HasSuffix(e.Action, "in_list") {
					actions = append(actions, e.Action)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return actions
	}
	at := "/en" + find.Path + "?q=" + url.QueryEscape("айгул")
	var everybody []people.Person
	if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		everybody, err = h.People().Search(ctx, tx, people.Query{Text: "айгул"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	before := map[storage.ID]int{}
	for _, p := range everybody {
		before[p.ID] = len(shown(p.ID))
	}
	_, body, _ := v.do(http.MethodGet, at+"&kind=people", nil)
	got := hits(body)
	if len(got) != 1 || len(got["people"]) == 0 || len(everybody) == 0 {
		t.Fatalf("of people alone: %v", got)
	}
	for i, p := range everybody {
		now := shown(p.ID)
		if on := strings.Contains(body, p.ID.String()); on != (len(now) > before[p.ID]) || on != (i < 20) || on && now[0] != "people.audit.in_list" {
			t.Errorf("person %d stands on the page: %v, and was told %q", i, on, now)
		}
	}
	_, body, _ = v.do(http.MethodGet, at+"&kind=applications", nil)
	told := 0
	for _, p := range everybody {
		if now := shown(p.ID); slices.Contains(now, "seminars.audit.listed") && len(now) > before[p.ID] {
			told++
		}
	}
	if list := hits(body)["applications"]; len(list) == 0 || told == 0 {
		t.Errorf("%d applications are shown, and %d are told", len(list), told)
	}
	for _, l := range i18n.Languages {
		for _, typed := range []string{"", "a", "!!", strings.Repeat("щ", 400), "%' OR 1=1", "щщщщщ"} {
			status, body, _ := v.do(http.MethodGet, "/"+string(l)+find.Path+"?q="+url.QueryEscape(typed), nil)
			if status != http.StatusOK || len(hits(body)) > 0 {
				t.Errorf("%q in %s: %d, %v", typed, l, status, hits(body))
			}
		}
	}
}

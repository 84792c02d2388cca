package head

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// Whatever pages somebody may open, each stands once on the page, under its group, in the
// same order wherever she is; no more groups than there are words, and the present one open.
func TestEachPageOfAnActivityStandsOnceUnderItsGroup(t *testing.T) {
	t.Parallel()
	r := &web.Request{Say: &i18n.Printer{}}
	rapid.Check(t, func(t *rapid.T) {
		var list []module.EventPart
		for i := range rapid.IntRange(0, 20).Draw(t, "pages") {
			path := "/x/{slug}/" + string(rune('a'+i))
			under := rapid.SampledFrom(module.EventGroups[:]).Draw(t, "under")
			list = append(list, module.EventPart{NavItem: web.NavItem{Key: "x." + path, Path: path}, Under: under})
		}
		parts := func(*web.Request, programme.Activity) []module.EventPart { return list }
		var first []string
		for n := range len(list) + 1 {
			here := "/elsewhere"
			if n < len(list) {
				here = list[n].Path
			}
			p := pages(r, parts, programme.Activity{Slug: "s"}, here)
			var order []string
			open, marked := 0, 0
			for _, g := range p.Groups {
				if g.Open {
					open++
				}
				if len(g.Parts) == 0 {
					t.Fatal("a group of nothing is shown")
				}
				for _, one := range g.Parts {
					order = append(order, one.Path)
					if one.Here {
						marked++
						if !g.Open {
							t.Fatal("the present page stands in a closed group")
						}
					}
				}
			}
			if first == nil {
				first = order
			}
			if len(order) != len(list) || !slices.Equal(order, first) {
				t.Fatalf("%d pages, shown %v, on the first page %v", len(list), order, first)
			}
			if once := slices.Compact(slices.Sorted(slices.Values(order))); len(once) != len(order) {
				t.Fatalf("a page stands twice in %v", order)
			}
			if len(p.Groups) > len(module.EventGroups) || p.Alone() != (len(list) > 0 && len(list) <= Few) {
				t.Fatalf("%d groups of %d pages, in one line: %t", len(p.Groups), len(list), p.Alone())
			}
			if n < len(list) && (open != 1 || marked != 1 || p.Now == "") {
				t.Fatalf("%d groups are open, %d pages marked, called %q", open, marked, p.Now)
			}
			if n == len(list) && marked != 0 {
				t.Fatal("a page is marked from elsewhere")
			}
		}
	})
}

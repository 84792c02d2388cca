package module_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
)

// Whatever happened, of however many kinds and in one moment: the pages of a story hold each
// event once, the newest first, and no kind is asked for more than a page and one.
func TestAStoryLosesNothingBetweenItsPages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 7).Draw(t, "most")
		var want []string
		var list []module.History
		for order := range rapid.IntRange(1, 4).Draw(t, "kinds") {
			apart := order == 3
			var all []module.Happening
			for i := range rapid.IntRange(0, 12).Draw(t, "events") {
				at := time.Unix(int64(rapid.IntRange(0, 4).Draw(t, "at")), 0)
				e := module.Happening{ID: storage.ID{byte(rapid.IntRange(0, 255).Draw(t, "id")), byte(order), byte(i)}, Event: kit.Event{At: at}}
				e.What = fmt.Sprintf("%d %d %d", at.Unix(), order, i)
				all = append(all, e)
				if !apart {
					want = append(want, e.What)
				}
			}
			list = append(list, module.History{
				Kind: fmt.Sprint(order), Order: order*100 + 100, Apart: apart,
				Count: func(context.Context, *storage.Tx, *web.Request, storage.ID) (int, error) { return len(all), nil },
				Tell: func(_ context.Context, _ *storage.Tx, _ *web.Request, p module.Past) ([]module.Happening, error) {
					if p.Most > most+1 {
						t.Fatalf("asked for %d on pages of %d", p.Most, most)
					}
					return p.Newest(slices.Clone(all)), nil
				},
			})
		}
		h := &module.House{}
		h.Furnish(module.Manifest{History: list})
		var told []kit.Event
		before := ""
		for page := 0; ; page++ {
			story, err := h.Story(t.Context(), nil, nil, storage.ID{}, "", before, most)
			if err != nil || len(story.Events) > most || page > 60 {
				t.Fatalf("page %d: %d events, %v", page, len(story.Events), err)
			}
			if story.All != len(want) {
				t.Fatalf("%d are counted, %d happened", story.All, len(want))
			}
			told = append(told, story.Events...)
			if before = story.Earlier; before == "" {
				break
			}
		}
		if !slices.IsSortedFunc(told, func(a, b kit.Event) int { return cmp.Compare(b.At.Unix(), a.At.Unix()) }) {
			t.Fatal("not the newest first")
		}
		var have []string
		for _, e := range told {
			have = append(have, e.What)
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Fatalf("told %v of %v", have, want)
		}
	})
}

// A cursor that cannot be read begins with the newest.
func TestACursorThatIsNoneBeginsWithTheNewest(t *testing.T) {
	t.Parallel()
	h := &module.House{}
	h.Furnish(module.Manifest{History: []module.History{{
		Kind: "one", Order: 100,
		Count: func(context.Context, *storage.Tx, *web.Request, storage.ID) (int, error) { return 1, nil },
		Tell: func(_ context.Context, _ *storage.Tx, _ *web.Request, p module.Past) ([]module.Happening, error) {
			return p.Newest([]module.Happening{{ID: storage.ID(bytes.Repeat([]byte{7}, 16)), Event: kit.Event{At: time.Unix(1e9, 0)}}}), nil
		},
	}}})
	for _, before := range []string{"", "x", "..", "1.2", "-1.x.y", "zzzzzzzzzzzzzzzzzzzz.1.00000000-0000-0000-0000-000000000000", "<b>"} {
		if story, err := h.Story(t.Context(), nil, nil, storage.ID{}, "nothing", before, 5); err != nil || len(story.Events) != 1 {
			t.Errorf("%q: %d events, %v", before, len(story.Events), err)
		}
	}
}

package writing

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What a browser sends back as it was shown is not unsaved, however it breaks lines; whatever
// else stands in a field is, and so is a box that was ticked or not.
func TestWhatDiffersFromWhatWasShownIsUnsaved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching(`[а-я0-9 ]{0,8}(\n[а-я]{1,4})?`)
		shown := url.Values{}
		for _, name := range []string{"title_ky", "title_ru", "deadline", "agenda_0_title_en", "capacity"} {
			shown.Set(name, words.Draw(t, name))
		}
		if rapid.Bool().Draw(t, "online") {
			shown.Set("online", "on")
		}
		typed := maps.Clone(shown)
		for name, v := range typed { // as a browser sends it
			typed[name] = []string{strings.ReplaceAll(v[0], "\n", "\r\n")}
		}
		typed.Set(seen, SeenOf(shown))
		typed.Set("version", "7")
		typed.Set("to", "published")
		if Unsaved(typed) {
			t.Fatalf("nothing was typed: %v", typed)
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(shown))).Draw(t, "which")
		was := typed[name]
		typed.Set(name, was[0]+" ө")
		if !Unsaved(typed) {
			t.Fatalf("%s was %q and is %q: taken for saved", name, was, typed.Get(name))
		}
		typed[name] = was
		if shown.Has("online") {
			typed.Del("online")
			if !Unsaved(typed) {
				t.Fatal("a box is no longer ticked: taken for saved")
			}
		}
		typed.Del(seen)
		if Unsaved(typed) {
			t.Fatal("what came without a form is taken for typed")
		}
	})
}

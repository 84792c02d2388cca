package module_test

import (
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/module"
)

// What is looked for is found however it is spelt, by the beginnings of words in any
// order; what holds no two letters finds nothing.
func TestWhatIsSoughtIsFoundHoweverItIsSpelt(t *testing.T) {
	t.Parallel()
	title := i18n.Text{Ky: "Нарын шаарындагы семинар", Ru: "Семинар в Нарыне", En: "Seminar in Naryn"}
	for typed, want := range map[string]bool{
		"нарын": true, "NARYN": true, "naryn seminar": true, "  сем  нар ": true, "шаарында": true,
		"нарын ош": false, "арын": false, "семинары": false, "": false, " ": false, "с": false, "-": false, "%": false, "с н": false,
	} {
		s := module.Seek(typed, 20)
		if got := s.InText(title); got != want {
			t.Errorf("%q finds %v: %v, want %v", typed, title.Ru, got, want)
		}
	}
	if module.Seek("a@b.kg", 20).Empty() || !module.Seek("я", 20).Empty() || module.Seek("05", 20).Empty() {
		t.Error("an address is something to look for, one letter is not, two figures are")
	}
	if s := module.Seek(strings.Repeat("ы", 5000), 20); len([]rune(s.Typed)) != module.LongestSought {
		t.Errorf("%d letters are looked for", len([]rune(s.Typed)))
	}
}

// Everything is counted, and only as much is shown as there is room for.
func TestHitsAreCountedBeyondThoseThatAreShown(t *testing.T) {
	t.Parallel()
	var f module.Found
	s := module.Seek("нарын", 2)
	for range 5 {
		f.Add(s, module.Hit{Title: "Нарын"})
	}
	if f.Count != 5 || len(f.Hits) != 2 {
		t.Errorf("%d counted, %d shown", f.Count, len(f.Hits))
	}
}

package kit_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// A figure begins where its outline does.
var (
	drawnRun = regexp.MustCompile(`<path class="([^"]*)" d="([^"]*)"`)
	inWords  = regexp.MustCompile(`<p><b>([^<]*)</b>([^<]*)`)
)

// drawnAs counts the figures of a picture by their look, and gives its words and its label.
func drawnAs(t *rapid.T, f kit.Figures, l i18n.Language, all *i18n.Catalogue) (count map[string]int, words, label string) {
	var b strings.Builder
	if err := kit.SeatFigures(request(all, l), f).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	count = map[string]int{}
	for _, m := range drawnRun.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "over ") {
			count[m[1]] += strings.Count(m[2], "M")
		}
	}
	m := inWords.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no words: %s", page)
	}
	m[2] = " " + strings.TrimSpace(m[2])
	a := regexp.MustCompile(`aria-label="([^"]*)"`).FindStringSubmatch(page)
	if a == nil || strings.TrimSpace(a[1]) != strings.TrimSpace(m[1]+m[2]) {
		t.Fatalf("the label is %q, the words are %q", a, m[1]+m[2])
	}
	return count, m[1] + m[2], a[1]
}

func someSplit(t *rapid.T, most int, name string) kit.Split {
	n := rapid.IntRange(0, most)
	return kit.Split{Women: n.Draw(t, name+" women"), Men: n.Draw(t, name+" men"), Undisclosed: n.Draw(t, name+" undisclosed"), Untold: n.Draw(t, name+" untold")}
}

// Up to sixty seats a figure is a person, and the figures, the words and the numbers are the
// same; above it every person still stands in a figure, and there are never many more.
func TestEverySeatIsAFigureAndEveryNumberAWord(t *testing.T) {
	t.Parallel()
	all := printers(t)
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{2, 4, 40, 900}).Draw(t, "most")
		f := kit.Figures{
			Capacity: rapid.IntRange(0, 12*most).Draw(t, "capacity"),
			Came:     someSplit(t, most, "came"), Said: someSplit(t, most, "said"), Asked: someSplit(t, most, "asked"), Waiting: someSplit(t, most, "waiting"),
			Missing: rapid.IntRange(0, most).Draw(t, "missing"), Extra: rapid.IntRange(0, 2).Draw(t, "extra"),
			Begun: rapid.Bool().Draw(t, "begun"), Over: rapid.Bool().Draw(t, "over"),
		}
		count, words, _ := drawnAs(t, f, rapid.SampledFrom(i18n.Languages[:]).Draw(t, "language"), all)
		unit := f.Unit()
		if unit == 1 != (max(f.Capacity, f.Held()) <= kit.MostFigures) {
			t.Fatalf("of %d seats a figure is %d people", max(f.Capacity, f.Held()), unit)
		}
		held := 0
		for state, s := range map[string]kit.Split{"came": f.Came, "yes": f.Said, "ask": f.Asked} {
			for sex, n := range map[string]int{"w": s.Women, "m": s.Men, "u": s.Undisclosed, "a": s.Untold} {
				got := count[state+" "+sex]
				if got != (n+unit-1)/unit {
					t.Fatalf("%d people are %d figures %s %s, each %d", n, got, state, sex, unit)
				}
				held += got
			}
		}
		if f.Capacity > 0 && held+count["free"] < f.Capacity/unit {
			t.Fatalf("%d figures and %d free of %d seats, each %d", held, count["free"], f.Capacity, unit)
		}
		if unit == 1 && count["free"] != max(f.Capacity-f.Came.All()-f.Said.All()-f.Asked.All(), 0) {
			t.Fatalf("%d free figures: %+v", count["free"], f)
		}
		if held+count["free"] > kit.MostFigures+12 {
			t.Fatalf("%d figures", held+count["free"])
		}
		waiting := count["queue w"] + count["queue m"] + count["queue u"] + count["queue a"]
		if (waiting > 0) != (f.Waiting.All() > 0) || (count["post"] > 0) != (waiting > 0) {
			t.Fatalf("%d wait, drawn are %d with %d posts", f.Waiting.All(), waiting, count["post"])
		}
		told := []int{f.Said.All()}
		if f.Begun || f.Over { // of those who were expected
			told = []int{f.Came.All(), f.Came.All() + f.Said.All() + f.Missing}
		} else if f.Capacity > 0 {
			told = append(told, f.Capacity)
		}
		if !f.Over {
			told = append(told, f.Waiting.All(), f.Asked.All())
		}
		for _, n := range told {
			if n > 0 && !regexp.MustCompile(`(^|\D)`+strconv.Itoa(n)+`(\D|$)`).MatchString(strings.NewReplacer("\u00a0", "", "\u202f", "", ",", "").Replace(words)) {
				t.Fatalf("%d stands nowhere in %q", n, words)
			}
		}
	})
}

package pages

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// The list of a draw tells nothing of who applied before whom, and each draw deals anew.
func TestTheNumbersOfLotsAreDealt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		ids := k.crowd(rand.New(rand.NewPCG(4, 1)), 30)
		k.rule(selection.Rules{Seats: 5, AtMost: 2, Together: selection.ByOrganisation})
		numbers := func() (out []int) {
			table := k.table()
			for _, id := range ids {
				l, has := table.Lot(id)
				if !has {
					t.Fatal("no lot")
				}
				out = append(out, l.Number)
			}
			return out
		}
		if why := k.draw("чүкө 3", ""); why != "" {
			t.Fatal(why)
		}
		first := numbers()
		next := 0 // of who applied one after another, whose numbers are too
		for i := 1; i < len(first); i++ {
			if first[i] == first[i-1]+1 {
				next++
			}
		}
		if slices.IsSorted(first) || next > 12 {
			t.Errorf("in the order in which they applied: %v", first)
		}
		sorted := slices.Sorted(slices.Values(first))
		for i, n := range sorted {
			if n != i+1 {
				t.Fatalf("numbers %v", sorted)
			}
		}
		if why := k.draw("чүкө 3", "Дагы бир жолу"); why != "" {
			t.Fatal(why)
		}
		if slices.Equal(first, numbers()) {
			t.Error("two draws dealt the same numbers")
		}
	})
}

// Whoever opened the rules before somebody else saved others never saves over them: not
// after "Check", and not after the refusal.
func TestRulesOfAColleagueAreNotSavedOver(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		k.crowd(rand.New(rand.NewPCG(4, 2)), 9)
		k.rule(selection.Rules{Seats: 4})
		b := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		path := "/ky/staff/seminars/" + k.a.Slug + "/selection"
		version := func(page string) string {
			_, rest, _ := strings.Cut(page, `name="version" value="`)
			v, _, _ := strings.Cut(rest, `"`)
			return v
		}
		const word = "Сиздики сакталган жок"
		status, page, _ := b.do("GET", path, nil)
		if status != 200 || version(page) != "1" || strings.Contains(page, word) {
			t.Fatalf("%d, version %q", status, version(page))
		}
		k.rule(selection.Rules{Seats: 3}) // a colleague
		form := url.Values{"seats": {"5"}, "version": {"1"}}
		for i, do := range []string{"check", "save", "check", "save", "save"} {
			form.Set("do", do)
			want := http.StatusOK
			if do == "save" {
				want = http.StatusConflict
			}
			status, page, _ = b.do("POST", path, form)
			if status != want || !strings.Contains(page, word) || version(page) != "1" {
				t.Errorf("%d. %s: %d, version %q, told %v", i, do, status, version(page), strings.Contains(page, word))
			}
			form.Set("version", version(page))
		}
		if got := k.table(); got.Rules.Seats != 3 || got.Version != 2 {
			t.Errorf("the colleague's rules became %+v, version %d", got.Rules, got.Version)
		}
		// Opened anew they can be changed.
		if _, page, _ = b.do("GET", path, nil); version(page) != "2" || strings.Contains(page, word) {
			t.Errorf("opened anew: version %q", version(page))
		}
		k.rule(selection.Rules{Seats: 5})
	})
}

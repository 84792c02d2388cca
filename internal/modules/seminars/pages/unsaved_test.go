package pages

import (
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// serve shows the pages to who selects.
func (k *call) serve() string {
	k.Helper()
	text, err := fs.Sub(texts, "text")
	if err != nil {
		k.Fatal(err)
	}
	return webtest.Serve(k, web.Options{
		Routes: k.Manifest().Routes, Clock: k.c.Now,
		Identify: func(*http.Request) (access.Actor, error) {
			fresh := k.staff
			fresh.Proven = k.c.Now()
			return fresh, nil
		},
	}, text, profile.Texts(), forms.Texts())
}

// TestADrawIsMadeByTheRulesOnThePage presses "propose" with rules that nobody saved: they are
// kept and drawn by; what is wrong with them draws nothing and stays on the page.
func TestADrawIsMadeByTheRulesOnThePage(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		k := newCall(t, s, c, 6)
		k.crowd(rand.New(rand.NewPCG(7, 3)), 12)
		k.rule(selection.Rules{Seats: 6})
		staff := &browser{t: t, base: k.serve()}
		const path = "/en/staff/seminars/osh/selection"
		_, page, _ := staff.do("GET", path, nil)
		form := webtest.Form(t, page, "rules")
		form.Set("seats", "0")
		status, page, _ := staff.do("POST", path+"/draw", form)
		if n := count(t, k.Module, `SELECT COUNT(*) FROM selection_ask`); status != http.StatusUnprocessableEntity || n != 0 || k.table().Rules.Seats != 6 {
			t.Fatalf("no seats: %d, %d draws asked for, %d seats", status, n, k.table().Rules.Seats)
		}
		form = webtest.Form(t, page, "rules")
		form.Set("seats", "4")
		form.Set("witness", "Зар 3 5")
		if status, _, _ = staff.do("POST", path+"/draw", form); status != http.StatusSeeOther || k.table().Rules.Seats != 4 || k.table().Version != 2 {
			t.Fatalf("typed: %d, %d seats, version %d", status, k.table().Rules.Seats, k.table().Version)
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM selection_ask`); n != 1 {
			t.Errorf("%d draws are asked for", n)
		}
	})
}

// TestScoresAreNotOpenedOverARubricThatIsNotSaved opens the scores with a criterion typed.
func TestScoresAreNotOpenedOverARubricThatIsNotSaved(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		k := newCall(t, s, c, 6)
		k.rubric()
		staff := &browser{t: t, base: k.serve()}
		const path = "/en/staff/seminars/osh/review"
		_, page, _ := staff.do("GET", path, nil)
		form := webtest.Form(t, page, "rubric")
		form.Set("name_2_ru", "Новый признак")
		status, page, _ := staff.do("POST", path+"/open", form)
		if status != http.StatusConflict || !strings.Contains(page, "Новый признак") {
			t.Errorf("unsaved: %d", status)
		}
		form.Set("name_2_ru", "")
		if status, _, _ := staff.do("POST", path+"/open", form); status != http.StatusSeeOther {
			t.Errorf("nothing was typed: %d", status)
		}
	})
}

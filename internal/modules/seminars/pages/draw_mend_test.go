package pages

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
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

// A decision by hand that is not told yet stands neither in her own log nor in her archive;
// one that was taken back never does in her log.
func TestADecisionByHandIsHersOnlyOnceItIsTold(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		r := rand.New(rand.NewPCG(4, 3))
		ids := k.crowd(r, 14)
		shown := func(id storage.ID) (log, archive bool) {
			her := stateOf(t, k.Module, id).Person
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				entries, err := audit.List(ctx, tx, audit.Filter{Person: her, Limit: 100})
				if err != nil {
					return err
				}
				for _, e := range entries {
					if e.Action == "seminars.audit.by_hand" || e.Action == "seminars.audit.marked" {
						log = true
						if e.Actor != k.staff.Person {
							t.Errorf("in her log stands %v", e.Actor)
						}
					}
				}
				sections, err := k.Manifest().Export(ctx, tx, her)
				text, _ := json.Marshal(sections)
				archive = strings.Contains(string(text), "Ички эреже")
				return err
			})
			return log, archive
		}
		last := map[storage.ID]selection.Put{}
		check := func(when string, told bool) {
			t.Helper()
			for _, id := range ids {
				put, marked := last[id]
				log, archive := shown(id)
				if log != (told && marked && put != selection.Free) || archive != (told && marked) {
					t.Errorf("%s: %q stands in the log %v, in the archive %v", when, put, log, archive)
				}
			}
		}
		for range 8 {
			id, put := ids[r.IntN(len(ids))], []selection.Put{selection.In, selection.Out, selection.Free}[r.IntN(3)]
			if _, marked := last[id]; !marked && put == selection.Free {
				put = selection.Out
			}
			k.mark(put, id)
			last[id] = put
		}
		check("marked", false)
		k.rule(selection.Rules{Seats: 5})
		k.draw("", "")
		step := k.plan(3)
		check("waits", false)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, step.ID)
			return err
		})
		check("taken back", false)
		k.tell(k.plan(3))
		check("told", true)
		if n := count(t, k.Module, `SELECT COUNT(*) FROM audit_entry WHERE action = 'seminars.audit.marked'`); n != count(t, k.Module, `SELECT COUNT(*) FROM selection_mark`) {
			t.Errorf("%d of the marks stand in the log of staff", n)
		}
	})
}

// A draw whose job never ends well is not computed for ever: after its time the page says so
// and offers the form again, and the job that comes late draws nothing.
func TestADrawThatDoesNotComeIsGivenUp(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		k.crowd(rand.New(rand.NewPCG(4, 4)), 9)
		k.rule(selection.Rules{Seats: 4})
		b := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		ask := k.ask("", "")
		look := func() (computes, refreshes, told, form bool) {
			status, page, _ := b.do("GET", "/ky/staff/seminars/"+k.a.Slug+"/selection", nil)
			if status != 200 {
				t.Fatal(status)
			}
			return strings.Contains(page, "data-progress"), b.answer.Header.Get("Refresh") != "", strings.Contains(page, "беш мүнөттө"), strings.Contains(page, `name="witness"`)
		}
		if computes, refreshes, told, form := look(); !computes || !refreshes || told || form {
			t.Errorf("while it is computed: %v %v %v %v", computes, refreshes, told, form)
		}
		c.Pass(5*time.Minute - time.Second)
		if computes, _, told, _ := look(); !computes || told {
			t.Error("given up too early")
		}
		c.Pass(time.Second)
		if computes, refreshes, told, form := look(); computes || refreshes || !told || !form {
			t.Errorf("after its time: computes %v, refreshes %v, told %v, the form is there %v", computes, refreshes, told, form)
		}
		if err := k.Chooser.DrawAsked(context.Background(), ask.ID, k.a.ID); err != nil {
			t.Fatal(err)
		}
		if k.table().Drawn {
			t.Error("what was given up was drawn")
		}
		if why := k.draw("", ""); why != "" || !k.table().Drawn {
			t.Errorf("asked for again: %q", why)
		}
	})
}

// A draw that ends while its page is made is not missed, between whichever of its readings it
// ends: the page shows it, or says that it is on its way, and looks again.
func TestADrawThatEndsWhileItsPageIsMadeIsNotMissed(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 3)
		k.crowd(rand.New(rand.NewPCG(4, 6)), 7)
		k.rule(selection.Rules{Seats: 3})
		if why := k.draw("", ""); why != "" {
			t.Fatal(why)
		}
		b := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		seen, shown, computing := 0, 0, 0
		for n := 1; ; n++ {
			before := k.table().Draw.Seed
			ask := k.ask("", "Дагы бир жолу")
			happened := c.Meanwhile(n, func() {
				if err := k.Chooser.DrawAsked(context.Background(), ask.ID, k.a.ID); err != nil {
					t.Error(err)
				}
			})
			_, page, _ := b.do("GET", "/ky/staff/seminars/"+k.a.Slug+"/selection", nil)
			if !happened() {
				break
			}
			after := k.table().Draw.Seed
			if after == before {
				t.Fatalf("at reading %d nothing was drawn", n)
			}
			seen++
			if strings.Contains(page, "data-progress") {
				computing++
				continue
			}
			if i, old := strings.Index(page, after), strings.Index(page, before); i < 0 || old >= 0 && old < i {
				t.Errorf("at reading %d the page shows the draw before, and looks no more", n)
			}
			shown++
		}
		if seen < 3 || shown == 0 || computing == 0 {
			t.Errorf("%d readings: %d pages show the draw, %d that it goes on", seen, shown, computing)
		}
	})
}

// A step whose job does nothing any more is taken back all the same, and one that was
// refused says why; both are told on Today, and neither stands in the way of the next.
func TestAStepThatWasNotDoneDoesNotBlock(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		k.crowd(rand.New(rand.NewPCG(4, 5)), 9)
		k.rule(selection.Rules{Seats: 4})
		k.draw("", "")
		b := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		stuck := func() bool {
			var out map[storage.ID]bool
			k.write(func(ctx context.Context, tx *storage.Tx) (err error) { out, err = selection.Stuck(ctx, tx); return err })
			return out[k.a.ID]
		}
		look := func(word string) bool {
			_, page, _ := b.do("GET", "/ky/staff/seminars/"+k.a.Slug+"/applicants", nil)
			return strings.Contains(page, word)
		}
		back := func(s selection.Step) string {
			f := fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, s.ID)
				return err
			}))
			if f == nil {
				return ""
			}
			return f.Key
		}
		step := k.plan(3)
		if stuck() || look("кабарланган жок") {
			t.Error("stuck while it waits")
		}
		c.Set(step.Due.Add(time.Hour)) // the job gave up
		if !stuck() || !look("кабарланган жок") {
			t.Error("staff are not told that it is stuck")
		}
		if why := back(step); why != "" {
			t.Fatalf("not taken back: %s", why)
		}
		if err := k.Chooser.StepDue(context.Background(), step.ID); err != nil || k.states()[seats.Applied] != 9 {
			t.Errorf("taken back and done: %v, %v", err, k.states())
		}
		if why := back(step); why != "seminars.selection.fault.taken_back" || stuck() {
			t.Errorf("twice: %q", why)
		}
		step = k.plan(3)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE selection_step SET state = 'refused', refused = 'seminars.selection.fault.changed' WHERE id = $1`, step.ID)
			return err
		})
		if why := back(step); why != "seminars.selection.fault.refused" || !stuck() || !look("кабар жөнөтүлгөн жок") {
			t.Errorf("refused: %q, told %v", why, stuck())
		}
		step = k.plan(3)
		k.tell(step)
		if why := back(step); why != "seminars.selection.fault.late" || stuck() || look("кабар жөнөтүлгөн жок") {
			t.Errorf("told: %q", why)
		}
	})
}

package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// selector is somebody who selects in a city.
func selector(t testing.TB, m *Module, city string) access.Actor {
	t.Helper()
	var p people.Person
	write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = m.People.Register(ctx, tx, people.Details{FullName: "Жылдыз Абдырова"})
		return err
	})
	return access.Actor{Person: p.ID, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}}, Table: m.Manifest().Permissions}
}

func moveTo(t testing.TB, m *Module, by access.Actor, app seats.Application, to seats.State) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		now, err := seats.ApplicationByID(ctx, tx, app.ID)
		if err != nil {
			return err
		}
		done, err := m.Choose(ctx, tx, seats.Choose{Activity: app.Activity, Actor: by, To: to, Seen: map[storage.ID]int64{app.ID: now.Version}})
		if err == nil && len(done.Moved) != 1 {
			t.Fatalf("not moved: %+v", done)
		}
		return err
	})
}

func (m *Module) asks(ctx context.Context, app seats.Application, words string) error {
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.AskWhy(ctx, tx, app.ID, words) })
}

func TestWhoWasRefusedAsksWhyOnceAndIsAnswered(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		setUp(t, m, a, "")
		h, err := apply(t.Context(), m, a, 1, "s1")
		if err != nil {
			t.Fatal(err)
		}
		app := h.Application
		osh, naryn := selector(t, m, "osh"), selector(t, m, "naryn")
		if err := m.asks(t.Context(), app, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("who is neither refused nor waits asks: %v", err)
		}
		moveTo(t, m, osh, app, seats.Declined)
		if err := m.asks(t.Context(), app, strings.Repeat("а", seats.MostWhy+1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("too long a question: %v", err)
		}
		// Of two at once one is taken, and later ones are not.
		var all sync.WaitGroup
		wrong := make([]error, 4)
		for i := range wrong {
			all.Go(func() {
				wrong[i] = m.asks(t.Context(), app, "Мен эмне үчүн тандалган жокмун?")
			})
		}
		all.Wait()
		taken := 0
		for _, err := range wrong {
			if err == nil {
				taken++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("a second question: %v", err)
			}
		}
		if taken != 1 {
			t.Errorf("%d questions were taken", taken)
		}
		today := func(by access.Actor) (list []seats.TodayItem) {
			t.Helper()
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = m.Today(ctx, tx, by)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			var out []seats.TodayItem
			for _, i := range list {
				if i.Key == "seminars.today.why" {
					out = append(out, i)
				}
			}
			return out
		}
		if list := today(osh); len(list) != 1 || !list[0].When.Equal(c.Now().Add(seats.WhyDue)) || list[0].Count != 1 || !strings.HasSuffix(list[0].Path, app.ID.String()) {
			t.Errorf("Today has %+v", list)
		}
		if list := today(naryn); len(list) != 0 {
			t.Errorf("another city's Today has %+v", list)
		}
		answer := func(by access.Actor, words string) error {
			return store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return m.AnswerWhy(ctx, tx, seats.AnswerWhy{Activity: a.ID, Application: app.ID, Actor: by, Words: words})
			})
		}
		if err := answer(naryn, "жок"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another city answers: %v", err)
		}
		if err := answer(osh, "  "); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty answer: %v", err)
		}
		c.Set(a.Ends.Add(time.Hour)) // an answer that was promised comes after the day, too
		if err := answer(osh, "Орун аз, арыз көп болду."); err != nil {
			t.Fatal(err)
		}
		if err := answer(osh, "дагы бир жолу"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second answer: %v", err)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE value = 'seminars.why_answered'`); n != 1 {
			t.Errorf("%d letters", n)
		}
		if list := today(osh); len(list) != 0 {
			t.Errorf("after the answer Today has %+v", list)
		}
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			w, asked, err := m.WhyOf(ctx, tx, app)
			if !asked || w.Words != "Мен эмне үчүн тандалган жокмун?" || w.Answer != "Орун аз, арыз көп болду." || w.State != seats.Declined {
				t.Errorf("kept is %+v", w)
			}
			if err != nil {
				return err
			}
			archive, err := m.Export(ctx, tx, app.Person)
			raw, _ := json.Marshal(archive)
			if text := string(raw); !strings.Contains(text, w.Words) || !strings.Contains(text, w.Answer) {
				t.Errorf("her archive has neither: %s", text)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Erase(ctx, tx, app.Person) })
		if n := count(t, m, `SELECT COUNT(*) FROM application_why`); n != 0 {
			t.Errorf("%d questions of the erased", n)
		}
	})
}

func TestAQuestionWhyIsDueADayBeforeAndEndsWithThePage(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		setUp(t, m, a, "")
		osh := selector(t, m, "osh")
		var apps []seats.Application
		for n := range 2 {
			h, err := apply(t.Context(), m, a, n, string(rune('a'+n)))
			if err != nil {
				t.Fatal(err)
			}
			moveTo(t, m, osh, h.Application, seats.Waitlisted)
			apps = append(apps, h.Application)
		}
		c.Set(a.Starts.Add(-3 * 24 * time.Hour))
		if err := m.asks(t.Context(), apps[0], ""); err != nil {
			t.Fatal(err)
		}
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			w, _, err := m.WhyOf(ctx, tx, apps[0])
			if !w.Due.Equal(a.Starts.Add(-24 * time.Hour)) {
				t.Errorf("due at %s", w.Due)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// The activity moves, and so does the day of the answer; it is never after the page has closed.
		due := func(change func(*seats.Activity)) (due time.Time) {
			t.Helper()
			moved := a
			change(&moved)
			m.Calendar = diary{moved}
			defer func() { m.Calendar = diary{a} }()
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				w, _, err := m.WhyOf(ctx, tx, apps[0])
				due = w.Due
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return due
		}
		asked := c.Now()
		for name, one := range map[string]struct {
			starts, want time.Time
		}{
			"later":            {asked.Add(20 * 24 * time.Hour), asked.Add(seats.WhyDue)},
			"in two days":      {asked.Add(48 * time.Hour), asked.Add(24 * time.Hour)},
			"in thirty hours":  {asked.Add(30 * time.Hour), asked.Add(24 * time.Hour)},
			"already":          {asked.Add(-time.Hour), asked.Add(seats.WhyDue)},
			"four weeks ago":   {asked.Add(-28 * 24 * time.Hour), asked.Add(2*24*time.Hour + 8*time.Hour)},
			"before the fifth": {asked.Add(5 * 24 * time.Hour), asked.Add(4 * 24 * time.Hour)},
		} {
			if got := due(func(a *seats.Activity) { a.Starts, a.Ends = one.starts, one.starts.Add(8*time.Hour) }); !got.Equal(one.want) {
				t.Errorf("the activity begins %s: due %s after the question, expected %s", name, got.Sub(asked), one.want.Sub(asked))
			}
		}
		c.Set(seats.LinkEnds(a))
		if err := m.asks(t.Context(), apps[1], ""); !fault.Is(err, fault.TooLate) {
			t.Errorf("after the page closed: %v", err)
		}
		a.State = "cancelled"
		m.Calendar = diary{a}
		c.Set(start.Add(time.Hour))
		if err := m.asks(t.Context(), apps[1], ""); !fault.Is(err, fault.Gone) {
			t.Errorf("of a cancelled one: %v", err)
		}
	})
}

func TestAQuestionWhyComesThroughAMerge(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _ := fixture(t, store, nil)
		m.People.Attach([]module.Manifest{{Name: "seminars", Merge: m.Merge, Erase: m.Erase, Export: m.Export, Proved: m.Proved}})
		for _, asked := range [][2]bool{{true, false}, {false, true}, {true, true}} {
			for _, answered := range []int{-1, 0, 1} {
				for into := range 2 {
					whyMerged(t, m, c, asked, answered, into)
				}
			}
		}
	})
}

// whyMerged lets the records of two who asked become one, of whom one was answered.
func whyMerged(t *testing.T, m *Module, c *storagetest.Clock, asked [2]bool, answered, into int) {
	t.Helper()
	c.Set(start)
	_, a := fixture(t, m.Store, nil)
	a.Capacity = 100
	m.Calendar = diary{a}
	osh := selector(t, m, "osh")
	var p pair
	write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = makePair(ctx, tx, m, a, [2]seats.State{seats.Declined, seats.Waitlisted}, true)
		return err
	})
	open := 0
	for i, is := range asked {
		if !is {
			continue
		}
		c.Set(c.Now().Add(time.Minute))
		if err := m.asks(t.Context(), p.app[i], fmt.Sprintf("суроо%d", i)); err != nil {
			t.Fatal(err)
		}
		if open++; answered == i {
			open--
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				return m.AnswerWhy(ctx, tx, seats.AnswerWhy{Activity: a.ID, Application: p.app[i].ID, Actor: osh, Words: fmt.Sprintf("жооп%d", i)})
			})
		}
	}
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		return m.People.Merge(ctx, tx, people.MergeRecords{From: p.app[1-into].Person, Into: p.app[into].Person})
	})
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		hers, err := seats.ApplicationsBy(ctx, tx, p.app[into].Person)
		if err != nil || len(hers) != 1 {
			t.Fatalf("%d applications, %v", len(hers), err)
		}
		w, is, err := m.WhyOf(ctx, tx, hers[0])
		all := w.Words + "\n" + w.Answer
		for i := range asked {
			if asked[i] && !strings.Contains(all, fmt.Sprintf("суроо%d", i)) || asked[i] && answered == i && !strings.Contains(all, fmt.Sprintf("жооп%d", i)) {
				t.Errorf("asked %v, answered %d, into %d: kept is %+v", asked, answered, into, w)
			}
		}
		if !is || w.Answered.IsZero() != (open > 0) {
			t.Errorf("asked %v, answered %d, into %d: open is %v", asked, answered, into, w.Answered.IsZero())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

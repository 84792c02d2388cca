package effort_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/effort"
)

func browser(n int) effort.Case {
	return effort.Case{Purpose: her.Purpose, Browser: fmt.Sprint("browser ", n)}
}

func TestWhoHasNoScriptPassesAfterTheWaitAndNotBefore(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		q := s.ask(her, effort.Given{})
		if q.Wait != effort.First {
			s.Errorf("the page says %v", q.Wait)
		}
		s.clock.Pass(4 * time.Second)
		if s.passes(her, waited(q)) {
			s.Error("she passes early")
		}
		if again := s.ask(her, waited(q)); again.Challenge != q.Challenge || again.Wait != effort.First-4*time.Second {
			s.Errorf("pressing early costs her the wait: %v", again.Wait)
		}
		s.clock.Pass(effort.First - 4*time.Second)
		if !s.passes(her, waited(q)) {
			s.Error("she is refused after the wait")
		}
		if s.passes(her, waited(q)) {
			s.Error("one wait lets through twice")
		}
	})
}

func TestTurnsOfOneLineAreAStepApart(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		const many = 12
		var list [many]effort.Question
		for n := range list {
			list[n] = s.ask(browser(n), effort.Given{})
		}
		s.clock.Pass(effort.First)
		if !s.passes(browser(0), waited(list[0])) {
			s.Fatal("the first is refused")
		}
		for n := 1; n < many; n++ {
			if s.passes(browser(n), waited(list[n])) {
				s.Fatalf("number %d passes beside the first", n)
			}
			if q := s.ask(browser(n), waited(list[n])); q.Wait != time.Duration(n)*effort.Step || q.Full {
				s.Errorf("number %d waits %v", n, q.Wait)
			}
			// Whoever asks again, with the same or another challenge, keeps her one place.
			for _, given := range []effort.Given{waited(list[n]), {}} {
				if q := s.ask(browser(n), given); q.Wait != time.Duration(n)*effort.Step {
					s.Errorf("number %d waits %v when it asks again", n, q.Wait)
				}
			}
		}
		for n := 1; n < many; n++ {
			s.clock.Pass(effort.Step - time.Microsecond)
			if s.passes(browser(n), effort.Given{}) {
				s.Errorf("number %d passes before its turn", n)
			}
			s.clock.Pass(time.Microsecond)
			if !s.passes(browser(n), effort.Given{}) {
				s.Errorf("number %d is refused when its turn has come", n)
			}
			if s.passes(browser(n), waited(list[n])) {
				s.Errorf("number %d passes twice", n)
			}
		}
	})
}

func TestAPlaceIsGoodForItsTimeAndItsBrowserAlone(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		one, two := s.ask(browser(1), effort.Given{}), s.ask(browser(2), effort.Given{})
		s.clock.Pass(effort.First)
		if !s.passes(browser(1), waited(one)) {
			s.Fatal("refused")
		}
		s.ask(browser(2), waited(two))
		s.clock.Pass(effort.Step)
		if s.passes(browser(3), waited(two)) || s.passes(effort.Case{Purpose: "contact", Browser: browser(2).Browser}, waited(two)) {
			s.Error("somebody else uses the place")
		}
		s.clock.Pass(effort.Life)
		if s.passes(browser(2), waited(two)) {
			s.Error("a place of long ago lets through")
		}
		if q := s.ask(browser(2), waited(two)); q.Wait != effort.First {
			s.Errorf("she begins anew and is told %v", q.Wait)
		}
	})
}

func TestAFullLineTakesNobodyAndKeepsTheWait(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		const room = int(effort.MostLine / effort.Step)
		var list [room + 1]effort.Question
		if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			for n := range list {
				if list[n], err = s.Ask(ctx, tx, browser(n), effort.Given{}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			s.Fatal(err)
		}
		s.clock.Pass(effort.First)
		if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for n := range room {
				if q, err := s.Ask(ctx, tx, browser(n), waited(list[n])); err != nil || q.Full {
					return fmt.Errorf("number %d of %d: full %v, %w", n, room, q.Full, err)
				}
			}
			return nil
		}); err != nil {
			s.Fatal(err)
		}
		last := list[room]
		q := s.ask(browser(room), waited(last))
		if !q.Full || q.Challenge != last.Challenge || q.Wait <= 0 {
			s.Fatalf("beyond the room: full %v, wait %v, the same challenge %v", q.Full, q.Wait, q.Challenge == last.Challenge)
		}
		s.clock.Pass(effort.Step)
		if q = s.ask(browser(room), waited(q)); q.Full {
			s.Error("there is room again, and she is not let in")
		}
		if !s.passes(browser(room), solved(s.ask(browser(room), effort.Given{}))) {
			s.Error("who has script is kept out by the line")
		}
	})
}

// However many browsers come, and whatever they do, in t seconds no more than
// t/Step + 1 pass by waiting, and none before First.
func TestByWaitingNoMorePassThanOneAStep(t *testing.T) {
	t.Parallel()
	c := storagetest.NewClock(start)
	store := storagetest.Open(t, c.Option())
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		c.Set(start)
		s := stage{t, guard(easy), c, store}
		crowd := rapid.IntRange(1, 12).Draw(r, "browsers")
		held := make([]effort.Given, crowd)
		var came []time.Duration
		for range rapid.IntRange(10, 80).Draw(r, "steps") {
			n := rapid.IntRange(0, crowd-1).Draw(r, "who")
			who := effort.Case{Purpose: fmt.Sprint("run ", run), Browser: fmt.Sprint(n)}
			if rapid.Bool().Draw(r, "forgets what she has") {
				held[n] = effort.Given{}
			}
			if s.passes(who, held[n]) {
				came = append(came, c.Now().Sub(start))
				held[n] = effort.Given{}
			} else {
				held[n] = waited(s.ask(who, held[n]))
			}
			c.Pass(time.Duration(rapid.SampledFrom([]int{0, 1, 100, 900, 1000, 2500, 10_000}).Draw(r, "ms")) * time.Millisecond)
		}
		slices.Sort(came)
		for i, at := range came {
			if most := int((at-effort.First)/effort.Step) + 1; i+1 > most || at < effort.First {
				r.Fatalf("%d have passed after %v, at most %d may", i+1, at, most)
			}
		}
	})
}

package pages

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/effort/efforttest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// rushed makes an activity where the first to come get the seats, with an
// effort that costs a test nothing.
func rushed(t testing.TB, store *storage.Store, places int) (*Module, seats.Activity) {
	t.Helper()
	m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = places })
	m.Effort = effort.New(effort.Options{Key: bytes.Repeat([]byte{7}, 32), Bits: 3})
	setUp(t, m, a, `first_come = TRUE`)
	return m, a
}

// applyWith is apply with an effort.
func applyWith(ctx context.Context, m *Module, a seats.Activity, n int, secret string, given effort.Given) (h seats.Handed, err error) {
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(n), Secret: secret, Lang: i18n.Kyrgyz, Effort: given})
		return err
	})
	return h, err
}

// askedOf is what the page would ask of a browser now.
func askedOf(t testing.TB, m *Module, a seats.Activity, secret string, given effort.Given) (q effort.Question) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		n, err := seats.RushOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		q, err = m.Effort.Ask(ctx, tx, seats.EffortCase(a.ID, secret, n), given)
		return err
	})
	return q
}

func solve(q effort.Question) effort.Given {
	return effort.Given{Challenge: q.Challenge, Solution: efforttest.Solve(q.Challenge, q.Bits)}
}

// begun lets the first so many apply.
func begun(t testing.TB, m *Module, a seats.Activity, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if _, err := apply(t.Context(), m, a, i, ""); err != nil {
			t.Fatalf("applicant %d: %v", i+1, err)
		}
	}
}

func TestTwentyInAMinuteAreAskedForNothingAndTheNextIs(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := rushed(t, store, 100)
		begun(t, m, a, 0, 10)
		c.Set(start.Add(30 * time.Second))
		begun(t, m, a, 10, seats.RushCount)
		if _, err := apply(t.Context(), m, a, 20, "hers"); !effort.Needed(err) {
			t.Fatalf("the next gives %v", err)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application`) + count(t, m, `SELECT COUNT(*) FROM person`); n != 2*seats.RushCount {
			t.Errorf("%d rows of applications and persons: something is left of who was refused", n)
		}
		q := askedOf(t, m, a, "hers", effort.Given{})
		if h, err := applyWith(t.Context(), m, a, 20, "hers", solve(q)); err != nil || h.Application.State != seats.Confirmed {
			t.Errorf("with an effort she is %s: %v", h.Application.State, err)
		}
		// A second tap of the same form finds the first.
		if h, err := applyWith(t.Context(), m, a, 20, "hers", solve(q)); err != nil || !h.Again {
			t.Errorf("the second tap: again %v, %v", h.Again, err)
		}
		// Ten of the twenty were a minute ago.
		c.Set(start.Add(seats.RushSpan))
		begun(t, m, a, 21, 30)
		if _, err := apply(t.Context(), m, a, 30, ""); !effort.Needed(err) {
			t.Errorf("the twenty-first of this minute gives %v", err)
		}
		c.Set(start.Add(2 * seats.RushSpan))
		begun(t, m, a, 30, 31)
	})
}

func TestNobodyIsAskedWhereAnEffortWouldProtectNothing(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string]string{
		"the organiser chooses": `first_come = FALSE`,
		"all seats are taken":   `first_come = TRUE, capacity = 20`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
				m, a := rushed(t, store, 100)
				setUp(t, m, a, rules)
				begun(t, m, a, 0, 3*seats.RushCount)
			})
		})
	}
	t.Run("after the deadline", func(t *testing.T) {
		t.Parallel()
		at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			m, a := rushed(t, store, 100)
			c.Set(a.Deadline.Add(time.Hour))
			begun(t, m, a, 0, 2*seats.RushCount)
		})
	})
	t.Run("one activity's rush is not another's", func(t *testing.T) {
		t.Parallel()
		at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
			m, a := rushed(t, store, 100)
			begun(t, m, a, 0, seats.RushCount)
			other := a
			other.ID = storage.RandomID(start)
			m.Calendar = diary{other}
			setUp(t, m, other, `first_come = TRUE`)
			begun(t, m, other, 0, seats.RushCount)
		})
	})
}

func TestAnEffortForAnotherActivityOrBrowserOrAgainIsRefused(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := rushed(t, store, 100)
		begun(t, m, a, 0, seats.RushCount)
		other := a
		other.ID = storage.RandomID(start)
		good := solve(askedOf(t, m, a, "hers", effort.Given{}))
		for name, try := range map[string]struct {
			secret string
			given  effort.Given
		}{
			"another activity's": {"hers", solve(askedOf(t, m, other, "hers", effort.Given{}))},
			"another browser's":  {"a stranger's", good},
			"a wrong one":        {"hers", effort.Given{Challenge: good.Challenge, Solution: "1,2,3"}},
			"none but a claim":   {"hers", effort.Given{Challenge: "x", Solution: "y"}},
		} {
			if _, err := applyWith(t.Context(), m, a, 50, try.secret, try.given); !effort.Needed(err) {
				t.Errorf("%s gives %v", name, err)
			}
		}
		if _, err := applyWith(t.Context(), m, a, 50, "hers", good); err != nil {
			t.Fatalf("the right one gives %v", err)
		}
		// The same browser for somebody else, once it has forgotten the first form.
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM application_draft`)
			return err
		})
		if _, err := applyWith(t.Context(), m, a, 51, "hers", good); !effort.Needed(err) {
			t.Errorf("one effort for two people gives %v", err)
		}
		late := solve(askedOf(t, m, a, "late", effort.Given{}))
		c.Set(start.Add(effort.Life))
		begun(t, m, a, 60, 60+seats.RushCount)
		if _, err := applyWith(t.Context(), m, a, 90, "late", late); !effort.Needed(err) {
			t.Errorf("an effort of five minutes ago gives %v", err)
		}
	})
}

func TestTheEffortGrowsWithTheRushToABound(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 20: 0, 39: 0, 40: 1, 79: 1, seats.MostRush: effort.MostLevel} {
		if got := seats.EffortCase(storage.ID{}, "", n).Level; got != want {
			t.Errorf("%d in a minute: level %d, want %d", n, got, want)
		}
	}
	m, a := rushed(t, storagetest.Open(t, still()), 500)
	m.Effort = nil // so that many may come at once
	begun(t, m, a, 0, seats.MostRush+5)
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		n, err := seats.RushOf(ctx, tx, a.ID)
		if n != seats.MostRush {
			t.Errorf("a rush of %d is counted as %d", seats.MostRush+5, n)
		}
		return err
	})
}

// The positive control: while nobody holds the seminar, those who come at the
// same moment all count the same few and all pass. SQLite has one writer, so
// that only PostgreSQL can lose this race.
func TestWithoutTheHoldMoreThanTwentyPassTheirMomentOnPostgreSQL(t *testing.T) {
	t.Parallel()
	const callers, before = 8, 15
	m, a := rushed(t, storagetest.OpenPostgreSQL(t, still()), 100)
	begun(t, m, a, 0, before)
	var counted sync.WaitGroup
	counted.Add(callers)
	m.Hold = func(context.Context, *storage.Tx, storage.ID) error { return nil }
	m.Seat = func(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
		counted.Done()
		counted.Wait() // all have counted before any is done
		return seats.TakeSeat(ctx, tx, activity)
	}
	var passed atomic.Int64
	crowd(t, callers, callers, func(i int) error {
		_, err := apply(t.Context(), m, a, before+i, "")
		if effort.Needed(err) {
			return nil
		}
		passed.Add(1)
		return err
	})
	if n := passed.Load(); before+n <= seats.RushCount {
		t.Errorf("%d passed: the race did not happen, so the test with the hold proves nothing", before+n)
	}
}

func TestTwentyOfManyAtTheSameMomentPassWithoutAnEffort(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		for _, callers := range []int{2, 16, 64} {
			m, a := rushed(t, store, 200)
			a.ID = storage.RandomID(start)
			m.Calendar = diary{a}
			setUp(t, m, a, `first_come = TRUE`)
			var passed atomic.Int64
			crowd(t, callers, 80, func(i int) error {
				_, err := apply(t.Context(), m, a, i, "")
				if effort.Needed(err) {
					return nil
				}
				passed.Add(1)
				return err
			})
			if n := passed.Load(); n != seats.RushCount {
				t.Errorf("of 80 at once from %d callers %d passed", callers, n)
			}
		}
	}, still())
}

func TestOneSolutionMakesOneApplicationHoweverManySendIt(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		m, a := rushed(t, store, 200)
		begun(t, m, a, 0, seats.RushCount)
		given := solve(askedOf(t, m, a, "hers", effort.Given{}))
		crowd(t, 16, 16, func(i int) error {
			_, err := applyWith(t.Context(), m, a, 100+i, "hers", given)
			if effort.Needed(err) {
				return nil
			}
			return err
		})
		if n := count(t, m, `SELECT COUNT(*) FROM application`); n != seats.RushCount+1 {
			t.Errorf("%d applications, want %d", n, seats.RushCount+1)
		}
	}, still())
}

func TestWhatEffortsLeaveBehindIsDeletedByAJob(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := rushed(t, store, 100)
		begun(t, m, a, 0, seats.RushCount)
		if _, err := applyWith(t.Context(), m, a, 50, "hers", solve(askedOf(t, m, a, "hers", effort.Given{}))); err != nil {
			t.Fatal(err)
		}
		write(t, m, seats.ForgetEfforts)
		write(t, m, seats.ForgetEfforts)
		if n := count(t, m, `SELECT COUNT(*) FROM job WHERE kind = 'seminars.effort'`); n != 1 {
			t.Errorf("%d jobs", n)
		}
		c.Set(start.Add(3 * time.Hour))
		var kind jobs.Kind
		for _, k := range m.Jobs() {
			if k.Name == "seminars.effort" {
				kind = k
			}
		}
		if err := kind.Do(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM effort_used`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

package pages

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// crowd runs work for each number below n from callers goroutines.
func crowd(t *testing.T, callers, n int, work func(i int) error) {
	t.Helper()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range callers {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					t.Errorf("applicant %d: %v", i, err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func holders(t *testing.T, m *Module) int {
	return count(t, m, `SELECT COUNT(*) FROM application WHERE state IN `+seats.Holding)
}

// The positive control: with the guard off, a seat is given to whoever saw one
// free a moment ago. More people than seats get in, so the guard is needed.
func TestWithoutTheGuardMoreArePromisedASeatThanThereAre(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		const places, callers = 5, 16
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = places })
		setUp(t, m, a, `first_come = TRUE`)
		var looked sync.WaitGroup
		looked.Add(callers)
		crowd(t, callers, callers, func(i int) error {
			var s seats.Seminar
			err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				s, _, err = seats.SeminarOf(ctx, tx, a.ID)
				return err
			})
			looked.Done()
			if err != nil {
				return err
			}
			looked.Wait() // everybody has looked before anybody acts
			trusting := *m
			trusting.Seat = func(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
				if s.Taken >= s.Capacity {
					return seats.TakeSeat(ctx, tx, activity)
				}
				_, err := tx.Exec(ctx, `UPDATE seminar SET taken = $1 WHERE activity_id = $2`, s.Taken+1, activity)
				return err
			}
			_, err = apply(t.Context(), &trusting, a, i, "")
			return err
		})
		if got := holders(t, m); got <= places {
			t.Errorf("%d hold a seat of %d: the race did not happen, so the tests with the guard prove nothing", got, places)
		}
	}, still())
}

func TestTenThousandApplicantsForTwoHundredSeats(t *testing.T) {
	applicants := 10_000
	if testing.Short() { // make check, every few minutes
		applicants = 1_000
	}
	// One engine after the other, so that neither takes the processor from the other.
	for _, engine := range []struct {
		name string
		open func(testing.TB, ...storagetest.Option) *storage.Store
	}{{"sqlite", storagetest.Open}, {"postgresql", storagetest.OpenPostgreSQL}} {
		t.Run(engine.name, func(t *testing.T) {
			const places = 200
			m, a := fixture(t, engine.open(t, still()), func(a *seats.Activity) { a.Capacity = places })
			setUp(t, m, a, `first_come = TRUE`)
			crowd(t, 64, applicants, func(i int) error {
				_, err := apply(t.Context(), m, a, i, "")
				return err
			})
			if n := count(t, m, `SELECT COUNT(*) FROM fact`); n != 0 {
				t.Errorf("%d facts of applications that nobody has proven", n)
			}
			prove(t, m)
			for what, want := range map[string]struct {
				got, want int
			}{
				"confirmed":    {count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'confirmed'`), places},
				"waiting":      {count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'waitlisted'`), applicants - places},
				"people":       {count(t, m, `SELECT COUNT(DISTINCT person_id) FROM application`), applicants},
				"taken":        {count(t, m, `SELECT taken FROM seminar`), places},
				"applied":      {count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.applied'`), applicants},
				"facts":        {count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.confirmed'`), places},
				"moves":        {count(t, m, `SELECT COUNT(*) FROM application_move WHERE from_state <> to_state`), applicants},
				"places given": {count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'waitlisted' AND place > 0`), applicants - places},
			} {
				if want.got != want.want {
					t.Errorf("%s: %d, want %d", what, want.got, want.want)
				}
			}
		})
	}
}

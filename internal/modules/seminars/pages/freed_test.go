package pages

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// TestAFreedSeatIsOfferedInTheSameMoment lets one after the other step back by one tap: the next
// of the list is asked in the same transaction, no run of a job between, and is written to once.
func TestAFreedSeatIsOfferedInTheSameMoment(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		var line []storage.ID
		for i := range 4 {
			h, err := apply(t.Context(), m, a, i+1, "")
			if err != nil {
				t.Fatal(err)
			}
			line = append(line, h.Application.ID)
			prove(t, m)
			c.Pass(time.Minute)
		}
		for i, next := range line[1:] {
			if s := stateOf(t, m, next).State; s != seats.Waitlisted {
				t.Fatalf("number %d is %s before a seat is free", i+1, s)
			}
			if err := answer(t.Context(), m, line[i], seats.StepBack); err != nil {
				t.Fatal(err)
			}
			app := stateOf(t, m, next)
			if app.State != seats.Invited || !app.Expires.After(start) {
				t.Errorf("number %d is %s until %s right after it", i+1, app.State, app.Expires)
			}
			if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE value = 'seminars.offered'`); n != i+1 {
				t.Errorf("%d letters offer %d seats", n, i+1)
			}
		}
	})
}

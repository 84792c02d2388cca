package pages

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// changing is a calendar in which the activity became another one after pages had read it:
// only who holds it until the end of the transaction can rely on what it is now.
type changing struct {
	diary
	now *seats.Activity // nil: it is gone
}

func (c changing) Held(_ context.Context, _ *storage.Tx, id storage.ID) (seats.Activity, error) {
	if c.now == nil || id != c.now.ID {
		return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return *c.now, nil
}

// A batch is made at the door and judged by the activity as it is when it arrives, read in
// the transaction that keeps the scans and held until they are kept.
func TestScansAreJudgedByTheActivityAsItIsNow(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, _, code := doorFixture(t, store, c)
		scan := func(nonce string) door.Scan {
			return door.Scan{Nonce: nonce, Code: code, Event: a.Slug, At: a.Starts, Kind: "in"}
		}
		cancelled, later, renamed := a, a, a
		cancelled.State = "cancelled"
		later.Starts, later.Ends = a.Starts.AddDate(0, 0, 7), a.Ends.AddDate(0, 0, 7)
		renamed.Slug = "osh-2"
		for reason, now := range map[string]*seats.Activity{"cancelled": &cancelled, "too_early": &later, "wrong_event": &renamed} {
			m.Calendar = changing{diary{a}, now}
			out, err := checkIn(t.Context(), m, a, "phone", scan("nonce-"+reason))
			if err != nil || out[0].Result != "refused" || out[0].Reason != reason {
				t.Errorf("%s meanwhile: %+v, %v", reason, out, err)
			}
		}
		m.Calendar = changing{diary{a}, nil}
		if out, err := checkIn(t.Context(), m, a, "phone", scan("nonce-gone")); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted meanwhile: %+v, %v", out, err)
		}
		if got, want := doorState(t, m), "attended 0, facts 0, first 0, inside 0, scans 3"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		m.Calendar = changing{diary{a}, &a}
		if out, err := checkIn(t.Context(), m, a, "phone", scan("nonce-same")); err != nil || out[0].Result != "accepted" {
			t.Errorf("nothing happened meanwhile: %+v, %v", out, err)
		}
	})
}

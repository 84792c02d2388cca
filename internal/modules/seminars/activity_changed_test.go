package seminars

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

func TestACancellationIsSaidOnceAndEachMoveOfTheDayOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *clock) {
		m, a := fixture(t, store, nil)
		for n := range 2 {
			if _, err := apply(t.Context(), m, a, n, ""); err != nil {
				t.Fatal(err)
			}
		}
		change := func(before, after Activity) error {
			return m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return m.ActivityChanged(ctx, tx, before, after)
			})
		}
		sent := func(kind string) int {
			return count(t, m, `SELECT COUNT(*) FROM setting WHERE name LIKE 'sent/%' AND value = $1`, kind)
		}
		later := a
		later.Version, later.Starts, later.Ends = a.Version+1, a.Starts.Add(time.Hour), a.Ends.Add(time.Hour)
		if err := change(a, later); err != nil {
			t.Fatal(err)
		}
		if n := sent("seminars.changed"); n != 0 {
			t.Errorf("%d who have no seat were told of the new time", n)
		}
		draft := a
		draft.State = "draft"
		if err := change(a, draft); !fault.Is(err, fault.Conflict) {
			t.Errorf("taken back into a draft in spite of applicants: %v", err)
		}
		off := later
		off.State, off.Version = "cancelled", later.Version+1
		for range 2 {
			if err := change(later, off); err != nil {
				t.Fatal(err)
			}
		}
		if n := sent("seminars.cancelled"); n != 2 {
			t.Errorf("%d messages of the cancellation for 2 applicants", n)
		}
	})
}

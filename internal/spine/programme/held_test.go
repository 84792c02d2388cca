package programme_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// Between the moment that somebody's application is judged by an activity and the moment
// that it is stored, nobody cancels that activity.
func TestWhoBuildsOnAnActivityFindsItUnchangedToTheEnd(t *testing.T) {
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, _ *programme.Service, _ *[]string) {
		all := func(ctx context.Context, tx *storage.Tx) ([]programme.Activity, error) {
			return programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar})
		}
		var a programme.Activity
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			list, err := all(ctx, tx)
			if err == nil {
				a = list[0]
			}
			return err
		})
		cancelled := make(chan error, 1)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := programme.Held(ctx, tx, a.ID); err != nil {
				return err
			}
			go func() {
				cancelled <- s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE activity SET state = 'cancelled' WHERE id = $1`, a.ID)
					return err
				})
			}()
			// On PostgreSQL until the change waits for this transaction, or is through.
			for waits := tx.Dialect() != storage.PostgreSQL; !waits && len(cancelled) == 0; {
				if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
					AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits); err != nil {
					return err
				}
			}
			now, err := programme.ByID(ctx, tx, a.ID)
			if err == nil && now.State != a.State {
				t.Errorf("it became %s meanwhile", now.State)
			}
			return err
		})
		if err := <-cancelled; err != nil {
			t.Fatal(err)
		}
	})
}

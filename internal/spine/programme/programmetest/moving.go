package programmetest

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// Moving opens both engines with the demo programme, a clock that begins at Noon, a published
// seminar that is days ahead, and the moves of which people were told.
func Moving(t *testing.T, f func(t *testing.T, s *storage.Store, c *storagetest.Clock, svc *programme.Service, a programme.Activity, told *[]programme.Move)) {
	t.Helper()
	storagetest.EachAt(t, Noon, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		var told []programme.Move
		svc := programme.New(programme.Options{Moved: func(_ context.Context, tx *storage.Tx, _ programme.Activity, m programme.Move) error {
			tx.AfterCommit(func() { told = append(told, m) })
			return nil
		}})
		demo := Load(t)
		var a programme.Activity
		Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, demo, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{State: programme.Published, Kind: programme.Seminar, From: tx.Now.AddDate(0, 0, 3)})
			if err == nil {
				a = list[len(list)-1]
			}
			return err
		})
		f(t, s, c, svc, a, &told)
	})
}

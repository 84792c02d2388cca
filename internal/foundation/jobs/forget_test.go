package jobs_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

func TestJobsThatNameAForgottenIdGoAndOthersKeepNothingOfItsMoment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *clock) {
		hers, other := storage.RandomID(c.now()), storage.RandomID(c.now())
		at := c.now()
		enqueue(t, s,
			jobs.Job{Kind: "a", Payload: map[string]any{"message": hers}},
			jobs.Job{Kind: "b", Payload: map[string]any{"x": 1}, Key: "x/" + hers.String() + "/2"},
			jobs.Job{Kind: "c", Payload: map[string]any{"message": other}, Key: "later", After: at.Add(time.Hour)},
			jobs.Job{Kind: "done", Payload: map[string]any{"message": other}},
		)
		c.forward(time.Minute)
		enqueue(t, s, jobs.Job{Kind: "d", Payload: map[string]any{"message": other}})
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE job SET state = 'done' WHERE kind = 'done'`); err != nil {
				return err
			}
			return jobs.Forget(ctx, tx, []storage.ID{hers}, []time.Time{at})
		}); err != nil {
			t.Fatal(err)
		}
		var list []jobs.Record
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = jobs.List(ctx, tx, jobs.Filter{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		kinds := map[string]jobs.Record{}
		for _, r := range list {
			kinds[r.Kind] = r
		}
		if len(list) != 2 || kinds["d"].MadeAt != c.now() || kinds["c"].Key != "later" {
			t.Errorf("left: %+v", list)
		}
		if kinds["c"].MadeAt.Equal(at) || !kinds["c"].RunAt.Equal(at.Add(time.Hour)) {
			t.Errorf("asked for at %s, due at %s", kinds["c"].MadeAt, kinds["c"].RunAt)
		}
	})
}

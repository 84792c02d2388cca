package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestJobsThatNameAForgottenIdGoAndOthersKeepNothingOfItsMoment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		hers, other := storage.RandomID(c.Now()), storage.RandomID(c.Now())
		at := c.Now()
		enqueue(t, s,
			jobs.Job{Kind: "a", Payload: map[string]any{"message": hers}},
			jobs.Job{Kind: "b", Payload: map[string]any{"x": 1}, Key: "x/" + hers.String() + "/2"},
			jobs.Job{Kind: "c", Payload: map[string]any{"message": other}, Key: "later", After: at.Add(time.Hour)},
			jobs.Job{Kind: "done", Payload: map[string]any{"message": other}},
		)
		c.Pass(time.Minute)
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
		if len(list) != 2 || kinds["d"].MadeAt != c.Now() || kinds["c"].Key != "later" {
			t.Errorf("left: %+v", list)
		}
		if kinds["c"].MadeAt.Equal(at) || !kinds["c"].RunAt.Equal(at.Add(time.Hour)) {
			t.Errorf("asked for at %s, due at %s", kinds["c"].MadeAt, kinds["c"].RunAt)
		}
	})
}

// A job that runs while the moment in which it was asked for is forgotten ends without it.
func TestAJobThatRunsKeepsNothingOfAForgottenMomentOnceItEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		at, began, on := c.Now(), make(chan string), make(chan error)
		do := func(name string) func(context.Context, *storage.Store, json.RawMessage) error {
			return func(context.Context, *storage.Store, json.RawMessage) error {
				began <- name
				return <-on
			}
		}
		enqueue(t, s, jobs.Job{Kind: "good", Payload: map[string]any{"x": 1}}, jobs.Job{Kind: "bad", Payload: map[string]any{"x": 1}})
		all := func() (list []jobs.Record) {
			if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = jobs.List(ctx, tx, jobs.Filter{})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return list
		}
		ids := map[storage.ID]bool{}
		for _, r := range all() {
			ids[r.ID] = true
		}
		c.Pass(time.Minute)
		ended := start(t, s,
			jobs.Kind{Name: "good", Lane: jobs.Light, Limit: time.Minute, Attempts: 3, Do: do("good")},
			jobs.Kind{Name: "bad", Lane: jobs.Light, Limit: time.Minute, Attempts: 3, Do: do("bad")},
		)
		<-began
		<-began
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return jobs.Forget(ctx, tx, []storage.ID{storage.RandomID(at)}, []time.Time{at})
		}); err != nil {
			t.Fatal(err)
		}
		on <- nil
		on <- errors.New("not now")
		<-ended
		<-ended
		list := all()
		if len(list) != 1 || list[0].State != jobs.Waiting {
			t.Fatalf("left: %+v", list)
		}
		if r := list[0]; ids[r.ID] || r.MadeAt.Equal(at) || r.MadeAt.IsZero() {
			t.Errorf("it keeps its moment: %+v", r)
		}
	})
}

// A job that a runner takes in the moment in which it is forgotten keeps the id by which its
// runner knows it.
func TestAJobThatIsTakenInTheSameMomentKeepsItsID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		at := c.Now()
		enqueue(t, s, jobs.Job{Kind: "taken", Payload: map[string]any{"x": 1}}, jobs.Job{Kind: "ended", Payload: map[string]any{"x": 1}})
		set := func(ctx context.Context, tx *storage.Tx, kind string, state jobs.State) error {
			_, err := tx.Exec(ctx, `UPDATE job SET state = $2 WHERE kind = $1`, kind, string(state))
			return err
		}
		list := func() map[string]jobs.Record {
			out := map[string]jobs.Record{}
			if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				all, err := jobs.List(ctx, tx, jobs.Filter{})
				for _, r := range all {
					out[r.Kind] = r
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := list()
		c.Pass(time.Minute)
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return set(ctx, tx, "ended", jobs.Running) }); err != nil {
			t.Fatal(err)
		}
		forgotten := make(chan error, 1)
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := set(ctx, tx, "taken", jobs.Running); err != nil {
				return err
			}
			if err := set(ctx, tx, "ended", jobs.Done); err != nil {
				return err
			}
			go func() {
				forgotten <- s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return jobs.Forget(ctx, tx, nil, []time.Time{at}) })
			}()
			// On PostgreSQL until it waits for this transaction; on SQLite one writes at a time.
			for waits := tx.Dialect() != storage.PostgreSQL; !waits && len(forgotten) == 0; {
				if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
					AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := <-forgotten; err != nil {
			t.Fatal(err)
		}
		after := list()
		if r, there := after["taken"]; !there || r.ID != before["taken"].ID || r.MadeAt.Equal(at) {
			t.Errorf("what was taken: %+v", r)
		}
		if r, there := after["ended"]; there {
			t.Errorf("what was done keeps its moment: %+v", r)
		}
	})
}

package jobs_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func each(t *testing.T, f func(t *testing.T, s *storage.Store, c *storagetest.Clock)) {
	t.Helper()
	storagetest.EachAt(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), f)
}

// start runs a runner until the test ends and gives the ends of its jobs.
func start(t *testing.T, s *storage.Store, kinds ...jobs.Kind) <-chan jobs.Ended {
	t.Helper()
	return startWith(t, jobs.Options{Store: s, Kinds: kinds})
}

// startWith is start with options of its own.
func startWith(t *testing.T, o jobs.Options) <-chan jobs.Ended {
	t.Helper()
	ended := make(chan jobs.Ended, 1000)
	o.Ended = func(e jobs.Ended) { ended <- e }
	r := runner(t, o)
	r.Start(t.Context())
	t.Cleanup(r.Stop)
	return ended
}

// runner makes a runner of kinds that need not say everything.
func runner(t *testing.T, o jobs.Options) *jobs.Runner {
	t.Helper()
	if o.Log == nil {
		o.Log = quiet
	}
	for i := range o.Kinds {
		k := &o.Kinds[i]
		k.Lane, k.Limit, k.Attempts = cmp.Or(k.Lane, jobs.Light), cmp.Or(k.Limit, time.Hour), cmp.Or(k.Attempts, 10)
	}
	r, err := jobs.NewRunner(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func enqueue(t *testing.T, s *storage.Store, list ...jobs.Job) {
	t.Helper()
	err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, j := range list {
			if err := jobs.Enqueue(ctx, tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wake tells the runners that the clock has moved.
func wake(t *testing.T, s *storage.Store) {
	t.Helper()
	err := s.Write(t.Context(), func(_ context.Context, tx *storage.Tx) error {
		tx.Raise("jobs")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, s *storage.Store, f jobs.Filter) (found []jobs.Record) {
	t.Helper()
	err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		found, err = jobs.List(ctx, tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAJobRunsAsSoonAsItsChangeIsCommitted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		got := make(chan string, 1)
		ended := start(t, s, jobs.Kind{Name: "greet", Do: func(_ context.Context, _ *storage.Store, payload json.RawMessage) error {
			got <- string(payload)
			return nil
		}})
		enqueue(t, s, jobs.Job{Kind: "greet", Payload: map[string]int{"n": 7}})
		if payload := <-got; payload != `{"n":7}` {
			t.Errorf("payload %s", payload)
		}
		if e := <-ended; e.State != jobs.Done {
			t.Errorf("ended %+v", e)
		}
	})
}

func TestAJobOfAFailedChangeDoesNotExist(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		_ = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_ = jobs.Enqueue(ctx, tx, jobs.Job{Kind: "greet"})
			return errors.New("no")
		})
		if found := list(t, s, jobs.Filter{}); len(found) != 0 {
			t.Errorf("found %v", found)
		}
	})
}

func TestASecondJobWithTheSameKeyIsNotAdded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		enqueue(t, s, jobs.Job{Kind: "a", Key: "k"}, jobs.Job{Kind: "a", Key: "k"}, jobs.Job{Kind: "b", Key: "k"}, jobs.Job{Kind: "a"}, jobs.Job{Kind: "a"})
		if found := list(t, s, jobs.Filter{}); len(found) != 4 {
			t.Errorf("found %d jobs", len(found))
		}
	})
}

func TestAJobWaitsForItsTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		ended := start(t, s, jobs.Kind{Name: "now", Do: nothing}, jobs.Kind{Name: "later", Do: nothing})
		enqueue(t, s, jobs.Job{Kind: "later", After: c.Now().Add(time.Hour)}, jobs.Job{Kind: "now"})
		if e := <-ended; e.Kind != "now" {
			t.Errorf("%s ran first", e.Kind)
		}
		c.Pass(time.Hour)
		wake(t, s)
		if e := <-ended; e.Kind != "later" {
			t.Errorf("%s ran", e.Kind)
		}
	})
}

func nothing(context.Context, *storage.Store, json.RawMessage) error { return nil }

func TestAJobThatFailsIsTriedAgainLaterAndLaterThenGivesUpVisibly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		ended := start(t, s, jobs.Kind{Name: "send", Attempts: 3, Do: func(context.Context, *storage.Store, json.RawMessage) error {
			return errors.New("550 no mailbox aigul@example.kg, call +996 555 123 456")
		}})
		enqueue(t, s, jobs.Job{Kind: "send"})
		for try := 1; try <= 3; try++ {
			e := <-ended
			want := jobs.Waiting
			if try == 3 {
				want = jobs.Failed
			}
			found := list(t, s, jobs.Filter{})[0]
			if e.State != want || found.State != want || found.Attempts != try {
				t.Fatalf("after try %d: %+v, %+v", try, e, found)
			}
			if strings.Contains(found.LastError, "aigul") || strings.Contains(found.LastError, "555") || !strings.Contains(found.LastError, "550 no mailbox") {
				t.Errorf("kept the error %q", found.LastError)
			}
			if wait, base := found.RunAt.Sub(c.Now()), 5*time.Second<<(try-1); want == jobs.Waiting && (wait < base*3/4 || wait > base*5/4) {
				t.Errorf("try %d waits %s", try, wait)
			}
			c.Pass(time.Minute)
			wake(t, s)
		}
		id := list(t, s, jobs.Filter{State: jobs.Failed})[0].ID
		retry := func(id storage.ID) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return jobs.Retry(ctx, tx, id) })
		}
		if err := retry(id); err != nil {
			t.Fatal(err)
		}
		if e := <-ended; e.ID != id || e.State != jobs.Waiting {
			t.Errorf("retried: %+v", e)
		}
		if err := retry(id); !fault.Is(err, fault.Conflict) {
			t.Errorf("retry of a job that has not failed: %v", err)
		}
		if err := retry(storage.RandomID(c.Now())); !fault.Is(err, fault.NotFound) {
			t.Errorf("retry of a job that is not there: %v", err)
		}
	})
}

func TestAPanicAndAHopelessErrorFailOnlyTheirOwnJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		ended := start(t, s,
			jobs.Kind{Name: "panics", Attempts: 1, Do: func(context.Context, *storage.Store, json.RawMessage) error { panic("a defect") }},
			jobs.Kind{Name: "hopeless", Do: func(context.Context, *storage.Store, json.RawMessage) error { return jobs.GiveUp(errors.New("gone")) }},
			jobs.Kind{Name: "fine", Do: nothing})
		enqueue(t, s, jobs.Job{Kind: "panics"}, jobs.Job{Kind: "hopeless"}, jobs.Job{Kind: "fine"}, jobs.Job{Kind: "fine"})
		states := map[string]jobs.State{}
		for range 4 {
			e := <-ended
			states[e.Kind] = e.State
		}
		if states["panics"] != jobs.Failed || states["hopeless"] != jobs.Failed || states["fine"] != jobs.Done {
			t.Errorf("ended %v", states)
		}
	})
}

func TestAJobOfAnUnknownKindWaitsAndBlocksNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		enqueue(t, s, jobs.Job{Kind: "of a newer replica"}, jobs.Job{Kind: "fine"})
		if e := <-start(t, s, jobs.Kind{Name: "fine", Do: nothing}); e.State != jobs.Done {
			t.Errorf("ended %+v", e)
		}
		if found := list(t, s, jobs.Filter{State: jobs.Waiting}); len(found) != 1 {
			t.Errorf("waiting: %v", found)
		}
	})
}

func TestManyRunnersDoEachJobOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		const count = 200
		var mu sync.Mutex
		runs := map[string]int{}
		kind := jobs.Kind{Name: "count", Do: func(_ context.Context, _ *storage.Store, payload json.RawMessage) error {
			mu.Lock()
			defer mu.Unlock()
			runs[string(payload)]++
			return nil
		}}
		a, b, c := start(t, s, kind), start(t, s, kind), start(t, s, kind)
		for i := range count {
			enqueue(t, s, jobs.Job{Kind: "count", Payload: i})
		}
		for range count {
			select {
			case <-a:
			case <-b:
			case <-c:
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for payload, n := range runs {
			if n != 1 {
				t.Errorf("job %s ran %d times", payload, n)
			}
		}
		if len(runs) != count {
			t.Errorf("%d of %d jobs ran", len(runs), count)
		}
	})
}

func TestTheJobOfADeadRunnerRunsAgainAfterItsLease(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		enqueue(t, s, jobs.Job{Kind: "fine"})
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE job SET state = 'running', leased_by = 'dead', attempts = 1, lease_ends = $1", storage.Micros(c.Now().Add(time.Minute)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ended := start(t, s, jobs.Kind{Name: "fine", Do: nothing}, jobs.Kind{Name: "other", Do: nothing})
		enqueue(t, s, jobs.Job{Kind: "other"})
		if e := <-ended; e.Kind != "other" {
			t.Errorf("%s ran while its lease held", e.Kind)
		}
		c.Pass(time.Minute)
		wake(t, s)
		if e := <-ended; e.Kind != "fine" || e.State != jobs.Done {
			t.Errorf("ended %+v", e)
		}
	})
}

func TestStopWaitsForAJobAndGivesBackOneThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		begun := make(chan struct{})
		r := runner(t, jobs.Options{Store: s, Grace: time.Millisecond, Kinds: []jobs.Kind{
			{Name: "endless", Do: func(ctx context.Context, _ *storage.Store, _ json.RawMessage) error {
				close(begun)
				<-ctx.Done()
				return ctx.Err()
			}},
		}})
		r.Start(t.Context())
		r.Start(t.Context()) // a second start does nothing
		enqueue(t, s, jobs.Job{Kind: "endless"})
		<-begun
		r.Stop()
		r.Stop() // nor does a second stop
		if found := list(t, s, jobs.Filter{})[0]; found.State != jobs.Waiting || found.Attempts != 0 {
			t.Errorf("left %+v", found)
		}
	})
}

func TestCleanRemovesOldDoneJobsAndKeepsTheFailed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		ended := start(t, s, jobs.Kind{Name: "fine", Do: nothing}, jobs.Kind{Name: "bad", Attempts: 1, Do: func(context.Context, *storage.Store, json.RawMessage) error { return errors.New("no") }})
		enqueue(t, s, jobs.Job{Kind: "fine"}, jobs.Job{Kind: "bad"})
		<-ended
		<-ended
		c.Pass(time.Hour)
		var removed int64
		var left map[jobs.State]int
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if removed, err = jobs.Clean(ctx, tx, c.Now()); err != nil {
				return err
			}
			left, err = jobs.Count(ctx, tx)
			return err
		})
		if err != nil || removed != 1 || left[jobs.Failed] != 1 || left[jobs.Done] != 0 {
			t.Errorf("removed %d, left %v, %v", removed, left, err)
		}
	})
}

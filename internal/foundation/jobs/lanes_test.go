package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

type work = func(context.Context, *storage.Store, json.RawMessage) error

// hangs ends with its context alone.
func hangs(ctx context.Context, _ *storage.Store, _ json.RawMessage) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAKindSaysItsLaneItsLimitAndItsTries(t *testing.T) {
	t.Parallel()
	whole := jobs.Kind{Name: "whole", Lane: jobs.Mail, Limit: time.Minute, Attempts: 1, Do: nothing}
	if _, err := jobs.NewRunner(jobs.Options{Store: &storage.Store{}, Kinds: []jobs.Kind{whole}, Clock: time.Now}); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(k *jobs.Kind){
		"no name":          func(k *jobs.Kind) { k.Name = "" },
		"nothing to do":    func(k *jobs.Kind) { k.Do = nil },
		"no lane":          func(k *jobs.Kind) { k.Lane = "" },
		"an unknown lane":  func(k *jobs.Kind) { k.Lane = "fast" },
		"no limit":         func(k *jobs.Kind) { k.Limit = 0 },
		"an endless limit": func(k *jobs.Kind) { k.Limit = 24 * time.Hour },
		"no tries":         func(k *jobs.Kind) { k.Attempts = 0 },
		"endless tries":    func(k *jobs.Kind) { k.Attempts = 1 << 30 },
	} {
		k := whole
		spoil(&k)
		if _, err := jobs.NewRunner(jobs.Options{Store: &storage.Store{}, Kinds: []jobs.Kind{k}, Clock: time.Now}); err == nil {
			t.Errorf("a kind with %s was taken", name)
		}
	}
	if _, err := jobs.NewRunner(jobs.Options{Store: &storage.Store{}, Kinds: []jobs.Kind{whole, whole}, Clock: time.Now}); err == nil {
		t.Error("two kinds of one name were taken")
	}
}

func TestHeavyWorkDelaysNoMail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		goOn, begun := make(chan struct{}), make(chan struct{}, 1000)
		waits := func(context.Context, *storage.Store, json.RawMessage) error { begun <- struct{}{}; <-goOn; return nil }
		var documents []jobs.Job
		for i := range 200 { // long before the letters
			documents = append(documents, jobs.Job{Kind: "document", Payload: i}, jobs.Job{Kind: "reminder", Payload: i})
		}
		enqueue(t, s, documents...)
		// Mail has fewer workers than the others have work: were all counted as one, none was left for it.
		ended := startWith(t, jobs.Options{Store: s, Workers: map[jobs.Lane]int{jobs.Mail: 1}, Kinds: []jobs.Kind{
			{Name: "document", Lane: jobs.Heavy, Do: waits},
			{Name: "reminder", Lane: jobs.Light, Do: waits},
			{Name: "letter", Lane: jobs.Mail, Do: nothing},
		}})
		for range 3 { // one heavy, two light: all their workers are busy
			<-begun
		}
		for i := range 20 {
			enqueue(t, s, jobs.Job{Kind: "letter", Payload: i})
			select {
			case e := <-ended:
				if e.Kind != "letter" || e.State != jobs.Done {
					t.Errorf("%+v ended before a letter", e)
				}
			case <-time.After(time.Minute): // it would never come: what is asked is whether, not when
				close(goOn)
				t.Fatal("a letter waits for other work")
			}
		}
		select {
		case <-begun:
			t.Error("more work than workers")
		default:
		}
		close(goOn)
		for range len(documents) {
			<-ended
		}
	})
}

func TestAJobThatHangsEndsAndMailGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		ended := start(t, s,
			jobs.Kind{Name: "hangs", Lane: jobs.Mail, Limit: time.Millisecond, Attempts: 2, Do: hangs},
			jobs.Kind{Name: "letter", Lane: jobs.Mail, Do: nothing})
		for i := range 12 { // three times as many as workers
			enqueue(t, s, jobs.Job{Kind: "hangs", Payload: i})
		}
		enqueue(t, s, jobs.Job{Kind: "letter"})
		count := map[string]int{}
		for range 13 {
			e := <-ended
			count[e.Kind+" "+string(e.State)]++
		}
		if count["letter done"] != 1 || count["hangs waiting"] != 12 {
			t.Errorf("ended: %v", count)
		}
		c.Pass(time.Minute)
		wake(t, s)
		for range 12 {
			if e := <-ended; e.State != jobs.Failed || !errors.Is(e.Err, context.DeadlineExceeded) {
				t.Errorf("the last try: %+v", e)
			}
		}
	})
}

func TestAJobThatIgnoresItsContextIsGivenUpAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		goOn := make(chan struct{})
		var deaf sync.WaitGroup
		kinds := []jobs.Kind{
			{Name: "deaf", Lane: jobs.Mail, Limit: time.Millisecond, Do: func(context.Context, *storage.Store, json.RawMessage) error {
				deaf.Add(1)
				defer deaf.Done()
				<-goOn
				return nil
			}},
			{Name: "letter", Lane: jobs.Mail, Do: nothing},
		}
		t.Cleanup(deaf.Wait) // after the runner has stopped, which waits for none of them
		ended := startWith(t, jobs.Options{Store: s, Kinds: kinds, Patience: time.Millisecond, Workers: map[jobs.Lane]int{jobs.Mail: 1}})
		t.Cleanup(func() { close(goOn) })
		enqueue(t, s, jobs.Job{Kind: "deaf"})
		first := <-ended
		if first.State != jobs.Waiting || first.Err == nil {
			t.Fatalf("it ended %+v", first)
		}
		enqueue(t, s, jobs.Job{Kind: "letter"})
		if e := <-ended; e.Kind != "letter" || e.State != jobs.Done {
			t.Errorf("after it: %+v", e)
		}
		var holder string
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT leased_by FROM job WHERE id = $1", first.ID).Scan(&holder)
		}); err != nil || holder != "" {
			t.Errorf("its lease is held by %q, %v", holder, err)
		}
		// It is tried once more; then it is known not to end.
		c.Pass(time.Minute)
		wake(t, s)
		if e := <-ended; e.ID != first.ID || e.State != jobs.Failed {
			t.Errorf("the second try: %+v", e)
		}
		if found := list(t, s, jobs.Filter{State: jobs.Failed}); len(found) != 1 || found[0].Attempts != 2 || !strings.Contains(found[0].LastError, "limit") {
			t.Errorf("failed are %+v", found)
		}
	})
}

func TestALaneStandsStillWhenTooManyOfItDoNotEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		goOn := make(chan struct{})
		var said lockedBuffer
		ended := startWith(t, jobs.Options{
			Store: s, Patience: time.Millisecond, Log: slog.New(slog.NewTextHandler(&said, nil)),
			Kinds: []jobs.Kind{
				{Name: "deaf", Lane: jobs.Heavy, Limit: time.Millisecond, Attempts: 1, Do: func(context.Context, *storage.Store, json.RawMessage) error { <-goOn; return nil }},
				{Name: "document", Lane: jobs.Heavy, Do: nothing},
				{Name: "letter", Lane: jobs.Mail, Do: nothing},
			},
		})
		for i := range 8 {
			enqueue(t, s, jobs.Job{Kind: "deaf", Payload: i})
			if e := <-ended; e.State != jobs.Failed {
				t.Fatalf("ended %+v", e)
			}
		}
		enqueue(t, s, jobs.Job{Kind: "document"})
		for i := range 5 {
			enqueue(t, s, jobs.Job{Kind: "letter", Payload: i})
			if e := <-ended; e.Kind != "letter" {
				t.Errorf("%s ran in a lane that stands still", e.Kind)
			}
		}
		if n := strings.Count(said.String(), "takes no more"); n != 1 {
			t.Errorf("it was said %d times: %s", n, said.String())
		}
		close(goOn)
		if e := <-ended; e.Kind != "document" || e.State != jobs.Done {
			t.Errorf("when they had ended: %+v", e)
		}
	})
}

// lockedBuffer is a log that many write.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func TestAJobThatWasRemovedWhileItRanEndsQuietly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		for name, outcome := range map[string]error{"finds nobody": errors.New("nobody there"), "ends well": nil, "gives up": jobs.GiveUp(errors.New("no"))} {
			var said lockedBuffer
			her := storage.RandomID(s.Now())
			do := work(func(ctx context.Context, s *storage.Store, _ json.RawMessage) error {
				if err := s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return jobs.Forget(ctx, tx, []storage.ID{her}, nil) }); err != nil {
					t.Error(err)
				}
				return outcome
			})
			ended := startWith(t, jobs.Options{
				Store: s, Log: slog.New(slog.NewTextHandler(&said, nil)),
				Kinds: []jobs.Kind{{Name: name, Attempts: 1, Do: do}},
			})
			enqueue(t, s, jobs.Job{Kind: name, Payload: map[string]any{"person": her}})
			if e := <-ended; e.State != jobs.Gone {
				t.Errorf("%s: ended %+v", name, e)
			}
			if said.String() != "" {
				t.Errorf("%s: the log says %s", name, said.String())
			}
			if left := list(t, s, jobs.Filter{}); len(left) != 0 {
				t.Errorf("%s: left are %+v", name, left)
			}
		}
	})
}

func TestStopWaitsForNoJobThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		begun, goOn, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
		r := runner(t, jobs.Options{Store: s, Grace: time.Millisecond, Patience: time.Millisecond, Kinds: []jobs.Kind{
			{Name: "deaf", Do: func(context.Context, *storage.Store, json.RawMessage) error {
				defer close(over)
				close(begun)
				<-goOn
				return nil
			}},
		}})
		r.Start(t.Context())
		enqueue(t, s, jobs.Job{Kind: "deaf"})
		<-begun
		r.Stop()
		if found := list(t, s, jobs.Filter{})[0]; found.State != jobs.Waiting || found.Attempts != 0 {
			t.Errorf("left %+v", found)
		}
		close(goOn)
		<-over
	})
}

// Jobs of one kind that wait do not have those of another looked for among them.
func TestTheOldestOfALaneComeFirstWhateverTheirKind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock) {
		for i := range 10 {
			enqueue(t, s, jobs.Job{Kind: []string{"a", "b"}[i%2], Payload: i, After: c.Now().Add(-time.Duration(i) * time.Second)})
		}
		var mu sync.Mutex
		var order []string
		do := work(func(_ context.Context, _ *storage.Store, payload json.RawMessage) error {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, string(payload))
			return nil
		})
		ended := startWith(t, jobs.Options{
			Store: s, Workers: map[jobs.Lane]int{jobs.Heavy: 1},
			Kinds: []jobs.Kind{{Name: "a", Lane: jobs.Heavy, Do: do}, {Name: "b", Lane: jobs.Heavy, Do: do}},
		})
		for range 10 {
			<-ended
		}
		if got := fmt.Sprint(order); got != "[9 8 7 6 5 4 3 2 1 0]" {
			t.Errorf("they ran in the order %s", got)
		}
	})
}

package gate_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/gate"
)

func TestSoManyWorkSoManyWaitAndTheRestAreTurnedAway(t *testing.T) {
	t.Parallel()
	const width, line, all = 2, 3, 40
	g := gate.New(width, line)
	open, inside, begun := make(chan struct{}), atomic.Int32{}, make(chan struct{}, all)
	var done sync.WaitGroup
	results := make(chan error, all)
	come := func() {
		done.Go(func() {
			results <- g.Do(t.Context(), func() error {
				if n := inside.Add(1); n > width {
					t.Errorf("%d work at a time", n)
				}
				begun <- struct{}{}
				<-open
				inside.Add(-1)
				return nil
			})
		})
	}
	for range width {
		come()
	}
	for range width {
		<-begun
	}
	for range all - width {
		come()
	}
	for range all - width - line { // all answer while nobody has gone in or out
		f := fault.Of(<-results)
		if f == nil || f.Code != fault.Unavailable || f.Args["seconds"] != gate.Later {
			t.Errorf("turned away with %v", f)
		}
	}
	close(open)
	done.Wait()
	for range width + line {
		if err := <-results; err != nil {
			t.Errorf("who waited got %v", err)
		}
	}
}

func TestWhoGoesAwayGivesHerPlaceInTheLineBack(t *testing.T) {
	t.Parallel()
	g := gate.New(1, 1)
	open, begun, first := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() { first <- g.Do(t.Context(), func() error { close(begun); <-open; return nil }) }()
	<-begun
	for range 3 {
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := g.Do(gone, func() error { t.Error("worked for nobody"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	close(open)
	if err := <-first; err != nil {
		t.Error(err)
	}
	want := errors.New("the work's own")
	if err := g.Do(t.Context(), func() error { return want }); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

package gate_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/gate"
)

func TestWhatManyAskForIsMadeOnce(t *testing.T) {
	t.Parallel()
	o := gate.NewOnce(gate.New(2, 2), 1<<20)
	var made atomic.Int32
	var begin, done sync.WaitGroup
	begin.Add(1)
	for range 300 {
		done.Go(func() {
			begin.Wait()
			got, err := o.Get(t.Context(), gate.Name("a"), func() ([]byte, error) {
				made.Add(1)
				return []byte("picture"), nil
			})
			if err != nil || string(got) != "picture" {
				t.Errorf("%q %v", got, err)
			}
		})
	}
	begin.Done()
	done.Wait()
	if n := made.Load(); n != 1 {
		t.Errorf("made %d times", n)
	}
}

func TestDifferentThingsBeyondTheGateAreTurnedAwayAndAskedForAgain(t *testing.T) {
	t.Parallel()
	const width, line, all = 1, 3, 50
	o := gate.NewOnce(gate.New(width, line), 1<<20)
	open, results := make(chan struct{}), make(chan error, all)
	get := func(i int) error {
		_, err := o.Get(t.Context(), gate.Name("a", fmt.Sprint(i)), func() ([]byte, error) {
			<-open
			return []byte("x"), nil
		})
		return err
	}
	for i := range all {
		go func() { results <- get(i) }()
	}
	for range all - width - line {
		if err := <-results; !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v", err)
		}
	}
	close(open)
	for range width + line {
		if err := <-results; err != nil {
			t.Errorf("who waited got %v", err)
		}
	}
	for i := range all {
		if err := get(i); err != nil {
			t.Errorf("afterwards %d is still refused: %v", i, err)
		}
	}
}

func TestTheLeastRecentlyAskedForLeave(t *testing.T) {
	t.Parallel()
	o := gate.NewOnce(gate.New(1, 1), 1000)
	var made []int
	get := func(i int) {
		t.Helper()
		got, err := o.Get(t.Context(), gate.Name(fmt.Sprint(i)), func() ([]byte, error) {
			made = append(made, i)
			return make([]byte, 200), nil
		})
		if err != nil || len(got) != 200 {
			t.Errorf("%d: %d bytes, %v", i, len(got), err)
		}
	}
	for _, i := range []int{1, 2, 3, 4, 5, 1, 6, 1, 3, 2} { // 6 drives 2 out, 2 then 4
		get(i)
	}
	if got, want := fmt.Sprint(made), "[1 2 3 4 5 6 2]"; got != want {
		t.Errorf("made %s, want %s", got, want)
	}
	for range 2 {
		if _, err := o.Get(t.Context(), gate.Name("large"), func() ([]byte, error) { made = append(made, 0); return make([]byte, 900), nil }); err != nil {
			t.Error(err)
		}
	}
	get(2)
	if got, want := fmt.Sprint(made), "[1 2 3 4 5 6 2 0 0]"; got != want {
		t.Errorf("made %s, want %s: a large one drove the others out", got, want)
	}
}

func TestWhatCouldNotBeMadeIsTriedAgainAndWhoGoesAwayStopsNobody(t *testing.T) {
	t.Parallel()
	o := gate.NewOnce(gate.New(1, 1), 1000)
	wrong := errors.New("no ink")
	if _, err := o.Get(t.Context(), "a", func() ([]byte, error) { return nil, wrong }); !errors.Is(err, wrong) {
		t.Errorf("got %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if got, err := o.Get(gone, "a", func() ([]byte, error) { return []byte("x"), nil }); err != nil || string(got) != "x" {
		t.Errorf("%q %v", got, err)
	}
	if gate.Name("ab", "c") == gate.Name("a", "bc") {
		t.Error("two things have one name")
	}
}

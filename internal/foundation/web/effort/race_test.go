package effort

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

var moment = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)

func still() storagetest.Option {
	return storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return moment } })
}

// together lets callers goroutines do one thing at once and counts whom it succeeds.
func together(t *testing.T, callers int, do func(i int) error) int {
	t.Helper()
	var good atomic.Int64
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			switch err := do(i); {
			case err == nil:
				good.Add(1)
			case !Needed(err):
				t.Errorf("caller %d: %v", i, err)
			}
		})
	}
	all.Wait()
	return int(good.Load())
}

func solution(c challenge) string {
	list := make([]string, Parts)
	for part := range list {
		var n uint32
		for !Fits(c.seed, uint32(part), n, c.bits) {
			n++
		}
		list[part] = strconv.FormatUint(uint64(n), 10)
	}
	return strings.Join(list, ",")
}

// prepared gives a guard and a solved challenge.
func prepared(t *testing.T, who Case) (*Guard, Given) {
	t.Helper()
	g := New(Options{Key: bytes.Repeat([]byte{7}, 32), Bits: 3})
	text := g.challenge(who, moment)
	c, ok := g.read(who, text, moment)
	if !ok {
		t.Fatal("the challenge cannot be read")
	}
	return g, Given{Challenge: text, Solution: solution(c)}
}

// The positive control: with the guard off, a challenge counts as used for who
// finds it in the table when she looks. All look before any acts, and all pass.
func TestWithoutTheGuardOneSolutionLetsManyThrough(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		const callers = 16
		who := Case{Purpose: "apply/osh", Browser: "one"}
		g, given := prepared(t, who)
		var looked sync.WaitGroup
		looked.Add(callers)
		passed := together(t, callers, func(int) error {
			c, _ := g.read(who, given.Challenge, moment)
			var used bool
			err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				used, err = spent(ctx, tx, c)
				return err
			})
			looked.Done()
			if err != nil {
				return err
			}
			looked.Wait()
			trusting := *g
			trusting.use = func([sha256.Size]byte) bool { return used }
			return store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return trusting.Pass(ctx, tx, who, given)
			})
		})
		if passed <= 1 {
			t.Errorf("%d passed: the race did not happen, so the tests with the guard prove nothing", passed)
		}
	}, still())
}

func TestOneSolutionLetsOneThroughHoweverManySendItAtOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		for _, callers := range []int{2, 16, 64} {
			who := Case{Purpose: "apply/osh", Browser: strconv.Itoa(callers)}
			g, given := prepared(t, who)
			passed := together(t, callers, func(int) error {
				return store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					return g.Pass(ctx, tx, who, given)
				})
			})
			if passed != 1 {
				t.Errorf("of %d who sent one solution %d passed", callers, passed)
			}
		}
	}, still())
}

func TestOneFreeTurnIsOnePersonsAndThePlacesDiffer(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		const callers = 64
		g := New(Options{Key: bytes.Repeat([]byte{7}, 32), Bits: 3})
		who := func(i int) Case { return Case{Purpose: "apply/osh", Browser: strconv.Itoa(i)} }
		var waits [callers]time.Duration
		passed := together(t, callers, func(i int) error {
			given := Given{Challenge: g.challenge(who(i), moment.Add(-First))}
			err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return g.Pass(ctx, tx, who(i), given)
			})
			if !Needed(err) {
				return err
			}
			var q Question
			if wrong := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				q, err = g.Ask(ctx, tx, who(i), given)
				return err
			}); wrong != nil {
				return wrong
			}
			waits[i] = q.Wait
			return err
		})
		if passed != 1 {
			t.Errorf("%d took the one free turn", passed)
		}
		seen := map[time.Duration]bool{}
		for i, w := range waits {
			if w > 0 && seen[w] {
				t.Errorf("number %d has the place of somebody else, after %v", i, w)
			}
			seen[w] = true
		}
		if len(seen) != callers { // one of them is the zero of whoever passed
			t.Errorf("%d different waits of %d", len(seen)-1, callers-1)
		}
	}, still())
}

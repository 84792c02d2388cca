package storagetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Clock is a time that a test moves. It counts microseconds in UTC, as databases do, and may
// be read and moved from several goroutines.
type Clock struct {
	micros atomic.Int64

	mu        sync.Mutex
	left      int // reading of the database until meanwhile happens
	meanwhile func()
}

// NewClock gives a clock that stands at a moment.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.Set(at)
	return c
}

// Now reads the clock.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

// Set moves it to a moment, back as well.
func (c *Clock) Set(at time.Time) { c.micros.Store(at.UnixMicro()) }

// Pass lets time pass.
func (c *Clock) Pass(by time.Duration) { c.micros.Add(by.Microseconds()) }

// Option gives the clock to a database.
func (c *Clock) Option() Option { return c.option }

func (c *Clock) option(o *storage.Options) { o.Clock = c.looked }

// Meanwhile lets f happen, once, when the database looks at the clock for the n-th time from
// now: a transaction does it when it begins and has read nothing. So somebody else can come
// between any two of them. It reports whether that has happened since, and forgets f.
func (c *Clock) Meanwhile(n int, f func()) (happened func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	done := new(atomic.Bool)
	c.left, c.meanwhile = n, func() { f(); done.Store(true) }
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.meanwhile = nil
		return done.Load()
	}
}

func (c *Clock) looked() time.Time {
	c.mu.Lock()
	var f func()
	if c.meanwhile != nil {
		if c.left--; c.left == 0 {
			f, c.meanwhile = c.meanwhile, nil
		}
	}
	c.mu.Unlock()
	if f != nil {
		f()
	}
	return c.Now()
}

// EachAt is Each with a clock of its own for each engine, that stands at a moment.
func EachAt(t *testing.T, at time.Time, f func(t *testing.T, s *storage.Store, c *Clock), options ...Option) {
	t.Helper()
	for _, engine := range []struct {
		name string
		open func(testing.TB, ...Option) *storage.Store
	}{{"sqlite", Open}, {"postgresql", OpenPostgreSQL}} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			c := NewClock(at)
			f(t, engine.open(t, append([]Option{c.option}, options...)...), c)
		})
	}
}

package storagetest

import (
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Clock is a time that a test moves. It counts microseconds in UTC, as databases do, and may
// be read and moved from several goroutines.
type Clock struct{ micros atomic.Int64 }

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

func (c *Clock) option(o *storage.Options) { o.Clock = c.Now }

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

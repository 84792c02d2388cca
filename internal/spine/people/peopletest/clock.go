package peopletest

import (
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// Clock is a clock that a test moves.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock gives a clock that stands at a morning in November 2026.
func NewClock() *Clock { return &Clock{at: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)} }

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Option gives the clock to a database.
func (c *Clock) Option() storagetest.Option {
	return storagetest.With(func(o *storage.Options) { o.Clock = c.Now })
}

// Both runs f on Both engines, each with a clock of its own.
func Both(t *testing.T, f func(t *testing.T, store *storage.Store, clock *Clock)) {
	t.Helper()
	for name, engine := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := NewClock()
			f(t, engine(t, clock.Option()), clock)
		})
	}
}

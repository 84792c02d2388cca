package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const (
	// readyFor is how long one answer holds: a flood of questions writes no more often.
	readyFor = 2 * time.Second
	// readyWithin is how long a change may take before the house calls itself not ready.
	readyWithin = 5 * time.Second
)

// errSlow is the answer while a change waits for longer than that.
var errSlow = errors.New("a change takes too long")

// readiness finds out whether the database takes changes, by making one.
type readiness struct {
	store  *storage.Store
	clock  func() time.Time
	within time.Duration

	mu   sync.Mutex
	at   time.Time
	err  error
	runs chan struct{} // closed when the try that runs has ended; nil: none runs
}

// ask gives the last answer when it is fresh, else a new one. Who asks while a try
// runs waits for that one.
func (p *readiness) ask(ctx context.Context) error {
	p.mu.Lock()
	if age := p.clock().Sub(p.at); !p.at.IsZero() && age >= 0 && age < readyFor {
		defer p.mu.Unlock()
		return p.err
	}
	if p.runs == nil {
		p.runs = make(chan struct{})
		go p.try(p.runs)
	}
	runs := p.runs
	p.mu.Unlock()
	slow := time.NewTimer(p.within)
	defer slow.Stop()
	select {
	case <-runs:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.err
	case <-slow.C:
		return errSlow
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try writes one row over itself, to the disk. It is waited for by nobody in
// particular: a database that is locked may hold it for long.
func (p *readiness) try(ended chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), p.within)
	defer cancel()
	err := p.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		// Another value each time: SQLite writes nothing where nothing changes.
		_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('ready', '0')
			ON CONFLICT (name) DO UPDATE SET value = CASE setting.value WHEN '0' THEN '1' ELSE '0' END`)
		return err
	})
	p.mu.Lock()
	p.at, p.err, p.runs = p.clock(), err, nil
	p.mu.Unlock()
	close(ended)
}

// ready asks the database to take a change, and the bus.
func (a *App) ready(r *web.Request) error {
	parts := map[string]string{"database": "ok", "bus": "ok"}
	ok := true
	if err := a.readiness.ask(r.Context()); err != nil {
		parts["database"], ok = "takes no changes", false
		a.options.Log.WarnContext(r.Context(), "not ready: the database takes no changes", "error", err)
	}
	if a.bus.Ready() != nil {
		parts["bus"], ok = "does not answer", false
	}
	r.W.Header().Set("Content-Type", "application/json")
	r.W.Header().Set("Cache-Control", "no-store")
	if !ok {
		r.W.WriteHeader(http.StatusServiceUnavailable)
	}
	return json.NewEncoder(r.W).Encode(map[string]any{"ready": ok, "parts": parts})
}

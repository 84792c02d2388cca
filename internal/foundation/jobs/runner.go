package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Options of a Runner. Store and Kinds are needed.
type Options struct {
	Store    *storage.Store
	Kinds    []Kind
	Log      *slog.Logger     // nil: the default
	Workers  map[Lane]int     // jobs of a lane that run at once, 0 for 4 of mail, 2 light, 1 heavy
	Clock    func() time.Time // nil: the store's
	Poll     time.Duration    // how often to look for jobs of other processes, 0 for 5 s
	Lease    time.Duration    // after which a silent runner is taken for dead, 0 for 1 minute
	Grace    time.Duration    // how long Stop lets jobs finish before it cancels them, 0 for 10 s
	Patience time.Duration    // how long a job may need to end after its context has, 0 for 10 s
	Keep     time.Duration    // how long jobs that are done stay in the table, 0 for 30 days
	Ended    func(Ended)      // called after each run of a job is written down; nil for none
}

// workersOf is how many jobs of a lane run at once when nothing else is said.
var workersOf = map[Lane]int{Mail: 4, Light: 2, Heavy: 1}

// mostLost bounds the jobs of a lane that were given up and run on nevertheless:
// with more of them the lane stands still, since each holds what it holds.
const mostLost = 8

// lost is a run that was given up.
type lost struct {
	id   storage.ID
	lane Lane
}

// errLate is why a run failed that did not end with its context.
var errLate = errors.New("it had more time than its limit and did not end; it was given up")

// errDied is why a job failed that nobody ended again and again.
var errDied = errors.New("the process that ran it died, again and again")

// errPanic is why a run failed that did what may never be.
var errPanic = errors.New("panic")

// Ended tells how one run of a job went.
type Ended struct {
	ID    storage.ID
	Kind  string
	State State // done, failed, waiting for another try, or gone
	Err   error
}

// Runner does jobs until it is stopped.
type Runner struct {
	options Options
	kinds   map[string]Kind
	name    string // who holds a lease

	mu      sync.Mutex
	running map[storage.ID]Lane
	lost    []lost             // given up, and not ended yet
	cancel  context.CancelFunc // ends the loops, nil when not started
	abort   context.CancelFunc // ends the jobs
	loops   sync.WaitGroup
	jobs    sync.WaitGroup
	freed   chan struct{}
}

// NewRunner makes a runner; Start or Run begins. A kind that leaves its lane, its
// limit or its tries open, or has the name of another, is an error.
func NewRunner(o Options) (*Runner, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = o.Store.Now
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Second
	}
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	if o.Keep == 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	r := &Runner{
		options: o,
		kinds:   map[string]Kind{},
		name:    storage.RandomID(o.Clock()).String(),
		running: map[storage.ID]Lane{},
		freed:   make(chan struct{}, 1),
	}
	for _, k := range o.Kinds {
		if err := k.Check(); err != nil {
			return nil, err
		}
		if _, twice := r.kinds[k.Name]; twice {
			return nil, fmt.Errorf("jobs of the kind %s are declared twice", k.Name)
		}
		r.kinds[k.Name] = k
	}
	return r, nil
}

// Run does jobs until the context ends, then lets those that run finish.
func (r *Runner) Run(ctx context.Context) error {
	r.Start(ctx)
	<-ctx.Done()
	r.Stop()
	return nil
}

// Start begins to do jobs. The context gives values to the jobs; Stop, not the
// end of the context, ends them. A second Start does nothing.
func (r *Runner) Start(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		return
	}
	loop, cancel := context.WithCancel(ctx)
	work, abort := context.WithCancel(context.WithoutCancel(ctx))
	r.cancel, r.abort = cancel, abort
	raised, stop := r.options.Store.Signal(signal)
	r.loops.Go(func() {
		defer stop()
		r.take(loop, work, raised)
	})
	r.loops.Go(func() { r.renew(work) })
}

// Stop takes no more jobs, waits for those that run, and cancels those that
// need more than the grace; these run again later, elsewhere. It does not wait for
// a job that ignores the end of its context.
func (r *Runner) Stop() {
	r.mu.Lock()
	cancel, abort := r.cancel, r.abort
	r.mu.Unlock()
	if cancel == nil {
		return
	}
	cancel()
	grace := time.AfterFunc(r.options.Grace, abort)
	defer grace.Stop()
	r.jobs.Wait()
	abort()
	r.loops.Wait()
	r.mu.Lock()
	r.cancel = nil
	r.mu.Unlock()
}

// take leases jobs as long as there are free workers.
func (r *Runner) take(ctx, work context.Context, raised <-chan struct{}) {
	r.jobs.Add(1) // Stop waits for this loop too, so that no job begins after it
	defer r.jobs.Done()
	timer := time.NewTimer(0)
	defer timer.Stop()
	var cleaned time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-raised:
		case <-r.freed:
		case <-timer.C:
		}
		pause := r.options.Poll
		// A lane without a free worker is looked at when one is free again.
		leased, next, err := r.lease(ctx, r.free())
		switch {
		case err != nil && ctx.Err() == nil:
			r.options.Log.ErrorContext(ctx, "jobs: cannot lease", "error", err)
		case !next.IsZero():
			pause = max(0, min(pause, next.Sub(r.options.Clock())))
		}
		for _, l := range leased {
			r.begin(work, l)
		}
		if now := r.options.Clock(); now.Sub(cleaned) > time.Hour {
			cleaned = now
			r.clean(ctx, now)
		}
		timer.Reset(pause)
	}
}

func (r *Runner) clean(ctx context.Context, now time.Time) {
	err := r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := Clean(ctx, tx, now.Add(-r.options.Keep))
		return err
	})
	if err != nil && ctx.Err() == nil {
		r.options.Log.ErrorContext(ctx, "jobs: cannot clean", "error", err)
	}
}

// free tells how many more jobs each lane may take.
func (r *Runner) free() map[Lane]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	free := map[Lane]int{}
	for lane, workers := range workersOf {
		if n := r.options.Workers[lane]; n > 0 {
			workers = n
		}
		if r.lostIn(lane) < mostLost {
			free[lane] = workers
		}
	}
	for _, lane := range r.running {
		free[lane]--
	}
	return free
}

func (r *Runner) begin(ctx context.Context, l leased) {
	r.mu.Lock()
	r.running[l.id] = r.kinds[l.kind].Lane
	r.mu.Unlock()
	r.jobs.Go(func() {
		err := r.within(ctx, l)
		// What a job did is written down even when the runner is being stopped.
		state, failed := r.settle(context.WithoutCancel(ctx), l, err, ctx.Err() != nil)
		if failed != nil {
			r.options.Log.ErrorContext(ctx, "jobs: cannot write down a result; the job runs again after its lease", "job", l.id, "kind", l.kind, "error", failed)
		}
		r.mu.Lock()
		delete(r.running, l.id)
		r.mu.Unlock()
		r.wake()
		if r.options.Ended != nil && failed == nil {
			r.options.Ended(Ended{ID: l.id, Kind: l.kind, State: state, Err: err})
		}
	})
}

// wake lets the loop look for jobs: a worker may be free.
func (r *Runner) wake() {
	select {
	case r.freed <- struct{}{}:
	default:
	}
}

// within runs a job at most as long as its kind may. A job that does not end with
// its context is given up: its lease is renewed no more, its worker takes another.
func (r *Runner) within(ctx context.Context, l leased) error {
	kind := r.kinds[l.kind]
	own, cancel := context.WithTimeout(ctx, kind.Limit)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- r.do(own, l) }()
	select {
	case err := <-ended:
		return err
	case <-own.Done():
	}
	patience := time.NewTimer(r.options.Patience)
	defer patience.Stop()
	select {
	case err := <-ended:
		if err == nil {
			return nil // it was done when its time came
		}
		return fmt.Errorf("limit of %s: %w", kind.Limit, err)
	case <-patience.C:
	}
	run := lost{l.id, kind.Lane}
	r.mu.Lock()
	again := slices.Contains(r.lost, run)
	r.lost = append(r.lost, run)
	stands := r.lostIn(kind.Lane) == mostLost
	r.mu.Unlock()
	if stands {
		r.options.Log.ErrorContext(ctx, "jobs: too many of a lane do not end; it takes no more until some have, or until a restart", "lane", kind.Lane, "kind", l.kind)
	}
	go func() {
		<-ended
		r.mu.Lock()
		at := slices.Index(r.lost, run)
		r.lost = slices.Delete(r.lost, at, at+1)
		r.mu.Unlock()
		r.wake()
	}()
	if again { // the run before has not ended either: one more would not
		return GiveUp(errLate)
	}
	return errLate
}

// lostIn counts those of a lane; r.mu is held.
func (r *Runner) lostIn(lane Lane) (n int) {
	for _, l := range r.lost {
		if l.lane == lane {
			n++
		}
	}
	return n
}

func (r *Runner) do(ctx context.Context, l leased) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
			r.options.Log.ErrorContext(ctx, "jobs: panic", "job", l.id, "kind", l.kind, "stack", string(debug.Stack()))
		}
	}()
	if l.attempts > r.kinds[l.kind].Attempts {
		return GiveUp(errDied)
	}
	return r.kinds[l.kind].Do(ctx, r.options.Store, l.payload)
}

// renew keeps the leases of the jobs that run.
func (r *Runner) renew(ctx context.Context) {
	ticker := time.NewTicker(r.options.Lease / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		r.mu.Lock()
		ids := make([]storage.ID, 0, len(r.running))
		for id := range r.running {
			ids = append(ids, id)
		}
		r.mu.Unlock()
		if len(ids) == 0 {
			continue
		}
		if err := r.keep(ctx, ids); err != nil && ctx.Err() == nil {
			r.options.Log.ErrorContext(ctx, "jobs: cannot renew leases", "error", err)
		}
	}
}

// GiveUp marks an error that no further try can mend: the job fails at once.
func GiveUp(err error) error { return giveUp{err} }

type giveUp struct{ error }

func (g giveUp) Unwrap() error { return g.error }

var (
	address = regexp.MustCompile(`[^\s<>"'@]+@[^\s<>"'@]+`)
	number  = regexp.MustCompile(`\+?\d[\d ()-]{7,}\d`)
)

// withoutPersonalData is an error's text as it may be kept and logged: servers
// like to repeat the address they refuse.
func withoutPersonalData(err error) string {
	text := []rune(number.ReplaceAllString(address.ReplaceAllString(err.Error(), "…@…"), "…"))
	return string(text[:min(len(text), 500)])
}

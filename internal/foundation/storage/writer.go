package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// writer is the one goroutine that changes a SQLite database. It takes the
// requests that wait, lets them run one after the other in one transaction,
// commits once, and answers them all.
//
// A closure that fails before it has changed anything needs no undoing. When
// one fails after that, the batch is rolled back and runs again with a
// savepoint for each closure, and so do the next thousand: savepoints cost a
// tenth of a write, and few writes fail so late.
//
// A closure runs on its caller's goroutine while the writer waits for it, so a
// panic is the caller's own and ends nobody else's write. The writer waits until
// the deadline of the closure and no longer: SQLite can be interrupted, what the
// closure computes by itself cannot. Then its transaction is dead, whatever it
// does with it later, and the others go on.
type writer struct {
	open  func() (liteSession, error)
	conn  liteSession
	newTx func(session) *Tx
	queue chan *request
	ended chan struct{}
	next  *request // asked for a commit of its own while a batch was running
	batch []*request
	guard int // closures still to run in a savepoint each, since one had to be undone
}

// A batch ends with so many closures or after so much time, whichever is
// first, so that nobody waits long for her answer.
const (
	batchCount = 256
	batchTime  = 20 * time.Millisecond
)

// request is one Write on its way.
type request struct {
	ctx   context.Context
	long  bool
	limit time.Duration
	state atomic.Int32
	turn  chan turn  // to the caller: run now, or the answer
	ran   chan error // from the caller: how it went
	tx    *Tx        // of the last run
	gone  bool       // the closure panicked or ended its goroutine: nobody waits
	late  bool       // the closure used up its time, and has failed by that
	lost  bool       // an error of the last run ended the transaction
	dirty bool       // something is to be undone when the last run failed
	err   error
	done  func() // tells the store that the closure touches it no more
}

const (
	waiting int32 = iota
	taken         // the writer has begun with it
	left          // the caller's context ended first
)

// turn with a transaction says run, without one it is the answer.
type turn struct {
	tx  *Tx
	ctx context.Context
	err error
}

var errGone = errors.New("storage: the closure did not return")

func startWriter(open func() (liteSession, error), newTx func(session) *Tx) (*writer, error) {
	conn, err := open()
	if err != nil {
		return nil, err
	}
	w := &writer{open: open, conn: conn, newTx: newTx, queue: make(chan *request, batchCount), ended: make(chan struct{})}
	go w.serve()
	return w, nil
}

// close ends the writer; nobody may write any more.
func (w *writer) close() {
	close(w.queue)
	<-w.ended
	w.conn.Close()
}

// write gives the transaction that was committed. It calls done when a closure
// goes on after its deadline and touches the store no more.
func (w *writer) write(ctx context.Context, f func(ctx context.Context, tx *Tx) error, o writeOptions, done func()) (*Tx, error) {
	r := &request{ctx: ctx, long: o.long, limit: o.limit, turn: make(chan turn, 1), ran: make(chan error, 1), done: done}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	cancelled := ctx.Done()
	for {
		select {
		case t := <-r.turn:
			if t.tx == nil {
				return r.tx, t.err
			}
			r.run(t, f)
		case <-cancelled:
			if r.state.CompareAndSwap(waiting, left) {
				return nil, ctx.Err()
			}
			cancelled = nil // it has begun and is finished
		}
	}
}

// run calls the closure and tells the writer how it went, whatever happens.
func (r *request) run(t turn, f func(ctx context.Context, tx *Tx) error) {
	err := errGone
	defer func() { r.ran <- err }()
	err = f(t.ctx, t.tx)
}

// closureContext ends with the writer's deadline and carries the caller's values.
type closureContext struct {
	context.Context
	values context.Context
}

func (c closureContext) Value(key any) any {
	if key == (insideWrite{}) {
		return true
	}
	return c.values.Value(key)
}

func (w *writer) serve() {
	defer close(w.ended)
	for {
		r := w.next
		if w.next = nil; r == nil {
			var open bool
			if r, open = <-w.queue; !open {
				return
			}
		}
		if !r.state.CompareAndSwap(waiting, taken) {
			continue
		}
		if r.long {
			w.alone(r)
		} else {
			w.together(r)
		}
	}
}

// guarded is how many closures run in savepoints after one had to be undone.
const guarded = 1000

// together commits a batch that begins with first.
func (w *writer) together(first *request) {
	if err := w.begin(); err != nil {
		first.answer(err)
		return
	}
	w.batch = w.batch[:0]
	started := time.Now()
	for r := first; r != nil; r = w.more(started) {
		w.batch = append(w.batch, r)
		if !w.inBatch(r) {
			w.oneByOne()
			return
		}
	}
	if w.conn.run("COMMIT") != nil {
		w.oneByOne()
		return
	}
	for _, r := range w.batch {
		r.answer(r.err)
	}
}

// inBatch runs one closure of a batch, the last of w.batch; false when the
// batch is lost.
func (w *writer) inBatch(r *request) bool {
	if w.guard > 0 {
		w.guard--
		return w.inSavepoint(r)
	}
	w.let(r)
	switch {
	case r.lost:
		return false
	case r.err == nil || !r.dirty:
		return true
	}
	w.guard = guarded
	if w.conn.run("ROLLBACK") != nil || w.conn.run("BEGIN IMMEDIATE") != nil {
		return false
	}
	for _, again := range w.batch {
		if again.gone || again.late {
			continue // nobody waits, or it has its answer
		}
		if !w.inSavepoint(again) {
			return false
		}
	}
	return true
}

// more gives the next request of the batch, nil when it is time to commit.
func (w *writer) more(started time.Time) *request {
	if len(w.batch) >= batchCount || time.Since(started) >= batchTime {
		return nil
	}
	for yielded := false; ; {
		select {
		case r, open := <-w.queue:
			switch {
			case !open:
				return nil
			case r.long:
				w.next = r
				return nil
			case r.state.CompareAndSwap(waiting, taken):
				return r
			}
		default:
			if yielded {
				return nil
			}
			runtime.Gosched() // those who were just answered may have more
			yielded = true
		}
	}
}

// inSavepoint runs one closure of a batch; false when the batch is lost.
func (w *writer) inSavepoint(r *request) bool {
	if w.conn.run("SAVEPOINT closure") != nil {
		return false
	}
	w.let(r)
	if r.lost {
		return false
	}
	if r.err != nil && w.conn.run("ROLLBACK TO closure") != nil {
		return false
	}
	return w.conn.run("RELEASE closure") == nil
}

// let runs the closure on its caller's goroutine and waits for it, until its
// deadline at most. Each run has its own deadline, whatever ran before it in the
// batch; who passes it has failed, as on PostgreSQL, also when she notices nothing.
func (w *writer) let(r *request) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limit)
	defer cancel()
	lent := &lent{conn: w.conn}
	r.tx = w.newTx(lent)
	r.tx.ctx, r.tx.alive = ctx, lent.inTransaction
	stop := w.conn.Watch(ctx)
	r.turn <- turn{tx: r.tx, ctx: closureContext{Context: ctx, values: r.ctx}}
	abandoned := false
	select {
	case r.err = <-r.ran:
	case <-ctx.Done():
		lent.takeBack(ctx.Err())
		select {
		case r.err = <-r.ran:
		default: // it goes on and reaches nothing any more
			abandoned, r.err = true, ctx.Err()
		}
	}
	stop()
	if abandoned {
		r.dirty = true // it may have been changing something: its transaction is not looked at
		r.done()
	} else {
		r.tx.end()
		r.dirty = r.tx.dirty
	}
	r.lost = !w.conn.InTransaction()
	r.gone = r.err == errGone
	if r.late = ctx.Err() != nil && !r.gone; r.late && !errors.Is(r.err, context.DeadlineExceeded) {
		r.err = errors.Join(ctx.Err(), r.err)
	}
}

// oneByOne is for a batch that SQLite gave up as a whole: each closure runs
// again in a transaction of its own, so that only the guilty one fails. One
// that used up its time is not run again.
func (w *writer) oneByOne() {
	_ = w.conn.run("ROLLBACK") // fails when SQLite has done it already
	for _, r := range w.batch {
		switch {
		case r.gone:
		case r.late:
			r.answer(r.err)
		default:
			w.alone(r)
		}
	}
}

// alone runs one closure in one transaction and answers.
func (w *writer) alone(r *request) {
	if err := w.begin(); err != nil {
		r.answer(err)
		return
	}
	w.let(r)
	if r.err == nil && r.lost {
		r.err = errLost
	}
	if r.err == nil {
		if r.err = w.conn.run("COMMIT"); r.err != nil {
			r.err = fmt.Errorf("commit: %w", r.tx.schema.name(r.err))
		}
	}
	if r.err != nil {
		_ = w.conn.run("ROLLBACK") // fails when SQLite has done it already
	}
	r.answer(r.err)
}

// begin starts a transaction. When the connection cannot, the next one to
// begin has a new connection.
func (w *writer) begin() error {
	err := w.conn.run("BEGIN IMMEDIATE")
	if err == nil {
		return nil
	}
	w.conn.Close()
	if conn, opening := w.open(); opening == nil {
		w.conn = conn
	}
	return fmt.Errorf("begin: %w", err)
}

func (r *request) answer(err error) {
	if !r.gone {
		r.turn <- turn{err: err}
	}
}

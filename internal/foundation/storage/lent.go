package storage

import (
	"context"
	"sync"
)

// lent is the writer's connection in the hands of one closure. The writer can take
// it back while the closure computes: from then on the closure, which may go on
// for ever, gets an error from all that it does with its transaction or with rows
// that it left open, and nothing of it reaches the connection.
type lent struct {
	conn liteSession
	mu   sync.Mutex // held while SQLite works for the closure
	over error      // why it was taken back
}

// takeBack waits for the statement that runs, which Watch interrupts.
func (l *lent) takeBack(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = why
	l.conn.End()
}

func (l *lent) exec(ctx context.Context, query string, args []any) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over != nil {
		return 0, l.over
	}
	return l.conn.exec(ctx, query, args)
}

func (l *lent) query(ctx context.Context, query string, args []any) (Rows, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over != nil {
		return nil, l.over
	}
	rows, err := l.conn.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return &lentRows{l, rows}, nil
}

// inTransaction reports false when an error ended the transaction; after the
// connection was taken back that is another's.
func (l *lent) inTransaction() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over != nil || l.conn.InTransaction()
}

// lentRows are rows on a connection that may be taken back.
type lentRows struct {
	lent *lent
	rows Rows
}

func (r *lentRows) Next() bool {
	r.lent.mu.Lock()
	defer r.lent.mu.Unlock()
	return r.lent.over == nil && r.rows.Next()
}

func (r *lentRows) Scan(dest ...any) error {
	r.lent.mu.Lock()
	defer r.lent.mu.Unlock()
	if r.lent.over != nil {
		return r.lent.over
	}
	return r.rows.Scan(dest...)
}

func (r *lentRows) Err() error {
	r.lent.mu.Lock()
	defer r.lent.mu.Unlock()
	if r.lent.over != nil {
		return r.lent.over
	}
	return r.rows.Err()
}

func (r *lentRows) Close() error {
	r.lent.mu.Lock()
	defer r.lent.mu.Unlock()
	if r.lent.over != nil {
		return nil // closed when it was taken back
	}
	return r.rows.Close()
}

func (r *lentRows) Columns() ([]string, error) {
	r.lent.mu.Lock()
	defer r.lent.mu.Unlock()
	if r.lent.over != nil {
		return nil, r.lent.over
	}
	return r.rows.Columns()
}

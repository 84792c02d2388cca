package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// session runs the statements of one transaction.
type session interface {
	exec(ctx context.Context, query string, args []any) (changed int64, err error)
	query(ctx context.Context, query string, args []any) (Rows, error)
}

// Rows are the rows of a query; after Next said no they are closed.
type Rows interface {
	Scanner
	Next() bool
	Err() error
	Close() error
	Columns() ([]string, error)
}

// Row is the result of QueryRow; it is scanned once.
type Row struct {
	tx   *Tx
	rows Rows
	err  error
}

// Scan reads the row and ends the query; sql.ErrNoRows when there is none.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return r.tx.failed(err)
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.tx.failed(r.rows.Close())
}

// Tx is a running transaction with its own clock and id source. Now is the
// same for all that happens in it. A use case gets a Tx, never opens one, and
// uses it from one goroutine.
type Tx struct {
	Now     time.Time
	session session
	dialect Dialect
	schema  schema
	newID   func(time.Time) ID
	ctx     context.Context // of a write: replaces the context of each statement
	alive   func() bool     // SQLite writes: false when an error ended the transaction
	lost    bool
	dirty   bool // something other than a SELECT has run
	reads   bool // of a Read
	open    []Rows
	after   []func()
	raised  []string
	depth   int // savepoints of Try
}

// errLost answers statements after the engine gave up the whole transaction.
var errLost = errors.New("storage: the transaction was rolled back by the engine")

// Dialect tells which engine runs the transaction.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Outside refuses work in a Write: what takes long, such as opening the boxes of
// all people, is done in a Read, where it keeps nobody from writing.
func (tx *Tx) Outside(work string) error {
	if tx.reads {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrWriter, work)
}

// NewID makes a fresh id.
func (tx *Tx) NewID() ID { return tx.newID(tx.Now) }

// AfterCommit runs f once the change is durable, never when it is rolled back.
// For live events and caches only; whatever must happen goes through jobs.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Raise wakes those who wait for the signal, once the change is durable.
func (tx *Tx) Raise(signal string) { tx.raised = append(tx.raised, signal) }

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.lost {
		return 0, errLost
	}
	tx.dirty = true
	n, err := tx.session.exec(tx.context(ctx), query, args)
	if err != nil {
		return 0, tx.failed(err)
	}
	return n, nil
}

// Query runs a statement that gives rows; close them before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	if tx.lost {
		return nil, errLost
	}
	tx.mark(query)
	rows, err := tx.session.query(tx.context(ctx), query, args)
	if err != nil {
		return nil, tx.failed(err)
	}
	tx.open = append(tx.open, rows)
	return rows, nil
}

// QueryRow runs a statement that gives at most one row; scan it.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := tx.Query(ctx, query, args...)
	return &Row{tx, rows, err}
}

// mark notes a query that may change something.
func (tx *Tx) mark(query string) {
	tx.dirty = tx.dirty || !strings.HasPrefix(strings.TrimLeft(query, " \n\t"), "SELECT")
}

// Try runs f so that its failure undoes only what f did and the transaction
// goes on: for a change that may break a constraint and is then done another
// way. On PostgreSQL a failed statement outside Try ends the transaction.
func (tx *Tx) Try(ctx context.Context, f func() error) error {
	name := "try_" + string(rune('a'+tx.depth))
	if _, err := tx.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	tx.depth++
	after, raised := len(tx.after), len(tx.raised)
	err := f()
	tx.depth--
	if err != nil {
		tx.after, tx.raised = tx.after[:after], tx.raised[:raised]
		tx.closeRows()
		if _, undo := tx.Exec(ctx, "ROLLBACK TO SAVEPOINT "+name); undo != nil {
			return errors.Join(err, undo)
		}
	}
	if _, end := tx.Exec(ctx, "RELEASE SAVEPOINT "+name); end != nil {
		return errors.Join(err, end)
	}
	return err
}

// context is what statements run under: a write's own, because a statement that
// is cancelled takes the whole transaction with it, and those that share it.
func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.ctx != nil {
		return tx.ctx
	}
	return ctx
}

// failed names a broken constraint and finds out whether the transaction still lives.
func (tx *Tx) failed(err error) error {
	if err != nil && tx.alive != nil && !tx.lost && !tx.alive() {
		tx.lost = true
	}
	return tx.schema.name(err)
}

// end takes the transaction away from its closure. Who kept it gets an error from
// then on: the connection is another's by now.
func (tx *Tx) end() {
	tx.closeRows()
	tx.session, tx.alive = over{}, nil
}

// over is the session of a transaction that has ended.
type over struct{}

func (over) exec(context.Context, string, []any) (int64, error) { return 0, ErrOver }

func (over) query(context.Context, string, []any) (Rows, error) { return nil, ErrOver }

// closeRows ends what a closure left open, so that the transaction can end.
func (tx *Tx) closeRows() {
	for _, rows := range tx.open {
		rows.Close()
	}
	tx.open = nil
}

// Scanner is a row that can be read.
type Scanner interface{ Scan(dest ...any) error }

// One reads the single row of a query; sql.ErrNoRows when there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	row := tx.QueryRow(ctx, query, args...)
	v, err := scan(row)
	if row.rows != nil {
		row.rows.Close() // scan may have left it open
	}
	return v, err
}

// All reads every row of a query.
func All[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, tx.failed(err)
	}
	return out, nil
}

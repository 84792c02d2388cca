package storage

import (
	"context"
	"database/sql"
	"time"
)

// Tx is a running transaction with its own clock and id source. Now is the
// same for all that happens in it. A use case gets a Tx, never opens one.
type Tx struct {
	Now     time.Time
	sql     *sql.Tx
	dialect Dialect
	schema  schema
	newID   func(time.Time) ID
	after   []func()
}

// Dialect tells which engine runs the transaction.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// NewID makes a fresh id.
func (tx *Tx) NewID() ID { return tx.newID(tx.Now) }

// AfterCommit runs f once the change is durable, never when it is rolled back.
// For live events and caches only; whatever must happen goes through jobs.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.sql.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, tx.schema.name(err)
	}
	return res.RowsAffected()
}

// Query runs a statement that gives rows; close them before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.sql.QueryContext(ctx, query, args...)
	return rows, tx.schema.name(err)
}

// QueryRow runs a statement that gives at most one row.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.sql.QueryRowContext(ctx, query, args...)
}

// Scanner is a row that can be read.
type Scanner interface{ Scan(dest ...any) error }

// One reads the single row of a query; sql.ErrNoRows when there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(tx.QueryRow(ctx, query, args...))
	return v, tx.schema.name(err)
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
	return out, tx.schema.name(rows.Err())
}

// Micros is an instant as it is stored: microseconds since 1970 UTC, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Instant reads what Micros stored.
func Instant(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

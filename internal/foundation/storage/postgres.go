package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

func (s *Store) connectPostgreSQL() error {
	db, err := sql.Open("pgx", s.options.URL)
	if err != nil {
		return err
	}
	count := s.options.MaxConns
	if count == 0 {
		count = 16
	}
	db.SetMaxOpenConns(count)
	db.SetMaxIdleConns(count)
	s.db = db
	return nil
}

// postgresTx is a session on PostgreSQL; pgx keeps the prepared statements.
type postgresTx struct{ tx *sql.Tx }

func (p postgresTx) exec(ctx context.Context, query string, args []any) (int64, error) {
	res, err := p.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (p postgresTx) query(ctx context.Context, query string, args []any) (Rows, error) {
	rows, err := p.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err // not a nil *sql.Rows in an interface
	}
	return rows, nil
}

// writeAttempts bounds how often PostgreSQL may ask to run a write again.
const writeAttempts = 20

func (s *Store) writePostgreSQL(ctx context.Context, f func(ctx context.Context, tx *Tx) error, o writeOptions, done func()) (*Tx, error) {
	for attempt := 1; ; attempt++ {
		tx, err := s.writeOnce(ctx, f, o, done)
		if err == nil || !mayRunAgain(err) {
			return tx, err
		}
		if attempt == writeAttempts {
			return nil, fmt.Errorf("after %d attempts: %w", attempt, err)
		}
		// 1 to 2, 2 to 4, … up to 128 ms: those who collided do not meet again.
		pause := time.Millisecond << min(attempt-1, 6)
		select {
		case <-time.After(pause + rand.N(pause)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// errStale is of a connection that turned out to be closed before anything ran on it,
// as when the transaction before it passed its deadline at that moment.
var errStale = errors.New("storage: the connection was closed before the transaction began")

// errUnsure is of a write whose time was over while PostgreSQL made it durable: the answer
// was not waited for. Nobody may say that it is not there, or do it again unseen.
var errUnsure = errors.New("storage: the commit was cut off, and whether it is there is not known")

// stale turns what database/sql says of a connection that was closed meanwhile into
// errStale. It exchanges such a connection three times only, also where a queue of
// callers is handed one after the other, and a pinned one never.
func stale(err error) error {
	if errors.Is(err, driver.ErrBadConn) {
		return errStale
	}
	return err
}

// mayRunAgain reports serialisation failures, deadlocks, a connection that was closed
// before the transaction began, and a statement that was prepared before a newer replica
// changed the tables.
func mayRunAgain(err error) bool {
	if errors.Is(err, errStale) {
		return true
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "0A000" && pg.Routine == "RevalidateCachedQuery")
}

// writeOnce calls done when the deadline passes while the closure goes on: its
// transaction is rolled back then, and its connection given back.
func (s *Store) writeOnce(ctx context.Context, f func(ctx context.Context, tx *Tx) error, o writeOptions, done func()) (*Tx, error) {
	conn, err := s.db.Conn(ctx) // she may leave while she waits for a connection
	if err != nil {
		return nil, stale(err)
	}
	defer conn.Close()
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.limit)
	defer cancel()
	stop := context.AfterFunc(own, func() {
		_ = conn.Close() // waits for the rollback, which the deadline begins
		done()
	})
	defer stop()
	level := sql.LevelReadCommitted
	if o.serializable {
		level = sql.LevelSerializable
	}
	t, err := conn.BeginTx(own, &sql.TxOptions{Isolation: level})
	if err != nil {
		return nil, stale(err)
	}
	defer t.Rollback()
	tx := s.newTx(postgresTx{t})
	tx.ctx = own
	err = f(closureContext{Context: own, values: ctx}, tx)
	tx.end()
	if late := own.Err(); late != nil && !errors.Is(err, late) {
		err = errors.Join(late, err)
	}
	if err != nil {
		return nil, err
	}
	if err := t.Commit(); errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("%w: %v", errUnsure, err) // not wrapped: it is not known to have failed
	} else if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

func (s *Store) readPostgreSQL(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	var t *sql.Tx
	for attempt := 1; ; attempt++ {
		var err error
		t, err = s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err == nil {
			break
		}
		if stale(err) != errStale || attempt == writeAttempts { // nothing of f has run: begin on another
			return err
		}
	}
	defer t.Rollback()
	tx := s.newTx(postgresTx{t})
	tx.reads = true
	defer tx.end()
	return f(ctx, tx)
}

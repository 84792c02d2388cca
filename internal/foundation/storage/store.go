// Package storage keeps everything in SQLite or PostgreSQL behind one door:
// Write for a change, Read for a look.
package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Options say where the data lives. Exactly one of Path and URL is set.
type Options struct {
	Path  string           // SQLite file
	URL   string           // PostgreSQL, postgres://…
	Clock func() time.Time // nil: the system's clock

	migrations fs.FS // nil: the embedded ones
}

// Store is an open database.
type Store struct {
	dialect Dialect
	writer  *sql.DB
	reader  *sql.DB
	schema  schema
	clock   func() time.Time
}

// Open opens the database, makes it when it is not there, and brings its tables up to date.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{clock: o.Clock}
	if s.clock == nil {
		s.clock = time.Now
	}
	if o.migrations == nil {
		o.migrations = embedded
	}
	var err error
	if o.URL != "" {
		s.dialect = PostgreSQL
		if s.writer, err = sql.Open("pgx", o.URL); err != nil {
			return nil, err
		}
		s.reader = s.writer
	} else {
		s.dialect = SQLite
		dsn := "file:" + o.Path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
		if s.writer, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
			return nil, err
		}
		s.writer.SetMaxOpenConns(1)
		if s.reader, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
			return nil, err
		}
		s.reader.SetMaxOpenConns(8)
	}
	if err := migrate(ctx, s.writer, s.dialect, o.migrations); err != nil {
		s.Close()
		return nil, fmt.Errorf("migrate: %w", err)
	}
	if s.dialect == SQLite {
		if s.schema, err = readSchema(ctx, s.writer); err != nil {
			s.Close()
			return nil, fmt.Errorf("read the schema: %w", err)
		}
	}
	return s, nil
}

// Dialect tells which engine this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Close ends the store.
func (s *Store) Close() error {
	if s.reader != nil && s.reader != s.writer {
		s.reader.Close()
	}
	return s.writer.Close()
}

// Write runs f in one transaction and answers after it is durable. f may run
// more than once, so it touches nothing but tx.
func (s *Store) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	return s.run(ctx, s.writer, nil, f)
}

// Read runs f on one unchanging view of the data.
func (s *Store) Read(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	return s.run(ctx, s.reader, &sql.TxOptions{ReadOnly: s.dialect == PostgreSQL}, f)
}

func (s *Store) run(ctx context.Context, db *sql.DB, o *sql.TxOptions, f func(ctx context.Context, tx *Tx) error) error {
	t, err := db.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	defer t.Rollback()
	tx := &Tx{Now: s.clock().UTC().Truncate(time.Microsecond), sql: t, dialect: s.dialect, schema: s.schema, newID: func(at time.Time) ID { return NewID(at, rand.Reader) }}
	if err := f(ctx, tx); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return s.schema.name(err)
	}
	for _, g := range tx.after {
		g()
	}
	return nil
}

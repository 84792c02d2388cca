package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"testing/fstest"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

// Options say where the data lives. Exactly one of Path and URL is set.
type Options struct {
	Path      string           // SQLite file
	URL       string           // PostgreSQL, postgres://…
	Clock     func() time.Time // nil: the system's clock
	BackupKey string           // passphrase of backups, empty: backups are not encrypted
	MaxConns  int              // PostgreSQL connections, 0 for 16
	Rules     *BackupRules     // of backups; nil: they hold all there is, and no slots

	// Replanned is told each statement that SQLite planned anew though it was
	// prepared, which costs as much as all the rest of it. nil: nobody is told.
	Replanned func(query string)

	// BeforeMigrate is called before a database with rows in it is brought up to
	// date; its error leaves the database as it is. nil: nothing is done.
	BeforeMigrate func(ctx context.Context, s *Store, p Pending) error

	migrations fs.FS         // nil: the embedded ones
	limit      time.Duration // of a write, 0 for writeLimit
}

// Store is an open database.
type Store struct {
	dialect   Dialect
	options   Options
	clock     func() time.Time
	schema    schema
	db        *sql.DB  // PostgreSQL
	writer    *writer  // SQLite
	readers   *readers // SQLite
	signals   signals
	stamps    stamps       // SQLite
	gate      sync.RWMutex // guards closed against a Write that begins
	closed    bool
	running   sync.WaitGroup // writes and reads that have begun
	closeOnce sync.Once
	closeErr  error
}

// Errors of the store itself.
var (
	ErrClosed = errors.New("storage: the store is closed")
	ErrNested = errors.New("storage: a transaction inside a write; use the transaction at hand")
	ErrWriter = errors.New("storage: too long for a write, in which nobody else writes")
	ErrOver   = errors.New("storage: the transaction is over; nothing may keep it")
)

// Open opens the database, makes it when it is not there, and brings its
// tables up to date. A database that is newer than this binary is ErrNewer.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Path != "" {
		if err := keepPrivate(o.Path); err != nil {
			return nil, err
		}
	}
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	files, err := timeline(s.dialect, s.options.migrations)
	if err == nil {
		err = s.beforeMigrate(ctx, files)
	}
	if err == nil {
		err = s.prepare(ctx, files)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenAsIs opens a database to look at it, whatever its version: nothing is made
// and nothing is brought up to date. fs.ErrNotExist when the file of SQLite is
// not there. Broken constraints have no names in it.
func OpenAsIs(o Options) (*Store, error) {
	if o.Path != "" {
		if _, err := os.Stat(o.Path); err != nil {
			return nil, err
		}
	}
	return connect(o)
}

// connect opens the engine without looking at its tables.
func connect(o Options) (*Store, error) {
	if (o.Path == "") == (o.URL == "") {
		return nil, errors.New("storage: one of path and URL is needed")
	}
	s := &Store{options: o, clock: o.Clock}
	if s.options.limit == 0 {
		s.options.limit = writeLimit
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.options.migrations == nil {
		s.options.migrations = embedded
	}
	if o.URL != "" {
		s.dialect = PostgreSQL
		return s, s.connectPostgreSQL()
	}
	s.dialect = SQLite
	return s, s.connectSQLite()
}

// prepare migrates and learns the names of the constraints.
func (s *Store) prepare(ctx context.Context, files fstest.MapFS) error {
	db := s.db
	if s.dialect == SQLite {
		var err error
		if db, err = openSQLite(s.options.Path, "&_txlock=immediate"); err != nil {
			return err
		}
		defer db.Close()
	}
	if err := migrate(ctx, db, s.dialect, files); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if s.dialect == SQLite {
		var err error
		if s.schema, err = readSchema(ctx, db); err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		return s.reconnect()
	}
	return nil
}

// Dialect tells which engine this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Now is the store's clock, for what happens outside a transaction.
func (s *Store) Now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Close waits for the transactions that run and ends the store.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.gate.Lock()
		s.closed = true
		s.gate.Unlock()
		s.running.Wait()
		if s.db != nil {
			s.closeErr = s.db.Close()
			return
		}
		s.stamps.close()
		if s.readers != nil {
			s.readers.close()
		}
		if s.writer != nil {
			s.writer.close()
		}
	})
	return s.closeErr
}

// begin notes a transaction that runs; done ends it.
func (s *Store) begin(ctx context.Context) (done func(), err error) {
	if ctx.Value(insideWrite{}) != nil {
		return nil, ErrNested
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	s.running.Add(1)
	return s.running.Done, nil
}

// insideWrite marks the context of a closure of Write.
type insideWrite struct{}

// WriteOption changes how one Write runs.
type WriteOption func(*writeOptions)

type writeOptions struct {
	serializable bool
	long         bool
	limit        time.Duration
}

// Serializable makes a write behave as if no other ran beside it. SQLite is
// always so. On PostgreSQL the default is READ COMMITTED, where a conditional
// UPDATE and every constraint hold, but where a row read before may have
// changed: ask for this when a decision rests on rows that the write only
// reads. It costs repeated runs under contention.
func Serializable(o *writeOptions) { o.serializable = true }

// Long gives a write ten minutes instead of ten seconds and, on SQLite, a
// commit of its own. Nobody else writes meanwhile: an import takes many such
// turns of a few hundred rows instead of one.
func Long(o *writeOptions) { o.long, o.limit = true, longLimit }

// How long a closure may hold its transaction.
const (
	writeLimit = 10 * time.Second
	longLimit  = 10 * time.Minute
)

// Write runs f in one transaction and answers after it is durable. f may run
// more than once, so it touches nothing but tx. Its context carries the
// caller's values but not her cancellation: what has begun is finished. A
// caller who leaves before it has begun gets the error of her context.
func (s *Store) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error, options ...WriteOption) error {
	o := writeOptions{limit: s.options.limit}
	for _, set := range options {
		set(&o)
	}
	tx, err := s.commit(ctx, f, o)
	if err != nil {
		return err
	}
	for _, g := range tx.after {
		g()
	}
	s.signals.raise(tx.raised)
	return nil
}

func (s *Store) commit(ctx context.Context, f func(ctx context.Context, tx *Tx) error, o writeOptions) (*Tx, error) {
	done, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	done = sync.OnceFunc(done)
	defer done()
	if s.dialect == SQLite {
		return s.writer.write(ctx, f, o, done)
	}
	return s.writePostgreSQL(ctx, f, o, done)
}

// Read runs f on one unchanging view of the data.
func (s *Store) Read(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if s.dialect == SQLite {
		return s.readSQLite(ctx, f)
	}
	return s.readPostgreSQL(ctx, f)
}

func (s *Store) newTx(session session) *Tx {
	return &Tx{Now: s.Now(), session: session, dialect: s.dialect, schema: s.schema, newID: func(at time.Time) ID { return NewID(at, rand.Reader) }}
}

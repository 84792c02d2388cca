package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"platforma.kg/ashar/internal/foundation/storage/lite"
)

// pragmas are the rules of every connection: write-ahead log, a sync for each
// commit, foreign keys. What a savepoint would undo is kept in memory, not in a
// file. The log grows to 16 MB before it is copied into the database: pages
// that many changes touch are copied once. What is deleted is overwritten where
// it stood; Forget empties the log.
var pragmas = []string{
	"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)",
	"journal_size_limit(67108864)", "wal_autocheckpoint(4000)", "temp_store(MEMORY)", "secure_delete(FAST)",
}

// openSQLite gives a pool for the migrations, which need database/sql.
func openSQLite(path, more string) (*sql.DB, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	name := "file:" + escaped + "?_pragma=" + strings.Join(pragmas, "&_pragma=") + more
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	defer db.Close() // it has no connection yet, and only tells its driver
	return sql.OpenDB(connector{db.Driver(), name}), nil
}

// connector opens connections as opened does.
type connector struct {
	driver driver.Driver
	name   string
}

func (c connector) Driver() driver.Driver { return c.driver }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	return opened(ctx, func() (driver.Conn, error) { return c.driver.Open(c.name) })
}

// patience bounds how long a connection is tried that others keep from opening:
// as long as a statement waits for a lock (busy_timeout).
const patience = 10 * time.Second

// opened tries again what fails since another connection to the file opens or ends
// at this moment: SQLite changes to the write-ahead log, or cleans it up, under a
// lock for which it does not wait, whatever busy_timeout says.
func opened[C any](ctx context.Context, open func() (C, error)) (C, error) {
	until := time.Now().Add(patience)
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		c, err := open()
		if err == nil || !busy(err) || time.Now().After(until) {
			return c, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return c, err
		}
	}
}

// busy reports whether SQLite refused since another connection holds a lock.
func busy(err error) bool {
	var ours *lite.Error
	var pooled *sqlite.Error
	return errors.As(err, &ours) && ours.Code&0xff == sqlite3.SQLITE_BUSY ||
		errors.As(err, &pooled) && pooled.Code()&0xff == sqlite3.SQLITE_BUSY
}

// liteSession runs statements on a connection of its own.
type liteSession struct{ *lite.Conn }

func (s liteSession) exec(ctx context.Context, query string, args []any) (int64, error) {
	return s.Exec(ctx, query, args)
}

func (s liteSession) query(ctx context.Context, query string, args []any) (Rows, error) {
	rows, err := s.Query(ctx, query, args)
	if err != nil {
		return nil, err // not a nil *lite.Rows in an interface
	}
	return rows, nil
}

func (s liteSession) run(query string) error {
	_, err := s.Exec(context.Background(), query, nil)
	return err
}

func (s *Store) openSession(more ...string) (liteSession, error) {
	conn, err := opened(context.Background(), func() (*lite.Conn, error) {
		return lite.Open(s.options.Path, append(pragmas[:len(pragmas):len(pragmas)], more...)...)
	})
	if err != nil {
		return liteSession{}, err
	}
	conn.Replanned = s.options.Replanned
	return liteSession{conn}, nil
}

// keepPrivate makes the file of a database, when it is not there yet, for its owner
// alone, and takes away what others may do with one that is. The log and the index
// that SQLite makes beside it are as private as it is.
func keepPrivate(path string) error {
	// Only a file that nobody has open yet is opened here: to close it would take
	// away SQLite's locks.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return file.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil // SQLite says what is wrong with its folder
	}
	for _, ending := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + ending)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			if err := os.Chmod(path+ending, mode&0o600); err != nil && !errors.Is(err, fs.ErrPermission) { // then it is another account's
				return fmt.Errorf("others on this machine can read the database: %w", err)
			}
		}
	}
	return nil
}

func (s *Store) connectSQLite() (err error) {
	if s.writer, err = startWriter(func() (liteSession, error) { return s.openSession() }, s.newTx); err != nil {
		return err
	}
	s.readers = newReaders(min(16, max(8, 4*runtime.GOMAXPROCS(0))))
	return nil
}

// reconnect takes new connections, which have not seen the tables of before.
func (s *Store) reconnect() error {
	s.readers.close()
	s.writer.close()
	s.readers, s.writer = nil, nil
	return s.connectSQLite()
}

// readers lends read-only connections, opened when first needed.
type readers struct {
	free chan liteSession // empty: not opened yet
}

func newReaders(count int) *readers {
	r := &readers{free: make(chan liteSession, count)}
	for range count {
		r.free <- liteSession{}
	}
	return r
}

func (r *readers) close() {
	for range cap(r.free) {
		if c := <-r.free; c.Conn != nil {
			c.Close()
		}
	}
}

func (s *Store) readSQLite(ctx context.Context, f func(ctx context.Context, tx *Tx) error) (err error) {
	var c liteSession
	select {
	case c = <-s.readers.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.readers.free <- c }()
	if c.Conn == nil {
		if c, err = s.openSession("query_only(1)", "cache_size(-8000)"); err != nil {
			return err
		}
	}
	drop := func() {
		c.Close()
		c = liteSession{}
	}
	if err := c.run("BEGIN"); err != nil {
		drop()
		return err
	}
	tx := s.newTx(c)
	tx.reads = true
	stop := c.Watch(ctx)
	defer func() {
		stop()
		tx.end()
		if err := c.run("ROLLBACK"); err != nil {
			drop()
		}
	}()
	return f(ctx, tx)
}

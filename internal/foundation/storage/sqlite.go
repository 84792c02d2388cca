package storage

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
)

// openSQLite gives a pool whose every connection keeps the rules: write-ahead
// log, a sync for each commit, foreign keys.
func openSQLite(path, more string) (*sql.DB, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return sql.Open("sqlite", "file:"+escaped+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=journal_size_limit(67108864)&_pragma=wal_autocheckpoint(4000)"+
		// Savepoints of a group commit keep what they would undo in memory, not in a file.
		"&_pragma=temp_store(MEMORY)"+more)
}

func (s *Store) connectSQLite(ctx context.Context) error {
	write, err := openSQLite(s.options.Path, "")
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	if s.writer, err = startWriter(ctx, write, s.newTx); err != nil {
		return errors.Join(err, write.Close())
	}
	read, err := openSQLite(s.options.Path, "&_pragma=query_only(1)")
	if err != nil {
		return errors.Join(err, s.writer.close())
	}
	s.readers = newReaders(read, min(16, max(8, 4*runtime.GOMAXPROCS(0))))
	return nil
}

// readers lends read-only connections, opened when first needed.
type readers struct {
	db   *sql.DB
	free chan *connection // nil: not opened yet
}

func newReaders(db *sql.DB, count int) *readers {
	db.SetMaxOpenConns(count)
	db.SetMaxIdleConns(count)
	r := &readers{db: db, free: make(chan *connection, count)}
	for range count {
		r.free <- nil
	}
	return r
}

func (r *readers) close() error {
	for range cap(r.free) {
		if c := <-r.free; c != nil {
			c.close()
		}
	}
	return r.db.Close()
}

func (s *Store) readSQLite(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	var c *connection
	select {
	case c = <-s.readers.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.readers.free <- c }()
	if c == nil {
		conn, err := s.readers.db.Conn(ctx)
		if err != nil {
			return err
		}
		c = newConnection(conn)
	}
	background := context.Background() // a cancelled caller still ends her transaction
	if err := c.run(background, "BEGIN"); err != nil {
		c.close()
		c = nil
		return err
	}
	tx := s.newTx(c)
	defer func() {
		tx.closeRows()
		if err := c.run(background, "ROLLBACK"); err != nil {
			c.close()
			c = nil
		}
	}()
	return f(ctx, tx)
}

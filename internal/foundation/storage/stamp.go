package storage

import (
	"context"
	"strconv"
	"sync"
)

// stamps is the connection that watches a SQLite database. It changes nothing
// itself, so that every commit is another's to it.
type stamps struct {
	mu     sync.Mutex
	conn   liteSession
	opened int64 // how often: the numbers of two connections mean nothing to each other
}

func (s *stamps) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn.Conn != nil {
		s.conn.Close()
		s.conn = liteSession{}
	}
}

// Stamp names the state of the data: as long as Stamp gives the same, no change
// has been committed, by this process or another. What was read after Stamp was
// asked is at least as new as the stamp.
//
// On SQLite it is the engine's own data_version. On PostgreSQL it is the
// snapshot that a statement sees: a transaction that commits leaves the list of
// those that run, or raises the number of the last one.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	done, err := s.begin(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	if s.dialect == PostgreSQL {
		var snapshot string
		err := s.db.QueryRowContext(ctx, "SELECT pg_current_snapshot()::text").Scan(&snapshot)
		return snapshot, err
	}
	return s.stamps.stamp(s)
}

func (s *stamps) stamp(store *Store) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn.Conn == nil {
		conn, err := store.openSession("query_only(1)")
		if err != nil {
			return "", err
		}
		s.conn, s.opened = conn, s.opened+1
	}
	version, err := One(context.Background(), store.newTx(s.conn), scanCount, "PRAGMA data_version")
	if err != nil {
		s.conn.Close()
		s.conn = liteSession{}
		return "", err
	}
	return strconv.FormatInt(s.opened, 10) + "." + strconv.FormatInt(version, 10), nil
}

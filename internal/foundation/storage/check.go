package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Check looks whether the database is whole: pages, indexes and foreign keys
// on SQLite; on PostgreSQL, whose own tools check pages, that every table can
// be read. All that is wrong is in the error.
func (s *Store) Check(ctx context.Context) error {
	var found []error
	err := s.Read(ctx, func(ctx context.Context, tx *Tx) error {
		found = nil
		if s.dialect == SQLite {
			return checkSQLite(ctx, tx, &found)
		}
		tables, err := tx.tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if _, err := One(ctx, tx, scanCount, "SELECT count(*) FROM "+quote(t.Name)+" AS t WHERE t IS DISTINCT FROM NULL"); err != nil {
				return fmt.Errorf("read table %s: %w", t.Name, err)
			}
		}
		return nil
	})
	return errors.Join(append(found, err)...)
}

func checkSQLite(ctx context.Context, tx *Tx, found *[]error) error {
	problems, err := All(ctx, tx, scanText, "PRAGMA integrity_check")
	if err != nil {
		return err
	}
	for _, p := range problems {
		if p != "ok" {
			*found = append(*found, fmt.Errorf("integrity: %s", p))
		}
	}
	orphans, err := All(ctx, tx, func(r Scanner) (string, error) {
		var table, parent string
		var row sql.NullInt64
		var key int64
		err := r.Scan(&table, &row, &parent, &key)
		return fmt.Sprintf("row %d of %s points to a row of %s that is not there", row.Int64, table, parent), err
	}, "PRAGMA foreign_key_check")
	for _, o := range orphans {
		*found = append(*found, errors.New(o))
	}
	return err
}

// Size is the room that the database takes on its disk, in bytes.
func (s *Store) Size(ctx context.Context) (bytes int64, err error) {
	if s.dialect == PostgreSQL {
		err = s.Read(ctx, func(ctx context.Context, tx *Tx) error {
			bytes, err = One(ctx, tx, scanCount, "SELECT pg_database_size(current_database())")
			return err
		})
		return bytes, err
	}
	done, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	for _, ending := range []string{"", "-wal"} {
		info, err := os.Stat(s.options.Path + ending)
		if err == nil {
			bytes += info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return 0, err
		}
	}
	return bytes, nil
}

// Vacuum gives space that deleted rows held back to the disk and refreshes
// what the planner knows. Writes wait meanwhile on SQLite.
func (s *Store) Vacuum(ctx context.Context) error {
	return s.tidy(ctx, "VACUUM (ANALYZE)", "VACUUM", "ANALYZE", emptyLog)
}

// Forget empties the write-ahead log into the file, so that bytes deleted before
// the call are on the disk no more. A long read may stand in its way; then the
// next call does it. On PostgreSQL it is vacuum and the server's log that decide,
// and Forget only asks for a vacuum of nothing but dead rows.
func (s *Store) Forget(ctx context.Context) error { return s.tidy(ctx, "VACUUM", emptyLog) }

const emptyLog = "PRAGMA wal_checkpoint(TRUNCATE)"

// tidy runs what no transaction may hold, on SQLite on a connection of its own.
func (s *Store) tidy(ctx context.Context, postgreSQL string, sqlite ...string) error {
	done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if s.dialect == PostgreSQL {
		_, err := s.db.ExecContext(ctx, postgreSQL)
		return err
	}
	conn, err := s.openSession()
	if err != nil {
		return err
	}
	defer conn.Close()
	defer conn.Watch(ctx)()
	for _, statement := range sqlite {
		if _, err := conn.exec(ctx, statement, nil); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func scanText(r Scanner) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

func scanCount(r Scanner) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}

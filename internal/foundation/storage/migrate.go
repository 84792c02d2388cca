package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var embedded embed.FS

var portable = regexp.MustCompile(`\b(BYTEA|BIGINT|BOOLEAN|DOUBLE PRECISION)\b`)

// timeline gives the migrations of one engine. A file name.sql is for both, in
// PostgreSQL's type names; name.sqlite.sql and name.postgres.sql are for one.
// For SQLite the types become BLOB, INTEGER, INTEGER and REAL, and every table
// whose definition ends with ");" at the start of a line becomes STRICT.
func timeline(d Dialect, from fs.FS) (fstest.MapFS, error) {
	out := fstest.MapFS{}
	entries, err := fs.ReadDir(from, "migrations")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		body, err := fs.ReadFile(from, "migrations/"+name)
		if err != nil {
			return nil, err
		}
		switch {
		case strings.HasSuffix(name, ".sqlite.sql"):
			if d != SQLite {
				continue
			}
			name = strings.TrimSuffix(name, ".sqlite.sql") + ".sql"
		case strings.HasSuffix(name, ".postgres.sql"):
			if d != PostgreSQL {
				continue
			}
			name = strings.TrimSuffix(name, ".postgres.sql") + ".sql"
		case d == SQLite:
			text := portable.ReplaceAllStringFunc(string(body), func(t string) string {
				switch t {
				case "BYTEA":
					return "BLOB"
				case "DOUBLE PRECISION":
					return "REAL"
				}
				return "INTEGER"
			})
			body = []byte(strings.ReplaceAll(text, "\n);", "\n) STRICT;"))
		}
		out[name] = &fstest.MapFile{Data: body}
	}
	return out, nil
}

// TimelineSum tells one set of migrations from another, in 16 hexadecimal digits.
func TimelineSum(d Dialect) (string, error) {
	files, err := timeline(d, embedded)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s\n%s\n", name, files[name].Data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// ErrNewer says that a newer binary has changed the tables: this one must not
// touch them. Start the newer binary, or restore a backup from before.
var ErrNewer = errors.New("storage: the database is newer than this binary")

// migrationAttempts bounds how often a process that lost the race to migrate
// looks again while nothing moves. Each migration is one transaction with its own mark, so that
// of processes that start together one does it and the others find it done: as long as there
// are more marks at each look, somebody goes on, and that ends with the last migration.
const migrationAttempts = 5

func migrate(ctx context.Context, db *sql.DB, d Dialect, files fstest.MapFS) error {
	p, err := provider(db, d, files)
	if err != nil {
		return err
	}
	done := 0
	for attempt := 1; ; attempt++ {
		found, err := migrateOnce(ctx, db, p)
		if found > done {
			done, attempt = found, 1
		}
		if err == nil || errors.Is(err, ErrNewer) || ctx.Err() != nil || attempt == migrationAttempts {
			return err
		}
		select {
		case <-time.After(time.Duration(attempt) * 50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func provider(db *sql.DB, d Dialect, files fstest.MapFS) (*goose.Provider, error) {
	// Modules have number ranges of their own, so a lower number may come later.
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	dialect := goose.DialectSQLite3
	if d == PostgreSQL {
		dialect = goose.DialectPostgres
		turns, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks each second, five minutes
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(turns))
	}
	return goose.NewProvider(dialect, db, files, options...)
}

// migrateOnce does what is to be done; found is how many migrations it found done.
func migrateOnce(ctx context.Context, db *sql.DB, p *goose.Provider) (found int, err error) {
	if _, err := p.GetDBVersion(ctx); err != nil {
		return 0, err
	}
	known := map[int64]bool{0: true}
	for _, source := range p.ListSources() {
		known[source.Version] = true
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id FROM goose_db_version WHERE is_applied")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		if err := rows.Scan(&version); err != nil {
			return 0, err
		}
		found++
		if !known[version] {
			return 0, fmt.Errorf("%w: it has migration %04d", ErrNewer, version)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	_, err = p.Up(ctx)
	return found, err
}

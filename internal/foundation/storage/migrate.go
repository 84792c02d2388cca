package storage

import (
	"context"
	"database/sql"
	"embed"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

var portable = regexp.MustCompile(`\b(BYTEA|BIGINT|BOOLEAN|DOUBLE PRECISION)\b`)

// timeline gives the migrations of one engine. A file name.sql is for both, in
// PostgreSQL's type names; name.sqlite.sql and name.postgres.sql are for one.
// For SQLite the types become BLOB, INTEGER, INTEGER and REAL, and every table
// whose definition ends with ");" at the start of a line becomes STRICT.
func timeline(d Dialect) (fstest.MapFS, error) {
	out := fstest.MapFS{}
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		body, err := migrations.ReadFile("migrations/" + name)
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

func migrate(ctx context.Context, db *sql.DB, d Dialect) error {
	files, err := timeline(d)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

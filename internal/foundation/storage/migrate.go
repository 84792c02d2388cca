package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
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

func migrate(ctx context.Context, db *sql.DB, d Dialect, from fs.FS) error {
	files, err := timeline(d, from)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db, files, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
)

// explained names, for each table of the version before from which an upgrade
// takes rows, how many go. Why they go is said beside the number.
var explained = map[string]int64{
	"session":          5,  // of applications, where nothing is left of the application or its person is proven; and of a passkey that goes
	"passkey":          1,  // made in the session of an application, by nobody knows whom
	"passkey_ceremony": 1,  // a question to a passkey, which is asked again
	"job":              -1, // the daily tidying is asked for
	"setting":          -1, // the mark by which the secret is known
}

func rowsAreKept(t *testing.T, b before) {
	have := map[string]int64{}
	tables, err := b.store.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, table := range tables {
			var rows int64
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM "`+table.Name+`"`).Scan(&rows); err != nil {
				return err
			}
			have[table.Name] = rows
		}
		return nil
	})
	for table, rows := range b.saved.Tables {
		// Rows that an erasure had left are shells by now, or gone.
		if want := rows - explained[table] - b.saved.OfErased[table]; have[table] != want {
			t.Errorf("%s has %d rows, want %d of %d", table, have[table], want, rows)
		}
	}
	if len(b.saved.Tables) == 0 {
		t.Error("the manifest names no table")
	}
}

func filesAreKept(t *testing.T, b before) {
	if len(b.saved.Files) == 0 {
		t.Error("the manifest names no file")
	}
	for _, f := range b.saved.Files {
		raw, err := os.ReadFile(filepath.Join(b.data, filepath.FromSlash(f.Name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s is another file", f.Name)
		}
	}
}

// counts gives the rows of a table by a column.
func (b before) counts(t *testing.T, query string, args ...any) map[string]int {
	t.Helper()
	out := map[string]int{}
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		clear(out)
		_, err := storage.All(ctx, tx, func(row storage.Scanner) (_ struct{}, err error) {
			var name string
			var rows int
			err = row.Scan(&name, &rows)
			out[name] = rows
			return struct{}{}, err
		}, query, args...)
		return err
	})
	return out
}

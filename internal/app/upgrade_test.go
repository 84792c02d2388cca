package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// installations gives an installation without data on each engine.
func installations(t *testing.T, f func(t *testing.T, c config.Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()})
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		f(t, config.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: storagetest.Database(t, false)})
	})
}

// openAt opens a house for the time of a use.
func openAt(t *testing.T, c config.Config, o Options, use func(a *App)) {
	t.Helper()
	a, err := Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	use(a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func keysOf(t *testing.T, c config.Config) *seal.Keyring {
	t.Helper()
	keys, err := seal.ReadFile(c.Keys())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func settle(t *testing.T, a *App, names ...string) (ids []storage.ID) {
	t.Helper()
	for _, name := range names {
		err := a.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			p, err := a.rooms.people.Register(ctx, tx, people.Details{FullName: name, Email: strings.ToLower(name) + "@example.org"})
			ids = append(ids, p.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// makeOlder takes the tables back to what the version before knew.
func makeOlder(t *testing.T, c config.Config) {
	t.Helper()
	s, err := storage.OpenAsIs(databaseOptions(c, nil))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, query := range []string{
			`DELETE FROM person_erased`, `ALTER TABLE person_erased RENAME COLUMN name TO id`,
			`DELETE FROM goose_db_version WHERE version_id = 84`, `DELETE FROM setting`,
		} {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

// isOlder reports whether the tables are those of the version before.
func isOlder(t *testing.T, c config.Config) bool {
	t.Helper()
	s, err := storage.OpenAsIs(databaseOptions(c, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := s.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range list {
		if table.Name == "person_erased" {
			return table.Columns[0].Name == "id"
		}
	}
	t.Fatal("there is no table person_erased")
	return false
}

func TestBeforeTheTablesChangeABackupIsWrittenOrNothingIsChanged(t *testing.T) {
	t.Parallel()
	installations(t, func(t *testing.T, c config.Config) {
		var said []string
		o := Options{Say: func(line string) { said = append(said, line) }}
		var ids []storage.ID
		openAt(t, c, o, func(a *App) { ids = settle(t, a, "Anna", "Bermet", "Chynara") })
		openAt(t, c, o, func(*App) {})
		if entries, err := os.ReadDir(BackupsFolder(c)); !missing(err) || len(said) > 0 {
			t.Errorf("a new house and a second start leave %v, %v, say %q", entries, err, said)
		}
		makeOlder(t, c)

		full := o
		full.room = func(string) (int64, error) { return 1000, nil }
		if a, err := Open(t.Context(), c, full); err == nil || !strings.Contains(err.Error(), "no room") || !strings.Contains(err.Error(), "Make room") {
			t.Errorf("without room: %v", err)
			a.Close()
		}
		if entries, err := os.ReadDir(BackupsFolder(c)); err != nil || len(entries) > 0 || !isOlder(t, c) {
			t.Errorf("without room something was changed: %v, %v", entries, err)
		}

		openAt(t, c, o, func(*App) {})
		entries, err := filepath.Glob(filepath.Join(BackupsFolder(c), "before-0084-*.ashar"))
		if err != nil || len(entries) != 1 || isOlder(t, c) {
			t.Fatalf("with room: %v, %v", entries, err)
		}
		if len(said) != 1 || !strings.Contains(said[0], "--as-it-was") || !strings.Contains(said[0], entries[0]) {
			t.Errorf("said %q", said)
		}

		// She is erased after it, and the next backup blanks her in it.
		openAt(t, c, o, func(a *App) {
			if err := a.rooms.people.EraseForGood(t.Context(), ids[1], ids[1]); err != nil {
				t.Fatal(err)
			}
			r, err := a.Backup(t.Context(), filepath.Join(t.TempDir(), "backup"), BackupOptions{})
			if err != nil || r.Owners != 1 {
				t.Errorf("blanked %+v, %v", r, err)
			}
		})
		// Back to the version before, on either engine: the older ashar finds its
		// tables, all the living with their indexes, and whom it is to erase.
		for name, back := range map[string]config.Config{
			"sqlite":     {Addr: c.Addr, Data: t.TempDir(), SecretFile: c.Keys()},
			"postgresql": {Addr: c.Addr, Data: t.TempDir(), SecretFile: c.Keys(), DatabaseURL: storagetest.Database(t, false)},
		} {
			r, err := Restore(t.Context(), back, entries[0], RestoreOptions{AsItWas: true})
			if err != nil || r.People != 2 || len(r.Buried) != 1 || r.Buried[0] != ids[1] || len(r.Unnamed) != 0 {
				t.Fatalf("to %s: %+v, %v", name, r, err)
			}
			if !isOlder(t, back) {
				t.Errorf("to %s: the tables are of today", name)
			}
			list, err := os.ReadFile(filepath.Join(back.Data, "erased"))
			if err != nil || strings.TrimSpace(string(list)) != ids[1].String() {
				t.Errorf("to %s: the older ashar finds %q, %v", name, list, err)
			}
			s, err := storage.OpenAsIs(databaseOptions(back, nil))
			if err != nil {
				t.Fatal(err)
			}
			room := people.New(people.Options{Keys: keysOf(t, c), Store: s})
			err = s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				found, err := room.WithContact(ctx, tx, people.EmailContact, "chynara@example.org")
				if len(found) != 1 || found[0].ID != ids[2] {
					t.Errorf("to %s: the address finds %v", name, found)
				}
				return err
			})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Error(err)
			}
			// And today's ashar goes on from there too.
			openAt(t, back, Options{}, func(a *App) {
				if n, err := a.rooms.people.Count(t.Context()); err != nil || n != 2 {
					t.Errorf("to %s: %d people, %v", name, n, err)
				}
			})
			if _, err := os.Stat(filepath.Join(back.Data, "erased")); !missing(err) {
				t.Errorf("to %s: the ids stay in clear: %v", name, err)
			}
		}
	})
}

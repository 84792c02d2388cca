package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// targets gives an empty database on each engine.
func targets(t *testing.T) map[string]storage.Options {
	t.Helper()
	all := map[string]storage.Options{
		"sqlite":     {Path: filepath.Join(t.TempDir(), "restored.db")},
		"postgresql": {URL: storagetest.Database(t, false)},
	}
	for name, o := range all {
		withShelf(&o)
		all[name] = o
	}
	return all
}

func TestABackupMadeWhilePeopleWriteIsRestoredWholeOnEitherEngine(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "бийик тоо"} {
		storagetest.Each(t, func(t *testing.T, s *storage.Store) {
			ctx := t.Context()
			id := storage.RandomID(s.Now())
			err := s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
				for _, query := range []string{
					"INSERT INTO shelf VALUES (1, 'Өзгөн \u0001 \"a\"')",
					"INSERT INTO book VALUES (9007199254740993, 1, 1, '', 'Манас', TRUE)",
				} {
					if _, err := tx.Exec(ctx, query); err != nil {
						return err
					}
				}
				_, err := tx.Exec(ctx, "INSERT INTO fact (id, day, value, kind, subject) VALUES ($1, '2026-11-22', -5, 'k', NULL)", id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var group sync.WaitGroup
			stop := make(chan struct{})
			begun := make(chan struct{})
			group.Go(func() {
				for i := range 500 {
					select {
					case <-stop:
						return
					default:
					}
					if err := writePair(ctx, s, strconv.Itoa(i)); err != nil {
						t.Error(err)
						return
					}
					if i == 0 {
						close(begun)
					}
				}
			})
			<-begun
			path := filepath.Join(t.TempDir(), "backup")
			if err := s.Backup(ctx, path, nil); err != nil {
				t.Fatal(err)
			}
			close(stop)
			group.Wait()
			if err := s.Backup(ctx, path, nil); !errors.Is(err, fs.ErrExist) {
				t.Errorf("a second backup over the first: %v", err)
			}
			for name, o := range targets(t) {
				o.BackupKey = key
				if _, err := storage.Restore(ctx, o, path, nil); err != nil {
					t.Fatalf("restore to %s: %v", name, err)
				}
				if _, err := storage.Restore(ctx, o, path, nil); !errors.Is(err, storage.ErrNotEmpty) {
					t.Errorf("restore over a full database: %v", err)
				}
				r, err := storage.Open(ctx, o)
				if err != nil {
					t.Fatal(err)
				}
				err = r.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
					var label, title, isbn string
					var book, at int64
					var lent bool
					if err := tx.QueryRow(ctx, "SELECT s.label, b.id, b.title, b.isbn, b.lent FROM book b JOIN shelf s ON s.id = b.shelf_id").Scan(&label, &book, &title, &isbn, &lent); err != nil {
						return err
					}
					if label != "Өзгөн \u0001 \"a\"" || book != 9007199254740993 || title != "Манас" || isbn != "" || !lent {
						t.Errorf("%s: read back %q %d %q %q %t", name, label, book, title, isbn, lent)
					}
					var subject storage.ID
					var got storage.ID
					if err := tx.QueryRow(ctx, "SELECT id, value, subject FROM fact").Scan(&got, &at, &subject); err != nil {
						return err
					}
					if got != id || at != -5 || !subject.IsZero() {
						t.Errorf("%s: read back %v %d %v", name, got, at, subject)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				got := settings(t, r)
				if len(got) == 0 || len(got)%2 != 0 {
					t.Errorf("%s: the backup holds half a write: %d rows", name, len(got))
				}
				// What guards the tables guards them again.
				err = r.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, "INSERT INTO book VALUES (2, 1, 2, 'b', 'forbidden', FALSE)")
					return err
				})
				if !storage.Violates(err, "book_not_forbidden") {
					t.Errorf("%s: the trigger is gone: %v", name, err)
				}
				err = r.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, "INSERT INTO book VALUES (2, 7, 2, 'b', 'b', FALSE)")
					return err
				})
				if !storage.IsForeignKey(err) {
					t.Errorf("%s: the foreign key is gone: %v", name, err)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
		}, withShelf, func(o *storage.Options) { o.BackupKey = key })
	}
}

func TestADamagedBackupOrAWrongKeyRestoresNothing(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "бийик тоо"} {
		s := storagetest.Open(t, func(o *storage.Options) { o.BackupKey = key })
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for i := range 5000 {
				if err := put(ctx, tx, storage.RandomID(tx.Now).String()+strconv.Itoa(i), "canary"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		whole := filepath.Join(t.TempDir(), "backup")
		if err := s.Backup(t.Context(), whole, nil); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(whole)
		if err != nil {
			t.Fatal(err)
		}
		flipped := bytes.Clone(body)
		flipped[len(body)/2] ^= 1
		cases := map[string]struct {
			body []byte
			key  string
			want error
		}{
			"cut off":          {body[:len(body)/2], key, nil},
			"cut at a chunk":   {body[:256+64<<10+16], key, nil},
			"one bit flipped":  {flipped, key, nil},
			"something behind": {append(bytes.Clone(body), 'x'), key, nil},
			"not a backup":     {[]byte("SQLite format 3\x00 and more that is no backup"), key, storage.ErrNotBackup},
			"empty":            {nil, key, storage.ErrNotBackup},
		}
		if key != "" {
			cases["no key"] = struct {
				body []byte
				key  string
				want error
			}{body, "", storage.ErrBackupKey}
			cases["wrong key"] = struct {
				body []byte
				key  string
				want error
			}{body, "бийик too", storage.ErrBackupKey}
		}
		for name, c := range cases {
			dir := t.TempDir()
			path := filepath.Join(dir, "backup")
			if err := os.WriteFile(path, c.body, 0o600); err != nil {
				t.Fatal(err)
			}
			target := filepath.Join(dir, "restored.db")
			_, err := storage.Restore(t.Context(), storage.Options{Path: target, BackupKey: c.key}, path, nil)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("key %q, %s: %v", key, name, err)
			}
			if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("key %q, %s: something was restored", key, name)
			}
		}
	}
}

func TestAnEncryptedBackupShowsNothing(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t, func(o *storage.Options) { o.BackupKey = "k" })
	path := filepath.Join(t.TempDir(), "backup")
	if err := s.Backup(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("setting")) || bytes.Contains(body, []byte{0x1f, 0x8b, 8}) {
		t.Error("the backup shows its content")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the backup: %v %v", info.Mode(), err)
	}
}

func TestVacuumAndCheckLeaveTheDataAlone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if err := writePair(t.Context(), s, "a"); err != nil {
			t.Fatal(err)
		}
		if err := s.Vacuum(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if got := settings(t, s); len(got) != 2 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestCheckFindsARowThatPointsNowhere(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t, withShelf)
	err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		// As if written by a tool that does not look at foreign keys.
		_, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys = TRUE")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TABLE orphan (id INTEGER PRIMARY KEY, shelf_id INTEGER) STRICT"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO orphan VALUES (1, 7)"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "PRAGMA writable_schema = TRUE"); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE sqlite_schema SET sql = 'CREATE TABLE orphan (id INTEGER PRIMARY KEY, shelf_id INTEGER REFERENCES shelf (id)) STRICT' WHERE name = 'orphan'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("nothing was found")
	}
}

package storage_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

const keepers = `-- +goose Up
CREATE TABLE keeper (
    id      BYTEA  NOT NULL PRIMARY KEY,
    box_key BYTEA  NOT NULL,
    box     BYTEA  NOT NULL,
    found   BYTEA  NOT NULL UNIQUE,
    also    TEXT   NOT NULL UNIQUE,
    maybe   BYTEA,
    number  BIGINT NOT NULL
);
CREATE TABLE draft_of_all (
    id BIGINT NOT NULL PRIMARY KEY
);
-- +goose Down
`

// keeperRules are those of an installation with such a secret.
func keeperRules(secret string) *storage.BackupRules {
	return &storage.BackupRules{
		Key:   []byte(secret),
		Slots: storage.Slotted{Table: "keeper", ID: "id", Key: "box_key"},
		Name: func(id []byte) []byte {
			m := hmac.New(sha256.New, []byte(secret+" names"))
			m.Write(id)
			return m.Sum(nil)
		},
		OmitTables:  []string{"draft_of_all", "a_table_of_tomorrow"},
		OmitColumns: map[string][]string{"keeper": {"found", "also", "maybe", "a column of tomorrow"}},
	}
}

func withKeepers(o *storage.Options) {
	o.AddMigration("9003_keeper.sql", keepers)
	if o.Rules == nil {
		o.Rules = keeperRules("a")
	}
}

// keeperTargets gives an empty database on each engine.
func keeperTargets(t *testing.T) map[string]storage.Options {
	t.Helper()
	all := map[string]storage.Options{
		"sqlite":     {Path: filepath.Join(t.TempDir(), "restored.db")},
		"postgresql": {URL: storagetest.Database(t, false)},
	}
	for name, o := range all {
		withKeepers(&o)
		all[name] = o
	}
	return all
}

func keep(t *testing.T, s *storage.Store) {
	t.Helper()
	err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, name := range []string{"anna", "bermet", "chynara"} {
			if _, err := tx.Exec(ctx, `INSERT INTO keeper VALUES ($1, $2, $3, $4, $5, $6, 7)`,
				[]byte(name), []byte("key of "+name), []byte("box of "+name), []byte("index of "+name), "text of "+name, []byte("more of "+name)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO draft_of_all VALUES (1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// bodyOf unpacks a backup without a passphrase; slots are behind its head.
func bodyOf(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in, err := gzip.NewReader(bytes.NewReader(raw[256+128*binary.BigEndian.Uint64(raw[64:]):]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestABackupLeavesOutWhatItsRulesSayAndRestoresTheRestOnEitherEngine(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		keep(t, s)
		path := filepath.Join(t.TempDir(), "backup")
		if err := s.Backup(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
		// Bytes stand in base64.
		body := string(bodyOf(t, path))
		for _, word := range []string{"a2V5IG9mIG", "aW5kZXggb2Yg", "text of", "bW9yZSBvZi", "draft_of_all"} {
			if strings.Contains(body, word) {
				t.Errorf("the body holds %s", word)
			}
		}
		if !strings.Contains(body, "Ym94IG9mI") {
			t.Error("the body does not hold the boxes either: the test proves nothing")
		}
		rules := keeperRules("a")
		if b, err := storage.Blank(rules, [][]byte{rules.Name([]byte("bermet"))}, 10, filepath.Dir(path)); err != nil || b.Owners != 1 {
			t.Fatalf("blanked %+v, %v", b, err)
		}
		for name, o := range keeperTargets(t) {
			wrong := o
			wrong.Rules = keeperRules("b")
			if _, err := storage.Restore(t.Context(), wrong, path, nil); !errors.Is(err, storage.ErrForeignBackup) {
				t.Errorf("to %s with another secret: %v", name, err)
			}
			found, err := storage.Restore(t.Context(), o, path, nil)
			if err != nil {
				t.Fatalf("to %s: %v", name, err)
			}
			if found.Slots != 3 || found.Blank != 1 || len(found.Keyless) != 1 || string(found.Keyless[0]) != "bermet" {
				t.Errorf("to %s: %+v", name, found)
			}
			r, err := storage.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			err = r.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				rows, err := storage.All(ctx, tx, func(row storage.Scanner) (v [6][]byte, err error) {
					var also string
					var number int64
					err = row.Scan(&v[0], &v[1], &v[2], &v[3], &also, &v[4], &number)
					v[5] = []byte(also)
					if number != 7 {
						t.Errorf("%s: number %d", name, number)
					}
					return v, err
				}, `SELECT id, box_key, box, found, also, maybe, number FROM keeper ORDER BY id`)
				if err != nil || len(rows) != 3 {
					t.Fatalf("%s: %d rows, %v", name, len(rows), err)
				}
				for _, v := range rows {
					who := string(v[0])
					if key := string(v[1]); (key == "key of "+who) != (who != "bermet") || string(v[2]) != "box of "+who {
						t.Errorf("%s: %s came back with %q, %q", name, who, key, v[2])
					}
					if len(v[3]) == 0 || bytes.Contains(v[3], []byte("index")) || v[4] != nil || len(v[5]) == 0 || bytes.Contains(v[5], []byte("text")) {
						t.Errorf("%s: %s came back with indexes %q, %q, %q", name, who, v[3], v[4], v[5])
					}
				}
				if unfinished, err := tx.Unfinished(ctx); err != nil || !unfinished {
					t.Errorf("%s: nobody is told what is to be made anew: %v", name, err)
				}
				if err := tx.Finish(ctx); err != nil {
					return err
				}
				unfinished, err := tx.Unfinished(ctx)
				if unfinished {
					t.Errorf("%s: it is finished and says it is not", name)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}, withKeepers)
}

func TestARestoreThatFailsLeavesTheDatabaseEmpty(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t, withKeepers)
	keep(t, s)
	path := filepath.Join(t.TempDir(), "backup")
	if err := s.Backup(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("it is not what we want")
	for name, o := range keeperTargets(t) {
		_, err := storage.Restore(t.Context(), o, path, nil, storage.Before(func(ctx context.Context, s *storage.Store) error {
			list, err := s.Tables(ctx)
			if err != nil || len(list) == 0 {
				t.Errorf("%s: the check sees no tables, %v", name, err)
			}
			return refused
		}))
		if !errors.Is(err, refused) {
			t.Errorf("to %s: %v", name, err)
		}
		if o.Path != "" {
			if left, err := filepath.Glob(o.Path + "*"); err != nil || len(left) > 0 {
				t.Errorf("left are %v, %v", left, err)
			}
		}
		if _, err := storage.Restore(t.Context(), o, path, nil); err != nil {
			t.Errorf("to %s a second time: %v", name, err)
		}
	}
}

func TestADamagedSlotRestoresNothing(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t, withKeepers)
	keep(t, s)
	dir := t.TempDir()
	path := filepath.Join(dir, "backup")
	if err := s.Backup(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body[256+128+40] ^= 1
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	o := storage.Options{Path: filepath.Join(dir, "restored.db")}
	withKeepers(&o)
	if _, err := storage.Restore(t.Context(), o, path, nil); !errors.Is(err, storage.ErrBackupDamaged) {
		t.Errorf("restored: %v", err)
	}
	if left, err := filepath.Glob(o.Path + "*"); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestABackupCanBeWrittenBeforeTheTablesChangeAndOnlyThen(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		called := 0
		var asked storage.Pending
		refuse := errors.New("no room")
		var answer error
		o.BeforeMigrate = func(_ context.Context, _ *storage.Store, p storage.Pending) error {
			called++
			asked = p
			return answer
		}
		open := func(o storage.Options) error {
			s, err := storage.Open(t.Context(), o)
			if err != nil {
				return err
			}
			return s.Close()
		}
		if err := errors.Join(open(o), open(o)); err != nil || called != 0 {
			t.Fatalf("a new database: called %d times, %v", called, err)
		}
		newer := o
		newer.AddMigration("9003_keeper.sql", keepers)
		s, err := storage.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(writePair(t.Context(), s, "a"), s.Close()); err != nil {
			t.Fatal(err)
		}
		answer = refuse
		if err := open(newer); !errors.Is(err, refuse) || called != 1 || len(asked.Versions) != 1 || asked.Newest() != 9003 {
			t.Errorf("called %d times with %+v, %v", called, asked, err)
		}
		for _, table := range tables(t, o) {
			if table.Name == "keeper" {
				t.Error("the tables were changed nevertheless")
			}
		}
		answer = nil
		if err := errors.Join(open(newer), open(newer)); err != nil || called != 2 {
			t.Errorf("called %d times, %v", called, err)
		}
		// A database that is newer than the binary is no reason for a backup.
		if err := open(o); !errors.Is(err, storage.ErrNewer) || called != 2 {
			t.Errorf("a newer database: called %d times, %v", called, err)
		}
	})
}

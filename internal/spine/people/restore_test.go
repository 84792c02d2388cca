package people_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

func withRules(t *testing.T) storagetest.Option {
	return storagetest.With(func(o *storage.Options) { o.Rules = people.BackupRules(peopletest.Keys(t)) })
}

// rows gives all rows of a database, one line each in their order, without the tables named.
func rows(t *testing.T, store *storage.Store, without ...string) map[string][]string {
	t.Helper()
	tables, err := store.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	err = store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, table := range tables {
			if slices.Contains(without, table.Name) {
				continue
			}
			names := []string{}
			for _, c := range table.Columns {
				if table.Name == "person" && c.Name == "mark" {
					continue // means nothing in another database
				}
				names = append(names, c.Name)
			}
			slices.Sort(names)
			query := `SELECT `
			for i, n := range names {
				if i > 0 {
					query += `, `
				}
				query += n
			}
			lines, err := storage.All(ctx, tx, func(row storage.Scanner) (string, error) {
				values, cells := make([]any, len(names)), make([]any, len(names))
				for i := range values {
					cells[i] = &values[i]
				}
				err := row.Scan(cells...)
				line := ""
				for i, v := range values {
					switch b := v.(type) {
					case bool:
						v = map[bool]int{true: 1}[b]
					case []byte:
						v = fmt.Sprintf("%x", b)
					}
					line += fmt.Sprintf("%s=%v ", names[i], v)
				}
				return line, err
			}, query+` FROM `+table.Name)
			if err != nil {
				return fmt.Errorf("%s: %w", table.Name, err)
			}
			slices.Sort(lines)
			out[table.Name] = lines
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// restoreTo gives the room over a database that was filled from a backup.
func restoreTo(t *testing.T, o storage.Options, path string) (*storage.Store, *people.Service, storage.Inspected) {
	t.Helper()
	o.Rules = people.BackupRules(peopletest.Keys(t))
	found, err := storage.Restore(t.Context(), o, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store, room(t, store), found
}

func emptyDatabases(t *testing.T) map[string]storage.Options {
	return map[string]storage.Options{
		"sqlite": {Path: filepath.Join(t.TempDir(), "restored.db")}, "postgresql": {URL: storagetest.Database(t, false)},
	}
}

func TestARestoredDatabaseHoldsTheSameIndexesOnEitherEngine(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		a := peopletest.Register(t, store, svc, people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "a@mail.kg", City: "osh"})
		b := peopletest.Register(t, store, svc, people.Details{FullName: "Айжаныл Омурбекова", Phone: "0555123456", City: "osh", Sex: "female"})
		peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Phone: "0555123456"})
		for i := range 30 {
			peopletest.Register(t, store, svc, people.Details{FullName: "Кызы " + string(rune('А'+i)) + "нна", Email: "k" + strconv.Itoa(i) + "@mail.kg"})
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			token, err := svc.NewLink(ctx, tx, people.Link{Person: a.ID, Purpose: people.LinkChatApplication, Once: true})
			if err != nil {
				return err
			}
			if _, err := svc.ConnectChat(ctx, tx, token, 77); err != nil {
				return err
			}
			return svc.Merge(ctx, tx, people.MergeRecords{From: b.ID, Into: a.ID})
		})
		path := filepath.Join(t.TempDir(), "backup")
		if err := store.Backup(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
		before := rows(t, store, "setting")
		for name, o := range emptyDatabases(t) {
			restored, room, _ := restoreTo(t, o, path)
			if diff := cmp.Diff(before, rows(t, restored, "setting")); diff == "" {
				t.Errorf("%s: the indexes were in the backup: the test proves nothing", name)
			}
			for range 2 { // cut off, it is done again
				keyless, err := room.Reindex(t.Context())
				if err != nil || len(keyless) > 0 {
					t.Fatalf("%s: %d do not open, %v", name, len(keyless), err)
				}
				if diff := cmp.Diff(before, rows(t, restored, "setting")); diff != "" {
					t.Errorf("%s: before (-) and restored (+) differ:\n%s", name, diff)
				}
			}
		}
	}, withRules(t))
}

func TestEachColumnOfAnIndexIsLeftOutOfBackups(t *testing.T) {
	t.Parallel()
	tables, err := storagetest.Open(t).Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rules, seen := people.BackupRules(peopletest.Keys(t)), 0
	for _, table := range tables {
		for _, c := range table.Columns {
			if !strings.HasSuffix(c.Name, "_index") {
				continue
			}
			seen++
			if !slices.Contains(rules.OmitTables, table.Name) && !slices.Contains(rules.OmitColumns[table.Name], c.Name) {
				t.Errorf("%s.%s is in backups: name it in BackupRules and fill it in Reindex", table.Name, c.Name)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d indexes were seen", seen)
	}
}

// contentOf gives all that can be read of a backup without a passphrase: head and
// slots as they stand, the body unpacked, and all bytes that stand in it.
func contentOf(t *testing.T, path string) (head, body []byte, blobs [][]byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start := 256 + 128*binary.BigEndian.Uint64(raw[64:])
	in, err := gzip.NewReader(bytes.NewReader(raw[start:]))
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(in); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"b":"([^"]*)"`).FindAllSubmatch(body, -1) {
		blob, err := base64.StdEncoding.DecodeString(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		blobs = append(blobs, blob)
	}
	return raw[:start], body, blobs
}

// opens reports whether a backup opens a person for who has the secret: by any
// bytes of its slots or its body.
func opens(keys *seal.Keyring, p people.Person, head []byte, blobs [][]byte) bool {
	const wrapped = 24 + 32 + 16
	for at := 0; at+wrapped <= len(head); at++ {
		if _, err := keys.OpenDataKey(p.ID[:], head[at:at+wrapped]); err == nil {
			return true
		}
	}
	return slices.ContainsFunc(blobs, func(b []byte) bool {
		_, err := keys.OpenDataKey(p.ID[:], b)
		return err == nil
	})
}

// tried names the indexes of a person that stand in a backup: whoever has the
// secret finds what they are of by trying all there is.
func tried(keys *seal.Keyring, p people.Person, blobs [][]byte) (out []string) {
	name := strings.Fields(i18n.FoldKey(p.FullName))
	slices.Sort(name)
	folded := strings.Join(name, " ")
	for use, value := range map[string]string{
		"phone": p.Phone, "email": p.Email, "telegram": "77", "subject": p.Subject.String(), "name": folded, "phone and name": p.Phone + "\x00" + folded,
	} {
		index := keys.Index(use, value)
		if slices.ContainsFunc(blobs, func(b []byte) bool { return bytes.Contains(b, index) || bytes.Equal(b, index[:16]) }) {
			out = append(out, use)
		}
	}
	return out
}

// fillWithCanary registers somebody of whom all that the room keeps is in the
// database, and another.
func fillWithCanary(t *testing.T, store *storage.Store, svc *people.Service, keys *seal.Keyring) (gone, kept people.Person) {
	t.Helper()
	gone = peopletest.Register(t, store, svc, people.Details{FullName: "Каналейкина Сайкал", Email: "canary@mail.kg", Phone: "0555987123"})
	kept = peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		token, err := svc.NewLink(ctx, tx, people.Link{Person: gone.ID, Purpose: people.LinkChatApplication, Once: true})
		if err != nil {
			return err
		}
		if _, err := svc.ConnectChat(ctx, tx, token, 77); err != nil {
			return err
		}
		for _, address := range []string{"canary@mail.kg", "0555987123"} {
			if err := svc.AskToSignIn(ctx, tx, "browser", address); err != nil {
				return err
			}
		}
		id := tx.NewID()
		_, err = tx.Exec(ctx, `INSERT INTO person_import (id, by_id, name, sealed, made_at) VALUES ($1, $1, '.csv', $2, 1)`,
			id, keys.Seal(id[:], "person_import.sealed", []byte("Каналейкина Сайкал;0555987123")))
		return err
	})
	return gone, kept
}

func TestNoBackupOpensWhoWasErasedNorHoldsAnIndexToTry(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		keys, dir := peopletest.Keys(t), t.TempDir()
		svc := people.New(people.Options{Keys: keys, Store: store, PublicURL: "http://localhost:8080", Tombstones: people.OpenTombstones(keys, filepath.Join(dir, "erased"))})
		gone, kept := fillWithCanary(t, store, svc, keys)
		file := func(name string) string { return filepath.Join(dir, name) }
		backup := func(s *storage.Store, name string) {
			if err := s.Backup(t.Context(), file(name), nil); err != nil {
				t.Fatal(err)
			}
		}
		// The test can fail: with the rules of before all of it is in the file.
		old, without := filepath.Join(t.TempDir(), "old"), storagetest.Open(t)
		before, _ := fillWithCanary(t, without, room(t, without), keys)
		if err := without.Backup(t.Context(), old, nil); err != nil {
			t.Fatal(err)
		}
		head, body, blobs := contentOf(t, old)
		if uses := tried(keys, before, blobs); len(uses) != 5 || !opens(keys, before, head, blobs) || !bytes.Contains(body, []byte("person_import")) {
			t.Fatalf("without rules only %v are found: the test proves nothing", uses)
		}

		backup(store, "first")
		head, body, blobs = contentOf(t, file("first"))
		if !opens(keys, gone, head, blobs) || opens(keys, gone, nil, blobs) {
			t.Error("before her erasure the slots alone should open her")
		}
		if uses := tried(keys, gone, blobs); len(uses) > 0 {
			t.Errorf("before her erasure the backup holds her indexes of %v", uses)
		}
		for _, table := range []string{"person_import", "sign_in\"", "person_name_part", "oidc_link", "merge_plan"} {
			if bytes.Contains(body, []byte(`"table":"`+table)) {
				t.Errorf("the backup holds %s", table)
			}
		}
		if err := svc.EraseForGood(t.Context(), gone.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		backup(store, "second")
		names, err := svc.Erased(t.Context())
		if err != nil || len(names) != 1 {
			t.Fatalf("%d names, %v", len(names), err)
		}
		if b, err := storage.Blank(people.BackupRules(keys), names, 10, dir); err != nil || b.Owners != 1 {
			t.Fatalf("blanked %+v, %v", b, err)
		}
		for _, name := range []string{"first", "second"} {
			head, body, blobs := contentOf(t, file(name))
			if opens(keys, gone, head, blobs) {
				t.Errorf("%s opens her", name)
			}
			if uses := tried(keys, gone, blobs); len(uses) > 0 {
				t.Errorf("%s holds her indexes of %v", name, uses)
			}
			if bytes.Contains(body, []byte(gone.ID.String())) && name == "second" {
				t.Errorf("%s names her id in clear", name)
			}
			if !opens(keys, kept, head, blobs) {
				t.Errorf("%s does not open the others any more", name)
			}
		}
		// The list of the backup itself holds her name and not her id.
		if id := base64.StdEncoding.EncodeToString(gone.ID[:]); bytes.Contains(listIn(t, file("second")), []byte(id)) {
			t.Error("the list in the backup holds her id")
		}
		// Restored on another engine she is buried, without any list.
		for name, o := range emptyDatabases(t) {
			restored, room, found := restoreTo(t, o, file("first"))
			if found.Blank != 1 || len(found.Keyless) != 1 || !bytes.Equal(found.Keyless[0], gone.ID[:]) {
				t.Errorf("%s: found %+v", name, found)
			}
			keyless, err := room.FinishRestore(t.Context())
			if err != nil || len(keyless) != 1 || keyless[0] != gone.ID {
				t.Errorf("%s: buried %v, %v", name, keyless, err)
			}
			if again, err := room.FinishRestore(t.Context()); err != nil || again != nil {
				t.Errorf("%s: a second time %v, %v", name, again, err)
			}
			peopletest.Write(t, restored, func(ctx context.Context, tx *storage.Tx) error {
				found, err := room.WithContact(ctx, tx, people.EmailContact, "asan@mail.kg")
				if err == nil && (len(found) != 1 || found[0].ID != kept.ID) {
					err = errors.New("another is found")
				}
				return err
			})
			if n, err := room.Count(t.Context()); err != nil || n != 1 {
				t.Errorf("%s: %d people, %v", name, n, err)
			}
		}
	}, withRules(t))
}

// listIn gives the rows of the table of the erased in a backup.
func listIn(t *testing.T, path string) []byte {
	t.Helper()
	_, body, _ := contentOf(t, path)
	var out []byte
	in, take := json.NewDecoder(bytes.NewReader(body)), false
	for {
		var part struct {
			Table string
			Row   json.RawMessage
		}
		if err := in.Decode(&part); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if part.Table != "" {
			take = part.Table == "person_erased"
		} else if take {
			out = append(out, part.Row...)
		}
	}
	if len(out) == 0 {
		t.Error("no list is in the backup: the test proves nothing")
	}
	return out
}

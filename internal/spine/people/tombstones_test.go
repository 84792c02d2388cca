package people_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// listed opens the room with a list of the erased.
func listed(t *testing.T, store *storage.Store, path string, before ...string) *people.Service {
	t.Helper()
	return people.New(people.Options{Keys: peopletest.Keys(t), Store: store, Tombstones: people.OpenTombstones(peopletest.Keys(t), path, before...)})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func bury(t *testing.T, svc *people.Service, want ...storage.ID) {
	t.Helper()
	ids, err := svc.Bury(t.Context())
	if err != nil || len(ids) != len(want) || len(ids) == 1 && ids[0] != want[0] {
		t.Fatalf("buried %v, want %v, %v", ids, want, err)
	}
}

func TestTheListOfTheErasedIsThereFromTheFirstStartAndTellsNobodyWhoTheyAre(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		path := filepath.Join(t.TempDir(), "erased")
		svc := listed(t, store, path)
		bury(t, svc)
		if text := readFile(t, path); !regexp.MustCompile(`^ashar erased 1 [0-9a-f]{16} 20\S+Z\n$`).MatchString(text) {
			t.Errorf("the empty list is %q", text)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others can read the list: %v, %v", info.Mode(), err)
		}
		gone := peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		other := peopletest.Register(t, store, svc, people.Details{FullName: "Усон", Email: "uson@mail.kg"})
		if err := svc.EraseForGood(t.Context(), gone.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error { return svc.Erase(ctx, tx, other.ID, other.ID) })
		text := readFile(t, path)
		if lines := regexp.MustCompile(`(?m)^[0-9a-f]{64} 20\S+Z$`).FindAllString(text, -1); len(lines) != 2 {
			t.Errorf("the list is %q", text)
		}
		for _, id := range []storage.ID{gone.ID, other.ID} {
			if strings.Contains(text, id.String()) || strings.Contains(text, hex.EncodeToString(id[:])) || bytes.Contains([]byte(text), id[:]) {
				t.Error("the list names an id")
			}
		}
		bury(t, svc)
		if readFile(t, path) != text {
			t.Error("a start writes what was written")
		}
	})
}

func TestAListOfIDsIsTakenOverAndItsIDsAreGone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		for _, place := range []string{"the same file", "another folder"} {
			dir, data := t.TempDir(), t.TempDir()
			if place == "the same file" {
				data = dir
			}
			path, before := filepath.Join(dir, "erased"), filepath.Join(data, "erased")
			svc := listed(t, store, path, before)
			back := peopletest.Register(t, store, svc, people.Details{FullName: "Асан"})
			kept := peopletest.Register(t, store, svc, people.Details{FullName: "Усон"})
			long := storage.RandomID(store.Now())
			// Half a line at the end is of a crash.
			if err := os.WriteFile(before, []byte("\n"+back.ID.String()+"\n\n"+long.String()+"\n\n"+kept.ID.String()[:20]), 0o600); err != nil {
				t.Fatal(err)
			}
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error { // as the database of before notes it
				_, err := tx.Exec(ctx, `INSERT INTO person_erased (name, at) VALUES ($1, 5000000)`, long)
				return err
			})
			bury(t, svc, back.ID)
			text := readFile(t, path)
			if strings.Contains(text, back.ID.String()) || strings.Contains(text, long.String()) || !strings.HasPrefix(text, "ashar erased 1 ") {
				t.Errorf("%s: the list is %q", place, text)
			}
			if _, err := os.Stat(before); place == "another folder" && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the file of ids is still there: %v", err)
			}
			names, err := svc.Erased(t.Context())
			if err != nil || strings.Count(text, "\n") != 1+len(names) {
				t.Errorf("%s: %d names, the list is %q, %v", place, len(names), text, err)
			}
			for _, n := range names {
				if len(n) != 32 || !strings.Contains(text, hex.EncodeToString(n)) {
					t.Errorf("%s: %x is not in the list", place, n)
				}
			}
			bury(t, svc)
		}
	})
}

func TestAnErasureThatTheListDoesNotHaveIsNotAnsweredAndComesIntoItLater(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		folder := filepath.Join(t.TempDir(), "a disk")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "erased")
		svc := listed(t, store, path)
		bury(t, svc)
		gone := peopletest.Register(t, store, svc, people.Details{FullName: "Асан"})
		if err := os.Rename(folder, folder+" away"); err != nil {
			t.Fatal(err)
		}
		if err := svc.EraseForGood(t.Context(), gone.ID, gone.ID); err == nil {
			t.Error("the erasure is answered though the list is not there")
		}
		if err := os.Rename(folder+" away", folder); err != nil {
			t.Fatal(err)
		}
		if strings.Count(readFile(t, path), "\n") != 1 {
			t.Error("the list has her: the test proves nothing")
		}
		bury(t, listed(t, store, path))
		if strings.Count(readFile(t, path), "\n") != 3 {
			t.Errorf("after a start the list is %q", readFile(t, path))
		}
	})
}

func TestTheListOfAnotherInstallationIsRefused(t *testing.T) {
	t.Parallel()
	store := storagetest.Open(t)
	path := filepath.Join(t.TempDir(), "erased")
	bury(t, listed(t, store, path))
	keys, err := seal.New(bytes.Repeat([]byte{8}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	other := people.New(people.Options{Keys: keys, Store: store, Tombstones: people.OpenTombstones(keys, path)})
	before := readFile(t, path)
	if _, err := other.Bury(t.Context()); !errors.Is(err, people.ErrForeignList) {
		t.Errorf("taken: %v", err)
	}
	if readFile(t, path) != before {
		t.Error("it was changed")
	}
}

func TestAReplicaBlanksWhomAnotherErased(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		one, two := t.TempDir(), t.TempDir()
		first, second := listed(t, store, filepath.Join(one, "erased")), listed(t, store, filepath.Join(two, "erased"))
		bury(t, first)
		bury(t, second)
		gone := peopletest.Register(t, store, first, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		peopletest.Register(t, store, first, people.Details{FullName: "Усон", Email: "uson@mail.kg"})
		path := filepath.Join(one, "backup")
		if err := store.Backup(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
		if err := second.EraseForGood(t.Context(), gone.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		if strings.Count(readFile(t, filepath.Join(one, "erased")), "\n") != 1 {
			t.Error("the first replica knows it already: the test proves nothing")
		}
		names, err := first.Erased(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b, err := storage.Blank(people.BackupRules(peopletest.Keys(t)), names, 10, one); err != nil || b.Owners != 1 {
			t.Errorf("blanked %+v, %v", b, err)
		}
		if text := readFile(t, filepath.Join(one, "erased")); !strings.Contains(text, hex.EncodeToString(names[0])) {
			t.Errorf("the list of the first replica is %q", text)
		}
	}, withRules(t))
}

func TestTheListSaysUntilWhenNobodyIsMissing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	store := storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return now } }))
	path := filepath.Join(t.TempDir(), "erased")
	svc, list := listed(t, store, path), people.OpenTombstones(peopletest.Keys(t), path)
	if l, err := list.Read(); err != nil || l.There {
		t.Errorf("before the first start %+v, %v", l, err)
	}
	bury(t, svc)
	for _, days := range []int{0, 0, 40, 0} {
		now = now.AddDate(0, 0, days)
		if _, err := svc.Erased(t.Context()); err != nil { // as each backup does
			t.Fatal(err)
		}
		if l, err := list.Read(); err != nil || !l.There || !l.Known.Equal(now) {
			t.Errorf("on %v the list reaches to %v, %v", now, l.Known, err)
		}
	}
	if lines := strings.Count(readFile(t, path), "\n"); lines != 2 {
		t.Errorf("the list has %d lines", lines)
	}
}

func TestASecretIsKnownByItsDataAndNoOtherIsTaken(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		other, err := seal.New(bytes.Repeat([]byte{8}, seal.SecretLen))
		if err != nil {
			t.Fatal(err)
		}
		check := func(when string, has bool, own, foreign error) {
			t.Helper()
			if got, err := people.HasSecret(t.Context(), store); err != nil || got != has {
				t.Errorf("%s: has a secret %v, %v", when, got, err)
			}
			if err := people.CheckSecret(t.Context(), store, peopletest.Keys(t)); !errors.Is(err, own) {
				t.Errorf("%s: its own secret: %v", when, err)
			}
			if err := people.CheckSecret(t.Context(), store, other); !errors.Is(err, foreign) {
				t.Errorf("%s: another secret: %v", when, err)
			}
		}
		check("empty", false, nil, nil)
		svc := room(t, store)
		p := peopletest.Register(t, store, svc, people.Details{FullName: "Асан"})
		check("with people of before", true, nil, people.ErrForeignSecret)
		for range 2 {
			if err := people.NoteSecret(t.Context(), store, peopletest.Keys(t)); err != nil {
				t.Fatal(err)
			}
		}
		if err := people.NoteSecret(t.Context(), store, other); !errors.Is(err, people.ErrForeignSecret) {
			t.Errorf("noted: %v", err)
		}
		check("noted", true, nil, people.ErrForeignSecret)
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error { return svc.Erase(ctx, tx, p.ID, p.ID) })
		check("noted, without people", true, nil, people.ErrForeignSecret)
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := svc.ByID(ctx, tx, p.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("she is there: %v", err)
			}
			return nil
		})
	})
}

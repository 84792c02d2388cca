package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// give puts secret and list of an installation into the folder of a new one.
func give(t *testing.T, from, to config.Config, names ...string) {
	t.Helper()
	if err := os.MkdirAll(to.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		body, err := os.ReadFile(filepath.Join(filepath.Dir(from.Keys()), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to.Data, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// lines are what a backup holds, without its heading, in an order that both engines share.
func lines(t *testing.T, path string) []string {
	t.Helper()
	all := strings.Split(unpacked(t, path), "\n")[1:]
	slices.Sort(all)
	return all
}

func TestTheWholeProgrammeGoesFromOneEngineToTheOtherAndBack(t *testing.T) {
	t.Parallel()
	first := config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}
	dir := t.TempDir()
	backup := func(c config.Config, o Options, name string, prepare func(a *App)) string {
		path := filepath.Join(dir, name)
		openAt(t, c, o, func(a *App) {
			prepare(a)
			if _, err := a.Backup(t.Context(), path, BackupOptions{}); err != nil {
				t.Fatal(err)
			}
		})
		return path
	}
	start := backup(first, Options{Demo: true}, "start", func(a *App) {
		if _, err := a.LoadDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	before := lines(t, start)
	if len(before) < 1000 {
		t.Fatalf("the demo has %d rows", len(before))
	}
	from, path := first, start
	for _, c := range []config.Config{
		{Addr: first.Addr, Data: filepath.Join(dir, "second"), DatabaseURL: storagetest.Database(t, false)},
		{Addr: first.Addr, Data: filepath.Join(dir, "third")},
	} {
		give(t, from, c, "secret.key", "erased")
		r, err := Restore(t.Context(), c, path, RestoreOptions{})
		if err != nil || len(r.Buried)+len(r.Unnamed) > 0 || r.People == 0 || r.Slots < r.People {
			t.Fatalf("%+v, %v", r, err)
		}
		path = backup(c, Options{}, filepath.Base(c.Data)+".ashar", func(*App) {})
		if diff := cmp.Diff(before, lines(t, path)); diff != "" {
			t.Errorf("what was (-) and what came back (+) differ:\n%s", diff)
		}
		from = c
	}
}

// TestARestoreThatFailsAtTheEndLeavesTheDatabaseEmpty lets the house not open on what was
// filled: a setting that it cannot read. Once that is mended, the same restore succeeds.
func TestARestoreThatFailsAtTheEndLeavesTheDatabaseEmpty(t *testing.T) {
	t.Parallel()
	first := config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}
	path := filepath.Join(t.TempDir(), "backup")
	openAt(t, first, Options{}, func(a *App) {
		if _, err := a.Backup(t.Context(), path, BackupOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	for _, c := range []config.Config{
		{Addr: first.Addr, Data: t.TempDir()},
		{Addr: first.Addr, Data: t.TempDir(), DatabaseURL: storagetest.Database(t, false)},
	} {
		give(t, first, c, "secret.key", "erased")
		unread := c
		unread.SMTPURL = "smtp://%zz"
		if r, err := Restore(t.Context(), unread, path, RestoreOptions{}); err == nil || !strings.Contains(err.Error(), "ASHAR_SMTP_URL") {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := Restore(t.Context(), c, path, RestoreOptions{}); err != nil {
			t.Errorf("the restore after one that failed: %v", err)
		}
	}
}

func TestARestoreSaysWhomItBuriedAndSinceWhenErasuresMayBeMissing(t *testing.T) {
	t.Parallel()
	installations(t, func(t *testing.T, c config.Config) {
		now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		o := Options{Clock: func() time.Time { return now }}
		dir := t.TempDir()
		early, late := filepath.Join(dir, "early"), filepath.Join(dir, "late")
		away := filepath.Join(t.TempDir(), "put away")
		var ids []storage.ID
		openAt(t, c, o, func(a *App) {
			ids = settle(t, a, "Anna", "Bermet", "Chynara", "Damira")
			goEverywhere(t, a, ids[1], ids[0])
			for _, path := range []string{early, away} {
				if _, err := a.Backup(t.Context(), path, BackupOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			now = now.AddDate(0, 0, 10)
			if err := a.rooms.people.EraseForGood(t.Context(), ids[1], ids[1]); err != nil {
				t.Fatal(err)
			}
			now = now.AddDate(0, 0, 10)
			if r, err := a.Backup(t.Context(), late, BackupOptions{}); err != nil || r.Owners != 1 {
				t.Fatalf("%+v, %v", r, err)
			}
		})
		for _, s := range []struct {
			name, file string
			list       bool
			buried     []storage.ID
			unnamed    []storage.ID
			people     int
			since      time.Time
		}{
			{"a medium put away, with the list", away, true, ids[1:2], nil, 3, now},
			{"a medium put away, without the list", away, false, nil, nil, 4, now.AddDate(0, 0, -20)}, // she is back: that is what the flag accepts
			{"a blanked backup, with the list", early, true, ids[1:2], nil, 3, now},
			{"a blanked backup, without the list", early, false, nil, ids[1:2], 3, now.AddDate(0, 0, -20)},
			{"the newest backup, with the list", late, true, nil, nil, 3, now},
			{"the newest backup and the secret alone", late, false, nil, nil, 3, now},
		} {
			t.Run(s.name, func(t *testing.T) {
				data := filepath.Join(t.TempDir(), "data")
				to := config.Config{Addr: c.Addr, Data: data}
				if c.DatabaseURL != "" {
					to.DatabaseURL = storagetest.Database(t, false)
				}
				give(t, c, to, "secret.key")
				if _, err := Restore(t.Context(), to, s.file, RestoreOptions{}); !errors.Is(err, ErrNoErasedList) {
					t.Fatalf("without a list: %v", err)
				}
				if s.list {
					give(t, c, to, "erased")
				}
				for _, dry := range []bool{true, false} {
					before := folder(t, data)
					r, err := Restore(t.Context(), to, s.file, RestoreOptions{DryRun: dry, AcceptMissingErasures: !s.list})
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(r.Buried, s.buried) || !slices.Equal(r.Unnamed, s.unnamed) || r.People != s.people || r.List != s.list || !r.Since.Equal(s.since) {
						t.Errorf("dry %v: %+v", dry, r)
					}
					if dry {
						if diff := cmp.Diff(before, folder(t, data)); diff != "" {
							t.Errorf("the rehearsal changed the folder:\n%s", diff)
						}
						if err := storage.MustBeEmpty(t.Context(), databaseOptions(to, nil)); err != nil {
							t.Errorf("the rehearsal changed the database: %v", err)
						}
					}
				}
				openAt(t, to, o, func(a *App) {
					err := a.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						for _, name := range []string{"anna", "chynara", "damira"} {
							if found, err := a.rooms.people.WithContact(ctx, tx, people.EmailContact, name+"@example.org"); err != nil || len(found) != 1 {
								t.Errorf("%s: %d, %v", name, len(found), err)
							}
						}
						found, err := a.rooms.people.Search(ctx, tx, people.Query{Text: "ан"})
						if len(found) != 1 {
							t.Errorf("the name finds %d", len(found))
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			})
		}
	})
}

// goEverywhere gives a person an application of each state, to activities that are over
// and to come, full ones with somebody else who waits.
func goEverywhere(t *testing.T, a *App, person, waits storage.ID) {
	t.Helper()
	loaded, err := plan.Load(plan.DemoFile(), a.options.Clock())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = a.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		n = 0
		if _, err := plan.Import(ctx, tx, loaded, false); err != nil {
			return err
		}
		list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar})
		if err != nil {
			return err
		}
		apply := func(id, person storage.ID, state seats.State, place int) error {
			_, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, facts, proven_at, made_at, changed_at)
				VALUES ($1, $2, $3, $4, $5, 15, 1, 1, 1)`, tx.NewID(), id, person, string(state), place)
			return err
		}
		for i, at := range list {
			state := seats.States[i%len(seats.States)]
			taken := 0
			switch state {
			case seats.Invited, seats.Confirmed, seats.Attended:
				taken = 1
			}
			if _, err := tx.Exec(ctx, `INSERT INTO seminar (activity_id, capacity, taken, made_at) VALUES ($1, 1, $2, 1)`, at.ID, taken); err != nil {
				return err
			}
			if err := errors.Join(apply(at.ID, person, state, 1), apply(at.ID, waits, seats.Waitlisted, 2)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil || n < len(seats.States) {
		t.Fatalf("%d applications, %v", n, err)
	}
}

// folder gives what lies in a folder: name and content.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		out[path] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAHouseWithoutItsSecretDoesNotOpenAndMakesNone(t *testing.T) {
	t.Parallel()
	installations(t, func(t *testing.T, c config.Config) {
		openAt(t, c, Options{}, func(*App) {}) // nobody is in it yet
		body, err := os.ReadFile(c.Keys())
		if err != nil {
			t.Fatal(err)
		}
		refused := func(words string) {
			t.Helper()
			a, err := Open(t.Context(), c, Options{})
			if err == nil {
				a.Close()
			}
			if err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), "bring the file") {
				t.Errorf("want %q, got %v", words, err)
			}
		}
		if err := os.Remove(c.Keys()); err != nil {
			t.Fatal(err)
		}
		refused("is missing")
		if _, err := os.Stat(c.Keys()); !missing(err) {
			t.Errorf("a secret was made: %v", err)
		}
		if err := os.WriteFile(c.Keys(), []byte(strings.Repeat("ab", 32)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		refused("another installation")
		if err := os.WriteFile(c.Keys(), body, 0o600); err != nil {
			t.Fatal(err)
		}
		openAt(t, c, Options{}, func(*App) {})
	})
}

package people_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// canaries are words that must be nowhere in clear.
var canaries = []string{"Канарейкина", "Kanareikina", "kanarei.test@mail.kg", "555777333", "Сары-Канарей"}

func TestNothingOfAPersonIsInClearOnTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(dir, "ashar.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	svc := room(t, store)
	p := peopletest.Register(t, store, svc, people.Details{
		FullName: "Канарейкина Сайкал", Email: "kanarei.test@mail.kg", Phone: "+996555777333", Village: "Сары-Канарей",
	})
	peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		d := p.Details
		d.CertificateName.En = "Kanareikina"
		if err := svc.Update(ctx, tx, p.ID, d); err != nil {
			return err
		}
		if err := svc.AskToSignIn(ctx, tx, "browser", "kanarei.test@mail.kg"); err != nil {
			return err
		}
		if may, err := svc.MayWrite(ctx, tx, "kanarei.test@mail.kg"); err != nil || !may {
			t.Errorf("no letter of a form: %v", err)
		}
		_, err := svc.StartSession(ctx, tx, p.ID, access.OfProof)
		return err
	})
	svc.SendWith(&peopletest.Pocket{})
	peopletest.Work(t, store, svc)
	grep := func(when string) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) < 2 {
			t.Fatalf("%v, %v: the WAL must be there to be looked at", files, err)
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range canaries {
				if bytes.Contains(body, []byte(c)) {
					t.Errorf("%s: %q is in %s", when, c, filepath.Base(f))
				}
			}
		}
	}
	grep("while she is there")
	if err := svc.EraseForGood(t.Context(), p.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	grep("after she was erased")
}

func TestErasingCutsTheLinkAndKeepsTheFact(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		var asked []storage.ID
		svc.Attach([]module.Manifest{{Name: "x", Erase: func(_ context.Context, _ *storage.Tx, id storage.ID) error {
			asked = append(asked, id)
			return nil
		}}})
		p := peopletest.Register(t, store, svc, people.Details{FullName: "Канарейкина Сайкал", Email: "k@mail.kg", Sex: "female"})
		var box []byte
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
			subject, profile, err := svc.Snapshot(ctx, tx, p.ID, tx.Now)
			if err != nil {
				return err
			}
			if err := ledger.Record(ctx, tx, ledger.Fact{Kind: "x.came", Subject: subject, Profile: profile}); err != nil {
				return err
			}
			box, err = svc.Seal(ctx, tx, p.ID, []byte("her words"))
			if err != nil {
				return err
			}
			return svc.Erase(ctx, tx, p.ID, p.ID)
		})
		if len(asked) != 1 || asked[0] != p.ID {
			t.Errorf("modules were asked for %v", asked)
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := svc.ByID(ctx, tx, p.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("she is still there: %v", err)
			}
			if _, err := svc.Unseal(ctx, tx, p.ID, box); !fault.Is(err, fault.NotFound) {
				t.Errorf("her words can be read: %v", err)
			}
			if _, err := svc.BySubject(ctx, tx, p.Subject); !fault.Is(err, fault.NotFound) {
				t.Errorf("the fact leads to her: %v", err)
			}
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM fact WHERE sex = 'female'`).Scan(&n); err != nil || n != 1 {
				t.Errorf("%d facts, %v", n, err)
			}
			if log, err := audit.List(ctx, tx, audit.Filter{}); err != nil || len(log) != 0 {
				t.Errorf("log %+v, %v", log, err)
			}
			return nil
		})
	})
}

func TestABackupFromBeforeRestoresWithoutThePerson(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	open := func(name string) (*storage.Store, *people.Service) {
		store, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(dir, name)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return store, people.New(people.Options{Keys: keys, Store: store, Tombstones: people.OpenTombstones(keys, filepath.Join(dir, "erased"))})
	}
	store, svc := open("ashar.db")
	gone := peopletest.Register(t, store, svc, people.Details{FullName: "Канарейкина Сайкал", Email: "k@mail.kg"})
	kept := peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE setting SET value = value`) // any write, so that the next copy is whole
		return err
	})
	// The backup is what the files hold now.
	for _, ext := range []string{"", "-wal"} {
		body, err := os.ReadFile(filepath.Join(dir, "ashar.db"+ext))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "restored.db"+ext), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error { return svc.Erase(ctx, tx, gone.ID, gone.ID) })

	old, again := open("restored.db")
	peopletest.Write(t, old, func(ctx context.Context, tx *storage.Tx) error {
		_, err := again.ByID(ctx, tx, gone.ID)
		return err // she is in the backup: the test proves something
	})
	if ids, err := again.Bury(t.Context()); err != nil || len(ids) != 1 || ids[0] != gone.ID {
		t.Fatalf("buried %v, %v", ids, err)
	}
	peopletest.Write(t, old, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := again.ByID(ctx, tx, gone.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("she came back: %v", err)
		}
		_, err := again.ByID(ctx, tx, kept.ID)
		return err
	})
	if ids, err := again.Bury(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("the second time %v, %v", ids, err)
	}
}

func TestMergingMakesOnePersonOfTwo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		moved := 0
		svc.Attach([]module.Manifest{{Name: "x", Merge: func(context.Context, *storage.Tx, storage.ID, storage.ID) error { moved++; return nil }}})
		a := peopletest.Register(t, store, svc, people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "a@mail.kg", City: "osh"})
		b := peopletest.Register(t, store, svc, people.Details{FullName: "Айжаныл Омурбекова", Phone: "0555123456", City: "osh", Sex: "female"})
		peopletest.Register(t, store, svc, people.Details{FullName: "Айжаныл Омурбекова", Email: "other@mail.kg", City: "talas"})
		look(t, store, func(ctx context.Context, tx *storage.Tx) error {
			pairs, err := svc.Duplicates(ctx, tx)
			if err != nil || len(pairs) != 1 || pairs[0].A.ID != a.ID && pairs[0].B.ID != a.ID {
				t.Errorf("proposed %+v, %v", pairs, err)
			}
			return nil
		})
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			if err := svc.SetConsent(ctx, tx, b.ID, people.ForPhoto, true); err != nil {
				return err
			}
			contacts, err := svc.Contacts(ctx, tx, b.ID)
			if err != nil || len(contacts) != 1 {
				t.Fatalf("contacts %+v, %v", contacts, err)
			}
			phone := contacts[0].ID
			box, err := svc.Seal(ctx, tx, b.ID, []byte("words"))
			if err != nil {
				return err
			}
			for _, p := range []people.Person{a, b} {
				if err := ledger.Record(ctx, tx, ledger.Fact{Kind: "x.came", Subject: p.Subject}); err != nil {
					return err
				}
			}
			if err := svc.Merge(ctx, tx, people.MergeRecords{From: b.ID, Into: a.ID, Contacts: []storage.ID{phone}}); err != nil {
				return err
			}
			one, err := svc.ByID(ctx, tx, b.ID)
			if err != nil || one.ID != a.ID || one.Phone != "+996555123456" || one.Email != "a@mail.kg" || one.Sex != "female" {
				t.Errorf("merged %+v, %v", one, err)
			}
			if got, err := svc.Unseal(ctx, tx, a.ID, box); err != nil || string(got) != "words" {
				t.Errorf("the box of the old record: %q, %v", got, err)
			}
			var subjects int
			if err := tx.QueryRow(ctx, `SELECT COUNT(DISTINCT subject) FROM fact`).Scan(&subjects); err != nil || subjects != 1 {
				t.Errorf("%d subjects, %v", subjects, err)
			}
			if yes, err := svc.Agrees(ctx, tx, a.ID, people.ForPhoto); err != nil || !yes {
				t.Errorf("the consent did not move: %v", err)
			}
			if moved != 1 {
				t.Errorf("modules were asked %d times", moved)
			}
			if err := svc.Merge(ctx, tx, people.MergeRecords{From: b.ID, Into: a.ID}); !fault.Is(err, fault.Conflict) {
				t.Errorf("twice: %v", err)
			}
			return svc.Erase(ctx, tx, a.ID, b.ID)
		})
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM person`).Scan(&n); err != nil || n != 1 {
				t.Errorf("%d records left, %v", n, err)
			}
			return nil
		})
	})
}

func TestPeopleAreFoundByTheBeginningOfTheirNames(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		peopletest.Register(t, store, svc, people.Details{FullName: "Үсөнова Өмүргүл", Email: "o@mail.kg", City: "osh"})
		peopletest.Register(t, store, svc, people.Details{FullName: "Ёлкина Анна", Phone: "0555123456"})
		peopletest.Register(t, store, svc, people.Details{FullName: "Абдыкеримова Чынара"})
		for text, want := range map[string]int{
			"": 3, "омург": 1, "Usonova": 1, "усонова омур": 1, "ан": 1, "elk": 1, "O@mail.kg": 1, "+996 555 123456": 1, "чыныбек": 0, "o'm": 1,
		} {
			look(t, store, func(ctx context.Context, tx *storage.Tx) error {
				got, err := svc.Search(ctx, tx, people.Query{Text: text})
				if err != nil || len(got) != want {
					t.Errorf("%q finds %d, want %d, %v", text, len(got), want, err)
				}
				if text == "" && (got[0].FullName != "Абдыкеримова Чынара" || got[2].FullName != "Үсөнова Өмүргүл") {
					t.Errorf("order %v", got)
				}
				return nil
			})
		}
	})
}

func TestAnErasureThatMustWaitTooLongSaysSoAndErasesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true, EraseWait: time.Nanosecond})
		busy := true
		h.People.Attach([]module.Manifest{{Name: "x", UnderWay: func(context.Context, *storage.Tx, storage.ID) (bool, error) { return busy, nil }}})
		p := peopletest.Register(t, store, h.People, people.Details{FullName: "Канарейкина Сайкал", Email: "k@mail.kg", Lang: "ky"})
		v := h.As(t, p)
		erase := func() (int, string) {
			t.Helper()
			return v.Post("/ky/me/erase", "/ky/me/erase", url.Values{"word": {"өчүрүү"}})
		}
		hers := func() (records, marks int) {
			t.Helper()
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM person), (SELECT COUNT(*) FROM person_leaving)`).Scan(&records, &marks)
			})
			return records, marks
		}
		if status, page := erase(); status != http.StatusServiceUnavailable || !strings.Contains(page, "билдирүү жеткирилип жатат") {
			t.Errorf("%d %s", status, page)
		}
		if records, marks := hers(); records != 1 || marks != 0 {
			t.Errorf("%d records, %d marks that she is leaving", records, marks)
		}
		busy = false
		if status, to := erase(); status != http.StatusSeeOther {
			t.Errorf("afterwards: %d %s", status, to)
		}
		if records, _ := hers(); records != 0 {
			t.Errorf("%d records are left", records)
		}
	})
}

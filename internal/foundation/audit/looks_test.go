package audit_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestAListIsNotedForEachPersonOnceADayAndReader(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, 11, 1, 17, 30, 0, 0, time.UTC) // 23:30 in Bishkek
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		id := func(n byte) storage.ID { return storage.ID{15: n} }
		var crowd []storage.ID
		for n := range 1000 {
			crowd = append(crowd, storage.ID{1: 1, 14: byte(n >> 8), 15: byte(n)})
		}
		if store.Dialect() == storage.PostgreSQL { // the people of this test have no records
			if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `ALTER TABLE audit_entry DROP CONSTRAINT audit_of_person`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		at := evening
		look := func(l audit.Looks) {
			t.Helper()
			if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				tx.Now = at
				return audit.Looked(ctx, tx, l)
			}); err != nil {
				t.Fatal(err)
			}
		}
		noted := func(reader, person storage.ID) (n int) {
			t.Helper()
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				list, err := audit.List(ctx, tx, audit.Filter{Actor: reader, Person: person, Limit: 5000})
				n = len(list)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		expect := func(what string, reader, person storage.ID, want int) {
			t.Helper()
			if got := noted(reader, person); got != want {
				t.Errorf("%s: %d entries, want %d", what, got, want)
			}
		}
		her, other := crowd[7], crowd[8]
		list := audit.Looks{Reader: id(1), Persons: append([]storage.ID{her, id(1), {}}, crowd...), Action: "people.audit.in_list"}
		look(list)
		expect("a thousand people on a page", id(1), storage.ID{}, 1000)
		expect("she stands twice on it", id(1), her, 1)
		look(list)
		expect("the page is opened again", id(1), storage.ID{}, 1000)
		list.Reader = id(2)
		look(list)
		expect("another reader", id(2), her, 1)
		look(audit.Looks{Reader: id(2), Persons: []storage.ID{her}, Action: "seminars.audit.listed", Object: id(9)})
		look(audit.Looks{Reader: id(2), Persons: []storage.ID{her}, Action: "seminars.audit.listed", Object: id(8)})
		expect("other lists on the same day", id(2), her, 3)
		at = evening.Add(time.Hour) // after midnight in Bishkek, the same day in UTC
		look(list)
		expect("the next day", id(2), her, 4)
		expect("the next day", id(2), other, 2)
		look(audit.Looks{Reader: id(3), Action: "people.audit.in_list"})
		expect("an empty list", id(3), storage.ID{}, 0)
	})
}

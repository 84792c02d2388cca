package people_test

import (
	"context"
	"maps"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// The migration makes contacts from the indexes of before, without their values: those lie
// in the boxes of their persons, for which it has no keys.
func TestSettlingFillsWhatTheMigrationCouldNotOnceAndAgain(t *testing.T) {
	scenes(t, func(s *scene) {
		var all []people.Person
		want := map[storage.ID]map[string]people.ContactState{}
		for range 3 {
			p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg", Phone: "+996555111222"})
			all = append(all, p)
			want[p.ID] = s.states(p.ID)
		}
		merged := s.register(people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
		empty := s.register(people.Details{FullName: "Чынара"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE contact SET sealed = NULL`); err != nil {
				return err
			}
			// A record that was merged, and one whose box holds no such value.
			if err := s.svc.Merge(ctx, tx, people.MergeRecords{From: merged.ID, Into: all[0].ID}); err != nil {
				return err
			}
			for _, id := range []storage.ID{merged.ID, empty.ID} {
				if _, err := tx.Exec(ctx, `INSERT INTO contact (id, person_id, kind, state, value_index, made_at, changed_at)
					VALUES ($1, $2, 'email', 'typed', $3, 0, 0)`, tx.NewID(), id, id[:]); err != nil {
					return err
				}
			}
			return nil
		})
		// Before it, a contact is read from the box of its person.
		if got := s.states(all[1].ID); !maps.Equal(got, want[all[1].ID]) {
			s.t.Errorf("before: %v", got)
		}
		sealed := func() (out [][]byte) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				out, err = storage.All(ctx, tx, func(row storage.Scanner) (b []byte, err error) {
					err = row.Scan(&b)
					return b, err
				}, `SELECT sealed FROM contact ORDER BY id`)
				return err
			})
			return out
		}
		if err := s.svc.Settle(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		first := sealed()
		if len(first) != 6 {
			s.t.Errorf("%d contacts", len(first))
		}
		for i, b := range first {
			if len(b) == 0 {
				s.t.Errorf("contact %d is empty still", i)
			}
		}
		if err := s.svc.Settle(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		for i, b := range sealed() {
			if string(b) != string(first[i]) {
				s.t.Errorf("the second time contact %d is written again", i)
			}
		}
		for _, p := range all {
			if got := s.states(p.ID); !maps.Equal(got, want[p.ID]) {
				s.t.Errorf("after: %v", got)
			}
		}
		// The value is its own now: another current one changes nothing.
		s.change(all[2].ID, people.PhoneContact, "+996777333444")
		if got := s.states(all[2].ID); got["a@mail.kg"] != people.Typed || got["+996777333444"] != people.Typed || len(got) != 2 {
			s.t.Errorf("%v", got)
		}
		if n := s.count(`SELECT COUNT(*) FROM job WHERE kind = 'people.tidy'`); n != 1 {
			s.t.Errorf("%d jobs of the daily tidying", n)
		}
	})
}

package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
)

// stored reads all that is kept, with the ids of the rows.
func stored(t *testing.T, s *storage.Store) (list []ledger.Fact, ids map[storage.ID]bool) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		ids = map[storage.ID]bool{}
		if list, err = ledger.Facts(ctx, tx, ledger.Filter{}); err != nil {
			return err
		}
		all, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT id FROM fact`)
		for _, id := range all {
			ids[id] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list, ids
}

func TestSeveredFactsCountAsBeforeAndShareNothingWithWhatTheyWere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		osh, naryn := ledger.Profile{Sex: "female", AgeBand: "25-34", City: "osh"}, ledger.Profile{Sex: "female", AgeBand: "25-34", City: "naryn", Level: "city"}
		write := func(f func(ctx context.Context, tx *storage.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		of := func(subject, activity byte, value int64, p ledger.Profile, day ledger.Day) ledger.Fact {
			return ledger.Fact{Kind: "seminars.attended", Day: day, Subject: storage.ID{15: subject}, Activity: storage.ID{15: activity}, Value: value, Profile: p}
		}
		write(func(ctx context.Context, tx *storage.Tx) error {
			for _, f := range []ledger.Fact{
				of(1, 1, 1, osh, "2026-11-22"), of(1, 1, -1, osh, "2026-11-22"), of(1, 2, 1, osh, "2026-11-22"), of(9, 4, 1, naryn, "2026-11-23"), // she moved
				of(2, 1, 1, osh, "2026-11-22"), of(3, 2, 1, naryn, "2026-11-22"),
			} {
				if err := ledger.Record(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		before, was := stored(t, s)
		write(func(ctx context.Context, tx *storage.Tx) error {
			return ledger.Sever(ctx, tx, storage.ID{15: 1}, storage.ID{}, storage.ID{15: 9})
		})
		after, ids := stored(t, s)
		subjects, days, same := map[storage.ID]bool{}, map[ledger.Day]int{}, 0
		for _, f := range after {
			if f.Subject == (storage.ID{15: 2}) || f.Subject == (storage.ID{15: 3}) {
				continue
			}
			subjects[f.Subject] = true
			days[f.Day]++
		}
		for id := range ids {
			if was[id] {
				same++
			}
		}
		if same != 2 {
			t.Errorf("%d rows have the id that they had, want those of the two others", same)
		}
		if len(subjects) != 1 || subjects[storage.ID{15: 1}] || subjects[storage.ID{15: 9}] {
			t.Errorf("subjects %v", subjects)
		}
		if diff := cmp.Diff(map[ledger.Day]int{"2026-11-22": 3, "2026-11-23": 1}, days); diff != "" {
			t.Error(diff)
		}
		// Two records of one person were two people until they were one; here they count as one.
		for i := range before {
			if before[i].Subject == (storage.ID{15: 9}) {
				before[i].Subject = storage.ID{15: 1}
			}
		}
		if diff := cmp.Diff(ledger.Count(before), ledger.Count(after)); diff != "" {
			t.Errorf("the numbers are others:\n%s", diff)
		}
	})
}

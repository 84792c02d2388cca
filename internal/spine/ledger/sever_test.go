package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
)

// facts reads all that is kept.
func facts(t *testing.T, s *storage.Store) (list []ledger.Fact) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = ledger.Facts(ctx, tx, ledger.Filter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSeveredFactsCountAsBeforeAndShareNothingWithWhatTheyWere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		osh, naryn := ledger.Profile{Sex: "female", AgeBand: "25-34", City: "osh"}, ledger.Profile{Sex: "female", AgeBand: "25-34", City: "naryn", Level: "city"}
		morning := time.Date(2026, 11, 21, 20, 0, 0, 123_000, time.UTC) // two o'clock on the 22nd in Bishkek
		write := func(f func(ctx context.Context, tx *storage.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		write(func(ctx context.Context, tx *storage.Tx) error {
			for i, f := range []ledger.Fact{
				fact(1, 1, 1, osh), fact(1, 1, -1, osh), fact(1, 2, 1, osh), fact(1, 2, 1, naryn), // she moved on that day
				fact(2, 1, 1, osh), fact(3, 2, 1, naryn),
			} {
				f.At = morning.Add(time.Duration(i) * time.Minute)
				if err := ledger.Record(ctx, tx, f); err != nil {
					return err
				}
			}
			f := fact(1, 3, 1, naryn)
			f.At = morning.Add(23 * time.Hour) // the next local day
			return ledger.Record(ctx, tx, f)
		})
		before := facts(t, s)
		was, moments := map[storage.ID]bool{}, map[time.Time]bool{}
		for _, f := range before {
			if f.Subject == id(1) {
				was[f.ID], moments[f.At] = true, true
			}
		}
		write(func(ctx context.Context, tx *storage.Tx) error {
			return ledger.Sever(ctx, tx, id(1), storage.ID{}, id(9))
		})
		after := facts(t, s)
		if diff := cmp.Diff(ledger.Count(before), ledger.Count(after)); diff != "" {
			t.Errorf("the numbers are others:\n%s", diff)
		}
		subjects, days := map[storage.ID]bool{}, map[string]int{}
		for _, f := range after {
			if f.Subject == id(2) || f.Subject == id(3) {
				continue
			}
			subjects[f.Subject] = true
			days[f.At.In(i18n.Bishkek()).Format(time.DateOnly)]++
			if was[f.ID] || moments[f.At] {
				t.Errorf("%+v leads to what it was", f)
			}
		}
		if len(subjects) != 1 || subjects[id(1)] {
			t.Errorf("subjects %v", subjects)
		}
		if diff := cmp.Diff(map[string]int{"2026-11-22": 4, "2026-11-23": 1}, days); diff != "" {
			t.Error(diff)
		}
	})
}

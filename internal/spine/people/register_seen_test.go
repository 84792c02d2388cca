package people_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

func TestStaffMatchOnlyWhomTheySeeAndNeverLearnOfOthers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		there := register(t, store, svc, people.Details{FullName: "Токтосунова Бермет", Email: "bermet@example.org", Phone: "0555 12-34-56", City: "naryn", Organisation: "Кеңеш"})
		here := register(t, store, svc, people.Details{FullName: "Эсенова Чолпон", Email: "cholpon@example.org", City: "osh"})
		osh := func(p people.Person) bool { return p.City == "osh" }
		seen := func(d people.Details) (p people.Person, created bool) {
			t.Helper()
			write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
				p, created, err = svc.RegisterSeen(ctx, tx, d, osh)
				return err
			})
			return p, created
		}
		if p, created := seen(people.Details{FullName: "Чолпон", Email: "Cholpon@example.org"}); created || p.ID != here.ID {
			t.Errorf("whom they see is not found: %v", p.Details)
		}
		for _, d := range []people.Details{
			{FullName: "Бермет", Email: "BERMET@example.org"},
			{FullName: "Токтосунова Бермет", Phone: "+996 555 12 34 56"},
			{FullName: "Токтосунова Бермет", Phone: "+996 555 12 34 56", Email: "bermet@example.org"},
			{FullName: "Бекова Асел", Email: "new@example.org"},
		} {
			p, created := seen(d)
			if !created || p.ID == there.ID || p.ID == here.ID || p.Organisation != "" {
				t.Fatalf("%+v: created %v, %+v", d, created, p.Details)
			}
			// The new record has the address, and can be kept like any other.
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				now, err := svc.ByID(ctx, tx, p.ID)
				if err != nil {
					return err
				}
				if now.Email != p.Email || now.Phone != p.Phone {
					t.Errorf("the address is lost: %+v", now.Details)
				}
				now.Organisation = "Аялдар"
				if err := svc.Update(ctx, tx, p.ID, now.Details); err != nil {
					t.Errorf("it cannot be changed, which tells that somebody has the address: %v", err)
				}
				if err := svc.SetTelegram(ctx, tx, p.ID, 4242); err != nil {
					t.Error(err)
				}
				return nil
			})
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				found, ok, err := svc.Among(ctx, tx, []storage.ID{here.ID, p.ID}, d)
				if err == nil && (!ok || found.ID != p.ID) {
					t.Errorf("%+v is not found among the invited", d)
				}
				return err
			})
		}
		// Sign-in by the address opens who had it first.
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			p, err := svc.ByEmail(ctx, tx, "bermet@example.org")
			if err == nil && (p.ID != there.ID || p.Organisation != "Кеңеш") {
				t.Errorf("the address opens %+v", p.Details)
			}
			return err
		})
	})
}

package pages

import (
	"context"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

func TestInvitingByNameTellsNothingOfSomebodyOutsideOnesCities(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 20 })
		known := map[string]people.Person{}
		for city, name := range map[string]string{"naryn": "Токтосунова Бермет", "osh": "Эсенова Чолпон", "": "Маматова Нургүл"} {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				p, err := m.People.Register(ctx, tx, people.Details{
					FullName: name, Email: "known" + city + "@example.org", Phone: "+996555987123", City: city, Village: "Жашыруунайыл", Organisation: "Уядабаш", Sex: "female", BirthYear: 1981,
				})
				known[city] = p
				return err
			})
		}
		coordinator := func(at access.Scope) access.Actor {
			return access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Coordinator, Scope: at}}, Table: m.Manifest().Permissions}
		}
		osh := coordinator(access.Scope{City: "osh"})
		invite := func(actor access.Actor, d people.Details) (app seats.Application) {
			t.Helper()
			write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
				d.Lang = i18n.Kyrgyz
				app, err = m.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: actor, Details: d})
				return err
			})
			return app
		}
		typed := func(address, name string) people.Details {
			return people.Details{FullName: name, Email: address, Sex: "female", Organisation: "Аялдар"}
		}
		// Of each whom she invited, the coordinator reads what she typed and no more.
		for what, d := range map[string]people.Details{
			"somebody of another city, by address":         typed("KnownNaryn@example.org", "Бермет"),
			"somebody of no city":                          typed("known@example.org", "Маматова Нургүл"),
			"somebody of another city, by phone":           {FullName: "Токтосунова Бермет", Phone: "0555 987 123", Sex: "female", Organisation: "Аялдар"},
			"somebody whom nobody knows":                   typed("new@example.org", "Бекова Асел"),
			"somebody whom nobody knows, by phone":         {FullName: "Сулайманова Айнура", Phone: "0700 111 222", Sex: "female", Organisation: "Аялдар"},
			"somebody by the phone of another's household": {FullName: "Токтосунов Азамат", Phone: "0555 987 123", Sex: "male", Organisation: "Аялдар"},
		} {
			app := invite(osh, d)
			for _, p := range known {
				if app.Person == p.ID {
					t.Errorf("%s: the record of %s is opened", what, p.FullName)
				}
			}
			var list []seats.Applicant
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = m.Applicants(ctx, tx, osh, a)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			for _, one := range list {
				if one.ID != app.ID {
					continue
				}
				if got := one.Details; got.FullName != d.FullName || got.Organisation != "Аялдар" || got.Village+got.City+got.AgeBand != "" || app.State != seats.Invited {
					t.Errorf("%s: the list shows %+v, %s", what, got, app.State)
				}
			}
			// Inviting her again finds her among those of this activity.
			if again := invite(osh, d); again.ID != app.ID {
				t.Errorf("%s: a second invitation makes a second application", what)
			}
		}
		// Not even a record that she may see is written on: whoever it is proves it herself.
		if app := invite(osh, typed("knownosh@example.org", "Эсенова Чолпон")); app.Person == known["osh"].ID {
			t.Error("inviting by name writes on a record that it merely matched")
		}
		all := coordinator(access.Scope{})
		if app := invite(all, typed("knownnaryn@example.org", "Токтосунова Бермет")); app.Person == known["naryn"].ID {
			t.Error("who was invited here already, at this address, is invited twice")
		}
		before := count(t, m, `SELECT COUNT(*) FROM person`)
		if invite(all, typed("knownnaryn@example.org", "Токтосунова Бермет")); count(t, m, `SELECT COUNT(*) FROM person`) != before {
			t.Error("inviting again makes records")
		}
		// The old records are as they were.
		for city, p := range known {
			var now people.Person
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				now, err = m.People.ByID(ctx, tx, p.ID)
				return err
			}); err != nil || now.FullName != p.FullName || now.Organisation != "Уядабаш" || !strings.Contains(now.Email, "known"+city) {
				t.Errorf("the record of %q is changed: %+v %v", city, now.Details, err)
			}
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

func TestThirtyPeopleOfTheListAreInvitedAsFarAsThereAreSeats(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 28 })
		setUp(t, m, a, "")
		var ids []storage.ID
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			ids = nil
			for n := range 30 {
				city := "osh"
				if n == 29 {
					city = "naryn" // whom the asker may not see
				}
				p, err := m.People.Register(ctx, tx, people.Details{FullName: fmt.Sprintf("Асанова Айгүл %d", n), Email: fmt.Sprintf("a%d@example.org", n), City: city})
				if err != nil {
					return err
				}
				ids = append(ids, p.ID)
			}
			return nil
		})
		osh := selector(t, m, "osh")
		osh.Table = access.Table{seats.MaySelect: {access.Coordinator}, "people.view": {access.Coordinator}}
		// The first has a seat, the second stepped back.
		for n, to := range []seats.State{seats.Confirmed, seats.Withdrawn} {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				app, err := m.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: osh, Person: ids[n]})
				if err != nil {
					return err
				}
				_, err = m.Move(ctx, tx, app, to, ids[n], "seminars.why.withdrew")
				return err
			})
		}
		before := count(t, m, `SELECT COUNT(*) FROM setting WHERE value = 'seminars.invited'`)
		cmd := seats.InviteMany{Actor: osh, Activity: a.ID, Persons: append(append([]storage.ID{}, ids...), ids[5], ids[5])}
		would, err := m.RehearseInvitations(t.Context(), cmd)
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application`); n != 2 {
			t.Errorf("the rehearsal left %d applications", n)
		}
		var done []seats.WouldInvite
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			done, err = m.InviteMany(ctx, tx, cmd)
			return err
		})
		if fmt.Sprint(outcome(would)) != fmt.Sprint(outcome(done)) {
			t.Errorf("shown was %v, done %v", outcome(would), outcome(done))
		}
		if len(done) != 29 {
			t.Errorf("%d people are told of, one is of another city", len(done))
		}
		got := map[string]int{}
		for _, w := range outcome(done) {
			got[w]++
		}
		if got["invited"] != 27 || got["seminars.fault.has_seat"] != 1 || got["seminars.fault.stepped_back"] != 1 {
			t.Errorf("%v", got)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE value = 'seminars.invited'`) - before; n != 27 {
			t.Errorf("%d letters", n)
		}
		// Who applied by a form, and so has a second record, is the applicant that she is.
		{
			m, b := fixture(t, store, func(a *seats.Activity) { a.Capacity = 20 })
			setUp(t, m, b, "")
			osh := selector(t, m, "osh")
			osh.Table = access.Table{seats.MaySelect: {access.Coordinator}, "people.view": {access.Coordinator}}
			h, err := apply(t.Context(), m, b, 7, "form")
			if err != nil {
				t.Fatal(err)
			}
			var old people.Person
			write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
				d := people.Details{FullName: answersOf(7).First("name"), Email: answersOf(7).First("email"), City: "osh"}
				old, err = m.People.Register(ctx, tx, d)
				return err
			})
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := m.InviteMany(ctx, tx, seats.InviteMany{Actor: osh, Activity: b.ID, Persons: []storage.ID{old.ID}})
				return err
			})
			if n := count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1`, b.ID); n != 1 {
				t.Errorf("one woman has %d applications", n)
			}
			if got := stateOf(t, m, h.Application.ID).State; got != seats.Invited {
				t.Errorf("her application is %s", got)
			}
		}
		// No seat is left: whoever comes now is named, and nothing is written of her.
		var late people.Person
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			late, err = m.People.Register(ctx, tx, people.Details{FullName: "Бекова Асел", Email: "asel@example.org", City: "osh"})
			return err
		})
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			done, err = m.InviteMany(ctx, tx, seats.InviteMany{Actor: osh, Activity: a.ID, Persons: []storage.ID{late.ID}})
			return err
		})
		if len(done) != 1 || done[0].Left == nil || done[0].Left.Code != fault.Full {
			t.Errorf("without a seat: %v", outcome(done))
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application WHERE person_id = $1`, late.ID); n != 0 {
			t.Error("an application nobody made is left")
		}
		try := func(what string, code fault.Code, change func(*seats.InviteMany)) {
			t.Helper()
			cmd := seats.InviteMany{Actor: osh, Activity: a.ID, Persons: ids[:1]}
			change(&cmd)
			err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := m.InviteMany(ctx, tx, cmd)
				return err
			})
			if !fault.Is(err, code) {
				t.Errorf("%s: %v", what, err)
			}
		}
		try("nobody", fault.Invalid, func(c *seats.InviteMany) { c.Persons = nil })
		try("too many", fault.Invalid, func(c *seats.InviteMany) { c.Persons = make([]storage.ID, seats.MostAtOnce+1) })
		try("another city alone", fault.NotFound, func(c *seats.InviteMany) { c.Persons = ids[29:] })
		naryn := selector(t, m, "naryn")
		try("who selects elsewhere", fault.Forbidden, func(c *seats.InviteMany) { c.Actor = naryn })
		c.Set(a.Starts.Add(time.Minute))
		try("once it has begun", fault.TooLate, func(*seats.InviteMany) {})
	})
}

func outcome(list []seats.WouldInvite) (out []string) {
	for _, w := range list {
		if w.Left == nil {
			out = append(out, "invited")
		} else {
			out = append(out, w.Left.Key)
		}
	}
	return out
}

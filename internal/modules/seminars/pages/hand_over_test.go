package pages

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// relay is a door with a coordinator and two facilitators.
type relay struct {
	gate
	lead, first, second access.Actor
}

func openRelay(t testing.TB, store *storage.Store, c *storagetest.Clock) relay {
	t.Helper()
	c.Set(start)
	g := openGateOf(t, store, c, 1)
	v := relay{gate: g}
	for n, who := range []*access.Actor{&v.lead, &v.first, &v.second} {
		role := access.Facilitator
		if n == 0 {
			role = access.Coordinator
		}
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			id, err := registered(ctx, tx, g.m, 700+n)
			if err != nil {
				return err
			}
			grant := access.Grant{Role: role, Scope: access.Scope{City: g.osh.City}}
			*who = access.Actor{Person: id, Grants: []access.Grant{grant}, Table: g.m.Manifest().Permissions}
			return g.m.People.Grant(ctx, tx, id, grant)
		})
	}
	return v
}

func (v relay) handOver(cmd door.HandOver) (link string, err error) {
	if cmd.Activity.IsZero() {
		cmd.Activity = v.osh.ID
	}
	cmd.Name = "A substitute's phone"
	err = v.m.Store.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		link, err = v.m.HandOver(ctx, tx, cmd)
		return err
	})
	return link, err
}

func (v relay) enrol(link string) (d door.Device, secret string, err error) {
	err = v.m.Store.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, secret, err = v.m.EnrolDevice(ctx, tx, link)
		return err
	})
	return d, secret, err
}

// stands is what the door says to somebody of the staff.
func (v relay) stands(who access.Actor) (err error) {
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		err = door.Keeper{Device: seats.StaffDevice(who.Person), By: who.Person}.Stands(ctx, tx, who, v.osh)
		return nil
	})
	return err
}

// holds is the phone of a secret; Unauthenticated when its right has ended.
func (v relay) holds(secret string) (d door.Device, err error) {
	err = v.m.Store.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = door.DeviceByToken(ctx, tx, secret)
		return err
	})
	return d, err
}

func (v relay) revoke(id storage.ID) {
	v.t.Helper()
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		return v.m.RevokeDevice(ctx, tx, v.lead, v.osh.ID, id)
	})
}

func (v relay) logged(person storage.ID) (actions []string) {
	v.t.Helper()
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Person: person})
		for _, e := range list {
			if strings.HasPrefix(e.Action, "seminars.") {
				actions = append(actions, e.Action)
			}
		}
		return err
	})
	slices.Sort(actions) // all of one moment
	return actions
}

// A facilitator falls ill: nothing changes before the substitute opens the link, and from then
// on the phone stands in her place, until that is taken back.
func TestASubstituteTakesAPlaceOverAndGivesItBack(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		link, err := v.handOver(door.HandOver{Actor: v.first, Person: v.first.Person})
		if err != nil {
			t.Fatal(err)
		}
		if err := v.stands(v.first); err != nil {
			t.Fatalf("she stands there no more before anybody came: %v", err)
		}
		d, secret, err := v.enrol(link)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := v.holds(secret); err != nil || !d.Leads || d.Activity != v.osh.ID || !d.Keeper().Leads {
			t.Errorf("%+v, %v", d, err)
		}
		if err := v.stands(v.first); !fault.Is(err, fault.Forbidden) || fault.Of(err).Key != "seminars.fault.handed_over" {
			t.Errorf("whose place it was: %v", err)
		}
		if err := v.stands(v.second); err != nil {
			t.Errorf("another facilitator: %v", err)
		}
		if _, err := v.handOver(door.HandOver{Actor: v.first, Person: v.first.Person}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("she lets phones in from home: %v", err)
		}
		if _, err := v.handOver(door.HandOver{Actor: v.lead, Person: v.first.Person}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the place is given twice: %v", err)
		}
		// The substitute's phone breaks: another one takes its place over, which is still hers.
		if link, err = v.handOver(door.HandOver{Actor: v.second, Phone: d.ID}); err != nil {
			t.Fatal(err)
		}
		again, secret2, err := v.enrol(link)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.holds(secret); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the phone that broke: %v", err)
		}
		if d, err := v.holds(secret2); err != nil || !d.Leads || d.OfPerson != v.first.Person {
			t.Errorf("%+v, %v", d, err)
		}
		if err := v.stands(v.first); !fault.Is(err, fault.Forbidden) {
			t.Errorf("with the second phone she stands there again: %v", err)
		}
		v.revoke(again.ID)
		if err := v.stands(v.first); err != nil {
			t.Errorf("her place was given back: %v", err)
		}
		if got, want := v.logged(v.first.Person), []string{"seminars.audit.handed_back", "seminars.audit.handed_over", "seminars.audit.handed_over", "seminars.audit.handover"}; !slices.Equal(got, want) {
			t.Errorf("her log says %q", got)
		}
	})
}

func TestWhoMayHandOverWhichPlace(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		desk := access.Actor{Person: v.second.Person, Grants: []access.Grant{{Role: access.FrontDesk}}, Table: v.lead.Table}
		naryn := v.lead
		naryn.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "naryn"}}}
		guest := v.apps[0].Person
		for name, k := range map[string]struct {
			door.HandOver
			want fault.Code
		}{
			"another's place":         {door.HandOver{Actor: v.first, Person: v.second.Person}, fault.Forbidden},
			"the front desk":          {door.HandOver{Actor: desk, Person: desk.Person}, fault.Forbidden},
			"of another city":         {door.HandOver{Actor: naryn, Person: v.first.Person}, fault.Forbidden},
			"who is not of the team":  {door.HandOver{Actor: v.lead, Person: guest}, fault.NotFound},
			"a phone that is none":    {door.HandOver{Actor: v.lead, Phone: guest}, fault.NotFound},
			"no place":                {door.HandOver{Actor: v.lead}, fault.NotFound},
			"two places":              {door.HandOver{Actor: v.lead, Phone: guest, Person: v.first.Person}, fault.Invalid},
			"an activity that is not": {door.HandOver{Actor: v.lead, Person: v.first.Person, Activity: guest}, fault.NotFound},
		} {
			if _, err := v.handOver(k.HandOver); !fault.Is(err, k.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_device`); n != 0 {
			t.Errorf("%d phones were made", n)
		}
		c.Set(v.osh.Ends.Add(seats.TicketGrace))
		if _, err := v.handOver(door.HandOver{Actor: v.lead, Person: v.first.Person}); err != nil {
			t.Errorf("in the last moment: %v", err)
		}
		c.Pass(time.Second)
		if _, err := v.handOver(door.HandOver{Actor: v.lead, Person: v.second.Person}); !fault.Is(err, fault.TooLate) {
			t.Errorf("once no phone may scan: %v", err)
		}
	})
}

// A phone of a volunteer is handed over as what it was: the new one does not run the day.
func TestTheLinkOfASubstituteServesOnceAndForAWhile(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		var plain string
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) (err error) {
			plain, err = v.m.InviteDevice(ctx, tx, v.lead, v.osh.ID, "A volunteer's phone")
			return err
		})
		old, was, err := v.enrol(plain)
		if err != nil {
			t.Fatal(err)
		}
		late, err := v.handOver(door.HandOver{Actor: v.lead, Phone: old.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.handOver(door.HandOver{Actor: v.second, Phone: old.ID}); !fault.Is(err, fault.Conflict) {
			t.Errorf("while the link serves: %v", err)
		}
		c.Pass(door.HandOverFor)
		if _, _, err := v.enrol(late); !fault.Is(err, fault.Gone) {
			t.Errorf("after its time: %v", err)
		}
		if _, err := v.holds(was); err != nil {
			t.Errorf("the phone lost its right for nothing: %v", err)
		}
		back, err := v.handOver(door.HandOver{Actor: v.lead, Phone: old.ID})
		if err != nil {
			t.Fatal(err)
		}
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) error {
			d, err := door.DeviceByLink(ctx, tx, back)
			if err != nil {
				return err
			}
			return v.m.RevokeDevice(ctx, tx, v.lead, v.osh.ID, d.ID)
		})
		if _, _, err := v.enrol(back); !fault.Is(err, fault.Gone) {
			t.Errorf("taken back: %v", err)
		}
		link, err := v.handOver(door.HandOver{Actor: v.lead, Phone: old.ID})
		if err != nil {
			t.Fatal(err)
		}
		c.Pass(door.HandOverFor - time.Second)
		_, secret, err := v.enrol(link)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := v.holds(secret); err != nil || d.Leads || d.OfPhone != old.ID {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := v.holds(was); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the old one scans on: %v", err)
		}
		if _, _, err := v.enrol(link); !fault.Is(err, fault.Gone) {
			t.Errorf("a second phone: %v", err)
		}
	})
}

// together lets two do the same at the same moment, each having seen that nobody has done it,
// and gives how many of them did it.
func (v relay) together(do func(n int) error) int {
	v.t.Helper()
	if v.m.Store.Dialect() == storage.PostgreSQL { // SQLite lets one write after the other
		var both sync.WaitGroup
		both.Add(2)
		var left atomic.Int64
		left.Store(2)
		v.m.Taking = func() {
			if left.Add(-1) >= 0 { // who is run again by the store waits for nobody
				both.Done()
				both.Wait()
			}
		}
	}
	var done sync.WaitGroup
	var did atomic.Int64
	for n := range 2 {
		done.Go(func() {
			switch err := do(n); {
			case err == nil:
				did.Add(1)
			case !fault.Is(err, fault.Gone) && !fault.Is(err, fault.Conflict):
				v.t.Error(err)
			}
		})
	}
	done.Wait()
	v.m.Taking = nil
	return int(did.Load())
}

func TestOfTwoWhoOpenALinkAtOnceOneTakesThePlace(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		link, err := v.handOver(door.HandOver{Actor: v.lead, Person: v.first.Person})
		if err != nil {
			t.Fatal(err)
		}
		var secrets [2]string
		if did := v.together(func(n int) (err error) { _, secrets[n], err = v.enrol(link); return err }); did != 1 {
			t.Fatalf("%d phones took the place", did)
		}
		hold := 0
		for _, secret := range secrets {
			if _, err := v.holds(secret); err == nil {
				hold++
			}
		}
		if hold != 1 {
			t.Errorf("%d phones stand there", hold)
		}
	})
}

func TestOfTwoWhoHandAPlaceOverAtOnceOneDoes(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			if !guarded {
				if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `DROP INDEX door_handover_person`)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			v := openRelay(t, store, c)
			did := v.together(func(n int) error {
				_, err := v.handOver(door.HandOver{Actor: []access.Actor{v.lead, v.first}[n], Person: v.first.Person})
				return err
			})
			if want := map[bool]int{false: 2, true: 1}[guarded]; did != want {
				t.Errorf("guarded %v: %d were told that they handed it over", guarded, did)
			}
		})
	}
}

// Whose place a phone had stands there again when its right is taken back; a link to the place of
// that phone, perhaps photographed, is worth nothing from then on.
func TestALinkToThePlaceOfAPhoneEndsWithThePlace(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		link, err := v.handOver(door.HandOver{Actor: v.first, Person: v.first.Person})
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := v.enrol(link)
		if err != nil {
			t.Fatal(err)
		}
		next, err := v.handOver(door.HandOver{Actor: v.lead, Phone: d.ID})
		if err != nil {
			t.Fatal(err)
		}
		v.revoke(d.ID)
		if _, _, err := v.enrol(next); !fault.Is(err, fault.Gone) {
			t.Errorf("the link to a place that is no more: %v", err)
		}
		if err := v.stands(v.first); err != nil {
			t.Errorf("she has her place again: %v", err)
		}
		// Both at once: the phone's right ends after the link was looked at.
		if link, err = v.handOver(door.HandOver{Actor: v.first, Person: v.first.Person}); err != nil {
			t.Fatal(err)
		}
		if d, _, err = v.enrol(link); err != nil {
			t.Fatal(err)
		}
		if next, err = v.handOver(door.HandOver{Actor: v.lead, Phone: d.ID}); err != nil {
			t.Fatal(err)
		}
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE door_device SET revoked_at = $1 WHERE id = $2`, storage.Micros(tx.Now), d.ID)
			return err
		})
		if _, _, err := v.enrol(next); !fault.Is(err, fault.Gone) {
			t.Errorf("the place of a phone that has no right is taken: %v", err)
		}
	})
}

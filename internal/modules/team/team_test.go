package team

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// room is the module with the demo's programme and a pocket of letters, on one engine.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	sent  *peopletest.Pocket
	table access.Table
	osh   programme.Activity // published, in Osh, with a day ahead
	other programme.Activity // in another city
}

func rooms(t *testing.T, f func(v *room)) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		v := &room{t: t, s: s, clock: clock, sent: &peopletest.Pocket{}, table: access.Table{}}
		v.m = &Module{Store: s, People: people.New(people.Options{Keys: peopletest.Keys(t), Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})}
		v.m.People.SendWith(v.sent)
		v.m.Programme = programme.New(programme.Options{Changed: v.m.changed})
		for _, list := range []map[access.Permission][]access.Role{programme.Permissions(), v.m.Manifest().Permissions} {
			for p, roles := range list {
				v.table[p] = roles
			}
		}
		file := programmetest.Load(t)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, file, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, From: tx.Now})
			for _, a := range list {
				if a.City == "osh" && v.osh.ID.IsZero() {
					v.osh = a
				}
				if a.City != "" && a.City != "osh" {
					v.other = a
				}
			}
			return err
		})
		if v.osh.ID.IsZero() || v.other.ID.IsZero() || v.osh.Ends.IsZero() {
			t.Fatal("the demo has no seminar ahead in Osh, or none elsewhere")
		}
		f(v)
	})
}

func (v *room) must(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

func (v *room) person(d people.Details) people.Person {
	v.t.Helper()
	return peopletest.Register(v.t, v.s, v.m.People, d)
}

// staff is somebody who has just shown who she is.
func (v *room) staff(role access.Role, at access.Scope) access.Actor {
	v.t.Helper()
	return access.Actor{
		Person: v.person(people.Details{FullName: "Кызматкер " + string(role)}).ID, Origin: access.OfPasskey, Proven: v.clock.Now(),
		Grants: []access.Grant{{Role: role, Scope: at}}, Table: v.table,
	}
}

// as is a person with the roles that she holds at this moment.
func (v *room) as(person storage.ID) (a access.Actor) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		a = access.Actor{Person: person, Origin: access.OfPasskey, Proven: tx.Now, Table: v.table}
		a.Grants, err = v.m.People.Awake(ctx, tx, person)
		return err
	})
	return a
}

func (v *room) give(cmd Give) error {
	v.t.Helper()
	return peopletest.Try(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { return v.m.Give(ctx, tx, cmd) })
}

func (v *room) helpers(a programme.Activity) (list []people.Helper) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = v.m.People.Helpers(ctx, tx, a.ID)
		return err
	})
	return list
}

// wake uses the invitation of somebody.
func (v *room) wake(person storage.ID) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = $2 WHERE person_id = $1`, person, storage.Micros(tx.Now))
		return err
	})
}

// wrong gives the key of the first field that a fault is at, and the field.
func wrong(err error) string {
	f := fault.Of(err)
	if f == nil {
		return fmt.Sprint(err)
	}
	if len(f.Fields) > 0 {
		f = f.Fields[0]
	}
	return f.Field + " " + f.Key
}

func TestWhoHelpsHoldsHerRoleAtOneActivityForItsDays(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{City: "osh"})
		p := v.person(people.Details{FullName: "Токтогулова Айсулуу", Email: "aisuluu@mail.kg", City: "osh"})
		if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: access.Interpreter}); err != nil {
			v.t.Fatal(err)
		}
		if len(v.sent.Invitations) != 1 {
			v.t.Errorf("letters: %v", v.sent.Invitations)
		}
		list := v.helpers(v.osh)
		if len(list) != 1 || list[0].Awake || list[0].Role != access.Interpreter || list[0].Person != p.ID {
			v.t.Fatalf("%+v", list)
		}
		y, mo, d := v.osh.Ends.In(i18n.Bishkek()).Date()
		last := time.Date(y, mo, d+DaysAfter+1, 0, 0, 0, 0, i18n.Bishkek())
		if !list[0].Ends.Equal(last) || !list[0].Begins.Equal(v.clock.Now()) {
			v.t.Errorf("from %v until %v, not %v", list[0].Begins, list[0].Ends, last)
		}
		if a := v.as(p.ID); len(a.Grants) != 0 {
			v.t.Errorf("a role that sleeps: %v", a.Grants)
		}
		v.wake(p.ID)
		a := v.as(p.ID)
		if !a.May(MayHelp, v.osh.Scope()) || !a.May(programme.MayPrepare, v.osh.Scope()) || a.May(MayHelp, v.other.Scope()) || a.May(programme.MayPlan, v.osh.Scope()) || a.May(MayKeep, v.osh.Scope()) || a.May(programme.MayReword, v.osh.Scope()) || a.Staff() {
			v.t.Errorf("what she may: %+v", a.Grants)
		}
		v.clock.Pass(last.Sub(v.clock.Now()) - time.Microsecond)
		if a := v.as(p.ID); !a.May(MayHelp, v.osh.Scope()) {
			v.t.Error("over before its last day is")
		}
		v.clock.Pass(time.Microsecond)
		if a := v.as(p.ID); len(a.Grants) != 0 {
			v.t.Error("a role goes on after its last day")
		}
	})
}

func TestTheLetterMakesHerPasskeyAndWakesTheRoleAndNobodyElseGetsTheLink(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		h := peopletest.OpenWith(v.t, v.s, people.Options{PublicURL: "http://localhost"})
		v.m.People = h.People
		chief := v.staff(access.Coordinator, access.Scope{})
		p := v.person(people.Details{FullName: "Айсулуу", Email: "aisuluu@mail.kg"})
		if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: access.Reviewer}); err != nil {
			v.t.Fatal(err)
		}
		links := 0
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM person_link WHERE person_id = $1`, p.ID).Scan(&links)
		})
		if len(h.Sent.Invitations) != 1 || links != 1 {
			v.t.Fatalf("letters %v, links %d", h.Sent.Invitations, links)
		}
		key := peopletest.NewKey(v.t, "her phone", p.ID)
		if status := h.Visitor(v.t).Follow(h.Sent.Invitations[0], key); status != http.StatusOK {
			v.t.Fatalf("the invitation: %d", status)
		}
		if a := v.as(p.ID); !a.May(MayHelp, v.osh.Scope()) {
			v.t.Errorf("%v", a.Grants)
		}
		if status := h.Visitor(v.t).Follow(h.Sent.Invitations[0], peopletest.NewKey(v.t, "another", p.ID)); status == http.StatusOK {
			v.t.Error("the invitation is used twice")
		}
		again := h.Visitor(v.t)
		if status := again.SignsInWith(key); status != http.StatusOK {
			v.t.Errorf("with her passkey: %d", status)
		}
	})
}

func TestTheDaysOfHelpersFollowTheActivity(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{})
		p := v.person(people.Details{FullName: "Айсулуу", Email: "aisuluu@mail.kg"})
		for role, until := range map[access.Role]string{access.Speaker: "", access.Editor: v.osh.Ends.AddDate(0, 0, 40).In(i18n.Bishkek()).Format(time.DateOnly)} {
			if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: role, Until: until}); err != nil {
				v.t.Fatal(err)
			}
		}
		before := v.helpers(v.osh)
		move := func(days int) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				a, err := programme.ByID(ctx, tx, v.osh.ID)
				if err != nil {
					return err
				}
				_, err = v.m.Programme.Change(ctx, tx, programme.ChangeActivity{Actor: chief, Activity: a.ID, Version: a.Version, Write: func(a programme.Activity) (programme.Activity, error) {
					a.Starts, a.Ends = a.Starts.AddDate(0, 0, days), a.Ends.AddDate(0, 0, days)
					return a, nil
				}})
				return err
			})
		}
		move(10)
		for i, h := range v.helpers(v.osh) {
			if got := h.Ends.Sub(before[i].Ends); got != 240*time.Hour || !h.Begins.Equal(before[i].Begins) {
				v.t.Errorf("%s: the end moved by %v, the beginning from %v to %v", h.Role, got, before[i].Begins, h.Begins)
			}
		}
		// One that was over stays over.
		over := v.person(people.Details{FullName: "Бүткөн", Email: "over@mail.kg"})
		if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: over.ID, Role: access.Reviewer, Until: v.clock.Now().In(i18n.Bishkek()).Format(time.DateOnly)}); err != nil {
			v.t.Fatal(err)
		}
		v.clock.Pass(24 * time.Hour)
		chief.Proven = v.clock.Now()
		move(3)
		move(-3)
		for _, h := range v.helpers(v.osh) {
			if gone := h.Over(v.clock.Now()); gone != (h.Person == over.ID) {
				v.t.Errorf("%s until %v is over: %v", h.Role, h.Ends, gone)
			}
		}
		// A role that begins on a late day still has a day when the activity comes sooner.
		if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: access.Rater, From: v.osh.Ends.AddDate(0, 0, 20).Format(time.DateOnly)}); err != nil {
			v.t.Fatal(err)
		}
		move(-9)
		for _, h := range v.helpers(v.osh) {
			if !h.Begins.Before(h.Ends) {
				v.t.Errorf("%s from %v until %v", h.Role, h.Begins, h.Ends)
			}
		}
	})
}

func TestHelpersAreInvitedByWhoKeepsThatActivityAndSeesThem(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		osh, naryn := v.staff(access.Coordinator, access.Scope{City: "osh"}), v.staff(access.Coordinator, access.Scope{City: v.other.City})
		of := func(city string) storage.ID {
			return v.person(people.Details{FullName: "Айсулуу " + city, Email: "a@" + city + ".kg", City: city}).ID
		}
		here, there := of("osh"), of(v.other.City)
		unreached := v.person(people.Details{FullName: "Байкуш", Phone: "+996555123456", City: "osh"}).ID
		stale := osh
		stale.Proven = v.clock.Now().Add(-16 * time.Minute)
		good := Give{Actor: osh, Activity: v.osh.ID, Person: here, Role: access.Speaker}
		for name, c := range map[string]struct {
			change func(c *Give)
			want   string
		}{
			"coordinator of another city":   {func(c *Give) { c.Actor = naryn; c.Person = there }, " fault.forbidden"},
			"facilitator":                   {func(c *Give) { c.Actor = v.staff(access.Facilitator, access.Scope{}) }, " fault.forbidden"},
			"nobody":                        {func(c *Give) { c.Actor = access.Actor{Table: v.table} }, " fault.forbidden"},
			"signed in a while ago":         {func(c *Give) { c.Actor = stale }, " fault.sign_in_anew"},
			"somebody of another city":      {func(c *Give) { c.Person = there }, " fault.forbidden"},
			"nobody of this id":             {func(c *Give) { c.Person = storage.ID{5} }, "person fault.not_a_choice"},
			"whom no letter reaches":        {func(c *Give) { c.Person = unreached }, "person people.fault.no_letter"},
			"a role of staff":               {func(c *Give) { c.Role = access.Coordinator }, "role fault.not_a_choice"},
			"no role":                       {func(c *Give) { c.Role = "" }, "role fault.not_a_choice"},
			"until yesterday":               {func(c *Give) { c.Until = v.clock.Now().AddDate(0, 0, -1).Format(time.DateOnly) }, "until people.fault.help_until"},
			"in ten years":                  {func(c *Give) { c.Until = "2099-01-01" }, "until people.fault.help_until"},
			"until before it begins":        {func(c *Give) { c.From = v.osh.Ends.AddDate(0, 0, 60).Format(time.DateOnly) }, "until people.fault.help_until"},
			"no day":                        {func(c *Give) { c.Until = "31.12.2026" }, "until team.fault.day"},
			"both":                          {func(c *Give) { c.Details.FullName = "Жаңы" }, "person team.fault.both"},
			"somebody new without a letter": {func(c *Give) { c.Person = storage.ID{}; c.Details.FullName = "Жаңы" }, "email team.fault.email"},
			"somebody new without a name":   {func(c *Give) { c.Person = storage.ID{}; c.Details.Email = "new@mail.kg" }, "name fault.not_a_name"},
			"an activity that is not there": {func(c *Give) { c.Activity = storage.ID{7} }, " programme.fault.activity"},
		} {
			cmd := good
			c.change(&cmd)
			if err := v.give(cmd); wrong(err) != c.want {
				v.t.Errorf("%s: %q, not %q", name, wrong(err), c.want)
			}
		}
		if list := v.helpers(v.osh); len(list) != 0 || len(v.sent.Invitations) != 0 {
			v.t.Errorf("a refusal left %v and %v", list, v.sent.Invitations)
		}
		// Somebody new gets a record, once: the same coordinator knows her again, though she is of no city.
		fresh := good
		fresh.Person, fresh.Details = storage.ID{}, people.Details{FullName: "Жаңы Жардамчы", Email: "new@mail.kg"}
		if err := v.give(fresh); err != nil {
			v.t.Fatal(err)
		}
		again := fresh
		again.Role = access.Editor
		if err := v.give(again); err != nil {
			v.t.Fatal(err)
		}
		if list := v.helpers(v.osh); len(list) != 2 || list[0].Person != list[1].Person {
			v.t.Errorf("%+v", list)
		}
		everywhere := fresh
		everywhere.Actor = v.staff(access.Coordinator, access.Scope{})
		if err := v.give(everywhere); err != nil {
			v.t.Fatal(err)
		}
		if list := v.helpers(v.osh); len(list) != 2 {
			v.t.Errorf("%d roles of one person", len(list))
		}
	})
}

func TestARoleGivenAgainHasOtherDaysAndOneThatWasOverAsksForAnInvitation(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{})
		p := v.person(people.Details{FullName: "Айсулуу", Email: "aisuluu@mail.kg"})
		cmd := Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: access.Translator}
		day := func(n int) string { return v.clock.Now().AddDate(0, 0, n).In(i18n.Bishkek()).Format(time.DateOnly) }
		for _, cmd.Until = range []string{"", day(3)} {
			if err := v.give(cmd); err != nil {
				v.t.Fatal(err)
			}
		}
		v.wake(p.ID)
		cmd.Until = day(5)
		if err := v.give(cmd); err != nil {
			v.t.Fatal(err)
		}
		list := v.helpers(v.osh)
		if len(list) != 1 || !list[0].Awake || len(v.sent.Invitations) != 2 {
			v.t.Fatalf("%+v, letters %d", list, len(v.sent.Invitations))
		}
		v.clock.Pass(7 * 24 * time.Hour)
		cmd.Actor.Proven, cmd.Until = v.clock.Now(), day(5)
		if err := v.give(cmd); err != nil {
			v.t.Fatal(err)
		}
		if list = v.helpers(v.osh); len(list) != 1 || list[0].Awake || len(v.sent.Invitations) != 3 {
			v.t.Errorf("a role that was over: %+v, letters %d", list, len(v.sent.Invitations))
		}
	})
}

func TestARoleIsTakenBackWhereItWasGiven(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{City: "osh"})
		p := v.person(people.Details{FullName: "Айсулуу", Email: "aisuluu@mail.kg", City: "osh"})
		if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: access.Speaker}); err != nil {
			v.t.Fatal(err)
		}
		grant := v.helpers(v.osh)[0].Grant
		try := func(do func(context.Context, *storage.Tx, OfOne) error, cmd OfOne) error {
			return peopletest.Try(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { return do(ctx, tx, cmd) })
		}
		everywhere := v.staff(access.Coordinator, access.Scope{})
		takeBack := func(ctx context.Context, tx *storage.Tx, cmd OfOne) error {
			_, err := v.m.TakeBack(ctx, tx, cmd)
			return err
		}
		for _, do := range []func(context.Context, *storage.Tx, OfOne) error{takeBack, v.m.InviteAgain} {
			if err := try(do, OfOne{Actor: everywhere, Activity: v.other.ID, Grant: grant}); !fault.Is(err, fault.NotFound) {
				v.t.Errorf("of another activity: %v", err)
			}
			if err := try(do, OfOne{Actor: v.staff(access.Coordinator, access.Scope{City: v.other.City}), Activity: v.osh.ID, Grant: grant}); !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("by who keeps another: %v", err)
			}
		}
		one := OfOne{Actor: chief, Activity: v.osh.ID, Grant: grant}
		if err := try(v.m.InviteAgain, one); err != nil || len(v.sent.Invitations) != 2 {
			v.t.Errorf("%v, letters %d", err, len(v.sent.Invitations))
		}
		v.wake(p.ID)
		// She has no passkey left: the role opens nothing, and a new invitation makes her one.
		if err := try(v.m.InviteAgain, one); err != nil || len(v.sent.Invitations) != 3 || v.helpers(v.osh)[0].Awake {
			v.t.Errorf("%v, letters %d, %+v", err, len(v.sent.Invitations), v.helpers(v.osh))
		}
		v.wake(p.ID)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO passkey (id, person_id, sealed, made_at) VALUES ($1, $2, $3, 1)`, storage.RandomID(tx.Now), p.ID, []byte("x"))
			return err
		})
		if err := try(v.m.InviteAgain, one); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("an invitation to what is awake: %v", err)
		}
		if err := try(takeBack, one); err != nil || len(v.helpers(v.osh)) != 0 {
			v.t.Errorf("%v, %v", err, v.helpers(v.osh))
		}
		if err := try(takeBack, one); !fault.Is(err, fault.NotFound) {
			v.t.Errorf("a second time: %v", err)
		}
		if a := v.as(p.ID); len(a.Grants) != 0 {
			v.t.Errorf("%v", a.Grants)
		}
	})
}

func TestAnActivityHasNoMoreHelpersThanItsBound(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{})
		var cmds []Give
		for i := range people.MostHelpers/len(access.Helpers) + 1 {
			p := v.person(people.Details{FullName: fmt.Sprint("Айсулуу ", i), Email: fmt.Sprintf("a%d@mail.kg", i)})
			for _, role := range access.Helpers {
				cmds = append(cmds, Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: role})
			}
		}
		for i, cmd := range cmds {
			err := v.give(cmd)
			if full := i >= people.MostHelpers; full != fault.Is(err, fault.Conflict) || !full && err != nil {
				v.t.Fatalf("the %d. helper: %v", i+1, err)
			}
		}
		if err := v.give(cmds[0]); err != nil {
			v.t.Errorf("whom it has already: %v", err)
		}
	})
}

func TestTheDatabaseTakesNoHelperWithoutAnEnd(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		p := v.person(people.Details{FullName: "Айсулуу"})
		insert := func(role access.Role, begins, ends int64) error {
			return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO role_grant (id, person_id, role, programme_id, city, activity_id, scope, given_by, given_at, woken_at, begins_at, ends_at)
					VALUES ($1, $2, $3, $4, '', $5, $6, $4, 1, 0, $7, $8)`, tx.NewID(), p.ID, string(role), storage.ID{}, v.osh.ID, fmt.Sprint(role, begins, ends), begins, ends)
				return err
			})
		}
		for _, role := range access.Helpers {
			if insert(role, 1, 0) == nil || insert(role, 5, 5) == nil || insert(role, 5, 6) != nil {
				v.t.Errorf("%s: without an end, or one before its beginning, or refused with one", role)
			}
		}
		if insert(access.Coordinator, 0, 0) != nil || insert(access.Coordinator, 5, 4) == nil {
			v.t.Error("staff for good is refused, or staff for less than nothing is not")
		}
	})
}

func TestATranslatorWritesWordsAndNothingElse(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{})
		invited := func(role access.Role) access.Actor {
			p := v.person(people.Details{FullName: "Айсулуу " + string(role), Email: string(role) + "@mail.kg"})
			if err := v.give(Give{Actor: chief, Activity: v.osh.ID, Person: p.ID, Role: role}); err != nil {
				v.t.Fatal(err)
			}
			v.wake(p.ID)
			return v.as(p.ID)
		}
		translator := invited(access.Translator)
		reword := func(cmd programme.Reword) (a programme.Activity, err error) {
			err = peopletest.Try(v.t, v.s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = v.m.Programme.Reword(ctx, tx, cmd)
				return err
			})
			return a, err
		}
		if slices.Contains(programme.WordNames(v.osh), "venue") || slices.Contains(programme.WordNames(v.osh), "directions") {
			v.t.Error("the way to the place is among the words")
		}
		cmd := programme.Reword{Actor: translator, Activity: v.osh.ID, Version: v.osh.Version, Texts: map[string]i18n.Text{
			"title": {Ky: v.osh.Title.Ky, Ru: v.osh.Title.Ru, En: "A Seminar Rewritten"}, "venue": {Ky: "Башка жерде"}, "directions": {Ky: "Башка жакка"}, "agenda_0_at": {Ky: "23:00"},
		}}
		got, err := reword(cmd)
		if err != nil {
			v.t.Fatal(err)
		}
		want := v.osh
		want.Title.En = "A Seminar Rewritten"
		want.Version, want.Changed, want.Stale = got.Version, got.Changed, got.Stale
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) || got.Version == v.osh.Version {
			v.t.Errorf("%+v\nnot\n%+v", got, want)
		}
		if got.Stale.Since("title", i18n.Kyrgyz).IsZero() || !got.Stale.Since("title", i18n.English).IsZero() {
			v.t.Errorf("which language lags behind: %v", got.Stale)
		}
		if _, err := reword(cmd); wrong(err) != " programme.fault.changed_meanwhile" {
			v.t.Errorf("over somebody else's: %v", err)
		}
		cmd.Version = got.Version
		for name, c := range map[string]struct {
			change func(c *programme.Reword)
			want   string
		}{
			"a speaker":        {func(c *programme.Reword) { c.Actor = invited(access.Speaker) }, " fault.forbidden"},
			"another activity": {func(c *programme.Reword) { c.Activity, c.Version = v.other.ID, v.other.Version }, " fault.forbidden"},
			"no title":         {func(c *programme.Reword) { c.Actor, c.Texts = chief, map[string]i18n.Text{"title": {}} }, "title_ky programme.fault.title"},
			"a title that is too long": {func(c *programme.Reword) {
				c.Texts = map[string]i18n.Text{"title": {Ru: string(slices.Repeat([]rune{'ж'}, programme.MaxLine+1))}}
			}, "title_ru programme.fault.long"},
			"a link in a title": {func(c *programme.Reword) {
				c.Texts = map[string]i18n.Text{"title": {Ky: "Семинар evil.kg/login", Ru: v.osh.Title.Ru, En: "A Seminar Rewritten"}}
			}, "title_ky programme.fault.addressed"},
			"a language emptied": {func(c *programme.Reword) {
				c.Texts = map[string]i18n.Text{"title": {Ky: v.osh.Title.Ky, En: "A Seminar Rewritten"}}
			}, "title_ru programme.fault.emptied"},
			"after her last day": {func(c *programme.Reword) { c.Actor.Grants = nil }, " fault.forbidden"},
		} {
			cmd := cmd
			c.change(&cmd)
			if _, err := reword(cmd); wrong(err) != c.want {
				v.t.Errorf("%s: %q, not %q", name, wrong(err), c.want)
			}
		}
	})
}

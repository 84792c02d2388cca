package sheets

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

func named(name string) people.Details {
	return people.Details{FullName: name, Email: strings.ToLower(strings.Fields(i18n.FoldKey(name))[0]) + "@example.kg", City: "osh", Sex: "female", Organisation: "Айыл үнү"}
}

func (v roll) names() (out []string) {
	for _, g := range v.Guests {
		out = append(out, g.Details.FullName)
	}
	return out
}

func TestOnASheetStandsWhoHoldsASeatAtThatMoment(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{City: "osh"})
		held := v.seat(v.osh, seats.Confirmed, named("Өмүралиева Гүл"), named("Алчаева Нурзада"), named("Үсөнова Ырыс"), named("Ободова Асел"))
		v.seat(v.osh, seats.Invited, named("Мистеева Гүлнара"))
		for _, state := range []seats.State{seats.Applied, seats.Shortlisted, seats.Waitlisted, seats.Declined, seats.Withdrawn} {
			v.seat(v.osh, state, named("Башка "+string(state)))
		}
		v.seat(v.other, seats.Confirmed, named("Нарындык Назира"))
		got, err := v.read(chief, v.osh)
		if want := []string{"Алчаева Нурзада", "Мистеева Гүлнара", "Ободова Асел", "Өмүралиева Гүл", "Үсөнова Ырыс"}; err != nil || !slices.Equal(got.names(), want) {
			v.t.Fatalf("%v, %q", err, got.names())
		}
		// One withdraws, one is erased.
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := v.m.Move(ctx, tx, held[0], seats.Withdrawn, storage.ID{}, "seminars.why.withdrew"); err != nil {
				return err
			}
			if err := v.m.Erase(ctx, tx, held[1].Person); err != nil {
				return err
			}
			return v.m.People.Erase(ctx, tx, storage.ID{}, held[1].Person)
		})
		if got, err = v.read(chief, v.osh); err != nil || !slices.Equal(got.names(), []string{"Мистеева Гүлнара", "Ободова Асел", "Үсөнова Ырыс"}) {
			v.t.Errorf("afterwards %v, %q", err, got.names())
		}
	})
}

func TestASheetIsForWhoSelectsThere(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		app := v.seat(v.osh, seats.Confirmed, named("Алчаева Нурзада"))[0]
		for what, c := range map[string]struct {
			actor access.Actor
			may   bool
		}{
			"coordinator of Osh":           {v.staff(access.Coordinator, access.Scope{City: "osh"}), true},
			"coordinator of this activity": {v.staff(access.Coordinator, access.Scope{Activity: v.osh.ID}), true},
			"administrator":                {v.staff(access.Admin, access.Scope{}), true},
			"coordinator of another city":  {v.staff(access.Coordinator, access.Scope{City: v.other.City}), false},
			"coordinator of another":       {v.staff(access.Coordinator, access.Scope{Activity: v.other.ID}), false},
			"facilitator":                  {v.staff(access.Facilitator, access.Scope{}), false},
			"speaker":                      {v.staff(access.Speaker, access.Scope{Activity: v.osh.ID}), false},
			"donor":                        {v.staff(access.Donor, access.Scope{}), false},
			"herself":                      {access.Actor{Person: app.Person, Table: v.table}, false},
		} {
			_, read := v.read(c.actor, v.osh)
			amounts := v.try(func(ctx context.Context, tx *storage.Tx) error {
				a, err := AmountsOf(ctx, tx, v.osh.ID)
				if err != nil {
					return err
				}
				return v.m.SetAmounts(ctx, tx, SetAmounts{Actor: c.actor, Activity: v.osh.ID, Day: "100", Version: a.Version})
			})
			fare := v.try(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.SetFare(ctx, tx, SetFare{Actor: c.actor, Activity: v.osh.ID, Application: app.ID, Som: "50"})
			})
			for did, err := range map[string]error{"reads": read, "sets amounts": amounts, "sets a fare": fare} {
				if c.may && err != nil || !c.may && !fault.Is(err, fault.Forbidden) {
					v.t.Errorf("%s %s: %v", what, did, err)
				}
			}
		}
	})
}

func TestAHallThatIsFullIsReadAndOneMoreIsRefused(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		admin := v.staff(access.Admin, access.Scope{})
		var many []people.Details
		for i := range MostGuests {
			many = append(many, people.Details{FullName: fmt.Sprintf("Катышуучу %03d", i), City: "osh"})
		}
		v.seat(v.osh, seats.Confirmed, many...)
		got, err := v.read(admin, v.osh)
		if err != nil || len(got.Guests) != MostGuests || got.Guests[499].Details.FullName != "Катышуучу 499" {
			v.t.Fatalf("%v, %d people", err, len(got.Guests))
		}
		v.seat(v.osh, seats.Confirmed, named("Алчаева Нурзада"))
		if _, err := v.read(admin, v.osh); !fault.Is(err, fault.TooLarge) {
			v.t.Errorf("one more: %v", err)
		}
	})
}

func TestWhatSheetsTellOfAPersonIsWhatIsKeptOfHer(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		admin := v.staff(access.Admin, access.Scope{})
		apps := v.seat(v.osh, seats.Confirmed, named("Алчаева Нурзада"), named("Ободова Асел"))
		say := func(person storage.ID, purpose string, words i18n.Text, given bool) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.People.Consent(ctx, tx, people.SayConsent{Person: person, Purpose: purpose, Wording: words, Lang: i18n.Russian, Given: given})
			})
			v.clock.Pass(time.Minute)
		}
		ask := i18n.Text{Ky: "Уюмум жазылсын", Ru: "Указать организацию", En: "Name my organisation"}
		say(apps[0].Person, people.ForPhoto, people.Wording(people.ForPhoto), true)
		say(apps[0].Person, OnBadge, ask, true)
		say(apps[1].Person, OnBadge, ask, true)
		say(apps[1].Person, OnBadge, ask, false)
		say(apps[1].Person, people.ForList, people.Wording(people.ForList), true)
		got, err := v.read(admin, v.osh)
		if err != nil || len(got.Guests) != 2 {
			v.t.Fatalf("%v, %d people", err, len(got.Guests))
		}
		first, second := got.Guests[0], got.Guests[1]
		if !first.Answered || !first.Photo.Given || first.Photo.Wording != people.Wording(people.ForPhoto) || first.Photo.Lang != i18n.Russian || first.Photo.At.IsZero() || !first.OnBadge || first.Named {
			v.t.Errorf("the first: %+v", first)
		}
		if second.Answered || second.OnBadge || !second.Named {
			v.t.Errorf("the second took her wish back: %+v", second)
		}
		// A photo that she takes back counts from then on.
		say(apps[0].Person, people.ForPhoto, people.Wording(people.ForPhoto), false)
		if got, err = v.read(admin, v.osh); err != nil || got.Guests[0].Photo.Given {
			v.t.Errorf("%v: she took her consent back: %+v", err, got.Guests[0].Photo)
		}
		if got.Guests[0].Serial != nil {
			v.t.Error("there is no ticket, but a code")
		}
	})
}

func TestWhoLeadsAndHelpsOnTheDayHasABadge(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		admin := v.staff(access.Admin, access.Scope{})
		var ids []storage.ID
		for _, name := range []string{"Кожогатова Нурайым", "Сүйлөөчү Бакыт", "Котормочу Асел"} {
			ids = append(ids, v.seat(v.other, seats.Withdrawn, named(name))[0].Person)
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE activity SET facilitator_id = $1 WHERE id = $2`, ids[0], v.osh.ID); err != nil {
				return err
			}
			for i, role := range map[int]access.Role{1: access.Speaker, 2: access.Translator} {
				if err := v.m.People.GiveHelpAwake(ctx, tx, people.Help{Person: ids[i], Activity: v.osh.ID, Role: role, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)}); err != nil {
					return err
				}
			}
			return nil
		})
		got, err := v.read(admin, v.osh)
		if err != nil || len(got.Hosts) != 2 || got.Hosts[0].Role != access.Facilitator || got.Hosts[1].FullName != "Сүйлөөчү Бакыт" {
			v.t.Fatalf("%v: %+v", err, got.Hosts)
		}
		if len(got.persons(Badges)) != 2 || len(got.persons(List)) != 0 || len(got.persons(Poster)) != 0 {
			v.t.Error("those on the badges are not those on the other sheets")
		}
	})
}

func TestDaysThatSomebodyWasThereAreThoseOfTheDoor(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		admin := v.staff(access.Admin, access.Scope{})
		apps := v.seat(v.osh, seats.Attended, named("Алчаева Нурзада"), named("Ободова Асел"), named("Үсөнова Ырыс"))
		v.seat(v.osh, seats.Confirmed, named("Мистеева Гүлнара"))
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET ends_at = $2 WHERE id = $1`, v.osh.ID, storage.Micros(v.osh.Starts.AddDate(0, 0, 2)))
			return err
		})
		scan := func(app seats.Application, n int, kind string, at time.Time, code string, valid bool) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO scan (id, device, nonce, activity_id, application_id, code, kind, at, received_at, valid, result)
					VALUES ($1, 'phone', $2, $3, $4, $5, $6, $7, $7, $8, 'accepted')`, tx.NewID(), fmt.Sprintf("nonce-%d", n), v.osh.ID, app.ID, code, kind, storage.Micros(at), valid)
				return err
			})
		}
		first := v.osh.Starts
		scan(apps[0], 1, "in", first, "", true)
		scan(apps[0], 2, "in", first.Add(time.Hour), "", true)
		scan(apps[0], 3, "in", first.AddDate(0, 0, 2), "", true)
		scan(apps[0], 4, "out", first.AddDate(0, 0, 1), "", true)
		scan(apps[1], 5, "in", first, "", true)
		scan(apps[1], 6, "in", first.AddDate(0, 0, 1), "", true)
		scan(apps[1], 7, "undo", first.AddDate(0, 0, 1).Add(time.Minute), "nonce-6", true)
		scan(apps[1], 8, "in", first.AddDate(0, 0, 2), "", false)
		scan(apps[1], 9, "in", first.AddDate(0, 0, 9), "", true)
		got, err := v.read(admin, v.osh)
		if err != nil || len(got.Days) != 3 {
			v.t.Fatalf("%v: days %v", err, got.Days)
		}
		for i, want := range []int{2, 0, 1, 1} { // two days; expected only; one day, the other undone; from a list alone
			if got.Guests[i].Came != want {
				v.t.Errorf("%s: %d days, want %d", got.Guests[i].Details.FullName, got.Guests[i].Came, want)
			}
		}
	})
}

func TestAmountsAreWholeSomAndSetOnce(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{City: "osh"})
		app := v.seat(v.osh, seats.Confirmed, named("Алчаева Нурзада"))[0]
		gone := v.seat(v.osh, seats.Withdrawn, named("Ободова Асел"))[0]
		elsewhere := v.seat(v.other, seats.Confirmed, named("Назира Нарын"))[0]
		set := func(cmd SetAmounts) error {
			cmd.Actor, cmd.Activity = chief, v.osh.ID
			return v.try(func(ctx context.Context, tx *storage.Tx) error { return v.m.SetAmounts(ctx, tx, cmd) })
		}
		fare := func(app storage.ID, som string) error {
			return v.try(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.SetFare(ctx, tx, SetFare{Actor: chief, Activity: v.osh.ID, Application: app, Som: som})
			})
		}
		at := func(err error) string {
			f := fault.Of(err)
			if f == nil {
				return fmt.Sprint(err)
			}
			if len(f.Fields) > 0 {
				f = f.Fields[0]
			}
			return f.Field
		}
		for _, wrong := range []string{"-1", "1.5", "1,5", "сом", "1000001", "99999999999999999999", "1e3", "٣", " x"} {
			if got := at(set(SetAmounts{Day: wrong})); got != "day" {
				v.t.Errorf("a day of %q: %s", wrong, got)
			}
			if got := at(set(SetAmounts{City: map[string]string{"osh": wrong}})); got != "city_osh" {
				v.t.Errorf("a fare of %q: %s", wrong, got)
			}
			if got := at(fare(app.ID, wrong)); got != "som" {
				v.t.Errorf("her fare of %q: %s", wrong, got)
			}
		}
		if got := at(set(SetAmounts{Day: "1", City: map[string]string{"atlantis": "5"}})); got != "city" {
			v.t.Errorf("a city that is none: %s", got)
		}
		for what, id := range map[string]storage.ID{"nobody": {}, "who withdrew": gone.ID, "of another activity": elsewhere.ID, "a stranger": storage.RandomID(v.clock.Now())} {
			if got := at(fare(id, "100")); got != "person" {
				v.t.Errorf("a fare of %s: %s", what, got)
			}
		}
		if err := set(SetAmounts{Day: "1 500", City: map[string]string{"osh": "2\u00a0400", "naryn": "0", "talas": ""}}); err != nil {
			v.t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				if err := fare(app.ID, fmt.Sprint(100+i)); err != nil {
					v.t.Errorf("four set her fare at once: %v", err)
				}
			})
		}
		all.Wait()
		if err := set(SetAmounts{Day: "9"}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("set by two at once: %v", err)
		}
		if err := fare(app.ID, "1000000"); err != nil {
			v.t.Fatal(err)
		}
		kept := func() (a Amounts) {
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = AmountsOf(ctx, tx, v.osh.ID)
				return err
			})
			return a
		}
		a := kept()
		if _, talas := a.City["talas"]; a.Day != 1500 || a.City["osh"] != 2400 || talas || len(a.City) != 2 || a.Version != 1 || a.Fare(app.Person, "osh") != 1000000 || a.Fare(gone.Person, "osh") != 2400 {
			v.t.Errorf("kept: %+v", a)
		}
		if err := set(SetAmounts{Day: "1600", City: map[string]string{"osh": ""}, Version: 1}); err != nil {
			v.t.Fatal(err)
		}
		if err := fare(app.ID, ""); err != nil {
			v.t.Fatal(err)
		}
		if a = kept(); a.Day != 1600 || len(a.City) != 1 || len(a.Own) != 0 || a.Version != 2 {
			v.t.Errorf("changed: %+v", a)
		}
		if err := set(SetAmounts{Day: "1", Version: 1}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("an old page is kept: %v", err)
		}
	})
}

func TestAFareGoesWithItsPersonAndIsInHerArchive(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(v.osh, seats.Confirmed, named("Алчаева Нурзада"), named("Ободова Асел"))
		put := func(a programme.Activity, person storage.ID, som int) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO sheet_fare (activity_id, person_id, som) VALUES ($1, $2, $3)`, a.ID, person, som)
				return err
			})
		}
		from, into := apps[0].Person, apps[1].Person
		put(v.osh, from, 100)
		put(v.osh, into, 200)
		put(v.other, from, 300)
		archive := func(person storage.ID) (text string) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				sections, err := v.m.exportFares(ctx, tx, person)
				text = fmt.Sprint(sections)
				return err
			})
			return text
		}
		if text := archive(from); !strings.Contains(text, v.osh.Slug) || !strings.Contains(text, "100") || !strings.Contains(text, "300") {
			v.t.Errorf("her archive: %s", text)
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error { return mergeFares(ctx, tx, from, into) })
		if text := archive(into); !strings.Contains(text, "200") || !strings.Contains(text, "300") || strings.Contains(text, "100") || archive(from) != "map[]" {
			v.t.Errorf("after the merge: %s and %s", text, archive(from))
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error { return eraseFares(ctx, tx, into) })
		if archive(into) != "map[]" {
			v.t.Error("her fares are there after the erasure")
		}
	})
}

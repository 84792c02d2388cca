package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// season is a calendar of several activities.
type season struct {
	diary
	list []seats.Activity
}

func (s season) ByID(_ context.Context, _ *storage.Tx, id storage.ID) (seats.Activity, error) {
	for _, a := range s.list {
		if a.ID == id {
			return a, nil
		}
	}
	return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
}

func (s season) Held(ctx context.Context, tx *storage.Tx, id storage.ID) (seats.Activity, error) {
	return s.ByID(ctx, tx, id)
}

func (s season) List(context.Context, *storage.Tx) ([]seats.Activity, error) { return s.list, nil }
func (s season) Bare(context.Context, *storage.Tx) ([]seats.Activity, error) { return s.list, nil }

// register is three seminars, in Osh, in Osh and in Naryn, with people who applied.
type register struct {
	*Module
	t       testing.TB
	list    []seats.Activity
	persons []people.Person
}

func openRegister(t testing.TB, store *storage.Store, clock *storagetest.Clock, count int) *register {
	t.Helper()
	m, a := fixture(t, store, nil)
	g := &register{Module: m, t: t}
	for i, city := range []string{"osh", "osh", "naryn"} {
		b := a
		b.ID, b.Slug, b.City, b.Starts, b.Ends = storage.RandomID(start), fmt.Sprint("seminar-", i), city, a.Starts.AddDate(0, 0, i), a.Ends.AddDate(0, 0, i)
		b.Title, b.Capacity = i18n.Text{Ky: "Семинар " + city, Ru: "Семинар " + city, En: "Seminar " + city}, 4
		g.list = append(g.list, b)
		setUp(t, m, b, "")
	}
	m.Calendar = season{diary{a}, g.list}
	m.People.Attach([]module.Manifest{m.People.Manifest(), m.Manifest()})
	for i := range count {
		d := people.Details{FullName: fmt.Sprintf("Асанова %s %d", []string{"Айгүл", "Сайкал", "Өмүркан"}[i%3], i), Sex: []string{"female", "male", ""}[i%3], City: "talas"}
		switch i % 4 {
		case 0:
			d.Email = fmt.Sprintf("p%d@mail.kg", i)
		case 1:
			d.Phone = fmt.Sprintf("+99655500%04d", i)
		}
		if i%2 == 0 {
			d.BirthYear = 1980 + i%30
		} else {
			d.AgeBand, d.Level = "25-34", "village"
		}
		clock.Pass(time.Second)
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			p, err := m.People.Register(ctx, tx, d)
			g.persons = append(g.persons, p)
			return err
		})
	}
	return g
}

// apply puts an application of a person into a state, as a row.
func (g *register) apply(person, activity int, state seats.State) (id storage.ID) {
	g.t.Helper()
	write(g.t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
		id = tx.NewID()
		_, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, facts, version, made_at, changed_at, proven_at, held_until)
			VALUES ($1, $2, $3, $4, 0, 0, '', 0, 1, $5, $5, 0, 0)`, id, g.list[activity].ID, g.persons[person].ID, string(state), storage.Micros(tx.Now))
		return err
	})
	return id
}

func coordinatorOf(cities ...string) access.Actor {
	a := access.Actor{Person: storage.ID{1}, Origin: access.OfPasskey, Table: access.Table{seats.MaySelect: {access.Coordinator}}}
	for _, city := range cities {
		a.Grants = append(a.Grants, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: city}})
	}
	return a
}

func (g *register) get(q seats.ListApplications) seats.Listing {
	g.t.Helper()
	out, err := g.register.List(g.t.Context(), q)
	if err != nil {
		g.t.Fatal(err)
	}
	return out
}

// plain answers the question by reading every application and opening every record.
func (g *register) plain(q seats.ListApplications) (ids []storage.ID, with map[string]map[string]int, of int) {
	g.t.Helper()
	with = map[string]map[string]int{}
	for _, by := range seats.Narrowings {
		with[by] = map[string]int{}
	}
	write(g.t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
		for _, a := range g.list {
			if !q.Actor.May(seats.MaySelect, seats.ScopeOf(a)) {
				continue
			}
			apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
			if err != nil {
				return err
			}
			for _, app := range apps {
				p, err := g.People.ByID(ctx, tx, app.Person)
				if err != nil {
					return err
				}
				of++
				if q.Text != "" && !strings.Contains(" "+i18n.FoldKey(p.FullName), " "+i18n.FoldKey(q.Text)) {
					continue
				}
				values := map[string]string{
					seats.ByActivity: a.Slug, seats.ByState: string(app.State), seats.ByCity: a.City, seats.BySex: p.Sex, seats.ByAge: p.Age(g.People.Lists(), seats.CountedOn(a, tx.Now)), seats.ByLevel: p.Level,
					seats.ByReach: seats.ReachNone, seats.ByReconfirm: app.Reconfirm,
				}
				if p.Phone != "" {
					values[seats.ByReach] = seats.ReachCalls
				}
				if p.Email != "" {
					values[seats.ByReach] = seats.ReachLetters
				}
				fits := func(but string) bool {
					for by, v := range values {
						if v == "" {
							v = "-"
						}
						if want := q.Wants[by]; want != "" && by != but && want != v {
							return false
						}
					}
					return true
				}
				for by, v := range values {
					if v == "" {
						v = "-"
					}
					if fits(by) {
						with[by][v]++
						with[by][""]++
					}
				}
				if fits("") {
					ids = append(ids, app.ID)
				}
			}
		}
		return nil
	})
	return ids, with, of
}

// Whatever is asked, the list out of memory holds and counts what all applications and
// records say, within the reach of who asks; and its pages show each once.
func TestTheListOfAllApplicationsSaysWhatIsStored(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		const count = 30
		g := openRegister(t, store, clock, count)
		chance := rand.New(rand.NewPCG(1, 2))
		for i := range count {
			clock.Pass(time.Second)
			for j, some := range chance.Perm(3)[:1+i%3] {
				g.apply(i, some, seats.States[(i+j)%len(seats.States)])
			}
		}
		values := map[string][]string{
			seats.ByActivity: {"seminar-0", "seminar-2"}, seats.ByState: {"applied", "waitlisted", "declined"}, seats.ByCity: {"osh", "naryn"}, seats.BySex: {"female", "-"},
			seats.ByAge: {"25-34", "35-44"}, seats.ByLevel: {"village", "-"}, seats.ByReach: {seats.ReachLetters, seats.ReachCalls, seats.ReachNone}, seats.ByReconfirm: {"-"},
		}
		some := 0
		for range 60 {
			q := seats.ListApplications{Actor: coordinatorOf([]string{"", "osh", "naryn", "batken"}[chance.IntN(4)]), Wants: map[string]string{}, Sort: []string{"", seats.SortName, seats.SortSeminar, seats.SortState}[chance.IntN(4)], Down: chance.IntN(2) == 0}
			for by, list := range values {
				if chance.IntN(4) == 0 {
					q.Wants[by] = list[chance.IntN(len(list))]
				}
			}
			q.Text = []string{"", "", "сайк", "aigul", "нет"}[chance.IntN(5)]
			got := g.get(q)
			ids, with, of := g.plain(q)
			sorted := func(ids []storage.ID) []storage.ID {
				return slices.SortedFunc(slices.Values(ids), func(a, b storage.ID) int { return strings.Compare(a.String(), b.String()) })
			}
			if !slices.Equal(sorted(got.IDs), sorted(ids)) || got.Count != len(ids) || got.Of != of || fmt.Sprint(got.With) != fmt.Sprint(with) {
				t.Fatalf("%+v: %d of %d, want %d of %d\n%v\n%v", q, got.Count, got.Of, len(ids), of, got.With, with)
			}
			some += len(ids)
			q.Limit = 4
			var pages, back []storage.ID
			page := g.get(q)
			for range 40 {
				if len(page.Rows) != len(page.IDs) || page.From != min(len(pages)+1, len(ids)) {
					t.Fatalf("a page of %d rows for %d, from %d", len(page.Rows), len(page.IDs), page.From)
				}
				if pages = append(pages, page.IDs...); !page.Next {
					break
				}
				q.After = pages[len(pages)-1]
				page = g.get(q)
			}
			if !slices.Equal(pages, got.IDs) {
				t.Fatalf("%+v: the pages show %d of %d", q, len(pages), len(got.IDs))
			}
			for back = page.IDs; page.Prev; back = append(slices.Clone(page.IDs), back...) {
				q.After, q.Before = storage.ID{}, page.IDs[0]
				page = g.get(q)
			}
			if !slices.Equal(back, got.IDs) {
				t.Fatalf("%+v: on the way back the pages show %d of %d", q, len(back), len(got.IDs))
			}
		}
		if some < 100 {
			t.Errorf("only %d applications fitted in all: this proves little", some)
		}
	})
}

// What another process changes stands on the next page: a move, a new application, a merged
// record; and who is erased is on none.
func TestTheListOfAllApplicationsFollowsWhatOthersChange(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		g := openRegister(t, store, clock, 6)
		var ids []storage.ID
		for i := range 5 {
			ids = append(ids, g.apply(i, i%3, seats.Applied))
		}
		all := seats.ListApplications{Actor: coordinatorOf(""), Limit: 50}
		if got := g.get(all); got.Count != 5 {
			t.Fatalf("%d", got.Count)
		}
		other, _ := fixture(t, store, nil) // another replica
		other.Calendar = g.Calendar
		other.People.Attach([]module.Manifest{other.People.Manifest(), other.Manifest()})
		states := func() (out []string) {
			for _, row := range g.get(all).Rows {
				out = append(out, string(row.State))
			}
			slices.Sort(out)
			return out
		}
		clock.Pass(time.Hour)
		write(t, other, func(ctx context.Context, tx *storage.Tx) error {
			_, err := other.ChooseMany(ctx, tx, seats.ChooseMany{Actor: coordinatorOf(""), To: seats.Declined, Seen: map[storage.ID]int64{ids[0]: 1, ids[1]: 1}})
			return err
		})
		if got := states(); strings.Join(got, " ") != "applied applied applied declined declined" {
			t.Errorf("after a move elsewhere: %v", got)
		}
		if got := g.get(seats.ListApplications{Actor: coordinatorOf(""), Wants: map[string]string{seats.ByState: "declined"}}); got.Count != 2 {
			t.Errorf("%d are declined", got.Count)
		}
		// A record that is merged into another takes its applications along.
		write(t, other, func(ctx context.Context, tx *storage.Tx) error {
			return other.People.Merge(ctx, tx, people.MergeRecords{By: g.persons[0].ID, From: g.persons[4].ID, Into: g.persons[5].ID})
		})
		got := g.get(all)
		if got.Count != 5 || len(got.Rows) != 5 || !slices.ContainsFunc(got.Rows, func(l seats.Listed) bool { return l.Person == g.persons[5].ID }) {
			t.Errorf("after a merge: %d, %d rows", got.Count, len(got.Rows))
		}
		if err := other.People.EraseForGood(t.Context(), storage.ID{1}, g.persons[2].ID); err != nil {
			t.Fatal(err)
		}
		if got := g.get(all); got.Count != 4 || got.Of != 4 || len(got.Rows) != 4 {
			t.Errorf("after an erasure elsewhere: %d of %d, %d rows", got.Count, got.Of, len(got.Rows))
		}
		if err := g.People.EraseForGood(t.Context(), storage.ID{1}, g.persons[3].ID); err != nil {
			t.Fatal(err)
		}
		if got := g.get(all); got.Count != 3 || len(got.Rows) != 3 {
			t.Errorf("after an erasure here: %d, %d rows", got.Count, len(got.Rows))
		}
	})
}

// What is shown beforehand is what is done; nothing is done before; one seminar that is over
// stops none of the others; and who works in one city moves nobody of another.
func TestWhatAChoiceOfManyWouldDoIsWhatItDoes(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		g := openRegister(t, store, clock, 12)
		seen := map[storage.ID]int64{}
		for i := range 6 { // six for the four seats of the first; beside them one for Naryn
			seen[g.apply(i, 0, seats.Applied)] = 1
		}
		stale := g.apply(6, 0, seats.Applied)
		seen[stale] = 7
		attended := g.apply(7, 0, seats.Attended)
		seen[attended] = 1
		naryn := g.apply(8, 2, seats.Applied)
		seen[naryn] = 1
		over := g.list[1]
		over.Starts, over.Ends = start.AddDate(0, 0, -3), start.AddDate(0, 0, -2)
		g.Calendar = season{diary{over}, []seats.Activity{g.list[0], over, g.list[2]}}
		gone := g.apply(9, 1, seats.Applied)
		seen[gone] = 1
		cmd := seats.ChooseMany{Actor: coordinatorOf(""), To: seats.Invited, Seen: seen}
		before := g.dump()
		would, err := g.Rehearse(t.Context(), cmd)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.dump(); got != before {
			t.Fatal("the rehearsal leaves something behind")
		}
		if len(would.Moved) != 5 || len(would.Full) != 2 || len(would.Changed) != 1 || len(would.Refused) != 1 || would.Stopped[over.ID] == nil {
			t.Errorf("%d move, %d find no seat, %d have changed, %d cannot: %v", len(would.Moved), len(would.Full), len(would.Changed), len(would.Refused), would.Stopped)
		}
		local := cmd
		local.Actor = coordinatorOf("osh")
		if got, err := g.Rehearse(t.Context(), local); err != nil || slices.Contains(got.Moved, naryn) || got.Gone != 1 {
			t.Errorf("who works in Osh moves %v, %d are gone for her, %v", got.Moved, got.Gone, err)
		}
		var done seats.ChosenMany
		write(t, g.Module, func(ctx context.Context, tx *storage.Tx) (err error) {
			done, err = g.ChooseMany(ctx, tx, cmd)
			return err
		})
		if fmt.Sprint(done) != fmt.Sprint(would) {
			t.Errorf("done %+v\nshown %+v", done, would)
		}
		for name, c := range map[string]struct {
			cmd  seats.ChooseMany
			want fault.Code
		}{
			"nobody chosen": {seats.ChooseMany{Actor: coordinatorOf(""), To: seats.Declined}, fault.Invalid},
			"no state":      {seats.ChooseMany{Actor: coordinatorOf(""), To: "x", Seen: map[storage.ID]int64{naryn: 1}}, fault.Invalid},
			"not staff":     {seats.ChooseMany{Actor: access.Actor{Person: storage.ID{1}}, To: seats.Declined, Seen: seen}, fault.Forbidden},
		} {
			if _, err := g.Rehearse(t.Context(), c.cmd); !fault.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A reason that cannot be kept costs neither what was ticked nor what was typed, and a choice
// of nothing leads back to where something can be ticked.
func TestAReasonThatCannotBeKeptLosesNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		g := openRegister(t, store, clock, 3)
		first, second := g.apply(0, 0, seats.Applied), g.apply(1, 2, seats.Applied)
		b := &browser{t: t, base: serve(t, g.Module, clock), staff: true}
		_, list, _ := b.do("GET", "/en"+registerPath, nil)
		picks := []string{first.String() + ".1", second.String() + ".1"}
		form := url.Values{"form_token": {tokenOf(list)}, "to": {string(seats.Declined)}, "pick": picks, "sure": {"yes"}, "why": {strings.Repeat("Ordo ", 61)}}
		status, page, _ := b.do("POST", "/en"+registerPath+"/choose", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, strings.TrimSpace(form.Get("why"))) || !strings.Contains(page, `aria-invalid="true"`) {
			t.Errorf("a reason that is too long: %d\n%s", status, page)
		}
		for _, pick := range picks {
			if !strings.Contains(page, `value="`+pick+`"`) {
				t.Errorf("%s is not ticked any more", pick)
			}
		}
		if n := count(t, g.Module, `SELECT COUNT(*) FROM application WHERE state = 'applied'`); n != 2 {
			t.Errorf("%d are left as they were", n)
		}
		for _, sure := range []string{"", "yes"} {
			status, _, to := b.do("POST", "/en"+registerPath+"/choose", url.Values{"form_token": form["form_token"], "to": form["to"], "sure": {sure}})
			if status != http.StatusSeeOther || to != "/en"+registerPath {
				t.Errorf("nothing is ticked, sure %q: %d to %q", sure, status, to)
			}
			if _, page, _ := b.do("GET", to, nil); !strings.Contains(page, "notice bad") {
				t.Errorf("the list does not say what is wrong:\n%s", page)
			}
		}
		form.Set("why", "Ordo")
		if status, _, to := b.do("POST", "/en"+registerPath+"/choose", form); status != http.StatusSeeOther || to != "/en"+registerPath || count(t, g.Module, `SELECT COUNT(*) FROM application WHERE state = 'declined'`) != 2 {
			t.Errorf("a reason that can be kept: %d to %q", status, to)
		}
	})
}

func TestWhoIsLeftStandsInTheOrderInWhichSheWasTicked(t *testing.T) {
	t.Parallel()
	p := registerMany{Names: map[storage.ID]seats.Listed{}, Would: seats.ChosenMany{Stopped: map[storage.ID]*fault.Error{{9}: fault.New(fault.Gone, "seminars.fault.cancelled")}}}
	for n := range 40 {
		id := storage.RandomID(start)
		if p.IDs = append(p.IDs, id); n%2 == 0 {
			p.Names[id] = seats.Listed{To: seats.Activity{ID: storage.ID{9}}}
		}
	}
	var want, got []storage.ID
	for n := 0; n < len(p.IDs); n += 2 {
		want = append(want, p.IDs[n])
	}
	for _, one := range p.left() {
		got = append(got, one.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}

// dump is all that a choice may change.
func (g *register) dump() string {
	g.t.Helper()
	var out []string
	write(g.t, g.Module, func(ctx context.Context, tx *storage.Tx) (err error) {
		for _, query := range []string{
			`SELECT state || ' ' || CAST(version AS TEXT) || ' ' || CAST(changed_at AS TEXT) FROM application ORDER BY id`,
			`SELECT to_state FROM application_move ORDER BY at, id`, `SELECT kind FROM job ORDER BY id`, `SELECT name FROM setting WHERE name LIKE 'sent/%' ORDER BY name`, `SELECT kind FROM fact ORDER BY id`,
		} {
			list, err := storage.All(ctx, tx, func(row storage.Scanner) (text string, err error) {
				err = row.Scan(&text)
				return text, err
			}, query)
			if err != nil {
				return err
			}
			out = append(out, strings.Join(list, ","))
		}
		return nil
	})
	return strings.Join(out, "\n")
}

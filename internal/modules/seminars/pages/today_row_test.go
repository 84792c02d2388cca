package pages

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// asked is a request for Today in a language.
func (m *Module) asked(t *testing.T, lang i18n.Language, actor access.Actor) *web.Request {
	t.Helper()
	catalogue, err := i18n.Load(m.Manifest().Texts, web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return &web.Request{Request: httptest.NewRequest("GET", "/"+string(lang)+"/today", nil), Lang: lang, Say: catalogue.Printer(lang), Actor: actor}
}

// rowsOf are the rows of somebody's Today, by activity.
func (g *register) rowsOf(actor access.Actor) map[storage.ID]todayRow {
	g.t.Helper()
	out := map[storage.ID]todayRow{}
	if err := g.Store.Read(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		rows, _, _, err := g.gather(ctx, tx, actor)
		for _, w := range rows {
			if _, twice := out[w.Activity.ID]; twice {
				g.t.Errorf("%s has two rows", w.Activity.Slug)
			}
			out[w.Activity.ID] = w
		}
		return err
	}); err != nil {
		g.t.Fatal(err)
	}
	return out
}

// Whoever has several roles has the seminars of all of them, each once: those that she
// selects for, and those at whose door she may stand.
func TestWhoHasSeveralRolesFindsTheSeminarsOfAll(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 6)
		for i := range g.persons {
			g.apply(i, i%len(g.list), seats.Applied)
		}
		table := access.Table{
			seats.MaySelect: {access.Coordinator}, seats.MayEnrol: {access.Coordinator, access.Facilitator},
			seats.MayAdmit: {access.Coordinator, access.Facilitator, access.FrontDesk},
		}
		roles, cities := []access.Role{access.Coordinator, access.Facilitator, access.FrontDesk}, []string{"osh", "naryn", "talas"}
		for set := range 1 << (len(roles) * len(cities)) {
			actor := access.Actor{Person: storage.ID{1}, Origin: access.OfPasskey, Table: table}
			for i, role := range roles {
				for k, city := range cities {
					if set&(1<<(i*len(cities)+k)) != 0 {
						actor.Grants = append(actor.Grants, access.Grant{Role: role, Scope: access.Scope{City: city}})
					}
				}
			}
			rows := g.rowsOf(actor)
			for _, a := range g.list {
				w, has := rows[a.ID]
				selects, admits := actor.May(seats.MaySelect, seats.ScopeOf(a)), actor.May(seats.MayAdmit, seats.ScopeOf(a))
				if has != (selects || admits) || has && (w.Selects != selects || w.Admits != admits || w.Count[seats.Applied] != 2) {
					t.Fatalf("with %v the row of %s is there: %t, %d applied", actor.Grants, a.Slug, has, w.Count[seats.Applied])
				}
				if !selects && w.Reach.Known {
					t.Errorf("with %v, who has to be called in %s is counted", actor.Grants, a.Slug)
				}
			}
		}
	})
}

// A coordinator who leads a seminar elsewhere is told so, and her own seminars stay.
func TestWhoLeadsElsewhereIsToldSo(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 6)
		actor := coordinatorOf("osh")
		actor.Table[seats.MayAdmit] = []access.Role{access.Coordinator, access.Facilitator}
		actor.Grants = append(actor.Grants, access.Grant{Role: access.Facilitator, Scope: access.Scope{City: "naryn"}})
		g.list[2].Facilitator = actor.Person
		for i := range g.persons {
			g.apply(i, i%len(g.list), seats.Confirmed)
		}
		c.Set(g.list[2].Starts.AddDate(0, 0, -3))
		r := g.asked(t, i18n.English, actor)
		var page bytes.Buffer
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			part, err := g.todayPart(ctx, tx, r)
			if err != nil {
				return err
			}
			return part.Rows.Render(ctx, &page)
		}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(page.String(), "<article"); n != 3 || !strings.Contains(page.String(), "You lead it") {
			t.Errorf("%d rows: %s", n, page.String())
		}
		if !strings.Contains(page.String(), "All seminars: 2") {
			t.Error("the list of all is said to have what it has not")
		}
	})
}

// A seminar that is cancelled, or not published, is named so at every hour, though it was to
// take applications, and is not counted with those in progress.
func TestACancelledSeminarIsCalledSo(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 3)
		dice := rand.New(rand.NewPCG(uint64(start.Unix()), 11))
		for _, lang := range i18n.Languages {
			r := g.asked(t, lang, coordinatorOf(""))
			for range 60 {
				w := todayRow{Selects: true, Now: start.Add(time.Duration(dice.IntN(40*24)-10*24) * time.Hour)}
				w.Activity = g.list[dice.IntN(3)]
				w.Activity.InvitationOnly = dice.IntN(2) == 0
				want := "seminars.today.stage.cancelled"
				if w.Activity.State = programme.Cancelled; dice.IntN(2) == 0 {
					w.Activity.State, want = programme.Draft, "seminars.today.stage.draft"
				}
				if _, words := w.stage(r); words != r.Say.T(want) {
					t.Fatalf("at %v a %s seminar is called %q", w.Now, w.Activity.State, words)
				}
				if line := w.line(r); !strings.Contains(line, i18n.DateTimeRange(lang, w.Activity.Starts, w.Activity.Ends)) {
					t.Fatalf("of a %s seminar stands %q", w.Activity.State, line)
				}
			}
		}
		// Somebody on its waiting list asked why: it has a row until the answer.
		app := g.apply(0, 0, seats.Waitlisted)
		g.apply(1, 1, seats.Invited)
		if err := g.asks(t.Context(), seats.Application{ID: app}, ""); err != nil {
			t.Fatal(err)
		}
		g.list[0].State = programme.Cancelled
		r := g.asked(t, i18n.English, coordinatorOf(""))
		var page bytes.Buffer
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			part, err := g.todayPart(ctx, tx, r)
			if err != nil {
				return err
			}
			return part.Rows.Render(ctx, &page)
		}); err != nil {
			t.Fatal(err)
		}
		if html := page.String(); strings.Count(html, "<article") != 2 || !strings.Contains(html, "Cancelled") || !strings.Contains(html, "One seminar in progress") || !strings.Contains(html, "One person asks why") {
			t.Errorf("Today has %s", html)
		}
	})
}

// Who came is one number on Today, in the picture beside it and on the run sheet: of those
// who were expected, without those who were let in though no seat was left.
func TestWhoCameIsCountedInOneWay(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 40)
		dice := rand.New(rand.NewPCG(uint64(start.Unix()), 13))
		extra := 0
		for person := range g.persons {
			for activity := range g.list {
				state := []seats.State{seats.Attended, seats.Attended, seats.Confirmed, seats.NoShow, seats.Declined, seats.Waitlisted}[dice.IntN(6)]
				app := g.apply(person, activity, state)
				if state != seats.Attended || dice.IntN(3) != 0 {
					continue
				}
				extra++
				write(t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO extra_seat (application_id, activity_id, at) VALUES ($1, $2, $3)`, app, g.list[activity].ID, storage.Micros(tx.Now))
					return err
				})
			}
		}
		if extra == 0 {
			t.Fatal("nobody was let in beyond the seats")
		}
		actor := coordinatorOf("")
		actor.Table[seats.MayAdmit] = []access.Role{access.Coordinator}
		for _, now := range []time.Time{g.list[0].Starts.Add(time.Hour), g.list[2].Ends.Add(time.Hour)} {
			c.Set(now)
			r := g.asked(t, i18n.English, actor)
			for _, w := range g.rowsOf(actor) {
				if !w.live() && !w.Activity.Past(now) {
					continue
				}
				var sheet seats.DoorCount
				var picture bytes.Buffer
				if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
					sheet, err = seats.DoorCountOf(ctx, tx, w.Activity)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if err := kit.SeatFigures(r, w.figures()).Render(t.Context(), &picture); err != nil {
					t.Fatal(err)
				}
				want := r.Say.T("seminars.today.of", "count", sheet.Came, "all", sheet.Expected)
				if got := w.marks(r)[0]; got.Label != r.Say.T("seminars.today.mark.came") || got.Value != want {
					t.Errorf("%s: the mark says %q, the run sheet %q", w.Activity.Slug, got.Value, want)
				}
				if words := r.Say.T("web.figures.came.of", "taken", sheet.Came, "count", sheet.Expected); !strings.Contains(picture.String(), words) {
					t.Errorf("%s: the picture does not say %q: %s", w.Activity.Slug, words, picture.String())
				}
			}
		}
	})
}

// What the page of a person says of calls is what the lists of calls say: she has to be called
// at those activities ahead at which nothing else reaches her, and at no other.
func TestAPersonsPageAsksForTheCallsOfTheLists(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 60)
		dice := rand.New(rand.NewPCG(uint64(start.Unix()), 17))
		for person := range g.persons {
			for activity := range g.list {
				app := g.apply(person, activity, seats.States[dice.IntN(len(seats.States))])
				proven, fails, held := dice.IntN(2) == 0, dice.IntN(3) == 0, dice.IntN(4) == 0
				write(t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
					if proven || held {
						change := `UPDATE application SET proven_at = made_at WHERE id = $1`
						if !proven {
							change = `UPDATE application SET held_until = made_at + 1000000 WHERE id = $1`
						}
						if _, err := tx.Exec(ctx, change, app); err != nil {
							return err
						}
					}
					if dice.IntN(2) == 0 { // an address as well: a letter may be answered
						d := g.persons[person].Details
						d.Email = fmt.Sprintf("more%d@mail.kg", person)
						if err := g.People.Update(ctx, tx, g.persons[person].ID, d); err != nil {
							return err
						}
					}
					if !fails {
						return nil
					}
					_, err := tx.Exec(ctx, `INSERT INTO message (id, person_id, kind, activity_id, state, made_at, due_at, moved_at) VALUES ($1, $2, 'seminars.invited', $3, 'failed', $4, $4, $4)`,
						tx.NewID(), g.persons[person].ID, g.list[activity].ID, storage.Micros(tx.Now))
					return err
				})
			}
		}
		g.list[1].State = programme.Cancelled
		actor := coordinatorOf("")
		r := g.asked(t, i18n.English, actor)
		want, asked := map[string]bool{}, 0
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			found := map[storage.ID]seats.Activity{}
			for _, a := range g.list {
				found[a.ID] = a
				if a.State != programme.Published {
					continue
				}
				list, err := g.ToCall(ctx, tx, actor, a)
				if err != nil {
					return err
				}
				for _, who := range list {
					if who.OutOfReach() {
						want[who.Person.String()+staffPath(a, "/calls")] = true
					}
				}
			}
			for _, p := range g.persons {
				list, err := g.toCall(ctx, tx, r, p.ID, found, nil)
				if err != nil {
					return err
				}
				for _, n := range list {
					if asked++; !want[p.ID.String()+n.More.Path] || !n.Bad {
						t.Errorf("the page of %s asks for a call that the list of %s does not need", p.ID, n.More.Path)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if asked != len(want) || asked == 0 {
			t.Errorf("the pages of persons ask for %d calls, the lists for %d", asked, len(want))
		}
	})
}

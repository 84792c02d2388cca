package pages

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

func erasePerson(t testing.TB, m *Module, person storage.ID) {
	t.Helper()
	if err := m.People.EraseForGood(t.Context(), storage.ID{}, person); err != nil {
		t.Fatal(err)
	}
}

func TestErasingAPersonGivesHerSeatToTheNextAndLeavesAShell(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 1)
		gone := applied(t, m, a, 0)
		c.Set(start.Add(1e9))
		next := applied(t, m, a, 1)
		if gone.State != seats.Confirmed || next.State != seats.Waitlisted {
			t.Fatalf("%s and %s", gone.State, next.State)
		}
		prove(t, m)
		erasePerson(t, m, gone.Person)
		if got := stateOf(t, m, next.ID).State; got != seats.Invited {
			t.Errorf("the next in line is %s", got)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application_shell WHERE activity_id = $1 AND state = 'withdrawn'`, a.ID); n != 1 {
			t.Errorf("%d shells", n)
		}
		for _, table := range []string{"ticket", "application_move"} {
			if n := count(t, m, `SELECT COUNT(*) FROM `+table+` WHERE application_id = $1`, gone.ID); n != 0 {
				t.Errorf("%d rows of hers in %s", n, table)
			}
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application`); n != 1 {
			t.Errorf("%d applications", n)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = $1`, string(seats.FactApplied)); n != 2 {
			t.Errorf("%d facts: the past has changed", n)
		}
		if n := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID); n != 1 {
			t.Errorf("%d seats taken", n)
		}
	})
}

// numbers are all that is counted of an activity.
func numbersOf(t testing.TB, m *Module, a seats.Activity) string {
	t.Helper()
	var out strings.Builder
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		out.Reset()
		o, err := m.OverviewOf(ctx, tx, a)
		if err != nil {
			return err
		}
		fmt.Fprintln(&out, "taken", o.Seats.Taken, "left", o.Seats.Left(), "states", o.Count, "seated", o.Women, o.Men, o.Undisclosed,
			"extra", o.Extra, "asked", o.Asked, "yes", o.Reconfirmed, "to choose", o.ToChoose())
		staff := access.Actor{Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions}
		list, err := m.Applicants(ctx, tx, staff, a)
		if err != nil {
			return err
		}
		for _, b := range seats.Balances(nil, list, o.Gone, seats.Targets{}) {
			fmt.Fprintln(&out, b)
		}
		desk, err := seats.DoorCountOf(ctx, tx, a)
		if err != nil {
			return err
		}
		wait, err := seats.WaitingAt(ctx, tx, a.ID)
		fmt.Fprintf(&out, "door %+v, waiting %d\n", desk, wait)
		if err != nil {
			return err
		}
		facts, err := ledger.Facts(ctx, tx, ledger.Filter{})
		for kind, tally := range ledger.Count(facts) {
			if kind == seats.FactAttended {
				fmt.Fprintf(&out, "attended %+v\n", *tally)
			}
		}
		return err
	})
	return out.String()
}

func TestWhatIsCountedOfASeminarThatIsOverIsTheSameAfterErasures(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 6)
		var apps []seats.Application
		for n := range 9 { // six have a seat, three wait
			c.Set(start.Add(time.Duration(n+1) * time.Second))
			apps = append(apps, applied(t, m, a, n))
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.SetReconfirm(ctx, tx, apps[4], "asked")
			apps[4] = app
			return err
		})
		c.Set(a.Starts)
		scan := func(app int, kind, over string) door.Scan {
			return door.Scan{Nonce: fmt.Sprintf("nonce-%d-%s", app, kind), Event: a.Slug, At: c.Now(), Kind: kind, Application: apps[app].ID, Over: over}
		}
		// 0 and 1 are inside, 2 came and left, 3 is missing, 4 and 5 are not noted,
		// 6 is on an extra seat, 7 waits to the end, 8 was declined.
		if _, err := checkIn(t.Context(), m, a, "phone", scan(0, "in", ""), scan(1, "in", ""), scan(2, "in", ""), scan(2, "out", ""), scan(6, "in", "a chair was found")); err != nil {
			t.Fatal(err)
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := m.Move(ctx, tx, apps[3], seats.NoShow, storage.ID{}, "seminars.why.missed"); err != nil {
				return err
			}
			_, err := m.Move(ctx, tx, apps[8], seats.Declined, storage.ID{}, "seminars.why.staff_declined")
			return err
		})
		c.Set(a.Ends.Add(time.Hour))
		before := numbersOf(t, m, a)
		for _, want := range []string{"attended:4", "no_show:1", "waitlisted:1", "declined:1", "confirmed:2", "extra 1", "asked 1", "Inside:3"} {
			if !strings.Contains(before, want) {
				t.Fatalf("no %q, so that the test proves nothing:\n%s", want, before)
			}
		}
		for i, app := range apps {
			erasePerson(t, m, app.Person)
			if after := numbersOf(t, m, a); after != before {
				t.Fatalf("after erasure %d\n%s\nbefore\n%s", i, after, before)
			}
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application`); n != 0 {
			t.Errorf("%d applications are left", n)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application_shell`); n != len(apps) {
			t.Errorf("%d shells of %d applications", n, len(apps))
		}
	})
}

func TestTheTicketOfAnErasedPersonIsUnknownAndNothingOfItIsKept(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 1)
		app := applied(t, m, a, 0)
		var ticket seats.Ticket
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			ticket, err = seats.TicketOf(ctx, tx, app.ID)
			return err
		})
		elsewhere := a
		elsewhere.ID, elsewhere.Slug = storage.RandomID(start), "naryn"
		m.Calendar = towns{list: []seats.Activity{a, elsewhere}}
		c.Set(a.Starts)
		codes := []string{m.Pass(ticket, a), ticket.Serial.Code()}
		read := func(desk seats.Activity, nonce string) (results []string) {
			for i, code := range codes {
				out, err := checkIn(t.Context(), m, desk, "phone", door.Scan{Nonce: fmt.Sprintf("%s-nonce-%d", nonce, i), Code: code, Event: desk.Slug, At: c.Now(), Kind: "in"})
				if err != nil {
					t.Fatal(err)
				}
				results = append(results, out[0].Result+" "+out[0].Reason)
			}
			return results
		}
		kept := func() (n int) {
			for _, code := range codes {
				n += count(t, m, `SELECT COUNT(*) FROM scan WHERE code = $1`, code)
			}
			return n
		}
		if got := read(elsewhere, "wrong"); got[0] != "refused wrong_event" || kept() != 2 {
			t.Fatalf("%v, %d scans hold her ticket: the test proves nothing", got, kept())
		}
		read(a, "right")
		erasePerson(t, m, app.Person)
		if n := count(t, m, `SELECT COUNT(*) FROM scan`); n != 0 {
			t.Errorf("%d scans of hers are kept", n)
		}
		late := c.Now()
		c.Set(late.Add(time.Minute))
		if got := read(a, "late"); got[0] != "unknown no_ticket" || got[1] != "unknown no_ticket" {
			t.Errorf("afterwards: %v", got)
		}
		if n := kept(); n != 0 {
			t.Errorf("%d scans hold the number of her ticket again", n)
		}
	})
}

func TestShellsDoNotTellInWhichOrderTheyWereWritten(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 9)
		var apps []seats.Application
		for n := range 6 {
			c.Set(start.Add(time.Duration(n+1) * time.Second))
			apps = append(apps, applied(t, m, a, n))
		}
		for _, app := range apps {
			erasePerson(t, m, app.Person)
		}
		if store.Dialect() == storage.SQLite {
			for _, table := range []string{"application_shell", "application_shell_sum"} {
				err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					var n int
					return tx.QueryRow(ctx, `SELECT COUNT(rowid) FROM `+table).Scan(&n)
				})
				if err == nil {
					t.Errorf("%s has row numbers", table)
				}
			}
			return
		}
		if n := count(t, m, `SELECT COUNT(DISTINCT xmin::text) FROM application_shell`); n != 1 {
			t.Errorf("%d transactions are told apart", n)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM (SELECT id < LAG(id) OVER (ORDER BY ctid) AS turn FROM application_shell) AS x WHERE turn`); n != 0 {
			t.Errorf("the rows lie in another order than that of their ids, %d times", n)
		}
	})
}

func TestShellsKeepAnActivityFromBecomingADraft(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 1)
		erasePerson(t, m, applied(t, m, a, 0).Person)
		draft := a
		draft.State = "draft"
		err := m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.ActivityChanged(ctx, tx, a, draft) })
		if err == nil {
			t.Error("it became one")
		}
	})
}

package pages

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/door/doortest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// houseSays is what the house answers to a case of the table of the door without a network.
func houseSays(c doortest.Case) string {
	f := strings.Fields(c.Want)
	reason := f[1]
	if c.House != "" {
		reason = c.House
	}
	switch {
	case reason == "accepted", reason == "already_in", reason == "duplicate":
		return reason
	case reason == "no_ticket", reason == "undo_first":
		return "unknown " + reason
	}
	return "refused " + reason
}

// askHouse puts the people of a case into a house, and asks it.
func askHouse(t *testing.T, store *storage.Store, clock *storagetest.Clock, c doortest.Case) string {
	t.Helper()
	known, names := c.Known(), c.Guests()
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	// Newer than the pack and of another event: one more of each.
	names = append(names, "N")
	clock.Set(start)
	g := openGateOf(t, store, clock, len(names))
	a, phone := g.osh, storage.RandomID(start).String()
	a.Starts, a.Ends = at(known.Starts), at(known.Ends)
	g.naryn.Starts, g.naryn.Ends = a.Starts, a.Ends
	if known.Cancelled {
		a.State = "cancelled"
	}
	codes, apps := map[string][2]string{}, map[string]storage.ID{}
	held := len(names)
	write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
		for i, name := range names {
			app := g.apps[i]
			ticket, err := seats.TicketOf(ctx, tx, app.ID)
			if err != nil {
				return err
			}
			apps[name], codes[name] = app.ID, [2]string{g.m.Pass(ticket, a), ticket.Serial.Code()}
			if name == "N" && strings.Contains(c.Scan, "other:") {
				if _, err := tx.Exec(ctx, `UPDATE ticket SET activity_id = $2 WHERE id = $1`, ticket.ID, g.naryn.ID); err != nil {
					return err
				}
			}
			guest := known.Guests[name]
			if guest.Revoked != 0 {
				if _, err := tx.Exec(ctx, `UPDATE ticket SET revoked_at = $2 WHERE id = $1`, ticket.ID, storage.Micros(at(guest.Revoked))); err != nil {
					return err
				}
			}
			if state := map[string]string{"waiting": "waitlisted", "withdrawn": "withdrawn"}[guest.Seat]; state != "" {
				held--
				if _, err := tx.Exec(ctx, `UPDATE application SET state = $2 WHERE id = $1`, app.ID, state); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(ctx, `UPDATE seminar SET taken = $2, capacity = $3 WHERE activity_id = $1`, a.ID, held, held+known.Free)
		return err
	})
	g.m.Calendar = towns{list: []seats.Activity{a, g.naryn}}
	ask := func(device string, now int64, s door.Scan) string {
		t.Helper()
		clock.Set(at(now))
		out, err := checkIn(t.Context(), g.m, a, device, s)
		if err != nil {
			t.Fatal(err)
		}
		if v := out[0]; v.Result == v.Reason || v.Reason == "" || v.Result == "duplicate" {
			return v.Result
		}
		return out[0].Result + " " + out[0].Reason
	}
	cancelled := a
	a.State = "published" // while it was, people came
	g.m.Calendar = towns{list: []seats.Activity{a, g.naryn}}
	for _, name := range names {
		if guest := known.Guests[name]; guest.Kind != "" {
			if guest.Kind == "out" {
				ask("another "+phone, guest.At, door.Scan{Nonce: "came-by-" + name, Code: codes[name][0], Event: "osh", At: at(guest.At - 60_000), Kind: "in"})
			}
			ask("another "+phone, guest.At, door.Scan{Nonce: "known-by-" + name, Code: codes[name][0], Event: "osh", At: at(guest.At), Kind: guest.Kind})
		}
	}
	a = cancelled
	g.m.Calendar = towns{list: []seats.Activity{a, g.naryn}}
	for _, r := range c.Records() {
		s := door.Scan{Nonce: r.Nonce, Kind: r.Kind, Event: r.Event, At: at(r.At), Code: r.Of}
		if r.Kind != "undo" {
			s.Code, s.Application = "", apps[r.Of]
		}
		if !r.Counts && r.Kind != "undo" {
			s.Code, s.Application = "no ticket", storage.ID{}
		}
		if got := ask(phone, r.At, s); r.Counts == strings.Contains("refused unknown", strings.Fields(got)[0]) {
			t.Fatalf("the house answers %q to the line %+v", got, r)
		}
	}
	shown := c.Shown()
	s := door.Scan{Nonce: shown.Nonce, Kind: shown.Kind, Event: shown.Event, At: at(shown.At), Code: shown.Code}
	switch shown.Read {
	case "pass", "other":
		s.Code = codes[shown.Ticket][0]
	case "code":
		s.Code = codes[shown.Ticket][1]
		if s.Code == "" {
			s.Code = seats.Serial(5).Code()
		}
	case "name":
		s.Application = apps[shown.Ticket]
	case "forged":
		s.Code = seats.Pass{Serial: 5}.Sign(testKey)
	}
	return ask(phone, c.Clock(), s)
}

// What a device may decide by itself the house decides the same way: each case that the
// house can be asked, with the same people, marks and hours.
func TestTheHouseAnswersAsTheTableOfTheDoorSays(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	asked := slices.DeleteFunc(cases, func(c doortest.Case) bool { return c.House == "-" })
	if len(asked) < 120 {
		t.Errorf("the house is asked %d cases", len(asked))
	}
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		for _, c := range asked {
			if got, want := askHouse(t, store, clock, c), houseSays(c); got != want {
				t.Errorf("%s: %s, want %s", c.Is, got, want)
			}
		}
	})
}

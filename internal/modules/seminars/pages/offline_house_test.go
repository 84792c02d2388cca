package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/offline"
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

// askHouse puts the people of a case into a house, and asks it: by the codes, or as a device
// does that keeps no codes, by the rows of its pack.
func askHouse(t *testing.T, store *storage.Store, clock *storagetest.Clock, c doortest.Case, byRow bool) string {
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
	codes, apps, rows := map[string][2]string{}, map[string]storage.ID{}, map[string]string{}
	key := offline.KeyOf(g.m.Keys, "door", a.ID[:], []byte(phone))
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
			rows[name] = key.Name("row", app.ID[:])
			if guest.Revoked != 0 {
				rows[name] = key.Name("row", ticket.ID[:])
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
		if byRow && r.Kind != "undo" && apps[r.Of] != (storage.ID{}) {
			app := apps[r.Of]
			s.Application, s.Guest = storage.ID{}, key.Name("row", app[:])
		}
		if !r.Counts && r.Kind != "undo" {
			s.Code, s.Application, s.Guest = "no ticket", storage.ID{}, ""
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
	if row := rows[shown.Ticket]; byRow && row != "" {
		s.Code, s.Application = "", storage.ID{}
		if shown.Read == "name" {
			s.Guest = row
		} else {
			s.Ticket = row
		}
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
			if got, want := askHouse(t, store, clock, c, false), houseSays(c); got != want {
				t.Errorf("%s: %s, want %s", c.Is, got, want)
			}
		}
	})
}

// A device that keeps no codes sends what its pack calls a row: the answer is that of the code.
func TestARowOfThePackIsAnsweredAsTheCodeIs(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	var asked []doortest.Case
	for _, c := range cases {
		s := c.Shown()
		// Of each answer by ticket and by name the first two: all would only take longer. By
		// name a row is that of a person; a ticket that was taken back is none.
		kind := c.Want + s.Read
		if c.House == "-" || c.Known().Guests[s.Ticket] == (door.KnownGuest{}) || s.Code != "" || c.Event != nil || s.Ticket == "R" && s.Read == "name" || said[kind+" twice"] {
			continue
		}
		said[kind+" twice"], said[kind] = said[kind], true
		asked = append(asked, c)
	}
	if len(asked) < 25 {
		t.Errorf("%d cases are asked by row", len(asked))
	}
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		for _, c := range asked {
			if got, want := askHouse(t, store, clock, c, true), houseSays(c); got != want {
				t.Errorf("%s: %s, want %s", c.Is, got, want)
			}
		}
		clock.Set(start)
		g := openGate(t, store, clock, 2)
		phone, _ := g.enrol(t, "osh")
		d := &device{g: g, who: asker{cookie: phone}}
		d.ask("osh")
		row, _ := d.row(g.codes[0])
		her := fmt.Sprint(row[0])
		scan := func(nonce string, change ...any) wire {
			w := g.scan(nonce, 0).with(change...)
			if _, ok := w["ticket"]; ok {
				delete(w, "code")
			}
			return w
		}
		got := g.said(asker{cookie: phone},
			scan("nonce-0001", "ticket", her), scan("nonce-0001", "ticket", her), scan("nonce-0002", "guest", her, "code", ""), scan("nonce-0003", "ticket", "AAAAAAAAAAAAAAAA"),
			scan("nonce-0004", "ticket", her, "guest", her), scan("nonce-0005", "guest", her), scan("nonce-0006", "ticket", her+"A"), scan("nonce-0007", "ticket", her, "kind", "undo"),
			scan("nonce-0008", "ticket", her, "at", g.osh.Ends.Add(48*time.Hour).Format(time.RFC3339)))
		if want := []string{
			"accepted", "duplicate accepted", "already_in already_in", "unknown no_ticket",
			"refused malformed", "refused malformed", "refused malformed", "refused malformed", "refused future",
		}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		// What one phone calls a row says nothing to the house from another.
		other, _ := g.enrol(t, "osh")
		if got := g.said(asker{cookie: other}, scan("nonce-0001", "ticket", her)); got[0] != "unknown no_ticket" {
			t.Errorf("the row of another phone: %q", got)
		}
		// Of a ticket that was taken back after it was read the earlier scan is good, the later is not.
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE ticket SET revoked_at = $2, made_at = $3 WHERE application_id = $1`, g.apps[1].ID, storage.Micros(g.osh.Starts.Add(30*time.Minute)), storage.Micros(g.osh.Starts.Add(-time.Hour)))
			return err
		})
		row, _ = d.row(g.codes[1])
		his := fmt.Sprint(row[0])
		if got, want := g.said(asker{cookie: phone},
			scan("nonce-0011", "ticket", his, "at", g.osh.Starts.Add(31*time.Minute).Format(time.RFC3339)),
			scan("nonce-0012", "ticket", his, "at", g.osh.Starts.Add(29*time.Minute).Format(time.RFC3339))), []string{"refused revoked", "accepted"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		// She gets another one later: a scan is of the ticket that she had then.
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO ticket (id, application_id, activity_id, serial, made_at) VALUES ($1, $2, $3, $4, $5)`,
				tx.NewID(), g.apps[1].ID, g.osh.ID, 77, storage.Micros(g.osh.Starts.Add(40*time.Minute)))
			return err
		})
		if got, want := g.said(asker{cookie: phone},
			scan("nonce-0013", "ticket", his, "at", g.osh.Starts.Add(35*time.Minute).Format(time.RFC3339)),
			scan("nonce-0014", "ticket", his, "at", g.osh.Starts.Add(45*time.Minute).Format(time.RFC3339))), []string{"refused revoked", "already_in already_in"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

package pages

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// deskPhone is a phone at the door as docs/offline.md has it: what it keeps is written before
// anybody is answered, and is forgotten by nobody.
type deskPhone struct {
	who    door.UploadScans
	key    offline.Key
	known  *door.Known          // as of its last contact, nil before
	ahead  time.Duration        // its clock, of the house's
	error  time.Duration        // of its clock, measured at its last contact
	cut    bool                 // no network
	ledger []door.Record        // with what it answered
	kept   []door.Scan          // in the order of the ledger
	queue  map[string]door.Scan // not answered by the house, by nonce
	told   map[string]told      // what the house answered first
}

// contact brings its pack up to date and measures its clock.
func (p *deskPhone) contact(t testing.TB, g gate) {
	t.Helper()
	var packed door.Packed
	if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		packed, err = g.m.Pack(ctx, tx, p.who.Keeper, g.osh)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	pack, _ := packed.For("")
	rules, _ := pack.Rules.(door.PackRules)
	raw, err := base64.RawURLEncoding.DecodeString(pack.Key)
	if err != nil {
		t.Fatal(err)
	}
	copy(p.key[:], raw)
	known := &door.Known{
		Event: rules.Event, Cancelled: rules.Cancelled, Starts: rules.Starts, Ends: rules.Ends, Several: rules.Several, Free: rules.Free,
		Made: pack.Made, Until: pack.Until, Bounds: rules.Bounds, Guests: map[string]door.KnownGuest{},
	}
	half := len(pack.Shelves) / 2
	for i, s := range pack.Shelves[:half] {
		for n, r := range *s.Rows {
			row, _ := r.([]any)
			stands, _ := (*pack.Shelves[half+i].Rows)[n].([]any)
			letters := fmt.Sprint(stands[0])
			guest := door.KnownGuest{Seat: map[byte]string{'h': "held", 'w': "waiting", 'x': "withdrawn"}[letters[0]]}
			guest.Revoked, _ = row[3].(int64)
			if len(letters) > 1 {
				after, _ := stands[1].(int64)
				guest.Kind, guest.At = map[byte]string{'i': "in", 'o': "out"}[letters[1]], rules.Starts+after
			}
			known.Guests[fmt.Sprint(row[0])] = guest
		}
	}
	p.known, p.error = known, p.ahead
}

// shows answers a scan by itself, having kept it; not where it says that it can judge nothing
// before its clock is right.
func (p *deskPhone) shows(now time.Time, s door.Scan, shown door.Shown) door.Answer {
	clock := now.Add(p.ahead - p.error)
	s.At, shown.At = clock, clock.UnixMilli()
	s.At = storage.Instant(storage.Micros(time.UnixMilli(shown.At)))
	answer := door.Decide(p.known, p.ledger, shown, clock.UnixMilli())
	if answer.Reason == "clock_behind" {
		return answer
	}
	r := door.Record{Nonce: s.Nonce, Kind: s.Kind, Event: s.Event, Of: shown.Ticket, At: shown.At, Counts: answer.Counts}
	if s.Kind == "undo" {
		r.Of = shown.Code
	}
	p.ledger, p.kept = append(p.ledger, r), append(p.kept, s)
	p.queue[s.Nonce] = s
	return answer
}

// Three devices at one door, each for itself as long as the network is gone: scans by ticket
// and by name, exits, undos; cuts, kills, clocks that jump, batches out of order, sent twice
// and half lost, while people withdraw in the house. Whatever the order, in the end the house
// has every record of every device once, whoever was let in and not undone counts once, and
// where the house says otherwise than the device it is because of something that it knew.
func TestThreeDevicesThroughCutsComeToWhomTheyLetIn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		rapid.Check(t, func(rt *rapid.T) {
			c.Set(start)
			const guests = 6
			g := openGateOf(t, store, c, guests)
			m, a := g.m, g.osh
			var phones []*deskPhone
			for range 3 {
				id := storage.RandomID(start)
				phones = append(phones, &deskPhone{
					who:   door.UploadScans{Keeper: door.Keeper{Device: id.String(), Phone: id, Activity: a.ID}},
					queue: map[string]door.Scan{}, told: map[string]told{},
				})
			}
			c.Set(a.Starts.Add(-30 * time.Minute))
			for _, p := range phones {
				p.contact(t, g)
			}
			gone := map[storage.ID]time.Time{} // who withdrew, and when
			for n := range rapid.IntRange(5, 60).Draw(rt, "events") {
				p := phones[rapid.IntRange(0, 2).Draw(rt, "phone")]
				app := g.apps[rapid.IntRange(0, guests-1).Draw(rt, "guest")]
				row := p.key.Name("row", app.ID[:])
				nonce := fmt.Sprintf("nonce-%04d", n)
				switch rapid.SampledFrom([]string{"in", "in", "in", "name", "out", "undo", "undo", "time", "time", "cut", "upload", "upload", "contact", "clock", "kill", "withdraw"}).Draw(rt, "what") {
				case "in", "out":
					kind := rapid.SampledFrom([]string{"in", "in", "in", "out"}).Draw(rt, "kind")
					p.shows(c.Now(), door.Scan{Nonce: nonce, Event: a.Slug, Kind: kind, Ticket: row}, door.Shown{Nonce: nonce, Event: a.Slug, Kind: kind, Read: "pass", Ticket: row})
				case "name":
					p.shows(c.Now(), door.Scan{Nonce: nonce, Event: a.Slug, Kind: "in", Guest: row}, door.Shown{Nonce: nonce, Event: a.Slug, Kind: "in", Read: "name", Ticket: row})
				case "undo":
					if len(p.ledger) > 0 {
						of := p.ledger[rapid.IntRange(0, len(p.ledger)-1).Draw(rt, "of")].Nonce
						p.shows(c.Now(), door.Scan{Nonce: nonce, Event: a.Slug, Kind: "undo", Code: of}, door.Shown{Nonce: nonce, Event: a.Slug, Kind: "undo", Code: of})
					}
				case "time":
					c.Set(c.Now().Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "minutes")) * time.Minute))
				case "cut":
					p.cut = !p.cut
				case "contact":
					if !p.cut {
						p.contact(t, g)
					}
				case "clock":
					p.ahead = time.Duration(rapid.IntRange(-40, 40).Draw(rt, "ahead")) * time.Minute
				case "kill": // it starts anew with what it had written; its clock is not measured any more
					p.error = 0
				case "withdraw":
					if _, left := gone[app.ID]; !left {
						write(t, m, func(ctx context.Context, tx *storage.Tx) error {
							now, err := seats.ApplicationByID(ctx, tx, app.ID)
							if err != nil || !now.State.HoldsSeat() || now.State == seats.Attended {
								return err
							}
							gone[app.ID] = tx.Now
							_, err = m.Move(ctx, tx, now, seats.Withdrawn, app.Person, "test")
							return err
						})
					}
				case "upload":
					if p.cut {
						continue
					}
					sent := rapid.Permutation(slices.Sorted(maps.Keys(p.queue))).Draw(rt, "order")
					sent = sent[:rapid.IntRange(0, len(sent)).Draw(rt, "so many")]
					if len(p.kept) > 0 && rapid.Bool().Draw(rt, "again") {
						sent = append(sent, p.kept[rapid.IntRange(0, len(p.kept)-1).Draw(rt, "which")].Nonce)
					}
					p.send(rt, t, g, sent, rapid.SampledFrom([]string{"answered", "answered", "half", "lost"}).Draw(rt, "answer"))
				}
			}
			c.Set(c.Now().Add(time.Hour))
			for _, p := range phones {
				p.contact(t, g)
				p.send(rt, t, g, slices.Sorted(maps.Keys(p.queue)), "answered")
				if len(p.queue) > 0 {
					rt.Fatalf("%d records were never answered", len(p.queue))
				}
			}
			compareWithHouse(rt, t, g, phones, gone)
		})
	})
}

// send is a batch that reaches the house; its answer may be lost, or half of it.
func (p *deskPhone) send(rt *rapid.T, t testing.TB, g gate, nonces []string, answer string) {
	var batch []door.Scan
	for _, n := range nonces {
		batch = append(batch, p.kept[slices.IndexFunc(p.kept, func(s door.Scan) bool { return s.Nonce == n })])
	}
	out, err := uploadAs(t, g.m, p.who, batch...)
	if err != nil {
		rt.Fatal(err)
	}
	for i, o := range out {
		if o.Nonce != batch[i].Nonce {
			rt.Fatalf("the answer to %q stands in the place of %q", o.Nonce, batch[i].Nonce)
		}
		if _, known := p.told[o.Nonce]; !known {
			p.told[o.Nonce] = told{p.who.Keeper.Device, batch[i], o}
		} else if o.Result != "duplicate" {
			rt.Fatalf("%q is answered %q when it comes again", o.Nonce, o.Result)
		}
		if answer == "answered" || answer == "half" && i%2 == 0 {
			delete(p.queue, o.Nonce)
		}
	}
}

// compareWithHouse holds what the house counts against what the devices did.
func compareWithHouse(rt *rapid.T, t testing.TB, g gate, phones []*deskPhone, gone map[storage.ID]time.Time) {
	var house, devices []told
	rows := map[string]int{}
	at := map[storage.ID]seats.Attendance{}
	var counted seats.DoorCount
	var facts int
	if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, p := range phones {
			list, err := storage.All(ctx, tx, func(s storage.Scanner) (nonce string, err error) { return nonce, s.Scan(&nonce) }, `SELECT nonce FROM scan WHERE device = $1`, p.who.Keeper.Device)
			if err != nil {
				return err
			}
			for _, n := range list {
				rows[p.who.Keeper.Device+n]++
			}
		}
		for _, app := range g.apps {
			var err error
			if at[app.ID], err = seats.AttendanceOf(ctx, tx, app.ID); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		var err error
		if counted, err = seats.DoorCountOf(ctx, tx, g.osh); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = 'seminars.attended'`, g.osh.ID).Scan(&facts)
	}); err != nil {
		rt.Fatal(err)
	}
	guests := map[string]storage.ID{} // by device and row
	records := 0
	other := map[storage.ID]bool{} // of whom house and device say something else
	for _, p := range phones {
		for _, app := range g.apps {
			guests[p.who.Keeper.Device+p.key.Name("row", app.ID[:])] = app.ID
		}
		for i, r := range p.ledger {
			records++
			if rows[p.who.Keeper.Device+r.Nonce] != 1 {
				rt.Errorf("the record %q stands %d times in the house", r.Nonce, rows[p.who.Keeper.Device+r.Nonce])
			}
			answered := p.told[r.Nonce]
			house = append(house, answered)
			app := guests[p.who.Keeper.Device+r.Of]
			if r.Kind == "undo" {
				if of := slices.IndexFunc(p.ledger, func(x door.Record) bool { return x.Nonce == r.Of }); of >= 0 {
					app = guests[p.who.Keeper.Device+p.ledger[of].Of]
				}
			}
			mine := told{p.who.Keeper.Device, p.kept[i], door.Outcome{Application: app, Result: map[bool]string{true: "accepted", false: "refused"}[r.Counts]}}
			devices = append(devices, mine)
			if r.Counts != answered.counts() {
				other[app] = true
				if !because(r, answered, gone[app], p) {
					rt.Errorf("%s of the device counts: %v; in the house it is %s %s", r.Kind, r.Counts, answered.Result, answered.Reason)
				}
			}
		}
	}
	if len(rows) != records {
		rt.Errorf("%d records of the devices are %d in the house", records, len(rows))
	}
	first, inside := peopleIn(house)
	ideal, within := peopleIn(devices)
	in := 0
	for _, app := range g.apps {
		if inside[app.ID] {
			in++
		}
		got := at[app.ID]
		if got.FirstIn != storage.Micros(first[app.ID]) || got.FirstIn != 0 && got.Inside != inside[app.ID] {
			rt.Errorf("she came %s, by the answers of the house %s", storage.Instant(got.FirstIn), first[app.ID])
		}
		if !other[app.ID] && (first[app.ID] != ideal[app.ID] || inside[app.ID] != within[app.ID]) {
			rt.Errorf("the devices let her in at %s (inside %v), the house has %s (inside %v)", ideal[app.ID], within[app.ID], first[app.ID], inside[app.ID])
		}
	}
	compareConflicts(rt, t, g, phones, guests, first, gone)
	if counted.Came != len(first) || counted.Inside != in || facts != len(first) {
		rt.Errorf("the door counts %d who came, %d inside, %d facts; by the answers %d and %d", counted.Came, counted.Inside, facts, len(first), in)
	}
}

// because reports whether the house knew something that the device could not: what its clock
// hid from it, that she had withdrawn, or that a scan which it undid had counted otherwise.
func because(r door.Record, answered told, left time.Time, p *deskPhone) bool {
	if r.Kind == "undo" {
		of := slices.IndexFunc(p.ledger, func(x door.Record) bool { return x.Nonce == r.Of })
		return answered.Reason == "undo_first" || of >= 0 && p.ledger[of].Counts != p.told[r.Of].counts()
	}
	switch answered.Reason {
	case "future", "too_early", "expired":
		return true
	case "revoked", "full", "conflict":
		return !left.IsZero()
	}
	return !left.IsZero() && answered.counts() // she came all the same, and a seat was left
}

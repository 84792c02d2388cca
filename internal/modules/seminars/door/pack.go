package door

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

const (
	// packedBefore is how long before an activity its packs are given: the day before the
	// phones are made ready.
	packedBefore = 48 * time.Hour
	// mostPacked bounds the rows of a pack. Of more, those who wait are left out first.
	mostPacked = 2000
	// shelves is over how many shelves people are spread, so that a change sends few of them.
	shelves = 16
	// mostEarlier bounds by how many earlier QR codes of a ticket its row is found: those of the
	// days before the latest moves of the activity. Of 200 people each costs a device some 30 kB.
	mostEarlier = 2
)

// PackRules are the rules of a door as they lie in a pack. Instants and spans are milliseconds.
type PackRules struct {
	Event     string `json:"event"`
	Tag       []byte `json:"tag"`    // of the activity in a pass
	Verify    []byte `json:"verify"` // the house's public key of passes, Ed25519
	Box       string `json:"box"`    // the house's public key of boxes
	Cancelled bool   `json:"cancelled,omitempty"`
	Starts    int64  `json:"starts"`
	Ends      int64  `json:"ends"`
	Several   bool   `json:"several,omitempty"`
	Free      int    `json:"free"`
	Came      int    `json:"came,omitempty"` // all of them, also those whom staff noted without a scan
	Bounds    Bounds `json:"bounds"`
	Whole     bool   `json:"whole"` // false when there are more people than a pack holds
}

// packed is one row of a pack before it is sealed: somebody with a ticket or who waits for a
// seat, or a ticket that was taken back.
type packed struct {
	id     []byte // what the row is called by, in the house
	person storage.ID
	pass   string // the text of the QR, empty for who has no ticket
	code   string
	// earlier are the texts of QR codes of the same ticket from before the activity was moved.
	earlier []string
	guest   KnownGuest
	told    told
}

// told is what the desk is told of somebody: her language, her name, and what would help her
// to take part. No contact is among it. It is a list, which is shorter than fields with names.
type told [3]string

// Packed is a pack for one who stands at a door.
type Packed struct {
	offline.Pack
	Key  offline.Key
	rows [shelves][]packed
}

// ETag tells what the pack says, in quotes.
func (p Packed) ETag() (string, error) {
	tag, err := p.Tag(p.Key)
	return `"` + tag + `"`, err
}

// For is what is sent to a device that has the shelves of these tags, and the persons whose
// names are in it.
func (p Packed) For(have string) (offline.Pack, []storage.ID) {
	pack, filled := p.Fill(have)
	var persons []storage.ID
	for _, i := range filled {
		if i >= shelves {
			continue
		}
		for _, r := range p.rows[i] {
			if !r.person.IsZero() {
				persons = append(persons, r.person)
			}
		}
	}
	return pack, persons
}

// deskLocks keeps the locks of doors, which cost a fifth of a second each.
type deskLocks struct {
	mu   sync.Mutex
	kept map[storage.ID]deskLock
}

type deskLock struct {
	turn uint64 // of the word
	offline.Desk
}

// mostLocks bounds what is kept: more doors than are open at once.
const mostLocks = 64

func (l *deskLocks) of(house *seal.Keyring, activity storage.ID, turn uint64) (offline.Desk, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d, ok := l.kept[activity]; ok && d.turn == turn {
		return d.Desk, nil
	}
	d, err := offline.DeskOf(house, partsOf(activity, turn)...)
	if err != nil {
		return d, err
	}
	if l.kept == nil || len(l.kept) >= mostLocks {
		l.kept = map[storage.ID]deskLock{}
	}
	l.kept[activity] = deskLock{turn, d}
	return d, nil
}

// Pack gives what the device of a keeper needs at the door of an activity; the keeper is
// known to stand there (Keeper.May).
//
// Faults: NotFound for an activity that is not published; TooEarly and TooLate when it is
// not its time.
func (m *Desk) Pack(ctx context.Context, tx *storage.Tx, k Keeper, a seats.Activity) (Packed, error) {
	until := a.Ends.Add(seats.TicketGrace)
	switch {
	case a.State != programme.Published && a.State != programme.Cancelled || a.Starts.IsZero():
		return Packed{}, fault.New(fault.NotFound, "seminars.fault.activity")
	case tx.Now.After(until):
		return Packed{}, fault.New(fault.TooLate, "seminars.fault.over")
	case tx.Now.Before(a.Starts.Add(-packedBefore)):
		return Packed{}, fault.New(fault.TooEarly, "seminars.fault.before_day")
	}
	places, err := seats.SeatsOf(ctx, tx, a)
	if err != nil {
		return Packed{}, err
	}
	count, err := seats.DoorCountOf(ctx, tx, a)
	if err != nil {
		return Packed{}, err
	}
	rules := PackRules{
		Event: a.Slug, Verify: m.VerifyingKey(), Cancelled: a.State == programme.Cancelled, Several: programme.SeveralDays(a.Starts, a.Ends),
		Starts: a.Starts.UnixMilli(), Ends: a.Ends.UnixMilli(), Free: places.Left(), Came: count.Came + count.Extra, Whole: true,
		Bounds: Bounds{
			Grace: seats.TicketGrace.Milliseconds(), Ahead: MayBeAhead.Milliseconds(), Undo: seats.UndoWithin.Milliseconds(),
			Zone: programme.ClockOf(time.Unix(0, 0)).Milliseconds(), Opens: OpensBefore.Milliseconds(),
		},
	}
	tag := seats.ActivityTag(a.ID)
	rules.Tag, rules.Box = tag[:], m.boxKey(a.ID).Public()
	var rows []packed
	if !rules.Cancelled { // then nobody comes, and no name is needed
		if rows, err = m.guests(ctx, tx, a); err != nil {
			return Packed{}, err
		}
	}
	if len(rows) > mostPacked {
		rows, rules.Whole = rows[:mostPacked], false
	}
	turn, err := wordTurn(ctx, tx, a.ID)
	if err != nil {
		return Packed{}, err
	}
	desk, err := m.locks.of(m.Keys, a.ID, turn)
	if err != nil {
		return Packed{}, err
	}
	return pack(deviceKey(m.Keys, k.Device, a.ID), desk, tx.Now, until, rules, rows)
}

// MarkOf is what a device is called in its pack: a page that comes with the house says by it
// whose the scans are that the device has kept.
func MarkOf(house *seal.Keyring, k Keeper, a seats.Activity) string {
	return deviceKey(house, k.Device, a.ID).Name("device", nil)
}

// guests are the rows of a pack: who holds a seat, tickets that were taken back, and then who waits.
func (m *Desk) guests(ctx context.Context, tx *storage.Tx, a seats.Activity) ([]packed, error) {
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	tickets, err := ticketsEver(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	marks, err := seats.LastMarks(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	moves, err := programme.MovesOfMany(ctx, tx, []storage.ID{a.ID})
	if err != nil {
		return nil, err
	}
	var ids []storage.ID
	for _, app := range apps {
		if comesUnasked(app.State) {
			ids = append(ids, app.Person)
		}
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	known := map[storage.ID]KnownGuest{}
	of := map[storage.ID]packed{}
	for _, app := range apps {
		g := KnownGuest{Seat: seatOf(app.State)}
		if last, ok := marks[app.ID]; ok {
			g.Kind, g.At = last.Kind, last.Instant().UnixMilli()
		}
		known[app.ID] = g
		if p, ok := persons[app.Person]; ok && comesUnasked(app.State) {
			of[app.ID] = packed{id: app.ID[:], person: p.ID, guest: g, told: toldOf(p)}
		}
	}
	var back []packed
	for _, t := range tickets {
		r, comes := of[t.Application]
		switch {
		case t.Revoked.IsZero() && comes:
			r.pass, r.code, r.earlier = m.Pass(t, a), t.Serial.Code(), m.earlierPasses(t, a, moves[a.ID])
			of[t.Application] = r
		case !t.Revoked.IsZero():
			g := known[t.Application]
			g.Revoked = t.Revoked.UnixMilli()
			back = append(back, packed{id: t.ID[:], pass: m.Pass(t, a), code: t.Serial.Code(), earlier: m.earlierPasses(t, a, moves[a.ID]), guest: g})
		}
	}
	var held, wait []packed
	for _, app := range apps {
		if r, ok := of[app.ID]; ok && r.guest.Seat == "held" {
			held = append(held, r)
		} else if ok {
			wait = append(wait, r)
		}
	}
	return slices.Concat(held, back, wait), nil
}

// earlierPasses are the texts that the QR of a ticket had before the activity was moved to
// another day, the latest mostEarlier of them. Moves come the earliest first.
func (m *Desk) earlierPasses(t seats.Ticket, a seats.Activity, moves []programme.Move) (out []string) {
	now := m.Pass(t, a)
	for _, move := range slices.Backward(moves) {
		before := a
		before.Ends = move.Was.Ends
		if before.Ends.IsZero() || !t.Made.Before(move.At) {
			continue // it was made since
		}
		if p := m.Pass(t, before); p != now && !slices.Contains(out, p) && len(out) < mostEarlier {
			out = append(out, p)
		}
	}
	return out
}

// comesUnasked reports whether the desk needs somebody's name: she holds a seat, or stands
// on the waiting list. Who only applied is taken in as a walk-in.
func comesUnasked(s seats.State) bool { return s.HoldsSeat() || s == seats.Waitlisted }

// seatOf is what a state comes to at the door.
func seatOf(s seats.State) string {
	switch {
	case s.HoldsSeat():
		return "held"
	case s == seats.Declined || s == seats.Withdrawn:
		return "withdrawn"
	}
	return "waiting"
}

// toldOf is what the desk is told.
func toldOf(p people.Person) told {
	return told{string(p.Lang), p.FullName, p.AccessNeeds}
}

// pack seals rows for one device. The shelves of people come first, and then as many of
// where they stand, in the same order: the first change seldom.
func pack(key offline.Key, desk offline.Desk, made, until time.Time, rules PackRules, rows []packed) (Packed, error) {
	out := Packed{Key: key}
	for _, r := range rows {
		at := key.Under("shelf", r.id)[0] % shelves
		out.rows[at] = append(out.rows[at], r)
	}
	list := make([]offline.Shelf, 2*shelves)
	for i, rows := range out.rows {
		var who, where []any
		for _, r := range rows {
			for range r.earlier {
				where = append(where, []any{})
			}
			who = append(who, []any{r.id, r.pass, r.guest.Revoked, r.told, r.earlier})
			where = append(where, r.guest.stands(rules.Starts))
		}
		var err error
		if list[i], err = offline.NewShelf(key, who, func() []any { return sealed(key, desk, rows) }); err != nil {
			return out, err
		}
		if list[shelves+i], err = offline.NewShelf(key, where, func() []any { return where }); err != nil {
			return out, err
		}
	}
	out.Pack = offline.New(key, desk.Lock, made, until, rules, list)
	return out, nil
}

// standsFor are the letters of a seat and of a mark in a pack.
var standsFor = map[string]string{"held": "h", "waiting": "w", "withdrawn": "x", "in": "i", "out": "o"}

// stands writes where somebody stands, as short as it goes: the letters of her seat and of
// her last mark, and of that mark how long after the start it was, in milliseconds.
func (g KnownGuest) stands(starts int64) []any {
	if g.Kind == "" {
		return []any{standsFor[g.Seat]}
	}
	return []any{standsFor[g.Seat] + standsFor[g.Kind], g.At - starts}
}

// sealed writes rows as they lie on a device: what the row is called, its ticket by the QR
// and by the typed code, when it was taken back, and the name twice, for who has the QR and
// for who has the word. Of a ticket that was taken back there is no name. Before the row stands
// one more for each earlier QR of the ticket, by which it is found and opened, and by nothing
// else: of rows that are called the same the last one counts.
func sealed(key offline.Key, desk offline.Desk, rows []packed) (out []any) {
	codes := key.Under("codes", desk.Key)
	for _, r := range rows {
		row := key.Name("row", r.id)
		var plain []byte // what is told of her
		if !r.person.IsZero() {
			plain, _ = json.Marshal(r.told) // texts alone, which is never refused
		}
		// byPass is what her ticket is called by the text of a QR, with the box that the text opens.
		byPass := func(text string) (name, box string) {
			if name = key.Name("pass", []byte(text)); plain != nil {
				box = key.Seal("pass", []byte(text), plain)
			}
			return name, box
		}
		for _, text := range r.earlier {
			name, box := byPass(text)
			out = append(out, []any{row, name, "", r.guest.Revoked, box, ""})
		}
		var pass, code, passBox, deskBox string
		if r.pass != "" {
			pass, passBox = byPass(r.pass)
			code = codes.Name("code", []byte(offline.Typed(r.code)))
		}
		if plain != nil {
			deskBox = key.Seal("desk", desk.Key, plain)
		}
		out = append(out, []any{row, pass, code, r.guest.Revoked, passBox, deskBox})
	}
	return out
}

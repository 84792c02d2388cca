package conflicts

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// MayDecide is who may decide: whoever lets phones scan at this door.
const MayDecide = seats.MayEnrol

// Decide is what somebody decides on a conflict.
type Decide struct {
	Activity storage.ID
	Actor    access.Actor
	Kind     Kind
	Subject  storage.ID
	Choice   Choice
	Why      string // needed to take an entry back, and to let somebody in when no seat is left
}

const (
	longestWhy  = 300 // letters
	shortestWhy = 3
	mostEntries = 100 // of one person that are taken back at once
)

// Decide keeps a decision and does what it says. It reads anew what contradicts: what has
// changed since the page was drawn is not decided by what stood there.
//
// Faults: Forbidden; Invalid for a choice that is none, and without a reason where one is
// needed; NotFound for an entry that is none; Conflict when somebody has decided it, and when it
// is no conflict any more; those of people.PlanMerge for who walked in.
func (m *Module) Decide(ctx context.Context, tx *storage.Tx, cmd Decide) error {
	a, err := m.held(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return err
	}
	if !slices.Contains(choices[cmd.Kind], cmd.Choice) {
		return fault.At("choice", "fault.not_a_choice")
	}
	why, err := reasonOf(cmd.Why)
	if err != nil {
		return err
	}
	c, err := m.stands(ctx, tx, a, cmd)
	if err != nil {
		return err
	}
	d := Decision{
		ID: tx.NewID(), Activity: a.ID, Kind: cmd.Kind, Subject: cmd.Subject, Application: c.Application, Other: c.Other,
		Choice: cmd.Choice, By: cmd.Actor.Person, At: tx.Now,
	}
	var app seats.Application
	if !d.Application.IsZero() {
		if app, err = seats.ApplicationByID(ctx, tx, d.Application); err != nil {
			return err
		}
		if d.Extra, err = seats.OnExtraSeat(ctx, tx, app.ID); err != nil {
			return err
		}
		if why != "" {
			if d.reason, err = m.People.Seal(ctx, tx, app.Person, []byte(why)); err != nil {
				return err
			}
		}
	}
	// The row comes first: of two who decide at once the second waits here, and finds it.
	if err := keep(ctx, tx, d); err != nil {
		return err
	}
	if err := m.do(ctx, tx, a, cmd, c, d, why); err != nil {
		return err
	}
	if d.Kind == Refused && d.Choice == LetIn {
		if d.Extra, err = seats.OnExtraSeat(ctx, tx, app.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE door_decision SET extra = $2 WHERE id = $1`, d.ID, d.Extra); err != nil {
			return err
		}
	}
	m.News(tx, a.ID)
	if app.Person.IsZero() {
		return nil
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "conflicts.audit.decided", Object: a.ID})
}

// keep writes a decision; Conflict when one stands.
func keep(ctx context.Context, tx *storage.Tx, d Decision) error {
	n, err := tx.Exec(ctx, `INSERT INTO door_decision (id, activity_id, kind, subject, application_id, other, choice, extra, reason, by_person, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT DO NOTHING`,
		d.ID, d.Activity, string(d.Kind), d.Subject, d.Application, d.Other, string(d.Choice), d.Extra, d.reason, d.By, storage.Micros(d.At))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "conflicts.fault.decided")
	}
	return err
}

// held gives the activity, which nobody changes until the transaction ends, to who may decide at
// its door.
func (m *Module) held(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID) (seats.Activity, error) {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err == nil && !actor.May(MayDecide, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

// reasonOf checks what was written as a reason.
func reasonOf(words string) (string, error) {
	words = strings.TrimSpace(words)
	if words == "" {
		return "", nil
	}
	fixed, wrong, args := forms.Question{Key: "why", Kind: forms.AskText, Max: longestWhy}.Fix(words, forms.Sources{})
	if wrong != "" {
		return "", fault.At("why", wrong, args)
	}
	if fixed = strings.TrimSpace(fixed); len([]rune(fixed)) < shortestWhy {
		return "", fault.At("why", "conflicts.fault.why")
	}
	return fixed, nil
}

// stands finds the conflict that is decided, as it is now.
func (m *Module) stands(ctx context.Context, tx *storage.Tx, a seats.Activity, cmd Decide) (Conflict, error) {
	if cmd.Kind == Entry {
		return entryAt(ctx, tx, a.ID, cmd.Subject)
	}
	list, err := m.All(ctx, tx, a)
	if err != nil {
		return Conflict{}, err
	}
	i := slices.IndexFunc(list.Conflicts, func(c Conflict) bool { return c.Kind == cmd.Kind && c.Subject == cmd.Subject })
	if i >= 0 {
		return list.Conflicts[i], nil
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM door_decision
		WHERE activity_id = $1 AND kind = $2 AND subject = $3 AND back_at = 0`, a.ID, string(cmd.Kind), cmd.Subject).Scan(&n); err != nil {
		return Conflict{}, err
	}
	if n > 0 {
		return Conflict{}, fault.New(fault.Conflict, "conflicts.fault.decided")
	}
	return Conflict{}, fault.New(fault.Conflict, "conflicts.fault.void")
}

// entryAt is an entry at a door that somebody takes back without any conflict: the first of hers.
// NotFound when it is none, Conflict when it counts no more.
func entryAt(ctx context.Context, tx *storage.Tx, activity, scan storage.ID) (Conflict, error) {
	list, err := storage.All(ctx, tx, scanReading, `SELECT `+readingColumns+`
		WHERE s.id = $1 AND s.activity_id = $2 AND s.kind = 'in' AND s.application_id IS NOT NULL`, scan, activity)
	if err != nil {
		return Conflict{}, err
	}
	if len(list) == 0 {
		return Conflict{}, fault.New(fault.NotFound, "conflicts.fault.entry")
	}
	r := list[0]
	marks, err := door.Entries(ctx, tx, r.Application)
	if err != nil {
		return Conflict{}, err
	}
	if len(marks) == 0 || marks[0].Device != r.Device || marks[0].Nonce != r.Nonce {
		return Conflict{}, fault.New(fault.Conflict, "conflicts.fault.void")
	}
	return Conflict{Kind: Entry, Subject: r.ID, Application: r.Application, Readings: []Reading{r}, State: r.state}, nil
}

// nonce names a scan that a decision puts.
func (d Decision) nonce(i int) string { return d.nonces() + strconv.Itoa(i) }

func (d Decision) nonces() string { return "decided-" + d.ID.String() + "-" }

// do carries out what was decided.
func (m *Module) do(ctx context.Context, tx *storage.Tx, a seats.Activity, cmd Decide, c Conflict, d Decision, why string) error {
	put := door.Put{Activity: a, Application: d.Application, By: cmd.Actor.Person, Nonce: d.nonce(0), Over: why}
	switch {
	case d.Kind == Double && d.Choice == Two:
		return m.Desk.PutBack(ctx, tx, put, c.Readings[1].mark())
	case d.Kind == Undo && d.Choice == Take:
		return m.Desk.PutBack(ctx, tx, put, c.Readings[0].mark())
	case d.Kind == Entry && why == "":
		return fault.At("why", "conflicts.fault.why")
	case d.Kind == Withdrew && d.Choice == Not, d.Kind == Entry:
		return m.takeBackAll(ctx, tx, put, d)
	case d.Kind == Refused && d.Choice == LetIn:
		if put.Over != "" && !cmd.Actor.May(seats.MayOverfill, seats.ScopeOf(a)) {
			put.Over = ""
		}
		err := m.Desk.PutIn(ctx, tx, put, happened(a, c.Readings[0]))
		if fault.Is(err, fault.Full) {
			err = fault.At("why", "conflicts.fault.full")
		}
		return err
	case d.Kind == WalkedIn:
		return m.onePerson(ctx, tx, cmd, d)
	}
	return nil
}

// mark is a reading as it counts towards an attendance.
func (r Reading) mark() seats.Mark {
	return seats.Mark{Device: r.Device, Nonce: r.Nonce, Kind: r.Kind, At: r.At}
}

// happened is when somebody came whom the house had refused: when the phone read her; where
// that is no time of the activity, as by a wrong clock, when it became known; else as it began.
func happened(a seats.Activity, r Reading) int64 {
	from, until := storage.Micros(a.Starts.Add(-door.OpensBefore)), storage.Micros(a.Ends)
	for _, at := range []int64{r.At, r.Received} {
		if at >= from && at <= until && at <= r.Received {
			return at
		}
	}
	return min(storage.Micros(a.Starts), r.Received)
}

// takeBackAll takes all entries of somebody back: she is what she was before she came.
func (m *Module) takeBackAll(ctx context.Context, tx *storage.Tx, put door.Put, d Decision) error {
	marks, err := door.Entries(ctx, tx, put.Application)
	if err != nil {
		return err
	}
	if len(marks) > mostEntries {
		return fault.New(fault.Conflict, "conflicts.fault.many", fault.Args{"most": mostEntries})
	}
	for i, mark := range marks {
		put.Nonce = d.nonce(i)
		if err := m.Desk.PutBack(ctx, tx, put, mark); err != nil {
			return err
		}
	}
	return nil
}

// persons are those of the two applications of a pair.
func persons(ctx context.Context, tx *storage.Tx, d Decision) (walked, other storage.ID, err error) {
	for _, end := range []struct {
		app storage.ID
		of  *storage.ID
	}{{d.Application, &walked}, {d.Other, &other}} {
		app, err := seats.ApplicationByID(ctx, tx, end.app)
		if err != nil {
			return walked, other, err
		}
		*end.of = app.Person
	}
	return walked, other, nil
}

// onePerson says of somebody who walked in whether she is somebody who applied. Their records
// become one as by the room of people: when a quarter of an hour has passed.
func (m *Module) onePerson(ctx context.Context, tx *storage.Tx, cmd Decide, d Decision) error {
	walked, other, err := persons(ctx, tx, d)
	if err != nil {
		return err
	}
	if d.Choice == Another {
		return m.People.AnswerPair(ctx, tx, people.AnswerPair{By: cmd.Actor, A: walked, B: other, Keep: people.KeepBoth})
	}
	p, err := m.People.ByID(ctx, tx, walked)
	if err != nil {
		return err
	}
	contacts, err := m.People.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	plan := people.PlanMerge{By: cmd.Actor, From: walked, Into: other}
	for _, c := range contacts {
		plan.Contacts = append(plan.Contacts, c.ID)
	}
	_, err = m.People.PlanMerge(ctx, tx, plan)
	return err
}

// TakeBack takes a decision back, within UndoFor: what it did is undone, and the conflict stands
// again.
//
// Faults: Forbidden; NotFound; TooLate; Conflict when it was taken back before, when no seat is
// left for whom it would bring back, and those of people.TakeBackMerge.
func (m *Module) TakeBack(ctx context.Context, tx *storage.Tx, actor access.Actor, activity, decision storage.ID) error {
	a, err := m.held(ctx, tx, actor, activity)
	if err != nil {
		return err
	}
	d, there, err := decisionOf(ctx, tx, a.ID, decision)
	switch {
	case err != nil:
		return err
	case !there:
		return fault.New(fault.NotFound, "conflicts.fault.decision")
	case !d.Back.IsZero():
		return fault.New(fault.Conflict, "conflicts.fault.back")
	case !d.Returns(tx.Now):
		return fault.New(fault.TooLate, "conflicts.fault.late")
	}
	n, err := tx.Exec(ctx, `UPDATE door_decision
		SET back_at = $2
		WHERE id = $1 AND back_at = 0`, d.ID, storage.Micros(tx.Now))
	if err == nil && n == 0 { // somebody took it back in this very moment
		err = fault.New(fault.Conflict, "conflicts.fault.back")
	}
	if err != nil {
		return err
	}
	if err := m.undo(ctx, tx, a, actor, d); err != nil {
		return err
	}
	m.News(tx, a.ID)
	if d.Application.IsZero() {
		return nil
	}
	app, err := seats.ApplicationByID(ctx, tx, d.Application)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Person: app.Person, Action: "conflicts.audit.back", Object: a.ID})
}

// undo makes undone what a decision did.
func (m *Module) undo(ctx context.Context, tx *storage.Tx, a seats.Activity, actor access.Actor, d Decision) error {
	if d.Kind == WalkedIn {
		walked, other, err := persons(ctx, tx, d)
		if err != nil {
			return err
		}
		if d.Choice == Another {
			return m.People.AskAgain(ctx, tx, actor, walked, other)
		}
		plans, err := m.People.MergePlansOf(ctx, tx, walked, other)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if p.From == walked && p.Into == other {
				_, err := m.People.TakeBackMerge(ctx, tx, actor, p.ID)
				return err
			}
		}
		return fault.New(fault.Conflict, "conflicts.fault.merged")
	}
	if d.Application.IsZero() {
		return nil
	}
	put, err := storage.All(ctx, tx, func(row storage.Scanner) (nonce string, err error) {
		err = row.Scan(&nonce)
		return nonce, err
	}, `SELECT nonce
		FROM scan
		WHERE application_id = $1 AND nonce LIKE $2`, d.Application, d.nonces()+"%")
	if err != nil || len(put) == 0 {
		return err
	}
	back := door.Put{Activity: a, Application: d.Application, By: actor.Person}
	if d.Extra {
		back.Over = seats.ReasonDoor
	}
	err = m.Desk.PutAway(ctx, tx, back, put)
	if fault.Is(err, fault.Full) {
		err = fault.New(fault.Conflict, "conflicts.fault.no_seat")
	}
	return err
}

// Reason is what was written with a decision, empty for nothing.
func (m *Module) Reason(ctx context.Context, tx *storage.Tx, d Decision, person storage.ID) (string, error) {
	if len(d.reason) == 0 {
		return "", nil
	}
	plain, err := m.People.Unseal(ctx, tx, person, d.reason)
	return string(plain), err
}

// recent reports whether conflicts of an activity are still told of on Today.
func recent(a seats.Activity, now time.Time) bool {
	return a.Starts.Add(-door.OpensBefore).Before(now) && now.Before(a.Ends.Add(toldFor))
}

// toldFor is how long after its end the conflicts of an activity stand on Today.
const toldFor = 14 * 24 * time.Hour

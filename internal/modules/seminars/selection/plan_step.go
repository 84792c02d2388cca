package selection

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Preview is what a step would tell to whom.
type Preview struct {
	*Table
	Invite []seats.Applicant // get an invitation
	Wait   []seats.Applicant // go on the waiting list, in this order
	Refuse []seats.Applicant
	Late   []seats.Applicant // came after the draw; they are in a list above once it is said what becomes of them
	Due    time.Time         // when it would be told
	Free   int               // seats that are left
	Seen   string            // names all that is decided; PlanStep wants it back
}

// Everybody is PlanStep.Waiting that lets all wait who were not chosen.
const Everybody = seats.MostListed

// Fate says what becomes of those who applied after the draw and took no part in it.
type Fate string

// What may become of them.
const (
	LateWait   Fate = "wait"   // behind the reserve of the draw
	LateRefuse Fate = "refuse" // told that it was drawn before they applied
)

// Fates are all of them.
var Fates = []Fate{LateWait, LateRefuse}

// Preview tells what PlanStep would decide now, and changes nothing.
//
// Faults: Forbidden.
func (m *Service) Preview(ctx context.Context, tx *storage.Tx, actor may, a seats.Activity, waiting int, late Fate) (p Preview, err error) {
	if p.Table, err = m.Table(ctx, tx, actor, a); err != nil {
		return p, err
	}
	p.Invite, p.Wait, p.Refuse, p.Late = p.decide(waiting)
	switch late {
	case LateWait:
		p.Wait = append(p.Wait, p.Late...)
	case LateRefuse:
		p.Refuse = append(p.Refuse, p.Late...)
	}
	p.Free, p.Due = p.Seats.Left(), m.dueAt(tx.Now, a)
	sum := sha256.New()
	for _, list := range [][]seats.Applicant{p.Invite, p.Wait, p.Refuse} {
		for _, a := range list {
			sum.Write(a.ID[:])
			sum.Write(binary.BigEndian.AppendUint64(nil, uint64(a.Version)))
		}
		sum.Write([]byte{0})
	}
	p.Seen = hex.EncodeToString(sum.Sum(nil)[:16])
	return p, nil
}

// decide divides everybody on whom the selection decides. Who applied after the draw stands
// apart, in the order in which they applied; without a draw those who were not put in by hand wait in the order in which they
// applied.
func (t *Table) decide(waiting int) (invite, wait, refuse, late []seats.Applicant) {
	var rest []seats.Applicant
	for _, a := range t.Applicants {
		_, has := t.lots[a.ID]
		switch {
		case !open(a.State):
		case t.Chosen(a):
			invite = append(invite, a)
		case t.marks[a.ID].Put == Out:
			refuse = append(refuse, a)
		case has && !t.Told && a.State != seats.Waitlisted, !t.Drawn && a.State != seats.Waitlisted:
			rest = append(rest, a)
		case t.late(a):
			late = append(late, a)
		}
	}
	rest, late = together(rest, late)
	before := func(a, b seats.Applicant) int {
		x, y := t.lots[a.ID].Place, t.lots[b.ID].Place
		if (x == 0) != (y == 0) { // whose seat was kept, and is no more, has no place by lot
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(x, y), a.Made.Compare(b.Made), slices.Compare(a.ID[:], b.ID[:]))
	}
	first := func(a seats.Applicant) seats.Applicant { // by whom two stand in the line
		if o, paired := t.other(a); paired && before(o, a) < 0 {
			return o
		}
		return a
	}
	slices.SortFunc(rest, func(a, b seats.Applicant) int { return cmp.Or(before(first(a), first(b)), before(a, b)) })
	n := min(max(waiting, 0), len(rest))
	if n > 0 && n < len(rest) && rest[n-1].With == rest[n].ID { // nor does one of two wait alone
		n--
	}
	slices.SortFunc(late, func(a, b seats.Applicant) int {
		return cmp.Or(a.Made.Compare(b.Made), slices.Compare(a.ID[:], b.ID[:]))
	})
	return invite, slices.Clip(rest[:n]), append(refuse, rest[n:]...), late
}

// together keeps of two who come only together both in one list, or neither: with somebody who
// applied after the draw goes who had a lot in it.
func together(rest, late []seats.Applicant) (_, _ []seats.Applicant) {
	in := func(list []seats.Applicant) func(storage.ID) bool {
		ids := map[storage.ID]bool{}
		for _, a := range list {
			ids[a.ID] = true
		}
		return func(id storage.ID) bool { return ids[id] }
	}
	after := in(late)
	for _, a := range rest {
		if !a.With.IsZero() && after(a.With) {
			late = append(late, a)
		}
	}
	after = in(late)
	rest = slices.DeleteFunc(rest, func(a seats.Applicant) bool { return after(a.ID) })
	before := in(rest)
	alone := func(list []seats.Applicant, with func(storage.ID) bool) []seats.Applicant {
		return slices.DeleteFunc(list, func(a seats.Applicant) bool { return !a.With.IsZero() && !with(a.With) })
	}
	return alone(rest, before), alone(late, after)
}

// late reports whether somebody applied after the draw that is not told yet, and nothing was
// decided on her since: she took no part in it.
func (t *Table) late(a seats.Applicant) bool {
	_, has := t.lots[a.ID]
	return t.Drawn && !t.Told && !has && (a.State == seats.Applied || a.State == seats.Shortlisted) && t.marks[a.ID].Put != In && t.marks[a.ID].Put != Out && !t.Chosen(a)
}

// AfterDraw gives those who came after the last draw and took no part in it, those on whom it
// is to be decided first, then those who got a seat by hand. Nobody once it was told.
func (t *Table) AfterDraw() (waiting, seated []seats.Applicant) {
	for _, a := range t.Applicants {
		_, has := t.lots[a.ID]
		switch {
		case t.late(a):
			waiting = append(waiting, a)
		case t.Drawn && !t.Told && !has && a.State.HoldsSeat() && !a.Extra:
			seated = append(seated, a)
		}
	}
	return waiting, seated
}

// Over is how many more are in the selection than it may have, 0 when it holds.
func (t *Table) Over() int {
	_, _, chosen := t.Numbers()
	return max(0, chosen-t.Rules.Seats)
}

// PlanStep decides that a selection is told.
type PlanStep struct {
	Actor    may
	Activity storage.ID
	Waiting  int    // how many of those who were not chosen wait; the others are refused
	Late     Fate   // of those who applied after the draw; may be empty when there are none
	Seen     string // of the Preview
}

// dueAt is when a step is done that is decided now: when it can be taken back no more, and not
// at night.
func (m *Service) dueAt(now time.Time, a seats.Activity) time.Time {
	return m.Goes(now.Add(m.UndoWithin()), a)
}

const stepKind = "seminars.selected"

type stepAsk struct {
	Step storage.ID `json:"step"`
}

// PlanStep notes a step that is done when UndoWithin has passed, or when the night is over that
// this falls in. Nothing is told and nobody is
// moved until then, and what it tells cannot be changed: it is kept with the step whom it was
// shown for, and whoever applies or comes back since then stays as she is.
//
// Faults: Forbidden; those of seats.MayInvite; TooEarly while people may still apply; Invalid
// when it decides on nobody, and when it is not said what becomes of the late; Full when
// more are invited than seats are left; Conflict when what was seen is not what would be
// decided now, and while another step waits.
func (m *Service) PlanStep(ctx context.Context, tx *storage.Tx, cmd PlanStep) (Step, error) {
	a, err := m.held(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return Step{}, err
	}
	if err := notWaiting(ctx, tx, a.ID); err != nil {
		return Step{}, err
	}
	if err := stillOpen(a, tx.Now); err != nil {
		return Step{}, err
	}
	p, err := m.Preview(ctx, tx, cmd.Actor, a, cmd.Waiting, cmd.Late)
	if err != nil {
		return Step{}, err
	}
	switch {
	case cmd.Late != "" && !slices.Contains(Fates, cmd.Late):
		return Step{}, fault.At("late", "forms.fault.choice")
	case p.Seen != cmd.Seen:
		return Step{}, fault.New(fault.Conflict, "seminars.selection.fault.changed")
	case len(p.Late) > 0 && cmd.Late == "":
		return Step{}, fault.At("late", "seminars.selection.fault.late_undecided", fault.Args{"count": len(p.Late)})
	case len(p.Invite)+len(p.Wait)+len(p.Refuse) == 0:
		return Step{}, fault.New(fault.Invalid, "seminars.selection.fault.nobody")
	case len(p.Invite) > p.Free:
		return Step{}, fault.New(fault.Full, "seminars.selection.fault.full", fault.Args{"count": len(p.Invite), "free": p.Free})
	}
	s := Step{ID: tx.NewID(), Activity: a.ID, Waiting: len(p.Wait), State: StepWaiting, Due: m.dueAt(tx.Now, a), At: tx.Now, By: cmd.Actor.Person}
	var draw any
	if p.Drawn && !p.Told {
		s.Draw, draw = p.Draw.ID, p.Draw.ID
	}
	if _, err := tx.Exec(ctx, `INSERT INTO selection_step (id, activity_id, draw_id, waiting, state, due_at, at, by_person)
		VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7)`,
		s.ID, s.Activity, draw, s.Waiting, storage.Micros(s.Due), storage.Micros(s.At), s.By); err != nil {
		if storage.IsUnique(err) {
			return Step{}, fault.New(fault.Conflict, "seminars.selection.fault.waits")
		}
		return Step{}, err
	}
	if err := keepPlanned(ctx, tx, s.ID, p); err != nil {
		return Step{}, err
	}
	if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: stepKind, Payload: stepAsk{s.ID}, Key: s.ID.String(), After: s.Due}); err != nil {
		return Step{}, err
	}
	m.News(tx, a.ID)
	return s, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.step_planned", Object: a.ID})
}

// keepPlanned keeps what a step tells to whom, in the order of the preview.
func keepPlanned(ctx context.Context, tx *storage.Tx, step storage.ID, p Preview) error {
	place := 0
	for _, part := range []struct {
		to   seats.State
		list []seats.Applicant
	}{{seats.Invited, p.Invite}, {seats.Waitlisted, p.Wait}, {seats.Declined, p.Refuse}} {
		for _, a := range part.list {
			place++
			if _, err := tx.Exec(ctx, `INSERT INTO selection_planned (step_id, application_id, to_state, place)
				VALUES ($1, $2, $3, $4)`, step, a.ID, string(part.to), place); err != nil {
				return err
			}
		}
	}
	return nil
}

// TakeBackStep undoes a step that waits: nothing has happened. Whoever may select may, also
// when it is due and was not done: as long as its state is not another one, nobody was told.
//
// Faults: NotFound; Forbidden; Conflict when it is done, taken back or refused.
func (m *Service) TakeBackStep(ctx context.Context, tx *storage.Tx, actor may, id storage.ID) (Step, error) {
	s, err := stepByID(ctx, tx, id)
	if err != nil {
		return s, err
	}
	a, err := m.ActivityByID(ctx, tx, s.Activity)
	if err != nil {
		return s, err
	}
	if err := allowed(actor, a); err != nil {
		return s, err
	}
	n, err := tx.Exec(ctx, `UPDATE selection_step SET state = 'taken_back' WHERE id = $1 AND state = 'waiting'`, s.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.selection.fault.late")
		switch s.State {
		case StepTakenBack:
			err = fault.New(fault.Conflict, "seminars.selection.fault.taken_back")
		case StepRefused:
			err = fault.New(fault.Conflict, "seminars.selection.fault.refused")
		}
	}
	if err != nil {
		return s, err
	}
	m.News(tx, a.ID)
	return s, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.step_taken_back", Object: a.ID})
}

// Jobs are what selections do later.
func (m *Service) Jobs() []jobs.Kind {
	return []jobs.Kind{
		{Name: drawKind, Text: "seminars.job.draw", Lane: jobs.Light, Limit: time.Minute, Attempts: 5, Do: func(ctx context.Context, _ *storage.Store, payload json.RawMessage) error {
			var p drawAsk
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return m.DrawAsked(ctx, p.Ask, p.Activity)
		}},
		{Name: stepKind, Text: "seminars.job.selected", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, _ *storage.Store, payload json.RawMessage) error {
			var p stepAsk
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return m.StepDue(ctx, p.Step)
		}},
	}
}

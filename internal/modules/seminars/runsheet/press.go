package runsheet

import (
	"context"
	"regexp"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	// MostMarks bounds what may be pressed on the days of one activity.
	MostMarks = 2000
	// MostAtOnce bounds the marks of one command.
	MostAtOnce = 200
)

// Press brings what was pressed on the day of an activity.
type Press struct {
	Activity storage.ID
	Actor    access.Actor
	Device   string // that they come from; empty: that of Actor as one of the staff
	Marks    []Mark
}

// The results of a mark.
const (
	Kept    = "kept"    // it stands now
	Known   = "known"   // it stood already
	Refused = "refused" // it can never stand; why says what is wrong with it
)

// Outcome is what has become of one mark. Only Kept and Known stand.
type Outcome struct {
	Nonce  string `json:"nonce"`
	Result string `json:"result"`
	Why    string `json:"why,omitempty"`
}

// Whys lists why a mark is refused.
var Whys = []string{"malformed", "step", "future", "early", "late", "full", "nonce"}

var nonceShape = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Press keeps marks, each judged by itself: one that is wrong keeps no other out, and one that
// is sent again is known.
//
// Faults: Forbidden, also for whoever's place is a substitute's; NotFound for an activity that is not published; Gone when it was called off;
// TooLarge with more than MostAtOnce.
func (m *Module) Press(ctx context.Context, tx *storage.Tx, cmd Press) ([]Outcome, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return nil, err
	}
	if err := mayRun(cmd.Actor, a); err != nil {
		return nil, err
	}
	if err := door.Present(ctx, tx, cmd.Actor.Person, a.ID); err != nil {
		return nil, err
	}
	if cmd.Device == "" {
		cmd.Device = seats.StaffDevice(cmd.Actor.Person)
	}
	if len(cmd.Marks) > MostAtOnce {
		return nil, tooMany()
	}
	turn := m.turn
	if turn == nil {
		turn = takeTurn
	}
	if err := turn(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	plan, err := PlanOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	var count int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM run_mark WHERE activity_id = $1`, a.ID).Scan(&count); err != nil {
		return nil, err
	}
	out := make([]Outcome, 0, len(cmd.Marks))
	for _, mark := range cmd.Marks {
		one := Outcome{Nonce: mark.Nonce, Result: Refused, Why: wrongWith(a, plan, mark, tx.Now)}
		if one.Why == "" {
			if one, err = m.keep(ctx, tx, cmd, mark, count); err != nil {
				return nil, err
			}
		}
		if one.Result == Kept {
			count++
		}
		out = append(out, one)
	}
	return out, nil
}

func tooMany() error {
	return fault.New(fault.TooLarge, "runsheet.fault.marks", fault.Args{"most": MostAtOnce})
}

// takeTurn lets those who press at one activity, or change its plan, do so one after the other:
// so no more marks than MostMarks stand, and none is of a step that is going.
func takeTurn(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE run_plan SET version = version WHERE activity_id = $1`, activity)
	return err
}

// isStep reports whether a text is the id of a step, of this plan or of one before it.
func isStep(id string) bool {
	_, err := storage.ParseID(id)
	return err == nil
}

// wrongWith says why a mark can never stand, or nothing.
func wrongWith(a seats.Activity, p Plan, m Mark, now time.Time) string {
	has := func(id string) bool {
		return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.ID.String() == id })
	}
	at := time.UnixMilli(m.At)
	switch {
	case !nonceShape.MatchString(m.Nonce) || !slices.Contains(Kinds, m.Kind),
		m.Kind == Length && (m.Minutes < 1 || m.Minutes > LongestStep), m.Kind != Length && m.Minutes != 0, m.Kind != Begin && m.From != "", m.From != "" && !isStep(m.From):
		return "malformed"
	case !has(m.Step): // a plan may have lost the step that went on: CourseOf knows what that means
		return "step"
	case at.After(now.Add(door.MayBeAhead)):
		return "future"
	case at.Before(opens(a)):
		return "early"
	case at.After(closes(a)):
		return "late"
	}
	return ""
}

func (m *Module) keep(ctx context.Context, tx *storage.Tx, cmd Press, mark Mark, count int) (Outcome, error) {
	out := Outcome{Nonce: mark.Nonce, Result: Kept}
	stored, err := storage.All(ctx, tx, scanMark, `SELECT nonce, kind, step, from_step, minutes, at
		FROM run_mark
		WHERE activity_id = $1 AND nonce = $2`, cmd.Activity, mark.Nonce)
	switch {
	case err != nil:
		return out, err
	case slices.ContainsFunc(stored, func(was Mark) bool { return sameAct(was, mark) }):
		out.Result = Known
		return out, nil
	case len(stored) > 0:
		return Outcome{mark.Nonce, Refused, "nonce"}, nil
	case count >= MostMarks:
		return Outcome{mark.Nonce, Refused, "full"}, nil
	}
	if m.keeping != nil {
		m.keeping()
	}
	n, err := tx.Exec(ctx, `INSERT INTO run_mark (id, activity_id, nonce, kind, step, from_step, minutes, at, device, by_person, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT DO NOTHING`,
		tx.NewID(), cmd.Activity, mark.Nonce, mark.Kind, mark.Step, mark.From, mark.Minutes, mark.At, cmd.Device, cmd.Actor.Person, storage.Micros(tx.Now))
	if err == nil && n == 0 { // sent twice in this very moment
		out.Result = Known
	}
	return out, err
}

// sameAct reports whether two marks of one nonce are one act: of a form that was sent twice the
// first moment holds.
func sameAct(x, y Mark) bool {
	x.At = y.At
	return x == y
}

// mayRun says why somebody may not run the day of an activity.
func mayRun(actor access.Actor, a seats.Activity) error {
	switch {
	case !actor.May(MayRun, seats.ScopeOf(a)):
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	case a.State == "cancelled":
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case a.State != "published":
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return nil
}

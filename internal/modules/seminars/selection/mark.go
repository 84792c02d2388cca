package selection

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// Put is what is decided by hand.
type Put string

// In keeps somebody whatever is drawn; Out leaves her out of the draw and the selection;
// Free takes back either.
const (
	In   Put = "in"
	Out  Put = "out"
	Free Put = "free"
)

// Mark is a decision by hand.
type Mark struct {
	Application storage.ID
	Put         Put
	At          time.Time
	By          storage.ID

	reason []byte
}

// MarkByHand puts applications into the selection, or out of it.
type MarkByHand struct {
	Actor    may
	Activity storage.ID
	Put      Put
	Reason   string
	Chosen   []storage.ID // applications
}

// longestReason is in letters.
const longestReason = 300

// MarkByHand notes it with the reason, which each reads on her own page. Whoever stands so
// already is passed over. It gives those that were marked.
//
// Faults: Forbidden; those of seats.MayInvite; Invalid without a reason for In and Out, with
// nobody, or with too many; NotFound for an application to another activity; Conflict for somebody on
// whom nothing is to be decided any more, and while a step waits.
func (m *Service) MarkByHand(ctx context.Context, tx *storage.Tx, cmd MarkByHand) (marked []storage.ID, err error) {
	a, err := m.held(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return nil, err
	}
	if err := notWaiting(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	switch cmd.Put {
	case In, Out, Free:
	default:
		return nil, fault.At("put", "forms.fault.choice")
	}
	if len(cmd.Chosen) == 0 {
		return nil, fault.New(fault.Invalid, "seminars.fault.nobody")
	}
	if len(cmd.Chosen) > seats.MostAtOnce {
		return nil, fault.New(fault.Invalid, "seminars.fault.many", fault.Args{"count": seats.MostAtOnce})
	}
	reason := ""
	if cmd.Put != Free || strings.TrimSpace(cmd.Reason) != "" { // what a hand decided may end without words
		if reason, err = words("why", cmd.Reason); err != nil {
			return nil, err
		}
	}
	marks, err := marksOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	pairs, err := seats.CompanionsAt(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	chosen := slices.Clone(cmd.Chosen)
	for _, id := range cmd.Chosen { // it is decided on both of two who come only together
		if with, paired := pairs[id]; paired && !slices.Contains(chosen, with) {
			chosen = append(chosen, with)
		}
	}
	for _, id := range chosen {
		app, err := seats.ApplicationByID(ctx, tx, id)
		if err == nil && app.Activity != a.ID {
			err = fault.New(fault.NotFound, "seminars.fault.application")
		}
		if err != nil {
			return marked, err
		}
		if !open(app.State) {
			return marked, fault.New(fault.Conflict, "seminars.selection.fault.decided")
		}
		if now := marks[id].Put; now == cmd.Put || now == "" && cmd.Put == Free {
			continue
		}
		box, err := m.People.Seal(ctx, tx, app.Person, []byte(reason))
		if err != nil {
			return marked, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO selection_mark (id, application_id, put, reason, at, by_person)
			VALUES ($1, $2, $3, $4, $5, $6)`, tx.NewID(), app.ID, string(cmd.Put), box, storage.Micros(tx.Now), cmd.Actor.Person); err != nil {
			return marked, err
		}
		// In her own log it stands from when it is told: noteTold.
		if err := audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.marked", Object: a.ID}); err != nil {
			return marked, err
		}
		marks[id] = Mark{Put: cmd.Put}
		marked = append(marked, id)
	}
	m.News(tx, a.ID)
	return marked, nil
}

// noteTold notes in the logs of those on whom it was decided by hand that it was: the step
// that is done tells it.
func (t *Table) noteTold(ctx context.Context, tx *storage.Tx) error {
	for _, a := range t.Applicants { // in an order, so that two runs write the same
		v, is := t.Mark(a.ID)
		if !is {
			continue
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: v.By, Person: a.Person, Action: "seminars.audit.by_hand", Object: t.Activity.ID}); err != nil {
			return err
		}
	}
	return nil
}

// told keeps of the marks of one application those that were told: a mark is told with the
// step that follows it.
func told(ctx context.Context, tx *storage.Tx, app seats.Application, marks []Marked) ([]Marked, error) {
	var until int64
	if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(at), 0)
		FROM selection_step
		WHERE activity_id = $1 AND state = 'done'`, app.Activity).Scan(&until); err != nil {
		return nil, err
	}
	for i, v := range marks {
		if storage.Micros(v.At) > until {
			return marks[:i], nil
		}
	}
	return marks, nil
}

// words checks a reason that is asked for.
func words(name, s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault.At(name, "fault.required")
	}
	fixed, wrong, args := forms.Question{Key: name, Kind: forms.AskText, Max: longestReason}.Fix(s, forms.Sources{})
	if wrong != "" {
		return "", fault.At(name, wrong, args)
	}
	return fixed, nil
}

func scanMark(row storage.Scanner) (v Mark, err error) {
	var at int64
	err = row.Scan(&v.Application, &v.Put, &v.reason, &at, &v.By)
	v.At = storage.Instant(at)
	return v, err
}

// marksOf gives the last mark of each application to an activity since a selection was last
// told: what was decided before has been done.
func marksOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]Mark, error) {
	list, err := storage.All(ctx, tx, scanMark, `SELECT k.application_id, k.put, k.reason, k.at, k.by_person
		FROM selection_mark k
		JOIN application a ON a.id = k.application_id
		WHERE a.activity_id = $1 AND k.at > (SELECT COALESCE(MAX(at), 0) FROM selection_step WHERE activity_id = $1 AND state = 'done')
		ORDER BY k.at, k.id`, activity)
	if err != nil {
		return nil, err
	}
	out := map[storage.ID]Mark{}
	for _, v := range list {
		out[v.Application] = v
	}
	return out, nil
}

// Marked is a mark with its reason.
type Marked struct {
	Mark
	Reason string
}

// MarksOf gives the marks of one application with their reasons, oldest first.
func (m *Service) MarksOf(ctx context.Context, tx *storage.Tx, app seats.Application) (out []Marked, err error) {
	list, err := storage.All(ctx, tx, scanMark, `SELECT application_id, put, reason, at, by_person
		FROM selection_mark
		WHERE application_id = $1
		ORDER BY at, id`, app.ID)
	for _, v := range list {
		plain, err := m.People.Unseal(ctx, tx, app.Person, v.reason)
		if err != nil {
			return nil, err
		}
		out = append(out, Marked{v, string(plain)})
	}
	return out, err
}

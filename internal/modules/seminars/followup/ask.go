package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// The messages.
const (
	askNotice   = "followup.ask"
	againNotice = "followup.again"
)

const (
	// settle is how long a letter waits at least: for who fills the form in right after her
	// yes, and for who takes the rules back.
	settle = 15 * time.Minute
	// round is to how much the moment of a letter is rounded, so that many a yes is one job.
	round = 15 * time.Minute
)

type ofActivity struct {
	Activity storage.ID `json:"activity"`
}

func (m *Module) jobs() []jobs.Kind {
	activity := func(do func(context.Context, *storage.Tx, storage.ID) error) func(context.Context, *storage.Store, json.RawMessage) error {
		return func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofActivity
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return do(ctx, tx, p.Activity) })
		}
	}
	return []jobs.Kind{
		{Name: "followup.ask", Text: "followup.job.ask", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.AskThose)},
		{Name: "followup.again", Text: "followup.job.again", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.Remind)},
		{Name: "followup.forget", Text: "followup.job.forget", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
			return store.Write(ctx, forget)
		}},
	}
}

// saidYes asks for the letter to who has just said yes.
func (m *Module) saidYes(ctx context.Context, tx *storage.Tx, a seats.Activity, _ seats.Application) error {
	r, err := RulesOf(ctx, tx, a.ID)
	if err != nil || r.open(a, tx.Now) != nil {
		return err
	}
	return m.planAsking(ctx, tx, a)
}

func (m *Module) planAsking(ctx context.Context, tx *storage.Tx, a seats.Activity) error {
	at := tx.Now.Add(settle + round - 1).Truncate(round)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "followup.ask", Payload: ofActivity{a.ID}, Key: fmt.Sprintf("%s/%d", a.ID, at.Unix()), After: at})
}

// plan asks for what the rules of an activity need later; what was asked for by rules of before
// finds nothing to do.
func (m *Module) plan(ctx context.Context, tx *storage.Tx, a seats.Activity, r Rules) error {
	if !a.Ends.IsZero() {
		if err := planForgetting(ctx, tx, r.forgets(a)); err != nil {
			return err
		}
	}
	if r.open(a, tx.Now) != nil {
		return nil
	}
	if err := m.planAsking(ctx, tx, a); err != nil {
		return err
	}
	if at := r.Deadline(a).Add(-remindBefore); at.After(tx.Now) {
		return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "followup.again", Payload: ofActivity{a.ID}, Key: fmt.Sprintf("%s/%d", a.ID, at.Unix()), After: at})
	}
	return nil
}

// activityChanged follows the day of an activity.
func (m *Module) activityChanged(ctx context.Context, tx *storage.Tx, before, after seats.Activity) error {
	if before.State == after.State && before.Starts.Equal(after.Starts) && before.Ends.Equal(after.Ends) {
		return nil
	}
	r, err := RulesOf(ctx, tx, after.ID)
	if err != nil || r.Version == 0 {
		return err
	}
	return m.plan(ctx, tx, after, r)
}

// missing lists who has a seat and has not answered, of those that may answer now.
func (m *Module) missing(ctx context.Context, tx *storage.Tx, a seats.Activity, r Rules) (out []Asking, err error) {
	if r.open(a, tx.Now) != nil {
		return nil, nil
	}
	all, err := seated(ctx, tx, a)
	for _, k := range all {
		k.Rules = r
		if k.Closes = r.closes(a, m.Service.Goes(k.yes, a)); k.App.State == seats.Confirmed && k.Answered.IsZero() && tx.Now.Before(k.Closes) {
			out = append(out, k.Asking)
		}
	}
	return out, err
}

// seat is somebody who has a seat, with when she got it.
type seat struct {
	Asking
	yes time.Time
}

// mostSeats bounds those of one activity that are read at once: as many as a seminar may have.
const mostSeats = 10_000

// seated lists who has a seat of an activity, or has used it, with what is kept of each.
func seated(ctx context.Context, tx *storage.Tx, a seats.Activity) ([]seat, error) {
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	type row struct {
		id   storage.ID
		kept kept
		yes  time.Time
	}
	rows, err := storage.All(ctx, tx, func(s storage.Scanner) (v row, err error) {
		var yes, answered, changed, asked, again int64
		err = s.Scan(&v.id, &yes, &v.kept.Form, &v.kept.box, &v.kept.Version, &answered, &changed, &asked, &again)
		v.yes = storage.Instant(yes)
		v.kept.Answered, v.kept.Changed = storage.Instant(answered), storage.Instant(changed)
		v.kept.Asked, v.kept.Again = storage.Instant(asked), storage.Instant(again)
		return v, err
	}, `SELECT p.id, COALESCE((SELECT MAX(v.at) FROM application_move v WHERE v.application_id = p.id AND v.to_state = 'confirmed'), 0),
			k.form_version_id, k.answers, COALESCE(k.version, 0), COALESCE(k.answered_at, 0), COALESCE(k.changed_at, 0),
			COALESCE(k.asked_at, 0), COALESCE(k.again_at, 0)
		FROM application p
		LEFT JOIN followup_answer k ON k.application_id = p.id
		WHERE p.activity_id = $1 AND p.state IN ('confirmed', 'attended')
		LIMIT $2`, a.ID, mostSeats)
	if err != nil {
		return nil, err
	}
	found := make(map[storage.ID]row, len(rows))
	for _, v := range rows {
		found[v.id] = v
	}
	var out []seat
	for _, app := range apps {
		if v, is := found[app.ID]; is {
			out = append(out, seat{Asking{Activity: a, App: app, kept: v.kept}, v.yes})
		}
	}
	return out, nil
}

// AskThose writes to everybody with a seat who was not asked yet and has not answered. Who has
// just got her seat may be filling the form in: she has a job of her own.
func (m *Module) AskThose(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, r, err := m.held(ctx, tx, activity)
	if err != nil {
		return err
	}
	list, err := m.missing(ctx, tx, a, r)
	if err != nil {
		return err
	}
	for _, k := range list {
		yes, err := saidYesAt(ctx, tx, k.App.ID)
		if err != nil {
			return err
		}
		if !k.Asked.IsZero() || tx.Now.Before(yes.Add(settle)) {
			continue
		}
		if err := m.tell(ctx, tx, k, askNotice, false); err != nil {
			return err
		}
	}
	return nil
}

// Remind writes once more, two days before the deadline, to who was asked and has not answered:
// once for each application, whatever day the activity gets.
func (m *Module) Remind(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, r, err := m.held(ctx, tx, activity)
	if err != nil {
		return err
	}
	if tx.Now.Before(r.Deadline(a).Add(-remindBefore)) { // the day has moved; another job comes
		return nil
	}
	list, err := m.missing(ctx, tx, a, r)
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.Asked.IsZero() || !k.Again.IsZero() || sameDay(k.Asked, tx.Now) {
			continue
		}
		if err := m.tell(ctx, tx, k, againNotice, true); err != nil {
			return err
		}
	}
	return nil
}

// AskAgain is what staff do: it writes to all who have not answered, each at most once a day,
// and gives how many that are.
//
// Faults: Forbidden; those of Rules.open.
func (m *Module) AskAgain(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID) (n int, err error) {
	a, r, err := m.held(ctx, tx, activity)
	if err != nil {
		return 0, err
	}
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return 0, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := r.open(a, tx.Now); err != nil {
		return 0, err
	}
	list, err := m.missing(ctx, tx, a, r)
	if err != nil {
		return 0, err
	}
	for _, k := range list {
		if sameDay(k.Asked, tx.Now) {
			continue
		}
		kind := againNotice
		if k.Asked.IsZero() {
			kind = askNotice
		}
		if err := m.tell(ctx, tx, k, kind, false); err != nil {
			return 0, err
		}
		n++
	}
	return n, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "followup.audit.asked", Object: a.ID})
}

// held reads an activity and its rules, while nobody changes it.
func (m *Module) held(ctx context.Context, tx *storage.Tx, activity storage.ID) (a seats.Activity, r Rules, err error) {
	if a, err = m.Schedule().Held(ctx, tx, activity); err != nil {
		return a, r, err
	}
	r, err = RulesOf(ctx, tx, activity)
	return a, r, err
}

func sameDay(a, b time.Time) bool {
	return !a.IsZero() && a.In(i18n.Bishkek()).Format(time.DateOnly) == b.In(i18n.Bishkek()).Format(time.DateOnly)
}

// tell writes to one, and notes it: the same on one day goes once, whoever asks for it.
func (m *Module) tell(ctx context.Context, tx *storage.Tx, k Asking, kind string, again bool) error {
	if err := beginRow(ctx, tx, k.App); err != nil {
		return err
	}
	mark := ``
	if again {
		mark = `, again_at = $2`
	}
	n, err := tx.Exec(ctx, `UPDATE followup_answer
		SET asked_at = $2`+mark+`
		WHERE application_id = $1 AND answered_at = 0 AND asked_at = $3`, k.App.ID, storage.Micros(tx.Now), storage.Micros(k.Asked))
	if err != nil || n == 0 || m.Messages == nil {
		return err
	}
	path, err := m.LinkFor(ctx, tx, k.Activity, people.Person{}, k.App)
	if err != nil {
		return err
	}
	return m.Messages.Send(ctx, tx, messages.Notice{
		To: k.App.Person, Kind: kind, Path: path + "/more", Activity: k.Activity.ID, Until: k.Closes,
		Args:  map[string]any{"activity": k.Activity.Title, "when": k.Activity.Starts, "until": k.Closes},
		After: m.Night.Goes(tx.Now, k.Closes, k.Activity.Ends),
		Key:   fmt.Sprintf("%s/%s/%s", kind, k.App.ID, tx.Now.In(i18n.Bishkek()).Format(time.DateOnly)),
	})
}

// planForgetting asks for the day on which answers are forgotten.
func planForgetting(ctx context.Context, tx *storage.Tx, at time.Time) error {
	at = at.Truncate(day).Add(day)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "followup.forget", Payload: struct{}{}, Key: at.Format(time.DateOnly), After: at})
}

// forget deletes all answers whose days have passed.
func forget(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM followup_answer
		WHERE application_id IN (
			SELECT p.id
			FROM application p
			JOIN activity a ON a.id = p.activity_id
			JOIN followup f ON f.activity_id = p.activity_id
			WHERE a.ends_at + f.forget_days * 86400000000 <= $1)`, storage.Micros(tx.Now))
	return err
}

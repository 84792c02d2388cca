package seats

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/people"
)

// The payloads of the jobs.
type (
	ofApplication struct {
		Application storage.ID `json:"application"`
		Version     int64      `json:"version"`
	}
	ofActivity struct {
		Activity storage.ID `json:"activity"`
		At       int64      `json:"at,omitempty"`      // of a message that is bound to a moment: that moment, in seconds
		Release  bool       `json:"release,omitempty"` // silence gives seats away, and nothing else is done
	}
)

// Jobs are what the seats do later or again and again.
func (m *Service) Jobs() []jobs.Kind {
	activity := func(do func(context.Context, *storage.Tx, ofActivity) error) func(context.Context, *storage.Store, json.RawMessage) error {
		return func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofActivity
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return do(ctx, tx, p) })
		}
	}
	return []jobs.Kind{
		{Name: "seminars.expire", Text: "seminars.job.expire", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofApplication
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
				return m.Expire(ctx, tx, p.Application, p.Version)
			})
		}},
		{Name: "seminars.lapse", Text: "seminars.job.lapse", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofApplication
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.Lapse(ctx, tx, p.Application) })
		}},
		{Name: aloneKind, Text: "seminars.job.alone", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofApplication
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.NotAlone(ctx, tx, p.Application) })
		}},
		{Name: partedKind, Text: "seminars.job.parted", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var p ofPair
			if err := json.Unmarshal(payload, &p); err != nil {
				return err
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.TellParted(ctx, tx, p.Pair) })
		}},
		{Name: "seminars.pass_on", Text: "seminars.job.pass_on", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(func(ctx context.Context, tx *storage.Tx, p ofActivity) error {
			return m.PassOn(ctx, tx, p.Activity)
		})},
		{Name: "seminars.reconfirm", Text: "seminars.job.reconfirm", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.askAgain)},
		{Name: "seminars.remind", Text: "seminars.job.remind", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.remind)},
		{Name: "seminars.tidy", Text: "seminars.job.tidy", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
			return store.Write(ctx, dropDrafts)
		}},
		effortJob(),
	}
}

// plan asks for the work that a state needs later: the end of an invitation,
// the question before the day, the reminder, a second look at the waiting list.
func (m *Service) plan(ctx context.Context, tx *storage.Tx, app Application) error {
	switch app.State {
	case Invited:
		return jobs.Enqueue(ctx, tx, jobs.Job{
			Kind: "seminars.expire", Payload: ofApplication{app.ID, app.Version},
			Key: fmt.Sprintf("%s/%d", app.ID, app.Version), After: app.Expires,
		})
	case Confirmed:
		a, err := m.ActivityByID(ctx, tx, app.Activity)
		if err != nil {
			return err
		}
		return m.planDay(ctx, tx, a)
	case Waitlisted:
		return m.sweepSoon(ctx, tx, app.Activity)
	}
	return nil
}

// PlanDay asks anew for the questions and the reminder before the day, after a change of when
// they go. What was asked for before, and is no longer so, does nothing when its time comes.
func (m *Service) PlanDay(ctx context.Context, tx *storage.Tx, a Activity) error {
	return m.planDay(ctx, tx, a)
}

// planDay asks for the questions and the reminder before the day, and for the end of silence,
// once for each moment that any of them ever had.
func (m *Service) planDay(ctx context.Context, tx *storage.Tx, a Activity) error {
	if !a.Starts.After(tx.Now) {
		return nil
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	settings, err := SettingsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	ask := func(kind, key string, p ofActivity, at time.Time) error {
		if !at.After(tx.Now) {
			return nil
		}
		return jobs.Enqueue(ctx, tx, jobs.Job{Kind: kind, Payload: p, Key: fmt.Sprintf("%s/%s%d", a.ID, key, at.Unix()), After: at})
	}
	for _, message := range s.Timed() {
		at := message.At(a, s, settings)
		kind := "seminars.reconfirm"
		if message.Name == Reminder {
			kind = "seminars.remind"
		}
		if err := ask(kind, "", ofActivity{Activity: a.ID, At: at.Unix()}, at); err != nil {
			return err
		}
	}
	if s.ReconfirmRelease {
		return ask("seminars.remind", "release/", ofActivity{Activity: a.ID, Release: true}, ReleaseAt(a))
	}
	return nil
}

// sweepSoon looks at the waiting list again in a minute: on PostgreSQL somebody
// may join it in the very moment in which the last seat becomes free.
func (m *Service) sweepSoon(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	at := tx.Now.Truncate(time.Minute).Add(time.Minute)
	return jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: "seminars.pass_on", Payload: ofActivity{Activity: activity},
		Key: fmt.Sprintf("%s/%d", activity, at.Unix()), After: at,
	})
}

// Expire ends an invitation that was not answered; its seat goes to the next.
// When it was answered meanwhile, or the activity is cancelled or over, nothing happens.
func (m *Service) Expire(ctx context.Context, tx *storage.Tx, id storage.ID, version int64) error {
	app, err := ApplicationByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || app.State != Invited || app.Version != version || app.Expires.After(tx.Now) {
		return err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil || NothingAhead(a, tx.Now) { // nobody else wants the seat, and there is nothing to tell
		return err
	}
	_, err = m.Move(ctx, tx, app, Withdrawn, storage.ID{}, ReasonExpired)
	return err
}

// asksBefore is how many days before the start people are asked whether they still come, the
// earliest first: as many as the organiser says, then at 3 and at 1 who has kept silent. The
// day before, where silence frees the seat, it is too late to ask.
func (s Seminar) asksBefore() (out []int) {
	if s.ReconfirmDays > 0 {
		out = append(out, s.ReconfirmDays)
	}
	for _, days := range []int{3, 1} {
		if days < s.ReconfirmDays && !(days == 1 && s.ReconfirmRelease) {
			out = append(out, days)
		}
	}
	return out
}

// freshYes is for how long somebody who has said yes is not asked whether she still comes.
const freshYes = 24 * time.Hour

// asks reports whether a question that goes at a moment goes to who has a confirmed seat, or has
// gone to her.
func (m Automatic) asks(app Application, at time.Time) bool {
	switch app.Reconfirm {
	case "":
		return m.Name == FirstAsk || app.Changed.Before(at.Add(-freshYes))
	case "asked":
		return true
	}
	return false
}

// AskAgain asks everybody with a confirmed seat whether she still comes, and once more, on the
// later days of asksBefore, who was asked and has not answered: each once a day of these. Who
// took her seat within the last day has just said so.
func (m *Service) AskAgain(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	return m.askAgain(ctx, tx, ofActivity{Activity: activity})
}

// askAgain is AskAgain for the moment of a job: when no question goes at that moment any more,
// nothing happens.
func (m *Service) askAgain(ctx context.Context, tx *storage.Tx, p ofActivity) error {
	a, err := m.Schedule().Held(ctx, tx, p.Activity)
	if err != nil {
		return err
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	settings, err := SettingsOf(ctx, tx, a)
	if err != nil || a.State != "published" || !tx.Now.Before(a.Starts) {
		return err
	}
	var message Automatic // the last one whose moment has come: the day may have moved
	still, when := p.At == 0, tx.Now
	for _, one := range s.Timed() {
		if one.Kind != askNotice {
			continue
		}
		at := one.Moment(a, s, one.Of(settings))
		still = still || at.Unix() == p.At
		if !tx.Now.Before(at) {
			message = one
			if p.At != 0 {
				when = at // as remind judges who is asked
			}
		}
	}
	if message.Name == "" || !still || !message.Sends(message.Of(settings)) {
		return nil
	}
	apps, err := applicationsIn(ctx, tx, p.Activity, Confirmed)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if !message.asks(app, when) {
			continue
		}
		if app.Reconfirm == "" {
			if app, err = SetReconfirm(ctx, tx, app, "asked"); err != nil {
				return err
			}
		}
		if err := m.sendAs(ctx, tx, a, people.Person{}, app, message, AskKey(app, a, message.Days), nil); err != nil {
			return err
		}
	}
	m.News(tx, p.Activity)
	return nil
}

// AskKey is by which somebody is asked once on one of the days before a start.
func AskKey(app Application, a Activity, days int) string {
	return fmt.Sprintf("%s/%s%s", askNotice, app.ID, AskEnding(a, days))
}

// AskEnding is the end of all keys of that day.
func AskEnding(a Activity, days int) string { return fmt.Sprintf("/%d/%d", a.Starts.Unix(), days) }

// RemindEnding is the end of the keys of all reminders of the day of an activity.
func RemindEnding(a Activity) string { return "/" + string(ledger.DayOf(a.Starts)) }

// Remind reminds everybody who comes, the day before, but who is asked whether she comes at the
// same time. Where the organiser set
// it so, those who were asked and kept silent lose their seat now.
func (m *Service) Remind(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	return m.remind(ctx, tx, ofActivity{Activity: activity})
}

// remind is Remind for the moment of a job. Silence gives seats away the day before, whenever
// the reminder goes and though it be switched off.
func (m *Service) remind(ctx context.Context, tx *storage.Tx, p ofActivity) error {
	a, err := m.Schedule().Held(ctx, tx, p.Activity)
	if err != nil || a.State != "published" || !tx.Now.Before(a.Starts) {
		return err
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	settings, err := SettingsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	message := s.Timed()[len(s.Timed())-1]
	at := message.At(a, s, settings)
	ask, joined := message.With(a, s, settings)
	reminds := !p.Release && !tx.Now.Before(at) && (p.At == 0 || p.At == at.Unix())
	releases := s.ReconfirmRelease && !tx.Now.Before(ReleaseAt(a))
	apps, err := applicationsIn(ctx, tx, p.Activity, Confirmed)
	if err != nil {
		return err
	}
	for _, app := range apps {
		switch {
		case app.Reconfirm == "asked" && releases:
			_, err = m.Move(ctx, tx, app, Withdrawn, storage.ID{}, ReasonSilent)
		case reminds && joined && ask.asks(app, at): // the question tells day and place
		case reminds:
			err = m.sendAs(ctx, tx, a, people.Person{}, app, message, reminderNotice+"/"+app.ID.String()+RemindEnding(a), nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SetReconfirm notes that the person was asked, or that she said yes.
func SetReconfirm(ctx context.Context, tx *storage.Tx, app Application, to string) (Application, error) {
	n, err := tx.Exec(ctx, `UPDATE application
		SET reconfirm = $1, version = version + 1, changed_at = $2
		WHERE id = $3 AND version = $4`, to, storage.Micros(tx.Now), app.ID, app.Version)
	if err != nil {
		return app, err
	}
	if n == 0 {
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	app.Reconfirm, app.Changed = to, tx.Now
	app.Version++
	return app, nil
}

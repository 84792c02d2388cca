package seats

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The payloads of the jobs.
type (
	ofApplication struct {
		Application storage.ID `json:"application"`
		Version     int64      `json:"version"`
	}
	ofActivity struct {
		Activity storage.ID `json:"activity"`
	}
)

// Jobs are what the seats do later or again and again.
func (m *Service) Jobs() []jobs.Kind {
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
		{Name: "seminars.pass_on", Text: "seminars.job.pass_on", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.PassOn)},
		{Name: "seminars.reconfirm", Text: "seminars.job.reconfirm", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.AskAgain)},
		{Name: "seminars.remind", Text: "seminars.job.remind", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: activity(m.Remind)},
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

// planDay asks for the question and the reminder before the day, once for each
// start that the activity ever had.
func (m *Service) planDay(ctx context.Context, tx *storage.Tx, a Activity) error {
	if !a.Starts.After(tx.Now) {
		return nil
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, days := range s.asksBefore() {
		ask := a.Starts.AddDate(0, 0, -days)
		if !ask.After(tx.Now) {
			continue
		}
		if err := jobs.Enqueue(ctx, tx, jobs.Job{
			Kind: "seminars.reconfirm", Payload: ofActivity{a.ID},
			Key: fmt.Sprintf("%s/%d", a.ID, ask.Unix()), After: ask,
		}); err != nil {
			return err
		}
	}
	if day := a.Starts.AddDate(0, 0, -1); day.After(tx.Now) {
		return jobs.Enqueue(ctx, tx, jobs.Job{
			Kind: "seminars.remind", Payload: ofActivity{a.ID},
			Key: fmt.Sprintf("%s/%d", a.ID, day.Unix()), After: day,
		})
	}
	return nil
}

// sweepSoon looks at the waiting list again in a minute: on PostgreSQL somebody
// may join it in the very moment in which the last seat becomes free.
func (m *Service) sweepSoon(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	at := tx.Now.Truncate(time.Minute).Add(time.Minute)
	return jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: "seminars.pass_on", Payload: ofActivity{activity},
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

// AskAgain asks everybody with a confirmed seat whether she still comes, and once more, on the
// later days of asksBefore, who was asked and has not answered: each once a day of these. Who
// took her seat within the last day has just said so.
func (m *Service) AskAgain(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return err
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	// The day may have moved since this was planned.
	if a.State != "published" || s.ReconfirmDays == 0 || tx.Now.Before(a.Starts.AddDate(0, 0, -s.ReconfirmDays)) || !tx.Now.Before(a.Starts) {
		return nil
	}
	apps, err := applicationsIn(ctx, tx, activity, Confirmed)
	if err != nil {
		return err
	}
	day := s.ReconfirmDays // which of the days this is
	for _, days := range s.asksBefore() {
		if !tx.Now.Before(a.Starts.AddDate(0, 0, -days)) {
			day = days
		}
	}
	for _, app := range apps {
		switch {
		case app.Reconfirm == "" && day == s.ReconfirmDays, app.Reconfirm == "" && app.Changed.Before(tx.Now.Add(-freshYes)):
			if app, err = SetReconfirm(ctx, tx, app, "asked"); err != nil {
				return err
			}
		case app.Reconfirm != "asked":
			continue
		}
		if err := m.TellOnce(ctx, tx, app, "seminars.reconfirm", fmt.Sprintf("seminars.reconfirm/%s/%d/%d", app.ID, a.Starts.Unix(), day)); err != nil {
			return err
		}
	}
	m.News(tx, activity)
	return nil
}

// Remind reminds everybody who comes, the day before. Where the organiser set
// it so, those who were asked and kept silent lose their seat now.
func (m *Service) Remind(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return err
	}
	if a.State != "published" || tx.Now.Before(a.Starts.AddDate(0, 0, -1)) || !tx.Now.Before(a.Starts) {
		return nil
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	apps, err := applicationsIn(ctx, tx, activity, Confirmed)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if app.Reconfirm == "asked" && s.ReconfirmRelease {
			_, err = m.Move(ctx, tx, app, Withdrawn, storage.ID{}, ReasonSilent)
		} else {
			err = m.Tell(ctx, tx, app, "seminars.reminder")
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

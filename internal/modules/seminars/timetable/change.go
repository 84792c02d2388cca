package timetable

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/programme"
)

// MostDays is how many days before the start a reminder goes at most.
const MostDays = 14

// Change switches, moves and rewords one automatic message of an activity.
type Change struct {
	Actor    access.Actor
	Activity storage.ID
	Message  string // its name
	Version  int64  // that was read
	Off      bool
	Days     int // of the reminder: so many days before the start, 0 to MostDays; -1: as ever
	Minute   int // of the day in Bishkek; -1: at the hour of the start
	Own      wording.Paragraph
	Words    wording.Whole // in place of those of the house
}

// Change judges and keeps what is set, and plans anew what is bound to a moment. It holds for
// what has not been made yet. The same form once more changes nothing.
//
// Faults: Forbidden; NotFound when the activity has no such message; Gone when the activity is
// cancelled; TooLate when it is over; Invalid at the
// fields; Conflict when it was changed meanwhile.
func (m *Service) Change(ctx context.Context, tx *storage.Tx, cmd Change) (seats.Setting, error) {
	a, s, message, was, err := m.judged(ctx, tx, &cmd)
	if err != nil {
		return was, err
	}
	own, err := json.Marshal(cmd.Own)
	if err != nil {
		return was, err
	}
	words, err := json.Marshal(cmd.Words)
	if err != nil {
		return was, err
	}
	next := seats.Setting{Message: cmd.Message, Version: cmd.Version, Off: cmd.Off, Days: cmd.Days, Minute: cmd.Minute, Own: cmd.Own, Words: cmd.Words, Changed: tx.Now, By: cmd.Actor.Person}
	if was.Same(next) {
		return was, nil
	}
	settings, err := seats.SettingsOf(ctx, tx, a)
	if err != nil {
		return was, err
	}
	if err := timely(a, s, message, settings, next, tx.Now); err != nil {
		return was, err
	}
	n, err := m.claim(ctx, tx, a.ID, next, string(own), string(words), cmd.Actor.Person)
	if err != nil {
		return was, err
	}
	if n == 0 {
		return was, fault.New(fault.Conflict, "seminars.timetable.fault.changed")
	}
	next.Version++
	if err := audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.timetable", Object: a.ID, Detail: cmd.Message}); err != nil {
		return next, err
	}
	if a.State == programme.Published {
		if err := m.PlanDay(ctx, tx, a); err != nil {
			return next, err
		}
	}
	m.News(tx, a.ID)
	return next, nil
}

// Try judges a change and keeps nothing: it gives the paragraph and the words as they would be
// kept.
//
// Faults: as of Change, but for Conflict.
func (m *Service) Try(ctx context.Context, tx *storage.Tx, cmd Change) (Tried, error) {
	_, _, _, _, err := m.judged(ctx, tx, &cmd)
	return Tried{cmd.Own, cmd.Words}, err
}

// Tried is what is written and not kept.
type Tried struct {
	Own   wording.Paragraph
	Words wording.Whole
}

// Restore gives a message the words of the house again; what else is set of it stays.
//
// Faults: as of Change.
func (m *Service) Restore(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID, message string, version int64) error {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return err
	}
	settings, err := seats.SettingsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	set, there := settings[message]
	if !there {
		set = seats.Setting{Days: -1, Minute: -1}
	}
	_, err = m.Change(ctx, tx, Change{Actor: actor, Activity: activity, Message: message, Version: version, Off: set.Off, Days: set.Days, Minute: set.Minute, Own: set.Own})
	return err
}

// TestToSelf sends a message as it would be with what is written to who writes it, at once and
// to nobody else. Nothing is kept.
//
// Faults: as of Change, but for Conflict.
func (m *Service) TestToSelf(ctx context.Context, tx *storage.Tx, cmd Change) error {
	a, s, message, _, err := m.judged(ctx, tx, &cmd)
	if err != nil || m.Messages == nil {
		return err
	}
	n := sample(a, s, message, Tried{cmd.Own, cmd.Words}, tx.Now)
	n.To, n.Path = cmd.Actor.Person, "/staff/seminars/"+a.Slug+"/timetable/"+message.Name
	return m.Messages.Send(ctx, tx, n)
}

// House gives what the house says in a message, with places.
func (m *Service) House(message seats.Automatic) (h wording.House) {
	if m.Letters == nil {
		return h
	}
	for _, l := range i18n.Languages {
		subject, body := m.Letters.HouseWords(message.Kind, l, "activity", "when", "where", "until", "reason", "was", "now")
		wording.Set(&h.Subject, l, strings.Join(strings.Fields(subject), " "))
		wording.Set(&h.Body, l, wording.Tidy(body))
	}
	return h
}

// judged reads what a change rests on, and judges and tidies it.
func (m *Service) judged(ctx context.Context, tx *storage.Tx, cmd *Change) (a seats.Activity, s seats.Seminar, message seats.Automatic, was seats.Setting, err error) {
	if a, err = m.Schedule().Held(ctx, tx, cmd.Activity); err != nil {
		return a, s, message, was, err
	}
	if err = allowed(cmd.Actor, a); err != nil {
		return a, s, message, was, err
	}
	if err = seats.StillAhead(a, tx.Now); err != nil {
		return a, s, message, was, err
	}
	if s, err = seats.SeatsOf(ctx, tx, a); err != nil {
		return a, s, message, was, err
	}
	all := s.Messages()
	i := slices.IndexFunc(all, func(one seats.Automatic) bool { return one.Name == cmd.Message })
	if i < 0 {
		return a, s, message, was, unknown()
	}
	message = all[i]
	settings, err := seats.SettingsOf(ctx, tx, a)
	if err != nil {
		return a, s, message, was, err
	}
	was = message.Of(settings)
	var form fault.Form
	form.Check(!cmd.Off || message.Always == "", "off", "seminars.timetable.fault.always")
	if message.Name != seats.Reminder {
		cmd.Days = -1 // the rules of the seats tell
	}
	if !message.Timed {
		cmd.Minute = -1
	}
	form.Check(cmd.Days >= -1 && cmd.Days <= MostDays, "days", "forms.fault.range", fault.Args{"min": 0, "max": MostDays})
	form.Check(cmd.Minute == -1 || cmd.Minute >= seats.NightUntil && cmd.Minute < seats.NightFrom, "minute", "seminars.timetable.fault.night", fault.Args{"from": seats.NightFrom / 60, "until": seats.NightUntil / 60})
	form.Check(cmd.Days != 0 || cmd.Minute >= 0, "minute", "seminars.timetable.fault.hour")
	if !a.Starts.IsZero() && cmd.Minute >= 0 && !form.Has("minute") && !form.Has("days") {
		days := message.Days
		if cmd.Days >= 0 {
			days = cmd.Days
		}
		at := momentOf(a, days, cmd.Minute)
		form.Check(at.Before(a.Starts), "minute", "seminars.timetable.fault.begun")
		form.Check(message.Name == seats.Reminder || !s.ReconfirmRelease || at.Before(seats.ReleaseAt(a)), "minute", "seminars.timetable.fault.released")
	}
	cmd.Own = cmd.Own.Fix(&form)
	if message.Fixed != "" {
		form.Check(cmd.Words.Empty(), "words", "seminars.timetable.fault.fixed")
	} else {
		cmd.Words = cmd.Words.Fix(&form, m.House(message))
	}
	if at, is := seats.Known(a).Lacks(cmd.Own.Text.Ky, cmd.Own.Text.Ru, cmd.Own.Text.En); is {
		form.Add("", "seminars.mailing.fault.empty", fault.Args{"variable": at})
	}
	return a, s, message, was, form.Err()
}

// momentOf is the moment that was asked for, wherever it lies.
func momentOf(a seats.Activity, days, minute int) time.Time {
	local := a.Starts.In(i18n.Bishkek())
	return time.Date(local.Year(), local.Month(), local.Day()-days, minute/60, minute%60, 0, 0, local.Location())
}

// timely refuses to move a message whose moment has passed, or to a moment that has: it would
// go to nobody, or look as if it were still to come. That holds for the reminder too which goes
// with a question, and would have gone alone.
func timely(a seats.Activity, s seats.Seminar, message seats.Automatic, settings map[string]seats.Setting, next seats.Setting, now time.Time) error {
	if !message.Timed || a.Starts.IsZero() {
		return nil
	}
	then := maps.Clone(settings)
	then[next.Message] = next
	was := message.Of(settings)
	if was.Days != next.Days || was.Minute != next.Minute {
		if !message.At(a, s, settings).After(now) {
			return fault.At("minute", "seminars.timetable.fault.went")
		}
		if !message.At(a, s, then).After(now) {
			return fault.At("minute", "seminars.timetable.fault.past")
		}
	}
	timed := s.Timed()
	reminder := timed[len(timed)-1]
	if reminder.Sends(reminder.Of(then)) && reminder.At(a, s, settings).After(now) && !reminder.At(a, s, then).After(now) {
		return fault.At("minute", "seminars.timetable.fault.past")
	}
	return nil
}

// claim keeps a setting for whoever read what stands there now.
func (m *Service) claim(ctx context.Context, tx *storage.Tx, activity storage.ID, s seats.Setting, own, words string, by storage.ID) (int64, error) {
	if m.Claim != nil {
		return m.Claim(ctx, tx, activity, s, own, words, by)
	}
	var who any
	if !by.IsZero() {
		who = by
	}
	if s.Version == 0 {
		return tx.Exec(ctx, `INSERT INTO automatic_message (activity_id, message, version, is_off, days, minute, own, changed_at, by_person, words)
			VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (activity_id, message) DO NOTHING`, activity, s.Message, s.Off, s.Days, s.Minute, own, storage.Micros(s.Changed), who, words)
	}
	return tx.Exec(ctx, `UPDATE automatic_message
		SET version = version + 1, is_off = $3, days = $4, minute = $5, own = $6, changed_at = $7, by_person = $8, words = $10
		WHERE activity_id = $1 AND message = $2 AND version = $9`, activity, s.Message, s.Off, s.Days, s.Minute, own, storage.Micros(s.Changed), who, s.Version, words)
}

// MinuteOf reads an hour as a form sends it: "18:30" is 1110, nothing is -1, and -2 what is
// no hour.
func MinuteOf(text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return -1
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return -2
	}
	return at.Hour()*60 + at.Minute()
}

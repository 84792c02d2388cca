package seats

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/programme"
)

// Automatic is a message about an activity that the house sends by itself: to a moment, or
// when something happens.
type Automatic struct {
	Name  string // "reminder", of the texts "seminars.timetable.message.reminder"
	Kind  string // of the messages
	Timed bool   // bound to a moment before the start
	Days  int    // of Timed: so many days before, unless the message was moved
	// Always is why it cannot be switched off, the end of a key; empty: it can.
	Always string
	// Fixed is why its words are those of the house alone, the end of a key; empty: staff may
	// write others.
	Fixed string
	ByDay bool    // nobody asked for it in that minute: it does not go at night (Service.Goes)
	To    []State // who would get it now, as far as that is known; nil: whom it happens to
}

// Why a message cannot be switched off.
const (
	alwaysProof    = "proof"    // its button proves the address
	alwaysDeadline = "deadline" // it names until when she must answer
	alwaysAnswer   = "answer"   // nobody stays without an answer
	alwaysSeat     = "seat"     // she would count on a seat that is gone
	alwaysTicket   = "ticket"   // it brings the ticket
	alwaysPromise  = "promise"  // she was promised an answer
	alwaysChange   = "change"   // she would come to a wrong day or place
	alwaysPair     = "pair"     // she would not know that it stands with another, or alone
)

// Why the words of a message are those of the house alone.
const (
	fixedReceipt = "receipt" // it answers what somebody has done in that minute, or proves an address
	fixedSafe    = "safe"    // it gives away nothing of the other, whoever reads it
)

// Fixes are all.
var Fixes = []string{fixedReceipt, fixedSafe}

// Always are all.
var Always = []string{alwaysProof, alwaysDeadline, alwaysAnswer, alwaysSeat, alwaysTicket, alwaysPromise, alwaysChange, alwaysPair}

// The names of the messages that are bound to a moment.
const (
	FirstAsk = "ask_first" // whether she still comes, so many days before as the rules of the seats say
	ThirdDay = "ask_3"     // who has kept silent, three days before
	LastDay  = "ask_1"     // the same, the day before
	Reminder = "reminder"
)

const (
	askNotice      = "seminars.reconfirm"
	reminderNotice = "seminars.reminder"
)

// Happening are the messages that go when something happens, in the order of an application.
// Nothing about an application is sent that stands neither here nor among Timed.
var Happening = []Automatic{
	{Name: "received", Kind: "seminars.received", Always: alwaysProof, Fixed: fixedReceipt},
	{Name: "held", Kind: "seminars.held", Always: alwaysDeadline, Fixed: fixedReceipt},
	{Name: "lapsed", Kind: "seminars.lapsed", Always: alwaysSeat, ByDay: true},
	{Name: "waitlisted", Kind: "seminars.waitlisted", Always: alwaysAnswer},
	{Name: "invited", Kind: "seminars.invited", Always: alwaysDeadline, ByDay: true},
	{Name: "offered", Kind: "seminars.offered", Always: alwaysDeadline, ByDay: true},
	{Name: "confirmed", Kind: "seminars.confirmed", Always: alwaysTicket},
	{Name: "expired", Kind: "seminars.expired", Always: alwaysSeat, ByDay: true},
	{Name: "taken_back", Kind: "seminars.taken_back", Always: alwaysSeat, ByDay: true},
	{Name: "withdrawn", Kind: "seminars.withdrawn", Fixed: fixedReceipt},
	{Name: "declined", Kind: "seminars.declined", Always: alwaysAnswer, ByDay: true},
	{Name: "companion_wanted", Kind: noticeWanted, Always: alwaysPair, Fixed: fixedSafe, ByDay: true},
	{Name: "companion_paired", Kind: noticePaired, Always: alwaysPair, Fixed: fixedSafe, ByDay: true},
	{Name: "companion_apart", Kind: noticeApart, Always: alwaysPair, Fixed: fixedSafe, ByDay: true},
	{Name: "companion_parted", Kind: noticeParted, Always: alwaysPair, Fixed: fixedSafe, ByDay: true},
	{Name: "companion_asked", Kind: noticeAsked, Always: alwaysDeadline, Fixed: fixedSafe, ByDay: true},
	{Name: "why_answered", Kind: whyNotice, Always: alwaysPromise, ByDay: true},
	{Name: "moved", Kind: movedNotice, Always: alwaysChange, ByDay: true, To: toldOfMoves},
	{Name: "cancelled", Kind: cancelledNotice, Always: alwaysChange, ByDay: true, To: []State{Applied, Shortlisted, Invited, Confirmed, Waitlisted}},
}

// Timed are the messages of an activity with such seats that are bound to a moment, those that
// go first first as long as none was moved.
func (s Seminar) Timed() (out []Automatic) {
	for i, days := range s.asksBefore() {
		name := FirstAsk
		if i > 0 {
			name = map[int]string{3: ThirdDay, 1: LastDay}[days]
		}
		out = append(out, Automatic{Name: name, Kind: askNotice, Timed: true, ByDay: true, Days: days, To: []State{Confirmed}})
	}
	return append(out, Automatic{Name: Reminder, Kind: reminderNotice, Timed: true, ByDay: true, Days: 1, To: []State{Confirmed}})
}

// Messages are all automatic messages of an activity with such seats; those about coming
// together only where people may.
func (s Seminar) Messages() []Automatic {
	return slices.DeleteFunc(append(s.Timed(), Happening...), func(m Automatic) bool { return !s.Companions && strings.HasPrefix(m.Name, "companion_") })
}

// Setting is what staff changed of one automatic message.
type Setting struct {
	Message      string
	Version      int64 // 0: as ever, or as the template says
	Off          bool
	Days, Minute int // before the start, and of the day in Bishkek; -1: as ever
	Own          wording.Paragraph
	Words        wording.Whole // in place of those of the house
	Changed      time.Time     // zero: never
	By           storage.ID    // zero once erased
}

// unchanged is a message as ever.
func unchanged(message string) Setting { return Setting{Message: message, Days: -1, Minute: -1} }

// Same reports whether two settings say the same.
func (s Setting) Same(o Setting) bool {
	return s.Message == o.Message && s.Off == o.Off && s.Days == o.Days && s.Minute == o.Minute && s.Own == o.Own && s.Words == o.Words
}

func scanSetting(row storage.Scanner) (s Setting, err error) {
	var own, words string
	var changed int64
	if err = row.Scan(&s.Message, &s.Version, &s.Off, &s.Days, &s.Minute, &own, &words, &changed, &s.By); err != nil {
		return s, err
	}
	s.Changed = storage.Instant(changed)
	if err = json.Unmarshal([]byte(own), &s.Own); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(words), &s.Words)
}

// SettingsOf gives what was changed of the messages of an activity, by their names: for the
// activity itself, or else for its template when it was made.
func SettingsOf(ctx context.Context, tx *storage.Tx, a Activity) (map[string]Setting, error) {
	out := map[string]Setting{}
	var list []Setting
	var err error
	if !a.Template.IsZero() {
		list, err = storage.All(ctx, tx, scanSetting, `SELECT message, 0, is_off, days, minute, own, words, changed_at, by_person
			FROM automatic_default
			WHERE template_id = $1 AND changed_at <= $2
			ORDER BY changed_at`, a.Template, storage.Micros(a.Made))
		if err != nil {
			return nil, err
		}
	}
	own, err := storage.All(ctx, tx, scanSetting, `SELECT message, version, is_off, days, minute, own, words, changed_at, by_person
		FROM automatic_message
		WHERE activity_id = $1`, a.ID)
	for _, s := range append(list, own...) {
		out[s.Message] = s
	}
	return out, err
}

// Of gives the setting of a message out of those of an activity.
func (m Automatic) Of(settings map[string]Setting) Setting {
	if s, ok := settings[m.Name]; ok {
		return s
	}
	return unchanged(m.Name)
}

// Sends reports whether a message goes out with a setting: what goes always does so whatever
// is set.
func (m Automatic) Sends(s Setting) bool { return m.Always != "" || !s.Off }

// The hours of Bishkek between which no message that is bound to a moment goes, in minutes of
// the day.
const (
	NightFrom  = programme.NightFrom
	NightUntil = programme.NightUntil
	evening    = 20 * 60 // when one goes that would come in the night
)

// Moment is when a message of Timed goes; zero while the activity has no day. It lies before
// the start and never in the night. Where silence gives the seat away, nobody is asked later
// than the day before.
func (m Automatic) Moment(a Activity, s Seminar, set Setting) time.Time {
	if a.Starts.IsZero() || !m.Timed {
		return time.Time{}
	}
	days := m.Days
	if set.Days >= 0 && m.Name == Reminder {
		days = set.Days
	}
	at := MomentBefore(a.Starts, days, set.Minute, i18n.Bishkek())
	if last := ReleaseAt(a); m.Kind == askNotice && s.ReconfirmRelease && at.After(last) {
		return last
	}
	return at
}

// together is how near to a question the reminder goes with it: nobody gets two messages about
// one activity in that time but by her own doing.
const together = 2 * time.Hour

// At is Moment among all that is set for the activity: the reminder goes with a question that
// is near it, so that each of those who come gets one of the two (Service.remind).
func (m Automatic) At(a Activity, s Seminar, settings map[string]Setting) time.Time {
	at := m.Moment(a, s, m.Of(settings))
	if ask, ok := m.With(a, s, settings); ok {
		return ask.Moment(a, s, ask.Of(settings))
	}
	return at
}

// With is the question with which a reminder goes; ok is false for none.
func (m Automatic) With(a Activity, s Seminar, settings map[string]Setting) (ask Automatic, ok bool) {
	at := m.Moment(a, s, m.Of(settings))
	if m.Name != Reminder || at.IsZero() {
		return ask, false
	}
	near := together + 1
	for _, one := range s.Timed() {
		if one.Kind != askNotice || !one.Sends(one.Of(settings)) {
			continue
		}
		if apart := one.Moment(a, s, one.Of(settings)).Sub(at).Abs(); apart < near {
			ask, ok, near = one, true, apart
		}
	}
	return ask, ok
}

// ReleaseAt is when silence gives a seat away, where it does.
func ReleaseAt(a Activity) time.Time { return a.Starts.AddDate(0, 0, -1) }

// MomentBefore is the moment so many days before a start at a minute of the day in a zone, of
// the start's own for -1. What would come in the night comes in its morning or evening; what
// would come at the start or later comes the evening before.
func MomentBefore(starts time.Time, days, minute int, zone *time.Location) time.Time {
	local := starts.In(zone)
	at := func(days, minute int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()-days, minute/60, minute%60, 0, 0, zone)
	}
	second := time.Duration(0)
	if minute < 0 {
		minute = local.Hour()*60 + local.Minute()
		second = time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	}
	switch {
	case minute < NightUntil:
		minute, second = NightUntil, 0
	case minute >= NightFrom:
		minute, second = evening, 0
	}
	if when := at(days, minute).Add(second); when.Before(starts) {
		return when
	}
	return at(days+1, evening)
}

// messageOf is the message of a kind that goes when something happens.
func messageOf(kind string) (Automatic, bool) {
	i := slices.IndexFunc(Happening, func(m Automatic) bool { return m.Kind == kind })
	if i < 0 {
		return Automatic{}, false
	}
	return Happening[i], true
}

// Known is what fills the places of a text about an activity.
func Known(a Activity) wording.Known {
	return wording.Known{Title: a.Title, Starts: a.Starts, Venue: a.Venue}
}

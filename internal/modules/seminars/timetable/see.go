package timetable

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Row is one automatic message of an activity as it stands now.
type Row struct {
	seats.Automatic
	seats.Setting
	At    time.Time // when it goes; zero where it is bound to no moment, or the activity has no day
	State State
	// Joined says that a reminder goes with a question: who is asked gets the question alone.
	Joined bool
	Stale  []i18n.Language // in which own words stand in place of a text that the house has changed since
	Count  int             // who would get it as of now; of those whom it happens to, none is counted
	Ways   map[string]int  // of these by each channel, and Unreached
	Sent   messages.Tally
}

// Unreached are those whom no channel reaches.
const Unreached = "unreached"

// State is where a message stands.
type State string

// The states.
const (
	Ready  State = "ready"  // goes when something happens
	Waits  State = "waits"  // its moment is to come
	Off    State = "off"    // switched off
	Went   State = "went"   // its moment has passed, and it was sent
	Passed State = "passed" // its moment has passed, and it went to nobody
	Ended  State = "ended"  // the activity is over or cancelled
	NoDay  State = "no_day" // the activity has no day yet
)

// States are all.
var States = []State{Ready, Waits, Off, Went, Passed, Ended, NoDay}

// Table is the timetable of an activity.
type Table struct {
	Activity  seats.Activity
	Seats     seats.Seminar
	Timed     []Row // in the order of time
	Happening []Row // in the order of an application
}

// See gives the timetable of an activity to who may select there. Nobody is named.
//
// Faults: Forbidden.
func (m *Service) See(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) (t Table, err error) {
	if err = allowed(actor, a); err != nil {
		return t, err
	}
	t.Activity = a
	if t.Seats, err = seats.SeatsOf(ctx, tx, a); err != nil {
		return t, err
	}
	settings, err := seats.SettingsOf(ctx, tx, a)
	if err != nil {
		return t, err
	}
	reach := map[bool]map[seats.State]map[string]int{} // whether there is a text message of it
	for _, words := range []bool{false, true} {
		if reach[words], err = m.reach(ctx, tx, a, words); err != nil {
			return t, err
		}
	}
	sent := map[string]messages.Tally{}
	if m.Letters != nil {
		if sent, err = m.Letters.TallyOf(ctx, tx, a.ID); err != nil {
			return t, err
		}
	}
	for _, message := range t.Seats.Messages() {
		r := Row{Automatic: message, Setting: message.Of(settings), Sent: sent[message.Kind], Ways: map[string]int{}}
		r.At = message.At(a, t.Seats, settings)
		_, r.Joined = message.With(a, t.Seats, settings)
		if !r.Words.Empty() {
			r.Stale = r.Words.Stale(m.House(message))
		}
		if message.Timed && m.Letters != nil {
			ending := seats.RemindEnding(a)
			if message.Name != seats.Reminder {
				ending = seats.AskEnding(a, message.Days)
			}
			if r.Sent, err = m.Letters.TallyUnder(ctx, tx, a.ID, message.Kind, ending); err != nil {
				return t, err
			}
		}
		for _, state := range message.To {
			for way, n := range reach[m.Letters != nil && m.Letters.HasShort(message.Kind)][state] {
				r.Ways[way] += n
				r.Count += n
			}
		}
		r.State = stateOf(r, a, tx.Now)
		if message.Timed {
			t.Timed = append(t.Timed, r)
		} else {
			t.Happening = append(t.Happening, r)
		}
	}
	slices.SortStableFunc(t.Timed, func(x, y Row) int { return x.At.Compare(y.At) })
	return t, nil
}

func stateOf(r Row, a seats.Activity, now time.Time) State {
	switch {
	case !r.Sends(r.Setting):
		return Off
	case r.Timed && r.At.IsZero():
		return NoDay
	case r.Timed && !r.At.After(now):
		if r.Sent.Sent+r.Sent.Waiting+r.Sent.Missed > 0 {
			return Went
		}
		return Passed
	case seats.NothingAhead(a, now) && r.Kind != "seminars.why_answered":
		return Ended
	case r.Timed:
		return Waits
	}
	return Ready
}

// reach counts the applications of an activity by state and by how they are reached now.
func (m *Service) reach(ctx context.Context, tx *storage.Tx, a seats.Activity, words bool) (map[seats.State]map[string]int, error) {
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	ways, err := m.People.WaysOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[seats.State]map[string]int{}
	for _, app := range apps {
		if out[app.State] == nil {
			out[app.State] = map[string]int{}
		}
		way := m.WayTo(ways[app.Person], words).Channel
		if way == "" {
			way = Unreached
		}
		out[app.State][way]++
	}
	return out, nil
}

// Sight is one message with its letters.
type Sight struct {
	Row
	Seats   seats.Seminar
	House   wording.House                   // what the house says, with places
	Letters map[i18n.Language]messages.Seen // none without messages
}

// One shows a message of an activity as its readers would get it in each language, with what
// is set, or with words that are only tried. The reader is nobody in particular.
//
// Faults: Forbidden; NotFound when the activity has no such message.
func (m *Service) One(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, name string, tried *Tried) (s Sight, err error) {
	t, err := m.See(ctx, tx, actor, a)
	if err != nil {
		return s, err
	}
	all := slices.Concat(t.Timed, t.Happening)
	i := slices.IndexFunc(all, func(r Row) bool { return r.Name == name })
	if i < 0 {
		return s, unknown()
	}
	s.Row, s.Seats, s.Letters = all[i], t.Seats, map[i18n.Language]messages.Seen{}
	if m.Letters == nil {
		return s, nil
	}
	own := Tried{s.Own, s.Words}
	if tried != nil {
		own = *tried
	}
	s.House = m.House(s.Automatic)
	for _, l := range i18n.Languages {
		if s.Letters[l], err = m.Letters.See(ctx, tx, people.Person{Details: people.Details{Lang: l}}, sample(a, t.Seats, s.Automatic, own, tx.Now)); err != nil {
			return s, err
		}
	}
	return s, nil
}

func unknown() error { return fault.New(fault.NotFound, "seminars.timetable.fault.unknown") }

// sample is a message with what is known of the activity, and something in place of what is
// known only when it goes.
func sample(a seats.Activity, s seats.Seminar, message seats.Automatic, own Tried, now time.Time) messages.Notice {
	hours := s.InvitationHours
	if message.Kind == "seminars.offered" {
		hours = s.OfferHours
	}
	until := now.Add(time.Duration(hours) * time.Hour)
	if !a.Starts.IsZero() && a.Starts.Before(until) {
		until = a.Starts
	}
	return messages.Notice{
		Kind: message.Kind, Path: "/a/…", Beside: own.Own.Filled(seats.Known(a)), Instead: seats.Instead(a, own.Words),
		Args: map[string]any{
			"activity": a.Title, "when": a.Starts, "where": a.Venue, "reason": a.Reason, "until": until,
			"was": messages.Joined{messages.Stretch{From: a.Starts, To: a.Ends}, a.Venue}, "now": messages.Term("seminars.timetable.sample.now"),
		},
	}
}

// Other shows a message that another module sends about an activity.
//
// Faults: Forbidden.
func (m *Service) Other(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, kind string) (out map[i18n.Language]messages.Seen, err error) {
	if err := allowed(actor, a); err != nil || m.Letters == nil {
		return nil, err
	}
	out = map[i18n.Language]messages.Seen{}
	for _, l := range i18n.Languages {
		if out[l], err = m.Letters.See(ctx, tx, people.Person{Details: people.Details{Lang: l}}, sample(a, seats.Seminar{}, seats.Automatic{Kind: kind}, Tried{}, tx.Now)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

package runsheet

import (
	"cmp"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

const (
	// MostSteps bounds a plan: the agenda of an activity has so many sessions at most.
	MostSteps = programme.MaxSessions
	// LongestStep bounds a step, in minutes.
	LongestStep = 480
	// MostMaterials bounds the files that are linked to a step.
	MostMaterials = 10
	longestTitle  = 200
	longestRoom   = 100
	longestNote   = 1000
	// around is how long before its start and after its end an activity may have steps, in minutes.
	around = 24 * 60
	// doorsFor is for how long before the start the usual plan opens the doors, and feedbackFor
	// how long it asks for feedback before the end, in minutes.
	doorsFor    = 30
	feedbackFor = 15
)

// Step is one step of the day.
type Step struct {
	ID        storage.ID
	Begins    int // minutes after the start of the activity; before it negative
	Minutes   int
	Least     int // minutes to which it may be shortened; Minutes when it may not
	Title     i18n.Text
	Room      string
	Note      string       // what is to be done, for who leads it
	Lead      storage.ID   // a member of the team, zero for nobody
	Materials []storage.ID // files of the activity

	line int // of the form that it came from
}

// Plan is the plan of an activity's day. Version 0: none is stored.
type Plan struct {
	Version int64
	Steps   []Step
}

// at is the moment at which a step of an activity is planned to begin.
func (s Step) at(a seats.Activity) time.Time {
	return a.Starts.Add(time.Duration(s.Begins) * time.Minute)
}

// ends is the minute after the start at which a step is planned to end.
func (s Step) ends() int { return s.Begins + s.Minutes }

// Words are the titles of the steps that every plan begins with.
type Words struct{ Doors, Feedback i18n.Text }

// Usual gives the plan with which an activity begins: the doors before each day, the sessions of
// its agenda, and the feedback. A session that runs into the next is shortened to it.
func Usual(a seats.Activity, w Words) (out []Step) {
	if a.Starts.IsZero() {
		return nil
	}
	length := int(a.Ends.Sub(a.Starts) / time.Minute)
	for _, s := range a.Agenda {
		after, ok := s.After(a.Starts)
		if begins := int(after / time.Minute); ok && begins < length {
			out = append(out, Step{Begins: begins, Minutes: min(max(s.Minutes, 1), LongestStep), Title: s.Title})
		}
	}
	slices.SortStableFunc(out, func(x, y Step) int { return cmp.Compare(x.Begins, y.Begins) })
	out = slices.CompactFunc(out, func(x, y Step) bool { return x.Begins == y.Begins }) // what goes on beside another is no step
	for i := range out {
		if i+1 < len(out) {
			out[i].Minutes = min(out[i].Minutes, out[i+1].Begins-out[i].Begins)
		}
	}
	out = withDoors(a, out, w.Doors)
	if last := len(out) - 1; length > feedbackFor && (last < 0 || out[last].ends() <= length-feedbackFor) {
		out = append(out, Step{Begins: length - feedbackFor, Minutes: feedbackFor, Title: w.Feedback})
	}
	out = out[:min(len(out), MostSteps)]
	for i := range out {
		out[i].Least = out[i].Minutes
	}
	return out
}

// aNight is how long nothing goes on at least between two days, in minutes; what follows sooner
// goes on through midnight.
const aNight = 4 * 60

// withDoors opens the doors before each day of a plan. A day of which nothing is written begins
// like the first.
func withDoors(a seats.Activity, steps []Step, title i18n.Text) []Step {
	out := slices.Clone(steps)
	last := -aNight - doorsFor // until when something goes on, in minutes after the start
	for day := programme.Midnight(a.Starts); day.Before(a.Ends); day = day.AddDate(0, 0, 1) {
		from, next := minutesAfter(a, day), minutesAfter(a, day.AddDate(0, 0, 1))
		at := slices.IndexFunc(out, func(s Step) bool { return s.Begins >= from })
		if at < 0 {
			at = len(out)
		}
		begins := minutesAfter(a, day.Add(programme.ClockOf(a.Starts)))
		if day.After(a.Starts) && at < len(out) && out[at].Begins < next {
			begins = out[at].Begins
		}
		begins = max(begins, 0) // the first day begins when the activity does
		if begins < minutesAfter(a, a.Ends) && begins-last >= aNight {
			out = slices.Insert(out, at, Step{Begins: begins - doorsFor, Minutes: doorsFor, Title: title})
			at++
		}
		for ; at < len(out) && out[at].Begins < next; at++ {
			last = max(last, out[at].ends())
		}
	}
	return out
}

func minutesAfter(a seats.Activity, t time.Time) int { return int(t.Sub(a.Starts) / time.Minute) }

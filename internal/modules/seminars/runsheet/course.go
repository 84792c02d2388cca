package runsheet

import (
	"cmp"
	"slices"
)

// The kinds of marks.
const (
	Begin  = "begin"  // the step goes on from now; the one before has ended
	Length = "length" // the step takes so many minutes in all
	Pause  = "pause"  // its clock stands
	GoOn   = "go_on"  // its clock runs again
	End    = "end"    // the step has ended, and none goes on
)

// Kinds lists the kinds of marks.
var Kinds = []string{Begin, Length, Pause, GoOn, End}

// Mark is what somebody pressed. It is never changed.
type Mark struct {
	Nonce   string `json:"nonce"`
	Kind    string `json:"kind"`
	Step    string `json:"step"`              // id of the step that it is about
	From    string `json:"from,omitempty"`    // of Begin: which step went on for who pressed, empty for none
	Minutes int    `json:"minutes,omitempty"` // of Length
	At      int64  `json:"at"`                // when, by the house's clock, in milliseconds since 1970
}

// Planned is what a course needs to know of a step.
type Planned struct {
	ID      string `json:"id"`
	Begins  int64  `json:"begins"`  // milliseconds since 1970
	Minutes int    `json:"minutes"` // as planned
	Least   int    `json:"least"`   // to which it may be shortened
}

// Run is what has become of a step. Moments are milliseconds since 1970, zero for not yet.
type Run struct {
	Began  int64 `json:"began"`
	Ended  int64 `json:"ended"`
	Length int   `json:"length"` // minutes that it takes in all, without pauses
	Paused int64 `json:"paused"` // for how long its clock has stood, in milliseconds
	Stands int64 `json:"stands"` // since when its clock stands
}

// Course is how a day goes.
type Course struct {
	Now  string         `json:"now"`  // the step that goes on, empty for none
	Over bool           `json:"over"` // the last step was ended
	Runs map[string]Run `json:"runs"` // by step
}

// CourseOf works out how a day goes from what was pressed. It depends on the set of marks alone:
// not on their order, nor on how often one stands among them.
//
// A Begin counts when the step that went on for who pressed is the one that goes on: of two who
// pressed "next" the first has begun it, and the second changes nothing.
func CourseOf(steps []Planned, marks []Mark) Course {
	c := Course{Runs: map[string]Run{}}
	for _, s := range steps {
		c.Runs[s.ID] = Run{Length: s.Minutes}
	}
	sorted := slices.Clone(marks)
	slices.SortFunc(sorted, func(x, y Mark) int {
		return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.Nonce, y.Nonce), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Step, y.Step))
	})
	seen := map[string]bool{}
	for _, m := range sorted {
		if seen[m.Nonce] {
			continue
		}
		seen[m.Nonce] = true
		c.take(m)
	}
	return c
}

func (c *Course) take(m Mark) {
	run, known := c.Runs[m.Step]
	if !known {
		return
	}
	goes := m.Step == c.Now
	_, there := c.Runs[m.From]
	follows := m.From == c.Now || m.From != "" && !there && run.Began == 0
	switch {
	case m.Kind == Begin && follows && !goes:
		c.close(m.At)
		c.Now, c.Over = m.Step, false
		c.Runs[m.Step] = Run{Began: m.At, Length: run.Length}
		return
	case m.Kind == Length && run.Ended == 0 && m.Minutes >= 1 && m.Minutes <= LongestStep:
		run.Length = m.Minutes
	case m.Kind == Pause && goes && run.Stands == 0:
		run.Stands = m.At
	case m.Kind == GoOn && goes && run.Stands != 0:
		run.Paused, run.Stands = run.Paused+m.At-run.Stands, 0
	case m.Kind == End && goes:
		c.close(m.At)
		c.Now, c.Over = "", true
		return
	}
	c.Runs[m.Step] = run
}

// close ends the step that goes on.
func (c *Course) close(at int64) {
	if run, goes := c.Runs[c.Now]; goes {
		if run.Stands != 0 {
			run.Paused, run.Stands = run.Paused+at-run.Stands, 0
		}
		run.Ended = at
		c.Runs[c.Now] = run
	}
}

// The states of a step.
const (
	Done    = "done"
	Going   = "now"
	Next    = "next"
	Coming  = "coming"
	Skipped = "skipped"
)

// Expected is when a step began and ended, or is expected to, in milliseconds since 1970.
type Expected struct {
	State  string `json:"state"`
	Begins int64  `json:"begins"`
	Ends   int64  `json:"ends"`
}

// Forecast is what is expected of the rest of a day.
type Forecast struct {
	Steps []Expected `json:"steps"`
	Late  int        `json:"late"` // by how many minutes the day is behind its plan; ahead negative
	Spare int        `json:"spare"`
}

const minute = 60_000

// ForecastOf tells when the steps of a course end, as far as is known at a moment: what follows
// begins when the step before it has ended, and not before its hour. Spare is by how many minutes
// the steps that are still to come may be shortened.
func ForecastOf(steps []Planned, c Course, now int64) (f Forecast) {
	current := slices.IndexFunc(steps, func(s Planned) bool { return s.ID == c.Now })
	last := current // the step from which the day goes on
	for i, s := range steps {
		if current < 0 && c.Runs[s.ID].Ended != 0 {
			last = i
		}
	}
	next := slices.IndexFunc(steps[last+1:], func(s Planned) bool { return c.Runs[s.ID].Ended == 0 }) + last + 1
	free := int64(0) // from when the next step may begin
	for i, s := range steps {
		run := c.Runs[s.ID]
		length := int64(run.Length) * minute
		e := Expected{State: Coming, Begins: max(s.Begins, free)}
		e.Ends = e.Begins + length
		switch {
		case i == current:
			stood := run.Paused
			if run.Stands != 0 {
				stood += max(now-run.Stands, 0)
			}
			e = Expected{State: Going, Begins: run.Began, Ends: max(run.Began+length+stood, now)}
			f.Late = minutesOf(e.Ends - s.Begins - int64(s.Minutes)*minute)
		case run.Ended != 0:
			e = Expected{State: Done, Begins: run.Began, Ends: run.Ended}
			if i == last {
				f.Late = minutesOf(run.Ended - s.Begins - int64(s.Minutes)*minute)
			}
		case i < last || c.Over && current < 0:
			e = Expected{State: Skipped, Begins: s.Begins, Ends: s.Begins + length}
		case i == next:
			e.State = Next
			fallthrough
		default:
			f.Spare += max(run.Length-s.Least, 0)
			if last < 0 && i == 0 && now > s.Begins { // nothing was begun
				f.Late = minutesOf(now - s.Begins)
				e.Begins, e.Ends = now, now+length
			}
		}
		if i >= last && e.State != Skipped {
			free = e.Ends
		}
		f.Steps = append(f.Steps, e)
	}
	return f
}

// minutesOf rounds to whole minutes, halves away from nought.
func minutesOf(ms int64) int {
	if ms < 0 {
		return -int((-ms + minute/2) / minute)
	}
	return int((ms + minute/2) / minute)
}

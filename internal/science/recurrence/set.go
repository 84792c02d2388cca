package recurrence

import (
	"fmt"
	"iter"
	"time"
)

// Set is a recurrence set (RFC 5545, 3.8.5): rules and single dates from one
// start, without exceptions, some of its occurrences changed.
type Set struct {
	Start     Moment
	Duration  Duration // of each occurrence
	OmitStart bool     // the start is an occurrence only if something else says so; cannot be written in iCalendar
	Rules     []Rule
	Dates     []Moment // RDATE
	Periods   []Period // RDATE with a duration of its own
	Except    []Moment // EXDATE; a date takes away all occurrences of that day
	Overrides []Override
}

// Period is a date with the duration of its occurrence.
type Period struct {
	Start    Moment
	Duration Duration
}

// Override changes one occurrence (RECURRENCE-ID), or with Following that one
// and all after it (RANGE=THISANDFUTURE). One whose occurrence is not in the
// set has no effect.
type Override struct {
	ID        Moment // where the occurrence would start
	Following bool   // those after it move by as much on the clock, and last as long
	Start     Moment // where it starts now
	Duration  Duration
}

// Occurrence is one element of a set.
type Occurrence struct {
	ID         Moment    // where the rule or date puts it; names it in the set for ever
	Start, End time.Time // as in Rule.All; the end is exclusive
	Override   int       // the index of the override that changed it, else -1
}

// Bounds of what is walked side by side.
const (
	maxOverrides = 200 // with Following
	maxRules     = 100
)

// All gives the occurrences of a set in the order of their starts, one after the
// other as they are asked for. The sequence may be walked again. The error, an
// *Error, says what is wrong with the set.
func (s Set) All() (iter.Seq[Occurrence], error) { return s.From(time.Time{}) }

// From is All without the occurrences that start before an instant.
func (s Set) From(from time.Time) (iter.Seq[Occurrence], error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return func(yield func(Occurrence) bool) {
		w := newWalk(&s)
		first := -never
		if !from.IsZero() {
			first = instantOf(from)
		}
		spans := w.spans(first)
		w.mark(spans)
		streams := make([]iter.Seq[place], len(spans))
		for i, s := range spans {
			streams[i] = w.part(i, s)
		}
		for p := range mixed(w.singles(first), merge(streams)) {
			if p.instant >= first && !yield(w.occurrence(p)) {
				return
			}
		}
	}, nil
}

func (s Set) check() error {
	if s.Start.IsZero() || !s.Start.inRange() {
		return &Error{Part: "DTSTART", Text: "a start in the years 0001 to 9999 is needed"}
	}
	if len(s.Rules) > maxRules {
		return &Error{Part: "RRULE", Text: fmt.Sprintf("%d rules; at most %d are read", len(s.Rules), maxRules)}
	}
	for i, r := range s.Rules {
		if err := r.fits(s.Start); err != nil {
			e := err.(*Error)
			return &Error{Part: "RRULE", Text: fmt.Sprintf("rule %d, %s: %s", i+1, e.Part, e.Text)}
		}
	}
	same := func(part string, m Moment) error {
		if m.IsZero() || !m.inRange() {
			return &Error{Part: part, Text: "a date in the years 0001 to 9999 is needed"}
		}
		if m.date != s.Start.date || (m.zone == nil) != (s.Start.zone == nil) {
			return &Error{Part: part, Text: fmt.Sprintf("%s is %s and the start %s is %s; they must be alike", m, m.kind(), s.Start, s.Start.kind())}
		}
		return nil
	}
	for _, m := range s.Dates {
		if err := same("RDATE", m); err != nil {
			return err
		}
	}
	for _, p := range s.Periods {
		if err := same("RDATE", p.Start); err != nil {
			return err
		}
	}
	for _, m := range s.Except {
		if err := same("EXDATE", m); err != nil && !m.date {
			return err
		}
	}
	ranges := 0
	for _, o := range s.Overrides {
		if err := same("RECURRENCE-ID", o.ID); err != nil {
			return err
		}
		if err := same("DTSTART", o.Start); err != nil {
			return err
		}
		if o.Following {
			ranges++
		}
	}
	if ranges > maxOverrides {
		return &Error{Part: "RECURRENCE-ID", Text: fmt.Sprintf("%d changes of all that follows; at most %d are read", ranges, maxOverrides)}
	}
	return nil
}

func (m Moment) kind() string {
	switch {
	case m.date:
		return "a date"
	case m.zone == nil:
		return "a time without zone"
	}
	return "a time in a zone"
}

package analysis

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// RecurOptions says from where and how far a rule is expanded. Times are written
// as 2026-01-05T09:00 or as in iCalendar.
type RecurOptions struct {
	Start         string
	Zone          string // an IANA name; empty: the clock hangs nowhere
	From, Until   string // both included, either may be empty; a day means all of it
	Max           int    // 0: mostLines, or endlessRule
	Except, Added []string
}

// How many instances are printed when nobody says how many.
const (
	endlessRule = 1000      // of a rule without an end
	mostLines   = 1_000_000 // of any rule
)

// Recur prints the instances of a rule, one a line, as the clock of the zone
// shows them; what is left out for lack of a limit it says on messages.
func Recur(ctx context.Context, rule string, o RecurOptions, out, messages io.Writer) error {
	set, err := o.set(rule)
	if err != nil {
		return err
	}
	from, err := o.moment("from", o.From, set.Start)
	if err != nil {
		return err
	}
	until, err := o.moment("until", o.Until, set.Start)
	if err != nil {
		return err
	}
	var low, high time.Time
	if !from.IsZero() {
		low = from.Time()
	}
	if !until.IsZero() {
		high = until.Time()
		if until.IsDate() {
			high = lastSecond(until, set.Start)
		}
	}
	if from.IsDate() && set.Start.Zone() != nil {
		low = midnight(from, set.Start.Zone())
	}
	all, err := set.From(low)
	if err != nil {
		return err
	}
	most, stopped := o.Max, false
	endless := until.IsZero() && set.Rules[0].Count == 0 && set.Rules[0].Until.IsZero()
	if most == 0 {
		if most = mostLines; endless {
			most = endlessRule
		}
	}
	form := "2006-01-02T15:04:05"
	if set.Start.IsDate() {
		form = time.DateOnly
	}
	w := bufio.NewWriter(out)
	n, line := 0, []byte(nil)
	for at := range all {
		if !high.IsZero() && at.Start.After(high) {
			break
		}
		if n == most {
			stopped = o.Max == 0
			break
		}
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line = append(at.Start.AppendFormat(line[:0], form), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	if stopped {
		what := "There are more"
		if endless {
			what = "The rule has no end"
		}
		fmt.Fprintf(messages, "%s: stopped after %d. Say how many with --max, or how far with --until.\n", what, most)
	}
	return w.Flush()
}

// set reads the rule and what belongs to it.
func (o RecurOptions) set(rule string) (recurrence.Set, error) {
	r, err := recurrence.Parse(strings.TrimSpace(rule))
	if err != nil {
		return recurrence.Set{}, fmt.Errorf("the rule %.60q: %w", rule, err)
	}
	s := recurrence.Set{OmitStart: true, Rules: []recurrence.Rule{r}}
	if s.Start, err = o.moment("start", o.Start, recurrence.Moment{}); err != nil {
		return s, err
	}
	if s.Start.IsZero() {
		return s, fmt.Errorf("--start: expected a day or time such as 2026-01-05T09:00")
	}
	if _, err := r.All(s.Start); err != nil { // says more than the same error of the set
		return s, fmt.Errorf("the rule %.60q: %w", rule, err)
	}
	for _, text := range o.Except {
		m, err := o.moment("exdate", text, s.Start)
		if err != nil {
			return s, err
		}
		s.Except = append(s.Except, m)
	}
	for _, text := range o.Added {
		m, err := o.moment("rdate", text, s.Start)
		if err != nil {
			return s, err
		}
		s.Dates = append(s.Dates, m)
	}
	return s, nil
}

// moment reads the value of a flag in the zone; an instant in UTC becomes what
// the clock of the zone shows.
func (o RecurOptions) moment(flag, text string, start recurrence.Moment) (recurrence.Moment, error) {
	zone := start.Zone()
	if zone == nil && o.Zone != "" && o.Zone != "Local" && !start.IsDate() {
		var err error
		if zone, err = time.LoadLocation(o.Zone); err != nil {
			return recurrence.Moment{}, fmt.Errorf("--zone: there is no time zone %q; expected a name such as Asia/Bishkek", o.Zone)
		}
	} else if o.Zone == "Local" {
		return recurrence.Moment{}, fmt.Errorf("--zone: expected a name such as Asia/Bishkek, found \"Local\"")
	}
	if text == "" {
		return recurrence.Moment{}, nil
	}
	m, err := recurrence.ParseMoment(strings.TrimSpace(text), zone)
	if err != nil {
		return m, fmt.Errorf("--%s: %w", flag, err)
	}
	if zone != nil && m.Zone() == time.UTC {
		m = recurrence.MomentOf(m.Time().In(zone))
	}
	return m, nil
}

// midnight gives the first instant of a day in a zone.
func midnight(day recurrence.Moment, zone *time.Location) time.Time {
	at := day.Time()
	return recurrence.TimeOf(at.Year(), at.Month(), at.Day(), 0, 0, 0, zone).Time()
}

// lastSecond gives the end of a day on the clock of the start.
func lastSecond(day, start recurrence.Moment) time.Time {
	at := day.Time()
	return recurrence.TimeOf(at.Year(), at.Month(), at.Day(), 23, 59, 59, start.Zone()).Time()
}

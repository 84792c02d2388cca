package main

import (
	"context"
	"errors"

	"platforma.kg/ashar/internal/app/analysis"
)

type recurCommand struct {
	Rule   string   `arg:"" help:"The rule, such as FREQ=MONTHLY;BYDAY=-1FR; RRULE: may stand before it."`
	Start  string   `required:"" help:"The first day or time: 2026-01-05 or 2026-01-05T09:00."`
	Zone   string   `help:"The time zone of the clock, such as Asia/Bishkek; without it the time is the same everywhere." placeholder:"ZONE"`
	From   string   `help:"Leave out what starts before this day or time." placeholder:"TIME"`
	Until  string   `help:"Leave out what starts after this time, or after this day." placeholder:"TIME"`
	Max    int      `help:"Stop after so many; an endless rule without --until stops after 1000." placeholder:"N"`
	Exdate []string `help:"Days or times to leave out, with commas between them." placeholder:"TIME"`
	Rdate  []string `help:"Days or times to add, with commas between them." placeholder:"TIME"`
}

func (recurCommand) Help() string {
	return "Prints the days or times that a recurrence rule of iCalendar (RFC 5545) means, one a line, as the clock of the zone shows them. The page docs/recurrence.md explains rules.\n\n" +
		example("recur 'FREQ=MONTHLY;BYDAY=-1FR' --start 2026-01-05T09:00 --zone Asia/Bishkek --max 3")
}

// Validate refuses a number that means nothing.
func (c recurCommand) Validate() error {
	if c.Max < 0 {
		return errors.New("--max: expected a whole number, 0 or more")
	}
	return nil
}

// Run prints one instance a line.
func (c recurCommand) Run(ctx context.Context, con console) error {
	return analysis.Recur(ctx, c.Rule, analysis.RecurOptions{
		Start: c.Start, Zone: c.Zone, From: c.From, Until: c.Until, Max: c.Max, Except: c.Exdate, Added: c.Rdate,
	}, con.out, con.err)
}

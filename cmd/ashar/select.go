package main

import (
	"errors"
	"fmt"
	"strings"

	"platforma.kg/ashar/internal/app/analysis"
)

type selectCommand struct {
	File      string `arg:"" help:"Applicants, CSV or XLSX: id and any columns of categories."`
	Seats     int    `required:"" help:"How many are to be selected, with those who are selected already."`
	Quotas    string `help:"Quotas, CSV or XLSX: category,value,min,max; an empty max is no limit." placeholder:"FILE"`
	Seed      string `required:"" help:"Text that decides the draw; make it public, and fix it in advance or draw it in public."`
	Selected  string `help:"Who is selected already: a column of the applicants with yes or no, or a file with a column id." placeholder:"COLUMN|FILE"`
	Household string `help:"Column that names the household or organisation; empty cells are alone." placeholder:"COLUMN"`
	AtMost    *int   `help:"How many of one household may be selected (1 unless given)." placeholder:"N"`
	Party     string `help:"Column of those who come only together, at most four with one value; empty cells come alone." placeholder:"COLUMN"`
	Effort    *int64 `help:"Steps of arithmetic that bound the work; the record of a draw names its own." placeholder:"STEPS"`
}

func (selectCommand) Help() string {
	return example("select docs/examples/select/applicants.csv --seats 6 --quotas docs/examples/select/quotas.csv --seed 'dice 3 5 2 6'") +
		"\n\nWith --household address --at-most 1 no two people of one address are selected."
}

// Validate refuses flags that make no sense.
func (c selectCommand) Validate() error {
	switch {
	case c.Seats < 1:
		return fmt.Errorf("--seats must be at least 1, not %d", c.Seats)
	case strings.TrimSpace(c.Seed) == "":
		return errors.New("--seed must not be empty")
	case c.AtMost != nil && *c.AtMost < 1:
		return fmt.Errorf("--at-most must be at least 1, not %d", *c.AtMost)
	case c.Effort != nil && *c.Effort < 1:
		return fmt.Errorf("--effort must be at least 1, not %d", *c.Effort)
	case c.AtMost != nil && c.Household == "":
		return errors.New("--at-most needs --household, the column that names the household")
	}
	return nil
}

// Run prints the selection and everybody's chance as JSON, warnings on stderr.
func (c selectCommand) Run(con console) error {
	most := 1
	if c.AtMost != nil {
		most = *c.AtMost
	}
	bar, done := con.progress("selecting")
	options := analysis.SelectOptions{
		Say:   con.say,
		Seats: c.Seats, Quotas: c.Quotas, Seed: c.Seed, Selected: c.Selected,
		Household: c.Household, AtMost: most, Party: c.Party,
	}
	if c.Effort != nil {
		options.Effort = *c.Effort
	}
	warnings, err := analysis.Select(c.File, options, con.out, bar)
	done()
	for _, w := range warnings {
		fmt.Fprintln(con.err, "note:", w)
	}
	return err
}

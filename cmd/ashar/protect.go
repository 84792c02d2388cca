package main

import (
	"errors"
	"fmt"

	"platforma.kg/ashar/internal/app/analysis"
)

type protectCommand struct {
	File      string   `arg:"" help:"Microdata, CSV or XLSX: one row a participation."`
	Plan      string   `required:"" placeholder:"PLAN.json" help:"All tables that are ever shown."`
	K         int      `default:"5" help:"The smallest number of people that is shown."`
	Published []string `placeholder:"EARLIER.json" sep:"none" help:"What was published before, as this command wrote it; it stays as it is. May be given several times."`
}

func (protectCommand) Help() string {
	return example("protect docs/examples/people.csv --plan docs/examples/people-plan.json --k 5") +
		"\n\nA plan names the column that tells people apart, and all tables that are ever shown:\n\n    {\"person\":\"id\",\"tables\":[[\"city\",\"sex\"],[\"age\"]]}"
}

// Validate refuses a k that means nothing.
func (c protectCommand) Validate() error {
	if c.K < 1 || c.K > 1_000_000 {
		return errors.New("--k must be 1 to 1000000")
	}
	return nil
}

// Run writes the tables to stdout, and how much they show to stderr.
func (c protectCommand) Run(con console) error {
	bar, done := con.progress("Looking for what must be hidden")
	shown, all, err := analysis.Protect(c.File, analysis.ProtectOptions{Plan: c.Plan, K: c.K, Published: c.Published, Say: con.say}, con.out, bar)
	done()
	if err != nil {
		return err
	}
	fmt.Fprintf(con.err, "%d of %d counts are shown.\n", shown, all)
	return nil
}

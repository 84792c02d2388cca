package main

import (
	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/i18n"
)

type analyseGainCommand struct {
	File      string  `arg:"" help:"CSV or XLSX with the columns person, pre and post; an empty cell is a test not taken."`
	Max       float64 `required:"" placeholder:"N" help:"The highest possible score."`
	Seed      uint64  `default:"1" help:"Seed of the bootstrap; the same seed gives the same intervals."`
	Resamples int     `default:"0" help:"How often people are drawn anew, to 1000000; 0 means 10000, or fewer above 30000 people."`
	Explain   string  `enum:",ky,ru,en" default:"" placeholder:"ky|ru|en" help:"Print sentences in this language instead of JSON."`
}

func (analyseGainCommand) Help() string {
	return example("analyse gain docs/examples/course.csv --max 20", "analyse gain docs/examples/course.csv --max 20 --explain ky")
}

// Validate finds what no file can mend.
func (c analyseGainCommand) Validate() error {
	return analysis.GainOptions{Max: c.Max, Resamples: c.Resamples}.Check()
}

// Run prints one JSON object, or sentences.
func (c analyseGainCommand) Run(con console) error {
	bar, done := con.progress("Drawing people")
	defer done()
	return analysis.Gain(c.File, analysis.GainOptions{Max: c.Max, Seed: c.Seed, Resamples: c.Resamples, Explain: i18n.Language(c.Explain), Say: con.say}, con.out, bar)
}

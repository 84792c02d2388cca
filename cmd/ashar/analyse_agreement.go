package main

import (
	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/science/agreement"
)

type analyseAgreementCommand struct {
	File      string `arg:"" help:"CSV or XLSX with the columns unit, rater and value; an empty value is missing."`
	Level     string `required:"" enum:"nominal,ordinal,interval,ratio" placeholder:"LEVEL" help:"What the values are: nominal (names), ordinal (an order), interval (points) or ratio (amounts from zero)."`
	Seed      uint64 `default:"1" help:"Seed of the bootstrap; the same seed gives the same interval."`
	Resamples int    `default:"0" help:"How often units are drawn anew, to 1000000; 0 means 10000, or fewer for large files."`
	Explain   string `enum:",ky,ru,en" default:"" placeholder:"ky|ru|en" help:"Print sentences in this language instead of JSON."`
}

func (analyseAgreementCommand) Help() string {
	return example("analyse agreement docs/examples/essays.csv --level ordinal")
}

// Validate finds what no file can mend.
func (c analyseAgreementCommand) Validate() error {
	return analysis.AgreementOptions{Resamples: c.Resamples}.Check()
}

// Run prints one JSON object, or sentences.
func (c analyseAgreementCommand) Run(con console) error {
	bar, done := con.progress("Drawing units")
	defer done()
	return analysis.Agreement(c.File, analysis.AgreementOptions{Level: agreement.Level(c.Level), Seed: c.Seed, Resamples: c.Resamples, Explain: i18n.Language(c.Explain), Say: con.say}, con.out, bar)
}

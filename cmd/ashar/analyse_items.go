package main

import (
	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/i18n"
)

type analyseItemsCommand struct {
	File    string `arg:"" help:"CSV or XLSX: a row for each person, a column for each question with 0, 1 or points; task[3] names the highest points. A first column person or id is left out."`
	Explain string `enum:",ky,ru,en" default:"" placeholder:"ky|ru|en" help:"Print sentences in this language instead of JSON."`
}

func (analyseItemsCommand) Help() string {
	return example("analyse items docs/examples/answers.csv", "analyse items docs/examples/answers.csv --explain ky")
}

// Run prints one JSON object, or sentences.
func (c analyseItemsCommand) Run(con console) error {
	return analysis.Items(c.File, analysis.ItemsOptions{Explain: i18n.Language(c.Explain), Say: con.say}, con.out)
}

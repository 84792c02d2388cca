package main

import (
	"platforma.kg/ashar/internal/app/analysis"
)

type analyseOpinionsCommand struct {
	Dir    string `arg:"" help:"Folder of an export of Polis: participants-votes.csv and, where there is one, comments.csv."`
	Groups string `enum:"found,published" default:"found" placeholder:"found|published" help:"Look for groups, or take those of the column group-id."`
	Seed   uint64 `default:"1" help:"Seed of what is drawn by lot; the same seed gives the same map."`
}

func (analyseOpinionsCommand) Help() string {
	return example("analyse opinions docs/examples/conversation", "analyse opinions docs/examples/conversation --groups published")
}

// Run prints one JSON object.
func (c analyseOpinionsCommand) Run(con console) error {
	bar, done := con.progress("Looking for groups")
	defer done()
	options := analysis.OpinionsOptions{Published: c.Groups == "published", Seed: c.Seed}
	return analysis.Opinions(c.Dir, options, con.out, con.err, bar)
}

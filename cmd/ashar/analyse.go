package main

import "strings"

// analyseCommand gathers the sciences that read a file and print JSON.
type analyseCommand struct {
	Opinions  analyseOpinionsCommand  `cmd:"" help:"Draw the opinion map of a conversation."`
	Gain      analyseGainCommand      `cmd:"" help:"Tell how much a group learnt between two tests."`
	Items     analyseItemsCommand     `cmd:"" help:"Tell how well a test and its questions measure."`
	Agreement analyseAgreementCommand `cmd:"" help:"Tell how far raters agree."`
}

// example is what a help page says of a command: lines that can be pasted. They
// are indented, so that the help page does not break them.
func example(commands ...string) string {
	lines := []string{"Example, with files of Ashar's source:", ""}
	for _, c := range commands {
		lines = append(lines, "    ashar "+c)
	}
	return strings.Join(lines, "\n")
}

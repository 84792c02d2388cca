package main

// analyseCommand gathers the sciences that read a file and print JSON.
type analyseCommand struct {
	Opinions  analyseOpinionsCommand  `cmd:"" help:"Draw the opinion map of a conversation."`
	Gain      analyseGainCommand      `cmd:"" help:"Tell how much a group learnt between two tests."`
	Items     analyseItemsCommand     `cmd:"" help:"Tell how well a test and its questions measure."`
	Agreement analyseAgreementCommand `cmd:"" help:"Tell how far raters agree."`
}

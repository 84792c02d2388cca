package selection

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/science/lottery"
)

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	puts := i18n.Words(In, Out, Free)
	return []i18n.Built{
		{Keys: "seminars.selection.put.*", Of: puts, Why: "what was decided by hand"},
		{Keys: "seminars.selection.do.*", Of: puts, Why: "the buttons that decide it"},
		{Keys: "seminars.explain.hand.*", Of: append(i18n.Words(In, Out), "out_after", "out_drawn"), Why: "how the applicant is told"},
		{Keys: "seminars.selection.step.*", Of: []string{StepWaiting, StepDone, StepTakenBack, StepRefused}, Why: "what became of a step"},
		{Keys: "seminars.selection.limit.*", Of: []string{ByOrganisation, ByContact}, Why: "of whom at most so many are chosen"},
		{Keys: "seminars.selection.reached.*", Of: []string{lottery.Bounded.String(), lottery.Maximin.String(), lottery.Leximin.String()}, Why: "how fair a draw is known to be"},
		{Keys: "seminars.selection.tell.*", Of: []string{"seminars.invited", "seminars.waitlisted", "seminars.declined"}, Why: "the letters"},
		{Keys: "seminars.selection.tell.late.*", Of: i18n.Words(Fates...), Why: "what becomes of who applied after the draw"},
		{Keys: "seminars.filter.chosen.*", Of: []string{"yes", "no"}, Why: "who is in the selection"},
	}
}

package programme

import "platforma.kg/ashar/internal/foundation/i18n"

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	languages := i18n.Words(i18n.Languages[:]...)
	audiences := i18n.Words(Audiences[:]...)
	for _, a := range Audiences {
		audiences = append(audiences, string(a)+".help")
	}
	fields := []string{"capacity", "online", "invitation_only", "opens_before", "deadline_before", "date", "from", "to", "next_day", "opens", "deadline"}
	texts := append([]string{"reason"}, append(PlaceNames, TextNames...)...)
	return []i18n.Built{
		{Keys: "programme.part.*", Of: append([]string{"capacity", "hours", "agenda", "languages", "group", "applications", "invitation"}, TextNames...), Why: "the parts of an activity that differ from its template"},
		{Keys: "programme.kind.*", Of: []string{Seminar, Discussion, Brainstorm, Coworking, Publication}, Why: "the kinds of activity"},
		{Keys: "programme.language.*", Of: languages, Why: "the languages in which an activity is held"},
		{Keys: "programme.map.*", Of: []string{"now", "coming", "past"}, Why: "what is on in a city"},
		{Keys: "programme.column.*", Of: []string{"date", "from", "to", "venue", "subject", "facilitator", "capacity"}, Why: "the columns of the table of copies"},
		{Keys: "programme.calendar.*", Of: []string{"list", "month", "map"}, Why: "the views of the calendar"},
		{Keys: "programme.material.audience.*", Of: audiences, Why: "who may see a material, with what that means"},
		{Keys: "programme.material.in.*", Of: languages, Why: "the language of a material"},
		{Keys: "programme.material.*", Of: []string{"up", "down"}, Why: "the ways in which a material is moved"},
		{Keys: "programme.text.*", Of: texts, Why: "the texts that are written in three languages"},
		{Keys: "programme.text.*.help", Of: texts, Some: true, Why: "help at those texts that need it"},
		{Keys: "programme.field.*", Of: fields, Why: "the fields of the editors that are no texts"},
		{Keys: "programme.field.*.help", Of: fields, Some: true, Why: "help at those fields that need it"},
		{Keys: "programme.plan.saved.*", Of: []string{"agenda", "applications", "agenda_applications"}, Why: "what has moved along with the day"},
		{Keys: "programme.plan.session.*", Of: SessionTexts, Why: "what is written of a part of the agenda"},
	}
}

package programme

import "platforma.kg/ashar/internal/foundation/i18n"

// Built are the keys that are put together while the code runs, of this room; its
// sub-rooms tell theirs.
func Built() []i18n.Built {
	texts := append([]string{"reason"}, append(PlaceNames, TextNames...)...)
	return []i18n.Built{
		{Keys: "programme.kind.*", Of: []string{Seminar, Discussion, Brainstorm, Coworking, Publication}, Why: "the kinds of activity"},
		{Keys: "programme.language.*", Of: i18n.Words(i18n.Languages[:]...), Why: "the languages in which an activity is held"},
		{Keys: "programme.text.*", Of: texts, Why: "the texts that are written in three languages"},
		{Keys: "programme.text.*.help", Of: texts, Some: true, Why: "help at those texts that need it"},
	}
}

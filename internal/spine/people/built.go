package people

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	return []i18n.Built{
		{Keys: linkProve, Why: "no text: the purpose of a link"},
		{Keys: linkUndo, Why: "no text: the purpose of a link"},
		{Keys: linkRole, Why: "no text: the purpose of a link"},
		{Keys: demoLink, Why: "no text: the purpose of a link"},
		{Keys: Quiet, Why: "no text: the subject under which the bus tells that nothing is under way"},
		{Keys: namingSetting, Why: "no text: the setting that each naming of staff holds"},
		{Keys: mergeKind, Why: "no text: the kind of the job that merges"},
		{Keys: goneSetting, Why: "no text: the setting that each erasure changes"},
		{Keys: "people.role.*", Of: append(i18n.Words(access.Roles[:]...), i18n.Words(access.Helpers[:]...)...), Why: "the roles"},
		{Keys: "people.oidc.*", Of: []string{"unknown", "another", "not_fresh", "not_staff", "passkey_first", "taken"}, Why: "why an account of the organisation does not open"},
		{Keys: addingSetting, Why: "no text: the setting that each adding of a person holds"},
		{Keys: "people.source.*", Of: i18n.Words(Sources...), Why: "where staff have data of a person"},
		{Keys: "people.audit.added.*", Of: i18n.Words(Sources...), Why: "that staff have added her, and of what source"},
		{Keys: "people.consent.*", Of: Purposes, Why: "what a person agrees to"},
		{Keys: "people.reason.*", Of: LookReasons, Why: "why somebody reads a contact"},
	}
}

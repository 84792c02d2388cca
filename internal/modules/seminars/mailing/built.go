package mailing

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/messages"
)

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	return append(messages.Built(Kind, TryKind),
		i18n.Built{Keys: "seminars.mailing.state.*", Of: i18n.Words(States...), Why: "where a mailing stands"},
		i18n.Built{Keys: "seminars.mailing.outcome.*", Of: Outcomes, Why: "what came of it for somebody"},
		i18n.Built{Keys: "seminars.mailing.recipient.*", Of: []string{Picked, LetterMade, Unreachable, LeftOut}, Why: "the same as she reads it of her archive"},
		i18n.Built{Keys: "seminars.mailing.channel.*", Of: Channels, Why: "the ways by which it goes"},
		i18n.Built{Keys: "seminars.mailing.left.*", Of: []string{reasonWithdrew, reasonChanged, reasonGone}, Why: "why somebody is left out"},
		i18n.Built{Keys: "seminars.mailing.lang.*", Of: i18n.Words(i18n.Languages[:]...), Why: "the languages of a letter to try"},
		i18n.Built{Keys: "seminars.mailing.variable.*", Of: Variables, Why: "what each place of a text stands for"},
	)
}

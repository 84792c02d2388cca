package messages

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
)

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	kinds := []string{"messages.code", "messages.access_changed", "messages.invitation", "messages.invitation_role", "messages.prove"}
	return append(
		Built(kinds...),
		i18n.Built{Keys: "messages.neutral*", Of: []string{".subject", ".body", ".action"}, Why: "the words of a neutral message stand in for those of any kind"},
		i18n.Built{Keys: "messages.state", Why: "no text: where a code stands in what is kept of a person"},
		i18n.Built{Keys: "messages.channel", Why: "no text: the same"},
		i18n.Built{Keys: "messages.state.*", Of: states, Why: "the states of a message"},
		i18n.Built{Keys: "messages.channel.*", Of: Channels, Why: "the ways by which a message goes"},
		i18n.Built{Keys: "messages.reason.*", Of: []string{
			reasonNoAddress, reasonOff, reasonBlocked, reasonErased, reasonUnproven, reasonUnwanted, reasonDemo, reasonLate, reasonText, reasonCrash, reasonAnswer,
			reasonNoWords, reasonDaily, reasonPerson, "sms_gateway", "sms_" + sms.TooLong,
		}, Why: "why a message did not arrive"},
	)
}

// Built are the keys of the texts of kinds of messages, for the manifest of who sends them.
func Built(kinds ...string) []i18n.Built {
	return []i18n.Built{
		{Keys: "notice.*.subject", Of: kinds, Why: "each kind of message has a subject"},
		{Keys: "notice.*.body", Of: kinds, Why: "each kind of message has a body"},
		{Keys: "notice.*.action", Of: kinds, Some: true, Why: "what the button of a message says, where it is more than to open the page"},
		{Keys: "notice.*.name", Of: kinds, Some: true, Why: "what staff read of a kind of message, where its subject does not say it"},
	}
}

// BuiltShort is the texts of telephones of those kinds of messages that have one.
func BuiltShort(kinds ...string) i18n.Built {
	return i18n.Built{Keys: "notice.*.sms", Of: kinds, Some: true, Why: "what a text message says, of kinds that go so"}
}

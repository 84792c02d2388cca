package timetable

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
)

// Names are those of all automatic messages.
func Names() (out []string) {
	for _, m := range (seats.Seminar{ReconfirmDays: 7, Companions: true}).Messages() {
		out = append(out, m.Name)
	}
	return out
}

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	return []i18n.Built{
		{Keys: "seminars.timetable.message.*", Of: Names(), Why: "what each message is"},
		{Keys: "seminars.timetable.when.*", Of: Names(), Why: "what makes each message go"},
		{Keys: "seminars.timetable.to.*", Of: Names(), Why: "to whom each message goes"},
		{Keys: "seminars.timetable.always.*", Of: seats.Always, Why: "why a message cannot be switched off"},
		{Keys: "seminars.timetable.variable.*", Of: []string{"until", "reason", "was", "now"}, Why: "the places that only some messages have"},
		{Keys: "seminars.timetable.fixed.*", Of: seats.Fixes, Why: "why the words of a message are those of the house"},
		{Keys: "seminars.timetable.state.*", Of: i18n.Words(States...), Why: "where a message stands"},
		{Keys: "seminars.timetable.missing.*", Of: wording.Missings, Why: "what readers get whose language has no paragraph"},
	}
}

package seats

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/profile"
)

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	states := i18n.Words(States[:]...)
	shares := profile.Parts()
	seats := []string{"capacity", "first_come", "late_waiting", "invitation_hours", "offer_hours", "reconfirm_days", "reconfirm_release", "companions"}
	return append(
		messages.Built(
			"seminars.received", "seminars.invited", "seminars.offered", "seminars.confirmed", "seminars.held", "seminars.waitlisted", "seminars.lapsed",
			"seminars.declined", "seminars.why_answered", "seminars.taken_back", "seminars.withdrawn", "seminars.expired", "seminars.changed", movedNotice, "seminars.cancelled", "seminars.reminder", "seminars.reconfirm",
			noticeWanted, noticePaired, noticeApart, noticeParted, noticeAsked,
		),
		[]i18n.Built{
			messages.BuiltShort(
				"seminars.invited", "seminars.offered", "seminars.confirmed", "seminars.held", "seminars.waitlisted", "seminars.lapsed", "seminars.declined",
				"seminars.why_answered", "seminars.taken_back", "seminars.expired", "seminars.changed", movedNotice, "seminars.cancelled", "seminars.reminder",
				"seminars.reconfirm", noticeWanted, noticeApart, noticeParted, noticeAsked,
			),
			{Keys: LinkToApplication, Why: "no text: the purpose of a link"},
			{Keys: LinkToInvitation, Why: "no text: the purpose of a link"},
			{Keys: "seminars.*", Why: "no texts: the purposes of consents, the subjects under which the bus tells of an activity"},
			{Keys: "seminars.balance.*", Of: shares, Why: "a table of shares for each part of the profile"},
			{Keys: "seminars.filter.*", Of: []string{"state", "reconfirm", "chosen", "tag", "unheard", "scored"}, Why: "what the list of applicants is filtered by"},
			{Keys: "seminars.kept.companion.*", Of: i18n.Words(Offered, Joined, Asking, Paired), Why: "how far somebody has come with another"},
			{Keys: "seminars.state.*", Of: states, Why: "the states of an application"},
			{Keys: "seminars.mine.*", Of: states, Why: "what a state means for the applicant"},
			{Keys: "seminars.replied.*", Of: i18n.Words(Applied, Invited, Confirmed, Attended, Waitlisted, Withdrawn), Why: "the states that an answer leads to"},
			{Keys: "seminars.do.*", Of: i18n.Words(Applied, Shortlisted, Invited, Waitlisted, Declined), Why: "the states to which staff move"},
			{Keys: "seminars.why.staff_*", Of: i18n.Words(Applied, Shortlisted, Invited, Waitlisted, Declined), Why: "the reason of a move by staff who wrote none"},
			{Keys: "seminars.audit.*", Of: states, Why: "each move is noted for the person"},
			{Keys: "seminars.register.reach.*", Of: []string{ReachLetters, ReachCalls, ReachNone}, Why: "how somebody is reached"},
			{Keys: "seminars.register.*", Of: []string{ByReach, ByReconfirm, ByCity}, Why: "by what the list of all applications is narrowed"},
			{Keys: "seminars.column.*", Of: []string{ByActivity, ByState}, Why: "the same, as the columns are called"},
			{Keys: "seminars.reconfirm.*", Of: []string{"asked", "yes"}, Why: "whether somebody said again that she comes"},
			{Keys: "seminars.calls.noted.*", Of: i18n.Words(Comes, NotComing, Herself, NotReached, WrongNumber), Why: "the answers to a call"},
			{Keys: "seminars.past.call.*", Of: i18n.Words(Comes, NotComing, Herself, NotReached, WrongNumber), Why: "the same, in what happened"},
			{Keys: "seminars.call.said.*", Of: i18n.Words(Comes, NotComing, Herself, NotReached, WrongNumber), Why: "the same, in few words"},
			{Keys: "seminars.seats.*", Of: seats, Why: "the fields of the page of seats"},
			{Keys: "seminars.seats.*.help", Of: seats, Some: true, Why: "help at those fields that need it"},
		}...,
	)
}

package door

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Said is an answer of the door as people read it: one of three states, why, and what to do
// now. It is the one list of them, for the page of the house and for a phone without a network.
type Said struct {
	State  string // come_in, look or stop
	Reason string // as Decide and CheckIn give it; "accepted" for what needs none
	Next   string // the act that follows
}

// Answers are all that the door says, of the house and of a device. No two have the same
// reason and next act.
var Answers = []Said{
	{"come_in", "accepted", "welcome"},
	{"come_in", overCapacity, "welcome"},
	{"come_in", "accepted", "goodbye"},
	{"come_in", "accepted", "undone"},
	{"look", "already_in", "same_person"},
	{"look", "duplicate", "next"},
	{"look", "no_pack", "on_paper"},
	{"look", "pack_over", "on_paper"},
	{"look", "clock_behind", "fix_clock"},
	{"look", "locked", "unlock"},
	{"look", "not_in_pack", "let_in_note"},
	{"look", "waiting", "seat_later"},
	{"look", "withdrawn", "walk_in"},
	{"stop", "malformed", "again"},
	{"stop", "wrong_event", "other_door"},
	{"stop", "future", "fix_clock"},
	{"stop", "forged", "by_name"},
	{"stop", "no_ticket", "by_name"},
	{"stop", "revoked", "ask_lead"},
	{"stop", "cancelled", "ask_lead"},
	{"stop", "too_early", "come_later"},
	{"stop", "expired", "ask_lead"},
	{"stop", "full", "ask_lead"},
	{"stop", "conflict", "ask_lead"},
	{"stop", "undo_first", "ask_lead"},
	{"stop", "not_undone", "ask_lead"},
	{"stop", "too_late", "ask_lead"},
}

// SaidOf is what the house answered to a scan, in the words of Answers.
func SaidOf(kind, result, reason string) Said {
	next := map[string]string{"in": "welcome", "out": "goodbye", "undo": "undone"}[kind]
	switch result {
	case "accepted":
		if reason == overCapacity {
			return Said{"come_in", reason, "welcome"}
		}
		return Said{"come_in", "accepted", next}
	case "already_in", "duplicate":
		reason = result
	}
	i := slices.IndexFunc(Answers, func(a Said) bool { return a.State != "come_in" && a.Reason == reason })
	if i < 0 {
		return Said{"stop", "conflict", "ask_lead"}
	}
	return Answers[i]
}

// Word is the key of the one word that stands largest.
func (a Said) Word() string {
	switch a.Next {
	case "welcome":
		return "seminars.door.accepted.in"
	case "goodbye":
		return "seminars.door.accepted.out"
	case "undone":
		return "seminars.door.accepted.undo"
	}
	return "seminars.door.state." + a.State
}

// Why is the key of the reason in words, empty where the word says it all.
func (a Said) Why() string {
	switch a.Reason {
	case "accepted":
		return ""
	case overCapacity:
		return "seminars.door.accepted." + a.Reason
	case "already_in":
		return "seminars.door.already_in"
	}
	return "seminars.door.reason." + a.Reason
}

// Act is the key of the next act in words.
func (a Said) Act() string { return "seminars.door.next." + a.Next }

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	var reasons, acts []string
	for _, a := range Answers {
		if a.State != "come_in" && a.Reason != "already_in" && !slices.Contains(reasons, a.Reason) {
			reasons = append(reasons, a.Reason)
		}
		if !slices.Contains(acts, a.Next) {
			acts = append(acts, a.Next)
		}
	}
	return []i18n.Built{
		{Keys: "seminars.door.accepted.*", Of: []string{"in", "out", "undo", overCapacity}, Why: "what was taken at the door"},
		{Keys: "seminars.door.state.*", Of: []string{"look", "stop"}, Why: "the other two states of an answer"},
		{Keys: "seminars.door.reason.*", Of: reasons, Why: "why the door refused, or asks to look"},
		{Keys: "seminars.door.next.*", Of: acts, Why: "what whoever stands at the door does now"},
	}
}

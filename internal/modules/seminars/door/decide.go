package door

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Known is what a device knows of an activity: what the house knew when the pack was made.
// Instants are milliseconds since 1970, spans are milliseconds.
type Known struct {
	Event     string
	Cancelled bool
	Starts    int64
	Ends      int64
	Several   bool // days: who is inside is told anew each day
	Free      int  // seats that nobody held when the pack was made
	Made      int64
	Until     int64 // from then on the pack tells nothing
	Bounds    Bounds
	Guests    map[string]KnownGuest // by what the device calls a ticket or a person
}

// WalkInRow is how a device reads a walk-in, and with her nonce what it calls her: no row of a
// pack is called so.
const WalkInRow = "walk_in+"

// Bounds are the house's spans, so that a device needs none of its own.
type Bounds struct {
	Grace int64 `json:"grace"` // before the start and after the end in which tickets are read
	Ahead int64 `json:"ahead"` // that a clock may be ahead
	Undo  int64 `json:"undo"`  // in which a scan is taken back
	Zone  int64 `json:"zone"`  // that days begin before those of UTC
	Opens int64 `json:"opens"` // before the start in which people are let in, if that is on the day before
}

// KnownGuest is somebody who may come, or a ticket that was taken back.
type KnownGuest struct {
	Seat    string // held, waiting, withdrawn
	Revoked int64  // when the ticket was taken back, 0 while it holds
	Kind    string // of the last mark that stood: in, out, or nothing
	At      int64  // of that mark
}

// Record is a line of the device's ledger.
type Record struct {
	Nonce, Kind, Event string
	Of                 string // whose ticket; of an undo the nonce that it undoes
	At                 int64
	Counts             bool // as the device answered
}

// Shown is a code that was read, typed or chosen by name, with what the device made of it.
type Shown struct {
	Nonce, Kind, Event string
	Code               string // of an undo the nonce that it undoes
	At                 int64
	Read               string // pass, code, name, WalkInRow, forged, nothing, locked, other
	Ticket             string // what the device calls it; of a pass that the pack has not, any name of its own
}

// Answer is what the device says: come_in, look or stop, why, and what to do now.
type Answer struct {
	State, Reason, Next string
	Counts              bool // in the ledger, until the house has answered
}

// Decide answers a scan where there is no house: by the pack, nil when there is none, by
// the scans that the device has kept, and by the clock. It changes nothing. docs/offline.md
// has the order and its reasons; web/ts/offline/decide.ts does the same, and
// doortest/testdata/decisions.json holds both to it.
func Decide(p *Known, ledger []Record, s Shown, now int64) Answer {
	look := func(reason, next string) Answer { return Answer{State: "look", Reason: reason, Next: next} }
	stop := func(reason, next string) Answer { return Answer{State: "stop", Reason: reason, Next: next} }
	year := time.UnixMilli(s.At).UTC().Year()
	switch {
	case !nonceShape.MatchString(s.Nonce), year < 2000, year > 2200, len(s.Code) > LongestCode,
		s.Kind != "in" && s.Kind != "out" && s.Kind != "undo":
		return stop("malformed", "again")
	case slices.ContainsFunc(ledger, func(r Record) bool { return r.Nonce == s.Nonce }):
		return look("duplicate", "next")
	case p == nil:
		return look("no_pack", "on_paper")
	case now > p.Until:
		return look("pack_over", "on_paper")
	case now < p.Made-p.Bounds.Ahead:
		return look("clock_behind", "fix_clock")
	case s.Event != p.Event:
		return stop("wrong_event", "other_door")
	case s.At > now+p.Bounds.Ahead:
		return stop("future", "fix_clock")
	case s.Kind == "undo":
		return p.undo(ledger, s)
	}
	g, there := p.Guests[s.Ticket]
	switch {
	case s.Read == "locked":
		return look("locked", "unlock")
	case s.Read == "other":
		return stop("wrong_event", "other_door")
	case s.Read == "forged":
		return stop("forged", "by_name")
	case s.Read != "pass" && s.Read != WalkInRow && !there:
		return stop("no_ticket", "by_name")
	case g.Revoked != 0 && s.At >= g.Revoked && s.Read != "name":
		return stop("revoked", "ask_lead")
	case p.Cancelled:
		return stop("cancelled", "ask_lead")
	case s.At < p.Starts-p.Bounds.Grace:
		return stop("too_early", "come_later")
	case s.At > p.Ends+p.Bounds.Grace:
		return stop("expired", "ask_lead")
	case s.Kind == "out":
		return Answer{"come_in", "accepted", "goodbye", true}
	}
	inside, came := p.presence(ledger, s.Ticket, s.At)
	switch {
	case inside:
		return Answer{"look", "already_in", "same_person", true}
	case came || g.Seat == "held":
		return Answer{"come_in", "accepted", "welcome", true}
	case s.Read == "pass" && !there:
		return look("not_in_pack", "let_in_note")
	case p.Free <= p.letIn(ledger):
		return stop("full", "ask_lead")
	case !there: // a walk-in takes a seat that was left
		return Answer{"come_in", "accepted", "welcome", true}
	case g.Seat == "waiting":
		return look("waiting", "seat_later")
	}
	return look("withdrawn", "walk_in")
}

// undo answers that a scan of this device is taken back.
func (p *Known) undo(ledger []Record, s Shown) Answer {
	i := slices.IndexFunc(ledger, func(r Record) bool { return r.Nonce == s.Code })
	switch {
	case i < 0:
		return Answer{State: "stop", Reason: "undo_first", Next: "ask_lead"}
	case ledger[i].Event != p.Event:
		return Answer{State: "stop", Reason: "wrong_event", Next: "other_door"}
	case ledger[i].Kind == "undo" || !ledger[i].Counts:
		return Answer{State: "stop", Reason: "not_undone", Next: "ask_lead"}
	case !p.inTime(ledger[i].At, s.At):
		return Answer{State: "stop", Reason: "too_late", Next: "ask_lead"}
	}
	return Answer{"come_in", "accepted", "undone", true}
}

// inTime compares two times of one device's clock.
func (p *Known) inTime(at, undo int64) bool { return undo >= at && undo-at <= p.Bounds.Undo }

// undone reports whether a scan of the ledger was taken back.
func (p *Known) undone(ledger []Record, r Record) bool {
	return slices.ContainsFunc(ledger, func(u Record) bool {
		return u.Kind == "undo" && u.Counts && u.Of == r.Nonce && u.Event == r.Event && p.inTime(r.At, u.At)
	})
}

// presence says whether somebody is inside at an instant, and whether this device has let
// her in and not taken it back. The last mark that stands decides, that of the pack among
// them, unless this device has taken it back since.
func (p *Known) presence(ledger []Record, ticket string, at int64) (inside, came bool) {
	type mark struct {
		kind, nonce string
		at          int64
	}
	var marks []mark
	g := p.Guests[ticket]
	base := g.Kind != ""
	for _, r := range ledger {
		switch {
		case r.Of != ticket || r.Event != p.Event || r.Kind == "undo" || !r.Counts:
		case !p.undone(ledger, r):
			marks = append(marks, mark{r.Kind, r.Nonce, r.At})
			came = came || r.Kind == "in"
		case r.Kind == g.Kind && r.At == g.At:
			base = false
		}
	}
	if base {
		marks = append(marks, mark{g.Kind, "", g.At})
	}
	if p.Several {
		const day = 24 * 60 * 60 * 1000
		midnight := (at+p.Bounds.Zone)/day*day - p.Bounds.Zone
		marks = slices.DeleteFunc(marks, func(m mark) bool { return m.at < midnight })
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.nonce, b.nonce)) })
	return len(marks) > 0 && marks[len(marks)-1].kind == "in", came
}

// letIn counts whom this device has let in without a seat of their own: each takes one that
// was left. Who came with a ticket that is newer than the pack has hers.
func (p *Known) letIn(ledger []Record) int {
	took := map[string]bool{}
	for _, r := range ledger {
		g, there := p.Guests[r.Of]
		there = there || strings.HasPrefix(r.Of, WalkInRow)
		if there && g.Seat != "held" && r.Kind == "in" && r.Event == p.Event && r.Counts && !p.undone(ledger, r) {
			took[r.Of] = true
		}
	}
	return len(took)
}

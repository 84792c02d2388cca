// Package access says who may do what, and where.
//
// A person holds grants: a role, for a programme, a city or one activity. A
// module declares permissions and the roles that carry them. A route names the
// permission it needs; a use case that depends on the place asks Actor.May.
package access

import (
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Role is what somebody does in the programme.
type Role string

// The roles. Participant needs no grant: whoever is signed in is one.
const (
	Participant Role = "participant"
	Deputy      Role = "deputy" // a participant of the group of deputies
	Facilitator Role = "facilitator"
	Moderator   Role = "moderator"
	FrontDesk   Role = "frontdesk"
	Coordinator Role = "coordinator"
	Donor       Role = "donor"
	Admin       Role = "admin"
)

// Roles lists all that hold for the programme or a city, in the order of the demo's
// sign-in links.
var Roles = [...]Role{Coordinator, Facilitator, Participant, Deputy, Moderator, FrontDesk, Donor, Admin}

// The roles of who helps at one activity, for some days: each is held for that activity
// alone, and ends by itself.
const (
	Reviewer    Role = "reviewer"    // of applications
	Rater       Role = "rater"       // of practice rounds
	Speaker     Role = "speaker"     // who is no facilitator of the programme
	Interpreter Role = "interpreter" // of what is said
	Translator  Role = "translator"  // of what is written
	Editor      Role = "editor"      // of what is written
)

// Helpers lists them. None of them is staff: they see nothing of the house but their
// activity.
var Helpers = [...]Role{Reviewer, Rater, Speaker, Interpreter, Translator, Editor}

// Helps reports whether the role is held for one activity alone.
func (r Role) Helps() bool { return slices.Contains(Helpers[:], r) }

// ByPasskey reports whether the role wakes only in a session that began with a passkey:
// those of staff, and of who helps, since they open what others have entrusted.
func (r Role) ByPasskey() bool { return r.Staff() || r.Helps() }

// Staff reports whether the role works for the programme, and so has the pages of staff.
func (r Role) Staff() bool {
	switch r {
	case Facilitator, Moderator, FrontDesk, Coordinator, Admin:
		return true
	}
	return false
}

// Permission names one thing that may be done, "seminars.select".
type Permission string

// Three special needs of a route. Each need names the origin that a session must
// have, see Origin: Public none, Applied that of an application, SignedIn a proven
// contact, and every other permission what the roles that carry it ask for.
const (
	Public   Permission = "public"    // anybody
	Applied  Permission = "applied"   // whoever handed an application in from this browser, or is signed in
	SignedIn Permission = "signed-in" // whoever is signed in
)

// Origin says how a session began, and so what it may do. A browser is not a
// person: only what was proven by a contact or a passkey speaks for somebody.
type Origin string

// The origins, from the weakest.
const (
	OfNobody      Origin = ""            // no session
	OfApplication Origin = "application" // an application was handed in from this browser: that application, nothing else
	OfProof       Origin = "proven"      // a code or link that was sent to a contact: her record
	OfPasskey     Origin = "passkey"     // a passkey, or the account at the organisation's issuer: wakes the roles of staff
)

// Origin gives the weakest origin of a session that may hold the permission: for a
// permission, that of the least of its roles.
func (t Table) Origin(p Permission) Origin {
	switch p {
	case Public:
		return OfNobody
	case Applied:
		return OfApplication
	case SignedIn:
		return OfProof
	}
	for _, r := range t[p] {
		if !r.ByPasskey() {
			return OfProof
		}
	}
	return OfPasskey
}

// Scope is where a grant holds or a thing lies. An empty field of a grant
// stands for every place; an empty field of a thing is matched only by that.
type Scope struct {
	Programme storage.ID
	City      string
	Activity  storage.ID
}

// Grant gives a role in a scope, from one moment until another; zero: since ever, for
// good.
type Grant struct {
	ID     storage.ID
	Role   Role
	Scope  Scope
	Begins time.Time `json:",omitzero"`
	Ends   time.Time `json:",omitzero"`
	Asleep bool      // its invitation was not used yet
}

// Over reports whether the grant holds no more.
func (g Grant) Over(now time.Time) bool { return !g.Ends.IsZero() && !now.Before(g.Ends) }

// Table tells which roles carry which permission.
type Table map[Permission][]Role

// Actor is whoever makes a request. The zero Actor is nobody in particular. A
// session of an application has no Person: the browser handed that application in,
// which does not say who sits before it.
type Actor struct {
	Person      storage.ID
	Session     storage.ID
	Origin      Origin
	Application storage.ID // of a session of that origin, else zero
	Proven      time.Time  // when she last showed who she is
	Grants      []Grant    // those that are awake in this session
	Table       Table
}

// HasApplied reports whether the session may open at least one application.
func (a Actor) HasApplied() bool { return a.SignedIn() || !a.Application.IsZero() }

// SignedIn reports whether somebody is signed in.
func (a Actor) SignedIn() bool { return !a.Person.IsZero() }

// Has reports whether the actor holds the role anywhere.
func (a Actor) Has(r Role) bool {
	if r == Participant {
		return a.SignedIn()
	}
	for _, g := range a.Grants {
		if g.Role == r {
			return true
		}
	}
	return false
}

// Staff reports whether the actor works for the programme anywhere.
func (a Actor) Staff() bool {
	for _, g := range a.Grants {
		if g.Role.Staff() {
			return true
		}
	}
	return false
}

// MaySomewhere reports whether the actor holds the permission in any scope;
// routes ask this, use cases then ask May.
func (a Actor) MaySomewhere(p Permission) bool {
	switch p {
	case Public:
		return true
	case Applied:
		return a.HasApplied()
	case SignedIn:
		return a.SignedIn()
	}
	for _, r := range a.Table[p] {
		if a.Has(r) {
			return true
		}
	}
	return false
}

// May reports whether the actor holds the permission for a thing that lies in at.
func (a Actor) May(p Permission, at Scope) bool {
	switch p {
	case Public:
		return true
	case Applied:
		return a.HasApplied()
	case SignedIn:
		return a.SignedIn()
	}
	for _, r := range a.Table[p] {
		if r == Participant && a.SignedIn() {
			return true
		}
		for _, g := range a.Grants {
			if g.Role == r && g.Scope.Covers(at) {
				return true
			}
		}
	}
	return false
}

// Covers reports whether a grant in the scope reaches a thing that lies in at.
func (g Scope) Covers(at Scope) bool {
	return (g.Programme.IsZero() || g.Programme == at.Programme) &&
		(g.City == "" || g.City == at.City) &&
		(g.Activity.IsZero() || g.Activity == at.Activity)
}

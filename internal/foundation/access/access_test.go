package access_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

var (
	someone, thing = storage.ID{1}, storage.ID{2}

	table = access.Table{
		"seminars.select": {access.Coordinator, access.Admin},
		"seminars.report": {access.Coordinator, access.Donor},
		"seminars.vote":   {access.Participant},
	}
)

func TestEachNeedAsksForTheLeastOriginThatMayHoldIt(t *testing.T) {
	t.Parallel()
	for need, want := range map[access.Permission]access.Origin{
		access.Public: access.OfNobody, access.Applied: access.OfApplication, access.SignedIn: access.OfProof,
		"seminars.select": access.OfPasskey, "seminars.report": access.OfProof, "seminars.vote": access.OfProof,
		"nobody.holds": access.OfPasskey,
	} {
		if got := table.Origin(need); got != want {
			t.Errorf("%s asks for %q, want %q", need, got, want)
		}
	}
}

func TestTheSessionOfAnApplicationIsNobodysAndOpensApplicationsAlone(t *testing.T) {
	t.Parallel()
	a := access.Actor{Session: someone, Origin: access.OfApplication, Application: thing, Table: table}
	if a.SignedIn() || !a.HasApplied() || a.Has(access.Participant) || a.Staff() {
		t.Errorf("%+v", a)
	}
	for need, want := range map[access.Permission]bool{
		access.Public: true, access.Applied: true, access.SignedIn: false, "seminars.select": false, "seminars.report": false, "seminars.vote": false,
	} {
		if a.MaySomewhere(need) != want || a.May(need, access.Scope{}) != want {
			t.Errorf("%s: somewhere %v, here %v, want %v", need, a.MaySomewhere(need), a.May(need, access.Scope{}), want)
		}
	}
	if nobody := (access.Actor{Table: table}); nobody.HasApplied() || nobody.MaySomewhere(access.Applied) || !nobody.MaySomewhere(access.Public) {
		t.Error("a stranger has applied")
	}
}

func TestAGrantHoldsWhereItWasGiven(t *testing.T) {
	t.Parallel()
	osh := access.Scope{City: "osh"}
	a := access.Actor{Person: someone, Origin: access.OfPasskey, Table: table, Grants: []access.Grant{{Role: access.Coordinator, Scope: osh}}}
	if !a.MaySomewhere("seminars.select") || !a.May("seminars.select", osh) || a.May("seminars.select", access.Scope{City: "talas"}) || a.May("seminars.select", access.Scope{}) {
		t.Error("a grant of a city")
	}
	if !a.May("seminars.select", access.Scope{City: "osh", Activity: thing}) || !a.May("seminars.vote", access.Scope{}) || !a.May(access.Applied, access.Scope{}) {
		t.Error("a thing in her city, and what every participant may")
	}
	a.Grants[0].Scope = access.Scope{Activity: thing}
	if a.May("seminars.select", osh) || !a.May("seminars.select", access.Scope{City: "osh", Activity: thing}) {
		t.Error("a grant of an activity")
	}
	if !a.Staff() || !a.Has(access.Coordinator) || a.Has(access.Admin) || !a.Has(access.Participant) {
		t.Error("roles")
	}
}

func TestStaffAreThoseWhoWorkForTheProgramme(t *testing.T) {
	t.Parallel()
	staff := map[access.Role]bool{access.Facilitator: true, access.Moderator: true, access.FrontDesk: true, access.Coordinator: true, access.Admin: true}
	for _, r := range access.Roles {
		if r.Staff() != staff[r] {
			t.Errorf("%s", r)
		}
	}
}

func TestWhoHelpsAtOneActivityIsNoStaffAndComesByAPasskey(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, r := range access.Helpers {
		table := access.Table{"plan.words": {r}}
		if r.Staff() || !r.Helps() || !r.ByPasskey() || table.Origin("plan.words") != access.OfPasskey {
			t.Errorf("%s", r)
		}
		a := access.Actor{Person: storage.ID{1}, Table: table, Grants: []access.Grant{{Role: r, Scope: access.Scope{Activity: storage.ID{2}}}}}
		if a.Staff() || !a.May("plan.words", access.Scope{City: "osh", Activity: storage.ID{2}}) || a.May("plan.words", access.Scope{City: "osh", Activity: storage.ID{3}}) || a.May("plan.words", access.Scope{}) {
			t.Errorf("%s reaches another activity than hers", r)
		}
	}
	for _, r := range access.Roles {
		if r.Helps() || r.ByPasskey() != r.Staff() {
			t.Errorf("%s", r)
		}
	}
	for ends, over := range map[time.Time]bool{{}: false, now: true, now.Add(time.Microsecond): false} {
		if (access.Grant{Ends: ends}).Over(now) != over {
			t.Errorf("a grant until %v at %v", ends, now)
		}
	}
}

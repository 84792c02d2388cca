package seats

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// Applicant is an application with the person behind it.
type Applicant struct {
	Application
	Details people.Details
	Extra   bool // let in at the door though no seat was left
	// Group is the same for all who share a contact, zero for who shares none with
	// another applicant; Sharers is how many they are.
	Group   storage.ID
	Sharers int
	// With is the application with which hers stands or falls, zero for none.
	With storage.ID
}

// ApplicantOf joins both; the age band is that of a day, also for who told her year of birth.
func ApplicantOf(app Application, d people.Details, lists *profile.Lists, day time.Time) Applicant {
	d.AgeBand = d.Age(lists, day)
	return Applicant{Application: app, Details: d}
}

// CountedOn is the day whose age bands the applicants of an activity are counted by: its
// own, as the facts of who came are; now while it has none.
func CountedOn(a Activity, now time.Time) time.Time {
	if a.Starts.IsZero() {
		return now
	}
	return a.Starts
}

// part gives her value of a part of the profile.
func (a Applicant) part(by string) string {
	f, _ := profile.Counted(by)
	return a.Details.First(f.Name)
}

// Wanted narrows the list of applicants; empty fields take everybody.
type Wanted struct {
	State     string
	Parts     map[string]string // a value of each part of the profile
	Search    string
	Reconfirm string // "asked": silent so far; "yes"
}

// Takes reports whether an applicant is among those that are wanted.
func (w Wanted) Takes(a Applicant) bool {
	if w.State != "" && w.State != string(a.State) || w.Reconfirm != "" && w.Reconfirm != a.Reconfirm {
		return false
	}
	for by, wanted := range w.Parts {
		if wanted != a.part(by) {
			return false
		}
	}
	if w.Search == "" {
		return true
	}
	folded := i18n.FoldKey(w.Search)
	return folded != "" && (strings.Contains(i18n.FoldKey(a.Details.FullName), folded) ||
		strings.Contains(i18n.FoldKey(a.Details.Organisation), folded))
}

// ScopeOf is where an activity lies, for the question who may.
func ScopeOf(a Activity) access.Scope {
	return access.Scope{Programme: a.Programme, City: a.City, Activity: a.ID}
}

// Applicants lists everybody who applied, with her details, in the order of the
// applications; who waits stands in the order of the waiting list.
// Forbidden for those who may not select here.
func (m *Service) Applicants(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) ([]Applicant, error) {
	if !actor.May(MaySelect, ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	extra, err := extraSeatsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	pairs, err := CompanionsAt(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Applicant, len(apps))
	for i, app := range apps {
		out[i] = ApplicantOf(app, persons[app.Person].Details, m.People.Lists(), CountedOn(a, tx.Now))
		out[i].Extra, out[i].With = extra[app.ID], pairs[app.ID]
	}
	slices.SortStableFunc(out, func(a, b Applicant) int {
		switch {
		case a.Place == b.Place:
			return 0
		case a.Place == 0:
			return -1
		case b.Place == 0 || a.Place > b.Place:
			return 1
		}
		return -1
	})
	return m.together(ctx, tx, out)
}

// Choose moves several applications at once.
type Choose struct {
	Activity storage.ID
	Actor    access.Actor
	To       State
	Why      string // the organiser's own words; empty for the usual reason, where NeedsReason allows it
	// Seen are the chosen applications with the version that the coordinator saw.
	Seen map[storage.ID]int64

	rehearsed bool // nothing of it stays, so that it needs no words yet
}

// Chosen tells what became of each.
type Chosen struct {
	Moved   []storage.ID
	Changed []storage.ID // somebody else moved it since; look again
	Full    []storage.ID // no seat was left
	Refused []storage.ID // such a move makes no sense, as shortlisting who attended
	Along   []storage.ID // were not chosen, and moved with whom they come only together
	Owed    []storage.ID // of the moved, those for whom a reason is needed
}

// Choose moves the chosen applications, each only when it is still as the
// coordinator saw it: two coordinators at once never undo each other unseen.
// Invitations are given in the order of the applications until no seat is left.
//
// Faults: Forbidden; Gone when the activity is cancelled; TooLate when it is over, or has
// begun and somebody is to be invited; Conflict while a selection is about to be told; Invalid,
// at "why" when a reason is needed for one of them and none is given: then nobody is moved.
func (m *Service) Choose(ctx context.Context, tx *storage.Tx, cmd Choose) (Chosen, error) {
	var out Chosen
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return out, err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return out, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := StillAhead(a, tx.Now); err != nil {
		return out, err
	}
	if cmd.To == Invited {
		if err := MayInvite(a, tx.Now); err != nil {
			return out, err
		}
	}
	switch cmd.To {
	case Applied, Shortlisted, Invited, Waitlisted, Declined:
	default:
		return out, fault.At("to", "forms.fault.choice")
	}
	why, err := ownWords("why", cmd.Why)
	if err != nil {
		return out, err
	}
	silent := why == ""
	if silent {
		why = "seminars.why.staff_" + string(cmd.To)
	}
	if err := m.decidable(ctx, tx, a); err != nil {
		return out, err
	}
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return out, err
	}
	pairs, err := CompanionsAt(ctx, tx, a.ID)
	if err != nil {
		return out, err
	}
	rulings, err := m.Rulings(ctx, tx, a)
	if err != nil {
		return out, err
	}
	now := make(map[storage.ID]Application, len(apps))
	for _, app := range apps {
		now[app.ID] = app
	}
	for _, app := range apps {
		version, chosen := cmd.Seen[app.ID]
		if !chosen {
			continue
		}
		with, paired := pairs[app.ID]
		if paired && slices.Contains(out.Moved, with) { // moved with the other already
			out.Moved = append(out.Moved, app.ID)
			continue
		}
		if seen, also := cmd.Seen[with]; paired && also && seen != now[with].Version {
			version = -1 // the other is not as she was seen
		}
		if app.Version != version {
			out.Changed = append(out.Changed, app.ID)
			continue
		}
		if app.State == cmd.To || !app.State.MayBecome(cmd.To) {
			out.Refused = append(out.Refused, app.ID)
			continue
		}
		for _, one := range []Application{app, now[with]} { // who comes only with her moves too
			if one.ID.IsZero() || one.State == cmd.To || !NeedsReason(one.State, cmd.To, rulings[one.ID]) {
				continue
			}
			if silent && !cmd.rehearsed {
				return Chosen{}, reasonMissing(one.State, cmd.To)
			}
			out.Owed = append(out.Owed, one.ID)
		}
		_, err := m.Move(ctx, tx, app, cmd.To, cmd.Actor.Person, why)
		switch {
		case fault.Is(err, fault.Full):
			out.Full = append(out.Full, app.ID)
		case fault.Is(err, fault.Conflict):
			out.Changed = append(out.Changed, app.ID)
		case err != nil:
			return out, err
		default:
			out.Moved = append(out.Moved, app.ID)
			if _, also := cmd.Seen[with]; paired && !also && now[with].State != cmd.To {
				out.Along = append(out.Along, with)
			}
		}
	}
	return out, nil
}

package seats

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// CallAnswer is what came of a call to the number of an application.
type CallAnswer string

// The answers.
const (
	Herself     CallAnswer = "herself" // it is she, and she applied
	OtherPerson CallAnswer = "other"   // somebody else answered; call again
	WrongNumber CallAnswer = "wrong"   // nobody knows her there: the number leaves the record
)

// ToCall is somebody who can be reached by a call alone.
type ToCall struct {
	Application
	Details people.Details
	Calls   int       // that somebody else answered
	Last    time.Time // of these, the latest; zero for none
}

// Digits is her number as WhatsApp writes it in addresses.
func (c ToCall) Digits() string { return strings.TrimPrefix(c.Details.Phone, "+") }

// ToCall lists the unproven applications to an activity whose persons gave a number and
// whom no letter reaches, the seats that lapse first at the head. Forbidden for those
// who may not select here.
func (m *Service) ToCall(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) ([]ToCall, error) {
	if !actor.May(MaySelect, ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	var ids []storage.ID
	var open []Application
	for _, app := range apps {
		if unprovenOpen(app) {
			open, ids = append(open, app), append(ids, app.Person)
		}
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	tried, err := callsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	var out []ToCall
	for _, app := range open {
		p := persons[app.Person]
		if !NeedsCall(app, p) {
			continue
		}
		out = append(out, ToCall{Application: app, Details: p.Details, Calls: tried[app.ID].count, Last: tried[app.ID].last})
	}
	slices.SortStableFunc(out, func(a, b ToCall) int {
		switch {
		case a.Held.IsZero() != b.Held.IsZero():
			if a.Held.IsZero() {
				return 1
			}
			return -1
		case !a.Held.Equal(b.Held):
			return a.Held.Compare(b.Held)
		case (a.Details.Email == "") != (b.Details.Email == ""): // a letter may still be answered
			if a.Details.Email == "" {
				return -1
			}
			return 1
		}
		return a.Made.Compare(b.Made)
	})
	return out, nil
}

// unprovenOpen reports whether an application is undecided and nobody has proven it.
func unprovenOpen(app Application) bool {
	switch app.State {
	case Applied, Shortlisted, Invited, Confirmed, Waitlisted:
		return app.Proven.IsZero()
	}
	return false
}

// NeedsCall reports whether an application of a person stands on the list of calls.
func NeedsCall(app Application, p people.Person) bool {
	return unprovenOpen(app) && p.Phone != "" && p.TelegramChat == 0
}

type triedCalls struct {
	count int
	last  time.Time
}

func callsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]triedCalls, error) {
	out := map[storage.ID]triedCalls{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var id storage.ID
		var t triedCalls
		var at int64
		err := row.Scan(&id, &t.count, &at)
		t.last = storage.Instant(at)
		out[id] = t
		return struct{}{}, err
	}, `SELECT application_call.application_id, COUNT(*), MAX(application_call.at)
		FROM application_call
		JOIN application ON application.id = application_call.application_id
		WHERE application.activity_id = $1
		GROUP BY application_call.application_id`, activity)
	return out, err
}

// Called notes what came of a call.
type Called struct {
	Activity    storage.ID
	Actor       access.Actor
	Application storage.ID
	Answer      CallAnswer
}

// Called notes a call: when it was she, her number is called and her applications are
// proven; a wrong number leaves her record.
//
// Faults: Forbidden; NotFound when the application is of another activity; Invalid;
// Conflict when there is no number (any more).
func (m *Service) Called(ctx context.Context, tx *storage.Tx, cmd Called) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := ApplicationByID(ctx, tx, cmd.Application)
	if err != nil {
		return err
	}
	if app.Activity != a.ID {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	switch cmd.Answer {
	case Herself:
		err = m.People.Call(ctx, tx, cmd.Actor.Person, app.Person)
	case WrongNumber:
		err = m.People.WrongNumber(ctx, tx, cmd.Actor.Person, app.Person)
	case OtherPerson:
		err = audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.call_other", Object: app.Activity})
	default:
		err = fault.At("answer", "fault.not_a_choice")
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO application_call (id, application_id, answer, by_person, at)
		VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), app.ID, string(cmd.Answer), cmd.Actor.Person, storage.Micros(tx.Now)); err != nil {
		return err
	}
	m.News(tx, app.Activity)
	return nil
}

package pages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

type callsData struct {
	Activity seats.Activity
	List     []seats.ToCall
	Moves    []programme.Move // what to tell her of
	Back     string           // the mailing whose list it is, empty for that of the activity
	Just     justCalled
	Fault    *fault.Error
}

// justCalled are the calls that were just noted, and can be taken back.
type justCalled struct {
	List  []seats.NotedCall
	Names map[storage.ID]people.Person
	Now   time.Time
}

func (m *Module) showCalls(r *web.Request) error {
	d, err := m.calls(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, callsPage(r, m.Parts, d))
}

// outOfReach are those whom nothing but a call reaches; the others may still answer a letter.
func (d callsData) outOfReach() (out, unanswered []seats.ToCall) {
	for _, c := range d.List {
		if c.OutOfReach() {
			out = append(out, c)
		} else {
			unanswered = append(unanswered, c)
		}
	}
	return out, unanswered
}

// calls reads the list; that each number was looked at is noted for its person.
func (m *Module) calls(r *web.Request) (d callsData, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.List, err = m.ToCall(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		if d.Moves, err = programme.RecentMoves(ctx, tx, d.Activity.ID); err != nil {
			return err
		}
		if d.Just, err = m.justCalled(ctx, tx, r, d.Activity); err != nil {
			return err
		}
		return m.lookedToCall(ctx, tx, r, d.Activity, d.List)
	})
	return d, err
}

func (m *Module) lookedToCall(ctx context.Context, tx *storage.Tx, r *web.Request, a seats.Activity, list []seats.ToCall) error {
	persons := make([]storage.ID, len(list))
	for i, c := range list {
		persons[i] = c.Person
	}
	return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: "seminars.audit.calls", Object: a.ID})
}

// justCalled reads the calls about an activity that were just noted, with their names.
func (m *Module) justCalled(ctx context.Context, tx *storage.Tx, r *web.Request, a seats.Activity) (out justCalled, err error) {
	out.Now = tx.Now
	if out.List, err = seats.JustCalled(ctx, tx, a.ID); err != nil || len(out.List) == 0 {
		return out, err
	}
	out.List = lastOfEach(out.List)
	persons := make([]storage.ID, len(out.List))
	for i, c := range out.List {
		persons[i] = c.Person
	}
	if out.Names, err = m.People.ByIDs(ctx, tx, persons); err != nil {
		return out, err
	}
	return out, audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: "seminars.audit.viewed", Object: a.ID})
}

// mostJust bounds how many calls that were just noted stand above the list.
const mostJust = 5

// lastOfEach are the last calls about each application, of those that come the latest first.
func lastOfEach(list []seats.NotedCall) (out []seats.NotedCall) {
	for _, c := range list {
		if len(out) < mostJust && !slices.ContainsFunc(out, func(o seats.NotedCall) bool { return o.Application == c.Application }) {
			out = append(out, c)
		}
	}
	return out
}

// said is what was noted of a call, and what followed from it.
func said(r *web.Request, c seats.NotedCall) string {
	switch {
	case c.Answer == seats.NotReached && !c.Again.IsZero():
		return r.Say.T("seminars.calls.noted.again", "when", i18n.DateTime(r.Lang, c.Again))
	case c.Answer == seats.Herself && c.State == seats.Invited:
		return r.Say.T("seminars.calls.noted.later")
	case c.Answer == seats.Comes && c.State == seats.Waitlisted:
		return r.Say.T("seminars.calls.noted.full")
	}
	return r.Say.T("seminars.calls.noted." + string(c.Answer))
}

// callAnswers are what may come of a call about an application in a state, as buttons; that
// nobody was reached and that the number is wrong may always be. On the list of a mailing it is
// told what the mailing says, to whomever it was written.
func callAnswers(s seats.State, ofMailing bool) []seats.CallAnswer {
	switch s {
	case seats.Invited, seats.Confirmed:
		return []seats.CallAnswer{seats.Comes, seats.NotComing, seats.Herself}
	case seats.Applied, seats.Shortlisted, seats.Waitlisted:
		return []seats.CallAnswer{seats.Herself, seats.NotComing}
	case seats.Withdrawn:
		if !ofMailing {
			return []seats.CallAnswer{seats.Comes}
		}
	}
	return []seats.CallAnswer{seats.Herself}
}

// callWords is what a button says.
func callWords(r *web.Request, s seats.State, a seats.CallAnswer) string {
	switch {
	case a == seats.Comes:
		return r.Say.T("seminars.calls.comes")
	case a == seats.NotComing && s.HoldsSeat():
		return r.Say.T("seminars.calls.not_coming")
	case a == seats.NotComing:
		return r.Say.T("seminars.calls.steps_back")
	case s == seats.Invited:
		return r.Say.T("seminars.calls.later")
	}
	return r.Say.T("seminars.calls.herself")
}

// againItems are when to call again.
func againItems(r *web.Request) []kit.Item {
	return []kit.Item{
		{Value: "hour", Label: r.Say.T("seminars.calls.again.hour")},
		{Value: "three", Label: r.Say.T("seminars.calls.again.three")},
		{Value: "morning", Label: r.Say.T("seminars.calls.again.morning")},
	}
}

// againAt is the moment that an item means; by night nobody is called, and who is chosen for
// then is for the morning. The zero time for no item.
func againAt(item string, now time.Time) time.Time {
	local := now.In(i18n.Bishkek())
	morning := time.Date(local.Year(), local.Month(), local.Day()+1, 10, 0, 0, 0, local.Location())
	at := map[string]time.Time{"hour": local.Add(time.Hour), "three": local.Add(3 * time.Hour), "morning": morning}[item]
	if minute := at.Hour()*60 + at.Minute(); !at.IsZero() && (minute < seats.NightUntil || minute >= seats.NightFrom) {
		at = time.Date(at.Year(), at.Month(), at.Day(), 10, 0, 0, 0, at.Location())
		if minute >= seats.NightFrom {
			at = at.AddDate(0, 0, 1)
		}
	}
	return at
}

func (m *Module) takeCall(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("application"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	var a seats.Activity
	cmd := seats.Called{Actor: r.Actor, Application: id, Answer: seats.CallAnswer(r.PostFormValue("answer"))}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity, cmd.Again = a.ID, againAt(r.PostFormValue("again"), tx.Now)
		return m.Called(ctx, tx, cmd)
	})
	if err != nil {
		return err
	}
	return m.afterCall(r, a, id, "seminars.calls.noted."+string(cmd.Answer))
}

// takeCallBack takes back what was noted of a call.
func (m *Module) takeCallBack(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	var a seats.Activity
	var app storage.ID
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		app, err = m.TakeCallBack(ctx, tx, seats.TakeCallBack{Activity: a.ID, Actor: r.Actor, Call: id})
		return err
	}); err != nil {
		return err
	}
	return m.afterCall(r, a, app, "seminars.calls.back")
}

// afterCall leads back to where somebody called from. On the pages that show what was noted,
// these say it; elsewhere a line does.
func (m *Module) afterCall(r *web.Request, a seats.Activity, app storage.ID, key string) error {
	back := r.PostFormValue("back")
	mailing, err := storage.ParseID(r.PostFormValue("mailing"))
	if inMailing := err == nil; back == "today" || inMailing || key == "seminars.calls.back" {
		r.SetFlash("good", key)
		if inMailing {
			return r.Redirect(mailingPath(a, mailing, "/calls"))
		}
	}
	switch back {
	case "today":
		return r.Redirect("/today#calls")
	case "applicant":
		return r.Redirect(staffPath(a, "/applicants/"+app.String()) + "#call")
	}
	return r.Redirect(staffPath(a, "/calls"))
}

// callEvents tells the calls about an application, as parts of what happened to it.
func callEvents(r *web.Request, list []seats.NotedCall, staff map[storage.ID]people.Person) (out []kit.Event) {
	for _, c := range list {
		e := kit.Event{At: c.At, What: r.Say.T("seminars.call.said." + string(c.Answer)), Who: staff[c.By].FullName, Kind: callMark(c.Answer)}
		if !c.Back.IsZero() {
			e.Why, e.Kind = r.Say.T("seminars.past.call.back"), ""
		} else if !c.Again.IsZero() {
			e.Why = r.Say.T("seminars.calls.again", "when", i18n.DateTime(r.Lang, c.Again))
		}
		out = append(out, e)
	}
	return out
}

func callMark(a seats.CallAnswer) string {
	switch {
	case a == seats.WrongNumber:
		return "bad"
	case a == seats.Comes || a == seats.Herself:
		return "good"
	}
	return ""
}

// history is what became of her application, with the calls and partings in it.
func (d applicantData) history(r *web.Request) kit.Timeline {
	line := kit.Timeline{Title: r.Say.T("seminars.mine.history"), Oldest: true, Open: movesOpen, Events: slices.Concat(moveEvents(r, d.Moves), callEvents(r, d.Calls, d.Callers), partEvents(r, d.Partings, d.Callers))}
	slices.SortStableFunc(line.Events, func(a, b kit.Event) int { return a.At.Compare(b.At) })
	return line
}

// returns are the calls about her that can be taken back.
func (d applicantData) returns() justCalled {
	out := justCalled{Now: d.Now, Names: map[storage.ID]people.Person{d.Applicant.Person: {Details: d.Applicant.Details}}}
	for _, c := range slices.Backward(d.Calls) {
		if c.Returns(d.Now) {
			out.List = append(out.List, c)
		}
	}
	out.List = lastOfEach(out.List)
	return out
}

// mayCall reports whether a call about her can be noted: there is a number, the activity is to
// come, and there is something to say.
func (d applicantData) mayCall() bool {
	if d.Applicant.Details.Phone == "" || seats.MayInvite(d.Activity, d.Now) != nil {
		return false
	}
	switch d.Applicant.State {
	case seats.Applied, seats.Shortlisted, seats.Waitlisted, seats.Invited, seats.Confirmed:
		return true
	case seats.Withdrawn: // a late yes
		return slices.ContainsFunc(d.Moves, func(v seats.Move) bool { return v.To == seats.Invited })
	}
	return false
}

// takeApart notes that two applicants who share a contact are two people.
func (m *Module) takeApart(r *web.Request) error {
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd := seats.Apart{Activity: a.ID, Actor: r.Actor}
		for _, chosen := range r.PostForm["chosen"] {
			id, _, _ := strings.Cut(chosen, ".") // its version does not matter here
			cmd.Applications = append(cmd.Applications, id)
		}
		return m.KeepApart(ctx, tx, cmd)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "seminars.apart.done")
	return r.Redirect(staffPath(a, "/applicants"))
}

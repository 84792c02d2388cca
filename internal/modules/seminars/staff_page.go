package seminars

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// staffActivity finds the activity of the address for those who may work on it.
func (m *Module) staffActivity(ctx context.Context, tx *storage.Tx, r *web.Request, need access.Permission) (Activity, error) {
	a, err := m.calendar().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(need, scopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

func (m *Module) showOverviews(r *web.Request) error {
	var list []Overview
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = m.Overviews(ctx, tx, r.Actor)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewsPage(r, list))
}

func (m *Module) overview(r *web.Request, need access.Permission) (o Overview, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, need)
		if err != nil {
			return err
		}
		o, err = m.OverviewOf(ctx, tx, a)
		return err
	})
	return o, err
}

func (m *Module) showOverview(r *web.Request) error {
	o, err := m.overview(r, MaySelect)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewPage(r, o))
}

func (m *Module) selection(r *web.Request) (d selectionData, err error) {
	d = selectionData{Wanted: wanted(r), Page: 1}
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.staffActivity(ctx, tx, r, MaySelect); err != nil {
			return err
		}
		if d.All, err = m.Applicants(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		d.Overview, err = m.OverviewOf(ctx, tx, d.Activity)
		return err
	})
	for _, a := range d.All {
		if d.Wanted.takes(a) {
			d.List = append(d.List, a)
		}
	}
	d.Balances = balances(d.All, d.Overview.gone, d.Overview.Seats.Targets)
	if page, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && page > 1 && page <= d.pages() {
		d.Page = page
	}
	return d, err
}

func (m *Module) showSelection(r *web.Request) error {
	d, err := m.selection(r)
	if err != nil {
		return err
	}
	return m.showList(r, http.StatusOK, d)
}

// takeSelection moves the chosen. What somebody else changed meanwhile stays as
// it is, and is told.
func (m *Module) takeSelection(r *web.Request) error {
	cmd := Choose{Actor: r.Actor, To: State(r.PostFormValue("to")), Why: r.PostFormValue("why"), Seen: map[storage.ID]int64{}}
	for _, v := range r.PostForm["chosen"] {
		id, version, _ := strings.Cut(v, ".")
		app, err := storage.ParseID(id)
		n, err2 := strconv.ParseInt(version, 10, 64)
		if errors.Join(err, err2) != nil {
			return fault.New(fault.Invalid, "forms.fault.choice")
		}
		cmd.Seen[app] = n
	}
	var done Chosen
	var a Activity
	var err error
	if len(cmd.Seen) == 0 {
		err = &fault.Error{Code: fault.Invalid, Key: "seminars.fault.nobody"}
	} else {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if a, err = m.staffActivity(ctx, tx, r, MaySelect); err != nil {
				return err
			}
			cmd.Activity = a.ID
			done, err = m.Choose(ctx, tx, cmd)
			return err
		})
	}
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		d, err := m.selection(r)
		if err != nil {
			return err
		}
		d.Fault = f
		return m.showList(r, web.Status(f.Code), d)
	}
	kind := "good"
	key := "seminars.chosen.moved"
	switch {
	case len(done.Full) > 0:
		kind, key = "wait", "seminars.chosen.full"
	case len(done.Changed) > 0:
		kind, key = "bad", "seminars.chosen.changed"
	case len(done.Refused) > 0:
		kind, key = "wait", "seminars.chosen.refused"
	}
	r.SetFlash(kind, key, "count", len(done.Moved), "full", len(done.Full), "changed", len(done.Changed), "refused", len(done.Refused))
	if one := r.URL.Query().Get("one"); one != "" {
		if id, err := storage.ParseID(one); err == nil {
			return r.Redirect(staffPath(a, "/applicants/"+id.String()))
		}
	}
	return r.Redirect(staffPath(a, "/applicants") + wanted(r).query("", ""))
}

// showApplicant opens one application; that it was seen is noted for the person.
func (m *Module) showApplicant(r *web.Request) error {
	var d applicantData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.applicantOf(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: d.Applicant.Person, Action: "seminars.audit.viewed", Object: d.Activity.ID})
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, applicantPage(r, d))
}

func (m *Module) applicantOf(ctx context.Context, tx *storage.Tx, r *web.Request) (d applicantData, err error) {
	if d.Activity, err = m.staffActivity(ctx, tx, r, MaySelect); err != nil {
		return d, err
	}
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return d, fault.New(fault.NotFound, "seminars.fault.application")
	}
	app, err := applicationByID(ctx, tx, id)
	if err == nil && app.Activity != d.Activity.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return d, err
	}
	persons, err := m.People.ByIDs(ctx, tx, []storage.ID{app.Person})
	if err != nil {
		return d, err
	}
	d.Applicant = applicantOf(app, persons[app.Person].Details, tx.Now)
	if d.Applicant.Extra, err = onExtraSeat(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Form, err = m.answeredForm(ctx, tx, d.Activity, app); err != nil {
		return d, err
	}
	if d.Answers, err = m.answersOf(ctx, tx, app); err != nil {
		return d, err
	}
	if len(d.Answers.Values) == 0 { // invited by name: what is known of her
		d.Answers.Values = forms.Known(d.Applicant.Details).Values
	}
	if app.State == Waitlisted {
		if d.Position, err = position(ctx, tx, app); err != nil {
			return d, err
		}
	}
	d.Moves, err = movesOf(ctx, tx, app.ID)
	return d, err
}

// sendFile gives a file that was handed in with an application.
func (m *Module) sendFile(r *web.Request) error {
	var d applicantData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.applicantOf(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: d.Applicant.Person, Action: "seminars.audit.viewed", Object: d.Activity.ID})
	}); err != nil {
		return err
	}
	return giveFile(r, d.Answers)
}

// sendMyFile gives a person the file that she handed in.
func (m *Module) sendMyFile(r *web.Request) error {
	var answers forms.Answers
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		o, err := m.own(ctx, tx, r)
		if err != nil {
			return err
		}
		app, err := applicationByID(ctx, tx, o.app)
		if err != nil {
			return err
		}
		if app.Person != r.Actor.Person {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		answers, err = m.answersOf(ctx, tx, app)
		return err
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return giveFile(r, answers)
}

// giveFile answers with the file of the address.
func giveFile(r *web.Request, answers forms.Answers) error {
	up, ok := answers.Files[r.PathValue("key")]
	if !ok {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	return up.Send(r)
}

// sendNews tells the browser when something changed in the list.
func (m *Module) sendNews(r *web.Request) error {
	var a Activity
	may := func(r *web.Request) error {
		return m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			a, err = m.staffActivity(ctx, tx, r, MaySelect)
			return err
		})
	}
	if err := may(r); err != nil {
		return err
	}
	if m.Live == nil {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return m.Live.Serve(r.W, r.Request, "seminars."+a.ID.String(), m.Closing, func() bool {
		now, err := r.Again()
		return err == nil && may(now) == nil
	})
}

// inviteForm asks for what an invitation by name needs.
func inviteForm() []forms.Question {
	return []forms.Question{
		{Key: profile.AskName, Kind: forms.AskName, Required: true},
		{Key: profile.AskEmail, Kind: forms.AskEmail},
		{Key: profile.AskPhone, Kind: forms.AskPhone},
		{Key: profile.AskSex, Kind: forms.AskSex},
		{Key: profile.AskLevel, Kind: forms.AskLevel},
		{Key: profile.AskOrganisation, Kind: forms.AskOrganisation},
	}
}

func (m *Module) showInvite(r *web.Request) error {
	o, err := m.overview(r, MaySelect)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, invitePage(r, o, allAsked(inviteForm(), forms.Answers{}.Clone(), nil), nil))
}

func allAsked(questions []forms.Question, a forms.Answers, f *fault.Error) (out []forms.Asked) {
	for _, q := range questions {
		out = append(out, forms.Asked{Question: q, Answers: a, Fault: f, Staff: true})
	}
	return out
}

func (m *Module) takeInvite(r *web.Request) error {
	o, err := m.overview(r, MaySelect)
	if err != nil {
		return err
	}
	var form fault.Form
	answers := forms.Answers{}.Clone()
	forms.Read(answers, inviteForm(), r.PostForm, nil, forms.Sources{}, true, &form)
	err = form.Err()
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			d := details(answers, o.Activity)
			d.Lang = r.Lang
			_, err := m.Invite(ctx, tx, Invite{Activity: o.Activity.ID, Actor: r.Actor, Details: d, Demo: r.Site != nil && r.Site.Demo})
			return err
		})
	}
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), invitePage(r, o, allAsked(inviteForm(), answers, f), f))
	}
	r.SetFlash("good", "seminars.invite.sent")
	return r.Redirect(staffPath(o.Activity, "/invite"))
}

func (m *Module) showSeats(r *web.Request) error {
	o, err := m.overview(r, MaySetUp)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, seatsPage(r, o, nil))
}

func (m *Module) takeSeats(r *web.Request) error {
	o, err := m.overview(r, MaySetUp)
	if err != nil {
		return err
	}
	var form fault.Form
	whole := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue(name)))
		form.Check(err == nil, name, "forms.fault.number")
		return n
	}
	taken := o.Seats.Taken
	o.Seats = Seminar{
		Activity: o.Activity.ID, Taken: taken, Capacity: whole("capacity"),
		FirstCome: r.PostFormValue("first_come") == "on", LateWaiting: r.PostFormValue("late_waiting") == "on",
		InvitationHours: whole("invitation_hours"), OfferHours: whole("offer_hours"),
		ReconfirmDays: whole("reconfirm_days"), ReconfirmRelease: r.PostFormValue("reconfirm_release") == "on",
		Targets: Targets{},
	}
	for _, t := range targetFields {
		name := "target_" + t.by + "_" + t.value
		if strings.TrimSpace(r.PostFormValue(name)) == "" {
			continue
		}
		if o.Seats.Targets[t.by] == nil {
			o.Seats.Targets[t.by] = map[string]int{}
		}
		o.Seats.Targets[t.by][t.value] = whole(name)
	}
	err = form.Err()
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return m.SetUp(ctx, tx, r.Actor, o.Activity.ID, o.Seats)
		})
	}
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), seatsPage(r, o, f))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(staffPath(o.Activity, "/seats"))
}

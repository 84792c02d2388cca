package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// mailingsPattern is the page of the messages to groups of one activity.
const mailingsPattern = staffPattern + "/mailings"

func (m *Module) mailingRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: mailingsPattern, Needs: seats.MaySelect, Handler: m.showMailings},
		{Method: "GET", Pattern: mailingsPattern + "/write", Needs: seats.MaySelect, Handler: m.showMailingForm},
		{Method: "POST", Pattern: mailingsPattern + "/write", Needs: seats.MaySelect, Handler: m.takeMailingForm},
		{Method: "GET", Pattern: mailingsPattern + "/{id}", Needs: seats.MaySelect, Handler: m.showMailing},
		{Method: "POST", Pattern: mailingsPattern + "/{id}", Needs: seats.MaySelect, Handler: m.takeMailing, Danger: true},
		{Method: "GET", Pattern: mailingsPattern + "/{id}/calls", Needs: seats.MaySelect, Handler: m.showMailingCalls},
	}
}

func mailingPath(a seats.Activity, id storage.ID, more string) string {
	return staffPath(a, "/mailings/"+id.String()+more)
}

// mailingOf is the id in the address.
func mailingOf(text string) (storage.ID, error) {
	id, err := storage.ParseID(text)
	if err != nil {
		err = fault.New(fault.NotFound, "seminars.mailing.fault.unknown")
	}
	return id, err
}

func (m *Module) showMailings(r *web.Request) error {
	var a seats.Activity
	var list []mailing.Listed
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		list, err = m.Mailer.List(ctx, tx, r.Actor, a)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, mailingsPage(r, m.Parts, a, list))
}

// mailingForm is the form in which a mailing is written.
type mailingForm struct {
	Activity seats.Activity
	ID       storage.ID
	Version  int64
	Chosen   mailing.Chosen
	Words    mailing.Words
	Form     forms.Form
	Texts    bool                      // the house sends text messages
	Counts   map[string]map[string]int // how many applied, by "state" and the parts of the profile
	Out      map[string]int            // of whom nothing reaches, by state
	Reads    map[i18n.Language]int     // how many read each language, and can be reached
	Fault    *fault.Error
}

// undecided chooses the states of mailing.Waits.
const undecided = "undecided"

func (m *Module) readMailingForm(ctx context.Context, tx *storage.Tx, r *web.Request) (d mailingForm, err error) {
	if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
		return d, err
	}
	if d.Form, err = m.FormOf(ctx, tx, d.Activity); err != nil {
		return d, err
	}
	if m.Mailer.Letters != nil {
		tariff, err := m.Mailer.Letters.Tariff(ctx, tx)
		if err != nil {
			return d, err
		}
		d.Texts = tariff.On
	}
	all, err := m.Applicants(ctx, tx, r.Actor, d.Activity)
	if err != nil {
		return d, err
	}
	everybody, err := m.Mailer.Everybody(ctx, tx, r.Actor, d.Activity, mailing.Words{})
	if err != nil {
		return d, err
	}
	d.Reads, d.Out = everybody.Languages, map[string]int{}
	for _, one := range everybody.Out() {
		d.Out[string(one.State)]++
	}
	d.Counts = map[string]map[string]int{"state": {}}
	for _, by := range mailing.Narrows() {
		d.Counts[by] = map[string]int{}
	}
	for _, a := range all {
		d.Counts["state"][string(a.State)]++
		for _, by := range mailing.Narrows() {
			f, _ := profile.Counted(by)
			if v := a.Details.First(f.Name); v != "" {
				d.Counts[by][v]++
			}
		}
	}
	return d, nil
}

func (m *Module) showMailingForm(r *web.Request) error {
	var d mailingForm
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.readMailingForm(ctx, tx, r); err != nil {
			return err
		}
		d.ID = storage.RandomID(tx.Now)
		text := r.URL.Query().Get("of")
		if text == "" {
			return nil
		}
		id, err := mailingOf(text)
		if err != nil {
			return err
		}
		s, err := m.Mailer.Of(ctx, tx, r.Actor, d.Activity, id)
		d.Chosen, d.Words = s.Chosen, s.Words
		if s.State == mailing.Draft { // of another its words are taken over
			d.ID, d.Version = s.ID, s.Version
		}
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, mailingFormPage(r, m.Parts, d))
}

func (m *Module) takeMailingForm(r *web.Request) error {
	id, err := mailingOf(r.PostFormValue("id"))
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil || version < 0 {
		return fault.New(fault.Invalid, "fault.bad_request")
	}
	cmd := mailing.SaveDraft{Actor: r.Actor, Mailing: id, Version: version, Chosen: mailing.Chosen{Parts: map[string][]string{}, Answers: map[string][]string{}}}
	for _, s := range r.PostForm["state"] {
		if s == undecided {
			cmd.Chosen.States = append(cmd.Chosen.States, mailing.Waits...)
			continue
		}
		cmd.Chosen.States = append(cmd.Chosen.States, seats.State(s))
	}
	for _, by := range mailing.Narrows() {
		if v := r.PostForm["p_"+by]; len(v) > 0 {
			cmd.Chosen.Parts[by] = v
		}
	}
	for name, v := range r.PostForm {
		if key, ok := strings.CutPrefix(name, "a_"); ok {
			cmd.Chosen.Answers[key] = v
		}
	}
	cmd.Words = mailing.Words{
		Subject: i18n.Text{Ky: r.PostFormValue("subject_ky"), Ru: r.PostFormValue("subject_ru"), En: r.PostFormValue("subject_en")},
		Body:    i18n.Text{Ky: r.PostFormValue("body_ky"), Ru: r.PostFormValue("body_ru"), En: r.PostFormValue("body_en")},
		Short:   i18n.Text{Ky: r.PostFormValue("short_ky"), Ru: r.PostFormValue("short_ru"), En: r.PostFormValue("short_en")},
	}
	for _, l := range r.PostForm["russian"] {
		cmd.Words.Russian = append(cmd.Words.Russian, i18n.Language(l))
	}
	var a seats.Activity
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		_, err = m.Mailer.SaveDraft(ctx, tx, cmd)
		return err
	})
	if err == nil {
		return r.Redirect(mailingPath(a, id, ""))
	}
	f, err := refusedMailing(err)
	if err != nil {
		return err
	}
	var d mailingForm
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.readMailingForm(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.ID, d.Version, d.Chosen, d.Words, d.Fault = id, version, cmd.Chosen, cmd.Words, f
	return r.Page(web.Status(f.Code), mailingFormPage(r, m.Parts, d))
}

// refusedMailing gives what is said on the page itself; every other fault leads away.
func refusedMailing(err error) (*fault.Error, error) {
	if f := fault.Of(err); f != nil && slices.Contains([]fault.Code{fault.Limited, fault.TooLarge, fault.Conflict}, f.Code) {
		return f, nil
	}
	return seats.RefusedHere(err)
}

// items are the choices of a part of the profile that somebody here has.
func (d mailingForm) items(r *web.Request, by string) (out []kit.Item) {
	f, _ := profile.Counted(by)
	for _, v := range mailing.Values(profile.Said(r.Say), by) {
		if n := d.Counts[by][v]; n > 0 || slices.Contains(d.Chosen.Parts[by], v) {
			out = append(out, kit.Item{Value: v, Label: r.Say.T("seminars.mailing.choice", "what", f.Word(r.Say, v), "number", n)})
		}
	}
	return out
}

// together reports whether who waits for a decision is one choice: unless a draft of before has
// only one of the two.
func (d mailingForm) together() bool {
	n := 0
	for _, s := range mailing.Waits {
		if slices.Contains(d.Chosen.States, s) {
			n++
		}
	}
	return n != 1
}

// states are the choices by state, those who wait for a decision as one.
func (d mailingForm) states(r *web.Request) (out []kit.Item) {
	add := func(value, what string, states ...seats.State) {
		n, unreached, chosen := 0, 0, false
		for _, s := range states {
			n, unreached = n+d.Counts["state"][string(s)], unreached+d.Out[string(s)]
			chosen = chosen || slices.Contains(d.Chosen.States, s)
		}
		if n == 0 && !chosen {
			return
		}
		out = append(out, kit.Item{Value: value, Label: r.Say.T("seminars.mailing.choice.reach", "what", what, "number", n-unreached, "unreached", unreached)})
	}
	if d.together() {
		add(undecided, r.Say.T("seminars.mailing.undecided"), mailing.Waits...)
	}
	for _, s := range seats.States {
		if !d.together() || !slices.Contains(mailing.Waits, s) {
			add(string(s), r.Say.T("seminars.state."+string(s)), s)
		}
	}
	return out
}

// chosenStates are the values of states that are ticked.
func (d mailingForm) chosenStates() []string {
	out := i18n.Words(d.Chosen.States...)
	if d.together() && slices.Contains(d.Chosen.States, mailing.Waits[0]) {
		out = append(out, undecided)
	}
	return out
}

// needs reports whether a text in a language is needed: somebody reads it and gets no other.
func (d mailingForm) needs(l i18n.Language) bool {
	return d.Reads[l] > 0 && !slices.Contains(d.Words.Russian, l)
}

// asked are the questions of the form by whose answers is chosen.
func (d mailingForm) asked() (out []forms.Question) {
	for _, q := range d.Form.Questions {
		if mailing.Asks(q) {
			out = append(out, q)
		}
	}
	return out
}

func (d mailingForm) narrowed() bool { return len(d.Chosen.Parts)+len(d.Chosen.Answers) > 0 }

// mailingData is one mailing: a draft with what it would be, or what came of it.
type mailingData struct {
	Activity seats.Activity
	mailing.Mailing
	Sight  mailing.Sight
	Result mailing.Result
	Only   string            // the outcome that the list is narrowed to
	Rows   []mailing.Outcome // of this page
	Page   int
	Of     int
	Names  map[storage.ID]people.Person // of those who are shown
	At     string                       // as it was typed
	Night  bool
	Goes   time.Time // when it goes if nobody says when
	Fault  *fault.Error
}

// mailingRows is how many are named on a page.
const mailingRows = 50

func (m *Module) showMailing(r *web.Request) error {
	return m.mailingAs(r, http.StatusOK, mailingData{})
}

func (m *Module) mailingAs(r *web.Request, status int, d mailingData) error {
	id, err := mailingOf(r.PathValue("id"))
	if err != nil {
		return err
	}
	asked := d
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d = asked
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.Mailing, err = m.Mailer.Of(ctx, tx, r.Actor, d.Activity, id); err != nil {
			return err
		}
		d.Goes = m.Mailer.Goes(tx.Now, d.Activity, false)
		var shown []storage.ID
		if d.State == mailing.Draft {
			at, _ := strconv.Atoi(r.URL.Query().Get("see"))
			if d.Sight, err = m.Mailer.See(ctx, tx, r.Actor, d.Activity, id, at); err != nil {
				return err
			}
			if len(d.Sight.Sample) > 0 {
				shown = append(shown, d.Sight.Sample[d.Sight.At].Person)
			}
			for _, o := range d.unreached() {
				shown = append(shown, o.Person)
			}
		} else {
			if d.Result, err = m.Mailer.Result(ctx, tx, r.Actor, d.Activity, id); err != nil {
				return err
			}
			d.pick(r)
			for _, o := range d.Rows {
				shown = append(shown, o.Person)
			}
			if d.Names, err = m.People.ByIDs(ctx, tx, shown); err != nil {
				return err
			}
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: shown, Action: "seminars.audit.listed", Object: d.Activity.ID})
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(status, mailingPage(r, m.Parts, d))
}

// unreached are those whom nothing reaches who are named beside a draft.
func (d mailingData) unreached() []mailing.Reader {
	out := d.Sight.Out()
	return out[:min(mailingRows, len(out))]
}

// reaches is how many get it, or would, and missed how many nothing reaches.
func (d mailingData) reaches() int {
	if d.State == mailing.Draft {
		return len(d.Sight.Reached())
	}
	return len(d.Result.List) - d.missed()
}

func (d mailingData) missed() int {
	if d.State == mailing.Draft {
		return len(d.Sight.Out())
	}
	return d.Result.Count[mailing.Unreachable]
}

// became says how many got what has gone, or are getting what goes.
func (d mailingData) became(r *web.Request) string {
	switch d.State {
	case mailing.Done:
		failed := d.Result.Count[mailing.Failed]
		return r.Say.T("seminars.mailing.who.done", "number", d.reaches()-failed-d.Result.Count[mailing.LeftOut], "unreached", d.missed()+failed)
	case mailing.Going:
		return r.Say.T("seminars.mailing.who", "number", d.reaches(), "unreached", d.missed())
	}
	return ""
}

// pick chooses whom this page of a result names.
func (d *mailingData) pick(r *web.Request) {
	if only := r.URL.Query().Get("as"); d.Result.Count[only] > 0 {
		d.Only = only
	}
	var list []mailing.Outcome
	for _, as := range mailing.Outcomes {
		for _, o := range d.Result.List {
			if o.As == as && (d.Only == "" || d.Only == as) {
				list = append(list, o)
			}
		}
	}
	d.Of = max(1, (len(list)+mailingRows-1)/mailingRows)
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	d.Page = min(max(n, 1), d.Of)
	d.Rows = list[(d.Page-1)*mailingRows : min(len(list), d.Page*mailingRows)]
}

func (d mailingData) path(as string, page int) string {
	return mailingPath(d.Activity, d.ID, "") + "?as=" + as + "&page=" + strconv.Itoa(page)
}

// smsCost tells what so many parts cost, or how many they are where no price is told.
func smsCost(r *web.Request, t messages.Tariff, parts int) string {
	if t.Price == 0 {
		return r.Say.T("seminars.mailing.sms.parts", "number", parts)
	}
	return r.Say.T("seminars.mailing.sms.cost", "number", parts, "som", i18n.Decimal(r.Lang, float64(t.Price*int64(parts))/100, 2))
}

// why tells why it did not reach somebody.
func mailingWhy(r *web.Request, o mailing.Outcome) string {
	if o.As == mailing.LeftOut {
		return r.Say.T("seminars.mailing.left." + o.Reason)
	}
	return o.Fate.Words(r)
}

func outcomeTone(as string) string {
	switch as {
	case mailing.Delivered:
		return "good"
	case mailing.Failed, mailing.Unreachable:
		return "bad"
	}
	return "wait"
}

// localTime is how a browser sends a time.
const localTime = "2006-01-02T15:04"

func (m *Module) takeMailing(r *web.Request) error {
	id, err := mailingOf(r.PathValue("id"))
	if err != nil {
		return err
	}
	d := mailingData{At: r.PostFormValue("at"), Night: r.PostFormValue("night") == "on"}
	said, to := "", id
	var at time.Time
	if d.At != "" {
		if at, err = time.ParseInLocation(localTime, d.At, i18n.Bishkek()); err != nil {
			return m.mailingAs(r, http.StatusUnprocessableEntity, mailingData{At: d.At, Night: d.Night, Fault: fault.At("at", "seminars.mailing.fault.time")})
		}
	}
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		d.Activity, to = a, id
		switch r.PostFormValue("do") {
		case "send":
			said = "seminars.mailing.planned"
			_, err = m.Mailer.Plan(ctx, tx, mailing.Plan{Actor: r.Actor, Activity: a.ID, Mailing: id, Version: version, At: at, Night: d.Night})
		case "try":
			said = "seminars.mailing.tried"
			err = m.Mailer.Try(ctx, tx, r.Actor, a, id)
		case "undo":
			said = "seminars.mailing.taken_back"
			err = m.Mailer.TakeBack(ctx, tx, r.Actor, a, id)
		case "drop":
			said, to = "seminars.mailing.dropped", storage.ID{}
			err = m.Mailer.Drop(ctx, tx, r.Actor, a, id)
		case "repeat":
			said = "seminars.mailing.planned"
			var next mailing.Mailing
			next, err = m.Mailer.Repeat(ctx, tx, r.Actor, a.ID, id, d.Night)
			to = next.ID
		default:
			err = fault.New(fault.Invalid, "fault.bad_request")
		}
		return err
	})
	if err != nil {
		f, err := refusedMailing(err)
		if err != nil {
			return err
		}
		return m.mailingAs(r, web.Status(f.Code), mailingData{At: d.At, Night: d.Night, Fault: f})
	}
	r.SetFlash("good", said)
	if to.IsZero() {
		return r.Redirect(staffPath(d.Activity, "/mailings"))
	}
	return r.Redirect(mailingPath(d.Activity, to, ""))
}

// mailingCalls are those of a mailing who are to be called.
type mailingCalls struct {
	mailing.Mailing
	callsData
}

func (m *Module) showMailingCalls(r *web.Request) error {
	id, err := mailingOf(r.PathValue("id"))
	if err != nil {
		return err
	}
	var d mailingCalls
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.callsData.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.Mailing, d.List, err = m.Mailer.Calls(ctx, tx, r.Actor, d.callsData.Activity, id); err != nil {
			return err
		}
		return m.lookedToCall(ctx, tx, r, d.callsData.Activity, d.List)
	}); err != nil {
		return err
	}
	d.Back = id.String()
	return r.Page(http.StatusOK, mailingCallsPage(r, m.Parts, d))
}

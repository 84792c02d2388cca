package followup

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// staffData is the page on which staff see who has answered, and set the rules.
type staffData struct {
	Standing
	Sets  bool      // who asks may set the rules
	Goes  time.Time // when a message of now goes
	Typed map[string]string
	Fault *fault.Error
}

func pathOf(a seats.Activity, more string) string {
	return "/staff/seminars/" + a.Slug + "/more" + more
}

// value is what stands in a field of the rules.
func (d staffData) value(field string, kept int) string {
	if d.Typed != nil {
		return d.Typed[field]
	}
	return strconv.Itoa(kept)
}

func (d staffData) ticked(field string, kept bool) string {
	if d.Typed != nil {
		return d.Typed[field]
	}
	if kept {
		return "on"
	}
	return ""
}

// activity finds the activity of the address for who has a permission there.
func (m *Module) activity(ctx context.Context, tx *storage.Tx, r *web.Request, needs access.Permission) (seats.Activity, error) {
	a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(needs, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

func (m *Module) staffData(r *web.Request) (d staffData, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { // the looks are noted
		a, err := m.activity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		d.Sets = r.Actor.May(seats.MaySetUp, seats.ScopeOf(a)) && seats.StillAhead(a, tx.Now) == nil
		d.Goes = m.Service.Goes(tx.Now, a)
		d.Standing, err = m.StandingOf(ctx, tx, r.Actor, a)
		return err
	})
	return d, err
}

func (m *Module) showStaff(r *web.Request) error {
	d, err := m.staffData(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, staffPage(r, m.Parts, d))
}

func (m *Module) takeRules(r *web.Request) error {
	number := func(field string) int {
		n, err := strconv.Atoi(r.PostFormValue(field))
		if err != nil {
			return -1 // out of every range
		}
		return n
	}
	cmd := SetRules{Actor: r.Actor, Rules: Rules{
		Asks: r.PostFormValue("asks") == "on", Needed: r.PostFormValue("needed") == "on",
		DaysBefore: number("days_before"), ForgetDays: number("forget_days"), Version: int64(number("version")),
	}}
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, seats.MaySetUp); err != nil {
			return err
		}
		cmd.Activity = a.ID
		return m.SetRules(ctx, tx, cmd)
	})
	if err == nil {
		r.SetFlash("good", "followup.rules.saved")
		return r.Redirect(pathOf(a, ""))
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	d, err := m.staffData(r)
	if err != nil {
		return err
	}
	d.again(r, f)
	return r.Page(web.Status(f.Code), staffPage(r, m.Parts, d))
}

// fieldsOfRules are the fields in which the rules are written.
var fieldsOfRules = []string{"asks", "needed", "days_before", "forget_days"}

// again shows the form of the rules as it came.
func (d *staffData) again(r *web.Request, f *fault.Error) {
	d.Fault, d.Typed = f, map[string]string{"seen": r.PostFormValue("seen")}
	for _, field := range fieldsOfRules {
		d.Typed[field] = r.PostFormValue(field)
	}
}

// seen says what the form of the rules showed when it was drawn first.
func (d staffData) seen() string {
	if d.Typed != nil {
		return d.Typed["seen"]
	}
	return writing.SeenOf(url.Values{
		"asks": {d.ticked("asks", d.Rules.Asks)}, "needed": {d.ticked("needed", d.Rules.Needed)},
		"days_before": {d.value("days_before", d.Rules.DaysBefore)}, "forget_days": {d.value("forget_days", d.Rules.ForgetDays)},
	})
}

func (m *Module) takeAskAgain(r *web.Request) error {
	if writing.Unsaved(r.PostForm, fieldsOfRules...) {
		d, err := m.staffData(r)
		if err != nil {
			return err
		}
		f := writing.Refused()
		d.again(r, f)
		return r.Page(web.Status(f.Code), staffPage(r, m.Parts, d))
	}
	var a seats.Activity
	n := 0
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		n, err = m.AskAgain(ctx, tx, r.Actor, a.ID)
		return err
	}); err != nil {
		return err
	}
	r.SetFlash("good", "followup.asked", "count", n)
	return r.Redirect(pathOf(a, ""))
}

// formData is the page on which an organiser edits the questions.
type formData struct {
	forms.Editor
	Activity seats.Activity
	Shared   bool // the questions of the template are being edited
	MayShare bool // they may be edited
}

func (m *Module) formData(ctx context.Context, tx *storage.Tx, r *web.Request) (d formData, err error) {
	if d.Activity, err = m.activity(ctx, tx, r, seats.MaySetUp); err != nil {
		return d, err
	}
	d.Shared = r.URL.Query().Get("for") == "template" && !d.Activity.Template.IsZero()
	d.MayShare = r.Actor.May(seats.MaySetUp, seats.ScopeOfForm(d.Activity, true))
	if d.Shared && !d.MayShare {
		return d, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	d.Heading, d.Path, d.Kinds = r.Say.T("followup.form.heading"), pathOf(d.Activity, "/form"), Questions.Kinds
	if d.Shared {
		d.Path += "?for=template"
	}
	for _, use := range Uses {
		d.Uses = append(d.Uses, kit.Item{Value: use, Label: r.Say.T("followup.use." + use)})
	}
	if d.Sources, err = m.Sources(ctx, tx); err != nil {
		return d, err
	}
	d.Form, err = Questions.ToChange(ctx, tx, ownerWritten(d.Activity, d.Shared), d.Shared)
	return d, err
}

func (m *Module) showForm(r *web.Request) error {
	var d formData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.formData(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.Choose(r)
	return r.Page(http.StatusOK, formPage(r, m.Parts, d))
}

func (m *Module) takeForm(r *web.Request) error {
	change, err := forms.WrittenChange(r)
	if err != nil {
		return err
	}
	var d formData
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.formData(ctx, tx, r); err != nil {
			return err
		}
		return m.ChangeForm(ctx, tx, ChangeForm{Activity: d.Activity.ID, Actor: r.Actor, Shared: d.Shared, Change: change})
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		d.Again(change, f)
		return r.Page(web.Status(f.Code), formPage(r, m.Parts, d))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(d.Path)
}

// answersData is the page of the answers by name.
type answersData struct {
	Activity seats.Activity
	Rules    Rules
	Rows     []Row
}

func (m *Module) showAnswers(r *web.Request) error {
	var d answersData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) { // the looks are noted
		if d.Activity, err = m.activity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.Rules, err = RulesOf(ctx, tx, d.Activity.ID); err != nil {
			return err
		}
		d.Rows, err = m.Answers(ctx, tx, r.Actor, d.Activity)
		return err
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, answersPage(r, m.Parts, d))
}

// lines reads the lines that are asked for: those of the door, where the address names none.
func (m *Module) lines(r *web.Request) (v Lines, at time.Time, selects bool, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.activity(ctx, tx, r, seats.MayAdmit)
		if err != nil {
			return err
		}
		selects = r.Actor.May(seats.MaySelect, seats.ScopeOf(a))
		use := r.FormValue("for")
		if use == "" {
			use = Door
		}
		at = tx.Now
		v, err = m.LinesOf(ctx, tx, r.Actor, a, use, r.Say)
		return err
	})
	return v, at, selects, err
}

func (m *Module) showLines(r *web.Request) error {
	v, _, selects, err := m.lines(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, linesPage(r, m.Parts, v, selects))
}

func (m *Module) sendLines(r *web.Request) error {
	v, at, _, err := m.lines(r)
	if err != nil {
		return err
	}
	var body []byte
	name, kind := v.Use+"-"+v.Activity.Slug, sheet.TypeCSV
	if r.PostFormValue("format") == "pdf" {
		name, kind = name+".pdf", "application/pdf"
		var out bytes.Buffer
		err = v.paper(r.Say, r.Lang, at).WritePDF(&out)
		body = out.Bytes()
	} else {
		name += ".csv"
		body, err = sheet.CSV(r.Lang, v.table(r.Say))
	}
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err = r.W.Write(body)
	return err
}

package pages

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// secure reports whether the site speaks HTTPS, and so takes cookies that only it can set.
func (m *Module) secure() bool { return strings.HasPrefix(m.PublicURL, "https://") }

// draftCookie carries the secret of half-filled applications: it says which browser it
// is, never who sits before it.
func (m *Module) draftCookie() string {
	if m.secure() {
		return "__Host-ashar-draft"
	}
	return "ashar-draft"
}

// applyRate lets one browser send forty pages of forms in ten minutes, and a
// classroom or a mobile network behind one address a thousand.
func (m *Module) applyRate() web.Rate {
	return web.Rate{Count: 40, Per: 10 * time.Minute, Cookie: m.draftCookie(), Crowd: 25}
}

func (m *Module) secret(r *web.Request) string {
	if c, err := r.Cookie(m.draftCookie()); err == nil && len(c.Value) == 32 {
		return c.Value
	}
	return ""
}

// giveSecret gives the browser a secret unless it has one.
func (m *Module) giveSecret(r *web.Request) string {
	s := m.secret(r)
	if s == "" {
		s = seats.NewSecret()
	}
	m.setSecret(r, s)
	return s
}

// newDraft gives the browser another secret: what was handed in is no draft any more,
// and the next who fills the form in is perhaps somebody else.
func (m *Module) newDraft(r *web.Request) { m.setSecret(r, seats.NewSecret()) }

func (m *Module) setSecret(r *web.Request, s string) {
	http.SetCookie(r.W, &http.Cookie{
		Name: m.draftCookie(), Value: s, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: m.secure(), MaxAge: int(seats.DraftLife / time.Second),
	})
}

// showForm shows the form, with what the browser's draft or the person's own
// record knows already.
func (m *Module) showForm(r *web.Request) error {
	secret := m.secret(r)
	d, mine, err := m.readForm(r, secret)
	if err != nil {
		return err
	}
	if !mine.IsZero() {
		r.SetFlash("wait", beforeWords(d.Mine))
		return r.Redirect("/my/applications/" + mine.String())
	}
	if d.Admission != seats.Open && d.Admission != seats.LateList {
		return m.closed(r, d)
	}
	if step, err := strconv.Atoi(r.URL.Query().Get("step")); err == nil && step > 0 && step < len(d.Form.Steps()) {
		if next, ok := d.Form.NextStep(step, d.Answers); ok && d.Continued {
			d.Step = next
		}
	}
	if secret == "" || !d.Handed.IsZero() { // the answer that brought another was lost
		secret = seats.NewSecret()
	}
	m.setSecret(r, secret)
	d.Mark = seats.DraftMark(secret, d.Activity.ID)
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, applyPage(r, d))
}

func (m *Module) closed(r *web.Request, d applyData) error {
	if d.Admission == seats.Hidden {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	f := fault.Of(d.Admission.Fault(d.Activity))
	if f == nil {
		f = fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return r.Page(web.Status(f.Code), closedPage(r, d.Activity, d.Admission))
}

// readForm gathers what the page needs. mine is the person's application when
// she is signed in and has one.
func (m *Module) readForm(r *web.Request, secret string) (d applyData, mine storage.ID, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.PublicActivity(ctx, tx, r); err != nil {
			return err
		}
		if d.Seats, err = seats.SeatsOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		if d.Form, err = m.FormOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		d.Admission, d.Together = seats.AdmissionOf(d.Activity, d.Seats, tx.Now), mayPair(d.Activity, d.Seats, tx.Now)
		if d.Sources, err = m.Sources(ctx, tx); err != nil {
			return err
		}
		draft, ok, err := seats.OpenDraft(ctx, tx, d.Activity.ID, secret)
		if err != nil {
			return err
		}
		d.Answers, d.Handed, d.Continued = draft.Answers, draft.Application, ok && draft.Application.IsZero()
		d.Begun, d.Shared = d.Continued, true
		if !r.Actor.SignedIn() {
			before, there, err := seats.ApplicationIfThere(ctx, tx, r.Actor.Application)
			if there && before.Activity == d.Activity.ID {
				d.Before = before.ID
			}
			return err
		}
		app, has, err := seats.ApplicationOf(ctx, tx, d.Activity.ID, r.Actor.Person)
		if err != nil || has {
			mine, d.Mine = app.ID, app.State
			return err
		}
		if !d.Continued {
			p, err := m.People.ByID(ctx, tx, r.Actor.Person)
			if err != nil {
				return err
			}
			d.Answers = forms.Known(p.Details)
		}
		return nil
	})
	return d, mine, err
}

// takeForm takes one page of the form: keeps it, asks what is still to be
// asked, or hands the application in.
func (m *Module) takeForm(r *web.Request) error {
	kept := m.secret(r) // under a new one nothing can lie
	secret := m.giveSecret(r)
	d, mine, err := m.readForm(r, kept)
	if err != nil {
		return err
	}
	if !mine.IsZero() {
		r.SetFlash("wait", beforeWords(d.Mine))
		return r.Redirect("/my/applications/" + mine.String())
	}
	if d.Admission != seats.Open && d.Admission != seats.LateList {
		return m.closed(r, d)
	}
	r.W.Header().Set("Cache-Control", "no-store")
	steps, own := d.Form.Steps(), seats.DraftMark(secret, d.Activity.ID)
	if d.Mark = r.PostFormValue("draft"); d.Mark == "" {
		d.Mark = own
	}
	if d.Step, err = strconv.Atoi(r.PostFormValue("step")); err != nil || d.Step < 0 || d.Step >= len(steps) {
		d.Step = 0
	}
	if d.Step > 0 {
		if done, err := m.handedBefore(r, d, d.Mark == own); err != nil || done {
			return err
		}
		if kept != "" && d.Mark != own {
			return m.askAnew(r, d, own)
		}
	}
	language := r.PostFormValue("do") == "language" // she goes on in another
	saving := language || r.PostFormValue("do") == "save"
	before := d
	if err := d.Take(r, saving); err != nil {
		return err
	}
	gone := ""
	if before.Continued && d.Step == 0 && anotherPerson(before.Answers, d.Answers) {
		// Whoever began it finds at her next page that it is not hers any more.
		gone, secret = secret, seats.NewSecret()
		m.setSecret(r, secret)
		own = seats.DraftMark(secret, d.Activity.ID)
		d.Mark = own
		if d.Begun = r.PostFormValue("begun") != ""; !d.Begun { // she has not seen the other's later pages
			d.Answers = forms.Answers{}.Clone()
			if err := d.Take(r, saving); err != nil {
				return err
			}
		}
	}
	d.Continued = false
	if d.Fault != nil {
		return r.Page(http.StatusUnprocessableEntity, applyPage(r, d))
	}
	next, more := d.Form.NextStep(d.Step+1, d.Answers)
	if saving || more {
		if !saving {
			// She hands in again what she has handed in here: the later pages are there.
			if done, err := m.handedHere(r, d); err != nil {
				return err
			} else if !done.IsZero() {
				return r.Redirect("/my/applications/" + done.String())
			}
		}
		if saving && before.Answers.Empty() && d.Answers.Empty() { // there is nothing to keep
			return r.Redirect("/events/" + d.Activity.Slug + "/apply")
		}
		whole := true
		secret = m.openSecret(r, d, secret)
		err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if gone != "" {
				if err := seats.DropDraft(ctx, tx, d.Activity.ID, gone); err != nil {
					return err
				}
			}
			whole, err = m.KeepDraft(ctx, tx, d.Activity.ID, secret, d.Answers)
			return err
		})
		if fault.Is(err, fault.Limited) { // what she typed stays on the page
			d.Fault, d.Mark = fault.Of(err), seats.DraftMark(secret, d.Activity.ID)
			return r.Page(http.StatusTooManyRequests, applyPage(r, d))
		}
		if err != nil {
			return err
		}
		if !whole {
			r.SetFlash("wait", "seminars.apply.without_files")
		}
		if saving {
			if whole && !language {
				r.SetFlash("good", "seminars.apply.saved")
			}
			return r.Redirect("/events/" + d.Activity.Slug + "/apply?step=" + strconv.Itoa(d.Step))
		}
		return r.Redirect("/events/" + d.Activity.Slug + "/apply?step=" + strconv.Itoa(next))
	}
	return m.handIn(r, d, secret)
}

// anotherPerson reports whether the first page of a draft now names somebody else, or
// gives her another address or number.
func anotherPerson(before, now forms.Answers) bool {
	for _, key := range []string{profile.AskName, profile.AskEmail, profile.AskPhone} {
		was, is := before.First(key), now.First(key)
		if was != "" && is != "" && i18n.FoldKey(was) != i18n.FoldKey(is) {
			return true
		}
	}
	return false
}

// askAnew asks for the first page again: the later page that came belongs to a draft
// which somebody else has begun anew in this browser. What she wrote on it goes along.
func (m *Module) askAnew(r *web.Request, d applyData, own string) error {
	d.Answers, d.Continued, d.Begun, d.Mark = forms.Answers{}.Clone(), false, false, own
	if err := d.Take(r, true); err != nil {
		return err
	}
	first := d.Form.Steps()[0][0].Field()
	d.Refuse(r, fault.Of(fault.At(first, "seminars.fault.begun_anew")))
	return r.Page(http.StatusConflict, applyPage(r, d))
}

func (m *Module) handIn(r *web.Request, d applyData, secret string) error {
	var handed seats.Handed
	var session string
	cmd := seats.Apply{
		Activity: d.Activity.ID, Answers: d.Answers, Secret: secret, Mark: d.Mark, Lang: r.Lang, Actor: r.Actor,
		Demo: r.Site != nil && r.Site.Demo, Effort: effort.Read(r),
	}
	m.Prepare(&cmd, d.Activity, d.Form, d.Sources, m.Store.Now())
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		session = ""
		handed, err = m.Apply(ctx, tx, cmd)
		if err != nil || r.Actor.SignedIn() || handed.Again && !handed.Replaced {
			return err
		}
		session, err = m.opens(ctx, tx, r, handed.Application)
		return err
	})
	if effort.Needed(err) {
		return m.askForEffort(r, d, m.openSecret(r, d, secret))
	}
	if err != nil {
		return m.refused(r, d, secret, err)
	}
	m.newDraft(r)
	switch {
	case handed.Replaced:
		r.SetFlash("good", "seminars.apply.replaced")
	case !handed.Again && handed.Application.State == seats.Waitlisted:
		r.SetFlash("wait", "seminars.apply.done.waitlisted")
	case !handed.Again:
		r.SetFlash("good", "seminars.apply.done")
	case r.Actor.SignedIn():
		r.SetFlash("wait", beforeWords(handed.Application.State))
	default: // it belongs to somebody by now, and this browser does not show to whom
		return m.toApplied(r, d)
	}
	if session != "" {
		http.SetCookie(r.W, m.People.Cookie(session))
	}
	return r.Redirect("/my/applications/" + handed.Application.ID.String())
}

// refused shows an application that was not taken: at the first page with something to
// mend, as the form is now, with what she wrote; or why nobody can apply any more.
func (m *Module) refused(r *web.Request, d applyData, secret string, cause error) error {
	f := fault.Of(cause)
	if f == nil {
		return cause
	}
	now, _, err := m.readForm(r, secret)
	if err != nil {
		return err
	}
	if f.Code != fault.Invalid {
		if now.Admission != seats.Open && now.Admission != seats.LateList {
			return m.closed(r, now)
		}
		return cause
	}
	d.Activity, d.Seats, d.Form, d.Admission, d.Together = now.Activity, now.Seats, now.Form, now.Admission, now.Together
	d.Refuse(r, f)
	return r.Page(http.StatusUnprocessableEntity, applyPage(r, d))
}

// beforeWords tell who applies again what became of it: nothing was handed in, and who
// has withdrawn is not back by that.
func beforeWords(state seats.State) string {
	if state == seats.Withdrawn {
		return "seminars.apply.before.withdrawn"
	}
	return "seminars.apply.before"
}

// openSecret gives a secret under which a draft can be kept: another, when that of the
// browser is of a form that was handed in.
func (m *Module) openSecret(r *web.Request, d applyData, secret string) string {
	if !d.Handed.IsZero() {
		secret = seats.NewSecret()
		m.setSecret(r, secret)
	}
	return secret
}

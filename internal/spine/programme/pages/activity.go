package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// activityPage is the page on which an activity is planned.
const activityPage = "/plan/{slug}"

// editPage is the data of the page of one activity.
type editPage struct {
	Activity     programme.Activity
	Form         writing.Form
	Facilitators []programme.Facilitator
	Bound        *fault.Error // why it cannot be a draft again
	Parts        head.Parts
	Held         time.Time       // until when the night holds back what is told now; zero by day
	Move         *programme.Move // how it was moved last, within programme.MoveShown
	Fared        Fared           // of the messages about that
}

// gapped is the activity as it stands in the form.
func (p editPage) gapped() programme.Activity {
	typed, err := readActivity(p.Form.Values, p.Activity)
	if err != nil {
		return p.Activity
	}
	return typed
}

func (s *Service) readEditPage(r *web.Request) (page editPage, err error) {
	page.Parts = s.parts
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page.Activity, err = programme.BySlug(ctx, tx, r.PathValue("slug"))
		if err == nil && !r.Actor.May(programme.MayPlan, page.Activity.Scope()) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		if err != nil {
			return err
		}
		page.Held = s.programme.Night().Holds(tx.Now, page.Activity.Starts, page.Activity.Ends)
		moves, err := programme.RecentMoves(ctx, tx, page.Activity.ID)
		if err != nil {
			return err
		}
		if len(moves) > 0 {
			page.Move = &moves[0]
			if s.fared != nil {
				if page.Fared, err = s.fared(ctx, tx, moves[0]); err != nil {
					return err
				}
			}
		}
		bound := s.programme.Binds(ctx, tx, page.Activity)
		if page.Bound = fault.Of(bound); page.Bound == nil {
			return bound
		}
		return nil
	})
	if err != nil {
		return page, err
	}
	page.Facilitators, err = s.leaders(r, page.Activity.Scope())
	return page, err
}

func (s *Service) showActivity(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	page.Form = formOfActivity(page.Activity)
	return r.Page(http.StatusOK, activityEditor(r, page))
}

func (s *Service) takeActivity(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get(againField) != "" { // back from the page that showed what changes
		page.Form = writing.Form{Values: r.PostForm, Stale: page.Activity.Stale}
		return r.Page(http.StatusOK, activityEditor(r, page))
	}
	if r.PostForm.Get(moreField) != "" {
		page.Form = withMore(r.PostForm, page.Activity.Stale)
		return r.Page(http.StatusOK, activityEditor(r, page))
	}
	c := programme.ChangeActivity{
		Actor: r.Actor, Activity: page.Activity.ID, Version: writing.Version(r.PostForm),
		Shown: true, Sure: r.PostForm.Get(sureField), Words: wordsOf(r.PostForm),
		Stays: staysOf(r.PostForm), Reopen: r.PostForm.Get(reopenField) != "", Until: untilOf(r.PostForm),
		Write: func(a programme.Activity) (programme.Activity, error) { return readActivity(r.PostForm, a) },
	}
	var moved []string
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		_, moved, err = s.programme.ChangeAlong(ctx, tx, c)
		return err
	}); err != nil {
		if f := fault.Of(err); f != nil && f.Key == programme.Unsure {
			return s.showChanges(r, c, formOfActivity(page.Activity), nil)
		}
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		if ofChanges(f) {
			return s.showChanges(r, c, formOfActivity(page.Activity), f)
		}
		page.Form = writing.Again(r.PostForm, f, formOfActivity(page.Activity))
		return r.Page(web.Status(f.Code), activityEditor(r, page))
	}
	r.SetFlash("good", movedKey(moved))
	return r.Redirect("/plan/" + page.Activity.Slug)
}

// takePublish shows a draft to everybody, with what was typed beside the button, or takes it
// back. What is wrong with the typed is said, and nothing is published; a way back with
// something unsaved beside it is refused.
func (s *Service) takePublish(r *web.Request) error {
	public := r.PostForm.Get("state") == programme.Published
	slug := r.PathValue("slug")
	if writing.Unsaved(r.PostForm) {
		return s.takeUnsaved(r, public)
	}
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.programme.Publish(ctx, tx, programme.Publish{Actor: r.Actor, Slug: slug, Public: public, Gaps: knowsGaps(r)})
		return err
	}); asksGaps(err) {
		page, read := s.readEditPage(r)
		if read != nil {
			return read
		}
		page.Form = formOfActivity(page.Activity)
		page.Form.Fault = fault.Of(err)
		return r.Page(http.StatusUnprocessableEntity, activityEditor(r, page))
	} else if fault.Is(err, fault.Conflict) { // it has come to pass since the page was drawn
		r.SetFlash("wait", fault.Of(err).Key)
		return r.Redirect("/plan/" + slug)
	} else if err != nil {
		return err
	}
	key := "programme.plan.unpublished"
	if public {
		key = "programme.plan.published"
	}
	r.SetFlash("good", key)
	return r.Redirect("/plan/" + slug)
}

// knowsGaps reports whether who sends a form has ticked that what is not written in every
// language may be published so.
func knowsGaps(r *web.Request) bool { return r.PostForm.Get(programme.GapsField) != "" }

// asksGaps reports whether a fault is the question for that tick.
func asksGaps(err error) bool {
	f := fault.Of(err)
	return f != nil && len(f.At(programme.GapsField)) > 0
}

// gapsOf are the gaps in what some activities are about, each field once.
func gapsOf(list ...programme.Activity) (out []programme.Gap) {
	for _, a := range list {
		for _, gap := range a.Gaps() {
			i := slices.IndexFunc(out, func(g programme.Gap) bool { return g.Field == gap.Field })
			if i < 0 {
				i = len(out)
				out = append(out, programme.Gap{Field: gap.Field})
			}
			for _, l := range gap.Missing {
				if !slices.Contains(out[i].Missing, l) {
					out[i].Missing = append(out[i].Missing, l)
				}
			}
		}
	}
	return out
}

// gapWords tell which text is not written in which languages.
func gapWords(r *web.Request, gaps []programme.Gap) string {
	var parts []string
	for _, gap := range gaps {
		var missing []string
		for _, l := range gap.Missing {
			missing = append(missing, r.Say.T("programme.language."+string(l)))
		}
		parts = append(parts, r.Say.T("programme.text."+gap.Field)+" ("+strings.Join(missing, ", ")+")")
	}
	return strings.Join(parts, "; ")
}

// takeUnsaved publishes a draft with what was typed, in one transaction; whatever else was asked
// for is refused, and what was typed stands on the page.
func (s *Service) takeUnsaved(r *web.Request, public bool) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	err = writing.Refused()
	if public && page.Activity.State == programme.Draft {
		c := programme.ChangeActivity{
			Actor: r.Actor, Activity: page.Activity.ID, Version: writing.Version(r.PostForm),
			Shown: true, Words: wordsOf(r.PostForm), Stays: staysOf(r.PostForm),
			Write: func(a programme.Activity) (programme.Activity, error) { return readActivity(r.PostForm, a) },
		}
		err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := s.programme.Change(ctx, tx, c); err != nil {
				return err
			}
			_, err := s.programme.Publish(ctx, tx, programme.Publish{Actor: r.Actor, Slug: page.Activity.Slug, Public: true, Gaps: knowsGaps(r)})
			return err
		})
	}
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = writing.Again(r.PostForm, f, formOfActivity(page.Activity))
		return r.Page(web.Status(f.Code), activityEditor(r, page))
	}
	r.SetFlash("good", "programme.plan.published")
	return r.Redirect("/plan/" + page.Activity.Slug)
}

func (s *Service) showCancel(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	page.Form = writing.Form{Values: url.Values{}}
	return r.Page(http.StatusOK, cancelPage(r, page))
}

func (s *Service) takeCancel(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	reason := writing.Read(r.PostForm, "reason")
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.programme.Cancel(ctx, tx, r.Actor, page.Activity.Slug, reason)
		return err
	}); fault.Is(err, fault.Conflict) { // somebody was faster, and that reason stands
		r.SetFlash("wait", fault.Of(err).Key)
		return r.Redirect("/plan/" + page.Activity.Slug)
	} else if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = writing.Form{Values: r.PostForm, Fault: f}
		return r.Page(web.Status(f.Code), cancelPage(r, page))
	}
	r.SetFlash("good", "programme.plan.cancelled")
	return r.Redirect("/plan/" + page.Activity.Slug)
}

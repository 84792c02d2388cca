package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// reviewPath is the page of the rubric.
const reviewPath = staffPattern + "/review"

// rubricData is the page on which it is said by what applications are scored.
type rubricData struct {
	Activity  seats.Activity
	Rubric    review.Rubric // as it is shown, saved or typed
	Read      int64         // the version that the form was opened with
	Questions []forms.Question
	Progress  review.Progress
	Opened    bool
	Fault     *fault.Error
}

func (m *Module) showRubric(r *web.Request) error {
	return m.rubricAs(r, http.StatusOK, func(*rubricData) {})
}

// rubricAs shows the page; with sets what was typed.
func (m *Module) rubricAs(r *web.Request, status int, with func(*rubricData)) error {
	var d rubricData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.Rubric, err = m.Reviews.RubricOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		form, err := m.FormOf(ctx, tx, d.Activity)
		if err != nil {
			return err
		}
		d.Questions = review.Showable(form)
		if d.Progress, err = review.ProgressOf(ctx, tx, d.Activity.ID); err != nil {
			return err
		}
		d.Opened, err = review.Opened(ctx, tx, d.Activity.ID, r.Actor.Person)
		return err
	}); err != nil {
		return err
	}
	d.Read = d.Rubric.Version
	with(&d)
	return r.Page(status, rubricPage(r, m.Parts, d))
}

// rows are the criteria of the form, with an empty one as long as one more may be added.
func (d rubricData) rows() []review.Criterion {
	out := append([]review.Criterion{}, d.Rubric.Criteria...)
	for len(out) < review.MostCriteria && (len(out) < 3 || len(out) <= len(d.Rubric.Criteria)) {
		out = append(out, review.Criterion{})
	}
	return out
}

// typedRubric reads the form. A row without words and points is none.
func typedRubric(r *web.Request) review.SaveRubric {
	cmd := review.SaveRubric{Actor: r.Actor, Shown: r.PostForm["shown"]}
	cmd.Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	for i := range review.MostCriteria + 1 {
		c := review.Criterion{ID: r.PostFormValue(review.Field("id", i)), Name: writing.Read(r.PostForm, review.Field("name", i))}
		typed := strings.TrimSpace(r.PostFormValue(review.Field("most", i)))
		if (c.Name == i18n.Text{}) && typed == "" {
			continue
		}
		var err error
		if c.Most, err = strconv.Atoi(typed); err != nil {
			c.Most = -1
		}
		cmd.Criteria = append(cmd.Criteria, c)
	}
	return cmd
}

// takeRubric saves what was typed.
func (m *Module) takeRubric(r *web.Request) error {
	cmd := typedRubric(r)
	var a seats.Activity
	wrong, err := web.Invalid(m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		return m.Reviews.SaveRubric(ctx, tx, cmd)
	}))
	if err != nil {
		return err
	}
	if wrong != nil {
		return m.rubricAs(r, web.Status(wrong.Code), func(d *rubricData) {
			d.Fault = wrong
			if !d.Rubric.Frozen {
				d.Rubric.Criteria, d.Rubric.Shown, d.Read = cmd.Criteria, cmd.Shown, cmd.Version
			}
		})
	}
	r.SetFlash("good", "seminars.review.saved")
	return r.Redirect(staffPath(a, "/review"))
}

// openScores lets somebody who selects look at the scores of all. A rubric that was typed beside
// the button and is not saved stops it: it would be gone.
func (m *Module) openScores(r *web.Request) error {
	var a seats.Activity
	if cmd := typedRubric(r); r.PostForm.Has(review.Field("name", 0) + "_ky") { // the rubric came with it
		unsaved := false
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
				return err
			}
			is, err := m.Reviews.RubricOf(ctx, tx, a)
			unsaved = !is.Frozen && (!slices.Equal(is.Criteria, cmd.Criteria) || !slices.Equal(is.Shown, cmd.Shown))
			return err
		}); err != nil {
			return err
		}
		if unsaved {
			return m.rubricAs(r, http.StatusConflict, func(d *rubricData) {
				d.Fault = writing.Refused()
				if !d.Rubric.Frozen {
					d.Rubric.Criteria, d.Rubric.Shown, d.Read = cmd.Criteria, cmd.Shown, cmd.Version
				}
			})
		}
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		return m.Reviews.Open(ctx, tx, r.Actor, a.ID)
	}); err != nil {
		return err
	}
	return r.Redirect(staffPath(a, "/applicants?sort=-score"))
}

// blindData is what a reviewer reads.
type blindData struct {
	Queue  review.Queue
	Blind  review.Blind
	Points map[string]string // as typed, else of the own score
	Reason string
	Fault  *fault.Error
}

// reviewed finds the activity of an address for who reviews there.
func (m *Module) reviewed(ctx context.Context, tx *storage.Tx, r *web.Request) (seats.Activity, error) {
	a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(review.MayReview, seats.ScopeOf(a)) {
		return seats.Activity{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

// showQueue lists what a reviewer has to read, by number.
func (m *Module) showQueue(r *web.Request) error {
	var q review.Queue
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.reviewed(ctx, tx, r)
		if err != nil {
			return err
		}
		q, err = m.Reviews.QueueOf(ctx, tx, r.Actor, a.ID)
		return err
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, queuePage(r, q))
}

func (m *Module) showBlind(r *web.Request) error {
	return m.blindAs(r, http.StatusOK, func(*blindData) {})
}

// blindAs shows one application without a name, and notes for its person that it was read.
func (m *Module) blindAs(r *web.Request, status int, with func(*blindData)) error {
	d := blindData{}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.reviewed(ctx, tx, r)
		if err != nil {
			return err
		}
		d.Queue, d.Blind, err = m.Reviews.Read(ctx, tx, r.Actor, r.Say, a.ID, r.PathValue("number"))
		return err
	}); err != nil {
		return err
	}
	d.Points, d.Reason = map[string]string{}, d.Blind.Own.Reason
	for id, p := range d.Blind.Own.Points {
		d.Points[id] = strconv.Itoa(p)
	}
	with(&d)
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(status, blindPage(r, d))
}

// takeScore keeps a score, or that the reviewer knows the person.
func (m *Module) takeScore(r *web.Request) error {
	cmd := review.Give{Actor: r.Actor, Number: r.PathValue("number"), Points: map[string]int{}, Reason: r.PostFormValue("reason"), Known: r.PostFormValue("do") == "known"}
	cmd.Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	typed := map[string]string{}
	var a seats.Activity
	wrong, err := web.Invalid(m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.reviewed(ctx, tx, r); err != nil {
			return err
		}
		rubric, err := m.Reviews.RubricOf(ctx, tx, a)
		if err != nil {
			return err
		}
		for i, c := range rubric.Criteria {
			typed[c.ID] = r.PostFormValue(review.Field("points", i))
			if n, err := strconv.Atoi(typed[c.ID]); err == nil {
				cmd.Points[c.ID] = n
			}
		}
		cmd.Activity = a.ID
		return m.Reviews.Give(ctx, tx, cmd)
	}))
	if err != nil {
		return err
	}
	if wrong != nil {
		return m.blindAs(r, web.Status(wrong.Code), func(d *blindData) { d.Points, d.Reason, d.Fault = typed, cmd.Reason, wrong })
	}
	r.SetFlash("good", "seminars.review.given")
	return r.Redirect("/review/" + a.Slug + "/" + cmd.Number)
}

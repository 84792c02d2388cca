package seminars

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// formData is the page on which an organiser edits the questions.
type formData struct {
	Activity Activity
	Form     Form
	Shared   bool // the form of the template is being edited
	MayShare bool // the form of the template may be edited
	Sources  Sources
	Edit     Question   // what stands in the fields: a question to change, or a new one
	Lines    *i18n.Text // the options as they were typed, nil for those of Edit
	Fault    *fault.Error
}

// shared reports whether the form of the template is meant.
func shared(r *web.Request, a Activity) bool {
	return r.URL.Query().Get("for") == "template" && !a.Template.IsZero()
}

func (d formData) path(more string) string {
	p := staffPath(d.Activity, "/form")
	if d.Shared {
		p += "?for=template"
		more = strings.Replace(more, "?", "&", 1)
	}
	return p + more
}

func (m *Module) formData(ctx context.Context, tx *storage.Tx, r *web.Request) (d formData, err error) {
	if d.Activity, err = m.staffActivity(ctx, tx, r, MaySetUp); err != nil {
		return d, err
	}
	d.Shared = shared(r, d.Activity)
	d.MayShare = r.Actor.May(MaySetUp, scopeOfForm(d.Activity, true))
	if d.Shared && !d.MayShare {
		return d, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if d.Sources, err = m.sources(ctx, tx); err != nil {
		return d, err
	}
	d.Form, err = m.formToChange(ctx, tx, d.Activity, d.Shared)
	return d, err
}

func (m *Module) showFormEditor(r *web.Request) error {
	var d formData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.formData(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.Edit = Question{Kind: AskText}
	if q, ok := d.Form.of(r.URL.Query().Get("edit")); ok {
		d.Edit = q
	}
	return r.Page(http.StatusOK, formPage(r, d))
}

// takeFormEditor does one thing to the form: adds or changes a question, moves
// it up or down, or takes it out.
func (m *Module) takeFormEditor(r *web.Request) error {
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return fault.New(fault.Conflict, "seminars.fault.form_changed")
	}
	cmd := ChangeForm{
		Actor: r.Actor, Version: version, Do: FormStep(r.PostFormValue("do")), Key: r.PostFormValue("key"), Question: writtenQuestion(r),
	}
	var d formData
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.formData(ctx, tx, r); err != nil {
			return err
		}
		cmd.Activity, cmd.Shared = d.Activity.ID, d.Shared
		return m.ChangeForm(ctx, tx, cmd)
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		d.Fault, d.Edit = f, Question{Kind: AskText}
		if cmd.Do == PutQuestion {
			d.Edit, d.Lines = cmd.Question.again(d.Form, cmd.Key), &cmd.Question.Choices
		}
		return r.Page(web.Status(f.Code), formPage(r, d))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(d.path(""))
}

// writtenQuestion reads the fields of the editor.
func writtenQuestion(r *web.Request) WrittenQuestion {
	text := func(name string) i18n.Text {
		return i18n.Text{Ky: r.PostFormValue(name + "_ky"), Ru: r.PostFormValue(name + "_ru"), En: r.PostFormValue(name + "_en")}
	}
	return WrittenQuestion{
		Kind: QuestionKind(r.PostFormValue("kind")), Label: text("label"), Help: text("help"), Required: r.PostFormValue("required") == "on",
		When: r.PostFormValue("when"), Choices: text("choices"), Min: r.PostFormValue("min"), Max: r.PostFormValue("max"),
	}
}

// again is what the editor shows of a question that was not taken.
func (w WrittenQuestion) again(f Form, key string) Question {
	q, there := f.of(key)
	if !there {
		q.Kind = w.Kind
	}
	q.Label, q.Help, q.Required, q.When = w.Label, w.Help, w.Required, nil
	if on, value, ok := strings.Cut(w.When, "="); ok {
		q.When = &Condition{Question: on, Value: value}
	}
	q.Min, _ = strconv.ParseInt(strings.TrimSpace(w.Min), 10, 64)
	q.Max, _ = strconv.ParseInt(strings.TrimSpace(w.Max), 10, 64)
	return q
}

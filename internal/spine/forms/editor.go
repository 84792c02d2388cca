package forms

import (
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// Editor is the part of a page on which an organiser edits the questions of a form. Every
// button and field of it is sent to Path, where WrittenChange reads it.
type Editor struct {
	Form    Form
	Sources Sources
	Path    string     // of the page, without language; it may have a query
	Heading string     // of the page, for who hears the table and does not see it
	Edit    Question   // what stands in the fields: a question to change, or a new one
	Lines   *i18n.Text // the options as they were typed, nil for those of Edit
	Fault   *fault.Error
	Kinds   []QuestionKind // that may be asked; nil: all but AskPhoto
	Uses    []kit.Item     // what answers may be counted for; nil: nothing
}

// Choose puts into the fields the question that the address names, or a new one.
func (e *Editor) Choose(r *web.Request) {
	e.Edit = Question{Kind: AskText}
	if q, ok := e.Form.Question(r.URL.Query().Get("edit")); ok {
		e.Edit = q
	}
}

// Again shows a change that was not taken, as it was written, with what is wrong with it.
func (e *Editor) Again(c Change, f *fault.Error) {
	e.Fault, e.Edit = f, Question{Kind: AskText}
	if c.Do == PutQuestion {
		e.Edit, e.Lines = c.Question.again(e.Form, c.Key), &c.Question.Choices
	}
}

// WrittenChange reads what the editor sends. Conflict when it does not say which version
// of the form it saw.
func WrittenChange(r *web.Request) (Change, error) {
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return Change{}, fault.New(fault.Conflict, "forms.fault.form_changed")
	}
	text := func(name string) i18n.Text {
		return i18n.Text{Ky: r.PostFormValue(name + "_ky"), Ru: r.PostFormValue(name + "_ru"), En: r.PostFormValue(name + "_en")}
	}
	return Change{Version: version, Do: Step(r.PostFormValue("do")), Key: r.PostFormValue("key"), Question: Written{
		Kind: QuestionKind(r.PostFormValue("kind")), Label: text("label"), Help: text("help"), Required: r.PostFormValue("required") == "on",
		When: r.PostFormValue("when"), Choices: text("choices"), Min: r.PostFormValue("min"), Max: r.PostFormValue("max"),
		Uses: r.PostForm["uses"],
	}}, nil
}

// again is what the editor shows of a question that was not taken.
func (w Written) again(f Form, key string) Question {
	q, there := f.Question(key)
	if !there {
		q.Kind = w.Kind
	}
	q.Uses = w.Uses
	q.Label, q.Help, q.Required, q.When = w.Label, w.Help, w.Required, nil
	if on, value, ok := strings.Cut(w.When, "="); ok {
		q.When = &Condition{Question: on, Value: value}
	}
	q.Min, _ = strconv.ParseInt(strings.TrimSpace(w.Min), 10, 64)
	q.Max, _ = strconv.ParseInt(strings.TrimSpace(w.Max), 10, 64)
	return q
}

// at gives the address of the page with something more in its query.
func (e Editor) at(query string) string {
	if strings.Contains(e.Path, "?") {
		return e.Path + "&" + query
	}
	return e.Path + "?" + query
}

package seminars

import (
	"context"
	"fmt"
	"net/http"
	"slices"
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
	Shared   bool     // the form of the template is being edited
	MayShare bool     // the form of the template may be edited
	Edit     Question // what stands in the fields: a question to change, or a new one
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
	if d.Shared {
		if !d.MayShare {
			return d, fault.New(fault.Forbidden, "seminars.fault.forbidden")
		}
		var ok bool
		if d.Form, ok, err = readForm(ctx, tx, `template_id`, d.Activity.Template); err != nil || !ok {
			d.Form = usualForm(d.Activity.Group)
		}
		return d, err
	}
	d.Form, err = formOf(ctx, tx, d.Activity)
	if err != nil {
		return d, err
	}
	// A form that comes from the template is copied when it is first changed here.
	_, own, err := readForm(ctx, tx, `activity_id`, d.Activity.ID)
	if !own {
		d.Form.Version = 0
	}
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
	var d formData
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.formData(ctx, tx, r); err != nil {
			return err
		}
		if version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil || version != d.Form.Version {
			return fault.New(fault.Conflict, "seminars.fault.form_changed")
		}
		next := Form{Questions: slices.Clone(d.Form.Questions), Version: d.Form.Version}
		key := r.PostFormValue("key")
		at := slices.IndexFunc(next.Questions, func(q Question) bool { return q.Key == key })
		switch r.PostFormValue("do") {
		case "up":
			if at > 0 {
				next.Questions[at-1], next.Questions[at] = next.Questions[at], next.Questions[at-1]
			}
		case "down":
			if at >= 0 && at < len(next.Questions)-1 {
				next.Questions[at+1], next.Questions[at] = next.Questions[at], next.Questions[at+1]
			}
		case "delete":
			if at >= 0 {
				next.Questions = slices.Delete(next.Questions, at, at+1)
			}
		case "save":
			q, err := questionFrom(r, next, at)
			d.Edit = q
			if err != nil {
				return err
			}
			if at >= 0 {
				next.Questions[at] = q
			} else {
				next.Questions = append(next.Questions, q)
			}
		default:
			return fault.New(fault.Invalid, "seminars.fault.reply")
		}
		return m.ChangeForm(ctx, tx, r.Actor, d.Activity, d.Shared, next)
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		d.Fault = f
		if d.Edit.Kind == "" {
			d.Edit = Question{Kind: AskText}
		}
		return r.Page(web.Status(f.Code), formPage(r, d))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(d.path(""))
}

// questionFrom reads a question from the fields of the editor. at is the place
// of the question that is changed, -1 for a new one.
func questionFrom(r *web.Request, f Form, at int) (Question, error) {
	var form fault.Form
	q := Question{Kind: QuestionKind(r.PostFormValue("kind")), Required: r.PostFormValue("required") == "on"}
	if at >= 0 {
		q.Key, q.Kind = f.Questions[at].Key, f.Questions[at].Kind
	}
	text := func(name string, most int) i18n.Text {
		var t i18n.Text
		for _, l := range []struct {
			code string
			to   *string
		}{{"ky", &t.Ky}, {"ru", &t.Ru}, {"en", &t.En}} {
			field := name + "_" + l.code
			*l.to = strings.TrimSpace(r.PostFormValue(field))
			if *l.to == "" {
				continue
			}
			if _, wrong, args := (Question{Kind: AskText, Max: int64(most)}).fix(*l.to, Sources{}); wrong != "" {
				form.Add(field, wrong, args)
			}
		}
		return t
	}
	q.Label, q.Help = text("label", 200), text("help", 300)
	known := slices.Contains(QuestionKinds[:], q.Kind) || q.Kind.Own()
	form.Check(known, "kind", "seminars.fault.choice")
	if q.Kind.Own() {
		q.Key = string(q.Kind)
	} else if q.Key == "" {
		q.Key = freeKey(f)
	}
	usual := at >= 0 && f.Questions[at].Label == (i18n.Text{})
	if !q.Kind.Own() && !usual {
		form.Check(q.Label.Ky != "", "label_ky", "seminars.fault.required")
		form.Check(q.Label.Ru != "", "label_ru", "seminars.fault.required")
		form.Check(q.Label.En != "", "label_en", "seminars.fault.required")
	}
	if q.Kind == AskChoice || q.Kind == AskMany {
		q.Choices = choicesFrom(r, at, f, &form)
	}
	if on := r.PostFormValue("when"); on != "" {
		key, value, _ := strings.Cut(on, "=")
		q.When = &Condition{Question: key, Value: value}
		parent, ok := f.of(key)
		form.Check(ok && key != q.Key && parent.Kind.chosen(), "when", "seminars.fault.condition")
	}
	if q.Kind == AskNumber {
		for _, n := range []struct {
			field string
			to    *int64
		}{{"min", &q.Min}, {"max", &q.Max}} {
			if s := strings.TrimSpace(r.PostFormValue(n.field)); s != "" {
				v, err := strconv.ParseInt(s, 10, 64)
				form.Check(err == nil, n.field, "seminars.fault.number")
				*n.to = v
			}
		}
	} else if at >= 0 {
		q.Max = f.Questions[at].Max
	}
	return q, form.Err()
}

// choicesFrom reads one choice a line, in three languages line by line.
func choicesFrom(r *web.Request, at int, f Form, form *fault.Form) []Choice {
	lines := func(l string) []string {
		var out []string
		for s := range strings.Lines(r.PostFormValue("choices_" + l)) {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	ky, ru, en := lines("ky"), lines("ru"), lines("en")
	form.Check(len(ky) >= 2, "choices_ky", "seminars.fault.two_choices")
	form.Check(len(ky) <= 30, "choices_ky", "seminars.fault.many_choices", fault.Args{"count": 30})
	form.Check(len(ru) == len(ky), "choices_ru", "seminars.fault.choice_lines", fault.Args{"count": len(ky)})
	form.Check(len(en) == len(ky), "choices_en", "seminars.fault.choice_lines", fault.Args{"count": len(ky)})
	var out []Choice
	for i := range ky {
		c := Choice{Value: strconv.Itoa(i + 1), Label: i18n.Text{Ky: ky[i]}}
		if i < len(ru) {
			c.Label.Ru = ru[i]
		}
		if i < len(en) {
			c.Label.En = en[i]
		}
		for _, s := range []string{c.Label.Ky, c.Label.Ru, c.Label.En} {
			_, wrong, args := (Question{Kind: AskText}).fix(s, Sources{})
			if wrong != "" {
				form.Add("choices_ky", wrong, args)
			}
		}
		// A choice that was there keeps its value, so that answers keep their meaning.
		if at >= 0 {
			for _, old := range f.Questions[at].Choices {
				if old.Label == c.Label {
					c.Value = old.Value
				}
			}
		}
		for slices.ContainsFunc(out, func(o Choice) bool { return o.Value == c.Value }) {
			c.Value += "a"
		}
		out = append(out, c)
	}
	return out
}

// freeKey gives a key that no question of the form has.
func freeKey(f Form) string {
	for i := len(f.Questions) + 1; ; i++ {
		key := fmt.Sprintf("q%d", i)
		if _, taken := f.of(key); !taken {
			return key
		}
	}
}

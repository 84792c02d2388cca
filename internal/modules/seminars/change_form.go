package seminars

import (
	"context"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// FormStep is one thing that is done to a form.
type FormStep string

// The steps.
const (
	MoveUp       FormStep = "up"
	MoveDown     FormStep = "down"
	DropQuestion FormStep = "delete"
	PutQuestion  FormStep = "save"
)

// ChangeForm changes one thing of the form of an activity or, when Shared, of its template.
type ChangeForm struct {
	Activity storage.ID
	Actor    access.Actor
	Shared   bool
	Version  int64 // of the form as it was seen
	Do       FormStep
	Key      string // of the question that is meant, empty for a new one
	Question WrittenQuestion
}

// WrittenQuestion is a question as an organiser writes it, for PutQuestion.
type WrittenQuestion struct {
	Kind        QuestionKind // of a new question; who has one keeps its kind
	Label, Help i18n.Text
	Required    bool
	When        string    // question=option, empty for always
	Choices     i18n.Text // an option a line, see setOptions
	Min, Max    string
}

// scopeOfForm is where a form holds: its activity's own there alone, a shared
// one wherever its template is copied, and so in all cities of the programme.
func scopeOfForm(a Activity, shared bool) access.Scope {
	if shared {
		return access.Scope{Programme: a.Programme}
	}
	return scopeOf(a)
}

// formToChange gives the form that a change is made to. One that comes from the template
// is copied when it is first changed for an activity.
func (m *Module) formToChange(ctx context.Context, tx *storage.Tx, a Activity, shared bool) (Form, error) {
	if shared {
		if a.Template.IsZero() {
			return Form{}, fault.New(fault.NotFound, "seminars.fault.activity")
		}
		return m.sharedForm(ctx, tx, a)
	}
	f, err := m.formOf(ctx, tx, a)
	if !f.Own {
		f.Version = 0
	}
	return f, err
}

// ChangeForm makes a new version of a form. Questions and options keep their ids through
// moving and rewording; new ones get ids that no answer ever had.
//
// Forbidden for whoever may not set up all that it holds for; Conflict when somebody else
// changed it since; Invalid when the questions would make no form, or when another
// question hangs on what would be gone, which is named.
func (m *Module) ChangeForm(ctx context.Context, tx *storage.Tx, cmd ChangeForm) error {
	a, err := m.activityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySetUp, scopeOfForm(a, cmd.Shared)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	before, err := m.formToChange(ctx, tx, a, cmd.Shared)
	if err != nil {
		return err
	}
	if before.Version != cmd.Version {
		return fault.New(fault.Conflict, "seminars.fault.form_changed")
	}
	sources, err := m.sources(ctx, tx)
	if err != nil {
		return err
	}
	next := Form{Questions: slices.Clone(before.Questions), Version: before.Version}
	at := slices.IndexFunc(next.Questions, func(q Question) bool { return q.Key == cmd.Key })
	if at < 0 && (cmd.Key != "" || cmd.Do != PutQuestion) {
		return fault.New(fault.Conflict, "seminars.fault.form_changed")
	}
	switch cmd.Do {
	case MoveUp:
		if at > 0 {
			next.Questions[at-1], next.Questions[at] = next.Questions[at], next.Questions[at-1]
		}
	case MoveDown:
		if at < len(next.Questions)-1 {
			next.Questions[at+1], next.Questions[at] = next.Questions[at], next.Questions[at+1]
		}
	case DropQuestion:
		next.Questions = slices.Delete(next.Questions, at, at+1)
	case PutQuestion:
		if at < 0 {
			at = len(next.Questions)
			next.Questions = append(next.Questions, Question{Kind: cmd.Question.Kind, Key: newKey(tx, cmd.Question.Kind)})
		}
		if err := next.put(at, cmd.Question); err != nil {
			return err
		}
	default:
		return fault.New(fault.Invalid, "seminars.fault.reply")
	}
	if err := next.check(before, sources); err != nil {
		return err
	}
	if err := saveForm(ctx, tx, a, cmd.Shared, next); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.form", Object: a.ID})
}

// newKey gives a question its id: that of a field of the person or of the house's own
// consent, which mean the same in every form, else one that no other ever had.
func newKey(tx *storage.Tx, kind QuestionKind) string {
	if kind.Own() || kind == AskProcessing {
		return string(kind)
	}
	id := tx.NewID()
	return "q" + strings.ToLower(base32.StdEncoding.EncodeToString(id[len(id)-5:]))
}

// put writes what an organiser wrote into the question at a place.
func (f Form) put(at int, w WrittenQuestion) error {
	var form fault.Form
	q := f.Questions[at]
	if q.Kind == AskProcessing {
		q.Kind = AskConsent
	}
	form.Check(q.Kind.Own() || slices.Contains(QuestionKinds[:], q.Kind), "kind", "seminars.fault.choice")
	usual := q.Kind.Own() || q.houseWords() // empty words are those of the house
	text := func(field string, t i18n.Text, most int64) i18n.Text {
		for _, l := range []struct {
			code string
			to   *string
		}{{"ky", &t.Ky}, {"ru", &t.Ru}, {"en", &t.En}} {
			if *l.to = strings.TrimSpace(*l.to); *l.to == "" {
				continue
			}
			kept, wrong, args := (Question{Kind: AskText, Max: most}).fix(*l.to, Sources{})
			if wrong != "" {
				form.Add(field+"_"+l.code, wrong, args)
			}
			*l.to = kept // a label of one line
		}
		return t
	}
	q.Label, q.Help, q.Required = text("label", w.Label, 200), text("help", w.Help, 300), w.Required
	if !usual || q.Label != (i18n.Text{}) {
		form.Check(q.Label.Ky != "", "label_ky", "seminars.fault.required")
		form.Check(q.Label.Ru != "", "label_ru", "seminars.fault.required")
		form.Check(q.Label.En != "", "label_en", "seminars.fault.required")
	}
	if q.Kind == AskChoice || q.Kind == AskMany {
		q.setOptions(w.Choices, &form)
	}
	q.When = nil
	if w.When != "" {
		key, value, _ := strings.Cut(w.When, "=")
		q.When = &Condition{Question: key, Value: value}
	}
	if q.Kind == AskNumber {
		q.Min, q.Max = 0, 0
		for _, n := range []struct {
			field, text string
			to          *int64
		}{{"min", w.Min, &q.Min}, {"max", w.Max, &q.Max}} {
			if s := strings.TrimSpace(n.text); s != "" {
				v, err := strconv.ParseInt(s, 10, 64)
				form.Check(err == nil, n.field, "seminars.fault.number")
				*n.to = v
			}
		}
		form.Check(q.Max == 0 || q.Min <= q.Max, "max", "seminars.fault.range", fault.Args{"min": q.Min, "max": int64(1)<<53 - 1})
	}
	f.Questions[at] = q
	return form.Err()
}

// at gives the place of a question, -1 when the form does not have it.
func (f Form) at(key string) int {
	for i := range f.Questions { // a question is large, and this is asked often
		if f.Questions[i].Key == key {
			return i
		}
	}
	return -1
}

// houseWords reports whether the house has words for a question of the usual form.
func (q Question) houseWords() bool {
	return q.Key == string(AskProcessing) || catalogue().Printer(i18n.Kyrgyz).Has(houseKey(q.Key))
}

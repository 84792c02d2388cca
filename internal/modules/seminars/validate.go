package seminars

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// validate judges answers to the whole form and gives those that count: of questions
// that apply, as they are kept. Whatever else came, of questions that do not apply, that
// the form does not have, or that it had once, is dropped. The fault has an entry for
// each field that is missing or wrong.
func (f Form) validate(given Answers, s Sources) (Answers, error) {
	out := Answers{}.clone()
	var form fault.Form
	for _, q := range f.Questions { // a condition looks back, so what it hangs on is judged already
		if !f.shown(q, out) {
			continue
		}
		read(out, []Question{q}, map[string][]string{q.field(): given.Values[q.Key]}, given.Files, s, true, &form)
	}
	if f.asks(AskPhone) && f.asks(AskEmail) {
		contact(out, &form)
	}
	return out, form.Err()
}

// judgeAnswers validates the answers of a command against the form as it is now, and leaves with
// it those that count.
func (m *Module) judgeAnswers(ctx context.Context, tx *storage.Tx, cmd *applying, form Form) error {
	sources, err := m.sources(ctx, tx)
	if err != nil {
		return err
	}
	given := cmd.Answers
	if cmd.Answers, cmd.judged = cmd.ready.judged(form, cmd.Activity.Group, sources); !cmd.judged {
		cmd.Answers, err = form.validate(given, sources)
	}
	var wrong fault.Form
	if err := wrong.Join(err); err != nil {
		return err
	}
	return m.judgeWording(ctx, tx, cmd.Activity, form, given.Asked, cmd.Answers, wrong)
}

// judgeWording finds a question that was worded otherwise when she answered it: it is
// asked again, she has not answered this one.
func (m *Module) judgeWording(ctx context.Context, tx *storage.Tx, a Activity, form Form, asked map[string]string, answers Answers, wrong fault.Form) error {
	if len(asked) == 0 {
		return wrong.Err()
	}
	seen := map[string]Form{form.ref(): form}
	for _, q := range form.Questions {
		ref, known := asked[q.Key]
		if !known || ref == form.ref() || !answers.has(q.Key) {
			continue
		}
		was, ok := seen[ref]
		if !ok {
			var err error
			if was, err = m.formByRef(ctx, tx, a, ref); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			seen[ref] = was
		}
		before, there := was.of(q.Key)
		wrong.Check(there && q.saysTheSame(before, answers.Values[q.Key]), q.field(), "seminars.fault.reworded")
	}
	return wrong.Err()
}

// has reports whether a question was answered.
func (a Answers) has(key string) bool {
	_, file := a.Files[key]
	return file || len(a.Values[key]) > 0
}

// saysTheSame reports whether a question has the words that it had before, as far as
// they matter for these answers to it.
func (q Question) saysTheSame(before Question, values []string) bool {
	if q.Kind != before.Kind || q.Label != before.Label || q.Help != before.Help {
		return false
	}
	return !slices.ContainsFunc(values, func(v string) bool { return q.option(v).Label != before.option(v).Label })
}

// option gives the choice of a value, the zero one when there is none.
func (q Question) option(value string) Choice {
	for _, c := range q.Choices {
		if c.Value == value {
			return c
		}
	}
	return Choice{}
}

// ref names what the form asks, for a page that is drawn of it.
func (f Form) ref() string {
	if f.ID.IsZero() {
		return "usual"
	}
	return f.ID.String()
}

// formByRef finds what a page was drawn of. NotFound.
func (m *Module) formByRef(ctx context.Context, tx *storage.Tx, a Activity, ref string) (Form, error) {
	if ref == usualForm(a.Group).ref() {
		return usualForm(a.Group), nil
	}
	id, err := storage.ParseID(ref)
	if err != nil {
		return Form{}, fault.New(fault.NotFound, "seminars.fault.form_changed")
	}
	return m.formVersion(ctx, tx, id)
}

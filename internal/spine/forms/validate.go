package forms

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Validate judges answers to the whole form and gives those that count: of questions
// that apply, as they are kept. Whatever else came, of questions that do not apply, that
// the form does not have, or that it had once, is dropped. The fault has an entry for
// each field that is missing or wrong.
//
// Every use case that takes answers calls it, in its own transaction, with the form as it
// is then: a page may be old, and a handler judges nothing.
func (f Form) Validate(given Answers, s Sources) (Answers, error) {
	out := Answers{}.Clone()
	var form fault.Form
	for _, q := range f.Questions { // a condition looks back, so what it hangs on is judged already
		if !f.Applies(q, out) {
			continue
		}
		Read(out, []Question{q}, map[string][]string{q.Field(): given.Values[q.Key]}, given.Files, s, true, &form)
	}
	f.checkContact(out, &form)
	return out, form.Err()
}

// SameWords finds a question that was worded otherwise when it was answered: it is asked
// again, for she has not answered this one. given are the answers as they came, with the
// versions that their pages were drawn of; judged is what Validate gave for them, and
// wrong what it found, which is given back together with what is found here.
func (s Shelf) SameWords(ctx context.Context, tx *storage.Tx, of Owner, form Form, given, judged Answers, wrong error) error {
	var faults fault.Form
	if err := faults.Join(wrong); err != nil {
		return err
	}
	seen := map[string]Form{form.Ref(): form}
	for _, q := range form.Questions {
		ref, known := given.Asked[q.Key]
		if !known || ref == form.Ref() || !judged.Has(q.Key) {
			continue
		}
		was, ok := seen[ref]
		if !ok {
			var err error
			if was, err = s.ByRef(ctx, tx, of, ref); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			seen[ref] = was
		}
		before, there := was.Question(q.Key)
		faults.Check(there && q.saysTheSame(before, judged.Values[q.Key]), q.Field(), "forms.fault.reworded")
	}
	return faults.Err()
}

// saysTheSame reports whether a question has the words that it had before, as far as
// they matter for these answers to it.
func (q Question) saysTheSame(before Question, values []string) bool {
	if q.Kind != before.Kind || q.Label != before.Label || q.Help != before.Help {
		return false
	}
	return !slices.ContainsFunc(values, func(v string) bool { return q.option(v).Label != before.option(v).Label })
}

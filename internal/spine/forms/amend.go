package forms

import (
	"bytes"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/web"
)

// amendable reports whether an answer may be changed later on the page of what was handed in.
// Who she is, and what she agreed to, stand with her and are changed there; a consent that was
// not asked for before is asked for like any question.
func (f Form) amendable(q Question, before Answers) bool {
	if q.Kind == AskConsent {
		return !f.Applies(q, before)
	}
	return !q.Kind.Own()
}

// Amendable gives the questions that may be answered anew by who answered before, of those that
// apply by what she answers now.
func (f Form) Amendable(before, now Answers) (out []Question) {
	for _, q := range f.Questions {
		if f.amendable(q, before) && f.Applies(q, now) {
			out = append(out, q)
		}
	}
	return out
}

// Amend judges what somebody changes in answers that she gave: given stands for the questions
// of Amendable, all others stay as they were. What does not apply any more is dropped. The
// fault has an entry for each field that is missing or wrong; changed is false when
// everything is as before.
func (f Form) Amend(before, given Answers, s Sources) (now Answers, changed bool, err error) {
	now = before.Clone()
	var form fault.Form
	for _, q := range f.Questions { // a condition looks back, so what it hangs on is judged already
		switch {
		case !f.Applies(q, now):
			delete(now.Values, q.Key)
			delete(now.Files, q.Key)
		case f.amendable(q, before):
			delete(now.Values, q.Key)
			delete(now.Files, q.Key)
			Read(now, []Question{q}, map[string][]string{q.Field(): given.Values[q.Key]}, given.Files, s, true, &form)
		}
	}
	changed = !maps.EqualFunc(before.Values, now.Values, slices.Equal[[]string]) || !maps.EqualFunc(before.Files, now.Files, Upload.same)
	return now, changed, form.Err()
}

// Amending reads what came with a page that asks Amendable of the answers before: what was
// written, with the files that stay. A fault is of what cannot be read at all.
func (f Form) Amending(r *web.Request, before Answers, s Sources) (given Answers, wrong *fault.Error, err error) {
	given = before.Clone()
	var form, later fault.Form
	var came []Question // those that applied when the page was drawn, and those that do by what it says now
	for _, q := range f.Questions {
		if f.amendable(q, before) && (f.Applies(q, before) || r.PostForm.Has(q.Field()) || len(r.Files(q.Field())) > 0) {
			came = append(came, q)
		}
	}
	chosen, err := uploads(r, came, &form)
	if err != nil {
		return given, nil, err
	}
	Read(given, came, r.PostForm, chosen, s, false, &later) // the use case judges
	return given, fault.Of(form.Err()), nil
}

func (u Upload) same(other Upload) bool {
	return u.Name == other.Name && u.Type == other.Type && bytes.Equal(u.Data, other.Data)
}

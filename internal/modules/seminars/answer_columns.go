package seminars

import (
	"context"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// An answer stands under the words that were answered. A question that was reworded has
// a column for each wording that somebody has answered, the present one first; one that
// is asked no more keeps its column as long as there is an answer.

// askedAs tells a wording of a question from all others.
type askedAs struct {
	key        string
	ky, ru, en string
}

func (q Question) askedAs() askedAs { return askedAs{q.Key, q.Label.Ky, q.Label.Ru, q.Label.En} }

// answerColumn is a column of a table of answers.
type answerColumn struct {
	asked askedAs
	head  string
}

// answerColumns gives the columns of a table of applicants, without the fields of the
// person, and the answers of each application in words.
func (m *Module) answerColumns(ctx context.Context, tx *storage.Tx, r *web.Request, d selectionData) ([]answerColumn, map[storage.ID]map[askedAs]sheet.Value, error) {
	now, err := m.formOf(ctx, tx, d.Activity)
	if err != nil {
		return nil, nil, err
	}
	var list []Question
	for _, q := range now.Questions {
		if q.inTable() {
			list = append(list, q)
		}
	}
	answered := map[storage.ID]map[askedAs]sheet.Value{}
	for _, a := range d.List {
		form, err := m.answeredForm(ctx, tx, d.Activity, a.Application)
		if err != nil {
			return nil, nil, err
		}
		answers, err := m.answersOf(ctx, tx, a.Application)
		if err != nil {
			return nil, nil, err
		}
		answered[a.ID] = map[askedAs]sheet.Value{}
		for _, q := range form.Questions {
			if !q.inTable() || len(answers.Values[q.Key]) == 0 {
				continue
			}
			answered[a.ID][q.askedAs()] = answerCell(r, q, answers)
			if slices.ContainsFunc(list, func(o Question) bool { return o.askedAs() == q.askedAs() }) {
				continue
			}
			at := len(list) // one that is asked no more
			for i, o := range list {
				if o.Key == q.Key {
					at = i + 1
				}
			}
			list = slices.Insert(list, at, q)
		}
	}
	return headed(r, list, now), answered, nil
}

// inTable reports whether an answer has a column of its own: the fields of the person
// have theirs already, and a file has no words.
func (q Question) inTable() bool { return !q.Kind.Own() && q.Kind != AskFile }

// headed names the columns, no two alike: those of the form as it is now by their words
// alone.
func headed(r *web.Request, list []Question, now Form) []answerColumn {
	used := map[string]bool{}
	unused := func(head string) string {
		name := head
		for i := 2; used[name]; i++ {
			name = head + " " + strconv.Itoa(i)
		}
		used[name] = true
		return name
	}
	present := func(q Question) bool {
		p, there := now.of(q.Key)
		return there && p.askedAs() == q.askedAs()
	}
	out := make([]answerColumn, len(list))
	for i, q := range list {
		if present(q) {
			out[i] = answerColumn{q.askedAs(), unused(q.label(r.Say))}
		}
	}
	for i, q := range list {
		if present(q) {
			continue
		}
		head := q.label(r.Say)
		if used[head] {
			head += " — " + r.Say.T("seminars.column.before")
		}
		out[i] = answerColumn{q.askedAs(), unused(head)}
	}
	return out
}

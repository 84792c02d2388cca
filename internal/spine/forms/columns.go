package forms

import (
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// An answer stands under the words that were answered. A question that was reworded has
// a column for each wording that somebody has answered, the present one first; one that
// is asked no more keeps its column as long as there is an answer.

// Answered are answers with the form that they answer.
type Answered struct {
	Form    Form
	Answers Answers
}

// askedAs tells a wording of a question from all others.
type askedAs struct {
	key        string
	ky, ru, en string
}

func (q Question) askedAs() askedAs { return askedAs{q.Key, q.Label.Ky, q.Label.Ru, q.Label.En} }

// Columns gives the columns of a table of answers to versions of one form, without the
// fields of the person, and a row of cells for each of the answers. now is the form as it
// is; no two columns have the same head.
func Columns(say *i18n.Printer, now Form, all []Answered) (heads []string, rows [][]sheet.Value) {
	var list []Question
	for _, q := range now.Questions {
		if q.inTable() {
			list = append(list, q)
		}
	}
	answered := make([]map[askedAs]sheet.Value, len(all))
	for n, one := range all {
		answered[n] = map[askedAs]sheet.Value{}
		for _, q := range one.Form.Questions {
			if !q.inTable() || len(one.Answers.Values[q.Key]) == 0 {
				continue
			}
			answered[n][q.askedAs()] = q.Cell(say, one.Answers)
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
	for _, cells := range answered {
		row := make([]sheet.Value, len(list))
		for i, q := range list {
			cell, there := cells[q.askedAs()]
			if !there {
				cell = sheet.Text("")
			}
			row[i] = cell
		}
		rows = append(rows, row)
	}
	return headed(say, list, now), rows
}

// Cell gives an answer as a cell of a table: one to a question for a number as a number.
func (q Question) Cell(say *i18n.Printer, a Answers) sheet.Value {
	words := q.Words(say, a.Values[q.Key])
	if natures[q.Kind].figures {
		if n, err := strconv.ParseInt(words, 10, 64); err == nil && n > -1e15 && n < 1e15 {
			return sheet.Figure(float64(n))
		}
	}
	return sheet.Text(words)
}

// inTable reports whether an answer has a column of its own: the fields of the person
// have theirs already, and a file has no words.
func (q Question) inTable() bool { return !q.Kind.Own() && q.Kind != AskFile }

// headed names the columns, no two alike: those of the form as it is now by their words
// alone.
func headed(say *i18n.Printer, list []Question, now Form) []string {
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
		p, there := now.Question(q.Key)
		return there && p.askedAs() == q.askedAs()
	}
	out := make([]string, len(list))
	for i, q := range list {
		if present(q) {
			out[i] = unused(q.Title(say))
		}
	}
	for i, q := range list {
		if present(q) {
			continue
		}
		head := q.Title(say)
		if used[head] {
			head += " — " + say.T("forms.column.before")
		}
		out[i] = unused(head)
	}
	return out
}

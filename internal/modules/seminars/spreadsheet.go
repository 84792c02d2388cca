package seminars

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// table gives the applicants as rows, the head first.
func (m *Module) table(ctx context.Context, tx *storage.Tx, r *web.Request, d selectionData) ([][]sheet.Value, error) {
	more, answered, err := m.answerColumns(ctx, tx, r, d)
	if err != nil {
		return nil, err
	}
	head := []string{r.Say.T("seminars.column.full_name"), r.Say.T("seminars.column.state"), r.Say.T("seminars.column.since")}
	own := columnKinds()
	for _, k := range own {
		head = append(head, columnOf(k, r.Say))
	}
	for _, c := range more {
		head = append(head, c.head)
	}
	head = append(head, "id", r.Say.T("seminars.column.together")) // what a draw needs
	rows, groups := [][]sheet.Value{sheet.Texts(head...)}, map[storage.ID]int{}
	for _, a := range d.List {
		row := append(sheet.Texts(a.Details.FullName, r.Say.T("seminars.state."+string(a.State))), sheet.Moment(a.Made))
		values := known(a.Details)
		for _, k := range own {
			row = append(row, answerCell(r, Question{Key: string(k), Kind: k}, values))
		}
		for _, c := range more {
			cell, there := answered[a.ID][c.asked]
			if !there {
				cell = sheet.Text("")
			}
			row = append(row, cell)
		}
		together := sheet.Text("")
		if !a.Group.IsZero() {
			if groups[a.Group] == 0 {
				groups[a.Group] = len(groups) + 1
			}
			together = sheet.Figure(float64(groups[a.Group]))
		}
		rows = append(rows, append(row, sheet.Text(a.ID.String()), together))
	}
	return rows, nil
}

// columnKinds are the fields of the person that have a column after her name. Columns of a
// table that leaves the house keep their order: the languages came later and stand last.
func columnKinds() []QuestionKind {
	own := slices.DeleteFunc(slices.Clone(OwnKinds), func(k QuestionKind) bool { return k == AskName || k == AskLanguages })
	return append(own, AskLanguages)
}

// answerCell gives an answer as a cell: the answer to a question for a number as a number.
func answerCell(r *web.Request, q Question, a Answers) sheet.Value {
	words := answerWords(r, q, a)
	if q.Kind == AskNumber {
		if n, err := strconv.ParseInt(words, 10, 64); err == nil && n > -1e15 && n < 1e15 {
			return sheet.Figure(float64(n))
		}
	}
	return sheet.Text(words)
}

// sendTable gives the list as a file. Each person in it is told in her own log.
func (m *Module) sendTable(r *web.Request) error {
	d, err := m.selection(r)
	if err != nil {
		return err
	}
	var rows [][]sheet.Value
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		for _, a := range d.List {
			if err := audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: a.Person, Action: "seminars.audit.exported", Object: d.Activity.ID}); err != nil {
				return err
			}
		}
		rows, err = m.table(ctx, tx, r, d)
		return err
	}); err != nil {
		return err
	}
	var body []byte
	name, kind := "applicants-"+d.Activity.Slug, sheet.TypeCSV
	if r.PostFormValue("format") == "xlsx" {
		name, kind = name+".xlsx", sheet.TypeXLSX
		body, err = sheet.XLSX(r.Say.T("seminars.export.tab"), rows)
	} else {
		name += ".csv"
		body, err = sheet.CSV(r.Lang, rows)
	}
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	r.W.WriteHeader(http.StatusOK)
	_, err = r.W.Write(body)
	return err
}

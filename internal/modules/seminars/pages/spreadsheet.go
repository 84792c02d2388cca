package pages

import (
	"context"
	"net/http"
	"slices"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/forms"
)

// table gives the applicants as rows, the head first.
func (m *Module) table(ctx context.Context, tx *storage.Tx, r *web.Request, d selectionData) ([][]sheet.Value, error) {
	heads, cells, err := m.answerColumns(ctx, tx, r, d)
	if err != nil {
		return nil, err
	}
	head := []string{r.Say.T("seminars.column.full_name"), r.Say.T("seminars.column.state"), r.Say.T("seminars.column.since")}
	own := columnKinds()
	for _, k := range own {
		head = append(head, k.Column(r.Say))
	}
	head = append(append(head, heads...), "id", r.Say.T("seminars.column.together")) // what a draw needs
	rows, groups := [][]sheet.Value{sheet.Texts(head...)}, map[storage.ID]int{}
	for n, a := range d.List {
		row := append(sheet.Texts(a.Details.FullName, r.Say.T("seminars.state."+string(a.State))), sheet.Moment(a.Made))
		values := forms.Known(a.Details)
		for _, k := range own {
			row = append(row, forms.Question{Key: string(k), Kind: k}.Cell(r.Say, values))
		}
		row = append(row, cells[n]...)
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

// answerColumns gives the columns of what was answered beyond the fields of the person,
// and the cells of each applicant.
func (m *Module) answerColumns(ctx context.Context, tx *storage.Tx, r *web.Request, d selectionData) (heads []string, cells [][]sheet.Value, err error) {
	now, err := m.FormOf(ctx, tx, d.Activity)
	if err != nil {
		return nil, nil, err
	}
	all := make([]forms.Answered, len(d.List))
	for i, a := range d.List {
		if all[i].Form, err = m.AnsweredForm(ctx, tx, d.Activity, a.Application); err != nil {
			return nil, nil, err
		}
		if all[i].Answers, err = m.AnswersOf(ctx, tx, a.Application); err != nil {
			return nil, nil, err
		}
	}
	heads, cells = forms.Columns(r.Say, now, all)
	return heads, cells, nil
}

// columnKinds are the fields of the person that have a column after her name. Columns of a
// table that leaves the house keep their order: the languages came later and stand last.
func columnKinds() []forms.QuestionKind {
	own := slices.DeleteFunc(slices.Clone(forms.OwnKinds), func(k forms.QuestionKind) bool { return k == forms.AskName || k == forms.AskLanguages })
	return append(own, forms.AskLanguages)
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

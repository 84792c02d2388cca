package seminars

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// harmless keeps a spreadsheet program from taking a cell of a CSV file for a
// formula: an apostrophe goes before it. A plus with digits alone is a phone
// number, which no program computes, and stays as it is.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return s
	}
	if s[0] == '+' && len(s) > 1 && strings.Trim(s[1:], "0123456789 ") == "" {
		return s
	}
	return "'" + s
}

// table gives the applicants as rows of words, the head first.
func (m *Module) table(ctx context.Context, tx *storage.Tx, r *web.Request, d selectionData) ([][]string, error) {
	form, err := m.formOf(ctx, tx, d.Activity)
	if err != nil {
		return nil, err
	}
	head := []string{r.Say.T("seminars.column.name"), r.Say.T("seminars.column.state"), r.Say.T("seminars.column.since")}
	own := []QuestionKind{AskPhone, AskEmail, AskSex, AskAge, AskPlace, AskVillage, AskGroup, AskLevel, AskOrganisation, AskAccess}
	for _, k := range own {
		head = append(head, columnOf(k, r.Say))
	}
	var more []Question
	for _, q := range form.Questions {
		if !q.Kind.Own() && q.Kind != AskFile {
			more = append(more, q)
			head = append(head, q.label(r.Say))
		}
	}
	head = append(head, "id", r.Say.T("seminars.column.together")) // what a draw needs
	rows, groups := [][]string{head}, map[storage.ID]int{}
	for _, a := range d.List {
		row := []string{a.Details.FullName, r.Say.T("seminars.state." + string(a.State)), a.Made.In(i18n.Bishkek()).Format("2006-01-02 15:04")}
		values := known(a.Details)
		for _, k := range own {
			row = append(row, answerWords(r, Question{Key: string(k), Kind: k}, values))
		}
		answers, err := m.answersOf(ctx, tx, a.Application)
		if err != nil {
			return nil, err
		}
		for _, q := range more {
			row = append(row, answerWords(r, q, answers))
		}
		together := ""
		if !a.Group.IsZero() {
			if groups[a.Group] == 0 {
				groups[a.Group] = len(groups) + 1
			}
			together = strconv.Itoa(groups[a.Group])
		}
		rows = append(rows, append(row, a.ID.String(), together))
	}
	return rows, nil
}

// sendTable gives the list as a file. Each person in it is told in her own log.
func (m *Module) sendTable(r *web.Request) error {
	d, err := m.selection(r)
	if err != nil {
		return err
	}
	var rows [][]string
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
	name, kind := "applicants-"+d.Activity.Slug, "text/csv; charset=utf-8"
	if r.PostFormValue("format") == "xlsx" {
		name, kind = name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		body, err = workbook(rows)
	} else {
		name += ".csv"
		body, err = commaSeparated(rows)
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

func commaSeparated(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff") // so that spreadsheet programs read Cyrillic
	w := csv.NewWriter(&b)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, s := range row {
			safe[i] = harmless(s)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// workbook writes every cell as text, so that nothing in it is a formula and a
// phone keeps its plus.
func workbook(rows [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	for i, row := range rows {
		for j, s := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			if err := f.SetCellStr(sheet, cell, s); err != nil {
				return nil, err
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

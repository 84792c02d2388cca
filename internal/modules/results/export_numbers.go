package results

import (
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/web"
)

// export gives the exact numbers that staff see as a table.
func (m *Module) export(r *web.Request) error {
	p, err := m.count(r)
	if err != nil {
		return err
	}
	if p.Fault != nil {
		return p.Fault
	}
	rows := p.rows(r)
	kind, ending := sheet.TypeCSV, ".csv"
	body, err := sheet.CSV(r.Lang, rows)
	if r.PostFormValue("format") == "xlsx" {
		kind, ending = sheet.TypeXLSX, ".xlsx"
		body, err = sheet.XLSX(r.Say.T("results.numbers.title"), rows)
	}
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="numbers-`+m.Store.Now().In(i18n.Bishkek()).Format(time.DateOnly)+ending+`"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err = r.W.Write(body)
	return err
}

// rows are the tables of the page below each other, each with the number of all.
func (p Numbers) rows(r *web.Request) [][]sheet.Value {
	head := []string{r.Say.T("results.numbers.of"), r.Say.T("results.numbers.value")}
	for _, c := range p.Counts {
		name := r.Say.T(c.Text)
		head = append(head, name+": "+r.Say.T("results.release.people"), name+": "+r.Say.T("results.numbers.times", "count", 2))
	}
	out := [][]sheet.Value{sheet.Texts(head...)}
	line := func(of, value string, numbers []int) {
		row := sheet.Texts(of, value)
		for _, n := range numbers {
			row = append(row, sheet.Figure(float64(n)))
		}
		out = append(out, row)
	}
	var whole []int
	for _, n := range p.Whole {
		whole = append(whole, n.People, n.Times)
	}
	for _, t := range p.Tables {
		of := r.Say.T("results.facts." + string(t.By))
		for _, row := range t.Rows {
			var numbers []int
			for _, n := range row.Numbers {
				numbers = append(numbers, n.People, n.Times)
			}
			line(of, row.Label, numbers)
		}
		line(of, r.Say.T("results.numbers.whole"), whole)
	}
	return out
}

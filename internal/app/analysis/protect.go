package analysis

import (
	"bufio"
	"encoding/json"
	"io"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/disclosure"
)

// ProtectOptions are what Protect is asked for beside the file.
type ProtectOptions struct {
	Plan      string   // path of the plan
	K         int      // the smallest count that is shown
	Published []string // paths of results published before
	Say       func(string)
}

// Protect reads microdata and a plan, and writes the tables of the plan with what
// must be hidden left out. It gives how many counts are shown, of how many.
func Protect(file string, options ProtectOptions, out io.Writer, bar Progress) (shown, all int, err error) {
	plan, err := readPlan(options.Plan)
	if err != nil {
		return 0, 0, err
	}
	var published []*disclosure.Result
	for _, path := range options.Published {
		r, err := readPublished(path)
		if err != nil {
			return 0, 0, err
		}
		published = append(published, r)
	}
	s, err := sheet.Open(file, append([]string{plan.Person}, plan.dimensions()...)...)
	if err != nil {
		return 0, 0, err
	}
	result, notes, err := protect(s, plan, disclosure.Options{K: options.K, Published: published, Progress: bar.Step})
	if err != nil {
		return 0, 0, err
	}
	say := sayer(options.Say)
	say.file(s)
	say.all(notes)
	shown, all = result.Shown()
	return shown, all, writeResult(out, result)
}

// maxProtectCell is the longest value that is taken; each is written many times.
const maxProtectCell = 1000

// protect brings the columns of the plan from the sheet to the science.
// The notes say which words were taken for one.
func protect(s *sheet.Sheet, plan protectPlan, o disclosure.Options) (*disclosure.Result, []string, error) {
	dims := plan.dimensions()
	columns, err := s.Require(append([]string{plan.Person}, dims...)...)
	if err != nil {
		return nil, nil, err
	}
	data, err := disclosure.NewData(dims...)
	if err != nil {
		return nil, nil, &sheet.Error{File: plan.file, Text: err.Error()}
	}
	words := make([]spellings, len(columns))
	for i := range words {
		words[i] = spellings{}
	}
	for row, err := range s.Rows() { // first how the words are written
		if err != nil {
			return nil, nil, err
		}
		for i, c := range columns {
			if n := len(row.Cells[c]); n > maxProtectCell {
				return nil, nil, row.Fail(c, "expected at most %d bytes, found %d: this is no name of a person or a group", maxProtectCell, n)
			}
			words[i].add(row.Cells[c])
		}
	}
	values := make([]string, len(dims))
	for row, err := range s.Rows() {
		if err != nil {
			return nil, nil, err
		}
		person := wordKey(row.Cells[columns[0]])
		if person == "" {
			return nil, nil, row.Fail(columns[0], "expected who took part, found nothing: nobody can be counted once without being told apart")
		}
		for i, c := range columns[1:] {
			values[i] = words[i+1].word(wordKey(row.Cells[c]))
			if plan.Period != "" && dims[i] == plan.Period && values[i] == "" {
				return nil, nil, row.Fail(c, "expected the period, found nothing")
			}
		}
		if err := data.Add(person, values...); err != nil {
			return nil, nil, row.Fail(-1, "%v", err)
		}
	}
	var notes []string
	for i, w := range words {
		notes = append(notes, w.notes(s, columns[i])...)
	}
	result, err := disclosure.Protect(data, disclosure.Plan{Tables: plan.Tables, Period: plan.Period}, o)
	if err != nil {
		return nil, nil, &sheet.Error{File: plan.file, Text: err.Error()}
	}
	return result, notes, nil
}

// writeResult writes the JSON of the contract, one cell a line.
func writeResult(out io.Writer, r *disclosure.Result) error {
	w := bufio.NewWriter(out)
	quote := func(text string) {
		raw, _ := json.Marshal(text) // a string can always be written
		_, _ = w.Write(raw)
	}
	write := func(text string) { _, _ = w.WriteString(text) } // Flush tells what went wrong
	head, _ := json.Marshal(r.K)
	write(`{"k":` + string(head) + `,"tables":[`)
	for i, t := range r.Tables {
		if i > 0 {
			write(",")
		}
		write("\n{\"by\":")
		by, _ := json.Marshal(t.By)
		_, _ = w.Write(by)
		if t.Period != "" {
			write(`,"period":`)
			quote(t.Period)
		}
		write(`,"cells":[`)
		for j, c := range t.Cells {
			if j > 0 {
				write(",")
			}
			write("\n{")
			for d, v := range c.At {
				quote(t.By[d])
				if v.All {
					write(":null,")
				} else {
					write(":")
					quote(v.Text)
					write(",")
				}
			}
			if c.Hidden {
				write(`"n":null}`)
			} else {
				n, _ := json.Marshal(c.N)
				write(`"n":` + string(n) + "}")
			}
		}
		write("]}")
	}
	write("]}\n")
	return w.Flush()
}

package analysis

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/gain"
)

// ItemsOptions are what the command was told.
type ItemsOptions struct {
	Explain i18n.Language // sentences in this language; empty for JSON
	Say     func(string)  // takes messages; nil: nobody is told
}

// personColumns are names of a first column that holds persons, not an item.
var personColumns = []string{"person", "id", "participant", "student", "адам", "катышуучу", "участник"}

// Items analyses a file with a row for each person and a column for each item.
// A column's name may carry the item's highest points: task[3].
func Items(file string, o ItemsOptions, out io.Writer) error {
	s, err := sheet.Open(file)
	if err != nil {
		return err
	}
	return itemsOf(s, o, out)
}

func itemsOf(s *sheet.Sheet, o ItemsOptions, out io.Writer) error {
	sayer(o.Say).file(s)
	first := 0
	if slices.Contains(personColumns, strings.ToLower(s.Header[0])) {
		first = 1
	}
	if len(s.Header) == first {
		return &sheet.Error{File: s.Name, Line: s.HeaderLine(), Text: "expected a column for each item, found none"}
	}
	if len(s.Header)-first > gain.MaxItems {
		return &sheet.Error{File: s.Name, Line: s.HeaderLine(), Text: fmt.Sprintf("%d items, at most %d are analysed", len(s.Header)-first, gain.MaxItems)}
	}
	names, most, err := readItemNames(s, first)
	if err != nil {
		return err
	}
	answers, err := readAnswers(s, first, most)
	if err != nil {
		return err
	}
	r, err := gain.Items(answers, most)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if o.Explain != "" {
		return explain(out, o.Explain, fromGain(r.Findings(), names))
	}
	return write(out, itemsJSON(r, names))
}

// readItemNames parts names such as task[3] into the name and the highest
// points, NaN where a name tells none.
func readItemNames(s *sheet.Sheet, first int) (names []string, most []float64, err error) {
	for i, head := range s.Header[first:] {
		name, points, told := strings.Cut(strings.TrimSuffix(head, "]"), "[")
		if !told || !strings.HasSuffix(head, "]") {
			names, most = append(names, head), append(most, math.NaN())
			continue
		}
		m, err := sheet.Number(points)
		if err != nil || m < 1e-6 || m > 1e6 {
			return nil, nil, &sheet.Error{File: s.Name, Line: s.HeaderLine(), Column: first + i + 1, Name: head, Text: "expected the item's highest points in brackets, above 0 and at most 1000000, as in task[3]"}
		}
		if name = strings.TrimSpace(name); name == "" {
			name = head
		}
		names, most = append(names, name), append(most, m)
	}
	return names, most, nil
}

// readAnswers reads points; an empty cell is a blank.
func readAnswers(s *sheet.Sheet, first int, most []float64) ([][]float64, error) {
	var answers [][]float64
	for row, err := range s.Rows() {
		if err != nil {
			return nil, err
		}
		points := make([]float64, len(most))
		for i, m := range most {
			points[i] = math.NaN()
			cell := strings.TrimSpace(row.Cells[first+i])
			if cell == "" {
				continue
			}
			x, err := sheet.Number(cell)
			if err != nil {
				return nil, row.Fail(first+i, "%v", err)
			}
			if math.IsNaN(m) {
				m = 1e6
			}
			if x < 0 || x > m {
				return nil, row.Fail(first+i, "expected points from 0 to %s, found %s", plain(m), sheet.Quote(cell))
			}
			points[i] = x
		}
		answers = append(answers, points)
		if len(answers) > gain.MaxPeople || len(answers)*len(most) > gain.MaxAnswers {
			return nil, row.Fail(-1, "more people than one analysis takes: at most %d, and %d answers", gain.MaxPeople, gain.MaxAnswers)
		}
	}
	return answers, nil
}

// itemsResult is the JSON of ashar analyse items.
type itemsResult struct {
	People   int          `json:"people"`
	Items    int          `json:"items"`
	Alpha    figure       `json:"alpha"`
	AlphaCI  limits       `json:"alpha_ci"`
	KR20     figure       `json:"kr20"`
	SEM      figure       `json:"sem"`
	Mean     figure       `json:"mean"`
	SD       figure       `json:"sd"`
	Max      figure       `json:"max"`
	Blanks   int          `json:"blanks"`
	PerItem  []itemResult `json:"per_item"`
	Warnings []string     `json:"warnings"`
}

type itemResult struct {
	Name           string `json:"name"`
	Max            figure `json:"max"`
	Difficulty     figure `json:"difficulty"`
	ItemRest       figure `json:"item_rest_r"`
	UpperLower     figure `json:"upper_lower_27"`
	AlphaIfDropped figure `json:"alpha_if_dropped"`
}

func itemsJSON(r gain.ItemResult, names []string) itemsResult {
	j := itemsResult{
		People: r.People, Items: len(r.Items), Alpha: figure(r.Alpha), AlphaCI: bounds(r.Interval), KR20: figure(r.KR20), SEM: figure(r.SEM),
		Mean: figure(r.Mean), SD: figure(r.SD), Max: figure(r.Max), Blanks: r.Blanks,
		PerItem: make([]itemResult, len(r.Items)), Warnings: warnings(r.Warnings),
	}
	for i, item := range r.Items {
		j.PerItem[i] = itemResult{
			Name: names[i], Max: figure(item.Max), Difficulty: figure(item.Difficulty), ItemRest: figure(item.ItemRest),
			UpperLower: figure(item.UpperLower), AlphaIfDropped: figure(item.AlphaIfDropped),
		}
	}
	return j
}

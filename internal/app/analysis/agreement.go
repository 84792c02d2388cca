package analysis

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/agreement"
)

// AgreementOptions are what the command was told.
type AgreementOptions struct {
	Level     agreement.Level
	Seed      uint64
	Resamples int           // 0 lets the science choose
	Explain   i18n.Language // sentences in this language; empty for JSON
	Say       func(string)  // takes messages; nil: nobody is told
}

// Check finds options that no file can mend.
func (o AgreementOptions) Check() error {
	if o.Resamples < 0 || o.Resamples > agreement.MaxResamples {
		return fmt.Errorf("--resamples must be from 0 to %d", agreement.MaxResamples)
	}
	return nil
}

// Agreement measures how far raters agree in a file with the columns unit, rater and value.
func Agreement(file string, o AgreementOptions, out io.Writer, bar Progress) error {
	s, err := sheet.Open(file, "unit", "rater", "value")
	if err != nil {
		return err
	}
	return agreementOf(s, o, out, bar)
}

func agreementOf(s *sheet.Sheet, o AgreementOptions, out io.Writer, bar Progress) error {
	cells, err := readRatings(s)
	if err != nil {
		return err
	}
	ratings, codes, err := cells.values(o.Level)
	if err != nil {
		return err
	}
	say := sayer(o.Say)
	say.file(s)
	for i, column := range cells.columns {
		if i < 2 || codes {
			say.all(cells.words[i].notes(s, column))
		}
	}
	var more []string
	if codes && cells.saysMissing() {
		more = append(more, missingWord)
	}
	r, err := agreement.Analyse(ratings, agreement.Options{Level: o.Level, Unordered: codes, Seed: o.Seed, Resamples: o.Resamples, Progress: bar})
	var bad *agreement.RatingError
	switch {
	case errors.As(err, &bad):
		return cells.fail(bad.Index, bad.Text)
	case err != nil:
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if o.Explain != "" {
		return explain(out, o.Explain, agreementSentences(r, more))
	}
	return write(out, agreementJSON(r, more))
}

// ratingCells are the rows of a file, units and raters numbered by the order of
// their names, so that the order of rows does not matter.
type ratingCells struct {
	sheet   *sheet.Sheet
	column  int // of the value
	columns []int
	words   [3]spellings // of unit, rater and value
	ratings []agreement.Rating
	text    []string
	lines   []int
}

func readRatings(s *sheet.Sheet) (ratingCells, error) {
	columns, err := s.Require("unit", "rater", "value")
	if err != nil {
		return ratingCells{}, err
	}
	c := ratingCells{sheet: s, column: columns[2], columns: columns, words: [3]spellings{{}, {}, {}}}
	var names [2][]string
	for row, err := range s.Rows() {
		if err != nil {
			return c, err
		}
		for i := range names {
			name := c.words[i].add(row.Cells[columns[i]])
			if name == "" {
				return c, row.Fail(columns[i], "expected the name of a %s, found an empty cell", []string{"unit", "rater"}[i])
			}
			names[i] = append(names[i], name)
		}
		c.words[2].add(row.Cells[columns[2]])
		c.text = append(c.text, tidyWord(row.Cells[columns[2]]))
		c.lines = append(c.lines, row.Line)
		if len(c.text) > agreement.MaxRatings {
			return c, row.Fail(-1, "more ratings than the %d that one analysis takes", agreement.MaxRatings)
		}
	}
	units, raters := numbered(names[0]), numbered(names[1])
	type judged struct{ unit, rater int }
	before := make(map[judged]int, len(c.text))
	for i := range c.text {
		at := judged{units[i], raters[i]}
		if line, twice := before[at]; twice {
			return c, c.fail(i, fmt.Sprintf("this rater rated this unit in line %d already", line))
		}
		before[at] = c.lines[i]
		c.ratings = append(c.ratings, agreement.Rating{Unit: units[i], Rater: raters[i]})
	}
	return c, nil
}

// numbered gives each name its place among the different ones in order.
func numbered(names []string) []int {
	sorted := slices.Compact(slices.Sorted(slices.Values(names)))
	out := make([]int, len(names))
	for i, n := range names {
		out[i], _ = slices.BinarySearch(sorted, n)
	}
	return out
}

func (c ratingCells) fail(i int, text string) error {
	return &sheet.Error{File: c.sheet.Name, Line: c.lines[i], Column: c.column + 1, Name: c.sheet.Header[c.column], Text: text}
}

// values reads the ratings as numbers; an empty cell is missing. At the level
// nominal they may be words, and are then numbered: codes is true.
func (c ratingCells) values(level agreement.Level) (ratings []agreement.Rating, codes bool, err error) {
	for i, cell := range c.text {
		if cell == "" {
			c.ratings[i].Value = math.NaN()
			continue
		}
		x, err := sheet.Number(cell)
		if err != nil && level == agreement.Nominal {
			codes = true
			break
		}
		if err != nil {
			return nil, false, c.fail(i, err.Error()+"; leave the cell empty where a rating is missing, and use the level nominal for words")
		}
		c.ratings[i].Value = x
	}
	if !codes {
		return c.ratings, false, nil
	}
	keys := make([]string, len(c.text))
	for i, word := range c.text {
		keys[i] = wordKey(word)
	}
	for i, n := range numbered(keys) {
		c.ratings[i].Value = float64(n)
		if c.text[i] == "" {
			c.ratings[i].Value = math.NaN()
		}
	}
	return c.ratings, true, nil
}

// missingWord warns of values that other programs write where there is none.
const missingWord = "missing_as_word"

// saysMissing tells whether a value is such a word; at the level nominal it is a
// value as any other, for it may be one.
func (c ratingCells) saysMissing() bool {
	return slices.ContainsFunc(c.text, func(cell string) bool {
		switch strings.ToLower(cell) {
		case "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "–", "—", ".":
			return true
		}
		return strings.HasPrefix(cell, "#") && strings.ContainsAny(cell[len(cell)-1:], "!?") // such as #DIV/0!
	})
}

// agreementResult is the JSON of ashar analyse agreement.
type agreementResult struct {
	Units     int          `json:"units"`
	Raters    int          `json:"raters"`
	Values    int          `json:"values"`
	Alpha     figure       `json:"alpha"`
	Level     string       `json:"level"`
	AlphaCI   limits       `json:"alpha_ci"`
	Seed      uint64       `json:"seed"`
	Resamples int          `json:"resamples"`
	Kappa     *kappaResult `json:"kappa,omitempty"`
	ICC       *iccResult   `json:"icc,omitempty"`
	Warnings  []string     `json:"warnings"`
}

type kappaResult struct {
	Unweighted figure `json:"unweighted"`
	Linear     figure `json:"linear"`
	Quadratic  figure `json:"quadratic"`
	Units      int    `json:"units"`
}

// iccResult names the coefficients as the field does.
type iccResult struct {
	One        iccValue `json:"icc1"`
	Two        iccValue `json:"icc2_1"`
	Three      iccValue `json:"icc3_1"`
	OneMean    iccValue `json:"icc1_k"`
	TwoMean    iccValue `json:"icc2_k"`
	ThreeMean  iccValue `json:"icc3_k"`
	Units      int      `json:"units"`
	UnitsOfOne int      `json:"units_icc1"`
	PerUnit    figure   `json:"k_icc1"`
}

type iccValue struct {
	Value figure `json:"value"`
	CI    limits `json:"ci"`
}

func agreementJSON(r agreement.Result, more []string) agreementResult {
	j := agreementResult{
		Units: r.Units, Raters: r.Raters, Values: r.Values, Alpha: figure(r.Alpha), Level: string(r.Level), AlphaCI: limits{r.Interval.Low, r.Interval.High},
		Seed: r.Seed, Resamples: r.Resamples, Warnings: warnings(r.Warnings, more...),
	}
	if k := r.Kappa; k != nil {
		j.Kappa = &kappaResult{figure(k.Unweighted), figure(k.Linear), figure(k.Quadratic), k.Units}
	}
	if i := r.ICC; i != nil {
		value := func(c agreement.Coefficient) iccValue { return iccValue{figure(c.Value), limits{c.Low, c.High}} }
		j.ICC = &iccResult{
			value(i.One), value(i.Two), value(i.Three), value(i.OneMean), value(i.TwoMean), value(i.ThreeMean),
			i.Units, i.OneUnits, figure(i.PerUnit),
		}
	}
	return j
}

package analysis

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/lottery"
)

// readSelection opens the files and joins them.
func readSelection(file string, o SelectOptions) (*selection, error) {
	people, err := sheet.Open(file, "id")
	if err != nil {
		return nil, err
	}
	var quotas, selected *sheet.Sheet
	if o.Quotas != "" {
		if quotas, err = sheet.Open(o.Quotas, "category", "value", "min", "max"); err != nil {
			return nil, err
		}
	}
	if _, column := people.Column(o.Selected); o.Selected != "" && !column {
		selected, err = sheet.Open(o.Selected, "id")
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s: this is neither a column of %s nor a file", o.Selected, people.Name)
		}
		if err != nil {
			return nil, err
		}
	}
	return join(people, quotas, selected, o)
}

// join makes one problem of the tables; quotas and selected may be nil.
func join(people, quotas, selected *sheet.Sheet, o SelectOptions) (*selection, error) {
	s := &selection{warnings: []string{}, people: people, quotas: quotas, asked: map[[2]string]string{}}
	for _, t := range []*sheet.Sheet{people, quotas, selected} {
		if t != nil {
			sayer(func(line string) { s.notes = append(s.notes, line) }).file(t)
		}
	}
	s.problem.Seats = o.Seats
	if o.Household != "" {
		s.problem.AtMost = o.AtMost
	}
	if quotas != nil {
		if err := s.readQuotas(); err != nil {
			return nil, err
		}
	}
	if err := s.readApplicants(o, selected); err != nil {
		return nil, err
	}
	if err := s.problem.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", people.Name, err)
	}
	s.warn()
	return s, nil
}

// clean is a cell without spaces around it, in one form for each letter: й can be
// written in two ways that look the same.
func clean(cell string) string { return tidyWord(cell) }

func (s *selection) readQuotas() error {
	at, err := s.quotas.Require("category", "value", "min", "max")
	if err != nil {
		return err
	}
	first := make(map[[2]string]int)
	for row, err := range s.quotas.Rows() {
		if err != nil {
			return err
		}
		name, value := strings.TrimSpace(row.Cells[at[0]]), clean(row.Cells[at[1]])
		column, ok := s.category(name)
		switch {
		case name == "":
			return row.Fail(at[0], "expected a category, that is a column of %s", s.people.Name)
		case !ok:
			return row.Fail(at[0], "%s has no column %q; it has: %s", s.people.Name, name, strings.Join(s.people.Header, ", "))
		case value == "":
			return row.Fail(at[1], "expected a value of %s", name)
		}
		q := lottery.Quota{Category: clean(s.people.Header[column]), Value: value, Max: lottery.NoLimit}
		if q.Min, err = bound(row, at[2], 0); err != nil {
			return err
		}
		if q.Max, err = bound(row, at[3], lottery.NoLimit); err != nil {
			return err
		}
		key := [2]string{q.Category, wordKey(q.Value)}
		s.asked[key] = q.Value
		if line, twice := first[key]; twice {
			return row.Fail(at[1], "%s = %s has a quota already, on line %d", q.Category, q.Value, line)
		}
		if len(first) == lottery.MaxQuotas {
			return row.Fail(at[0], "more than %d quotas", lottery.MaxQuotas)
		}
		first[key] = row.Line
		if !slices.Contains(s.problem.Categories, q.Category) {
			s.problem.Categories = append(s.problem.Categories, q.Category)
			s.columns = append(s.columns, column)
		}
		s.problem.Quotas = append(s.problem.Quotas, q)
		s.lines = append(s.lines, row.Line)
	}
	return nil
}

// category finds a column of the applicants, however its letters are made up.
func (s *selection) category(name string) (column int, ok bool) {
	if column, ok = s.people.Column(name); ok {
		return column, true
	}
	for i, h := range s.people.Header {
		if clean(h) == clean(name) {
			return i, true
		}
	}
	return 0, false
}

// bound reads a whole number from 0; an empty cell is the number given.
func bound(row sheet.Row, column, empty int) (int, error) {
	cell := strings.TrimSpace(row.Cells[column])
	if cell == "" {
		return empty, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(cell, ".0")) // as spreadsheets write it
	if err != nil || n < 0 {
		return 0, row.Fail(column, "expected a whole number from 0, found %q", cell)
	}
	return n, nil
}

func (s *selection) readApplicants(o SelectOptions, selected *sheet.Sheet) error {
	at, err := s.people.Require("id")
	if err != nil {
		return err
	}
	household, party, mark := -1, -1, -1
	if o.Party != "" {
		c, err := s.people.Require(o.Party)
		if err != nil {
			return err
		}
		party = c[0]
	}
	if o.Household != "" {
		c, err := s.people.Require(o.Household)
		if err != nil {
			return err
		}
		household = c[0]
	}
	if o.Selected != "" {
		if c, ok := s.people.Column(o.Selected); ok {
			mark = c
		}
	}
	index := make(map[string]int)
	var lines []int
	words := make([]spellings, len(s.columns))
	for i := range words {
		words[i] = spellings{}
	}
	for row, err := range s.people.Rows() {
		if err != nil {
			return err
		}
		a := lottery.Applicant{ID: clean(row.Cells[at[0]])}
		if a.ID == "" {
			return row.Fail(at[0], "expected an id, the cell is empty")
		}
		if before, twice := index[a.ID]; twice {
			return row.Fail(at[0], "the id %q is on line %d already", a.ID, lines[before])
		}
		if len(lines) == lottery.MaxApplicants {
			return row.Fail(at[0], "more than %d applicants", lottery.MaxApplicants)
		}
		for i, c := range s.columns {
			a.Values = append(a.Values, words[i].add(row.Cells[c]))
		}
		if household >= 0 {
			a.Household = wordKey(row.Cells[household])
		}
		if party >= 0 {
			a.Party = wordKey(row.Cells[party])
		}
		if mark >= 0 {
			if a.Selected, err = yes(row, mark); err != nil {
				return err
			}
		}
		index[a.ID] = len(lines)
		lines = append(lines, row.Line)
		s.problem.Applicants = append(s.problem.Applicants, a)
	}
	if len(lines) == 0 {
		return fmt.Errorf("%s: there are no applicants below the header", s.people.Name)
	}
	// A value is written as the quotas write it, or else as most rows do.
	for i, w := range words {
		for _, a := range s.problem.Applicants {
			asked, ok := s.asked[[2]string{s.problem.Categories[i], a.Values[i]}]
			if a.Values[i] = w.word(a.Values[i]); ok {
				a.Values[i] = asked
			}
		}
		delete(w, "")
		s.notes = append(s.notes, w.notes(s.people, s.columns[i])...)
	}
	if selected == nil {
		return nil
	}
	return s.readSelected(selected, index)
}

// yes reads a mark.
func yes(row sheet.Row, column int) (bool, error) {
	switch cell := strings.ToLower(clean(row.Cells[column])); cell {
	case "1", "x", "х", "+", "yes", "y", "true", "да", "ооба":
		return true, nil
	case "", "0", "-", "no", "n", "false", "нет", "жок":
		return false, nil
	default:
		return false, row.Fail(column, "expected yes or no (or 1, 0, empty), found %q", cell)
	}
}

// readSelected reads the ids of those who are selected already.
func (s *selection) readSelected(list *sheet.Sheet, index map[string]int) error {
	at, err := list.Require("id")
	if err != nil {
		return err
	}
	for row, err := range list.Rows() {
		if err != nil {
			return err
		}
		id := clean(row.Cells[at[0]])
		i, ok := index[id]
		if !ok {
			return row.Fail(at[0], "%s has no applicant %q", s.people.Name, id)
		}
		s.problem.Applicants[i].Selected = true
	}
	return nil
}

package people

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/spine/profile"
)

// listing is a table of people: what its columns mean.
type listing struct {
	names   []string       // as they stand in the file
	columns map[string]int // by field
}

// listRow is a row of a list with what is wrong with its cells as such.
type listRow struct {
	Place
	list     *listing
	cells    []string
	problems []Problem
}

// columnOf gives the column of a field. A name in parts stands where its first part does.
func (l *listing) columnOf(field string) (int, bool) {
	if c, ok := l.columns[field]; ok || field != "name" {
		return c, ok
	}
	for _, part := range nameParts {
		if c, ok := l.columns[part]; ok {
			return c, true
		}
	}
	return 0, false
}

// fields tells what the columns of a header mean, those without a meaning by
// their names. Of two with one meaning the first counts.
func fields(header []string) (columns map[string]int, ignored []string) {
	columns = map[string]int{}
	for i, h := range header {
		field, ok := headings[headingKey(h)]
		if _, twice := columns[field]; ok && !twice {
			columns[field] = i
		} else if h != "" {
			ignored = append(ignored, h)
		}
	}
	// Beside a column of surnames, one that is called Name holds the given names.
	_, surname := columns["surname"]
	_, given := columns["given"]
	if whole, ok := columns["name"]; ok && surname && !given && slices.Contains(namesAlone, headingKey(header[whole])) {
		columns["given"] = whole
		delete(columns, "name")
	}
	return columns, ignored
}

// known counts the fields of a row that may be a header; without a name it is none.
func knownFields(cells []string) int {
	columns, _ := fields(cells)
	for _, part := range append([]string{"name"}, nameParts...) {
		if _, ok := columns[part]; ok {
			return len(columns)
		}
	}
	return 0
}

// readList reads all tables of a file. The report has what concerns the file as a whole.
func readList(raw []byte, filename string) (rows []listRow, report Report, err error) {
	book, err := sheet.ReadBook(filename, raw, sheet.Uploads, knownFields)
	if err != nil {
		return nil, report, unreadable(err)
	}
	report.Left = book.Left
	for _, s := range book.Sheets {
		l := &listing{names: s.Header}
		var ignored []string
		l.columns, ignored = fields(s.Header)
		for _, name := range ignored {
			if !slices.Contains(report.Ignored, name) {
				report.Ignored = append(report.Ignored, name)
			}
		}
		if len(s.HiddenRows)+len(s.HiddenColumns) > 0 {
			report.Unseen = append(report.Unseen, Unseen{s.Tab, s.HiddenRows, s.HiddenColumns})
		}
		var beside []int
		first := len(rows)
		for row, err := range s.All() {
			if err != nil {
				return nil, report, unreadable(err)
			}
			one := listRow{Place: Place{s.Tab, row.Line}, list: l, cells: slices.Clone(row.Cells)}
			for i, c := range one.cells {
				one.cells[i] = sheet.Unguarded(c)
				if _, named := l.fieldAt(i); !named && s.Header[i] == "" && strings.TrimSpace(c) != "" {
					row.Beside = append(row.Beside, i)
				}
			}
			for _, e := range row.Problems {
				if p, counts := one.problem(e); counts {
					one.problems = append(one.problems, p)
				}
			}
			for _, c := range row.Beside {
				if !slices.Contains(beside, c) {
					beside = append(beside, c)
				}
			}
			rows = append(rows, one)
		}
		slices.Sort(beside)
		for _, c := range beside {
			report.Ignored = append(report.Ignored, "№ "+strconv.Itoa(c+1))
		}
		if err := wholeNames(rows[first:], l); err != nil {
			return nil, report, err
		}
	}
	return rows, report, nil
}

func (l *listing) fieldAt(column int) (string, bool) {
	for field, c := range l.columns {
		if c == column {
			return field, true
		}
	}
	return "", false
}

// problem is a cell's error in the words of the catalogues; one in a column
// without a meaning does not count.
func (r listRow) problem(e *sheet.Error) (Problem, bool) {
	p := Problem{Place: r.Place, Column: e.Column, Name: e.Name}
	if e.Kind == sheet.TooWide {
		p.Column, p.Name, p.Fault = 0, "", fault.At("", "people.fault.sheet.too_wide", fault.Args{"count": len(r.list.names)})
		return p, true
	}
	if _, named := r.list.fieldAt(e.Column - 1); !named {
		return p, false
	}
	switch e.Kind {
	case sheet.Turned:
		p.Fault = fault.At("", "fault.turned", fault.Args{"word": e.Cell, "code": e.Code})
	case sheet.BareFormula:
		p.Fault = fault.At("", "people.fault.sheet.bare_formula")
	default:
		p.Fault = fault.At("", "people.fault.sheet.error_cell", fault.Args{"cell": strings.TrimSpace(e.Cell)})
	}
	return p, true
}

// unreadable is what is wrong with a file, as a fault of the field "file".
func unreadable(err error) error {
	var e *sheet.Error
	if !errors.As(err, &e) {
		return err
	}
	at := e.Line
	if e.Began > 0 {
		at = e.Began
	}
	switch e.Kind {
	case sheet.Empty:
		return fault.At("file", "people.fault.import_empty")
	case sheet.NoHeader:
		return fault.At("file", "people.fault.import_name")
	case sheet.TooMany:
		return fault.At("file", "people.fault.import_rows", fault.Args{"most": sheet.Uploads.Rows - 1})
	case sheet.OldExcel:
		return fault.At("file", "people.fault.sheet.old_excel")
	case sheet.NotText:
		return fault.At("file", "people.fault.sheet.not_text", fault.Args{"line": strconv.Itoa(at)})
	case sheet.LoneQuote:
		return fault.At("file", "people.fault.sheet.lone_quote", fault.Args{"line": strconv.Itoa(at)})
	case sheet.OpenQuote:
		return fault.At("file", "people.fault.sheet.open_quote", fault.Args{"line": strconv.Itoa(at)})
	case sheet.Swallowed:
		return fault.At("file", "people.fault.sheet.swallowed", fault.Args{"line": strconv.Itoa(at), "next": strconv.Itoa(e.Line)})
	}
	return fault.At("file", "people.fault.import_file")
}

// place gives the city as its key. A place that is none of the programme's
// cities is a village or another town.
func (s *Service) place(d Details) Details {
	if d.City == "" || d.City == profile.Other || s.book == nil {
		return d
	}
	if key, ok := s.Lists().FindCity(d.City); ok {
		d.City = key
		return d
	}
	if _, other := profile.Of(profile.City).Known(s.Lists(), d.City); other {
		d.City = profile.Other
		return d
	}
	if d.Village == "" {
		d.Village = d.City
	} else if i18n.FoldKey(d.Village) != i18n.FoldKey(d.City) {
		d.Village += ", " + d.City
	}
	d.City = profile.Other
	return d
}

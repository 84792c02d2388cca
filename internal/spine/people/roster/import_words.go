package roster

import (
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// columnName is the header of a wrong cell with its number, or the field that is
// missing, empty for the row as a whole.
func columnName(r *web.Request, p people.Problem) string {
	switch {
	case p.Column == 0 && p.Name == "":
		return "–"
	case p.Column == 0:
		return label(r, profile.Name(p.Name))
	case p.Name == "":
		return "№ " + strconv.Itoa(p.Column)
	}
	return p.Name + " (" + strconv.Itoa(p.Column) + ")"
}

// placeNumber is a row in a table of rows.
func placeNumber(r *web.Request, p people.Place) string {
	if p.Tab == "" {
		return i18n.Number(r.Lang, p.Row)
	}
	return p.Tab + ": " + i18n.Number(r.Lang, p.Row)
}

// placeWords is a row in a sentence.
func placeWords(say *i18n.Printer, p people.Place) string {
	if p.Tab == "" {
		return say.T("people.import.row_of", "row", p.Row)
	}
	return say.T("people.import.row_in", "tab", p.Tab, "row", p.Row)
}

// rowsByTab writes rows as "2, 5–7", with their sheets where the file has several.
func rowsByTab(say *i18n.Printer, places []people.Place) string {
	var parts []string
	for i := 0; i < len(places); {
		j := i
		var rows []int
		for ; j < len(places) && places[j].Tab == places[i].Tab; j++ {
			rows = append(rows, places[j].Row)
		}
		if tab := places[i].Tab; tab != "" {
			parts = append(parts, say.T("people.import.rows_in", "tab", tab, "rows", sheet.Ranges(rows)))
		} else {
			parts = append(parts, say.T("people.import.rows_of", "rows", sheet.Ranges(rows)))
		}
		i = j
	}
	return strings.Join(parts, "; ")
}

func contactWords(say *i18n.Printer, list []people.Shared) []string {
	var lines []string
	for _, s := range list {
		key := "people.import.same_email"
		if s.Kind == people.PhoneContact {
			key = "people.import.same_phone"
		}
		line := say.T(key, "rows", rowsByTab(say, s.Rows))
		if s.Before {
			line += ". " + say.T("people.import.before")
		}
		lines = append(lines, line)
	}
	return lines
}

func thereWords(say *i18n.Printer, list []people.There) []string {
	var register []people.Place
	var lines []string
	for _, t := range list {
		if t.As == (people.Place{}) {
			register = append(register, t.Place)
			continue
		}
		lines = append(lines, placeWords(say, t.Place)+": "+say.T("people.import.as_row", "place", placeWords(say, t.As)))
	}
	if len(register) > 0 {
		lines = append([]string{rowsByTab(say, register) + ": " + say.T("people.import.in_register")}, lines...)
	}
	return lines
}

func leftWords(say *i18n.Printer, list []sheet.Left) []string {
	var out []string
	for _, l := range list {
		key := "people.import.left_names"
		if l.Hidden {
			key = "people.import.left_hidden"
		}
		out = append(out, say.T(key, "tab", l.Tab))
	}
	return out
}

func unseenWords(say *i18n.Printer, list []people.Unseen) []string {
	var out []string
	for _, u := range list {
		if len(u.Rows) > 0 {
			var places []people.Place
			for _, row := range u.Rows {
				places = append(places, people.Place{Tab: u.Tab, Row: row})
			}
			out = append(out, rowsByTab(say, places))
		}
		if len(u.Columns) > 0 {
			out = append(out, say.T("people.import.hidden_columns", "columns", strings.Join(u.Columns, ", ")))
		}
	}
	return out
}

// Notes tell, a line each, all of a report but its problems: what is left, what is
// read although hidden, who shares a contact, and which rows are known.
func Notes(r people.Report, say *i18n.Printer) []string {
	var lines []string
	for _, part := range []struct {
		key   string
		words []string
	}{
		{"people.import.left", leftWords(say, r.Left)},
		{"people.import.hidden", unseenWords(say, r.Unseen)},
		{"people.import.shared", contactWords(say, r.Shared)},
		{"people.import.there", thereWords(say, r.There)},
	} {
		for _, w := range part.words {
			lines = append(lines, say.T(part.key)+": "+w)
		}
	}
	if len(r.Ignored) > 0 {
		lines = append(lines, say.T("people.import.ignored")+" "+strings.Join(r.Ignored, ", "))
	}
	return lines
}

package sheet

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Value is what a cell of an export holds: a text, a number or a moment.
type Value struct {
	text   string
	number float64
	moment time.Time
	kind   byte // 't', 'n', 'm'
}

// Text is a cell that no spreadsheet computes or takes for a number, such as a
// name or a phone.
func Text(s string) Value { return Value{text: s, kind: 't'} }

// Texts are cells of texts.
func Texts(list ...string) []Value {
	out := make([]Value, len(list))
	for i, s := range list {
		out[i] = Text(s)
	}
	return out
}

// Figure is a cell with a number.
func Figure(x float64) Value { return Value{number: x, kind: 'n'} }

// Moment is a cell with a day and an hour as it is shown in Bishkek.
func Moment(at time.Time) Value {
	if at.IsZero() {
		return Text("")
	}
	return Value{moment: at.In(i18n.Bishkek()), kind: 'm'}
}

// Types of the files, for Content-Type.
const (
	TypeCSV  = "text/csv; charset=utf-8"
	TypeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Separator is what parts the cells of a CSV file where spreadsheet programs of
// the language look for it: those in Kyrgyz and Russian read the comma as the
// decimal one.
func Separator(l i18n.Language) rune {
	if l == i18n.English {
		return ','
	}
	return ';'
}

const momentCSV = "2006-01-02 15:04"

// CSV writes rows for a spreadsheet program of the language: marked as UTF-8, and
// safe whichever of comma, semicolon and tab cuts its lines (Safe).
func CSV(l i18n.Language, rows [][]Value) ([]byte, error) {
	var b bytes.Buffer
	return whole(&b, NewCSV(&b, l), rows)
}

func whole(b *bytes.Buffer, w Writer, rows [][]Value) ([]byte, error) {
	for _, row := range rows {
		if err := w.Row(row); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Exchange writes what programs read and people do not open: cells parted by
// commas, each exactly as it is.
func Exchange(w io.Writer) *csv.Writer { return csv.NewWriter(w) }

// Safe gives a text that stays a text in a CSV file: wherever a program cuts it,
// at a comma, a semicolon or a line break, no piece begins with a sign with which
// formulas begin; an apostrophe stands before it, which Unguarded takes away.
// Tabs become spaces. A cell of a plus, digits and spaces alone is a phone number,
// which no program computes, and stays as it is.
func Safe(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.ReplaceAll(s, "\t", " ")
	var b strings.Builder
	begins := true // a piece may begin here
	for i, c := range s {
		switch {
		case c == ',' || c == ';' || c == '\n':
			begins = true
		case !begins, c == ' ', c == '\u00a0', c == '\u202f', c == '"':
		case c == '\'' && formulaSign(strings.TrimLeft(s[i:], "'")):
			b.WriteByte('\'')
			begins = false
		case formulaSign(s[i:]):
			if i > 0 || !isPhone(s) {
				b.WriteByte('\'')
			}
			begins = false
		default:
			begins = false
		}
		b.WriteRune(c)
	}
	return b.String()
}

// formulaSign tells whether a text begins with a sign with which programs begin a
// formula, of any width.
func formulaSign(s string) bool {
	c, n := utf8.DecodeRuneInString(s)
	return n > 0 && strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", c)
}

func isPhone(s string) bool {
	return s[0] == '+' && strings.Trim(s[1:], "0123456789 ") == "" && strings.ContainsAny(s, "0123456789")
}

// XLSX writes rows into one sheet: texts as texts, so that nothing in them is a
// formula and a phone keeps its plus, numbers as numbers and moments as moments.
func XLSX(tab string, rows [][]Value) ([]byte, error) {
	var b bytes.Buffer
	w, err := NewXLSX(&b, tab)
	if err != nil {
		return nil, err
	}
	return whole(&b, w, rows)
}

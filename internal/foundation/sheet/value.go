package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// value gives a cell of an XLSX file as text: a date as 2006-01-02, with its hour
// where it has one; a number in digits, a phone 9.96555123456E+11 as
// 996555123456; and what is wrong with the cell, empty when nothing is.
func (b *workbook) value(c cell) (text string, wrong Kind) {
	switch {
	case c.bare:
		return "", BareFormula
	case c.kind == "e":
		return c.text, ErrorCell
	case c.kind == "d":
		return isoDay(c.text), ""
	case c.kind != "" && c.kind != "n":
		return c.text, ""
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(c.text), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return c.text, ""
	}
	if b.styles.isDate(c.style) {
		if text, ok := b.day(x); ok {
			return text, ""
		}
	}
	return digits(strings.TrimSpace(c.text), x), ""
}

// digits writes a number without an exponent, and a whole one without a point.
// Numbers of spreadsheets have 15 digits; what lies behind is noise of the binary form.
func digits(text string, x float64) string {
	if rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 14, 64), 64); rounded == math.Trunc(rounded) && math.Abs(rounded) < 1e15 {
		return strconv.FormatFloat(rounded, 'f', 0, 64)
	}
	if strings.ContainsAny(text, "eE") && math.Abs(x) < 1e21 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return text
}

// day gives the date of a serial number: days since the end of 1899, in which
// spreadsheets count a 29 February 1900 that never was; or since 1904.
func (b *workbook) day(serial float64) (string, bool) {
	const last = 2_958_466 // the first day of the year 10000
	if serial < 0 || serial >= last {
		return "", false
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.since1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case serial < 60:
		start = start.AddDate(0, 0, 1)
	}
	whole, part := math.Modf(serial)
	at := start.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if whole == 0 && !b.since1904 {
		return at.Format("15:04"), true // an hour of no day
	}
	return written(at), true
}

func written(at time.Time) string {
	switch {
	case at.Second() != 0:
		return at.Format("2006-01-02 15:04:05")
	case at.Hour() != 0 || at.Minute() != 0:
		return at.Format("2006-01-02 15:04")
	}
	return at.Format(time.DateOnly)
}

// isoDay gives a date that is written as ISO 8601 says in the same way.
func isoDay(text string) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return written(at)
		}
	}
	return text
}

var errorText = regexp.MustCompile(`^(#(N/A|Н/Д|DIV/0!|ДЕЛ/0!|GETTING_DATA|[A-ZА-ЯЁ]+[!?])|Err:\d{3}|#{3,})$`)

// IsError tells the text that a spreadsheet writes into a CSV file for a cell
// that holds an error, in English or Russian, or that was too narrow for its number.
func IsError(cell string) bool { return errorText.MatchString(strings.TrimSpace(cell)) }

// Unguarded gives a text without the apostrophes that Safe puts before signs of
// formulas, at its beginning and behind separators.
func Unguarded(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	var b strings.Builder
	begins := true
	for i, c := range s {
		switch {
		case c == ',' || c == ';' || c == '\n':
			begins = true
		case !begins, c == ' ', c == '\u00a0', c == '\u202f', c == '"':
		case c == '\'' && formulaSign(strings.TrimLeft(s[i:], "'")):
			begins = false
			continue
		default:
			begins = false
		}
		b.WriteRune(c)
	}
	return b.String()
}

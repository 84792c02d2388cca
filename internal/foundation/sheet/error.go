package sheet

import (
	"fmt"
	"strings"
)

// Kind tells what is wrong in a file, for who says it in other languages.
type Kind string

// What can be wrong with a file, with a row, with a cell.
const (
	NotATable   Kind = "not_a_table"  // another kind of file, or a damaged one
	OldExcel    Kind = "old_excel"    // .xls, or with a password
	NotText     Kind = "not_text"     // in no encoding that is understood
	Empty       Kind = "empty"        // nothing in it
	NoHeader    Kind = "no_header"    // no row with the names of the columns
	LoneQuote   Kind = "lone_quote"   // a quote in a cell that is not quoted
	OpenQuote   Kind = "open_quote"   // a quoted cell is not closed, or text follows its end
	Swallowed   Kind = "swallowed"    // a quoted cell runs over what look like rows
	TooMany     Kind = "too_many"     // more than is read
	TooWide     Kind = "too_wide"     // more cells than columns
	TooNarrow   Kind = "too_narrow"   // fewer cells than columns
	ErrorCell   Kind = "error_cell"   // such as #N/A
	BareFormula Kind = "bare_formula" // a formula without its result
	Turned      Kind = "turned"       // a word with a character that changes the order of its letters
)

// Error says what is wrong in a file, and where. Line and Column count from 1;
// zero means the file or the line as a whole. Column counts cells, not
// characters; Name is the column's header, where it has one, Tab the sheet of a
// file that has several. Cell is what stands in a cell that holds an error, or the
// word that is turned around, Code the character that turns it, Began the line in
// which a quoted cell begins.
type Error struct {
	File         string
	Tab          string
	Line, Column int
	Name         string
	Kind         Kind
	Text         string
	Cell, Code   string
	Began        int

	cause error
}

// Unwrap is the system's error, where there is one.
func (e *Error) Unwrap() error { return e.cause }

// Error is such as `answers.csv, line 7, column 3 (post): expected a number, found "abc"`.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Tab != "" {
		fmt.Fprintf(&b, ", sheet %s", Quote(e.Tab))
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ", line %d", e.Line)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, ", column %d", e.Column)
		if e.Name != "" {
			fmt.Fprintf(&b, " (%s)", short(e.Name))
		}
	}
	return b.String() + ": " + e.Text
}

// short keeps a message readable when a cell is not.
func short(s string) string {
	const most = 60
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (r >= 0x200b && r <= 0x200f) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(clean); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return clean
}

// Quote shows a cell in a message: quoted, on one line, cut when it is long.
func Quote(cell string) string { return `"` + short(cell) + `"` }

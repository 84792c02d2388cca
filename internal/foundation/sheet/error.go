package sheet

import (
	"fmt"
	"strings"
)

// Error says what is wrong in a file, and where. Line and Column count from 1;
// zero means the file or the line as a whole. Column counts cells, not
// characters; Name is the column's header, where it has one.
type Error struct {
	File         string
	Line, Column int
	Name         string
	Text         string

	cause error
}

// Unwrap is the system's error, where there is one.
func (e *Error) Unwrap() error { return e.cause }

// Error is such as `answers.csv, line 7, column 3 (post): expected a number, found "abc"`.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
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

package recurrence

import (
	"strconv"
	"strings"
)

// Error says what is wrong with a rule or a set, and where.
type Error struct {
	Part     string // the part or property at fault, such as BYMONTH or EXDATE; may be empty
	Position int    // where it stands in the text, counted from 1; 0 when there is no text
	Line     int    // which line of a set, counted from 1; 0 for a rule alone
	Text     string // what is wrong and what was expected
}

// Error gives all of it in one sentence.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		b.WriteString("line " + strconv.Itoa(e.Line) + ", ")
	}
	if e.Position > 0 {
		b.WriteString("position " + strconv.Itoa(e.Position) + ", ")
	}
	if e.Part != "" {
		b.WriteString(e.Part + ": ")
	} else if b.Len() > 0 {
		s := strings.TrimSuffix(b.String(), ", ")
		return s + ": " + e.Text
	}
	return b.String() + e.Text
}

// quote shows text of others in a message: short, and no control characters.
func quote(text string) string {
	const most = 40
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return strconv.Quote(text)
}

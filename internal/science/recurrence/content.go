package recurrence

import (
	"iter"
	"strings"
)

// contentLine is one property of iCalendar (RFC 5545, 3.1).
type contentLine struct {
	number     int // counted from 1, before unfolding
	name       string
	parameters string // with the semicolon before each
	value      string
}

// contentLines unfolds a text. Empty lines are passed over; a line without a
// colon is a name without a value.
func contentLines(text string) iter.Seq[contentLine] {
	return func(yield func(contentLine) bool) {
		text = strings.TrimPrefix(text, "\ufeff")
		number := 0
		for text != "" {
			begin := number + 1
			line, rest, _ := strings.Cut(text, "\n")
			number++
			line = strings.TrimSuffix(line, "\r")
			if rest != "" && (rest[0] == ' ' || rest[0] == '\t') { // folded
				var b strings.Builder
				b.WriteString(line)
				for rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
					line, rest, _ = strings.Cut(rest[1:], "\n")
					number++
					b.WriteString(strings.TrimSuffix(line, "\r"))
				}
				line = b.String()
			}
			text = rest
			if strings.TrimSpace(line) == "" {
				continue
			}
			if !yield(contentLineOf(line, begin)) {
				return
			}
		}
	}
}

func contentLineOf(line string, number int) contentLine {
	l := contentLine{number: number}
	quoted, name := false, -1
	for i := range len(line) {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted && name < 0:
			name = i
		case c == ':' && !quoted:
			if name < 0 {
				name = i
			}
			l.name, l.parameters, l.value = line[:name], line[name:i], strings.TrimSpace(line[i+1:])
			l.name = strings.ToUpper(l.name)
			return l
		}
	}
	l.name = strings.ToUpper(line)
	return l
}

// parameter gives the value of a parameter, empty when it is not there.
func (l contentLine) parameter(name string) string {
	rest := l.parameters
	for rest != "" {
		rest = rest[1:] // the semicolon
		end, quoted := len(rest), false
		for i := range len(rest) {
			if rest[i] == '"' {
				quoted = !quoted
			} else if rest[i] == ';' && !quoted {
				end = i
				break
			}
		}
		key, value, _ := strings.Cut(rest[:end], "=")
		if strings.EqualFold(key, name) {
			return strings.Trim(value, `"`)
		}
		rest = rest[end:]
	}
	return ""
}

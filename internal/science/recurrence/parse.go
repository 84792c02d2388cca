package recurrence

import (
	"fmt"
	"strconv"
	"strings"
)

// maxRuleText bounds the length of a rule: each part with each of its values
// takes less than half of it.
const maxRuleText = 16 << 10

// Parse reads a rule, with or without "RRULE:" before it. Parts may stand in
// any order, in small letters, and a semicolon may close the list. What RFC 5545
// forbids is an error of type *Error that names the part and the position.
func Parse(text string) (Rule, error) {
	if len(text) > maxRuleText {
		return Rule{}, &Error{Text: fmt.Sprintf("the rule has %d characters; at most %d are read", len(text), maxRuleText)}
	}
	p := ruleParser{rule: Rule{Interval: 1}, at: map[string]int{}}
	body, offset := text, 0
	if len(text) >= 6 && strings.EqualFold(text[:6], "RRULE:") {
		body, offset = text[6:], 6
	}
	for more := true; more; {
		var part string
		part, body, more = strings.Cut(body, ";")
		if part == "" && !more && len(p.at) > 0 { // a closing semicolon, seen in the wild
			break
		}
		if err := p.part(part, offset+1); err != nil {
			return Rule{}, err
		}
		offset += len(part) + 1
	}
	if p.rule.Frequency == 0 {
		return Rule{}, &Error{Part: "FREQ", Text: "it is missing; a rule says SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY"}
	}
	if err := p.rule.check(); err != nil {
		err.Position = p.at[err.Part]
		return Rule{}, err
	}
	return p.rule, nil
}

type ruleParser struct {
	rule Rule
	at   map[string]int // the position of each part that was read
}

// part reads one NAME=value that stands at position.
func (p *ruleParser) part(text string, position int) error {
	name, value, found := strings.Cut(text, "=")
	name = strings.ToUpper(name)
	if !found || name == "" {
		return &Error{Position: position, Text: fmt.Sprintf("expected NAME=value, found %s", quote(text))}
	}
	if _, twice := p.at[name]; twice {
		return &Error{Part: name, Position: position, Text: "it stands twice"}
	}
	p.at[name] = position
	e := p.value(name, strings.ToUpper(value))
	if e != nil {
		e.Part = name
		e.Position += position + len(name) + 1
		return e
	}
	return nil
}

// value reads the value of a part; the position of its error counts from the
// beginning of the value, from 0.
func (p *ruleParser) value(name, value string) *Error {
	for _, l := range lists {
		if l.name == name {
			return numbers(l, value, l.of(&p.rule))
		}
	}
	switch name {
	case "FREQ":
		for f := Secondly; f <= Yearly; f++ {
			if value == f.String() {
				p.rule.Frequency = f
				return nil
			}
		}
		return &Error{Text: quote(value) + " is not a frequency; expected SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY"}
	case "INTERVAL":
		return positive(value, &p.rule.Interval)
	case "COUNT":
		return positive(value, &p.rule.Count)
	case "UNTIL":
		m, err := ParseMoment(value, nil)
		if err != nil {
			return err.(*Error)
		}
		p.rule.Until = m
		return nil
	case "WKST":
		w, ok := weekdayNamed(value)
		if !ok {
			return &Error{Text: quote(value) + " is not a weekday; expected MO, TU, WE, TH, FR, SA or SU"}
		}
		p.rule.WeekStart = w
		return nil
	case "BYDAY":
		return days(value, &p.rule.ByDay)
	case "RSCALE", "SKIP":
		return &Error{Text: "other calendars and leap-day rules (RFC 7529) are not supported"}
	}
	return &Error{Text: "there is no such part; expected FREQ, INTERVAL, COUNT, UNTIL, WKST or one that begins with BY"}
}

func positive(value string, into *int) *Error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > maxNumber || value[0] == '+' {
		return &Error{Text: fmt.Sprintf("expected a whole number from 1 to %d, found %s", maxNumber, quote(value))}
	}
	*into = n
	return nil
}

func numbers(l list, value string, into *[]int) *Error {
	return items(value, func(item string) *Error {
		n, err := strconv.Atoi(item)
		if err != nil || !l.holds(n) || !l.signed && (item[0] == '+' || item[0] == '-') {
			return &Error{Text: fmt.Sprintf("%s is not %s; expected %s", quote(item), l.meaning, l.bounds())}
		}
		*into = append(*into, n)
		return nil
	})
}

func (l list) bounds() string {
	if l.signed {
		return fmt.Sprintf("%d to %d, or -%d to -%d from the end", l.from, l.to, l.to, l.from)
	}
	return fmt.Sprintf("%d to %d", l.from, l.to)
}

func days(value string, into *[]Day) *Error {
	return items(value, func(item string) *Error {
		bad := &Error{Text: quote(item) + " is not a weekday such as MO, 2TU or -1FR"}
		if len(item) < 2 {
			return bad
		}
		w, ok := weekdayNamed(item[len(item)-2:])
		if !ok {
			return bad
		}
		day := Day{Weekday: w}
		if ordinal := item[:len(item)-2]; ordinal != "" {
			n, err := strconv.Atoi(ordinal)
			if err != nil {
				return bad
			}
			if n == 0 || n < -53 || n > 53 {
				return &Error{Text: quote(item) + " counts too far; expected 1 to 53, or -53 to -1 from the end"}
			}
			day.Ordinal = n
		}
		*into = append(*into, day)
		return nil
	})
}

// items calls read with each value of a list and adds its place to an error.
func items(value string, read func(string) *Error) *Error {
	at := 0
	for more := true; more; {
		var item string
		item, value, more = strings.Cut(value, ",")
		if err := read(item); err != nil {
			err.Position = at
			return err
		}
		at += len(item) + 1
	}
	return nil
}

func weekdayNamed(name string) (Weekday, bool) {
	for i, n := range weekdayNames {
		if n == name {
			return Weekday(i), true
		}
	}
	return 0, false
}

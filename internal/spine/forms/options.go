package forms

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// The options of a question are edited as lines. A line that begins with the number of
// an option is that option, wherever it stands and whatever it says by now; a line
// without one is new. Whoever types a list without any numbers is understood by its
// words: see likeBefore. A number is never given twice, also after its option is gone.

// mostOptions bounds the options of one question.
const mostOptions = 30

// countOptions finds the next number where a form of before did not count them. Options
// were numbered by their place then, so no answer can hold a number above mostOptions.
func (q *Question) countOptions() {
	if q.Next != 0 || !natures[q.Kind].options {
		return
	}
	q.Next = mostOptions + 1
	for _, c := range q.Choices {
		if n, err := strconv.Atoi(strings.TrimRight(c.Value, "a")); err == nil {
			q.Next = max(q.Next, n+1)
		}
	}
}

// option lines as they are typed: with the number that they begin with, if any.
type optionLine struct{ value, words string }

var numbered = regexp.MustCompile(`^([0-9]+[a-z]*)\s*:\s*(.*)$`)

// optionLines reads the lines of one language. A number counts only when an option has it.
func optionLines(text string, before []Choice) (out []optionLine) {
	for s := range strings.Lines(text) {
		line := optionLine{words: strings.TrimSpace(s)}
		if found := numbered.FindStringSubmatch(line.words); found != nil &&
			slices.ContainsFunc(before, func(c Choice) bool { return c.Value == found[1] }) {
			line = optionLine{found[1], strings.TrimSpace(found[2])}
		}
		if line.words != "" {
			out = append(out, line)
		}
	}
	return out
}

// setOptions takes the options of a question from lines in three languages; Kyrgyz tells
// their order.
func (q *Question) setOptions(lines i18n.Text, form *fault.Form) {
	ky, ru, en := optionLines(lines.Ky, q.Choices), optionLines(lines.Ru, q.Choices), optionLines(lines.En, q.Choices)
	form.Check(len(ky) >= 2, "choices_ky", "forms.fault.two_choices")
	form.Check(len(ky) <= mostOptions, "choices_ky", "forms.fault.many_choices", fault.Args{"count": mostOptions})
	form.Check(len(ru) == len(ky), "choices_ru", "forms.fault.choice_lines", fault.Args{"count": len(ky)})
	form.Check(len(en) == len(ky), "choices_en", "forms.fault.choice_lines", fault.Args{"count": len(ky)})
	if form.Err() != nil {
		return
	}
	ru, en = inOrderOf(ky, ru), inOrderOf(ky, en)
	next := make([]Choice, len(ky))
	plain := true
	for i := range ky {
		next[i] = Choice{Value: ky[i].value, Label: i18n.Text{Ky: ky[i].words, Ru: ru[i].words, En: en[i].words}}
		plain = plain && ky[i].value == ""
	}
	q.checkOptions(next, form)
	likeBefore(next, q.Choices, plain)
	if q.Next == 0 {
		q.Next = 1
	}
	for i := range next {
		if next[i].Value == "" {
			next[i].Value = strconv.Itoa(q.Next)
			q.Next++
		}
	}
	q.Choices = next
}

// inOrderOf puts the lines of another language into the order of the Kyrgyz ones, when
// they have the same numbers; else they stand in that order already.
func inOrderOf(ky, lines []optionLine) []optionLine {
	left := slices.Clone(lines)
	out := make([]optionLine, len(ky))
	for i, k := range ky {
		at := slices.IndexFunc(left, func(l optionLine) bool { return l.value == k.value })
		if at < 0 {
			return lines
		}
		out[i] = left[at]
		left = slices.Delete(left, at, at+1)
	}
	return out
}

// checkOptions refuses words that nobody can read or tell apart.
func (q *Question) checkOptions(options []Choice, form *fault.Form) {
	for _, l := range i18n.Languages {
		field, seen, numbers := "choices_"+string(l), map[string]bool{}, map[string]bool{}
		for _, c := range options {
			words := c.Label.Exactly(l)
			if _, wrong, args := (Question{Kind: AskText}).Fix(words, Sources{}); wrong != "" {
				form.Add(field, wrong, args)
				break
			}
			key := strings.ToLower(words)
			if seen[key] || c.Value != "" && numbers[c.Value] {
				form.Add(field, "forms.fault.choice_twice", fault.Args{"choice": words})
				break
			}
			seen[key], numbers[c.Value] = true, true
		}
	}
}

// likeBefore gives lines without a number that of the option that they were: the one
// with the same words in all languages; and, in a list typed without any numbers, the
// one with the same words in most languages; then, when as many lines are new as options
// are missing, these are taken for renamed, in their order.
func likeBefore(next, before []Choice, plain bool) {
	taken := map[string]bool{}
	for _, c := range next {
		taken[c.Value] = true
	}
	for same := 3; same > 0; same-- {
		for i := range next {
			if next[i].Value != "" {
				continue
			}
			for _, old := range before {
				if !taken[old.Value] && sameWords(next[i].Label, old.Label) >= same {
					next[i].Value, taken[old.Value] = old.Value, true
					break
				}
			}
		}
		if !plain {
			return
		}
	}
	var unknown []int
	for i := range next {
		if next[i].Value == "" {
			unknown = append(unknown, i)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(before), func(c Choice) bool { return taken[c.Value] })
	if len(unknown) == len(missing) {
		for n, i := range unknown {
			next[i].Value = missing[n].Value
		}
	}
}

// sameWords counts the languages in which two texts are equal.
func sameWords(a, b i18n.Text) (n int) {
	for _, l := range i18n.Languages {
		if a.Exactly(l) == b.Exactly(l) {
			n++
		}
	}
	return n
}

// lines gives the options as they are edited.
func (q Question) lines(l i18n.Language) string {
	out := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		out[i] = c.Value + ": " + c.Label.Exactly(l)
	}
	return strings.Join(out, "\n")
}

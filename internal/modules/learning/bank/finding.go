package bank

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Bounds of a file of questions.
const (
	LargestFile   = 10 << 20 // bytes
	MostQuestions = 10_000
	MostFindings  = 10_000
)

// Finding is what a reader or a writer of files has to say of a question: that it was not
// taken, or that something of it was lost. None of it is ever silent.
type Finding struct {
	File         string       // in a package of several
	Line, Column int          // from 1, in characters; 0 where there is none
	Number       int          // of the question in its list, from 1, where it was written
	Question     string       // its name, or how its text begins
	Taken        bool         // the question is there all the same
	Fault        *fault.Error // what it is, and perhaps at which fields
}

// Error is for logs; people read the text of the fault.
func (f Finding) Error() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File + ": ")
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", f.Line, f.Column)
	}
	if f.Question != "" {
		fmt.Fprintf(&b, "%q: ", f.Question)
	}
	b.WriteString(f.Fault.Error())
	return b.String()
}

// Read is what a file of questions gave.
type Read struct {
	Questions []Question
	Lines     []int // where each begins
	Findings  []Finding
}

// Add takes a question that a reader found at a place, or says why it is not whole.
func (r *Read) Add(q Question, line, column int) {
	q = q.Tidy()
	if err := q.Validate(); err != nil {
		r.Find(Finding{Line: line, Column: column, Question: q.Title(), Fault: fault.Of(err)})
		return
	}
	if len(r.Questions) == MostQuestions {
		r.Find(Finding{Line: line, Column: column, Question: q.Title(), Fault: fault.New(fault.TooLarge, "learning.file.too_many", fault.Args{"most": MostQuestions})})
		return
	}
	r.Questions, r.Lines = append(r.Questions, q), append(r.Lines, line)
}

// Find notes a finding; beyond MostFindings it only tells that there are more.
func (r *Read) Find(f Finding) {
	switch len(r.Findings) {
	case MostFindings + 1:
	case MostFindings:
		r.Findings = append(r.Findings, Finding{Line: f.Line, Column: f.Column, Fault: fault.New(fault.TooLarge, "learning.file.more_findings", fault.Args{"most": MostFindings})})
	default:
		r.Findings = append(r.Findings, f)
	}
}

// Title names a question for a list: its name, else how its text begins.
func (q Question) Title() string {
	if q.Name != "" {
		return Brief(q.Name)
	}
	return Brief(q.Text.In(q.Language))
}

// Markup says which elements of HTML a question lost.
func Markup(names map[string]bool) *fault.Error {
	return fault.New(fault.Invalid, "learning.file.markup", fault.Args{"names": Names(slices.Sorted(maps.Keys(names)))})
}

// Names joins names out of a file for a sentence, no more of them than fit one.
func Names(names []string) string {
	const most = 10
	out := make([]string, min(len(names), most))
	for i := range out {
		out[i] = Brief(names[i])
	}
	if len(names) > most {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

// Brief gives a text out of a file for a sentence: in one line, its end cut off.
func Brief(text string) string {
	const most = 60
	if len(text) > 8*most {
		text = strings.ToValidUTF8(text[:8*most], "") + strings.Repeat("…", most)
	}
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

// Even mends the weights of options that are right in equal parts and are written in whole
// per cents, which do not add up: three of 33. It reports whether it did.
func Even(options []Option) bool {
	var sum, one Weight
	right := 0
	for _, o := range options {
		if o.Weight <= 0 {
			continue
		}
		if right > 0 && o.Weight != one {
			return false
		}
		one, sum = o.Weight, sum+o.Weight
		right++
	}
	if right == 0 || right > 20 || sum == Whole || sum < Whole/100*97 || sum > Whole/100*103 {
		return false
	}
	for i := range options {
		if options[i].Weight > 0 {
			options[i].Weight = Share(right)
		}
	}
	return true
}

// Folder gives a category without the context that Moodle begins it with.
func Folder(category string) string {
	category = strings.TrimSpace(category)
	if strings.HasPrefix(category, "$") {
		if i := strings.Index(category[1:], "$"); i >= 0 {
			category = strings.TrimPrefix(category[i+2:], "/")
		}
	}
	if category == "top" {
		return ""
	}
	return strings.TrimPrefix(category, "top/")
}

package gift

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// Write writes questions in one language; those that are not asked in it are left out. The
// findings name, by the number of the question, what GIFT cannot say, and which questions
// are not in the file for it (Taken is false then).
func Write(questions []bank.Question, l i18n.Language) (file []byte, lost []bank.Finding) {
	w := writer{language: l}
	category := ""
	for i, q := range questions {
		w.number, w.question = i+1, q
		body, ok := w.body()
		if !ok {
			continue
		}
		if q.Category != category {
			category = q.Category
			w.out.WriteString("$CATEGORY: " + category + "\n\n")
		}
		w.about()
		if q.Name != "" {
			w.out.WriteString("::" + escape(q.Name) + "::")
		}
		w.out.WriteString(body + "\n\n")
	}
	return []byte(w.out.String()), w.lost
}

type writer struct {
	language i18n.Language
	out      strings.Builder
	number   int
	question bank.Question
	lost     []bank.Finding
}

// say notes what is lost of the question, or that all of it is.
func (w *writer) say(taken bool, what *fault.Error) {
	w.lost = append(w.lost, bank.Finding{Number: w.number, Question: w.question.Title(), Taken: taken, Fault: what})
}

// about writes the id and the tags as Moodle reads them, in a comment.
func (w *writer) about() {
	var marks []string
	for _, mark := range append([]string{w.question.Ref}, w.question.Tags...) {
		name := "tag"
		if len(marks) == 0 && mark == w.question.Ref {
			name = "id"
		}
		if strings.ContainsAny(mark, "[]") {
			w.say(true, fault.New(fault.Invalid, "learning.file.lost_mark", fault.Args{"text": mark}))
		} else if mark != "" {
			marks = append(marks, "["+name+":"+mark+"]")
		}
	}
	if len(marks) > 0 {
		w.out.WriteString("// " + strings.Join(marks, " ") + "\n")
	}
}

var escaper = strings.NewReplacer(`\`, `\\`, `:`, `\:`, `#`, `\#`, `=`, `\=`, `{`, `\{`, `}`, `\}`, `~`, `\~`, "\n", `\n`)

func escape(text string) string { return escaper.Replace(text) }

// text writes words of an answer. What would be read as a weight or as a format has its
// own format before it.
func (w *writer) text(words string) string {
	if strings.HasPrefix(words, "%") || strings.HasPrefix(words, "[") {
		return "[plain]" + escape(words)
	}
	return escape(words)
}

func (w *writer) feedback(words bank.Words) string {
	if text := words.Exactly(w.language); text != "" {
		return "#" + w.text(text)
	}
	return ""
}

// body writes the text and the answers; ok is false for a question that GIFT cannot say.
func (w *writer) body() (body string, ok bool) {
	q := w.question
	if !q.Speaks(w.language) {
		w.say(false, fault.New(fault.Invalid, "learning.file.lost_question_language"))
		return "", false
	}
	before, after := q.Text.Exactly(w.language), ""
	part := q
	switch {
	case q.Kind == bank.Gaps && len(q.Gaps) == 1:
		g := q.Gaps[0]
		before, after, _ = strings.Cut(before, g.Marker())
		part = bank.Question{Kind: g.Kind, Options: g.Options, Accepted: g.Accepted, Case: g.Case, Letters: g.Letters}
		if strings.TrimSpace(before+after) == "" { // a gap alone is no question to be read
			w.say(false, fault.New(fault.Invalid, "learning.file.lost_kind"))
			return "", false
		}
		if strings.TrimSpace(after) == "" {
			w.say(true, fault.New(fault.Invalid, "learning.file.lost_gap"))
			after = ""
		}
		if strings.TrimSpace(before) == "" {
			before = " "
		}
	case q.Kind == bank.Gaps, q.Kind == bank.Scale, q.Kind == bank.Ordering:
		w.say(false, fault.New(fault.Invalid, "learning.file.lost_kind"))
		return "", false
	}
	answers, ok := w.answers(part)
	if !ok {
		return "", false
	}
	if text := q.Feedback.Exactly(w.language); text != "" {
		answers += "\n\t####" + w.text(text)
	}
	w.tell(q, part)
	return "[plain]" + escape(before) + "{" + answers + "\n}" + escape(after), true
}

// tell notes what is in the file without its meaning.
func (w *writer) tell(q, part bank.Question) {
	for _, l := range i18n.Languages {
		if l != w.language && q.Speaks(l) {
			w.say(true, fault.New(fault.Invalid, "learning.file.lost_languages"))
			break
		}
	}
	for _, gone := range []struct {
		is   bool
		what *fault.Error
	}{
		{part.Rule == bank.All, fault.New(fault.Invalid, "learning.file.lost_rule")},
		{part.Case, fault.New(fault.Invalid, "learning.file.lost_case")},
		{part.Letters, fault.New(fault.Invalid, "learning.file.lost_letters")},
		{q.Shuffle, fault.New(fault.Invalid, "learning.file.lost_shuffle")},
		{q.Longest != 0 || q.Guide != (bank.Words{}), fault.New(fault.Invalid, "learning.file.lost_guide")},
		{q.Difficulty != 0 || q.Source != "", fault.New(fault.Invalid, "learning.file.lost_source")},
	} {
		if gone.is {
			w.say(true, gone.what)
		}
	}
}

// answers writes what stands between the braces.
func (w *writer) answers(q bank.Question) (text string, ok bool) {
	switch q.Kind {
	case bank.Single, bank.Multiple:
		return w.choice(q), true
	case bank.TrueFalse:
		return w.trueFalse(q)
	case bank.Numeric:
		return w.numeric(q)
	case bank.Short:
		return w.short(q)
	case bank.Matching:
		return w.matching(q)
	}
	return "", true
}

func (w *writer) choice(q bank.Question) string {
	var b strings.Builder
	right := 0
	for _, o := range q.Options {
		if o.Weight > 0 {
			right++
		}
	}
	for _, o := range q.Options {
		weight := o.Weight
		if q.Rule == bank.All && weight > 0 && right <= 20 {
			weight = bank.Share(right)
		}
		switch {
		case q.Kind == bank.Single && weight == bank.Whole:
			b.WriteString("\n\t=")
		case weight != 0:
			b.WriteString("\n\t~%" + weight.Percent() + "%")
		default:
			b.WriteString("\n\t~")
		}
		b.WriteString(w.text(o.Text.Exactly(w.language)) + w.feedback(o.Feedback))
	}
	return b.String()
}

func (w *writer) trueFalse(q bank.Question) (string, bool) {
	right, wrong, word := q.Options[0], q.Options[1], "TRUE"
	if right.Weight != bank.Whole {
		right, wrong, word = wrong, right, "FALSE"
	}
	if wrong.Weight != 0 {
		w.say(false, fault.New(fault.Invalid, "learning.file.lost_weight"))
		return "", false
	}
	first, second := w.feedback(wrong.Feedback), w.feedback(right.Feedback)
	if first == "" && second != "" {
		first = "#"
	}
	return word + first + second, true
}

// before writes the weight of an accepted answer.
func before(w bank.Weight) string {
	if w == bank.Whole {
		return "\n\t="
	}
	return "\n\t=%" + w.Percent() + "%"
}

func (w *writer) numeric(q bank.Question) (string, bool) {
	var b strings.Builder
	b.WriteString("#")
	for i, a := range q.Accepted {
		switch {
		case a.Value == bank.Anything && (a.Weight != 0 || i == 0 || i < len(q.Accepted)-1):
			w.say(false, fault.New(fault.Invalid, "learning.file.lost_weight"))
			return "", false
		case a.Value == bank.Anything:
			b.WriteString("\n\t~")
		default:
			b.WriteString(before(a.Weight) + a.Value)
			if a.Tolerance != "" {
				b.WriteString(":" + a.Tolerance)
			}
		}
		b.WriteString(w.feedback(a.Feedback))
	}
	return b.String(), true
}

func (w *writer) short(q bank.Question) (string, bool) {
	var b strings.Builder
	for _, a := range q.Accepted {
		b.WriteString(before(a.Weight) + w.text(a.Value) + w.feedback(a.Feedback))
	}
	if strings.Contains(b.String(), "->") { // it would be read as matching
		w.say(false, fault.New(fault.Invalid, "learning.file.lost_arrow"))
		return "", false
	}
	return b.String(), true
}

func (w *writer) matching(q bank.Question) (string, bool) {
	var b strings.Builder
	used := map[string]bool{}
	words := func(id string) string {
		used[id] = true
		for _, o := range q.Options {
			if o.ID == id {
				return escape(o.Text.Exactly(w.language))
			}
		}
		return ""
	}
	for _, p := range q.Pairs {
		text := p.Text.Exactly(w.language)
		if strings.Contains(text, "->") {
			w.say(false, fault.New(fault.Invalid, "learning.file.lost_arrow"))
			return "", false
		}
		b.WriteString("\n\t=" + w.text(text) + " -> " + words(p.Right))
	}
	for _, o := range q.Options {
		if !used[o.ID] {
			b.WriteString("\n\t= -> " + words(o.ID))
		}
	}
	return b.String(), true
}

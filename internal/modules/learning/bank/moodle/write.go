package moodle

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// Write writes questions in one language; those that are not asked in it are left out. The
// findings name, by the number of the question, what the format cannot say, and which
// questions are not in the file for it (Taken is false then).
func Write(questions []bank.Question, l i18n.Language) (file []byte, lost []bank.Finding) {
	w := writer{language: l}
	w.out.WriteString(xml.Header + "<quiz>\n")
	category := ""
	for i, q := range questions {
		w.number, w.question = i+1, q
		kind, known := kinds[q.Kind]
		switch {
		case !q.Speaks(l):
			w.say(false, fault.New(fault.Invalid, "learning.file.lost_question_language"))
			continue
		case !known:
			w.say(false, fault.New(fault.Invalid, "learning.file.lost_kind"))
			continue
		}
		if q.Category != category {
			category = q.Category
			path := "$course$/top"
			if category != "" {
				path += "/" + category
			}
			w.line(`<question type="category"><category><text>%s</text></category></question>`, path)
		}
		w.write(kind)
	}
	w.out.WriteString("</quiz>\n")
	return []byte(w.out.String()), w.lost
}

// kinds are the types of Moodle. It has no scale.
var kinds = map[bank.Kind]string{
	bank.Single: "multichoice", bank.Multiple: "multichoice", bank.TrueFalse: "truefalse", bank.Numeric: "numerical", bank.Short: "shortanswer",
	bank.Matching: "matching", bank.Ordering: "ordering", bank.Gaps: "cloze", bank.Open: "essay",
}

type writer struct {
	language i18n.Language
	out      strings.Builder
	number   int
	question bank.Question
	lost     []bank.Finding
}

func (w *writer) say(taken bool, what *fault.Error) {
	w.lost = append(w.lost, bank.Finding{Number: w.number, Question: w.question.Title(), Taken: taken, Fault: what})
}

// line writes one line; texts in it are made fit for XML.
func (w *writer) line(format string, texts ...string) {
	fit := make([]any, len(texts))
	for i, text := range texts {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
		fit[i] = b.String()
	}
	fmt.Fprintf(&w.out, format+"\n", fit...)
}

// plain writes an element with a text as it is.
func (w *writer) plain(name string, words bank.Words) {
	w.line("<"+name+` format="plain_text"><text>%s</text></`+name+">", words.Exactly(w.language))
}

func (w *writer) write(kind string) {
	q := w.question
	w.tell(q)
	w.line(`<question type="%s">`, kind)
	w.line("<name><text>%s</text></name>", q.Name)
	if q.Kind == bank.Gaps {
		w.line(`<questiontext format="html"><text>%s</text></questiontext>`, w.cloze(q))
	} else {
		w.plain("questiontext", q.Text)
	}
	w.plain("generalfeedback", q.Feedback)
	if q.Kind != bank.Gaps {
		w.line("<defaultgrade>1.0000000</defaultgrade>")
	}
	w.line("<idnumber>%s</idnumber>", q.Ref)
	switch q.Kind {
	case bank.Single, bank.Multiple:
		w.line("<single>%s</single>", strconv.FormatBool(q.Kind == bank.Single))
		w.shuffled("true", "false")
		for _, o := range even(q) {
			w.answer(o.Weight, o.Text.Exactly(w.language), o.Feedback, "")
		}
	case bank.TrueFalse:
		for _, o := range q.Options {
			w.answer(o.Weight, o.ID, o.Feedback, "")
		}
	case bank.Numeric:
		for _, a := range q.Accepted {
			tolerance := a.Tolerance
			if tolerance == "" {
				tolerance = "0"
			}
			w.answer(a.Weight, a.Value, a.Feedback, "<tolerance>"+tolerance+"</tolerance>")
		}
	case bank.Short:
		exactly := "0"
		if q.Case {
			exactly = "1"
		}
		w.line("<usecase>%s</usecase>", exactly)
		for _, a := range q.Accepted {
			w.answer(a.Weight, a.Value, a.Feedback, "")
		}
	case bank.Matching:
		w.matching(q)
	case bank.Ordering:
		grading := eachPlace
		if q.Rule == bank.All {
			grading = allInOrder
		}
		w.line("<gradingtype>%s</gradingtype>", grading)
		for i, o := range q.Options {
			w.line(`<answer fraction="%s" format="plain_text"><text>%s</text></answer>`, strconv.Itoa(i+1), o.Text.Exactly(w.language))
		}
	case bank.Open:
		w.plain("graderinfo", q.Guide)
	}
	if len(q.Tags) > 0 {
		w.line("<tags>")
		for _, tag := range q.Tags {
			w.line("<tag><text>%s</text></tag>", tag)
		}
		w.line("</tags>")
	}
	w.line("</question>")
}

// tell notes what is in the file without its meaning.
func (w *writer) tell(q bank.Question) {
	several, letters, chosen := false, q.Letters, q.Kind != bank.Gaps
	for _, l := range i18n.Languages {
		several = several || l != w.language && q.Speaks(l)
	}
	for _, g := range q.Gaps {
		letters, chosen = letters || g.Letters, chosen || g.Kind == bank.Single
	}
	for _, gone := range []struct {
		is   bool
		what *fault.Error
	}{
		{several, fault.New(fault.Invalid, "learning.file.lost_languages")},
		{q.Rule == bank.All && q.Kind != bank.Ordering, fault.New(fault.Invalid, "learning.file.lost_rule")},
		{letters, fault.New(fault.Invalid, "learning.file.lost_letters")},
		{q.Shuffle && !chosen, fault.New(fault.Invalid, "learning.file.lost_shuffle")},
		{q.Longest != 0, fault.New(fault.Invalid, "learning.file.lost_guide")},
		{q.Difficulty != 0 || q.Source != "", fault.New(fault.Invalid, "learning.file.lost_source")},
	} {
		if gone.is {
			w.say(true, gone.what)
		}
	}
}

func (w *writer) shuffled(yes, no string) {
	if w.question.Shuffle {
		no = yes
	}
	w.line("<shuffleanswers>%s</shuffleanswers>", no)
}

// even gives the options with equal shares where everything or nothing cannot be said.
func even(q bank.Question) []bank.Option {
	right := 0
	for _, o := range q.Options {
		if o.Weight > 0 {
			right++
		}
	}
	if q.Rule != bank.All || right == 0 || right > 20 {
		return q.Options
	}
	out := append([]bank.Option(nil), q.Options...)
	for i := range out {
		if out[i].Weight > 0 {
			out[i].Weight = bank.Share(right)
		}
	}
	return out
}

// answer writes one answer; more is what else stands in it.
func (w *writer) answer(weight bank.Weight, text string, why bank.Words, more string) {
	w.line(`<answer fraction="%s" format="plain_text"><text>%s</text>`, weight.Percent(), text)
	w.plain("feedback", why)
	w.out.WriteString(more + "</answer>\n")
}

func (w *writer) matching(q bank.Question) {
	w.shuffled("true", "false")
	used := map[string]bool{}
	words := map[string]string{}
	for _, o := range q.Options {
		words[o.ID] = o.Text.Exactly(w.language)
	}
	line := func(left, right string) {
		w.line(`<subquestion format="plain_text"><text>%s</text><answer><text>%s</text></answer></subquestion>`, left, right)
	}
	for _, p := range q.Pairs {
		used[p.Right] = true
		line(p.Text.Exactly(w.language), words[p.Right])
	}
	for _, o := range q.Options {
		if !used[o.ID] {
			line("", words[o.ID])
		}
	}
}

// dresser makes a text fit for HTML, with no brace that could begin a gap.
var dresser = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>", "{", "&#123;", "}", "&#125;")

// dress writes a text in HTML. A space stays beside another and beside a line break.
func dress(text string) string {
	var b strings.Builder
	before := '\n'
	for i, r := range text {
		if r == ' ' && (before == ' ' || before == '\n' || strings.HasPrefix(text[i+1:], "\n")) {
			b.WriteString("\u00a0")
		} else {
			b.WriteRune(r)
		}
		before = r
	}
	return dresser.Replace(b.String())
}

// wrapper hides the signs of answers in entities.
var wrapper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "~", "&#126;", "#", "&#35;", "}", "&#125;", "{", "&#123;", "=", "&#61;", "%", "&#37;", `\`, "&#92;", ":", "&#58;")

// cloze writes a text with the answers in it.
func (w *writer) cloze(q bank.Question) string {
	text := dress(q.Text.Exactly(w.language))
	for _, g := range q.Gaps {
		text = strings.Replace(text, g.Marker(), w.gap(g, q.Shuffle), 1)
	}
	return text
}

func (w *writer) gap(g bank.Gap, shuffle bool) string {
	name := map[bank.Kind]string{bank.Single: "MULTICHOICE", bank.Numeric: "NUMERICAL", bank.Short: "SHORTANSWER"}[g.Kind]
	if g.Case {
		name += "_C"
	}
	if shuffle && g.Kind == bank.Single {
		name += "_S"
	}
	var answers []string
	add := func(weight bank.Weight, text string, why bank.Words) {
		sign := "%" + weight.Percent() + "%"
		switch weight {
		case bank.Whole:
			sign = "="
		case 0:
			sign = ""
			if g.Kind != bank.Single {
				sign = "%0%"
			}
		}
		if feedback := why.Exactly(w.language); feedback != "" {
			text += "#" + wrapper.Replace(dress(feedback))
		}
		answers = append(answers, sign+text)
	}
	for _, o := range g.Options {
		add(o.Weight, wrapper.Replace(dress(o.Text.Exactly(w.language))), o.Feedback)
	}
	for _, a := range g.Accepted {
		text := wrapper.Replace(a.Value)
		if g.Kind == bank.Numeric {
			if text = a.Value; a.Tolerance != "" {
				text += ":" + a.Tolerance
			}
		}
		add(a.Weight, text, a.Feedback)
	}
	return "{" + strconv.Itoa(g.Worth) + ":" + name + ":" + strings.Join(answers, "~") + "}"
}

package moodle

import (
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/plain"
	"platforma.kg/ashar/internal/modules/learning/bank/tree"
)

// Read reads questions that are written in a language. The error is a bank.Finding: the
// file is not well-formed from a place on, or cannot be read at all; what came before that
// place is given too, and nobody should take the half of a file for the whole.
func Read(raw []byte, l i18n.Language) (bank.Read, error) {
	r := reader{language: l}
	foreign := false
	err := tree.Each(raw, func(root, n *tree.Node) {
		switch {
		case root.Name != "quiz":
			foreign = true
		case n == nil:
		case n.Name == "question":
			r.question(n)
		default:
			r.out.Find(bank.Finding{Line: n.Line, Column: n.Column, Fault: fault.New(fault.Invalid, "learning.file.element", fault.Args{"text": bank.Brief(n.Name)})})
		}
	})
	if err == nil && foreign {
		err = bank.Finding{Line: 1, Column: 1, Fault: fault.New(fault.Invalid, "learning.file.not_moodle")}
	}
	return r.out, err
}

type reader struct {
	language i18n.Language
	category string
	out      bank.Read
}

// question is one that is being read.
type question struct {
	*reader
	node   *tree.Node
	made   bank.Question
	lost   map[string]bool // elements of HTML
	files  []string
	failed bool
	tell   []*fault.Error // what became otherwise
}

func (r *reader) question(n *tree.Node) {
	kind := n.Get("type")
	if kind == "category" {
		r.category = bank.Folder(n.Child("category").Child("text").Words())
		if strings.TrimSpace(n.Child("info").Child("text").Words()+n.Child("idnumber").Words()) != "" {
			r.out.Find(bank.Finding{Line: n.Line, Column: n.Column, Question: bank.Brief(r.category), Taken: true, Fault: fault.New(fault.Invalid, "learning.file.lost_category")})
		}
		return
	}
	q := question{reader: r, node: n, lost: map[string]bool{}}
	q.made = bank.Question{Language: r.language, Category: r.category, Name: n.Child("name").Child("text").Words(), Ref: n.Child("idnumber").Words()}
	for _, tag := range n.Child("tags").All("tag") {
		q.made.Tags = append(q.made.Tags, strings.TrimSpace(tag.Child("text").Words()))
	}
	if kind != "cloze" {
		q.made.Text = q.words(n.Child("questiontext"))
	}
	q.made.Feedback = q.words(n.Child("generalfeedback"))
	read, known := map[string]func(){
		"multichoice": q.choice, "multichoiceset": q.choice, "truefalse": q.trueFalse, "shortanswer": q.short, "numerical": q.numeric, "matching": q.matching, "match": q.matching,
		"essay": q.essay, "ordering": q.ordering, "cloze": q.cloze, "multianswer": q.cloze, "gapselect": q.selected, "ddwtos": q.selected,
	}[kind]
	switch {
	case kind == "description":
		q.fail(n, fault.New(fault.Invalid, "learning.file.no_question"))
	case !known:
		q.fail(n, fault.New(fault.Invalid, "learning.file.kind", fault.Args{"text": bank.Brief(kind)}))
	default:
		read()
		q.remarks()
	}
	if q.failed {
		return
	}
	for _, what := range q.tell {
		r.out.Find(bank.Finding{Line: n.Line, Column: n.Column, Question: q.made.Title(), Taken: true, Fault: what})
	}
	r.out.Add(q.made, n.Line, n.Column)
}

// fail notes why the question is not taken.
func (q *question) fail(at *tree.Node, why *fault.Error) {
	if !q.failed {
		q.out.Find(bank.Finding{Line: at.Line, Column: at.Column, Question: q.made.Title(), Fault: why})
	}
	q.failed = true
}

// also notes that something of a question that is taken is not there.
func (q *question) also(is bool, what *fault.Error) {
	if is {
		q.tell = append(q.tell, what)
	}
}

// remarks notes what the bank has no place for.
func (q *question) remarks() {
	n := q.node
	combined := n.Child("correctfeedback").Child("text").Words() + n.Child("partiallycorrectfeedback").Child("text").Words() + n.Child("incorrectfeedback").Child("text").Words()
	q.also(strings.TrimSpace(combined) != "" || n.Child("hint") != nil, fault.New(fault.Invalid, "learning.file.lost_hints"))
	grade, ok := bank.Decimal(n.Child("defaultgrade").Words())
	q.also(ok && grade != "1" && q.made.Kind != bank.Gaps, fault.New(fault.Invalid, "learning.file.lost_grade"))
	q.also(n.Child("hidden").Words() == "1", fault.New(fault.Invalid, "learning.file.lost_hidden"))
	q.also(len(n.Child("units").All("unit")) > 0, fault.New(fault.Invalid, "learning.file.lost_units"))
	limits := n.Child("responsetemplate").Child("text").Words() + n.Child("minwordlimit").Words() + n.Child("maxwordlimit").Words()
	q.also(strings.TrimSpace(limits) != "", fault.New(fault.Invalid, "learning.file.lost_template"))
	q.also(len(q.files) > 0, fault.New(fault.Invalid, "learning.file.lost_files", fault.Args{"names": bank.Names(q.files)}))
	q.also(len(q.lost) > 0, bank.Markup(q.lost))
}

// words reads an element with a text in one of the formats, and perhaps with files.
func (q *question) words(n *tree.Node) bank.Words {
	return q.say(n.Child("text").Words(), q.format(n))
}

// format gives the format of an element, and notes its files.
func (q *question) format(n *tree.Node) string {
	for _, f := range n.All("file") {
		q.files = append(q.files, f.Get("name"))
	}
	return n.Get("format")
}

// say gives what a text says, without what it is dressed in.
func (q *question) say(text, format string) bank.Words {
	switch {
	case format == "plain_text", format == "moodle_auto_format" && !strings.ContainsAny(text, "<&"):
	case format == "markdown":
		q.lost["Markdown"] = true
	default: // html, moodle_auto_format, and old files that name none
		var lost []string
		text, lost = plain.Text(text)
		for _, name := range lost {
			q.lost[name] = true
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return bank.Words{}
	}
	return bank.Say(q.language, text)
}

// weight reads the fraction of an answer.
func (q *question) weight(n *tree.Node) bank.Weight {
	text := n.Get("fraction")
	if text == "" {
		text = strings.TrimSpace(n.Child("fraction").Words())
	}
	if text == "" {
		return 0
	}
	w, ok := bank.Percent(text)
	if !ok {
		q.fail(n, fault.New(fault.Invalid, "learning.file.weight", fault.Args{"text": bank.Brief(text)}))
	}
	return w
}

func truth(n *tree.Node) bool {
	text := strings.TrimSpace(n.Words())
	return text == "1" || text == "true"
}

func (q *question) choice() {
	q.made.Kind, q.made.Shuffle = bank.Single, truth(q.node.Child("shuffleanswers"))
	if single := q.node.Child("single"); single != nil && !truth(single) || q.node.Get("type") == "multichoiceset" {
		q.made.Kind, q.made.Rule = bank.Multiple, bank.ByPart
	}
	for _, n := range q.node.All("answer") {
		q.made.Options = append(q.made.Options, bank.Option{ID: strconv.Itoa(len(q.made.Options) + 1), Text: q.words(n), Weight: q.weight(n), Feedback: q.words(n.Child("feedback"))})
	}
	if q.node.Get("type") == "multichoiceset" {
		q.made.Rule = bank.All
		return
	}
	q.also(q.made.Kind == bank.Multiple && bank.Even(q.made.Options), fault.New(fault.Invalid, "learning.file.evened"))
}

func (q *question) trueFalse() {
	q.made.Kind = bank.TrueFalse
	q.made.Options = []bank.Option{{ID: bank.TrueID}, {ID: bank.FalseID}}
	for _, n := range q.node.All("answer") {
		switch strings.ToLower(strings.TrimSpace(n.Child("text").Words())) {
		case "true":
			q.made.Options[0].Weight, q.made.Options[0].Feedback = q.weight(n), q.words(n.Child("feedback"))
		case "false":
			q.made.Options[1].Weight, q.made.Options[1].Feedback = q.weight(n), q.words(n.Child("feedback"))
		default:
			q.fail(n, fault.New(fault.Invalid, "learning.fault.true_false"))
		}
	}
}

func (q *question) short() {
	q.made.Kind, q.made.Case = bank.Short, truth(q.node.Child("usecase"))
	for _, n := range q.node.All("answer") {
		q.made.Accepted = append(q.made.Accepted, bank.Accepted{Value: n.Child("text").Words(), Weight: q.weight(n), Feedback: q.words(n.Child("feedback"))})
	}
}

func (q *question) numeric() {
	q.made.Kind = bank.Numeric
	for _, n := range q.node.All("answer") {
		a := bank.Accepted{Weight: q.weight(n), Feedback: q.words(n.Child("feedback"))}
		value, tolerance := strings.TrimSpace(n.Child("text").Words()), strings.TrimSpace(n.Child("tolerance").Words())
		a.Value, a.Tolerance = q.number(n, value), ""
		if tolerance != "" && a.Value != bank.Anything {
			a.Tolerance = q.tolerance(n, tolerance)
		}
		q.made.Accepted = append(q.made.Accepted, a)
	}
}

// number reads a value of a numeric answer.
func (q *question) number(at *tree.Node, text string) string {
	if text == bank.Anything {
		return text
	}
	value, ok := bank.Decimal(text)
	if !ok {
		q.fail(at, fault.New(fault.Invalid, "learning.file.number", fault.Args{"text": bank.Brief(text)}))
	}
	return value
}

// tolerance reads how far a number may be off, empty for not at all.
func (q *question) tolerance(at *tree.Node, text string) string {
	if text = q.number(at, text); text == "0" {
		return ""
	}
	return text
}

func (q *question) matching() {
	q.made.Kind, q.made.Rule, q.made.Shuffle = bank.Matching, bank.ByPart, truth(q.node.Child("shuffleanswers"))
	rights := map[string]string{}
	for _, n := range q.node.All("subquestion") {
		words := strings.TrimSpace(n.Child("answer").Child("text").Words())
		id, there := rights[words]
		if !there {
			id = strconv.Itoa(len(q.made.Options) + 1)
			rights[words] = id
			q.made.Options = append(q.made.Options, bank.Option{ID: id, Text: bank.Say(q.language, words)})
		}
		if text := q.words(n); text != (bank.Words{}) {
			q.made.Pairs = append(q.made.Pairs, bank.Pair{ID: strconv.Itoa(len(q.made.Pairs) + 1), Text: text, Right: id})
		}
	}
}

func (q *question) essay() {
	q.made.Kind, q.made.Guide = bank.Open, q.words(q.node.Child("graderinfo"))
}

// The ways in which Moodle marks an order that the bank has too.
const (
	allInOrder = "-1"
	eachPlace  = "0"
)

func (q *question) ordering() {
	q.made.Kind, q.made.Rule = bank.Ordering, bank.ByPart
	grading := strings.TrimSpace(q.node.Child("gradingtype").Words())
	if strings.EqualFold(grading, "ALL_OR_NOTHING") || grading == allInOrder {
		q.made.Rule = bank.All
	} else {
		q.also(grading != eachPlace && !strings.EqualFold(grading, "ABSOLUTE_POSITION"), fault.New(fault.Invalid, "learning.file.lost_order"))
	}
	for _, n := range q.node.All("answer") {
		q.made.Options = append(q.made.Options, bank.Option{ID: strconv.Itoa(len(q.made.Options) + 1), Text: q.words(n)})
	}
}

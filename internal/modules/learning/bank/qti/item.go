package qti

import (
	"html"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/plain"
	"platforma.kg/ashar/internal/modules/learning/bank/tree"
)

// item is one that is being read.
type item struct {
	*reader
	file   string
	root   *tree.Node
	made   bank.Question
	lost   map[string]bool // elements that say nothing any more
	failed bool
	tell   []*fault.Error
}

// inline are the interactions that stand in a text; block those that stand alone.
var (
	inline = map[string]bool{"textEntryInteraction": true, "inlineChoiceInteraction": true}
	block  = map[string]bool{"choiceInteraction": true, "matchInteraction": true, "orderInteraction": true, "extendedTextInteraction": true}
	// unshown are parts that nobody sees before an answer, or that are for others.
	unshown = map[string]bool{"feedbackBlock": true, "feedbackInline": true, "rubricBlock": true, "templateBlock": true, "templateInline": true, "printedVariable": true, "stylesheet": true, "catalogInfo": true}
)

// item reads one item. The error is a bank.Finding when it is no item.
func (r *reader) item(file string, raw []byte) error {
	root, err := tree.Whole(raw, tree.MostNodes)
	if err != nil {
		return in(file, err)
	}
	same(root)
	if root.Name != "assessmentItem" {
		return bank.Finding{File: bank.Brief(file), Line: root.Line, Column: root.Column, Fault: fault.New(fault.Invalid, "learning.file.not_qti", fault.Args{"text": bank.Brief(root.Name)})}
	}
	q := item{reader: r, file: file, root: root, lost: map[string]bool{}}
	q.made = bank.Question{Language: r.language, Name: root.Get("title"), Ref: root.Get("identifier")}
	q.read()
	if q.failed {
		return nil
	}
	q.also(root.Child("modalFeedback") != nil, fault.New(fault.Invalid, "learning.file.lost_hints"))
	q.also(len(q.lost) > 0, bank.Markup(q.lost))
	for _, what := range q.tell {
		r.out.Find(bank.Finding{File: bank.Brief(file), Line: root.Line, Column: root.Column, Question: q.made.Title(), Taken: true, Fault: what})
	}
	found := len(r.out.Findings)
	r.out.Add(q.made, root.Line, root.Column)
	for i := range r.out.Findings[found:] {
		r.out.Findings[found+i].File = bank.Brief(file)
	}
	return nil
}

// same gives elements and attributes of version 3 the names that they have in version 2:
// qti-simple-choice is simpleChoice, response-identifier is responseIdentifier.
func same(n *tree.Node) {
	if name, of3 := strings.CutPrefix(n.Name, "qti-"); of3 {
		n.Name = camel(name)
	}
	for name, value := range n.Attr {
		if strings.Contains(name, "-") && !strings.HasPrefix(name, "data-") {
			n.Attr[camel(name)] = value
		}
	}
	for _, c := range n.Children {
		same(c)
	}
}

func camel(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

func (q *item) fail(at *tree.Node, why *fault.Error) {
	if !q.failed {
		q.out.Find(bank.Finding{File: bank.Brief(q.file), Line: at.Line, Column: at.Column, Question: q.made.Title(), Fault: why})
	}
	q.failed = true
}

// also notes, once, that something of a question that is taken is not there.
func (q *item) also(is bool, what *fault.Error) {
	if is && !slices.ContainsFunc(q.tell, func(e *fault.Error) bool { return e.Key == what.Key }) {
		q.tell = append(q.tell, what)
	}
}

// read finds the interactions and reads the one that there is, or the gaps.
func (q *item) read() {
	body := q.root.Child("itemBody")
	if body == nil {
		q.fail(q.root, fault.New(fault.Invalid, "learning.file.no_question"))
		return
	}
	if declared := q.root.Child("templateDeclaration"); q.root.Get("adaptive") == "true" || declared != nil {
		q.fail(q.root, fault.New(fault.Invalid, "learning.file.adaptive"))
		return
	}
	var all []*tree.Node
	interactions(body, &all)
	gaps := true
	for _, n := range all {
		gaps = gaps && inline[n.Name]
		if !inline[n.Name] && !block[n.Name] {
			q.fail(n, fault.New(fault.Invalid, "learning.file.kind", fault.Args{"text": bank.Brief(n.Name)}))
			return
		}
	}
	switch {
	case len(all) == 0:
		q.fail(body, fault.New(fault.Invalid, "learning.file.no_question"))
	case len(all) > 1: // the templates mark one response
		q.fail(all[1], fault.New(fault.Invalid, "learning.file.several"))
	case gaps:
		q.made.Text = q.words(body)
		q.gap(all[0])
	default:
		q.made.Text = q.words(body)
		q.one(all[0])
	}
}

// interactions gathers everything in an element that is answered.
func interactions(n *tree.Node, all *[]*tree.Node) {
	if strings.HasSuffix(n.Name, "Interaction") {
		*all = append(*all, n)
		return
	}
	for _, c := range n.Children {
		interactions(c, all)
	}
}

// one reads an interaction that stands alone.
func (q *item) one(n *tree.Node) {
	if n.Name == "extendedTextInteraction" {
		q.made.Kind = bank.Open
		return
	}
	m, ok := q.marked(n)
	if !ok {
		return
	}
	switch n.Name {
	case "choiceInteraction":
		q.choice(n, m)
	case "orderInteraction":
		q.order(n, m)
	case "matchInteraction":
		q.match(n, m)
	}
}

// dressed writes the inside of an element in HTML again, with [[1]] for a gap.
func (q *item) dressed(n *tree.Node, b *strings.Builder) {
	for _, c := range n.Children {
		switch {
		case c.Name == "":
			b.WriteString(html.EscapeString(c.Text))
		case inline[c.Name]:
			b.WriteString("[[1]]")
		case block[c.Name]:
			if prompt := c.Child("prompt"); prompt != nil {
				b.WriteString("<p>")
				q.dressed(prompt, b)
				b.WriteString("</p>")
			}
		case unshown[c.Name]:
			q.lost[c.Name] = true
		default:
			b.WriteString("<" + c.Name)
			if alt := c.Get("alt"); alt != "" {
				b.WriteString(` alt="` + html.EscapeString(alt) + `"`)
			}
			b.WriteString(">")
			q.dressed(c, b)
			if c.Name != "br" && c.Name != "img" && c.Name != "hr" {
				b.WriteString("</" + c.Name + ">")
			}
		}
	}
}

// words gives what an element says.
func (q *item) words(n *tree.Node) bank.Words {
	var b strings.Builder
	q.dressed(n, &b)
	text, lost := plain.Text(b.String())
	for _, name := range lost {
		q.lost[name] = true
	}
	if text == "" {
		return bank.Words{}
	}
	return bank.Say(q.language, text)
}

// options reads what may be chosen. The ids of the bank are their numbers.
func (q *item) options(list []*tree.Node) (out []bank.Option, numbers map[string]string) {
	numbers = map[string]string{}
	for i, n := range list {
		id := strconv.Itoa(i + 1)
		if name := n.Get("identifier"); numbers[name] != "" || name == "" {
			q.fail(n, fault.New(fault.Invalid, "learning.file.identifier", fault.Args{"text": bank.Brief(name)}))
		} else {
			numbers[name] = id
		}
		out = append(out, bank.Option{ID: id, Text: q.words(n)})
	}
	return out, numbers
}

func (q *item) choice(n *tree.Node, m marking) {
	options, numbers := q.options(n.All("simpleChoice"))
	q.made.Options, q.made.Shuffle = options, n.Get("shuffle") == "true"
	switch m.cardinality {
	case "single":
		q.made.Kind = bank.Single
	case "multiple":
		q.made.Kind, q.made.Rule = bank.Multiple, bank.All
		if m.mapped {
			q.made.Rule = bank.ByPart
		}
		most, _ := strconv.Atoi(n.Get("maxChoices"))
		q.also(most > 0 && most < len(options), fault.New(fault.Invalid, "learning.file.lost_limit"))
	default:
		q.fail(n, fault.New(fault.Invalid, "learning.file.cardinality", fault.Args{"text": bank.Brief(m.cardinality)}))
		return
	}
	m.weigh(q, q.made.Options, numbers)
}

func (q *item) order(n *tree.Node, m marking) {
	options, numbers := q.options(n.All("simpleChoice"))
	if m.mapped || m.cardinality != "ordered" || len(m.correct) != len(options) {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.order"))
		return
	}
	q.made.Kind, q.made.Rule = bank.Ordering, bank.All
	seen := map[string]bool{}
	for _, name := range m.correct {
		i, err := strconv.Atoi(numbers[name])
		if err != nil || seen[name] {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.identifier", fault.Args{"text": bank.Brief(name)}))
			return
		}
		seen[name] = true
		q.made.Options = append(q.made.Options, options[i-1])
	}
}

// match reads two sets of which each of the first has one of the second.
func (q *item) match(n *tree.Node, m marking) {
	sets := n.All("simpleMatchSet")
	if len(sets) != 2 || m.cardinality != "multiple" {
		q.fail(n, fault.New(fault.Invalid, "learning.file.match"))
		return
	}
	lefts, left := q.options(sets[0].All("simpleAssociableChoice"))
	rights, right := q.options(sets[1].All("simpleAssociableChoice"))
	goes := map[string]string{}
	for _, pair := range m.pairs(q) {
		a, b, _ := strings.Cut(pair, " ")
		if left[a] == "" || right[b] == "" || goes[left[a]] != "" {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.match"))
			return
		}
		goes[left[a]] = right[b]
	}
	q.made.Kind, q.made.Rule, q.made.Options = bank.Matching, bank.All, rights
	if m.mapped {
		q.made.Rule = bank.ByPart
	}
	for _, o := range lefts {
		if goes[o.ID] == "" {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.match"))
			return
		}
		q.made.Pairs = append(q.made.Pairs, bank.Pair{ID: o.ID, Text: o.Text, Right: goes[o.ID]})
	}
	q.made.Shuffle = n.Get("shuffle") == "true"
}

// gap reads the one gap of a text.
func (q *item) gap(n *tree.Node) {
	m, ok := q.marked(n)
	if !ok {
		return
	}
	if m.cardinality != "single" {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.cardinality", fault.Args{"text": bank.Brief(m.cardinality)}))
		return
	}
	q.made.Kind = bank.Gaps
	g := bank.Gap{ID: "1", Worth: 1}
	if n.Name == "inlineChoiceInteraction" {
		options, numbers := q.options(n.All("inlineChoice"))
		g.Kind, g.Options, q.made.Shuffle = bank.Single, options, n.Get("shuffle") == "true"
		m.weigh(q, g.Options, numbers)
	} else {
		m.accept(q, &g)
	}
	q.made.Gaps = []bank.Gap{g}
}

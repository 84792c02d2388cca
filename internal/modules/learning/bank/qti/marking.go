package qti

import (
	"math/big"
	"path"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/tree"
)

// marking is what an item says of how its one response is marked.
type marking struct {
	node                  *tree.Node // the declaration
	cardinality, baseType string
	correct               []string
	mapped                bool // by the mapping, not by what is correct
	entries               []entry
	others                *big.Rat // what all that is not mapped is worth
	whole                 *big.Rat // what the best answer is worth
}

type entry struct {
	key     string
	value   *big.Rat
	exactly string // whether capital letters matter: "true", "false", or unsaid
}

// marked finds the declaration of an interaction and the template that marks it. Not ok,
// with a finding, when there is none or it is not understood.
func (q *item) marked(n *tree.Node) (m marking, ok bool) {
	for _, d := range q.root.All("responseDeclaration") {
		if d.Get("identifier") == n.Get("responseIdentifier") {
			m.node = d
		}
	}
	rules := q.root.Child("responseProcessing")
	if m.node == nil {
		q.fail(n, fault.New(fault.Invalid, "learning.file.undeclared"))
		return m, false
	}
	template, more := processing(rules, m.node.Get("identifier"))
	q.also(more, fault.New(fault.Invalid, "learning.file.lost_hints"))
	m.cardinality, m.baseType = m.node.Get("cardinality"), m.node.Get("baseType")
	for _, v := range m.node.Child("correctResponse").All("value") {
		m.correct = append(m.correct, strings.Join(strings.Fields(v.Words()), " "))
	}
	switch template {
	case matchCorrect:
		if len(m.correct) == 0 {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.no_correct"))
			return m, false
		}
		return m, true
	case mapResponse:
		m.mapped = true
		return m, m.mapping(q)
	}
	if rules == nil {
		rules = q.root
	}
	q.fail(rules, fault.New(fault.Invalid, "learning.file.processing"))
	return m, false
}

// The two templates.
const (
	matchCorrect = "match_correct"
	mapResponse  = "map_response"
)

// processing tells by which of the templates a response is marked, empty for neither: by
// its name, which speaks of the response RESPONSE alone, or written out word for word, with
// more when other outcomes, such as a feedback, are set beside the score.
func processing(rules *tree.Node, response string) (template string, more bool) {
	if name := rules.Get("template"); name != "" {
		name = strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), ".xml")
		if response != "RESPONSE" || name != matchCorrect && name != mapResponse {
			return "", false
		}
		return name, false
	}
	if rules == nil {
		return "", false
	}
	var written strings.Builder
	for _, c := range rules.Children {
		switch {
		case c.Name == "" && strings.TrimSpace(c.Text) == "":
		case c.Name == "setOutcomeValue" && c.Get("identifier") != "SCORE":
			more = true
		default:
			written.WriteString(shape(c))
		}
	}
	switch r := "[" + response + "]"; written.String() {
	case "responseCondition(responseIf(match(variable" + r + "correct" + r + ")setOutcomeValue[SCORE](more))responseElse(setOutcomeValue[SCORE](0)))":
		return matchCorrect, more
	case "responseCondition(responseIf(isNull(variable" + r + ")setOutcomeValue[SCORE](0))responseElse(setOutcomeValue[SCORE](mapResponse" + r + ")))":
		return mapResponse, more
	}
	return "", more
}

// shape writes rules in one line: names with the identifier that they speak of, and of
// numbers whether they are 0 or more.
func shape(n *tree.Node) string {
	if n.Name == "" {
		return strings.TrimSpace(n.Text)
	}
	if n.Name == "baseValue" {
		x, ok := number(strings.TrimSpace(n.Words()))
		switch {
		case !ok || x.Sign() < 0:
			return "?"
		case x.Sign() == 0:
			return "0"
		}
		return "more"
	}
	var b strings.Builder
	b.WriteString(n.Name)
	if id := n.Get("identifier"); id != "" {
		b.WriteString("[" + id + "]")
	}
	var inside strings.Builder
	for _, c := range n.Children {
		inside.WriteString(shape(c))
	}
	if inside.Len() > 0 {
		b.WriteString("(" + inside.String() + ")")
	}
	return b.String()
}

// number reads a number of a mapping.
func number(text string) (*big.Rat, bool) {
	kept, ok := bank.Decimal(text)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(kept)
}

// mapping reads what each answer is worth.
func (m *marking) mapping(q *item) bool {
	n := m.node.Child("mapping")
	bad := func(at *tree.Node, text string) bool {
		q.fail(at, fault.New(fault.Invalid, "learning.file.number", fault.Args{"text": bank.Brief(text)}))
		return false
	}
	if n == nil {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.no_correct"))
		return false
	}
	ok := true
	m.others = new(big.Rat)
	if text := n.Get("defaultValue"); text != "" {
		if m.others, ok = number(text); !ok {
			return bad(n, text)
		}
	}
	best, sum, below := new(big.Rat), new(big.Rat), m.others.Sign() < 0
	for _, e := range n.All("mapEntry") {
		value, ok := number(e.Get("mappedValue"))
		if !ok {
			return bad(e, e.Get("mappedValue"))
		}
		m.entries = append(m.entries, entry{strings.Join(strings.Fields(e.Get("mapKey")), " "), value, e.Get("caseSensitive")})
		if value.Sign() > 0 {
			sum.Add(sum, value)
		}
		if value.Cmp(best) > 0 {
			best = value
		}
		below = below || value.Sign() < 0
	}
	m.whole = best
	if m.cardinality != "single" {
		m.whole = sum
	}
	if text := n.Get("upperBound"); text != "" {
		upper, ok := number(text)
		if !ok {
			return bad(n, text)
		}
		if upper.Cmp(m.whole) < 0 { // there an answer is worth everything before all of it is right
			q.fail(n, fault.New(fault.Invalid, "learning.file.bounds"))
			return false
		}
	}
	lower := n.Get("lowerBound")
	if value, ok := number(lower); lower != "" && (!ok || value.Sign() != 0) || lower == "" && below {
		q.also(true, fault.New(fault.Invalid, "learning.file.lost_below"))
	}
	if m.whole.Sign() <= 0 {
		q.fail(n, fault.New(fault.Invalid, "learning.fault.one_right"))
		return false
	}
	return true
}

// weight gives a value of the mapping as a part of the whole.
func (m *marking) weight(q *item, value *big.Rat) bank.Weight {
	share := new(big.Rat).Quo(value, m.whole)
	share.Mul(share, big.NewRat(int64(bank.Whole), 1))
	if !share.IsInt() || !share.Num().IsInt64() {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.bounds"))
		return 0
	}
	return bank.Weight(share.Num().Int64())
}

// weigh gives options their weights; numbers holds their ids by their identifiers.
func (m *marking) weigh(q *item, options []bank.Option, numbers map[string]string) {
	at := map[string]int{}
	for i, o := range options {
		at[o.ID] = i
		if m.mapped {
			options[i].Weight = m.weight(q, m.others)
		}
	}
	set := func(name string, w bank.Weight) {
		i, there := at[numbers[name]]
		if !there {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.identifier", fault.Args{"text": bank.Brief(name)}))
			return
		}
		options[i].Weight = w
	}
	if m.mapped {
		for _, e := range m.entries {
			set(e.key, m.weight(q, e.value))
		}
		return
	}
	for _, name := range m.correct {
		if m.cardinality == "multiple" && len(m.correct) <= 20 {
			set(name, bank.Share(len(m.correct)))
		} else {
			set(name, bank.Whole)
		}
	}
}

// pairs gives the pairs that are right.
func (m *marking) pairs(q *item) []string {
	if !m.mapped {
		return m.correct
	}
	var out []string
	var each *big.Rat
	for _, e := range m.entries {
		if e.value.Sign() == 0 {
			continue
		}
		if each == nil {
			each = e.value
		}
		if e.value.Cmp(each) != 0 || m.others.Sign() != 0 { // the bank counts pairs, all alike
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.bounds"))
		}
		out = append(out, e.key)
	}
	return out
}

// accept reads what may be typed into a gap.
func (m *marking) accept(q *item, g *bank.Gap) {
	g.Kind = bank.Short
	if m.baseType == "integer" || m.baseType == "float" {
		g.Kind = bank.Numeric
	} else if m.baseType != "string" {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.cardinality", fault.Args{"text": bank.Brief(m.baseType)}))
		return
	}
	add := func(text string, w bank.Weight) {
		value := strings.ReplaceAll(text, "*", `\*`)
		if g.Kind == bank.Numeric {
			var ok bool
			if value, ok = bank.Decimal(text); !ok {
				q.fail(m.node, fault.New(fault.Invalid, "learning.file.number", fault.Args{"text": bank.Brief(text)}))
			}
		}
		g.Accepted = append(g.Accepted, bank.Accepted{Value: value, Weight: w})
	}
	if !m.mapped {
		g.Case = g.Kind == bank.Short
		for _, text := range m.correct {
			add(text, bank.Whole)
		}
		return
	}
	if m.others.Sign() != 0 {
		q.fail(m.node, fault.New(fault.Invalid, "learning.file.bounds"))
		return
	}
	small, unsaid := 0, false
	for _, e := range m.entries {
		if e.exactly == "false" {
			small++
		}
		unsaid = unsaid || e.exactly == ""
		add(e.key, m.weight(q, e.value))
	}
	if g.Kind == bank.Short {
		if small > 0 && small < len(m.entries) {
			q.fail(m.node, fault.New(fault.Invalid, "learning.file.case_mixed"))
		}
		g.Case = small == 0
		q.also(unsaid, fault.New(fault.Invalid, "learning.file.case_unsaid"))
	}
}

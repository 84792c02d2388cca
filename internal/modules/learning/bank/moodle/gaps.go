package moodle

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

var (
	// gapBegins is what the answers of a gap in a cloze text begin with.
	gapBegins = regexp.MustCompile(`\{([0-9]{0,3}):([A-Z_]{2,20}):`)
	choices   = regexp.MustCompile(`\[\[([0-9]{1,3})\]\]`)
	weighed   = regexp.MustCompile(`^%(-?[0-9]{1,3}(?:[.,][0-9]*)?)%`)
)

// clozeKinds are the names of the kinds of gaps; true is for letters that matter.
var clozeKinds = map[string]struct {
	kind    bank.Kind
	exactly bool
	shuffle bool
}{
	"SHORTANSWER": {bank.Short, false, false}, "SA": {bank.Short, false, false}, "MW": {bank.Short, false, false},
	"SHORTANSWER_C": {bank.Short, true, false}, "SAC": {bank.Short, true, false}, "MWC": {bank.Short, true, false},
	"NUMERICAL": {bank.Numeric, false, false}, "NM": {bank.Numeric, false, false},
	"MULTICHOICE": {bank.Single, false, false}, "MC": {bank.Single, false, false}, "MULTICHOICE_S": {bank.Single, false, true}, "MCS": {bank.Single, false, true},
	"MULTICHOICE_V": {bank.Single, false, false}, "MCV": {bank.Single, false, false}, "MULTICHOICE_VS": {bank.Single, false, true}, "MCVS": {bank.Single, false, true},
	"MULTICHOICE_H": {bank.Single, false, false}, "MCH": {bank.Single, false, false}, "MULTICHOICE_HS": {bank.Single, false, true}, "MCHS": {bank.Single, false, true},
}

// cloze reads a text in which the answers stand.
func (q *question) cloze() {
	q.made.Kind = bank.Gaps
	n := q.node.Child("questiontext")
	source := n.Child("text").Words()
	var text strings.Builder
	for {
		found := gapBegins.FindStringSubmatchIndex(source)
		if found == nil {
			break
		}
		if len(q.made.Gaps) == bank.MostGaps {
			q.fail(n, fault.New(fault.Invalid, "learning.fault.most", fault.Args{"most": bank.MostGaps}))
			return
		}
		text.WriteString(source[:found[0]])
		worth, kind := source[found[2]:found[3]], source[found[4]:found[5]]
		source = source[found[1]:]
		end := ends(source, "}")
		if end < 0 {
			q.fail(n, fault.New(fault.Invalid, "learning.file.brace_open"))
			return
		}
		g := q.gap(worth, kind, source[:end])
		if q.failed {
			return
		}
		text.WriteString(g.Marker())
		q.made.Gaps = append(q.made.Gaps, g)
		source = source[end+1:]
	}
	text.WriteString(source)
	q.made.Text = q.say(text.String(), q.format(n))
}

// ends gives the first place of one of some signs that has its meaning: no backslash
// stands before it, and a number sign is not that of an entity.
func ends(s, signs string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '#' && i > 0 && s[i-1] == '&':
		case strings.IndexByte(signs, s[i]) >= 0:
			return i
		}
	}
	return -1
}

// gap reads the answers of one gap.
func (q *question) gap(worth, kind, answers string) bank.Gap {
	what, known := clozeKinds[kind]
	if !known {
		q.fail(q.node, fault.New(fault.Invalid, "learning.file.kind", fault.Args{"text": bank.Brief(kind)}))
	}
	g := bank.Gap{ID: strconv.Itoa(len(q.made.Gaps) + 1), Kind: what.kind, Worth: 1, Case: what.exactly}
	if n, err := strconv.Atoi(worth); err == nil {
		g.Worth = n
	}
	q.made.Shuffle = q.made.Shuffle || what.shuffle
	answers = strings.TrimPrefix(answers, "~")
	for answers != "" && !q.failed {
		if len(g.Options)+len(g.Accepted) == bank.MostAccepted {
			q.fail(q.node, fault.New(fault.Invalid, "learning.fault.most", fault.Args{"most": bank.MostAccepted}))
			break
		}
		one := answers
		if i := ends(answers, "~"); i >= 0 {
			one, answers = answers[:i], answers[i+1:]
		} else {
			answers = ""
		}
		var w bank.Weight
		if found := weighed.FindStringSubmatch(one); found != nil {
			ok := false
			if w, ok = bank.Percent(found[1]); !ok {
				q.fail(q.node, fault.New(fault.Invalid, "learning.file.weight", fault.Args{"text": bank.Brief(found[1])}))
			}
			one = one[len(found[0]):]
		} else if strings.HasPrefix(one, "=") {
			w, one = bank.Whole, one[1:]
		}
		why := ""
		if i := ends(one, "#"); i >= 0 {
			one, why = one[:i], one[i+1:]
		}
		feedback := q.say(once(why), "html")
		if g.Kind == bank.Single {
			g.Options = append(g.Options, bank.Option{ID: strconv.Itoa(len(g.Options) + 1), Text: q.say(once(one), "html"), Weight: w, Feedback: feedback})
			continue
		}
		a := bank.Accepted{Value: once(one), Weight: w, Feedback: feedback}
		if g.Kind == bank.Numeric {
			value, tolerance, off := strings.Cut(strings.TrimSpace(one), ":")
			a.Value = q.number(q.node, value)
			if off {
				a.Tolerance = q.tolerance(q.node, tolerance)
			}
		}
		g.Accepted = append(g.Accepted, a)
	}
	return g
}

var unslash = strings.NewReplacer(`\}`, "}", `\#`, "#", `\~`, "~", `\/`, "/", `\"`, `"`, `\\`, `\`)

// once takes away what an answer in a text is wrapped in: backslashes and entities.
func once(s string) string { return html.UnescapeString(unslash.Replace(s)) }

// selected reads a text with [[1]] for the first choice, among those of its group.
func (q *question) selected() {
	q.made.Kind, q.made.Shuffle = bank.Gaps, truth(q.node.Child("shuffleanswers"))
	list := append(q.node.All("selectoption"), q.node.All("dragbox")...)
	once := false
	for _, n := range q.node.All("dragbox") {
		once = once || n.Child("infinite") == nil
	}
	q.also(once, fault.New(fault.Invalid, "learning.file.lost_once"))
	if len(list) > bank.MostOptions {
		q.fail(q.node, fault.New(fault.Invalid, "learning.fault.most", fault.Args{"most": bank.MostOptions}))
		return
	}
	words := make([]bank.Words, len(list))
	for i, n := range list {
		words[i] = q.words(n)
	}
	source := q.made.Text.Exactly(q.language)
	var text strings.Builder
	last := 0
	for _, at := range choices.FindAllStringSubmatchIndex(source, bank.MostGaps+1) {
		right, err := strconv.Atoi(source[at[2]:at[3]])
		if err != nil || right < 1 || right > len(list) {
			q.fail(q.node, fault.New(fault.Invalid, "learning.file.no_choice", fault.Args{"text": bank.Brief(source[at[0]:at[1]])}))
			return
		}
		g := bank.Gap{ID: strconv.Itoa(len(q.made.Gaps) + 1), Kind: bank.Single, Worth: 1}
		for i, n := range list {
			if strings.TrimSpace(n.Child("group").Words()) != strings.TrimSpace(list[right-1].Child("group").Words()) {
				continue
			}
			o := bank.Option{ID: strconv.Itoa(i + 1), Text: words[i]}
			if i == right-1 {
				o.Weight = bank.Whole
			}
			g.Options = append(g.Options, o)
		}
		q.made.Gaps = append(q.made.Gaps, g)
		text.WriteString(source[last:at[0]] + g.Marker())
		last = at[1]
	}
	text.WriteString(source[last:])
	q.made.Text = bank.Say(q.language, text.String())
}

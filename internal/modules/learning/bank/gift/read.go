package gift

import (
	"regexp"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/plain"
)

// Read reads questions that are written in a language. The error is a bank.Finding and
// means that the file as a whole cannot be read: it is not UTF-8, or too large.
func Read(raw []byte, l i18n.Language) (bank.Read, error) {
	text, err := bank.Decode(raw)
	if err != nil {
		return bank.Read{}, err
	}
	r := reader{language: l}
	line, begins := 1, 0 // of the block
	var block []string
	flush := func(next int) {
		if len(block) > 0 {
			r.block(block, begins)
		}
		block, begins = block[:0], next+1
	}
	begins = 1
	for s := range strings.Lines(text) {
		s = strings.TrimSuffix(s, "\n")
		if strings.TrimSpace(s) == "" {
			flush(line)
		} else {
			block = append(block, s)
		}
		line++
	}
	flush(line)
	return r.out, nil
}

type reader struct {
	language i18n.Language
	category string
	out      bank.Read
}

// question is a block that is being read. Offsets are in text.
type question struct {
	*reader
	text   string
	line   int // in which the text begins
	made   bank.Question
	lost   map[string]bool // elements of HTML
	format string
	failed bool
}

var (
	idMark   = regexp.MustCompile(`\[id:([^\x00-\x1f\x7f\]]+)\]`)
	tagMark  = regexp.MustCompile(`\[tag:([^\x00-\x1f\x7f\]]+)\]`)
	prefixed = regexp.MustCompile(`^\s*\[(html|moodle|plain|markdown)\]`)
	weighted = regexp.MustCompile(`^%-*[0-9]{1,2}\.?[0-9]*%`)
	indented = regexp.MustCompile(`[ \t]*\n[ \t]*`) // a line of the file that goes on in the next
	tagged   = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
)

// block reads the lines between two blank ones.
func (r *reader) block(lines []string, at int) {
	q := question{reader: r, line: at, lost: map[string]bool{}, format: "moodle"}
	q.made = bank.Question{Language: r.language}
	for i, s := range lines {
		if !strings.HasPrefix(strings.TrimSpace(s), "//") {
			continue
		}
		if found := idMark.FindStringSubmatch(s); found != nil {
			q.made.Ref = strings.TrimSpace(found[1])
		}
		for _, found := range tagMark.FindAllStringSubmatch(s, -1) {
			q.made.Tags = append(q.made.Tags, strings.TrimSpace(found[1]))
		}
		lines[i] = ""
	}
	q.text = strings.Join(lines, "\n")
	if rest, ok := strings.CutPrefix(strings.TrimLeft(q.text, " \t\n"), "$CATEGORY:"); ok {
		category, rest, _ := strings.Cut(rest, "\n")
		r.category = bank.Folder(category)
		q.line += strings.Count(q.text[:len(q.text)-len(rest)], "\n")
		q.text = rest
	}
	if strings.TrimSpace(q.text) == "" {
		return
	}
	q.made.Category = r.category
	q.read()
}

// fail notes why the question is not taken, at a place of its text.
func (q *question) fail(offset int, why *fault.Error) {
	if q.failed {
		return // one reason is enough, and the rest may follow from it
	}
	line, column := bank.At(q.text, offset)
	q.failed = true
	q.out.Find(bank.Finding{Line: q.line + line - 1, Column: column, Question: q.title(), Fault: why})
}

func (q *question) title() string {
	if q.made.Name != "" || q.made.Text != (bank.Words{}) {
		return q.made.Title()
	}
	begin := bank.Question{Language: q.language, Text: bank.Say(q.language, unescape(strings.TrimSpace(q.text)))}
	return begin.Title()
}

// piece is a part of the text, with the place at which it begins.
type piece struct {
	text string
	at   int
}

// trim takes away the space around a piece.
func (p piece) trim() piece {
	left := strings.TrimLeft(p.text, " \t\n\u00a0")
	return piece{strings.TrimRight(left, " \t\n\u00a0"), p.at + len(p.text) - len(left)}
}

func (p piece) from(i int) piece { return piece{p.text[i:], p.at + i} }

// escaped are the characters that a backslash takes the meaning from.
const escaped = `\:#={}~n`

// next gives the first place from i on at which a character of a set stands with its
// meaning, -1 for none.
func next(s string, i int, set string) int {
	for ; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(escaped, s[i+1]) >= 0:
			i++
		case strings.IndexByte(set, s[i]) >= 0:
			return i
		}
	}
	return -1
}

// cut divides a piece at the first character that has its meaning.
func (p piece) cut(c string) (before, after piece, found bool) {
	i := next(p.text, 0, c)
	if i < 0 {
		return p, piece{"", p.at + len(p.text)}, false
	}
	return piece{p.text[:i], p.at}, p.from(i + 1), true
}

// split divides a piece before each character of a set.
func (p piece) split(set string) (out []piece) {
	begin := 0
	for i := next(p.text, 0, set); i >= 0; i = next(p.text, i+1, set) {
		out = append(out, piece{p.text[begin:i], p.at + begin})
		begin = i
	}
	return append(out, p.from(begin))
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(escaped, s[i+1]) >= 0 {
			if i++; s[i] == 'n' {
				b.WriteByte('\n')
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// read reads what is left of the block: one question.
func (q *question) read() {
	whole := piece{q.text, 0}.trim()
	if rest, ok := strings.CutPrefix(whole.text, "::"); ok {
		end := -1
		for i := next(rest, 0, ":"); i >= 0; i = next(rest, i+1, ":") {
			if strings.HasPrefix(rest[i:], "::") {
				end = i
				break
			}
		}
		if end >= 0 {
			q.made.Name = strings.TrimSpace(unescape(rest[:end]))
			whole = whole.from(2 + end + 2).trim()
		}
	}
	begin, end := next(whole.text, 0, "{"), next(whole.text, 0, "}")
	switch {
	case begin < 0 && end < 0:
		q.made.Text = q.words(whole)
		q.fail(whole.at, fault.New(fault.Invalid, "learning.file.no_question"))
		return
	case begin >= 0 && end < 0:
		q.fail(whole.at+begin, fault.New(fault.Invalid, "learning.file.brace_open"))
		return
	case begin < 0 || end < begin:
		q.fail(whole.at+end, fault.New(fault.Invalid, "learning.file.brace_close"))
		return
	}
	answers := piece{whole.text[begin+1 : end], whole.at + begin + 1}
	if i := next(answers.text, 0, "{"); i >= 0 {
		q.fail(answers.at+i, fault.New(fault.Invalid, "learning.file.brace_open"))
		return
	}
	if i := next(whole.text, end+1, "{}"); i >= 0 {
		q.fail(whole.at+i, fault.New(fault.Invalid, "learning.file.brace_twice"))
		return
	}
	q.stem(whole, begin, end, answers.trim())
}

// stem reads the text around the answers, and then these.
func (q *question) stem(whole piece, begin, end int, answers piece) {
	blank := ""
	if end+1 < len(whole.text) {
		blank = "_____"
	}
	feedback := piece{}
	for i := next(answers.text, 0, "#"); i >= 0; i = next(answers.text, i+1, "#") {
		if strings.HasPrefix(answers.text[i:], "####") {
			feedback = answers.from(i + 4)
			feedback.text = answers.text[i+4:]
			answers, feedback = piece{answers.text[:i], answers.at}.trim(), feedback.trim()
			break
		}
	}
	around := func(blank string) piece {
		return piece{whole.text[:begin] + blank + whole.text[end+1:], whole.at}
	}
	if found := prefixed.FindStringSubmatch(whole.text); found != nil {
		q.format = found[1]
	}
	fill := q.answers(answers)
	if q.failed {
		return
	}
	if blank != "" && (q.made.Kind == bank.Single || q.made.Kind == bank.Short || q.made.Kind == bank.Numeric) {
		q.made.Gaps = []bank.Gap{{ID: "1", Kind: q.made.Kind, Worth: 1, Options: q.made.Options, Accepted: q.made.Accepted}}
		q.made.Kind, q.made.Options, q.made.Accepted = bank.Gaps, nil, nil
		blank = q.made.Gaps[0].Marker()
	}
	q.made.Text, q.made.Feedback = q.words(around(blank)), q.words(feedback)
	line, column := bank.At(q.text, whole.at)
	line += q.line - 1
	for _, f := range fill {
		q.found(line, column, f)
	}
	if len(q.lost) > 0 {
		q.found(line, column, bank.Markup(q.lost))
	}
	q.out.Add(q.made, line, column)
}

// found notes what became otherwise in a question that is taken.
func (q *question) found(line, column int, what *fault.Error) {
	q.out.Find(bank.Finding{Line: line, Column: column, Question: q.made.Title(), Taken: true, Fault: what})
}

// words gives a text as it is kept, in the format that it names or that the question has.
func (q *question) words(p piece) bank.Words {
	text, format := p.text, q.format
	if found := prefixed.FindStringSubmatch(text); found != nil {
		format, text = found[1], text[len(found[0]):]
	}
	text = strings.TrimSpace(unescape(indented.ReplaceAllString(text, "\n")))
	switch {
	case format == "html":
		var lost []string
		text, lost = plain.Text(text)
		for _, name := range lost {
			q.lost[name] = true
		}
	case format == "markdown":
		q.lost["Markdown"] = true
	case format == "moodle" && tagged.MatchString(text):
		q.lost["HTML"] = true
	}
	if text == "" {
		return bank.Words{}
	}
	return bank.Say(q.language, text)
}

// answers reads what stands between the braces. It gives what became otherwise.
func (q *question) answers(p piece) []*fault.Error {
	switch {
	case p.text == "":
		q.made.Kind = bank.Open
	case p.text[0] == '#':
		q.numeric(p.from(1))
	case next(p.text, 0, "~") >= 0:
		return q.choice(p)
	case next(p.text, 0, "=") >= 0 && strings.Contains(p.text, "->"):
		q.matching(p)
	default:
		answer, _, _ := p.cut("#")
		switch answer.trim().text {
		case "T", "TRUE", "F", "FALSE":
			q.trueFalse(p)
		default:
			q.short(p)
		}
	}
	return nil
}

// choice reads multiple choice, of one answer when there is an equals sign.
func (q *question) choice(p piece) []*fault.Error {
	q.made.Kind, q.made.Rule = bank.Multiple, bank.ByPart
	if next(p.text, 0, "=") >= 0 {
		q.made.Kind, q.made.Rule = bank.Single, ""
	}
	pieces := p.split("~=")
	if !q.few(p, pieces, bank.MostOptions) {
		return nil
	}
	if before := pieces[0].trim(); before.text != "" {
		q.fail(before.at, fault.New(fault.Invalid, "learning.file.before_answers"))
		return nil
	}
	for _, one := range pieces[1:] {
		o := bank.Option{ID: strconv.Itoa(len(q.made.Options) + 1)}
		full := one.text[0] == '='
		one = one.from(1).trim()
		if full {
			o.Weight = bank.Whole
		} else {
			o.Weight, one, _ = q.weight(one)
		}
		text, why, _ := one.cut("#")
		o.Text, o.Feedback = q.words(text.trim()), q.words(why.trim())
		q.made.Options = append(q.made.Options, o)
	}
	if q.made.Kind == bank.Multiple && bank.Even(q.made.Options) {
		return []*fault.Error{fault.New(fault.Invalid, "learning.file.evened")}
	}
	return nil
}

// few reports whether no more answers stand behind the signs than are read; else it says so.
func (q *question) few(at piece, pieces []piece, most int) bool {
	if len(pieces)-1 > most {
		q.fail(at.at, fault.New(fault.Invalid, "learning.fault.most", fault.Args{"most": most}))
		return false
	}
	return true
}

// weight reads the per cents that an answer begins with; there tells whether it does.
func (q *question) weight(p piece) (w bank.Weight, rest piece, there bool) {
	found := weighted.FindString(p.text)
	if found == "" {
		return 0, p, false
	}
	w, ok := bank.Percent(strings.Trim(found, "%"))
	if !ok {
		q.fail(p.at, fault.New(fault.Invalid, "learning.file.weight", fault.Args{"text": bank.Brief(found)}))
	}
	return w, p.from(len(found)).trim(), true
}

func (q *question) matching(p piece) {
	q.made.Kind, q.made.Rule = bank.Matching, bank.ByPart
	pieces := p.split("=")
	if !q.few(p, pieces, bank.MostPairs+bank.MostOptions) {
		return
	}
	if before := pieces[0].trim(); before.text != "" {
		q.fail(before.at, fault.New(fault.Invalid, "learning.file.before_answers"))
		return
	}
	rights := map[string]string{}
	for _, one := range pieces[1:] {
		one = one.from(1).trim()
		left, right, ok := strings.Cut(one.text, "->")
		if !ok {
			q.fail(one.at, fault.New(fault.Invalid, "learning.file.arrow"))
			return
		}
		words := unescape(strings.TrimSpace(right))
		id, there := rights[words]
		if !there {
			id = strconv.Itoa(len(q.made.Options) + 1)
			rights[words] = id
			q.made.Options = append(q.made.Options, bank.Option{ID: id, Text: bank.Say(q.language, words)})
		}
		if text := q.words(piece{left, one.at}.trim()); text != (bank.Words{}) {
			q.made.Pairs = append(q.made.Pairs, bank.Pair{ID: strconv.Itoa(len(q.made.Pairs) + 1), Text: text, Right: id})
		}
	}
}

func (q *question) trueFalse(p piece) {
	answer, rest, _ := p.cut("#")
	wrong, right, _ := rest.cut("#")
	q.made.Kind = bank.TrueFalse
	q.made.Options = []bank.Option{{ID: bank.TrueID}, {ID: bank.FalseID}}
	at := 1
	if answer.trim().text[0] == 'T' {
		at = 0
	}
	q.made.Options[at].Weight, q.made.Options[at].Feedback = bank.Whole, q.words(right.trim())
	q.made.Options[1-at].Feedback = q.words(wrong.trim())
}

// each gives the accepted answers of a short or a numeric question, one of which may
// stand without an equals sign.
func (q *question) each(p piece) (out []piece) {
	pieces := p.split("=")
	if len(pieces) == 1 {
		return pieces
	}
	if !q.few(p, pieces, bank.MostAccepted) {
		return nil
	}
	if before := pieces[0].trim(); before.text != "" {
		q.fail(before.at, fault.New(fault.Invalid, "learning.file.before_answers"))
		return nil
	}
	for _, one := range pieces[1:] {
		out = append(out, one.from(1))
	}
	return out
}

func (q *question) short(p piece) {
	q.made.Kind = bank.Short
	for _, one := range q.each(p) {
		w, rest, there := q.weight(one.trim())
		if !there {
			w = bank.Whole
		}
		text, why, _ := rest.cut("#")
		q.made.Accepted = append(q.made.Accepted, bank.Accepted{Value: q.words(text.trim()).Exactly(q.language), Weight: w, Feedback: q.words(why.trim())})
	}
}

func (q *question) numeric(p piece) {
	q.made.Kind = bank.Numeric
	accepted, others, more := p.cut("~")
	for _, one := range q.each(accepted.trim()) {
		w, rest, there := q.weight(one.trim())
		if !there {
			w = bank.Whole
		}
		text, why, _ := rest.cut("#")
		text = text.trim()
		a, ok := span(text.text)
		if !ok {
			q.fail(text.at, fault.New(fault.Invalid, "learning.file.number", fault.Args{"text": bank.Brief(text.text)}))
			return
		}
		a.Weight, a.Feedback = w, q.words(why.trim())
		q.made.Accepted = append(q.made.Accepted, a)
	}
	if more {
		text, why, _ := others.cut("#")
		if text = text.trim(); text.text != "" && text.text != bank.Anything {
			q.fail(text.at, fault.New(fault.Invalid, "learning.file.number", fault.Args{"text": bank.Brief(text.text)}))
			return
		}
		q.made.Accepted = append(q.made.Accepted, bank.Accepted{Value: bank.Anything, Feedback: q.words(why.trim())})
	}
}

// span reads what a number may be: "3", "3:0.1", "2.9..3.1" or "*".
func span(text string) (a bank.Accepted, ok bool) {
	if text == bank.Anything {
		return bank.Accepted{Value: bank.Anything}, true
	}
	if low, high, two := strings.Cut(text, ".."); two {
		a.Value, a.Tolerance, ok = bank.Between(low, high)
	} else {
		value, tolerance, two := strings.Cut(text, ":")
		a.Value, ok = bank.Decimal(value)
		if two && ok {
			a.Tolerance, ok = bank.Decimal(tolerance)
		}
	}
	if a.Tolerance == "0" {
		a.Tolerance = ""
	}
	return a, ok
}

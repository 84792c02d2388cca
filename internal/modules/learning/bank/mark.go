package bank

import (
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/legible"
)

// Answer is what somebody answered. Which of its parts count is the affair of the kind.
type Answer struct {
	Chosen []string          `json:"chosen,omitempty"` // ids of options; of Ordering all of them in her order
	Text   string            `json:"text,omitempty"`   // of Numeric, Short, Scale and Open
	Parts  map[string]string `json:"parts,omitempty"`  // by the id of the pair the id of an option; by that of the gap an id or a text
}

// Mark gives the points of an answer and the points of a right one; package bank has the
// formulas. The question is one that Validate takes.
func Mark(q Question, a Answer) (points, of int64) {
	switch q.Kind {
	case Single, TrueFalse:
		if len(a.Chosen) == 1 {
			points = part(weightOf(q.Options, a.Chosen[0]))
		}
		return points, int64(Whole)
	case Multiple:
		return multiple(q, a.Chosen)
	case Numeric, Short:
		return part(q.accepts(a.Text)), int64(Whole)
	case Matching:
		for _, p := range q.Pairs {
			if a.Parts[p.ID] == p.Right {
				points++
			}
		}
		return q.counted(points, len(q.Pairs))
	case Ordering:
		if q.permutes(a.Chosen) {
			for i, o := range q.Options {
				if a.Chosen[i] == o.ID {
					points++
				}
			}
		}
		return q.counted(points, len(q.Options))
	case Gaps:
		for _, g := range q.Gaps {
			given := Answer{Text: a.Parts[g.ID]}
			if g.Kind == Single {
				given = Answer{Chosen: []string{a.Parts[g.ID]}}
			}
			got, full := Mark(g.alone(), given)
			points += int64(g.Worth) * got
			of += int64(g.Worth) * full
		}
	}
	return points, of
}

// counted gives right parts of all by the rule of the question.
func (q Question) counted(right int64, all int) (points, of int64) {
	if q.Rule == ByPart {
		return right, int64(all)
	}
	if right == int64(all) {
		return 1, 1
	}
	return 0, 1
}

func multiple(q Question, chosen []string) (points, of int64) {
	ticked := map[string]bool{}
	for _, id := range chosen {
		if _, there := find(q.Options, id); !there {
			return q.nothing()
		}
		ticked[id] = true
	}
	var sum Weight
	same := true
	for _, o := range q.Options {
		if ticked[o.ID] {
			sum += o.Weight
		}
		same = same && ticked[o.ID] == (o.Weight > 0)
	}
	if q.Rule == ByPart {
		return part(sum), int64(Whole)
	}
	if same {
		return 1, 1
	}
	return 0, 1
}

// nothing is what an answer is worth that does not belong to a question of Multiple.
func (q Question) nothing() (points, of int64) {
	if q.Rule == ByPart {
		return 0, int64(Whole)
	}
	return 0, 1
}

// part keeps a weight between nothing and everything.
func part(w Weight) int64 { return int64(min(max(w, 0), Whole)) }

func find(options []Option, id string) (Option, bool) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.ID == id })
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

func weightOf(options []Option, id string) Weight {
	o, _ := find(options, id)
	return o.Weight
}

// permutes reports whether ids are all options, each once.
func (q Question) permutes(ids []string) bool {
	seen := map[string]bool{}
	for _, id := range ids {
		if _, there := find(q.Options, id); !there || seen[id] {
			return false
		}
		seen[id] = true
	}
	return len(seen) == len(q.Options)
}

// accepts gives the weight of the first accepted answer that a text fits.
func (q Question) accepts(text string) Weight {
	if utf8.RuneCountInString(text) > LongestTyped {
		return 0
	}
	if q.Kind == Numeric {
		x, ok := number(text)
		if !ok {
			return 0
		}
		for _, a := range q.Accepted {
			if a.holds(x) {
				return a.Weight
			}
		}
		return 0
	}
	text = q.fold(text)
	if text == "" {
		return 0
	}
	for _, a := range q.Accepted {
		if fits(q.pattern(a.Value), text) {
			return a.Weight
		}
	}
	return 0
}

// keyboard maps letters to those of a Russian keyboard.
var keyboard = strings.NewReplacer("ё", "е", "Ё", "Е", "ө", "о", "Ө", "О", "ү", "у", "Ү", "У", "ң", "н", "Ң", "Н")

// fold gives a short answer in the form in which it is compared.
func (q Question) fold(text string) string {
	text = strings.Join(strings.Fields(legible.Seen(text)), " ")
	if !q.Case {
		text = strings.ToLower(text)
	}
	if q.Letters {
		text = keyboard.Replace(text)
	}
	return text
}

// Characters of private use, which no accepted answer may have, stand for the two stars
// while a pattern is folded.
const (
	plainStar = "\ue000"
	anyRun    = "\ue001"
)

var stars = strings.NewReplacer(`\*`, plainStar, `*`, anyRun)

// pattern gives the pieces of an accepted text between its stars.
func (q Question) pattern(accepted string) []string {
	pieces := strings.Split(q.fold(stars.Replace(accepted)), anyRun)
	for i := range pieces {
		pieces[i] = strings.ReplaceAll(pieces[i], plainStar, "*")
	}
	return pieces
}

// fits reports whether a text consists of the pieces in their order, the first at its
// start and the last at its end, with anything between them.
func fits(pieces []string, text string) bool {
	if len(pieces) == 1 {
		return text == pieces[0]
	}
	text, ok := strings.CutPrefix(text, pieces[0])
	if !ok {
		return false
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		i := strings.Index(text, piece)
		if i < 0 {
			return false
		}
		text = text[i+len(piece):]
	}
	return strings.HasSuffix(text, pieces[last])
}

// Right gives an answer that is worth everything; of Scale and Open the empty one.
func Right(q Question) Answer {
	switch q.Kind {
	case Single, TrueFalse:
		for _, o := range q.Options {
			if o.Weight == Whole {
				return Answer{Chosen: []string{o.ID}}
			}
		}
	case Multiple:
		var a Answer
		for _, o := range q.Options {
			if o.Weight > 0 {
				a.Chosen = append(a.Chosen, o.ID)
			}
		}
		return a
	case Numeric, Short:
		return Answer{Text: q.rightText()}
	case Matching:
		a := Answer{Parts: map[string]string{}}
		for _, p := range q.Pairs {
			a.Parts[p.ID] = p.Right
		}
		return a
	case Ordering:
		var a Answer
		for _, o := range q.Options {
			a.Chosen = append(a.Chosen, o.ID)
		}
		return a
	case Gaps:
		a := Answer{Parts: map[string]string{}}
		for _, g := range q.Gaps {
			right := Right(g.alone())
			if a.Parts[g.ID] = right.Text; len(right.Chosen) == 1 {
				a.Parts[g.ID] = right.Chosen[0]
			}
		}
		return a
	}
	return Answer{}
}

// rightText gives the first accepted answer that is worth everything when it is given.
func (q Question) rightText() string {
	for _, a := range q.Accepted {
		text := a.Value
		switch {
		case a.Weight != Whole:
			continue
		case q.Kind == Numeric && text == Anything:
			text = "0"
		case q.Kind == Short:
			text = strings.Join(strings.Fields(strings.ReplaceAll(strings.ReplaceAll(stars.Replace(text), anyRun, ""), plainStar, "*")), " ")
		}
		if q.accepts(text) == Whole {
			return text
		}
	}
	return ""
}

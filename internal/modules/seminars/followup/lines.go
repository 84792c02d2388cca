package followup

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// Lines are what somebody needs who cooks, drives or has rooms: numbers without names.
type Lines struct {
	Activity seats.Activity
	Use      string
	Seats    int // who has a seat
	Answered int // of these
	Unasked  int // of these, who was never asked: the activity does not ask
	Parts    []Part
}

// NeverAsked reports whether nobody has been asked anything yet.
func (v Lines) NeverAsked() bool { return v.Seats > 0 && v.Unasked == v.Seats }

// Part is one question with what was answered, each with how often.
type Part struct {
	Question string
	Lines    []Line
	None     int // were asked it and gave no answer to it
	Unasked  int // have a seat and were not asked it
	Portions int // how many eat, where the question is that about food
	Food     bool
}

// Line is one answer and how many gave it.
type Line struct {
	Words string
	Count int
}

// LinesOf counts the answers to the questions that are marked for a use, of who has a seat. At
// the door, where others read along, what was written stays away: only how many wrote something.
//
// Faults: NotFound for a use that there is not; Forbidden for whoever may not select, and for
// the door for whoever may not stand there.
func (m *Module) LinesOf(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, use string, say *i18n.Printer) (v Lines, err error) {
	v.Activity, v.Use = a, use
	if !slices.Contains(Uses, use) {
		return v, fault.New(fault.NotFound, "followup.fault.use")
	}
	needs := seats.MaySelect
	if use == Door {
		needs = seats.MayAdmit
	}
	if !actor.May(needs, seats.ScopeOf(a)) {
		return v, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	all, err := seated(ctx, tx, a)
	if err != nil {
		return v, err
	}
	now, err := Questions.Now(ctx, tx, Owner(a))
	if err != nil {
		return v, err
	}
	rules, err := RulesOf(ctx, tx, a.ID)
	if err != nil {
		return v, err
	}
	count := newCounter(now, use, say)
	silent := 0 // were asked and have answered nothing
	for _, k := range all {
		switch {
		case k.Answered.IsZero() && k.Asked.IsZero() && !rules.Asks:
			v.Unasked++
			continue
		case k.Answered.IsZero():
			silent++
			continue
		}
		v.Answered++
		form, answers, err := m.answered(ctx, tx, a, k.App.Person, k.kept)
		if err != nil {
			return v, err
		}
		count.add(form, answers)
	}
	v.Seats = len(all)
	v.Parts = count.parts(silent, v.Unasked)
	return v, nil
}

// counter counts answers to the questions of one use.
type counter struct {
	use   string
	say   *i18n.Printer
	list  []forms.Question          // in order
	owed  map[string]int            // by question, who was asked it and gave no answer
	not   map[string]int            // by question, who answered when it was not asked
	eats  map[string]int            // by question about food, who eats
	seen  map[string]map[string]int // by question and words
	spelt map[string]map[string]int // by question and folded words, how they were written
}

func newCounter(now forms.Form, use string, say *i18n.Printer) *counter {
	c := &counter{use: use, say: say, owed: map[string]int{}, not: map[string]int{}, eats: map[string]int{}, seen: map[string]map[string]int{}, spelt: map[string]map[string]int{}}
	for _, q := range now.Questions {
		if slices.Contains(q.Uses, use) {
			c.list = append(c.list, q)
		}
	}
	return c
}

// add counts one person. A question that is asked no more, or was reworded, is counted beside
// the others in the words that she read.
func (c *counter) add(form forms.Form, a forms.Answers) {
	for _, q := range c.list {
		if was, asked := form.Question(q.Key); !asked {
			c.not[q.Key]++
		} else if !a.Has(q.Key) && form.Applies(was, a) {
			c.owed[q.Key]++
		}
	}
	for _, q := range form.Questions {
		at := slices.IndexFunc(c.list, func(o forms.Question) bool { return o.Key == q.Key })
		if at < 0 {
			if !slices.Contains(q.Uses, c.use) || !a.Has(q.Key) {
				continue
			}
			at, c.list = len(c.list), append(c.list, q)
		}
		if !a.Has(q.Key) {
			continue
		}
		if q.Key == foodKey && !slices.Contains(a.Values[q.Key], eatsNothing) {
			c.eats[q.Key]++
		}
		if c.seen[q.Key] == nil {
			c.seen[q.Key] = map[string]int{}
		}
		if !q.Kind.Chosen() {
			words := c.say.T("followup.lines.wrote")
			if c.use != Door {
				words = c.fold(q.Key, strings.Join(strings.Fields(q.Words(c.say, a.Values[q.Key])), " "))
			}
			c.seen[q.Key][words]++
			continue
		}
		for _, v := range a.Values[q.Key] {
			now := c.list[at]
			words := now.Word(c.say, v) // an option that was only reworded counts with its new words
			if !slices.ContainsFunc(now.Choices, func(o forms.Choice) bool { return o.Value == v }) {
				words = q.Word(c.say, v)
			}
			c.seen[q.Key][words]++
		}
	}
}

// fold counts a spelling and gives what stands for all spellings of the same words.
func (c *counter) fold(question, words string) string {
	folded := question + " " + strings.ToLower(words)
	if c.spelt[folded] == nil {
		c.spelt[folded] = map[string]int{}
	}
	c.spelt[folded][words]++
	return folded
}

// spelling is how most have written what was folded; of spellings that are as frequent, that
// with the capital first.
func (c *counter) spelling(folded string) string {
	spellings, is := c.spelt[folded]
	if !is {
		return folded
	}
	return slices.MinFunc(slices.Collect(maps.Keys(spellings)), func(a, b string) int {
		return cmp.Or(cmp.Compare(spellings[b], spellings[a]), cmp.Compare(a, b))
	})
}

// parts gives what was counted: options in the order of the question, also those that nobody
// chose; what was written by how many wrote it, then by its letters.
func (c *counter) parts(silent, unasked int) (out []Part) {
	for _, q := range c.list {
		p := Part{Question: q.Title(c.say), None: c.owed[q.Key], Unasked: unasked + c.not[q.Key], Food: q.Key == foodKey, Portions: c.eats[q.Key]}
		if q.When == nil { // of who is silent nobody knows whether it would be asked
			p.None += silent
		}
		left := c.seen[q.Key]
		for _, o := range q.Choices {
			words := q.Word(c.say, o.Value)
			p.Lines = append(p.Lines, Line{words, left[words]})
			delete(left, words)
		}
		var more []Line
		for words, n := range left {
			more = append(more, Line{c.spelling(words), n})
		}
		slices.SortFunc(more, func(a, b Line) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Words, b.Words)) })
		p.Lines = append(p.Lines, more...)
		out = append(out, p)
	}
	return out
}

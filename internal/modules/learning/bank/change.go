package bank

import (
	"cmp"
	"encoding/json"
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Change says what became of a question, in rising order.
type Change int

// The changes.
const (
	Nothing    Change = iota // all is as it was
	Remark                   // what those who answer never read first: name, tags, feedback, a translation into another language
	Wording                  // other words in one language that people may have answered in: the same question, shown to each as she read it
	NewVersion               // another question: answers to the two are never counted together
)

// Since tells what a question has become since people answered it. It is the rule by
// which an answered question never changes under them:
//
//   - another kind, rule, option, pair, gap, weight, accepted answer, tolerance or step, or
//     another right order, makes a new version; so do other words in two languages, and a
//     translation that is taken away;
//   - other words in one language alone mend the wording: a slip of the pen, or a bad
//     translation. languages names it. Translations of the source become stale;
//   - everything else is a remark. A language that was not there before is one: nobody
//     answered in it.
//
// before is the question as it was when it was first answered, not as it was last saved:
// else a question could become another one language at a time.
func Since(before, now Question) (change Change, languages []i18n.Language) {
	if before.Trace() == now.Trace() {
		return Nothing, nil
	}
	if structure(before) != structure(now) {
		return NewVersion, nil
	}
	was, is := asked(before), asked(now)
	for _, l := range i18n.Languages {
		if !before.Speaks(l) {
			continue
		}
		if !now.Speaks(l) {
			return NewVersion, nil
		}
		for field, words := range was {
			if words.Exactly(l) != is[field].Exactly(l) {
				languages = append(languages, l)
				break
			}
		}
	}
	switch len(languages) {
	case 0:
		return Remark, nil
	case 1:
		return Wording, languages
	}
	return NewVersion, nil
}

// Trace tells questions apart: two have the same when all of them is the same. It is kept
// beside each answer.
func (q Question) Trace() string {
	raw, err := json.Marshal(q)
	if err != nil { // texts, numbers and lists of them
		return ""
	}
	return trace(string(raw))
}

// asked gives the texts that are read before a question is answered.
func asked(q Question) map[string]Words {
	out := map[string]Words{}
	for _, p := range q.places() {
		if p.asked {
			out[p.field] = *p.words
		}
	}
	return out
}

// structure gives all that decides what an answer is worth, without a word of it.
func structure(q Question) string {
	q = q.clone()
	for _, p := range q.places() {
		*p.words = Words{}
	}
	q.Name, q.Category, q.Tags, q.Source, q.Ref, q.Difficulty, q.Shuffle = "", "", nil, "", "", 0, false
	byID := func(a, b Option) int { return cmp.Compare(a.ID, b.ID) }
	if q.Kind != Ordering {
		slices.SortFunc(q.Options, byID)
	}
	slices.SortFunc(q.Pairs, func(a, b Pair) int { return cmp.Compare(a.ID, b.ID) })
	for i := range q.Gaps {
		slices.SortFunc(q.Gaps[i].Options, byID)
	}
	return q.Trace()
}

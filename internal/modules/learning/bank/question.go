package bank

import (
	"strconv"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Kind says how a question is answered. It is stored, so a kind is never renamed.
type Kind string

// The kinds.
const (
	Single    Kind = "single"
	Multiple  Kind = "multiple"
	TrueFalse Kind = "true_false"
	Numeric   Kind = "numeric"
	Short     Kind = "short"
	Matching  Kind = "matching"
	Ordering  Kind = "ordering"
	Gaps      Kind = "gaps"
	Scale     Kind = "scale"
	Open      Kind = "open"
)

// Kinds lists them in the order in which they are offered.
var Kinds = [...]Kind{Single, Multiple, TrueFalse, Numeric, Short, Matching, Ordering, Gaps, Scale, Open}

// Rule says how what is right in parts is counted.
type Rule string

// The rules, of multiple choice, matching and ordering.
const (
	All    Rule = "all"  // everything right, or nothing
	ByPart Rule = "part" // each option by its weight, each pair, each place
)

// The ids of the two options of a question of TrueFalse.
const (
	TrueID  = "true"
	FalseID = "false"
)

// Question is one question of a test.
type Question struct {
	Kind     Kind          `json:"kind"`
	Language i18n.Language `json:"language"`       // the one it is written in; the others are translations
	Name     string        `json:"name,omitempty"` // for who looks for it in the bank; not shown in a test
	Text     Words         `json:"text"`           // what is asked; of Gaps with [[1]] where gap 1 stands
	Feedback Words         `json:"feedback,omitzero"`

	Options  []Option   `json:"options,omitempty"`  // what is chosen from; of Ordering in the right order; of Matching what goes with the pairs, and with none
	Pairs    []Pair     `json:"pairs,omitempty"`    // of Matching
	Accepted []Accepted `json:"accepted,omitempty"` // of Numeric and Short
	Gaps     []Gap      `json:"gaps,omitempty"`     // of Gaps
	Rule     Rule       `json:"rule,omitempty"`     // of Multiple, Matching and Ordering
	Shuffle  bool       `json:"shuffle,omitempty"`  // options stand in another order for each person
	Case     bool       `json:"case,omitempty"`     // of Short: А is not а
	Letters  bool       `json:"letters,omitempty"`  // of Short: ё is е, ө is о, ү is у, ң is н
	Steps    int        `json:"steps,omitempty"`    // of Scale: answers are 1 to Steps
	Low      Words      `json:"low,omitzero"`       // of Scale: what 1 means
	High     Words      `json:"high,omitzero"`      // of Scale: what Steps means
	Longest  int        `json:"longest,omitempty"`  // of Open: characters, 0 for as many as there may be
	Guide    Words      `json:"guide,omitzero"`     // of Open: for who marks it

	Category   string   `json:"category,omitempty"` // a path with / between its folders
	Tags       []string `json:"tags,omitempty"`
	Source     string   `json:"source,omitempty"`     // where it is from
	Ref        string   `json:"ref,omitempty"`        // its id there
	Difficulty int      `json:"difficulty,omitempty"` // what its author expects, 1 easy to 5 hard, 0 unsaid
}

// Option is one that may be chosen. Its id is never given again in its question.
type Option struct {
	ID       string `json:"id"`
	Text     Words  `json:"text,omitzero"`     // empty for the two of TrueFalse, which the house words
	Weight   Weight `json:"weight,omitempty"`  // of Single, TrueFalse and Multiple: right when above 0
	Feedback Words  `json:"feedback,omitzero"` // shown to who chose it
}

// Pair is one thing that an option is to be found for.
type Pair struct {
	ID    string `json:"id"`
	Text  Words  `json:"text"`
	Right string `json:"right"` // the id of the option
}

// Accepted is an answer that is known: the accepted and the likely wrong ones.
type Accepted struct {
	Value     string `json:"value"`               // a decimal, or a text with stars
	Tolerance string `json:"tolerance,omitempty"` // of Numeric, a decimal from 0
	Weight    Weight `json:"weight,omitempty"`
	Feedback  Words  `json:"feedback,omitzero"`
}

// Gap is one gap of a text: chosen (Single), a number (Numeric) or typed (Short).
type Gap struct {
	ID       string     `json:"id"`
	Kind     Kind       `json:"kind"`
	Worth    int        `json:"worth"` // against the other gaps
	Options  []Option   `json:"options,omitempty"`
	Accepted []Accepted `json:"accepted,omitempty"`
	Case     bool       `json:"case,omitempty"`
	Letters  bool       `json:"letters,omitempty"`
}

// alone gives a gap as the question that it would be.
func (g Gap) alone() Question {
	return Question{Kind: g.Kind, Options: g.Options, Accepted: g.Accepted, Case: g.Case, Letters: g.Letters}
}

// Marker is what stands in the text where the gap is.
func (g Gap) Marker() string { return "[[" + g.ID + "]]" }

// place is one text of a question: the field that it is written in, how many characters
// it may have, whether it must be there, and whether who answers reads it first.
type place struct {
	field   string
	words   *Words
	longest int
	needed  bool
	asked   bool
}

// places lists the texts of a question. The words may be changed through it.
func (q *Question) places() (out []place) {
	add := func(field string, w *Words, longest int, needed, asked bool) {
		out = append(out, place{field, w, longest, needed, asked})
	}
	options := func(before string, list []Option, needed bool) {
		for i := range list {
			field := before + "option_" + list[i].ID
			add(field, &list[i].Text, LongestOption, needed, true)
			add(field+"_feedback", &list[i].Feedback, LongestFeedback, false, false)
		}
	}
	accepted := func(before string, list []Accepted) {
		for i := range list {
			add(before+"accepted_"+strconv.Itoa(i+1)+"_feedback", &list[i].Feedback, LongestFeedback, false, false)
		}
	}
	add("text", &q.Text, LongestText, true, true)
	add("feedback", &q.Feedback, LongestFeedback, false, false)
	options("", q.Options, q.Kind != TrueFalse)
	for i := range q.Pairs {
		add("pair_"+q.Pairs[i].ID, &q.Pairs[i].Text, LongestOption, true, true)
	}
	accepted("", q.Accepted)
	for i := range q.Gaps {
		before := "gap_" + q.Gaps[i].ID + "_"
		options(before, q.Gaps[i].Options, true)
		accepted(before, q.Gaps[i].Accepted)
	}
	add("low", &q.Low, LongestOption, false, true)
	add("high", &q.High, LongestOption, false, true)
	add("guide", &q.Guide, LongestFeedback, false, false)
	return out
}

// Stale lists, by language, the fields whose translation was made from words that are
// not those of now, or is not there although others of that language are.
func (q Question) Stale() map[i18n.Language][]string {
	out := map[i18n.Language][]string{}
	for _, l := range i18n.Languages {
		if l == q.Language || !q.Speaks(l) {
			continue
		}
		for _, p := range q.places() {
			if p.words.Stale(q.Language, l) {
				out[l] = append(out[l], p.field)
			}
		}
	}
	return out
}

// Speaks reports whether the question is asked in a language: whether its text is.
func (q Question) Speaks(l i18n.Language) bool { return q.Text.Exactly(l) != "" }

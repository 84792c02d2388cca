// Package banktest makes questions for tests: whole ones of every kind, with texts that
// are hard to write into files.
package banktest

import (
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// pieces are what texts are made of: Kyrgyz, Russian, and all that files give a meaning.
var pieces = []string{
	"Жогорку Кеңеш", "өкмөт", "Шайлоо качан өтөт?", "Конституция", "ёлка", "Ысык-Көл", "council", "1991", "a", "ү", "Ң",
	"~", "=", "#", "####", "{", "}", ":", "::", `\`, `\\`, `\n`, "%50%", "->", "//", "[html]", "[plain]", "<b>", "</b>", "&", "&amp;", "&lt;", "<", ">", `"`, "'", "*", "]]>", "<![CDATA[",
	"$CATEGORY:", "[tag:x]", "_____", "T", "TRUE", "1..2", "1:2", "\n", "\n\n", " ", "  ", "🙂", ".", "?", ";", "{1:SA:=a}", "[[", "]]",
}

// Text draws a text of one or several lines that Validate takes.
func Text(t *rapid.T, label string, lines bool) string {
	var b strings.Builder
	for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(t, label) {
		b.WriteString(piece)
	}
	text := strings.TrimSpace(b.String())
	if !lines {
		text = strings.Join(strings.Fields(text), " ")
	}
	if text == "" {
		return "бош"
	}
	return text
}

// maybe draws words, or none.
func maybe(t *rapid.T, l i18n.Language, label string) bank.Words {
	if !rapid.Bool().Draw(t, label+"?") {
		return bank.Words{}
	}
	return bank.Say(l, Text(t, label, true))
}

// options draws options with different texts.
func options(t *rapid.T, l i18n.Language, fewest, most int) (out []bank.Option) {
	for i := range rapid.IntRange(fewest, most).Draw(t, "options") {
		n := strconv.Itoa(i + 1)
		out = append(out, bank.Option{ID: n, Text: bank.Say(l, Text(t, "option", true)+" "+n)})
	}
	return out
}

// weight draws one below everything, of the kind that Percent gives back as it is.
func weight(t *rapid.T) bank.Weight {
	if rapid.Bool().Draw(t, "share?") {
		parts := rapid.IntRange(2, 20).Draw(t, "parts")
		return bank.Share(parts) * bank.Weight(rapid.IntRange(-parts+1, parts-1).Draw(t, "of them"))
	}
	return bank.Whole / 100 * bank.Weight(rapid.IntRange(-99, 99).Draw(t, "per cent"))
}

func accepted(t *rapid.T, l i18n.Language, kind bank.Kind) (out []bank.Accepted) {
	full := rapid.IntRange(0, 2).Draw(t, "full")
	for i := range full + 1 {
		a := bank.Accepted{Weight: weight(t), Feedback: maybe(t, l, "why")}
		if i == full {
			a.Weight = bank.Whole
		}
		if kind == bank.Short {
			a.Value = strings.ReplaceAll(Text(t, "accepted", false), "*", `\*`) + " " + strconv.Itoa(i)
			if rapid.Bool().Draw(t, "star") {
				a.Value += "*"
			}
		} else {
			a.Value, _ = bank.Decimal(strconv.Itoa(1000*i+rapid.IntRange(-99, 99).Draw(t, "value")) + "." + strconv.Itoa(rapid.IntRange(0, 999).Draw(t, "decimals")))
			if rapid.Bool().Draw(t, "tolerance?") {
				a.Tolerance, _ = bank.Decimal("0." + strconv.Itoa(rapid.IntRange(1, 9).Draw(t, "tolerance")))
			}
		}
		out = append(out, a)
	}
	return out
}

// Question draws a whole question of one of the kinds, in one language.
func Question(t *rapid.T, l i18n.Language, kinds ...bank.Kind) bank.Question {
	q := bank.Question{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Language: l,
		Text: bank.Say(l, Text(t, "text", true)), Feedback: maybe(t, l, "feedback"),
	}
	if rapid.Bool().Draw(t, "name?") {
		q.Name = Text(t, "name", false)
	}
	switch q.Kind {
	case bank.Single, bank.Multiple:
		choice(t, &q)
	case bank.TrueFalse:
		q.Options = []bank.Option{{ID: bank.TrueID, Feedback: maybe(t, l, "why")}, {ID: bank.FalseID, Feedback: maybe(t, l, "why")}}
		q.Options[rapid.IntRange(0, 1).Draw(t, "true")].Weight = bank.Whole
	case bank.Numeric, bank.Short:
		q.Accepted = accepted(t, l, q.Kind)
	case bank.Matching:
		q.Rule, q.Options = bank.ByPart, options(t, l, 2, 6)
		for i := range rapid.IntRange(2, len(q.Options)).Draw(t, "pairs") {
			n := strconv.Itoa(i + 1)
			q.Pairs = append(q.Pairs, bank.Pair{ID: n, Text: bank.Say(l, Text(t, "pair", true)+" "+n), Right: n})
		}
	case bank.Ordering:
		q.Rule, q.Options = rapid.SampledFrom([]bank.Rule{bank.All, bank.ByPart}).Draw(t, "rule"), options(t, l, 2, 6)
	case bank.Gaps:
		gaps(t, &q)
	case bank.Scale:
		q.Steps = rapid.IntRange(bank.FewestSteps, bank.MostSteps).Draw(t, "steps")
		q.Low, q.High = maybe(t, l, "low"), maybe(t, l, "high")
	case bank.Open:
		q.Longest, q.Guide = rapid.IntRange(0, bank.LongestAnswer).Draw(t, "longest"), maybe(t, l, "guide")
	}
	return q
}

func choice(t *rapid.T, q *bank.Question) {
	q.Options = options(t, q.Language, 2, 6)
	for i := range q.Options {
		q.Options[i].Feedback = maybe(t, q.Language, "why")
	}
	if q.Kind == bank.Single {
		for i := range q.Options {
			q.Options[i].Weight = weight(t)
		}
		q.Options[rapid.IntRange(0, len(q.Options)-1).Draw(t, "right")].Weight = bank.Whole
		return
	}
	q.Rule = rapid.SampledFrom([]bank.Rule{bank.All, bank.ByPart}).Draw(t, "rule")
	right := rapid.IntRange(1, len(q.Options)).Draw(t, "right")
	for i := range q.Options {
		switch {
		case i < right:
			q.Options[i].Weight = bank.Share(right)
		case q.Rule == bank.ByPart:
			q.Options[i].Weight = min(0, weight(t))
		}
	}
}

func gaps(t *rapid.T, q *bank.Question) {
	text := Text(t, "start", true)
	for i := range rapid.IntRange(1, 4).Draw(t, "gaps") {
		g := bank.Gap{ID: strconv.Itoa(i + 1), Worth: rapid.IntRange(1, 5).Draw(t, "worth"), Kind: rapid.SampledFrom([]bank.Kind{bank.Single, bank.Numeric, bank.Short}).Draw(t, "gap")}
		if g.Kind == bank.Single {
			one := bank.Question{Kind: bank.Single, Language: q.Language}
			choice(t, &one)
			g.Options = one.Options
		} else {
			g.Accepted = accepted(t, q.Language, g.Kind)
		}
		q.Gaps = append(q.Gaps, g)
		text += " " + g.Marker() + " " + Text(t, "between", true)
	}
	q.Text = bank.Say(q.Language, text)
}

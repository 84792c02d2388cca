package bank

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
)

// What a question may have. Lengths are in characters.
const (
	LongestText     = 8000
	LongestOption   = 1000
	LongestFeedback = 4000
	LongestName     = 250
	LongestAccepted = 250
	LongestTag      = 60
	LongestCategory = 500
	LongestAnswer   = 20000 // of Open
	LongestTyped    = 1000  // an answer of Numeric and Short; a longer one fits nothing
	MostOptions     = 30
	MostPairs       = 30
	MostAccepted    = 50
	MostGaps        = 20
	MostWorth       = 100 // of one gap
	MostTags        = 20
	FewestSteps     = 2
	MostSteps       = 11
	Hardest         = 5
)

var id = regexp.MustCompile(`^[a-z0-9]{1,16}$`)

// Validate judges a whole question. The fault has an entry for each wrong field: "text_ru",
// "option_2_ru", "accepted_1", "gap_3_option_1_ky", "weights". A question that it takes is
// one of which Right is worth everything.
func (q Question) Validate() error {
	var form fault.Form
	_, spoken := i18n.Parse(string(q.Language))
	form.Check(spoken, "language", "fault.not_a_choice")
	form.Check(slices.Contains(Kinds[:], q.Kind), "kind", "fault.not_a_choice")
	if form.Err() != nil {
		return form.Err()
	}
	if q.checkCounts(&form); form.Err() != nil {
		return form.Err()
	}
	q.checkWords(&form)
	q.checkAbout(&form)
	q.checkBelongs(&form)
	switch q.Kind {
	case Single, Multiple, TrueFalse:
		q.checkChoice(&form, "")
	case Numeric, Short:
		q.checkAccepted(&form, "")
	case Matching:
		q.checkMatching(&form)
	case Ordering:
		checkOptions(q.Options, q.Language, 2, "", &form)
	case Gaps:
		q.checkGaps(&form)
	case Scale:
		form.Check(q.Steps >= FewestSteps && q.Steps <= MostSteps, "steps", "learning.fault.between", fault.Args{"least": FewestSteps, "most": MostSteps})
	case Open:
		form.Check(q.Longest >= 0 && q.Longest <= LongestAnswer, "longest", "learning.fault.between", fault.Args{"least": 0, "most": LongestAnswer})
	}
	if q.Kind == Multiple || q.Kind == Matching || q.Kind == Ordering {
		form.Check(q.Rule == All || q.Rule == ByPart, "rule", "fault.not_a_choice")
	}
	if form.Err() == nil && q.Kind != Scale && q.Kind != Open {
		points, of := Mark(q, Right(q))
		form.Check(points == of, "accepted", "learning.fault.right_hidden")
	}
	return form.Err()
}

// checkCounts judges how much there is of everything, before anything is looked at.
func (q Question) checkCounts(form *fault.Form) {
	most := func(there, most int, field string) {
		form.Check(there <= most, field, "learning.fault.most", fault.Args{"most": most})
	}
	most(len(q.Options), MostOptions, "options")
	most(len(q.Pairs), MostPairs, "pairs")
	most(len(q.Accepted), MostAccepted, "accepted")
	most(len(q.Tags), MostTags, "tags")
	most(len(q.Gaps), MostGaps, "gaps")
	for i, g := range q.Gaps[:min(len(q.Gaps), MostGaps)] {
		most(len(g.Options), MostOptions, "gap_"+strconv.Itoa(i+1)+"_options")
		most(len(g.Accepted), MostAccepted, "gap_"+strconv.Itoa(i+1)+"_accepted")
	}
}

// checkWords judges every text: that the source has it, its length, and that nothing is
// unseen in it.
func (q Question) checkWords(form *fault.Form) {
	for _, p := range q.places() {
		for _, l := range i18n.Languages {
			text, field := p.words.Exactly(l), p.field+"_"+string(l)
			form.Check(!p.needed || l != q.Language || strings.TrimSpace(text) != "", field, "fault.required")
			if text != "" && p.words.Exactly(q.Language) == "" {
				form.Add(p.field+"_"+string(q.Language), "learning.fault.source_missing")
			}
			checkText(form, field, text, p.longest)
		}
	}
}

// checkText judges a text that may be missing.
func checkText(form *fault.Form, field, text string, longest int) {
	kept, wrong := legible.Text(text)
	switch {
	case wrong != nil:
		form.Add(field, wrong.Key, wrong.Args)
	case kept != text || strings.TrimSpace(text) != text || strings.ContainsAny(text, plainStar+anyRun):
		form.Add(field, "fault.control_characters")
	case utf8.RuneCountInString(text) > longest:
		form.Add(field, "fault.too_long", fault.Args{"count": longest})
	}
}

// checkAbout judges what is said of the question.
func (q Question) checkAbout(form *fault.Form) {
	checkText(form, "name", q.Name, LongestName)
	checkText(form, "category", q.Category, LongestCategory)
	checkText(form, "source", q.Source, LongestName)
	checkText(form, "ref", q.Ref, LongestName)
	form.Check(!strings.ContainsAny(q.Name+q.Category+q.Source+q.Ref, "\n"), "name", "learning.fault.one_line")
	for i, tag := range q.Tags {
		checkText(form, "tags", tag, LongestTag)
		form.Check(tag != "" && !strings.Contains(tag, "\n"), "tags", "learning.fault.one_line")
		if slices.Contains(q.Tags[:i], tag) {
			form.Add("tags", "learning.fault.twice", fault.Args{"text": tag})
		}
	}
	form.Check(q.Difficulty >= 0 && q.Difficulty <= Hardest, "difficulty", "learning.fault.between", fault.Args{"least": 0, "most": Hardest})
}

// checkBelongs refuses what a question of this kind does not have, which would change its
// trace and be read by nobody.
func (q Question) checkBelongs(form *fault.Form) {
	has := func(kinds ...Kind) bool { return slices.Contains(kinds, q.Kind) }
	for _, foreign := range []struct {
		field     string
		there, of bool
	}{
		{"options", len(q.Options) > 0, has(Single, Multiple, TrueFalse, Matching, Ordering)},
		{"pairs", len(q.Pairs) > 0, has(Matching)},
		{"accepted", len(q.Accepted) > 0, has(Numeric, Short)},
		{"gaps", len(q.Gaps) > 0, has(Gaps)},
		{"rule", q.Rule != "", has(Multiple, Matching, Ordering)},
		{"shuffle", q.Shuffle, has(Single, Multiple, Matching, Gaps)},
		{"case", q.Case || q.Letters, has(Short)},
		{"steps", q.Steps != 0 || q.Low != (Words{}) || q.High != (Words{}), has(Scale)},
		{"longest", q.Longest != 0 || q.Guide != (Words{}), has(Open)},
	} {
		form.Check(!foreign.there || foreign.of, foreign.field, "learning.fault.foreign")
	}
}

// checkOptions judges the ids, the number and the difference of options.
func checkOptions(options []Option, source i18n.Language, fewest int, before string, form *fault.Form) {
	form.Check(len(options) >= fewest, before+"options", "learning.fault.fewest", fault.Args{"least": fewest})
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, o := range options {
		form.Check(id.MatchString(o.ID) && !ids[o.ID], before+"options", "learning.fault.id")
		text := o.Text.Exactly(source)
		if text != "" && texts[text] {
			form.Add(before+"option_"+o.ID+"_"+string(source), "learning.fault.twice", fault.Args{"text": text})
		}
		ids[o.ID], texts[text] = true, true
	}
}

// checkChoice judges what may be chosen and the weights of it.
func (q Question) checkChoice(form *fault.Form, before string) {
	checkOptions(q.Options, q.Language, 2, before, form)
	if q.Kind == TrueFalse {
		form.Check(len(q.Options) == 2 && q.Options[0].ID == TrueID && q.Options[1].ID == FalseID && q.Options[0].Text == (Words{}) && q.Options[1].Text == (Words{}), before+"options", "learning.fault.true_false")
	}
	var right, most Weight
	for _, o := range q.Options {
		form.Check(o.Weight >= -Whole && o.Weight <= Whole, before+"option_"+o.ID, "learning.fault.weight")
		right += max(o.Weight, 0)
		most = max(most, o.Weight)
	}
	switch {
	case q.Kind != Multiple:
		form.Check(most == Whole, before+"weights", "learning.fault.one_right")
	case q.Rule == ByPart:
		form.Check(right == Whole, before+"weights", "learning.fault.weights")
	default:
		form.Check(right > 0, before+"weights", "learning.fault.one_right")
	}
}

// checkAccepted judges accepted answers.
func (q Question) checkAccepted(form *fault.Form, before string) {
	form.Check(len(q.Accepted) > 0, before+"accepted", "learning.fault.fewest", fault.Args{"least": 1})
	var most Weight
	for i, a := range q.Accepted {
		field := before + "accepted_" + strconv.Itoa(i+1)
		form.Check(a.Weight >= -Whole && a.Weight <= Whole, field, "learning.fault.weight")
		most = max(most, a.Weight)
		if q.Kind == Short {
			form.Check(a.Value != "" && a.Tolerance == "" && q.fold(a.Value) != "", field, "fault.required")
			checkText(form, field, a.Value, LongestAccepted)
			continue
		}
		_, known := stored(a.Value)
		form.Check(known || a.Value == Anything, field, "learning.fault.number")
		tolerance := new(big.Rat)
		if a.Tolerance != "" {
			tolerance, known = stored(a.Tolerance)
			form.Check(known && tolerance.Sign() > 0 && a.Value != Anything, field+"_tolerance", "learning.fault.tolerance")
		}
	}
	form.Check(most == Whole, before+"weights", "learning.fault.one_right")
}

func (q Question) checkMatching(form *fault.Form) {
	checkOptions(q.Options, q.Language, 2, "", form)
	form.Check(len(q.Pairs) >= 2, "pairs", "learning.fault.fewest", fault.Args{"least": 2})
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, p := range q.Pairs {
		form.Check(id.MatchString(p.ID) && !ids[p.ID], "pairs", "learning.fault.id")
		_, there := find(q.Options, p.Right)
		form.Check(there, "pair_"+p.ID, "learning.fault.pair")
		text := p.Text.Exactly(q.Language)
		if texts[text] {
			form.Add("pair_"+p.ID+"_"+string(q.Language), "learning.fault.twice", fault.Args{"text": text})
		}
		ids[p.ID], texts[text] = true, true
	}
}

var marker = regexp.MustCompile(`\[\[[a-z0-9]{1,16}\]\]`)

// checkGaps judges the gaps, and that each language has each of them once.
func (q Question) checkGaps(form *fault.Form) {
	form.Check(len(q.Gaps) > 0, "gaps", "learning.fault.fewest", fault.Args{"least": 1})
	var needed []string
	for _, g := range q.Gaps {
		before := "gap_" + g.ID + "_"
		form.Check(id.MatchString(g.ID) && !slices.Contains(needed, g.Marker()), "gaps", "learning.fault.id")
		needed = append(needed, g.Marker())
		form.Check(g.Worth >= 1 && g.Worth <= MostWorth, before+"worth", "learning.fault.between", fault.Args{"least": 1, "most": MostWorth})
		alone := g.alone()
		alone.Language = q.Language
		alone.checkBelongs(form)
		switch g.Kind {
		case Single:
			alone.checkChoice(form, before)
		case Numeric, Short:
			alone.checkAccepted(form, before)
		default:
			form.Add(before+"kind", "fault.not_a_choice")
		}
	}
	slices.Sort(needed)
	for _, l := range i18n.Languages {
		if !q.Speaks(l) {
			continue
		}
		there := marker.FindAllString(q.Text.Exactly(l), -1)
		slices.Sort(there)
		form.Check(slices.Equal(there, needed), "text_"+string(l), "learning.fault.gaps")
	}
}

// Tidy gives the question with its texts as they are kept: without what is not seen, in
// NFC, without spaces at their ends. What cannot be kept stays for Validate to refuse.
func (q Question) Tidy() Question {
	q = q.clone()
	tidy := func(text *string) {
		if kept, wrong := legible.Text(*text); wrong == nil {
			*text = strings.TrimSpace(kept)
		}
	}
	line := func(text *string) {
		if kept, wrong := legible.Line(*text); wrong == nil {
			*text = kept
		}
	}
	for _, p := range q.places() {
		tidy(&p.words.Ky)
		tidy(&p.words.Ru)
		tidy(&p.words.En)
	}
	for _, text := range []*string{&q.Name, &q.Category, &q.Source, &q.Ref} {
		line(text)
	}
	for i := range q.Tags {
		line(&q.Tags[i])
	}
	values := func(list []Accepted) {
		for i := range list {
			line(&list[i].Value)
		}
	}
	values(q.Accepted)
	for i := range q.Gaps {
		values(q.Gaps[i].Accepted)
	}
	return q
}

// clone gives a copy that shares nothing with the question.
func (q Question) clone() Question {
	q.Options, q.Pairs, q.Accepted, q.Tags = slices.Clone(q.Options), slices.Clone(q.Pairs), slices.Clone(q.Accepted), slices.Clone(q.Tags)
	q.Gaps = slices.Clone(q.Gaps)
	for i := range q.Gaps {
		q.Gaps[i].Options, q.Gaps[i].Accepted = slices.Clone(q.Gaps[i].Options), slices.Clone(q.Gaps[i].Accepted)
	}
	return q
}

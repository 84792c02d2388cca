package seminars

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Form is the questions of an application, in order.
type Form struct {
	Questions []Question
	Version   int64 // 0 for the usual form
}

// usualForm is asked when the organiser made no form of her own: short enough
// to apply in a minute. group is the group that the activity is for.
func usualForm(group string) Form {
	q := []Question{
		{Key: "name", Kind: AskName, Required: true},
		{Key: "phone", Kind: AskPhone},
		{Key: "email", Kind: AskEmail},
		{Key: "sex", Kind: AskSex, Required: true},
		{Key: "age", Kind: AskAge, Required: true},
		{Key: "place", Kind: AskPlace, Required: true},
		{Key: "village", Kind: AskVillage, When: &Condition{Question: "place", Value: "other"}},
	}
	switch group {
	case "media":
		q = append(q, Question{Key: "organisation", Kind: AskOrganisation})
	case "deputies":
		q = append(q, Question{Key: "level", Kind: AskLevel})
	case "":
		q = append(q, Question{Key: "group", Kind: AskGroup, Required: true})
	}
	q = append(q,
		Question{Key: "why", Kind: AskLong, Max: 1000},
		Question{Key: "processing", Kind: AskConsent, Required: true})
	return Form{Questions: q}
}

// of gives the question of a key.
func (f Form) of(key string) (Question, bool) {
	i := slices.IndexFunc(f.Questions, func(q Question) bool { return q.Key == key })
	if i < 0 {
		return Question{}, false
	}
	return f.Questions[i], true
}

// asks reports whether the form has a question of the kind.
func (f Form) asks(k QuestionKind) bool {
	return slices.ContainsFunc(f.Questions, func(q Question) bool { return q.Kind == k })
}

// shown reports whether a question applies, given the answers so far. A
// question that hangs on one that does not apply does not apply either.
func (f Form) shown(q Question, a Answers) bool {
	for range f.Questions { // the chain is never longer than the form
		if q.When == nil {
			return true
		}
		if !slices.Contains(a.Values[q.When.Question], q.When.Value) {
			return false
		}
		parent, ok := f.of(q.When.Question)
		if !ok {
			return false
		}
		q = parent
	}
	return false
}

// depth is the number of conditions that a question hangs on.
func (f Form) depth(q Question) int {
	d := 0
	for q.When != nil && d <= len(f.Questions) {
		parent, ok := f.of(q.When.Question)
		if !ok {
			break
		}
		d, q = d+1, parent
	}
	return d
}

// perStep is how many questions stand on one page.
const perStep = 12

// steps divides the form into pages: questions without a condition first, those
// that hang on an answer on a page after it, so that no script is needed.
func (f Form) steps() [][]Question {
	var steps [][]Question
	for depth := 0; ; depth++ {
		var these []Question
		for _, q := range f.Questions {
			if f.depth(q) == depth {
				these = append(these, q)
			}
		}
		if len(these) == 0 {
			return steps
		}
		steps = append(steps, slices.Collect(slices.Chunk(these, perStep))...)
	}
}

// nextStep gives the first page from from on that has something to ask; ok is
// false when the form is done.
func (f Form) nextStep(from int, a Answers) (step int, ok bool) {
	for i, questions := range f.steps() {
		if i < from {
			continue
		}
		if slices.ContainsFunc(questions, func(q Question) bool { return f.shown(q, a) }) {
			return i, true
		}
	}
	return 0, false
}

// maxQuestions bounds what an organiser may ask.
const maxQuestions = 40

// check finds what would make a form unusable.
func (f Form) check() error {
	var form fault.Form
	form.Check(len(f.Questions) <= maxQuestions, "", "seminars.fault.too_many_questions", fault.Args{"count": maxQuestions})
	form.Check(f.asks(AskName), "", "seminars.fault.needs_name")
	form.Check(f.asks(AskPhone) || f.asks(AskEmail), "", "seminars.fault.needs_contact")
	form.Check(f.asks(AskConsent), "", "seminars.fault.needs_consent")
	seen := map[string]int{}
	for i, q := range f.Questions {
		if _, twice := seen[q.Key]; twice {
			form.Add("", "seminars.fault.asked_twice")
		}
		seen[q.Key] = i
		if q.When != nil {
			at, there := seen[q.When.Question]
			// A condition looks back only, so that it never runs in a circle.
			form.Check(there && at < i && f.Questions[at].Kind.chosen(), "", "seminars.fault.condition")
		}
		if (q.Kind == AskChoice || q.Kind == AskMany) && len(q.Choices) < 2 {
			form.Add("", "seminars.fault.two_choices")
		}
	}
	return form.Err()
}

package forms

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Form is the questions that are asked, in order. What Shelf gives is shared by all who
// read it and never changed.
type Form struct {
	Questions []Question
	ID        storage.ID // of the version: of what it asks now; zero for the usual form
	Version   int64      // grows with each change, 0 for the usual form
	Own       bool       // of its owner alone, not shared with others
	Needs     Needs      // what it cannot be without
}

// Needs is what a form cannot be without, whatever an organiser makes of it.
type Needs struct {
	Name    bool // it asks for the name
	Contact bool // it asks for a phone or an e-mail, and one of them is answered
	Consent bool // it asks for AskProcessing, required and always
}

// Question gives the question of a key.
func (f Form) Question(key string) (Question, bool) {
	i := f.at(key)
	if i < 0 {
		return Question{}, false
	}
	return f.Questions[i], true
}

// at gives the place of a question, -1 when the form does not have it.
func (f Form) at(key string) int {
	for i := range f.Questions { // a question is large, and this is asked often
		if f.Questions[i].Key == key {
			return i
		}
	}
	return -1
}

// Ref names what the form asks, for a page that is drawn of it; see Shelf.ByRef.
func (f Form) Ref() string {
	if f.ID.IsZero() {
		return "usual"
	}
	return f.ID.String()
}

// Asks reports whether the form has a question of the kind.
func (f Form) Asks(k QuestionKind) bool {
	for i := range f.Questions { // a question is large, and this is asked often
		if f.Questions[i].Kind == k {
			return true
		}
	}
	return false
}

// Applies reports whether a question applies, given the answers so far. A
// question that hangs on one that does not apply does not apply either.
func (f Form) Applies(q Question, a Answers) bool {
	for range f.Questions { // the chain is never longer than the form
		if q.When == nil {
			return true
		}
		if !slices.Contains(a.Values[q.When.Question], q.When.Value) {
			return false
		}
		parent, ok := f.Question(q.When.Question)
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
	for when := q.When; when != nil && d <= len(f.Questions); d++ {
		i := f.at(when.Question)
		if i < 0 {
			break
		}
		when = f.Questions[i].When
	}
	return d
}

// perStep is how many questions stand on one page.
const perStep = 12

// Steps divides the form into pages: questions without a condition first, those
// that hang on an answer on a page after it, so that no script is needed.
func (f Form) Steps() [][]Question {
	var steps [][]Question
	depths := make([]int, len(f.Questions))
	for i := range f.Questions {
		depths[i] = f.depth(f.Questions[i])
	}
	for depth := 0; ; depth++ {
		var these []Question
		for i, d := range depths {
			if d == depth {
				these = append(these, f.Questions[i])
			}
		}
		if len(these) == 0 {
			return steps
		}
		steps = append(steps, slices.Collect(slices.Chunk(these, perStep))...)
	}
}

// NextStep gives the first page from from on that has something to ask; ok is
// false when the form is done.
func (f Form) NextStep(from int, a Answers) (step int, ok bool) {
	for i, questions := range f.Steps() {
		if i < from {
			continue
		}
		if slices.ContainsFunc(questions, func(q Question) bool { return f.Applies(q, a) }) {
			return i, true
		}
	}
	return 0, false
}

// maxQuestions bounds what an organiser may ask.
const maxQuestions = 40

// check finds what would make a form unusable. before is the form that it comes from:
// what was wrong there already, in forms of older versions, may stay until it is mended.
func (f Form) check(before Form, s Sources) error {
	var form fault.Form
	form.Check(len(f.Questions) <= maxQuestions, "", "forms.fault.too_many_questions", fault.Args{"count": maxQuestions})
	form.Check(!f.Needs.Name || f.Asks(AskName), "", "forms.fault.needs_name")
	form.Check(!f.Needs.Contact || f.Asks(AskPhone) || f.Asks(AskEmail), "", "forms.fault.needs_contact")
	consent, asked := f.Question(string(AskProcessing))
	form.Check(!f.Needs.Consent || asked && consent.Kind == AskConsent && consent.Required && consent.When == nil, "", "forms.fault.needs_consent")
	for i, q := range f.Questions {
		if f.at(q.Key) != i {
			form.Add("", "forms.fault.asked_twice")
		}
		if natures[q.Kind].options && len(q.Choices) < 2 {
			form.Add("", "forms.fault.two_choices")
		}
	}
	f.checkConditions(before, s, &form)
	return form.Err()
}

// checkConditions refuses a condition that can never hold: a question must stand below
// the one that it hangs on, and that one must have the option.
func (f Form) checkConditions(before Form, s Sources, form *fault.Form) {
	told := map[string]bool{}
	for i, q := range f.Questions {
		if q.When == nil {
			continue
		}
		if was, there := before.Question(q.Key); there && was.When != nil && *was.When == *q.When && before.dead(was, s) {
			continue
		}
		parent, there := f.Question(q.When.Question)
		gone, was := before.Question(q.When.Question)
		switch {
		case !there && was:
			if !told[gone.Key] {
				form.Add("", "forms.fault.question_needed", fault.Args{"question": named([]Question{gone}), "questions": named(f.hangingOn(gone.Key, ""))})
			}
			told[gone.Key] = true
		case !there || !parent.Kind.Chosen():
			form.Add("when", "forms.fault.condition")
		case f.at(parent.Key) >= i:
			// A condition looks back only, so that it never runs in a circle.
			form.Add("when", "forms.fault.condition_order", fault.Args{"question": named([]Question{q}), "parent": named([]Question{parent})})
		case !slices.Contains(parent.choices(s), q.When.Value):
			if was && slices.Contains(gone.choices(s), q.When.Value) {
				form.Add("choices_ky", "forms.fault.option_needed", fault.Args{
					"option": gone.option(q.When.Value).Label, "questions": named(f.hangingOn(gone.Key, q.When.Value)),
				})
				continue
			}
			form.Add("when", "forms.fault.condition")
		}
	}
}

// dead reports whether the condition of a question can never hold.
func (f Form) dead(q Question, s Sources) bool {
	if q.When == nil {
		return false
	}
	parent, there := f.Question(q.When.Question)
	return !there || !slices.Contains(parent.choices(s), q.When.Value)
}

// hangingOn gives the questions that are asked depending on another, and on one of its
// options when that is given.
func (f Form) hangingOn(key, option string) (out []Question) {
	for _, q := range f.Questions {
		if q.When != nil && q.When.Question == key && (option == "" || q.When.Value == option) {
			out = append(out, q)
		}
	}
	return out
}

package followup

import (
	"context"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme"
)

// nightKey is the ready question that asks who needs a bed.
const nightKey = "night"

// What is answered to it. Of one day she chooses one, of several all that she needs; between
// come the nights after the first day, the second and so on, "day1", "day2". They are told by
// the number of the day, so that they stay true when the activity moves.
const (
	noNight     = "1"
	nightBefore = "2"
	nightAfter  = "3"
	bothNights  = "4"
	nightOfDay  = "day"
)

// daysOf is how many days an activity goes on for who needs a bed: what lasts into the next
// night is one.
func daysOf(a seats.Activity) int {
	if a.Starts.IsZero() || !programme.SeveralDays(a.Starts, a.Ends) {
		return 1
	}
	return programme.DaysOf(a.Starts, a.Ends)
}

// nights makes the question about the night one about all nights that there are.
func nights(q forms.Question, days int) forms.Question {
	label := map[string]forms.Choice{}
	for _, c := range q.Choices {
		label[c.Value] = c
	}
	q.Kind, q.Label = forms.AskMany, inAll("followup.ready.nights")
	q.Choices = []forms.Choice{label[noNight], label[nightBefore]}
	for day := 1; day < days; day++ {
		q.Choices = append(q.Choices, forms.Choice{Value: nightOfDay + strconv.Itoa(day), Label: inAll("followup.ready.nights.between", "from", day, "to", day+1)})
	}
	q.Choices = append(q.Choices, label[nightAfter])
	return q
}

// fitNights tells what was answered about nights as the question asks it now: an activity may
// have got more days since, or fewer. Who needs only nights that there are no more has not answered.
func fitNights(form forms.Form, given forms.Answers) forms.Answers {
	q, is := form.Question(nightKey)
	if !is || !form.ID.IsZero() || !given.Has(nightKey) {
		return given
	}
	was := given.Values[nightKey]
	needs := func(night string) bool {
		return slices.Contains(was, night) || night != noNight && slices.Contains(was, bothNights)
	}
	var now []string
	switch before, after := needs(nightBefore), needs(nightAfter); {
	case q.Kind == forms.AskMany:
		for _, c := range q.Choices {
			if slices.Contains(was, c.Value) || (c.Value == nightBefore || c.Value == nightAfter) && needs(c.Value) {
				now = append(now, c.Value)
			}
		}
	case before && after:
		now = []string{bothNights}
	case before:
		now = []string{nightBefore}
	case after:
		now = []string{nightAfter}
	case slices.Contains(was, noNight):
		now = []string{noNight}
	}
	given = given.Clone()
	if given.Values[nightKey] = now; now == nil {
		delete(given.Values, nightKey)
	}
	return given
}

// checkNights refuses who needs no night and one as well.
func checkNights(form forms.Form, given forms.Answers, wrong error) error {
	q, is := form.Question(nightKey)
	if !is || !form.ID.IsZero() {
		return wrong
	}
	var faults fault.Form
	if err := faults.Join(wrong); err != nil {
		return err
	}
	v := given.Values[nightKey]
	faults.Check(!slices.Contains(v, noNight) || len(v) == 1, q.Field(), "followup.fault.no_night")
	return faults.Err()
}

// answered opens what she answered and the form that she answered, where the activity is known.
func (m *Module) answered(ctx context.Context, tx *storage.Tx, a seats.Activity, person storage.ID, k kept) (forms.Form, forms.Answers, error) {
	given, err := m.answersOf(ctx, tx, person, k)
	if err != nil {
		return forms.Form{}, given, err
	}
	form, err := Questions.AnsweredForm(ctx, tx, Owner(a), k.Form)
	return form, fitNights(form, given), err
}

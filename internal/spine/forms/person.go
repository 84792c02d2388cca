package forms

import (
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// Known gives the answers that a person need not type again: the fields of her record.
func Known(d people.Details) Answers {
	a := Answers{}.Clone()
	for _, f := range profile.Fields {
		if v := d.Get(f.Name); f.Asks != "" && len(v) > 0 {
			a.Values[f.Asks] = v
		}
	}
	return a
}

// Details takes the fields of the person out of the answers.
func (a Answers) Details() people.Details {
	var d people.Details
	for _, f := range profile.Fields {
		if f.Asks != "" {
			d.Set(f.Name, slices.Clone(a.Values[f.Asks])...)
		}
	}
	return d
}

// FillIn adds to what is known of a person what she answered now. Her group stays as it is
// known, and how she is reached is changed by a command of its own.
func FillIn(have, now people.Details) people.Details {
	for _, f := range profile.Fields {
		answered := now.Get(f.Name)
		if f.Asks == "" || f.Contact || len(answered) == 0 || f.Name == profile.Group && have.Group != "" {
			continue
		}
		have.Set(f.Name, answered...)
	}
	return have
}

// AtQuestions turns a fault at a field of a record, as spine/people gives it, into one at
// the question that asks for the field. Any other error stays as it is.
func AtQuestions(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid {
		return err
	}
	list := f.Fields
	if len(list) == 0 {
		list = []*fault.Error{f}
	}
	var form fault.Form
	for _, e := range list {
		at := "" // of the form as a whole: no question asks for it
		if asks := profile.Of(profile.Name(e.Field)).Asks; asks != "" {
			at = Question{Key: asks}.Field()
		}
		form.Add(at, e.Key, e.Args)
	}
	return form.Err()
}

// checkContact notes a fault when there is no way to reach the person, where the form is
// of those that need one and it asks for both.
func (f Form) checkContact(a Answers, form *fault.Form) {
	if f.Needs.Contact && f.Asks(AskPhone) && f.Asks(AskEmail) && a.First(profile.AskPhone) == "" && a.First(profile.AskEmail) == "" {
		form.Add(Question{Key: profile.AskPhone}.Field(), "forms.fault.contact")
	}
}

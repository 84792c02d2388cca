package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// ApplicationForms are the forms of applications: of an activity, or of a template for all
// its copies. Who applies must be known by name, must be reached, and must have agreed.
var ApplicationForms = forms.Shelf{
	Table: "application_form", Owner: "activity_id", Shared: "template_id",
	Answered: `SELECT form_version_id FROM application WHERE form_version_id IS NOT NULL`,
	Kept:     DraftLife,
	Needs:    forms.Needs{Name: true, Contact: true, Consent: true},
}

// FormOwner says whose form people fill in to apply to an activity.
func FormOwner(a Activity) forms.Owner {
	return forms.Owner{ID: a.ID, Shared: a.Template, Usual: UsualForm(a.Group)}
}

// UsualForm is asked when the organiser made no form of her own: short enough
// to apply in a minute. group is the group that the activity is for.
func UsualForm(group string) forms.Form {
	q := []forms.Question{
		{Key: profile.AskName, Kind: forms.AskName, Required: true},
		{Key: profile.AskPhone, Kind: forms.AskPhone},
		{Key: profile.AskEmail, Kind: forms.AskEmail},
		{Key: profile.AskSex, Kind: forms.AskSex, Required: true},
		{Key: profile.AskAge, Kind: forms.AskAge, Required: true},
		{Key: profile.AskPlace, Kind: forms.AskPlace, Required: true},
		{Key: profile.AskVillage, Kind: forms.AskVillage, When: &forms.Condition{Question: profile.AskPlace, Value: profile.Other}},
	}
	switch group {
	case profile.Media:
		q = append(q, forms.Question{Key: profile.AskOrganisation, Kind: forms.AskOrganisation})
	case profile.Deputies:
		q = append(q, forms.Question{Key: profile.AskLevel, Kind: forms.AskLevel})
	case "":
		q = append(q, forms.Question{Key: profile.AskGroup, Kind: forms.AskGroup, Required: true})
	}
	q = append(q,
		forms.Question{Key: "why", Kind: forms.AskLong, Max: 1000},
		forms.Question{Key: "processing", Kind: forms.AskConsent, Required: true})
	return forms.Form{Questions: q}
}

// FormOf gives what the form of an activity asks now.
func (m *Service) FormOf(ctx context.Context, tx *storage.Tx, a Activity) (forms.Form, error) {
	return ApplicationForms.Now(ctx, tx, FormOwner(a))
}

// AnsweredForm gives the form as it was when an application answered it.
func (m *Service) AnsweredForm(ctx context.Context, tx *storage.Tx, a Activity, app Application) (forms.Form, error) {
	return ApplicationForms.AnsweredForm(ctx, tx, FormOwner(a), app.Form)
}

// judgeAnswers validates the answers of a command against the form as it is now, and leaves with
// it those that count.
func (m *Service) judgeAnswers(ctx context.Context, tx *storage.Tx, cmd *applying, form forms.Form) error {
	sources, err := m.Sources(ctx, tx)
	if err != nil {
		return err
	}
	given := cmd.Answers
	if cmd.Answers, cmd.judged = cmd.ready.judged(form, cmd.Activity.Group, sources); !cmd.judged {
		cmd.Answers, err = form.Validate(given, sources)
	}
	return ApplicationForms.SameWords(ctx, tx, FormOwner(cmd.Activity), form, given, cmd.Answers, err)
}

// Sources are the lists that answers to a form are chosen from.
func (m *Service) Sources(ctx context.Context, tx *storage.Tx) (forms.Sources, error) {
	cities, err := m.Schedule().Cities(ctx, tx)
	return forms.Sources{Cities: cities, Lists: m.People.Lists()}, err
}

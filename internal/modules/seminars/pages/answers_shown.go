package pages

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// answeredApplication is an application with what was answered in it.
type answeredApplication struct {
	Activity seats.Activity
	App      seats.Application
	Answers  []forms.Shown
}

// answered reads what a person answered in an application.
func (m *Module) answered(ctx context.Context, tx *storage.Tx, say *i18n.Printer, a seats.Activity, app seats.Application) ([]forms.Shown, error) {
	form, err := m.AnsweredForm(ctx, tx, a, app)
	if err != nil {
		return nil, err
	}
	answers, err := m.AnswersOf(ctx, tx, app)
	if err != nil {
		return nil, err
	}
	return form.Shown(say, answers), nil
}

// myData is the module's part of the page on which a person sees what is kept of her:
// each of her applications with what she answered, the newest first.
func (m *Module) myData(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, r.Actor.Person)
	if err != nil || len(apps) == 0 {
		return nil, err
	}
	list := make([]answeredApplication, 0, len(apps))
	for _, app := range apps {
		one := answeredApplication{App: app}
		if one.Activity, err = m.ActivityByID(ctx, tx, app.Activity); fault.Is(err, fault.NotFound) {
			continue // nothing is left that could name it; her archive has what she wrote
		} else if err != nil {
			return nil, err
		}
		if one.Answers, err = m.answered(ctx, tx, r.Say, one.Activity, app); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b answeredApplication) int { return b.App.Made.Compare(a.App.Made) })
	return myAnswers(r, list), nil
}

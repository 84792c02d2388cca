package seminars

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// An answer is shown with the words that were answered: those of the version of the form
// that the application holds, in the language of who reads as far as there are texts.

// answerShown is one answer as a person reads it.
type answerShown struct {
	Key   string
	Label string
	Words string // in words; of a file its name
	File  bool
}

// answersShown gives what was answered, in the order of the form. An answer to a
// question that the form does not hold comes last, as it was given.
func answersShown(say *i18n.Printer, form Form, a Answers) (out []answerShown) {
	for _, q := range form.Questions {
		if words := q.shownWords(say, a); words != "" {
			out = append(out, answerShown{Key: q.Key, Label: q.label(say), Words: words})
		}
		if up, ok := a.Files[q.Key]; ok {
			out = append(out, answerShown{Key: q.Key, Label: q.label(say), Words: up.Name, File: true})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		if _, there := form.of(key); !there && len(a.Values[key]) > 0 {
			out = append(out, answerShown{Key: key, Label: say.T("seminars.answers.former"), Words: Question{}.words(say, a.Values[key])})
		}
	}
	return out
}

// shownWords gives the answer to the question as a page shows it: a day as it is
// written in the language.
func (q Question) shownWords(say *i18n.Printer, a Answers) string {
	if q.Kind == AskDate {
		if day, err := time.ParseInLocation(time.DateOnly, a.First(q.Key), i18n.Bishkek()); err == nil {
			return i18n.Date(say.Lang, day)
		}
	}
	return q.words(say, a.Values[q.Key])
}

// answeredApplication is an application with what was answered in it.
type answeredApplication struct {
	Activity Activity
	App      Application
	Answers  []answerShown
}

// answered reads what a person answered in an application.
func (m *Module) answered(ctx context.Context, tx *storage.Tx, say *i18n.Printer, a Activity, app Application) ([]answerShown, error) {
	form, err := m.answeredForm(ctx, tx, a, app)
	if err != nil {
		return nil, err
	}
	answers, err := m.answersOf(ctx, tx, app)
	if err != nil {
		return nil, err
	}
	return answersShown(say, form, answers), nil
}

// myData is the module's part of the page on which a person sees what is kept of her:
// each of her applications with what she answered, the newest first.
func (m *Module) myData(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	apps, err := applicationsBy(ctx, tx, r.Actor.Person)
	if err != nil || len(apps) == 0 {
		return nil, err
	}
	list := make([]answeredApplication, 0, len(apps))
	for _, app := range apps {
		one := answeredApplication{App: app}
		if one.Activity, err = m.activityByID(ctx, tx, app.Activity); err != nil {
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

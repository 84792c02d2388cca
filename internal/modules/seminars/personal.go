package seminars

import (
	"context"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
)

// silentFor sends to everybody but one person.
type silentFor struct {
	person storage.ID
	Messenger
}

func (s silentFor) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	if n.To == s.person {
		return nil
	}
	return s.Messenger.Send(ctx, tx, n)
}

// export gives a person what the module keeps of her.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	apps, err := applicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	type moved struct {
		From, To State
		Why, At  string
	}
	type kept struct {
		Activity string
		State    State
		Made     string
		Answers  Answers
		Asked    []answeredQuestion // the same in words
		Moves    []moved
	}
	var out []kept
	for _, app := range apps {
		k := kept{Activity: app.Activity.String(), State: app.State, Made: app.Made.Format("2006-01-02T15:04:05Z")}
		activity, err := m.activityByID(ctx, tx, app.Activity)
		if err == nil {
			k.Activity = activity.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if k.Answers, err = m.answersOf(ctx, tx, app); err != nil {
			return nil, err
		}
		form, err := m.answeredForm(ctx, tx, activity, app)
		if err != nil {
			return nil, err
		}
		k.Asked = inWords(form, k.Answers)
		moves, err := movesOf(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		for _, v := range moves {
			k.Moves = append(k.Moves, moved{v.From, v.To, v.Why, v.At.Format("2006-01-02T15:04:05Z")})
		}
		out = append(out, k)
	}
	return map[string]any{"applications": out}, nil
}

// answeredQuestion is a question with the words that were answered, beside its machine values.
type answeredQuestion struct {
	Key      string       `json:"key"`
	Kind     QuestionKind `json:"kind,omitempty"`
	Question i18n.Text    `json:"question,omitzero"`
	Given    []givenValue `json:"given,omitempty"`
	File     string       `json:"file,omitempty"` // its name
}

// givenValue is one value of an answer; Label says it in words where it was chosen.
type givenValue struct {
	Value string    `json:"value"`
	Label i18n.Text `json:"label,omitzero"`
}

// inWords gives each question that was answered with its wording and the words of what
// was chosen, in the three languages as far as there are texts.
func inWords(form Form, a Answers) []answeredQuestion {
	var out []answeredQuestion
	known := map[string]bool{}
	add := func(q Question) {
		known[q.Key] = true
		one := answeredQuestion{Key: q.Key, Kind: q.Kind, File: a.Files[q.Key].Name}
		if q.Kind != "" {
			one.Question = q.wording()
		}
		for _, v := range a.Values[q.Key] {
			g := givenValue{Value: v}
			if q.Kind.chosen() {
				g.Label = q.chosenWords(v)
			}
			one.Given = append(one.Given, g)
		}
		if len(one.Given) > 0 || one.File != "" {
			out = append(out, one)
		}
	}
	for _, q := range form.Questions {
		add(q)
	}
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		if !known[key] { // the form does not hold it
			add(Question{Key: key})
		}
	}
	return out
}

// chosenWords gives the words of a value that was chosen: those that the form had.
func (q Question) chosenWords(v string) i18n.Text {
	for _, c := range q.Choices {
		if c.Value == v {
			return c.Label
		}
	}
	c := catalogue()
	return i18n.Text{Ky: q.word(c.Printer(i18n.Kyrgyz), v), Ru: q.word(c.Printer(i18n.Russian), v), En: q.word(c.Printer(i18n.English), v)}
}

// answersOf opens the sealed answers of an application, empty when there are none.
func (m *Module) answersOf(ctx context.Context, tx *storage.Tx, app Application) (Answers, error) {
	if len(app.Answers) == 0 {
		return Answers{}.clone(), nil
	}
	plain, err := m.People.Unseal(ctx, tx, app.Person, app.Answers)
	if err != nil {
		return Answers{}.clone(), err
	}
	return decodeAnswers(plain)
}

package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
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

// Export gives a person what the module keeps of her.
func (m *Service) Export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	apps, err := ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	type moved struct {
		From, To State
		Why, At  string
	}
	type asked struct{ Words, At, Answer, Answered string }
	type kept struct {
		Activity  string
		State     State
		Made      string
		Answers   forms.Answers
		Asked     []forms.InWords // the same in words
		Moves     []moved
		Companion Together `json:",omitempty"` // how far she has come with another; nothing of the other
		// Parted is when she was told that staff have parted her from another. Why is not hers to
		// read: it may be what the other said.
		Parted []string `json:",omitempty"`
		Why    *asked   `json:",omitempty"` // what she asked of it, and the answer
	}
	var out []kept
	for _, app := range apps {
		k := kept{Activity: app.Activity.String(), State: app.State, Made: app.Made.Format("2006-01-02T15:04:05Z")}
		activity, err := m.ActivityByID(ctx, tx, app.Activity)
		if err == nil {
			k.Activity = activity.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if k.Answers, err = m.AnswersOf(ctx, tx, app); err != nil {
			return nil, err
		}
		form, err := m.AnsweredForm(ctx, tx, activity, app)
		if err != nil {
			return nil, err
		}
		k.Asked = form.InWords(k.Answers)
		c, err := m.CompanionOf(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		k.Companion = c.Stands
		partings, err := PartingsOf(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range partings {
			if !p.Told.IsZero() {
				k.Parted = append(k.Parted, p.Told.Format("2006-01-02T15:04:05Z"))
			}
		}
		if w, is, err := m.WhyOf(ctx, tx, app); err != nil {
			return nil, err
		} else if is {
			k.Why = &asked{Words: w.Words, At: w.Asked.Format("2006-01-02T15:04:05Z"), Answer: w.Answer}
			if !w.Answered.IsZero() {
				k.Why.Answered = w.Answered.Format("2006-01-02T15:04:05Z")
			}
		}
		moves, err := MovesOf(ctx, tx, app.ID)
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

// Reads tells how the codes of Export are read (module.Manifest.Reads).
func Reads() map[string]string {
	return map[string]string{
		"applications.State": "seminars.state.", "applications.Moves.From": "seminars.state.", "applications.Moves.To": "seminars.state.",
		"applications:": "seminars.kept.applications", "applications.Moves.From:": "seminars.kept.from", "applications.Moves.To:": "seminars.kept.to",
		"applications.Companion": "seminars.kept.companion.", "applications.Companion:": "seminars.kept.companion", "applications.Parted:": "seminars.kept.parted",
		"applications.Moves.Why":        "",
		"applications.Answers.values.*": "data", "applications.Answers.files.*": "data", "applications.Answers.asked.*": "data",
		"applications.Answers.files.*.data": "file",
	}
}

// AnswersOf opens the sealed answers of an application, empty when there are none.
func (m *Service) AnswersOf(ctx context.Context, tx *storage.Tx, app Application) (forms.Answers, error) {
	if len(app.Answers) == 0 {
		return forms.Answers{}.Clone(), nil
	}
	plain, err := m.People.Unseal(ctx, tx, app.Person, app.Answers)
	if err != nil {
		return forms.Answers{}.Clone(), err
	}
	return forms.Decode(plain)
}

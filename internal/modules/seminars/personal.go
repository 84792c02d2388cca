package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
)

// merge makes the applications of one person another's. Where both applied to
// the same activity, the one that got further stays with the person; the other
// is withdrawn and its seat given back.
func (m *Module) merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	apps, err := applicationsBy(ctx, tx, from)
	if err != nil {
		return err
	}
	quiet := *m
	if m.Messages != nil {
		quiet.Messages = silentFor{from, silentFor{into, m.Messages}}
	}
	for _, app := range apps {
		other, both, err := applicationOf(ctx, tx, app.Activity, into)
		if err != nil {
			return err
		}
		if both {
			loser, keeps := app, false
			if app.State.HoldsSeat() && !other.State.HoldsSeat() {
				loser, keeps = other, true
			}
			if loser.State.MayBecome(Withdrawn) {
				if _, err := quiet.move(ctx, tx, loser, Withdrawn, storage.ID{}, "seminars.why.merged"); err != nil {
					return err
				}
			}
			if !keeps {
				continue
			}
			// The two change places; the answers of the one given up go.
			for _, step := range []struct{ app, person storage.ID }{{other.ID, storage.ID{15: 1}}, {app.ID, into}, {other.ID, from}} {
				if _, err := tx.Exec(ctx, `UPDATE application SET person_id = $1, answers = NULL WHERE id = $2`, step.person, step.app); err != nil {
					return err
				}
			}
			continue
		}
		answers, err := m.answersOf(ctx, tx, app)
		if err != nil {
			return err
		}
		plain, err := answers.encode()
		if err != nil {
			return err
		}
		box, err := m.People.Seal(ctx, tx, into, plain)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE application SET person_id = $1, answers = $2 WHERE id = $3`, into, box, app.ID); err != nil {
			return err
		}
	}
	return nil
}

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
		Moves    []moved
	}
	var out []kept
	for _, app := range apps {
		k := kept{Activity: app.Activity.String(), State: app.State, Made: app.Made.Format("2006-01-02T15:04:05Z")}
		if a, err := m.activityByID(ctx, tx, app.Activity); err == nil {
			k.Activity = a.Slug
		}
		if k.Answers, err = m.answersOf(ctx, tx, app); err != nil {
			return nil, err
		}
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

package followup

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// erase takes away what she answered; the database does it with her applications, too.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM followup_answer WHERE person_id = $1`, person)
	return err
}

// merge seals the answers of one record under the key of another of the same person. The room of
// seats, which comes after it, hands the applications over.
func (m *Module) merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	apps, err := seats.ApplicationsBy(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, app := range apps {
		k, err := keptOf(ctx, tx, app.ID)
		if err != nil {
			return err
		}
		if len(k.box) == 0 {
			continue
		}
		answers, err := m.answersOf(ctx, tx, from, k)
		if err != nil {
			return err
		}
		plain, err := answers.Encode()
		if err != nil {
			return err
		}
		box, err := m.People.Seal(ctx, tx, into, plain)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE followup_answer SET answers = $2 WHERE application_id = $1`, app.ID, box); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE followup_answer SET person_id = $2 WHERE person_id = $1`, from, into)
	return err
}

// joined keeps one of the answers to two applications that become one: the later.
func joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	one, err := keptOf(ctx, tx, stays)
	if err != nil {
		return err
	}
	other, err := keptOf(ctx, tx, goes)
	if err != nil {
		return err
	}
	if !other.Changed.After(one.Changed) {
		_, err = tx.Exec(ctx, `DELETE FROM followup_answer WHERE application_id = $1`, goes)
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM followup_answer WHERE application_id = $1`, stays); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE followup_answer SET application_id = $1, version = $3 WHERE application_id = $2`, stays, goes, max(one.Version, other.Version)+1)
	return err
}

// export gives a person what she answered, as long as it is kept.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	type answered struct {
		Activity string
		Made     string
		Answers  forms.Answers
		Asked    []forms.InWords
	}
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var out []answered
	for _, app := range apps {
		k, err := keptOf(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		if k.Answered.IsZero() {
			continue
		}
		one := answered{Activity: app.Activity.String(), Made: k.Changed.Format("2006-01-02T15:04:05Z")}
		a, err := m.ActivityByID(ctx, tx, app.Activity)
		if err == nil {
			one.Activity = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		form, given, err := m.answered(ctx, tx, a, person, k)
		if err != nil {
			return nil, err
		}
		one.Answers = given
		one.Asked = form.InWords(one.Answers)
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"followup": out}, nil
}

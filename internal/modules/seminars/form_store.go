package seminars

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// formOf gives the form of an activity: its own, that of its template, or the usual one.
func formOf(ctx context.Context, tx *storage.Tx, a Activity) (Form, error) {
	for _, by := range []struct {
		column string
		id     storage.ID
	}{{`activity_id`, a.ID}, {`template_id`, a.Template}} {
		if by.id.IsZero() {
			continue
		}
		f, ok, err := readForm(ctx, tx, by.column, by.id)
		if err != nil || ok {
			return f, err
		}
	}
	return usualForm(a.Group), nil
}

func readForm(ctx context.Context, tx *storage.Tx, column string, id storage.ID) (f Form, ok bool, err error) {
	var questions string
	err = tx.QueryRow(ctx, `SELECT questions, version
		FROM application_form
		WHERE `+column+` = $1`, id).Scan(&questions, &f.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	return f, true, json.Unmarshal([]byte(questions), &f.Questions)
}

// saveForm writes the form of an activity or, when shared, of its template.
// Conflict when somebody else changed it since version was read.
func saveForm(ctx context.Context, tx *storage.Tx, a Activity, shared bool, f Form) error {
	questions, err := json.Marshal(f.Questions)
	if err != nil {
		return err
	}
	column, id := `activity_id`, a.ID
	if shared {
		column, id = `template_id`, a.Template
	}
	n, err := tx.Exec(ctx, `UPDATE application_form
		SET questions = $1, version = version + 1, changed_at = $2
		WHERE `+column+` = $3 AND version = $4`, string(questions), storage.Micros(tx.Now), id, f.Version)
	if err != nil || n == 1 {
		return err
	}
	n, err = tx.Exec(ctx, `INSERT INTO application_form (id, `+column+`, questions, version, changed_at)
		VALUES ($1, $2, $3, 1, $4)
		ON CONFLICT (`+column+`) DO NOTHING`, tx.NewID(), id, string(questions), storage.Micros(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "seminars.fault.form_changed")
	}
	return nil
}

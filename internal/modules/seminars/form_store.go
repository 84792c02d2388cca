package seminars

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// A form is kept in versions that never change once they are written. The row of the
// form tells the latest, an application the one that was answered.

// mostVersions is how many versions of a form are kept that nobody has answered.
const mostVersions = 50

// heldForm is the row of a form: of an activity, or of a template.
type heldForm struct {
	id, latest storage.ID
	version    int64
	own        bool
}

// formOf gives what the form of an activity asks now: its own, that of its template, or the usual one.
func (m *Module) formOf(ctx context.Context, tx *storage.Tx, a Activity) (Form, error) {
	held, err := storage.All(ctx, tx, func(row storage.Scanner) (h heldForm, err error) {
		var activity storage.ID
		err = row.Scan(&h.id, &h.latest, &h.version, &activity)
		h.own = !activity.IsZero()
		return h, err
	}, `SELECT id, version_id, version, activity_id
		FROM application_form
		WHERE activity_id = $1 OR template_id = $2`, a.ID, a.Template)
	if err != nil || len(held) == 0 {
		return usualForm(a.Group), err
	}
	h := held[0]
	for _, other := range held {
		if other.own {
			h = other
		}
	}
	f, err := m.formVersion(ctx, tx, h.latest)
	f.Version, f.Own = h.version, h.own
	return f, err
}

// sharedForm gives the form of a template, the usual one when it has none.
func (m *Module) sharedForm(ctx context.Context, tx *storage.Tx, a Activity) (Form, error) {
	return m.formOf(ctx, tx, Activity{Template: a.Template, Group: a.Group})
}

// answeredForm gives the form as it was when an application answered it.
func (m *Module) answeredForm(ctx context.Context, tx *storage.Tx, a Activity, app Application) (Form, error) {
	if app.Form.IsZero() {
		return usualForm(a.Group), nil
	}
	return m.formVersion(ctx, tx, app.Form)
}

// formVersion reads what a form asked in a version. What it gives is shared by all who
// ask: it is read, never changed.
func (m *Module) formVersion(ctx context.Context, tx *storage.Tx, id storage.ID) (Form, error) {
	if f, ok := forms.of(id); ok {
		return f, nil
	}
	var questions string
	f := Form{ID: id}
	if err := tx.QueryRow(ctx, `SELECT questions
		FROM application_form_version
		WHERE id = $1`, id).Scan(&questions); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = fault.New(fault.NotFound, "seminars.fault.form_changed")
		}
		return f, err
	}
	if err := json.Unmarshal([]byte(questions), &f.Questions); err != nil {
		return f, err
	}
	for i := range f.Questions {
		f.Questions[i].countOptions()
	}
	forms.keep(f)
	return f, nil
}

// rememberedForms keeps versions that were read. A version never changes and its id is
// made anew for each, also when a transaction runs again, so nothing is forgotten in time.
type rememberedForms struct {
	mu    sync.RWMutex
	forms map[storage.ID]Form
}

var forms rememberedForms

func (r *rememberedForms) of(id storage.ID) (Form, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	f, ok := r.forms[id]
	return f, ok
}

func (r *rememberedForms) keep(f Form) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forms == nil || len(r.forms) >= 200 {
		r.forms = map[storage.ID]Form{}
	}
	r.forms[f.ID] = f
}

// saveForm writes a new version of the form of an activity or, when shared, of its
// template. Conflict when somebody else changed it since f.Version was read.
func saveForm(ctx context.Context, tx *storage.Tx, a Activity, shared bool, f Form) error {
	questions, err := json.Marshal(f.Questions)
	if err != nil {
		return err
	}
	column, of := `activity_id`, a.ID
	if shared {
		column, of = `template_id`, a.Template
	}
	version, now := tx.NewID(), storage.Micros(tx.Now)
	n, err := tx.Exec(ctx, `UPDATE application_form
		SET version_id = $1, version = version + 1, changed_at = $2
		WHERE `+column+` = $3 AND version = $4`, version, now, of, f.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		if n, err = tx.Exec(ctx, `INSERT INTO application_form (id, `+column+`, version_id, version, changed_at)
			VALUES ($1, $2, $3, 1, $4)
			ON CONFLICT (`+column+`) DO NOTHING`, tx.NewID(), of, version, now); err != nil {
			return err
		}
	}
	if n == 0 {
		return fault.New(fault.Conflict, "seminars.fault.form_changed")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO application_form_version (id, form_id, questions, made_at)
		SELECT $1, id, $2, $3
		FROM application_form
		WHERE `+column+` = $4`, version, string(questions), now, of); err != nil {
		return err
	}
	return dropVersions(ctx, tx, version)
}

// dropVersions deletes what nobody has answered and no page can hold any more, once a
// form has been changed often.
func dropVersions(ctx context.Context, tx *storage.Tx, latest storage.ID) error {
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM application_form_version
		WHERE form_id = (SELECT form_id FROM application_form_version WHERE id = $1)`, latest).Scan(&n); err != nil || n <= mostVersions {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM application_form_version
		WHERE form_id = (SELECT form_id FROM application_form_version WHERE id = $1) AND id <> $1 AND made_at < $2
			AND id NOT IN (SELECT form_version_id FROM application WHERE form_version_id IS NOT NULL)`,
		latest, storage.Micros(tx.Now.Add(-draftLife)))
	return err
}

package review

import (
	"context"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// Bounds of notes.
const (
	MostNotes   = 100  // on one application
	LongestNote = 2000 // letters
)

// Note is what somebody of the staff noted on an application. Notes are not changed.
type Note struct {
	ID    storage.ID
	Words string
	At    time.Time
	By    storage.ID // zero once erased
}

// AddNote notes something on an application.
type AddNote struct {
	Actor                 may
	Activity, Application storage.ID
	Words                 string
}

// AddNote keeps it under the key of the person of the application, who may read it.
//
// Faults: Forbidden; NotFound for an application to another activity; Invalid for no words or
// too many; Conflict when it has MostNotes.
func (m *Service) AddNote(ctx context.Context, tx *storage.Tx, cmd AddNote) error {
	a, app, err := m.chosen(ctx, tx, cmd.Actor, cmd.Activity, cmd.Application)
	if err != nil {
		return err
	}
	words, err := written("note", cmd.Words, LongestNote)
	if err != nil {
		return err
	}
	if app, err = held(ctx, tx, app); err != nil {
		return err
	}
	n := 0
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application_note WHERE application_id = $1`, app.ID).Scan(&n); err != nil {
		return err
	}
	if n >= MostNotes {
		return fault.New(fault.Conflict, "seminars.review.fault.notes", fault.Args{"count": MostNotes})
	}
	box, err := m.People.Seal(ctx, tx, app.Person, []byte(words))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO application_note (id, application_id, words, at, by_person)
		VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), app.ID, box, storage.Micros(tx.Now), cmd.Actor.Person); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.noted", Object: a.ID})
}

// DropNote takes a note back.
type DropNote struct {
	Actor                       may
	Activity, Application, Note storage.ID
}

// DropNote deletes it; whoever wrote it may.
//
// Faults: Forbidden, for who did not write it too; NotFound.
func (m *Service) DropNote(ctx context.Context, tx *storage.Tx, cmd DropNote) error {
	a, app, err := m.chosen(ctx, tx, cmd.Actor, cmd.Activity, cmd.Application)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM application_note WHERE id = $1 AND application_id = $2 AND by_person = $3`, cmd.Note, app.ID, cmd.Actor.Person)
	if err != nil {
		return err
	}
	if n == 0 {
		there := 0
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application_note WHERE id = $1 AND application_id = $2`, cmd.Note, app.ID).Scan(&there); err != nil {
			return err
		}
		if there > 0 {
			return fault.New(fault.Forbidden, "seminars.review.fault.not_yours")
		}
		return fault.New(fault.NotFound, "seminars.review.fault.note")
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.note_dropped", Object: a.ID})
}

// NotesOf gives the notes on an application, the first first. Who may read them has been
// decided.
func (m *Service) NotesOf(ctx context.Context, tx *storage.Tx, app seats.Application) ([]Note, error) {
	type sealed struct {
		Note
		box []byte
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (n sealed, err error) {
		var at int64
		err = row.Scan(&n.ID, &n.box, &at, &n.By)
		n.At = storage.Instant(at)
		return n, err
	}, `SELECT id, words, at, by_person
		FROM application_note
		WHERE application_id = $1
		ORDER BY at, id`, app.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Note, len(list))
	for i, n := range list {
		plain, err := m.People.Unseal(ctx, tx, app.Person, n.box)
		if err != nil {
			return nil, err
		}
		out[i] = n.Note
		out[i].Words = string(plain)
	}
	return out, nil
}

// written checks words that are asked for; most is in letters.
func written(name, s string, most int64) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault.At(name, "fault.required")
	}
	fixed, wrong, args := forms.Question{Key: name, Kind: forms.AskLong, Max: most}.Fix(s, forms.Sources{})
	if wrong != "" {
		return "", fault.At(name, wrong, args)
	}
	return fixed, nil
}

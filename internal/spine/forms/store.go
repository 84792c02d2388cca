package forms

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// A form is kept in versions that never change once they are written. The row of the
// form tells the latest, an answer the one that was answered.

// mostVersions is how many versions of a form there are before old ones that nobody has
// answered are deleted.
const mostVersions = 50

// Shelf is where the forms of one use lie: applications, feedback, registration. Its names
// are written in the code of the room that has it and never come from outside; they
// become part of its statements. A migration of that room makes two tables:
//
//	CREATE TABLE <Table> (
//	    id         BYTEA  NOT NULL PRIMARY KEY,
//	    <Owner>    BYTEA,                  -- whose form it is, or
//	    <Shared>   BYTEA,                  -- what those have in common who share it
//	    version_id BYTEA,                  -- of <Table>_version: what it asks now
//	    version    BIGINT NOT NULL,        -- grows with each change
//	    changed_at BIGINT NOT NULL,
//	    CONSTRAINT … UNIQUE (<Owner>), CONSTRAINT … UNIQUE (<Shared>)
//	);
//	CREATE TABLE <Table>_version (
//	    id        BYTEA  NOT NULL PRIMARY KEY,
//	    form_id   BYTEA  NOT NULL REFERENCES <Table> (id),
//	    questions TEXT   NOT NULL,
//	    made_at   BIGINT NOT NULL
//	);
//
// Whoever keeps answers keeps the id of the version beside them (empty for the usual
// form), in the column that Answered selects.
type Shelf struct {
	Table    string        // "application_form"
	Owner    string        // the column of Owner.ID
	Shared   string        // the column of Owner.Shared
	Answered string        // selects the versions that are answered, none of them NULL; they are never dropped
	Kept     time.Duration // how long a page or a draft may hold a version that nobody has answered yet
	Needs    Needs         // what every form on it must have
	// Kinds are those that its forms may ask; nil: all but AskPhoto.
	Kinds []QuestionKind
	// Uses are what answers may be counted for, codes of the room; nil: nothing.
	Uses []string
}

// asks reports whether forms on the shelf may have a question of the kind.
func (s Shelf) asks(k QuestionKind) bool {
	if s.Kinds == nil {
		return k != AskPhoto
	}
	return slices.Contains(s.Kinds, k)
}

// Owner says whose form is meant.
type Owner struct {
	ID     storage.ID // of what it is asked for
	Shared storage.ID // where it has its form from as long as it has none of its own; zero for nowhere
	Usual  Form       // what is asked where neither has a form; only its Questions matter
}

// usual gives the usual form of an owner.
func (s Shelf) usual(of Owner) Form { return Form{Questions: of.Usual.Questions, Needs: s.Needs} }

// held is the row of a form.
type held struct {
	latest  storage.ID
	version int64
	own     bool
}

// Now gives what is asked now: the owner's own form, the shared one, or the usual one.
func (s Shelf) Now(ctx context.Context, tx *storage.Tx, of Owner) (Form, error) {
	rows, err := storage.All(ctx, tx, func(row storage.Scanner) (h held, err error) {
		var owner storage.ID
		err = row.Scan(&h.latest, &h.version, &owner)
		h.own = !owner.IsZero()
		return h, err
	}, `SELECT version_id, version, `+s.Owner+`
		FROM `+s.Table+`
		WHERE `+s.Owner+` = $1 OR `+s.Shared+` = $2`, of.ID, of.Shared)
	if err != nil || len(rows) == 0 {
		return s.usual(of), err
	}
	h := rows[0]
	for _, other := range rows {
		if other.own {
			h = other
		}
	}
	f, err := s.read(ctx, tx, h.latest)
	f.Version, f.Own = h.version, h.own
	return f, err
}

// ToChange gives the form that a change is made to: the shared one, or the owner's own. One
// that an owner shares is copied when it is first changed for her alone. NotFound when the
// owner shares none.
func (s Shelf) ToChange(ctx context.Context, tx *storage.Tx, of Owner, shared bool) (Form, error) {
	if shared {
		if of.Shared.IsZero() {
			return Form{}, fault.New(fault.NotFound, "forms.fault.form_changed")
		}
		of.ID = storage.ID{}
		return s.Now(ctx, tx, of)
	}
	f, err := s.Now(ctx, tx, of)
	if !f.Own {
		f.Version = 0
	}
	return f, err
}

// AnsweredForm gives the form as it was when it was answered, by the id that is kept beside the
// answers: zero is the usual form. NotFound.
func (s Shelf) AnsweredForm(ctx context.Context, tx *storage.Tx, of Owner, version storage.ID) (Form, error) {
	if version.IsZero() {
		return s.usual(of), nil
	}
	return s.read(ctx, tx, version)
}

// ByRef finds what a page was drawn of, see Form.Ref. NotFound.
func (s Shelf) ByRef(ctx context.Context, tx *storage.Tx, of Owner, ref string) (Form, error) {
	usual := s.usual(of)
	if ref == usual.Ref() {
		return usual, nil
	}
	id, err := storage.ParseID(ref)
	if err != nil {
		return Form{}, fault.New(fault.NotFound, "forms.fault.form_changed")
	}
	return s.read(ctx, tx, id)
}

// read gives what a form asked in a version. What it gives is shared by all who ask: it is
// read, never changed.
func (s Shelf) read(ctx context.Context, tx *storage.Tx, id storage.ID) (Form, error) {
	f := Form{ID: id, Needs: s.Needs}
	var ok bool
	if f.Questions, ok = remembered.of(s.Table, id); ok {
		return f, nil
	}
	var questions string
	if err := tx.QueryRow(ctx, `SELECT questions
		FROM `+s.Table+`_version
		WHERE id = $1`, id).Scan(&questions); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = fault.New(fault.NotFound, "forms.fault.form_changed")
		}
		return f, err
	}
	if err := json.Unmarshal([]byte(questions), &f.Questions); err != nil {
		return f, err
	}
	for i := range f.Questions {
		f.Questions[i].countOptions()
	}
	remembered.keep(s.Table, id, f.Questions)
	return f, nil
}

// rememberedVersions keeps versions that were read. A version never changes and its id is
// made anew for each, also when a transaction runs again, so nothing is forgotten in time.
type rememberedVersions struct {
	mu       sync.RWMutex
	versions map[versionOf][]Question
}

type versionOf struct {
	table string
	id    storage.ID
}

var remembered rememberedVersions

func (r *rememberedVersions) of(table string, id storage.ID) ([]Question, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	questions, ok := r.versions[versionOf{table, id}]
	return questions, ok
}

func (r *rememberedVersions) keep(table string, id storage.ID, questions []Question) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.versions == nil || len(r.versions) >= 200 {
		r.versions = map[versionOf][]Question{}
	}
	r.versions[versionOf{table, id}] = questions
}

// Save writes a new version of the form of an owner or, when shared, of all who share it.
// Conflict when somebody else changed it since f.Version was read. It judges nothing: see
// Shelf.Change.
func (s Shelf) Save(ctx context.Context, tx *storage.Tx, of Owner, shared bool, f Form) error {
	questions, err := json.Marshal(f.Questions)
	if err != nil {
		return err
	}
	column, owner := s.Owner, of.ID
	if shared {
		column, owner = s.Shared, of.Shared
	}
	version, now := tx.NewID(), storage.Micros(tx.Now)
	n, err := tx.Exec(ctx, `UPDATE `+s.Table+`
		SET version_id = $1, version = version + 1, changed_at = $2
		WHERE `+column+` = $3 AND version = $4`, version, now, owner, f.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		if n, err = tx.Exec(ctx, `INSERT INTO `+s.Table+` (id, `+column+`, version_id, version, changed_at)
			VALUES ($1, $2, $3, 1, $4)
			ON CONFLICT (`+column+`) DO NOTHING`, tx.NewID(), owner, version, now); err != nil {
			return err
		}
	}
	if n == 0 {
		return fault.New(fault.Conflict, "forms.fault.form_changed")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO `+s.Table+`_version (id, form_id, questions, made_at)
		SELECT $1, id, $2, $3
		FROM `+s.Table+`
		WHERE `+column+` = $4`, version, string(questions), now, owner); err != nil {
		return err
	}
	return s.drop(ctx, tx, version)
}

// drop deletes the versions that nobody has answered and no page can hold any more, once a
// form has been changed often. A page may have been drawn of a version until the next one
// came, so that a version is held for Kept from then on, however old it is.
func (s Shelf) drop(ctx context.Context, tx *storage.Tx, latest storage.ID) error {
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM `+s.Table+`_version
		WHERE form_id = (SELECT form_id FROM `+s.Table+`_version WHERE id = $1)`, latest).Scan(&n); err != nil || n <= mostVersions {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM `+s.Table+`_version
		WHERE form_id = (SELECT form_id FROM `+s.Table+`_version WHERE id = $1) AND id NOT IN (`+s.Answered+`)
			AND EXISTS (SELECT 1
				FROM `+s.Table+`_version later
				WHERE later.form_id = `+s.Table+`_version.form_id AND later.made_at > `+s.Table+`_version.made_at AND later.made_at < $2)`,
		latest, storage.Micros(tx.Now.Add(-s.Kept)))
	return err
}

package review

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// MayReview is the permission to read the applications to an activity without names, and to
// score them.
const MayReview access.Permission = "seminars.review"

// Bounds of a rubric.
const (
	MostCriteria     = 6
	MostPoints       = 10 // of one criterion
	longestCriterion = 200
)

// Criterion is one question that a reviewer answers with points.
type Criterion struct {
	ID   string    `json:"id"`   // never given again
	Name i18n.Text `json:"name"` // in one language at least
	Most int       `json:"most"` // points are 0 to Most
}

// Rubric is by what the applications to an activity are scored. No criterion weighs more than
// its points.
type Rubric struct {
	Criteria []Criterion
	Shown    []string // keys of the questions whose answers reviewers read
	Version  int64    // 0: none was saved, and nothing can be scored
	Frozen   bool     // a score was given
}

// Most is the sum of all points that can be given.
func (r Rubric) Most() (n int) {
	for _, c := range r.Criteria {
		n += c.Most
	}
	return n
}

// Showable are the questions of a form whose answers may be shown to reviewers: what the
// organiser asks in words or choices. What a person is known or reached by, numbers, days and
// files are none of them.
func Showable(form forms.Form) (out []forms.Question) {
	for _, q := range form.Questions {
		switch q.Kind {
		case forms.AskLong, forms.AskText, forms.AskChoice, forms.AskMany:
			out = append(out, q)
		}
	}
	return out
}

// RubricOf gives the rubric of an activity; of one that has none an empty one, that shows the
// long answers of its form.
func (m *Service) RubricOf(ctx context.Context, tx *storage.Tx, a seats.Activity) (r Rubric, err error) {
	var criteria, shown string
	var frozen int64
	err = tx.QueryRow(ctx, `SELECT criteria, shown, version, frozen_at
		FROM review_rubric
		WHERE activity_id = $1`, a.ID).Scan(&criteria, &shown, &r.Version, &frozen)
	if errors.Is(err, sql.ErrNoRows) {
		form, err := m.FormOf(ctx, tx, a)
		for _, q := range Showable(form) {
			if q.Kind == forms.AskLong {
				r.Shown = append(r.Shown, q.Key)
			}
		}
		return r, err
	}
	if err != nil {
		return r, err
	}
	r.Frozen = frozen > 0
	return r, errors.Join(json.Unmarshal([]byte(criteria), &r.Criteria), json.Unmarshal([]byte(shown), &r.Shown))
}

// SaveRubric gives an activity a rubric.
type SaveRubric struct {
	Actor    may
	Activity storage.ID
	Criteria []Criterion // without an ID: a new one
	Shown    []string
	Version  int64 // of the rubric that was changed, 0 for the first
}

// SaveRubric keeps it until the first score is given, and as it is from then on; the database
// holds it too.
//
// Faults: Forbidden; Invalid with a fault at each wrong field, as Field names them; Conflict
// when somebody else changed it since, or a score was given.
func (m *Service) SaveRubric(ctx context.Context, tx *storage.Tx, cmd SaveRubric) error {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	now, err := m.RubricOf(ctx, tx, a)
	if err != nil {
		return err
	}
	if now.Frozen {
		return fault.New(fault.Conflict, "seminars.review.fault.frozen")
	}
	form, err := m.FormOf(ctx, tx, a)
	if err != nil {
		return err
	}
	if cmd.Criteria, err = judged(cmd, now, form); err != nil {
		return err
	}
	for i := range cmd.Criteria {
		if cmd.Criteria[i].ID == "" {
			cmd.Criteria[i].ID = tx.NewID().String()
		}
	}
	criteria, err := json.Marshal(cmd.Criteria)
	if err != nil {
		return err
	}
	if cmd.Shown == nil {
		cmd.Shown = []string{}
	}
	shown, err := json.Marshal(cmd.Shown)
	if err != nil {
		return err
	}
	var n int64
	if cmd.Version == 0 {
		n, err = tx.Exec(ctx, `INSERT INTO review_rubric (activity_id, criteria, shown, version, changed_at, changed_by)
			VALUES ($1, $2, $3, 1, $4, $5)
			ON CONFLICT (activity_id) DO NOTHING`, a.ID, string(criteria), string(shown), storage.Micros(tx.Now), cmd.Actor.Person)
	} else {
		n, err = tx.Exec(ctx, `UPDATE review_rubric
			SET criteria = $2, shown = $3, version = version + 1, changed_at = $4, changed_by = $5
			WHERE activity_id = $1 AND version = $6 AND frozen_at = 0`, a.ID, string(criteria), string(shown), storage.Micros(tx.Now), cmd.Actor.Person, cmd.Version)
	}
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.review.fault.rubric")
	}
	return err
}

// Field names the input of a criterion: "name" in a language, "most".
func Field(what string, i int) string { return what + "_" + strconv.Itoa(i) }

// judged gives the criteria as they are kept.
func judged(cmd SaveRubric, now Rubric, form forms.Form) ([]Criterion, error) {
	var f fault.Form
	if len(cmd.Criteria) == 0 {
		return nil, fault.At(Field("name", 0)+"_ky", "fault.required")
	}
	if len(cmd.Criteria) > MostCriteria {
		return nil, fault.New(fault.Invalid, "seminars.review.fault.criteria", fault.Args{"count": MostCriteria})
	}
	out := slices.Clone(cmd.Criteria)
	seen := map[string]bool{}
	for i, c := range out {
		known := c.ID == "" || slices.ContainsFunc(now.Criteria, func(k Criterion) bool { return k.ID == c.ID })
		if !known || c.ID != "" && seen[c.ID] {
			return nil, fault.New(fault.Conflict, "seminars.review.fault.rubric")
		}
		seen[c.ID] = true
		f.Check(c.Name != i18n.Text{}, Field("name", i)+"_ky", "fault.required")
		for lang, words := range map[string]*string{"ky": &out[i].Name.Ky, "ru": &out[i].Name.Ru, "en": &out[i].Name.En} {
			if *words == "" {
				continue
			}
			fixed, wrong, args := forms.Question{Kind: forms.AskText, Max: longestCriterion}.Fix(*words, forms.Sources{})
			f.Check(wrong == "", Field("name", i)+"_"+lang, wrong, args)
			*words = fixed
		}
		f.Check(c.Most >= 1 && c.Most <= MostPoints, Field("most", i), "forms.fault.range", fault.Args{"min": 1, "max": MostPoints})
	}
	questions := Showable(form)
	for i, key := range cmd.Shown {
		known := slices.ContainsFunc(questions, func(q forms.Question) bool { return q.Key == key })
		f.Check(known && !slices.Contains(cmd.Shown[:i], key), "shown", "forms.fault.choice")
	}
	return out, f.Err()
}

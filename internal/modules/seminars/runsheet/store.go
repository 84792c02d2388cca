package runsheet

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
)

// PlanOf reads the plan of an activity; Version 0 when none is stored.
func PlanOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (p Plan, err error) {
	err = tx.QueryRow(ctx, `SELECT version FROM run_plan WHERE activity_id = $1`, activity).Scan(&p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Steps, err = storage.All(ctx, tx, scanStep, `SELECT id, begins, minutes, least, title, room, note, lead_person, materials
		FROM run_step
		WHERE activity_id = $1
		ORDER BY place, id`, activity)
	return p, err
}

func scanStep(row storage.Scanner) (s Step, err error) {
	var title, materials string
	if err = row.Scan(&s.ID, &s.Begins, &s.Minutes, &s.Least, &title, &s.Room, &s.Note, &s.Lead, &materials); err != nil {
		return s, err
	}
	for _, word := range strings.Fields(materials) {
		id, err := storage.ParseID(word)
		if err != nil {
			return s, err
		}
		s.Materials = append(s.Materials, id)
	}
	return s, json.Unmarshal([]byte(title), &s.Title)
}

func (s Step) insert(ctx context.Context, tx *storage.Tx, activity storage.ID, place int) error {
	title, err := json.Marshal(s.Title)
	if err != nil {
		return err
	}
	words := make([]string, len(s.Materials))
	for i, id := range s.Materials {
		words[i] = id.String()
	}
	_, err = tx.Exec(ctx, `INSERT INTO run_step (id, activity_id, place, begins, minutes, least, title, room, note, lead_person, materials)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, activity, place, s.Begins, s.Minutes, s.Least, string(title), s.Room, s.Note, s.Lead, strings.Join(words, " "))
	return err
}

// MarksOf reads what was pressed on the day of an activity.
func MarksOf(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Mark, error) {
	return storage.All(ctx, tx, scanMark, `SELECT nonce, kind, step, from_step, minutes, at
		FROM run_mark
		WHERE activity_id = $1
		ORDER BY at, nonce`, activity)
}

func scanMark(row storage.Scanner) (m Mark, err error) {
	err = row.Scan(&m.Nonce, &m.Kind, &m.Step, &m.From, &m.Minutes, &m.At)
	return m, err
}

// planned is a plan as a course needs it.
func (p Plan) planned(starts int64) (out []Planned) {
	for _, s := range p.Steps {
		out = append(out, Planned{ID: s.ID.String(), Begins: starts + int64(s.Begins)*minute, Minutes: s.Minutes, Least: s.Least})
	}
	return out
}

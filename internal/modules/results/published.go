package results

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// Told is all that was told of a programme: the only source of numbers of people for
// everybody outside of the staff.
type Told struct {
	Programme programme.Programme
	Months    []Release // the earliest first; empty before the first month was told
}

// Latest is the last month; false when none was told yet.
func (t Told) Latest() (Release, bool) {
	if len(t.Months) == 0 {
		return Release{}, false
	}
	return t.Months[len(t.Months)-1], true
}

// Published gives what was told of the newest programme of which something was told: a
// programme that has just been prepared takes nothing away that everybody has read. Of the
// newest of all when nothing was told of any.
func Published(ctx context.Context, tx *storage.Tx) (Told, error) {
	all, err := programme.Programmes(ctx, tx)
	if err != nil || len(all) == 0 {
		return Told{}, err
	}
	first := Told{Programme: all[0]}
	for _, p := range all {
		months, err := releases(ctx, tx, p.ID)
		if err != nil {
			return Told{}, err
		}
		if slices.ContainsFunc(months, Release.some) {
			return Told{p, months}, nil
		}
		if len(months) > 0 && first.Months == nil {
			first = Told{p, months}
		}
	}
	return first, nil
}

// releases reads the months of a programme, the earliest first.
func releases(ctx context.Context, tx *storage.Tx, id storage.ID) ([]Release, error) {
	return storage.All(ctx, tx, scanRelease, `SELECT body
		FROM result_release
		WHERE programme_id = $1
		ORDER BY month`, id)
}

func scanRelease(row storage.Scanner) (r Release, err error) {
	var body string
	if err := row.Scan(&body); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return r, fmt.Errorf("read a release of results: %w", err)
	}
	r.complete()
	return r, nil
}

// complete says of a release that was stored before numbers had months of their own, and
// before one step was told apart, what it says by itself.
func (r *Release) complete() {
	if r.Apart != "" || len(r.Kinds) == 0 {
		return
	}
	r.Apart, r.Tabled = r.Kinds[len(r.Kinds)-1], r.Month
	for _, t := range r.Tables {
		for i := range t.Cells {
			if t.Cells[i].N != nil && t.Cells[i].Until == "" {
				t.Cells[i].Until = r.Month
			}
		}
	}
}

// some reports whether anybody took the last step, as far as it was told.
func (r Release) some() bool {
	n := r.Number(Where{atKind: string(r.Apart)})
	return !n.Hidden && n.N > 0
}

// countedUntil reads who was counted until a month that was told.
func countedUntil(ctx context.Context, tx *storage.Tx, id storage.ID, month string) (out []crowd, err error) {
	var body string
	err = tx.QueryRow(ctx, `SELECT body FROM result_counted WHERE programme_id = $1 AND month = $2`, id, month).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%s was told and nobody knows who was counted", month)
	}
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal([]byte(body), &out)
}

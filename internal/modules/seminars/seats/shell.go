package seats

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Whoever is erased leaves a shell for each application: that there was one and
// how it ended, so that what happened to the seats and what is counted of an
// activity stays true. Shells name nobody and no time. What they add to numbers
// that tell people apart is summed for each activity.

// shellSum names one sum.
type shellSum struct{ measure, by, value string }

// The measures.
const (
	sumApplied     = "applied" // by each dimension: neither declined nor withdrawn
	sumHeld        = "held"    // by each dimension: holds a seat, of the seats or an extra one
	sumExtra       = "extra"   // by sex: on an extra seat
	sumInside      = "inside"
	sumAsked       = "asked"
	sumReconfirmed = "reconfirmed"
)

// shells is what those who were erased leave of one activity.
type shells struct {
	count map[State]int
	sums  map[shellSum]int
}

// all counts the shells.
func (s shells) all() (n int) {
	for _, count := range s.count {
		n += count
	}
	return n
}

// extra counts those on extra seats.
func (s shells) extra() (n int) {
	for sum, count := range s.sums {
		if sum.measure == sumExtra {
			n += count
		}
	}
	return n
}

// seated counts those on the seats, not on extra ones, by sex.
func (s shells) seated(sex string) int {
	return s.sums[shellSum{sumHeld, profile.BySex, sex}] - s.sums[shellSum{sumExtra, profile.BySex, sex}]
}

// shellsOf reads what those who were erased leave of an activity.
func shellsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (shells, error) {
	s := shells{count: map[State]int{}, sums: map[shellSum]int{}}
	type count struct {
		state string
		n     int
	}
	counts, err := storage.All(ctx, tx, func(row storage.Scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, COUNT(*)
		FROM application_shell
		WHERE activity_id = $1
		GROUP BY state`, activity)
	if err != nil || len(counts) == 0 {
		return s, err
	}
	for _, c := range counts {
		s.count[State(c.state)] = c.n
	}
	sums, err := storage.All(ctx, tx, scanSum, `SELECT activity_id, measure, dimension, value, count
		FROM application_shell_sum
		WHERE activity_id = $1`, activity)
	for _, v := range sums {
		s.sums[v.shellSum] = v.n
	}
	return s, err
}

// shell is a row; where is the activity.
type shell struct {
	where storage.ID
	state State
}

// sumRow is a sum of one activity.
type sumRow struct {
	where storage.ID
	shellSum
	n int
}

func scanSum(row storage.Scanner) (v sumRow, err error) {
	err = row.Scan(&v.where, &v.measure, &v.by, &v.value, &v.n)
	return v, err
}

// sumsOf tells what an application adds to the sums when it becomes a shell.
func sumsOf(a Applicant, inside bool) (out []shellSum) {
	if a.State != Declined && a.State != Withdrawn {
		for _, by := range profile.Parts() {
			out = append(out, shellSum{sumApplied, by, a.part(by)})
			if a.State.HoldsSeat() {
				out = append(out, shellSum{sumHeld, by, a.part(by)})
			}
		}
	}
	if a.Extra {
		out = append(out, shellSum{sumExtra, profile.BySex, a.Details.Sex})
	}
	if inside {
		out = append(out, shellSum{measure: sumInside})
	}
	switch {
	case a.State == Confirmed && a.Reconfirm == "asked":
		out = append(out, shellSum{measure: sumAsked})
	case a.State == Confirmed && a.Reconfirm == "yes":
		out = append(out, shellSum{measure: sumReconfirmed})
	}
	return out
}

// keepShells adds shells and their sums. All rows are written again: else those
// that one transaction wrote, or that stand last, would be one person's.
func keepShells(ctx context.Context, tx *storage.Tx, list []shell, more []sumRow) error {
	old, err := storage.All(ctx, tx, func(row storage.Scanner) (s shell, err error) {
		var state string
		err = row.Scan(&s.where, &state)
		s.state = State(state)
		return s, err
	}, `DELETE FROM application_shell RETURNING activity_id, state`)
	if err != nil {
		return err
	}
	list = append(old, list...)
	ids := make([][]byte, len(list))
	for i := range ids {
		ids[i] = make([]byte, 16)
		rand.Read(ids[i]) // never fails, by its documentation
	}
	slices.SortFunc(ids, slices.Compare)
	// The ids are random, so which shell gets which must be too.
	for i, at := range mathrand.Perm(len(list)) {
		if _, err := tx.Exec(ctx, `INSERT INTO application_shell (id, activity_id, state) VALUES ($1, $2, $3)`,
			ids[i], list[at].where, string(list[at].state)); err != nil {
			return err
		}
	}
	sums, err := storage.All(ctx, tx, scanSum, `DELETE FROM application_shell_sum RETURNING activity_id, measure, dimension, value, count`)
	if err != nil {
		return err
	}
	sums = append(sums, more...)
	slices.SortFunc(sums, func(a, b sumRow) int {
		return strings.Compare(string(a.where[:])+a.measure+a.by+a.value, string(b.where[:])+b.measure+b.by+b.value)
	})
	for _, v := range sums {
		if _, err := tx.Exec(ctx, `INSERT INTO application_shell_sum (activity_id, measure, dimension, value, count)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (activity_id, measure, dimension, value) DO UPDATE
			SET count = application_shell_sum.count + excluded.count`, v.where, v.measure, v.by, v.value, v.n); err != nil {
			return err
		}
	}
	return nil
}

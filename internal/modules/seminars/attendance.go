package seminars

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// undoWithin is how long after a scan its own device may take it back.
const undoWithin = 15 * time.Minute

// mark is one scan as it counts towards an attendance.
type mark struct {
	device, nonce, kind string
	at                  int64 // microseconds
	undoneAt            int64 // of an undo by the same device, 0 for none
}

// Attendance is what the scans of an application come to, and what a list says.
type Attendance struct {
	FirstIn int64 // microseconds, 0 when nobody came in
	Inside  bool
	Listed  int64 // when staff noted from a list that she came, 0 when they did not
}

// merge reads the scans of one application in any order and says what they
// come to: the earliest entry that was not undone, and whether the last mark
// that stands is an entry. It depends on the set alone, so phones may upload
// late and in any order. docs/check-in.md tells why.
func merge(marks []mark) (a Attendance) {
	standing := slices.DeleteFunc(slices.Clone(marks), func(v mark) bool {
		return v.undoneAt != 0 && mayUndo(v.at, v.undoneAt)
	})
	slices.SortFunc(standing, func(a, b mark) int {
		if a.at != b.at {
			return int(min(max(a.at-b.at, -1), 1))
		}
		return strings.Compare(a.device+"\x00"+a.nonce, b.device+"\x00"+b.nonce)
	})
	for _, v := range standing {
		a.Inside = v.kind == "in"
		if a.Inside && a.FirstIn == 0 {
			a.FirstIn = v.at
		}
	}
	return a
}

// mayUndo compares two times of one device's clock.
func mayUndo(at, undo int64) bool {
	return undo >= at && undo-at <= undoWithin.Microseconds()
}

// undoneAt is, of a scan s, the time of the earliest undo of the same device and
// door that was not refused, 0 for none; mayUndo tells whether it came in time.
const undoneAt = `COALESCE((
			SELECT MIN(u.at)
			FROM scan u
			WHERE u.device = s.device AND u.code = s.nonce AND u.kind = 'undo' AND u.valid = TRUE
				AND u.activity_id = s.activity_id AND u.at >= s.at), 0)`

// marksOf reads the scans of an application that count.
func marksOf(ctx context.Context, tx *storage.Tx, application storage.ID) ([]mark, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (v mark, err error) {
		err = row.Scan(&v.device, &v.nonce, &v.kind, &v.at, &v.undoneAt)
		return v, err
	}, `SELECT s.device, s.nonce, s.kind, s.at, `+undoneAt+`
		FROM scan s
		WHERE s.application_id = $1 AND s.kind <> 'undo' AND s.valid = TRUE`, application)
}

// takeTurn makes those who check in the same application wait for each other:
// whatever is read of it afterwards is what the one before left.
func takeTurn(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO attendance (application_id, activity_id, turn)
		VALUES ($1, $2, 1)
		ON CONFLICT (application_id) DO UPDATE SET turn = attendance.turn + 1`, app, activity)
	return err
}

func attendanceOf(ctx context.Context, tx *storage.Tx, app storage.ID) (a Attendance, err error) {
	err = tx.QueryRow(ctx, `SELECT first_in, inside, listed_at
		FROM attendance
		WHERE application_id = $1`, app).Scan(&a.FirstIn, &a.Inside, &a.Listed)
	return a, err
}

func setAttendance(ctx context.Context, tx *storage.Tx, app storage.ID, a Attendance) error {
	_, err := tx.Exec(ctx, `UPDATE attendance
		SET first_in = $1, inside = $2
		WHERE application_id = $3`, a.FirstIn, a.Inside, app)
	return err
}

// doorCount is what a door says of its activity.
type doorCount struct {
	Came     int // as staff noted or by a scan
	Inside   int
	Expected int
	Extra    int // on extra seats, counted apart from the others
}

// doorCountOf counts, with those who were erased since.
func doorCountOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (d doorCount, err error) {
	extra, err := extraSeatsOf(ctx, tx, activity)
	if err != nil {
		return d, err
	}
	gone, err := shellsOf(ctx, tx, activity)
	if err != nil {
		return d, err
	}
	err = tx.QueryRow(ctx, `SELECT
			(SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state = 'attended'),
			(SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state IN ('confirmed', 'attended', 'no_show')),
			(SELECT COUNT(*) FROM attendance t JOIN application a ON a.id = t.application_id
				WHERE t.activity_id = $1 AND t.first_in > 0 AND t.inside = TRUE AND a.state = 'attended')`, activity).
		Scan(&d.Came, &d.Expected, &d.Inside)
	d.Extra = len(extra) + gone.extra()
	d.Came += gone.count[Attended] - d.Extra
	d.Expected += gone.count[Confirmed] + gone.count[Attended] + gone.count[NoShow] - d.Extra
	d.Inside += gone.sums[shellSum{measure: sumInside}]
	return d, err
}

// staffDevice is the device of somebody of the staff.
func staffDevice(person storage.ID) string { return "person " + person.String() }

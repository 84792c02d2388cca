package seats

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// UndoWithin is how long after a scan its own device may take it back.
const UndoWithin = 15 * time.Minute

// Mark is one scan as it counts towards an attendance.
type Mark struct {
	Device, Nonce, Kind string
	At                  int64 // microseconds
	UndoneAt            int64 // of an undo by the same device, 0 for none
}

// Attendance is what the scans of an application come to, and what a list says.
type Attendance struct {
	FirstIn int64 // microseconds, 0 when nobody came in
	Inside  bool
	Listed  int64      // when staff noted from a list that she came, 0 when they did not
	Signed  ledger.Day // the first day of which a signed sheet says that she was there
}

// MergeMarks reads the scans of one application in any order and says what they
// come to: the earliest entry that was not undone, and whether the last mark
// that stands is an entry. It depends on the set alone, so phones may upload
// late and in any order. docs/check-in.md tells why.
func MergeMarks(marks []Mark) (a Attendance) {
	for _, v := range Standing(marks) {
		a.Inside = v.Kind == "in"
		if a.Inside && a.FirstIn == 0 {
			a.FirstIn = v.At
		}
	}
	return a
}

// Standing are the marks that were not undone, in their order.
func Standing(marks []Mark) []Mark {
	list := slices.DeleteFunc(slices.Clone(marks), func(v Mark) bool {
		return v.UndoneAt != 0 && MayUndo(v.At, v.UndoneAt)
	})
	slices.SortFunc(list, func(a, b Mark) int {
		if a.At != b.At {
			return int(min(max(a.At-b.At, -1), 1))
		}
		return strings.Compare(a.Device+"\x00"+a.Nonce, b.Device+"\x00"+b.Nonce)
	})
	return list
}

// MayUndo compares two times of one device's clock.
func MayUndo(at, undo int64) bool {
	return undo >= at && undo-at <= UndoWithin.Microseconds()
}

// UndoneAt is, of a scan s, the time of the earliest undo of the same device and
// door that was not refused, 0 for none; MayUndo tells whether it came in time.
const UndoneAt = `COALESCE((
			SELECT MIN(u.at)
			FROM scan u
			WHERE u.device = s.device AND u.code = s.nonce AND u.kind = 'undo' AND u.valid = TRUE
				AND u.activity_id = s.activity_id AND u.at >= s.at), 0)`

// MarksOf reads the scans of an application that count.
func MarksOf(ctx context.Context, tx *storage.Tx, application storage.ID) ([]Mark, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (v Mark, err error) {
		err = row.Scan(&v.Device, &v.Nonce, &v.Kind, &v.At, &v.UndoneAt)
		return v, err
	}, `SELECT s.device, s.nonce, s.kind, s.at, `+UndoneAt+`
		FROM scan s
		WHERE s.application_id = $1 AND s.kind <> 'undo' AND s.valid = TRUE`, application)
}

// TakeTurn makes those who check in the same application wait for each other:
// whatever is read of it afterwards is what the one before left.
func TakeTurn(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO attendance (application_id, activity_id, turn)
		VALUES ($1, $2, 1)
		ON CONFLICT (application_id) DO UPDATE SET turn = attendance.turn + 1`, app, activity)
	return err
}

// AttendanceOf reads what stands of a person's presence, after TakeTurn; before the first
// turn there is no row.
func AttendanceOf(ctx context.Context, tx *storage.Tx, app storage.ID) (a Attendance, err error) {
	err = tx.QueryRow(ctx, `SELECT first_in, inside, listed_at,
			COALESCE((SELECT MIN(day) FROM attendance_signed WHERE attendance_signed.application_id = attendance.application_id), '')
		FROM attendance
		WHERE application_id = $1`, app).Scan(&a.FirstIn, &a.Inside, &a.Listed, &a.Signed)
	return a, err
}

// SetAttendance writes it.
func SetAttendance(ctx context.Context, tx *storage.Tx, app storage.ID, a Attendance) error {
	_, err := tx.Exec(ctx, `UPDATE attendance
		SET first_in = $1, inside = $2
		WHERE application_id = $3`, a.FirstIn, a.Inside, app)
	return err
}

// insideSince is from when on marks tell who is inside: of an activity of several days since
// midnight, for the doors are closed at night; of another always.
func insideSince(a Activity, now time.Time) time.Time {
	if !programme.SeveralDays(a.Starts, a.Ends) {
		return time.Time{}
	}
	return programme.Midnight(now)
}

// InsideAt reports whether somebody is inside at an instant, by what stands of her presence.
func InsideAt(ctx context.Context, tx *storage.Tx, a Activity, app storage.ID, at time.Time) (bool, error) {
	stands, err := AttendanceOf(ctx, tx, app)
	since := insideSince(a, at)
	if err != nil || !stands.Inside || since.IsZero() {
		return stands.Inside, err
	}
	marks, err := MarksOf(ctx, tx, app)
	return insideBy(marks, since), err
}

// insideBy reads the marks of one application since an instant.
func insideBy(marks []Mark, since time.Time) bool {
	return MergeMarks(slices.DeleteFunc(marks, func(v Mark) bool { return v.At < storage.Micros(since) })).Inside
}

// insideToday counts who came in since an instant and has not left. Who was erased since is
// not among them: of her no day is kept.
func insideToday(ctx context.Context, tx *storage.Tx, activity storage.ID, since time.Time) (n int, err error) {
	marks := map[storage.ID][]Mark{}
	_, err = storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var app storage.ID
		var v Mark
		err := row.Scan(&app, &v.Device, &v.Nonce, &v.Kind, &v.At, &v.UndoneAt)
		marks[app] = append(marks[app], v)
		return struct{}{}, err
	}, `SELECT s.application_id, s.device, s.nonce, s.kind, s.at, `+UndoneAt+`
		FROM scan s
		JOIN application a ON a.id = s.application_id
		WHERE s.activity_id = $1 AND s.kind <> 'undo' AND s.valid = TRUE AND s.at >= $2 AND a.state = 'attended'`, activity, storage.Micros(since))
	for _, list := range marks {
		if insideBy(list, since) {
			n++
		}
	}
	return n, err
}

// LastMarks gives, by application, the mark that stands last of those of an activity.
func LastMarks(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]Mark, error) {
	marks := map[storage.ID][]Mark{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var app storage.ID
		var v Mark
		err := row.Scan(&app, &v.Device, &v.Nonce, &v.Kind, &v.At, &v.UndoneAt)
		marks[app] = append(marks[app], v)
		return struct{}{}, err
	}, `SELECT s.application_id, s.device, s.nonce, s.kind, s.at, `+UndoneAt+`
		FROM scan s
		WHERE s.activity_id = $1 AND s.application_id IS NOT NULL AND s.kind <> 'undo' AND s.valid = TRUE`, activity)
	last := map[storage.ID]Mark{}
	for app, list := range marks {
		if marks := Standing(list); len(marks) > 0 {
			last[app] = marks[len(marks)-1]
		}
	}
	return last, err
}

// Instant is when a scan was read.
func (v Mark) Instant() time.Time { return storage.Instant(v.At) }

// DoorCount is what a door says of its activity.
type DoorCount struct {
	Came     int // as staff noted or by a scan
	Inside   int
	Expected int
	Extra    int // on extra seats, counted apart from the others
}

// DoorCountOf counts, with those who were erased since; of an activity of several days those
// are inside who came in today.
func DoorCountOf(ctx context.Context, tx *storage.Tx, of Activity) (d DoorCount, err error) {
	activity := of.ID
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
	if since := insideSince(of, tx.Now); err == nil && !since.IsZero() {
		d.Inside, err = insideToday(ctx, tx, activity, since)
	}
	return d, err
}

// StaffDevice is the device of somebody of the staff.
func StaffDevice(person storage.ID) string { return "person " + person.String() }

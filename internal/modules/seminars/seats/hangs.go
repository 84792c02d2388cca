package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// Hangs tells what hangs on the day of an activity and how it would be after a change: the
// questions before it, the reminder, the end of silence, and who could still get a seat.
func (m *Service) Hangs(ctx context.Context, tx *storage.Tx, before, after Activity) (out programme.Hanging, err error) {
	if !after.ByApplication() {
		return out, nil
	}
	s, err := SeatsOf(ctx, tx, after)
	if err != nil {
		return out, err
	}
	out.Free = max(0, after.Capacity-s.Taken)
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application
		WHERE activity_id = $1 AND state = $2`, after.ID, Waitlisted).Scan(&out.Waiting); err != nil {
		return out, err
	}
	settings, err := SettingsOf(ctx, tx, after)
	if err != nil {
		return out, err
	}
	add := func(key string, was, is time.Time) {
		out.Moments = append(out.Moments, programme.Moment{Key: key, Was: was, Is: is, Missed: !is.After(tx.Now)})
	}
	for _, message := range s.Timed() {
		if message.Sends(message.Of(settings)) {
			add("seminars.timetable.message."+message.Name, message.At(before, s, settings), message.At(after, s, settings))
		}
	}
	if s.ReconfirmRelease {
		add("seminars.hangs.release", ReleaseAt(before), ReleaseAt(after))
	}
	return out, nil
}

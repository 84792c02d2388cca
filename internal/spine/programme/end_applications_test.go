package programme_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// Applications that are ended are over at once; ending them again changes nothing, nor does it
// where the deadline has passed.
func TestApplicationsEndAtOnceAndOnce(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		var was, is, again programme.Activity
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			if was, err = programme.BySlug(ctx, tx, "activists-tokmok"); err != nil {
				return err
			}
			was.Deadline = tx.Now.Add(72 * time.Hour)
			if was, err = programme.Update(ctx, tx, was); err != nil {
				return err
			}
			if !was.TakesApplications(tx.Now) {
				d.T.Error("it takes none before the deadline")
			}
			for range 2 {
				if err = programme.EndApplications(ctx, tx, was.ID); err != nil {
					return err
				}
				is, again = again, programme.Activity{}
				if again, err = programme.ByID(ctx, tx, was.ID); err != nil {
					return err
				}
			}
			if is.TakesApplications(tx.Now) || tx.Now.Sub(is.Deadline) > time.Second {
				d.T.Errorf("it ends at %s, asked at %s", is.Deadline, tx.Now)
			}
			return nil
		})
		if is.Version != was.Version+1 || again.Version != is.Version || !again.Deadline.Equal(is.Deadline) || !is.Starts.Equal(was.Starts) {
			d.T.Errorf("versions %d, %d, %d", was.Version, is.Version, again.Version)
		}
	})
}

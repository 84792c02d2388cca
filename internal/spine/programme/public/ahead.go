package public

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// mostNext is how many activities to come a page leads to.
const mostNext = 3

// takes reports whether the time of applying is not over: it is until the deadline, that
// instant included, and where there is none until the activity begins. seats.AdmissionOf
// judges an application by the same.
func takes(a programme.Activity, now time.Time) bool {
	return (a.Deadline.IsZero() || !now.After(a.Deadline)) && (a.Starts.IsZero() || now.Before(a.Starts))
}

// isOpen reports whether somebody may apply now.
func isOpen(a programme.Activity, now time.Time) bool {
	return a.State == programme.Published && a.ByApplication() && !a.Past(now) && !now.Before(a.Opens) && takes(a, now)
}

// isAhead reports whether an activity is on a day that is not over, so that a page can lead to it.
func isAhead(a programme.Activity, now time.Time) bool {
	return a.State == programme.Published && a.Kind != programme.Publication && !a.Starts.IsZero() && !a.Past(now)
}

// isOver reports whether there is nothing left to join: it is over or cancelled, or its
// applications are.
func isOver(a programme.Activity, now time.Time) bool {
	return a.State == programme.Cancelled || a.Past(now) || a.ByApplication() && !takes(a, now)
}

// next gives what comes instead of an activity that is over: first what is of its kind and
// group and open, then by its day.
func next(ctx context.Context, tx *storage.Tx, over programme.Activity) ([]Activity, error) {
	all, err := ForStrangers(ctx, tx, programme.Filter{})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a Activity) bool {
		return a.ID == over.ID || !isAhead(a.activity, tx.Now) || isOver(a.activity, tx.Now)
	})
	near := func(a Activity) (n int) {
		for _, same := range []bool{a.Kind == over.Kind, a.Group == over.Group, a.City == over.City, isOpen(a.activity, tx.Now)} {
			if same {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b Activity) int {
		if x, y := near(a), near(b); x != y {
			return y - x
		}
		return a.Starts.Compare(b.Starts)
	})
	return all[:min(len(all), mostNext)], nil
}

// readable reports whether strangers find something to read at a publication.
func (s *Service) readable(ctx context.Context, tx *storage.Tx, a programme.Activity) (bool, error) {
	list, err := s.materials.Readable(ctx, tx, access.Actor{}, a)
	return len(list) > 0, err
}

package web

import "context"

// MostWaits is how much is counted beside a word of the navigation; what is more is not told.
const MostWaits = 99

// Waits is how much waits for who asks behind a link of the navigation, at most one more
// than MostWaits. Nothing is counted before a page asks, and all of it once a request.
func (r *Request) Waits(path string) int {
	if r.waits == nil || !r.Actor.SignedIn() {
		return 0
	}
	if r.waiting == nil {
		r.waiting = r.waits()
	}
	return r.waiting[path]
}

// countWaits asks the house. A page is shown without the counts where they cannot be had.
func (s *server) countWaits(ctx context.Context, r *Request) map[string]int {
	counts, err := s.Options.Waits(ctx, r.Actor)
	if err != nil {
		s.Log.WarnContext(ctx, "count what waits", "id", r.ID, "error", err)
	}
	if counts == nil {
		counts = map[string]int{}
	}
	return counts
}

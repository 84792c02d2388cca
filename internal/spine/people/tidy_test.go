package people_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// What has ended does not stay for ever: sessions go at once, links when nobody asks any
// more why they do not open.
func TestSessionsAndLinksThatEndedAreDeleted(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		s.as("a@mail.kg")
		var token string
		if err := s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
			token, err = s.svc.NewLink(ctx, tx, people.Link{Person: p.ID, Purpose: "test", Until: tx.Now.Add(time.Hour)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		open := func() error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.PeekLink(ctx, tx, token, "test")
				return err
			})
		}
		s.tidy()
		if err := open(); err != nil || s.count(`SELECT COUNT(*) FROM session`) != 1 {
			s.t.Fatalf("what has not ended: %v", err)
		}
		s.clock.Pass(50 * 24 * time.Hour)
		s.tidy()
		if err := open(); !fault.Is(err, fault.Gone) {
			s.t.Errorf("a link that ended says %v", err)
		}
		s.clock.Pass(400 * 24 * time.Hour) // longer than any session
		s.tidy()
		if n := s.count(`SELECT COUNT(*) FROM session`); n != 0 {
			s.t.Errorf("%d sessions that ended are kept", n)
		}
		if err := open(); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("a link that ended long ago says %v", err)
		}
	})
}

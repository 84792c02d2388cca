package people

import (
	"context"
	"crypto/rand"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

func randomSubject() (id storage.ID) {
	rand.Read(id[:])
	return id
}

// Snapshot gives what a fact says of the person: her subject, and her profile
// with the age band of the day in which the instant lies, under the bands of that day.
func (s *Service) Snapshot(ctx context.Context, tx *storage.Tx, id storage.ID, at time.Time) (storage.ID, ledger.Profile, error) {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return storage.ID{}, ledger.Profile{}, err
	}
	subject, profile := p.Snapshot(s.Lists(), at)
	return subject, profile, nil
}

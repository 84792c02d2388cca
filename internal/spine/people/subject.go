package people

import (
	"context"
	"crypto/rand"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

func randomSubject() (id storage.ID) {
	rand.Read(id[:])
	return id
}

// Snapshot gives what a fact says of the person now: her subject and profile.
func (s *Service) Snapshot(ctx context.Context, tx *storage.Tx, id storage.ID) (storage.ID, ledger.Profile, error) {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return storage.ID{}, ledger.Profile{}, err
	}
	subject, profile := p.Snapshot(tx.Now)
	return subject, profile, nil
}

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// SaveAsBefore writes a record as an earlier version took it, which Tidy refuses today.
func (s *Service) SaveAsBefore(ctx context.Context, tx *storage.Tx, p Person) error {
	return s.save(ctx, tx, p)
}

// ForgetWordings lets a service read anew which words of consents are kept, as after a start.
func ForgetWordings(s *Service) { s.wordings.Clear() }

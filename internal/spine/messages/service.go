package messages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Keeper seals under a person's key; *people.Service is one.
type Keeper interface {
	Seal(ctx context.Context, tx *storage.Tx, person storage.ID, plain []byte) ([]byte, error)
	Unseal(ctx context.Context, tx *storage.Tx, person storage.ID, box []byte) ([]byte, error)
}

// Options are what the service is made of.
type Options struct {
	People    Keeper
	Catalogue *i18n.Catalogue // nil: given later with Speak
	PublicURL string          // without a slash at the end
}

// Service sends messages and keeps their history.
type Service struct {
	people    Keeper
	catalogue *i18n.Catalogue
	publicURL string
}

// New makes a service.
func New(o Options) *Service {
	return &Service{people: o.People, catalogue: o.Catalogue, publicURL: o.PublicURL}
}

// Speak gives the service the texts of all modules. It belongs to wiring, before the first message is delivered.
func (s *Service) Speak(c *i18n.Catalogue) { s.catalogue = c }

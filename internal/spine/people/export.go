package people

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// KeptOf gives what the modules keep of who asks, as parts of her own page.
func (s *Service) KeptOf(ctx context.Context, tx *storage.Tx, r *web.Request) (parts []templ.Component, err error) {
	for _, m := range s.modules {
		if m.MyData == nil {
			continue
		}
		part, err := m.MyData(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		if part != nil {
			parts = append(parts, part)
		}
	}
	return parts, nil
}

// Export gives everything that is kept of a person, by section, as values that
// encode as JSON: her own archive. NotFound when there is no such person.
func (s *Service) Export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	consents, err := s.ConsentHistory(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	seen, err := audit.List(ctx, tx, audit.Filter{Person: p.ID, Limit: 10_000})
	if err != nil {
		return nil, err
	}
	grants, err := s.Grants(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	sessions, err := s.Sessions(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	accounts, err := s.Accounts(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	contacts, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	type look struct {
		At     time.Time `json:"at"`
		Action string    `json:"action"`
	}
	looks := make([]look, 0, len(seen))
	for _, e := range seen {
		looks = append(looks, look{e.At, e.Action})
	}
	out := map[string]any{
		"person":   map[string]any{"id": p.ID, "details": p.Details, "telegram": p.TelegramChat != 0, "made": p.Made, "changed": p.Changed},
		"consents": consents, "access": looks, "roles": grants, "sessions": sessions, "organisation_accounts": accounts, "contacts": contacts,
	}
	for _, m := range s.modules {
		if m.Export == nil {
			continue
		}
		more, err := m.Export(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		for section, v := range more {
			out[m.Name+"."+section] = v
		}
	}
	return out, nil
}

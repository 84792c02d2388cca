package people

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
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

// BriefsOf says in short what the modules keep of a person, as far as the asker may know.
func (s *Service) BriefsOf(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (out []module.Brief, err error) {
	for _, m := range s.modules {
		if m.Brief == nil {
			continue
		}
		list, err := m.Brief(ctx, tx, r, person)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
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
		Reason string    `json:"reason,omitempty"`
		Words  string    `json:"words,omitempty"`
	}
	looks := make([]look, 0, len(seen))
	for _, e := range seen {
		words, err := s.LookWords(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		looks = append(looks, look{e.At, e.Action, e.Reason, words})
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

// Reads tells how the codes of Export are read, by their paths: those of this room and of
// all modules; see module.Manifest.Reads.
func (s *Service) Reads() map[string]string {
	out := map[string]string{
		"access.action": "", "access.reason": "people.reason.", "consents.Purpose": "people.consent.", "consents.How": "people.source.", "roles.Role": "people.role.", "sessions.origin": "people.sessions.by.",
		"contacts.kind": "people.contact.", "contacts.state": "people.contact.state.",
	}
	for _, m := range s.modules {
		for path, words := range m.Reads {
			out[m.Name+"."+path] = words
		}
		for _, c := range m.Consents {
			out["consents.Purpose="+c.Purpose] = c.Text
		}
		for _, e := range m.Exports {
			out["exports.exports.kind="+e.Kind] = e.Text
		}
	}
	return out
}

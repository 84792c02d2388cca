package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

const demoLink = "people.demo"

// DemoSignIn makes a link that signs in as an invented person again and again:
// GET /demo/in/{token}. Forbidden outside the demo.
func (s *Service) DemoSignIn(ctx context.Context, tx *storage.Tx, person storage.ID) (string, error) {
	if !s.demo {
		return "", fault.New(fault.Forbidden, "people.fault.demo_only")
	}
	return s.NewLink(ctx, tx, Link{Person: person, Purpose: demoLink, Until: tx.Now.AddDate(10, 0, 0)})
}

// EnterDemo signs in by such a link, in place of the session before, and gives the token
// of the new one. NotFound outside the demo, and the faults of OpenLink.
func (s *Service) EnterDemo(ctx context.Context, tx *storage.Tx, link string, before storage.ID) (token string, err error) {
	if !s.demo {
		return "", Unknown()
	}
	l, err := s.OpenLink(ctx, tx, link, demoLink)
	if err != nil {
		return "", err
	}
	if err := s.LeaveSession(ctx, tx, before); err != nil {
		return "", err
	}
	grants, err := s.Awake(ctx, tx, l.Person)
	if err != nil {
		return "", err
	}
	n := newSession{person: l.Person, origin: access.OfProof, demo: true, proven: tx.Now}
	if len(grants) > 0 {
		n.origin = access.OfPasskey // a role's link stands for its passkey
	}
	return s.startSession(ctx, tx, n)
}

// Vouch proves the contacts of an invented person, who reads no letters. Forbidden for
// anybody else.
func (s *Service) Vouch(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	if !s.demo || !p.Demo {
		return fault.New(fault.Forbidden, "people.fault.demo_only")
	}
	_, err = tx.Exec(ctx, `UPDATE contact SET state = 'proven', proven_at = $2 WHERE person_id = $1`, p.ID, storage.Micros(tx.Now))
	return err
}

package people

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Sharer is one of the people who share an address, as who signs in with it chooses.
type Sharer struct {
	ID   storage.ID
	Name string
}

// provenAsk finds the ask of a browser whose letter was used, and whom it may open.
func (s *Service) provenAsk(ctx context.Context, tx *storage.Tx, browser string) (id storage.ID, who []candidate, err error) {
	var target []byte
	err = tx.QueryRow(ctx, `SELECT id, target_index
		FROM sign_in
		WHERE browser_hash = $1 AND ends_at > $2 AND target_index IS NOT NULL
		ORDER BY made_at DESC, id DESC
		LIMIT 1`, hashToken(browser), storage.Micros(tx.Now)).Scan(&id, &target)
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil, fault.New(fault.Gone, "people.fault.who_gone")
	}
	if err != nil {
		return id, nil, err
	}
	who, err = s.opens(ctx, tx, target)
	return id, who, err
}

// Sharers gives the people among whom the browser chooses, sorted by name: one for
// each name. Gone when it has proven no address in the last ten minutes.
func (s *Service) Sharers(ctx context.Context, tx *storage.Tx, browser string) ([]Sharer, error) {
	_, who, err := s.provenAsk(ctx, tx, browser)
	if err != nil {
		return nil, err
	}
	var out []Sharer
	for _, same := range namesOf(who) {
		out = append(out, Sharer{same[0].person.ID, same[0].person.FullName})
	}
	slices.SortFunc(out, func(a, b Sharer) int { return i18n.CompareNames(a.Name, b.Name) })
	return out, nil
}

// SignInAs signs in one of the people who share the address that was proven in this
// browser. Invalid when the chosen one is not among them.
func (s *Service) SignInAs(ctx context.Context, tx *storage.Tx, browser string, chosen, before storage.ID) (SignInResult, error) {
	id, who, err := s.provenAsk(ctx, tx, browser)
	if f := fault.Of(err); f != nil {
		return SignInResult{Fault: f}, nil
	}
	if err != nil {
		return SignInResult{}, err
	}
	for _, same := range namesOf(who) {
		if !slices.ContainsFunc(same, func(c candidate) bool { return c.person.ID == chosen }) {
			continue
		}
		n, err := tx.Exec(ctx, `DELETE FROM sign_in WHERE id = $1`, id)
		if err != nil {
			return SignInResult{}, err
		}
		if n == 0 {
			return SignInResult{Fault: fault.New(fault.Gone, "people.fault.who_gone")}, nil
		}
		return s.enter(ctx, tx, same, before)
	}
	return SignInResult{Fault: fault.At("person", "fault.not_a_choice")}, nil
}

package people

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// SayConsents is what a person ticked on her own page.
type SayConsents struct {
	By    access.Actor
	Lang  i18n.Language // in which she read
	Given []string      // the purposes she ticked
	Shown []string      // those that stood on the page; nil: all
}

// SayConsents notes each answer that has changed, in the words of today; one that was never
// given and is not given now is none.
func (s *Service) SayConsents(ctx context.Context, tx *storage.Tx, cmd SayConsents) error {
	person := cmd.By.Person
	now, err := s.Consents(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, asked := range s.Asked(now) {
		purpose := asked.Purpose
		if cmd.Shown != nil && !slices.Contains(cmd.Shown, purpose) {
			continue // a form asked for it after this page was drawn
		}
		yes := slices.Contains(cmd.Given, purpose)
		was, answered := now[purpose]
		if answered && was.Given == yes && (was.Current() || !yes) || !answered && !yes {
			continue
		}
		if err := s.Consent(ctx, tx, SayConsent{Person: person, Purpose: purpose, Wording: asked.Words, Lang: cmd.Lang, Given: yes}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.consents"})
}

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
	// Shown are the versions of the words (Asked.Version) that stood on the page, by purpose.
	Shown map[string]string
}

// SayConsents notes each answer to what stood on the page that has changed; one that was
// never given and is not given now is none. A yes is noted to the words that she read alone:
// again are the purposes whose words are others by now, so that their yes waits until she
// has read those. A no is one to all words.
func (s *Service) SayConsents(ctx context.Context, tx *storage.Tx, cmd SayConsents) (again []string, err error) {
	person := cmd.By.Person
	now, err := s.Consents(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	for _, asked := range s.Asked(now) {
		purpose := asked.Purpose
		version, shown := cmd.Shown[purpose]
		if !shown {
			continue // a form asked for it after this page was drawn
		}
		yes := slices.Contains(cmd.Given, purpose)
		was, answered := now[purpose]
		if answered && was.Given == yes && (was.Current() || !yes) || !answered && !yes {
			continue
		}
		if yes && version != asked.Version() {
			again = append(again, purpose)
			continue
		}
		if err := s.Consent(ctx, tx, SayConsent{Person: person, Purpose: purpose, Wording: asked.Words, Lang: cmd.Lang, Given: yes}); err != nil {
			return nil, err
		}
	}
	return again, audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.consents"})
}

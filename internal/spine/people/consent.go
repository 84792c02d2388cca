package people

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The purposes a person agrees to, each apart from the others.
const (
	ForProgramme  = "programme"  // processing of her data for the programme
	ForPhoto      = "photo"      // photos and video of her may be published
	ForList       = "list"       // other participants may see her name in the list
	ForNewsletter = "newsletter" // news of the programme
	ByEmail       = "email"      // each channel
	ByPhone       = "phone"
	ByTelegram    = "telegram"
)

// Purposes lists them in the order in which they are asked.
var Purposes = []string{ForProgramme, ForPhoto, ForList, ForNewsletter, ByEmail, ByPhone, ByTelegram}

// ConsentVersion names the wording of the consents in the catalogues; it is
// raised when their meaning changes.
const ConsentVersion = "2026-1"

// Consent is one yes or no.
type Consent struct {
	Purpose string
	Version string
	Lang    i18n.Language // the language in which it was read
	Given   bool
	At      time.Time
}

// SetConsent notes a yes or no in the language of the person. A purpose that a
// module invents must begin with its name and a dot.
func (s *Service) SetConsent(ctx context.Context, tx *storage.Tx, id storage.ID, purpose, version string, given bool) error {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	return s.SetConsentIn(ctx, tx, p.ID, p.Lang, purpose, version, given)
}

// SetConsentIn is SetConsent with the language in which the wording was shown.
func (s *Service) SetConsentIn(ctx context.Context, tx *storage.Tx, id storage.ID, lang i18n.Language, purpose, version string, given bool) error {
	if purpose == "" || len(purpose) > 64 || len(version) > 64 {
		return fault.At("purpose", "fault.not_a_choice")
	}
	_, err := tx.Exec(ctx, `INSERT INTO consent (id, person_id, purpose, version, lang, given, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), id, purpose, version, string(lang), given, storage.Micros(tx.Now))
	return err
}

// ConsentHistory gives every yes and no of a person, the oldest first.
func (s *Service) ConsentHistory(ctx context.Context, tx *storage.Tx, id storage.ID) ([]Consent, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (c Consent, err error) {
		var at int64
		err = row.Scan(&c.Purpose, &c.Version, &c.Lang, &c.Given, &at)
		c.At = storage.Instant(at)
		return c, err
	}, `SELECT purpose, version, lang, given, at FROM consent WHERE person_id = $1 ORDER BY at, id`, id)
}

// Consents gives the newest answer for each purpose that was ever answered.
func (s *Service) Consents(ctx context.Context, tx *storage.Tx, id storage.ID) (map[string]Consent, error) {
	history, err := s.ConsentHistory(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Consent, len(Purposes))
	for _, c := range history {
		out[c.Purpose] = c
	}
	return out, nil
}

// Agrees reports whether the newest answer of a person for a purpose is yes.
func (s *Service) Agrees(ctx context.Context, tx *storage.Tx, id storage.ID, purpose string) (bool, error) {
	all, err := s.Consents(ctx, tx, id)
	return all[purpose].Given, err
}

package people

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Account is an account at the organisation's issuer that opens a person, as she
// sees it. Which account it is, nobody can read here: only its keyed hash is kept.
type Account struct {
	ID   storage.ID `json:"id"` // the stored hash, for forms
	Made time.Time  `json:"made"`
	Used time.Time  `json:"used"`
}

// accountIndex is what the database keeps of an account: issuers write their
// subjects as they like, so that one without the other names nobody.
func (s *Service) accountIndex(subject string) []byte {
	return s.keys.Index("oidc account", s.issuer.Name()+"\x00"+subject)[:16]
}

func (s *Service) issuerIndex() []byte { return s.keys.Index("oidc issuer", s.issuer.Name())[:16] }

// Accounts gives the accounts that open a person, also of an issuer of before.
func (s *Service) Accounts(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Account, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (a Account, err error) {
		var made, used int64
		err = row.Scan(&a.ID, &made, &used)
		a.Made, a.Used = storage.Instant(made), storage.Instant(used)
		return a, err
	}, `SELECT account_index, made_at, used_at FROM oidc_link WHERE person_id = $1 ORDER BY made_at, account_index`, person)
}

// hasAccount reports whether an account of today's issuer opens the person.
func (s *Service) hasAccount(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	if s.issuer == nil {
		return false, nil
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM oidc_link WHERE person_id = $1 AND issuer_index = $2`, person, s.issuerIndex()).Scan(&n)
	return n > 0, err
}

// byAccount gives the person that an account opens.
func (s *Service) byAccount(ctx context.Context, tx *storage.Tx, subject string) (p Person, ok bool, err error) {
	rows, err := storage.All(ctx, tx, scanRow,
		`SELECT `+columns+` FROM person WHERE id = (SELECT person_id FROM oidc_link WHERE account_index = $1)`, s.accountIndex(subject))
	if err != nil || len(rows) == 0 {
		return p, false, err
	}
	p, err = s.open(rows[0])
	return p, err == nil, err
}

// link lets an account open a person from now on; false when it opens somebody
// else, or another account of the issuer opens her: the database knows, also when
// two ask in the same moment.
func (s *Service) link(ctx context.Context, tx *storage.Tx, person storage.ID, subject string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO oidc_link (account_index, issuer_index, person_id, made_at, used_at)
		VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT DO NOTHING`, s.accountIndex(subject), s.issuerIndex(), person, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return false, err
	}
	if err := s.warn(ctx, tx, Change{Person: person, What: accountLinked}); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.oidc_linked"})
}

// DropAccount takes an account from who is signed in. Forbidden unless she has just come
// in by a strong way; NotFound when it is none of hers.
func (s *Service) DropAccount(ctx context.Context, tx *storage.Tx, a access.Actor, account storage.ID) error {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return err
	}
	if err := s.mustBeStrong(a); err != nil {
		return err
	}
	return s.unlink(ctx, tx, a.Person, account, a.Session)
}

// unlink takes an account from a person, and ends her other sessions. NotFound when it is not hers.
func (s *Service) unlink(ctx context.Context, tx *storage.Tx, person, account, session storage.ID) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_link WHERE account_index = $1 AND person_id = $2`, account, person)
	if err == nil && n == 0 {
		err = Unknown()
	}
	if err != nil {
		return err
	}
	if err := s.EndSessions(ctx, tx, person, session); err != nil {
		return err
	}
	if err := s.warn(ctx, tx, Change{Person: person, What: accountRemoved}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.oidc_removed"})
}

// AnsweredOnce notes that a question to the issuer was answered; false when it was before.
func (s *Service) AnsweredOnce(ctx context.Context, tx *storage.Tx, state string) (bool, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM oidc_answered WHERE ends_at < $1`, storage.Micros(tx.Now)); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO oidc_answered (state_hash, ends_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		hashToken(state), storage.Micros(tx.Now.Add(2*QuestionLife)))
	return n > 0, err
}

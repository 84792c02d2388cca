package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Link lets its holder do one thing in a person's name, without signing in.
type Link struct {
	Person  storage.ID
	Purpose string     // "seminars.answer": opens for nothing else; see staysUsable
	Ref     storage.ID // what it is about
	Contact storage.ID // that its letter went to: using the link proves it; zero for a link that was only shown
	Until   time.Time  // zero: for a year
	Once    bool       // opens a single time
}

// staysUsable is the condition on links that stay when those end which a stranger may have
// been shown in a browser: before a first proof, or when she joins her own records. Links
// whose purpose ends in "/leave" only take away what comes by mail, and open nothing; those
// of messages lead on from a letter to a page that asks for itself who may see it. All
// others open data or change it.
const staysUsable = `(purpose LIKE '%/leave' OR purpose LIKE 'messages.%')`

// NewToken gives 144 random bits in 24 characters fit for an address.
func NewToken() string {
	b := make([]byte, 18)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashToken is what the database keeps of a token.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte("ashar token " + token))
	return h[:]
}

// NewLink makes a link and gives its token, which is kept nowhere.
func (s *Service) NewLink(ctx context.Context, tx *storage.Tx, l Link) (string, error) {
	if l.Until.IsZero() {
		l.Until = tx.Now.AddDate(1, 0, 0)
	}
	token := NewToken()
	_, err := tx.Exec(ctx, `INSERT INTO person_link (token_hash, person_id, purpose, ref, once, ends_at, contact_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hashToken(token), l.Person, l.Purpose, l.Ref, l.Once, storage.Micros(l.Until), l.Contact)
	return token, err
}

// OpenLink gives what a token stands for, and uses up a link that opens once.
// Gone when it expired or was used, NotFound when there is none for the purpose.
func (s *Service) OpenLink(ctx context.Context, tx *storage.Tx, token, purpose string) (Link, error) {
	l, err := s.PeekLink(ctx, tx, token, purpose)
	if err != nil || !l.Once {
		return l, err
	}
	n, err := tx.Exec(ctx, `UPDATE person_link SET used_at = $2 WHERE token_hash = $1 AND used_at = 0`,
		hashToken(token), storage.Micros(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Gone, "people.fault.link_gone")
	}
	return l, err
}

// useLink is OpenLink for what changes how a person gets in: her record is held first,
// so that two who use links of hers wait for each other once, and in one order.
func (s *Service) useLink(ctx context.Context, tx *storage.Tx, token, purpose string) (Link, Person, error) {
	l, err := s.PeekLink(ctx, tx, token, purpose)
	if err != nil {
		return l, Person{}, err
	}
	p, err := s.hold(ctx, tx, l.Person)
	if err != nil {
		return l, p, err
	}
	l, err = s.OpenLink(ctx, tx, token, purpose)
	return l, p, err
}

// PeekLink is OpenLink for a page that only shows what the link would do: mail
// programs open links by themselves, so a GET must not use them up.
func (s *Service) PeekLink(ctx context.Context, tx *storage.Tx, token, purpose string) (Link, error) {
	var l Link
	var until, used int64
	err := tx.QueryRow(ctx, `SELECT person_id, purpose, ref, contact_id, once, ends_at, used_at FROM person_link
		WHERE token_hash = $1 AND purpose = $2`, hashToken(token), purpose).
		Scan(&l.Person, &l.Purpose, &l.Ref, &l.Contact, &l.Once, &until, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, fault.New(fault.NotFound, "people.fault.link_unknown")
	}
	if err != nil {
		return Link{}, err
	}
	l.Until = storage.Instant(until)
	if !tx.Now.Before(l.Until) || (l.Once && used != 0) {
		return Link{}, fault.New(fault.Gone, "people.fault.link_gone")
	}
	return l, nil
}

// MoveLinks makes the links of a person that are about one application of hers about
// another, which it has become; sessions that were of it end.
func (s *Service) MoveLinks(ctx context.Context, tx *storage.Tx, person, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE person_link
		SET ref = $3
		WHERE person_id = $1 AND ref = $2`, person, from, into); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM session
		WHERE application_id = $1`, from)
	return err
}

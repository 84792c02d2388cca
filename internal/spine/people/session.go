package people

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Lifetime gives how long a session of an origin may lie idle, and how long it lasts at most.
func Lifetime(o access.Origin) (idle, most time.Duration) {
	switch o {
	case access.OfPasskey: // staff: a working day at the door
		return 12 * time.Hour, 24 * time.Hour
	case access.OfApplication: // enough to finish and look around
		return 24 * time.Hour, 72 * time.Hour
	}
	return 7 * 24 * time.Hour, 30 * 24 * time.Hour
}

// seenEvery is how exact "last seen" is; a write at each page would be dear.
const seenEvery = 10 * time.Minute

// newSession is a session to be started.
type newSession struct {
	person      storage.ID
	origin      access.Origin
	application storage.ID // of that origin alone
	contact     storage.ID // that its code or link went to; zero for none
	demo        bool
	proven      time.Time // when she showed who she is; zero when nobody says when
}

// StartSession signs a person in, who has proven who she is, and gives the token for
// Cookie. Every sign-in makes a new session; the one before it in the same browser
// ends with LeaveSession.
func (s *Service) StartSession(ctx context.Context, tx *storage.Tx, person storage.ID, origin access.Origin) (token string, err error) {
	return s.startSession(ctx, tx, newSession{person: person, origin: origin, proven: tx.Now})
}

// StartApplication begins a session of an application: this browser handed it in. It
// opens that application and what belongs to it, for 72 hours, and says nothing of
// who the person is.
func (s *Service) StartApplication(ctx context.Context, tx *storage.Tx, person, application storage.ID) (token string, err error) {
	return s.startSession(ctx, tx, newSession{person: person, origin: access.OfApplication, application: application})
}

func (s *Service) startSession(ctx context.Context, tx *storage.Tx, n newSession) (token string, err error) {
	_, most := Lifetime(n.origin)
	token = NewToken()
	_, err = tx.Exec(ctx, `INSERT INTO session (id, token_hash, person_id, origin, application_id, contact_id, demo, made_at, seen_at, ends_at, proven_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)`,
		tx.NewID(), hashToken(token), n.person, string(n.origin), n.application, n.contact, n.demo,
		storage.Micros(tx.Now), storage.Micros(tx.Now.Add(most)), storage.Micros(n.proven))
	return token, err
}

// LeaveSession ends a session, whoever's it is: another begins in its browser, or it
// was signed out.
func (s *Service) LeaveSession(ctx context.Context, tx *storage.Tx, session storage.ID) error {
	if session.IsZero() {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1`, session)
	return err
}

// EndSession signs a session of a person out. NotFound when it is not hers.
func (s *Service) EndSession(ctx context.Context, tx *storage.Tx, person, session storage.ID) error {
	n, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1 AND person_id = $2`, session, person)
	if err == nil && n == 0 {
		err = Unknown()
	}
	return err
}

// EndSessions signs a person out everywhere, except in the session kept (zero: none).
func (s *Service) EndSessions(ctx context.Context, tx *storage.Tx, person, kept storage.ID) error {
	if kept.IsZero() {
		_, err := tx.Exec(ctx, `DELETE FROM session WHERE person_id = $1`, person)
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE person_id = $1 AND id <> $2`, person, kept)
	return err
}

// Cookie carries a session's token. An empty token makes the cookie that removes it.
func (s *Service) Cookie(token string) *http.Cookie {
	c := &http.Cookie{Name: s.CookieName("session"), Value: token, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// BrowserCookie is the cookie with the token that codes are bound to, and by which tries
// are counted.
const BrowserCookie = "sign-in"

// CookieName puts __Host- before a name where the browser accepts it.
func (s *Service) CookieName(name string) string {
	if s.secure {
		return "__Host-ashar-" + name
	}
	return "ashar-" + name
}

// Identify tells who makes a request, by the session cookie; the zero Actor when
// nobody is signed in. The error is never the asker's fault.
func (s *Service) Identify(r *http.Request) (access.Actor, error) {
	c, err := r.Cookie(s.CookieName("session"))
	if err != nil || c.Value == "" || len(c.Value) > 64 {
		return access.Actor{}, nil
	}
	var actor access.Actor
	var stale bool
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		actor, stale, err = s.actor(ctx, tx, c.Value)
		return err
	})
	if err != nil || !stale || access.OnlyLooks(r.Context()) {
		return actor, err
	}
	return actor, s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $2 WHERE id = $1`, actor.Session, storage.Micros(tx.Now))
		return err
	})
}

// actor reads a session and its grants; stale when "last seen" should be written anew.
// A session of an application names no person. Roles count once they are awake, and
// those of staff and of helpers only after a passkey.
func (s *Service) actor(ctx context.Context, tx *storage.Tx, token string) (a access.Actor, stale bool, err error) {
	var demo bool
	var made, proven, seen, ends int64
	err = tx.QueryRow(ctx, `SELECT id, person_id, origin, application_id, demo, made_at, proven_at, seen_at, ends_at
		FROM session
		WHERE token_hash = $1`, hashToken(token)).
		Scan(&a.Session, &a.Person, &a.Origin, &a.Application, &demo, &made, &proven, &seen, &ends)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Actor{}, false, nil
	}
	if err != nil {
		return access.Actor{}, false, err
	}
	idle, _ := Lifetime(a.Origin)
	since := tx.Now.Sub(storage.Instant(seen))
	if since > idle || !tx.Now.Before(storage.Instant(ends)) || demo && !s.demo {
		return access.Actor{}, false, nil
	}
	if a.Origin == access.OfApplication {
		a.Person = storage.ID{}
		return a, since > seenEvery, nil
	}
	if a.Proven = storage.Instant(min(made, proven)); demo {
		a.Proven = tx.Now // the demo has no mail and no passkeys to sign in with anew
	}
	grants, err := s.Awake(ctx, tx, a.Person)
	if err != nil {
		return access.Actor{}, false, err
	}
	for _, g := range grants {
		if !g.Role.ByPasskey() || a.Origin == access.OfPasskey {
			a.Grants = append(a.Grants, g)
		}
	}
	return a, since > seenEvery, nil
}

package people

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const (
	fieldPasskey = "passkey.sealed"
	ceremonyLife = 5 * time.Minute
)

// passkeyConfig binds passkeys to the site's name; nil when it has none that a
// browser accepts, an address in numbers.
func passkeyConfig(publicURL string) *webauthn.WebAuthn {
	u, err := url.Parse(publicURL)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	resident := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Ashar", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &resident, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil
	}
	return w
}

// holder is a person as the passkey library wants her. Her name stays here: the
// authenticator shows what staff call the site.
type holder struct {
	id    storage.ID
	label string
	keys  []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.id[:] }
func (h holder) WebAuthnName() string                       { return h.label }
func (h holder) WebAuthnDisplayName() string                { return h.label }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// Passkey is a passkey as its person sees it.
type Passkey struct {
	ID   storage.ID // the first bytes of the stored hash, for forms
	Made time.Time
	Used time.Time
}

func credentialHash(id []byte) []byte {
	h := sha256.Sum256(id)
	return h[:16]
}

// passkeys opens the passkeys of a person.
func (s *Service) passkeys(ctx context.Context, tx *storage.Tx, person storage.ID) (list []Passkey, keys []webauthn.Credential, err error) {
	data, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return nil, nil, err
	}
	_, err = storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var p Passkey
		var box []byte
		var made, used int64
		var c webauthn.Credential
		if err := row.Scan(&p.ID, &box, &made, &used); err != nil {
			return struct{}{}, err
		}
		plain, err := data.Open(person[:], fieldPasskey, box)
		if err != nil {
			return struct{}{}, err
		}
		if err := json.Unmarshal(plain, &c); err != nil {
			return struct{}{}, err
		}
		p.Made, p.Used = storage.Instant(made), storage.Instant(used)
		list, keys = append(list, p), append(keys, c)
		return struct{}{}, nil
	}, `SELECT id, sealed, made_at, used_at FROM passkey WHERE person_id = $1 ORDER BY made_at`, person)
	return list, keys, err
}

func (s *Service) savePasskey(ctx context.Context, tx *storage.Tx, person storage.ID, c *webauthn.Credential) error {
	data, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO passkey (id, person_id, sealed, made_at, used_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, used_at = $4`,
		credentialHash(c.ID), person, data.Seal(person[:], fieldPasskey, plain), storage.Micros(tx.Now))
	return err
}

// keepCeremony keeps the question put to a passkey for this browser.
func (s *Service) keepCeremony(ctx context.Context, tx *storage.Tx, browser string, data *webauthn.SessionData) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO passkey_ceremony (browser_hash, data, ends_at) VALUES ($1, $2, $3)
		ON CONFLICT (browser_hash) DO UPDATE SET data = excluded.data, ends_at = excluded.ends_at`,
		hashToken(browser), string(raw), storage.Micros(tx.Now.Add(ceremonyLife)))
	return err
}

// takeCeremony gives the question once.
func (s *Service) takeCeremony(ctx context.Context, tx *storage.Tx, browser string) (data webauthn.SessionData, err error) {
	var raw string
	err = tx.QueryRow(ctx, `SELECT data FROM passkey_ceremony WHERE browser_hash = $1 AND ends_at > $2`,
		hashToken(browser), storage.Micros(tx.Now)).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return data, refused()
	}
	if err != nil {
		return data, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM passkey_ceremony WHERE browser_hash = $1`, hashToken(browser)); err != nil {
		return data, err
	}
	return data, json.Unmarshal([]byte(raw), &data)
}

func refused() error { return fault.New(fault.Forbidden, "people.passkey.failed") }

func (s *Service) noPasskeys() error {
	if s.webauthn == nil {
		return fault.New(fault.Unavailable, "people.passkey.unavailable")
	}
	return nil
}

// mayEnrol lets a passkey be made after a proven contact; a further one, and any of
// somebody whose role of staff is awake, only by whoever came in with a passkey or an
// account: who reads the mail must not add a key, nor work here. The first key of staff
// is made with their invitation. What the route asks of the session, a proof of the
// last quarter of an hour, is asked again here.
func (s *Service) mayEnrol(ctx context.Context, tx *storage.Tx, a access.Actor, have int) error {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return err
	}
	if have == 0 {
		linked, err := s.hasAccount(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		works, err := s.worksAwake(ctx, tx, a.Person)
		if err != nil || !linked && !works {
			return err
		}
		if works && !linked && a.Origin != access.OfPasskey {
			return fault.New(fault.Forbidden, "people.fault.invitation_first")
		}
	}
	return s.mustBeStrong(a)
}

// mustBeStrong refuses who did not come in by a way that is good for those who work here.
func (s *Service) mustBeStrong(a access.Actor) error {
	if a.Origin == access.OfPasskey {
		return nil
	}
	if s.issuer != nil {
		return fault.New(fault.Forbidden, "people.fault.strong_first")
	}
	return fault.New(fault.Forbidden, "people.fault.passkey_first")
}

// beginEnrol answers with what the browser needs to make a passkey.
func (s *Service) beginEnrol(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	browser := s.bind(r)
	var options *protocol.CredentialCreation
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, keys, err := s.passkeys(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		if err := s.mayEnrol(ctx, tx, r.Actor, len(keys)); err != nil {
			return err
		}
		h := holder{id: r.Actor.Person, label: r.Say.T("people.passkey.label"), keys: keys}
		var exclude []protocol.CredentialDescriptor
		for _, k := range keys {
			exclude = append(exclude, k.Descriptor())
		}
		var data *webauthn.SessionData
		if options, data, err = s.webauthn.BeginRegistration(h, webauthn.WithExclusions(exclude)); err != nil {
			return err
		}
		return s.keepCeremony(ctx, tx, browser, data)
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishEnrol keeps the new passkey and starts a session that has its strength.
func (s *Service) finishEnrol(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialCreationResponseBody(r.Body)
	if err != nil {
		return refused()
	}
	var token string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		data, err := s.takeCeremony(ctx, tx, s.browser(r))
		if err != nil {
			return err
		}
		if !bytes.Equal(data.UserID, r.Actor.Person[:]) {
			return refused()
		}
		_, keys, err := s.passkeys(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		if err := s.mayEnrol(ctx, tx, r.Actor, len(keys)); err != nil {
			return err
		}
		c, err := s.webauthn.CreateCredential(holder{id: r.Actor.Person, label: "Ashar", keys: keys}, data, answer)
		if err != nil {
			return refused()
		}
		if err := s.savePasskey(ctx, tx, r.Actor.Person, c); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: r.Actor.Person, Action: "people.audit.passkey"}); err != nil {
			return err
		}
		if err := s.warn(ctx, tx, Change{Person: r.Actor.Person, What: passkeyAdded}); err != nil {
			return err
		}
		if err := s.EndSessions(ctx, tx, r.Actor.Person, storage.ID{}); err != nil {
			return err
		}
		token, err = s.StartSession(ctx, tx, r.Actor.Person, access.OfPasskey)
		return err
	})
	if err != nil {
		return err
	}
	s.signIn(r, token)
	return answerJSON(r, struct{}{})
}

// beginPasskey answers with the question for any passkey of this site.
func (s *Service) beginPasskey(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	browser := s.bind(r)
	options, data, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.keepCeremony(ctx, tx, browser, data)
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishPasskey signs in whoever answered the question.
func (s *Service) finishPasskey(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialRequestResponseBody(r.Body)
	if err != nil {
		return refused()
	}
	var token string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		data, err := s.takeCeremony(ctx, tx, s.browser(r))
		if err != nil {
			return err
		}
		var person storage.ID
		find := func(rawID, handle []byte) (webauthn.User, error) {
			if err := tx.QueryRow(ctx, `SELECT person_id FROM passkey WHERE id = $1`, credentialHash(rawID)).Scan(&person); err != nil {
				return nil, err
			}
			if !bytes.Equal(person[:], handle) {
				return nil, refused()
			}
			_, keys, err := s.passkeys(ctx, tx, person)
			return holder{id: person, label: "Ashar", keys: keys}, err
		}
		c, err := s.webauthn.ValidateDiscoverableLogin(find, data, answer)
		if err != nil || c.Authenticator.CloneWarning {
			return refused()
		}
		if err := s.savePasskey(ctx, tx, person, c); err != nil { // the counter moved
			return err
		}
		if err := s.LeaveSession(ctx, tx, r.Actor.Session); err != nil {
			return err
		}
		if token, err = s.StartSession(ctx, tx, person, access.OfPasskey); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.signed_in"})
	})
	if err != nil {
		return err
	}
	s.signIn(r, token)
	return answerJSON(r, struct{}{})
}

// waysIn are the passkeys of a person, and the accounts that open her.
type waysIn struct {
	Passkeys []Passkey
	Named    bool         // the site has a name that passkeys accept
	Refused  *fault.Error // why she may not add a passkey now
	Accounts []Account
	Issuer   bool // she may add the account of the organisation
}

func (s *Service) passkeyPage(r *web.Request) error {
	w := waysIn{Named: s.webauthn != nil}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if w.Passkeys, _, err = s.passkeys(ctx, tx, r.Actor.Person); err != nil {
			return err
		}
		if err = s.mayEnrol(ctx, tx, r.Actor, len(w.Passkeys)); fault.Of(err) == nil && err != nil {
			return err
		}
		w.Refused = fault.Of(err)
		if w.Accounts, err = s.Accounts(ctx, tx, r.Actor.Person); err != nil || s.issuer == nil {
			return err
		}
		linked, err := s.hasAccount(ctx, tx, r.Actor.Person)
		if err != nil || linked {
			return err
		}
		w.Issuer, err = s.worksHere(ctx, tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, passkeyList(r, w))
}

// dropPasskey removes a passkey; the last one of staff too, who then must make another.
func (s *Service) dropPasskey(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := MustBeFresh(tx.Now, r.Actor); err != nil {
			return err
		}
		if err := s.mustBeStrong(r.Actor); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM passkey WHERE id = $1 AND person_id = $2`, id, r.Actor.Person)
		if err == nil && n == 0 {
			err = unknown()
		}
		if err != nil {
			return err
		}
		// Whoever has the device of that key is signed in no more.
		if err := s.EndSessions(ctx, tx, r.Actor.Person, r.Actor.Session); err != nil {
			return err
		}
		if err := s.warn(ctx, tx, Change{Person: r.Actor.Person, What: passkeyRemoved}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: r.Actor.Person, Action: "people.audit.passkey_removed"})
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.passkey.removed")
	return r.Redirect("/me/passkeys")
}

// resetPasskeys lets somebody who lost all passkeys make a new one: an
// administrator, who has made sure who asks, removes the old ones, and the
// organisation's account with them.
func (s *Service) resetPasskeys(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		if err := s.sleep(ctx, tx, id); err != nil {
			return err
		}
		if err := s.warn(ctx, tx, Change{Person: id, What: passkeyRemoved}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: id, Action: "people.audit.passkey_removed"})
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.passkey.reset_done")
	return r.Redirect("/people/" + id.String())
}

func answerJSON(r *web.Request, v any) error {
	r.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	r.W.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(r.W).Encode(v)
}

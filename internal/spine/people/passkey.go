package people

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
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

// NoPasskeys is the fault of a site without a name that passkeys accept, nil where there
// is one.
func (s *Service) NoPasskeys() error {
	if s.webauthn == nil {
		return fault.New(fault.Unavailable, "people.passkey.unavailable")
	}
	return nil
}

// mayEnrol lets a passkey be made after a proven contact; a further one, and any of
// somebody whose role asks for a passkey and is awake, only by whoever came in with a passkey or an
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
		guarded, err := s.guarded(ctx, tx, a.Person)
		if err != nil || !linked && !guarded {
			return err
		}
		if guarded && !linked && a.Origin != access.OfPasskey {
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

package peopletest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Key is a passkey in software: one P-256 key, no attestation.
type Key struct {
	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *Key) data(flags byte, rest []byte) []byte {
	rp := sha256.Sum256([]byte("localhost"))
	a.count++
	out := append(rp[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.count)
	return append(out, rest...)
}

func client(kind, challenge string) []byte {
	out, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": "http://localhost", "crossOrigin": false})
	return out
}

// Make answers the question for a new passkey.
func (a *Key) Make(challenge string) map[string]any {
	a.t.Helper()
	raw, err := a.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		a.t.Fatal(err)
	}
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: raw[1:33], -3: raw[33:65]})
	if err != nil {
		a.t.Fatal(err)
	}
	rest := append(make([]byte, 16), byte(len(a.id)>>8), byte(len(a.id)))
	rest = append(append(rest, a.id...), cose...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(0x45, rest)})
	if err != nil {
		a.t.Fatal(err)
	}
	return map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": map[string]any{
		"attestationObject": b64(object), "clientDataJSON": b64(client("webauthn.create", challenge)),
	}}
}

// Sign answers the question for a passkey that is there.
func (a *Key) Sign(challenge string) map[string]any {
	a.t.Helper()
	c := client("webauthn.get", challenge)
	data := a.data(0x05, nil)
	sum := sha256.Sum256(c)
	digest := sha256.Sum256(append(append([]byte(nil), data...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": map[string]any{
		"authenticatorData": b64(data), "clientDataJSON": b64(c), "signature": b64(sig), "userHandle": b64(a.handle),
	}}
}

// Ask posts JSON and reads the answer.
func (v *Visitor) Ask(path string, body any) (int, map[string]any) {
	v.T.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.T.Fatal(err)
	}
	res, err := v.HTTP.Post(v.URL+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		v.T.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	_ = json.NewDecoder(res.Body).Decode(&out) // a refusal is a page
	return res.StatusCode, out
}

// Challenge gives what is to be signed, of the question for a passkey.
func Challenge(answer map[string]any) string {
	k, _ := answer["publicKey"].(map[string]any)
	c, _ := k["challenge"].(string)
	return c
}

// NewKey is a passkey that a person may make on her device.
func NewKey(t testing.TB, id string, person storage.ID) *Key {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{t: t, key: key, id: []byte(id), handle: person[:]}
}

// Named gives the same key under another name.
func (a *Key) Named(id string) *Key {
	return &Key{t: a.t, key: a.key, id: []byte(id), handle: a.handle}
}

// SignsInWith signs in with a passkey, and gives the status of the answer.
func (v *Visitor) SignsInWith(a *Key) int {
	v.T.Helper()
	_, question := v.Ask("/sign-in/passkey/begin", nil)
	status, _ := v.Ask("/sign-in/passkey/finish", a.Sign(Challenge(question)))
	return status
}

// Invite lets the roles of a person sleep and invites her.
func (h House) Invite(t testing.TB, person storage.ID) (token string) {
	t.Helper()
	Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, person); err != nil {
			return err
		}
		path, _, err := h.People.Invite(ctx, tx, storage.ID{}, person, false)
		token = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return token
}

// Follow makes the first passkey with an invitation.
func (v *Visitor) Follow(token string, key *Key) int {
	v.T.Helper()
	status, options := v.Ask("/invitation/"+token+"/begin", nil)
	if status != http.StatusOK {
		return status
	}
	status, _ = v.Ask("/invitation/"+token+"/finish", key.Make(Challenge(options)))
	return status
}

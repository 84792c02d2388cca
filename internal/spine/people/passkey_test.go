package people_test

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
	"testing"

	"github.com/fxamacker/cbor/v2"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// authenticator is a passkey in software: one P-256 key, no attestation.
type authenticator struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) data(flags byte, rest []byte) []byte {
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

// make answers the question for a new passkey.
func (a *authenticator) make(challenge string) map[string]any {
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

// sign answers the question for a passkey that is there.
func (a *authenticator) sign(challenge string) map[string]any {
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

// ask posts JSON and reads the answer.
func (v *visitor) ask(path string, body any) (int, map[string]any) {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	res, err := v.http.Post(v.url+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	_ = json.NewDecoder(res.Body).Decode(&out) // a refusal is a page
	return res.StatusCode, out
}

func challenge(answer map[string]any) string {
	k, _ := answer["publicKey"].(map[string]any)
	c, _ := k["challenge"].(string)
	return c
}

func TestStaffWorkOnlyAfterTheirPasskey(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Координатор", Email: "c@mail.kg"})
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		return h.svc.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator})
	})
	byCode := func() *visitor {
		v := h.visitor(t)
		v.post("/ky/sign-in", "/ky/sign-in", map[string][]string{"address": {"c@mail.kg"}})
		status, to := v.post("/ky/sign-in/code", "/ky/sign-in/code", map[string][]string{"code": {h.sent.codes[len(h.sent.codes)-1].Code}})
		if status != http.StatusSeeOther || to != "/ky/me/passkeys" {
			t.Fatalf("staff are led to %s (%d)", to, status)
		}
		return v
	}
	v := byCode()
	if status, _ := v.get("/ky/people"); status != http.StatusForbidden {
		t.Errorf("works with a code alone: %d", status)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authenticator{t: t, key: key, id: []byte("a credential of a test"), handle: p.ID[:]}
	_, options := v.ask("/me/passkeys/begin", nil)
	answer := a.make(challenge(options))
	if status, _ := v.ask("/me/passkeys/finish", answer); status != http.StatusOK {
		t.Fatalf("enrolment: %d", status)
	}
	if status, _ := v.ask("/me/passkeys/finish", answer); status == http.StatusOK {
		t.Error("one answer makes two passkeys")
	}
	if status, _ := v.get("/ky/people"); status != http.StatusOK {
		t.Errorf("does not work after the enrolment: %d", status)
	}
	// Who reads the mail cannot add a second passkey.
	if status, _ := byCode().ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("a code adds a second passkey: %d", status)
	}
	// Signing in anew, in another browser.
	other := h.visitor(t)
	_, question := other.ask("/sign-in/passkey/begin", nil)
	signed := a.sign(challenge(question))
	if status, _ := h.visitor(t).ask("/sign-in/passkey/finish", signed); status == http.StatusOK {
		t.Error("the answer is good in a browser that was not asked")
	}
	if status, _ := other.ask("/sign-in/passkey/finish", signed); status != http.StatusOK {
		t.Fatalf("sign-in: %d", status)
	}
	if status, _ := other.ask("/sign-in/passkey/finish", signed); status == http.StatusOK {
		t.Error("the answer is good twice")
	}
	if status, _ := other.get("/ky/people"); status != http.StatusOK {
		t.Errorf("does not work after signing in: %d", status)
	}
	stranger := &authenticator{t: t, key: key, id: []byte("unknown"), handle: p.ID[:]}
	_, question = h.visitor(t).ask("/sign-in/passkey/begin", nil)
	if status, _ := h.visitor(t).ask("/sign-in/passkey/finish", stranger.sign(challenge(question))); status != http.StatusForbidden {
		t.Errorf("an unknown passkey: %d", status)
	}
}

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
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
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

// newKey is a passkey that a person may make on her device.
func newKey(t *testing.T, id string, person storage.ID) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticator{t: t, key: key, id: []byte(id), handle: person[:]}
}

// signsInWith signs in with a passkey, and gives the status of the answer.
func (v *visitor) signsInWith(a *authenticator) int {
	v.t.Helper()
	_, question := v.ask("/sign-in/passkey/begin", nil)
	status, _ := v.ask("/sign-in/passkey/finish", a.sign(challenge(question)))
	return status
}

func TestStaffWorkOnlyAfterTheirPasskey(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Координатор", Email: "c@mail.kg"})
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		return h.svc.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator})
	})
	byCode := func() *visitor {
		h.clock.pass(2 * time.Minute)
		v := h.visitor(t)
		v.get("/ky/sign-in")
		if to := h.signIn(v, "c@mail.kg"); to != "/ky/me/passkeys" {
			t.Fatalf("staff are led to %s", to)
		}
		return v
	}
	// Her role is awake, so her typed address proves nothing: a code does not go there.
	h.clock.pass(time.Minute)
	v := h.visitor(t)
	v.post("/ky/sign-in", "/ky/sign-in", map[string][]string{"address": {"c@mail.kg"}})
	h.work(t)
	if len(h.sent.codes) != 0 {
		t.Fatal("a typed address of staff gets a code")
	}
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven' WHERE person_id = $1`, p.ID)
		return err
	})
	v = byCode()
	if status, _ := v.get("/ky/people"); status != http.StatusForbidden {
		t.Errorf("works with a code alone: %d", status)
	}
	// Who reads the mail cannot make the first passkey of staff, either.
	if status, _ := v.ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("a code makes the first passkey of staff: %d", status)
	}
	if _, page := v.get("/ky/me/passkeys"); !strings.Contains(page, "чакыруу") || strings.Contains(page, `data-passkey="enrol"`) {
		t.Error("the page does not say how the first passkey is made")
	}
	a := newKey(t, "a credential of a test", p.ID)
	token := invite(t, h, p.ID)
	at := "/invitation/" + token
	v = h.visitor(t)
	_, options := v.ask(at+"/begin", nil)
	answer := a.make(challenge(options))
	if status, _ := v.ask(at+"/finish", answer); status != http.StatusOK {
		t.Fatalf("the first passkey: %d", status)
	}
	if status, _ := v.ask(at+"/finish", answer); status == http.StatusOK {
		t.Error("one answer makes two passkeys")
	}
	if status, _ := v.get("/ky/people"); status != http.StatusOK {
		t.Errorf("does not work with her passkey: %d", status)
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
	stranger := &authenticator{t: t, key: a.key, id: []byte("unknown"), handle: p.ID[:]}
	if status := h.visitor(t).signsInWith(stranger); status != http.StatusForbidden {
		t.Errorf("an unknown passkey: %d", status)
	}
	// A second one, from the session of the first, while that is fresh.
	second := newKey(t, "her other device", p.ID)
	h.clock.pass(web.FreshFor + time.Second)
	if status, _ := other.ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("an aged session adds a passkey: %d", status)
	}
	if status := other.signsInWith(a); status != http.StatusOK {
		t.Fatalf("sign-in: %d", status)
	}
	_, options = other.ask("/me/passkeys/begin", nil)
	if status, _ := other.ask("/me/passkeys/finish", second.make(challenge(options))); status != http.StatusOK {
		t.Errorf("a second passkey: %d", status)
	}
	if status := h.visitor(t).signsInWith(second); status != http.StatusOK {
		t.Errorf("the second passkey does not sign in: %d", status)
	}
}

// invite lets the roles of a person sleep and invites her.
func invite(t *testing.T, h house, person storage.ID) (token string) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, person); err != nil {
			return err
		}
		path, err := h.svc.Invite(ctx, tx, storage.ID{}, person, false)
		token = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return token
}

func TestAParticipantMakesAPasskeyWithinAQuarterOfAnHourOfHerProof(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.visitor(t)
	h.signIn(v, "asan@mail.kg")
	h.clock.pass(web.FreshFor + time.Second)
	if status, _ := v.ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("an aged session: %d", status)
	}
	h.signIn(v, "asan@mail.kg")
	_, options := v.ask("/me/passkeys/begin", nil)
	key := newKey(t, "her telephone", p.ID)
	answer := key.make(challenge(options))
	h.clock.pass(web.FreshFor + time.Second) // she left the question open
	if status, _ := v.ask("/me/passkeys/finish", answer); status != http.StatusForbidden {
		t.Errorf("the answer of an aged session: %d", status)
	}
	h.signIn(v, "asan@mail.kg")
	_, options = v.ask("/me/passkeys/begin", nil)
	if status, _ := v.ask("/me/passkeys/finish", key.make(challenge(options))); status != http.StatusOK {
		t.Errorf("a fresh session: %d", status)
	}
	if status := h.visitor(t).signsInWith(key); status != http.StatusOK {
		t.Errorf("sign-in: %d", status)
	}
}

// The ceremony writes a row for each browser that begins one, so that it is bounded.
func TestBeginningAPasskeyIsBounded(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.ask("/sign-in/passkey/begin", nil) // tells the browser apart from now on
	for range 30 {
		v.ask("/sign-in/passkey/begin", nil)
	}
	if status, _ := v.ask("/sign-in/passkey/begin", nil); status != http.StatusTooManyRequests {
		t.Errorf("the 31st of a browser: %d", status)
	}
	last := 0
	for range 600 {
		last, _ = h.visitor(t).ask("/sign-in/passkey/begin", nil)
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("six hundred browsers of one address: %d", last)
	}
}

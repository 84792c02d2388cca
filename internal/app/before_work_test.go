package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

func workWaits(t *testing.T, b before) {
	have := b.counts(t, `SELECT kind, COUNT(*) FROM job WHERE state = 'waiting' GROUP BY kind`)
	delete(have, "people.tidy") // asked for at the first start of the new version
	if !maps.Equal(have, b.saved.Jobs) {
		t.Errorf("the jobs %v wait, want %v", have, b.saved.Jobs)
	}
	if have := b.counts(t, `SELECT state, COUNT(*) FROM message GROUP BY state`); !maps.Equal(have, b.saved.Messages) {
		t.Errorf("the messages are %v, want %v", have, b.saved.Messages)
	}
}

// lettersLeave does the jobs that are due, reads the letters and signs in with
// the code that was on its way.
func lettersLeave(t *testing.T, b before) {
	var due int
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE state = 'waiting' AND run_at <= $1`, storage.Micros(b.saved.Clock)).Scan(&due)
	})
	if due == 0 || len(b.saved.Codes) == 0 {
		t.Fatal("nothing is due: the test proves nothing")
	}
	var kinds []jobs.Kind
	for _, m := range b.Manifests() {
		kinds = append(kinds, m.Jobs...)
	}
	ended := make(chan jobs.Ended, due)
	runner, err := jobs.NewRunner(jobs.Options{Store: b.store, Kinds: kinds, Log: b.options.Log, Ended: func(e jobs.Ended) { ended <- e }})
	if err != nil {
		t.Fatal(err)
	}
	runner.Start(t.Context())
	for range due {
		if e := <-ended; e.State != jobs.Done {
			t.Errorf("the job %s is %s: %v", e.Kind, e.State, e.Err)
		}
	}
	runner.Stop()
	for _, c := range b.saved.Codes {
		p := b.saved.person(t, c.Case)
		arrived := false
		for _, l := range b.letter.Mails() {
			arrived = arrived || strings.Contains(l.To, p.Details.Email) && strings.Contains(l.Raw, c.Code)
		}
		if !arrived {
			t.Errorf("the code of %s did not leave; %d letters did", c.Case, len(b.letter.Mails()))
		}
		r := httptest.NewRequest(http.MethodPost, "/ky/sign-in/code", strings.NewReader(url.Values{"code": {c.Code}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		b.signsIn(t, c.Case, b.ask(t, r, &http.Cookie{Name: "ashar-sign-in", Value: c.Browser}))
	}
}

// signsIn reads the session that an answer starts.
func (b before) signsIn(t *testing.T, name string, answer *http.Response) {
	t.Helper()
	for _, c := range answer.Cookies() {
		if c.Name != b.People().Cookie("").Name {
			continue
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(c)
		if actor, err := b.People().Identify(r); err != nil || actor.Person != b.saved.person(t, name).ID {
			t.Errorf("%s comes in as %s, %v", name, actor.Person, err)
		}
		return
	}
	t.Errorf("%s does not come in: %d", name, answer.StatusCode)
}

// passkeysSignIn opens the record of everybody whose passkey stays; the others open
// nobody.
func passkeysSignIn(t *testing.T, b before) {
	stay := 0
	for _, p := range b.saved.People {
		for _, k := range p.Passkeys {
			if !k.Stays {
				if answer := b.byPasskey(t, p.ID, k); answer.StatusCode < 400 {
					t.Errorf("%s still comes in by the passkey that goes: %d", p.Case, answer.StatusCode)
				}
				continue
			}
			stay++
			b.signsIn(t, p.Case, b.byPasskey(t, p.ID, k))
		}
	}
	if stay == 0 {
		t.Error("no passkey stays: the test proves nothing")
	}
}

// byPasskey asks for the question and signs the answer, as a browser with this passkey does.
func (b before) byPasskey(t *testing.T, person storage.ID, k savedPasskey) *http.Response {
	t.Helper()
	question := b.ask(t, httptest.NewRequest(http.MethodPost, "/sign-in/passkey/begin", strings.NewReader("null")))
	var asked struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
			RPID      string `json:"rpId"`
		} `json:"publicKey"`
	}
	if err := json.NewDecoder(question.Body).Decode(&asked); err != nil {
		t.Fatalf("the question to a passkey: %d, %v", question.StatusCode, err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(k.Key)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		t.Fatal("the passkey is of another kind")
	}
	client, err := json.Marshal(map[string]any{"type": "webauthn.get", "challenge": asked.PublicKey.Challenge, "origin": b.saved.PublicURL, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	site, told := sha256.Sum256([]byte(asked.PublicKey.RPID)), sha256.Sum256(client)
	data := binary.BigEndian.AppendUint32(append(site[:], 0x05), k.Count+1) // present and verified
	digest := sha256.Sum256(append(bytes.Clone(data), told[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString
	answer, err := json.Marshal(map[string]any{
		"id": k.Credential, "rawId": k.Credential, "type": "public-key",
		"response": map[string]any{
			"authenticatorData": text(data), "clientDataJSON": text(client), "signature": text(signature), "userHandle": text(person[:]),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.ask(t, httptest.NewRequest(http.MethodPost, "/sign-in/passkey/finish", bytes.NewReader(answer)), question.Cookies()...)
}

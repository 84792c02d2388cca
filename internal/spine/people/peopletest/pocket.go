package peopletest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Pocket keeps what was sent: it is the courier of a test.
type Pocket struct {
	mu          sync.Mutex
	Codes       []people.SignInCode
	Changes     []people.Change
	Invitations []string
	Roles       []people.RoleLetter // the same, whole
	Proofs      []Proof
}

// Proof is a letter whose button proves an address.
type Proof struct{ Email, Token string }

// SendChange keeps a warning.
func (p *Pocket) SendChange(_ context.Context, _ *storage.Tx, c people.Change) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Changes = append(p.Changes, c)
	return nil
}

// SendCode keeps a letter with a code.
func (p *Pocket) SendCode(_ context.Context, _ *storage.Tx, c people.SignInCode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Codes = append(p.Codes, c)
	return nil
}

// SendInvitation keeps the token of an invitation.
func (p *Pocket) SendInvitation(_ context.Context, _ *storage.Tx, i people.RoleLetter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Invitations, p.Roles = append(p.Invitations, strings.TrimPrefix(i.Path, "/invitation/")), append(p.Roles, i)
	return nil
}

// SendProof keeps a letter whose button proves.
func (p *Pocket) SendProof(_ context.Context, _ *storage.Tx, _ storage.ID, email, path string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Proofs = append(p.Proofs, Proof{email, strings.TrimPrefix(path, "/prove/")})
	return nil
}

// Told gives the changes told to an address or chat alone, since the last time.
func (p *Pocket) Told(what string) (out []people.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.Changes {
		if c.What == what {
			out = append(out, c)
		}
	}
	return out
}

// Work does the jobs of signing in that wait.
func Work(t testing.TB, store *storage.Store, svc *people.Service) {
	t.Helper()
	type job struct {
		id      storage.ID
		payload string
	}
	var list []job
	err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(row storage.Scanner) (j job, err error) {
			err = row.Scan(&j.id, &j.payload)
			return j, err
		}, `SELECT id, payload FROM job WHERE kind = 'people.sign_in' AND state = 'waiting' ORDER BY made_at, id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range list {
		for _, k := range svc.Manifest().Jobs {
			if k.Name != "people.sign_in" {
				continue
			}
			if err := k.Do(t.Context(), store, json.RawMessage(j.payload)); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE job SET state = 'done' WHERE id = $1`, j.id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// Wrong gives another code than the one that was sent.
func Wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

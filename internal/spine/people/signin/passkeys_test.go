package signin_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func TestStaffWorkOnlyAfterTheirPasskey(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg"})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		return h.People.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator})
	})
	byCode := func() *peopletest.Visitor {
		h.Clock.Pass(2 * time.Minute)
		v := h.Visitor(t)
		v.Get("/ky/sign-in")
		if to := h.SignIn(v, "c@mail.kg"); to != "/ky/me/passkeys" {
			t.Fatalf("staff are led to %s", to)
		}
		return v
	}
	// Her role is awake, so her typed address proves nothing: a code does not go there.
	h.Clock.Pass(time.Minute)
	v := h.Visitor(t)
	v.Post("/ky/sign-in", "/ky/sign-in", map[string][]string{"address": {"c@mail.kg"}})
	h.Work(t)
	if len(h.Sent.Codes) != 0 {
		t.Fatal("a typed address of staff gets a code")
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven' WHERE person_id = $1`, p.ID)
		return err
	})
	v = byCode()
	if status, _ := v.Get("/ky/people"); status != http.StatusForbidden {
		t.Errorf("works with a code alone: %d", status)
	}
	// Who reads the mail cannot make the first passkey of staff, either.
	if status, _ := v.Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("a code makes the first passkey of staff: %d", status)
	}
	if _, page := v.Get("/ky/me/passkeys"); !strings.Contains(page, "чакыруу") || strings.Contains(page, `data-passkey="enrol"`) {
		t.Error("the page does not say how the first passkey is made")
	}
	a := peopletest.NewKey(t, "a credential of a test", p.ID)
	token := h.Invite(t, p.ID)
	at := "/invitation/" + token
	v = h.Visitor(t)
	_, options := v.Ask(at+"/begin", nil)
	answer := a.Make(peopletest.Challenge(options))
	if status, _ := v.Ask(at+"/finish", answer); status != http.StatusOK {
		t.Fatalf("the first passkey: %d", status)
	}
	if status, _ := v.Ask(at+"/finish", answer); status == http.StatusOK {
		t.Error("one answer makes two passkeys")
	}
	if status, _ := v.Get("/ky/people"); status != http.StatusOK {
		t.Errorf("does not work with her passkey: %d", status)
	}
	// Who reads the mail cannot add a second passkey.
	if status, _ := byCode().Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("a code adds a second passkey: %d", status)
	}
	// Signing in anew, in another browser.
	other := h.Visitor(t)
	_, question := other.Ask("/sign-in/passkey/begin", nil)
	signed := a.Sign(peopletest.Challenge(question))
	if status, _ := h.Visitor(t).Ask("/sign-in/passkey/finish", signed); status == http.StatusOK {
		t.Error("the answer is good in a browser that was not asked")
	}
	if status, _ := other.Ask("/sign-in/passkey/finish", signed); status != http.StatusOK {
		t.Fatalf("sign-in: %d", status)
	}
	if status, _ := other.Ask("/sign-in/passkey/finish", signed); status == http.StatusOK {
		t.Error("the answer is good twice")
	}
	if status, _ := other.Get("/ky/people"); status != http.StatusOK {
		t.Errorf("does not work after signing in: %d", status)
	}
	stranger := a.Named("unknown")
	if status := h.Visitor(t).SignsInWith(stranger); status != http.StatusForbidden {
		t.Errorf("an unknown passkey: %d", status)
	}
	// A second one, from the session of the first, while that is fresh.
	second := peopletest.NewKey(t, "her other device", p.ID)
	h.Clock.Pass(web.FreshFor + time.Second)
	if status, _ := other.Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("an aged session adds a passkey: %d", status)
	}
	if status := other.SignsInWith(a); status != http.StatusOK {
		t.Fatalf("sign-in: %d", status)
	}
	_, options = other.Ask("/me/passkeys/begin", nil)
	if status, _ := other.Ask("/me/passkeys/finish", second.Make(peopletest.Challenge(options))); status != http.StatusOK {
		t.Errorf("a second passkey: %d", status)
	}
	if status := h.Visitor(t).SignsInWith(second); status != http.StatusOK {
		t.Errorf("the second passkey does not sign in: %d", status)
	}
}

func TestAParticipantMakesAPasskeyWithinAQuarterOfAnHourOfHerProof(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.Visitor(t)
	h.SignIn(v, "asan@mail.kg")
	h.Clock.Pass(web.FreshFor + time.Second)
	if status, _ := v.Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
		t.Errorf("an aged session: %d", status)
	}
	h.SignIn(v, "asan@mail.kg")
	_, options := v.Ask("/me/passkeys/begin", nil)
	key := peopletest.NewKey(t, "her telephone", p.ID)
	answer := key.Make(peopletest.Challenge(options))
	h.Clock.Pass(web.FreshFor + time.Second) // she left the question open
	if status, _ := v.Ask("/me/passkeys/finish", answer); status != http.StatusForbidden {
		t.Errorf("the answer of an aged session: %d", status)
	}
	h.SignIn(v, "asan@mail.kg")
	_, options = v.Ask("/me/passkeys/begin", nil)
	if status, _ := v.Ask("/me/passkeys/finish", key.Make(peopletest.Challenge(options))); status != http.StatusOK {
		t.Errorf("a fresh session: %d", status)
	}
	if status := h.Visitor(t).SignsInWith(key); status != http.StatusOK {
		t.Errorf("sign-in: %d", status)
	}
}

// The ceremony writes a row for each browser that begins one, so that it is bounded.
func TestBeginningAPasskeyIsBounded(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	v := h.Visitor(t)
	v.Ask("/sign-in/passkey/begin", nil) // tells the browser apart from now on
	for range 30 {
		v.Ask("/sign-in/passkey/begin", nil)
	}
	if status, _ := v.Ask("/sign-in/passkey/begin", nil); status != http.StatusTooManyRequests {
		t.Errorf("the 31st of a browser: %d", status)
	}
	last := 0
	for range 600 {
		last, _ = h.Visitor(t).Ask("/sign-in/passkey/begin", nil)
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("six hundred browsers of one address: %d", last)
	}
}

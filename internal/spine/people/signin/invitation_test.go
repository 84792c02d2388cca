package signin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// invited is a person whose role of a coordinator waits, with the invitation that was sent
// to her address and the one that was shown.
func invited(t *testing.T, h peopletest.House, d people.Details) (p people.Person, sent, shown string) {
	t.Helper()
	p = peopletest.Register(t, h.Store, h.People, d)
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := h.People.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Coordinator}); err != nil {
			return err
		}
		path, _, err := h.People.Invite(ctx, tx, storage.ID{}, p.ID, true)
		shown = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return p, h.Sent.Invitations[len(h.Sent.Invitations)-1], shown
}

func TestAnInvitationMakesTheFirstPasskeyOnceAndWakesTheRole(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p, sent, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	for _, l := range i18n.Languages {
		v := h.Visitor(t)
		status, page := v.Get("/" + string(l) + "/invitation/" + sent)
		if status != http.StatusOK || !strings.Contains(page, "Асан") || !strings.Contains(page, `data-passkey="enrol"`) || strings.Contains(page, "[people.") {
			t.Errorf("%s: %d", l, status)
		}
		for path, want := range map[string]int{"/invitation/nonsense": http.StatusNotFound, "/invitation/" + strings.Repeat("x", 24): http.StatusNotFound} {
			if status, _ := v.Get("/" + string(l) + path); status != want {
				t.Errorf("%s %s: %d", l, path, status)
			}
		}
	}
	if n := h.StateOf(t, p.ID, "a@mail.kg"); n != people.Typed {
		t.Errorf("looking at it proves the address: %s", n)
	}
	// The answer is good in the browser that was asked alone, and without a passkey nothing wakes.
	v := h.Visitor(t)
	if status, _ := v.Post("/ky/invitation/"+sent, "/ky/invitation/"+sent, url.Values{}); status != http.StatusForbidden {
		t.Errorf("a button wakes a role: %d", status)
	}
	key := peopletest.NewKey(t, "her telephone", p.ID)
	_, options := v.Ask("/invitation/"+sent+"/begin", nil)
	answer := key.Make(peopletest.Challenge(options))
	other := h.Visitor(t)
	other.Ask("/sign-in/passkey/begin", nil)
	if status, _ := other.Ask("/invitation/"+sent+"/finish", answer); status != http.StatusForbidden {
		t.Errorf("another browser: %d", status)
	}
	if status, _ := v.Ask("/invitation/"+shown+"x/finish", answer); status == http.StatusOK {
		t.Error("a nonsense invitation")
	}
	if status := v.Follow(sent, key); status != http.StatusOK {
		t.Fatalf("the invitation: %d", status)
	}
	if status, _ := v.Get("/ky/people"); status != http.StatusOK {
		t.Errorf("she does not work: %d", status)
	}
	if state := h.StateOf(t, p.ID, "a@mail.kg"); state != people.Proven {
		t.Errorf("the address that it was sent to is %s", state)
	}
	for name, token := range map[string]string{"the same": sent, "the one that was shown": shown} {
		if status, _ := h.Visitor(t).Get("/ky/invitation/" + token); status == http.StatusOK {
			t.Errorf("%s opens again", name)
		}
		if status := h.Visitor(t).Follow(token, peopletest.NewKey(t, "a thief's "+name, p.ID)); status == http.StatusOK {
			t.Errorf("%s makes another passkey", name)
		}
	}
}

func TestAnInvitationOfAWeekAgoOpensNothing(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p, sent, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	h.Clock.Pass(7 * 24 * time.Hour)
	for _, token := range []string{sent, shown} {
		v := h.Visitor(t)
		for _, l := range i18n.Languages {
			if status, page := v.Get("/" + string(l) + "/invitation/" + token); status != http.StatusGone || strings.Contains(page, "Асан") || strings.Contains(page, "[people.") {
				t.Errorf("%s: %d", l, status)
			}
		}
		if status := v.Follow(token, peopletest.NewKey(t, "late", p.ID)); status != http.StatusGone {
			t.Errorf("a passkey: %d", status)
		}
		if status, _ := v.Post("/ky/sign-in", "/ky/invitation/"+token, url.Values{}); status != http.StatusGone {
			t.Errorf("the button: %d", status)
		}
	}
	if h.Woken(t, p.ID) != 0 || h.StateOf(t, p.ID, "a@mail.kg") != people.Typed {
		t.Error("it woke a role or proved an address")
	}
}

func TestAnInvitationThatWasShownProvesNoAddress(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p, _, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	if status := h.Visitor(t).Follow(shown, peopletest.NewKey(t, "key", p.ID)); status != http.StatusOK {
		t.Fatalf("the invitation: %d", status)
	}
	if state := h.StateOf(t, p.ID, "a@mail.kg"); state != people.Typed {
		t.Errorf("the address is %s", state)
	}
	// And her typed address opens her no more: her passkey is her proof.
	h.Work(t)
	v := h.Visitor(t)
	v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"a@mail.kg"}})
	h.Work(t)
	if len(h.Sent.Codes) != 0 {
		t.Error("a typed address of staff gets a code")
	}
}

func TestWhoHasAPasskeyAcceptsAnInvitationOnlyWithIt(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p, sent, _ := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	key := peopletest.NewKey(t, "her telephone", p.ID)
	if status := h.Visitor(t).Follow(sent, key); status != http.StatusOK {
		t.Fatalf("the first: %d", status)
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := h.People.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Moderator})
		return err
	})
	next := inviteAnew(t, h, p.ID)
	mail := h.Visitor(t)
	if status := mail.Follow(next, peopletest.NewKey(t, "of who reads her mail", p.ID)); status != http.StatusForbidden {
		t.Errorf("a second passkey by the invitation: %d", status)
	}
	if _, page := mail.Get("/ky/invitation/" + next); strings.Contains(page, `data-passkey="enrol"`) || !strings.Contains(page, "/ky/sign-in?back=") {
		t.Error("the page does not lead to her passkey")
	}
	if status, _ := mail.Post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusForbidden {
		t.Errorf("without a session: %d", status)
	}
	h.Clock.Pass(2 * time.Minute)
	byCode := h.Visitor(t)
	h.SignIn(byCode, "a@mail.kg")
	if status, _ := byCode.Post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusForbidden {
		t.Errorf("with a code: %d", status)
	}
	v := h.Visitor(t)
	if status := v.SignsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if n := h.Woken(t, p.ID); n != 1 {
		t.Errorf("%d roles are awake before she accepts", n)
	}
	if status, to := v.Post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Errorf("with her passkey: %d %s", status, to)
	}
	if n := h.Woken(t, p.ID); n != 2 {
		t.Errorf("%d roles are awake", n)
	}
	if status := h.Visitor(t).SignsInWith(key); status != http.StatusOK {
		t.Errorf("her passkey is gone: %d", status)
	}
	if status, _ := v.Post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusGone {
		t.Errorf("twice: %d", status)
	}
}

// inviteAnew invites to what sleeps, and leaves what is awake.
func inviteAnew(t *testing.T, h peopletest.House, person storage.ID) (token string) {
	t.Helper()
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		path, _, err := h.People.Invite(ctx, tx, storage.ID{}, person, false)
		token = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return token
}

// Her proof was a role alone, which was taken, and is given again: she accepts by the
// letter, with the passkey that she has, and keeps it.
func TestAcceptingByALetterKeepsThePasskeyItWasAcceptedWith(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p, _, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	key := peopletest.NewKey(t, "her telephone", p.ID)
	if status := h.Visitor(t).Follow(shown, key); status != http.StatusOK {
		t.Fatal(status)
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, p.ID); err != nil {
			return err
		}
		_, _, err := h.People.Invite(ctx, tx, storage.ID{}, p.ID, true)
		return err
	})
	next := h.Sent.Invitations[len(h.Sent.Invitations)-1]
	v := h.Visitor(t)
	if status := v.SignsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, _ := v.Post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if status, _ := v.Get("/ky/people"); status != http.StatusOK || h.StateOf(t, p.ID, "a@mail.kg") != people.Proven {
		t.Errorf("she works: %d, her address is %s", status, h.StateOf(t, p.ID, "a@mail.kg"))
	}
	if status := h.Visitor(t).SignsInWith(key); status != http.StatusOK {
		t.Errorf("her passkey is gone: %d", status)
	}
}

package people_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// roles gives what a person may do with a session of an origin.
func (s *scene) roles(person storage.ID, origin access.Origin) (out []access.Role) {
	s.t.Helper()
	for _, g := range s.who(s.start(person, origin)).Grants {
		out = append(out, g.Role)
	}
	return out
}

func TestARoleSleepsUntilItsInvitationAndStaffNeedAPasskeyBesides(t *testing.T) {
	scenes(t, func(s *scene) {
		admin := s.register(people.Details{FullName: "Админ"})
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		give := func(role access.Role) (given bool) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				given, err = s.svc.GrantBy(ctx, tx, admin.ID, p.ID, access.Grant{Role: role})
				return err
			})
			return given
		}
		if !give(access.Coordinator) || !give(access.Deputy) || give(access.Deputy) {
			s.t.Fatal("a role is given once")
		}
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 0 {
			s.t.Errorf("roles that sleep: %v", got)
		}
		// A role that sleeps is no proof: her first proof may come by her letter.
		if proven, err := s.isProven(p.ID); err != nil || proven {
			s.t.Errorf("proven by a role that sleeps: %v", err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 1 WHERE person_id = $1`, p.ID)
			return err
		})
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 2 {
			s.t.Errorf("awake, with a passkey: %v", got)
		}
		if got := s.roles(p.ID, access.OfProof); !slices.Equal(got, []access.Role{access.Deputy}) {
			s.t.Errorf("awake, with a code: %v", got)
		}
	})
}

func TestAnInvitationEndsThoseBeforeAndItselfAfterSevenDays(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		invite := func(send bool) (string, error) {
			var path string
			err := s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
				path, err = s.svc.Invite(ctx, tx, storage.ID{}, p.ID, send)
				return err
			})
			return strings.TrimPrefix(path, "/invitation/"), err
		}
		if _, err := invite(true); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("an invitation to nothing: %v", err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Coordinator})
			return err
		})
		first, err := invite(true)
		if err != nil || len(s.sent.invitations) != 1 || s.sent.invitations[0] == first {
			s.t.Fatalf("%v, sent %v", err, s.sent.invitations)
		}
		second, err := invite(false)
		if err != nil || len(s.sent.invitations) != 1 {
			s.t.Fatal(err)
		}
		for _, before := range []string{first, s.sent.invitations[0]} {
			if s.opens(before, "people.role") {
				s.t.Error("an earlier invitation opens still")
			}
		}
		s.clock.pass(7*24*time.Hour - time.Second)
		if !s.opens(second, "people.role") {
			s.t.Error("closed before seven days")
		}
		s.clock.pass(time.Second)
		if s.opens(second, "people.role") {
			s.t.Error("open after seven days")
		}
	})
}

// invited is a person whose role of a coordinator waits, with the invitation that was sent
// to her address and the one that was shown.
func invited(t *testing.T, h house, d people.Details) (p people.Person, sent, shown string) {
	t.Helper()
	p = register(t, h.store, h.svc, d)
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := h.svc.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Coordinator}); err != nil {
			return err
		}
		path, err := h.svc.Invite(ctx, tx, storage.ID{}, p.ID, true)
		shown = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return p, h.sent.invitations[len(h.sent.invitations)-1], shown
}

// follow makes the first passkey with an invitation.
func (v *visitor) follow(token string, key *authenticator) int {
	v.t.Helper()
	status, options := v.ask("/invitation/"+token+"/begin", nil)
	if status != http.StatusOK {
		return status
	}
	status, _ = v.ask("/invitation/"+token+"/finish", key.make(challenge(options)))
	return status
}

func stateOf(t *testing.T, h house, person storage.ID, value string) (state people.ContactState) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.svc.Contacts(ctx, tx, person)
		for _, c := range list {
			if c.Value == value {
				state = c.State
			}
		}
		return err
	})
	return state
}

func TestAnInvitationMakesTheFirstPasskeyOnceAndWakesTheRole(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, sent, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	for _, l := range i18n.Languages {
		v := h.visitor(t)
		status, page := v.get("/" + string(l) + "/invitation/" + sent)
		if status != http.StatusOK || !strings.Contains(page, "Асан") || !strings.Contains(page, `data-passkey="enrol"`) || strings.Contains(page, "[people.") {
			t.Errorf("%s: %d", l, status)
		}
		for path, want := range map[string]int{"/invitation/nonsense": http.StatusNotFound, "/invitation/" + strings.Repeat("x", 24): http.StatusNotFound} {
			if status, _ := v.get("/" + string(l) + path); status != want {
				t.Errorf("%s %s: %d", l, path, status)
			}
		}
	}
	if n := stateOf(t, h, p.ID, "a@mail.kg"); n != people.Typed {
		t.Errorf("looking at it proves the address: %s", n)
	}
	// The answer is good in the browser that was asked alone, and without a passkey nothing wakes.
	v := h.visitor(t)
	if status, _ := v.post("/ky/invitation/"+sent, "/ky/invitation/"+sent, url.Values{}); status != http.StatusForbidden {
		t.Errorf("a button wakes a role: %d", status)
	}
	key := newKey(t, "her telephone", p.ID)
	_, options := v.ask("/invitation/"+sent+"/begin", nil)
	answer := key.make(challenge(options))
	other := h.visitor(t)
	other.ask("/sign-in/passkey/begin", nil)
	if status, _ := other.ask("/invitation/"+sent+"/finish", answer); status != http.StatusForbidden {
		t.Errorf("another browser: %d", status)
	}
	if status, _ := v.ask("/invitation/"+shown+"x/finish", answer); status == http.StatusOK {
		t.Error("a nonsense invitation")
	}
	if status := v.follow(sent, key); status != http.StatusOK {
		t.Fatalf("the invitation: %d", status)
	}
	if status, _ := v.get("/ky/people"); status != http.StatusOK {
		t.Errorf("she does not work: %d", status)
	}
	if state := stateOf(t, h, p.ID, "a@mail.kg"); state != people.Proven {
		t.Errorf("the address that it was sent to is %s", state)
	}
	for name, token := range map[string]string{"the same": sent, "the one that was shown": shown} {
		if status, _ := h.visitor(t).get("/ky/invitation/" + token); status == http.StatusOK {
			t.Errorf("%s opens again", name)
		}
		if status := h.visitor(t).follow(token, newKey(t, "a thief's "+name, p.ID)); status == http.StatusOK {
			t.Errorf("%s makes another passkey", name)
		}
	}
}

func TestAnInvitationOfAWeekAgoOpensNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, sent, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	h.clock.pass(7 * 24 * time.Hour)
	for _, token := range []string{sent, shown} {
		v := h.visitor(t)
		for _, l := range i18n.Languages {
			if status, page := v.get("/" + string(l) + "/invitation/" + token); status != http.StatusGone || strings.Contains(page, "Асан") || strings.Contains(page, "[people.") {
				t.Errorf("%s: %d", l, status)
			}
		}
		if status := v.follow(token, newKey(t, "late", p.ID)); status != http.StatusGone {
			t.Errorf("a passkey: %d", status)
		}
		if status, _ := v.post("/ky/sign-in", "/ky/invitation/"+token, url.Values{}); status != http.StatusGone {
			t.Errorf("the button: %d", status)
		}
	}
	if woken(t, h, p.ID) != 0 || stateOf(t, h, p.ID, "a@mail.kg") != people.Typed {
		t.Error("it woke a role or proved an address")
	}
}

func TestAnInvitationThatWasShownProvesNoAddress(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, _, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	if status := h.visitor(t).follow(shown, newKey(t, "key", p.ID)); status != http.StatusOK {
		t.Fatalf("the invitation: %d", status)
	}
	if state := stateOf(t, h, p.ID, "a@mail.kg"); state != people.Typed {
		t.Errorf("the address is %s", state)
	}
	// And her typed address opens her no more: her passkey is her proof.
	h.work(t)
	v := h.visitor(t)
	v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"a@mail.kg"}})
	h.work(t)
	if len(h.sent.codes) != 0 {
		t.Error("a typed address of staff gets a code")
	}
}

func TestWhoHasAPasskeyAcceptsAnInvitationOnlyWithIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, sent, _ := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	key := newKey(t, "her telephone", p.ID)
	if status := h.visitor(t).follow(sent, key); status != http.StatusOK {
		t.Fatalf("the first: %d", status)
	}
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := h.svc.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Moderator})
		return err
	})
	next := invite2(t, h, p.ID)
	mail := h.visitor(t)
	if status := mail.follow(next, newKey(t, "of who reads her mail", p.ID)); status != http.StatusForbidden {
		t.Errorf("a second passkey by the invitation: %d", status)
	}
	if _, page := mail.get("/ky/invitation/" + next); strings.Contains(page, `data-passkey="enrol"`) || !strings.Contains(page, "/ky/sign-in?back=") {
		t.Error("the page does not lead to her passkey")
	}
	if status, _ := mail.post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusForbidden {
		t.Errorf("without a session: %d", status)
	}
	h.clock.pass(2 * time.Minute)
	byCode := h.visitor(t)
	h.signIn(byCode, "a@mail.kg")
	if status, _ := byCode.post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusForbidden {
		t.Errorf("with a code: %d", status)
	}
	v := h.visitor(t)
	if status := v.signsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if n := woken(t, h, p.ID); n != 1 {
		t.Errorf("%d roles are awake before she accepts", n)
	}
	if status, to := v.post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Errorf("with her passkey: %d %s", status, to)
	}
	if n := woken(t, h, p.ID); n != 2 {
		t.Errorf("%d roles are awake", n)
	}
	if status := h.visitor(t).signsInWith(key); status != http.StatusOK {
		t.Errorf("her passkey is gone: %d", status)
	}
	if status, _ := v.post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusGone {
		t.Errorf("twice: %d", status)
	}
}

// invite2 invites to what sleeps, and leaves what is awake.
func invite2(t *testing.T, h house, person storage.ID) (token string) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		path, err := h.svc.Invite(ctx, tx, storage.ID{}, person, false)
		token = strings.TrimPrefix(path, "/invitation/")
		return err
	})
	return token
}

func woken(t *testing.T, h house, person storage.ID) (n int) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at > 0`, person).Scan(&n)
	})
	return n
}

// Her proof was a role alone, which was taken, and is given again: she accepts by the
// letter, with the passkey that she has, and keeps it.
func TestAcceptingByALetterKeepsThePasskeyItWasAcceptedWith(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, _, shown := invited(t, h, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	key := newKey(t, "her telephone", p.ID)
	if status := h.visitor(t).follow(shown, key); status != http.StatusOK {
		t.Fatal(status)
	}
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, p.ID); err != nil {
			return err
		}
		_, err := h.svc.Invite(ctx, tx, storage.ID{}, p.ID, true)
		return err
	})
	next := h.sent.invitations[len(h.sent.invitations)-1]
	v := h.visitor(t)
	if status := v.signsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, _ := v.post("/ky/invitation/"+next, "/ky/invitation/"+next, url.Values{}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if status, _ := v.get("/ky/people"); status != http.StatusOK || stateOf(t, h, p.ID, "a@mail.kg") != people.Proven {
		t.Errorf("she works: %d, her address is %s", status, stateOf(t, h, p.ID, "a@mail.kg"))
	}
	if status := h.visitor(t).signsInWith(key); status != http.StatusOK {
		t.Errorf("her passkey is gone: %d", status)
	}
}

func TestAnAdministratorGivesRolesInvitesAgainAndLetsALostPasskeySleep(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := register(t, h.store, h.svc, people.Details{FullName: "Админ", Email: "admin@mail.kg"})
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		return h.svc.Grant(ctx, tx, admin.ID, access.Grant{Role: access.Admin})
	})
	token := invite(t, h, admin.ID)
	key := newKey(t, "of the administrator", admin.ID)
	v := h.visitor(t)
	if status := v.follow(token, key); status != http.StatusOK {
		t.Fatal(status)
	}
	page := "/ru/people/" + p.ID.String()
	inPage := regexp.MustCompile(`http://localhost/ru/invitation/([A-Za-z0-9_-]{24})`)
	status, body := v.post(page, page+"/roles", url.Values{"role": {"coordinator"}})
	m := inPage.FindStringSubmatch(body)
	if status != http.StatusOK || m == nil {
		t.Fatalf("giving a role shows no invitation: %d", status)
	}
	if _, body := v.get(page); inPage.MatchString(body) || !strings.Contains(body, "ждёт приглашения") {
		t.Error("the invitation is shown again, or the role does not say that it sleeps")
	}
	_, body = v.post(page, page+"/invitation", url.Values{})
	again := inPage.FindStringSubmatch(body)
	if again == nil || again[1] == m[1] {
		t.Fatal("no new invitation")
	}
	hers := newKey(t, "hers", p.ID)
	if status := h.visitor(t).follow(m[1], hers); status != http.StatusNotFound {
		t.Errorf("the first one: %d", status)
	}
	her := h.visitor(t)
	if status := her.follow(again[1], hers); status != http.StatusOK {
		t.Fatalf("the second one: %d", status)
	}
	if status, _ := v.post(page, page+"/invitation", url.Values{}); status != http.StatusConflict {
		t.Errorf("nothing sleeps: %d", status)
	}
	// She lost her passkey: it goes, her roles sleep, and she is invited anew.
	v.post(page, page+"/passkeys", url.Values{})
	if status, _ := her.get("/ru/people"); status == http.StatusOK || woken(t, h, p.ID) != 0 {
		t.Errorf("she works without a passkey: %d", status)
	}
	_, body = v.post(page, page+"/invitation", url.Values{})
	if m = inPage.FindStringSubmatch(body); m == nil {
		t.Fatal("no invitation after the loss")
	}
	if status := her.follow(m[1], newKey(t, "her new one", p.ID)); status != http.StatusOK {
		t.Errorf("her new passkey: %d", status)
	}
	// A session left open gives nothing and takes nothing.
	h.clock.pass(web.FreshFor + time.Second)
	for _, path := range []string{"/roles", "/invitation", "/passkeys"} {
		if status, to := v.post(page, page+path, url.Values{"role": {"admin"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ru/sign-in?anew=1") {
			t.Errorf("an aged session at %s: %d %s", path, status, to)
		}
	}
}

func TestAnAdministratorIsInvitedFromTheCommandLine(t *testing.T) {
	scenes(t, func(s *scene) {
		invite := func(email string, anew bool) {
			s.t.Helper()
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.InviteAdministrator(ctx, tx, email, "", anew)
				return err
			})
		}
		holders := func() (list []storage.ID) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = s.svc.Holders(ctx, tx, access.Admin)
				return err
			})
			return list
		}
		// Forms with the address make nobody an administrator.
		form := s.register(people.Details{FullName: "Бирөө", Email: "admin@office.kg"})
		invite("admin@office.kg", false)
		invite("admin@office.kg", false)
		if list := holders(); len(list) != 1 || list[0] == form.ID {
			s.t.Fatalf("administrators %v", list)
		}
		// Nor does a colleague who only typed it beside her own.
		colleague := s.register(people.Details{FullName: "Модератор", Email: "m@office.kg"})
		s.as("m@office.kg")
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Grant(ctx, tx, colleague.ID, access.Grant{Role: access.Moderator})
		})
		s.change(colleague.ID, people.EmailContact, "next@office.kg")
		invite("next@office.kg", false)
		if list := holders(); slices.Contains(list, colleague.ID) || len(list) != 2 {
			s.t.Errorf("administrators %v", list)
		}
		for _, email := range []string{"", "no"} {
			if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.InviteAdministrator(ctx, tx, email, "", false)
				return err
			}); !fault.Is(err, fault.Invalid) {
				s.t.Errorf("%q: %v", email, err)
			}
		}
		admin := holders()[0]
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 1 WHERE person_id = $1`, admin)
			return err
		})
		s.keyed(admin)
		session := s.start(admin, access.OfPasskey)
		count := func() (n int) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				n, err = s.svc.Administrators(ctx, tx)
				return err
			})
			return n
		}
		if count() != 1 {
			s.t.Errorf("%d administrators are awake", count())
		}
		mail := s.contacts(admin)[0].Value
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.InviteAdministrator(ctx, tx, mail, "", false)
			return err
		}); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("she works already: %v", err)
		}
		invite(mail, true)
		if count() != 0 || s.keys(admin) != 0 || s.who(session).SignedIn() {
			s.t.Error("who lost her passkeys keeps something of before")
		}
	})
}

package roster_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func TestAnAdministratorGivesRolesInvitesAgainAndLetsALostPasskeySleep(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	admin := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админ", Email: "admin@mail.kg"})
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		return h.People.Grant(ctx, tx, admin.ID, access.Grant{Role: access.Admin})
	})
	token := h.Invite(t, admin.ID)
	key := peopletest.NewKey(t, "of the administrator", admin.ID)
	v := h.Visitor(t)
	if status := v.Follow(token, key); status != http.StatusOK {
		t.Fatal(status)
	}
	page := "/ru/people/" + p.ID.String()
	inPage := regexp.MustCompile(`http://localhost/ru/invitation/([A-Za-z0-9_-]{24})`)
	status, body := v.Post(page, page+"/roles", url.Values{"role": {"coordinator"}})
	m := inPage.FindStringSubmatch(body)
	if status != http.StatusOK || m == nil {
		t.Fatalf("giving a role shows no invitation: %d", status)
	}
	if _, body := v.Get(page); inPage.MatchString(body) || !strings.Contains(body, "приглашение ещё не принято") {
		t.Error("the invitation is shown again, or the role does not say that it sleeps")
	}
	_, body = v.Post(page, page+"/invitation", url.Values{})
	again := inPage.FindStringSubmatch(body)
	if again == nil || again[1] == m[1] {
		t.Fatal("no new invitation")
	}
	hers := peopletest.NewKey(t, "hers", p.ID)
	if status := h.Visitor(t).Follow(m[1], hers); status != http.StatusNotFound {
		t.Errorf("the first one: %d", status)
	}
	her := h.Visitor(t)
	if status := her.Follow(again[1], hers); status != http.StatusOK {
		t.Fatalf("the second one: %d", status)
	}
	if status, _ := v.Post(page, page+"/invitation", url.Values{}); status != http.StatusConflict {
		t.Errorf("nothing sleeps: %d", status)
	}
	// She lost her passkey: it goes, her roles sleep, and she is invited anew.
	v.Post(page, page+"/passkeys", url.Values{})
	if status, _ := her.Get("/ru/people"); status == http.StatusOK || h.Woken(t, p.ID) != 0 {
		t.Errorf("she works without a passkey: %d", status)
	}
	_, body = v.Post(page, page+"/invitation", url.Values{})
	if m = inPage.FindStringSubmatch(body); m == nil {
		t.Fatal("no invitation after the loss")
	}
	if status := her.Follow(m[1], peopletest.NewKey(t, "her new one", p.ID)); status != http.StatusOK {
		t.Errorf("her new passkey: %d", status)
	}
	// A session left open gives nothing and takes nothing.
	h.Clock.Pass(web.FreshFor + time.Second)
	for _, path := range []string{"/roles", "/invitation", "/passkeys"} {
		if status, to := v.Post(page, page+path, url.Values{"role": {"admin"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ru/sign-in?anew=1") {
			t.Errorf("an aged session at %s: %d %s", path, status, to)
		}
	}
}

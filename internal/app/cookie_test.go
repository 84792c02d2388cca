package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
)

// Every route of a house that speaks HTTPS is asked; each cookie that comes can be set by
// this site alone, is sent over HTTPS alone and is hidden from scripts and other sites.
func TestEachCookieIsOfThisSiteAloneWhereItSpeaksHTTPS(t *testing.T) {
	t.Parallel()
	s := openStage(t, "", "https://ashar.example")
	seen := map[string]bool{}
	s.cookies = func(c *http.Cookie) {
		seen[c.Name] = true
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s", c)
		}
	}
	for _, role := range []access.Role{nobody, applicant, access.Admin, access.Coordinator} {
		for _, route := range s.Routes() {
			if stream(route) {
				continue
			}
			asker, objects := s.as(role, recipes[route.Method+" "+route.Pattern].today)
			objects.ask(route, s.actor(asker).MaySomewhere(route.Needs))
		}
	}
	s.guest().send(http.MethodGet, "/ru/about", "", nil) // a language that the browser did not ask for
	for _, part := range []string{"session", "sign-in", "draft", "door", "flash", "lang"} {
		found := false
		for name := range seen {
			found = found || strings.Contains(name, part)
		}
		if !found {
			t.Errorf("no cookie of the kind %q was set, of %v: the test proves nothing of it", part, seen)
		}
	}
}

// Every page and file, also one that is refused or not there, carries the headers that
// keep it from scripts, frames and addresses of others.
func TestEveryAnswerCarriesTheHeadersThatProtect(t *testing.T) {
	t.Parallel()
	s := openStage(t, "", "https://ashar.example")
	look := func(name string, header http.Header) {
		t.Helper()
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy %q lacks %s", name, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", name, policy)
		}
		var seconds int
		if _, err := fmt.Sscanf(header.Get("Strict-Transport-Security"), "max-age=%d; includeSubDomains", &seconds); err != nil || seconds < 365*24*60*60 {
			t.Errorf("%s: HSTS is %q", name, header.Get("Strict-Transport-Security"))
		}
		for key, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"} {
			if header.Get(key) != want {
				t.Errorf("%s: %s is %q", name, key, header.Get(key))
			}
		}
	}
	for _, role := range []access.Role{nobody, access.Coordinator} {
		for _, route := range s.Routes() {
			if route.Method != http.MethodGet || stream(route) {
				continue
			}
			asker, objects := s.as(role, recipes[route.Method+" "+route.Pattern].today)
			_, _, header := objects.ask(route, s.actor(asker).MaySomewhere(route.Needs))
			look(route.Pattern, header)
		}
	}
	for _, path := range []string{"/", "/ky/nothing-of-this-name", "/assets/nothing.js", "/icon.svg"} {
		_, _, header := s.guest().send(http.MethodGet, path, "", nil)
		look(path, header)
	}
}

// Who signs in gets a session that she did not have, and the one before it opens nothing.
func TestEverySignInMakesANewSessionAndEndsTheOneBefore(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		asker := s.guest(access.Participant)
		c := s.set(asker, false)
		before := &guest{stage: s, person: asker.person, cookies: map[string]string{}}
		for name, value := range asker.cookies {
			before.cookies[name] = value
		}
		token := c.letter()
		if status, _, header := asker.do(http.MethodPost, "/ky/sign-in/link/"+token, url.Values{}); status != http.StatusSeeOther {
			t.Fatalf("signing in gives %d to %q", status, header.Get("Location"))
		}
		if status, _, _ := asker.do(http.MethodGet, "/ky/me", nil); status != http.StatusOK {
			t.Errorf("she is not signed in: %d", status)
		}
		name := s.rooms.people.Cookie("").Name
		if asker.cookies[name] == before.cookies[name] {
			t.Error("the session is the one before")
		}
		if status, _, _ := before.do(http.MethodGet, "/ky/me", nil); status != http.StatusSeeOther {
			t.Errorf("the session before still opens: %d", status)
		}
	})
}

// The log tells that somebody was refused, where and how; not who, and no line more than ours.
func TestARefusalIsInTheLogAndNamesNobody(t *testing.T) {
	t.Parallel()
	s := openStage(t, "", "https://ashar.example")
	asker := s.guest(access.Participant)
	forged := "\nlevel=ERROR msg=forged"
	for _, path := range []string{"/ky/people?q=" + url.QueryEscape("Асанова"+forged), "/ky/people/" + s.chief.person.String(), "/ky/people/" + url.PathEscape(forged), "/ky/" + url.PathEscape(forged)} {
		if status, _, _ := asker.do(http.MethodGet, path, nil); status < 400 {
			t.Errorf("%q gives %d", path, status)
		}
	}
	if status, _, _ := s.guest().do(http.MethodPost, "/ky/people/duplicates", url.Values{"a": {forged}}); status != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", status)
	}
	log := s.log.String()
	for _, want := range []string{"route=/people status=403", "route=/people/{id} status=403", "route=/people/duplicates status=401"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "forged") || strings.Contains(line, "Асанова") ||
			strings.Contains(line, asker.person.String()) || strings.Contains(line, "192.0.2.") || strings.Contains(line, "example.org") {
			t.Errorf("the log has the line %q", line)
		}
	}
}

package app

import (
	"context"
	"net/http"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Who removes a passkey, or the account of her organisation, may have lost the device: it
// is signed in no more, and she is.
func TestWhoTakesAWayInAwaySignsOutEverywhereElse(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		for _, pattern := range []string{"/me/passkeys/{id}", "/me/oidc/{id}"} {
			here := s.guest(access.Participant)
			lost := &guest{stage: s, person: here.person, cookies: map[string]string{}}
			s.write(func(ctx context.Context, tx *storage.Tx) error {
				token, err := s.rooms.people.StartSession(ctx, tx, here.person, access.OfPasskey)
				cookie := s.rooms.people.Cookie(token)
				lost.cookies[cookie.Name] = cookie.Value
				return err
			})
			if status, _, _ := lost.do(http.MethodGet, "/ky/me", nil); status != http.StatusOK {
				t.Fatalf("the lost device is not signed in: %d", status)
			}
			status, _, header := s.set(here, false).ask(web.Route{Method: http.MethodPost, Pattern: pattern}, true)
			if status != http.StatusSeeOther {
				t.Errorf("%s gives %d to %q", pattern, status, header.Get("Location"))
			}
			if status, _, _ := lost.do(http.MethodGet, "/ky/me", nil); status != http.StatusSeeOther {
				t.Errorf("%s: the lost device is still signed in: %d", pattern, status)
			}
			if status, _, _ := here.do(http.MethodGet, "/ky/me", nil); status != http.StatusOK {
				t.Errorf("%s: she is signed out herself: %d", pattern, status)
			}
		}
	})
}

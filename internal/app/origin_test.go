package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// weaken makes each session of the house one that a letter gave, or one of an
// application: the role is the same, how she came in is not.
func (h house) weaken(t *testing.T, origin access.Origin) {
	t.Helper()
	var application any
	if origin == access.OfApplication {
		application = storage.ID{1}
	}
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE session SET origin = $1, application_id = $2`, string(origin), application)
		if err == nil && n == 0 {
			t.Error("there is no session")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Every route, for every role, from every way in: what takes a passkey opens to nobody
// who came by a letter, and nothing of a record to the session of an application.
func TestEveryRouteOpensOnlyToWhoCameInTheWayItTakes(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	table := tableOf(h)
	for _, role := range access.Roles {
		for _, origin := range []access.Origin{access.OfApplication, access.OfProof, access.OfPasskey} {
			v := h.as(t, role)
			if origin != access.OfPasskey {
				h.weaken(t, origin)
			}
			opened, tried := 0, 0
			for _, route := range h.Routes() {
				takes := table.Origin(route.Needs)
				if takes == access.OfNobody || route.Method != http.MethodGet && origin == access.OfPasskey ||
					strings.HasPrefix(route.Pattern, "/live/") || strings.HasSuffix(route.Pattern, "/news") || strings.Contains(route.Pattern, "sign-out") {
					continue
				}
				enough := origin == takes || origin == access.OfPasskey || takes == access.OfApplication
				if enough && route.Method != http.MethodGet {
					continue // an act may end the session
				}
				path := fill(route.Pattern)
				if !route.Raw {
					path = "/ky" + path
				}
				var form url.Values
				if route.Method != http.MethodGet && route.Method != http.MethodHead {
					form = url.Values{"nothing": {"of use"}}
				}
				tried++
				status, _, header := v.do(route.Method, path, form)
				refused := status == http.StatusUnauthorized || status == http.StatusForbidden ||
					status == http.StatusSeeOther && (strings.Contains(header.Get("Location"), "sign-in") || strings.Contains(header.Get("Location"), "passkey"))
				if !enough && !refused {
					t.Errorf("%s %s takes %s and gives %s who came by %s: %d to %q", route.Method, route.Pattern, takes, role, origin, status, header.Get("Location"))
				}
				if !refused {
					opened++
				}
			}
			name := fmt.Sprintf("%s by %s", role, origin)
			if tried < 10 || origin == access.OfPasskey && opened == 0 {
				t.Errorf("%s: %d routes tried, %d opened: this proves nothing", name, tried, opened)
			}
		}
	}
}

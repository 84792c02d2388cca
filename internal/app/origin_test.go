package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// weaken makes the session of a guest one that began another way, or longer ago: who
// she is stays the same.
func (g *guest) weaken(origin access.Origin, ago time.Duration) {
	g.t.Helper()
	var application any
	if origin == access.OfApplication {
		application = storage.ID{1}
	}
	g.write(func(ctx context.Context, tx *storage.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE session SET origin = $1, application_id = $2, proven_at = $3 WHERE person_id = $4`,
			string(origin), application, storage.Micros(g.now.Add(-ago)), g.person)
		if err == nil && n == 0 {
			g.t.Error("there is no session")
		}
		return err
	})
	g.readToken()
}

// byPasskey are acts that a route lets everybody in to who is proven, and that the use case
// keeps for who came by passkey: ways in are not changed by who came by a letter, and
// staff do not make their first.
var byPasskey = map[string][]access.Role{
	"POST /me/passkeys/{id}":   {access.Coordinator, access.Participant},
	"POST /me/oidc/{id}":       {access.Coordinator, access.Participant},
	"POST /me/passkeys/begin":  {access.Coordinator},
	"POST /me/passkeys/finish": {access.Coordinator},
}

// Every route, for every role, from every way in, on objects that are there: what takes a
// passkey opens to nobody who came by a letter, nothing of a record to the session of an
// application, and what takes a fresh sign-in to none of an hour ago. What is enough opens.
func TestEveryRouteOpensOnlyToWhoCameInTheWayItTakes(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		opened, closed := 0, 0
		for _, role := range access.Roles {
			for _, way := range []struct {
				origin access.Origin
				ago    time.Duration
			}{{access.OfApplication, 0}, {access.OfProof, 0}, {access.OfPasskey, time.Hour}} {
				weak := func(today bool) (*guest, *set) {
					g, objects := s.as(role, today)
					g.weaken(way.origin, way.ago)
					return g, objects
				}
				shared, objects := weak(false) // for what is refused, which takes nothing from the next
				may := s.actor(shared)
				for _, route := range s.Routes() {
					takes := s.table.Origin(route.Needs)
					if takes == access.OfNobody || stream(route) || !may.MaySomewhere(route.Needs) {
						continue // whoever may not by her role is the matrix's
					}
					enough := way.ago == 0 && (way.origin == takes || takes == access.OfApplication) || way.ago > 0 && route.Fresh == ""
					if !enough {
						closed++
						if status, _, header := objects.ask(route, false); !refused(status, header) {
							t.Errorf("%s %s takes %s, fresh %q, and gives %s who came by %s %v ago: %d to %q", route.Method, route.Pattern, takes, route.Fresh, role, way.origin, way.ago, status, header.Get("Location"))
						}
						continue
					}
					if way.origin == access.OfApplication || route.Method != http.MethodGet && role != access.Coordinator && role != access.Participant {
						continue // the session of an application is asked in the matrix, acts for two roles
					}
					opened++
					recipe := recipes[route.Method+" "+route.Pattern]
					asker, own := weak(recipe.today)
					status, _, header := own.ask(route, true)
					name := route.Method + " " + route.Pattern
					if way.origin == access.OfProof && slices.Contains(byPasskey[name], role) {
						if status != http.StatusForbidden {
							t.Errorf("%s gives %s who came by a letter: %d", name, role, status)
						}
						continue
					}
					if want := recipe.expects(asker); want != 0 && status == want {
						continue
					}
					if status != http.StatusOK && status != http.StatusSeeOther || strings.Contains(header.Get("Location"), "/sign-in") {
						t.Errorf("%s %s takes %s, and refuses %s who came by %s %v ago: %d to %q", route.Method, route.Pattern, takes, role, way.origin, way.ago, status, header.Get("Location"))
					}
				}
			}
		}
		if opened < 200 || closed < 300 {
			t.Errorf("%d routes opened, %d stayed closed: this proves little", opened, closed)
		}
	})
}

package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// The line of pages of an event shows each role what opens to it, and nothing that does not,
// in its own city and in another.
func TestTheLineOfAnEventHasWhatOpensToWhoSeesIt(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		opened, hidden := 0, 0
		for _, role := range []access.Role{access.Admin, access.Coordinator, access.Facilitator, access.FrontDesk, access.Donor, access.Participant, nobody} {
			own, c := s.as(role, true)
			guests := map[string]*guest{"": own}
			if role == access.Coordinator || role == access.Facilitator {
				other := s.guest(access.Participant)
				s.write(func(ctx context.Context, tx *storage.Tx) error {
					return s.rooms.people.Grant(ctx, tx, other.person, access.Grant{Role: role, Scope: access.Scope{City: "talas"}})
				})
				guests["of another city"] = other
			}
			for where, g := range guests {
				shown := s.house.Event(&web.Request{Actor: s.actor(g)}, c.at)
				for _, m := range s.house.Manifests() {
					for _, p := range m.Event {
						path := strings.ReplaceAll(p.Path, "{slug}", c.at.Slug)
						status, body, _ := g.do(http.MethodGet, "/ky"+path, nil)
						in := slices.ContainsFunc(shown, func(one module.EventPart) bool { return one.Path == p.Path })
						if in != (status == http.StatusOK) {
							t.Errorf("%s %s: %s is shown: %t, and answers %d", role, where, path, in, status)
						}
						if in {
							opened++
							if !strings.HasPrefix(path, "/door/") && !strings.Contains(body, `aria-current="page"`) {
								t.Errorf("%s: the present page is not marked", path)
							}
						} else {
							hidden++
						}
					}
				}
			}
		}
		if opened < 10 || hidden < 10 {
			t.Errorf("%d opened, %d hidden: this proves little", opened, hidden)
		}
	})
}

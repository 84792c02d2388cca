package app

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// marked reports whether a link of the present page is the one to path.
func marked(body, path string) bool {
	return regexp.MustCompile(`href="` + regexp.QuoteMeta(path) + `"\s+aria-current="page"`).MatchString(body)
}

// titleOf is what stands between the tags of the title.
func titleOf(body string) string {
	_, after, _ := strings.Cut(body, "<title>")
	title, _, _ := strings.Cut(after, "</title>")
	return title
}

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
							if path != "/door/"+c.at.Slug && !marked(body, "/ky"+path) {
								t.Errorf("%s %s: the present page %s is not marked", role, where, path)
							}
							if label := s.Texts(i18n.Kyrgyz).T(p.Key); !strings.Contains(strings.ToLower(titleOf(body)), strings.ToLower(label)) {
								t.Errorf("%s: the link says %q, the title %q", path, label, titleOf(body))
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

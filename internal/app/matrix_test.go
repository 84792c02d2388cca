package app

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
)

var update = flag.Bool("update", false, "write testdata/access.txt")

// who tells who may use a route: the matrix as a person reads it.
func who(table access.Table, needs access.Permission) string {
	switch needs {
	case access.Public:
		return "everybody"
	case access.Applied:
		return "whoever handed an application in, or is signed in"
	case access.SignedIn:
		return "whoever is signed in"
	}
	roles := make([]string, 0, len(table[needs]))
	for _, r := range slices.Concat(access.Roles[:], access.Helpers[:]) {
		if slices.Contains(table[needs], r) {
			roles = append(roles, string(r))
		}
	}
	return strings.Join(roles, " ")
}

func tableOf(h house) access.Table {
	table := access.Table{}
	for _, m := range h.Manifests() {
		for p, roles := range m.Permissions {
			table[p] = roles
		}
	}
	return table
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// fill puts something harmless into the places of a pattern.
func fill(pattern string) string {
	return wildcard.ReplaceAllStringFunc(pattern, func(w string) string {
		switch strings.Trim(w, "{}.") {
		case "id", "person", "application", "activity":
			return "01920000-0000-7000-8000-000000000000"
		case "$":
			return ""
		}
		return "nothing-of-this-name"
	})
}

// Every route is asked by every role with objects that are there, each asking with its
// own: who may gets the page or is led on, who may not learns nothing.
func TestEveryRouteOpensToItsRolesAndToNobodyElse(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		asked := map[string]bool{}
		for _, route := range s.Routes() {
			name := route.Method + " " + route.Pattern
			asked[name] = true
			if route.Needs == "" {
				t.Errorf("%s says nothing of who may", name)
				continue
			}
			if !slices.Contains([]access.Permission{access.Public, access.Applied, access.SignedIn}, route.Needs) && len(s.table[route.Needs]) == 0 {
				t.Errorf("%s needs %s, which no role carries", name, route.Needs)
			}
			if stream(route) {
				continue
			}
			needs := route.Needs
			if doorside(route) {
				needs = doorNeeds(route)
			}
			recipe := recipes[name]
			if (recipe.want != 0 || recipe.nobody != 0 || recipe.person != 0 || recipe.leads != "") && recipe.why == "" {
				t.Errorf("%s has an outcome of its own and no reason", name)
			}
			opened := 0
			for _, role := range append([]access.Role{nobody, applicant}, access.Roles[:]...) {
				asker, objects := s.as(role, recipe.today)
				may := s.actor(asker).MaySomewhere(needs)
				status, body, header := objects.ask(route, may)
				switch {
				case may && recipe.expects(asker) != 0:
					if want := recipe.expects(asker); status != want {
						t.Errorf("%s as %q: %d to %q, not %d", name, role, status, header.Get("Location"), want)
					}
					opened++
				case may && recipe.leads != "":
					if status != http.StatusSeeOther || header.Get("Location") != recipe.leads {
						t.Errorf("%s as %q: %d to %q, not to %q", name, role, status, header.Get("Location"), recipe.leads)
					}
					opened++
				case may && (status != http.StatusOK && status != http.StatusSeeOther || strings.Contains(header.Get("Location"), "/sign-in") && !strings.HasPrefix(route.Pattern, "/sign-in")):
					t.Errorf("%s as %q: %d to %q, though it is for %s\n%s", name, role, status, header.Get("Location"), who(s.table, route.Needs), faultOf(body))
				case !may && !refused(status, header):
					t.Errorf("%s as %q: %d to %q, though it is for %s", name, role, status, header.Get("Location"), who(s.table, route.Needs))
				case may:
					opened++
				}
				if (route.Needs == access.SignedIn || route.Needs == access.Applied) && strings.Contains(route.Pattern, "{") && may {
					others := s.set(asker, recipe.today)
					others.foreign, others.self = true, s.guest(access.Participant).person
					if status, _, header := others.ask(route, may); status != http.StatusNotFound && status != http.StatusForbidden {
						t.Errorf("%s as %q, of somebody else: %d to %q", name, role, status, header.Get("Location"))
					}
				}
			}
			if opened == 0 {
				t.Errorf("%s opens to nobody", name)
			}
		}
		for name := range recipes {
			if !asked[name] {
				t.Errorf("there is no route %s any more", name)
			}
		}
	})
}

// Besides the roles there are a browser of nobody, and one that handed an application in.
const nobody, applicant access.Role = "nobody", "whoever applied"

// as makes somebody of a role, and what she asks about.
func (s *stage) as(role access.Role, today bool) (*guest, *set) {
	s.t.Helper()
	switch role {
	case nobody:
		g := s.guest()
		return g, s.set(g, today)
	case applicant:
		g := s.guest()
		objects := s.set(g, today)
		objects.handIn()
		return g, objects
	}
	g := s.guest(role)
	return g, s.set(g, today)
}

// faultOf takes the complaints out of a page, for who reads the failure.
func faultOf(body string) string {
	var out []string
	for _, m := range regexp.MustCompile(`(?s)<(?:p class="[^"]*error[^"]*"|li|h1)[^>]*>(.*?)</`).FindAllStringSubmatch(body, -1) {
		out = append(out, wildcardTag.ReplaceAllString(m[1], " "))
	}
	return strings.Join(out[:min(len(out), 12)], " | ")
}

var wildcardTag = regexp.MustCompile(`<[^>]*>`)

func TestTheListOfWhoMayWhatIsTheOneThatWasAgreed(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	table := tableOf(h)
	lines := make([]string, 0, len(h.Routes()))
	for _, r := range h.Routes() {
		origin := string(table.Origin(r.Needs))
		if r.Fresh != "" {
			origin += ", fresh"
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%-6s %-48s %-15s %s", r.Method, r.Pattern, origin, who(table, r.Needs)), " "))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[7:]+a[:6], b[7:]+b[:6]) })
	got := strings.Join(lines, "\n") + "\n"
	const file = "testdata/access.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("who may what has changed: look at it, then go test ./internal/app -run Agreed -update\n%s", got)
	}
}

package app

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/modules/seminars"
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
	for _, r := range access.Roles {
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

func TestEveryRouteOpensToItsRolesAndToNobodyElse(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	table := tableOf(h)
	grants := map[access.Role]access.Actor{"": {Table: table}}
	for _, role := range access.Roles {
		grants[role] = access.Actor{Person: [16]byte{1}, Grants: []access.Grant{{Role: role}}, Table: table}
	}
	for _, route := range h.Routes() {
		if route.Needs == "" {
			t.Errorf("%s %s says nothing of who may", route.Method, route.Pattern)
			continue
		}
		if !slices.Contains([]access.Permission{access.Public, access.Applied, access.SignedIn}, route.Needs) && len(table[route.Needs]) == 0 {
			t.Errorf("%s %s needs %s, which no role carries", route.Method, route.Pattern, route.Needs)
		}
		if strings.HasPrefix(route.Pattern, "/live/") || strings.HasSuffix(route.Pattern, "/news") {
			continue // streams that do not end
		}
		path := fill(route.Pattern)
		if !route.Raw {
			path = "/ky" + path
		}
		for role := range grants {
			v := h.as(t, role) // signed in anew: an act may end the session
			var form url.Values
			if route.Method != http.MethodGet && route.Method != http.MethodHead {
				form = url.Values{"nothing": {"of use"}}
			}
			status, body, header := v.do(route.Method, path, form)
			name := fmt.Sprintf("%s %s as %q", route.Method, path, role)
			if status >= 500 && status != http.StatusServiceUnavailable { // passkeys need a name, not an address
				t.Errorf("%s: %d", name, status)
			}
			needs := route.Needs
			if (strings.HasPrefix(route.Pattern, "/door/") || route.Pattern == "/api/v1/checkins") && needs == access.Public {
				needs = seminars.MayAdmit // or a phone that was enrolled, which only the handler knows
			}
			may := grants[role].MaySomewhere(needs)
			refused := status == http.StatusUnauthorized || status == http.StatusForbidden ||
				role == "" && status == http.StatusSeeOther && strings.Contains(header.Get("Location"), "sign-in")
			switch {
			case !may && !refused:
				t.Errorf("%s: %d, though it is for %s", name, status, who(table, route.Needs))
			case may && status == http.StatusUnauthorized:
				t.Errorf("%s: refused, though it is for %s", name, who(table, route.Needs))
			case may && route.Needs == access.Public && status == http.StatusForbidden && form == nil:
				t.Errorf("%s: refused, though it is for everybody", name)
			}
			if !may && strings.Contains(body, "<form") && strings.Contains(body, `name="to"`) {
				t.Errorf("%s: the refusal shows the form", name)
			}
		}
	}
}

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

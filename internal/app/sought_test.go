package app

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
)

var (
	searchForm = regexp.MustCompile(`(?s)<form([^>]*role="search"[^>]*)>(.*?)</form>`)
	tableForm  = regexp.MustCompile(`<form method="post" action="([^"]*)" data-file>`)
	inAddress  = regexp.MustCompile(` (?:href|action|formaction)="([^"]*)"`)
	searchName = regexp.MustCompile(`name="(q|find)"`)
)

// addressesWith gives the addresses on a page that hold a word, however they are written.
func addressesWith(page, word string) (out []string) {
	for _, m := range inAddress.FindAllStringSubmatch(page, -1) {
		where, err := url.QueryUnescape(html.UnescapeString(m[1]))
		if err != nil || strings.Contains(strings.ToLower(where), word) {
			out = append(out, m[1])
		}
	}
	return out
}

// Every page of staff that has a search is asked for a name: neither the address that it
// leads to nor a link of the page that answers holds it. And the table of a list, asked for
// by a search that opens no more, is none of everything: it leads back to the list.
func TestWhatIsSoughtStandsInNoAddressAndASearchThatEndedGivesNoTable(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		today, ahead := s.set(s.chief, true), s.set(s.chief, false)
		ahead.mention(ahead.at.ID)
		const typed, word = "Асанова", "асан"
		searched, tables := map[string]bool{}, map[string]bool{}
		for _, route := range s.Routes() {
			if route.Method != http.MethodGet || route.Raw || stream(route) || !doorside(route) && (len(s.table[route.Needs]) == 0 || route.Needs == access.SignedIn) {
				continue
			}
			objects := ahead
			if doorside(route) {
				objects = today
			}
			path := objects.path(route, route.Pattern)
			status, page, _ := s.chief.do(http.MethodGet, path, nil)
			form := searchForm.FindStringSubmatch(page)
			if status != http.StatusOK || form == nil {
				continue
			}
			searched[route.Pattern] = true
			action, field := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(form[1]), searchName.FindStringSubmatch(form[2])
			if action == nil || field == nil || !strings.Contains(form[1], `method="post"`) {
				t.Errorf("%s sends what is sought in the address: %s", route.Pattern, form[1])
				continue
			}
			status, body, header := s.chief.do(http.MethodPost, html.UnescapeString(action[1]), url.Values{field[1]: {typed}})
			to := header.Get("Location")
			if where, err := url.QueryUnescape(to); status != http.StatusSeeOther || err != nil || strings.Contains(strings.ToLower(where), word) {
				t.Errorf("%s leads to %d %q: %s", route.Pattern, status, to, faultOf(body))
				continue
			}
			to, _, _ = strings.Cut(to, "#")
			asked := []string{to}
			if field[1] == "q" { // a link that somebody else made
				asked = append(asked, path+"?q="+url.QueryEscape(typed))
			}
			for _, one := range asked {
				status, answer, _ := s.chief.do(http.MethodGet, one, nil)
				if with := addressesWith(answer, word); status != http.StatusOK || len(with) > 0 || !strings.Contains(answer, `value="`+typed+`"`) {
					t.Errorf("%s, asked as %s: %d, addresses with the name: %q", route.Pattern, one, status, with)
				}
			}
			for _, m := range tableForm.FindAllStringSubmatch(page, -1) {
				tables[route.Pattern] = true
				where, err := url.Parse(html.UnescapeString(m[1]))
				if err != nil {
					t.Fatal(err)
				}
				status, table, header := s.chief.do(http.MethodPost, where.Path+"?find=ended", url.Values{"format": {"csv"}})
				if status != http.StatusSeeOther || header.Get("Location") != path {
					t.Errorf("the table of %s by a search that ended: %d to %q, %d bytes", route.Pattern, status, header.Get("Location"), len(table))
				}
			}
		}
		for _, page := range []string{"/people", "/staff/applications", "/staff/find", "/staff/messages", "/staff/news/mentions", "/staff/seminars/{slug}/applicants", "/door/{slug}", "/plan/team/{slug}"} {
			if !searched[page] {
				t.Errorf("the search of %s was not found", page)
			}
		}
		for _, page := range []string{"/people", "/staff/applications", "/staff/news/mentions"} {
			if !tables[page] {
				t.Errorf("the table of %s was not found", page)
			}
		}
	})
}

package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// Who is sought among the applicants stands in no address: not in that of the page, in no
// link of it, and not in the one that a choice leads back to.
func TestNoAddressHoldsTheNameOfAnApplicantWhoIsSought(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		for n := range 3 {
			clock.Pass(time.Second)
			if _, err := apply(t.Context(), m, a, n, fmt.Sprintf("secret-%d-of-a-browser", n)); err != nil {
				t.Fatal(err)
			}
		}
		staff := &browser{t: t, base: serve(t, m, clock), staff: true}
		const list = "/ru/staff/seminars/osh/applicants"
		names := func(where string) bool {
			plain, err := url.QueryUnescape(where)
			return err != nil || strings.Contains(strings.ToLower(plain), "асан") || strings.Contains(plain, "q=")
		}
		clean := func(page string) {
			t.Helper()
			for _, attribute := range []string{` href="`, ` action="`, ` formaction="`} {
				for _, rest := range strings.Split(page, attribute)[1:] {
					if where, _, _ := strings.Cut(rest, `"`); names(where) {
						t.Errorf("an address on the page holds the name: %s", where)
					}
				}
			}
		}
		status, _, to := staff.do("POST", list+"?state=applied", url.Values{"q": {" Асанова 1 "}})
		if status != http.StatusSeeOther || !strings.HasPrefix(to, list+"?") || !strings.Contains(to, "state=applied") || !strings.Contains(to, "find=") || names(to) {
			t.Fatalf("the search leads to %d %s", status, to)
		}
		_, page, _ := staff.do("GET", to, nil)
		if strings.Count(page, `name="chosen"`) != 1 || !strings.Contains(page, "Асанова 1") || !strings.Contains(page, `value="Асанова 1"`) {
			t.Errorf("the page is not that of the search: %d applicants", strings.Count(page, `name="chosen"`))
		}
		clean(page)
		// Links that others made go on working, and are the last that name her.
		_, page, _ = staff.do("GET", list+"?q="+url.QueryEscape("Асанова 1"), nil)
		if strings.Count(page, `name="chosen"`) != 1 {
			t.Error("an open search is not answered")
		}
		clean(page)
		_, after, _ := strings.Cut(page, `name="chosen" value="`)
		tick, _, _ := strings.Cut(after, `"`)
		status, _, back := staff.do("POST", to, url.Values{"chosen": {tick}, "to": {"declined"}})
		if status != http.StatusSeeOther || !strings.Contains(back, "find=") || names(back) {
			t.Errorf("a choice leads to %d %s", status, back)
		}
		clock.Pass(13 * time.Hour)
		if _, page, _ := staff.do("GET", to, nil); !strings.Contains(page, "Поиск в этом адресе больше не действует") || strings.Count(page, `name="chosen"`) != 2 {
			t.Errorf("a search that has ended says nothing: %d applicants", strings.Count(page, `name="chosen"`))
		}
		if status, _, _ := (&browser{t: t, base: staff.base, as: "coordinator naryn"}).do("POST", list, url.Values{"q": {"Асанова"}}); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("who works in another city seeks here: %d", status)
		}
	})
}

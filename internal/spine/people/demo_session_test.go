package people_test

import (
	"net/http"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// A link of the demo opens the door of whoever has it: where the same database is opened
// as a real house nobody is signed in by it, neither by what it gave before nor anew.
func TestASessionOfTheDemoIsNobodyOutsideIt(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, store *storage.Store, clock *clock) {
		h := openWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.clock = clock
		p := register(t, store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
		v := h.as(t, p, access.Grant{Role: access.Admin})
		if status, _ := v.get("/ru/me"); status != http.StatusOK {
			t.Fatalf("in the demo: %d", status)
		}
		v.url = openWith(t, store, people.Options{PublicURL: "http://localhost"}).url
		if status, to := v.get("/ru/me"); status != http.StatusSeeOther || !strings.Contains(to, "sign-in") {
			t.Errorf("outside the demo its session opens her page: %d %.100s", status, to)
		}
	})
}

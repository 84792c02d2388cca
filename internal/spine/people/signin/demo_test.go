package signin_test

import (
	"net/http"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// A link of the demo opens the door of whoever has it: where the same database is opened
// as a real house nobody is signed in by it, neither by what it gave before nor anew.
func TestASessionOfTheDemoIsNobodyOutsideIt(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.Clock = clock
		p := peopletest.Register(t, store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
		v := h.As(t, p, access.Grant{Role: access.Admin})
		if status, _ := v.Get("/ru/me"); status != http.StatusOK {
			t.Fatalf("in the demo: %d", status)
		}
		v.URL = peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost"}).URL
		if status, to := v.Get("/ru/me"); status != http.StatusSeeOther || !strings.Contains(to, "sign-in") {
			t.Errorf("outside the demo its session opens her page: %d %.100s", status, to)
		}
	})
}

package roster_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// A text of signs alone names nobody: it is no result that everybody was found.
func TestTheListSaysSoWhenThereWasNothingToSearchFor(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	staff := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админова Роза", Email: "admin@mail.kg"})
	peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асанова Сайкал", Phone: "+996555777333", City: "osh", Group: "deputies", Sex: "female"})
	v := h.As(t, staff, access.Grant{Role: access.Admin})
	const says = "has neither a letter nor a number"
	for typed, unread := range map[string]bool{
		"%_%": true, `"`: true, "ъъ": true, "' '": true, "...": true, "": false, "  ": false,
		"асан": false, "a": false, "555777333": false, "admin@mail.kg": false, "@": false,
	} {
		status, page := v.Get("/en/people?group=deputies&q=" + url.QueryEscape(typed))
		if status != http.StatusOK || strings.Contains(page, says) != unread {
			t.Errorf("%q: %d, says that there is nothing to search for: %v", typed, status, !unread)
		}
		if unread && !strings.Contains(page, "Асанова Сайкал") {
			t.Errorf("%q: it is not the plain list", typed)
		}
	}
	// Of what is too long the first letters are sought, in an address as in the form.
	for long, finds := range map[string]bool{strings.Repeat("щы", 2500): false, strings.Repeat("асанова ", 400): true, strings.Repeat("асанова ", 14) + "кимдир": false} {
		if _, page := v.Get("/en/people?q=" + url.QueryEscape(long)); strings.Contains(page, "Сайкал") != finds {
			t.Errorf("%d letters find somebody: %v", len(long), !finds)
		}
	}
}

func TestTheImportIsShownToThoseAloneWhoMayUseIt(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	for city, may := range map[string]bool{"": true, "osh": false, "talas": false} {
		staff := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админова Роза", Email: "admin" + city + "@mail.kg"})
		v := h.As(t, staff, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: city}})
		for _, path := range []string{"/ru/people", "/ru/people?q=никого"} {
			_, page := v.Get(path)
			if strings.Contains(page, `/import/people"`) != may {
				t.Errorf("the coordinator of %q sees the way to the import at %s: %v", city, path, !may)
			}
		}
		if status, _ := v.Get("/ru/import/people"); status == http.StatusOK != may {
			t.Errorf("the coordinator of %q opens the import: %d", city, status)
		}
	}
}

package roster_test

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/spine/people"
)

func TestAPersonHearsOfWhatDecidesAboutHerAccess(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	admin := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админова Роза", Email: "admin@mail.kg"})
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg", Phone: "+996555111222"})
	v := h.As(t, admin, access.Grant{Role: access.Admin})
	page := "/ru/people/" + p.ID.String()
	heard := func(want ...people.Change) {
		t.Helper()
		if !reflect.DeepEqual(h.Sent.Changes, want) {
			t.Errorf("told %+v, want %+v", h.Sent.Changes, want)
		}
		h.Sent.Changes = nil
	}
	form := url.Values{"name": {"Асан"}, "email": {"asan@mail.kg"}, "phone": {"+996555111222"}, "lang": {"ky"}, "city": {"osh"}}
	v.Post(page+"/edit", page+"/edit", form)
	heard() // another city is nothing to warn of
	form.Set("email", "other@mail.kg")
	form.Set("phone", "+996555111333")
	v.Post(page+"/edit", page+"/edit", form)
	// What was typed alone hears nothing itself: it may be anybody's.
	heard(people.Change{Person: p.ID, What: "people.change.email"}, people.Change{Person: p.ID, What: "people.change.phone"})
	v.Post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:osh"}})
	heard(people.Change{Person: p.ID, What: "people.change.role_given"})
	if len(h.Sent.Invitations) != 1 {
		t.Errorf("%d invitations", len(h.Sent.Invitations))
	}
	v.Post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:osh"}})
	heard() // she has it already
	if status, _ := v.Post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:atlantis"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a place that does not exist: %d", status)
	}
	if status, _ := v.Post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"activity:1"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("an activity that does not exist: %d", status)
	}
	heard()
	v.Post(page, page+"/passkeys", url.Values{})
	heard(people.Change{Person: p.ID, What: "people.change.passkey_removed"})
}

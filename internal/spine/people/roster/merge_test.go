package roster_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

var undoOf = regexp.MustCompile(`action="/ru/people/duplicates/undo">[\s\S]*?name="id" value="([0-9a-f-]+)"`)

// Both records are read side by side; what would happen is said before anything does; the
// pages of both tell that it waits, and undo it.
func TestAMergeIsReadConfirmedAndUndoneOnItsPages(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	boss := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg", City: "osh"}), access.Grant{Role: access.Coordinator})
	a := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан Үсөнов", Email: "a@mail.kg", Phone: "0555123456", City: "osh", Village: "Кара-Суу"})
	b := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан Үсөнов", Email: "b@mail.kg", City: "osh", Organisation: "Айыл үнү"})
	pair := "/ru/people/" + a.ID.String() + "/merge?with=" + b.ID.String()
	page := mustGet(t, boss, pair)
	for _, words := range []string{"Кара-Суу", "Айыл үнү", "a•••@m•••.kg", "b•••@m•••.kg", "••• 56"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page of both does not say %q", words)
		}
	}
	if like := mustGet(t, boss, "/ru/people/"+a.ID.String()+"/merge"); !strings.Contains(like, b.ID.String()) {
		t.Error("a record of the same name and city is not proposed")
	}
	form := url.Values{"a": {a.ID.String()}, "b": {b.ID.String()}, "keep": {"b"}, "contact": {h.ContactID(t, a.ID, "a@mail.kg"), h.ContactID(t, b.ID, "b@mail.kg")}}
	status, ask := boss.Post(pair, "/ru/people/duplicates", form)
	if status != http.StatusOK || !strings.Contains(ask, "a•••@m•••.kg") || strings.Contains(ask, "b•••@m•••.kg") {
		t.Errorf("the page of confirmation: %d, it names the contacts that come: %v", status, strings.Contains(ask, "a•••@m•••.kg"))
	}
	plans := func() (n int) {
		peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM merge_plan`).Scan(&n)
		})
		return n
	}
	if plans() != 0 {
		t.Error("it waits before anybody has said yes")
	}
	if status, _ := boss.Post(pair, "/ru/people/duplicates", url.Values{"a": form["a"], "b": form["b"]}); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", status)
	}
	form.Set("sure", "1")
	for range 2 { // the button is pressed twice
		if status, _ := boss.Post(pair, "/ru/people/duplicates", form); status != http.StatusSeeOther {
			t.Errorf("decided: %d", status)
		}
	}
	if plans() != 1 {
		t.Errorf("%d plans", plans())
	}
	for _, p := range []people.Person{a, b} {
		if page := mustGet(t, boss, "/ru/people/"+p.ID.String()); !undoOf.MatchString(page) {
			t.Error("a page does not tell that a merge waits")
		}
	}
	undo := undoOf.FindStringSubmatch(mustGet(t, boss, "/ru/people/"+a.ID.String()))[1]
	if status, _ := boss.Post("/ru/people/"+a.ID.String(), "/ru/people/duplicates/undo", url.Values{"id": {undo}}); status != http.StatusSeeOther {
		t.Errorf("undone: %d", status)
	}
	if plans() != 0 || undoOf.MatchString(mustGet(t, boss, "/ru/people/"+b.ID.String())) {
		t.Error("it waits after it was undone")
	}
}

// An administrator names a coordinator of one city by one form.
func TestACoordinatorIsNamedOnOnePage(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	admin := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админ", Email: "admin@mail.kg"}), access.Grant{Role: access.Admin})
	coordinator := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg"}), access.Grant{Role: access.Coordinator})
	if status, _ := coordinator.Get("/ru/people/name"); status != http.StatusForbidden {
		t.Errorf("a coordinator opens the form: %d", status)
	}
	form := url.Values{"name": {"Нурайым Касымова"}, "email": {"n@mail.kg"}, "lang": {"ky"}, "role": {"coordinator"}, "city": {"naryn"}}
	for range 2 {
		if status, _ := admin.Post("/ru/people/name", "/ru/people/name", form); status != http.StatusSeeOther {
			t.Errorf("named: %d", status)
		}
	}
	form.Set("name", "Нургүл Касымова")
	status, page := admin.Post("/ru/people/name", "/ru/people/name", form)
	if status != http.StatusConflict || !strings.Contains(page, `value="another"`) || !strings.Contains(page, "Нурайым Касымова") {
		t.Errorf("another of the same address: %d", status)
	}
	form.Set("person", "another")
	if status, _ := admin.Post("/ru/people/name", "/ru/people/name", form); status != http.StatusSeeOther {
		t.Errorf("another: %d", status)
	}
	if roles := mustGet(t, admin, "/ru/people/roles"); strings.Count(roles, "Касымова") != 2 {
		t.Error("the list of roles does not show both")
	}
}

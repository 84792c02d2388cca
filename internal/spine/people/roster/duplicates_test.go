package roster_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

func TestOnlyWhoGivesRolesEditsOrMergesARecordThatHoldsOne(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	osh := access.Scope{City: "osh"}
	coordinator := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg", City: "osh"}), access.Grant{Role: access.Coordinator})
	admin := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админ", Email: "admin@mail.kg"}), access.Grant{Role: access.Admin})
	plain := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан Үсөнов", Email: "a@mail.kg", City: "osh"})
	holder := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан Үсөнов", Email: "a@mail.kg", City: "osh"})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error { // a role that sleeps counts too
		_, err := h.People.GrantBy(ctx, tx, plain.ID, holder.ID, access.Grant{Role: access.Deputy, Scope: osh})
		return err
	})
	edit := func(v *peopletest.Visitor, p people.Person) (int, int) {
		path := "/ru/people/" + p.ID.String() + "/edit"
		seen, _ := v.Get(path)
		from := path
		if seen != http.StatusOK {
			from = "/ru/people/" + p.ID.String()
		}
		status, _ := v.Post(from, path, url.Values{"name": {"Асан Үсөнов"}, "email": {"thief@mail.kg"}, "lang": {"ru"}, "city": {"osh"}})
		return seen, status
	}
	if seen, saved := edit(coordinator, holder); seen != http.StatusForbidden || saved != http.StatusForbidden {
		t.Errorf("a coordinator edits who holds a role: %d, %d", seen, saved)
	}
	if seen, saved := edit(coordinator, plain); seen != http.StatusOK || saved != http.StatusSeeOther {
		t.Errorf("a coordinator edits nobody: %d, %d", seen, saved)
	}
	merge := func(v *peopletest.Visitor, keep string) int {
		status, _ := v.Post("/ru/people/duplicates", "/ru/people/duplicates", url.Values{"a": {plain.ID.String()}, "b": {holder.ID.String()}, "keep": {keep}, "sure": {"1"}})
		return status
	}
	for _, keep := range []string{"a", "b"} {
		if status := merge(coordinator, keep); status != http.StatusForbidden {
			t.Errorf("a coordinator merges, %s stays: %d", keep, status)
		}
	}
	if seen, saved := edit(admin, holder); seen != http.StatusOK || saved != http.StatusSeeOther {
		t.Errorf("an administrator does not edit: %d, %d", seen, saved)
	}
	if status := merge(admin, "b"); status != http.StatusSeeOther {
		t.Errorf("an administrator does not merge: %d", status)
	}
}

package roster_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// inFiles counts how often people were noted to be in a table.
func inFiles(t *testing.T, h peopletest.House) (count int) {
	t.Helper()
	if err := h.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Limit: 1000})
		for _, e := range list {
			if e.Action == "people.audit.in_file" {
				count++
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return count
}

// A page with a search stays open over night: whom it found is not known any more, and its
// button gives nobody, rather than everybody. Those who are ticked are known.
func TestATableOfASearchThatEndedHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.Clock = clock
		crowd(t, h)
		her := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Яблокова Я", City: "naryn"})
		grant := access.Grant{Role: access.Coordinator}
		_, open := h.As(t, her, grant).Post("/ru/people", "/ru/people?group=deputies", url.Values{"q": {"Асанова"}})
		export := strings.Replace(open, "/ru/people?", "/ru/people/export?", 1)
		if !strings.Contains(export, "find=") {
			t.Fatalf("the search leads to %s", open)
		}
		v := h.As(t, her, grant)
		if status, body := v.Post("/ru/people", export, url.Values{"format": {"csv"}}); status != http.StatusOK || !strings.Contains(body, "Асанова Сайкал") || strings.Contains(body, "Бек") || inFiles(t, h) != 1 {
			t.Fatalf("while the search holds: %d, %d noted\n%s", status, inFiles(t, h), body)
		}
		clock.Pass(13 * time.Hour)
		v = h.As(t, her, grant) // signed in anew
		status, body := v.Post("/ru/people", export, url.Values{"format": {"csv"}})
		if status != http.StatusSeeOther || body != "/ru/people?group=deputies" || inFiles(t, h) != 1 {
			t.Errorf("once it has ended: %d, %d noted\n%s", status, inFiles(t, h), body)
		}
		if _, page := v.Get(body); !strings.Contains(page, "Поиск в этом адресе больше не действует") {
			t.Error("the list does not say why there is no table")
		}
		found, err := h.People.List(t.Context(), people.ListQuery{Actor: access.Actor{Table: h.People.Manifest().Permissions, Grants: []access.Grant{{Role: access.Admin}}}, Text: "Асанова"})
		if err != nil || len(found.IDs) != 1 {
			t.Fatal(found, err)
		}
		picked := url.Values{"ticked": {"xlsx"}, "pick": {found.IDs[0].String()}}
		if status, body := v.Post("/ru/people", export, picked); status != http.StatusOK || !strings.HasPrefix(body, "PK") || inFiles(t, h) != 2 {
			t.Errorf("who was ticked: %d, %d noted", status, inFiles(t, h))
		}
	})
}

// "Only those who are ticked", pressed before anybody is, gives nobody.
func TestATableOfTheTickedHoldsNobodyWhenNobodyIsTicked(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.Clock = clock
		all, _, _ := crowd(t, h)
		_, page := all.Get("/ru/people")
		if !strings.Contains(page, `name="ticked" value="xlsx"`) {
			t.Fatal("the button does not say that it is of the ticked")
		}
		status, body := all.Post("/ru/people", "/ru/people/export", url.Values{"ticked": {"xlsx"}})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Никто не отмечен") || inFiles(t, h) != 0 {
			t.Errorf("%d, %d noted", status, inFiles(t, h))
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// What somebody without a sign-in types leads to a new record, whoever has the name or
// the address: to the same page, the same headers and as many rows as an address that
// nobody has; and of who was there before nothing changes, neither a row nor her pages.
func TestAFormLeavesWhoIsKnownUntouchedAndItsPageDoesNotTellWhoIs(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 100 }, func(s stage) {
		her, _, hers := s.proven("q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_phone", "0555 12 34 56")
		s.apply(s.browser(), "q_name", "Асел Токтогулова", "q_email", "asel1@example.kg", "q_phone", "0555 65 43 21")
		looks := func() (out [3]string) {
			for i, path := range []string{hers, "/en/me/edit", "/en/my/applications"} {
				s.pass(time.Minute)
				status, page, _ := her.do("GET", path, nil)
				if status != http.StatusOK {
					s.t.Errorf("%s: %d", path, status)
				}
				out[i] = page
			}
			return out
		}
		before := looks()

		type seen struct {
			page    string
			headers [2]map[string][]string
			rows    map[string]int
		}
		stranger := func(name, email, phone string) (out seen) {
			s.pass(12 * time.Hour) // a letter may go to each address
			b := s.browser()
			form := s.form(b, "q_name", name, "q_email", email, "q_phone", phone)
			held := s.rows()
			status, page, to := s.send(b, form)
			if status != http.StatusSeeOther {
				s.t.Fatalf("%s, %s: %d %s", name, email, status, page)
			}
			out.headers[0], out.rows = b.headers(), s.added(held)
			status, page, _ = b.do("GET", to, nil)
			if status != http.StatusOK {
				s.t.Fatalf("%s, %s: her page gives %d", name, email, status)
			}
			id := to[strings.LastIndex(to, "/")+1:]
			out.page, out.headers[1] = plain(page, id), b.headers()
			if status, _, _ := b.do("GET", hers, nil); status != http.StatusNotFound {
				s.t.Errorf("%s, %s: opens the application of who is known: %d", name, email, status)
			}
			return out
		}
		unknown := stranger("Азиза Уметова", "aziza@example.kg", "0700 11 22 56")
		if unknown.rows["person"] != 1 || unknown.rows["application"] != 1 || unknown.rows["session"] != 1 || unknown.rows["contact"] != 2 {
			t.Fatalf("an unknown address makes %v", unknown.rows)
		}
		for what, typed := range map[string][3]string{
			"an address that is proven":     {"Азиза Уметова", "aigul@example.kg", "0700 11 22 56"},
			"written another way":           {"Азиза Уметова", "aIGUL@eXAMPLE.kg", "0700 11 22 56"},
			"name and address of a proven":  {"Айгүл Асанова", "aigul@example.kg", "0555 12 34 56"},
			"an address that was typed":     {"Азиза Уметова", "asel1@example.kg", "0700 11 22 56"},
			"name and contacts of a record": {"Асел Токтогулова", "asel1@example.kg", "0555 65 43 21"},
			"a number that is proven":       {"Азиза Уметова", "anara@example.kg", "0555 12 34 56"},
		} {
			got := stranger(typed[0], typed[1], typed[2])
			// The last two digits of a number and the first letters of an address are shown.
			if got.page != unknown.page {
				s.t.Errorf("%s: the page is another: %s", what, difference(got.page, unknown.page))
			}
			if !reflect.DeepEqual(got.headers, unknown.headers) {
				s.t.Errorf("%s: the headers are others: %s", what, difference(fmt.Sprint(got.headers), fmt.Sprint(unknown.headers)))
			}
			if !maps.Equal(got.rows, unknown.rows) {
				s.t.Errorf("%s: makes the rows %v, not %v", what, got.rows, unknown.rows)
			}
		}
		if after := looks(); after != before {
			s.t.Errorf("her own pages have changed: %s", difference(fmt.Sprint(after), fmt.Sprint(before)))
		}
	})
}

// The records with the address cannot be opened at all: whatever looked one up would fail.
func TestAFormOpensNoRecordByWhatWasTyped(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 100 }, func(s stage) {
		_, app, _ := s.proven("q_phone", "0555 12 34 56")
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET sealed = $2 WHERE id = $1`, app.Person, []byte("torn"))
			return err
		})
		for name, d := range map[string]people.Details{
			"by e-mail": {FullName: "Айгүл Асанова", Email: "aigul@example.kg"}, "by phone": {FullName: "Айгүл Асанова", Phone: "+996555123456"},
		} {
			if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, _, err := s.m.People.Same(ctx, tx, d, nil)
				return err
			}); err == nil {
				s.t.Errorf("looking her up %s does not fail: the test proves nothing", name)
			}
		}
		b := s.browser()
		_, path := s.apply(b, "q_phone", "0555 12 34 56")
		if status, _, _ := b.do("GET", path, nil); status != http.StatusOK {
			s.t.Errorf("her page: %d", status)
		}
		for _, email := range []string{"aigul@example.kg", "other@example.kg"} {
			if status, page, _ := b.do("POST", path+"/reach", map[string][]string{"do": {"email"}, "email": {email}}); status != http.StatusSeeOther {
				s.t.Errorf("another address: %d %s", status, page)
			}
		}
		s.apply(b, "q_name", "Айгүл Асанова", "q_email", "", "q_phone", "0555 12 34 56")
	})
}

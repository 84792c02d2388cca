package people_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// contents gives all rows of the database, by table and by what they hold.
func contents(t testing.TB, store *storage.Store) map[string]map[string]int {
	t.Helper()
	tables, err := store.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]int{}
	peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		for _, table := range tables {
			in := map[string]int{}
			list, err := tx.Query(ctx, `SELECT * FROM `+table.Name) //nolint:gosec // the name is of the schema
			if err != nil {
				return err
			}
			cells, into := make([]any, len(table.Columns)), make([]any, len(table.Columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			for list.Next() {
				if err := list.Scan(into...); err != nil {
					return err
				}
				in[fmt.Sprint(cells...)]++
			}
			if err := list.Err(); err != nil {
				return err
			}
			list.Close()
			out[table.Name] = in
		}
		return nil
	})
	return out
}

// written tells how many rows of each table came or changed, and how many went.
func written(before, after map[string]map[string]int) map[string][2]int {
	out := map[string][2]int{}
	for table := range after {
		var n [2]int
		for row, count := range after[table] {
			n[0] += max(0, count-before[table][row])
		}
		for row, count := range before[table] {
			n[1] += max(0, count-after[table][row])
		}
		if n != [2]int{} {
			out[table] = n
		}
	}
	return out
}

// seen is all that an answer shows to who asked.
type seen struct {
	status  int
	body    string
	headers string
	cookies string
	rows    string
}

// watch sends a form and gives what came back and what was written.
func watch(v *peopletest.Visitor, h peopletest.House, path string, form url.Values) seen {
	v.T.Helper()
	before := contents(v.T, h.Store)
	res, err := v.HTTP.PostForm(v.URL+path, form)
	if err != nil {
		v.T.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.T.Fatal(err)
	}
	out := seen{status: res.StatusCode, body: string(body)}
	var cookies, headers []string
	for _, c := range res.Cookies() {
		value := c.Value
		c.Value = strings.Repeat("x", len(value))
		cookies = append(cookies, c.String())
	}
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		if name != "Set-Cookie" && name != "X-Request-Id" && name != "Date" {
			headers = append(headers, name+": "+strings.Join(res.Header[name], ", "))
		}
	}
	out.cookies, out.headers = strings.Join(cookies, "\n"), strings.Join(headers, "\n")
	out.rows = fmt.Sprint(written(before, contents(v.T, h.Store)))
	return out
}

// same compares what each address gives with the first.
func same(t *testing.T, what string, got map[string]seen) {
	t.Helper()
	want := got["nobody's"]
	for name, one := range got {
		if one != want {
			t.Errorf("%s: an address that is %s is told apart: status %d and %d, body equal %v, headers equal %v,\ncookies %s\nand %s,\nrows %s\nand %s", what, name,
				one.status, want.status, one.body == want.body, one.headers == want.headers, one.cookies, want.cookies, one.rows, want.rows)
		}
	}
}

func TestNobodyLearnsWhoIsInByAskingForACode(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost"})
		h.Clock = clock
		s := &scene{t: t, store: store, svc: h.People, clock: clock, sent: h.Sent}
		addresses := map[string]string{
			"nobody's": "nobody@mail.kg", "typed": "typed@mail.kg", "proven": "prove@mail.kg", "shared": "share@mail.kg", "muted": "muted@mail.kg",
			"over its letters": "often@mail.kg", "over its tries": "tries@mail.kg", "a phone": "+996555111222", "nobody's phone": "+996555333444",
		}
		for name, address := range addresses {
			if strings.HasPrefix(name, "nobody") {
				continue
			}
			d := people.Details{FullName: "Асан", Email: address}
			if name == "a phone" {
				d = people.Details{FullName: "Асан", Phone: address}
			}
			p := s.register(d)
			if name == "muted" {
				id := s.contact(p.ID, address).ID
				s.must(func(ctx context.Context, tx *storage.Tx) error { return h.People.Mute(ctx, tx, storage.ID{}, p.ID, id) })
			}
		}
		s.register(people.Details{FullName: "Бакыт", Email: "share@mail.kg"})
		s.as("prove@mail.kg")
		s.ask("other", "often@mail.kg")
		for range 3 {
			s.mayWrite("often@mail.kg")
		}
		for browser := range 6 {
			name := fmt.Sprint("thief ", browser)
			s.ask(name, "tries@mail.kg")
			for range 5 {
				s.code(name, "no code")
			}
		}
		s.work()
		asked, wrongly := map[string]seen{}, map[string]seen{}
		for name, address := range addresses {
			v := h.Visitor(t)
			v.Get("/ky/sign-in")
			asked[name] = watch(v, h, "/ky/sign-in", url.Values{"address": {address}})
			// The letter may be there or not: a wrong code looks the same.
			s.work()
			if name != "over its tries" {
				wrongly[name] = watch(v, h, "/ky/sign-in/code", url.Values{"code": {"no code"}})
			}
			s.work()
		}
		same(t, "asking", asked)
		same(t, "a wrong code", wrongly)
		if asked["nobody's"].status != http.StatusSeeOther || !strings.Contains(asked["nobody's"].rows, "sign_in:[1 0]") || !strings.Contains(asked["nobody's"].rows, "job:[1 0]") {
			t.Errorf("this test does not see what is written: %+v", asked["nobody's"])
		}
		if wrongly["nobody's"].status != http.StatusUnprocessableEntity || !strings.Contains(wrongly["nobody's"].rows, "sign_in_wrong:[1 0]") {
			t.Errorf("this test does not see what is written: %+v", wrongly["nobody's"])
		}
		// What was typed is limited, whoever it is: nobody's address comes to the same end.
		for browser := range 6 {
			name := fmt.Sprint("thief of nobody ", browser)
			s.ask(name, "nobody@mail.kg")
			for range 5 {
				s.code(name, "no code")
			}
		}
		full := map[string]seen{}
		for name, address := range map[string]string{"nobody's": "nobody@mail.kg", "over its tries": "tries@mail.kg"} {
			v := h.Visitor(t)
			v.Get("/ky/sign-in")
			v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {address}})
			s.work()
			full[name] = watch(v, h, "/ky/sign-in/code", url.Values{"code": {"no code"}})
		}
		same(t, "a full limit", full)
	})
}

// Forms without a sign-in: whoever is known, the same is answered and written.
func TestNobodyLearnsWhoIsInByAForm(t *testing.T) {
	scenes(t, func(s *scene) {
		known := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg", Phone: "+996555111222"})
		s.as("a@mail.kg")
		form := func(email, phone string) string {
			before := contents(s.t, s.store)
			p := s.register(people.Details{FullName: "Асан", Email: email, Phone: phone})
			if p.ID == known.ID {
				s.t.Error("a form leads to a record of before")
			}
			if !s.mayWrite(email) {
				s.t.Errorf("%s gets no letter", email)
			}
			return fmt.Sprint(written(before, contents(s.t, s.store)))
		}
		if a, b := form("a@mail.kg", "+996555111222"), form("b@mail.kg", "+996555333444"); a != b {
			s.t.Errorf("a known address writes %s, another %s", a, b)
		}
	})
}

package roster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// spellings are the ways in which a contact could stand in a page.
func spellings(contact string) []string {
	digits := regexp.MustCompile(`[^0-9]`).ReplaceAllString(contact, "")
	out := []string{contact, url.QueryEscape(contact), html.EscapeString(contact), strings.ReplaceAll(contact, "@", "&#64;")}
	if strings.HasPrefix(contact, "+") {
		national := strings.TrimPrefix(digits, "996")
		out = append(out, digits, national, national[:3]+" "+national[3:6]+" "+national[6:], national[:3]+" "+national[3:5])
	}
	return out
}

// On no page of a person does a contact stand that nobody asked for; in the answer to who
// says what for stands the one that was asked for, as links, and no other.
func TestContactsAreMaskedUntilSomebodySaysWhatFor(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		boss := h.As(t, peopletest.Register(t, store, h.People, people.Details{FullName: "Жылдыз", City: "osh"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
		rnd := rand.New(rand.NewPCG(4, 18))
		var before people.Person
		for i := range 8 {
			d := people.Details{
				FullName: "Бегайым Арчалиева", City: "osh",
				Email: fmt.Sprintf("%c%c%d@%c%d.kg", 'a'+rnd.IntN(26), 'a'+rnd.IntN(26), 1000+rnd.IntN(9000), 'a'+rnd.IntN(26), 100+rnd.IntN(900)),
				Phone: fmt.Sprintf("+99670%07d", rnd.IntN(10_000_000)),
			}
			p := peopletest.Register(t, store, h.People, d)
			page := "/ru/people/" + p.ID.String()
			paths := []string{page, page + "?lang=en", page + "/merge", "/ru/people", "/ru/people/duplicates"}
			if i > 0 {
				paths = append(paths, page+"/merge?with="+before.ID.String())
			}
			before = p
			masked := func(path string, but ...string) {
				t.Helper()
				_, body := boss.Get(path)
				for _, contact := range []string{d.Email, d.Phone} {
					for _, spelt := range spellings(contact) {
						if strings.Contains(body, spelt) {
							t.Errorf("%s holds %q", strings.ReplaceAll(path, p.ID.String(), "…"), spelt)
						}
					}
				}
			}
			for _, path := range paths {
				masked(path)
			}
			for contact, links := range map[string][]string{
				d.Email: {`href="mailto:` + d.Email + `"`},
				d.Phone: {`href="tel:` + d.Phone + `"`, `href="https://wa.me/` + d.Phone[1:] + `" rel="noreferrer"`, `href="https://t.me/` + d.Phone + `" rel="noreferrer"`},
			} {
				other := d.Email + d.Phone
				other = strings.Replace(other, contact, "", 1)
				why := fmt.Sprintf("қонгуроо %d <b>", rnd.IntN(1e6))
				status, body := boss.Post(page, page+"/contacts", url.Values{"contact": {h.ContactID(t, p.ID, contact)}, "reason": {"other"}, "words": {why}})
				if status != http.StatusOK {
					t.Fatalf("shown: %d", status)
				}
				for _, link := range links {
					if !strings.Contains(html.UnescapeString(body), link) {
						t.Errorf("the answer does not hold %s", link)
					}
				}
				for _, spelt := range spellings(other) {
					if strings.Contains(body, spelt) {
						t.Error("the answer holds what nobody asked for")
					}
				}
				masked(page) // shown once
				if her := mustGet(t, h.As(t, p), "/ru/me"); !strings.Contains(her, html.EscapeString(why)) {
					t.Errorf("she does not read the words of the reason, %q", why)
				}
			}
		}
	})
}

// Who gives no reason, or one that is none, is shown nothing, and nothing stands in the log.
func TestNothingIsShownWithoutAReasonOrOutOfReach(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		osh := h.As(t, peopletest.Register(t, store, h.People, people.Details{FullName: "Ошский", City: "osh"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
		door := h.As(t, peopletest.Register(t, store, h.People, people.Details{FullName: "Эшик", City: "osh"}), access.Grant{Role: access.FrontDesk})
		her := peopletest.Register(t, store, h.People, people.Details{FullName: "Асан", City: "osh", Phone: "+996555010203"})
		far := peopletest.Register(t, store, h.People, people.Details{FullName: "Үсөн", City: "talas", Phone: "+996555040506"})
		hers, his := h.ContactID(t, her.ID, "+996555010203"), h.ContactID(t, far.ID, "+996555040506")
		page := "/ru/people/" + her.ID.String()
		for what, c := range map[string]struct {
			by     *peopletest.Visitor
			path   string
			form   url.Values
			status int
		}{
			"no reason":             {osh, page, url.Values{"contact": {hers}}, http.StatusUnprocessableEntity},
			"a reason that is none": {osh, page, url.Values{"contact": {hers}, "reason": {"curious"}}, http.StatusUnprocessableEntity},
			"another, unsaid":       {osh, page, url.Values{"contact": {hers}, "reason": {"other"}, "words": {" \u200b "}}, http.StatusUnprocessableEntity},
			"too many words":        {osh, page, url.Values{"contact": {hers}, "reason": {"event"}, "words": {strings.Repeat("ө", people.MostLookWords+1)}}, http.StatusUnprocessableEntity},
			"another's contact":     {osh, page, url.Values{"contact": {his}, "reason": {"event"}}, http.StatusNotFound},
			"no contact":            {osh, page, url.Values{"contact": {"x"}, "reason": {"event"}}, http.StatusNotFound},
			"another city":          {osh, "/ru/people/" + far.ID.String(), url.Values{"contact": {his}, "reason": {"event"}}, http.StatusForbidden},
			"the front desk":        {door, page, url.Values{"contact": {hers}, "reason": {"event"}}, http.StatusForbidden},
		} {
			status, body := c.by.Post(page, c.path+"/contacts", c.form)
			if status != c.status || strings.Contains(body, "996555") || strings.Contains(body, "555 01") || strings.Contains(body, "555 04") {
				t.Errorf("%s: %d, want %d", what, status, c.status)
			}
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			var n int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE action LIKE '%_shown' OR reason <> ''`).Scan(&n)
			if n != 0 {
				t.Errorf("%d looks are noted that were refused", n)
			}
			return err
		})
	})
}

// Her log goes with her: into her archive, into the record that hers is merged into, and away
// with her.
func TestTheReasonOfALookComesAlongAndGoes(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		boss := peopletest.Register(t, store, h.People, people.Details{FullName: "Жылдыз", City: "osh"})
		from := peopletest.Register(t, store, h.People, people.Details{FullName: "Асан Үсөнов", City: "osh", Phone: "+996555010203"})
		into := peopletest.Register(t, store, h.People, people.Details{FullName: "Асан Үсөнов", City: "osh"})
		const words = "семинар эртең, жол башка"
		var contact storage.ID
		contact, err := storage.ParseID(h.ContactID(t, from.ID, "+996555010203"))
		if err != nil {
			t.Fatal(err)
		}
		archive := func(id storage.ID) (raw string) {
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				data, err := h.People.Export(ctx, tx, id)
				if err != nil {
					return err
				}
				b, err := json.Marshal(data["access"])
				raw = string(b)
				return err
			})
			return raw
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			by := access.Actor{Person: boss.ID, Grants: []access.Grant{{Role: access.Coordinator}}}
			_, err := h.People.ShowContact(ctx, tx, people.ShowContact{By: by, Person: from.ID, Contact: contact, Reason: people.ToCallAbout, Words: words})
			return err
		})
		if in := archive(from.ID); !strings.Contains(in, words) || !strings.Contains(in, `"reason":"event"`) {
			t.Errorf("her archive says %s", in)
		}
		for table, rows := range map[string]string{"audit_entry": "words"} { // sealed where it lies
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				boxes, err := storage.All(ctx, tx, func(row storage.Scanner) (b []byte, err error) { err = row.Scan(&b); return b, err },
					`SELECT `+rows+` FROM `+table+` WHERE `+rows+` IS NOT NULL`)
				if len(boxes) != 1 || strings.Contains(string(boxes[0]), "семинар") {
					t.Errorf("%d boxes, or one that is open", len(boxes))
				}
				return err
			})
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			return h.People.Merge(ctx, tx, people.MergeRecords{By: boss.ID, From: from.ID, Into: into.ID})
		})
		if in := archive(into.ID); !strings.Contains(in, words) {
			t.Errorf("after the merge: %s", in)
		}
		if err := h.People.EraseForGood(t.Context(), boss.ID, into.ID); err != nil {
			t.Fatal(err)
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			var n int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE words IS NOT NULL OR reason <> ''`).Scan(&n)
			if n != 0 {
				t.Errorf("%d reasons are left of who was erased", n)
			}
			return err
		})
	})
}

// TestWhoWorksInOneCityReadsNoWordsOfALookFromElsewhere: somebody who works everywhere says
// what a number is needed for; the coordinator of her city reads the reason, not the words,
// and nothing of his own looks beside the history.
func TestWhoWorksInOneCityReadsNoWordsOfALookFromElsewhere(t *testing.T) {
	adding(t, func(t *testing.T, h peopletest.House, boss people.Person, v *peopletest.Visitor) {
		her := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асанова Айгүл", Phone: "+996555123456", City: "osh"})
		far := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Администратор", Email: "a@mail.kg"})
		const words = "тууралуу жабык жыйын"
		show := func(by access.Actor, words string) {
			peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
				list, err := h.People.ContactsOf(ctx, tx, her)
				if err != nil {
					return err
				}
				_, err = h.People.ShowContact(ctx, tx, people.ShowContact{By: by, Person: her.ID, Contact: list[0].ID, Reason: people.ToCallAbout, Words: words})
				return err
			})
		}
		everywhere := access.Actor{Person: far.ID, Grants: []access.Grant{{Role: access.Coordinator}}}
		show(everywhere, words)
		aside := func(reader *peopletest.Visitor) string { // who looked, beside the history
			var page string
			for range 4 { // her own looks push nothing out
				page = mustGet(t, reader, "/en/people/"+her.ID.String())
			}
			_, page, _ = strings.Cut(page, "<h2>Who looked</h2>")
			page, _, _ = strings.Cut(page, "</section>")
			return page
		}
		if said := aside(v); strings.Contains(said, words) || !strings.Contains(said, "To speak about an event") || strings.Contains(said, ">You<") || strings.Count(said, "<li>") != 1 {
			t.Errorf("the coordinator of Osh reads %s", said)
		}
		h.Clock.Pass(time.Minute) // looks of one moment are in no order
		show(access.Actor{Person: boss.ID, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}}, "өзүмдүкү")
		if said := aside(h.As(t, far, access.Grant{Role: access.Coordinator})); !strings.Contains(said, "To speak about an event: өзүмдүкү") || strings.Contains(said, words) {
			t.Errorf("who works everywhere reads %s", said)
		}
	})
}

package pages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// postbox remembers the letters whose transaction was kept, and the warnings.
type postbox struct {
	mu       sync.Mutex
	letters  []messages.Notice
	warnings []people.Change
	broken   bool // it takes nothing
}

var errPost = errors.New("the postbox takes nothing")

func (p *postbox) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	if p.broken {
		return errPost
	}
	if err := (outbox{}).Send(ctx, tx, n); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if !slices.ContainsFunc(p.letters, func(o messages.Notice) bool { return o.Key == n.Key }) {
			p.letters = append(p.letters, n)
		}
	})
	return nil
}

// Cancel takes back the letter with a key.
func (p *postbox) Cancel(ctx context.Context, tx *storage.Tx, key string) (int, error) {
	n, err := (outbox{}).Cancel(ctx, tx, key)
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.letters = slices.DeleteFunc(p.letters, func(o messages.Notice) bool { return o.Key == key })
	})
	return n, err
}

func (p *postbox) CancelTo(context.Context, *storage.Tx, storage.ID, storage.ID, ...string) (int, error) {
	return 0, nil
}

func (p *postbox) SendChange(_ context.Context, tx *storage.Tx, c people.Change) error {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.warnings = append(p.warnings, c)
	})
	return nil
}

func (p *postbox) SendCode(context.Context, *storage.Tx, people.SignInCode) error { return nil }

func (p *postbox) SendInvitation(context.Context, *storage.Tx, people.RoleLetter) error { return nil }

func (p *postbox) SendProof(context.Context, *storage.Tx, storage.ID, string, string) error {
	return nil
}

// count tells how many letters have gone out.
func (p *postbox) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.letters)
}

// last gives the link of the latest letter to a person.
func (p *postbox) last(t testing.TB, person storage.ID) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range slices.Backward(p.letters) {
		if n.To == person {
			return n.Path
		}
	}
	t.Fatalf("no letter went to %s", person)
	return ""
}

// stage is the module with the pages of people beside it, and a postbox.
type stage struct {
	t    *testing.T
	m    *Module
	a    seats.Activity
	c    *storagetest.Clock
	post *postbox
	url  string
}

// staged opens the stage; an empty address of the site is one without HTTPS.
func staged(t *testing.T, store *storage.Store, c *storagetest.Clock, site string, change func(*seats.Activity)) stage {
	t.Helper()
	m, a := fixture(t, store, change)
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	post := &postbox{}
	m.PublicURL, m.Messages = site, post
	m.People = people.New(people.Options{Keys: keys, Store: store, PublicURL: site})
	m.People.SendWith(post)
	m.People.Attach([]module.Manifest{{Name: "seminars", Merge: m.Merge, Erase: m.Erase, Export: m.Export, Proved: m.Proved, MyData: m.myData}})
	return stage{t, m, a, c, post, serve(t, m, c, peopletest.Manifests(m.People, m.Store)...)}
}

// onStage runs f on both engines.
func onStage(t *testing.T, change func(*seats.Activity), f func(s stage)) {
	t.Helper()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) { f(staged(t, store, c, "", change)) })
}

func (s stage) browser() *browser { return &browser{t: s.t, base: s.url} }

// form opens the form in a browser and gives what it would send.
func (s stage) form(b *browser, change ...string) url.Values {
	s.t.Helper()
	status, page, _ := b.do("GET", "/en/events/osh/apply", nil)
	if status != http.StatusOK {
		s.t.Fatalf("the form: %d", status)
	}
	_, mark, _ := strings.Cut(page, `name="draft" value="`)
	mark, _, _ = strings.Cut(mark, `"`)
	return fill(append([]string{"draft", mark}, change...)...)
}

func (s stage) send(b *browser, form url.Values) (status int, page, to string) {
	s.t.Helper()
	return b.do("POST", "/en/events/osh/apply", form)
}

// apply fills the form in and hands it in; it gives the page of the application.
func (s stage) apply(b *browser, change ...string) (app seats.Application, path string) {
	s.t.Helper()
	status, page, to := s.send(b, s.form(b, change...))
	if status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
		s.t.Fatalf("handing in gives %d to %q\n%s", status, to, page)
	}
	return s.at(to), to
}

// at gives the application of a page.
func (s stage) at(path string) seats.Application {
	s.t.Helper()
	id, err := storage.ParseID(path[strings.LastIndex(path, "/")+1:])
	if err != nil {
		s.t.Fatalf("no application at %q", path)
	}
	return stateOf(s.t, s.m, id)
}

// proven signs a woman in whose e-mail is proven, as her letter and a code do.
func (s stage) proven(change ...string) (her *browser, app seats.Application, path string) {
	s.t.Helper()
	first := s.browser()
	app, path = s.apply(first, change...)
	her = s.browser()
	write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
		if err := proveEmail(ctx, tx, s.m, app.Person); err != nil {
			return err
		}
		token, err := s.m.People.StartSession(ctx, tx, app.Person, access.OfProof)
		her.jar = map[string]string{s.m.People.Cookie(token).Name: token}
		return err
	})
	return her, stateOf(s.t, s.m, app.ID), path
}

// proveEmail proves the e-mail of a record, as the button of a letter does.
func proveEmail(ctx context.Context, tx *storage.Tx, m *Module, person storage.ID) error {
	id, err := m.People.ContactToProve(ctx, tx, people.Person{ID: person})
	if err != nil {
		return err
	}
	_, err = m.People.Prove(ctx, tx, people.Prove{Person: person, Contact: id})
	return err
}

// person reads a record.
func (s stage) person(id storage.ID) (p people.Person) {
	s.t.Helper()
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.m.People.ByID(ctx, tx, id)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s stage) contacts(id storage.ID) (list []people.Contact) {
	s.t.Helper()
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = s.m.People.Contacts(ctx, tx, id)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return list
}

func (s stage) count(query string, args ...any) int {
	s.t.Helper()
	return count(s.t, s.m, query, args...)
}

// pass lets time pass.
func (s stage) pass(by time.Duration) { s.c.Set(s.c.Now().Add(by)) }

// rows is the whole database: each row as a text, with how often it is there.
func (s stage) rows() map[string]map[string]int {
	s.t.Helper()
	tables, err := s.m.Store.Tables(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string]map[string]int{}
	x := theft{t: s.t, m: s.m}
	for _, table := range tables {
		if table.Name == "contact_letter" { // a mark a slot of when it was written to, not a row a letter
			continue
		}
		columns := make([]string, len(table.Columns))
		for i, c := range table.Columns {
			columns[i] = c.Name
		}
		out[table.Name] = map[string]int{}
		for _, row := range x.rows(len(columns), `SELECT `+strings.Join(columns, ", ")+` FROM `+table.Name) {
			out[table.Name][strings.Join(row, "|")]++
		}
	}
	return out
}

// added tells how many rows of each table are new; that one of before is gone or has
// changed is an error.
func (s stage) added(before map[string]map[string]int) map[string]int {
	s.t.Helper()
	out := map[string]int{}
	for table, rows := range s.rows() {
		for row, n := range before[table] {
			if rows[row] != n {
				s.t.Errorf("a row of %s is gone or has changed: %.200s", table, row)
			}
		}
		sum := 0
		for row, n := range rows {
			sum += n - before[table][row]
		}
		if sum != 0 {
			out[table] = sum
		}
	}
	return out
}

var moment = regexp.MustCompile(`<small>[^<]*</small>|<(p class="day"|li class="[a-z]*")><time [^>]*>[^<]*</time>`)

// plain takes out of a page what is different each time: the id of the application and
// the moments of its history.
func plain(page, id string) string {
	return moment.ReplaceAllString(strings.ReplaceAll(page, id, "(id)"), "(moment)")
}

// headers gives those of an answer by which somebody could tell two apart: cookies by
// their name and what they may.
func (b *browser) headers() map[string][]string {
	out := maps.Clone(map[string][]string(b.answer.Header))
	for _, name := range []string{"Date", "Location", "Set-Cookie", "X-Request-Id"} {
		delete(out, name)
	}
	for _, c := range b.answer.Cookies() {
		c.Value = fmt.Sprint(len(c.Value))
		c.Raw, c.RawExpires, c.Expires = "", "", time.Time{}
		out["cookies"] = append(out["cookies"], c.String())
	}
	slices.Sort(out["cookies"])
	return out
}

// difference shows where two texts begin to differ.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	part := func(s string) string { return s[max(0, min(i-40, len(s))):min(i+80, len(s))] }
	return fmt.Sprintf("%q, not %q", part(a), part(b))
}

// emailOf is an address of a test.
func emailOf(n int) string { return fmt.Sprintf("a%d@example.kg", n) }

// handIn applies without a page, with answers of its own.
func handIn(ctx context.Context, m *Module, a seats.Activity, secret string, change ...string) (h seats.Handed, err error) {
	answers := answersOf(1)
	for i := 0; i+1 < len(change); i += 2 {
		if delete(answers.Values, change[i]); change[i+1] != "" {
			answers.Values[change[i]] = []string{change[i+1]}
		}
	}
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answers, Secret: secret, Lang: i18n.Kyrgyz})
		return err
	})
	return h, err
}

package people_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// scene is the room of people with a pocket for its letters; browsers are their tokens.
type scene struct {
	t     *testing.T
	store *storage.Store
	svc   *people.Service
	clock *storagetest.Clock
	sent  *peopletest.Pocket
}

func scenes(t *testing.T, f func(s *scene)) {
	t.Helper()
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) { f(newScene(t, store, clock)) })
}

func newScene(t *testing.T, store *storage.Store, clock *storagetest.Clock) *scene {
	t.Helper()
	s := &scene{t: t, store: store, svc: room(t, store), clock: clock, sent: &peopletest.Pocket{}}
	s.svc.SendWith(s.sent)
	return s
}

// do runs a use case; a fault is given back, everything else ends the test.
func (s *scene) do(f func(ctx context.Context, tx *storage.Tx) error) error {
	s.t.Helper()
	return peopletest.Try(s.t, s.store, f)
}

// must runs a use case that must succeed.
func (s *scene) must(f func(ctx context.Context, tx *storage.Tx) error) {
	s.t.Helper()
	peopletest.Write(s.t, s.store, f)
}

// meanwhile runs a second use case while the first is not through yet, and gives how the
// second ended: on PostgreSQL it has read what it reads first, and waits; on SQLite one
// writes at a time.
func (s *scene) meanwhile(first, second func(ctx context.Context, tx *storage.Tx) error) error {
	s.t.Helper()
	ended := make(chan error, 1)
	s.must(func(ctx context.Context, tx *storage.Tx) error {
		if err := first(ctx, tx); err != nil {
			return err
		}
		go func() { ended <- s.store.Write(s.t.Context(), second) }()
		for waits := tx.Dialect() != storage.PostgreSQL; !waits && len(ended) == 0; {
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
				AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits); err != nil {
				return err
			}
		}
		return nil
	})
	return <-ended
}

func (s *scene) register(d people.Details) people.Person {
	s.t.Helper()
	return peopletest.Register(s.t, s.store, s.svc, d)
}

// ask asks for a code and does the work behind it; it gives the letters that left.
func (s *scene) ask(browser, address string) []people.SignInCode {
	s.t.Helper()
	before := len(s.sent.Codes)
	s.clock.Pass(time.Millisecond) // the newest ask of a browser counts
	s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.AskToSignIn(ctx, tx, browser, address) })
	s.work()
	return s.sent.Codes[before:]
}

func (s *scene) work() { s.t.Helper(); peopletest.Work(s.t, s.store, s.svc) }

func (s *scene) code(browser, code string) (r people.SignInResult) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = s.svc.SignInByCode(ctx, tx, browser, code, storage.ID{})
		return err
	})
	return r
}

func (s *scene) link(browser string, c people.SignInCode) (r people.SignInResult) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = s.svc.SignInByLink(ctx, tx, browser, strings.TrimPrefix(c.Path, "/sign-in/link/"), storage.ID{})
		return err
	})
	return r
}

// signIn signs in with an address by its code, in a browser of its own.
func (s *scene) signIn(address string) people.SignInResult {
	s.t.Helper()
	s.clock.Pass(6 * time.Minute) // whatever was sent before
	browser := "browser of " + address + strconv.Itoa(len(s.sent.Codes))
	letters := s.ask(browser, address)
	if len(letters) != 1 {
		s.t.Fatalf("%d letters went to %s", len(letters), address)
	}
	return s.code(browser, letters[0].Code)
}

// as signs in with an address and gives who that is.
func (s *scene) as(address string) access.Actor {
	s.t.Helper()
	r := s.signIn(address)
	if r.Token == "" {
		s.t.Fatalf("%s does not come in: %+v", address, r)
	}
	return s.who(r.Token)
}

// start begins a session of an origin.
func (s *scene) start(person storage.ID, origin access.Origin) (token string) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = s.svc.StartSession(ctx, tx, person, origin)
		return err
	})
	return token
}

// apply begins the session of an application.
func (s *scene) apply(person storage.ID) (token string) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = s.svc.StartApplication(ctx, tx, person, tx.NewID())
		return err
	})
	return token
}

// who tells who comes with a session.
func (s *scene) who(token string) access.Actor {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "/", nil)
	r.AddCookie(s.svc.Cookie(token))
	a, err := s.svc.Identify(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// contacts gives the contacts of a record.
func (s *scene) contacts(person storage.ID) (list []people.Contact) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = s.svc.Contacts(ctx, tx, person)
		return err
	})
	return list
}

// contact gives the contact of a record with a value.
func (s *scene) contact(person storage.ID, value string) people.Contact {
	s.t.Helper()
	for _, c := range s.contacts(person) {
		if c.Value == value {
			return c
		}
	}
	s.t.Fatalf("there is no %s", value)
	return people.Contact{}
}

// states tells the states of the contacts of a record, by value.
func (s *scene) states(person storage.ID) map[string]people.ContactState {
	s.t.Helper()
	out := map[string]people.ContactState{}
	for _, c := range s.contacts(person) {
		out[c.Value] = c.State
	}
	return out
}

// prove presses the button of a letter to an address.
func (s *scene) prove(person storage.ID, value string, a access.Actor) error {
	s.t.Helper()
	c := s.contact(person, value)
	return s.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.svc.Prove(ctx, tx, people.Prove{Person: person, Contact: c.ID, Actor: a})
		return err
	})
}

// newLink makes a link.
func (s *scene) newLink(l people.Link) (token string) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = s.svc.NewLink(ctx, tx, l)
		return err
	})
	return token
}

// connect opens a chat's link from the chat. As with the bot, what is refused is
// committed: the link is used up, and nothing else may be written.
func (s *scene) connect(l people.Link, chat int64) (refused error) {
	s.t.Helper()
	l.Once = true
	token := s.newLink(l)
	s.must(func(ctx context.Context, tx *storage.Tx) error {
		refused = nil
		_, err := s.svc.ConnectChat(ctx, tx, token, chat)
		if fault.Of(err) != nil {
			refused, err = err, nil
		}
		return err
	})
	return refused
}

func (s *scene) count(query string, args ...any) (n int) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	return n
}

// undo gives the token of the newest notice that takes a contact back.
func (s *scene) undo() string {
	s.t.Helper()
	list := s.sent.Told("people.change.contact")
	if len(list) == 0 {
		s.t.Fatal("nobody was told")
	}
	return strings.TrimPrefix(list[len(list)-1].Path, "/contact/undo/")
}

func (s *scene) takeBack(token string) error {
	s.t.Helper()
	return s.do(func(ctx context.Context, tx *storage.Tx) error { return s.svc.TakeBack(ctx, tx, token) })
}

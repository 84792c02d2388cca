package people_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// pocket keeps the codes and the warnings that were sent.
type pocket struct {
	codes   []people.SignInCode
	changes []people.Change
}

func (p *pocket) SendChange(_ context.Context, _ *storage.Tx, c people.Change) error {
	p.changes = append(p.changes, c)
	return nil
}

func (p *pocket) SendCode(_ context.Context, _ *storage.Tx, c people.SignInCode) error {
	p.codes = append(p.codes, c)
	return nil
}

// clock is a clock that a test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).UnixMicro())
	return c
}
func (c *clock) now() time.Time       { return time.UnixMicro(c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Microseconds()) }
func (c *clock) option() storagetest.Option {
	return storagetest.With(func(o *storage.Options) { o.Clock = c.now })
}

func TestACodeSignsInOnceInTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		got := &pocket{}
		svc.SendWith(got)
		p := register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		ask := func(browser, address string) people.SignInCode {
			got.codes = nil
			write(t, store, func(ctx context.Context, tx *storage.Tx) error { return svc.AskToSignIn(ctx, tx, browser, address) })
			if len(got.codes) == 0 {
				return people.SignInCode{}
			}
			return got.codes[0]
		}
		try := func(browser, code string) (r people.SignInResult) {
			write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = svc.SignInByCode(ctx, tx, browser, code, storage.ID{})
				return err
			})
			return r
		}
		if c := ask("b1", "nobody@mail.kg"); c.Code != "" {
			t.Error("a code for nobody")
		}
		c := ask("b1", "Asan@mail.kg")
		if len(c.Code) != 6 || c.Person != p.ID {
			t.Fatalf("sent %+v", c)
		}
		if r := try("b2", c.Code); r.Token != "" || r.Fault == nil {
			t.Error("signs in in another browser")
		}
		if r := try("b1", wrong(c.Code)); r.Token != "" || r.Fault == nil {
			t.Error("a wrong code signs in")
		}
		r := try("b1", c.Code[:3]+" "+c.Code[3:])
		if r.Token == "" || r.Person != p.ID {
			t.Fatalf("the right code: %+v", r)
		}
		if r := try("b1", c.Code); r.Token != "" {
			t.Error("signs in twice")
		}
		c = ask("b1", "asan@mail.kg")
		for range 5 {
			try("b1", wrong(c.Code))
		}
		if r := try("b1", c.Code); r.Token != "" {
			t.Error("the sixth try counts")
		}
		// A link of the same kind, foreign browser first.
		c = ask("b1", "asan@mail.kg")
		link := func(browser string) (r people.SignInResult) {
			write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = svc.SignInByLink(ctx, tx, browser, c.Path[len("/sign-in/link/"):], storage.ID{})
				return err
			})
			return r
		}
		if link("b2").Token != "" {
			t.Error("a forwarded link signs in")
		}
		if link("b1").Token == "" || link("b1").Token != "" {
			t.Error("a link must open once")
		}
		ask("b1", "asan@mail.kg")
		ask("b1", "asan@mail.kg")
		if c := ask("b1", "asan@mail.kg"); c.Code != "" {
			t.Error("more than five codes in a quarter of an hour")
		}
	})
}

func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestSessionsEndByIdlenessByAgeAndByHand(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			store := engine(t, clock.option())
			svc := room(t, store)
			p := register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
			start := func(by people.SignedBy) (token string) {
				write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
					token, err = svc.StartSession(ctx, tx, p.ID, by)
					return err
				})
				return token
			}
			who := func(token string) access.Actor {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
				r.AddCookie(svc.Cookie(token))
				a, err := svc.Identify(r)
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				for range 2 { // twice is once
					if err := svc.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator}); err != nil {
						return err
					}
				}
				return nil
			})
			byCode, byKey := start(people.ByCode), start(people.ByPasskey)
			if a := who(byCode); a.Person != p.ID || a.Staff() {
				t.Errorf("staff without a passkey: %+v", a)
			}
			if a := who(byKey); len(a.Grants) != 1 || !a.Staff() {
				t.Errorf("staff with a passkey: %+v", a)
			}
			if who("nonsense").SignedIn() {
				t.Error("a made-up token signs in")
			}
			clock.pass(13 * time.Hour)
			if who(byKey).SignedIn() {
				t.Error("an idle staff session lives")
			}
			for range 29 { // used every day
				if !who(byCode).SignedIn() {
					t.Fatal("a used session ends early")
				}
				clock.pass(24 * time.Hour)
			}
			clock.pass(24 * time.Hour)
			if who(byCode).SignedIn() {
				t.Error("a session lives longer than 30 days")
			}
			third := start(people.ByCode)
			a := who(third)
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				if err := svc.NameDevice(ctx, tx, p.ID, a.Session, "үйдөгү телефон"); err != nil {
					return err
				}
				list, err := svc.Sessions(ctx, tx, p.ID)
				if err != nil || len(list) != 1 || list[0].Device != "үйдөгү телефон" {
					t.Errorf("sessions %+v, %v", list, err)
				}
				if err := svc.EndSession(ctx, tx, storage.RandomID(tx.Now), a.Session); !fault.Is(err, fault.NotFound) {
					t.Errorf("another ends it: %v", err)
				}
				return svc.EndSession(ctx, tx, p.ID, a.Session)
			})
			if who(third).SignedIn() {
				t.Error("an ended session lives")
			}
		})
	}
}

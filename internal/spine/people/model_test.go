package people_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// actor is somebody with addresses, a chat and a number of her own, and two browsers. She
// knows what came to them, and what a browser of hers showed.
type actor struct {
	name     string
	main     string          // the address that she mostly gives
	controls map[string]bool // addresses, the number of the chat, the number of the phone
	chat     int64
	phone    string
	browsers [2]string // what binds codes to them
	sessions [2]string // their cookies
	keys     map[storage.ID]storage.ID

	codes  []people.SignInCode
	tokens []string // of letters' buttons
	undos  []string // of notices
	chats  []string // of links that connect a chat
}

// model is a small world: some people, the house, and what the law says of both.
type model struct {
	*rapid.T
	s       *scene
	actors  []*actor
	address []string
	records []storage.ID
	plain   map[storage.ID][]string // tokens that a record's own page shows again
	acting  *actor
	opened  map[storage.ID]bool // records that who acts had opened before the step
	before  map[string]bool     // contacts that were proven at some time, by record and value
	held    map[storage.ID]bool // records of which something was proven before the step
	staff   storage.ID
	clock   *storagetest.Clock
	seen    map[string]int // what has happened, so that the test knows that it looks
}

// mails gives the e-mail addresses that she reads.
func (a *actor) mails() map[string]bool {
	out := map[string]bool{}
	for v, hers := range a.controls {
		if hers && strings.Contains(v, "@") {
			out[v] = true
		}
	}
	return out
}

// modelCourier brings each letter to who reads it.
type modelCourier struct{ m *model }

// reads gives those who read what comes to an address or a chat.
func (m *model) reads(value string) (out []*actor) {
	for _, a := range m.actors {
		if a.controls[strings.ToLower(value)] {
			out = append(out, a)
		}
	}
	return out
}

// channel gives where messages of a record go.
func (m *model) channel(ctx context.Context, tx *storage.Tx, person storage.ID) (string, error) {
	p, err := m.s.svc.ByID(ctx, tx, person)
	if p.TelegramChat != 0 {
		return strconv.FormatInt(p.TelegramChat, 10), err
	}
	return p.Email, err
}

func (c modelCourier) SendCode(_ context.Context, _ *storage.Tx, code people.SignInCode) error {
	for _, a := range c.m.reads(code.Email + code.Chat) {
		a.codes = append(a.codes, code)
	}
	return nil
}

func (c modelCourier) SendChange(ctx context.Context, tx *storage.Tx, change people.Change) error {
	token, ok := strings.CutPrefix(change.Path, "/contact/undo/")
	if !ok {
		return nil
	}
	to := change.Email + change.Chat
	if !change.Only {
		var err error
		if to, err = c.m.channel(ctx, tx, change.Person); err != nil {
			return err
		}
	}
	for _, a := range c.m.reads(to) {
		a.undos = append(a.undos, token)
	}
	// Her own page shows it as well, to whoever sits in a session of hers.
	c.m.plain[change.Person] = append(c.m.plain[change.Person], "undo "+token)
	return nil
}

func (c modelCourier) SendInvitation(context.Context, *storage.Tx, people.RoleLetter) error {
	return nil
}

func (c modelCourier) SendProof(_ context.Context, _ *storage.Tx, _ storage.ID, email, path string) error {
	for _, a := range c.m.reads(email) {
		a.tokens = append(a.tokens, strings.TrimPrefix(path, "/prove/"))
	}
	return nil
}

// do runs a use case; what it refuses is part of the game.
func (m *model) do(f func(ctx context.Context, tx *storage.Tx) error) bool {
	err := m.s.store.Write(m.s.t.Context(), f)
	if err != nil && fault.Of(err) == nil {
		m.Fatal(err)
	}
	if err != nil {
		m.seen[fault.Of(err).Key]++
	}
	return err == nil
}

func (m *model) who(token string) access.Actor {
	if token == "" {
		return access.Actor{}
	}
	r := httptest.NewRequestWithContext(m.s.t.Context(), http.MethodGet, "/", nil)
	r.AddCookie(m.s.svc.Cookie(token))
	a, err := m.s.svc.Identify(r)
	if err != nil {
		m.Fatal(err)
	}
	return a
}

// application sends the letter about an application of a record, as seminars does.
func (m *model) application(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	to, err := m.channel(ctx, tx, person)
	if err != nil {
		return err
	}
	contact, err := m.s.svc.ContactToProve(ctx, tx, people.Person{ID: person})
	if err != nil {
		return err
	}
	token, err := m.s.svc.NewLink(ctx, tx, people.Link{Person: person, Purpose: "seminars.application", Contact: contact})
	if err != nil {
		return err
	}
	for _, a := range m.reads(to) {
		a.tokens = append(a.tokens, token)
	}
	m.plain[person] = append(m.plain[person], token)
	return nil
}

// newest is pick, but for what came last more often than for the rest.
func newest[T any](m *model, name string, list []T) (v T, ok bool) {
	if len(list) > 0 && rapid.IntRange(0, 2).Draw(m.T, "the newest "+name) > 0 {
		return list[len(list)-1], true
	}
	return pick(m, name, list)
}

func pick[T any](m *model, name string, list []T) (v T, ok bool) {
	if len(list) == 0 {
		return v, false
	}
	return list[rapid.IntRange(0, len(list)-1).Draw(m.T, name)], true
}

// enter takes the session of a sign-in into a browser.
func (a *actor) enter(b int, r people.SignInResult) {
	if r.Token != "" {
		a.sessions[b] = r.Token
	}
}

// steps are what may happen. Each is done by one actor, in one of her browsers.
func (m *model) steps() map[string]func(a *actor, b int) {
	svc := m.s.svc
	in := func(a *actor, b int) access.Actor { return m.who(a.sessions[b]) }
	choose := func(a *actor, b int) {
		var list []people.Sharer
		_ = m.s.store.Read(m.s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = svc.Sharers(ctx, tx, a.browsers[b])
			return err
		})
		if len(list) == 0 { // she has proven no address in this browser
			return
		}
		slices.SortFunc(list, func(x, y people.Sharer) int { return strings.Compare(x.Name, y.Name) })
		chosen, _ := pick(m, "who", list)
		before := in(a, b)
		m.do(func(ctx context.Context, tx *storage.Tx) error {
			r, err := svc.SignInAs(ctx, tx, a.browsers[b], chosen.ID, before.Session)
			a.enter(b, r)
			return err
		})
	}
	own := func(a *actor) string {
		if rapid.Bool().Draw(m.T, "her main address") {
			return a.main
		}
		address, _ := pick(m, "own address", slices.Sorted(maps.Keys(a.mails())))
		return address
	}
	signIn := func(a *actor, b int) {
		address := own(a)
		if rapid.IntRange(0, 3).Draw(m.T, "by phone") == 0 {
			address = a.phone
		}
		m.clock.Pass(6 * time.Minute)
		before, letters := in(a, b), len(a.codes)
		m.do(func(ctx context.Context, tx *storage.Tx) error {
			return svc.AskToSignIn(ctx, tx, a.browsers[b], address)
		})
		peopletest.Work(m.s.t, m.s.store, svc)
		if len(a.codes) == letters {
			return
		}
		again := false
		m.do(func(ctx context.Context, tx *storage.Tx) error {
			r, err := svc.SignInByCode(ctx, tx, a.browsers[b], a.codes[len(a.codes)-1].Code, before.Session)
			a.enter(b, r)
			again = r.Choose
			return err
		})
		if again {
			choose(a, b)
		}
	}
	steps := map[string]func(a *actor, b int){
		"sign in": signIn, "sign in again": signIn, "sign in once more": signIn,
		"a form": func(a *actor, b int) {
			d := people.Details{FullName: rapid.SampledFrom([]string{"Асан", "Бакыт"}).Draw(m.T, "name")}
			if d.Email, _ = pick(m, "email", m.address); rapid.Bool().Draw(m.T, "her own") {
				d.Email = own(a)
			}
			if rapid.Bool().Draw(m.T, "with a phone") {
				d.Phone = a.phone
			}
			before := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				p, err := svc.Register(ctx, tx, d)
				if err != nil {
					return err
				}
				if err := svc.LeaveSession(ctx, tx, before.Session); err != nil {
					return err
				}
				if a.sessions[b], err = svc.StartApplication(ctx, tx, p.ID, tx.NewID()); err != nil {
					return err
				}
				m.records = append(m.records, p.ID)
				return m.application(ctx, tx, p.ID)
			})
		},
		"ask": func(a *actor, b int) {
			address, _ := pick(m, "address", append(slices.Clone(m.address), a.phone))
			m.clock.Pass(time.Millisecond)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				return svc.AskToSignIn(ctx, tx, a.browsers[b], address)
			})
			peopletest.Work(m.s.t, m.s.store, svc)
		},
		"a code": func(a *actor, b int) {
			c, ok := newest(m, "code", a.codes)
			if !ok {
				return
			}
			before := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				r, err := svc.SignInByCode(ctx, tx, a.browsers[b], c.Code, before.Session)
				a.enter(b, r)
				return err
			})
		},
		"a link": func(a *actor, b int) {
			c, ok := newest(m, "link", a.codes)
			if !ok {
				return
			}
			before := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				r, err := svc.SignInByLink(ctx, tx, a.browsers[b], strings.TrimPrefix(c.Path, "/sign-in/link/"), before.Session)
				a.enter(b, r)
				return err
			})
		},
		"who": choose,
		"a button": func(a *actor, b int) {
			token, ok := newest(m, "token", a.tokens)
			if !ok {
				return
			}
			who, yes := in(a, b), rapid.IntRange(0, 4).Draw(m.T, "not me") > 0
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				c, open, err := svc.ToProve(ctx, tx, token)
				if err != nil || !open {
					return err
				}
				if !yes {
					return svc.Mute(ctx, tx, storage.ID{}, c.Person, c.ID)
				}
				_, err = svc.Prove(ctx, tx, people.Prove{Person: c.Person, Contact: c.ID, Actor: who})
				return err
			})
		},
		"a chat's link": func(a *actor, b int) {
			who := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				l := people.Link{Person: who.Person, Purpose: people.LinkChat, Ref: who.Session, Once: true, Until: tx.Now.Add(15 * time.Minute)}
				switch {
				case who.SignedIn():
					if err := people.MustBeFresh(tx.Now, who); err != nil {
						return err
					}
				case who.HasApplied():
					l.Purpose, l.Ref = people.LinkChatApplication, storage.ID{}
					if err := tx.QueryRow(ctx, `SELECT person_id FROM session WHERE id = $1`, who.Session).Scan(&l.Person); err != nil {
						return err
					}
				default:
					return nil
				}
				token, err := svc.NewLink(ctx, tx, l)
				a.chats = append(a.chats, token)
				return err
			})
		},
		"connect a chat": func(a *actor, _ int) {
			token, ok := newest(m, "chat", a.chats)
			if !ok {
				return
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.ConnectChat(ctx, tx, token, a.chat)
				return err
			})
		},
		"share a number": func(a *actor, _ int) {
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.ProvePhone(ctx, tx, a.chat, a.phone)
				return err
			})
		},
		"stop the bot": func(a *actor, _ int) {
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				list, err := svc.ByChat(ctx, tx, a.chat)
				if err != nil {
					return err
				}
				for _, p := range list {
					if err := svc.DropChat(ctx, tx, p.ID, a.chat); err != nil {
						return err
					}
				}
				return nil
			})
		},
		"disconnect the chat": func(a *actor, b int) {
			who := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error { return svc.DisconnectOwnChat(ctx, tx, who) })
		},
		"make a passkey": func(a *actor, b int) {
			who := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				if err := people.MustBeFresh(tx.Now, who); err != nil {
					return err
				}
				id := tx.NewID()
				a.keys[id] = who.Person
				_, err := tx.Exec(ctx, `INSERT INTO passkey (id, person_id, sealed, made_at, used_at) VALUES ($1, $2, $3, $4, 0)`,
					id, who.Person, []byte("closed"), storage.Micros(tx.Now))
				return err
			})
		},
		"a passkey": func(a *actor, b int) {
			ids := slices.SortedFunc(maps.Keys(a.keys), func(x, y storage.ID) int { return slices.Compare(x[:], y[:]) })
			id, ok := pick(m, "key", ids)
			if !ok {
				return
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				var person storage.ID
				list, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
					err = row.Scan(&id)
					return id, err
				}, `SELECT person_id FROM passkey WHERE id = $1`, id)
				if err != nil || len(list) == 0 {
					return err
				}
				person = list[0]
				a.sessions[b], err = svc.StartSession(ctx, tx, person, access.OfPasskey)
				return err
			})
		},
		"type a contact": func(a *actor, b int) {
			who := in(a, b)
			kind, value := people.PhoneContact, a.phone
			if rapid.IntRange(0, 3).Draw(m.T, "kind") > 0 {
				kind = people.EmailContact
				value, _ = pick(m, "email", m.address)
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.ChangeOwnContact(ctx, tx, who, kind, value, nil)
				return err
			})
		},
		"drop a contact": func(a *actor, b int) {
			who := in(a, b)
			if !who.SignedIn() {
				return
			}
			c, ok := pick(m, "contact", m.contacts(who.Person))
			if !ok {
				return
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error { return svc.DropOwnContact(ctx, tx, who, c.ID) })
		},
		"read the messages": func(a *actor, b int) {
			who := in(a, b)
			if !who.SignedIn() {
				return
			}
			for _, token := range m.plain[who.Person] {
				if undo, ok := strings.CutPrefix(token, "undo "); ok {
					a.undos = append(a.undos, undo)
				} else {
					a.tokens = append(a.tokens, token)
				}
			}
		},
		"take back": func(a *actor, _ int) {
			token, ok := newest(m, "undo", a.undos)
			if !ok {
				return
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error { return svc.TakeBack(ctx, tx, token) })
		},
		"sign out": func(a *actor, b int) {
			who := in(a, b)
			m.do(func(ctx context.Context, tx *storage.Tx) error { return svc.LeaveSession(ctx, tx, who.Session) })
			a.sessions[b] = ""
		},
		"staff merge": func(*actor, int) {
			from, _ := pick(m, "from", m.records)
			into, ok := newest(m, "into", m.records)
			if !ok {
				return
			}
			var ticked []storage.ID
			for _, c := range m.contacts(from) {
				if rapid.Bool().Draw(m.T, "ticked") {
					ticked = append(ticked, c.ID)
				}
			}
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				return svc.Merge(ctx, tx, people.MergeRecords{By: m.staff, From: from, Into: into, Contacts: ticked})
			})
		},
		"staff correct": func(*actor, int) {
			person, ok := newest(m, "record", m.records)
			if !ok {
				return
			}
			email, _ := pick(m, "email", m.address)
			m.do(func(ctx context.Context, tx *storage.Tx) error {
				return svc.ChangeContact(ctx, tx, people.ChangeContact{Person: person, By: m.staff, Kind: people.EmailContact, Value: email})
			})
		},
		"staff call": func(*actor, int) {
			if person, ok := newest(m, "record", m.records); ok {
				m.do(func(ctx context.Context, tx *storage.Tx) error { return svc.Call(ctx, tx, m.staff, person) })
			}
		},
		"a letter about an application": func(*actor, int) {
			if person, ok := newest(m, "record", m.records); ok {
				m.do(func(ctx context.Context, tx *storage.Tx) error { return m.application(ctx, tx, person) })
			}
		},
		"time passes": func(*actor, int) {
			m.clock.Pass(rapid.SampledFrom([]time.Duration{time.Minute, 6 * time.Minute, 20 * time.Minute, 24 * time.Hour, 15 * 24 * time.Hour}).Draw(m.T, "time"))
			m.s.tidy()
		},
	}
	// What one does in a row, and what random steps seldom put together.
	steps["replace the address"] = func(a *actor, b int) {
		who, address := in(a, b), own(a)
		if rapid.IntRange(0, 3).Draw(m.T, "somebody else's") == 0 {
			address, _ = pick(m, "email", m.address)
		}
		m.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.ChangeOwnContact(ctx, tx, who, people.EmailContact, address, nil)
			return err
		})
		steps["a button"](a, b)
	}
	steps["replace the address anew"] = steps["replace the address"]
	steps["a chat at once"] = func(a *actor, b int) {
		steps["a chat's link"](a, b)
		steps["connect a chat"](a, b)
		steps["share a number"](a, b)
	}
	return steps
}

func (m *model) contacts(person storage.ID) (list []people.Contact) {
	if err := m.s.store.Read(m.s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = m.s.svc.Contacts(ctx, tx, person)
		return err
	}); err != nil {
		m.Fatal(err)
	}
	slices.SortFunc(list, func(x, y people.Contact) int { return strings.Compare(x.Value, y.Value) })
	return list
}

// holds checks what must be so after every step.
func (m *model) holds(step string) {
	proven := map[storage.ID][]string{} // by the record
	for _, id := range m.records {
		kinds := map[people.ContactKind]int{}
		list := m.contacts(id)
		if len(list) > 9 {
			m.Fatalf("after %q a record holds %d contacts", step, len(list))
		}
		for _, c := range list {
			m.seen[string(c.Kind)+" "+string(c.State)]++
			value := strings.ToLower(c.Value)
			if c.State == people.Proven && !slices.Contains(proven[c.Person], value) {
				kinds[c.Kind]++
				proven[c.Person] = append(proven[c.Person], value)
			}
		}
		for kind, n := range kinds {
			if n > 1 {
				m.Fatalf("after %q %d contacts of kind %s are proven", step, n, kind)
			}
		}
	}
	var fresh []string
	for person, values := range proven {
		for _, value := range values {
			key := person.String() + " " + value
			if m.before[key] {
				continue
			}
			fresh = append(fresh, key)
			if !m.acting.controls[value] {
				m.Fatalf("after %q by %s the contact %s is proven, which is not hers", step, m.acting.name, value)
			}
			if m.held[person] && !m.opened[person] && !slices.Contains(values, strconv.FormatInt(m.acting.chat, 10)) {
				m.Fatalf("after %q by %s the contact %s is proven beside others, from no session of theirs", step, m.acting.name, value)
			}
		}
	}
	for _, key := range fresh {
		m.before[key] = true
	}
	for id := range proven {
		m.held[id] = true
	}
	for _, a := range m.actors {
		for b, token := range a.sessions {
			who := m.who(token)
			m.seen["session "+string(who.Origin)]++
			switch {
			case who.Origin == access.OfApplication:
				if who.SignedIn() || len(who.Grants) != 0 {
					m.Fatalf("after %q the session of an application is somebody: %+v", step, who)
				}
				m.refuses(step, who)
			case who.Origin == access.OfProof:
				if !slices.ContainsFunc(proven[who.Person], func(v string) bool { return a.controls[v] }) {
					m.Fatalf("after %q browser %d of %s opens a record whose proven contacts %v are not hers", step, b, a.name, proven[who.Person])
				}
			}
		}
	}
}

// refuses tries to read and change a record through the session of an application.
func (m *model) refuses(step string, who access.Actor) {
	for name, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
		"takes the data": func(ctx context.Context, tx *storage.Tx) error {
			_, err := m.s.svc.ExportOwn(ctx, tx, who)
			return err
		},
		"adds a contact": func(ctx context.Context, tx *storage.Tx) error {
			_, err := m.s.svc.ChangeOwnContact(ctx, tx, who, people.EmailContact, "thief@mail.kg", nil)
			return err
		},
	} {
		if err := m.s.store.Read(m.s.t.Context(), f); !fault.Is(err, fault.Forbidden) {
			m.Fatalf("after %q the session of an application %s: %v", step, name, err)
		}
	}
}

// Whatever some people and the house do, in whatever order: nobody comes into a record
// whose proven contacts are none of hers, nothing is proven by who does not have it, and
// what is only an application's says nothing of a person.
func TestNobodyComesIntoARecordWithoutAProvenContactOfHers(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := newScene(t, store, clock)
		staff := s.register(people.Details{FullName: "Координатор"})
		run, seen := 0, map[string]int{}
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := newModel(rt, s, clock, run)
			m.staff, m.seen = staff.ID, seen
			s.svc.SendWith(modelCourier{m})
			steps := m.steps()
			names := slices.Sorted(maps.Keys(steps))
			// Everybody is in, with an address of hers; two of them also by the one they share.
			for _, a := range m.actors {
				m.register(a.main)
				m.begin(a, 0, a.main)
			}
			m.register(m.address[0])
			m.begin(m.actors[0], 1, m.address[0])
			clock.Pass(2 * time.Minute)
			m.begin(m.actors[1], 1, m.address[0])
			for range 30 {
				name := rapid.SampledFrom(names).Draw(rt, "step")
				m.acting, _ = pick(m, "actor", m.actors)
				m.opened = map[storage.ID]bool{}
				for _, token := range m.acting.sessions {
					m.opened[m.who(token).Person] = true
				}
				m.seen[name]++
				steps[name](m.acting, rapid.SampledFrom([]int{0, 0, 1}).Draw(rt, "browser"))
				m.holds(name)
			}
		})
		t.Log(seen)
	})
}

func (m *model) register(email string) {
	m.records = append(m.records, m.s.register(people.Details{FullName: "Асан", Email: email}).ID)
}

// begin signs an actor in with an address that one record holds.
func (m *model) begin(a *actor, b int, address string) {
	m.s.must(func(ctx context.Context, tx *storage.Tx) error {
		return m.s.svc.AskToSignIn(ctx, tx, a.browsers[b], address)
	})
	m.s.work()
	m.acting = a
	m.s.must(func(ctx context.Context, tx *storage.Tx) error {
		r, err := m.s.svc.SignInByCode(ctx, tx, a.browsers[b], a.codes[len(a.codes)-1].Code, storage.ID{})
		a.enter(b, r)
		return err
	})
	m.holds("the beginning")
}

// newModel makes three people, of whom two share one address, in a world of their own.
func newModel(rt *rapid.T, s *scene, clock *storagetest.Clock, run int) *model {
	m := &model{T: rt, s: s, clock: clock, plain: map[storage.ID][]string{}, before: map[string]bool{}, held: map[storage.ID]bool{}}
	shared := fmt.Sprintf("family.%d@mail.kg", run)
	m.address = []string{shared}
	for i := range 3 {
		a := &actor{
			name: string(rune('A' + i)), main: fmt.Sprintf("%c.%d@mail.kg", 'a'+i, run), chat: int64(run*10 + i + 1), phone: fmt.Sprintf("+99655%07d", run*10+i), keys: map[storage.ID]storage.ID{},
			browsers: [2]string{fmt.Sprint("browser ", run, i, 0), fmt.Sprint("browser ", run, i, 1)},
		}
		other := fmt.Sprintf("%c.other.%d@mail.kg", 'a'+i, run)
		m.address = append(m.address, a.main, other)
		a.controls = map[string]bool{a.main: true, other: true, a.phone: true, strconv.FormatInt(a.chat, 10): true, shared: i < 2}
		m.actors = append(m.actors, a)
	}
	return m
}

package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

func detailsAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		everybody, err := b.People().Search(ctx, tx, people.Query{})
		if err != nil {
			return err
		}
		if len(everybody) != len(b.saved.People) {
			t.Errorf("%d people are there, want %d", len(everybody), len(b.saved.People))
		}
		for _, want := range b.saved.People {
			have, err := b.People().ByID(ctx, tx, want.ID)
			if err != nil {
				t.Errorf("%s: %v", want.Case, err)
				continue
			}
			if !reflect.DeepEqual(have.Details, want.Details) {
				t.Errorf("%s is\n%+v, was\n%+v", want.Case, have.Details, want.Details)
			}
			named, err := b.People().Search(ctx, tx, people.Query{Text: want.Details.FullName})
			if err != nil {
				return err
			}
			if !holds(named, want.ID) {
				t.Errorf("%s is not found by her name", want.Case)
			}
		}
		return nil
	})
}

func holds(list []people.Person, id storage.ID) bool {
	return slices.ContainsFunc(list, func(p people.Person) bool { return p.ID == id })
}

// contactsAreKept finds everybody by each contact. Which of them are proven the
// manifest tells in State.
func contactsAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, want := range b.saved.People {
			if len(want.Contacts) == 0 {
				t.Errorf("%s has no contact in the manifest", want.Case)
			}
			for _, c := range want.Contacts {
				if c.Kind == "telegram" {
					chat, err := strconv.ParseInt(c.Value, 10, 64)
					if err != nil {
						return err
					}
					if p, err := b.People().ByTelegram(ctx, tx, chat); err != nil || p.ID != want.ID || p.TelegramChat != chat {
						t.Errorf("%s is not found by her chat: %v", want.Case, err)
					}
					continue
				}
				found, err := b.People().Search(ctx, tx, people.Query{Text: c.Value})
				if err != nil {
					return err
				}
				if !holds(found, want.ID) {
					t.Errorf("%s is not found by %s", want.Case, c.Value)
				}
			}
		}
		return nil
	})
}

func consentsAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, want := range b.saved.People {
			history, err := b.People().ConsentHistory(ctx, tx, want.ID)
			if err != nil {
				return err
			}
			var have []savedConsent
			for _, c := range history {
				have = append(have, savedConsent{c.Purpose, c.Version, string(c.Lang), c.Given, c.At})
			}
			inOneOrder := func(a, b savedConsent) int {
				if n := a.At.Compare(b.At); n != 0 {
					return n
				}
				return slices.Compare([]string{a.Purpose}, []string{b.Purpose})
			}
			slices.SortFunc(have, inOneOrder)
			slices.SortFunc(want.Consents, inOneOrder)
			if !slices.EqualFunc(have, want.Consents, func(a, b savedConsent) bool {
				at := a.At.Equal(b.At)
				a.At, b.At = time.Time{}, time.Time{}
				return at && a == b
			}) {
				t.Errorf("%s said %+v, want %+v", want.Case, have, want.Consents)
			}
		}
		return nil
	})
}

// rolesAreKept: which of them are awake the manifest tells in Awake.
func rolesAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, want := range b.saved.People {
			grants, err := b.People().Grants(ctx, tx, want.ID)
			if err != nil {
				return err
			}
			have := map[savedRole]bool{}
			for _, g := range grants {
				r := savedRole{Role: string(g.Role), City: g.Scope.City}
				if !g.Scope.Activity.IsZero() {
					a, err := programme.ByID(ctx, tx, g.Scope.Activity)
					if err != nil {
						return err
					}
					r.Activity = a.Slug
				}
				have[r] = true
			}
			for _, r := range want.Roles {
				r.Awake = false
				if !have[r] {
					t.Errorf("%s is no longer %+v", want.Case, r)
				}
				delete(have, r)
			}
			for r := range have {
				t.Errorf("%s has become %+v", want.Case, r)
			}
		}
		return nil
	})
}

// sessionsAreKept opens every session that is to stay; staff's roles work in
// those of a passkey alone. From which origin a session is the manifest tells
// in Origin. What becomes of a session that is alive and does not stay is for
// the version that ends it to show.
func sessionsAreKept(t *testing.T, b before) {
	living := 0
	for _, want := range b.saved.People {
		awake := slices.ContainsFunc(want.Roles, func(r savedRole) bool { return r.Awake && access.Role(r.Role).Staff() })
		for _, s := range want.Sessions {
			if s.Alive && !s.Stays {
				continue
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.AddCookie(b.People().Cookie(s.Token))
			actor, err := b.People().Identify(r)
			if err != nil {
				t.Fatal(err)
			}
			if actor.SignedIn() != s.Alive || s.Alive && actor.Person != want.ID {
				t.Errorf("the session of %s by %s opens %v, want %v", want.Case, s.SignedBy, actor.SignedIn(), s.Alive)
				continue
			}
			if !s.Alive {
				continue
			}
			living++
			if works := s.Origin == "passkey" && awake; actor.Staff() != works {
				t.Errorf("the session of %s by %s works for the programme: %v, want %v", want.Case, s.SignedBy, actor.Staff(), works)
			}
			deviceIsKept(t, b, want, s, actor.Session)
		}
	}
	if living == 0 {
		t.Error("no session is alive: the test proves nothing")
	}
}

// deviceIsKept looks a session up in the list that its person sees.
func deviceIsKept(t *testing.T, b before, p savedPerson, s savedSession, session storage.ID) {
	t.Helper()
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		list, err := b.People().Sessions(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(v people.SessionView) bool { return v.ID == session && v.Device == s.Device }) {
			t.Errorf("%s does not see her session on %q among %d", p.Case, s.Device, len(list))
		}
		return nil
	})
}

package app

import (
	"context"
	"database/sql"
	"errors"
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

// contactsAreKept finds everybody by each contact, in the state that the manifest tells.
func contactsAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, want := range b.saved.People {
			if len(want.Contacts) == 0 {
				t.Errorf("%s has no contact in the manifest", want.Case)
			}
			have, err := b.People().Contacts(ctx, tx, want.ID)
			if err != nil {
				return err
			}
			if len(have) != len(want.Contacts) {
				t.Errorf("%s has the contacts %+v, want %+v", want.Case, have, want.Contacts)
			}
			for _, c := range want.Contacts {
				if !slices.ContainsFunc(have, func(h people.Contact) bool {
					return string(h.Kind) == c.Kind && h.Value == c.Value && string(h.State) == c.State
				}) {
					t.Errorf("%s has the contacts %+v, want %+v", want.Case, have, c)
				}
				if c.Kind == "telegram" {
					chat, err := strconv.ParseInt(c.Value, 10, 64)
					if err != nil {
						return err
					}
					if list, err := b.People().ByChat(ctx, tx, chat); err != nil || !holds(list, want.ID) {
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
			for i, c := range want.Consents { // of one name since: see the migration of the wordings
				if c.Purpose == "seminars.processing" {
					want.Consents[i].Purpose, want.Consents[i].Version = people.ForProgramme, "application "+c.Version
				}
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

// rolesAreKept: which of them are awake the manifest tells in Awake; the database knows.
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
			asleep := b.counts(t, `SELECT role, COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at = 0 GROUP BY role`, want.ID)
			for _, r := range want.Roles {
				if sleeps := asleep[r.Role] > 0; sleeps == r.Awake {
					t.Errorf("%s as %s sleeps: %v", want.Case, r.Role, sleeps)
				}
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
// those of a passkey alone. What was alive and does not stay opens nobody.
func sessionsAreKept(t *testing.T, b before) {
	living := 0
	for _, want := range b.saved.People {
		awake := slices.ContainsFunc(want.Roles, func(r savedRole) bool { return r.Awake && access.Role(r.Role).Staff() })
		for _, s := range want.Sessions {
			s.Alive = s.Alive && s.Stays
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.AddCookie(b.People().Cookie(s.Token))
			actor, err := b.People().Identify(r)
			if err != nil {
				t.Fatal(err)
			}
			opens := actor.Person
			if s.Origin == "application" { // which names an application, and nobody
				opens = b.applicant(t, actor.Application)
				if actor.SignedIn() {
					t.Errorf("the session of an application signs %s in", want.Case)
				}
			}
			if opens.IsZero() == s.Alive || s.Alive && opens != want.ID {
				t.Errorf("the session of %s by %s opens %v, want %v", want.Case, s.SignedBy, !opens.IsZero(), s.Alive)
				continue
			}
			if !s.Alive {
				continue
			}
			living++
			if string(actor.Origin) != s.Origin {
				t.Errorf("the session of %s is of %q, want %q", want.Case, actor.Origin, s.Origin)
			}
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

// applicant gives whose an application is.
func (b before) applicant(t *testing.T, application storage.ID) (person storage.ID) {
	t.Helper()
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		err := tx.QueryRow(ctx, `SELECT person_id FROM application WHERE id = $1`, application).Scan(&person)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return person
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

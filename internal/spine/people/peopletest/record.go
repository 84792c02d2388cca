package peopletest

import (
	"bytes"
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Keys gives the keyring of all tests.
func Keys(t testing.TB) *seal.Keyring {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Write runs a use case that must succeed.
func Write(t testing.TB, store *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := store.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// Try is Write for what may end in a fault, which is given back.
func Try(t testing.TB, store *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) error {
	t.Helper()
	err := store.Write(t.Context(), f)
	if err != nil && fault.Of(err) == nil {
		t.Fatal(err)
	}
	return err
}

// Register adds a person.
func Register(t testing.TB, store *storage.Store, svc *people.Service, d people.Details) people.Person {
	t.Helper()
	var p people.Person
	Write(t, store, func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = svc.Register(ctx, tx, d)
		return err
	})
	return p
}

// ContactID gives the id of the contact of a record with a value, empty when there is none.
func (h House) ContactID(t testing.TB, person storage.ID, value string) (id string) {
	t.Helper()
	Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.People.Contacts(ctx, tx, person)
		for _, c := range list {
			if c.Value == value {
				id = c.ID.String()
			}
		}
		return err
	})
	return id
}

// StateOf gives the state of the contact of a record with a value, empty when there is none.
func (h House) StateOf(t testing.TB, person storage.ID, value string) (state people.ContactState) {
	t.Helper()
	Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.People.Contacts(ctx, tx, person)
		for _, c := range list {
			if c.Value == value {
				state = c.State
			}
		}
		return err
	})
	return state
}

// Woken counts the roles of a person that are awake.
func (h House) Woken(t testing.TB, person storage.ID) (n int) {
	t.Helper()
	Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at > 0`, person).Scan(&n)
	})
	return n
}

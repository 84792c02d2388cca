package people

import (
	"context"
	"reflect"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Newcomer is a person who is sealed and not stored yet. What takes time of hers, the
// keys, boxes and blind indexes, needs no database: it is made before the transaction
// begins, so that those who wait to write do not wait for it.
type Newcomer struct {
	asked        Details // as they came, before they were tidied
	person       Person
	wrapped, box []byte
	found        indexes
	contacts     []Contact
}

// Prepare seals a person before she is registered. Invalid with a fault for each wrong
// field.
func (s *Service) Prepare(d Details, now time.Time) (*Newcomer, error) {
	n := &Newcomer{asked: d}
	d, err := Tidy(s.Lists(), d, now)
	if err != nil {
		return nil, err
	}
	// The subject is random in all its bytes: the time in it would tell when its person came.
	n.person = Person{ID: storage.RandomID(now), Details: d, Subject: randomSubject()}
	n.found = s.indexes(n.person)
	n.person.key, n.wrapped = s.keys.NewDataKey(n.person.ID[:])
	if n.box, err = closeBox(n.person.key, n.person); err != nil {
		return nil, err
	}
	for _, c := range []Contact{{Kind: EmailContact, Value: d.Email}, {Kind: PhoneContact, Value: d.Phone}} {
		if c.Value == "" {
			continue
		}
		c.ID = storage.RandomID(now)
		s.close(n.person.key, &c)
		n.contacts = append(n.contacts, c)
		if c.Kind == EmailContact {
			n.person.toProve = c.ID
		}
	}
	n.person.isNew = true
	return n, nil
}

// Is reports whether a person who was registered is this newcomer.
func (n *Newcomer) Is(p Person) bool { return n.person.ID == p.ID }

// Seal encrypts what belongs to the newcomer, for when she is registered.
func (n *Newcomer) Seal(plain []byte) []byte { return n.person.Seal(plain) }

// Register adds a person. Her e-mail and phone are typed, not proven: many records may
// hold them, and nobody is looked up, so that neither the answer nor what is stored
// tells who is known. Invalid with a fault for each wrong field.
func (s *Service) Register(ctx context.Context, tx *storage.Tx, d Details) (Person, error) {
	return s.RegisterPrepared(ctx, tx, d, nil)
}

// RegisterPrepared is Register with a newcomer who was prepared before the transaction.
// One who was prepared of other details than these, or nil, is not used: then she is
// prepared here.
func (s *Service) RegisterPrepared(ctx context.Context, tx *storage.Tx, d Details, n *Newcomer) (_ Person, err error) {
	if n == nil || !reflect.DeepEqual(n.asked, d) {
		if n, err = s.Prepare(d, tx.Now); err != nil {
			return Person{}, err
		}
	}
	p := n.person
	p.Made, p.Changed = tx.Now, tx.Now
	if _, err := tx.Exec(ctx, `INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at, mark)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, `+markExpression(tx)+`)`,
		p.ID, n.wrapped, n.box, n.found.subject, n.found.name, p.Demo, storage.Micros(tx.Now)); err != nil {
		return Person{}, err
	}
	if err := s.addContacts(ctx, tx, p.ID, p.key, Typed, n.contacts...); err != nil {
		return Person{}, err
	}
	return p, s.writeBuckets(ctx, tx, p.ID, n.found.buckets)
}

// Same reports whether a record holds one of the contacts and the folded name of the
// details: staff who bring a list or invite by name are told that she is there. It
// gives the oldest such record that they may see; sees nil sees all.
func (s *Service) Same(ctx context.Context, tx *storage.Tx, d Details, sees func(Person) bool) (Person, bool, error) {
	for _, c := range []Contact{{Kind: EmailContact, Value: d.Email}, {Kind: PhoneContact, Value: d.Phone}} {
		if c.Value == "" {
			continue
		}
		list, err := s.WithContact(ctx, tx, c.Kind, c.Value)
		if err != nil {
			return Person{}, false, err
		}
		for _, p := range list {
			if nameKey(p.FullName) == nameKey(d.FullName) && (sees == nil || sees(p)) {
				return p, true, nil
			}
		}
	}
	return Person{}, false, nil
}

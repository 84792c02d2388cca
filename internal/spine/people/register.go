package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Register adds a person. Her e-mail and phone are typed, not proven: many records may
// hold them, and nobody is looked up, so that neither the answer nor what is stored
// tells who is known. Invalid with a fault for each wrong field.
func (s *Service) Register(ctx context.Context, tx *storage.Tx, d Details) (Person, error) {
	d, err := Tidy(d, tx.Now)
	if err != nil {
		return Person{}, err
	}
	// The subject is random in all its bytes: the time in it would tell when its person came.
	p := Person{ID: tx.NewID(), Details: d, Subject: randomSubject(), Made: tx.Now, Changed: tx.Now}
	x := s.indexes(p)
	var wrapped []byte
	p.key, wrapped = s.keys.NewDataKey(p.ID[:])
	box, err := closeBox(p.key, p)
	if err != nil {
		return Person{}, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		p.ID, wrapped, box, x.subject, x.name, d.Demo, storage.Micros(tx.Now)); err != nil {
		return Person{}, err
	}
	if err := s.addContacts(ctx, tx, p.ID, p.key, Typed,
		Contact{Kind: EmailContact, Value: d.Email}, Contact{Kind: PhoneContact, Value: d.Phone}); err != nil {
		return Person{}, err
	}
	return p, s.writeBuckets(ctx, tx, p.ID, x.buckets)
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

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Register adds a person, or gives the one who is there already: with the same
// e-mail, or with the same phone and the same folded name (families share
// phones). Nothing of an existing person is changed, since whoever knows an
// address could else write in another's record; and created false means that it
// is not proven who asks. Invalid with a fault for each wrong field.
func (s *Service) Register(ctx context.Context, tx *storage.Tx, d Details) (p Person, created bool, err error) {
	if d, err = Tidy(d, tx.Now); err != nil {
		return Person{}, false, err
	}
	// The subject is random in all its bytes: the time in it would tell when its person came.
	p = Person{ID: tx.NewID(), Details: d, Subject: randomSubject(), Made: tx.Now, Changed: tx.Now}
	x := s.indexes(p)
	var wrapped []byte
	p.key, wrapped = s.keys.NewDataKey(p.ID[:])
	box, err := closeBox(p.key, p)
	if err != nil {
		return Person{}, false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO person (id, data_key, sealed, subject_index, email_index, phone_index, phone_name_index, name_index, demo, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
		ON CONFLICT DO NOTHING`,
		p.ID, wrapped, box, x.subject, x.email, x.phone, x.phoneName, x.name, d.Demo, storage.Micros(tx.Now))
	if err != nil {
		return Person{}, false, err
	}
	if n == 0 { // the indexes know her already
		old, ok, err := s.existing(ctx, tx, x)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "fault.conflict") // she was erased in this very moment
		}
		return old, false, err
	}
	return p, true, s.writeBuckets(ctx, tx, p.ID, x.buckets)
}

func (s *Service) existing(ctx context.Context, tx *storage.Tx, x indexes) (Person, bool, error) {
	if p, ok, err := s.find(ctx, tx, `email_index`, x.email); err != nil || ok {
		return p, ok, err
	}
	return s.find(ctx, tx, `phone_name_index`, x.phoneName)
}

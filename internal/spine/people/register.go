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
	p, x, n, err := s.insert(ctx, tx, d, func(*indexes) error { return nil })
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

// RegisterSeen is Register for staff, who must not learn whether somebody is
// known whom they may not see. Such a record is passed over and hers is made
// new: its box holds the address as it was typed, and no index finds it by that
// address, which the other record has.
func (s *Service) RegisterSeen(ctx context.Context, tx *storage.Tx, d Details, sees func(Person) bool) (p Person, created bool, err error) {
	if d, err = Tidy(d, tx.Now); err != nil {
		return Person{}, false, err
	}
	var seen Person
	p, x, n, err := s.insert(ctx, tx, d, func(x *indexes) error {
		for _, by := range []struct {
			column string
			index  *[]byte
		}{{`email_index`, &x.email}, {`phone_name_index`, &x.phoneName}} {
			old, ok, err := s.find(ctx, tx, by.column, *by.index)
			switch {
			case err != nil:
				return err
			case ok && sees(old):
				seen = old
			case ok:
				*by.index = nil
			}
		}
		return nil
	})
	if err != nil {
		return Person{}, false, err
	}
	if n == 0 && seen.ID.IsZero() {
		return Person{}, false, fault.New(fault.Conflict, "fault.conflict") // she was registered in this very moment
	}
	if n == 0 {
		return seen, false, nil
	}
	return p, true, s.writeBuckets(ctx, tx, p.ID, x.buckets)
}

// Among finds among these people the one with the e-mail of the details, or
// with their phone and folded name.
func (s *Service) Among(ctx context.Context, tx *storage.Tx, ids []storage.ID, d Details) (Person, bool, error) {
	d, err := Tidy(d, tx.Now)
	if err != nil {
		return Person{}, false, err
	}
	found, err := s.ByIDs(ctx, tx, ids)
	if err != nil {
		return Person{}, false, err
	}
	for _, id := range ids {
		p, there := found[id]
		if there && (d.Email != "" && emailKey(p.Email) == emailKey(d.Email) ||
			d.Phone != "" && p.Phone == d.Phone && nameKey(p.FullName) == nameKey(d.FullName)) {
			return p, true, nil
		}
	}
	return Person{}, false, nil
}

// insert writes a new record, unless its indexes are another's: n is 0 then.
// Before that, prepare may change the indexes.
func (s *Service) insert(ctx context.Context, tx *storage.Tx, d Details, prepare func(*indexes) error) (p Person, x indexes, n int64, err error) {
	// The subject is random in all its bytes: the time in it would tell when its person came.
	p = Person{ID: tx.NewID(), Details: d, Subject: randomSubject(), Made: tx.Now, Changed: tx.Now}
	x = s.indexes(p)
	if err := prepare(&x); err != nil {
		return p, x, 0, err
	}
	var wrapped []byte
	p.key, wrapped = s.keys.NewDataKey(p.ID[:])
	box, err := closeBox(p.key, p)
	if err != nil {
		return p, x, 0, err
	}
	n, err = tx.Exec(ctx, `INSERT INTO person (id, data_key, sealed, subject_index, email_index, phone_index, phone_name_index, name_index, demo, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
		ON CONFLICT DO NOTHING`,
		p.ID, wrapped, box, x.subject, x.email, x.phone, x.phoneName, x.name, d.Demo, storage.Micros(tx.Now))
	return p, x, n, err
}

func (s *Service) existing(ctx context.Context, tx *storage.Tx, x indexes) (Person, bool, error) {
	if p, ok, err := s.find(ctx, tx, `email_index`, x.email); err != nil || ok {
		return p, ok, err
	}
	return s.find(ctx, tx, `phone_name_index`, x.phoneName)
}

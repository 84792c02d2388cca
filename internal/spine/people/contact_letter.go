package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MayWrite takes one of the letters that forms without a sign-in may send to an
// e-mail address, three in a day; false when they are used up, or when the address
// said that it is not hers. What was typed is counted, nobody is looked up, and the
// page that follows is the same. Each letter takes a slot of the address, which is free
// again a day later: however many ask in the same moment, there are three.
func (s *Service) MayWrite(ctx context.Context, tx *storage.Tx, email string) (bool, error) {
	if email == "" {
		return false, nil
	}
	return s.mayWriteTo(ctx, tx, s.emailIndex(email))
}

// mayWriteTo takes a slot of a contact, as MayWrite says.
func (s *Service) mayWriteTo(ctx context.Context, tx *storage.Tx, index []byte) (bool, error) {
	for slot := range lettersADay {
		n, err := tx.Exec(ctx, `INSERT INTO contact_letter (value_index, slot, at)
			SELECT $1, $2, $3
			WHERE NOT EXISTS (SELECT 1 FROM contact_muted WHERE value_index = $1 AND until_at > $3)
			ON CONFLICT (value_index, slot) DO UPDATE
			SET at = excluded.at
			WHERE contact_letter.at <= $4`,
			index, slot, storage.Micros(tx.Now), storage.Micros(tx.Now.Add(-24*time.Hour)))
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// Muted reports whether the owner of a contact has said that it is not hers who typed it, so
// that forms send it no letter for a while. It takes none of its letters.
func (s *Service) Muted(ctx context.Context, tx *storage.Tx, c Contact) (muted bool, err error) {
	n := 0
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM contact_muted WHERE value_index = $1 AND until_at > $2`, c.index, storage.Micros(tx.Now)).Scan(&n)
	return n > 0, err
}

// Mute takes a contact from a record whose person it is not: it said "not me", or the
// number was wrong. For 30 days forms send it no letter. A proven one is somebody's
// and stays: Conflict.
func (s *Service) Mute(ctx context.Context, tx *storage.Tx, by, person, contact storage.ID) error {
	p, err := s.hold(ctx, tx, person)
	if err != nil {
		return err
	}
	c, err := s.contact(ctx, tx, p, contact)
	if err != nil {
		return err
	}
	if c.State == Proven || c.State == Leaving {
		return fault.New(fault.Conflict, "people.fault.contact_proven")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO contact_muted (value_index, until_at)
		VALUES ($1, $2)
		ON CONFLICT (value_index) DO UPDATE
		SET until_at = excluded.until_at`, c.index, storage.Micros(tx.Now.Add(mutedFor))); err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := deleteContact(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := s.withoutContact(ctx, tx, by, p, c, have); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.contact_muted"})
}

// Call notes that staff spoke with the person on the number of her record.
func (s *Service) Call(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	p, err := s.hold(ctx, tx, person)
	if err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(have, func(c Contact) bool { return c.Kind == PhoneContact && c.State != Leaving })
	if i < 0 {
		return fault.New(fault.Conflict, "people.fault.no_phone")
	}
	if have[i].State == Typed {
		if err := s.setState(ctx, tx, have[i].ID, Called, 0); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.called"}); err != nil {
		return err
	}
	return s.proved(ctx, tx, p.ID)
}

// WrongNumber notes that the number of a record is somebody else's. Forbidden when the
// record holds a role and who notes it does not give roles.
func (s *Service) WrongNumber(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	p, err := s.hold(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := s.mayCorrectRecord(ctx, tx, by, p.ID); err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, c := range have {
		if c.Kind == PhoneContact && (c.State == Typed || c.State == Called) {
			return s.Mute(ctx, tx, by, p.ID, c.ID)
		}
	}
	return fault.New(fault.Conflict, "people.fault.no_phone")
}

// ContactToProve gives the typed e-mail of a record, for the link of a letter about an
// application: where the letter goes there. The zero id when letters go elsewhere, to a
// chat or another address: whoever gets them there does not show that this is hers.
func (s *Service) ContactToProve(ctx context.Context, tx *storage.Tx, p Person) (storage.ID, error) {
	if p.isNew { // as Register has written it
		return p.toProve, nil
	}
	p, err := s.ByID(ctx, tx, p.ID)
	if err != nil || p.Email == "" || p.TelegramChat != 0 {
		return storage.ID{}, err
	}
	id, err := storage.One(ctx, tx, scanID, `SELECT id
		FROM contact
		WHERE person_id = $1 AND value_index = $2 AND state = 'typed'`, p.ID, s.emailIndex(p.Email))
	if errors.Is(err, sql.ErrNoRows) {
		return storage.ID{}, nil
	}
	return id, err
}

// linkRemembered is for how many days after its end a link still says that it has
// ended, and not that there is none.
const linkRemembered = 60

// tidyContacts deletes what has run out of time.
func (s *Service) tidyContacts(ctx context.Context, tx *storage.Tx) error {
	if err := dropLeft(ctx, tx); err != nil {
		return err
	}
	for q, at := range map[string]time.Time{
		`DELETE FROM contact_letter WHERE at < $1`:        tx.Now.Add(-48 * time.Hour),
		`DELETE FROM contact_muted WHERE until_at < $1`:   tx.Now,
		`DELETE FROM sign_in WHERE ends_at < $1`:          tx.Now.Add(-24 * time.Hour),
		`DELETE FROM sign_in_letter WHERE ends_at < $1`:   tx.Now.Add(-24 * time.Hour),
		`DELETE FROM passkey_ceremony WHERE ends_at < $1`: tx.Now,
		`DELETE FROM session WHERE ends_at < $1`:          tx.Now,
		deleteImports:                                     tx.Now.Add(-importKept),
		`DELETE FROM person_added WHERE made_at < $1`:     tx.Now.Add(-formRemembered),
		`DELETE FROM person_link WHERE ends_at < $1`:      tx.Now.AddDate(0, 0, -linkRemembered),
	} {
		if _, err := tx.Exec(ctx, q, storage.Micros(at)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_wrong WHERE day < $1`, dayOf(tx.Now)-1)
	return err
}

const tidyKind = "people.tidy"

// tidyJob deletes once a day what has run out of time, and asks for the next day's.
func (s *Service) tidyJob() jobs.Kind {
	return jobs.Kind{Name: tidyKind, Text: "people.job.tidy", Lane: jobs.Light, Limit: 5 * time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
		return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			if err := s.tidyContacts(ctx, tx); err != nil {
				return err
			}
			if err := s.tidyChanges(ctx, tx); err != nil {
				return err
			}
			if err := s.tidyPlans(ctx, tx); err != nil {
				return err
			}
			return s.planTidy(ctx, tx)
		})
	}}
}

// planTidy asks for the next day's tidying, once.
func (s *Service) planTidy(ctx context.Context, tx *storage.Tx) error {
	next := tx.Now.Truncate(24 * time.Hour).Add(24 * time.Hour)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: tidyKind, Payload: struct{}{}, Key: next.Format(time.DateOnly), After: next})
}

package people

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Update replaces the details of a person. Invalid with a fault for each wrong
// field; Conflict when another person has the e-mail, or the phone and name.
func (s *Service) Update(ctx context.Context, tx *storage.Tx, id storage.ID, d Details) error {
	d, err := Tidy(d, tx.Now)
	if err != nil {
		return err
	}
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	d.Demo = p.Demo
	p.Details = d
	return s.save(ctx, tx, p)
}

// SetTelegram connects a chat with the person; 0 disconnects. A chat belongs to
// one person: whoever connects it last has it.
func (s *Service) SetTelegram(ctx context.Context, tx *storage.Tx, id storage.ID, chat int64) error {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if chat != 0 {
		old, ok, err := s.find(ctx, tx, `telegram_index`, s.telegramIndex(chat))
		if err != nil {
			return err
		}
		if ok && old.ID != p.ID {
			old.TelegramChat = 0
			if err := s.save(ctx, tx, old); err != nil {
				return err
			}
		}
	}
	p.TelegramChat = chat
	return s.save(ctx, tx, p)
}

// save seals the person anew and writes her indexes.
func (s *Service) save(ctx context.Context, tx *storage.Tx, p Person) error {
	x := s.indexes(p)
	for _, by := range []struct {
		column, field, key string
		index              *[]byte
		same               func(have Person) bool
	}{
		{`email_index`, "email", "people.fault.email_taken", &x.email, func(have Person) bool { return have.Email == p.Email }},
		{`phone_name_index`, "phone", "people.fault.phone_taken", &x.phoneName, func(have Person) bool { return have.Phone == p.Phone && nameKey(have.FullName) == nameKey(p.FullName) }},
	} {
		other, ok, err := s.find(ctx, tx, by.column, *by.index)
		if err != nil {
			return err
		}
		if !ok || other.ID == p.ID {
			continue
		}
		have, err := s.ByID(ctx, tx, p.ID)
		if err != nil || !by.same(have) {
			return taken(err, by.field, by.key)
		}
		*by.index = nil // she had the address beside the other from the start, see RegisterSeen
	}
	r, err := storage.One(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE id = $1`, p.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return unknown()
	}
	if err != nil {
		return err
	}
	key, err := s.keys.OpenDataKey(p.ID[:], r.wrapped)
	if err != nil {
		return err
	}
	box, err := closeBox(key, p)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person
		SET sealed = $2, email_index = $3, phone_index = $4, phone_name_index = $5, telegram_index = $6, name_index = $7, changed_at = $8
		WHERE id = $1`,
		p.ID, box, x.email, x.phone, x.phoneName, x.telegram, x.name, storage.Micros(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_name_part WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	return s.writeBuckets(ctx, tx, p.ID, x.buckets)
}

func taken(err error, field, key string) error {
	if err != nil {
		return err
	}
	f := fault.At(field, key)
	f.Code = fault.Conflict
	return f
}

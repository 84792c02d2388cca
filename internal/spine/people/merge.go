package people

import (
	"bytes"
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// Merge makes one person of two: from becomes a pointer to into. What into does
// not say of herself is taken from the other; consents, links and roles move;
// modules re-point their rows; facts of both count as one person's. The boxes
// sealed under the old key stay readable. Invalid when both are one.
func (s *Service) Merge(ctx context.Context, tx *storage.Tx, by, from, into storage.ID) error {
	a, err := s.ByID(ctx, tx, from)
	if err != nil {
		return err
	}
	b, err := s.ByID(ctx, tx, into)
	if err != nil {
		return err
	}
	if a.ID == b.ID {
		return fault.New(fault.Conflict, "people.fault.merged")
	}
	// The indexes of the old record go first, since they are unique.
	if _, err := tx.Exec(ctx, `UPDATE person
		SET merged_into = $2, email_index = NULL, phone_index = NULL, phone_name_index = NULL, telegram_index = NULL, changed_at = $3
		WHERE id = $1`, a.ID, b.ID, storage.Micros(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person SET merged_into = $2 WHERE merged_into = $1`, a.ID, b.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_name_part WHERE person_id = $1`, a.ID); err != nil {
		return err
	}
	complete(&b, a)
	if err := s.save(ctx, tx, b); err != nil {
		return err
	}
	if err := s.move(ctx, tx, a.ID, b.ID); err != nil {
		return err
	}
	if err := ledger.Relink(ctx, tx, a.Subject, b.Subject); err != nil {
		return err
	}
	for _, m := range s.modules {
		if m.Merge == nil {
			continue
		}
		if err := m.Merge(ctx, tx, a.ID, b.ID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO person_merge (from_id, into_id, by_id, at) VALUES ($1, $2, $3, $4)`,
		a.ID, b.ID, by, storage.Micros(tx.Now)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: b.ID, Action: "people.audit.merged"})
}

// move hands over what hangs on a person in this room.
func (s *Service) move(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, q := range []string{
		`UPDATE consent SET person_id = $2 WHERE person_id = $1`,
		`UPDATE person_link SET person_id = $2 WHERE person_id = $1`,
		`UPDATE audit_entry SET person_id = $2 WHERE person_id = $1`,
		`UPDATE role_grant SET person_id = $2 WHERE person_id = $1 AND NOT EXISTS
			(SELECT 1 FROM role_grant AS own WHERE own.person_id = $2 AND own.role = role_grant.role AND own.scope = role_grant.scope)`,
		`DELETE FROM person_distinct WHERE first_id = $1 OR second_id = $1 OR first_id = $2 AND second_id = $2`,
	} {
		args := []any{from, into}
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return err
		}
	}
	// Sessions, passkeys and accounts do not move: whoever was signed in signs in
	// anew, and whoever merges a record of hers into another's does not come in as her.
	for _, q := range []string{`DELETE FROM session WHERE person_id = $1`, `DELETE FROM passkey WHERE person_id = $1`, `DELETE FROM oidc_link WHERE person_id = $1`, `DELETE FROM role_grant WHERE person_id = $1`} {
		if _, err := tx.Exec(ctx, q, from); err != nil {
			return err
		}
	}
	return nil
}

// complete fills what b leaves open from a.
func complete(b *Person, a Person) {
	for _, f := range []struct{ to, from *string }{
		{&b.AddressAs, &a.AddressAs},
		{&b.Email, &a.Email},
		{&b.Phone, &a.Phone},
		{&b.Sex, &a.Sex},
		{&b.AgeBand, &a.AgeBand},
		{&b.City, &a.City},
		{&b.Village, &a.Village},
		{&b.Group, &a.Group},
		{&b.Level, &a.Level},
		{&b.Organisation, &a.Organisation},
		{&b.AccessNeeds, &a.AccessNeeds},
		{&b.CertificateName.Ky, &a.CertificateName.Ky},
		{&b.CertificateName.Ru, &a.CertificateName.Ru},
		{&b.CertificateName.En, &a.CertificateName.En},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if b.BirthYear == 0 {
		b.BirthYear = a.BirthYear
	}
	if b.TelegramChat == 0 {
		b.TelegramChat = a.TelegramChat
	}
	if len(b.Languages) == 0 {
		b.Languages = a.Languages
	}
	b.Neutral = b.Neutral || a.Neutral
}

// Pair is two records that may be one person, with the reasons.
type Pair struct {
	A, B    Person
	Reasons []string // phone, name, city, birth_year
}

// Duplicates proposes pairs: the same phone, or the same folded name with the
// same city or year of birth. Pairs that were judged two people are left out.
func (s *Service) Duplicates(ctx context.Context, tx *storage.Tx) ([]Pair, error) {
	type ids struct{ a, b storage.ID }
	pairs, err := storage.All(ctx, tx, func(row storage.Scanner) (p ids, err error) {
		err = row.Scan(&p.a, &p.b)
		return p, err
	}, `SELECT a.id, b.id FROM person AS a JOIN person AS b ON a.phone_index = b.phone_index AND a.id < b.id
		WHERE a.merged_into IS NULL AND b.merged_into IS NULL
		UNION
		SELECT a.id, b.id FROM person AS a JOIN person AS b ON a.name_index = b.name_index AND a.id < b.id
		WHERE a.merged_into IS NULL AND b.merged_into IS NULL
		EXCEPT
		SELECT first_id, second_id FROM person_distinct
		ORDER BY 1, 2 LIMIT 500`)
	if err != nil {
		return nil, err
	}
	var all []storage.ID
	for _, p := range pairs {
		all = append(all, p.a, p.b)
	}
	found, err := s.ByIDs(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	var out []Pair
	for _, p := range pairs {
		if pair := compare(found[p.a], found[p.b]); len(pair.Reasons) > 0 {
			out = append(out, pair)
		}
	}
	return out, nil
}

// compare tells why two people may be one; no reasons when it is too little: a
// family shares a phone, and two women of one name live in two cities.
func compare(a, b Person) Pair {
	p := Pair{A: a, B: b}
	name := nameKey(a.FullName) == nameKey(b.FullName)
	phone := a.Phone != "" && a.Phone == b.Phone
	city := a.City != "" && a.City == b.City
	year := a.BirthYear != 0 && a.BirthYear == b.BirthYear
	shared := sharedWords(a.FullName, b.FullName) > 0
	if !(name && (city || year || phone) || phone && shared) {
		return p
	}
	if name {
		p.Reasons = append(p.Reasons, "name")
	}
	if phone {
		p.Reasons = append(p.Reasons, "phone")
	}
	if city {
		p.Reasons = append(p.Reasons, "city")
	}
	if year {
		p.Reasons = append(p.Reasons, "birth_year")
	}
	return p
}

func sharedWords(a, b string) int {
	n := 0
	words := splitWords(b)
	for _, w := range splitWords(a) {
		if slices.Contains(words, w) {
			n++
		}
	}
	return n
}

// KeepApart notes that two records are two people.
func (s *Service) KeepApart(ctx context.Context, tx *storage.Tx, by, a, b storage.ID) error {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	_, err := tx.Exec(ctx, `INSERT INTO person_distinct (first_id, second_id, by_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (first_id, second_id) DO NOTHING`, a, b, by, storage.Micros(tx.Now))
	return err
}

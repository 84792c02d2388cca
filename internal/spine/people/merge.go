package people

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
)

// MergeRecords makes one record of two of the same person.
type MergeRecords struct {
	By         storage.ID
	From, Into storage.ID
	Contacts   []storage.ID // of From that Into gets as well, as typed
	Own        bool         // the person herself, who has proven that both are hers
}

// Merge makes one person of two: From becomes a pointer to Into. What Into does not
// say of herself is taken from the other; consents, links and roles move, the roles
// asleep; modules re-point their rows; facts of both count as one person's. The boxes
// sealed under the old key stay readable. Into keeps its contacts, those of the other
// come only where they were chosen, and unproven; all sessions of From end, and those of
// Into unless it is her own doing. Conflict when both are one, or more contacts were chosen than a record holds.
func (s *Service) Merge(ctx context.Context, tx *storage.Tx, cmd MergeRecords) error {
	a, b, err := s.holdBoth(ctx, tx, cmd.From, cmd.Into)
	if err != nil {
		return err
	}
	for _, id := range []storage.ID{a.ID, b.ID} {
		if err := s.mayCorrectRecord(ctx, tx, cmd.By, id); err != nil && !cmd.Own {
			return err
		}
	}
	coming, err := s.coming(ctx, tx, a, b, cmd.Contacts)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM contact WHERE person_id = $1`, `DELETE FROM person_name_part WHERE person_id = $1`} {
		if _, err := tx.Exec(ctx, q, a.ID); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE person SET merged_into = $2, changed_at = $3, mark = ` + markExpression(tx) + ` WHERE id = $1`,
		`UPDATE person SET merged_into = $2, changed_at = $3 WHERE merged_into = $1`,
	} {
		if _, err := tx.Exec(ctx, q, a.ID, b.ID, storage.Micros(tx.Now)); err != nil {
			return err
		}
	}
	complete(&b, a)
	for _, c := range coming {
		if err := s.addContacts(ctx, tx, b.ID, b.key, Typed, Contact{Kind: c.Kind, Value: c.Value}); err != nil {
			return err
		}
		if b.current(c.Kind) == "" {
			if err := b.setCurrent(c.Kind, c.Value); err != nil {
				return err
			}
		}
	}
	if err := s.save(ctx, tx, b); err != nil {
		return err
	}
	if cmd.Own { // links that were shown in a browser may be a stranger's
		if _, err := tx.Exec(ctx, `DELETE FROM person_link WHERE person_id = $1 AND contact_id IS NULL AND NOT `+staysUsable, a.ID); err != nil {
			return err
		}
	}
	if err := s.move(ctx, tx, a.ID, b.ID); err != nil {
		return err
	}
	if !cmd.Own {
		if err := s.EndSessions(ctx, tx, b.ID, storage.ID{}); err != nil {
			return err
		}
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
	proven, err := s.IsProven(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	if proven {
		if err := s.proved(ctx, tx, b.ID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO person_merge (from_id, into_id, by_id, at) VALUES ($1, $2, $3, $4)`,
		a.ID, b.ID, cmd.By, storage.Micros(tx.Now)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.By, Person: b.ID, Action: "people.audit.merged"})
}

// holdBoth holds two records in one order, so that two merges do not wait for each other,
// and gives those that they stand for: of one that was merged, that which it was merged into.
// What the merge is judged by hangs on them. Conflict when both are one.
func (s *Service) holdBoth(ctx context.Context, tx *storage.Tx, one, other storage.ID) (a, b Person, err error) {
	for _, end := range []struct {
		id storage.ID
		of *Person
	}{{one, &a}, {other, &b}} {
		if *end.of, err = s.ByID(ctx, tx, end.id); err != nil {
			return a, b, err
		}
	}
	ends := []*Person{&a, &b}
	slices.SortFunc(ends, func(x, y *Person) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	for _, end := range ends {
		if *end, err = s.hold(ctx, tx, end.ID); err != nil {
			return a, b, err
		}
	}
	if a.ID == b.ID {
		err = fault.New(fault.Conflict, "people.fault.merged")
	}
	return a, b, err
}

// coming gives the contacts of a that b gets as well: those that were chosen and that she has
// not yet. Conflict when they are more than a record holds.
func (s *Service) coming(ctx context.Context, tx *storage.Tx, a, b Person, chosen []storage.ID) (out []Contact, err error) {
	have, err := s.ContactsOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	own, err := s.ContactsOf(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	count := map[ContactKind]int{}
	for _, c := range own {
		count[c.Kind]++
	}
	for _, c := range have {
		if !slices.Contains(chosen, c.ID) || c.State == Leaving || c.Kind == ChatContact ||
			slices.ContainsFunc(own, func(o Contact) bool { return o.Kind == c.Kind && bytes.Equal(o.index, c.index) }) {
			continue
		}
		if count[c.Kind]++; count[c.Kind] > mostContacts {
			return nil, fault.New(fault.Conflict, "people.fault.contacts_many")
		}
		out = append(out, c)
	}
	return out, nil
}

// move hands over what hangs on a person in this room.
func (s *Service) move(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	// A role that is over does not stand in the way of one that holds.
	if _, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE person_id = $2 AND ends_at > 0 AND ends_at <= $3 AND EXISTS
		(SELECT 1 FROM role_grant AS other WHERE other.person_id = $1 AND other.role = role_grant.role AND other.scope = role_grant.scope)`, from, into, storage.Micros(tx.Now)); err != nil {
		return err
	}
	// Who helps by both records helps for the days of both; days that sleep wake by no merge.
	for _, day := range []string{`ends_at = (SELECT MAX(ends_at)`, `begins_at = (SELECT MIN(begins_at)`} {
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET `+day+` FROM role_grant AS pair
				WHERE pair.person_id IN ($1, $2) AND pair.role = role_grant.role AND pair.scope = role_grant.scope)
			WHERE person_id = $2 AND ends_at > 0 AND EXISTS
				(SELECT 1 FROM role_grant AS other WHERE other.person_id = $1 AND other.role = role_grant.role AND other.scope = role_grant.scope
				AND other.ends_at > 0 AND (other.woken_at > 0 OR role_grant.woken_at = 0))`, from, into); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE consent SET person_id = $2 WHERE person_id = $1`,
		`UPDATE person_link SET person_id = $2, contact_id = NULL WHERE person_id = $1 AND purpose NOT LIKE 'people.%' AND purpose NOT LIKE 'telegram.%'`,
		`DELETE FROM person_link WHERE person_id = $1 AND person_id <> $2`,
		`UPDATE audit_entry SET person_id = $2 WHERE person_id = $1`,
		`DELETE FROM person_link WHERE person_id = $2 AND purpose = '` + linkRole + `' AND EXISTS (SELECT 1 FROM role_grant WHERE person_id = $1)`,
		`UPDATE role_grant SET person_id = $2, woken_at = 0 WHERE person_id = $1 AND NOT EXISTS
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

// complete fills what b leaves open from a, but how she is reached.
func complete(b *Person, a Person) {
	for _, f := range profile.Fields {
		if !f.Contact && len(b.Get(f.Name)) == 0 {
			b.Set(f.Name, a.Get(f.Name)...)
		}
	}
	for _, f := range []struct{ to, from *string }{
		{&b.CertificateName.Ky, &a.CertificateName.Ky},
		{&b.CertificateName.Ru, &a.CertificateName.Ru},
		{&b.CertificateName.En, &a.CertificateName.En},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	b.Neutral = b.Neutral || a.Neutral
}

// Pair is two records that may be one person, with the reasons.
type Pair struct {
	A, B Person

	ContactsA, ContactsB []Contact // filled by the page

	Reasons []string // phone, email, name, city, birth_year
}

// Duplicates proposes pairs: the same phone or e-mail and a word of the name, or the
// same folded name with the same city or year of birth. Pairs that were judged two people are left out.
func (s *Service) Duplicates(ctx context.Context, tx *storage.Tx) ([]Pair, error) {
	if err := tx.Outside("the search for duplicates"); err != nil {
		return nil, err
	}
	return s.likely(ctx, tx, `SELECT a.person_id, b.person_id FROM contact AS a JOIN contact AS b ON a.value_index = b.value_index AND a.person_id < b.person_id
		UNION
		SELECT a.id, b.id FROM person AS a JOIN person AS b ON a.name_index = b.name_index AND a.id < b.id
		WHERE a.merged_into IS NULL AND b.merged_into IS NULL
		EXCEPT
		SELECT first_id, second_id FROM person_distinct
		ORDER BY 1, 2 LIMIT 500`)
}

// DuplicatesOf is Duplicates of one record, which is A of each pair.
func (s *Service) DuplicatesOf(ctx context.Context, tx *storage.Tx, id storage.ID) ([]Pair, error) {
	out, err := s.likely(ctx, tx, `SELECT a.person_id, b.person_id FROM contact AS a JOIN contact AS b ON a.value_index = b.value_index AND a.person_id <> b.person_id
		WHERE a.person_id = $1
		UNION
		SELECT a.id, b.id FROM person AS a JOIN person AS b ON a.name_index = b.name_index AND a.id <> b.id
		WHERE a.id = $1 AND a.merged_into IS NULL AND b.merged_into IS NULL
		EXCEPT
		SELECT first_id, second_id FROM person_distinct
		EXCEPT
		SELECT second_id, first_id FROM person_distinct
		ORDER BY 1, 2 LIMIT 500`, id)
	return out, err
}

// MostAsked bounds of how many records DuplicatesOfAny is asked at once.
const MostAsked = 500

// DuplicatesOfAny is DuplicatesOf of several records, MostAsked at most: each is A of its pairs.
func (s *Service) DuplicatesOfAny(ctx context.Context, tx *storage.Tx, ids []storage.ID) ([]Pair, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > MostAsked {
		ids = ids[:MostAsked]
	}
	marks, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), id
	}
	in := `(` + strings.Join(marks, ", ") + `)`
	return s.likely(ctx, tx, `SELECT a.person_id, b.person_id FROM contact AS a JOIN contact AS b ON a.value_index = b.value_index AND a.person_id <> b.person_id
		WHERE a.person_id IN `+in+`
		UNION
		SELECT a.id, b.id FROM person AS a JOIN person AS b ON a.name_index = b.name_index AND a.id <> b.id
		WHERE a.id IN `+in+` AND a.merged_into IS NULL AND b.merged_into IS NULL
		EXCEPT
		SELECT first_id, second_id FROM person_distinct
		EXCEPT
		SELECT second_id, first_id FROM person_distinct
		ORDER BY 1, 2 LIMIT 500`, args...)
}

// likely opens pairs of ids, and gives those that may be one person.
func (s *Service) likely(ctx context.Context, tx *storage.Tx, query string, args ...any) ([]Pair, error) {
	type ids struct{ a, b storage.ID }
	pairs, err := storage.All(ctx, tx, func(row storage.Scanner) (p ids, err error) {
		err = row.Scan(&p.a, &p.b)
		return p, err
	}, query, args...)
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
	email := a.Email != "" && emailKey(a.Email) == emailKey(b.Email)
	city := a.City != "" && a.City == b.City
	year := a.BirthYear != 0 && a.BirthYear == b.BirthYear
	shared := sharedWords(a.FullName, b.FullName) > 0
	if !(name && (city || year) || (phone || email) && shared) {
		return p
	}
	if name {
		p.Reasons = append(p.Reasons, "name")
	}
	if phone {
		p.Reasons = append(p.Reasons, "phone")
	}
	if email {
		p.Reasons = append(p.Reasons, "email")
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

// KeepApart notes that two records are two people. A merge of both that waits is taken back,
// and one that was not done needs no more telling.
func (s *Service) KeepApart(ctx context.Context, tx *storage.Tx, by, a, b storage.ID) error {
	if err := s.dropPlans(ctx, tx, by, a, b); err != nil {
		return err
	}
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	_, err := tx.Exec(ctx, `INSERT INTO person_distinct (first_id, second_id, by_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (first_id, second_id) DO NOTHING`, a, b, by, storage.Micros(tx.Now))
	return err
}

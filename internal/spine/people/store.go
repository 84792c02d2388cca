package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// contents is what lies in the box of a person.
type contents struct {
	Details
	Subject      storage.ID `json:"subject"`
	TelegramChat int64      `json:"telegram,omitempty"`
}

const fieldDetails = "person.sealed"

const columns = `id, data_key, sealed, merged_into, demo, made_at, changed_at`

// row is a person as she is stored.
type row struct {
	id           storage.ID
	wrapped, box []byte
	mergedInto   storage.ID
	demo         bool
	made         int64
	changed      int64
}

func scanRow(sc storage.Scanner) (r row, err error) {
	err = sc.Scan(&r.id, &r.wrapped, &r.box, &r.mergedInto, &r.demo, &r.made, &r.changed)
	return r, err
}

// open unseals a row.
func (s *Service) open(r row) (Person, error) {
	key, err := s.keys.OpenDataKey(r.id[:], r.wrapped)
	if err != nil {
		return Person{}, fmt.Errorf("person %s: %w", r.id, err)
	}
	plain, err := key.Open(r.id[:], fieldDetails, r.box)
	if err != nil {
		return Person{}, fmt.Errorf("person %s: %w", r.id, err)
	}
	var c contents
	if err := json.Unmarshal(plain, &c); err != nil {
		return Person{}, fmt.Errorf("person %s: %w", r.id, err)
	}
	p := Person{
		ID: r.id, Details: c.Details, Subject: c.Subject, TelegramChat: c.TelegramChat, MergedInto: r.mergedInto,
		Made: storage.Instant(r.made), Changed: storage.Instant(r.changed),
	}
	p.Demo, p.key = r.demo, key
	return p, nil
}

func closeBox(key seal.DataKey, p Person) ([]byte, error) {
	plain, err := json.Marshal(contents{Details: p.Details, Subject: p.Subject, TelegramChat: p.TelegramChat})
	if err != nil {
		return nil, err
	}
	return key.Seal(p.ID[:], fieldDetails, plain), nil
}

// indexes are the blind indexes of a person; nil where there is nothing to find.
type indexes struct {
	subject, name []byte
	buckets       []int64
}

func (s *Service) indexes(p Person) indexes {
	x := indexes{subject: s.keys.Index("subject", p.Subject.String()), name: s.keys.Index("name", nameKey(p.FullName))}
	for _, w := range splitWords(p.FullName) {
		if b := s.bucket(w); !slices.Contains(x.buckets, b) {
			x.buckets = append(x.buckets, b)
		}
	}
	return x
}

func (s *Service) emailIndex(address string) []byte {
	return s.keys.Index("email", emailKey(address))
}

// bucket gives the 12-bit bucket of a folded word.
func (s *Service) bucket(word string) int64 {
	h := s.keys.Index("name part", part(word))
	return int64(h[0])<<4 | int64(h[1])>>4
}

func (s *Service) writeBuckets(ctx context.Context, tx *storage.Tx, id storage.ID, buckets []int64) error {
	if len(buckets) == 0 {
		return nil
	}
	rows, args := make([]string, len(buckets)), []any{id}
	for i, b := range buckets {
		args = append(args, b)
		rows[i] = `($` + strconv.Itoa(i+2) + `, $1)`
	}
	_, err := tx.Exec(ctx, `INSERT INTO person_name_part (bucket, person_id) VALUES `+strings.Join(rows, `, `), args...)
	return err
}

// ByID gives a person; when the record was merged, the one it was merged into.
// NotFound when there is none.
func (s *Service) ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Person, error) {
	for range 8 { // merging keeps pointers short, a damaged file must not hang us
		r, err := storage.One(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE id = $1`, id)
		if errors.Is(err, sql.ErrNoRows) {
			return Person{}, Unknown()
		}
		if err != nil {
			return Person{}, err
		}
		if r.mergedInto.IsZero() {
			return s.open(r)
		}
		id = r.mergedInto
	}
	return Person{}, Unknown()
}

// hold is ByID for who changes how a person is reached or gets in: two transactions about
// one record go one after the other, and the second sees what the first has done.
func (s *Service) hold(ctx context.Context, tx *storage.Tx, id storage.ID) (Person, error) {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, `UPDATE person SET changed_at = changed_at WHERE id = $1`, p.ID); err != nil {
		return p, err
	}
	return s.ByID(ctx, tx, p.ID)
}

// Unknown is the fault of a record that is not there, or not for who asks.
func Unknown() error { return fault.New(fault.NotFound, "people.fault.unknown") }

// ByIDs gives those of the persons that exist, under the ids asked for.
func (s *Service) ByIDs(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Person, error) {
	out := make(map[storage.ID]Person, len(ids))
	rows := make(map[storage.ID]row, len(ids))
	for part := range slices.Chunk(ids, 200) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		found, err := storage.All(ctx, tx, scanRow,
			`SELECT `+columns+` FROM person WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			rows[r.id] = r
		}
	}
	for _, id := range ids {
		r, ok := rows[id]
		if !ok {
			continue
		}
		var p Person
		var err error
		if r.mergedInto.IsZero() {
			p, err = s.open(r)
		} else {
			p, err = s.ByID(ctx, tx, r.mergedInto)
		}
		if err != nil {
			return nil, err
		}
		out[id] = p
	}
	return out, nil
}

// find gives the person with a blind index, and whether there is one.
func (s *Service) find(ctx context.Context, tx *storage.Tx, column string, index []byte) (Person, bool, error) {
	if index == nil {
		return Person{}, false, nil
	}
	r, err := storage.One(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE `+column+` = $1`, index)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, false, nil
	}
	if err != nil {
		return Person{}, false, err
	}
	p, err := s.open(r)
	return p, err == nil, err
}

// BySubject gives the person behind a subject of the ledger. NotFound when the link is cut.
func (s *Service) BySubject(ctx context.Context, tx *storage.Tx, subject storage.ID) (Person, error) {
	p, err := found(s.find(ctx, tx, `subject_index`, s.keys.Index("subject", subject.String())))
	if err == nil && !p.MergedInto.IsZero() {
		return s.ByID(ctx, tx, p.MergedInto)
	}
	return p, err
}

func found(p Person, ok bool, err error) (Person, error) {
	if err == nil && !ok {
		err = Unknown()
	}
	return p, err
}

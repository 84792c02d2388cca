package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ContactKind is a way to reach a person.
type ContactKind string

// The kinds.
const (
	EmailContact ContactKind = "email"
	PhoneContact ContactKind = "phone"
	ChatContact  ContactKind = "telegram"
)

// ContactState says what is known of a contact: that somebody typed it, or that the
// person of the record has it. What said "not me" leaves the record, see Mute.
type ContactState string

// The states.
const (
	Typed   ContactState = "typed"   // by a form, a file, staff or herself: letters about its own application
	Proven  ContactState = "proven"  // by a letter, a code, the chat: all messages, and signing in
	Called  ContactState = "called"  // staff spoke with her; phones only, and no sign-in of its own
	Leaving ContactState = "leaving" // another was proven in its place; may be taken back for a while
)

// Contact is one way to reach one person. Many people may share its value.
type Contact struct {
	ID     storage.ID   `json:"id"`
	Person storage.ID   `json:"-"`
	Kind   ContactKind  `json:"kind"`
	State  ContactState `json:"state"`
	Value  string       `json:"value"` // address, number as E.164, or number of the chat
	Made   time.Time    `json:"made"`
	Proved time.Time    `json:"proven,omitzero"` // when that was shown first
	Ends   time.Time    `json:"ends,omitzero"`   // of a leaving one

	index []byte
	box   []byte // the value, sealed
}

const (
	fieldContact = "contact.sealed"

	// leavingFor is how long a replaced contact may be taken back.
	leavingFor = 14 * 24 * time.Hour
	// mutedFor is how long an address that said "not me" gets no letter from forms.
	mutedFor = 30 * 24 * time.Hour
	// lettersADay is how many letters forms without a sign-in send to one address.
	lettersADay = 3
)

// contactIndex is what a contact is found by.
func (s *Service) contactIndex(kind ContactKind, value string) []byte {
	switch kind {
	case EmailContact:
		return s.emailIndex(value)
	case PhoneContact:
		return s.phoneIndex(value)
	}
	return s.keys.Index("telegram", value)
}

func (s *Service) phoneIndex(phone string) []byte { return s.keys.Index("phone", phone) }

const contactColumns = `contact.id, contact.person_id, contact.kind, contact.state, contact.value_index, contact.sealed, contact.made_at, contact.proven_at, contact.ends_at`

// ContactsOf gives the contacts of a person who has been read, the oldest first.
func (s *Service) ContactsOf(ctx context.Context, tx *storage.Tx, p Person) ([]Contact, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (Contact, error) { return scanContact(row, p) },
		`SELECT `+contactColumns+`
		FROM contact
		WHERE person_id = $1
		ORDER BY made_at, id`, p.ID)
}

func scanContact(row storage.Scanner, p Person) (c Contact, err error) {
	var box []byte
	var made, proven, ends int64
	if err := row.Scan(&c.ID, &c.Person, &c.Kind, &c.State, &c.index, &box, &made, &proven, &ends); err != nil {
		return c, err
	}
	c.Made, c.Proved, c.Ends = storage.Instant(made), storage.Instant(proven), storage.Instant(ends)
	if box == nil { // made from the indexes of before: the value is in the box of the person
		c.Value = p.current(c.Kind)
		return c, nil
	}
	plain, err := p.key.Open(c.ID[:], fieldContact, box)
	c.Value = string(plain)
	return c, err
}

// Contacts gives the contacts of a person, the oldest first. NotFound when there is
// no such person.
func (s *Service) Contacts(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Contact, error) {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	return s.ContactsOf(ctx, tx, p)
}

// contact gives one contact of a person. NotFound when she has none of that id.
func (s *Service) contact(ctx context.Context, tx *storage.Tx, p Person, id storage.ID) (Contact, error) {
	c, err := storage.One(ctx, tx, func(row storage.Scanner) (Contact, error) { return scanContact(row, p) },
		`SELECT `+contactColumns+`
		FROM contact
		WHERE id = $1 AND person_id = $2`, id, p.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.New(fault.NotFound, "people.fault.contact_unknown")
	}
	return c, err
}

// current is the value of a kind that letters go to: what was proven, else what was typed last.
func (p Person) current(kind ContactKind) string {
	switch {
	case kind == EmailContact:
		return p.Email
	case kind == PhoneContact:
		return p.Phone
	case p.TelegramChat != 0:
		return strconv.FormatInt(p.TelegramChat, 10)
	}
	return ""
}

// setCurrent changes the value of a kind in the person; save writes it.
func (p *Person) setCurrent(kind ContactKind, value string) error {
	switch kind {
	case EmailContact:
		p.Email = value
	case PhoneContact:
		p.Phone = value
	case ChatContact:
		p.TelegramChat = 0
		if value != "" {
			chat, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return fmt.Errorf("a chat that is no number: %w", err)
			}
			p.TelegramChat = chat
		}
	}
	return nil
}

// close seals a contact that has its id and value, and finds its blind index.
func (s *Service) close(key seal.DataKey, c *Contact) {
	c.index, c.box = s.contactIndex(c.Kind, c.Value), key.Seal(c.ID[:], fieldContact, []byte(c.Value))
}

// addContacts writes contacts for a person, all in one state. One that she has
// already keeps its state.
func (s *Service) addContacts(ctx context.Context, tx *storage.Tx, person storage.ID, key seal.DataKey, state ContactState, list ...Contact) error {
	query, args := "", []any{person, string(state), storage.Micros(tx.Now)}
	for _, c := range list {
		if c.Value == "" {
			continue
		}
		if len(c.box) == 0 {
			c.ID = tx.NewID()
			s.close(key, &c)
		}
		n := strconv.Itoa
		at := len(args)
		args = append(args, c.ID, string(c.Kind), c.index, c.box)
		if query != "" {
			query += ", "
		}
		query += `($` + n(at+1) + `, $1, $` + n(at+2) + `, $2, $` + n(at+3) + `, $` + n(at+4) + `, $3, $3)`
	}
	if query == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO contact (id, person_id, kind, state, value_index, sealed, made_at, changed_at)
		VALUES `+query+`
		ON CONFLICT (person_id, value_index) DO NOTHING`, args...)
	return err
}

// WithContact gives the living records that hold a contact, in any state, the oldest
// first: a family, an office, or one person several times.
func (s *Service) WithContact(ctx context.Context, tx *storage.Tx, kind ContactKind, value string) ([]Person, error) {
	rows, err := storage.All(ctx, tx, scanRow, `SELECT `+columns+`
		FROM person
		WHERE merged_into IS NULL AND id IN (SELECT person_id FROM contact WHERE value_index = $1)
		ORDER BY made_at, id`, s.contactIndex(kind, value))
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(rows))
	for i, r := range rows {
		if out[i], err = s.open(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Sharing groups persons who have a contact in common: each id leads to the least id
// of its group. Staff see their applications together, and a draw takes one of them.
// Pairs that staff have called two people are not joined by that alone.
func (s *Service) Sharing(ctx context.Context, tx *storage.Tx, persons []storage.ID) (map[storage.ID]storage.ID, error) {
	of := make(map[storage.ID]storage.ID, len(persons))
	for _, id := range persons {
		of[id] = id
	}
	apart := map[[2]storage.ID]bool{}
	pairs, err := storage.All(ctx, tx, func(row storage.Scanner) (p [2]storage.ID, err error) {
		err = row.Scan(&p[0], &p[1])
		return p, err
	}, `SELECT first_id, second_id FROM person_distinct`)
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		apart[p] = true
	}
	byValue := map[string][]storage.ID{}
	for part := range slices.Chunk(persons, 200) {
		query, args := "", make([]any, len(part))
		for i, id := range part {
			args[i] = id
			if i > 0 {
				query += ", "
			}
			query += "$" + strconv.Itoa(i+1)
		}
		_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
			var index []byte
			var person storage.ID
			err := row.Scan(&index, &person)
			byValue[string(index)] = append(byValue[string(index)], person)
			return struct{}{}, err
		}, `SELECT value_index, person_id FROM contact WHERE person_id IN (`+query+`)`, args...)
		if err != nil {
			return nil, err
		}
	}
	root := func(id storage.ID) storage.ID {
		for of[id] != id {
			of[id] = of[of[id]]
			id = of[id]
		}
		return id
	}
	less := func(a, b storage.ID) bool { return slices.Compare(a[:], b[:]) < 0 }
	for _, sharers := range byValue {
		for i, a := range sharers {
			for _, b := range sharers[i+1:] {
				first, second := a, b
				if less(second, first) {
					first, second = second, first
				}
				if apart[[2]storage.ID{first, second}] {
					continue
				}
				x, y := root(a), root(b)
				if less(y, x) {
					x, y = y, x
				}
				of[y] = x
			}
		}
	}
	for id := range of {
		of[id] = root(id)
	}
	return of, nil
}

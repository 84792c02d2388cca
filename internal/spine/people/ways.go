package people

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Ways are how somebody can be reached.
type Ways struct {
	Email, Phone, Chat bool
	Text               bool // Phone may be written to, see TextContact
}

// waysAtOnce bounds the values of one statement.
const waysAtOnce = 1000

// WaysOf tells how persons can be reached, without opening a record: a contact's kind lies
// open, its value sealed. Who has no contact at all is not among them.
func (s *Service) WaysOf(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Ways, error) {
	type way struct {
		person      storage.ID
		kind, state string
		muted       bool
	}
	out := map[storage.ID]Ways{}
	for part := range slices.Chunk(ids, waysAtOnce) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		now := "$" + strconv.Itoa(len(part)+1)
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (w way, err error) {
			err = row.Scan(&w.person, &w.kind, &w.state, &w.muted)
			return w, err
		}, `SELECT person_id, kind, state,
				kind = 'phone' AND EXISTS (SELECT 1 FROM contact_muted WHERE contact_muted.value_index = contact.value_index AND until_at > `+now+`)
			FROM contact
			WHERE person_id IN (`+strings.Join(marks, ", ")+`) AND state <> 'leaving'`, append(args, storage.Micros(tx.Now))...)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			ways := out[w.person]
			switch ContactKind(w.kind) {
			case EmailContact:
				ways.Email = true
			case PhoneContact:
				ways.Phone = true
				ways.Text = ways.Text || mayText(ContactState(w.state), w.muted)
			case ChatContact:
				ways.Chat = true
			}
			out[w.person] = ways
		}
	}
	return out, nil
}

// mayText reports whether text messages go to a number: one that she has proven, or was spoken
// with on, and one that was typed unless its owner has said that it is not hers.
func mayText(state ContactState, muted bool) bool {
	return state == Proven || state == Called || state == Typed && !muted
}

// TextContact gives the number of a person to which text messages may go, with its state; ok is
// false when there is none. One that is only typed gets those about her own application, as
// many a day as MayText allows.
func (s *Service) TextContact(ctx context.Context, tx *storage.Tx, p Person) (c Contact, ok bool, err error) {
	if p.Phone == "" {
		return c, false, nil
	}
	index, muted := s.phoneIndex(p.Phone), false
	err = tx.QueryRow(ctx, `SELECT state, EXISTS (SELECT 1 FROM contact_muted WHERE value_index = $2 AND until_at > $3)
		FROM contact
		WHERE person_id = $1 AND value_index = $2`, p.ID, index, storage.Micros(tx.Now)).Scan(&c.State, &muted)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	c.Person, c.Kind, c.Value, c.index = p.ID, PhoneContact, p.Phone, index
	return c, mayText(c.State, muted), err
}

// MayText is MayWrite for a number that nobody has proven.
func (s *Service) MayText(ctx context.Context, tx *storage.Tx, c Contact) (bool, error) {
	return s.mayWriteTo(ctx, tx, c.index)
}

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Change is something that decides about how a person is reached, gets in, or what
// she may do. She is told of it, so that she notices when it was not she.
type Change struct {
	Person storage.ID
	What   string // a key of a text, "people.change.email"
	Email  string // where to tell it besides; the address before, when that changed
	Chat   string // the chat before
	Only   bool   // tell it there alone
	Path   string // where the letter leads to; empty for her sessions
}

// The changes that are told.
const (
	changedEmail   = "people.change.email"
	changedPhone   = "people.change.phone"
	changedContact = "people.change.contact"
	roleGiven      = "people.change.role_given"
	roleTaken      = "people.change.role_taken"
	passkeyAdded   = "people.change.passkey_added"
	passkeyRemoved = "people.change.passkey_removed"
	accountLinked  = "people.change.account_linked"
	accountRemoved = "people.change.account_removed"
)

// warn tells the person of a change, in the transaction of the change.
func (s *Service) warn(ctx context.Context, tx *storage.Tx, c Change) error {
	if s.courier == nil {
		return nil
	}
	return s.courier.SendChange(ctx, tx, c)
}

// warnOfAddress tells of another e-mail or phone, at the old e-mail too: who has
// taken over an account changes the address first.
func (s *Service) warnOfAddress(ctx context.Context, tx *storage.Tx, person storage.ID, before, after Details) error {
	if before.Email != after.Email && (before.Email != "" || before.Phone != "") {
		if err := s.warn(ctx, tx, Change{Person: person, What: changedEmail, Email: before.Email}); err != nil {
			return err
		}
	}
	if before.Phone != after.Phone && before.Phone != "" {
		return s.warn(ctx, tx, Change{Person: person, What: changedPhone})
	}
	return nil
}

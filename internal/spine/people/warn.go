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
	addedContact   = "people.change.contact_added"
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

// warnOfContact tells of another e-mail or phone, where she is reached now. What was
// typed alone hears nothing: it may be anybody's. What was proven is told by leave.
func (s *Service) warnOfContact(ctx context.Context, tx *storage.Tx, person storage.ID, kind ContactKind, before, after string) error {
	if before == "" || before == after {
		return nil
	}
	what := changedEmail
	if kind == PhoneContact {
		what = changedPhone
	}
	return s.warn(ctx, tx, Change{Person: person, What: what})
}

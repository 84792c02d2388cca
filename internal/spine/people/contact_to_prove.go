package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/phone"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Whole is a contact as it is written for people; a chat has no such form.
func (c Contact) Whole() string {
	switch c.Kind {
	case PhoneContact:
		return phone.Display(c.Value)
	case ChatContact:
		return "Telegram"
	}
	return c.Value
}

// Masked shows a contact to who may be somebody else: enough to know one's own by.
func (c Contact) Masked() string {
	switch c.Kind {
	case PhoneContact:
		shown := phone.Display(c.Value)
		return "••• " + shown[max(0, len(shown)-2):]
	case ChatContact:
		return "Telegram"
	}
	local, domain, _ := strings.Cut(c.Value, "@")
	first := func(s string) string {
		r, _ := utf8.DecodeRuneInString(s)
		return string(r)
	}
	ending := domain[strings.LastIndexByte(domain, '.')+1:]
	return first(local) + "•••@" + first(domain) + "•••." + ending
}

// ToProve gives the contact that a letter's link went to, when using the link would
// prove it; ok is false for a link that was only shown. A letter about an application
// proves only while nothing else is: her own page shows such letters again, whoever's
// the address is. A further contact, or one that was replaced, has a letter of its own,
// which goes to that address and nowhere else.
func (s *Service) ToProve(ctx context.Context, tx *storage.Tx, token string) (c Contact, ok bool, err error) {
	l, err := s.peekAny(ctx, tx, token)
	if err != nil || l.Contact.IsZero() {
		return c, false, err
	}
	p, err := s.ByID(ctx, tx, l.Person)
	if err != nil {
		return c, false, err
	}
	c, err = s.contact(ctx, tx, p, l.Contact)
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	if err != nil || c.State == Proven || l.Purpose == linkProve {
		return c, err == nil && c.State != Proven, err
	}
	ok, err = s.unproven(ctx, tx, p.ID)
	return c, ok, err
}

// peekAny reads a living link of any purpose. Faults as PeekLink.
func (s *Service) peekAny(ctx context.Context, tx *storage.Tx, token string) (Link, error) {
	purpose, err := storage.One(ctx, tx, func(row storage.Scanner) (p string, err error) {
		err = row.Scan(&p)
		return p, err
	}, `SELECT purpose FROM person_link WHERE token_hash = $1`, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, fault.New(fault.NotFound, "people.fault.link_unknown")
	}
	if err != nil {
		return Link{}, err
	}
	return s.PeekLink(ctx, tx, token, purpose)
}

// PeekUndo tells whether the link of a notice would take a contact back. Faults as PeekLink.
func (s *Service) PeekUndo(ctx context.Context, tx *storage.Tx, token string) error {
	_, err := s.PeekLink(ctx, tx, token, linkUndo)
	return err
}

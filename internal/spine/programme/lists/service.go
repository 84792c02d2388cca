package lists

import (
	"context"
	"errors"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Service changes the lists of a house.
type Service struct{ programme *programme.Service }

// New opens the room; its lists are those of the programme's service.
func New(p *programme.Service) *Service { return &Service{p} }

// errNoBook says that the lists of this house are not kept.
var errNoBook = errors.New("lists: there is no book of lists to change")

// begin begins a change by somebody: from here on nobody else changes the lists before
// the transaction ends. Forbidden for who does not plan the whole programme.
func (s *Service) begin(ctx context.Context, tx *storage.Tx, actor access.Actor) (*profile.Lists, error) {
	if err := s.May(ctx, tx, actor); err != nil {
		return nil, err
	}
	return s.change(ctx, tx)
}

func (s *Service) change(ctx context.Context, tx *storage.Tx) (*profile.Lists, error) {
	book := s.programme.Book()
	if book == nil {
		return nil, errNoBook
	}
	return book.Change(ctx, tx)
}

// May refuses who may not change the lists: they are of all cities, so that who plans in
// one of them does not.
func (s *Service) May(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
	p, err := programme.Current(ctx, tx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if !actor.May(programme.MayPlan, access.Scope{Programme: p.ID}) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// held finds an entry as somebody saw it. NotFound; Conflict when somebody else was faster.
func held(lists *profile.Lists, list profile.Name, code string, version int64) (profile.Entry, error) {
	e, ok := lists.Entry(list, code)
	if !ok {
		return e, Unknown()
	}
	if e.Version != version {
		return e, meanwhile()
	}
	return e, nil
}

// Unknown is the fault of an entry that is not there.
func Unknown() error { return fault.New(fault.NotFound, "fault.not_found") }

func meanwhile() error { return fault.New(fault.Conflict, "programme.fault.changed_meanwhile") }

// update writes an entry that was read in this transaction.
func update(ctx context.Context, tx *storage.Tx, actor access.Actor, e profile.Entry) error {
	ok, err := profile.Update(ctx, tx, e)
	if err != nil {
		return err
	}
	if !ok {
		return meanwhile()
	}
	return note(ctx, tx, actor, e)
}

func note(ctx context.Context, tx *storage.Tx, actor access.Actor, e profile.Entry) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "programme.audit.list", Detail: string(e.List) + " " + e.Code})
}

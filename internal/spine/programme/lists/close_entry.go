package lists

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// CloseEntry says that an entry is no longer offered, or is again.
type CloseEntry struct {
	Actor   access.Actor
	List    profile.Name
	Code    string
	Version int64 // the one that she saw
	Closed  bool
}

// CloseEntry takes an entry out of what may be chosen, or puts it back. Where it stands it
// is named as before. Forbidden, NotFound; Invalid for those that the house has a rule
// for; Conflict when somebody else has changed it since she saw it.
func (s *Service) CloseEntry(ctx context.Context, tx *storage.Tx, c CloseEntry) (profile.Entry, error) {
	lists, err := s.begin(ctx, tx, c.Actor)
	if err != nil {
		return profile.Entry{}, err
	}
	e, err := held(lists, c.List, c.Code, c.Version)
	if err != nil {
		return e, err
	}
	if c.Closed && e.Kept() {
		return e, fault.New(fault.Invalid, "programme.lists.fault.kept")
	}
	if e.Closed == c.Closed {
		return e, nil
	}
	e.Closed = c.Closed
	return e, update(ctx, tx, c.Actor, e)
}

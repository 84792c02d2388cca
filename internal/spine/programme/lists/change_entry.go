package lists

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// ChangeEntry is an entry as a coordinator has changed it: names, spellings, and of a city
// where it lies. Its code and its age never change.
type ChangeEntry struct {
	Actor   access.Actor
	Version int64 // the one that she saw
	Entry   profile.Entry
	Typo    bool // she says: names that have held are only written rightly
	Earlier bool // she says: it was called so before today, too
}

// ChangeEntry writes what an entry is called. A name that has held stays among its names:
// what happened then keeps it; a name that is to come may be taken back. What changes the
// name of something that is over has to be said, and stays among the corrections. Invalid,
// Forbidden, NotFound; Conflict when somebody else has changed it since she saw it.
func (s *Service) ChangeEntry(ctx context.Context, tx *storage.Tx, c ChangeEntry) (profile.Entry, error) {
	lists, err := s.begin(ctx, tx, c.Actor)
	if err != nil {
		return c.Entry, err
	}
	old, err := held(lists, c.Entry.List, c.Entry.Code, c.Version)
	if err != nil {
		return old, err
	}
	e, corrected, err := judgeChange(lists, c, old, tx.Now)
	if err != nil {
		return e, err
	}
	if err := update(ctx, tx, c.Actor, e); err != nil {
		return e, err
	}
	for _, done := range corrected {
		if err := audit.Record(ctx, tx, audit.Entry{
			Actor: c.Actor.Person, Action: "programme.audit.list_name", Detail: string(e.List) + " " + e.Code + ": " + done.Was + " → " + done.Is,
		}); err != nil {
			return e, err
		}
	}
	return e, nil
}

// JudgeChange finds what is wrong with an entry that was changed, and gives it as it is
// kept. Pages call it to show how it would look; ChangeEntry judges anew.
func JudgeChange(lists *profile.Lists, c ChangeEntry, old profile.Entry, now time.Time) (profile.Entry, error) {
	e, _, err := judgeChange(lists, c, old, now)
	return e, err
}

func judgeChange(lists *profile.Lists, c ChangeEntry, old profile.Entry, now time.Time) (_ profile.Entry, corrected []profile.Correction, _ error) {
	var form fault.Form
	e := check(&form, lists, c.Entry, old)
	for _, was := range old.Names {
		form.Check(was.From > profile.Day(now) || has(e.Names, was.From), "from_0", "programme.lists.fault.past", fault.Args{"name": was.Name})
	}
	if form.Err() == nil { // else it is no name yet
		corrected = checkPast(&form, e, old, c.Typo, c.Earlier, now)
	}
	e.Version, e.Closed, e.Corrected = old.Version, old.Closed, kept(old.Corrected, corrected)
	return inOrder(e), corrected, form.Err()
}

func has(names []profile.Named, from string) bool {
	for _, n := range names {
		if n.From == from {
			return true
		}
	}
	return false
}

package lists

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// AddEntry is a city, a group or a level as a coordinator wants it. Without a code it gets
// one from its English name.
type AddEntry struct {
	Actor access.Actor
	Entry profile.Entry
}

// AddEntry puts an entry behind the others. Invalid names each field that is wrong;
// Conflict when the code was taken at the same moment. Forbidden.
func (s *Service) AddEntry(ctx context.Context, tx *storage.Tx, c AddEntry) (profile.Entry, error) {
	lists, err := s.begin(ctx, tx, c.Actor)
	if err != nil {
		return c.Entry, err
	}
	e, err := Judge(lists, c.Entry)
	if err != nil {
		return e, err
	}
	if err := insert(ctx, tx, lists, e); err != nil {
		return e, err
	}
	return e, note(ctx, tx, c.Actor, e)
}

// Bring adds what the file of a programme declares, in the name of who keeps the house.
// Invalid, as AddEntry.
func (s *Service) Bring(ctx context.Context, tx *storage.Tx, e profile.Entry) error {
	lists, err := s.change(ctx, tx)
	if err != nil {
		return err
	}
	if e, err = Judge(lists, e); err != nil {
		return err
	}
	if err := insert(ctx, tx, lists, e); err != nil {
		return err
	}
	return note(ctx, tx, access.Actor{}, e)
}

func insert(ctx context.Context, tx *storage.Tx, lists *profile.Lists, e profile.Entry) error {
	e.Place, e.Version = behind(lists.All(e.List)), 1
	err := tx.Try(ctx, func() error { return profile.Insert(ctx, tx, e) })
	if storage.Violates(err, "list_entry_code") {
		return fault.At("code", "programme.lists.fault.code_taken")
	}
	return err
}

// behind is the place behind all that have one of their own.
func behind(list []profile.Entry) (place int64) {
	for _, e := range list {
		if e.Place <= LastPlace {
			place = max(place, e.Place)
		}
	}
	return min(place+10, LastPlace)
}

// Judge finds what is wrong with a new entry, and gives it as it is kept. Pages call it
// to show how an entry would look; AddEntry judges anew.
func Judge(lists *profile.Lists, e profile.Entry) (profile.Entry, error) {
	var form fault.Form
	if most := Most(e.List); most == 0 {
		return e, fault.New(fault.Invalid, "programme.lists.fault.fixed")
	} else if len(lists.All(e.List)) >= most {
		return e, fault.New(fault.Invalid, "programme.lists.fault.many", fault.Args{"count": most})
	}
	e.Corrected = nil
	if e.Closed = false; e.Code == "" && len(e.Names) > 0 {
		e.Code = codeOf(e.Names[0].Name.En)
	}
	e = check(&form, lists, e, profile.Entry{})
	nameless := e.Code == "" && form.Has(NameField(0)+"_"+string(i18n.English)) // its code comes with the name
	form.Check(nameless || goodCode(e.Code), "code", "programme.lists.fault.code")
	_, taken := lists.Entry(e.List, e.Code)
	form.Check(!taken || form.Has("code"), "code", "programme.lists.fault.code_taken")
	return inOrder(e), form.Err()
}

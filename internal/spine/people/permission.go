package people

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The permissions of this room. A grant for a city counts for the people of
// that city; one for an activity counts for nobody here.
var permissions = map[access.Permission][]access.Role{
	"people.view":   {access.Coordinator, access.Admin},
	"people.edit":   {access.Coordinator, access.Admin},
	"people.import": {access.Coordinator, access.Admin},
	"people.merge":  {access.Coordinator, access.Admin},
	"people.roles":  {access.Admin},
}

// Reach is nil when the asker holds a permission for the person, else Forbidden.
func Reach(a access.Actor, need access.Permission, p Person) error {
	if covers(a, need, p.City) {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

// covers reports whether one of the grants reaches a person of the city. The
// programme of a grant is not asked: a person belongs to none.
func covers(a access.Actor, need access.Permission, city string) bool {
	for _, g := range a.Grants {
		if slices.Contains(permissions[need], g.Role) && g.Scope.Activity.IsZero() && (g.Scope.City == "" || g.Scope.City == city) {
			return true
		}
	}
	return false
}

// Sees reports whether somebody of the staff may read the records of a person
// in this room.
func Sees(a access.Actor, p Person) bool { return covers(a, "people.view", p.City) }

// Everywhere reports whether a grant with the permission has no city.
func Everywhere(a access.Actor, need access.Permission) bool { return covers(a, need, "\x00") }

// MayImport is Forbidden for who may not bring people in everywhere.
func MayImport(a access.Actor) error {
	if Everywhere(a, "people.import") {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

// MayCorrect refuses who may not change somebody else's record: one that holds a role
// is only for those who give roles, since who changes how it is reached comes in by it.
func (s *Service) MayCorrect(ctx context.Context, tx *storage.Tx, a access.Actor, p Person) error {
	if err := Reach(a, "people.edit", p); err != nil {
		return err
	}
	holds, err := s.holdsRole(ctx, tx, p.ID)
	if err == nil && holds && !Everywhere(a, "people.roles") {
		err = fault.New(fault.Forbidden, "people.fault.edit_staff")
	}
	return err
}

package people

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Grant gives a person a role in a scope, awake: the house itself gives it, in the demo
// and from the command line. Giving it twice changes nothing. Invalid when there is no
// such role to give, NotFound when there is no such person.
func (s *Service) Grant(ctx context.Context, tx *storage.Tx, person storage.ID, g access.Grant) error {
	_, err := s.grant(ctx, tx, storage.ID{}, person, g, tx.Now)
	return err
}

// GrantBy gives a role that somebody decided on. It sleeps until its invitation was
// used, see Invite. given is false when the person has it already.
func (s *Service) GrantBy(ctx context.Context, tx *storage.Tx, by, person storage.ID, g access.Grant) (given bool, err error) {
	given, err = s.grant(ctx, tx, by, person, g, time.Time{})
	if err != nil || !given || by.IsZero() {
		return given, err
	}
	return true, s.warn(ctx, tx, Change{Person: person, What: roleGiven})
}

func (s *Service) grant(ctx context.Context, tx *storage.Tx, by, person storage.ID, g access.Grant, woken time.Time) (given bool, err error) {
	if g.Role == access.Participant || !slices.Contains(access.Roles[:], g.Role) {
		return false, fault.At("role", "fault.not_a_choice")
	}
	p, err := s.hold(ctx, tx, person) // whoever merges or corrects her waits
	if err != nil {
		return false, err
	}
	person = p.ID
	scope := scopeText(g.Scope)
	n, err := tx.Exec(ctx, `INSERT INTO role_grant (id, person_id, role, programme_id, city, activity_id, scope, given_by, given_at, woken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (person_id, role, scope) DO NOTHING`,
		tx.NewID(), person, string(g.Role), g.Scope.Programme, g.Scope.City, g.Scope.Activity, scope, by, storage.Micros(tx.Now), storage.Micros(woken))
	if err != nil || n == 0 {
		return false, err
	}
	return true, audit.Record(ctx, tx, audit.Entry{Actor: by, Person: person, Action: "people.audit.granted", Detail: string(g.Role) + " " + scope})
}

// scopeText is a scope as one word, so that one grant cannot be given twice.
func scopeText(at access.Scope) string {
	return at.Programme.String() + "/" + at.City + "/" + at.Activity.String()
}

// Revoke takes a grant back, ends the sessions that used it and tells the person; one that
// is over goes in silence, and one that sleeps was used by no session. NotFound when the person does not hold it.
func (s *Service) Revoke(ctx context.Context, tx *storage.Tx, by, person, grant storage.ID) error {
	grants, err := s.Grants(ctx, tx, person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(grants, func(g access.Grant) bool { return g.ID == grant })
	if i < 0 {
		return Unknown()
	}
	if _, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE id = $1`, grant); err != nil {
		return err
	}
	took := grants[i]
	grants = slices.Delete(grants, i, i+1)
	if !slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Asleep }) { // nothing is left to invite to
		if _, err := tx.Exec(ctx, `DELETE FROM person_link WHERE person_id = $1 AND purpose = $2`, person, linkRole); err != nil {
			return err
		}
	}
	if !took.Asleep && !took.Over(tx.Now) {
		if err := s.EndSessions(ctx, tx, person, storage.ID{}); err != nil {
			return err
		}
	}
	if !took.Over(tx.Now) {
		if err := s.warn(ctx, tx, Change{Person: person, What: roleTaken}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: person, Action: "people.audit.revoked", Detail: string(took.Role)})
}

// Grants gives the roles of a person, also those that sleep, or are over.
func (s *Service) Grants(ctx context.Context, tx *storage.Tx, person storage.ID) ([]access.Grant, error) {
	return storage.All(ctx, tx, scanGrant, `SELECT id, role, programme_id, city, activity_id, begins_at, ends_at, woken_at
		FROM role_grant
		WHERE person_id = $1
		ORDER BY id`, person)
}

// Awake gives the roles that a person holds at this moment: their invitation was used,
// they have begun and are not over.
func (s *Service) Awake(ctx context.Context, tx *storage.Tx, person storage.ID) ([]access.Grant, error) {
	return storage.All(ctx, tx, scanGrant, `SELECT id, role, programme_id, city, activity_id, begins_at, ends_at, woken_at
		FROM role_grant
		WHERE person_id = $1 AND woken_at > 0 AND begins_at <= $2 AND (ends_at = 0 OR ends_at > $2)
		ORDER BY id`, person, storage.Micros(tx.Now))
}

func scanGrant(row storage.Scanner) (g access.Grant, err error) {
	var begins, ends, woken int64
	err = row.Scan(&g.ID, &g.Role, &g.Scope.Programme, &g.Scope.City, &g.Scope.Activity, &begins, &ends, &woken)
	g.Begins, g.Ends, g.Asleep = storage.Instant(begins), storage.Instant(ends), woken == 0
	return g, err
}

// holdsRole reports whether a record has any role that is not over, awake or not.
func (s *Service) holdsRole(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	grants, err := s.Grants(ctx, tx, person)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return !g.Over(tx.Now) }), err
}

// WorksHere reports whether the person has a role of those who work for the programme.
func (s *Service) WorksHere(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	grants, err := s.Grants(ctx, tx, person)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Role.Staff() }), err
}

// HoldersAt gives the persons whose role reaches a thing that lies in at; of the
// zero scope all of them.
func (s *Service) HoldersAt(ctx context.Context, tx *storage.Tx, role access.Role, at access.Scope) ([]storage.ID, error) {
	holders, err := s.Holders(ctx, tx, role)
	if err != nil || at == (access.Scope{}) {
		return holders, err
	}
	var out []storage.ID
	for _, id := range holders {
		grants, err := s.Grants(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Role == role && g.Scope.Covers(at) }) {
			out = append(out, id)
		}
	}
	return out, nil
}

// guarded reports whether a role that asks for a passkey was woken and is not over, also one
// that has yet to begin: whoever makes a passkey before it does holds it then.
func (s *Service) guarded(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	grants, err := s.Grants(ctx, tx, person)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return !g.Asleep && !g.Over(tx.Now) && g.Role.ByPasskey() }), err
}

// worksAwake reports whether a role of staff was woken by her invitation.
func (s *Service) worksAwake(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	grants, err := s.Awake(ctx, tx, person)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Role.Staff() }), err
}

// MayGiveRoles refuses who may not give and take roles: they are given everywhere or not
// at all, and only by who has just shown who she is.
func MayGiveRoles(now time.Time, a access.Actor) error {
	if !Everywhere(a, "people.roles") {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return MustBeFresh(now, a)
}

// mayCorrectRecord refuses staff who would change somebody else's record that holds a
// role, and do not give roles themselves: who changes how it is reached comes in by it.
// The house itself, and she herself, may.
func (s *Service) mayCorrectRecord(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	if by.IsZero() || by == person {
		return nil
	}
	holds, err := s.holdsRole(ctx, tx, person)
	if err != nil || !holds {
		return err
	}
	grants, err := s.Awake(ctx, tx, by)
	if err == nil && !Everywhere(access.Actor{Grants: grants}, "people.roles") {
		err = fault.New(fault.Forbidden, "people.fault.edit_staff")
	}
	return err
}

// Holders gives the persons who hold a role anywhere.
func (s *Service) Holders(ctx context.Context, tx *storage.Tx, role access.Role) ([]storage.ID, error) {
	return storage.All(ctx, tx, scanID, `SELECT DISTINCT person_id FROM role_grant WHERE role = $1 ORDER BY person_id`, string(role))
}

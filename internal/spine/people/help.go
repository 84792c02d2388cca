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

// MostHelpers bounds the roles of helpers that one activity has, those that are over too.
const MostHelpers = 100

// LastHelp is how far ahead the end of such a role may lie.
func LastHelp(now time.Time) time.Time { return now.Add(2 * 366 * 24 * time.Hour) }

// Help is a role of access.Helpers, held by a person for one activity from one moment
// until another.
type Help struct {
	Person, Activity storage.ID
	Role             access.Role
	Begins, Ends     time.Time
}

// Helper is a Help that was given.
type Helper struct {
	Help
	Grant storage.ID
	Awake bool // its invitation was used
}

// Over reports whether it holds no more.
func (h Helper) Over(now time.Time) bool { return !now.Before(h.Ends) }

// GiveHelp gives a role at one activity, which sleeps until its invitation was used. Who
// has it already has it for the new days; who had it until lately is invited again. asleep
// says that an invitation is wanted. Invalid, with a fault at role or until; Conflict when
// the activity has MostHelpers. Who may, has been decided.
func (s *Service) GiveHelp(ctx context.Context, tx *storage.Tx, by storage.ID, h Help) (asleep bool, err error) {
	if !h.Role.Helps() || h.Activity.IsZero() {
		return false, fault.At("role", "fault.not_a_choice")
	}
	if !h.Ends.After(tx.Now) || !h.Ends.After(h.Begins) || h.Ends.After(LastHelp(tx.Now)) {
		return false, fault.At("until", "people.fault.help_until")
	}
	p, err := s.hold(ctx, tx, h.Person) // whoever merges or invites her waits
	if err != nil {
		return false, err
	}
	h.Person = p.ID
	have, err := s.Helpers(ctx, tx, h.Activity)
	if err != nil {
		return false, err
	}
	scope := access.Scope{Activity: h.Activity}
	at := slices.IndexFunc(have, func(x Helper) bool { return x.Person == h.Person && x.Role == h.Role })
	if at < 0 && len(have) >= MostHelpers {
		return false, fault.New(fault.Conflict, "people.fault.help_many", fault.Args{"count": MostHelpers})
	}
	anew := at < 0 || have[at].Over(tx.Now)
	if _, err := tx.Exec(ctx, `INSERT INTO role_grant (id, person_id, role, programme_id, city, activity_id, scope, given_by, given_at, woken_at, begins_at, ends_at)
		VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, 0, $9, $10)
		ON CONFLICT (person_id, role, scope) DO UPDATE SET
			woken_at = CASE WHEN role_grant.ends_at <= $8 THEN 0 ELSE role_grant.woken_at END,
			given_by = excluded.given_by, given_at = excluded.given_at, begins_at = excluded.begins_at, ends_at = excluded.ends_at`,
		tx.NewID(), h.Person, string(h.Role), storage.ID{}, h.Activity, scopeText(scope), by, storage.Micros(tx.Now), storage.Micros(h.Begins), storage.Micros(h.Ends)); err != nil {
		return false, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: h.Person, Action: "people.audit.granted", Object: h.Activity, Detail: string(h.Role) + " " + scopeText(scope)}); err != nil {
		return false, err
	}
	if !anew {
		return !have[at].Awake, nil
	}
	if by.IsZero() { // the house itself, which tells nobody
		return true, nil
	}
	return true, s.warn(ctx, tx, Change{Person: h.Person, What: roleGiven})
}

// GiveHelpAwake is GiveHelp of a role that holds at once: the house itself gives it, in the
// demo.
func (s *Service) GiveHelpAwake(ctx context.Context, tx *storage.Tx, h Help) error {
	if _, err := s.GiveHelp(ctx, tx, storage.ID{}, h); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = $4 WHERE person_id = $1 AND role = $2 AND activity_id = $3`, h.Person, string(h.Role), h.Activity, storage.Micros(tx.Now))
	return err
}

// WithoutKey reports whether a person has no passkey: a role of hers that is awake opens
// nothing then, and only a new invitation makes her first one.
func (s *Service) WithoutKey(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	var keys int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM passkey WHERE person_id = $1`, person).Scan(&keys)
	return keys == 0, err
}

// SleepHelp lets a role at an activity sleep, so that she may be invited to it again.
func (s *Service) SleepHelp(ctx context.Context, tx *storage.Tx, grant storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE id = $1 AND ends_at > 0`, grant)
	return err
}

// Helpers gives who helps at an activity, or helped, in the order of the roles.
func (s *Service) Helpers(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Helper, error) {
	return helpers(ctx, tx, `activity_id = $1`, activity)
}

// HelpsOf gives at which activities a person helps, or helped.
func (s *Service) HelpsOf(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Helper, error) {
	return helpers(ctx, tx, `person_id = $1`, person)
}

func helpers(ctx context.Context, tx *storage.Tx, where string, id storage.ID) ([]Helper, error) {
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (h Helper, err error) {
		var begins, ends, woken int64
		err = row.Scan(&h.Grant, &h.Person, &h.Activity, &h.Role, &begins, &ends, &woken)
		h.Begins, h.Ends, h.Awake = storage.Instant(begins), storage.Instant(ends), woken > 0
		return h, err
	}, `SELECT id, person_id, activity_id, role, begins_at, ends_at, woken_at
		FROM role_grant
		WHERE `+where+`
		ORDER BY ends_at, id`, id)
	list = slices.DeleteFunc(list, func(h Helper) bool { return !h.Role.Helps() })
	slices.SortStableFunc(list, func(a, b Helper) int {
		return slices.Index(access.Helpers[:], a.Role) - slices.Index(access.Helpers[:], b.Role)
	})
	return list, err
}

// MoveHelp moves the days of each role at an activity that is not over by as much as its
// last day has moved: a first day that is ahead, and the last one, which is not before
// least, a moment ahead, nor beyond what GiveHelp takes. Who may, has been decided, and
// nobody else gives or moves roles there meanwhile.
func (s *Service) MoveHelp(ctx context.Context, tx *storage.Tx, activity storage.ID, by time.Duration, least time.Time) error {
	return s.setHelp(ctx, tx, activity, func(h *Helper) {
		if h.Begins.After(tx.Now) {
			if h.Begins = h.Begins.Add(by); h.Begins.Before(tx.Now) {
				h.Begins = tx.Now
			}
		}
		h.Ends = h.Ends.Add(by)
		if h.Ends.Before(least) {
			h.Ends = least
		}
	})
}

// ExtendHelp gives each role at an activity that is not over until a moment, and takes no
// day from any. As MoveHelp.
func (s *Service) ExtendHelp(ctx context.Context, tx *storage.Tx, activity storage.ID, until time.Time) error {
	return s.setHelp(ctx, tx, activity, func(h *Helper) {
		if h.Ends.Before(until) {
			h.Ends = until
		}
	})
}

func (s *Service) setHelp(ctx context.Context, tx *storage.Tx, activity storage.ID, set func(*Helper)) error {
	list, err := s.Helpers(ctx, tx, activity)
	if err != nil {
		return err
	}
	for _, h := range list {
		if h.Over(tx.Now) {
			continue
		}
		set(&h)
		if last := LastHelp(tx.Now); h.Ends.After(last) {
			h.Ends = last
		}
		if !h.Begins.Before(h.Ends) {
			h.Begins = h.Ends.Add(-24 * time.Hour)
		}
		if _, err := tx.Exec(ctx, `UPDATE role_grant SET begins_at = $2, ends_at = $3 WHERE id = $1`, h.Grant, storage.Micros(h.Begins), storage.Micros(h.Ends)); err != nil {
			return err
		}
	}
	return nil
}

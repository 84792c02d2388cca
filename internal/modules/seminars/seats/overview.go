package seats

import (
	"context"
	"sort"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Overview is one activity at a glance. It holds numbers only.
type Overview struct {
	Activity                Activity
	Seats                   Seminar
	Count                   map[State]int
	Women, Men, Undisclosed int             // among those who hold a seat, once they are told apart
	By                      map[State]Sexes // without extra seats and those who were erased; nil: not told apart
	Asked, Reconfirmed      int             // among the confirmed, before the day
	Expiring                int             // invitations that end within a day
	ExpiresFirst            time.Time       // the first of these; zero for none
	Extra                   int             // let in at the door though no seat was left
	// Closed says that the activity is cancelled or over: nobody waits for a decision.
	Closed bool
	Gone   shells
	Held   time.Time // until when the night holds back what staff decide now; zero: it is told at once. OverviewOf alone says it
	Reach  Reach     // of who applied; Morning alone asks for it
}

// Reach is how many of those who applied to one activity are reached by a call alone, and of
// how many nobody knows yet whether they read their letter.
type Reach struct {
	Known                  bool // false where there are too many to look at
	OutOfReach, Unanswered int
}

// ToChoose is how many applications wait for a decision, none once there is nothing ahead.
func (o Overview) ToChoose() int {
	if o.Closed {
		return 0
	}
	return o.Count[Applied] + o.Count[Shortlisted]
}

// Erased is how many applications of people who were erased it counts.
func (o Overview) Erased() int { return o.Gone.all() }

// Sexes is a number of people by sex.
type Sexes struct{ Women, Men, Undisclosed int }

func (s *Sexes) add(sex string, n int) {
	switch sex {
	case profile.Female:
		s.Women += n
	case profile.Male:
		s.Men += n
	default:
		s.Undisclosed += n
	}
}

// All is how many there are.
func (s Sexes) All() int { return s.Women + s.Men + s.Undisclosed }

// OverviewOf counts one activity, with what those who were erased left of it.
func (m *Service) OverviewOf(ctx context.Context, tx *storage.Tx, a Activity) (Overview, error) {
	list, err := m.countAll(ctx, tx, []Activity{a})
	if err != nil {
		return Overview{Activity: a}, err
	}
	list[0].Held = m.Holds(tx.Now, a)
	return list[0], m.TellApart(ctx, tx, list, 0)
}

// Overviews counts every seminar that the actor may select for, the next first,
// then those that are over.
func (m *Service) Overviews(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]Overview, error) {
	out, err := m.Counted(ctx, tx, actor, MaySelect)
	if err != nil {
		return nil, err
	}
	return out, m.TellApart(ctx, tx, out, 0)
}

// Counted is Overviews for a permission, without telling the people apart: a handful of
// statements however many seminars there are.
func (m *Service) Counted(ctx context.Context, tx *storage.Tx, actor access.Actor, may access.Permission) ([]Overview, error) {
	return m.countedWhere(ctx, tx, func(a Activity) bool { return actor.May(may, ScopeOf(a)) })
}

// CountedBeside is Counted for those activities alone for which the actor has not the other
// permission too: of who has several roles, what one of them gives and the other does not.
func (m *Service) CountedBeside(ctx context.Context, tx *storage.Tx, actor access.Actor, may, other access.Permission) ([]Overview, error) {
	return m.countedWhere(ctx, tx, func(a Activity) bool {
		return actor.May(may, ScopeOf(a)) && !actor.May(other, ScopeOf(a))
	})
}

func (m *Service) countedWhere(ctx context.Context, tx *storage.Tx, wanted func(Activity) bool) ([]Overview, error) {
	list, err := m.Schedule().List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var mine []Activity
	for _, a := range list {
		if a.Capacity > 0 && wanted(a) {
			mine = append(mine, a)
		}
	}
	out, err := m.countAll(ctx, tx, mine)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Activity, out[j].Activity
		over, other := a.Ends.Before(tx.Now), b.Ends.Before(tx.Now)
		if over != other {
			return other
		}
		if over {
			return a.Starts.After(b.Starts)
		}
		return a.Starts.Before(b.Starts)
	})
	return out, err
}

// CountToChoose tells how many applications wait to be decided, as Overview.ToChoose does,
// in all activities that the actor may select for and that are still ahead: at most so many.
// Every page of staff asks, so only activities with such applications are read;
// they are found by one step along an index for each that has any application.
func (m *Service) CountToChoose(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (count int, err error) {
	type waiting struct {
		activity storage.ID
		count    int
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (w waiting, err error) { return w, row.Scan(&w.activity, &w.count) }, `WITH RECURSIVE among (id) AS (
			SELECT (SELECT activity_id FROM application ORDER BY activity_id LIMIT 1)
			UNION ALL
			SELECT (SELECT activity_id FROM application WHERE activity_id > among.id ORDER BY activity_id LIMIT 1)
			FROM among
			WHERE among.id IS NOT NULL)
		SELECT id, n
		FROM (SELECT id, (SELECT COUNT(*)
				FROM (SELECT 1 FROM application WHERE activity_id = among.id AND state IN ('applied', 'shortlisted') LIMIT $1) AS few) AS n
			FROM among
			WHERE id IS NOT NULL) AS counted
		WHERE n > 0`, most)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	find := m.ActivityByID
	const few = 20 // of more, reading all activities at once is faster
	if len(list) > few {
		all, err := m.Schedule().Bare(ctx, tx)
		if err != nil {
			return 0, err
		}
		byID := make(map[storage.ID]Activity, len(all))
		for _, a := range all {
			byID[a.ID] = a
		}
		find = func(_ context.Context, _ *storage.Tx, id storage.ID) (Activity, error) { return byID[id], nil }
	}
	for _, w := range list {
		a, err := find(ctx, tx, w.activity)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return 0, err
		}
		if a.Capacity > 0 && !NothingAhead(a, tx.Now) && actor.May(MaySelect, ScopeOf(a)) {
			count += w.count
		}
		if count >= most {
			return most, nil
		}
	}
	return count, nil
}

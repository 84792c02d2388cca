package seats

import (
	"context"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// countedAtOnce is how many activities one statement counts.
const countedAtOnce = 500

// among gives the ids of activities as arguments of a statement, with their places from $1.
func among(list []Activity) (places string, args []any) {
	marks := make([]string, len(list))
	for i, a := range list {
		marks[i], args = "$"+strconv.Itoa(i+1), append(args, a.ID)
	}
	return strings.Join(marks, ", "), args
}

// countAll counts activities, each with what those who were erased left of it, in the order
// of the list. All counts of seminars come from here: the list of seminars, the pages of
// one, what waits and Today say the same.
func (m *Service) countAll(ctx context.Context, tx *storage.Tx, list []Activity) ([]Overview, error) {
	out := make([]Overview, len(list))
	of := make(map[storage.ID]*Overview, len(list))
	for i, a := range list {
		out[i] = Overview{
			Activity: a, Seats: usual(a.ID, a.Capacity), Count: map[State]int{}, Closed: NothingAhead(a, tx.Now),
			Gone: shells{count: map[State]int{}, sums: map[shellSum]int{}},
		}
		of[a.ID] = &out[i]
	}
	for from := 0; from < len(list); from += countedAtOnce {
		if err := countSome(ctx, tx, list[from:min(from+countedAtOnce, len(list))], of); err != nil {
			return nil, err
		}
	}
	for i := range out {
		o := &out[i]
		o.Extra += o.Gone.extra()
		o.Asked += o.Gone.sums[shellSum{measure: sumAsked}]
		o.Reconfirmed += o.Gone.sums[shellSum{measure: sumReconfirmed}]
		for state, n := range o.Gone.count {
			o.Count[state] += n
		}
	}
	return out, nil
}

// countSome fills in what the tables say of some activities.
func countSome(ctx context.Context, tx *storage.Tx, list []Activity, of map[storage.ID]*Overview) error {
	places, args := among(list)
	seats, err := storage.All(ctx, tx, scanSeminar, `SELECT `+seminarColumns+`
		FROM seminar
		WHERE activity_id IN (`+places+`)`, args...)
	if err != nil {
		return err
	}
	for _, s := range seats {
		of[s.Activity].Seats = s
	}
	type count struct {
		activity storage.ID
		word     string
		n        int
	}
	counts := func(query string) ([]count, error) {
		return storage.All(ctx, tx, func(row storage.Scanner) (c count, err error) {
			err = row.Scan(&c.activity, &c.word, &c.n)
			return c, err
		}, query, args...)
	}
	states, err := counts(`SELECT activity_id, state, COUNT(*)
		FROM application
		WHERE activity_id IN (` + places + `)
		GROUP BY activity_id, state`)
	if err != nil {
		return err
	}
	for _, c := range states {
		of[c.activity].Count[State(c.word)] = c.n
	}
	answers, err := counts(`SELECT activity_id, reconfirm, COUNT(*)
		FROM application
		WHERE activity_id IN (` + places + `) AND state = 'confirmed' AND reconfirm <> ''
		GROUP BY activity_id, reconfirm`)
	if err != nil {
		return err
	}
	for _, c := range answers {
		if c.word == "asked" {
			of[c.activity].Asked = c.n
		} else {
			of[c.activity].Reconfirmed = c.n
		}
	}
	if err := countExpiring(ctx, tx, places, args, of); err != nil {
		return err
	}
	extra, err := counts(`SELECT activity_id, '', COUNT(*)
		FROM extra_seat
		WHERE activity_id IN (` + places + `)
		GROUP BY activity_id`)
	if err != nil {
		return err
	}
	for _, c := range extra {
		of[c.activity].Extra = c.n
	}
	gone, err := counts(`SELECT activity_id, state, COUNT(*)
		FROM application_shell
		WHERE activity_id IN (` + places + `)
		GROUP BY activity_id, state`)
	if err != nil || len(gone) == 0 {
		return err
	}
	for _, c := range gone {
		of[c.activity].Gone.count[State(c.word)] = c.n
	}
	sums, err := storage.All(ctx, tx, scanSum, `SELECT activity_id, measure, dimension, value, count
		FROM application_shell_sum
		WHERE activity_id IN (`+places+`)`, args...)
	for _, s := range sums {
		of[s.where].Gone.sums[s.shellSum] = s.n
	}
	return err
}

// countExpiring counts the invitations that end within a day, and finds the first of them.
func countExpiring(ctx context.Context, tx *storage.Tx, places string, args []any, of map[storage.ID]*Overview) error {
	type soon struct {
		activity storage.ID
		n        int
		first    int64
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (s soon, err error) {
		err = row.Scan(&s.activity, &s.n, &s.first)
		return s, err
	}, `SELECT activity_id, COUNT(*), MIN(expires_at)
		FROM application
		WHERE activity_id IN (`+places+`) AND state = 'invited' AND expires_at < $`+strconv.Itoa(len(args)+1)+`
		GROUP BY activity_id`, append(args[:len(args):len(args)], storage.Micros(tx.Now.Add(24*time.Hour)))...)
	for _, s := range list {
		of[s.activity].Expiring, of[s.activity].ExpiresFirst = s.n, storage.Instant(s.first)
	}
	return err
}

// TellApart counts by sex who applied to activities and was not declined, at most so many
// people: each record has to be opened. The first activities come first; one that has more
// than what is left of them is not told apart. Most 0 is without bound, and tells those
// alone who hold a seat.
func (m *Service) TellApart(ctx context.Context, tx *storage.Tx, list []Overview, most int) error {
	states := []State{Invited, Confirmed, Attended, NoShow}
	if most > 0 {
		states = append(states, Waitlisted, Applied, Shortlisted)
	}
	var chosen []Activity
	of := map[storage.ID]*Overview{}
	left := most
	for i := range list {
		o, n := &list[i], 0
		for _, s := range states {
			n += o.Count[s] - o.Gone.count[s]
		}
		if most > 0 && n > left {
			continue
		}
		left -= n
		o.By = map[State]Sexes{}
		of[o.Activity.ID] = o
		chosen = append(chosen, o.Activity)
	}
	type one struct {
		activity, person storage.ID
		state            State
	}
	for from := 0; from < len(chosen); from += countedAtOnce {
		places, args := among(chosen[from:min(from+countedAtOnce, len(chosen))])
		in := make([]string, len(states))
		for i, s := range states {
			in[i] = "'" + string(s) + "'"
		}
		people, err := storage.All(ctx, tx, func(row storage.Scanner) (p one, err error) {
			var state string
			err = row.Scan(&p.activity, &p.person, &state)
			p.state = State(state)
			return p, err
		}, `SELECT activity_id, person_id, state
			FROM application
			WHERE activity_id IN (`+places+`) AND state IN (`+strings.Join(in, ", ")+`)
				AND NOT EXISTS (SELECT 1 FROM extra_seat WHERE extra_seat.application_id = application.id)`, args...)
		if err != nil {
			return err
		}
		seen := map[storage.ID]bool{}
		var ids []storage.ID
		for _, p := range people {
			if !seen[p.person] {
				seen[p.person] = true
				ids = append(ids, p.person)
			}
		}
		records, err := m.People.ByIDs(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, p := range people {
			o := of[p.activity]
			s := o.By[p.state]
			s.add(records[p.person].Sex, 1)
			o.By[p.state] = s
		}
	}
	for _, o := range of {
		var all Sexes
		for _, s := range []State{Invited, Confirmed, Attended, NoShow} {
			by := o.By[s]
			all.Women, all.Men, all.Undisclosed = all.Women+by.Women, all.Men+by.Men, all.Undisclosed+by.Undisclosed
		}
		for sum := range o.Gone.sums {
			if sum.measure == sumHeld && sum.by == profile.BySex {
				all.add(sum.value, o.Gone.seated(sum.value))
			}
		}
		o.Women, o.Men, o.Undisclosed = all.Women, all.Men, all.Undisclosed
	}
	return nil
}

package demostory

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// Story is what is needed to tell it.
type Story struct {
	Store    *storage.Store
	People   *people.Service
	Seminars *seminars.Module
	// Arrive lets somebody in at the door, Miss notes that somebody did not come.
	Arrive, Miss func(ctx context.Context, tx *storage.Tx, a programme.Activity, app seminars.Application) error

	Staff access.Actor // who selects
	Guest storage.ID   // the participant whose sign-in link is shown: takes part in much
	Seed  uint64
}

// Tell lets the crowd apply to all seminars that are published, and everything
// happen to them that would have happened until now.
func (s Story) Tell(ctx context.Context, crowd []people.Details, now time.Time) error {
	t := teller{Story: s, now: now, rnd: rand.New(rand.NewPCG(s.Seed, 7))}
	var list []programme.Activity
	err := s.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = programme.List(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
		return err
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b programme.Activity) int { return a.Starts.Compare(b.Starts) })
	if err := t.arriveInTheCountry(ctx, crowd); err != nil {
		return fmt.Errorf("register the people: %w", err)
	}
	for _, a := range list {
		if a.Capacity == 0 {
			continue
		}
		if err := t.tell(ctx, a); err != nil {
			return fmt.Errorf("%s: %w", a.Slug, err)
		}
	}
	return nil
}

type teller struct {
	Story
	now   time.Time
	rnd   *rand.Rand
	crowd []person
	waits bool // the guest has applied to one that is still open
}

type person struct {
	id storage.ID
	people.Details
	times int // how often she has applied
}

// step is one thing that happens at a time.
type step struct {
	at time.Time
	do func(ctx context.Context, tx *storage.Tx) error
}

// play does steps in the order of their times, many in one transaction.
func (t *teller) play(ctx context.Context, steps []step) error {
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	for some := range slices.Chunk(steps, 50) {
		err := t.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			for _, s := range some {
				tx.Now = s.at.UTC().Truncate(time.Microsecond)
				if err := s.do(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) chance(percent int) bool { return t.rnd.IntN(100) < percent }

// between gives an instant of [from, to), earlier ones more likely for lean > 1.
func (t *teller) between(from, to time.Time) time.Time {
	if !to.After(from) {
		return from
	}
	return from.Add(time.Duration(t.rnd.Int64N(int64(to.Sub(from)))))
}

func (t *teller) arriveInTheCountry(ctx context.Context, crowd []people.Details) error {
	t.crowd = make([]person, len(crowd))
	steps := make([]step, len(crowd))
	for i, d := range crowd {
		at := t.now.Add(-120*24*time.Hour + time.Duration(i)*time.Minute)
		steps[i] = step{at, func(ctx context.Context, tx *storage.Tx) error {
			p, _, err := t.People.Register(ctx, tx, d)
			t.crowd[i] = person{id: p.ID, Details: d}
			return err
		}}
	}
	return t.play(ctx, steps)
}

// tell lets one activity happen until now.
func (t *teller) tell(ctx context.Context, a programme.Activity) error {
	opens := a.Opens
	if opens.IsZero() {
		opens = a.Starts.AddDate(0, 0, -28)
	}
	if a.InvitationOnly {
		if invite := a.Starts.AddDate(0, 0, -30); invite.Before(t.now) {
			if err := t.inviteByName(ctx, a, invite); err != nil {
				return err
			}
			return t.replyAndCome(ctx, a, invite)
		}
		return nil
	}
	if opens.After(t.now) {
		return nil
	}
	deadline := a.Deadline
	if deadline.IsZero() {
		deadline = a.Starts.AddDate(0, 0, -7)
	}
	if err := t.applyAll(ctx, a, opens, earlier(deadline, t.now)); err != nil {
		return err
	}
	decide := deadline.Add(20 * time.Hour)
	if decide.After(t.now) {
		return t.shortlist(ctx, a, opens, deadline)
	}
	if err := t.choose(ctx, a, decide); err != nil {
		return err
	}
	return t.replyAndCome(ctx, a, decide)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// applyAll lets between one and two and a half times as many apply as there are places.
func (t *teller) applyAll(ctx context.Context, a programme.Activity, from, to time.Time) error {
	n := a.Capacity + t.rnd.IntN(a.Capacity*3/2+1)
	if whole := a.Deadline.Sub(from); whole > 0 && to.Before(a.Deadline) {
		n = int(float64(n) * float64(to.Sub(from)) / float64(whole)) // not all have come yet
	}
	var steps []step
	for _, i := range t.cast(a, n) {
		p := &t.crowd[i]
		p.times++
		steps = append(steps, step{t.between(from, to), t.apply(a, p.id, p.Details)})
	}
	if t.guestComes(a) {
		steps = append(steps, step{t.between(from, to), func(ctx context.Context, tx *storage.Tx) error {
			p, err := t.People.ByID(ctx, tx, t.Guest)
			if err != nil || p.Group != a.Group {
				return err
			}
			return t.apply(a, p.ID, p.Details)(ctx, tx)
		}})
	}
	return t.play(ctx, steps)
}

// guestComes reports whether the guest takes part: in what is past or goes on, and in one that is to come.
func (t *teller) guestComes(a programme.Activity) bool {
	if t.Guest.IsZero() {
		return false
	}
	if a.Starts.Before(t.now) || !a.Deadline.IsZero() && a.Deadline.Before(t.now) {
		return true
	}
	first := !t.waits
	t.waits = true
	return first
}

func (t *teller) apply(a programme.Activity, id storage.ID, d people.Details) func(context.Context, *storage.Tx) error {
	answers := seminars.Answers{Values: map[string][]string{
		"name": {d.FullName}, "phone": {d.Phone}, "email": {d.Email}, "sex": {d.Sex}, "place": {d.City}, "processing": {"on"},
	}}
	if list := whys[d.Lang]; len(list) > 0 && t.chance(70) {
		answers.Values["why"] = []string{list[t.rnd.IntN(len(list))]}
	}
	return func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.Apply(ctx, tx, seminars.Apply{
			Activity: a, Answers: answers, Lang: d.Lang, Actor: access.Actor{Person: id}, Demo: true,
		})
		return err
	}
}

// cast picks who is interested: of the group, mostly from the place, rather those who have not been yet.
func (t *teller) cast(a programme.Activity, n int) []int {
	type one struct{ index, order int }
	var all []one
	for i, p := range t.crowd {
		if a.Group != "" && p.Group != a.Group || p.Level == "jogorku" {
			continue
		}
		order := t.rnd.IntN(1000) + 700*p.times
		if p.City != a.City {
			order += 900
		}
		all = append(all, one{i, order})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Or(a.order-b.order, a.index-b.index) })
	out := make([]int, 0, n)
	for _, o := range all[:min(n, len(all))] {
		out = append(out, o.index)
	}
	return out
}

// inviteByName invites the members of parliament.
func (t *teller) inviteByName(ctx context.Context, a programme.Activity, at time.Time) error {
	var steps []step
	for _, p := range t.crowd {
		if p.Level != "jogorku" || len(steps) >= a.Capacity {
			continue
		}
		steps = append(steps, step{t.between(at, at.Add(4*time.Hour)), func(ctx context.Context, tx *storage.Tx) error {
			_, err := t.Seminars.Invite(ctx, tx, seminars.Invite{Activity: a, Actor: t.Staff, Details: p.Details, Demo: true})
			return err
		}})
	}
	return t.play(ctx, steps)
}

func (t *teller) applicants(ctx context.Context, a programme.Activity) (list []seminars.Applicant, err error) {
	err = t.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		list, err = t.Seminars.Applicants(ctx, tx, t.Staff, a)
		return err
	})
	return list, err
}

func (t *teller) move(a programme.Activity, to seminars.State, why string, some ...seminars.Applicant) func(context.Context, *storage.Tx) error {
	seen := map[storage.ID]int64{}
	for _, s := range some {
		seen[s.ID] = s.Version
	}
	return func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.Choose(ctx, tx, seminars.Choose{Activity: a, Actor: t.Staff, To: to, Why: why, Seen: seen})
		return err
	}
}

// shortlist notes the first favourites while applications still come in.
func (t *teller) shortlist(ctx context.Context, a programme.Activity, opens, deadline time.Time) error {
	if t.now.Sub(opens) < deadline.Sub(opens)/2 {
		return nil
	}
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	var some []seminars.Applicant
	for _, p := range list {
		if t.chance(30) && p.State == seminars.Applied {
			some = append(some, p)
		}
	}
	return t.play(ctx, []step{{t.now.Add(-3 * time.Hour), t.move(a, seminars.Shortlisted, "", some...)}})
}

// choose fills the seats, three women for two men as far as there are, puts the others on the waiting list.
func (t *teller) choose(ctx context.Context, a programme.Activity, at time.Time) error {
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	order := t.rnd.Perm(len(list))
	var yes, wait, no []seminars.Applicant
	women := 0
	for round := range 2 {
		for _, i := range order {
			p := list[i]
			if p.State != seminars.Applied && p.State != seminars.Shortlisted || slices.ContainsFunc(yes, func(o seminars.Applicant) bool { return o.ID == p.ID }) {
				continue
			}
			woman := p.Details.Sex == "female"
			if p.Person != t.Guest && (len(yes) >= a.Capacity || round == 0 && woman && women >= a.Capacity*3/5) {
				continue
			}
			if woman {
				women++
			}
			yes = append(yes, p)
		}
	}
	if len(yes) > a.Capacity { // the guest came last
		yes = append(yes[:a.Capacity-1:a.Capacity-1], yes[len(yes)-1])
	}
	for _, i := range order {
		p := list[i]
		switch {
		case slices.ContainsFunc(yes, func(o seminars.Applicant) bool { return o.ID == p.ID }):
		case p.State != seminars.Applied && p.State != seminars.Shortlisted:
		case t.chance(12):
			no = append(no, p)
		default:
			wait = append(wait, p)
		}
	}
	steps := []step{{at, t.move(a, seminars.Invited, "", yes...)}}
	for i, p := range wait {
		steps = append(steps, step{at.Add(time.Duration(i+1) * time.Minute), t.move(a, seminars.Waitlisted, "", p)})
	}
	if len(no) > 0 {
		steps = append(steps, step{at.Add(2 * time.Hour), t.move(a, seminars.Declined, "", no...)})
	}
	return t.play(ctx, steps)
}

// replyAndCome lets the invited answer, the next be offered what falls free, and, on the day, people come.
func (t *teller) replyAndCome(ctx context.Context, a programme.Activity, from time.Time) error {
	done := map[storage.ID]bool{}
	for range 5 {
		list, err := t.applicants(ctx, a)
		if err != nil {
			return err
		}
		var steps []step
		for _, p := range list {
			if p.State != seminars.Invited || done[p.ID] {
				continue
			}
			done[p.ID] = true
			if s, ok := t.reply(a, p); ok {
				steps = append(steps, s)
			}
		}
		if len(steps) == 0 {
			break
		}
		if err := t.play(ctx, steps); err != nil {
			return err
		}
	}
	if a.Starts.After(t.now) {
		return nil
	}
	return t.day(ctx, a)
}

// reply is what an invited person does; ok is false when nothing has happened yet.
func (t *teller) reply(a programme.Activity, p seminars.Applicant) (s step, ok bool) {
	at := t.between(p.Changed.Add(20*time.Minute), earlier(p.Changed.Add(50*time.Hour), a.Starts))
	answer := seminars.SayYes
	switch throw := t.rnd.IntN(100); {
	case p.Person == t.Guest:
		at = p.Changed.Add(time.Hour)
	case throw < 7:
		answer = seminars.SayNo
	case throw < 15: // silent until the invitation ends
		if p.Expires.IsZero() {
			return s, false
		}
		return step{p.Expires.Add(time.Minute), func(ctx context.Context, tx *storage.Tx) error {
			return t.Seminars.Expire(ctx, tx, p.ID, p.Version)
		}}, p.Expires.Add(time.Minute).Before(earlier(t.now, a.Starts))
	}
	return step{at, func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.Answer(ctx, tx, p.ID, answer)
		if fault.Of(err) != nil { // as it happens to people: too late
			return nil
		}
		return err
	}}, at.Before(t.now)
}

// day lets the confirmed come: nine of ten when the day is over, about half while it begins.
func (t *teller) day(ctx context.Context, a programme.Activity) error {
	if t.Arrive == nil {
		return nil
	}
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	over := a.Ends.Before(t.now)
	var steps []step
	for _, p := range list {
		if p.State != seminars.Confirmed {
			continue
		}
		comes := t.chance(90) || p.Person == t.Guest
		at := t.between(a.Starts.Add(-35*time.Minute), a.Starts.Add(25*time.Minute))
		switch {
		case !over && (p.Person == t.Guest || !t.chance(60)):
			continue // may still come, and the guest shows her ticket
		case !over && at.After(t.now):
			at = t.now.Add(-time.Duration(1+t.rnd.IntN(30)) * time.Minute)
		}
		if comes {
			steps = append(steps, step{at, func(ctx context.Context, tx *storage.Tx) error { return t.Arrive(ctx, tx, a, p.Application) }})
		} else if over && t.Miss != nil {
			steps = append(steps, step{a.Ends.Add(time.Hour), func(ctx context.Context, tx *storage.Tx) error { return t.Miss(ctx, tx, a, p.Application) }})
		}
	}
	return t.play(ctx, steps)
}

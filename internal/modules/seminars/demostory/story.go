package demostory

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	seminars "platforma.kg/ashar/internal/modules/seminars/pages"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Story is what is needed to tell it.
type Story struct {
	Store    *storage.Store
	People   *people.Service
	Seminars *seminars.Module

	Staff  access.Actor // who selects
	Guest  storage.ID   // the participant whose sign-in link is shown: takes part in much
	Deputy storage.ID   // the deputy whose sign-in link is shown: invited to parliament, has not answered
	Seed   uint64

	Applicants int // for the seminar that waits for its selection; 0: some three for each seat
}

// Tell lets the crowd apply to all seminars that are published, and everything
// happen to them that would have happened until now.
func (s Story) Tell(ctx context.Context, crowd []people.Details, now time.Time) error {
	t := teller{Story: s, now: now}
	var list []programme.Activity
	err := s.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
		return err
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b programme.Activity) int { return a.Starts.Compare(b.Starts) })
	if err := t.arriveInTheCountry(ctx, crowd); err != nil {
		return fmt.Errorf("register the people: %w", err)
	}
	t.next = next(list, now)
	for _, a := range list {
		if a.Capacity == 0 {
			continue
		}
		t.reseed(a)
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
	next  []storage.ID // those to come that anybody may apply for, the nearest first

	experience string // the key of the question that only the seminar with many applicants asks
}

// next gives those to come that anybody may apply for, in their order.
func next(list []programme.Activity, now time.Time) []storage.ID {
	var out []storage.ID
	for _, a := range list {
		if a.Starts.After(now) && !sameDay(a.Starts, now) && !a.InvitationOnly && a.Capacity > 0 {
			out = append(out, a.ID)
		}
	}
	return out
}

func sameDay(a, b time.Time) bool {
	return a.In(programme.Bishkek).Format(time.DateOnly) == b.In(programme.Bishkek).Format(time.DateOnly)
}

// today reports whether this is the day of the activity, whatever the hour: its
// door is open, and its list is not closed yet.
func (t *teller) today(a programme.Activity) bool { return sameDay(a.Starts, t.now) }

// chosen reports whether the activity is the one whose selection goes on, full reports
// whether it is the one that waits for its selection, with many applicants.
func (t *teller) chosen(a programme.Activity) bool { return len(t.next) > 0 && t.next[0] == a.ID }
func (t *teller) full(a programme.Activity) bool   { return len(t.next) > 1 && t.next[1] == a.ID }

// reseed makes what happens at one activity independent of what happened at those before.
func (t *teller) reseed(a programme.Activity) {
	h := fnv.New64a()
	h.Write([]byte(a.Slug))
	t.rnd = rand.New(rand.NewPCG(t.Seed, h.Sum64()))
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
			p, err := t.People.Register(ctx, tx, d)
			if err != nil {
				return err
			}
			t.crowd[i] = person{id: p.ID, Details: d}
			return t.People.Vouch(ctx, tx, p.ID)
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
		return t.byName(ctx, a)
	}
	if opens.After(t.now) {
		return nil
	}
	deadline := a.Deadline
	if deadline.IsZero() {
		deadline = a.Starts.AddDate(0, 0, -7)
	}
	if t.full(a) {
		if err := t.askExperience(ctx, a, opens); err != nil {
			return err
		}
	}
	if err := t.applyAll(ctx, a, opens, earlier(deadline, t.now)); err != nil {
		return err
	}
	decide := deadline.Add(20 * time.Hour)
	if t.chosen(a) {
		decide = earlier(decide, t.now.Add(-54*time.Hour)) // the first answers are there, others end soon
	}
	if decide.After(t.now) {
		return t.shortlist(ctx, a, opens, deadline)
	}
	if err := t.choose(ctx, a, decide); err != nil {
		return err
	}
	return t.replyAndCome(ctx, a)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// applyAll lets more apply than there are places; to what opened lately, only the first have.
func (t *teller) applyAll(ctx context.Context, a programme.Activity, from, to time.Time) error {
	n := a.Capacity*13/10 + t.rnd.IntN(a.Capacity)
	switch {
	case t.full(a):
		n = cmp.Or(t.Applicants, a.Capacity*34/10)
	case t.chosen(a):
		n, to = a.Capacity*23/10, earlier(to, t.now.Add(-55*time.Hour))
	}
	if whole := a.Deadline.Sub(from); whole > 0 && to.Before(a.Deadline) && !t.full(a) && !t.chosen(a) {
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
			if err != nil {
				return err
			}
			return t.apply(a, p.ID, p.Details)(ctx, tx)
		}})
	}
	return t.play(ctx, steps)
}

// guestComes reports whether the guest takes part: at home in what is past, in
// what goes on now, and in the next two to come.
func (t *teller) guestComes(a programme.Activity) bool {
	switch {
	case t.Guest.IsZero():
		return false
	case t.today(a):
		return a.Group == profile.Activists
	case a.Starts.After(t.now):
		return t.chosen(a) || t.full(a)
	}
	return a.Group == profile.Activists && (a.City == "osh" || a.Ends.After(t.now))
}

func (t *teller) apply(a programme.Activity, id storage.ID, d people.Details) func(context.Context, *storage.Tx) error {
	answers := forms.Answers{Values: map[string][]string{
		profile.AskName: {d.FullName}, profile.AskPhone: {d.Phone}, profile.AskEmail: {d.Email}, profile.AskSex: {d.Sex}, profile.AskAge: {d.Age(t.People.Lists(), t.now)}, profile.AskPlace: {d.City},
		string(forms.AskProcessing): {"on"},
	}}
	if list := whys[d.Lang]; len(list) > 0 && t.chance(70) {
		answers.Values["why"] = []string{list[t.rnd.IntN(len(list))]}
	}
	if t.full(a) {
		answers.Values[t.experience] = t.experienceOf(d)
	}
	return func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.Apply(ctx, tx, seats.Apply{
			Activity: a.ID, Answers: answers, Lang: d.Lang, Actor: access.Actor{Person: id}, Demo: true,
		})
		return err
	}
}

// cast picks who is interested: of the group, mostly from the place, rather those who have not been yet.
func (t *teller) cast(a programme.Activity, n int) []int {
	type one struct{ index, order int }
	var all []one
	for i, p := range t.crowd {
		if a.Group != "" && p.Group != a.Group || p.Level == profile.Parliament {
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

// byName invites the members of parliament, in two waves, asks those who said
// yes whether they still come, and lets some leave both unanswered.
func (t *teller) byName(ctx context.Context, a programme.Activity) error {
	first, second := a.Starts.AddDate(0, 0, -30), t.now.Add(-26*time.Hour)
	if first.After(t.now) {
		return nil
	}
	days := int(a.Starts.Sub(t.now)/(24*time.Hour)) + 1
	var places []step
	places = append(places, step{first.Add(-time.Hour), func(ctx context.Context, tx *storage.Tx) error {
		return t.Seminars.SetUp(ctx, tx, t.Staff, a.ID, seats.Seminar{
			Capacity: a.Capacity, LateWaiting: true, InvitationHours: 7 * 24, OfferHours: 48, ReconfirmDays: min(max(days, 1), 30),
			Targets: seats.Targets{profile.BySex: {profile.Female: 70}},
		})
	}})
	if err := t.play(ctx, places); err != nil {
		return err
	}
	var members []people.Details
	for _, p := range t.crowd {
		if p.Level == profile.Parliament && len(members) < a.Capacity {
			members = append(members, p.Details)
		}
	}
	early := len(members) * 7 / 10
	if err := t.invite(ctx, a, first, members[:early]); err != nil {
		return err
	}
	if err := t.replies(ctx, a); err != nil {
		return err
	}
	if !t.Deputy.IsZero() && a.Starts.After(t.now) {
		err := t.play(ctx, []step{{second.Add(time.Hour), func(ctx context.Context, tx *storage.Tx) error {
			p, err := t.People.ByID(ctx, tx, t.Deputy)
			if err != nil {
				return err
			}
			_, err = t.Seminars.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: t.Staff, Person: p.ID, Demo: true})
			return err
		}}})
		if err != nil {
			return err
		}
	}
	if a.Starts.After(t.now) {
		if err := t.invite(ctx, a, second, members[early:len(members)-1]); err != nil {
			return err
		}
		return t.askAgain(ctx, a, t.now.Add(-5*time.Hour), 40)
	}
	return t.day(ctx, a)
}

func (t *teller) invite(ctx context.Context, a programme.Activity, at time.Time, some []people.Details) error {
	var steps []step
	for _, d := range some {
		steps = append(steps, step{t.between(at, at.Add(4*time.Hour)), func(ctx context.Context, tx *storage.Tx) error {
			_, err := t.Seminars.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: t.Staff, Details: d, Demo: true})
			return err
		}})
	}
	return t.play(ctx, steps)
}

// askAgain asks the confirmed whether they still come; so many per cent have said yes since.
func (t *teller) askAgain(ctx context.Context, a programme.Activity, at time.Time, percent int) error {
	err := t.play(ctx, []step{{at, func(ctx context.Context, tx *storage.Tx) error { return t.Seminars.AskAgain(ctx, tx, a.ID) }}})
	if err != nil {
		return err
	}
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	var steps []step
	for _, p := range list {
		if p.Reconfirm == "asked" && (t.chance(percent) || p.Person == t.Guest) {
			steps = append(steps, step{t.between(at, earlier(at.Add(30*time.Hour), t.now)), func(ctx context.Context, tx *storage.Tx) error {
				_, err := t.Seminars.Answer(ctx, tx, p.ID, seats.SayYes)
				return err
			}})
		}
	}
	return t.play(ctx, steps)
}

func (t *teller) applicants(ctx context.Context, a programme.Activity) (list []seats.Applicant, err error) {
	err = t.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		list, err = t.Seminars.Applicants(ctx, tx, t.Staff, a)
		return err
	})
	return list, err
}

func (t *teller) move(a programme.Activity, to seats.State, why string, some ...seats.Applicant) func(context.Context, *storage.Tx) error {
	seen := map[storage.ID]int64{}
	for _, s := range some {
		seen[s.ID] = s.Version
	}
	return func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.Choose(ctx, tx, seats.Choose{Activity: a.ID, Actor: t.Staff, To: to, Why: why, Seen: seen})
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
	var some, first []seats.Applicant
	for _, p := range list {
		switch {
		case p.State != seats.Applied:
		case p.Person == t.Guest:
			first = append(first, p)
		case t.chance(30):
			some = append(some, p)
		}
	}
	steps := []step{{t.now.Add(-3 * time.Hour), t.move(a, seats.Shortlisted, "", some...)}}
	if len(first) > 0 { // helped at the one before
		steps = append(steps, step{t.now.Add(-30 * time.Hour), t.move(a, seats.Invited, "", first...)})
	}
	if err := t.play(ctx, steps); err != nil {
		return err
	}
	return t.replies(ctx, a)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// choose fills the seats, three women for two men as far as there are, puts the others on the waiting list.
func (t *teller) choose(ctx context.Context, a programme.Activity, at time.Time) error {
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	order := t.rnd.Perm(len(list))
	if t.chosen(a) { // here the guest waits, and some are still to be decided
		slices.SortStableFunc(order, func(i, j int) int {
			return cmp.Compare(boolInt(list[i].Person == t.Guest), boolInt(list[j].Person == t.Guest))
		})
	}
	var yes, wait, no, later []seats.Applicant
	women := 0
	for round := range 2 {
		for _, i := range order {
			p := list[i]
			if p.State != seats.Applied && p.State != seats.Shortlisted || slices.ContainsFunc(yes, func(o seats.Applicant) bool { return o.ID == p.ID }) {
				continue
			}
			woman := p.Details.Sex == profile.Female
			if (p.Person != t.Guest || t.chosen(a)) && (len(yes) >= a.Capacity || round == 0 && woman && women >= a.Capacity*3/5) {
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
		case slices.ContainsFunc(yes, func(o seats.Applicant) bool { return o.ID == p.ID }):
		case p.State != seats.Applied && p.State != seats.Shortlisted:
		case p.Person != t.Guest && t.chosen(a) && t.chance(35):
			later = append(later, p)
		case p.Person != t.Guest && t.chance(12):
			no = append(no, p)
		default:
			wait = append(wait, p)
		}
	}
	steps := []step{{at, t.move(a, seats.Invited, "", yes...)}}
	for i, p := range wait {
		steps = append(steps, step{at.Add(time.Duration(i+1) * time.Second), t.move(a, seats.Waitlisted, "", p)})
	}
	if len(later) > 0 {
		steps = append(steps, step{at.Add(time.Hour), t.move(a, seats.Shortlisted, "", later...)})
	}
	if len(no) > 0 {
		steps = append(steps, step{at.Add(2 * time.Hour), t.move(a, seats.Declined, "", no...)})
	}
	return t.play(ctx, steps)
}

// replyAndCome lets the invited answer and, on the day, people come.
func (t *teller) replyAndCome(ctx context.Context, a programme.Activity) error {
	if err := t.replies(ctx, a); err != nil {
		return err
	}
	if a.Starts.After(t.now) && !t.today(a) {
		return nil
	}
	if ask := a.Starts.AddDate(0, 0, -2); a.Ends.After(t.now) || t.today(a) {
		if err := t.askAgain(ctx, a, ask, 85); err != nil {
			return err
		}
	}
	return t.day(ctx, a)
}

// replies lets the invited answer, and the next be offered what falls free.
func (t *teller) replies(ctx context.Context, a programme.Activity) error {
	done := map[storage.ID]bool{}
	for range 5 {
		list, err := t.applicants(ctx, a)
		if err != nil {
			return err
		}
		var steps []step
		for _, p := range list {
			if p.State != seats.Invited || done[p.ID] {
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
	return nil
}

// reply is what an invited person does; ok is false when nothing has happened yet.
func (t *teller) reply(a programme.Activity, p seats.Applicant) (s step, ok bool) {
	at := t.between(p.Changed.Add(20*time.Minute), earlier(p.Changed.Add(50*time.Hour), a.Starts))
	answer := seats.SayYes
	switch throw := t.rnd.IntN(100); {
	case p.Person == t.Guest:
		at = p.Changed.Add(time.Hour)
	case throw < 7:
		answer = seats.SayNo
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
	list, err := t.applicants(ctx, a)
	if err != nil {
		return err
	}
	over := a.Ends.Before(t.now) && !t.today(a)
	if a.Starts.Add(-30 * time.Minute).After(t.now) {
		return nil // nobody is at the door yet
	}
	var steps []step
	for _, p := range list {
		if p.State != seats.Confirmed {
			continue
		}
		comes := t.chance(90) || p.Person == t.Guest
		at := t.between(a.Starts.Add(-35*time.Minute), a.Starts.Add(25*time.Minute))
		switch {
		case !over && (p.Person == t.Guest || !t.chance(60)):
			continue // may still come, and the guest shows her ticket
		case !over && at.After(t.now):
			at = later(t.now.Add(-time.Duration(1+t.rnd.IntN(30))*time.Minute), a.Starts.Add(-50*time.Minute))
		}
		switch {
		case comes:
			steps = append(steps, step{at, t.note(a, p, true)})
		case over:
			steps = append(steps, step{earlier(a.Ends.Add(time.Hour), t.now), t.note(a, p, false)})
		}
	}
	return t.play(ctx, steps)
}

func (t *teller) note(a programme.Activity, p seats.Applicant, came bool) func(context.Context, *storage.Tx) error {
	return func(ctx context.Context, tx *storage.Tx) error {
		_, err := t.Seminars.NotePresence(ctx, tx, door.NotePresence{Activity: a.ID, Actor: t.Staff, Application: p.ID, Came: came})
		return err
	}
}

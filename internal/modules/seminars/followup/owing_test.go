package followup

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/programme"
)

// by is somebody who has said yes and is reached by some ways only.
func (v *room) by(d people.Details) seats.Application {
	v.t.Helper()
	d.City, d.Lang = "osh", i18n.Kyrgyz
	p := peopletest.Register(v.t, v.s, v.m.People, d)
	var app seats.Application
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := seats.OpenSeminar(ctx, tx, v.osh.ID, 600); err != nil {
			return err
		}
		if app, _, err = v.m.BeginWith(ctx, tx, p, seats.Application{Activity: v.osh.ID, Person: p.ID, Proven: tx.Now}, p.ID, "seminars.why.applied"); err != nil {
			return err
		}
		if app, err = v.m.Move(ctx, tx, app, seats.Invited, storage.ID{}, "seminars.why.staff_invited"); err != nil {
			return err
		}
		app, err = v.m.Service.Answer(ctx, tx, app.ID, seats.SayYes)
		return err
	})
	return app
}

// Who has a number alone and owes an answer that is needed is on the list of calls with that
// reason, until she has answered, was spoken with since her yes, or may not answer any more;
// nobody else is, and nobody while the answers are not needed.
func TestWhoOwesANeededAnswerAndCannotBeWrittenToIsCalled(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		chief := v.staff(access.Coordinator, access.Scope{})
		r := rand.New(rand.NewPCG(4, 6))
		var alone []seats.Application
		reached := map[storage.ID]bool{}
		for i := range 14 {
			d := people.Details{FullName: fmt.Sprintf("Айгүл %d", i), Phone: fmt.Sprintf("+99655500%04d", i)}
			if r.IntN(3) == 0 {
				d.Email = fmt.Sprintf("a%d@example.kg", i)
			}
			app := v.by(d)
			if d.Email != "" {
				reached[app.ID] = true
			} else {
				alone = append(alone, app)
			}
		}
		if len(alone) < 4 || len(reached) == 0 {
			t.Fatalf("%d and %d", len(alone), len(reached))
		}
		listed := func() map[storage.ID]bool {
			out, a := map[storage.ID]bool{}, v.activity()
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				list, err := v.m.ToCall(ctx, tx, chief, a)
				for _, c := range list {
					if c.For(seats.Owes) {
						out[c.ID] = true
						if c.Until.IsZero() || !c.OutOfReach() {
							v.t.Errorf("%+v", c)
						}
					}
				}
				return err
			})
			return out
		}
		want := func(what string, apps ...seats.Application) {
			v.t.Helper()
			got := listed()
			for _, app := range apps {
				if !got[app.ID] {
					v.t.Errorf("%s: somebody is missing", what)
				}
			}
			if len(got) != len(apps) {
				v.t.Errorf("%s: %d are listed, want %d", what, len(got), len(apps))
			}
		}
		want("nothing is asked")
		v.rules(asks)
		want("the answers are not needed")
		needs := asks
		needs.Needed = true
		v.rules(needs)
		want("they are needed", alone...)
		v.clock.Pass(time.Hour)
		call := func(app seats.Application, answer seats.CallAnswer) {
			v.t.Helper()
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.Called(ctx, tx, seats.Called{Activity: v.osh.ID, Actor: chief, Application: app.ID, Answer: answer})
			})
		}
		call(alone[0], seats.NotReached)
		want("nobody was there", alone...)
		call(alone[0], seats.Herself)
		want("she was spoken with", alone[1:]...)
		if _, err := v.answers(alone[1], with("food", "1")); err != nil {
			v.t.Fatal(err)
		}
		want("she has answered", alone[2:]...)
		call(alone[2], seats.NotComing)
		want("she does not come", alone[3:]...)
		here := []seats.Activity{v.activity()}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := v.m.MustCall(ctx, tx, alone[3].Person, here)
			if len(list) != 1 {
				v.t.Errorf("her own page knows %d", len(list))
			}
			return err
		})
		// Of what does not take place, or is not public yet, nobody owes anything.
		for state, want := range map[string]int{programme.Published: len(alone[3:]), programme.Cancelled: 0, programme.Draft: 0} {
			a := v.activity()
			a.State = state
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				got, err := owing(ctx, tx, []seats.Activity{a})
				for _, app := range alone[3:] {
					if _, owes := got[app.ID]; owes != (want > 0) {
						v.t.Errorf("%s: owes is %v", state, owes)
					}
				}
				return err
			})
		}
		v.clock.Set(needs.Deadline(v.activity()).Add(time.Hour))
		want("after the deadline")
	})
}

package pages

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// Whoever applies or comes back in the quarter of an hour of a step stays as she is, with a
// draw or without one; everybody it was shown for gets what was shown.
func TestAStepTellsThoseItWasShownForAndNobodyElse(t *testing.T) {
	t.Parallel()
	everyCase(t, 8, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 8+r.IntN(12))
		reply := func(id storage.ID, what seats.Reply) {
			k.Helper()
			k.c.Pass(time.Second)
			if err := answer(context.Background(), k.Module, id, what); err != nil {
				k.Fatal(err)
			}
		}
		away := ids[r.IntN(len(ids))]
		k.rule(selection.Rules{Seats: k.a.Capacity})
		if r.IntN(2) == 0 {
			if why := k.draw("", ""); why != "" {
				k.Fatal(why)
			}
		} else {
			k.mark(selection.In, ids[r.IntN(len(ids))])
		}
		reply(away, seats.StepBack)
		waiting := r.IntN(len(ids))
		if r.IntN(2) == 0 {
			waiting = selection.Everybody
		}
		k.c.Pass(time.Second)
		var p selection.Preview
		if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
			p, err = k.Chooser.Preview(ctx, tx, k.staff, k.a, waiting)
			return err
		}); err != nil {
			k.Fatal(err)
		}
		step := k.plan(waiting)
		late := k.crowd(r, 2)
		reply(away, seats.ComeAgain)
		goes := ids[r.IntN(len(ids))]
		if goes != away {
			reply(goes, seats.StepBack)
		}
		back := ids[r.IntN(len(ids))]
		if back != away && back != goes {
			reply(back, seats.StepBack)
			reply(back, seats.ComeAgain)
		}
		k.tell(step)
		for _, id := range append(late, away, back) {
			want := seats.Applied
			if id == goes && goes != away {
				want = seats.Withdrawn
			}
			if got := stateOf(k, k.Module, id).State; got != want {
				k.Errorf("who came after it was shown became %s", got)
			}
		}
		for to, list := range map[seats.State][]seats.Applicant{seats.Invited: p.Invite, seats.Waitlisted: p.Wait, seats.Declined: p.Refuse} {
			for _, a := range list {
				want := to
				switch a.ID {
				case away, back:
					continue
				case goes:
					want = seats.Withdrawn
				}
				if got := stateOf(k, k.Module, a.ID).State; got != want {
					k.Errorf("shown %s, became %s", want, got)
				}
			}
		}
	})
}

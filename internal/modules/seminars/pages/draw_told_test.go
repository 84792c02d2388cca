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
			p, err = k.Chooser.Preview(ctx, tx, k.staff, k.a, waiting, "")
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

// whyOf is the reason of the last move of an application.
func (k *call) whyOf(id storage.ID) (why string) {
	k.Helper()
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT why FROM application_move WHERE application_id = $1 ORDER BY at DESC, id DESC LIMIT 1`, id).Scan(&why)
	}); err != nil {
		k.Fatal(err)
	}
	return why
}

// Who was put in by hand and drawn past is kept, not drawn; when that is taken back, nobody
// is told that a lot decided on her.
func TestWhoWasPutInByHandIsNeverChosenByLot(t *testing.T) {
	t.Parallel()
	everyCase(t, 6, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 12+r.IntN(10))
		hers, stays := ids[r.IntN(6)], ids[6+r.IntN(6)]
		k.mark(selection.In, hers, stays)
		k.rule(selection.Rules{Seats: k.a.Capacity})
		if why := k.draw("", ""); why != "" {
			k.Fatal(why)
		}
		k.mark(selection.Free, hers)
		table := k.table()
		lot, _ := table.Lot(hers)
		if !lot.Kept || lot.Drawn {
			k.Errorf("her lot: %+v", lot)
		}
		for _, a := range table.Applicants {
			if a.ID == hers && table.Chosen(a) {
				k.Error("chosen although the mark was cleared")
			}
		}
		k.tell(k.plan(r.IntN(2) * selection.Everybody))
		for _, id := range ids {
			why := k.whyOf(id)
			e, _ := k.explain(id)
			lot, _ := table.Lot(id)
			want := "seminars.why.not_drawn"
			switch state := stateOf(k, k.Module, id).State; {
			case id == stays:
				want = "seminars.why.by_hand"
			case id == hers && state == seats.Waitlisted:
				want = "seminars.why.staff_waitlisted"
			case id == hers:
				want = "seminars.why.staff_declined"
			case lot.Drawn:
				want = "seminars.why.drawn"
			case state == seats.Waitlisted:
				want = "seminars.why.reserve"
			}
			if why != want || e.Drawn != (want == "seminars.why.drawn") {
				k.Errorf("%s, %+v, want %s", why, e, want)
			}
		}
		if n := count(k, k.Module, `SELECT COUNT(*) FROM application WHERE state = 'waitlisted' AND place > (SELECT place FROM application WHERE id = $1)`, hers); n != 0 && stateOf(k, k.Module, hers).State == seats.Waitlisted {
			k.Errorf("%d wait after who had no lot", n)
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// loses reports, by states alone, whether somebody has less after a move by staff than before.
func loses(from, to seats.State) bool {
	rank := func(s seats.State) int {
		switch s {
		case seats.Invited, seats.Confirmed, seats.Attended, seats.NoShow:
			return 2
		case seats.Waitlisted:
			return 1
		}
		return 0
	}
	return rank(to) < rank(from)
}

// Without a draw a reason is needed exactly when somebody has less afterwards, from whichever
// state to whichever; blanks are none, and a refusal changes nothing of anybody.
func TestAReasonIsNeededExactlyWhenSomethingIsTakenAway(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 40)
		r := rand.New(rand.NewPCG(7, 3))
		ids := k.crowd(r, 3)
		prove(t, k.Module)
		states := []seats.State{seats.Applied, seats.Shortlisted, seats.Invited, seats.Confirmed, seats.Waitlisted, seats.Declined, seats.Withdrawn}
		for _, from := range states {
			for _, to := range decisions {
				if !from.MayBecome(to) {
					continue
				}
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					for _, id := range ids { // as if it had come there
						if _, err := tx.Exec(ctx, `UPDATE application SET state = $1, place = CASE WHEN $1 = 'waitlisted' THEN 1 ELSE 0 END WHERE id = $2`, string(from), id); err != nil {
							return err
						}
					}
					_, err := tx.Exec(ctx, `UPDATE seminar SET taken = (SELECT COUNT(*) FROM application WHERE state IN `+seats.Holding+`)`)
					return err
				})
				one := stateOf(t, k.Module, ids[r.IntN(len(ids))])
				move := func(why string) error {
					return k.try(func(ctx context.Context, tx *storage.Tx) error {
						_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: to, Why: why, Seen: map[storage.ID]int64{one.ID: one.Version}})
						return err
					})
				}
				k.c.Pass(time.Second)
				before := count(t, k.Module, `SELECT COUNT(*) FROM application_move`)
				err := move(strings.Repeat(" \t", r.IntN(3)))
				if loses(from, to) {
					if f := fault.Of(err); f == nil || f.Code != fault.Invalid || len(f.At("why")) != 1 {
						t.Fatalf("%s to %s without a reason: %v", from, to, err)
					}
					if is := stateOf(t, k.Module, one.ID); is.State != from || is.Version != one.Version || count(t, k.Module, `SELECT COUNT(*) FROM application_move`) != before {
						t.Errorf("%s to %s was refused and is %s", from, to, is.State)
					}
					err = move("Ички эреже")
				}
				if n := count(t, k.Module, `SELECT COUNT(*) FROM application_move WHERE application_id = $1 AND to_state = $2 AND at = $3`, one.ID, string(to), storage.Micros(k.c.Now())); err != nil || n != 1 {
					t.Errorf("%s to %s: %v, moved %d times", from, to, err, n)
				}
			}
		}
	})
}

// What a draw decided is not decided otherwise without a reason, in whichever way; what agrees
// with it needs none, and while people may apply a draw has decided nothing.
func TestToDecideOtherwiseThanTheDrawNeedsAReason(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(11, 5)), 9)
		k.rule(selection.Rules{Seats: 3})
		if wrong := k.draw("", ""); wrong != "" {
			t.Fatal(wrong)
		}
		choose := func(id storage.ID, to seats.State, why string) error {
			one := stateOf(t, k.Module, id)
			k.c.Pass(time.Second)
			return k.try(func(ctx context.Context, tx *storage.Tx) error {
				done, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: to, Why: why, Seen: map[storage.ID]int64{id: one.Version}})
				if err == nil && len(done.Moved) != 1 {
					err = fmt.Errorf("not moved: %+v", done)
				}
				return err
			})
		}
		var drawn, line []storage.ID
		table := k.table()
		for _, id := range ids {
			if l, is := table.Lot(id); is && l.Drawn {
				drawn = append(drawn, id)
			} else if is {
				line = append(line, id)
			}
		}
		if len(drawn) != 3 || len(line) != 6 {
			t.Fatalf("%d and %d", len(drawn), len(line))
		}
		if err := choose(line[0], seats.Declined, ""); err != nil {
			t.Errorf("a rehearsal binds: %v", err)
		}
		k.closes(k.c.Now())
		k.c.Pass(time.Second)
		for _, one := range []struct {
			id storage.ID
			to seats.State
		}{{line[1], seats.Invited}, {line[1], seats.Declined}, {drawn[0], seats.Waitlisted}, {drawn[0], seats.Declined}} {
			if f := fault.Of(choose(one.id, one.to, " ")); f == nil || len(f.At("why")) != 1 {
				t.Errorf("%s: %v", one.to, f)
			}
		}
		person := stateOf(t, k.Module, line[1]).Person
		if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
			list, err := k.InviteMany(ctx, tx, seats.InviteMany{Actor: k.staff, Activity: k.a.ID, Persons: []storage.ID{person}})
			if err == nil && (len(list) != 1 || list[0].Left == nil || list[0].Left.Key != "seminars.fault.by_draw") {
				t.Errorf("from the list of people: %+v", list)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		for _, one := range []struct {
			id  storage.ID
			to  seats.State
			why string
		}{{drawn[0], seats.Invited, ""}, {line[1], seats.Waitlisted, ""}, {line[2], seats.Shortlisted, ""}, {line[3], seats.Invited, "Ички эреже"}} {
			if err := choose(one.id, one.to, one.why); err != nil {
				t.Errorf("%s: %v", one.to, err)
			}
		}
	})
}

// The pages say "needed" exactly where it is, refuse at the field, keep what was ticked, and
// name on whom it was decided.
func TestThePagesAskForAReasonWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 40)
		ids := k.crowd(rand.New(rand.NewPCG(2, 9)), 4)
		prove(t, k.Module)
		staff := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		path := func(id storage.ID) string { return "/en/staff/seminars/osh/applicants/" + id.String() }
		tick := func(list ...storage.ID) (out []string) {
			for _, id := range list {
				out = append(out, fmt.Sprintf("%s.%d", id, stateOf(t, k.Module, id).Version))
			}
			return out
		}
		_, page, _ := staff.do("GET", path(ids[0]), nil)
		if strings.Contains(page, `name="needed"`) || !strings.Contains(page, `name="why"`) {
			t.Errorf("nothing can be taken from her:\n%s", page)
		}
		post := func(address, field, why string, to seats.State, list ...storage.ID) (int, string, string) {
			// People may still apply: she has been asked whether she invites all the same.
			return staff.do("POST", address, url.Values{"form_token": {tokenOf(page)}, "to": {string(to)}, field: {why}, "chosen": tick(list...), sureField: {"yes"}})
		}
		one := "/en/staff/seminars/osh/applicants?one=" + ids[0].String()
		status, _, to := post(one, "why", "", seats.Invited, ids[0])
		if status != http.StatusSeeOther || !strings.Contains(to, "done="+ids[0].String()) {
			t.Fatalf("%d to %q", status, to)
		}
		_, page, _ = staff.do("GET", to, nil)
		if !strings.Contains(page, "notice good") || !strings.Contains(page, `name="needed"`) || strings.Contains(page, `name="why"`) {
			t.Errorf("after an invitation:\n%s", page)
		}
		status, refused, _ := post(one, "needed", "  ", seats.Declined, ids[0])
		if status != http.StatusUnprocessableEntity || !strings.Contains(refused, `id="needed-error"`) && !strings.Contains(refused, "needed-error") || stateOf(t, k.Module, ids[0]).State != seats.Invited {
			t.Errorf("a refusal: %d\n%s", status, refused)
		}
		list := "/en/staff/seminars/osh/applicants"
		status, refused, _ = post(list, "why", "", seats.Declined, ids[:3]...)
		if status != http.StatusUnprocessableEntity || !strings.Contains(refused, "why-error") || strings.Count(refused, " checked") != 3 || k.states()[seats.Declined] != 0 {
			t.Errorf("in the list: %d\n%s", status, refused)
		}
		status, _, to = post(list, "why", "Ички эреже", seats.Declined, ids[:3]...)
		if status != http.StatusSeeOther || k.states()[seats.Declined] != 3 {
			t.Errorf("in the list, with a reason: %d, %v", status, k.states())
		}
		_, page, _ = staff.do("GET", to, nil)
		notice, _, _ := strings.Cut(page[strings.Index(page, "notice good"):], "</ul>")
		if strings.Count(notice, "<li>") != 3 {
			t.Errorf("it names:\n%s", notice)
		}
		_, page, _ = staff.do("GET", to+"&done=x.y&more=-1", nil)
		mark := func(put, why string) (int, string, string) {
			return staff.do("POST", "/en/staff/seminars/osh/selection/mark", url.Values{"form_token": {tokenOf(page)}, "put": {put}, "why": {why}, "chosen": tick(ids[3])})
		}
		if status, refused, _ := mark("in", " "); status != http.StatusUnprocessableEntity || !strings.Contains(refused, "why-error") {
			t.Errorf("by hand without a reason: %d", status)
		}
		k.mark(selection.In, ids[3])
		to = withDecided(list, ids[3:], true)
		_, page, _ = staff.do("GET", to, nil)
		if !strings.Contains(page, "notice good") || !slices.ContainsFunc(strings.Split(page, "<form"), func(f string) bool {
			return strings.Contains(f, `value="free"`) && strings.Contains(f, `type="hidden" name="chosen"`)
		}) {
			t.Errorf("what a hand decided cannot be taken back:\n%s", page)
		}
		k.c.Pass(time.Second)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			done, err := k.Chooser.MarkByHand(ctx, tx, selection.MarkByHand{Actor: k.staff, Activity: k.a.ID, Put: selection.Free, Chosen: ids[3:]})
			if len(done) != 1 {
				t.Errorf("back without a reason: %v", done)
			}
			return err
		})
		if _, marked := k.table().Mark(ids[3]); marked {
			t.Error("it is not taken back")
		}
	})
}

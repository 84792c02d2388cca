package pages

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/science/lottery"
)

// anyRules throws rules of which some can be met and some cannot.
func anyRules(r *rand.Rand, places int) selection.Rules {
	out := selection.Rules{Seats: 1 + r.IntN(places)}
	all := [][2]string{{"sex", "female"}, {"sex", "male"}, {"age", "18-24"}, {"age", "60+"}, {"city", "osh"}, {"city", "naryn"}, {"city", "other"}, {"village", "кара-суу"}}
	for _, i := range r.Perm(len(all))[:r.IntN(5)] {
		q := selection.Quota{By: all[i][0], Value: all[i][1], Min: r.IntN(out.Seats/3 + 1), Max: lottery.NoLimit}
		if r.IntN(2) == 0 {
			q.Max = q.Min + r.IntN(out.Seats)
		}
		out.Quotas = append(out.Quotas, q)
	}
	if r.IntN(3) == 0 {
		out.Together, out.AtMost = selection.ByOrganisation, 1+r.IntN(3)
	}
	return out
}

// counts reports whether a quota counts who told this, as the test judges it.
func counts(told map[string]string, q selection.Quota) bool {
	return i18n.FoldKey(told[q.By]) == i18n.FoldKey(q.Value)
}

// everyCase runs f for so many worlds that nobody has picked, on both engines.
func everyCase(t *testing.T, n int, f func(k *call, r *rand.Rand)) {
	t.Helper()
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				r := rand.New(rand.NewPCG(uint64(i), 12))
				f(newCall(t, store, c, 2+r.IntN(8)), r)
			})
		})
	}
}

// Whatever the applicants, the rules and the choices by hand are: a draw keeps the rules and
// whom it must keep, takes nobody who was put out, its chances add up to its seats, and from
// its files and its seed anybody draws the same.
func TestWhateverIsDrawnKeepsTheRules(t *testing.T) {
	t.Parallel()
	drawn := make(chan bool, 100)
	t.Cleanup(func() {
		close(drawn)
		yes, no := 0, 0
		for is := range drawn {
			if is {
				yes++
			} else {
				no++
			}
		}
		if yes < 10 || no < 3 {
			t.Errorf("%d drawn, %d refused: too few to prove anything", yes, no)
		}
	})
	everyCase(t, 20, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 6+r.IntN(30))
		in, out, held := map[storage.ID]bool{}, map[storage.ID]bool{}, map[storage.ID]bool{}
		for _, i := range r.Perm(len(ids))[:r.IntN(5)] {
			switch r.IntN(3) {
			case 0:
				k.mark(selection.In, ids[i])
				in[ids[i]] = true
			case 1:
				k.mark(selection.Out, ids[i])
				out[ids[i]] = true
			default:
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					app, err := seats.ApplicationByID(ctx, tx, ids[i])
					if err == nil && len(held) < k.a.Capacity {
						_, err = k.Move(ctx, tx, app, seats.Invited, k.staff.Person, "")
						held[ids[i]] = err == nil
					}
					return err
				})
			}
		}
		rules := anyRules(r, k.a.Capacity)
		k.rule(rules)
		if refused := k.draw("чүкө 3 5 2", ""); refused != "" {
			if k.table().Drawn {
				k.Error("refused and drawn")
			}
			drawn <- false
			return
		}
		drawn <- true
		table := k.table()
		chosen, sum, homes, lots := 0, 0.0, map[string]int{}, 0
		places := map[int]bool{}
		got := make([]int, len(rules.Quotas))
		for _, a := range table.Applicants {
			l, has := table.Lot(a.ID)
			if has == out[a.ID] {
				k.Errorf("put out %v, takes part %v", out[a.ID], has)
			}
			if !has {
				if table.Chosen(a) {
					k.Error("chosen without a lot")
				}
				continue
			}
			lots++
			chance, _ := table.Chance(a.ID)
			sum += chance
			if keep := in[a.ID] || held[a.ID]; keep && (l.Drawn || !l.Kept || chance != 1) {
				k.Errorf("somebody was not kept: %+v, %v", l, chance)
			}
			if (l.Drawn || l.Kept) != table.Chosen(a) {
				k.Errorf("%+v, chosen %v", l, table.Chosen(a))
			}
			if !l.Drawn && !l.Kept {
				places[l.Place] = true
				continue
			}
			chosen++
			if home := i18n.FoldKey(k.told[a.ID]["organisation"]); home != "" {
				homes[home]++
			}
			for i, q := range rules.Quotas {
				if counts(k.told[a.ID], q) {
					got[i]++
				}
			}
		}
		want := min(rules.Seats, lots)
		if chosen != want || math.Abs(sum-float64(want)) > 1e-6 {
			k.Errorf("%d chosen, chances of %.6f, want %d", chosen, sum, want)
		}
		for i, q := range rules.Quotas {
			if got[i] < q.Min || q.Max != lottery.NoLimit && got[i] > q.Max {
				k.Errorf("%+v: %d", q, got[i])
			}
		}
		if rules.AtMost > 0 {
			for home, n := range homes {
				if n > rules.AtMost {
					k.Errorf("%d of %s, at most %d", n, home, rules.AtMost)
				}
			}
		}
		for i := 1; i <= lots-want; i++ {
			if !places[i] {
				k.Errorf("nobody has place %d of the reserve", i)
			}
		}
		// The seed is that of the fingerprint, and the rest of it is what was typed.
		house, ok := strings.CutPrefix(table.Draw.Seed, "чүкө 3 5 2 ")
		if !ok || selection.Fingerprint(house) != table.Draw.Fingerprint {
			k.Errorf("the seed %q is not what was fixed", table.Draw.Seed)
		}
		for _, s := range table.Standings() {
			if !s.Met() {
				k.Errorf("the page says that %+v is not kept", s)
			}
		}
	})
}

// everything is all that is kept of the applications, and what was told.
func (k *call) everything() (out []string) {
	k.Helper()
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		for _, q := range []string{
			`SELECT id || state || place || version || expires_at || facts FROM application ORDER BY 1`,
			`SELECT to_state || why FROM application_move ORDER BY 1`,
			`SELECT name || value FROM setting ORDER BY 1`,
			`SELECT kind || day FROM fact ORDER BY 1`,
			`SELECT '' || taken FROM seminar`,
		} {
			q = strings.Replace(q, "id ||", "", 1)
			rows, err := storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) { err = row.Scan(&s); return s, err }, q)
			if err != nil {
				return err
			}
			out = append(out, rows...)
		}
		return nil
	}); err != nil {
		k.Fatal(err)
	}
	return out
}

// Whatever is decided: while it waits nothing has happened, taken back nothing is left of it,
// and once it is due each is told what the preview showed. Whoever drops out then is replaced
// by the first of the reserve with whom the rules are kept best.
func TestWhateverIsToldWaitsAndIsUndoneWhole(t *testing.T) {
	t.Parallel()
	everyCase(t, 10, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 10+r.IntN(25))
		rules := anyRules(r, k.a.Capacity)
		rules.Seats = k.a.Capacity
		if r.IntN(2) == 0 {
			rules.Together, rules.AtMost = selection.ByOrganisation, 1+r.IntN(2)
		}
		k.rule(rules)
		if k.draw("", "") != "" {
			k.rule(selection.Rules{Seats: rules.Seats})
			if why := k.draw("", ""); why != "" {
				k.Fatal(why)
			}
		}
		k.mark(selection.Out, ids[r.IntN(len(ids))])
		before := k.everything()
		step := k.plan(selection.Everybody)
		for _, wrong := range []error{
			k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.MarkByHand(ctx, tx, selection.MarkByHand{Actor: k.staff, Activity: k.a.ID, Put: selection.In, Reason: "x", Chosen: ids[:1]})
				return err
			}),
			k.try(func(ctx context.Context, tx *storage.Tx) error {
				return k.Chooser.SaveRules(ctx, tx, selection.SaveRules{Actor: k.staff, Activity: k.a.ID, Rules: rules, Version: k.table().Version})
			}),
		} {
			if !fault.Is(wrong, fault.Conflict) {
				k.Errorf("what waits was changed: %v", wrong)
			}
		}
		if err := k.Chooser.StepDue(context.Background(), step.ID); err == nil || fault.Of(err) != nil {
			k.Errorf("too early: %v", err)
		}
		if !reflect.DeepEqual(before, k.everything()) {
			k.Fatal("something happened while it waited")
		}
		k.c.Pass(14 * time.Minute)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, step.ID)
			return err
		})
		k.c.Pass(2 * time.Minute)
		if err := k.Chooser.StepDue(context.Background(), step.ID); err != nil {
			k.Fatal(err)
		}
		if !reflect.DeepEqual(before, k.everything()) {
			k.Fatal("what was taken back left something")
		}

		waiting := r.IntN(len(ids))
		var p selection.Preview
		if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
			p, err = k.Chooser.Preview(ctx, tx, k.staff, k.a, waiting, "")
			return err
		}); err != nil {
			k.Fatal(err)
		}
		step = k.plan(waiting)
		if !fault.Is(k.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: k.staff, Activity: k.a.ID, Waiting: waiting, Seen: p.Seen})
			return err
		}), fault.Conflict) {
			k.Error("two steps at once")
		}
		draw := k.table()
		k.tell(step)
		k.tell(step) // a job may run twice
		if !fault.Is(k.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, step.ID)
			return err
		}), fault.Conflict) {
			k.Error("taken back when it was done")
		}
		for to, list := range map[seats.State][]seats.Applicant{seats.Invited: p.Invite, seats.Waitlisted: p.Wait, seats.Declined: p.Refuse} {
			for _, a := range list {
				if got := stateOf(k, k.Module, a.ID).State; got != to {
					k.Errorf("the preview said %s, it became %s", to, got)
				}
			}
		}
		if n := len(p.Invite) + len(p.Wait) + len(p.Refuse); n != len(ids) {
			k.Errorf("%d decided on, %d applied", n, len(ids))
		}

		// Drop-outs, against an oracle that knows what each told.
		applied := draw.Draw.Rules.Quotas
		missed := func(holding map[storage.ID]bool) (n int) {
			for _, q := range applied {
				have := 0
				for id := range holding {
					if counts(k.told[id], q) {
						have++
					}
				}
				n += max(0, q.Min-have)
				if q.Max != lottery.NoLimit {
					n += max(0, have-q.Max)
				}
			}
			homes := map[string]int{}
			for id := range holding {
				if home := i18n.FoldKey(k.told[id]["organisation"]); home != "" {
					homes[home]++
				}
			}
			for _, have := range homes {
				if limit := draw.Draw.Rules.AtMost; limit > 0 {
					n += 1_000 * max(0, have-limit) // the limit goes first
				}
			}
			return n
		}
		for range 6 {
			holding := map[storage.ID]bool{}
			var line []storage.ID
			for _, id := range ids {
				switch s := stateOf(k, k.Module, id).State; {
				case s.HoldsSeat():
					holding[id] = true
				case s == seats.Waitlisted:
					line = append(line, id)
				}
			}
			if len(holding) == 0 || len(line) == 0 {
				break
			}
			slices.SortFunc(line, func(a, b storage.ID) int {
				x, _ := draw.Lot(a)
				y, _ := draw.Lot(b)
				return x.Place - y.Place
			})
			goes := slices.SortedFunc(maps.Keys(holding), func(a, b storage.ID) int { return slices.Compare(a[:], b[:]) })[r.IntN(len(holding))]
			delete(holding, goes)
			want, least := storage.ID{}, -1
			for _, id := range line {
				holding[id] = true
				if n := missed(holding); least < 0 || n < least {
					want, least = id, n
				}
				delete(holding, id)
			}
			k.c.Pass(time.Minute)
			if err := answer(context.Background(), k.Module, goes, seats.SayNo); err != nil {
				k.Fatal(err)
			}
			if got := stateOf(k, k.Module, want); got.State != seats.Invited {
				k.Errorf("the next of the reserve is %s", got.State)
			}
			if len(applied) == 0 && draw.Draw.Rules.AtMost == 0 && want != line[0] {
				k.Error("without quotas it is the order of the reserve")
			}
		}
	})
}

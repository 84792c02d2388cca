package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// planned is PlanStep as the preview of now shows it.
func (k *call) planned(late selection.Fate) (s selection.Step, err error) {
	k.Helper()
	err = k.try(func(ctx context.Context, tx *storage.Tx) error {
		p, err := k.Chooser.Preview(ctx, tx, k.staff, k.a, selection.Everybody, late)
		if err != nil {
			return err
		}
		s, err = k.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: k.staff, Activity: k.a.ID, Waiting: selection.Everybody, Late: late, Seen: p.Seen})
		return err
	})
	return s, err
}

func (k *call) closesNow(actor access.Actor) error {
	return k.try(func(ctx context.Context, tx *storage.Tx) error {
		return k.Chooser.CloseApplications(ctx, tx, actor, k.a.ID)
	})
}

// TestADrawWhileApplicationsAreOpenIsARehearsal draws in random crowds before the deadline:
// nothing can be told, and nothing moved, until the applications ended; and a step that was
// planned tells nothing when they are open again.
func TestADrawWhileApplicationsAreOpenIsARehearsal(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(2026, 11))
		k := newCall(t, store, c, 4)
		k.crowd(r, 6+r.IntN(5))
		k.rule(selection.Rules{Seats: 4})
		if why := k.draw("", ""); why != "" {
			t.Fatal(why)
		}
		before := fmt.Sprint(k.states())
		if !k.table().Open {
			t.Fatal("the table does not say that people may still apply")
		}
		if _, err := k.planned(""); !fault.Is(err, fault.TooEarly) {
			t.Fatalf("told before the deadline: %v", err)
		}
		if err := k.closesNow(access.Actor{Person: k.staff.Person, Table: k.staff.Table}); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("closed by who may not select: %v", err)
		}
		if err := k.closesNow(k.staff); err != nil {
			t.Fatal(err)
		}
		if err := k.closesNow(k.staff); err != nil { // a second press
			t.Fatal(err)
		}
		if got := fmt.Sprint(k.states()); got != before {
			t.Fatalf("closing moved somebody: %s, was %s", got, before)
		}
		s, err := k.planned("")
		if err != nil {
			t.Fatal(err)
		}
		k.closes(s.Due.Add(time.Hour)) // opened again
		k.c.Set(s.Due)
		if err := k.Chooser.StepDue(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(k.states()); got != before || k.table().Refused.Refused != "seminars.selection.fault.reopened" {
			t.Fatalf("told though applications are open again: %s, %q", got, k.table().Refused.Refused)
		}
		k.closes(s.Due)
		k.c.Pass(time.Minute)
		if s, err = k.planned(""); err != nil {
			t.Fatal(err)
		}
		k.tell(s)
		if n := k.states()[seats.Invited]; n != 4 {
			t.Errorf("%d are invited to 4 seats", n)
		}
	})
}

// TestWhoAppliedAfterTheDrawIsDecidedOnBeforeItIsTold lets some apply after the draw: they are
// named, nothing is told until it is said what becomes of them, and then each hears the truth.
func TestWhoAppliedAfterTheDrawIsDecidedOnBeforeItIsTold(t *testing.T) {
	t.Parallel()
	for i, fate := range selection.Fates {
		t.Run(string(fate), func(t *testing.T) {
			t.Parallel()
			storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				r := rand.New(rand.NewPCG(9, uint64(i)))
				k := newCall(t, store, c, 3)
				k.crowd(r, 5+r.IntN(4))
				k.rule(selection.Rules{Seats: 3})
				if why := k.draw("", ""); why != "" {
					t.Fatal(why)
				}
				after := k.crowd(r, 1+r.IntN(3))
				waiting, seated := k.table().AfterDraw()
				if len(waiting) != len(after) || len(seated) != 0 {
					t.Fatalf("%d of %d are named, %d with a seat", len(waiting), len(after), len(seated))
				}
				staff := &browser{t: t, base: k.serve()}
				for _, path := range []string{"", "/send"} {
					_, page, _ := staff.do("GET", "/en/staff/seminars/osh/selection"+path, nil)
					for _, id := range after {
						if !strings.Contains(page, "/applicants/"+id.String()) {
							t.Errorf("%q does not name who applied after the draw", path)
						}
					}
					if strings.Contains(page, "With these rules no draw is fairer") {
						t.Errorf("%q says of those who took no part that it is fair", path)
					}
				}
				k.closes(k.c.Now())
				k.c.Pass(time.Second)
				if _, err := k.planned(""); !fault.Is(err, fault.Invalid) {
					t.Fatalf("told with nothing said of the late: %v", err)
				}
				_, page, _ := staff.do("GET", "/en/staff/seminars/osh/selection/send", nil)
				if strings.Contains(page, `class="confirm"`) {
					t.Error("the page offers to tell it")
				}
				_, page, _ = staff.do("GET", "/en/staff/seminars/osh/selection/send?late="+string(fate), nil)
				if !strings.Contains(page, `class="confirm"`) {
					t.Error("the page does not offer to tell it")
				}
				s, err := k.planned(fate)
				if err != nil {
					t.Fatal(err)
				}
				k.tell(s)
				for _, id := range after {
					state, last := k.stateOf(id)
					want := map[selection.Fate]seats.State{selection.LateWait: seats.Waitlisted, selection.LateRefuse: seats.Declined}[fate]
					if state != want || last != "seminars.why.after_draw" {
						t.Errorf("who applied after the draw is %s for %q, want %s", state, last, want)
					}
				}
				if fate == selection.LateWait { // behind everybody who has a place by lot
					if n := count(t, k.Module, `SELECT COUNT(*) FROM application a JOIN application b ON a.activity_id = b.activity_id
						WHERE a.state = 'waitlisted' AND b.state = 'waitlisted' AND a.id = $1 AND b.id <> $1 AND b.place > a.place AND EXISTS (SELECT 1 FROM selection_lot l WHERE l.application_id = b.id)`, after[0]); n != 0 {
						t.Errorf("she waits before %d of the reserve", n)
					}
				}
			})
		})
	}
}

func (k *call) stateOf(id storage.ID) (state seats.State, why string) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		a, err := seats.ApplicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		moves, err := seats.MovesOf(ctx, tx, id)
		state = a.State
		if len(moves) > 0 {
			why = moves[len(moves)-1].Why
		}
		return err
	})
	return state, why
}

// TestMoreThanThereAreSeatsIsNeverOffered invites somebody by hand after the draw: she is named,
// nowhere stands "4 of 3", and nothing is offered to be told before one was taken out.
func TestMoreThanThereAreSeatsIsNeverOffered(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(4, 4))
		k := newCall(t, store, c, 3)
		k.crowd(r, 7)
		k.rule(selection.Rules{Seats: 3})
		if why := k.draw("", ""); why != "" {
			t.Fatal(why)
		}
		late := k.crowd(r, 1)[0]
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			a, err := seats.ApplicationByID(ctx, tx, late)
			if err == nil {
				_, err = k.Move(ctx, tx, a, seats.Invited, k.staff.Person, "seminars.why.by_hand")
			}
			return err
		})
		k.closes(k.c.Now())
		k.c.Pass(time.Second)
		if waiting, seated := k.table().AfterDraw(); len(waiting) != 0 || len(seated) != 1 || k.table().Over() != 1 {
			t.Fatalf("%d wait, %d have a seat, %d too many", len(waiting), len(seated), k.table().Over())
		}
		staff := &browser{t: t, base: k.serve()}
		_, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants", nil)
		if strings.Contains(page, "4 of 3") || !strings.Contains(page, "1 person more is chosen than there are seats") || strings.Contains(page, `href="/en/staff/seminars/osh/selection/send"`) {
			t.Error("the list offers four of three")
		}
		status, page, _ := staff.do("GET", "/en/staff/seminars/osh/selection/send", nil)
		if status != http.StatusOK || strings.Contains(page, `class="confirm"`) {
			t.Errorf("the page offers to tell it: %d", status)
		}
		if _, err := k.planned(""); !fault.Is(err, fault.Full) {
			t.Errorf("told: %v", err)
		}
	})
}

// TestThePageSaysNothingOfRulesWhereThereIsNone looks at the verdict without and with a rule.
func TestThePageSaysNothingOfRulesWhereThereIsNone(t *testing.T) {
	t.Parallel()
	m, _, srv, _ := site(t, nil)
	staff := &browser{t: t, base: srv, staff: true}
	if _, err := apply(context.Background(), m, m.Calendar.(diary).only, 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/selection", nil); strings.Contains(page, "These rules can be met") || !strings.Contains(page, "There are no rules") {
		t.Error("rules that nobody made can be met")
	}
}

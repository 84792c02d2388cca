package pages

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// While a selection is about to be told nobody is invited or declined beside it, by whichever
// way; once it is taken back everybody is again.
func TestWhileAStepWaitsNobodyIsDecidedOnBesideIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(3, 1)), 9)
		k.mark(selection.In, ids[0], ids[1])
		one := stateOf(t, k.Module, ids[5])
		seen := map[storage.ID]int64{one.ID: one.Version}
		stranger := personOf("Жаңы Киши")
		stranger.Email = "jangy@example.kg"
		ways := map[string]func(ctx context.Context, tx *storage.Tx) error{
			"choose": func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: seats.Declined, Seen: seen})
				return err
			},
			"invite many": func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.InviteMany(ctx, tx, seats.InviteMany{Activity: k.a.ID, Actor: k.staff, Persons: []storage.ID{one.Person}})
				return err
			},
			"invite by name": func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Invite(ctx, tx, seats.Invite{Activity: k.a.ID, Actor: k.staff, Details: stranger})
				return err
			},
			"invite a record": func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Invite(ctx, tx, seats.Invite{Activity: k.a.ID, Actor: k.staff, Person: one.Person})
				return err
			},
		}
		step := k.plan(selection.Everybody)
		before := k.states()
		for name, way := range ways {
			if err := k.try(way); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "seminars.selection.fault.waits" {
				t.Errorf("%s: %v", name, err)
			}
		}
		var many seats.ChosenMany
		k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			many, err = k.ChooseMany(ctx, tx, seats.ChooseMany{Actor: k.staff, To: seats.Declined, Seen: seen})
			return err
		})
		if f := many.Stopped[k.a.ID]; f == nil || f.Key != "seminars.selection.fault.waits" || len(many.Moved) > 0 {
			t.Errorf("%+v", many)
		}
		if after := k.states(); len(after) != 1 || after[seats.Applied] != before[seats.Applied] {
			t.Errorf("%v became %v", before, after)
		}
		staff := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		for _, path := range []string{"/applicants", "/applicants/" + one.ID.String()} {
			_, page, _ := staff.do("GET", "/en/staff/seminars/osh"+path, nil)
			if strings.Contains(page, `name="to"`) || strings.Contains(page, `name="put"`) || !strings.Contains(page, "waiting to go out") || !strings.Contains(page, "/selection#step") {
				t.Errorf("%s offers to decide while a step waits", path)
			}
		}
		if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/selection", nil); !strings.Contains(page, `id="step"`) {
			t.Error("the link to the step leads nowhere")
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, step.ID)
			return err
		})
		for name, way := range ways {
			if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
				if err := way(ctx, tx); err != nil {
					return err
				}
				return errTakenBack
			}); err != errTakenBack {
				t.Errorf("%s, when nothing waits: %v", name, err)
			}
		}
		if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants", nil); !strings.Contains(page, `name="to"`) || !strings.Contains(page, `name="put"`) {
			t.Error("the list offers nothing when no step waits")
		}
	})
}

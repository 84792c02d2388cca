package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// call is an activity that people apply to, with somebody who selects.
type call struct {
	testing.TB
	*Module
	a     seats.Activity
	c     *storagetest.Clock
	staff access.Actor
	told  map[storage.ID]map[string]string // what each applicant told, as the test knows it
}

// newCall opens an activity with so many seats, for people of the media, whose form asks for
// an organisation.
func newCall(t testing.TB, store *storage.Store, c *storagetest.Clock, places int) *call {
	m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity, a.Group = places, "media" })
	setUp(t, m, a, "")
	k := &call{TB: t, Module: m, a: a, c: c, told: map[storage.ID]map[string]string{}}
	k.staff = k.somebody("")
	return k
}

// somebody is a coordinator of a city, of all when it is empty.
func (k *call) somebody(city string) access.Actor {
	k.Helper()
	actor := access.Actor{Origin: access.OfPasskey, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}}, Table: k.Manifest().Permissions}
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		p, err := k.People.Register(ctx, tx, personOf("Кызматкер"))
		actor.Person = p.ID
		return err
	})
	return actor
}

func (k *call) write(f func(ctx context.Context, tx *storage.Tx) error) {
	k.Helper()
	write(k, k.Module, f)
}

func (k *call) try(f func(ctx context.Context, tx *storage.Tx) error) error {
	return k.Store.Write(context.Background(), f)
}

// crowd lets so many people apply, with answers that r throws.
func (k *call) crowd(r *rand.Rand, n int) (ids []storage.ID) {
	k.Helper()
	k.closes(start.AddDate(0, 0, 10))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for i := range n {
		told := map[string]string{
			"sex": pick("female", "female", "male", "male", "undisclosed"), "age": pick("18-24", "25-34", "35-44", "60+"),
			"city": pick("osh", "osh", "bishkek", "naryn", "other"), "organisation": pick("", "Радио Салам", "радио  САЛАМ", "Чек ара", "Кадр", "Мерос"),
		}
		a := forms.Answers{}.Clone()
		for key, v := range map[string]string{
			"name": fmt.Sprintf("Бегайым Нурланова %d", len(k.told)), "email": fmt.Sprintf("begaiym%d@example.kg", len(k.told)), "sex": told["sex"], "age": told["age"],
			"place": told["city"], "organisation": told["organisation"], "processing": "on",
		} {
			if v != "" {
				a.Values[key] = []string{v}
			}
		}
		if told["city"] == "other" {
			told["village"] = pick("Жаңы-Жол", "Кара-Суу")
			a.Values["village"] = []string{told["village"]}
		}
		k.c.Pass(time.Second)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			h, err := k.Apply(ctx, tx, seats.Apply{Activity: k.a.ID, Answers: a, Lang: i18n.Kyrgyz})
			if err == nil && i >= 0 {
				ids = append(ids, h.Application.ID)
			}
			return err
		})
		k.told[ids[len(ids)-1]] = told
	}
	return ids
}

// table reads the selection.
func (k *call) table() (t *selection.Table) {
	k.Helper()
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
		t, err = k.Chooser.Table(ctx, tx, k.staff, k.a)
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return t
}

// rule saves rules.
func (k *call) rule(r selection.Rules) {
	k.Helper()
	version := k.table().Version
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		return k.Chooser.SaveRules(ctx, tx, selection.SaveRules{Actor: k.staff, Activity: k.a.ID, Rules: r, Version: version})
	})
}

// ask asks for a draw after the one that stands.
func (k *call) ask(witness, reason string) (ask selection.Ask) {
	k.Helper()
	after := k.table().Draw.Number
	k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		ask, err = k.Chooser.AskDraw(ctx, tx, selection.AskDraw{Actor: k.staff, Activity: k.a.ID, After: after, Witness: witness, Reason: reason})
		return err
	})
	return ask
}

// draw asks and draws; it gives the key of why nothing was drawn.
func (k *call) draw(witness, reason string) string {
	k.Helper()
	ask := k.ask(witness, reason)
	if err := k.Chooser.DrawAsked(context.Background(), ask.ID, k.a.ID); err != nil {
		k.Fatal(err)
	}
	refused := ""
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		left, _, err := selection.AskOf(ctx, tx, k.a.ID)
		refused = left.Fault
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return refused
}

// closes moves the end of the applications: they are taken before somebody applies, and over
// before a selection is told.
func (k *call) closes(at time.Time) {
	k.a.Deadline = at
	k.Calendar = ending{diary{k.a}, k}
}

// ending is a diary in which the applications can be ended.
type ending struct {
	diary
	k *call
}

func (e ending) EndApplications(_ context.Context, tx *storage.Tx, _ storage.ID) error {
	e.k.closes(tx.Now.Add(-time.Microsecond))
	return nil
}

// mark decides by hand.
func (k *call) mark(put selection.Put, ids ...storage.ID) {
	k.Helper()
	k.c.Pass(time.Second)
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		_, err := k.Chooser.MarkByHand(ctx, tx, selection.MarkByHand{Actor: k.staff, Activity: k.a.ID, Put: put, Reason: "Ички эреже", Chosen: ids})
		return err
	})
}

// plan decides that the selection is told, as the preview shows it.
func (k *call) plan(waiting int) (s selection.Step) {
	k.Helper()
	k.closes(k.c.Now())
	k.c.Pass(time.Second)
	var p selection.Preview
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = k.Chooser.Preview(ctx, tx, k.staff, k.a, waiting, "")
		return err
	}); err != nil {
		k.Fatal(err)
	}
	k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		s, err = k.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: k.staff, Activity: k.a.ID, Waiting: waiting, Seen: p.Seen})
		return err
	})
	return s
}

// tell lets the quarter of an hour of a step pass.
func (k *call) tell(s selection.Step) {
	k.Helper()
	k.closes(s.At)
	k.c.Set(s.Due)
	if err := k.Chooser.StepDue(context.Background(), s.ID); err != nil {
		k.Fatal(err)
	}
}

// states counts the applications in each state.
func (k *call) states() map[seats.State]int {
	out := map[seats.State]int{}
	for _, s := range seats.States {
		if n := count(k, k.Module, `SELECT COUNT(*) FROM application WHERE state = $1`, string(s)); n > 0 {
			out[s] = n
		}
	}
	return out
}

// personOf is somebody with a name.
func personOf(name string) people.Details {
	return people.Details{FullName: name, Email: "kyzmatker@example.kg", City: "osh", Lang: i18n.Kyrgyz}
}

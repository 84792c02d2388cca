package pages

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// BenchmarkToday reads a coordinator's morning of two hundred seminars with fifty thousand
// applications, with the rows that one page shows told apart.
func BenchmarkToday(b *testing.B) {
	const persons, each, activities = 2_000, 25, 200
	clock := storagetest.NewClock(start)
	store := storagetest.Open(b, clock.Option())
	g := openRegister(b, store, clock, 0)
	template := g.list[0]
	for i := range activities - len(g.list) {
		a := template
		a.ID, a.Slug, a.Capacity = storage.RandomID(start), fmt.Sprint("more-", i), 25
		a.Starts, a.Ends = template.Starts.AddDate(0, 0, i), template.Ends.AddDate(0, 0, i)
		g.list = append(g.list, a)
	}
	g.Calendar = season{diary{template}, g.list}
	for at := range persons / 200 {
		write(b, g.Module, func(ctx context.Context, tx *storage.Tx) error {
			for i := at * 200; i < at*200+200; i++ {
				p, err := g.People.Register(ctx, tx, people.Details{FullName: fmt.Sprint("Асанова Айгүл ", i), Sex: []string{"female", "male"}[i%2], Phone: fmt.Sprintf("+99655500%04d", i)})
				if err != nil {
					return err
				}
				for j := range each {
					if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, facts, version, made_at, changed_at, proven_at, held_until)
						VALUES ($1, $2, $3, $4, 0, 0, '', 0, 1, $5, $5, 0, 0)`, tx.NewID(), g.list[(i+j*8)%activities].ID, p.ID, string(seats.States[(i+j)%len(seats.States)]), storage.Micros(tx.Now)); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	clock.Pass(time.Hour)
	actor := coordinatorOf("")
	actor.Table[seats.MayAdmit], actor.Table[seats.MayEnrol] = []access.Role{access.Coordinator}, []access.Role{access.Coordinator}
	var waits []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := store.Read(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
			rows, _, day, err := g.gather(ctx, tx, actor)
			if err != nil {
				return err
			}
			if len(rows) != activities {
				b.Fatal(len(rows))
			}
			if err := g.tellRowsApart(ctx, tx, actor, rows[:rowsOnToday]); err != nil {
				return err
			}
			_, _, err = g.FirstToCall(ctx, tx, day, callsOnToday)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		waits = append(waits, time.Since(began))
	}
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(waits[len(waits)*95/100].Microseconds())/1000, "p95-ms")
}

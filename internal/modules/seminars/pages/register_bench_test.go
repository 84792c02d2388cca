package pages

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// BenchmarkRegister is a page of the list of fifty thousand applications: the first,
// narrowed, searched, sorted, from the middle; each after somebody's application was moved.
func BenchmarkRegister(b *testing.B) {
	const persons, each, activities = 10_000, 5, 20
	clock := storagetest.NewClock(start)
	store := storagetest.Open(b, clock.Option())
	g := openRegister(b, store, clock, 0)
	template := g.list[0]
	for i := range activities - len(g.list) {
		a := template
		a.ID, a.Slug, a.Starts = storage.RandomID(start), fmt.Sprint("more-", i), template.Starts.AddDate(0, 0, i)
		g.list = append(g.list, a)
	}
	g.Calendar = season{diary{template}, g.list}
	var moved storage.ID
	for at := range persons / 500 {
		write(b, g.Module, func(ctx context.Context, tx *storage.Tx) error {
			for i := at * 500; i < at*500+500; i++ {
				p, err := g.People.Register(ctx, tx, people.Details{FullName: fmt.Sprintf("Асанова %s %d", []string{"Айгүл", "Сайкал", "Өмүркан"}[i%3], i), Sex: []string{"female", "male"}[i%2], BirthYear: 1960 + i%45, Email: fmt.Sprintf("p%d@mail.kg", i)})
				if err != nil {
					return err
				}
				for j := range each {
					moved = tx.NewID()
					if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, facts, version, made_at, changed_at, proven_at, held_until)
						VALUES ($1, $2, $3, $4, 0, 0, '', 0, 1, $5, $5, 0, 0)`, moved, g.list[(i+j*3)%activities].ID, p.ID, string(seats.States[(i+j)%len(seats.States)]), storage.Micros(tx.Now)+int64(i)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		clock.Pass(time.Minute)
	}
	clock.Pass(time.Hour)
	all := seats.ListApplications{Actor: coordinatorOf(""), Limit: onRegister}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			fresh := seats.NewRegister(g.Service)
			if got, err := fresh.List(b.Context(), all); err != nil || got.Count != persons*each {
				b.Fatal(got.Count, err)
			}
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/list")
	})
	every := all
	every.Limit = 0
	middle := g.get(every).IDs[persons*each/2]
	for _, c := range []struct {
		name   string
		change func(q *seats.ListApplications)
	}{
		{"first page", func(*seats.ListApplications) {}},
		{"narrowed", func(q *seats.ListApplications) {
			q.Wants = map[string]string{seats.ByActivity: g.list[1].Slug, seats.BySex: "female", seats.ByState: "applied"}
		}},
		{"searched", func(q *seats.ListApplications) { q.Text = "асан сай" }},
		{"by name", func(q *seats.ListApplications) { q.Sort = seats.SortName }},
		{"deep cursor", func(q *seats.ListApplications) { q.After = middle }},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := all
			c.change(&q)
			var waits []time.Duration
			for b.Loop() {
				b.StopTimer()
				write(b, g.Module, func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE application SET version = version + 1, changed_at = $2 WHERE id = $1`, moved, storage.Micros(tx.Now))
					return err
				})
				b.StartTimer()
				began := time.Now()
				if _, err := g.register.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
				waits = append(waits, time.Since(began))
			}
			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
		})
	}
}

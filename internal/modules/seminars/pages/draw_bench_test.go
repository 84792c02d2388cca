package pages

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// BenchmarkSelection measures, with 500 applicants for 25 seats and six categories, how long
// a check takes, a draw, and telling everybody.
func BenchmarkSelection(b *testing.B) {
	for b.Loop() {
		c := storagetest.NewClock(start)
		k := newCall(b, storagetest.Open(b, c.Option()), c, 25)
		k.crowd(rand.New(rand.NewPCG(5, 1)), 500)
		rules := selection.Rules{Seats: 25, Together: selection.ByOrganisation, AtMost: 9, Quotas: []selection.Quota{
			{By: "sex", Value: "female", Min: 12, Max: 15},
			{By: "sex", Value: "male", Min: 8, Max: 13},
			{By: "age", Value: "18-24", Min: 6, Max: 9},
			{By: "age", Value: "60+", Min: 4, Max: 9},
			{By: "city", Value: "osh", Min: 6, Max: 10},
			{By: "city", Value: "bishkek", Min: 3, Max: 8},
			{By: "city", Value: "naryn", Min: 4, Max: 8},
			{By: "city", Value: "other", Min: 4, Max: 8},
			{By: "village", Value: "Кара-Суу", Min: 2, Max: 5},
			{By: "village", Value: "Жаңы-Жол", Min: 2, Max: 5},
		}}
		k.rule(rules)
		for name, f := range map[string]func(){
			"s/check": func() {
				if _, v, err := k.Chooser.Check(context.Background(), k.staff, k.a.ID, rules); err != nil || !v.Possible {
					b.Fatal(v, err)
				}
			},
			"s/draw": func() {
				if why := k.draw("", ""); why != "" {
					b.Fatal(why)
				}
			},
		} {
			began := time.Now()
			f()
			b.ReportMetric(time.Since(began).Seconds(), name)
		}
		began := time.Now()
		k.tell(k.plan(200))
		b.ReportMetric(time.Since(began).Seconds(), "s/told")
		if n := count(b, k.Module, `SELECT COUNT(*) FROM application WHERE state = 'invited'`); n != 25 {
			b.Fatal(n)
		}
		_ = storage.ID{}
	}
}

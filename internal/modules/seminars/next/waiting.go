package next

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// Few is the least number of people that is told: of fewer, which are some few names in a town,
// only that they are fewer.
const Few = 5

// Waiting is how many people asked to be told of the next activity in a city.
type Waiting struct {
	City   string // code
	Count  int    // 0 where Hidden
	Hidden bool   // they are 1 to Few - 1
}

// WaitingAt counts those who asked, of all kinds together, for the cities in which somebody
// plans, in the order of the house. Cities for which nobody asked are left out. No total is
// told: it would tell what is hidden.
func (m *Module) WaitingAt(ctx context.Context, tx *storage.Tx, actor access.Actor) (out []Waiting, err error) {
	p, err := programme.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	cities, err := m.Schedule().Cities(ctx, tx)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var city string
		var n int
		err := row.Scan(&city, &n)
		counts[city] = n
		return struct{}{}, err
	}, `SELECT city, COUNT(*)
		FROM next_wish
		GROUP BY city`); err != nil {
		return nil, err
	}
	for _, city := range cities {
		n := counts[city]
		if n == 0 || !actor.May(programme.MayPlan, access.Scope{Programme: p.ID, City: city}) {
			continue
		}
		w := Waiting{City: city, Count: n}
		if n < Few {
			w.Count, w.Hidden = 0, true
		}
		out = append(out, w)
	}
	return out, nil
}

// planning shows it to who plans.
func (m *Module) planning(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	list, err := m.WaitingAt(ctx, tx, r.Actor)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return waiting(r, list), nil
}

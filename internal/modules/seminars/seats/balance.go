package seats

import (
	"cmp"
	"slices"

	"platforma.kg/ashar/internal/spine/profile"
)

// Share is how many of a group hold a seat, and how many stand in the list,
// beside the share that the organiser wishes.
type Share struct {
	Value     string
	Held      int // seats held
	All       int // applications that are not declined or withdrawn
	Target    int // per cent of the seats
	HeldOf    int // all seats held
	HasTarget bool
}

// Percent is the share of the seats held, 0 when none is held.
func (s Share) Percent() int {
	if s.HeldOf == 0 {
		return 0
	}
	return (s.Held*100 + s.HeldOf/2) / s.HeldOf
}

// Balance is the shares of one dimension: sex, city, age or group.
type Balance struct {
	By     string
	Shares []Share
}

// Balances counts the applicants in each dimension, with those who were erased.
func Balances(lists *profile.Lists, list []Applicant, gone shells, targets Targets) []Balance {
	var out []Balance
	for _, by := range profile.Parts() {
		f, _ := profile.Counted(by)
		held, all, sum := map[string]int{}, map[string]int{}, 0
		for s, n := range gone.sums {
			switch {
			case s.by != by:
			case s.measure == sumApplied:
				all[s.value] += n
			case s.measure == sumHeld:
				held[s.value] += n
				sum += n
			}
		}
		for _, a := range list {
			if a.State == Declined || a.State == Withdrawn {
				continue
			}
			v := a.part(by)
			all[v]++
			if a.State.HoldsSeat() {
				held[v]++
				sum++
			}
		}
		for v := range targets[by] {
			all[v] += 0
		}
		values := make([]string, 0, len(all))
		for v := range all {
			if v != "" {
				values = append(values, v)
			}
		}
		slices.SortFunc(values, func(a, b string) int {
			if all[a] != all[b] && f.Open {
				return all[b] - all[a]
			}
			return cmp.Or(f.Compare(lists, a, b), cmp.Compare(a, b))
		})
		b := Balance{By: by}
		for _, v := range values {
			target, has := targets[by][v]
			b.Shares = append(b.Shares, Share{Value: v, Held: held[v], All: all[v], Target: target, HeldOf: sum, HasTarget: has})
		}
		out = append(out, b)
	}
	return out
}

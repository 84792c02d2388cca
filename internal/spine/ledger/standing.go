package ledger

import (
	"bytes"
	"cmp"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Standing gives the facts that were not taken back, in the order of Compare.
func Standing(facts []Fact) []Fact {
	var out []Fact
	for _, people := range bySubject(facts) {
		for _, list := range people {
			for _, f := range standing(list) {
				out = append(out, *f)
			}
		}
	}
	slices.SortFunc(out, Compare)
	return out
}

// standing gives those of one subject's facts of one kind that were not taken
// back, the latest day last. It depends on what the facts say alone: they may
// come in any order, and of two that say the same it does not matter which.
func standing(facts []*Fact) []*Fact {
	var stand, back []*Fact
	for _, f := range facts {
		if f.Value < 0 {
			back = append(back, f)
		} else {
			stand = append(stand, f)
		}
	}
	byContent := func(a, b *Fact) int { return Compare(*a, *b) }
	slices.SortFunc(stand, byContent)
	slices.SortFunc(back, byContent)
	// First each takes back the fact that has its profile; the rest, which has
	// none, takes any of its activity and day.
	for _, same := range []bool{true, false} {
		back = slices.DeleteFunc(back, func(b *Fact) bool {
			for i := len(stand) - 1; i >= 0; i-- {
				f := stand[i]
				if f.Activity == b.Activity && f.Day == b.Day && (!same || f.Profile == b.Profile) {
					stand = slices.Delete(stand, i, i+1)
					return true
				}
			}
			return false
		})
	}
	return stand
}

func compareIDs(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) }

func compareProfiles(a, b Profile) int {
	return cmp.Or(
		cmp.Compare(a.Sex, b.Sex),
		cmp.Compare(a.AgeBand, b.AgeBand),
		cmp.Compare(a.City, b.City),
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Level, b.Level),
	)
}

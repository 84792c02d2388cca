package lottery

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
)

// Reserve gives the order in which people who were not selected come next, by the public
// seed of the draw: ascending by SHA-256 of the seed, a line feed, "reserve", a line feed
// and the id. Each order of them is equally likely; how often somebody is in a quota has no
// influence. Nobody's place depends on who else is in the list.
func Reserve(seed string, ids []string) []string {
	parties := make([][]string, len(ids))
	for i, id := range ids {
		parties[i] = []string{id}
	}
	return ReserveParties(seed, parties)
}

// ReserveParties is Reserve for parties that come only together: each stands where the
// first of its ids stands, and the others right behind it, in their order. So a party has
// the place of one person, and no better one for being more.
func ReserveParties(seed string, parties [][]string) []string {
	type placed struct {
		ids []string
		sum [sha256.Size]byte
	}
	var list []placed
	for _, ids := range parties {
		if len(ids) > 0 {
			ids = slices.Sorted(slices.Values(ids))
			list = append(list, placed{ids, sha256.Sum256([]byte(seed + "\nreserve\n" + ids[0]))})
		}
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.ids[0], b.ids[0]))
	})
	out := make([]string, 0, len(list))
	for _, p := range list {
		out = append(out, p.ids...)
	}
	return out
}

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
	type placed struct {
		id  string
		sum [sha256.Size]byte
	}
	list := make([]placed, len(ids))
	for i, id := range ids {
		list[i] = placed{id, sha256.Sum256([]byte(seed + "\nreserve\n" + id))}
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.id, b.id))
	})
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.id
	}
	return out
}

package results

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// numbered is a fact as a list shows it: Number stands in the place of the subject.
type numbered struct {
	ledger.Fact
	Number int
}

// renumber gives the subjects of a list the numbers 1 to n, so that two lists
// cannot be joined by them, and orders the list by them, since an order by
// subject would be that of every other list. Which number falls to whom is told
// by a keyed hash whose key is the question and all who are in the list: the
// same on every page of it and on every replica, another as soon as somebody
// comes or goes.
func renumber(q question, facts []ledger.Fact) []numbered {
	numbers := map[storage.ID]int{}
	for _, f := range facts {
		numbers[f.Subject] = 0
	}
	subjects := slices.SortedFunc(maps.Keys(numbers), func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	all := sha256.New()
	all.Write([]byte(q.path("", "count", q.Count, "by", q.By, "value", q.Value)))
	for _, id := range subjects {
		all.Write(id[:])
	}
	key, place := all.Sum(nil), map[storage.ID][]byte{}
	for _, id := range subjects {
		mac := hmac.New(sha256.New, key)
		mac.Write(id[:])
		place[id] = mac.Sum(nil)
	}
	slices.SortFunc(subjects, func(a, b storage.ID) int { return bytes.Compare(place[a], place[b]) })
	for i, id := range subjects {
		numbers[id] = i + 1
	}
	list := make([]numbered, len(facts))
	for i, f := range facts {
		list[i] = numbered{f, numbers[f.Subject]}
		list[i].Subject = storage.ID{}
	}
	slices.SortFunc(list, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), bytes.Compare(a.Activity[:], b.Activity[:]), a.Number-b.Number, ledger.Compare(a.Fact, b.Fact))
	})
	return list
}

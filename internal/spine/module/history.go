package module

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// History is one kind of what happened to a person, as staff read it on her page: her
// applications, her messages. It tells who asks only what she may read elsewhere too.
type History struct {
	Kind  string // of the address of the filter, unique in the house: "messages"
	Order int    // its place among the filters, the smallest first; listed in docs/new-module.md
	Text  string // key of the filter: "Messages"
	// Apart keeps it out of what stands together: it is told under its own filter alone.
	Apart bool
	// Count counts all that Tell would tell in the end.
	Count func(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (int, error)
	// Tell gives the newest of what lies before a point, at most p.Most, the newest first;
	// those of one moment by their ids, the greatest first.
	Tell func(ctx context.Context, tx *storage.Tx, r *web.Request, p Past) ([]Happening, error)
}

// Happening is one event of a person; its id tells it from others of its kind and moment.
type Happening struct {
	ID storage.ID
	kit.Event
}

// Past is what is asked of a History: what happened to a person before At, and at At with an
// id below Below. A query reads (at < $1 OR at = $1 AND id < $2).
type Past struct {
	Person storage.ID
	At     int64 // microseconds
	Below  storage.ID
	Most   int
}

// Holds reports whether something that happened lies in it, for who reads no query.
func (p Past) Holds(h Happening) bool {
	at := storage.Micros(h.At)
	return at < p.At || at == p.At && bytes.Compare(h.ID[:], p.Below[:]) < 0
}

// Newest orders events as Tell gives them, leaves out those that do not lie in what is asked
// for, and gives no more than is asked for.
func (p Past) Newest(list []Happening) []Happening {
	list = slices.DeleteFunc(list, func(h Happening) bool { return !p.Holds(h) })
	slices.SortStableFunc(list, func(a, b Happening) int {
		return cmp.Or(b.At.Compare(a.At), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return list[:min(len(list), p.Most)]
}

// Story is a page of what happened to a person.
type Story struct {
	Events  []kit.Event // the newest first
	Kinds   []StoryKind // that there are, in their order
	All     int         // of all kinds that stand together
	Earlier string      // the cursor of the page behind this one; empty for none
}

// StoryKind is a filter of a story.
type StoryKind struct {
	Kind, Text string
	Count      int
	Apart      bool
}

var lastID = storage.ID(bytes.Repeat([]byte{0xff}, len(storage.ID{})))

// Story tells what happened to a person, as far as who asks may read it: of one kind, or of
// all that stand together when kind is none of them. before is a cursor; one that cannot be
// read begins with the newest. Each kind is asked for no more than a page holds.
func (h *House) Story(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID, kind, before string, most int) (out Story, err error) {
	at, order, id := readCursor(before)
	list := h.histories()
	one := slices.ContainsFunc(list, func(k History) bool { return k.Kind == kind })
	type told struct {
		Happening
		order int
	}
	var all []told
	for _, k := range list {
		count, err := k.Count(ctx, tx, r, person)
		if err != nil {
			return out, err
		}
		if !k.Apart {
			out.All += count
		}
		if count > 0 || k.Kind == kind {
			out.Kinds = append(out.Kinds, StoryKind{k.Kind, k.Text, count, k.Apart})
		}
		if count == 0 || one && k.Kind != kind || !one && k.Apart {
			continue
		}
		p := Past{Person: person, At: at, Below: id, Most: most + 1}
		switch { // those of one moment stand in the order of their kinds
		case k.Order < order:
			p.Below = storage.ID{}
		case k.Order > order:
			p.Below = lastID
		}
		events, err := k.Tell(ctx, tx, r, p)
		if err != nil {
			return out, err
		}
		for _, e := range events {
			all = append(all, told{e, k.Order})
		}
	}
	slices.SortStableFunc(all, func(a, b told) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.order, b.order), bytes.Compare(b.ID[:], a.ID[:]))
	})
	if len(all) > most {
		all = all[:most]
		last := all[most-1]
		out.Earlier = writeCursor(storage.Micros(last.At), last.order, last.ID)
	}
	for _, e := range all {
		out.Events = append(out.Events, e.Event)
	}
	return out, nil
}

// histories are the kinds of what happened, of all manifests, in their order.
func (h *House) histories() (out []History) {
	for _, m := range h.list {
		out = append(out, m.History...)
	}
	slices.SortFunc(out, func(a, b History) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// Attention gives what is wrong with a person now, of all modules, as far as who asks may know.
func (h *House) Attention(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (out []Attention, err error) {
	for _, m := range h.list {
		if m.Attention == nil {
			continue
		}
		list, err := m.Attention(ctx, tx, r, person)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// Attention is something that is wrong with a person now, and the page on which it is mended.
type Attention struct {
	Words string
	Bad   bool // she misses something; else it can wait
	More  kit.Link
}

func writeCursor(at int64, order int, id storage.ID) string {
	return strconv.FormatInt(at, 36) + "." + strconv.Itoa(order) + "." + hex.EncodeToString(id[:])
}

func readCursor(s string) (at int64, order int, id storage.ID) {
	first, rest, _ := strings.Cut(s, ".")
	second, third, _ := strings.Cut(rest, ".")
	at, errAt := strconv.ParseInt(first, 36, 64)
	order, errOrder := strconv.Atoi(second)
	raw, errID := hex.DecodeString(third) // also of all noughts, which is no id of a row
	if errAt != nil || errOrder != nil || errID != nil || len(raw) != len(id) {
		return math.MaxInt64, 0, storage.ID{}
	}
	copy(id[:], raw)
	return at, order, id
}

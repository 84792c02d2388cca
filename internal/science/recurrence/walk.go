package recurrence

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// place is an occurrence on its way through a set.
type place struct {
	instant  int // where it starts
	id       int // where it would start
	reading  int // of id, in the zone of the start
	duration Duration
	override int
}

// walk is one way through a set. Occurrences that keep their place, or that move
// with a range, come in streams; single changed ones are found before.
type walk struct {
	set     *Set
	clock   clock
	except  map[int]bool // instants
	days    map[int]bool // days on the clock of the start
	single  map[int]int  // instants of ids, and their override
	ranges  []int        // overrides that change all that follows, by id
	added   []place      // start, dates and periods
	ruleset []Rule
	marks   []marks // by rule
}

func newWalk(s *Set) *walk {
	w := &walk{set: s, except: map[int]bool{}, days: map[int]bool{}, single: map[int]int{}, ruleset: s.Rules, marks: make([]marks, len(s.Rules))}
	w.clock.zone = s.Start.zone
	if w.clock.zone == nil {
		w.clock.zone = time.UTC
	}
	for _, m := range s.Except {
		if m.date && !s.Start.date {
			w.days[floorDiv(m.reading, secondsPerDay)] = true
		} else {
			w.except[w.at(m)] = true
		}
	}
	for i, o := range s.Overrides {
		if o.Following {
			w.ranges = append(w.ranges, i)
		} else {
			w.single[w.at(o.ID)] = i // the last one counts
		}
	}
	slices.SortStableFunc(w.ranges, func(a, b int) int {
		return cmp.Compare(w.at(s.Overrides[a].ID), w.at(s.Overrides[b].ID))
	})
	add := func(m Moment, d Duration) {
		at := w.at(m)
		w.added = append(w.added, place{instant: at, id: at, reading: w.reading(m, at), duration: d, override: -1})
	}
	for _, p := range s.Periods { // first, so that its duration wins over the same date without
		add(p.Start, p.Duration)
	}
	if !s.OmitStart {
		add(s.Start, s.Duration)
	}
	for _, m := range s.Dates {
		add(m, s.Duration)
	}
	slices.SortStableFunc(w.added, func(a, b place) int { return cmp.Compare(a.id, b.id) })
	return w
}

// at gives the instant of a moment.
func (w *walk) at(m Moment) int { return int(m.Time().Unix()) }

// reading gives what the clock of the start shows at a moment.
func (w *walk) reading(m Moment, at int) int {
	if m.zone == nil || m.zone == w.set.Start.zone {
		return m.reading
	}
	_, offset := time.Unix(int64(at), 0).In(w.clock.zone).Zone()
	return at + offset
}

// base gives the set without overrides from one instant to another, by id.
func (w *walk) base(from, to int) iter.Seq[place] {
	var streams []iter.Seq[place]
	for i, r := range w.ruleset {
		streams = append(streams, func(yield func(place) bool) {
			e := r.expand(w.set.Start, from, to)
			w.marks[i].use(e)
			e.each(func(reading, instant int) bool {
				if day := floorDiv(reading, secondsPerDay); w.days[day] {
					e.plan.from = max(e.plan.from, (day+1)*secondsPerDay) // nothing of that day is in the set
					return true
				}
				return yield(place{instant: instant, id: instant, reading: reading, duration: w.set.Duration, override: -1})
			})
		})
	}
	return func(yield func(place) bool) {
		last := -never
		for p := range mixed(w.added, merge(streams)) {
			if p.id > to {
				return
			}
			if p.id == last || p.id < from {
				continue
			}
			last = p.id
			if w.except[p.id] || w.days[floorDiv(p.reading, secondsPerDay)] {
				continue
			}
			if !yield(p) {
				return
			}
		}
	}
}

// span is where the ids of a part lie, and how far the part moves on the clock.
type span struct{ from, to, shift int }

// spans gives the parts between the ranges, moved as the first of them says; part
// 0 lies before all ranges. What starts before first may be missing.
func (w *walk) spans(first int) []span {
	spans := make([]span, len(w.ranges)+1)
	for i := range spans {
		s := span{-never, never, 0}
		if i > 0 {
			o := w.set.Overrides[w.ranges[i-1]]
			s.from = w.at(o.ID)
			s.shift = w.reading(o.Start, w.at(o.Start)) - w.reading(o.ID, s.from)
		}
		if i < len(w.ranges) {
			s.to = w.at(w.set.Overrides[w.ranges[i]].ID) - 1
		}
		s.from = max(s.from, first-s.shift-2*secondsPerDay)
		spans[i] = s
	}
	return spans
}

// part gives the stream of a part.
func (w *walk) part(i int, s span) iter.Seq[place] {
	return func(yield func(place) bool) {
		c := w.clock
		var moved []place
		flush := func(before int) bool {
			for len(moved) > 0 && moved[0].instant < before {
				p := moved[0]
				moved = moved[1:]
				if !yield(p) {
					return false
				}
			}
			return true
		}
		for p := range w.base(s.from, s.to) {
			if _, changed := w.single[p.id]; changed {
				continue
			}
			if i > 0 {
				p.override = w.ranges[i-1]
				p.duration = w.set.Overrides[p.override].Duration
				var skipped bool
				if p.instant, skipped = c.instant(p.reading + s.shift); skipped {
					moved = append(moved, p)
					continue
				}
			}
			if !flush(p.instant) || !yield(p) {
				return
			}
		}
		flush(never)
	}
}

// singles gives the occurrences that are changed one by one.
func (w *walk) singles(first int) []place {
	ids := make([]int, 0, len(w.single))
	for id, i := range w.single {
		if w.at(w.set.Overrides[i].Start) >= first {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	found := w.among(ids)
	for i, p := range found {
		o := w.set.Overrides[w.single[p.id]]
		found[i].instant, found[i].duration, found[i].override = w.at(o.Start), o.Duration, w.single[p.id]
	}
	slices.SortStableFunc(found, func(a, b place) int { return cmp.Compare(a.instant, b.instant) })
	return found
}

// among gives those of the ids, which ascend, that are in the set, in one way
// through it.
func (w *walk) among(ids []int) (found []place) {
	there := make(map[int]place, len(ids))
	for _, p := range slices.Backward(w.added) { // the first one counts
		there[p.id] = p
	}
	for _, r := range w.ruleset {
		rest := ids
		e := r.expand(w.set.Start, ids[0], ids[len(ids)-1])
		e.each(func(reading, instant int) bool {
			n, hit := slices.BinarySearch(rest, instant)
			if _, known := there[instant]; hit && !known {
				there[instant] = place{instant: instant, id: instant, reading: reading, duration: w.set.Duration, override: -1}
			}
			if rest = rest[n:]; hit {
				rest = rest[1:]
			}
			if len(rest) > 0 {
				e.skip(rest[0])
			}
			return len(rest) > 0
		})
	}
	for _, id := range ids {
		if p, ok := there[id]; ok && !w.except[id] && !w.days[floorDiv(p.reading, secondsPerDay)] {
			found = append(found, p)
		}
	}
	return found
}

// occurrence gives a place its form for the outside.
func (w *walk) occurrence(p place) Occurrence {
	start := w.set.Start
	begin := time.Unix(int64(p.instant), 0).In(w.clock.zone)
	if p.override >= 0 {
		if o := w.set.Overrides[p.override]; !o.Following && o.Start.zone != nil {
			begin = begin.In(o.Start.zone)
		}
	}
	end := begin
	if p.duration.Days != 0 {
		m := MomentOf(begin)
		m.reading += p.duration.Days * secondsPerDay
		end = m.Time()
	}
	return Occurrence{
		ID:       Moment{reading: p.reading, date: start.date, set: true, zone: start.zone},
		Start:    begin,
		End:      end.Add(p.duration.Time),
		Override: p.override,
	}
}

// mixed walks through a list and a sequence, which both ascend by instant, as
// one. Of equal places the one of the list comes first.
func mixed(list []place, seq iter.Seq[place]) iter.Seq[place] {
	if len(list) == 0 {
		return seq
	}
	return func(yield func(place) bool) {
		rest := list
		for p := range seq {
			for len(rest) > 0 && rest[0].instant <= p.instant {
				if !yield(rest[0]) {
					return
				}
				rest = rest[1:]
			}
			if !yield(p) {
				return
			}
		}
		for _, p := range rest {
			if !yield(p) {
				return
			}
		}
	}
}

// merge walks through sequences that ascend by instant as one. Of equal places
// the one of the earlier sequence comes first.
func merge(streams []iter.Seq[place]) iter.Seq[place] {
	if len(streams) == 1 {
		return streams[0]
	}
	return func(yield func(place) bool) {
		type head struct {
			place
			next func() (place, bool)
		}
		var heads []head
		for _, s := range streams {
			next, stop := iter.Pull(s)
			defer stop()
			if p, ok := next(); ok {
				heads = append(heads, head{p, next})
			}
		}
		for len(heads) > 0 {
			least := 0
			for i := range heads {
				if heads[i].instant < heads[least].instant {
					least = i
				}
			}
			if !yield(heads[least].place) {
				return
			}
			if p, ok := heads[least].next(); ok {
				heads[least].place = p
			} else {
				heads = slices.Delete(heads, least, least+1)
			}
		}
	}
}

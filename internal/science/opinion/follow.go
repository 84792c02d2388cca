package opinion

import "slices"

// Options of a Snapshot. The zero value is what is meant to be used.
type Options struct {
	Seed      uint64
	Resamples int                   // of stability; 0 means 100, or 50 of more than 3,000 people
	Progress  func(done, total int) // may be nil; called by one goroutine at a time
}

// Snapshot draws the map from nothing but the votes: the same votes give the
// same map, bit by bit, whatever the order in which they came, however people
// and statements are numbered, on any number of cores.
func (m *Map) Snapshot(options Options) *Snapshot {
	if options.Resamples <= 0 {
		if options.Resamples = resamples; len(m.rows) > maxResampled {
			options.Resamples = resamplesOfLarge
		}
	}
	progress := newProgress(options.Progress, options.Resamples+shuffles+1)
	s := m.place(nil, exact)
	s.GroupedAt = m.votes
	c := newCloud(s.places, s.InConversation, once)
	g := c.group(len(m.rows), options.Seed)
	progress.step()
	if g == nil {
		s.Doubt = FewPeople
		if len(c.people) >= fewestGrouped {
			s.Doubt = NoPattern
		}
		m.describe(s, ungrouped(len(m.rows)), 0)
		return s
	}
	lots := newLottery(s.plane, options.Seed)
	s.Doubt = c.doubt(g, lots.pattern(m, progress.step))
	s.Stability = lots.stability(m, s, g, options.Resamples, progress.step)
	if s.Doubt == NoDoubt && s.Stability < gateOf(len(c.people)).stability {
		s.Doubt = Unstable
	}
	s.Clear = s.Doubt == NoDoubt
	s.candidate = g
	if s.Clear {
		m.describe(s, g.groupOf, g.k)
	} else {
		m.describe(s, ungrouped(len(m.rows)), 0)
	}
	return s
}

// Follow draws the map after a few more votes, near an earlier one. Places,
// statistics and lists are those of all votes. Groups are the earlier ones,
// with people moved to the nearer centre until none moves; whether they are
// clear, and how stable, is as it was then (GroupedAt tells when). So a page
// can show each vote at once, and groups keep their numbers.
//
// The first call on a map makes the sums of pairs ready; from then on a vote
// keeps them.
func (m *Map) Follow(last *Snapshot) *Snapshot {
	if m.sums == nil && len(m.status) <= covoteLimit {
		m.sums = sumPairs(m.rows, len(m.status))
	}
	near := *last.plane
	for c := range near.components {
		near.components[c] = slices.Concat(near.components[c], make([]float64, len(m.status)-len(near.components[c])))
	}
	near.order, near.colours = slices.Clone(near.order), slices.Clone(near.colours)
	for j := len(near.order); j < len(m.status); j++ {
		near.order, near.colours = append(near.order, j), append(near.colours, mix(uint64(j)))
	}
	wanted := exact
	wanted.components = dimensions(last.K)
	s := m.place(&near, wanted)
	s.Clear, s.Doubt, s.Stability, s.GroupedAt = last.Clear, last.Doubt, last.Stability, last.GroupedAt
	s.candidate = last.candidate
	groupOf := ungrouped(len(m.rows))
	if last.K > 0 {
		m.regroup(s, last, groupOf)
	}
	s.tally = m.recount(last, groupOf)
	m.describe(s, groupOf, last.K)
	return s
}

// regroup starts from where the members of the earlier groups are now.
func (m *Map) regroup(s, last *Snapshot, groupOf []int) {
	var people []int
	var points []place
	centres, members := make([]place, last.K), make([]float64, last.K)
	for i, in := range s.InConversation {
		if !in {
			continue
		}
		people = append(people, i)
		points = append(points, s.places[i])
		if i < len(last.GroupOf) && last.GroupOf[i] >= 0 {
			g := last.GroupOf[i]
			members[g]++
			for c, x := range s.places[i] {
				centres[g][c] += x
			}
		}
	}
	for g := range centres {
		for c := range centres[g] {
			centres[g][c] /= max(1, members[g])
		}
	}
	p := lloyd(points, ones(len(points)), centres, 10)
	for at, i := range people {
		groupOf[i] = p.labels[at]
	}
}

func ungrouped(people int) []int {
	list := make([]int, people)
	for i := range list {
		list[i] = -1
	}
	return list
}

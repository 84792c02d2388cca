package opinion

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Snapshot is the opinion map at one moment. Slices are in the order of the
// numbers of people and statements; a caller does not write to them.
type Snapshot struct {
	People, Statements, Votes int

	Centre         []float64    // mean vote on each statement
	Components     [2][]float64 // two directions in which people differ most; unit length
	Eigenvalues    [2]float64   // variance along them
	Extremity      []float64    // of each statement: how far apart it sets people
	Projections    []Point      // place of each person
	Uncertainty    []Covariance // of each place, had other statements been seen
	InConversation []bool       // voted enough to be grouped

	Clear     bool    // there are groups, and they would be found again
	Doubt     Doubt   // why not, when not
	Stability float64 // median adjusted Rand index after dropping 5 % of the votes; NaN when groups were given
	GroupedAt int     // how many votes there were when groups were last looked for
	K         int     // number of groups; 0 when they are not clear
	GroupOf   []int   // group of each person, -1 for none
	Groups    []Group

	GroupAwareConsensus []float64 // of each statement; of everybody in the conversation when there are no groups
	Priority            []float64 // of each statement: how much to ask it next
	ConsensusAgree      []int     // statements, at most five, strongest first
	ConsensusDisagree   []int

	plane     *plane
	places    []place
	candidate *grouping // found, shown or not
	tally     tally     // votes of the groups
	changes   int       // of the map when they were counted
}

// A Group is people who vote alike. Zeroed statements count as passed by all.
type Group struct {
	Members        []int
	Centre         Point
	Standings      []Standing // of each statement
	Representative []Representative
}

// Describe gives the map with groups that are known: the group of each person,
// numbered from 0, or -1.
func (m *Map) Describe(groupOf []int) (*Snapshot, error) {
	if len(groupOf) != len(m.rows) {
		return nil, fmt.Errorf("opinion: groups of %d people for a map of %d", len(groupOf), len(m.rows))
	}
	k := 0
	for i, g := range groupOf {
		if g < -1 || g >= len(m.rows) {
			return nil, fmt.Errorf("opinion: group %d of person %d; a group is -1 to %d", g, i, len(m.rows)-1)
		}
		k = max(k, g+1)
	}
	if k > maxGiven {
		return nil, fmt.Errorf("opinion: %d groups; at most %d are described", k, maxGiven)
	}
	s := m.place(nil, exact)
	s.Clear, s.Stability, s.GroupedAt = k > 0, math.NaN(), m.votes
	m.describe(s, groupOf, k)
	return s, nil
}

// maxGiven is the largest number of groups that Describe takes.
const maxGiven = 100

// place computes all that does not depend on groups.
func (m *Map) place(near *plane, wanted precision) *Snapshot {
	p := m.plane(near, wanted)
	s := &Snapshot{
		People: len(m.rows), Statements: len(m.status), Votes: m.votes,
		Centre: p.centre, Components: [2][]float64{p.components[0], p.components[1]},
		Extremity: m.extremity(p), InConversation: m.inConversation(p.people),
		plane: p,
	}
	for c := range s.Eigenvalues {
		s.Eigenvalues[c] = p.eigenvalues[c] / float64(max(1, len(m.rows)-1))
	}
	s.places, s.Uncertainty = m.project(p)
	s.Projections = make([]Point, len(s.places))
	for i, at := range s.places {
		s.Projections[i] = at.point()
	}
	all := m.zeroedCounts(m.counts, len(m.rows))
	s.ConsensusAgree, s.ConsensusDisagree = consensus(all, 0), consensus(all, 1)
	return s
}

// zeroedCounts replaces the counts of zeroed statements: people passed, all of
// them.
func (m *Map) zeroedCounts(counts []Count, people int) []Count {
	zeroed := slices.Clone(counts)
	for j, status := range m.status {
		if status.zeroed() {
			zeroed[j] = Count{Seen: people}
		}
	}
	return zeroed
}

// The least number of votes of a person who is grouped, and the least number
// of people who are.
const (
	enoughVotes  = 7
	enoughPeople = 15
)

// inConversation tells who voted enough: on seven statements (on all, where
// there are fewer). If those are fewer than fifteen, the most active others
// are added.
func (m *Map) inConversation(colours []uint64) []bool {
	in := make([]bool, len(m.rows))
	least, n := min(enoughVotes, len(m.status)), 0
	var rest []int
	for i, row := range m.rows {
		if len(row) >= least {
			in[i] = true
			n++
		} else {
			rest = append(rest, i)
		}
	}
	if n >= enoughPeople {
		return in
	}
	slices.SortFunc(rest, func(a, b int) int {
		order := cmp.Compare(len(m.rows[b]), len(m.rows[a]))
		if colours != nil {
			order = cmp.Or(order, cmp.Compare(colours[a], colours[b]))
		}
		return cmp.Or(order, cmp.Compare(a, b))
	})
	for _, i := range rest[:min(len(rest), enoughPeople-n)] {
		in[i] = true
	}
	return in
}

// describe fills in all that depends on groups.
func (m *Map) describe(s *Snapshot, groupOf []int, k int) {
	s.K, s.GroupOf = k, groupOf
	s.Groups = make([]Group, k)
	if s.tally == nil {
		s.tally = m.countGroups(groupOf, k)
	}
	s.changes = m.changes
	raw := s.tally.counts()
	for i, g := range groupOf {
		if g >= 0 {
			s.Groups[g].Members = append(s.Groups[g].Members, i)
		}
	}
	inR := make([][]Count, k)
	everybody := make([]Count, len(m.status))
	for g := range s.Groups {
		inR[g] = m.zeroedCounts(raw[g], len(s.Groups[g].Members))
		for j, c := range inR[g] {
			everybody[j].Agree += c.Agree
			everybody[j].Disagree += c.Disagree
			everybody[j].Seen += c.Seen
		}
	}
	for g := range s.Groups {
		group := &s.Groups[g]
		group.Centre = centroid(s.Projections, group.Members)
		group.Standings = make([]Standing, len(m.status))
		for j, own := range inR[g] {
			group.Standings[j] = Compare(own, everybody[j].minus(own))
		}
		group.Representative = representatives(group.Standings, m.status)
	}
	if k == 0 {
		one := make([]int, len(m.rows))
		for i, in := range s.InConversation {
			if !in {
				one[i] = -1
			}
		}
		raw = m.countGroups(one, 1).counts()
	}
	s.GroupAwareConsensus = make([]float64, len(m.status))
	s.Priority = make([]float64, len(m.status))
	for j := range m.status {
		var total Count
		for _, counts := range raw {
			total.Agree += counts[j].Agree
			total.Disagree += counts[j].Disagree
			total.Seen += counts[j].Seen
		}
		s.GroupAwareConsensus[j] = groupAware(raw, j)
		s.Priority[j] = priority(total, s.Extremity[j], m.status[j])
	}
}

// centroid adds up in whole numbers, so the order of members is of no
// consequence.
func centroid(points []Point, members []int) Point {
	if len(members) == 0 {
		return Point{}
	}
	var x, y int64
	for _, i := range members {
		x += int64(math.RoundToEven(math.Ldexp(points[i].X, 30)))
		y += int64(math.RoundToEven(math.Ldexp(points[i].Y, 30)))
	}
	n := float64(len(members))
	return Point{math.Ldexp(float64(x), -30) / n, math.Ldexp(float64(y), -30) / n}
}

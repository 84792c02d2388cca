package opinion_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

// picture is all of a snapshot, people and statements under the numbers that
// they had before they were shuffled.
//
// Lists are left out where statements have other numbers: they go by them.
func picture(s *opinion.Snapshot, people, statements []int, lists bool) string {
	person, statement := func(i int) int { return i }, func(j int) int { return j }
	if people != nil {
		person = func(i int) int { return people[i] }
		statement = func(j int) int { return statements[j] }
	}
	lines := []string{fmt.Sprintf("%v %q %b %d %b", s.Clear, s.Doubt, s.Stability, s.K, s.Eigenvalues)}
	for i := range s.People {
		p, u := s.Projections[i], s.Uncertainty[i]
		lines = append(lines, fmt.Sprintf("person %05d: %b %b %b %b %b %v %d", person(i), p.X, p.Y, u.XX, u.XY, u.YY, s.InConversation[i], s.GroupOf[i]))
	}
	for j := range s.Statements {
		line := fmt.Sprintf("statement %05d: %b %b %b %b %b %b", statement(j), s.Centre[j], s.Components[0][j], s.Components[1][j],
			s.Extremity[j], s.GroupAwareConsensus[j], s.Priority[j])
		for _, g := range s.Groups {
			line += fmt.Sprintf(" %v", g.Standings[j])
		}
		lines = append(lines, line)
	}
	slices.Sort(lines[1:])
	for _, g := range s.Groups {
		if !lists {
			break
		}
		line := fmt.Sprintf("group of %d, centre %b %b:", len(g.Members), g.Centre.X, g.Centre.Y)
		for _, r := range g.Representative {
			line += fmt.Sprintf(" %d %v %b %v;", statement(r.Statement), r.Agrees, r.RepnessTest, r.BestAgree)
		}
		lines = append(lines, line)
	}
	return fmt.Sprint(lines)
}

// shuffled is the same conversation with people and statements numbered anew
// and votes cast in another order.
func (c conversation) shuffled(t *testing.T, random *rand.Rand, columns bool) (m *opinion.Map, people, statements []int) {
	people, statements = random.Perm(len(c.people)), random.Perm(len(c.statements))
	if !columns {
		slices.Sort(statements)
	}
	newPerson, newStatement := make([]int, len(people)), make([]int, len(statements))
	for i, old := range people {
		newPerson[old] = i
	}
	d := conversation{people: c.people, statements: c.statements, status: make([]opinion.Status, len(c.status))}
	for j, old := range statements {
		newStatement[old] = j
		d.status[j] = c.status[old]
	}
	for _, b := range c.ballots {
		d.ballots = append(d.ballots, ballot{newPerson[b.person], newStatement[b.statement], b.vote})
	}
	random.Shuffle(len(d.ballots), func(a, b int) { d.ballots[a], d.ballots[b] = d.ballots[b], d.ballots[a] })
	return d.opinions(t), people, statements
}

func TestTheMapIsTheSameBitByBitInAnyOrderOnAnyNumberOfCores(t *testing.T) { //nolint:paralleltest // sets GOMAXPROCS
	names := conversations
	if testing.Short() { // make check, every few minutes
		names = conversations[:1]
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	options := opinion.Options{Seed: 1, Resamples: 2}
	for _, name := range names {
		c := read(t, name)
		s := c.opinions(t).Snapshot(options)
		want := map[bool]string{false: picture(s, nil, nil, true), true: picture(s, nil, nil, false)}
		for round := range uint64(20) {
			runtime.GOMAXPROCS(1 + int(round)%2)
			// Lists follow the numbers of statements; without them, those may change too.
			columns := round%4 > 1
			m, people, statements := c.shuffled(t, rand.New(rand.NewPCG(round, 4)), columns)
			if got, want := picture(m.Snapshot(options), people, statements, !columns), want[columns]; got != want {
				t.Fatalf("%s, order %d: another map%s", name, round, firstDifference(got, want))
			}
		}
	}
}

func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := max(0, i-200)
			return fmt.Sprintf(":\n%s\nnot\n%s", a[from:min(len(a), i+200)], b[from:min(len(b), i+200)])
		}
	}
	return ""
}

func TestConversationsOfManyStatementsAreTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	c := conversation{people: make([]int, 300), statements: make([]int, 2500), status: make([]opinion.Status, 2500)}
	for i := range c.people {
		for range 40 {
			j := random.IntN(len(c.statements))
			v := opinion.Vote(1 - 2*((i+j)%2))
			if random.IntN(4) == 0 {
				v = opinion.Pass
			}
			if !slices.ContainsFunc(c.ballots[max(0, len(c.ballots)-40):], func(b ballot) bool { return b.person == i && b.statement == j }) {
				c.ballots = append(c.ballots, ballot{i, j, v})
			}
		}
	}
	options := opinion.Options{Resamples: 2}
	s := c.opinions(t).Snapshot(options)
	want := picture(s, nil, nil, false)
	for round := range uint64(4) {
		m, people, statements := c.shuffled(t, rand.New(rand.NewPCG(round, 4)), true)
		if got := picture(m.Snapshot(options), people, statements, false); got != want {
			t.Fatalf("order %d: another map%s", round, firstDifference(got, want))
		}
	}
	groups := make([]int, len(c.people))
	for i := range groups {
		groups[i] = i % 2
	}
	if a := opinion.AdjustedRand(s.GroupOf, groups); !s.Clear || a < 0.95 {
		t.Errorf("the two groups are found by %.3f, %s", a, s.Doubt)
	}
}

func TestFollowingVoteByVoteGivesTheStatisticsOfTheWhole(t *testing.T) {
	t.Parallel()
	c := read(t, "scoop-hivemind.taxes")
	random := rand.New(rand.NewPCG(3, 4))
	random.Shuffle(len(c.ballots), func(a, b int) { c.ballots[a], c.ballots[b] = c.ballots[b], c.ballots[a] })
	late := c.ballots[len(c.ballots)-400:]
	early := c
	early.ballots = c.ballots[:len(c.ballots)-400]
	m := early.opinions(t)
	s := m.Snapshot(opinion.Options{Resamples: 5})
	for n, b := range late {
		if n%3 == 0 { // first another vote, then the right one
			if err := m.Vote(b.person, b.statement, -b.vote); err != nil {
				t.Fatal(err)
			}
		}
		if n%40 == 0 {
			if err := m.Moderate(b.statement, opinion.Out); err != nil {
				t.Fatal(err)
			}
			s = m.Follow(s)
			if err := m.Moderate(b.statement, c.status[b.statement]); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Vote(b.person, b.statement, b.vote); err != nil {
			t.Fatal(err)
		}
		if n%40 == 39 {
			s = m.Follow(s)
		}
	}
	s = m.Follow(s)
	whole, err := c.opinions(t).Describe(s.GroupOf)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, a, b []float64) {
		t.Helper()
		if d := apart(a, b); !(d < 1e-9) {
			t.Errorf("%s: %g apart", what, d)
		}
	}
	near("centre", s.Centre, whole.Centre)
	near("component 1", s.Components[0], whole.Components[0])
	near("component 2", s.Components[1], whole.Components[1])
	near("extremity", s.Extremity, whole.Extremity)
	near("consensus", s.GroupAwareConsensus, whole.GroupAwareConsensus)
	near("priority", s.Priority, whole.Priority)
	for i, p := range s.Projections {
		if math.Hypot(p.X-whole.Projections[i].X, p.Y-whole.Projections[i].Y) > 1e-9 {
			t.Fatalf("person %d is at %v, not %v", i, p, whole.Projections[i])
		}
	}
	if got, want := fmt.Sprint(s.ConsensusAgree, s.ConsensusDisagree), fmt.Sprint(whole.ConsensusAgree, whole.ConsensusDisagree); got != want {
		t.Errorf("consensus %s, not %s", got, want)
	}
	if a := opinion.AdjustedRand(s.GroupOf, c.published); a < 0.85 {
		t.Errorf("groups that were followed agree with the published ones by %.3f", a)
	}
}

func TestVotesOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	m, _ := opinion.New(2, 2)
	for _, err := range []error{
		m.Vote(0, 0, 2), m.Vote(-1, 0, 1), m.Vote(0, -1, 1), m.Vote(opinion.MaxPeople, 0, 1), m.Vote(0, opinion.MaxStatements, 1),
		m.Moderate(-1, opinion.Out), m.Moderate(0, 9), m.Grow(-1, 0), m.Grow(0, opinion.MaxStatements+1),
	} {
		if err == nil {
			t.Error("something was not refused")
		} else {
			t.Log(err)
		}
	}
	if _, err := m.Describe([]int{0}); err == nil {
		t.Error("groups of too few people were not refused")
	}
	if _, err := m.Describe([]int{0, -2}); err == nil {
		t.Error("group -2 was not refused")
	}
}

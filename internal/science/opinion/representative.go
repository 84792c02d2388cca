package opinion

import (
	"cmp"
	"slices"
)

// listed is how many statements a list holds at most.
const listed = 5

// A Representative is a statement that tells a group from the others.
type Representative struct {
	Statement   int
	Agrees      bool    // the group agrees with it more than others do; else it disagrees more
	P           float64 // share, and its test against one half
	PTest       float64
	Repness     float64 // ratio to the share elsewhere, and the test of the difference
	RepnessTest float64
	BestAgree   bool // the one that the group agrees on most
}

func (s Standing) representative(statement, side int) Representative {
	return Representative{
		Statement: statement, Agrees: side == 0,
		P: s.P[side], PTest: s.PTest[side], Repness: s.Repness[side], RepnessTest: s.RepnessTest[side],
	}
}

// representatives selects at most five statements, agreeing before
// disagreeing. Statements moderated out are not considered. Ties go to the
// statement with the lower number.
func representatives(standings []Standing, status []Status) []Representative {
	best, bestAgree := -1, -1
	var sufficient []int
	for j, s := range standings {
		if status[j].out() {
			continue
		}
		if s.sufficient() {
			sufficient = append(sufficient, j)
		} else if len(sufficient) == 0 && (best < 0 || s.RepnessTest[s.side()] > standings[best].RepnessTest[standings[best].side()]) {
			best = j
		}
		if betterAgree(s, standings, bestAgree) {
			bestAgree = j
		}
	}
	var list []Representative
	switch {
	case bestAgree >= 0:
		r := standings[bestAgree].representative(bestAgree, 0)
		r.BestAgree = true
		list = append(list, r)
	case len(sufficient) == 0 && best >= 0:
		list = append(list, standings[best].representative(best, standings[best].side()))
	}
	slices.SortStableFunc(sufficient, func(a, b int) int {
		x, y := standings[a], standings[b]
		return cmp.Compare(y.score(y.side()), x.score(x.side()))
	})
	for _, j := range sufficient {
		if j != bestAgree && len(list) < listed {
			list = append(list, standings[j].representative(j, standings[j].side()))
		}
	}
	slices.SortStableFunc(list, func(a, b Representative) int {
		switch {
		case a.Agrees == b.Agrees:
			return 0
		case a.Agrees:
			return -1
		}
		return 1
	})
	return list
}

// betterAgree tells whether a statement takes the place of the one that the
// group agrees on most. A statement that nobody took a side on never does.
func betterAgree(s Standing, standings []Standing, current int) bool {
	if s.Agree == 0 && s.Disagree == 0 {
		return false
	}
	if current < 0 {
		return s.PTest[0] > significant || s.Repness[0] > 1 && s.P[0] > 0.5
	}
	c := standings[current]
	if c.Repness[0] > 1 {
		return s.score(0) > c.score(0)
	}
	return s.P[0]*s.PTest[0] > c.P[0]*c.PTest[0]
}

// consensus lists the statements that most people of all groups agree with
// (side 0) or disagree with (side 1), at most five.
func consensus(counts []Count, side int) []int {
	type candidate struct {
		statement int
		score     float64
	}
	var found []candidate
	for j, c := range counts {
		n := c.Agree
		if side == 1 {
			n = c.Disagree
		}
		p, test := share(c, n), proportionTest(c, n)
		if p > 0.5 && test > significant {
			found = append(found, candidate{j, p * test})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	list := make([]int, 0, listed)
	for _, c := range found[:min(listed, len(found))] {
		list = append(list, c.statement)
	}
	return list
}

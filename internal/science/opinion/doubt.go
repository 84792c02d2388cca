package opinion

// A Doubt says why no groups are shown.
type Doubt string

// The doubts there are, in the order in which they are looked for.
const (
	NoDoubt   Doubt = ""
	FewPeople Doubt = "few_people" // too few voted enough: other people might have given other groups
	NoPattern Doubt = "no_pattern" // votes on different statements do not go together more than by chance
	OneCloud  Doubt = "one_cloud"  // people lie in one cloud, hardly better cut than any cloud would be
	Unstable  Doubt = "unstable"   // a few votes less, and the groups are others
)

// A gate is what groups must show to be called clear: so stable, and a
// silhouette so large and so far beyond that of a cloud that is one ellipse.
type gate struct{ stability, silhouette, beyondEllipse float64 }

const (
	// Fewer people are not grouped, and fewer than fewPeople pass a narrower
	// gate: see docs/opinion-map.md for what becomes of the groups of known
	// conversations when only some of the people come.
	fewestGrouped = 40
	fewPeople     = 60
)

func gateOf(people int) gate {
	if people < fewPeople {
		return gate{stability: 0.9, silhouette: 0.50, beyondEllipse: 0.05}
	}
	return gate{stability: 0.8, silhouette: 0.40, beyondEllipse: 0.02}
}

// ellipse holds the silhouette of the best cut in two of a normal cloud, by the
// ratio of its smaller to its larger variance in steps of a tenth.
var ellipse = [11]float64{0.555, 0.479, 0.440, 0.412, 0.389, 0.371, 0.355, 0.341, 0.329, 0.318, 0.311}

// oneEllipse gives what the silhouette of the people would be if they were
// one normal cloud.
func (c *cloud) oneEllipse() float64 {
	var x, y, xx, xy, yy float64
	n := float64(len(c.points))
	for _, p := range c.points {
		x += p[0] / n
		y += p[1] / n
	}
	for _, p := range c.points {
		dx, dy := p[0]-x, p[1]-y
		xx += float64(dx * dx)
		xy += float64(dx * dy)
		yy += float64(dy * dy)
	}
	large, small := eigenvalues(xx, xy, yy)
	if large <= 0 {
		return 1
	}
	at := small / large * 10
	low := min(int(at), 9)
	return ellipse[low] + float64((at-float64(low))*(ellipse[low+1]-ellipse[low]))
}

// doubt looks at everything but stability.
func (c *cloud) doubt(g *grouping, pattern float64) Doubt {
	gate := gateOf(len(c.people))
	switch {
	case len(c.people) < fewestGrouped:
		return FewPeople
	case pattern < beyondChance:
		return NoPattern
	case g.silhouette < gate.silhouette || g.silhouette < c.oneEllipse()+gate.beyondEllipse:
		return OneCloud
	}
	return NoDoubt
}

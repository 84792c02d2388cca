package opinion

// A Doubt says why no groups are shown.
type Doubt string

// The doubts there are.
const (
	NoDoubt   Doubt = ""
	FewPeople Doubt = "few_people" // too few who voted enough
	Unstable  Doubt = "unstable"   // a few votes less, and the groups are others
	OneBlob   Doubt = "one_blob"   // no gap between the groups
)

// Options of a Snapshot. The zero value is what is meant to be used.
type Options struct {
	Seed      uint64
	Resamples int                   // of stability; 0 means 50
	Progress  func(done, total int) // may be nil; called by one goroutine at a time
}

// Snapshot draws the map.
func (m *Map) Snapshot(options Options) *Snapshot {
	if options.Resamples <= 0 {
		options.Resamples = resamples
	}
	s := m.place(nil)
	g := newCloud(s.Projections, s.InConversation).group(len(m.rows), startsCold, options.Seed)
	if g != nil {
		s.Stability = m.stability(s, g, options, func(int) {})
		s.Clear = true
		m.describe(s, g.groupOf, g.k)
	}
	return s
}

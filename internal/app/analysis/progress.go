package analysis

// Progress is told how far a long piece of work is: done of total steps. It may be
// called often and from one goroutine at a time; a nil Progress is told nothing.
type Progress func(done, total int)

// Step tells p, when there is one.
func (p Progress) Step(done, total int) {
	if p != nil {
		p(done, total)
	}
}

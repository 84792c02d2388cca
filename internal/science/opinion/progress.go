package opinion

import "sync"

// progress passes on how far the work is, to one listener at a time.
type progress struct {
	mutex       sync.Mutex
	tell        func(done, total int)
	done, total int
}

func newProgress(tell func(done, total int), total int) *progress {
	return &progress{tell: tell, total: total}
}

func (p *progress) step() {
	if p.tell == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.done++
	p.tell(p.done, p.total)
}

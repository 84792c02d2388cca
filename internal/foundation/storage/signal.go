package storage

import "sync"

// signals wake those in this process who wait for a change; other processes poll.
type signals struct {
	mu      sync.Mutex
	waiting map[string]map[chan struct{}]bool
}

// Signal gives a channel that receives after each commit that raised the name;
// several raises may arrive as one. Call stop when done.
func (s *Store) Signal(name string) (raised <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s.signals.mu.Lock()
	defer s.signals.mu.Unlock()
	if s.signals.waiting == nil {
		s.signals.waiting = map[string]map[chan struct{}]bool{}
	}
	if s.signals.waiting[name] == nil {
		s.signals.waiting[name] = map[chan struct{}]bool{}
	}
	s.signals.waiting[name][c] = true
	return c, func() {
		s.signals.mu.Lock()
		defer s.signals.mu.Unlock()
		delete(s.signals.waiting[name], c)
	}
}

func (s *signals) raise(names []string) {
	if len(names) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		for c := range s.waiting[name] {
			select {
			case c <- struct{}{}:
			default: // it is already told
			}
		}
	}
}

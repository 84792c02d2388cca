package lite

// mostStatements bounds what a connection keeps prepared.
const mostStatements = 256

// cache keeps the statements that were used last.
type cache struct {
	most  int
	texts map[string]*stmt
	ends  stmt // between the oldest and the newest of the ring
}

func newCache(most int) cache { return cache{most: most, texts: make(map[string]*stmt, most)} }

// get gives a statement, which is now the one used last; nil when there is none.
func (c *cache) get(query string) *stmt {
	s := c.texts[query]
	if s != nil && c.ends.older != s {
		s.leave()
		c.enter(s)
	}
	return s
}

// put takes a statement in, and lets the one go that was not used for longest.
func (c *cache) put(s *stmt) {
	if len(c.texts) >= c.most {
		last := c.ends.newer
		last.leave()
		delete(c.texts, last.query)
		if last.kept = false; !last.busy { // else it goes when its rows are closed
			last.finalize()
		}
	}
	c.texts[s.query] = s
	c.enter(s)
}

// enter makes a statement the newest.
func (c *cache) enter(s *stmt) {
	if c.ends.newer == nil {
		c.ends.newer, c.ends.older = &c.ends, &c.ends
	}
	s.older, s.newer = c.ends.older, &c.ends
	s.older.newer, c.ends.older = s, s
}

func (s *stmt) leave() {
	s.older.newer, s.newer.older = s.newer, s.older
	s.older, s.newer = nil, nil
}

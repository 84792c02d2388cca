package recurrence

// units says at which hours, minutes or seconds of a day a rule shorter than a
// day may fall.
//
// Instances are at units start + k*interval. Within a day these are one residue
// class modulo the interval, so a day is either passed over at once (no allowed
// unit lies in its class) or holds an instance: no rule searches for long.
type units struct {
	length  int // seconds of a unit
	perDay  int
	start   int     // the unit of the start, counted from 1970
	all     bool    // every unit of a day is allowed
	allowed []bool  // by unit of the day; nil with all
	list    []int32 // the same as a list
	classes []int32 // how many allowed units leave each rest modulo the interval; nil when not needed
}

func newUnits(r *Rule, start int) *units {
	u := &units{length: 3600}
	switch r.Frequency {
	case Minutely:
		u.length = 60
	case Secondly:
		u.length = 1
	}
	u.perDay = secondsPerDay / u.length
	u.start = floorDiv(start, u.length)
	u.all = len(r.ByHour) == 0 && (len(r.ByMinute) == 0 || u.length > 60) && (len(r.BySecond) == 0 || u.length > 1)
	if u.all {
		return u
	}
	every := func(values []int, n int) []int {
		if len(values) > 0 {
			return orElse(values, 0)
		}
		values = make([]int, n)
		for i := range values {
			values[i] = i
		}
		return values
	}
	minutes, seconds := []int{0}, []int{0}
	if u.length <= 60 {
		minutes = every(r.ByMinute, 60)
	}
	if u.length == 1 {
		seconds = every(r.BySecond, 60)
	}
	interval := max(r.Interval, 1)
	u.allowed = make([]bool, u.perDay)
	if interval > 1 && interval < u.perDay {
		u.classes = make([]int32, interval)
	}
	for _, h := range every(r.ByHour, 24) {
		for _, m := range minutes {
			for _, s := range seconds {
				x := (h*3600 + m*60 + s) / u.length
				u.allowed[x] = true
				u.list = append(u.list, int32(x))
				if u.classes != nil {
					u.classes[x%interval]++
				}
			}
		}
	}
	return u
}

// runUnits yields the instances of an hourly, minutely or secondly rule.
func (p *plan) runUnits(low int, yield func(int) bool) {
	u, s := p.sub, p.scan()
	if p.interval >= u.perDay {
		p.runFar(low, s, yield)
		return
	}
	lowDay := max(floorDiv(low, secondsPerDay), p.startDay)
	for day := s.next(lowDay); day <= p.last; day = s.next(day + 1) {
		first := floorMod(u.start-day*u.perDay, p.interval)
		if u.classes != nil && u.classes[first] == 0 {
			continue
		}
		if p.before(day, day+1, low) {
			if !p.count(u.inDay(first, p.interval) * len(p.times)) {
				return
			}
			continue
		}
		if day == lowDay { // units before low are of no use
			if behind := floorDiv(low, u.length) - day*u.perDay - first; behind > 0 {
				first += behind / p.interval * p.interval
			}
		}
		if !p.unitsOfDay(day, first, low, yield) {
			return
		}
	}
}

// inDay counts the allowed units of a day, whose first is the given one.
func (u *units) inDay(first, step int) int {
	switch {
	case u.all:
		return (u.perDay - first + step - 1) / step
	case u.classes != nil:
		return int(u.classes[first])
	}
	return len(u.list)
}

// unitsOfDay walks over the shorter of two: the allowed units, or the steps of
// the interval. Where p.from moves beyond the day on the way, the rest is counted
// at once.
func (p *plan) unitsOfDay(day, first, low int, yield func(int) bool) bool {
	u, step := p.sub, p.interval
	midnight := day * secondsPerDay
	if ahead := (p.from-midnight)/u.length - first; u.all && ahead >= step && midnight >= low {
		if !p.count(ahead / step * len(p.times)) {
			return false
		}
		first += ahead / step * step
	}
	rest := never
	if u.all || first < step {
		rest = u.inDay(first, step)
	}
	next := func(x int) (more, over bool) {
		rest--
		if !p.unit(midnight+x*u.length, low, yield) {
			return false, true
		}
		if p.from >= midnight+secondsPerDay && rest < u.perDay {
			return p.count(rest * len(p.times)), true
		}
		return true, false
	}
	if !u.all && len(u.list) < (u.perDay-first)/step {
		for _, x := range u.list {
			if int(x) >= first && (int(x)-first)%step == 0 {
				if more, over := next(int(x)); over {
					return more
				}
			}
		}
		return true
	}
	for x := first; x < u.perDay; x += step {
		if u.all || u.allowed[x] {
			if more, over := next(x); over {
				return more
			}
		}
	}
	return true
}

// runFar serves intervals of a day or more: at most one unit a day.
func (p *plan) runFar(low int, s *scan, yield func(int) bool) {
	u := p.sub
	at := u.start
	if behind := floorDiv(low, u.length) - at; behind > 0 {
		at += behind / p.interval * p.interval
	}
	for ; at < (p.last+1)*u.perDay; at += p.interval {
		day := floorDiv(at, u.perDay)
		if (u.all || u.allowed[at-day*u.perDay]) && s.allowed(day) && !p.unit(at*u.length, low, yield) {
			return
		}
	}
}

// unit yields the instances within one unit.
func (p *plan) unit(begin, low int, yield func(int) bool) bool {
	if begin >= low && begin+p.sub.length <= p.from {
		return p.count(len(p.times))
	}
	for _, t := range p.times {
		if at := begin + int(t); at >= low && !p.give(at, yield) {
			return false
		}
	}
	return true
}

package recurrence

import "math/bits"

// scan walks over days that the limits allow, whole years at a time.
type scan struct {
	p           *plan
	all         bool
	first, last int // days of the year that is loaded
	bits        *[6]uint64
}

func (p *plan) scan() *scan {
	l := &p.limits
	return &scan{p: p, all: l.months == 0 && l.monthDay|l.monthBack == 0 && !l.anyYearDay && !l.anyDay, last: -1 << 62}
}

func (s *scan) load(day int) {
	year, _, _ := dateOf(day)
	s.first = dayOf(year, 1, 1)
	s.last = s.first + daysInYear(year) - 1
	s.bits = &s.p.year(year, s.first).bits
}

func (s *scan) allowed(day int) bool {
	if s.all {
		return true
	}
	if day > s.last {
		s.load(day)
	}
	return has(s.bits, day-s.first)
}

// next gives the first allowed day from day on, or a day after the last one
// that there is.
func (s *scan) next(day int) int {
	if s.all {
		return day
	}
	for day <= s.p.last {
		if day > s.last {
			s.load(day)
		}
		d := day - s.first
		for w := d >> 6; w < len(s.bits); w++ {
			word := s.bits[w]
			if w == d>>6 {
				word &= ^uint64(0) << (d & 63)
			}
			if word != 0 {
				return s.first + w<<6 + bits.TrailingZeros64(word)
			}
		}
		day = s.last + 1
	}
	return day
}

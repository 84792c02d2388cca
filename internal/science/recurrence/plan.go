package recurrence

import (
	"math/bits"
	"slices"
)

// plan is a rule made ready for one start. It is used by one goroutine.
type plan struct {
	rule     *Rule
	interval int
	start    int // reading of the clock, seconds
	startDay int
	last     int // the last day to look at
	limits   limits

	times []int32 // seconds of the day; for rules shorter than a day seconds of the unit

	from int // readings before it are of no interest, and count for COUNT only; it may move on
	left int // of COUNT, 0 when all have been

	sub   *units
	years [yearKinds]*yearCache
	picks map[int][]int
	dates []int
}

// yearCache holds what the limits allow in a kind of year.
type yearCache struct {
	days []int16
	bits [6]uint64 // the same
}

// newPlan prepares a rule that has been checked; nothing after last, a reading
// of the clock, will be asked for.
func newPlan(r *Rule, start Moment, last int) *plan {
	p := &plan{
		rule: r, interval: max(r.Interval, 1),
		start: start.reading, startDay: floorDiv(start.reading, secondsPerDay),
		last: min(lastDay, floorDiv(last, secondsPerDay)),
		from: start.reading, left: r.Count, picks: map[int][]int{},
	}
	if r.Count == 0 {
		p.left = never
	}
	p.limits = limitsOf(r, p.startDay)
	if start.date {
		p.times = []int32{0}
		return p
	}
	second := p.start - p.startDay*secondsPerDay
	hours := orElse(r.ByHour, second/3600)
	minutes := orElse(r.ByMinute, second/60%60)
	seconds := orElse(r.BySecond, second%60)
	switch r.Frequency {
	case Hourly:
		hours = []int{0}
	case Minutely:
		hours, minutes = []int{0}, []int{0}
	case Secondly:
		hours, minutes, seconds = []int{0}, []int{0}, []int{0}
	}
	p.times = make([]int32, 0, len(hours)*len(minutes)*len(seconds))
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				p.times = append(p.times, int32(h*3600+m*60+s))
			}
		}
	}
	if r.Frequency <= Daily && len(r.BySetPos) > 0 { // each period has the same times
		chosen := []int32{}
		for _, i := range p.positions(len(p.times)) {
			chosen = append(chosen, p.times[i])
		}
		p.times = chosen
	}
	if r.Frequency < Daily {
		p.sub = newUnits(r, p.start)
	}
	return p
}

// orElse gives the values of a time part sorted and without doubles, or the one
// of the start.
func orElse(values []int, start int) []int {
	if len(values) == 0 {
		return []int{start}
	}
	values = slices.Clone(values)
	for i, v := range values {
		values[i] = min(v, 59) // a leap second; hours and minutes are smaller anyway
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// positions gives the indexes that BYSETPOS chooses among n, ascending.
func (p *plan) positions(n int) []int {
	picks, ok := p.picks[n]
	if ok {
		return picks
	}
	for _, pos := range p.rule.BySetPos {
		i := pos - 1
		if pos < 0 {
			i = n + pos
		}
		if i >= 0 && i < n {
			picks = append(picks, i)
		}
	}
	slices.Sort(picks)
	picks = slices.Compact(picks)
	p.picks[n] = picks
	return picks
}

// run calls yield with each reading of the clock from low (not before the
// start) and p.from on, ascending, until yield says no, COUNT is reached or the
// last day is over. What lies between low and p.from is counted, whole days and
// periods at once.
func (p *plan) run(low int, yield func(reading int) bool) {
	low = max(low, p.start)
	if len(p.times) == 0 || p.left == 0 {
		return
	}
	switch p.rule.Frequency {
	case Yearly:
		p.runYears(low, yield)
	case Monthly:
		p.runMonths(low, yield)
	case Weekly:
		p.runWeeks(low, yield)
	case Daily:
		p.runDays(low, yield)
	default:
		p.runUnits(low, yield)
	}
}

// give takes one instance: it counts, and is yielded if it is of interest.
func (p *plan) give(at int, yield func(int) bool) bool {
	if at >= p.from && !yield(at) {
		return false
	}
	p.left--
	return p.left > 0
}

// before reports whether the span from one midnight to another is only counted.
func (p *plan) before(from, to, low int) bool {
	return to*secondsPerDay <= p.from && from*secondsPerDay >= low && to <= p.last
}

// count takes instances that are of no interest.
func (p *plan) count(n int) bool {
	p.left = max(p.left-n, 0)
	return p.left > 0
}

// period yields the instances of one period, given its days.
func (p *plan) period(days []int, low int, yield func(int) bool) bool {
	if len(p.rule.BySetPos) > 0 && p.rule.Frequency > Daily {
		n := len(p.times)
		picks := p.positions(len(days) * n)
		if len(picks) > 0 && p.before(days[0], days[len(days)-1]+1, low) {
			return p.count(len(picks))
		}
		for _, i := range picks {
			if day := days[i/n]; day >= firstDay && day <= p.last {
				if at := day*secondsPerDay + int(p.times[i%n]); at >= low && !p.give(at, yield) {
					return false
				}
			}
		}
		return true
	}
	for _, day := range days {
		if !p.day(day, low, yield) {
			return false
		}
	}
	return true
}

func (p *plan) day(day, low int, yield func(int) bool) bool {
	midnight := day * secondsPerDay
	if midnight+secondsPerDay <= low || day > p.last {
		return day <= p.last
	}
	if p.before(day, day+1, low) {
		return p.count(len(p.times))
	}
	for i, t := range p.times {
		at := midnight + int(t)
		if at < low {
			continue
		}
		if !p.give(at, yield) {
			return false
		}
		if p.from >= midnight+secondsPerDay { // it has moved on
			return p.count(len(p.times) - 1 - i)
		}
	}
	return true
}

func (p *plan) runYears(low int, yield func(int) bool) {
	year, _, _ := dateOf(p.startDay)
	lowYear, _, _ := dateOf(floorDiv(low, secondsPerDay))
	if behind := lowYear - year; behind > 0 {
		year += behind / p.interval * p.interval
	}
	lastYear, _, _ := dateOf(p.last)
	for ; year <= lastYear; year += p.interval {
		first := dayOf(year, 1, 1)
		p.dates = p.dates[:0]
		for _, d := range p.year(year, first).days {
			p.dates = append(p.dates, first+int(d))
		}
		if !p.period(p.dates, low, yield) {
			return
		}
	}
}

// year gives the allowed days of a year.
func (p *plan) year(year, first int) *yearCache {
	kind := yearKind(year, first)
	if p.years[kind] == nil {
		c := &yearCache{days: p.limits.yearSet(year, first, p.rule.WeekStart)}
		for _, d := range c.days {
			c.bits[d>>6] |= 1 << (d & 63)
		}
		p.years[kind] = c
	}
	return p.years[kind]
}

func (p *plan) runMonths(low int, yield func(int) bool) {
	year, month, _ := dateOf(p.startDay)
	n := year*12 + month - 1
	lowYear, lowMonth, _ := dateOf(floorDiv(low, secondsPerDay))
	if behind := lowYear*12 + lowMonth - 1 - n; behind > 0 {
		n += behind / p.interval * p.interval
	}
	lastYear, lastMonth, _ := dateOf(p.last)
	var sets [4 * 7]uint32 // by length and first weekday; bit 0 says that it is known
	for ; n < lastYear*12+lastMonth; n += p.interval {
		year, month := n/12, n%12+1
		if p.limits.months != 0 && p.limits.months&(1<<month) == 0 {
			continue
		}
		before := dayOf(year, month, 1) - 1
		length, weekday := daysInMonth(month, isLeap(year)), weekdayOf(before+1)
		set := &sets[(length-28)*7+int(weekday)]
		if *set == 0 {
			*set = p.limits.monthSet(length, weekday) | 1
		}
		p.dates = p.dates[:0]
		for rest := *set &^ 1; rest != 0; rest &= rest - 1 {
			p.dates = append(p.dates, before+bits.TrailingZeros32(rest))
		}
		if !p.period(p.dates, low, yield) {
			return
		}
	}
}

func (p *plan) runWeeks(low int, yield func(int) bool) {
	week := p.startDay - floorMod(int(weekdayOf(p.startDay))-int(p.rule.WeekStart), 7)
	if behind := floorDiv(low, secondsPerDay) - 6 - week; behind > 0 {
		week += behind / (7 * p.interval) * (7 * p.interval)
	}
	for ; week <= p.last; week += 7 * p.interval {
		p.dates = p.dates[:0]
		for d := range 7 {
			if p.limits.weekdays&(1<<((int(p.rule.WeekStart)+d)%7)) == 0 {
				continue
			}
			if p.limits.months != 0 {
				if _, month, _ := dateOf(week + d); p.limits.months&(1<<month) == 0 {
					continue
				}
			}
			p.dates = append(p.dates, week+d)
		}
		if !p.period(p.dates, low, yield) {
			return
		}
	}
}

func (p *plan) runDays(low int, yield func(int) bool) {
	day := p.startDay
	if behind := floorDiv(low, secondsPerDay) - day; behind > 0 {
		day += behind / p.interval * p.interval
	}
	s := p.scan()
	for day <= p.last {
		if !s.allowed(day) {
			if p.interval > 1 {
				day += p.interval
				continue
			}
			day = s.next(day)
			continue
		}
		if !p.day(day, low, yield) {
			return
		}
		day += p.interval
	}
}

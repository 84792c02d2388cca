package recurrence

// limits says which days a rule allows. Each field is a set; an empty set
// allows all.
type limits struct {
	months              uint16 // bit 1 is January
	monthDay, monthBack uint32 // days from the beginning and from the end of the month
	yearDay, yearBack   [6]uint64
	week, weekBack      uint64
	weekdays            uint8 // weekdays without a number
	numbered            []Day // weekdays with one
	anyYearDay          bool
	anyDay              bool // some BYDAY is there
	inMonth             bool // numbers of weekdays count in the month, else in the year
}

// frame is the calendar around a day.
type frame struct {
	month, day, length int // of the month
	yearDay, yearLen   int
	weekday            Weekday
	week, weeks        int  // number of the week, and weeks of the year it belongs to
	ahead              bool // that is the next year, to which numbers from the end do not reach
}

func (l *limits) allow(f frame) bool {
	if l.months != 0 && l.months&(1<<f.month) == 0 {
		return false
	}
	if l.monthDay|l.monthBack != 0 && l.monthDay&(1<<f.day) == 0 && l.monthBack&(1<<(f.length-f.day+1)) == 0 {
		return false
	}
	if l.anyYearDay && !has(&l.yearDay, f.yearDay) && !has(&l.yearBack, f.yearLen-f.yearDay+1) {
		return false
	}
	if l.week|l.weekBack != 0 && l.week&(1<<f.week) == 0 && (f.ahead || l.weekBack&(1<<(f.weeks-f.week+1)) == 0) {
		return false
	}
	if !l.anyDay || l.weekdays&(1<<f.weekday) != 0 {
		return true
	}
	at, length := f.yearDay, f.yearLen
	if l.inMonth {
		at, length = f.day, f.length
	}
	for _, d := range l.numbered {
		if d.Weekday == f.weekday && (d.Ordinal == (at-1)/7+1 || d.Ordinal == -((length-at)/7+1)) {
			return true
		}
	}
	return false
}

func has(set *[6]uint64, n int) bool { return set[n>>6]&(1<<(n&63)) != 0 }

// limitsOf takes the day parts of a rule, and from the start what they leave
// open (RFC 5545, 3.3.10: "information, not contained in the rule").
func limitsOf(r *Rule, startDay int) limits {
	l := limits{inMonth: r.Frequency == Monthly || len(r.ByMonth) > 0}
	for _, n := range r.ByMonth {
		l.months |= 1 << n
	}
	for _, n := range r.ByMonthDay {
		if n > 0 {
			l.monthDay |= 1 << n
		} else {
			l.monthBack |= 1 << -n
		}
	}
	for _, n := range r.ByYearDay {
		l.anyYearDay = true
		if n > 0 {
			l.yearDay[n>>6] |= 1 << (n & 63)
		} else {
			l.yearBack[-n>>6] |= 1 << (-n & 63)
		}
	}
	for _, n := range r.ByWeekNo {
		if n > 0 {
			l.week |= 1 << n
		} else {
			l.weekBack |= 1 << -n
		}
	}
	for _, d := range r.ByDay {
		l.anyDay = true
		if d.Ordinal == 0 {
			l.weekdays |= 1 << d.Weekday
		} else {
			l.numbered = append(l.numbered, d)
		}
	}
	l.fill(r, startDay)
	return l
}

// fill derives from the start the parts that a rule does not name.
func (l *limits) fill(r *Rule, startDay int) {
	_, month, day := dateOf(startDay)
	weekday := weekdayOf(startDay)
	switch r.Frequency {
	case Weekly:
		if !l.anyDay {
			l.anyDay, l.weekdays = true, 1<<weekday
		}
	case Monthly:
		if !l.anyDay && len(r.ByMonthDay) == 0 {
			l.monthDay = 1 << day
		}
	case Yearly:
		if len(r.ByYearDay) > 0 {
			return
		}
		if len(r.ByWeekNo) > 0 {
			if !l.anyDay && len(r.ByMonthDay) == 0 {
				l.anyDay, l.weekdays = true, 1<<weekday
			}
			return
		}
		if !l.anyDay && len(r.ByMonthDay) == 0 {
			l.monthDay = 1 << day
		}
		if len(r.ByMonth) == 0 && l.monthDay|l.monthBack != 0 {
			l.months = 1 << month
		}
	}
}

// yearKind tells years apart whose calendars differ: there are 56, because the
// weeks at both ends depend on the neighbours.
func yearKind(year, firstDay int) int {
	kind := int(weekdayOf(firstDay))
	for _, y := range [...]int{year, year - 1, year + 1} {
		kind *= 2
		if isLeap(y) {
			kind++
		}
	}
	return kind
}

const yearKinds = 56

// yearSet gives the allowed days of a calendar year as offsets from 1 January.
func (l *limits) yearSet(year, first int, start Weekday) []int16 {
	leap := isLeap(year)
	length := daysInYear(year)
	weekday := weekdayOf(first)
	weekOne := firstWeek(weekday, start)
	weeks := weeksInYear(weekday, start, leap)
	var days []int16
	for d := range length {
		f := frame{weekday: weekdayOf(first + d), yearDay: d + 1, yearLen: length}
		_, f.month, f.day = dateOf(first + d)
		f.length = daysInMonth(f.month, leap)
		switch {
		case d < weekOne: // the last week of the year before
			f.weeks = weeksInYear(weekdayOf(first-daysInYear(year-1)), start, isLeap(year-1))
			f.week = f.weeks
		case d >= weekOne+7*weeks: // the first week of the next
			f.weeks = weeksInYear(weekdayOf(first+length), start, isLeap(year+1))
			f.week, f.ahead = 1, true
		default:
			f.week, f.weeks = (d-weekOne)/7+1, weeks
		}
		if l.allow(f) {
			days = append(days, int16(d))
		}
	}
	return days
}

// firstWeek gives the first day of week 1 as an offset from 1 January, -3 to 3.
func firstWeek(newYear, start Weekday) int {
	before := floorMod(int(newYear)-int(start), 7)
	if before > 3 {
		return 7 - before
	}
	return -before
}

// monthSet gives the allowed days of a month as bits, bit 1 the first.
func (l *limits) monthSet(length int, first Weekday) uint32 {
	// The month's own bit is checked by the caller; weeks and days of the year
	// cannot stand in a monthly rule.
	without := *l
	without.months = 0
	var set uint32
	for d := 1; d <= length; d++ {
		if without.allow(frame{day: d, length: length, weekday: (first + Weekday(d-1)) % 7}) {
			set |= 1 << d
		}
	}
	return set
}

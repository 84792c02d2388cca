package recurrence

// Days are counted from 1970-01-01, seconds from its midnight, both on the wall
// clock: no zone, no leap second. The calendar is the proleptic Gregorian one.

const (
	secondsPerDay = 86400
	firstYear     = 1
	lastYear      = 9999 // a DATE has four digits
)

var (
	firstDay = dayOf(firstYear, 1, 1)
	lastDay  = dayOf(lastYear, 12, 31)
)

// dayOf gives the day number of a date; the day may lie outside the month.
func dayOf(year, month, day int) int {
	// Years that begin in March put the leap day last.
	y := year
	if month <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((month+9)%12)+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// dateOf is the inverse of dayOf.
func dateOf(day int) (year, month, dayOfMonth int) {
	z := day + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dayOfMonth = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}

func weekdayOf(day int) Weekday { return Weekday(floorMod(day+3, 7)) } // 1970-01-01 was a Thursday

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysInYear(year int) int {
	if isLeap(year) {
		return 366
	}
	return 365
}

func daysInMonth(month int, leap bool) int {
	switch month {
	case 2:
		if leap {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// weeksInYear counts the weeks that begin on start and have four days or more
// in a year whose first day is the given weekday.
func weeksInYear(first, start Weekday, leap bool) int {
	before := floorMod(int(first)-int(start), 7) // days of the week of 1 January that lie in the old year
	if before == 3 || before == 2 && leap {
		return 53
	}
	return 52
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }

package recurrence

// Frequency is the FREQ of a rule. The zero value is no frequency.
type Frequency uint8

// The frequencies, from the shortest to the longest.
const (
	Secondly Frequency = iota + 1
	Minutely
	Hourly
	Daily
	Weekly
	Monthly
	Yearly
)

var frequencyNames = [...]string{"", "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}

// String gives the name as in a rule, DAILY.
func (f Frequency) String() string {
	if int(f) < len(frequencyNames) {
		return frequencyNames[f]
	}
	return ""
}

// Weekday counts from Monday, so that the zero value is the day on which weeks
// begin unless a rule says otherwise.
type Weekday uint8

// The weekdays.
const (
	Monday Weekday = iota
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
	Sunday
)

var weekdayNames = [...]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// String gives the two letters of a rule, MO.
func (w Weekday) String() string {
	if int(w) < len(weekdayNames) {
		return weekdayNames[w]
	}
	return ""
}

// Day is one value of BYDAY: a weekday, and which one of the month or year
// (2 the second, -1 the last, 0 each).
type Day struct {
	Ordinal int
	Weekday Weekday
}

// Rule is a recurrence rule, the value of RRULE. The order of values in its
// lists has no meaning, and a value that stands twice counts once.
type Rule struct {
	Frequency Frequency
	Interval  int    // 0 and 1 mean each period
	Count     int    // 0 means without limit
	Until     Moment // the last instance at the latest; zero means without limit

	BySecond   []int // 0 to 60; 60 is taken as 59
	ByMinute   []int // 0 to 59
	ByHour     []int // 0 to 23
	ByDay      []Day
	ByMonthDay []int // 1 to 31, or -31 to -1 from the end
	ByYearDay  []int // 1 to 366, or -366 to -1 from the end
	ByWeekNo   []int // 1 to 53, or -53 to -1 from the end
	ByMonth    []int // 1 to 12
	BySetPos   []int // 1 to 366, or -366 to -1 from the end
	WeekStart  Weekday
}

// maxNumber bounds INTERVAL and COUNT: an hourly rule with it steps over
// 245,000 years, and no sum overflows.
const maxNumber = 1<<31 - 1

// list is one BY part that holds whole numbers: its name, its bounds, and where
// it stands in a rule.
type list struct {
	name     string
	from, to int
	signed   bool // values from the end are allowed, 0 is not
	of       func(*Rule) *[]int
	meaning  string
}

var lists = [...]list{
	{"BYSECOND", 0, 60, false, func(r *Rule) *[]int { return &r.BySecond }, "a second"},
	{"BYMINUTE", 0, 59, false, func(r *Rule) *[]int { return &r.ByMinute }, "a minute"},
	{"BYHOUR", 0, 23, false, func(r *Rule) *[]int { return &r.ByHour }, "an hour"},
	{"BYMONTHDAY", 1, 31, true, func(r *Rule) *[]int { return &r.ByMonthDay }, "a day of the month"},
	{"BYYEARDAY", 1, 366, true, func(r *Rule) *[]int { return &r.ByYearDay }, "a day of the year"},
	{"BYWEEKNO", 1, 53, true, func(r *Rule) *[]int { return &r.ByWeekNo }, "a week of the year"},
	{"BYMONTH", 1, 12, false, func(r *Rule) *[]int { return &r.ByMonth }, "a month"},
	{"BYSETPOS", 1, 366, true, func(r *Rule) *[]int { return &r.BySetPos }, "a position"},
}

func (l list) holds(n int) bool {
	if l.signed && n < 0 {
		n = -n
	}
	return n >= l.from && n <= l.to
}

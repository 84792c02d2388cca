package i18n

import (
	"fmt"
	"time"
)

// Bishkek is the zone in which the programme lives. Kyrgyzstan has kept UTC+6
// without summer time since August 2005, so that no zone file is needed here.
func Bishkek() *time.Location { return time.FixedZone("Asia/Bishkek", 6*60*60) }

// Dates follow CLDR 46, but for Kyrgyz the long date is the one of newspapers
// and decrees, "2026-жылдын 28-ноябры", not CLDR's "2026-ж., 28-ноябрь".
var (
	// monthsAlone stand without a day, as in the head of a calendar.
	monthsAlone = map[Language][12]string{
		Kyrgyz:  {"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
		Russian: {"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
		English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	// monthsInDate stand after a day: Kyrgyz with the possessive ending, by
	// vowel harmony; Russian in the genitive.
	monthsInDate = map[Language][12]string{
		Kyrgyz:  {"январы", "февралы", "марты", "апрели", "майы", "июну", "июлу", "августу", "сентябры", "октябры", "ноябры", "декабры"},
		Russian: {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	monthsShort = map[Language][12]string{
		Kyrgyz:  {"янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
		Russian: {"янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
		English: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	}
	weekdays = map[Language][7]string{
		Kyrgyz:  {"жекшемби", "дүйшөмбү", "шейшемби", "шаршемби", "бейшемби", "жума", "ишемби"},
		Russian: {"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
		English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
	weekdaysShort = map[Language][7]string{
		Kyrgyz:  {"жек", "дүй", "шей", "шар", "бей", "жум", "ишм"},
		Russian: {"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
		English: {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	}
)

// Every function below shows the instant as a clock in Bishkek shows it.

// Date is the full date: "2026-жылдын 28-ноябры", "28 ноября 2026 г.", "28 November 2026".
func Date(l Language, t time.Time) string {
	t = t.In(Bishkek())
	month := monthsInDate[l][t.Month()-1]
	switch l {
	case Kyrgyz:
		return fmt.Sprintf("%d-жылдын %d-%s", t.Year(), t.Day(), month)
	case Russian:
		return fmt.Sprintf("%d %s %d г.", t.Day(), month, t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
}

// DayMonth is the date without the year: "28-ноябрь", "28 ноября", "28 November".
func DayMonth(l Language, t time.Time) string {
	t = t.In(Bishkek())
	if l == Kyrgyz {
		return fmt.Sprintf("%d-%s", t.Day(), monthsAlone[l][t.Month()-1])
	}
	return fmt.Sprintf("%d %s", t.Day(), monthsInDate[l][t.Month()-1])
}

// DateLong is the full date with the day of the week:
// "2026-жылдын 28-ноябры, ишемби", "суббота, 28 ноября 2026 г.", "Saturday, 28 November 2026".
func DateLong(l Language, t time.Time) string {
	if l == Kyrgyz {
		return Date(l, t) + ", " + Weekday(l, t)
	}
	return Weekday(l, t) + ", " + Date(l, t)
}

// DateForm is how DateLong is put together, for who writes it elsewhere: a form with
// {weekday}, {day}, {month} and {year}, the names of the months from January and of the
// days of the week from Sunday.
func DateForm(l Language) (form string, months [12]string, days [7]string) {
	form = "{weekday}, {day} {month} {year}"
	switch l {
	case Kyrgyz:
		form = "{year}-жылдын {day}-{month}, {weekday}"
	case Russian:
		form = "{weekday}, {day} {month} {year} г."
	}
	return form, monthsInDate[l], weekdays[l]
}

// DateShort is the date in digits, for tables: "28.11.2026", in English "28 Nov 2026".
func DateShort(l Language, t time.Time) string {
	t = t.In(Bishkek())
	if l == English {
		return t.Format("2 Jan 2006")
	}
	return t.Format("02.01.2006")
}

// Time is the time of day, 24 hours: "09:30".
func Time(_ Language, t time.Time) string { return t.In(Bishkek()).Format("15:04") }

// DateTime is the full date and the time: "28 ноября 2026 г., 09:30".
func DateTime(l Language, t time.Time) string { return Date(l, t) + ", " + Time(l, t) }

var wholeDay = map[Language]string{Kyrgyz: "күнү бою", Russian: "весь день", English: "all day"}

// AllDay reports whether a stretch of time is whole days in Bishkek, one or several.
func AllDay(from, to time.Time) bool {
	h, m, s := from.In(Bishkek()).Clock()
	return h+m+s == 0 && !from.IsZero() && to.After(from) && to.Sub(from)%(24*time.Hour) == 0
}

// lastDay is the last of whole days that end at a midnight.
func lastDay(to time.Time) time.Time { return to.Add(-time.Minute) }

// TimeRange is a stretch of time on one day, "09:30–17:00"; when it ends on
// another day, both dates are named. From midnight to midnight it is the whole day, or whole
// days with the first and the last.
func TimeRange(l Language, from, to time.Time) string {
	switch {
	case AllDay(from, to) && sameDay(from, lastDay(to)):
		return wholeDay[l]
	case AllDay(from, to):
		return DayMonth(l, from) + " – " + DayMonth(l, lastDay(to)) + ", " + wholeDay[l]
	}
	if sameDay(from, to) {
		return Time(l, from) + "–" + Time(l, to)
	}
	return DayMonth(l, from) + ", " + Time(l, from) + " – " + DayMonth(l, to) + ", " + Time(l, to)
}

// DateTimeRange is a stretch of time with its date: "28 ноября 2026 г., 09:30–17:00".
func DateTimeRange(l Language, from, to time.Time) string {
	switch {
	case sameDay(from, to) || AllDay(from, to) && sameDay(from, lastDay(to)):
		return Date(l, from) + ", " + TimeRange(l, from, to)
	case AllDay(from, to):
		return Date(l, from) + " – " + Date(l, lastDay(to)) + ", " + wholeDay[l]
	}
	return DateTime(l, from) + " – " + DateTime(l, to)
}

// DateLongRange is a stretch of time whose first day is named in full with its day of the
// week; what ends on another day names that day too.
func DateLongRange(l Language, from, to time.Time) string {
	switch {
	case sameDay(from, to) || AllDay(from, to) && sameDay(from, lastDay(to)):
		return DateLong(l, from) + ", " + TimeRange(l, from, to)
	case AllDay(from, to):
		return DateLong(l, from) + " – " + DayMonth(l, lastDay(to)) + ", " + wholeDay[l]
	}
	return DateLong(l, from) + ", " + Time(l, from) + " – " + DayMonth(l, to) + ", " + Time(l, to)
}

// Month names a month with its year, as the head of a calendar: "2026-жыл, ноябрь", "ноябрь 2026", "November 2026".
func Month(l Language, t time.Time) string {
	t = t.In(Bishkek())
	if l == Kyrgyz {
		return fmt.Sprintf("%d-жыл, %s", t.Year(), monthsAlone[l][t.Month()-1])
	}
	return fmt.Sprintf("%s %d", monthsAlone[l][t.Month()-1], t.Year())
}

// MonthShort is the month in three letters: "ноя", "Nov".
func MonthShort(l Language, t time.Time) string {
	return monthsShort[l][t.In(Bishkek()).Month()-1]
}

// Weekday names the day of the week: "ишемби", "суббота", "Saturday".
func Weekday(l Language, t time.Time) string { return weekdays[l][t.In(Bishkek()).Weekday()] }

// WeekdayShort is the day of the week in two or three letters, for a calendar's head.
func WeekdayShort(l Language, t time.Time) string {
	return weekdaysShort[l][t.In(Bishkek()).Weekday()]
}

// SameDay reports whether two instants fall on one day in Bishkek.
func SameDay(a, b time.Time) bool { return sameDay(a, b) }

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.In(Bishkek()).Date()
	by, bm, bd := b.In(Bishkek()).Date()
	return ay == by && am == bm && ad == bd
}

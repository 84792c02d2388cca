// Package recurrence expands recurrence rules of iCalendar (RFC 5545, 3.3.10 and
// 3.8.5): from a rule such as FREQ=MONTHLY;BYDAY=-1FR and a start to the days
// and times it means. Sets add single dates, take others away and move some.
//
//	Parse ─ Rule ─┐
//	              ├─ All, From ─ one instance after the other
//	Moment, zone ─┘
//
// # How a rule is expanded
//
// Instances are first computed on the wall clock of the start, without a zone.
// Time is divided into periods of FREQ, counted from the one that holds the
// start; every INTERVAL-th counts. In each, the days and times are those which
// all BY parts allow. What no part names comes from the start: the second, the
// minute and the hour, the weekday of a weekly rule, the day of a monthly one,
// the day and month of a yearly one. BYSETPOS then chooses by position within
// the whole period, also the first one, of which the start may cut off a part.
// Instances before the start are dropped and do not count for COUNT. The start
// is an instance only if it fits the rule.
//
// In a yearly rule:
//
//   - BYDAY with numbers counts in the month when BYMONTH is there, else in the year.
//   - BYWEEKNO means the days of the calendar year whose week has the number:
//     31 December may belong to week 1 of the next year, and 1 January to week 52
//     of the year before. Numbers from the end do not reach into the next year.
//     Week 1 is the first with four days or more in the year, and WKST says where
//     weeks begin. Without BYDAY the weekday is that of the start.
//   - BYMONTHDAY without BYMONTH, BYWEEKNO and BYYEARDAY means the month of the start.
//   - BYMONTH, BYWEEKNO, BYYEARDAY and BYMONTHDAY together mean the days that all
//     of them allow.
//
// Then readings of the clock become instants (RFC 5545, 3.3.5): one that the
// zone skips is taken with the offset before the gap, and of one that occurs
// twice the first is meant. Instants that coincide are one instance. COUNT
// counts readings; UNTIL in UTC is compared with instants.
//
// # Limits
//
// The calendar is the Gregorian one, from year 1 to the end of 9999, where each
// expansion ends. There are no leap seconds: second 60 is second 59. Days and
// months on which nothing falls are stepped over whole; a search to the end of
// the calendar takes some hundredths of a second at most, and so does finding
// where COUNT ends: days and periods before the first instance that is wanted
// count as a whole. A set has at most 100 rules and 200 changes of all that
// follows. RSCALE and SKIP (RFC 7529) and EXRULE (RFC 2445) are refused.
//
// Sources: RFC 5545 (https://www.rfc-editor.org/rfc/rfc5545); where it leaves a
// choice, what libical does. The page docs/recurrence.md lists where libical,
// python-dateutil and this package differ.
package recurrence

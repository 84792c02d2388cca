// Package timetable is what staff know of the messages that go by themselves about one
// activity: when each goes, to whom, in which words, and what became of it; and what they
// change of it. Which messages there are, when they go and that they are sent is told by
// seats (automatic.go, jobs.go); their pages lie in seminars/pages.
//
//	See -> One -> Change (switch, move, a paragraph of one's own) -> Keep for what is made next
//
// A change holds for what has not been made yet. What waits in the outbox leaves as it is.
package timetable

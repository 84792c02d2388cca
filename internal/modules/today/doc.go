// Package today is the first page of who works here: what cannot wait, then the rows and
// boxes of all rooms with what each needs, then all else that waits.
//
// It knows nothing itself. Every module tells in its manifest which tasks wait for the person
// who asks (Today), or puts a part on the page that tells them in their places (TodayPart).
// Each thing is counted once, and every count of the page is of those that are shown. Who has
// no rows, as a moderator, reads which events come next within her reach.
package today

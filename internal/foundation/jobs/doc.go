// Package jobs is the outbox: work that must happen after a change, written in
// the same transaction as the change and done by a Runner.
//
//	Enqueue ─ waiting ─ lease ─ running ─┬─ done
//	             ▲                       ├─ failed: visible, until somebody retries
//	             └── back-off, lost lease┘
//
// A runner leases jobs by a conditional update, so many replicas share one
// table. It wakes at each commit of its own process that enqueued and looks at
// the table now and then for the others. A lease that is not renewed belongs to
// a process that died, and its job runs again: a job is done at least once, so
// Do is idempotent. A job that must reach the world once marks what it did in
// its own transaction.
package jobs

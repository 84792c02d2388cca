// Package ledger keeps participation facts: who did what, on which day.
// Append-only; every indicator is computed from facts alone.
//
// A fact names nobody and must not be joined to what does. It carries the day on
// which it happened, in Bishkek, and nothing of when it was written; its row has
// a random id that nobody holds, no place in an order, and is written anew in
// the night together with the others of its day. What is counted depends on what
// the facts say alone, not on their order. docs/facts.md tells why.
//
//	Record ─ fact ─────────────┐
//	Retract ─ finds that fact ─┴─ Facts(period) ─ Count, Behind
package ledger

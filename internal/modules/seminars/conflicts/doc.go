// Package conflicts shows where what phones did at a door contradicts what the house knows, and
// keeps what staff decide on it. Nothing is resolved by itself.
//
//	scans + applications + decisions -> All (a pure derivation, find) -> Decide -> scans that staff put
//	TakeBack within a quarter of an hour -> what was put counts no more
//
// A conflict is no row: it is what the scans, the applications and the decisions come to now, so
// one that has become void is gone by itself. A decision is a row of door_decision, and of one
// conflict one stands. What a decision changes it changes by the door (door.PutIn, door.PutBack),
// so that attendance, ledger and counts follow by the ways that they always go.
//
// It sends no messages and records no facts of its own. docs/conflicts.md.
package conflicts

// Package seats has the nouns, rules, tables and use cases of a seminar from an application
// to a recorded attendance: who may apply, who holds a seat, who waits, who is invited and
// who came. It knows no page and no door.
//
// A state is a row of a table (state.go); only Service.Move changes it (move.go), and
// takes and gives back the seat in the same transaction (seats.go). docs/seats.md tells how
// seats are guarded.
//
// It is large because every use case ends in that one change of state, with what follows
// from it: seat, waiting list, ticket, fact, message. Each is a file of its own; a room
// between them would have to say all of it again in public.
package seats

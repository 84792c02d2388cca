// Package seminars takes a person from an application to a recorded attendance.
//
//	applied -> shortlisted -> invited -> confirmed -> attended | no_show
//	      \-> waitlisted ------^   (declined by the organiser, withdrawn by the person)
//
// Who holds a seat is a matter of the state alone (State.HoldsSeat), and only
// Module.move changes a state: it takes and gives back the seat, writes the
// move with who, when and why, the fact, the ticket and the message, all in
// one transaction. docs/seats.md tells how seats are guarded.
//
// The room has three parts, told apart by file (rooms_test.go holds the list): the seats
// are its nouns, rules, tables and use cases, and know neither of the others; the door is
// what happens on the day, and knows the seats; the pages show both. What the house speaks
// to stands in manifest.go.
//
// Names and contacts live in spine/people; here are ids, states and sealed answers.
//
// It is large because each of the three still needs what the seats keep to themselves;
// they become rooms of their own when that is said in public.
package seminars

// Package pages shows seminars: the form of an application and what comes of it to who
// applied, the selection, seats, calls and overview to staff, and the desk to who stands at
// the door. It judges nothing: what a page sends goes to a use case of seats or door.
//
// manifest.go says what the house may ask of the module, routes.go which page is where.
// Tests that walk from an application to the door lie here, since only here all is at hand.
//
// It is large because one application is shown to four kinds of people (who applied, who
// selects, who stands at the door, who shows up again in her own data), each with the same
// parts: words of a state, of a seat, of a reason; divided by reader they would be copied.
package pages

// Package review is how staff and reviewers look through applications: notes and tags on an
// application, and, where an activity has a rubric, scores of several reviewers who read it
// without a name.
//
// note.go and tag.go are of staff. It decides on nobody: who gets a seat is decided by the
// selection (selection) or by hand (seats).
//
// Its tables: application_note, application_tags. What is written of a person is sealed under
// her key; she reads it in the export of her data, and it goes with her.
package review

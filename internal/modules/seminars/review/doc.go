// Package review is how staff and reviewers look through applications: notes and tags on an
// application, and, where an activity has a rubric, scores of several reviewers who read it
// without a name.
//
// note.go and tag.go are of staff. rubric.go says by what is scored and what reviewers read;
// blind.go is what they read, under a number, with mask.go; score.go takes a score;
// standing.go is what those who select see of all scores, once they have opened them. It
// decides on nobody, and weighs in no draw: who gets a seat is decided by the selection
// (selection) or by hand (seats).
//
// Its tables: application_note, application_tags, review_rubric, review_score with what it
// was before in review_score_past, review_opened. What is written of a person is sealed under
// her key; she reads it in the export of her data, scores once she was told what was decided,
// and it goes with her.
package review

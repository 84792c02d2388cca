// Package selection decides who of many applicants gets a seat: rules with quotas, a fair
// draw by a public seed (docs/fair-selection.md), choices by hand with a reason, and one
// step that tells everybody, a quarter of an hour after it was decided.
//
// rules.go has the nouns, table.go reads an activity as the rules see it, and each use case
// is a file: save_rules.go, check.go, mark.go, ask_draw.go and draw.go, plan_step.go and
// do_step.go, reserve.go, explain.go. It moves nobody by itself: a step goes through
// seats.Move. A draw is never changed; triggers of the database refuse it.
package selection

// Package programme holds what the programme consists of: activities, the templates they
// are made from, and the rules of their days, hours, texts and who may know of
// them. Every change of an activity goes through Service.Change, Publish, Cancel,
// ChangeTemplate or Rewrite, which tell the modules in the same transaction.
//
// The manifest of the core is told by pages, since a manifest speaks of activities.
//
// It is large because what an activity is, what may be changed of it, what that change does to
// its day, its place and its applications, and whom it concerns are judged in one transaction.
//
// It draws no page, reads no file and keeps no upload. That is done by its sub-rooms, and
// arrows run one way:
//
//	pages ──> plan, public, writing, lists ──> programme
//	plan ──> lists ──> programme
//	public ──> materials ──> writing ──> programme
//	pages, public, materials ──> head ──> programme
//
// What an activity by invitation is to strangers, package public guards by its type; who
// else may know of it, see.go decides.
package programme

// Package pages shows the programme to those who plan it: the list of templates and
// activities, the editors of both, the table of copies, publishing and cancelling. It
// reads forms and shows them again with what is wrong. It judges nothing: that is done
// by the commands of packages programme and plan; the shelf of materials draws itself.
//
// It is large because each editor is drawn whole without script: three languages beside each
// other, what was refused with what was typed, and before it is done what a change does to
// people (changes.go).
package pages

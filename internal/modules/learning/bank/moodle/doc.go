// Package moodle reads and writes questions in the XML of Moodle.
//
// Texts there are HTML mostly; what they say is taken and what they show is named as lost.
// Files inside questions are named and not taken. Gaps are written as cloze questions, in
// which the answers stand in the text: {2:MULTICHOICE:=right~%50%half#why}. Of gapselect
// and ddwtos [[2]] is a gap whose right choice is the second, among those of its group.
//
// As of GIFT, Read gives the whole questions and a finding, with line and column, for each
// thing that it does not take; Write names what the format cannot say: two of the three
// languages, scales, all or nothing in multiple choice and matching. What was written reads
// back the same.
package moodle

// Package gift reads and writes questions in GIFT, the text format of Moodle.
//
// A question is what stands between blank lines; a line that begins with // is a comment,
// in which [id:…] and [tag:…] are the id and the tags. Between the first { and the first }
// stand the answers, and these tell the kind: none is an open question, # a numeric one, a
// tilde anywhere multiple choice (of one answer when there is an = too), = with -> matching,
// T or F true or false, all else a short answer. Text behind the } makes the answers a gap.
// Of true or false the first feedback is for who was wrong. A backslash takes away the
// meaning of : # = { } ~ and of itself, \n is a line break, and before all else it stands
// for itself.
//
// Read gives the questions that are whole. What is not, or is lost, is a finding with its
// line and column; nothing is guessed and nothing vanishes. Write says in findings what GIFT
// has no words for: two of the three languages, ordering, scales, several gaps, all or
// nothing, capital letters that matter. What was written reads back the same.
package gift

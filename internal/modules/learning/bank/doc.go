// Package bank holds the questions of tests: what a question is, whether it is whole, what
// an answer to it is worth, and which changes make it another question. It is pure: no
// storage, no pages, no clock. Its folders gift, moodle and qti read and write the files of
// other programs.
//
// # What an answer is worth
//
// Mark gives whole points of a whole number, never a fraction: what a question is worth in
// a test is the test's affair. "of" depends on the question alone, and 0 <= points <= of.
// Weights are in parts of Whole, which every number from 1 to 20 and ten millions divide, so
// that a third, a seventh and 12.34567 per cent are exact.
//
//	single, true/false   points = max(0, w(chosen))                       of = Whole
//	multiple, all        points = 1 if chosen = {options with w > 0}      of = 1
//	multiple, by part    points = min(Whole, max(0, sum of w(chosen)))    of = Whole
//	numeric, short       points = max(0, w(first accepted that fits))     of = Whole
//	matching, all        points = 1 if every pair is right                of = 1
//	matching, by part    points = right pairs                             of = pairs
//	ordering, all        points = 1 if the order is right                 of = 1
//	ordering, by part    points = items in their own place                of = items
//	gaps                 points = sum of worth(gap) * points(gap)         of = Whole * sum of worth
//	scale, open          points = 0                                       of = 0: no program marks it
//
// Of multiple choice by part a wrong option takes away what its weight says: 0 for none
// (then ticking everything is worth everything), below 0 for a deduction. Nothing is worth
// less than 0. An answer that does not belong to the question is worth 0, and so is a typed
// one of more than LongestTyped characters.
//
// A numeric answer x fits an accepted value v with the tolerance t when |x - v| <= t, in
// exact decimals; "*" fits every number. A short answer fits when it is the accepted text
// after both are folded: what is not seen falls away, spaces are one, and unless Case is
// set letters are small; with Letters ё is е, ө is о, ү is у and ң is н, as on a keyboard
// that has no others. A star stands for any run of characters, \* for a star. Of several
// that fit the first counts, as in the programs that these files come from.
package bank

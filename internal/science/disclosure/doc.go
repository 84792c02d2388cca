// Package disclosure decides which counts of people may be shown, so that nobody
// can be singled out in them or computed from them.
//
//	microdata, plan -> people counted once a cell -> small counts hidden
//	    -> others hidden with them until each is safe -> shown again where possible
//
// # What is shown
//
// The tables of a fixed plan with all their margins. The count of a cell is the
// number of different people with at least one participation in it. Zeros are
// shown. A count from 1 to k-1 is never shown, and a rate only with both of its
// counts (Rate).
//
// # What must be safe
//
// Every count that is hidden, for whatever reason, and every small difference (1
// to k-1 people): a margin less one of its cells, a period less the one before.
//
// A reader is taken to know the plan, this package, all that is shown, and which
// kinds of people occur: a kind is the set of profiles that a person has in the
// dimensions of the plan. Not known is how many there are of each kind. With y
// the people of each kind (whole numbers, none negative) and A the 0/1 matrix
// that says which kinds a count holds, the reader knows
//
//	A_shown y = n_shown,   A_hidden y >= 1,   y >= 0
//
// and a row v is safe when max v.y - min v.y >= k over all such y.
//
// When all people have one profile each, this is the usual model in which cells
// add up to their margins. When some have several, cells add up to more than
// their margin, and only max(cells) <= margin <= sum(cells) holds for a reader who
// does not know the kinds; who knows them knows more, so guarding against the
// second guards against the first.
//
// # How it is made sure
//
// For each such row a world is sought: whole numbers d with A_shown d = 0, y + d
// >= 0 and (A_hidden (y+d)) >= 1. It is another population that the reader cannot
// tell from the true one, and v.d is how far it moves the row. Two worlds k apart
// (the truth is one) prove that the row is safe: against bounds by linear
// programming, against bounds in whole numbers, and against any linear
// combination of shown counts, since v.d would be 0 for all of those. Worlds are
// proposed by linear programming in floating point (simplex.go) and are checked
// in whole numbers (witness.go); a row without proof is treated as not safe.
//
// Where none is found, the same program is solved with shown counts allowed to
// change at the price of their weight (fewer dimensions and more people weigh
// more); what it changes is hidden, and has to be made safe in turn. If that
// fails too, or the work is more than its bound, all counts that one person of
// the row is part of are hidden, which always suffices. Then each count that was
// hidden for others is shown again if all stay safe.
//
// That is a choice, not yet the cheapest. So it is made once more as a whole
// (choose.go), by branch and cut after Fischetti and Salazar: needs of the form "if
// this is hidden, one of those must be", the cheapest choice that meets them
// (cover.go), and a new need from the dual of each program that shows a row not to
// be safe, until all are. Each number that shows a count costs as much, those of
// few dimensions a little more. It is done for plans of one system up to a
// bound; beyond it the first choice stays. ceiling_test.go computes a bound that no
// safe choice can pass for one table of two dimensions beside others of one; on data
// like the country's it is reached.
//
// All work is counted, from the making of the system on. When even the plain way
// takes too much, nothing that was not published before is shown, not even the
// zeros. Such an answer tells nothing.
//
// # Time
//
// With a period in the plan, tables count all people up to the end of each
// period. All periods are one system, so that what one tells about another is
// known. What was published before stays as it is. If it pins a number down more
// narrowly than k whatever is hidden now, which can be when new kinds of people
// are seen, what is new pins it down no further.
//
// All periods as one system are dear: where a few people are added in most cells each time,
// nothing new can be shown soon. Line is the other way, for what is told for years: a cell is
// told anew once it has grown by k, and keeps the number that was told last until then. Its
// bounds are greatest flows, so they are exact and quick; the reader of a Line knows nothing
// of how the traits of several tables go together.
//
// # Limits
//
// Plans whose people have more than some thousand kinds are guarded table by
// table: the reader then knows which cells of each table are empty and what its
// tables have in common, not which combinations across all of them occur. A
// participant who knows herself knows one person more than this reader: raise k
// by one for her. Who knows how ties are broken here might exclude some worlds;
// nothing is done against that. Numbers shown elsewhere are not known here.
//
// # Sources
//
// Cell suppression and its audit by linear programming: M. Fischetti and J. J.
// Salazar, Management Science 47 (2001), doi:10.1287/mnsc.47.7.1008.9805; J. P.
// Kelly, B. L. Golden and A. A. Assad, Networks 22 (1992),
// doi:10.1002/net.3230220407; M. Templ, Statistical Disclosure Control for
// Microdata (2017), doi:10.1007/978-3-319-50272-4. Flows: L. R. Ford and D. R. Fulkerson,
// Canadian Journal of Mathematics 8 (1956), doi:10.4153/CJM-1956-045-5. Suppression by linear
// dependence: Ø. Langsrud (2024), doi:10.1007/978-3-031-69651-0_6.
package disclosure

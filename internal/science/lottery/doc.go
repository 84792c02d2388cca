// Package lottery selects people fairly: it finds, among all panels that meet
// the quotas, a lottery over panels under which the smallest chance of anybody is
// as large as it can be, and after it the second smallest, and so on (LEXIMIN).
// The method is that of Flanigan, Gölz, Gupta, Hennig and Procaccia, "Fair
// algorithms for selecting citizens' assemblies", Nature 596, 548-552 (2021),
// doi:10.1038/s41586-021-03788-6.
//
// # The program
//
// People who cannot be told apart by the quotas and by their household form a
// pool j of s_j people. A panel is a vector of whole numbers x with
//
//	0 <= x_j <= s_j                     nobody twice
//	sum_j x_j = seats
//	min_q <= sum_{j in q} x_j <= max_q  for each quota q
//	sum_{j in h} x_j <= K_h c_h         for each class h of K_h equal households
//	                                    of which each may send c_h people
//
// Equal households (same pools of people in the same numbers, same room left) are
// one class: the choices of one household form an integral polymatroid, and a whole
// vector in K times a polymatroid is a sum of K whole vectors in it, so that a panel
// of numbers can always be dealt out to the households again. A lottery is a list of
// panels P with weights w_P that add to one; within a pool everybody is equal, so the
// chance of a person of pool j is sum_P w_P x_j(P) / s_j.
//
// # Parties
//
// People who come only together, at most [MaxParty] of them ([Applicant.Party]), are one
// unit. Units that cannot be told apart form a pool, of which s_j is the number of units
// and x_j how many of them are on the panel. With w_j people in a unit, of whom a_jq count in
// quota q and b_jh are of household h, the demands are
//
//	sum_j w_j x_j = seats
//	min_q <= sum_j a_jq x_j <= max_q    for each quota q
//	sum_j b_jh x_j <= c_h               for each household h that a party is of
//
// so that half a party is on no panel at all. A household of which somebody comes with others
// is like no other one and has a row of its own (K_h = 1), so that what is said below of equal
// households holds for the rest. The chance of each of a party is that of its unit,
// sum_P w_P x_j(P) / s_j, and chances still add up to the seats; LEXIMIN is that of people, as
// it is decided by who can rise above a level and not by how many they are. Without parties
// nothing is different.
//
// # The way to the lottery
//
//  1. LEXIMIN over the linear relaxation (relax.go): the greatest level m with
//     x_j >= m s_j for all j; the Farkas multipliers of a level that is too high give
//     the next level to try (Newton) and, in the end, the pools that cannot rise
//     above it. They are held there and the rest is raised further.
//  2. The result is taken apart into panels (decompose.go): a panel on the smallest
//     face that holds the remaining point is taken with as much weight as the point
//     bears, and so on. When nothing remains, the lottery is LEXIMIN: even without
//     the demand that people are whole nothing better exists.
//  3. Else the whole-number hull is smaller than the relaxation: column generation
//     (columns.go, leximin.go). The linear program over the panels known so far gives
//     each pool a price; the panel of greatest price (branch and bound) either is
//     new and improves the lottery, or its price proves an upper bound for the level.
//  4. Weights become whole numbers of [Tickets], so that chances are exact fractions
//     and the draw knows no rounding (draw.go).
//
// Of many households few matter: their rows join the linear programs only when a
// solution breaks them, and the search keeps to the others by branching. What is
// best without a row, and keeps to it all the same, is best with it.
//
// # Exactness
//
// Floating point only proposes. A panel is checked in whole numbers. A branch is cut
// off, and quotas are called contradictory, only by multipliers that prove it in
// whole numbers (proof.go): for any y, sum_j (c_j - yA_j) x_j + sum_r y_r a_r is an
// upper bound of c x, and its maximum over the bounds needs no solver to check.
// Products are rounded before they are added, so that no machine fuses them, and
// effort is bounded by counted steps and not by a clock: the same input gives the
// same lottery on every machine.
//
// # Conflicts
//
// When no panel meets the quotas, [Conflict] names a smallest set of quotas that
// cannot be met together: by the duality of conflicts and corrections (a smallest
// set that hits all complements of satisfiable sets; Reiter 1987; Ignatiev et al.,
// CP 2015, doi:10.1007/978-3-319-23219-5_13).
//
// # Limits
//
// Choosing panels is NP-hard: adversarial quotas can exceed the effort. The result
// then says what was reached ([Lottery.Reached]) and between which bounds the best
// smallest chance lies. The pool is taken as given: nobody's chance of applying is
// corrected here.
//
// It is large because choosing a panel, the chances and the proof of both are one
// computation, with a solver of its own.
package lottery

// Package agreement tells how far raters who judged the same things agree,
// beyond what chance would give.
//
// Analyse takes single ratings: unit, rater, value. Ratings may be missing. The
// result depends on the set of ratings, not on their order, nor on the names of
// units and raters. The bootstrap has its own generator, whose seed is part of
// the result.
//
// # Krippendorff's alpha
//
// Only units with two ratings or more enter; n is the number of their ratings, m
// that of one unit, n_c how often value c was given:
//
//	alpha = 1 − D_o/D_e
//	D_o = 1/n·Σ_units 1/(m − 1)·Σ_{i≠j} δ²(v_i, v_j)
//	D_e = 1/(n(n − 1))·Σ_{c≠k} n_c·n_k·δ²(c, k)
//
//	nominal   δ² = 1 for different values
//	ordinal   δ² = (Σ_{g=c..k} n_g − (n_c + n_k)/2)²: the squared difference of mid-ranks
//	interval  δ² = (c − k)²
//	ratio     δ² = ((c − k)/(c + k))², 0 for two zeros; no value below 0
//
// Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011; Hayes &
// Krippendorff 2007, doi:10.1080/19312450709336664. Interval: units are drawn with replacement,
// 2.5 % and 97.5 % quantiles (type 7) of alpha; draws in which no value
// varies have no alpha and are left out.
//
// # Cohen's kappa
//
// For exactly two raters, over units that both rated, with p_ij the share of
// units in category i of one and j of the other:
//
//	kappa = 1 − Σ d_ij·p_ij/Σ d_ij·p_i.·p_.j
//
// d is 1 for i ≠ j (plain), |i − j| (linear), (i − j)² (quadratic), which is the
// same as weights 1 − |i − j|/(k − 1) and 1 − (i − j)²/(k − 1)². i and j number the
// values that occur, in order: a value that nobody gave is no step.
// Cohen 1960, doi:10.1177/001316446002000104; 1968, doi:10.1037/h0026256.
//
// # Intraclass correlations
//
// For interval and ratio. MSB, MSW, MSJ, MSE are the mean squares between units,
// within units, between raters, and of the rest; n units, k ratings each:
//
//	ICC(1)    (MSB − MSW)/(MSB + (k − 1)·MSW)            raters differ from unit to unit
//	ICC(2,1)  (MSB − MSE)/(MSB + (k − 1)·MSE + k(MSJ − MSE)/n)   the same raters, absolute agreement
//	ICC(3,1)  (MSB − MSE)/(MSB + (k − 1)·MSE)            the same raters, consistency
//	averages  (MSB − MSW)/MSB, (MSB − MSE)/(MSB + (MSJ − MSE)/n), (MSB − MSE)/MSB
//
// Intervals from F as in Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420, and McGraw &
// Wong 1996, doi:10.1037/1082-989X.1.1.30. ICC(1) takes all units with two ratings or
// more; when their numbers differ, k is k0 = (N − Σm²/N)/(n − 1) and the interval is
// near, not exact. ICC(2) and ICC(3) take the units that every rater rated.
//
// # Limits
//
// Agreement is not truth: raters may share a mistake. Alpha and kappa fall when
// nearly all units are of one kind, however well the raters agree. With few
// units the intervals are wide and themselves uncertain.
//
// What is not defined is NaN, and a warning says why. No result is infinite.
package agreement

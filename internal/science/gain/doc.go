// Package gain tells how much a group learnt between two tests, and how well a
// test measures.
//
// Analyse takes one pair of scores a person. Only persons with both scores
// enter, and the three counts are always told. Items takes the points of each
// person on each item. Both are pure: the result depends on the set of rows,
// never on their order, and the bootstrap has its own generator, whose seed is
// part of the result.
//
// # Gain
//
// With pre and post the scores of one person, d = post − pre, n pairs, and max
// the highest possible score:
//
//	class gain       <g> = (mean post − mean pre)/(max − mean pre)     Hake 1998, doi:10.1119/1.18809
//	individual gain  mean of (post − pre)/(max − pre), pre = max left out
//	normalised change  mean of c: (post − pre)/(max − pre) after a gain,
//	                 (post − pre)/pre after a loss, 0 when equal; who had 0 twice or
//	                 max twice is left out                             Marx & Cummings 2007, doi:10.1119/1.2372468
//	paired t         t = mean d/(s/√n), df = n − 1, s with n − 1; interval of mean d
//	d_z              mean d/s; interval: the noncentralities at which t lies at
//	                 .975 and .025, divided by √n                      Cumming & Finch 2001, doi:10.1177/0013164401614002
//	Hedges           d_z·Γ(df/2)/(√(df/2)·Γ((df − 1)/2))               Hedges 1981, doi:10.3102/10769986006002107
//	d_av             mean d/((s pre + s post)/2)
//	signed ranks     differences of 0 dropped, mid-ranks of |d|, W+ and W− their sums;
//	                 exact: p = 2·min(P(W ≤ W+), P(W ≥ W+)), at most 1, by convolution
//	                 over doubled ranks; normal: |W+ − m(m+1)/4| less ½, over
//	                 √(m(m+1)(2m+1)/24 − Σ(t³ − t)/48)                 Wilcoxon 1945, doi:10.2307/3001968
//	rank-biserial    (W+ − W−)/(W+ + W−)                               Kerby 2014, doi:10.2466/11.IT.3.1
//	Hodges-Lehmann   median of (d_i + d_j)/2, i ≤ j, over differences that are not 0,
//	                 as the test                                       doi:10.1214/aoms/1177704172
//	bootstrap        persons drawn with replacement; percentile and BCa (Efron 1987,
//	                 doi:10.1080/01621459.1987.10478410); quantiles of type 7 (Hyndman & Fan)
//
// Scores are kept as decimal numbers (to 1e-9 up to a max of 1,000; 1e-6 to a
// million; 1e-3 above), so that equal differences are equal and ties are ties:
// 2.3 − 2.2 and 1.3 − 1.2 tie.
//
// # Items
//
// A blank is a wrong answer: 0 points.
//
//	difficulty       mean points/max: the share that the group got
//	item-rest        correlation of the item with the sum of the other items
//	upper-lower 27 % g = ⌊.27·n + ½⌋ persons with the highest and with the lowest totals:
//	                 difference of difficulties. Persons tied at the border share the
//	                 places that are left equally (a fraction of each is counted), so
//	                 that no order of rows decides                     Kelley 1939, doi:10.1037/h0057123
//	alpha            k/(k − 1)·(1 − Σs_i²/s_T²)                        Cronbach 1951, doi:10.1007/BF02310555
//	KR-20            alpha of items scored 0 or 1
//	interval         1 − (1 − alpha)·F(.975 and .025; n − 1, (n − 1)(k − 1))
//	                                                                   Feldt 1965, doi:10.1007/BF02289499
//	SEM              s_T·√(1 − alpha), s_T with n − 1
//
// # Limits
//
// A gain is not an effect of teaching: people who take the same test twice do
// better the second time, without any lesson. Nothing here can tell the two
// apart; the warning PracticeEffectUnknown stands in every result. Fewer than
// MinPairs pairs give no statistics. The interval of d_z and the t test suppose
// differences that are near to normal; signed ranks suppose symmetry. Feldt's
// interval supposes persons drawn at random and normal scores.
//
// What is not defined is NaN, and a warning says why. No result is infinite.
package gain

// Package opinion draws the map of a conversation from votes on short
// statements: where each person stands, which groups there are, what sets them
// apart and what all agree on. docs/opinion-map.md says it for people.
//
// # Votes
//
// V is people by statements: agree 1, pass 0, disagree -1, missing where there
// is no vote; the last vote counts. R is V with the columns of statements that
// are moderated out or meta set to 0 for everybody, also for those who never
// saw them (zeroed, not dropped: dropping them moves the groups). S is the
// number of columns, n_i the number of entries of person i in R. R gives
// centre, components, places, tests and consensus; V gives the seven votes of
// the conversation rule, the group-aware consensus and the priority.
//
// # Places
//
//	centre       m_j  = mean of the entries of column j of R
//	components   c1, c2 = eigenvectors of Y'Y, Y_ij = R_ij - m_j where there is
//	             an entry, 0 elsewhere; length 1, largest entry positive
//	place        p_i  = sqrt(S/n_i) · Σ_j Y_ij (c1_j, c2_j)
//	extremity    e_j  = sqrt(S) · |1 - m_j| · |(c1_j, c2_j)|
//
// With A_jk = Σ v_ij v_ik, B_jk = Σ v_ij and N_jk = Σ 1 over the people who
// voted on both, Y'Y = A - B∘m' - (B∘m')' + mm'∘N. The sums are whole numbers;
// a vote of a person with n votes changes n of each (Map.Vote).
//
// A person's uncertainty takes the n open statements that she voted on for a
// sample without replacement of the N open ones: the covariance of p_i is
// S/n_i · n (1 - n/N) · C, where C is the covariance of her terms
// Y_ij (c1_j, c2_j), with five terms' worth of everybody's mixed in.
//
// A person is in the conversation who voted on 7 statements, or on all; if
// those are fewer than 15 people, the most active others are added.
//
// # Groups
//
// People in the conversation are grouped by k-means, seeded by k-means++, best
// of 24 starts, for each k from 2 to 5, along the first max(2, k-1) components.
// A group has at least five people and one in fifty. Another group must raise
// the silhouette by 0.05. The groups are clear when all of these hold, else
// Doubt says which does not:
//
//   - at least 40 people are in the conversation;
//   - the first eigenvalue lies 6 standard deviations above those of the same
//     votes dealt out anew within each statement (parallel analysis);
//   - the silhouette is at least 0.40, and 0.02 above that of a normal cloud of
//     the same covariance cut in two;
//   - stability is at least 0.8: the median adjusted Rand index between the
//     groups and those found, k and all, after dropping 5 % of the votes at
//     random, a hundred times. Of more than 3,000 people, 3,000 drawn by lot
//     are resampled, fifty times, which makes stability look rather smaller;
//   - of fewer than 60 people, the silhouette is at least 0.50, and 0.05 above
//     that of the normal cloud, and stability at least 0.9.
//
// # Statistics of group g and statement j
//
// With na, nd, ns who agree, disagree, have seen (in R), o all other groups:
//
//	pa   = (na+1)/(ns+2)             pat = 2 sqrt(ns+1) ((na+1)/(ns+1) - 1/2)
//	ra   = pa / ((na_o+1)/(ns_o+2))
//	rat  = (x - y) / sqrt(q (1-q) (1/(ns+1) + 1/(ns_o+1))), 0 if q = 1;
//	       x = (na+1)/(ns+1), y = (na_o+1)/(ns_o+1), q = (na+na_o+2)/(ns+ns_o+2)
//
// and pd, pdt, rd, rdt for disagreeing. Significant is z > 1.2816. A statement
// is representative when rat and pat, or rdt and pdt, are significant, for the
// side with the larger r·t, by the product of all four; the one the group
// agrees on best comes first; at most five. Consensus are the statements with
// p > 1/2 and a significant test over everybody, by p times its test.
//
//	group-aware consensus  Π_g (A_gj+1)/(S_gj+2)
//	priority               (i (1 + 8·2^(-S_j/5)))², 49 for meta statements;
//	                       i = (1 - (P_j+1)/(S_j+2)) (e_j+1) (A_j+1)/(S_j+2)
//
// with A, P, S agreeing, passing, seen on V, over the people in groups (over
// all in the conversation when there are none).
//
// # Determinism
//
// Sums of votes are whole numbers. Other sums are taken of fixed-point numbers,
// or in an order that comes from the votes alone (canonical.go), never from the
// order of rows, columns or goroutines; products are not fused. So the same
// votes give the same Snapshot bit by bit. Only representative and consensus
// lists go through the statements in the order of their numbers, as the
// reference does: ties, and which statement is the best to agree on, depend on
// it. So give statements numbers in the order of their ids.
//
// # Limits
//
// Up to 1,000,000 people, 10,000 statements and 50,000,000 votes. People who stand anywhere on
// one line, with no gap between, are cut in two camps: their yes and no answers
// pile up at both ends. A cloud in the plane is taken for two groups now and
// then (2 of 10 in the tests), one of five dimensions never. Groups differ from
// other software's: k-means has many local optima, and published groups are one
// of them.
//
// # Sources
//
// C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, Polis: Scaling
// Deliberation by Mapping High Dimensional Opinion Spaces, Recerca 26(2), 2021,
// doi:10.6035/recerca.5516 (statistics); D. Arthur, S. Vassilvitskii, SODA 2007
// (k-means++); P. J. Rousseeuw, doi:10.1016/0377-0427(87)90125-7 (silhouette);
// L. Hubert, P. Arabie, doi:10.1007/BF01908075 (adjusted Rand index); J. L.
// Horn, doi:10.1007/BF02289447 (parallel analysis); Y. Liu, D. N. Hayes, A.
// Nobel, J. S. Marron, doi:10.1198/016214508000000454 (groups against one
// normal cloud).
package opinion

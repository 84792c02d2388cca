// Package demostory lets the invented people live: they apply, are selected,
// answer or keep silent, come or stay away, from the first seminar until now.
// It goes through the same use cases as real people do, with the clock of each
// transaction set to when it would have happened, so that what the demo shows
// is what the house makes of it and nothing is painted on.
package demostory

// Package opinion draws the map of a conversation from votes on short
// statements: where each person stands, which groups there are, what sets them
// apart and what all agree on. The statistics are those of Polis, computed from
// the formulas below; the groups are found by a method of our own, and shown
// only when they are clear.
package opinion

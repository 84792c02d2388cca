// Package people holds persons: who they are, what they agreed to, how they
// sign in and what they may do. It is the only room with personal data; all
// others keep a person's id and ask here.
//
//	person ── data key (wrapped by the installation's key)
//	   ├── sealed: one box with name, channels, sex, age, city, group … and the subject
//	   ├── blind indexes: e-mail, phone, phone+name, name, Telegram chat, subject
//	   └── name parts: a 12-bit bucket for the first three letters of each word
//
// Everything about a person lies in one box under her own key, also what is
// needed for balance (sex, age, city, group, level). The list of people is sorted,
// narrowed and searched in a directory of names in memory (directory.go), which is
// made of all boxes, renewed by what has changed, and never written; a page opens the
// boxes of those on it. Search, for who needs no pages, opens what may fit, some 50 µs
// a person on two cores (BenchmarkSearch).
// Numbers are made from facts, which carry a snapshot of those five and a random
// subject; only the box links a subject to a person.
//
// What a thief of the database without the secret learns: how many people there
// are, which rows have the same phone or the same name, and for the name parts
// that two people fell in one of 4096 buckets, which several beginnings share.
// That is the price of search by name without names in clear.
//
// Of an account at the organisation's issuer only a keyed hash is kept, beside the
// person whom it opens.
//
// Erasing a person deletes key, box, indexes, links, accounts and sessions, and notes her
// keyed name in a list beside the secret: an old backup is blanked of her key by it, and
// restores without her. A backup holds none of the indexes; see BackupRules and Reindex.
//
// It is large because whoever may open the box of a person stands here and nowhere else:
// register, search, sign-in, merge, import and erasure share its key, its indexes and
// one promise.
package people

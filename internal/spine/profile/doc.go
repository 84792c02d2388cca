// Package profile holds the words for what a person tells of herself, once: the fields
// of her record, the values that may be chosen with their codes and their order, how
// long what she writes may be, the question of a form that asks for a field, the name
// under which people are counted by it, and the headings and words by which a table of
// people names it. All rooms read this table; none writes a code of its own.
//
// The codes are stored and exported, so they never change and are never used again for
// something else. Cities, groups, levels and age bands are data of the house: Lists is the
// value, Book keeps it in memory and in step with the database, seeds.go is what a house
// begins with, and programme/lists changes it. The package holds no person: who reads or
// writes the field of a record calls people.Details.Get and Set.
package profile

// Package exports makes long tables of lists beside the pages, and keeps each for a day
// for who asked for it.
//
//	Ask ─ parts of ids ─ MakePiece … MakePiece ─ ready ─ TakePiece … TakePiece
//	                        a job, one transaction each       CSV or XLSX, as it is taken
//
// A list tells in its manifest how rows become a table (module.Export); this room knows
// nothing of what is in them. The parts lie in the database, sealed with the key of who
// asked, so that replicas share them, a restart goes on with the first that is not made,
// and none is made twice. No more than a part is ever in memory, and nothing is written to
// a disk in clear.
//
// What is erased stays erased: an erasure writes every part anew without the person, in
// its own transaction (personal.go), and no backup holds the tables. Whose roles have
// changed since she asked takes nothing.
package exports

// Package results shows what the programme has reached: numbers computed from
// facts alone, each opening to the facts behind it.
//
// Here live the staff's page of numbers and the list of facts behind one
// number. What is counted is declared by the modules that record it; a person
// is never named here, since a fact knows only her subject number.
//
//	facts of the ledger -> ledger.Count -> a table for each dimension
//	                    -> ledger.Behind -> the facts behind one cell
//
// It is large because one object has many channels (page, files, paper, interface, picture,
// press) and staff read the exact numbers beside it: each is small, and none makes sense alone.
package results

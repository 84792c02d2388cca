// Package qti reads questions in QTI, versions 3 and 2: one item, or a package, which is a
// zip file with imsmanifest.xml. It writes none.
//
// An item is taken when it has one interaction that the bank has a kind for (choice, match,
// order, extended text, or a gap of text entry or inline choice) and says how it is marked by
// one of the two usual templates, by its name or written out:
//
//	match_correct   all that is correct and nothing else, or nothing
//	map_response    the sum of what the mapping gives, between its bounds
//
// Everything else (rules of its own, templates, adaptive items, feedback, other
// interactions) is a finding of its item, with file, line and column, and nothing is
// guessed. A package is read in memory, within bounds, and nothing of it is unpacked.
package qti

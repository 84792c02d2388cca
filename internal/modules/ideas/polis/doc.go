// Package polis reads and writes conversations in the export format of Polis:
// a folder with participants-votes.csv (a row for each person, a column for
// each statement), comments.csv (the statements), votes.csv (every vote with
// its moment) and summary.csv.
//
// The reader is lenient where nothing is lost by it: files may lack, columns
// may stand in any order and under their older names, columns that are not
// statements are left out with a note, ids need not be numbers. It is strict
// where guessing would change the result: a vote is 1, 0, -1 or nothing, a
// person has one row, a statement one column. Counts in the files are not
// believed; votes are.
//
// The sign is that of the files: 1 agrees. (The database and the API of Polis
// have -1 for agreeing.)
package polis

// Package lite is the part of SQLite's interface that the store needs, straight
// over the translated library of modernc.org/sqlite: a connection with its
// prepared statements, rows, and an interrupt.
//
// database/sql and the driver between cost two thirds of a small statement:
// locks, a goroutine for each context, names of columns and parameters read
// anew each time, memory for each value. A connection here belongs to one
// goroutine at a time; only Interrupt may come from another.
package lite

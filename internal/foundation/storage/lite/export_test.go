package lite

import sqlite3 "modernc.org/sqlite/lib"

// Made tells how often a statement was prepared.
func (c *Conn) Made() int { return c.made }

// Kept is how many statements stay prepared.
const Kept = mostStatements

// Prepared counts the statements that SQLite holds for the connection.
func (c *Conn) Prepared() (n int) {
	for p := sqlite3.Xsqlite3_next_stmt(c.tls, c.db, 0); p != 0; p = sqlite3.Xsqlite3_next_stmt(c.tls, c.db, p) {
		n++
	}
	return n
}

// Room gives what lies in the memory for arguments of a kept statement.
func (c *Conn) Room(query string) []byte {
	s := c.stmts.texts[query]
	return memory(s.room, s.size)
}

// MostRoom is what a statement may keep for its next arguments.
const MostRoom = mostRoom

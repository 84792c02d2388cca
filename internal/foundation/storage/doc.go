// Package storage keeps everything in SQLite or PostgreSQL behind one door:
// Write for a change, Read for a look, each on one transaction.
//
//	caller ─┐                 ┌─ closure 1 ─┐
//	caller ─┼─ Write ─ queue ─ BEGIN ─ closure 2 ─ COMMIT ─ answers (one sync for all)
//	caller ─┘                 └─ closure 3 ─┘
//	caller ─── Read ── one of 8 to 16 read-only connections, one unchanging view
//
// That is SQLite: a commit waits for the disk, so the changes that arrive
// meanwhile share the next one; what a closure that fails has changed is undone
// alone. On PostgreSQL each Write has a connection and a
// transaction of its own and runs again when the engine asks for it.
//
// Here too: ids, instants, migrations, names of broken constraints, backup.
// Not here: any table of a module, any rule of the programme.
//
// It is large because one promise, that what is answered is kept, holds over two
// engines, their migrations and their backups, and each part tests the others.
package storage

// Package storage keeps everything in SQLite or PostgreSQL behind one door:
// Write for a change, Read for a look, each on one transaction.
//
//	caller ─┐                      ┌─ SAVEPOINT caller 1 RELEASE
//	caller ─┼─ Write ─ queue ─ BEGIN ─ SAVEPOINT caller 2 ROLLBACK TO ─ COMMIT ─ answers
//	caller ─┘                      └─ SAVEPOINT caller 3 RELEASE        (one sync for all)
//	caller ─── Read ── one of 8 to 16 read-only connections, one unchanging view
//
// That is SQLite: a commit waits for the disk, so the changes that arrive
// meanwhile share the next one. On PostgreSQL each Write has a connection and a
// transaction of its own and runs again when the engine asks for it.
//
// Here too: ids, instants, migrations, names of broken constraints, backup.
// Not here: any table of a module, any rule of the programme.
package storage

// Package storagetest gives each test a database of its own: a file on SQLite,
// a database on PostgreSQL, both made by copying one that is already migrated.
//
// PostgreSQL is the server named by ASHAR_TEST_POSTGRES, else a private one
// that is started once for a test binary and ends with it. With
// ASHAR_TEST_ENGINES=sqlite no PostgreSQL is needed and its tests are skipped.
package storagetest

package storage

// Dialect is the engine that keeps the data.
type Dialect int

// The engines.
const (
	SQLite Dialect = iota
	PostgreSQL
)

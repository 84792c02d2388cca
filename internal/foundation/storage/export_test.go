package storage

import (
	"context"
	"io/fs"
	"maps"
	"testing/fstest"
	"time"
)

// UseMigrations opens a store with other migrations than the embedded ones.
func (o *Options) UseMigrations(from fs.FS) { o.migrations = from }

// LimitWrites opens a store whose writes may last only so long.
func LimitWrites(limit time.Duration) func(*Options) {
	return func(o *Options) { o.limit = limit }
}

// AddMigration opens a store with one more migration than the embedded ones.
func (o *Options) AddMigration(name, body string) {
	files := Embedded()
	if o.migrations != nil {
		files = maps.Clone(o.migrations.(fstest.MapFS))
	}
	files["migrations/"+name] = &fstest.MapFile{Data: []byte(body)}
	o.migrations = files
}

// Embedded gives the migrations of the binary, to change in a test.
func Embedded() fstest.MapFS {
	files := fstest.MapFS{}
	entries, err := fs.ReadDir(embedded, "migrations")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		body, err := fs.ReadFile(embedded, "migrations/"+e.Name())
		if err != nil {
			panic(err)
		}
		files["migrations/"+e.Name()] = &fstest.MapFile{Data: body}
	}
	return files
}

// Opened is how every connection to SQLite is opened.
func Opened(ctx context.Context, open func() (int, error)) (int, error) { return opened(ctx, open) }

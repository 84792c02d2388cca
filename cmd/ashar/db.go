package main

import (
	"context"
	"fmt"
	"os"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
)

type dbCommand struct {
	Check  dbCheckCommand  `cmd:"" help:"Look for damage and broken references in the database."`
	Vacuum dbVacuumCommand `cmd:"" help:"Give the room of deleted rows back to the disk."`
}

// database says where the data lies, for commands that work on it alone.
type database struct {
	Data        string `name:"data" env:"ASHAR_DATA" default:"data" placeholder:"DIR" help:"Folder of the database, files and keys."`
	DatabaseURL string `name:"database-url" env:"ASHAR_DATABASE_URL" placeholder:"URL" help:"PostgreSQL, postgres://…; empty: SQLite in the data folder."`
	FilesURL    string `name:"files-url" env:"ASHAR_FILES_URL" placeholder:"URL" help:"Where uploads lie, s3://key:secret@host/bucket; empty: files in the data folder."`
}

func (d database) config() config.Config {
	return config.Config{Data: d.Data, DatabaseURL: d.DatabaseURL, FilesURL: d.FilesURL, Addr: "127.0.0.1:8080"}
}

// open opens a database that is there; it never makes one.
func (d database) open(ctx context.Context) (*storage.Store, error) {
	c := d.config()
	if err := c.Check(); err != nil {
		return nil, err
	}
	if path := c.Database(); path != "" {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no database at %s: name its folder with --data", path)
		}
	}
	return storage.Open(ctx, storage.Options{Path: c.Database(), URL: c.DatabaseURL})
}

type dbCheckCommand struct{ database }

func (dbCheckCommand) Help() string { return "Example: ashar db check --data /var/lib/ashar" }

// Run prints "ok", or what is broken.
func (c dbCheckCommand) Run(ctx context.Context, con console) error {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Check(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.out, "ok")
	return err
}

type dbVacuumCommand struct{ database }

func (dbVacuumCommand) Help() string { return "Example: ashar db vacuum --data /var/lib/ashar" }

// Run packs the database.
func (c dbVacuumCommand) Run(ctx context.Context, con console) error {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Vacuum(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.out, "ok")
	return err
}

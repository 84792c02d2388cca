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
	SecretFile  string `name:"secret-file" env:"ASHAR_SECRET_FILE" placeholder:"FILE" help:"File with the installation's keys; empty: secret.key in the data folder."`
	BackupKey   string `name:"backup-key" env:"ASHAR_BACKUP_KEY" placeholder:"PASSPHRASE" help:"Passphrase of backups; empty: they are not encrypted."`
}

func (d database) config() config.Config {
	return config.Config{Data: d.Data, DatabaseURL: d.DatabaseURL, FilesURL: d.FilesURL, SecretFile: d.SecretFile, BackupKey: d.BackupKey, Addr: "127.0.0.1:8080"}
}

// mustBeThere refuses to go on where there is no database yet.
func (d database) mustBeThere() error {
	if path := d.config().Database(); path != "" {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("there is no database at %s: name its folder with --data", path)
		}
	}
	return nil
}

// open opens a database that is there, as it is; it never makes one.
func (d database) open() (*storage.Store, error) {
	c := d.config()
	if err := c.Check(); err != nil {
		return nil, err
	}
	if err := d.mustBeThere(); err != nil {
		return nil, err
	}
	return storage.OpenAsIs(storage.Options{Path: c.Database(), URL: c.DatabaseURL})
}

type dbCheckCommand struct{ database }

func (dbCheckCommand) Help() string { return "Example: ashar db check --data /var/lib/ashar" }

// Run prints "ok", or what is broken.
func (c dbCheckCommand) Run(ctx context.Context, con console) error {
	store, err := c.open()
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
	store, err := c.open()
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

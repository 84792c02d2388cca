package main

import (
	"context"
	"fmt"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
)

type backupCommand struct {
	database
	Key  string `name:"backup-key" env:"ASHAR_BACKUP_KEY" placeholder:"PASSPHRASE" help:"Passphrase that encrypts the backup."`
	File string `arg:"" help:"The file to write; it must not be there yet."`
}

func (backupCommand) Help() string {
	return "Works while the server runs. Uploaded files of the data folder are in the backup; those of a bucket (ASHAR_FILES_URL) are not. Keep the secret file apart from the backups.\n\nExample: ashar backup /backup/2026-11-22.ashar --data /var/lib/ashar"
}

// Run writes a backup and reads it once more before it says so.
func (c backupCommand) Run(ctx context.Context, con console) error {
	conf := c.config()
	if err := conf.Check(); err != nil {
		return err
	}
	store, err := storage.Open(ctx, storage.Options{Path: conf.Database(), URL: conf.DatabaseURL, BackupKey: c.Key})
	if err != nil {
		return err
	}
	defer store.Close()
	with, err := filesOf(conf)
	if err != nil {
		return err
	}
	if err := store.Backup(ctx, c.File, with); err != nil {
		return err
	}
	if with == nil {
		fmt.Fprintln(con.err, "The uploaded files lie in the bucket of ASHAR_FILES_URL and are not in the backup: keep copies of the bucket.")
	}
	if c.Key == "" {
		fmt.Fprintln(con.err, "The backup is not encrypted; set ASHAR_BACKUP_KEY to encrypt the next.")
	}
	_, err = fmt.Fprintln(con.out, c.File)
	return err
}

// filesOf gives the uploads that go into a backup: those of the data folder. A
// bucket is too large for one file and has copies of its own; nil then.
func filesOf(c config.Config) (storage.Files, error) {
	if c.FilesURL != "" {
		return nil, nil
	}
	kept, err := files.New("", c.Data)
	return files.All{Store: kept}, err
}

type restoreCommand struct {
	database
	Key  string `name:"backup-key" env:"ASHAR_BACKUP_KEY" placeholder:"PASSPHRASE" help:"Passphrase that the backup was encrypted with."`
	File string `arg:"" help:"The backup."`
}

func (restoreCommand) Help() string {
	return "The target must be empty. Put the secret file, and the file \"erased\", back beside the database first.\n\nExample: ashar restore /backup/2026-11-22.ashar --data /var/lib/ashar"
}

// Run fills an empty database from a backup; a target that holds data is refused.
func (c restoreCommand) Run(ctx context.Context, con console) error {
	conf := c.config()
	if err := conf.Check(); err != nil {
		return err
	}
	kept, err := files.New(conf.FilesURL, conf.Data)
	if err != nil {
		return err
	}
	if err := storage.Restore(ctx, storage.Options{Path: conf.Database(), URL: conf.DatabaseURL, BackupKey: c.Key}, c.File, files.All{Store: kept}); err != nil {
		return err
	}
	// Opening the house erases again whoever was erased since the backup was made.
	a, err := c.house(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	_, err = fmt.Fprintln(con.out, "ok")
	return err
}

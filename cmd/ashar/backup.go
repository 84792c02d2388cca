package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

type backupCommand struct {
	database
	File  string   `arg:"" help:"The file to write; it must not be there yet."`
	Blank []string `placeholder:"DIR" help:"A folder with older backups, on another disk, out of which the erased are blanked too; may be repeated."`
	Yes   bool     `help:"Blank also when more than ten people at once are to be blanked."`
}

func (backupCommand) Help() string {
	return `Works while the server runs. Uploaded files of the data folder are in the backup; those of a bucket (ASHAR_FILES_URL) are not. Keep the secret file, and the list "erased" that lies beside it, apart from the backups.

After writing, whoever was erased is blanked in all backups of the file's folder, of each --blank folder and of the data folder: nothing in them opens her any more. When more than ten people are to be blanked at once, nobody is until you say --yes; the new backup is written in any case.

Example: ashar backup /backup/2026-11-22.ashar --data /var/lib/ashar --blank /mnt/second-disk`
}

// Run writes a backup, reads it once more before it says so, and blanks the erased.
func (c backupCommand) Run(ctx context.Context, con console) error {
	for _, dir := range c.Blank { // before anything is written: a disk that is not mounted is a mistake
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("--blank: %s is no folder that can be read", dir)
		}
	}
	if _, err := os.Stat(c.File); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: a backup is written to a new file", c.File)
	}
	if err := c.mustBeThere(); err != nil {
		return err
	}
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.Backup(ctx, c.File, app.BackupOptions{Blank: c.Blank, Yes: c.Yes})
	if _, missing := os.Stat(c.File); missing != nil {
		return err
	}
	if r.NoFiles {
		fmt.Fprintln(con.err, "The uploaded files lie in the bucket of ASHAR_FILES_URL and are not in the backup: keep copies of the bucket.")
	}
	switch {
	case c.BackupKey == "":
		fmt.Fprintln(con.err, "The backup is not encrypted; set ASHAR_BACKUP_KEY to encrypt the next.")
	case seal.Weak(c.BackupKey):
		fmt.Fprintln(con.err, "The passphrase in ASHAR_BACKUP_KEY is weak: whoever has the backup can guess it. Take six random words or more, or what \"openssl rand -base64 24\" prints, and keep the old one as long as backups that need it.")
	}
	sayBlanking(con, r.Blanking)
	fmt.Fprintln(con.out, c.File)
	return err
}

// sayBlanking tells what became of the erased in the older backups.
func sayBlanking(con console, b storage.Blanking) {
	if b.Waits {
		fmt.Fprintf(con.err, "Nobody was blanked: %s erased are still in older backups, more than %d at once. If that is right, run it again with --yes.\n", counted(b.Owners, "person", "people"), app.BlankAtOnce)
	}
	for _, f := range b.Files {
		switch {
		case f.Found == storage.FoundOld:
			fmt.Fprintf(con.err, "%s: without slots, made by an older ashar: whoever is erased stays in it. Delete it when newer backups have proven themselves.\n", f.Path)
		case f.Found == storage.FoundForeign:
			fmt.Fprintf(con.err, "%s: of another installation, left as it is.\n", f.Path)
		case f.Found == storage.FoundDamaged:
			fmt.Fprintf(con.err, "%s: its head is damaged, nobody can be blanked in it. It cannot be restored either: delete it.\n", f.Path)
		case f.Spoilt > 0:
			fmt.Fprintf(con.err, "%s: %s damaged, it cannot be restored: delete it.\n", f.Path, counted(f.Spoilt, "slot is", "slots are"))
		}
		if f.Blanked > 0 {
			fmt.Fprintf(con.err, "%s: %s blanked.\n", f.Path, counted(f.Blanked, "erased person", "erased people"))
		}
	}
}

// counted gives a number with its word.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

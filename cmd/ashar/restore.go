package main

import (
	"context"
	"fmt"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/storage"
)

type restoreCommand struct {
	database
	File                  string `arg:"" help:"The backup."`
	DryRun                bool   `help:"Rehearse it in a temporary place and say what would come of it; nothing is changed."`
	AcceptMissingErasures bool   `help:"Restore although the list of the erased is missing: who was erased since may come back to life."`
	AsItWas               bool   `help:"Leave the tables as the older ashar knows them that wrote the backup, to go back to it after an upgrade."`
}

func (restoreCommand) Help() string {
	return `The target must be empty. Put the secret file, and the list "erased" that lay beside it, in their place first.

Example: ashar restore /backup/2026-11-22.ashar --data /var/lib/ashar --dry-run`
}

// Run fills an empty installation from a backup; a target that holds data is refused.
func (c restoreCommand) Run(ctx context.Context, con console) error {
	conf := c.config()
	if err := conf.Check(); err != nil {
		return err
	}
	r, err := app.Restore(ctx, conf, c.File, app.RestoreOptions{
		DryRun: c.DryRun, AcceptMissingErasures: c.AcceptMissingErasures, AsItWas: c.AsItWas,
	})
	if err != nil {
		return err
	}
	c.say(con, r)
	_, err = fmt.Fprintln(con.out, "ok"+dry(c.DryRun))
	return err
}

func (c restoreCommand) say(con console, r app.RestoreReport) {
	fmt.Fprintf(con.err, "The backup is of %s and holds %s, %s.\n", r.Made.Format("2006-01-02 15:04 UTC"), counted(int(r.Rows), "row", "rows"), counted(int(r.Files), "file", "files"))
	if r.Format == 1 {
		fmt.Fprintln(con.err, "It was made by an older ashar and has no slots: whoever is erased stays in it. Delete it when a newer backup has proven itself.")
	}
	if r.List {
		fmt.Fprintf(con.err, "The list of the erased reaches to %s; who was erased later, and is not in it, would be back.\n", r.Since.Format("2006-01-02 15:04 UTC"))
	} else {
		fmt.Fprintf(con.err, "The list of the erased is missing: who was erased since %s may be back. Ask those who did the erasures, and erase again.\n", r.Since.Format("2006-01-02 15:04 UTC"))
	}
	buried := "Buried again"
	if c.AsItWas {
		buried = "To be buried by the older ashar at its start"
	}
	sayIDs(con, buried+", as the list says", r.Buried)
	sayIDs(con, buried+", since the backup was blanked of them though the list does not name them", r.Unnamed)
	fmt.Fprintf(con.err, "%s in the database.\n", counted(r.People, "person is", "people are"))
}

// sayIDs tells who it was: the id is all that is left of her.
func sayIDs(con console, what string, ids []storage.ID) {
	if len(ids) == 0 {
		return
	}
	fmt.Fprintf(con.err, "%s: %d\n", what, len(ids))
	for _, id := range ids {
		fmt.Fprintln(con.err, "  "+id.String())
	}
}

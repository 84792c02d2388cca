package main

import (
	"context"
	"encoding/json"
	"fmt"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

type personCommand struct {
	Erase  personEraseCommand  `cmd:"" help:"Erase a person: her key, her data, what links facts to her."`
	Export personExportCommand `cmd:"" help:"Print everything that is kept of a person as JSON."`
}

type personEraseCommand struct {
	database
	ID  string `arg:"" help:"The person's id, from the address of her page."`
	Yes bool   `help:"Really do it; it cannot be undone."`
}

func (personEraseCommand) Help() string {
	return "Example: ashar person erase 01a2045a-6bb2-7989-b26d-9e80efcdd31c --yes --data /var/lib/ashar"
}

// Run erases one person.
func (c personEraseCommand) Run(ctx context.Context, con console) error {
	id, err := storage.ParseID(c.ID)
	if err != nil {
		return fmt.Errorf("%q is not an id; an id looks like 01a2045a-6bb2-7989-b26d-9e80efcdd31c", c.ID)
	}
	if !c.Yes {
		return fmt.Errorf("erasing cannot be undone; add --yes to do it")
	}
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.People().EraseForGood(ctx, storage.ID{}, id); err != nil {
		return inWords(err, a.Texts(i18n.English))
	}
	_, err = fmt.Fprintln(con.out, "erased")
	return err
}

type personExportCommand struct {
	database
	ID string `arg:"" help:"The person's id, from the address of her page."`
}

func (personExportCommand) Help() string {
	return "Example: ashar person export 01a2045a-6bb2-7989-b26d-9e80efcdd31c --data /var/lib/ashar"
}

// Run prints the archive of one person.
func (c personExportCommand) Run(ctx context.Context, con console) error {
	id, err := storage.ParseID(c.ID)
	if err != nil {
		return fmt.Errorf("%q is not an id; an id looks like 01a2045a-6bb2-7989-b26d-9e80efcdd31c", c.ID)
	}
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	var archive map[string]any
	// A write: the export itself is noted in the audit log.
	err = a.Store().Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		archive, err = a.People().Export(ctx, tx, id)
		return err
	})
	if err != nil {
		return inWords(err, a.Texts(i18n.English))
	}
	out := json.NewEncoder(con.out)
	out.SetIndent("", "  ")
	return out.Encode(archive)
}

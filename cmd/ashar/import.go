package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/roster"
)

type importCommand struct {
	Programme importProgrammeCommand `cmd:"" help:"Bring a programme from a YAML file; a second time changes nothing."`
	People    importPeopleCommand    `cmd:"" help:"Bring people from a CSV or XLSX file; a second time changes nothing."`
}

// house opens the house for a command that works beside a running server.
func (d database) house(ctx context.Context, con console) (*app.App, error) {
	c := d.config()
	if err := c.Check(); err != nil {
		return nil, err
	}
	return app.Open(ctx, c, app.Options{Say: con.say})
}

type importProgrammeCommand struct {
	database
	File   string `arg:"" help:"The file, programme.yaml."`
	DryRun bool   `help:"Only say what would change."`
}

func (importProgrammeCommand) Help() string {
	return "Example: ashar import programme programme.yaml --data /var/lib/ashar --dry-run"
}

// Run prints what was made and changed, one thing a line.
func (c importProgrammeCommand) Run(ctx context.Context, con console) error {
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.ImportProgramme(ctx, c.File, c.DryRun)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(c.File), err)
	}
	for _, line := range r.Lines {
		fmt.Fprintln(con.out, line)
	}
	_, err = fmt.Fprintf(con.out, "new %d, changed %d, same %d%s%s\n", r.Made, r.Changed, r.Same, kept(r.Kept), dry(c.DryRun))
	return err
}

func kept(fields int) string {
	if fields == 0 {
		return ""
	}
	return fmt.Sprintf(", kept %d fields that were changed on screen", fields)
}

func dry(run bool) string {
	if run {
		return " (dry run: nothing was written)"
	}
	return ""
}

type importPeopleCommand struct {
	database
	File   string `arg:"" help:"The file, CSV or XLSX, with a row of names of columns among the first ten; all sheets that are shown are read."`
	DryRun bool   `help:"Only say what would happen."`
}

func (importPeopleCommand) Help() string {
	return "Example: ashar import people people.xlsx --data /var/lib/ashar --dry-run"
}

// Run prints the problems with row and column, then the sums. Bad rows are left out and end in exit code 1.
func (c importPeopleCommand) Run(ctx context.Context, con console) error {
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	say := a.Texts(i18n.English)
	r, err := a.People().ImportFile(ctx, a.Store(), file, filepath.Base(c.File), c.DryRun)
	if err != nil {
		return inWords(err, say)
	}
	name := filepath.Base(c.File)
	for _, p := range r.Problems {
		fmt.Fprintf(con.err, "%s: %s: %s\n", name, cell(p), say.With(p.Fault.Key, p.Fault.Args))
	}
	for _, line := range roster.Notes(r, say) {
		fmt.Fprintf(con.err, "%s: %s\n", name, line)
	}
	fmt.Fprintf(con.out, "rows %d, new %d, known %d, bad %d%s\n", r.Rows, r.Added, r.Known, r.Bad, dry(c.DryRun))
	if r.Bad > 0 {
		return fmt.Errorf("%d rows were left out", r.Bad)
	}
	return nil
}

// cell names a cell or a row of a list.
func cell(p people.Problem) string {
	at := fmt.Sprintf("row %d", p.Row)
	if p.Tab != "" {
		at = fmt.Sprintf("sheet %q, %s", p.Tab, at)
	}
	if p.Column > 0 {
		at += fmt.Sprintf(", column %d", p.Column)
	}
	if p.Name != "" {
		at += " (" + p.Name + ")"
	}
	return at
}

// inWords gives the English text of a fault; other errors stay as they are.
func inWords(err error, say *i18n.Printer) error {
	if f := fault.Of(err); f != nil {
		return errors.New(say.With(f.Key, f.Args))
	}
	return err
}

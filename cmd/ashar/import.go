package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/qti"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/roster"
)

type importCommand struct {
	Programme importProgrammeCommand `cmd:"" help:"Bring a programme from a YAML file; a second time changes nothing."`
	People    importPeopleCommand    `cmd:"" help:"Bring people from a CSV or XLSX file; a second time changes nothing."`
	Questions importQuestionsCommand `cmd:"" help:"Bring questions of tests from a GIFT, Moodle XML or QTI file; a second time changes nothing."`
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

type importQuestionsCommand struct {
	database
	File     string `arg:"" help:"The file: GIFT or Moodle XML in UTF-8, a QTI 2 or 3 item, or a package of them (zip)."`
	Language string `enum:",ky,ru,en" default:"" help:"Language in which the questions are written: ky, ru or en. Without it the letters decide."`
	DryRun   bool   `help:"Only say what would happen."`
}

func (importQuestionsCommand) Help() string {
	return "Example: ashar import questions questions.gift --data /var/lib/ashar --dry-run"
}

// Run prints what was not understood with line and column, then the sums. Questions that were
// left out end in exit code 1.
func (c importQuestionsCommand) Run(ctx context.Context, con console) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, qti.LargestPackage+1))
	if err != nil {
		return err
	}
	a, err := c.house(ctx, con)
	if err != nil {
		return err
	}
	defer a.Close()
	say, name := a.Texts(i18n.English), filepath.Base(c.File)
	r, err := learning.ImportFile(ctx, a.Store(), learning.ImportQuestions{Raw: raw, Language: i18n.Language(c.Language), DryRun: c.DryRun})
	if f, of := learning.AsFinding(err); of {
		return errors.New(found(name, f, say))
	}
	if err != nil {
		return inWords(err, say)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(con.err, found(name, f, say))
	}
	fmt.Fprintf(con.out, "%s, read as %s: new %d, changed %d, same %d, kept %d, left out %d%s\n", r.Format, r.Language, r.New, r.Changed, r.Same, r.Kept, r.Left, dry(c.DryRun))
	if r.Left > 0 {
		return fmt.Errorf("%d questions were left out", r.Left)
	}
	return nil
}

// found says a finding in a line: where it is, at which question, and what it is.
func found(name string, f bank.Finding, say *i18n.Printer) string {
	at := name
	if f.File != "" {
		at += ": " + f.File
	}
	if f.Line > 0 {
		at += fmt.Sprintf(": line %d", f.Line)
		if f.Column > 0 {
			at += fmt.Sprintf(", column %d", f.Column)
		}
	}
	if f.Question != "" {
		at += fmt.Sprintf(": %q", f.Question)
	}
	at += ": " + say.With(f.Fault.Key, f.Fault.Args)
	for _, field := range f.Fault.Fields {
		at += fmt.Sprintf("; %s: %s", field.Field, say.With(field.Key, field.Args))
	}
	return at
}

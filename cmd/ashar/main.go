// Command ashar runs a civic-leadership programme: it serves the site and does
// the work of the administrator. Nothing is decided here: each command is one
// small file that reads its flags and calls the house.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Asia/Bishkek on machines without time zone data

	"github.com/alecthomas/kong"
)

// commands is the command line; kong reads the tags.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Open the demo: a programme with invented people."`
	Serve   serveCommand   `cmd:"" help:"Serve the site."`
	Admin   adminCommand   `cmd:"" help:"Invite an administrator, the first one too."`
	Import  importCommand  `cmd:"" help:"Bring a programme, people or questions from a file."`
	Analyse analyseCommand `cmd:"" help:"Ask a science about files: opinion map, learning gain, test questions, agreement of raters."`
	Backup  backupCommand  `cmd:"" help:"Write a backup, while the server runs, and take the erased out of older ones."`
	Restore restoreCommand `cmd:"" help:"Fill an empty installation from a backup."`
	Recur   recurCommand   `cmd:"" help:"Print the days and times that a recurrence rule means."`
	Person  personCommand  `cmd:"" help:"Do what the law and the person ask: erase or export."`
	Protect protectCommand `cmd:"" help:"Make tables of people in which nobody can be singled out."`
	DB      dbCommand      `cmd:"" name:"db" help:"Look after the database."`
	Doctor  doctorCommand  `cmd:"" help:"Look whether everything is in order, and say how to mend what is not."`
	Select  selectCommand  `cmd:"" help:"Select applicants by a fair lottery that meets quotas."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// console is where a command writes: results on out, progress and messages on err.
type console struct {
	out, err io.Writer
}

// say writes one message.
func (c console) say(line string) { fmt.Fprintln(c.err, line) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run does one command and gives the exit code: 0 done, 1 the input or the
// result is bad, 2 wrong usage.
func run(ctx context.Context, args []string, con console) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("ashar"),
		kong.Description("Runs a civic-leadership programme from the first invitation to the numbers."),
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code; panic(exit{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "ashar:", err)
		return 2
	}
	args, err = legibleArgs(args)
	if err != nil {
		fmt.Fprintf(con.err, "ashar: %v\n", err)
		return 2
	}
	command, err := parse(parser, args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(con.err, "ashar: %v\nRun \"ashar --help\" for the commands.\n", err)
		return 2
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(con.err, "ashar:", err)
		return 1
	}
	return 0
}

// exit carries kong's wish to end out of the parser.
type exit struct{}

func parse(p *kong.Kong, args []string) (command *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exit); !ok {
				panic(r)
			}
		}
	}()
	return p.Parse(args)
}

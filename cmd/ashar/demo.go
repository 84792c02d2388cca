package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/memory"
)

// demoToken is no token of Telegram's: a bot with it speaks to a stand-in alone.
const demoToken = "demo"

type demoCommand struct {
	Addr        string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on; port 0 takes a free one."`
	Data        string        `placeholder:"DIR" help:"Folder to keep the demo in: an empty one, or that of an earlier demo; without it a temporary one, removed at the end."`
	JSON        bool          `help:"Print one line of JSON when ready, and nothing else."`
	TelegramURL string        `placeholder:"URL" help:"Stand-in of Telegram's Bot API on this machine, to try channels out; without it there is no bot."`
	SMS         bool          `name:"sms" help:"Let text messages go: they are kept beside the mailbox, and sent nowhere."`
	Undo        time.Duration `default:"15m" help:"How long a message to a group and a selection can be taken back, to see one go sooner."`
	AnyHour     bool          `help:"Let messages go at night as by day. Without it nobody is written to from 21:00 to 8:00 of Bishkek about what she did not ask for in that minute."`
	Applicants  int           `placeholder:"N" help:"How many apply for the seminar that waits for its selection, to see a large one (2000 at most)."`
	Log         string        `default:"warn" enum:"debug,info,warn,error" help:"Least important level that is logged: debug, info, warn or error."`
}

func (demoCommand) Help() string {
	return `Loads the demo programme with invented people into a folder and serves it. Nothing is sent to anybody: messages stay in a mailbox that is a page of the demo. As everywhere they wait for the morning at night; --any-hour lets them go.

Example: ashar demo --addr 127.0.0.1:0 --json`
}

// Validate refuses a number of applicants that the demo would take long to load.
func (c demoCommand) Validate() error {
	if c.Applicants < 0 || c.Applicants > 2000 {
		return fmt.Errorf("--applicants must be 0 to 2000, not %d", c.Applicants)
	}
	return nil
}

// Run serves the demo until it is told to stop.
func (c demoCommand) Run(ctx context.Context, con console) (err error) {
	if c.Data == "" {
		if c.Data, err = os.MkdirTemp("", "ashar-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(c.Data)
	} else if err := demoFolder(c.Data); err != nil {
		return err
	}
	memory.Bound()
	socket, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	defer socket.Close()
	cfg := config.Config{Addr: socket.Addr().String(), Data: c.Data, Log: c.Log}
	if c.TelegramURL != "" {
		cfg.TelegramToken, cfg.TelegramURL = demoToken, c.TelegramURL
	}
	a, err := app.Open(ctx, cfg, app.Options{Demo: true, Serve: true, Log: logger(con, c.Log), Say: con.say, Undo: c.Undo, AnyHour: c.AnyHour, SMS: c.SMS, Applicants: c.Applicants})
	if err != nil {
		return err
	}
	defer a.Close()
	if !c.JSON {
		fmt.Fprintln(con.err, "Loading the demo programme")
	}
	links, err := a.LoadDemo(ctx)
	if err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, socket) }()
	rest := make(chan error, 1)
	go func() { rest <- a.AtRest(ctx) }()
	select {
	case err := <-ended:
		return err
	case err := <-rest:
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(con.err, "The jobs of the demo are not done yet:", err)
		}
	}
	if err := c.print(con, cfg.Base(), links); err != nil {
		return err
	}
	return <-ended
}

func (c demoCommand) print(con console, base string, links app.DemoLinks) error {
	if c.JSON {
		return json.NewEncoder(con.out).Encode(struct {
			URL    string        `json:"url"`
			SignIn app.DemoLinks `json:"signin"`
		}{base, links})
	}
	fmt.Fprintf(con.out, "\nAshar, the demo: %s\nAll people are invented. Sign in as\n\n", base)
	for _, role := range access.Roles {
		fmt.Fprintf(con.out, "  %-12s %s\n", role, links[role])
	}
	_, err := fmt.Fprintln(con.out, "\nCtrl-C ends it.")
	return err
}

// marker lies in the folder of a demo, so that nobody opens a real installation to links that sign in.
const marker = "this-is-a-demo"

// demoFolder makes a folder for a demo, and refuses one that holds anything else.
func demoFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.WriteFile(filepath.Join(dir, marker), nil, 0o600)
	}
	if _, err := os.Stat(filepath.Join(dir, marker)); err != nil {
		return fmt.Errorf("the folder %s is neither empty nor that of a demo; what it holds is served by ashar serve --data %s", dir, dir)
	}
	return nil
}

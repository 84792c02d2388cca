package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/memory"
	"platforma.kg/ashar/internal/foundation/storage"
)

type serveCommand struct{ config.Config }

func (serveCommand) Help() string {
	return "Each flag can be given as the variable named beside it.\n\nExample: ashar serve --addr :8080 --public-url https://ashar.example.org --data /var/lib/ashar"
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, con console) error {
	if err := c.Check(); err != nil {
		return err
	}
	log := logger(con, c.Config.Log)
	for _, line := range c.NotYet() {
		log.Warn(line)
	}
	limit := memory.Bound()
	log.Debug("memory", "limit", limit.Bytes, "from", limit.From)
	socket, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	defer socket.Close()
	a, err := app.Open(ctx, c.Config, app.Options{Serve: true, Log: log, Say: con.say})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := sayWithoutAdministrator(ctx, a, con); err != nil {
		return err
	}
	fmt.Fprintf(con.err, "Ashar serves %s on %s\n", c.Base(), socket.Addr())
	return a.Run(ctx, socket)
}

// sayWithoutAdministrator tells whoever starts an installation that nobody can run it yet.
func sayWithoutAdministrator(ctx context.Context, a *app.App, con console) error {
	var n int
	err := a.Store().Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		n, err = a.People().Administrators(ctx, tx)
		return err
	})
	if err == nil && n == 0 {
		con.say("There is no administrator yet. Make one: ashar admin invite EMAIL, with the same --data and --public-url")
	}
	return err
}

// logger writes to the terminal's error side: people read results on the other.
func logger(con console, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(con.err, &slog.HandlerOptions{Level: l}))
}

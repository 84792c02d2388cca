package web

import (
	"context"
	"log/slog"
)

// quiet keeps net/http's own lines out of the log: they hold addresses of
// people. What matters of them is counted by the access log.
type quiet struct{ slog.Handler }

// Handle says only that a connection failed.
func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	return q.Handler.Handle(ctx, slog.NewRecord(record.Time, slog.LevelDebug, "connection failed", 0))
}

// Enabled reports whether the log takes such lines.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return q.Handler.Enabled(ctx, level)
}

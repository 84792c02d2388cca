package web

import (
	"log/slog"
	"net/http"
	"time"
)

// HTTPServer gives the net/http server for a handler, with the patience that a
// village's network needs and no more: a client that sends its head or body by
// drops is cut off. A handler that streams sets its own write deadline.
func HTTPServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(quiet{log.Handler()}, slog.LevelDebug),
	}
}

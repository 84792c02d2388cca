package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"platforma.kg/ashar/internal/foundation/web"
)

// https makes a listener speak HTTPS with a certificate for the domain, fetched
// from a certificate authority and renewed in time. The authority asks back on
// the same port (the challenge tls-alpn-01), so port 443 of the domain must lead
// to the listener. Key and certificate lie in the data folder and are not in
// backups. Until the first certificate is there, connections are refused.
//
// RFC 8555 (ACME), RFC 8737 (tls-alpn-01).
func (a *App) https(ctx context.Context, l net.Listener) (_ net.Listener, stop func(), err error) {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, nil, err
	}
	log := zap.New(certificateLog{log: a.options.Log})
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil },
		Logger:           log,
	})
	magic = certmagic.New(cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: a.file("certificates")},
		Logger:  log,
	})
	directory := a.config.ACMEDirectory
	if directory == "" {
		directory = certmagic.LetsEncryptProductionCA
	}
	magic.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(magic, certmagic.ACMEIssuer{
		CA: directory, Agreed: true, TrustedRoots: a.options.authorityRoots,
		DisableHTTPChallenge: true, AltTLSALPNPort: number, Logger: log,
	})}
	if err := magic.ManageAsync(ctx, []string{a.config.ACMEDomain}); err != nil {
		cache.Stop()
		return nil, nil, fmt.Errorf("ASHAR_ACME_DOMAIN: %w", err)
	}
	settings := magic.TLSConfig()
	settings.MinVersion = tls.VersionTLS12
	settings.NextProtos = append([]string{"h2", "http/1.1"}, settings.NextProtos...)
	return tls.NewListener(l, settings), cache.Stop, nil
}

// redirect leads who comes by plain HTTP to the address that is safe. It is a
// courtesy: when the port is taken, it says so and the house is open all the same.
func (a *App) redirect(ctx context.Context, l net.Listener) (stop func()) {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil || port != "443" {
		return func() {}
	}
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "80"))
	if err != nil {
		a.options.Log.WarnContext(ctx, "plain HTTP is not led to HTTPS", "error", err.Error())
		return func() {}
	}
	server := web.HTTPServer("", http.HandlerFunc(a.toHTTPS), a.options.Log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(socket)
	}()
	return func() {
		_ = server.Close()
		<-ended
	}
}

// toHTTPS never answers what was asked, and never leads to another site.
func (a *App) toHTTPS(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, a.config.Base()+"/"+strings.TrimLeft(r.URL.RequestURI(), "/"), http.StatusMovedPermanently)
}

// certificateLog brings what the library tells into our log, but neither whence
// somebody came nor what she asked for.
type certificateLog struct {
	log  *slog.Logger
	with []zapcore.Field
}

func (c certificateLog) levelOf(l zapcore.Level) slog.Level {
	switch {
	case l >= zapcore.ErrorLevel:
		return slog.LevelError
	case l == zapcore.WarnLevel:
		return slog.LevelWarn
	case l == zapcore.InfoLevel:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// Enabled leaves out what is only for the library's own developers.
func (c certificateLog) Enabled(l zapcore.Level) bool {
	return l > zapcore.DebugLevel && c.log.Enabled(context.Background(), c.levelOf(l))
}

// With gives a log that adds the fields to each line.
func (c certificateLog) With(fields []zapcore.Field) zapcore.Core {
	return certificateLog{c.log, slices.Concat(c.with, fields)}
}

// Check takes what is enabled.
func (c certificateLog) Check(e zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) {
		return to.AddCore(e, c)
	}
	return to
}

// certificateFields are what a line may hold.
var certificateFields = []string{"identifier", "issuer", "ca", "challenge_type", "error", "problem", "remaining", "attempt", "retrying_in"}

// Write writes a line.
func (c certificateLog) Write(e zapcore.Entry, fields []zapcore.Field) error {
	values := zapcore.NewMapObjectEncoder()
	for _, f := range slices.Concat(c.with, fields) {
		f.AddTo(values)
	}
	line := []any{"said", e.Message}
	for _, name := range certificateFields {
		if v, ok := values.Fields[name]; ok {
			line = append(line, name, fmt.Sprint(v))
		}
	}
	c.log.Log(context.Background(), c.levelOf(e.Level), "certificate", line...)
	return nil
}

// Sync has nothing to wait for.
func (certificateLog) Sync() error { return nil }

package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	"platforma.kg/ashar/internal/foundation/config"
)

// authority is a real ACME certificate authority in this process, for which
// every domain stands on this machine.
func authority(t *testing.T, port int) (directory string, api *x509.CertPool, issued *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_AUTHZREUSE", "0")
	names, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	resolver := &dns.Server{Listener: names, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = resolver.ActivateAndServe() }()
	t.Cleanup(func() { _ = resolver.Shutdown() })
	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	signer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	checks := va.New(quiet, 0, port, false, names.Addr().String(), store)
	front := wfe.New(quiet, store, checks, signer, []string{"pebble.letsencrypt.org"}, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	api, issued = x509.NewCertPool(), x509.NewCertPool()
	api.AddCert(server.Certificate())
	issued.AddCert(signer.GetRootCert(0).Cert)
	return server.URL + wfe.DirectoryPath, api, issued
}

func TestACertificateIsFetchedAndKept(t *testing.T) {
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := socket.Addr().String()
	directory, api, issued := authority(t, socket.Addr().(*net.TCPAddr).Port)
	settings := config.Config{Addr: address, Data: t.TempDir(), ACMEDomain: "ashar.example.org", ACMEDirectory: directory}
	if err := settings.Check(); err != nil {
		t.Fatal(err)
	}
	told := &lockedBuffer{}
	open := func(socket net.Listener) (stop func()) {
		a, err := Open(t.Context(), settings, Options{Log: slog.New(slog.NewTextHandler(told, &slog.HandlerOptions{Level: slog.LevelDebug})), authorityRoots: api})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx, socket) }()
		return func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			a.Close()
		}
	}
	ask := func() (*http.Response, error) {
		dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
			DialContext: dial, ForceAttemptHTTP2: true, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: issued},
		}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://ashar.example.org/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			res.Body.Close()
		}
		return res, err
	}
	stop := open(socket)
	var res *http.Response
	for ready := time.Now().Add(time.Minute); ; {
		if res, err = ask(); err == nil || time.Now().After(ready) {
			break
		}
		time.Sleep(50 * time.Millisecond) // until the authority has signed; there is no event to wait for
	}
	if err != nil {
		t.Fatal(err, told)
	}
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 2 || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d, %s, HSTS %q", res.StatusCode, res.Proto, res.Header.Get("Strict-Transport-Security"))
	}
	first := res.TLS.PeerCertificates[0]
	if err := first.VerifyHostname("ashar.example.org"); err != nil {
		t.Error(err)
	}
	if _, err := tls.Dial("tcp", address, &tls.Config{ServerName: "other.example.org", RootCAs: issued}); err == nil {
		t.Error("another name was served")
	}
	stop()
	if text := told.String(); !strings.Contains(text, "certificate obtained successfully") || regexp.MustCompile(`remote|127\.0\.0\.1:\d+[^-/\d]`).MatchString(text) {
		t.Errorf("the log says nothing of the certificate, or whence somebody came:\n%s", text)
	}
	if info, err := os.Stat(settings.Data + "/certificates"); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read the certificate's key: %v %v", info, err)
	}

	// The next start has the certificate at once.
	socket, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer open(socket)()
	res, err = ask()
	for try := 0; err != nil && try < 100; try++ {
		time.Sleep(10 * time.Millisecond) // until the server listens
		res, err = ask()
	}
	if err != nil {
		t.Fatal(err)
	}
	if !res.TLS.PeerCertificates[0].Equal(first) {
		t.Error("a new certificate was fetched though one was there")
	}
}

func TestPlainHTTPIsLedToTheSafeAddress(t *testing.T) {
	t.Parallel()
	a := &App{config: config.Config{ACMEDomain: "ashar.example.org"}}
	for asked, want := range map[string]string{
		"/ky/events?city=osh":  "https://ashar.example.org/ky/events?city=osh",
		"//evil.example/x":     "https://ashar.example.org/evil.example/x",
		"http://evil.example/": "https://ashar.example.org/http://evil.example/",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawPath, r.URL.RawQuery = asked, "", ""
		if path, query, ok := strings.Cut(asked, "?"); ok {
			r.URL.Path, r.URL.RawQuery = path, query
		}
		r.Host = "evil.example"
		a.toHTTPS(w, r)
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %d %s", asked, w.Code, got)
		}
	}
}

package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"platforma.kg/ashar/internal/foundation/config"
)

func TestMetricsTellOfRequestsAndJobsAndNameNobody(t *testing.T) {
	t.Parallel()
	log := &lockedBuffer{}
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), config.Config{Addr: socket.Addr().String(), Data: t.TempDir(), MetricsAddr: "127.0.0.1:0"},
		Options{Demo: true, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, socket) }()
	get := func(url, method string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, method, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	home := "http://" + socket.Addr().String()
	get(home+"/en/about", "GET")
	get(home+"/en/nobody-sardarbekova", "GET")
	get(home+"/en/about", "SARDARBEKOVA")
	at := regexp.MustCompile(`http://\S+/metrics`).FindString(log.String())
	status, text := get(at, "GET")
	if status != http.StatusOK {
		t.Fatalf("%s answers %d", at, status)
	}
	for _, line := range []string{
		`ashar_requests_total{method="GET",route="/about",status="200"} 1`,
		`ashar_requests_total{method="GET",route="-",status="404"} 1`,
		`method="other"`,
		`ashar_request_seconds_count{route="/about"} `,
		`ashar_jobs{state="failed"} 0`,
		`ashar_jobs_oldest_due_seconds `,
		`ashar_database_bytes `,
		`ashar_build_info{`,
		`go_goroutines `,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(strings.ToLower(text), "sardarbekova") {
		t.Error("what a visitor typed is in a label")
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	if status, _ := get(home+"/metrics", "GET"); status != http.StatusNotFound {
		t.Errorf("the public address answers /metrics with %d", status)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestWithoutAnAddressNobodyMeasures(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.measures != nil {
		t.Error("requests are counted for nobody")
	}
}

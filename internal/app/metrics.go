package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// measures is what the second address tells a Prometheus server. No label holds
// an id, an address of a visitor or a word that somebody typed: routes stand as
// they are written in the code, methods are those that we serve.
type measures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMeasures(a *App) *measures {
	m := &measures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ashar_requests_total", Help: "Requests answered, by route, method and status; status 500 are incidents.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ashar_request_seconds", Help: "Time from a request to the end of its answer, by route. Streams last as long as somebody watches.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.duration,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&dataCollector{app: a})
	if build, ok := debug.ReadBuildInfo(); ok {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "ashar_build_info", Help: "1, with what was built.",
			ConstLabels: prometheus.Labels{"version": build.Main.Version, "go": build.GoVersion},
		}, func() float64 { return 1 }))
	}
	return m
}

// note counts a request that was answered.
func (m *measures) note(r web.Answered) {
	method := r.Method
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(r.Route, method, strconv.Itoa(r.Status)).Inc()
	m.duration.WithLabelValues(r.Route).Observe(r.Took.Seconds())
}

// serve answers GET /metrics on the second address until ctx ends.
func (m *measures) serve(ctx context.Context, addr string, log *slog.Logger) (stop func(), err error) {
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
	}))
	server := web.HTTPServer("", mux, log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(socket)
	}()
	log.InfoContext(ctx, "metrics", "address", "http://"+socket.Addr().String()+"/metrics")
	return func() {
		_ = server.Close()
		<-ended
	}, nil
}

// dataCollector asks the database when it is asked itself.
type dataCollector struct{ app *App }

var (
	jobsDescription = prometheus.NewDesc("ashar_jobs", "Jobs by state; done ones are forgotten after a while.", []string{"state"}, nil)
	lateDescription = prometheus.NewDesc("ashar_jobs_oldest_due_seconds", "How long the oldest waiting job has been due; 0 when none is.", nil, nil)
	sizeDescription = prometheus.NewDesc("ashar_database_bytes", "Size of the database on the disk.", nil, nil)
)

// Describe tells the names.
func (c *dataCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobsDescription, lateDescription, sizeDescription} {
		out <- d
	}
}

// Collect reads the numbers, five seconds at most: what the database does not
// answer is missing and told as an error of the scrape.
func (c *dataCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var counts map[jobs.State]int
	var oldest time.Time
	var bytes int64
	err := c.app.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		if counts, err = jobs.Count(ctx, tx); err != nil {
			return err
		}
		if oldest, err = jobs.OldestDue(ctx, tx); err != nil {
			return err
		}
		bytes, err = c.app.databaseSize(ctx, tx)
		return err
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(jobsDescription, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, state := range []jobs.State{jobs.Waiting, jobs.Running, jobs.Done, jobs.Failed} {
		gauge(jobsDescription, float64(counts[state]), string(state))
	}
	late := 0.0
	if now := c.app.options.Clock(); !oldest.IsZero() && oldest.Before(now) {
		late = now.Sub(oldest).Seconds()
	}
	gauge(lateDescription, late)
	gauge(sizeDescription, float64(bytes))
}

// databaseSize is the file with its log, or what PostgreSQL says of the database.
func (a *App) databaseSize(ctx context.Context, tx *storage.Tx) (bytes int64, err error) {
	if a.config.DatabaseURL != "" {
		err := tx.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&bytes)
		return bytes, err
	}
	for _, file := range []string{a.config.Database(), a.config.Database() + "-wal"} {
		if info, err := os.Stat(file); err == nil {
			bytes += info.Size()
		}
	}
	return bytes, nil
}

package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// benchHouse serves an empty installation with one seminar that takes applications.
func benchHouse(b *testing.B) (*App, string) {
	b.Helper()
	socket, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	a, err := Open(b.Context(), config.Config{Addr: socket.Addr().String(), Data: b.TempDir()}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	loaded, err := plan.Load(plan.DemoFile(), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	if err := a.store.Write(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := plan.Import(ctx, tx, loaded, false)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, socket) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		a.Close()
	})
	base := "http://" + socket.Addr().String()
	alive, err := http.Get(base + "/healthz") // from here on it runs as it serves
	if err != nil {
		b.Fatal(err)
	}
	alive.Body.Close()
	return a, base
}

// connections is how often each thread is multiplied, for 64 callers in all.
func connections() int { return max(1, 64/runtime.GOMAXPROCS(0)) }

// cpu is the time that this process has had of the processors.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkApplicationsThroughHTTP is one person applying a call, durable when
// it is answered, from 64 connections of a client in the same process: form,
// person, sealed answers, fact, receipt, session. Beside it stand the plain
// rows that group commit alone stores with 64 callers.
func BenchmarkApplicationsThroughHTTP(b *testing.B) {
	b.Run("applications", func(b *testing.B) {
		a, base := benchHouse(b)
		client := &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		defer client.CloseIdleConnections()
		var number atomic.Int64
		b.SetParallelism(connections())
		before := cpu(b)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				n := number.Add(1)
				form := url.Values{
					"step": {"0"}, "do": {"next"}, "q_name": {"Айгүл Асанова"}, "q_sex": {"female"}, "q_age": {"25-34"},
					"q_place": {"osh"}, "q_processing": {"on"}, "q_email": {fmt.Sprintf("bench%d@example.org", n)},
				}
				req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, base+"/ky/events/activists-karakol/apply", strings.NewReader(form.Encode()))
				if err != nil {
					b.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				// Everybody from her own address, as a proxy would say: floods from one are stopped.
				req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
				res, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				var page bytes.Buffer
				_, _ = io.Copy(&page, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusSeeOther {
					b.Errorf("status %d: %.400s", res.StatusCode, page.String())
					return
				}
			}
		})
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "applications/s")
		b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		var stored int64
		if err := a.store.Read(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM application`).Scan(&stored)
		}); err != nil {
			b.Fatal(err)
		}
		if stored != number.Load() {
			b.Errorf("%d acknowledged, %d stored", number.Load(), stored)
		}
	})
	b.Run("limit-rows-of-group-commit", func(b *testing.B) {
		a, _ := benchHouse(b)
		b.SetParallelism(connections())
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := a.store.Write(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, 'row')`, tx.NewID().String())
					return err
				}); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkPagesThroughHTTP is one page a call, as a stranger's browser asks
// for it, from 64 connections of a client in the same process; then the same
// at half the rate that is promised, to see how long one waits.
func BenchmarkPagesThroughHTTP(b *testing.B) {
	for name, path := range map[string]string{"home": "/ky", "event": "/ky/events/activists-karakol"} {
		_, base := benchHouse(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
		b.Cleanup(client.CloseIdleConnections)
		get := func() error {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, base+path, nil)
			if err != nil {
				return err
			}
			req.Header.Set("Accept-Encoding", "gzip")
			req.Header.Set("Accept-Language", "ky")
			res, err := client.Do(req)
			if err != nil {
				return err
			}
			n, err := io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode != http.StatusOK || n < 1000 {
				return fmt.Errorf("status %d, %d bytes", res.StatusCode, n)
			}
			return err
		}
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(connections())
			before := cpu(b)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := get(); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
		b.Run(name+"-2500-a-second", func(b *testing.B) {
			const rate = 2500
			waits := make([]time.Duration, b.N)
			var next atomic.Int64
			var callers sync.WaitGroup
			started := time.Now()
			for range 64 {
				callers.Go(func() {
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						due := started.Add(time.Duration(i) * time.Second / rate)
						time.Sleep(time.Until(due)) // the rate is what is set, the delay what is measured
						if err := get(); err != nil {
							b.Error(err)
							return
						}
						waits[i] = time.Since(due) // a late start counts
					}
				})
			}
			callers.Wait()
			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
		})
	}
}

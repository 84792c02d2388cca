package roster_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// BenchmarkPeople asks for pages of the list among a hundred thousand people, through
// HTTP and with the line in the log of each who is shown; has them all made into a table and
// takes it, with the greatest growth of the heap on the way; and erases people whose rows
// wait in that table.
func BenchmarkPeople(b *testing.B) {
	const many = 100_000
	clock := storagetest.NewClock(peopletest.Morning)
	h := peopletest.OpenTables(b, storagetest.Open(b, clock.Option()), people.Options{PublicURL: "http://localhost", Demo: true}, exports.Options{})
	h.People.Attach([]module.Manifest{h.People.Manifest(), h.Tables.Manifest()})
	staff := peopletest.Register(b, h.Store, h.People, people.Details{FullName: "Яковлева Я", City: "naryn"})
	v := h.As(b, staff, access.Grant{Role: access.Coordinator})
	given, family := []string{"Айгүл", "Бакыт", "Гүлнара", "Жылдыз", "Өмүркан", "Толкун", "Үмүт", "Чолпон"}, []string{"Асанова", "Үсөнов", "Жаңыева", "Токтосунова", "Эсенбекова"}
	for at := range many / 1000 {
		peopletest.Write(b, h.Store, func(ctx context.Context, tx *storage.Tx) error {
			for i := at * 1000; i < at*1000+1000; i++ {
				d := people.Details{
					FullName: fmt.Sprintf("%s %s %d", family[i%len(family)], given[i/7%len(given)], i), City: []string{"osh", "talas"}[i/3%2],
					Group: []string{"activists", "deputies", "media"}[i%3], Sex: []string{"female", "male"}[i%2], Email: fmt.Sprintf("p%d@mail.kg", i),
				}
				if _, err := h.People.Register(ctx, tx, d); err != nil {
					return err
				}
			}
			return nil
		})
	}
	v.Get("/ru/people") // the first makes the directory
	_, found := v.Post("/ru/people", "/ru/people", url.Values{"q": {"асан ай"}})
	middle := deepCursor(b, h, staff)
	for name, path := range map[string]string{
		"first page": "/ru/people", "by city": "/ru/people?sort=-city&sex=female", "narrowed": "/ru/people?group=media&city=osh",
		"searched": found, "deep cursor": "/ru/people?after=" + middle.String(),
	} {
		b.Run(name, func(b *testing.B) {
			var waits []time.Duration
			for b.Loop() {
				began := time.Now()
				if status, _ := v.Get(path); status != http.StatusOK {
					b.Fatal(status)
				}
				waits = append(waits, time.Since(began))
			}
			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
		})
	}
	n, size := h.People.DirectorySize()
	b.Run("directory", func(b *testing.B) { // in memory while somebody reads lists
		for b.Loop() {
			h.People.DirectorySize()
		}
		b.ReportMetric(float64(size)/1e6, "MB")
		b.ReportMetric(float64(size)/float64(n), "B/person")
	})
	var table storage.ID
	b.Run("making a table", func(b *testing.B) {
		measure(b, func() {
			if !table.IsZero() {
				peopletest.Write(b, h.Store, func(ctx context.Context, tx *storage.Tx) error { return exports.Cancel(ctx, tx, staff.ID, table) })
			}
			began := time.Now()
			v.Post("/ru/people", "/ru/people/export", url.Values{"format": {"csv"}})
			b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/asking")
			_, page := v.Get("/ru/staff/exports")
			var err error
			if table, err = storage.ParseID(tableInPage.FindStringSubmatch(page)[1]); err != nil {
				b.Fatal(err)
			}
			for more := true; more; {
				peopletest.Write(b, h.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
					more, err = h.Tables.MakePiece(ctx, tx, table)
					return err
				})
			}
		})
	})
	for _, format := range []string{"csv", "xlsx"} {
		b.Run("taking "+format, func(b *testing.B) {
			_, page := v.Get("/ru/people")
			form := url.Values{"format": {format}, "form_token": {webtest.FormToken(page)}}
			measure(b, func() {
				answer, err := v.HTTP.PostForm(v.URL+"/ru/staff/exports/"+table.String()+"/take", form)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err != nil || n < 1<<20 || answer.StatusCode != http.StatusOK {
					b.Fatal(answer.Status, n, err)
				}
			})
		})
	}
	b.Run("erasure beside a table", func(b *testing.B) { // each opens all parts
		ids := everybody(b, h, staff)
		for i := 0; b.Loop(); i++ {
			if err := h.People.EraseForGood(b.Context(), staff.ID, ids[i*7%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/erasure")
	})
}

var tableInPage = regexp.MustCompile(`id="table-([0-9a-f-]+)"`)

func everybody(b *testing.B, h peopletest.House, staff people.Person) []storage.ID {
	b.Helper()
	all, err := h.People.List(b.Context(), people.ListQuery{Actor: access.Actor{Person: staff.ID, Table: h.People.Manifest().Permissions, Grants: []access.Grant{{Role: access.Coordinator}}}})
	if err != nil || len(all.IDs) == 0 {
		b.Fatal(err)
	}
	return all.IDs
}

// deepCursor is who stands in the middle of the list.
func deepCursor(b *testing.B, h peopletest.House, staff people.Person) storage.ID {
	ids := everybody(b, h, staff)
	return ids[len(ids)/2]
}

// measure runs what a benchmark is of, with little garbage beside what is held, and tells
// how much the heap has grown at most.
func measure(b *testing.B, run func()) {
	b.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most.Store(max(most.Load(), now.HeapAlloc))
			}
		}
	}()
	for b.Loop() {
		run()
	}
	close(stop)
	<-stopped
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/table")
	b.ReportMetric((float64(most.Load())-float64(before.HeapAlloc))/1e6, "MB")
}

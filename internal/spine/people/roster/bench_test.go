package roster_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// BenchmarkPeople asks for pages of the list among a hundred thousand people, through
// HTTP and with the line in the log of each who is shown; and exports them all, with the
// greatest growth of the heap on the way.
func BenchmarkPeople(b *testing.B) {
	const many = 100_000
	h := peopletest.Open(b)
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
	for name, path := range map[string]string{"plain": "/ru/people", "by city": "/ru/people?sort=-city&sex=female", "searched": found} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if status, _ := v.Get(path); status != http.StatusOK {
					b.Fatal(status)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/page")
		})
	}
	for _, format := range []string{"csv", "xlsx"} {
		b.Run("export "+format, func(b *testing.B) {
			_, page := v.Get("/ru/people")
			form := url.Values{"format": {format}, "form_token": {peopletest.FormToken(page)}}
			defer debug.SetGCPercent(debug.SetGCPercent(10)) // little garbage beside what is held
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			var most atomic.Uint64
			stop := make(chan struct{})
			go func() {
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
				answer, err := v.HTTP.PostForm(v.URL+"/ru/people/export", form)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err != nil || n < 1<<20 || answer.StatusCode != http.StatusOK {
					b.Fatal(answer.Status, n, err)
				}
			}
			close(stop)
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/export")
			b.ReportMetric(float64(most.Load()-before.HeapAlloc)/1e6, "MB")
		})
	}
}

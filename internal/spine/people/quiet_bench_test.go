package people_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// Does the time of an answer tell whose address was typed? Of 2,000 requests through
// HTTP, in random order, half ask for a code to an address that somebody has proven and
// half to nobody's. auc is the probability that a known one took longer than an unknown
// one, 0.5 when the times tell nothing; z is how many standard errors it is off (Mann
// and Whitney 1947). The control opens the record when the address is known: that must
// be seen.
func BenchmarkWhoIsInByTheTimeOfAnAnswer(b *testing.B) {
	for _, control := range []bool{false, true} {
		for _, engine := range []struct {
			name string
			open func(testing.TB, ...storagetest.Option) *storage.Store
		}{{"sqlite", storagetest.Open}, {"postgresql", storagetest.OpenPostgreSQL}} {
			b.Run(fmt.Sprintf("%s/control=%v", engine.name, control), func(b *testing.B) {
				for b.Loop() {
					clock := storagetest.NewClock(peopletest.Morning)
					auc, z := timesTell(b, engine.open(b, clock.Option()), clock, control)
					b.ReportMetric(auc, "auc")
					b.ReportMetric(z, "z")
				}
			})
		}
	}
}

func timesTell(b *testing.B, store *storage.Store, clock *storagetest.Clock, control bool) (auc, z float64) {
	const half = 1000
	h := peopletest.OpenWith(b, store, people.Options{PublicURL: "http://localhost"})
	records := map[string]storage.ID{}
	for i := range half {
		address := fmt.Sprintf("known%04d@mail.kg", i)
		p := peopletest.Register(b, store, h.People, people.Details{FullName: "Асан", Email: address})
		peopletest.Write(b, store, func(ctx context.Context, tx *storage.Tx) error {
			id, err := h.People.ContactToProve(ctx, tx, p)
			if err != nil {
				return err
			}
			_, err = h.People.Prove(ctx, tx, people.Prove{Person: p.ID, Contact: id})
			return err
		})
		records[address] = p.ID
	}
	asks := make([]string, 0, 2*half)
	for i := range half {
		asks = append(asks, fmt.Sprintf("known%04d@mail.kg", i), fmt.Sprintf("other%04d@mail.kg", i))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	rnd.Shuffle(len(asks), func(i, j int) { asks[i], asks[j] = asks[j], asks[i] })
	type answer struct {
		took  time.Duration
		known bool
	}
	answers := make([]answer, 0, len(asks))
	for _, address := range asks {
		v := h.Visitor(b)
		v.Get("/ky/sign-in")
		id, known := records[address]
		clock.Pass(time.Minute) // not so many are answered in an hour
		begun := time.Now()
		if control && known {
			peopletest.Write(b, store, func(ctx context.Context, tx *storage.Tx) error {
				_, err := h.People.Contacts(ctx, tx, id)
				return err
			})
		}
		res, err := v.HTTP.PostForm(v.URL+"/ky/sign-in", url.Values{"address": {address}})
		took := time.Since(begun)
		if err != nil {
			b.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusSeeOther {
			b.Fatalf("%s: %d", address, res.StatusCode)
		}
		answers = append(answers, answer{took, known})
	}
	slices.SortStableFunc(answers, func(a, b answer) int { return int(a.took - b.took) })
	sum := 0.0
	for i := 0; i < len(answers); {
		j, known := i, 0
		for ; j < len(answers) && answers[j].took == answers[i].took; j++ {
			if answers[j].known {
				known++
			}
		}
		sum += float64(known) * (float64(i+1+j) / 2) // those of one time share their ranks
		i = j
	}
	const n = float64(half)
	u := sum - n*(n+1)/2
	return u / (n * n), (u - n*n/2) / math.Sqrt(n*n*(2*n+1)/12)
}

package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
)

// TestPicturesToShareDoNotMakeThoseWhoWorkWait compares how long a signed-in page
// takes alone and while 300 strangers ask for pictures, in one run. It is not
// parallel: what else runs would be measured too.
func TestPicturesToShareDoNotMakeThoseWhoWorkWait(t *testing.T) {
	h := openHouse(t)
	staff := h.as(t, access.Coordinator)
	_, page, _ := h.as(t, "").do("GET", "/en/events", nil)
	var slugs []string
	for _, m := range regexp.MustCompile(`/en/events/([a-z0-9-]+-[a-z0-9-]+)"`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(slugs, m[1]) {
			slugs = append(slugs, m[1])
		}
	}
	if len(slugs) < 5 {
		t.Fatalf("%d public pages prove nothing", len(slugs))
	}
	middle := func() time.Duration {
		var took []time.Duration
		for range 15 {
			began := time.Now()
			if status, _, _ := staff.do("GET", "/en/today", nil); status != http.StatusOK {
				t.Fatalf("the page answers %d", status)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took[len(took)/2]
	}
	middle() // the first ones open connections and prepare statements
	alone := middle()

	const strangers = 300
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	var asked, refused atomic.Int64
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: strangers}}
	defer client.CloseIdleConnections()
	begun := make(chan struct{}, strangers)
	for i := range strangers {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				address := fmt.Sprintf("%s/events/%s/share.png?lang=%s&n=%d-%d", h.url, slugs[(i+n)%len(slugs)], []string{"ky", "ru", "en"}[n%3], i, n)
				r, err := http.NewRequestWithContext(ctx, "GET", address, nil)
				if err != nil {
					return
				}
				answer, err := client.Do(r)
				if err == nil {
					_, _ = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					asked.Add(1)
					if answer.StatusCode == http.StatusServiceUnavailable {
						refused.Add(1)
					}
				}
				if n == 0 {
					begun <- struct{}{}
				}
			}
		})
	}
	for range strangers {
		<-begun
	}
	attacked := middle()
	stop()
	all.Wait()
	ratio := float64(attacked) / float64(alone)
	t.Logf("%v alone, %v beside %d strangers (%d answers, %d of them to come back): %.0f times", alone, attacked, strangers, asked.Load(), refused.Load(), ratio)
	if ratio > 100 {
		t.Errorf("a signed-in page takes %.0f times as long beside %d strangers who ask for pictures", ratio, strangers)
	}
}

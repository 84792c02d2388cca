package live

import (
	"fmt"
	"net/http"
	"time"
)

// heartbeat keeps the connection open through proxies that close silent ones.
const heartbeat = 25 * time.Second

// recheck is how often a stream asks whether its reader may still listen: so long at
// most it outlives her session, her role or her record.
const recheck = 10 * time.Second

// Serve streams the news of a subject to a browser as server-sent events until
// it leaves, done is closed, or may says no: it is asked before each event and every
// few seconds, since a stream outlives the request that opened it. The caller has
// checked that the browser may listen now. Each event carries one line of data; the
// browser then asks for the page again.
func (b *Bus) Serve(w http.ResponseWriter, r *http.Request, subject string, done <-chan struct{}, may func() bool) error {
	out := http.NewResponseController(w)
	// The stream outlives the time limits of ordinary answers.
	_ = out.SetWriteDeadline(time.Time{})
	_ = out.SetReadDeadline(time.Time{})
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	news, cancel := b.Subscribe(subject)
	defer cancel()
	if _, err := fmt.Fprint(w, "retry: 3000\n\n"); err != nil {
		return nil
	}
	if err := out.Flush(); err != nil {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	often := recheck
	if b != nil && b.Recheck > 0 {
		often = b.Recheck
	}
	look := time.NewTicker(often)
	defer look.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return nil
		case <-done:
			return nil
		case <-look.C:
			if !may() {
				return nil
			}
			continue
		case data := <-news:
			if !may() {
				return nil
			}
			_, err = fmt.Fprintf(w, "data: %s\n\n", oneLine(data))
		case <-beat.C:
			_, err = fmt.Fprint(w, ": \n\n")
		}
		if err != nil || out.Flush() != nil {
			return nil
		}
	}
}

func oneLine(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for _, c := range data {
		if c == '\n' || c == '\r' {
			c = ' '
		}
		out = append(out, c)
	}
	return out
}

// Package live carries small news between the parts of the house and to the
// browsers that listen: NATS subjects inside, server-sent events outside.
//
// News is a hint to look again, never the truth: whoever misses it reloads the
// page and sees the same. A server in the process serves one machine; a URL
// joins a cluster, and every replica hears every other.
package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Bus is a connection to NATS. A nil Bus is silent: it drops what is published.
type Bus struct {
	// Recheck is how often a stream asks whether its reader may still listen, 0 for
	// ten seconds.
	Recheck time.Duration

	embedded *server.Server
	conn     *nats.Conn

	mu        sync.Mutex
	listeners map[string]*fan
}

// fan hands one NATS subscription to many browsers.
type fan struct {
	sub   *nats.Subscription
	chans map[chan []byte]struct{}
}

// Open joins the cluster at url, or starts a server in this process when url is empty.
func Open(ctx context.Context, url string) (*Bus, error) {
	b := &Bus{listeners: map[string]*fan{}}
	options := []nats.Option{nats.Name("ashar"), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second)}
	if url == "" {
		s, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true, MaxPayload: 64 << 10})
		if err != nil {
			return nil, fmt.Errorf("start the bus: %w", err)
		}
		s.Start()
		wait := 10 * time.Second
		if end, ok := ctx.Deadline(); ok {
			wait = time.Until(end)
		}
		if !s.ReadyForConnections(wait) {
			s.Shutdown()
			return nil, errors.New("start the bus: not ready in time")
		}
		b.embedded = s
		options = append(options, nats.InProcessServer(s))
		url = "nats://in.process"
	}
	conn, err := nats.Connect(url, options...)
	if err != nil {
		if b.embedded != nil {
			b.embedded.Shutdown()
		}
		return nil, fmt.Errorf("join the bus: %w", err)
	}
	b.conn = conn
	return b, nil
}

// Publish sends data to all who listen to the subject. It does not wait and
// does not fail: news that is lost is found again by reloading.
func (b *Bus) Publish(subject string, data []byte) {
	if b == nil {
		return
	}
	_ = b.conn.Publish(clean(subject), data)
}

// Subscribe listens to a subject until cancel is called. A listener that does
// not keep up misses news; the channel keeps up to sixteen.
func (b *Bus) Subscribe(subject string) (news <-chan []byte, cancel func()) {
	c := make(chan []byte, 16)
	if b == nil {
		return c, func() {}
	}
	subject = clean(subject)
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.listeners[subject]
	if f == nil {
		f = &fan{chans: map[chan []byte]struct{}{}}
		sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) {
			b.mu.Lock()
			defer b.mu.Unlock()
			for c := range f.chans {
				select {
				case c <- m.Data:
				default:
				}
			}
		})
		if err != nil {
			return c, func() {}
		}
		f.sub = sub
		b.listeners[subject] = f
	}
	f.chans[c] = struct{}{}
	var once sync.Once
	return c, func() {
		once.Do(func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			delete(f.chans, c)
			if len(f.chans) == 0 {
				_ = f.sub.Unsubscribe()
				delete(b.listeners, subject)
			}
		})
	}
}

// Ready reports whether the bus is connected.
func (b *Bus) Ready() error {
	if b == nil || b.conn.Status() != nats.CONNECTED {
		return errors.New("the bus is not connected")
	}
	return nil
}

// Flush waits, ten seconds at most, until the server has what was published
// and knows who listens.
func (b *Bus) Flush(ctx context.Context) error {
	if b == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return b.conn.FlushWithContext(ctx)
}

// Close leaves the bus.
func (b *Bus) Close() {
	if b == nil {
		return
	}
	b.conn.Close()
	if b.embedded != nil {
		b.embedded.Shutdown()
		b.embedded.WaitForShutdown()
	}
}

// clean keeps wildcards and blanks out of subjects made of names and ids.
func clean(subject string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '.' || r == '-' || r == '_', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, subject)
}

package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
)

// mostClients bounds the limiter's memory, about 20 MB.
const mostClients = 200_000

// Limiter counts how often a client comes, in memory. It holds no address: a
// client is known by a keyed pseudonym that nobody can compute the next day.
type Limiter struct {
	secret []byte
	clock  func() time.Time

	mu   sync.Mutex
	free map[string]time.Time // by client: when its next turn would come if it kept to the rate
}

// NewLimiter makes a limiter; secret keys the pseudonyms.
func NewLimiter(secret []byte, clock func() time.Time) *Limiter {
	return &Limiter{secret: secret, clock: clock, free: map[string]time.Time{}}
}

// Allow counts one more request of who. The fault is Limited, with the seconds
// to wait. Turns come back evenly (the generic cell rate algorithm): of 5 in
// 10 minutes, one every 2 minutes.
func (l *Limiter) Allow(who string, rate Rate) error {
	now := l.clock()
	step := rate.Per / time.Duration(max(rate.Count, 1))
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.free[who]
	if next.Before(now) {
		next = now
	}
	next = next.Add(step)
	if wait := next.Sub(now) - rate.Per; wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return fault.New(fault.Limited, "fault.limited", fault.Args{"seconds": seconds})
	}
	if len(l.free) >= mostClients {
		l.forget(now)
	}
	l.free[who] = next
	return nil
}

// forget drops the clients that have all their turns back, and when that is
// not enough, whichever come first: better to let some through than to stop.
func (l *Limiter) forget(now time.Time) {
	for who, next := range l.free {
		if next.Before(now) {
			delete(l.free, who)
		}
	}
	for who := range l.free {
		if len(l.free) < mostClients/2 {
			return
		}
		delete(l.free, who)
	}
}

// Client is the pseudonym of a request's address for today: HMAC under a key
// that is itself the HMAC of the day. An IPv6 address counts by its /64 net.
// What comes from a proxy of ours, or from this machine itself, counts for the
// address that this proxy saw, and so on through several proxies.
func (l *Limiter) Client(req *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		host = req.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	seen := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for err == nil && len(seen) > 0 && ours(address, proxies) {
		before, wrong := netip.ParseAddr(strings.TrimSpace(seen[len(seen)-1]))
		if wrong != nil {
			break
		}
		address, seen = before, seen[:len(seen)-1]
	}
	if err == nil {
		address = address.Unmap().WithZone("")
		if address.Is6() {
			if net, err := address.Prefix(64); err == nil {
				address = net.Addr()
			}
		}
		host = address.String()
	}
	day := keyed(l.secret, "address "+l.clock().UTC().Format(time.DateOnly))
	return hex.EncodeToString(keyed(day, host)[:12])
}

func ours(a netip.Addr, proxies []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

func keyed(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

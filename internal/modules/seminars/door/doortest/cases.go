// Package doortest holds the cases of the door without a network: what a device is to
// answer, written by hand. The decision in Go, the one in TypeScript and the house are each
// held to them.
package doortest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/modules/seminars/door"
)

//go:embed testdata/decisions.json
var table []byte

// Case is one line of the table; the texts are as the file explains them.
type Case struct {
	Is     string   `json:"is"`
	Pack   string   `json:"pack"`
	Ledger []string `json:"ledger"`
	Scan   string   `json:"scan"`
	Now    *float64 `json:"now"`
	Nonce  *string  `json:"nonce"`
	Event  *string  `json:"event"`
	Long   int      `json:"long"`
	Want   string   `json:"want"`
	House  string   `json:"house"`

	Starts time.Time   `json:"-"`
	Bounds door.Bounds `json:"-"` // in milliseconds
	pack   *pack
}

type pack struct {
	Ends, Made, Until  float64
	Free               int
	Cancelled, Several bool
	Guests             map[string][4]any
}

// Cases reads the table.
func Cases() ([]Case, error) {
	var file struct {
		Starts time.Time
		Bounds door.Bounds
		Packs  map[string]pack
		Cases  []Case
	}
	if err := json.Unmarshal(table, &file); err != nil {
		return nil, err
	}
	b := file.Bounds
	for _, span := range []*int64{&b.Grace, &b.Ahead, &b.Undo, &b.Zone, &b.Opens} {
		*span *= time.Minute.Milliseconds()
	}
	for i := range file.Cases {
		c := &file.Cases[i]
		c.Starts, c.Bounds = file.Starts, b
		if p, ok := file.Packs[c.Pack]; ok {
			c.pack = &p
		} else if c.Pack != "none" {
			return nil, fmt.Errorf("%s: no pack %q", c.Is, c.Pack)
		}
	}
	return file.Cases, nil
}

// At is an instant in milliseconds, from minutes after the start.
func (c Case) At(minutes float64) int64 {
	return c.Starts.UnixMilli() + int64(minutes*float64(time.Minute.Milliseconds()))
}

// Known is the pack as a device has it, nil for none.
func (c Case) Known() *door.Known {
	p := c.pack
	if p == nil {
		return nil
	}
	k := &door.Known{
		Event: "osh", Cancelled: p.Cancelled, Starts: c.At(0), Ends: c.At(p.Ends), Several: p.Several, Free: p.Free,
		Made: c.At(p.Made), Until: c.At(p.Until), Bounds: c.Bounds, Guests: map[string]door.KnownGuest{},
	}
	for name, g := range p.Guests {
		known := door.KnownGuest{Seat: fmt.Sprint(g[0]), Kind: fmt.Sprint(g[2])}
		if at, _ := g[1].(float64); at != 0 {
			known.Revoked = c.At(at)
		}
		if at, _ := g[3].(float64); at != 0 {
			known.At = c.At(at)
		}
		k.Guests[name] = known
	}
	return k
}

// Guests are the names of the pack's, in their order.
func (c Case) Guests() []string {
	if c.pack == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.pack.Guests))
}

// Records is the ledger of the device.
func (c Case) Records() (out []door.Record) {
	for _, line := range c.Ledger {
		f := strings.Fields(line)
		r := door.Record{Kind: f[0], Of: f[1], At: c.At(number(f[2])), Nonce: f[3], Event: "osh", Counts: true}
		for _, more := range f[4:] {
			if event, ok := strings.CutPrefix(more, "@"); ok {
				r.Event = event
			} else {
				r.Counts = false
			}
		}
		out = append(out, r)
	}
	return out
}

// Shown is the scan.
func (c Case) Shown() door.Shown {
	f := strings.Fields(c.Scan)
	s := door.Shown{Nonce: "nonce-scan", Kind: f[0], Event: "osh", At: c.At(number(f[2])), Code: strings.Repeat("x", c.Long)}
	if c.Nonce != nil {
		s.Nonce = *c.Nonce
	}
	if c.Event != nil {
		s.Event = *c.Event
	}
	s.Read, s.Ticket, _ = strings.Cut(f[1], ":")
	switch {
	case s.Kind == "undo":
		s.Code, s.Read = f[1], ""
	case s.Read == "newer":
		s.Read = "pass"
	}
	return s
}

// Clock is when it is decided.
func (c Case) Clock() int64 {
	if c.Now != nil {
		return c.At(*c.Now)
	}
	return c.Shown().At
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

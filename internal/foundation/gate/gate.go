// Package gate lets heavy work in by a few at a time. Who comes while they work
// waits in a line; who comes when the line is full is told to come back, so that
// neither memory nor time grows with the number of those who ask.
package gate

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Later is after how many seconds to come back when the line is full.
const Later = 10

// Gate lets in so many at a time. It is for one kind of work of the whole process.
type Gate struct {
	places chan struct{} // of those who work
	all    chan struct{} // and of those who wait besides
}

// New makes a gate for width pieces of work at a time and a line of so many who wait.
func New(width, line int) *Gate {
	return &Gate{places: make(chan struct{}, width), all: make(chan struct{}, width+line)}
}

// Do does the work when its turn has come, and gives its error. Unavailable,
// with the seconds after which to come back, when the line is full; the
// context's error when nobody waits for the work any more.
func (g *Gate) Do(ctx context.Context, work func() error) error {
	select {
	case g.all <- struct{}{}:
	default:
		return fault.New(fault.Unavailable, "fault.busy", fault.Args{"seconds": Later})
	}
	defer func() { <-g.all }()
	select {
	case g.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-g.places }()
	return work()
}

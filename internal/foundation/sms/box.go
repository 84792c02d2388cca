package sms

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Kept is a message in a Box.
type Kept struct {
	Message
	At time.Time
}

// Box is the gateway of the demo: it keeps the latest messages in memory and sends nothing
// anywhere.
type Box struct {
	mu     sync.Mutex
	latest []Kept // newest last
	keep   int
	now    func() time.Time
}

// NewBox makes a box that keeps so many messages, with the times of a clock.
func NewBox(keep int, now func() time.Time) *Box { return &Box{keep: keep, now: now} }

// Send puts the message into the box, once for each id.
func (b *Box) Send(ctx context.Context, m Message, ready func(context.Context) error) error {
	if Count(m.Text).Parts > MostParts {
		return &Error{Reason: TooLong}
	}
	if err := ready(ctx); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if slices.ContainsFunc(b.latest, func(k Kept) bool { return k.ID == m.ID }) {
		return nil
	}
	if len(b.latest) >= b.keep {
		b.latest = append(b.latest[:0], b.latest[1:]...)
	}
	b.latest = append(b.latest, Kept{m, b.now()})
	return nil
}

// List gives the messages, newest first.
func (b *Box) List() []Kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.latest)
	slices.Reverse(out)
	return out
}

// Drop removes the message with that id.
func (b *Box) Drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.latest = slices.DeleteFunc(b.latest, func(k Kept) bool { return k.ID == id })
}

package mail

import (
	"context"
	"slices"
	"sync"
)

// Box is the mailbox of the demo: it keeps the latest messages in memory and
// sends nothing anywhere.
type Box struct {
	mu     sync.Mutex
	latest []Message // newest last
	keep   int
}

// NewBox makes a mailbox that keeps so many messages.
func NewBox(keep int) *Box { return &Box{keep: keep} }

// Send puts the message into the mailbox, once for each Message-ID.
func (b *Box) Send(ctx context.Context, m Message, ready func(context.Context) error) error {
	if _, err := parseAddress(m.To); err != nil {
		return &Error{Reason: BadAddress, err: err}
	}
	if err := ready(ctx); err != nil {
		return err
	}
	m.Subject = oneLine(m.Subject)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, old := range b.latest {
		if old.ID == m.ID {
			return nil
		}
	}
	if len(b.latest) >= b.keep {
		b.latest = append(b.latest[:0], b.latest[1:]...)
	}
	b.latest = append(b.latest, m)
	return nil
}

// List gives the messages, newest first.
func (b *Box) List() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Message, 0, len(b.latest))
	for i := len(b.latest) - 1; i >= 0; i-- {
		out = append(out, b.latest[i])
	}
	return out
}

// Find gives the message with that Message-ID.
func (b *Box) Find(id string) (Message, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.latest {
		if m.ID == id {
			return m, true
		}
	}
	return Message{}, false
}

// Drop removes the message with that Message-ID.
func (b *Box) Drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.latest = slices.DeleteFunc(b.latest, func(m Message) bool { return m.ID == id })
}

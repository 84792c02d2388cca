package telegram

import (
	"context"
	"sync"
	"time"
)

// Pace spreads messages over time: so many a second over all, and one chat not
// more often than once in a while.
type Pace struct {
	mu      sync.Mutex
	step    time.Duration
	perChat time.Duration
	next    time.Time
	chats   map[int64]time.Time
}

// NewPace allows perSecond messages a second over all, and one in perChat for each chat.
func NewPace(perSecond int, perChat time.Duration) *Pace {
	return &Pace{step: time.Second / time.Duration(perSecond), perChat: perChat, chats: map[int64]time.Time{}}
}

// Wait ends when a message to the chat may go.
func (p *Pace) Wait(ctx context.Context, chat int64) error {
	d := time.Until(p.Reserve(time.Now(), chat))
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Reserve takes the next free instant for the chat, not before now.
func (p *Pace) Reserve(now time.Time, chat int64) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now
	if p.next.After(at) {
		at = p.next
	}
	if t := p.chats[chat]; t.After(at) {
		// The chat waits alone: the turns before its instant stay free for others.
		p.chats[chat] = t.Add(p.perChat)
		return t
	}
	p.next = at.Add(p.step)
	p.chats[chat] = at.Add(p.perChat)
	if len(p.chats) > 10_000 {
		for c, t := range p.chats {
			if t.Before(now) {
				delete(p.chats, c)
			}
		}
	}
	return at
}

// Pause lets nothing go for a while, as the API asks with retry_after.
func (p *Pace) Pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(d); until.After(p.next) {
		p.next = until
	}
}

package app

import (
	"context"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
)

// storyHeard is how far back the demo still sends what its story has to say;
// older news would only flood the mailbox.
const storyHeard = 30 * time.Hour

// lately sends only what is newer than an instant.
type lately struct {
	to    *messages.Service
	after time.Time
}

func (l lately) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	if tx.Now.Before(l.after) {
		return nil
	}
	return l.to.Send(ctx, tx, n)
}

// nowhere is where the demo's mail cannot be delivered, so that staff see what
// becomes of a letter to an address that is wrong.
const nowhere = "nowhere.invalid"

// demoMail is the mailbox of the demo, which refuses letters to nowhere.
type demoMail struct{ *mail.Box }

func (d demoMail) Send(ctx context.Context, m mail.Message, ready func(context.Context) error) error {
	if strings.HasSuffix(m.To, "@"+nowhere) {
		return &mail.Error{Reason: mail.BadAddress}
	}
	return d.Box.Send(ctx, m, ready)
}

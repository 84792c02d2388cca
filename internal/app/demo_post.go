package app

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/spine/people/demopeople"
)

// demoMail is the mailbox of the demo, which refuses letters to nowhere.
type demoMail struct{ *mail.Box }

func (d demoMail) Send(ctx context.Context, m mail.Message, ready func(context.Context) error) error {
	if strings.HasSuffix(m.To, "@"+demopeople.Nowhere) {
		return &mail.Error{Reason: mail.BadAddress}
	}
	return d.Box.Send(ctx, m, ready)
}

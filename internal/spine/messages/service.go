package messages

import (
	"context"
	"log/slog"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/spine/people"
)

// Options are what the service is made of.
type Options struct {
	Store     *storage.Store // for the pages and for Listen
	People    *people.Service
	Mail      mail.Sender     // nil: no mail leaves
	Box       *mail.Box       // the mailbox of the demo, when Mail is it: its page is shown
	Telegram  *telegram.Bot   // nil: no Telegram
	SMS       sms.Sender      // nil: no text messages
	Texts     *sms.Box        // the box of the demo, when SMS is it: it is shown beside the mailbox
	Daily     int             // parts of text messages on one day of Bishkek
	Price     int64           // of one part, in hundredths of a som; 0: not told
	Catalogue *i18n.Catalogue // nil: given later with Speak
	PublicURL string          // without a slash at the end

	// Programme gives the name of the programme for the foot of a mail, and
	// Activity the title of an activity for staff; nil for none.
	Programme func(ctx context.Context, tx *storage.Tx) (i18n.Text, error)
	Activity  func(ctx context.Context, tx *storage.Tx, id storage.ID) (i18n.Text, error)
	// Scope tells where an activity lies, for grants that hold in a programme,
	// a city or an activity; of the zero activity, where the whole programme
	// lies. nil: only grants for everything and for single activities count.
	Scope func(ctx context.Context, tx *storage.Tx, activity storage.ID) (access.Scope, error)

	// Places gives where several activities lie and what they are called; those that there are
	// not are left out. nil: as without Scope and Activity.
	Places func(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Place, error)

	// WebhookSecret lets Telegram post updates to /telegram/webhook; empty: Listen asks for them.
	WebhookSecret string
	// Patience is how long a message may be on its way before its sender is
	// taken for dead; 0 for two minutes. It is longer than any time-out of mail and telegram.
	Patience time.Duration
	Log      *slog.Logger // nil: silent
}

// Place is where an activity lies, and what it is called.
type Place struct {
	Scope  access.Scope
	Title  i18n.Text
	Hidden bool // for those who are invited alone: its name stands in no text message
}

// Service sends messages and keeps their history.
type Service struct {
	Options
	say *i18n.Catalogue
	bot botName
}

// New makes a service.
func New(o Options) *Service {
	if o.Patience == 0 {
		o.Patience = 2 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Options: o, say: o.Catalogue}
}

// Speak gives the service the texts of all modules. It belongs to wiring, before the first message is delivered.
func (s *Service) Speak(c *i18n.Catalogue) { s.say = c }

// may reports whether somebody may watch the messages of an activity, of the
// whole programme when it is zero.
func (s *Service) may(ctx context.Context, tx *storage.Tx, a access.Actor, activity storage.ID) (bool, error) {
	at := access.Scope{Activity: activity}
	if s.Scope != nil {
		var err error
		if at, err = s.Scope(ctx, tx, activity); err != nil {
			return false, err
		}
	}
	return a.May(Watch, at), nil
}

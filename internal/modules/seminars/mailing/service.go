package mailing

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Kind is the kind of the messages that a mailing sends, TryKind of those to try.
const (
	Kind    = "seminars.mailing"
	TryKind = "seminars.mailing_try"
)

// Letters is what a mailing asks of the messages.
type Letters interface {
	Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error
	FatesOf(ctx context.Context, tx *storage.Tx, keys []string) (map[string]messages.Fate, error)
	Way(p people.Person, w people.Ways, words bool) messages.Fate
	See(ctx context.Context, tx *storage.Tx, p people.Person, n messages.Notice) (messages.Seen, error)
	ShortText(l i18n.Language, title i18n.Text, words string, hidden bool) (string, sms.Length)
	PartsUnder(ctx context.Context, tx *storage.Tx, activity storage.ID, beginning string) (int, error)
	Tariff(ctx context.Context, tx *storage.Tx) (messages.Tariff, error)
}

// Service is the mailings of a programme.
type Service struct {
	*seats.Service
	Letters Letters       // nil: nothing can be sent
	Undo    time.Duration // how long a mailing waits at least; 0 for UndoFor

	Claim func(ctx context.Context, tx *storage.Tx, m Mailing, due time.Time) (int64, error) // a test's own guard, nil for the real one
	Most  int                                                                                // recipients of one mailing in tests, 0 for MostRecipients
	Slice func()                                                                             // told after each slice of letters, in tests
}

// New makes the mailings of these seats. It wraps what hears that two applications become one.
func New(s *seats.Service) *Service {
	m := &Service{Service: s}
	if letters, ok := s.Messages.(Letters); ok {
		m.Letters = letters
	}
	before := s.Joined
	s.Joined = func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
		if before != nil {
			if err := before(ctx, tx, stays, goes); err != nil {
				return err
			}
		}
		return joined(ctx, tx, stays, goes)
	}
	return m
}

// Of gives a mailing of an activity for who may select there.
//
// Faults: NotFound when there is none or it is of another activity; Forbidden.
func (m *Service) Of(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) (Mailing, error) {
	return m.of(ctx, tx, actor, a, id)
}

// of gives a mailing of an activity for who may select there.
//
// Faults: NotFound when there is none or it is of another activity; Forbidden.
func (m *Service) of(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) (Mailing, error) {
	if err := allowed(actor, a); err != nil {
		return Mailing{}, err
	}
	v, err := byID(ctx, tx, id)
	if err == nil && v.Activity != a.ID {
		err = fault.New(fault.NotFound, "seminars.mailing.fault.unknown")
	}
	return v, err
}

func allowed(actor access.Actor, a seats.Activity) error {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return nil
}

// List gives the mailings of an activity, the last first, for who may select there.
//
// Faults: Forbidden.
func (m *Service) List(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) ([]Listed, error) {
	if err := allowed(actor, a); err != nil {
		return nil, err
	}
	list, err := storage.All(ctx, tx, scan, `SELECT `+columns+`
		FROM mailing
		WHERE activity_id = $1
		ORDER BY made_at DESC, id DESC
		LIMIT 200`, a.ID)
	if err != nil {
		return nil, err
	}
	sizes := map[storage.ID]int{}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
		n := 0
		err = row.Scan(&id, &n)
		sizes[id] = n
		return id, err
	}, `SELECT r.mailing_id, COUNT(*)
		FROM mailing_recipient r
		JOIN mailing m ON m.id = r.mailing_id
		WHERE m.activity_id = $1
		GROUP BY r.mailing_id`, a.ID); err != nil {
		return nil, err
	}
	out := make([]Listed, len(list))
	for i, v := range list {
		out[i] = Listed{Mailing: v, Count: sizes[v.ID]}
	}
	return out, nil
}

// Listed is a mailing with how many it is to; none yet while it is a draft.
type Listed struct {
	Mailing
	Count int
}

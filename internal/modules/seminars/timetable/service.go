package timetable

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Letters is what the timetable asks of the messages.
type Letters interface {
	See(ctx context.Context, tx *storage.Tx, p people.Person, n messages.Notice) (messages.Seen, error)
	HasShort(kind string) bool
	HouseWords(kind string, lang i18n.Language, args ...string) (subject, body string)
	TallyOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[string]messages.Tally, error)
	TallyUnder(ctx context.Context, tx *storage.Tx, activity storage.ID, kind, ending string) (messages.Tally, error)
}

// Service is the timetables of a programme.
type Service struct {
	*seats.Service
	Letters Letters // nil: nothing is sent, and nothing can be shown

	Claim func(ctx context.Context, tx *storage.Tx, activity storage.ID, s seats.Setting, own, words string, by storage.ID) (int64, error) // a test's own guard, nil for the real one
}

// New makes the timetables of these seats.
func New(s *seats.Service) *Service {
	m := &Service{Service: s}
	if letters, ok := s.Messages.(Letters); ok {
		m.Letters = letters
	}
	return m
}

func allowed(actor access.Actor, a seats.Activity) error {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return nil
}

package pages

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme/head"
)

// Module is the seminars as the house sees them: what the seats and the door do, and the
// pages that show it.
type Module struct {
	*seats.Service
	*door.Desk
	Chooser  *selection.Service                // rules, draws, and telling everybody
	Reviews  *review.Service                   // notes, tags, scores without a name
	Mailer   *mailing.Service                  // messages to groups
	Table    *timetable.Service                // messages that go by themselves
	Others   func() []module.Automatic         // those of other modules; nil: none
	Words    func(i18n.Language) *i18n.Printer // the texts of a language, for letters that are shown beforehand; nil: those of the page
	Parts    head.Parts                        // the pages of an activity for staff, of all rooms
	register *seats.Register
	Exports  *exports.Service // nil: no table is taken of all applications
	// Shells are the pages of other rooms that a phone keeps beside the door's.
	Shells []door.Shell
	// ToDecide counts what contradicts at the door of an activity; nil: nobody asks.
	ToDecide func(ctx context.Context, tx *storage.Tx, a seats.Activity) (int, error)
	// After draw what else the page of an application asks or offers, nil for nothing; path is
	// that of the page, without language.
	After []func(ctx context.Context, tx *storage.Tx, r *web.Request, app seats.Application, path string) (templ.Component, error)
}

// New makes the pages of these seats and of their door.
func New(s *seats.Service) *Module {
	chooser := selection.New(s)
	return &Module{Service: s, Desk: &door.Desk{Service: s}, Chooser: chooser, Reviews: review.New(s), Mailer: mailing.New(s), Table: timetable.New(s), register: seats.NewRegister(s)}
}

package followup

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// What answers are counted for. The codes are stored with the questions.
const (
	Kitchen = "kitchen"
	Bus     = "bus"
	Hotel   = "hotel"
	Care    = "care" // what is to be prepared for people
	Door    = "door" // counts alone, for who stands there
)

// Uses lists them in the order in which they are shown.
var Uses = []string{Kitchen, Bus, Hotel, Care, Door}

// Questions are the forms of what is asked after a yes. They ask for nothing that stands in
// her record, for no files, and for no consent but that to photos.
var Questions = forms.Shelf{
	Table: "followup_form", Owner: "activity_id", Shared: "template_id",
	Answered: `SELECT form_version_id FROM followup_answer WHERE form_version_id IS NOT NULL`,
	Kept:     7 * 24 * time.Hour,
	Kinds:    []forms.QuestionKind{forms.AskText, forms.AskLong, forms.AskChoice, forms.AskMany, forms.AskNumber, forms.AskDate, forms.AskCity, forms.AskPhoto},
	Uses:     Uses,
}

// Owner says whose questions are asked at an activity.
func Owner(a seats.Activity) forms.Owner {
	return forms.Owner{ID: a.ID, Shared: a.Template, Usual: forms.Form{Questions: Ready(daysOf(a))}}
}

// ownerWritten is Owner for who writes questions: those that are shared begin as of one day,
// for the activities that share them go on as long as each does.
func ownerWritten(a seats.Activity, shared bool) forms.Owner {
	o := Owner(a)
	if shared {
		o.Usual.Questions = Ready(1)
	}
	return o
}

// ChangeForm changes one thing of the questions of an activity or, when Shared, of its template.
type ChangeForm struct {
	Activity storage.ID
	Actor    access.Actor
	Shared   bool
	forms.Change
}

// ChangeForm makes a new version of the questions. What was answered stays with the words that
// were answered.
//
// Faults: Forbidden for whoever may not set up all that it holds for; NotFound for the
// questions of a template where there is none; else those of forms.Shelf.Change.
func (m *Module) ChangeForm(ctx context.Context, tx *storage.Tx, cmd ChangeForm) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(seats.MaySetUp, seats.ScopeOfForm(a, cmd.Shared)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if cmd.Shared && a.Template.IsZero() {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	sources, err := m.Sources(ctx, tx)
	if err != nil {
		return err
	}
	if err := Questions.Change(ctx, tx, ownerWritten(a, cmd.Shared), cmd.Shared, cmd.Change, sources); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "followup.audit.form", Object: a.ID})
}

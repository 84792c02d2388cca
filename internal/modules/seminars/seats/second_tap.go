package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// marks names the drafts that a form may have been handed in as already: the one that
// it was drawn for, and the one of the browser that sends it.
func (cmd applying) marks() (out []string) {
	if cmd.Mark != "" {
		out = append(out, cmd.Mark)
	}
	if cmd.Secret != "" {
		if own := DraftMark(cmd.Secret, cmd.Activity.ID); own != cmd.Mark {
			out = append(out, own)
		}
	}
	return out
}

// closeDraft notes what the draft of the browser has become; that of the form as well
// where it has become nothing yet, as when the browser keeps no cookie. Where secondTap
// has noted it for all of them, nothing is left to do.
func (cmd applying) closeDraft(ctx context.Context, tx *storage.Tx, application storage.ID) error {
	if cmd.closed && application == cmd.id {
		return nil
	}
	if cmd.Secret == "" || cmd.Mark != DraftMark(cmd.Secret, cmd.Activity.ID) {
		if err := closeMark(ctx, tx, cmd.Activity.ID, cmd.Mark, application); err != nil {
			return err
		}
	}
	return CloseDraft(ctx, tx, cmd.Activity.ID, cmd.Secret, application)
}

// secondTap finds the application that the draft of this form has become already; done
// is false when there is none, or when it is of another person. Who hands the same draft
// in at the same moment waits for the other.
func (m *Service) secondTap(ctx context.Context, tx *storage.Tx, cmd *applying, form forms.Form) (_ Handed, done bool, err error) {
	var found []storage.ID
	marks := cmd.marks()
	cmd.closed = len(marks) > 0
	for _, mark := range marks {
		id, fresh, err := takeDraft(ctx, tx, cmd.Activity.ID, mark, cmd.id)
		if err != nil {
			return Handed{}, false, err
		}
		cmd.closed = cmd.closed && fresh
		if !id.IsZero() {
			found = append(found, id)
		}
	}
	if len(found) > 0 { // several people have used this page: of the last one this browser has the session
		found = append(found, cmd.Actor.Application)
	}
	for _, id := range found {
		app, there, err := ApplicationIfThere(ctx, tx, id)
		if err != nil {
			return Handed{}, false, err
		}
		if !there || app.Activity != cmd.Activity.ID {
			continue
		}
		p, err := m.People.ByID(ctx, tx, app.Person)
		if err != nil {
			return Handed{}, false, err
		}
		now, err := people.Tidy(m.People.Lists(), DetailsOf(cmd.Answers, cmd.Activity), tx.Now)
		if err != nil {
			return Handed{}, false, forms.AtQuestions(err)
		}
		if p.Is(now) {
			handed, err := m.handAgain(ctx, tx, *cmd, form, app, p, now)
			return handed, err == nil, err
		}
	}
	return Handed{}, false, nil
}

// handAgain replaces the answers of an application, as long as nobody has proven that
// it is hers.
func (m *Service) handAgain(ctx context.Context, tx *storage.Tx, cmd applying, form forms.Form, app Application, p people.Person, now people.Details) (Handed, error) {
	if p.ID != cmd.Actor.Person {
		proven, err := m.People.IsProven(ctx, tx, p.ID)
		if err != nil || proven { // it is somebody's own, and this browser does not show that it is hers
			return Handed{Application: app, Again: true}, err
		}
	}
	plain, err := cmd.Answers.Encode()
	if err != nil {
		return Handed{}, err
	}
	now.Lang, now.Demo = cmd.Lang, p.Demo
	if err := m.People.Update(ctx, tx, p.ID, forms.FillIn(p.Details, now)); err != nil {
		return Handed{}, forms.AtQuestions(err)
	}
	if app.Answers, err = m.People.Seal(ctx, tx, p.ID, plain); err != nil {
		return Handed{}, err
	}
	if _, err := tx.Exec(ctx, `UPDATE application
		SET answers = $2, form_version_id = $3, changed_at = $4
		WHERE id = $1`, app.ID, app.Answers, form.ID, storage.Micros(tx.Now)); err != nil {
		return Handed{}, err
	}
	app.Form = form.ID
	return Handed{Application: app, Again: true, Replaced: true}, m.Consents(ctx, tx, p, cmd.Lang, form, cmd.Answers)
}

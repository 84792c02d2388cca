package seats

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// WhyDue is until when a question why is to be answered, from when it was asked on; whyLeast
// is what staff have at least.
const (
	WhyDue   = 7 * 24 * time.Hour
	whyLeast = 24 * time.Hour
)

// whyDue is until when a question is to be answered, on the day that the activity has now:
// within a week, a day before the activity when it was asked earlier than that, and while
// the page on which the answer stands can be read.
func whyDue(a Activity, asked time.Time) time.Time {
	due := asked.Add(WhyDue)
	if before := a.Starts.Add(-whyLeast); before.After(asked) && before.Before(due) {
		due = before
		if least := asked.Add(whyLeast); due.Before(least) {
			due = least
		}
	}
	if ends := LinkEnds(a); ends.After(asked) && ends.Before(due) {
		due = ends
	}
	return due
}

// WhyDueOf is until when a question why that was asked at a moment is to be answered.
func WhyDueOf(a Activity, asked time.Time) time.Time { return whyDue(a, asked) }

// MostWhy is how long the question and the answer may be, in letters.
const MostWhy = 1000

// Why is the one question of somebody who was refused or waits for a seat.
type Why struct {
	Application storage.ID
	State       State // at which she asked
	Words       string
	Asked, Due  time.Time
	Answer      string
	Answered    time.Time // zero while it waits
}

// MayAskWhy reports whether somebody may ask why, when she has not asked yet: refused or
// waiting, until the page of the application closes.
func MayAskWhy(a Activity, app Application, now time.Time) bool {
	if a.State == "cancelled" || app.State != Declined && app.State != Waitlisted {
		return false
	}
	ends := LinkEnds(a)
	return ends.IsZero() || now.Before(ends)
}

// AskWhy is the question of the person herself, once for each application. It waits on
// Today of who selects until it is answered.
//
// Faults: Conflict when she asked before, or was neither refused nor waits; TooLate once
// the page of the application has closed; Gone when the activity is cancelled; those of
// the words.
func (m *Service) AskWhy(ctx context.Context, tx *storage.Tx, id storage.ID, words string) error {
	app, err := ApplicationByID(ctx, tx, id)
	if err != nil {
		return err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return err
	}
	// Who decides on her at this moment comes first, or waits.
	if err := m.HoldSeminar(ctx, tx, a.ID); err != nil {
		return err
	}
	if app, err = ApplicationByID(ctx, tx, id); err != nil {
		return err
	}
	switch {
	case a.State == "cancelled":
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case app.State != Declined && app.State != Waitlisted:
		return fault.New(fault.Conflict, "seminars.fault.why_state")
	case !MayAskWhy(a, app, tx.Now):
		return fault.New(fault.TooLate, "seminars.fault.over")
	}
	box, err := m.sealWords(ctx, tx, app.Person, words, false)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO application_why (application_id, state, words, asked_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (application_id) DO NOTHING`, app.ID, string(app.State), box, storage.Micros(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.fault.why_asked")
	}
	if err == nil {
		m.News(tx, a.ID)
	}
	return err
}

// sealWords checks words and seals them for a person; nil for none.
func (m *Service) sealWords(ctx context.Context, tx *storage.Tx, person storage.ID, words string, required bool) ([]byte, error) {
	words = strings.TrimSpace(words)
	switch {
	case words == "" && required:
		return nil, fault.At("answer", "fault.required")
	case words == "":
		return nil, nil
	}
	field := "words"
	if required {
		field = "answer"
	}
	fixed, wrong, args := forms.Question{Key: field, Kind: forms.AskLong, Max: MostWhy}.Fix(words, forms.Sources{})
	if wrong != "" {
		return nil, fault.At(field, wrong, args)
	}
	return m.People.Seal(ctx, tx, person, []byte(fixed))
}

// AnswerWhy is what staff answer.
type AnswerWhy struct {
	Activity, Application storage.ID
	Actor                 access.Actor
	Words                 string
}

// AnswerWhy answers a question, once, and tells her that the answer is there: the letter
// leads to it and holds none of its words.
//
// Faults: Forbidden; NotFound when she did not ask; Conflict when it was answered; those
// of the words.
func (m *Service) AnswerWhy(ctx context.Context, tx *storage.Tx, cmd AnswerWhy) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := ApplicationByID(ctx, tx, cmd.Application)
	if err == nil && app.Activity != a.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return err
	}
	box, err := m.sealWords(ctx, tx, app.Person, cmd.Words, true)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE application_why
		SET answer = $2, answered_at = $3, answered_by = $4
		WHERE application_id = $1 AND answered_at = 0`, app.ID, box, storage.Micros(tx.Now), cmd.Actor.Person)
	if err != nil {
		return err
	}
	if n == 0 {
		if _, asked, err := m.WhyOf(ctx, tx, app); err != nil {
			return err
		} else if !asked {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		return fault.New(fault.Conflict, "seminars.fault.why_answered")
	}
	m.News(tx, a.ID)
	return m.TellOnce(ctx, tx, app, whyNotice, whyNotice+"/"+app.ID.String())
}

// WhyOf gives the question of an application; false when none was asked.
func (m *Service) WhyOf(ctx context.Context, tx *storage.Tx, app Application) (w Why, asked bool, err error) {
	w.Application = app.ID
	var words, answer []byte
	var at, answered int64
	err = tx.QueryRow(ctx, `SELECT state, words, asked_at, answer, answered_at
		FROM application_why
		WHERE application_id = $1`, app.ID).Scan(&w.State, &words, &at, &answer, &answered)
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	if err != nil {
		return w, false, err
	}
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return w, false, err
	}
	w.Asked, w.Answered = storage.Instant(at), storage.Instant(answered)
	w.Due = whyDue(a, w.Asked)
	for box, text := range map[*[]byte]*string{&words: &w.Words, &answer: &w.Answer} {
		if len(*box) == 0 {
			continue
		}
		plain, err := m.People.Unseal(ctx, tx, app.Person, *box)
		if err != nil {
			return w, false, err
		}
		*text = string(plain)
	}
	return w, true, nil
}

// joinWhy makes one question of those of two applications that become one, so that an open
// one stays open and no word is lost: what was answered before stands above it.
func (m *Service) joinWhy(ctx context.Context, tx *storage.Tx, person storage.ID, stays, goes Application) error {
	one, asked, err := m.WhyOf(ctx, tx, stays)
	if err != nil {
		return err
	}
	two, also, err := m.WhyOf(ctx, tx, goes)
	if err != nil || !also {
		return err
	}
	if !asked {
		_, err = tx.Exec(ctx, `UPDATE application_why SET application_id = $1 WHERE application_id = $2`, stays.ID, goes.ID)
		return err
	}
	first, last := one, two
	if last.Answered.IsZero() == first.Answered.IsZero() && last.Asked.Before(first.Asked) || !last.Answered.IsZero() && first.Answered.IsZero() {
		first, last = last, first // the open one, else the later, comes below
	}
	words, answer := []string{first.Words, last.Words}, []string{first.Answer, last.Answer}
	if last.Answered.IsZero() {
		words, answer = []string{first.Words, first.Answer, last.Words}, nil
	}
	sealed := func(parts []string) ([]byte, error) {
		text := strings.TrimSpace(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n"))
		if text == "" {
			return nil, nil
		}
		return m.People.Seal(ctx, tx, person, []byte(text))
	}
	box, err := sealed(words)
	if err != nil {
		return err
	}
	reply, err := sealed(answer)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM application_why WHERE application_id = $1`, goes.ID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE application_why
		SET state = $2, words = $3, asked_at = $4, answer = $5, answered_at = $6
		WHERE application_id = $1`, stays.ID, string(last.State), box, storage.Micros(last.Asked), reply, storage.Micros(last.Answered))
	return err
}

// whyItems tells which activities have questions why that wait, with the page of the one that
// was asked first. Of an activity that is over they wait all the same: somebody was promised
// an answer.
func (m *Service) whyItems(ctx context.Context, tx *storage.Tx, actor access.Actor, known []Overview) (out []TodayItem, err error) {
	type question struct {
		activity, application storage.ID
		asked                 int64
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (q question, err error) {
		err = row.Scan(&q.activity, &q.application, &q.asked)
		return q, err
	}, `SELECT a.activity_id, w.application_id, w.asked_at
		FROM application_why w
		JOIN application a ON a.id = w.application_id
		WHERE w.answered_at = 0
		ORDER BY a.activity_id, w.asked_at, w.application_id`)
	if err != nil {
		return nil, err
	}
	of := map[storage.ID]Activity{}
	for _, o := range known {
		of[o.Activity.ID] = o.Activity
	}
	for _, q := range list {
		if n := len(out); n > 0 && out[n-1].Activity.ID == q.activity {
			out[n-1].Count++
			continue
		}
		a, ok := of[q.activity]
		if !ok { // without seats, or not hers
			if a, err = m.ActivityByID(ctx, tx, q.activity); fault.Is(err, fault.NotFound) {
				continue
			} else if err != nil {
				return nil, err
			}
			of[q.activity] = a
		}
		if !actor.May(MaySelect, ScopeOf(a)) {
			continue
		}
		due := whyDue(a, storage.Instant(q.asked))
		out = append(out, TodayItem{
			Key: "seminars.today.why", Short: "seminars.today.why.short", Do: "seminars.today.why.do", Count: 1, Activity: a, When: due,
			Path:   "/staff/seminars/" + a.Slug + "/applicants/" + q.application.String(),
			Urgent: due.Before(tx.Now.Add(24 * time.Hour)),
		})
	}
	return out, nil
}

package programme

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// The greatest lengths of texts, in characters.
const (
	MaxLine = 300
	maxText = 20_000
)

// ChangeActivity is an activity as a coordinator has changed it.
type ChangeActivity struct {
	Actor    access.Actor
	Activity storage.ID
	Version  int64 // the one that she saw
	// Write puts what she wrote into the activity as it is. It may run again.
	Write func(Activity) (Activity, error)

	// Shown says that what people feel is shown to her before it is done: the day, the hours
	// or the place of a published activity change only with the Sure of a Preview.
	Shown bool
	Sure  string // of the Preview that she saw
	// Words says of a new venue or address, by its name, how it stands in the languages in
	// which she did not write it: SameWords or KeptWords.
	Words map[string]string
	// Stays names the texts of the place (StaysNames) that are right as they are though the city
	// or the venue is another one.
	Stays []string
	// Reopen opens applications that are closed again, until Until, when the activity moves to
	// another day or hour. Without it they stay closed.
	Reopen bool
	Until  time.Time
}

// Change is ChangeAlong for who does not ask what followed the day.
func (s *Service) Change(ctx context.Context, tx *storage.Tx, c ChangeActivity) (Activity, error) {
	a, _, err := s.ChangeAlong(ctx, tx, c)
	return a, err
}

// ChangeAlong writes an activity as a coordinator has changed it, and tells the modules in the
// same transaction. Its address, state and kind do not change here; what hangs on its day
// moves with it, see MoveAlong. Invalid, also at "stays_" with the name of a text of the old
// place of which nobody says that it stays, and at "reopen" and "reopen_until"; Forbidden,
// NotFound; Conflict when somebody else
// has changed it since she saw it, and when people feel the change and she has not seen what
// it does (Shown). moved names what has followed the day.
func (s *Service) ChangeAlong(ctx context.Context, tx *storage.Tx, c ChangeActivity) (a Activity, moved []string, err error) {
	before, err := toChange(ctx, tx, c.Activity)
	if err != nil {
		return before, nil, err
	}
	p, err := s.prepare(ctx, tx, c, before)
	if err != nil {
		return before, nil, err
	}
	if c.Shown && p.Felt && (p.Sure == "" || c.Sure != p.Sure) {
		return before, nil, fault.New(fault.Conflict, Unsure)
	}
	if a, err = p.reopened(c, tx.Now); err != nil {
		return before, nil, err
	}
	for _, name := range append(append([]string{}, TextNames...), PlaceNames...) {
		a.Stale = a.Stale.Note(name, *before.Text(name), *a.Text(name), tx.Now)
	}
	a.Stale = a.Stale.NoteAgenda(before.Agenda, a.Agenda, tx.Now)
	a, err = s.write(ctx, tx, c.Actor, before, a)
	return a, p.Along, err
}

// Unsure is the fault of a change that people feel and that she has not seen before.
const Unsure = "programme.fault.unsure"

// mayLead refuses a new facilitator whose role does not reach the activity.
func (s *Service) mayLead(ctx context.Context, tx *storage.Tx, before, after Activity) error {
	if s.facilitators == nil || after.Facilitator.IsZero() || after.Facilitator == before.Facilitator {
		return nil
	}
	list, err := s.Facilitators(ctx, tx, after.Scope())
	if err == nil && !slices.ContainsFunc(list, func(f Facilitator) bool { return f.ID == after.Facilitator }) {
		err = fault.At("facilitator", "programme.fault.choice")
	}
	return err
}

// Facilitators lists who may be chosen to lead what lies in a place, of the zero scope everybody.
func (s *Service) Facilitators(ctx context.Context, tx *storage.Tx, at access.Scope) ([]Facilitator, error) {
	if s.facilitators == nil {
		return nil, nil
	}
	return s.facilitators(ctx, tx, at)
}

// Publish shows an activity to everybody, or no more.
type Publish struct {
	Actor  access.Actor
	Slug   string
	Public bool // else it is a draft again
	Gaps   bool // she knows in which languages something is not written
}

// Publish shows a draft to everybody, or takes it back into a draft: Conflict with the
// reason when people count on it; Invalid at GapsField where a text is not written in every
// language and she has not said that it may be so.
func (s *Service) Publish(ctx context.Context, tx *storage.Tx, c Publish) (Activity, error) {
	before, err := BySlug(ctx, tx, c.Slug)
	if err != nil {
		return before, err
	}
	if !c.Actor.May(MayPlan, before.Scope()) {
		return before, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if before.State == Cancelled {
		return before, fault.New(fault.Conflict, "programme.fault.cancelled")
	}
	after := before
	after.State = Draft
	if c.Public {
		after.State = Published
	}
	if after.State == before.State {
		return before, nil
	}
	if c.Public {
		if err := AskGaps(after, c.Gaps); err != nil {
			return before, err
		}
	}
	return s.write(ctx, tx, c.Actor, before, after)
}

// Binds is the fault that tells why an activity cannot be a draft again: people count on
// it. Nil when it may, and for what is not published. It is for pages that say so
// beforehand; a change is refused by the module that hears of it.
func (s *Service) Binds(ctx context.Context, tx *storage.Tx, a Activity) error {
	if s.binds == nil || a.State != Published {
		return nil
	}
	return s.binds(ctx, tx, a)
}

// PublishDrafts shows drafts of a template to everybody.
type PublishDrafts struct {
	Actor    access.Actor
	Template storage.ID
	Chosen   []storage.ID
	Gaps     bool // as in Publish, of all of them
}

// PublishDrafts shows the chosen drafts of a template to everybody, all or none,
// and gives how many there were. What is no draft any more is left alone.
// Forbidden; Invalid when none is chosen and as Publish says, NotFound for one of another template.
func (s *Service) PublishDrafts(ctx context.Context, tx *storage.Tx, c PublishDrafts) (count int, err error) {
	if len(c.Chosen) == 0 {
		return 0, fault.At("drafts", "programme.fault.no_drafts")
	}
	for _, id := range c.Chosen {
		a, err := ByID(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if a.Template != c.Template {
			return 0, UnknownActivity()
		}
		if a.State != Draft {
			continue
		}
		if _, err := s.Publish(ctx, tx, Publish{Actor: c.Actor, Slug: a.Slug, Public: true, Gaps: c.Gaps}); err != nil {
			return 0, err
		}
		count++
	}
	return count, nil
}

// Cancel calls an activity off, with the reason that people read. Conflict when it was
// called off for another reason: that one people have read. Conflict, too, for a draft: what
// is cancelled everybody sees, and nobody was to see that.
func (s *Service) Cancel(ctx context.Context, tx *storage.Tx, actor access.Actor, slug string, reason i18n.Text) (Activity, error) {
	before, err := BySlug(ctx, tx, slug)
	if err != nil {
		return before, err
	}
	if !actor.May(MayPlan, before.Scope()) {
		return before, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var form fault.Form
	KeepText(&form, "reason", &reason, false)
	if before.State == Cancelled && form.Err() == nil {
		if reason != (i18n.Text{}) && reason != before.Reason {
			err = fault.New(fault.Conflict, "programme.fault.cancelled_before")
		}
		return before, err
	}
	if before.State == Draft {
		return before, fault.New(fault.Conflict, "programme.fault.cancel_draft")
	}
	form.Check(reason != (i18n.Text{}), "reason_"+string(i18n.Kyrgyz), "programme.fault.reason")
	if err := form.Err(); err != nil {
		return before, err
	}
	after := before
	after.State, after.Reason = Cancelled, reason
	return s.write(ctx, tx, actor, before, after)
}

// write is the one way in which a person's change reaches the database.
func (s *Service) write(ctx context.Context, tx *storage.Tx, actor access.Actor, before, after Activity) (Activity, error) {
	if !actor.May(MayPlan, before.Scope()) || !actor.May(MayPlan, after.Scope()) {
		return before, fault.New(fault.Forbidden, "fault.forbidden")
	}
	after, err := s.Rewrite(ctx, tx, before, after)
	if err != nil {
		return after, err
	}
	return after, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "programme.audit.changed", Object: after.ID, Detail: after.State})
}

// Rewrite writes an activity anew, keeps that it was moved, and tells the modules, whose fault
// stops it. Who may, has been decided.
func (s *Service) Rewrite(ctx context.Context, tx *storage.Tx, before, after Activity) (Activity, error) {
	after, err := Update(ctx, tx, after)
	if err != nil {
		return after, err
	}
	if err := noteMove(ctx, tx, s.night, before, after); err != nil || s.changed == nil {
		return after, err
	}
	return after, s.changed(ctx, tx, before, after)
}

// Check finds what is wrong with an activity that a person filled in, and writes its texts as they are kept.
func (a *Activity) Check(lists *profile.Lists) error {
	var form fault.Form
	checkTexts(&form, append(append([]string{}, TextNames...), PlaceNames...), a.Text)
	if _, known := lists.City(a.City); a.City != "" && !known {
		form.Add("city", "programme.fault.city")
	}
	checkCommon(&form, lists, a.Capacity, a.Group, a.Languages, a.Agenda)
	for _, b := range a.Bounds() {
		form.Add(b.Field, b.Key, b.Args)
	}
	return form.Err()
}

// check is that of an activity for a template.
func (t *Template) check(lists *profile.Lists) error {
	var form fault.Form
	checkTexts(&form, TextNames, t.Text)
	checkCommon(&form, lists, t.Capacity, t.Group, t.Languages, t.Agenda)
	for _, b := range t.Bounds() {
		form.Add(b.Field, b.Key, b.Args)
	}
	form.Check(t.OpensBefore >= 0 && t.OpensBefore <= 365, "opens_before", "programme.fault.days")
	form.Check(t.DeadlineBefore >= 0 && t.DeadlineBefore <= 365, "deadline_before", "programme.fault.days")
	form.Check(t.OpensBefore == 0 || t.OpensBefore >= t.DeadlineBefore, "opens_before", "programme.fault.opens")
	return form.Err()
}

func checkTexts(form *fault.Form, names []string, text func(string) *i18n.Text) {
	for _, name := range names {
		KeepText(form, name, text(name), Long(name))
	}
	form.Check(*text("title") != (i18n.Text{}), "title_"+string(i18n.Kyrgyz), "programme.fault.title")
}

func checkCommon(form *fault.Form, lists *profile.Lists, capacity int, group string, languages []string, agenda []Session) {
	form.Check(capacity >= 0 && capacity <= 100_000, "capacity", "programme.fault.capacity")
	form.Check(profile.Of(profile.Group).Takes(lists, group), "group", "programme.fault.choice")
	for _, l := range languages {
		if _, ok := i18n.Parse(l); !ok {
			form.Add("languages", "programme.fault.choice")
		}
	}
	form.Check(len(agenda) <= MaxSessions, "agenda_0_at", "programme.fault.sessions", fault.Args{"count": MaxSessions})
	for i := range agenda {
		KeepText(form, SessionField(i, "title"), &agenda[i].Title, false)
		KeepText(form, SessionField(i, "speaker"), &agenda[i].Speaker, false)
	}
}

package newsroom

import (
	"context"
	"encoding/json"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// WriteRelease is a release as somebody has written it.
type WriteRelease struct {
	Actor   access.Actor
	Release storage.ID // zero for a new one
	Version int64      // the one that she saw
	// Write puts what she wrote into the release as it is. It may run again.
	Write func(Release) (Release, error)
	// Correction says what was wrong, when the release is public: people read it below.
	Correction i18n.Text
}

// WriteRelease keeps a release as it was written. State, address of what is public, and
// moments do not change here. Forbidden, NotFound; Invalid at the fields, also when a
// public release is changed and nobody says what was wrong; Conflict when somebody else
// has changed it since she saw it, or when it was withdrawn.
func (m *Module) WriteRelease(ctx context.Context, tx *storage.Tx, cmd WriteRelease) (Release, error) {
	before := Release{Kind: Press, State: Draft, Posted: true}
	if !cmd.Release.IsZero() {
		var err error
		if before, err = ByID(ctx, tx, cmd.Release); err != nil {
			return before, err
		}
		if err := m.may(ctx, tx, cmd.Actor, before, writes(before.State)); err != nil {
			return before, err
		}
	}
	if !cmd.Release.IsZero() && before.Version != cmd.Version {
		return before, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	if before.State == Withdrawn {
		return before, fault.New(fault.Conflict, "newsroom.fault.withdrawn")
	}
	r, err := cmd.Write(before)
	if err != nil {
		return before, err
	}
	// What nobody writes on this page stays as it is.
	r.ID, r.State, r.Public, r.Version, r.Made = before.ID, before.State, before.Public, before.Version, before.Made
	r.Texts.Reason, r.Texts.Stale = before.Texts.Reason, before.Texts.Stale
	if before.Open() {
		r.Slug, r.Embargo, r.Kind, r.Posted = before.Slug, before.Embargo, before.Kind, before.Posted
	}
	if r.Slug == "" {
		r.Slug = before.Slug
	}
	if err := r.check(tx.Now); err != nil {
		return before, err
	}
	if err := m.may(ctx, tx, cmd.Actor, r, writes(r.State)); err != nil { // also where it lies now
		return before, err
	}
	if may, err := m.everywhere(ctx, tx, cmd.Actor); err != nil {
		return before, err
	} else if !may { // the channels are those of the whole programme
		r.Posted = before.Posted && !cmd.Release.IsZero()
	}
	if len(r.Languages()) == 0 && r.State != Draft { // what somebody reads, or will, can be read
		return before, fault.At("body_"+string(i18n.Kyrgyz), "newsroom.fault.body")
	}
	for _, name := range names {
		r.Texts.Stale = r.Texts.Stale.Note(name, *before.Texts.text(name), *r.Texts.text(name), tx.Now)
	}
	r.By = cmd.Actor.Person
	if cmd.Release.IsZero() {
		return m.add(ctx, tx, r)
	}
	if r.State == Scheduled && !r.Embargo.After(tx.Now) {
		return before, fault.At("embargo", "newsroom.fault.embargo_past")
	}
	if err := r.update(ctx, tx); err != nil {
		return before, err
	}
	if r.State == Scheduled {
		if err := r.plan(ctx, tx); err != nil {
			return before, err
		}
	}
	if !before.Open() {
		return r, nil
	}
	if err := r.moveFact(ctx, tx, before); err != nil || !changed(before, r) {
		return r, err
	}
	if err := r.correct(ctx, tx, before, cmd.Correction); err != nil {
		return r, err
	}
	if err := r.amendPosts(ctx, tx); err != nil {
		return r, err
	}
	return r, m.planPosts(ctx, tx, r, r.newIn(before))
}

// add keeps a new release under an address that nobody has.
func (m *Module) add(ctx context.Context, tx *storage.Tx, r Release) (Release, error) {
	r.ID, r.Version, r.Made, r.Changed = tx.NewID(), 1, tx.Now, tx.Now
	chosen := r.Slug != ""
	if !chosen {
		for _, l := range []i18n.Language{i18n.English, i18n.Russian, i18n.Kyrgyz} {
			if r.Slug = slugOf(r.Texts.Title.Exactly(l)); r.Slug != "" {
				break
			}
		}
		if r.Slug == "" {
			r.Slug = string(r.Kind)
		}
	}
	err := r.insert(ctx, tx)
	if !chosen && fault.Is(err, fault.Invalid) { // another of that title: its day tells them apart, or its number
		r.Slug = programme.Stamp(tx.Now, "2006-01-02") + "-" + r.Slug
		if err = r.insert(ctx, tx); fault.Is(err, fault.Invalid) {
			r.Slug = r.ID.String()
			err = r.insert(ctx, tx)
		}
	}
	if err != nil {
		return r, err
	}
	return r, r.note(ctx, tx, r.By, "")
}

// newIn are the languages in which it can be read now, and could not before.
func (r Release) newIn(before Release) []i18n.Language {
	was := before.Languages()
	return slices.DeleteFunc(r.Languages(), func(l i18n.Language) bool { return slices.Contains(was, l) })
}

// changed reports whether people read something else.
func changed(before, after Release) bool {
	for _, name := range names {
		if *before.Texts.text(name) != *after.Texts.text(name) {
			return true
		}
	}
	return false
}

// moveFact counts a public release with the activity that it tells of now, on the day on
// which it became public.
func (r Release) moveFact(ctx context.Context, tx *storage.Tx, before Release) error {
	if r.Activity == before.Activity {
		return nil
	}
	day := ledger.DayOf(r.Public)
	if _, err := ledger.Retract(ctx, tx, PublishedFact, before.Activity, r.ID, day); err != nil {
		return err
	}
	return ledger.Record(ctx, tx, ledger.Fact{Kind: PublishedFact, Day: day, Activity: r.Activity, Subject: r.ID, Value: 1})
}

// correct keeps what was wrong in a public release. Every reader learns of it in the
// language in which she read: also who read in one in which it cannot be read any more.
func (r Release) correct(ctx context.Context, tx *storage.Tx, before Release, words i18n.Text) error {
	var form fault.Form
	keep(&form, "correction", &words, true, mostWords)
	for _, l := range i18n.Languages {
		if !slices.Contains(r.Languages(), l) && !slices.Contains(before.Languages(), l) {
			continue
		}
		form.Check(words.Exactly(l) != "", "correction_"+string(l), "newsroom.fault.correction")
	}
	if err := form.Err(); err != nil {
		return err
	}
	raw, err := json.Marshal(words)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO news_correction (id, release_id, words, at) VALUES ($1, $2, $3, $4)`,
		tx.NewID(), r.ID, string(raw), storage.Micros(tx.Now))
	return err
}

// writes is the permission to write a release of a state: what is public, or will be by
// itself, is of those who publish.
func writes(s State) access.Permission {
	if s == Draft || s == Review {
		return MayWrite
	}
	return MayPublish
}

// may refuses who has not the permission where the release lies.
func (m *Module) may(ctx context.Context, tx *storage.Tx, actor access.Actor, r Release, needs access.Permission) error {
	var a programme.Activity
	if !r.Activity.IsZero() {
		var err error
		if a, err = programme.ByID(ctx, tx, r.Activity); fault.Is(err, fault.NotFound) {
			return fault.At("activity", "fault.not_a_choice")
		} else if err != nil {
			return err
		}
	}
	p, err := programme.Current(ctx, tx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if !actor.May(needs, scope(a, p)) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

package newsroom

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// PublishedFact counts releases that became public, on the day on which they did. Its
// subject is the release.
const PublishedFact ledger.Kind = "newsroom.published"

// PublishJob publishes releases whose embargo has ended.
const PublishJob = "newsroom.publish"

// MoveRelease moves a release on its way: to review and back, to the public at once or
// when its embargo ends, back from there before it, and out of the public.
type MoveRelease struct {
	Actor   access.Actor
	Release storage.ID
	Version int64 // the one that she saw
	To      State
	Words   string    // inside the house: needed to send one back from review
	Reason  i18n.Text // for everybody: needed to withdraw one
	Mail    Mailing   // whether it goes to the press list, when it becomes public
}

// ways are the moves that there are, with what each needs.
var ways = map[State]map[State]access.Permission{
	Draft:     {Review: MayWrite},
	Review:    {Draft: MayWrite, Scheduled: MayPublish, Published: MayPublish},
	Scheduled: {Draft: MayPublish, Published: MayPublish},
	Published: {Withdrawn: MayPublish},
}

// MoveRelease is the use case. Forbidden, NotFound; Conflict when somebody else has
// changed or moved it since she saw it, or when there is no such way; Invalid when it
// cannot be read in any language, when a reason or note is missing, or when the embargo it
// waits for is over or was never set. A release with an embargo becomes public before its
// end only when whoever publishes it says so by moving it there from Scheduled.
func (m *Module) MoveRelease(ctx context.Context, tx *storage.Tx, cmd MoveRelease) (Release, error) {
	r, err := ByID(ctx, tx, cmd.Release)
	if err != nil {
		return r, err
	}
	needs, there := ways[r.State][cmd.To]
	if needs == "" {
		needs = MayWrite
	}
	if err := m.may(ctx, tx, cmd.Actor, r, needs); err != nil {
		return r, err
	}
	if !there || r.Version != cmd.Version {
		return r, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	words, wrong := legible.Text(cmd.Words)
	if wrong != nil {
		return r, fault.At("words", wrong.Key, wrong.Args)
	}
	if words = strings.TrimSpace(words); len([]rune(words)) > mostWords {
		return r, fault.At("words", "newsroom.fault.long", fault.Args{"count": mostWords})
	}
	was := r.State
	r.State, r.By = cmd.To, cmd.Actor.Person
	switch cmd.To {
	case Draft:
		if was == Review && words == "" {
			return r, fault.At("words", "newsroom.fault.words")
		}
	case Review, Scheduled, Published:
		if len(r.Languages()) == 0 {
			return r, fault.At("body_"+string(i18n.Kyrgyz), "newsroom.fault.body")
		}
	case Withdrawn:
		var form fault.Form
		keep(&form, "reason", &cmd.Reason, true, mostWords)
		for _, l := range r.Languages() {
			form.Check(cmd.Reason.Exactly(l) != "", "reason_"+string(l), "newsroom.fault.reason")
		}
		if err := form.Err(); err != nil {
			return r, err
		}
		r.Texts.Reason = cmd.Reason
	}
	if cmd.To == Scheduled && !r.Embargo.After(tx.Now) {
		return r, fault.At("embargo", "newsroom.fault.embargo_past")
	}
	if cmd.To == Published && was == Review && r.Embargo.After(tx.Now) {
		return r, fault.At("embargo", "newsroom.fault.embargo")
	}
	if cmd.To == Scheduled || cmd.To == Published || cmd.To == Draft {
		if cmd.To == Draft {
			cmd.Mail = MailNever
		}
		may, err := m.everywhere(ctx, tx, cmd.Actor) // the press list is that of the whole programme
		if err == nil && !may && cmd.Mail != MailNever {
			err = fault.New(fault.Forbidden, "fault.forbidden")
		}
		if err == nil && (may || cmd.To == Draft) { // whom nobody asked has chosen nothing: what others chose stays
			err = r.choose(ctx, tx, cmd.Mail)
		}
		if err != nil {
			return r, err
		}
	}
	if cmd.To == Published {
		return r, m.publish(ctx, tx, &r, cmd.Actor.Person, words)
	}
	if err := r.update(ctx, tx); err != nil {
		return r, err
	}
	switch cmd.To {
	case Scheduled:
		err = r.plan(ctx, tx)
	case Withdrawn:
		if _, err = ledger.Retract(ctx, tx, PublishedFact, r.Activity, r.ID, ledger.DayOf(r.Public)); err == nil {
			err = m.takeBack(ctx, tx, r)
		}
	}
	if err != nil {
		return r, err
	}
	return r, r.note(ctx, tx, cmd.Actor.Person, words)
}

// takeBack lets the channels and the press list know that a release is withdrawn: where it
// stands that is said, and where it has not come to it does not come any more.
func (m *Module) takeBack(ctx context.Context, tx *storage.Tx, r Release) error {
	if err := r.dropPosts(ctx, tx); err != nil {
		return err
	}
	if err := r.amendPosts(ctx, tx); err != nil {
		return err
	}
	_, err := m.stop(ctx, tx, r)
	return err
}

// publish makes a release public now.
func (m *Module) publish(ctx context.Context, tx *storage.Tx, r *Release, by storage.ID, words string) error {
	r.State, r.Public = Published, tx.Now
	if err := r.update(ctx, tx); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, ledger.Fact{Kind: PublishedFact, Activity: r.Activity, Subject: r.ID, Value: 1}); err != nil {
		return err
	}
	if err := m.planPosts(ctx, tx, *r, r.Languages()); err != nil {
		return err
	}
	if err := r.planMailing(ctx, tx); err != nil {
		return err
	}
	return r.note(ctx, tx, by, words)
}

// plan asks for a look at the moment at which the embargo ends.
func (r Release) plan(ctx context.Context, tx *storage.Tx) error {
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: PublishJob, Payload: struct{}{}, Key: r.ID.String() + " " + r.Embargo.UTC().Format(time.RFC3339), After: r.Embargo})
}

// publishDue publishes what is due, and only that: a release that was held back, or whose
// embargo was moved, is found by its own job. It may run twice.
func (m *Module) publishDue(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
	return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		list, err := due(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range list {
			if len(r.Languages()) == 0 { // of a time when that was not asked for
				r.State = Draft
				if err := r.update(ctx, tx); err != nil {
					return err
				}
				if err := r.note(ctx, tx, storage.ID{}, ""); err != nil {
					return err
				}
				continue
			}
			if err := m.publish(ctx, tx, &r, storage.ID{}, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

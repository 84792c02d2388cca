package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// NoteMention is something that others have published, as somebody has written it down.
type NoteMention struct {
	Actor   access.Actor
	Mention storage.ID // zero for a new one
	Version int64      // the one that she saw
	// Evidence is kept already; empty: what is there stays.
	Evidence Kept
	Drop     bool // takes the evidence away
	// Write puts what she wrote into the mention as it is. It may run again.
	Write func(Mention) (Mention, error)
}

// NoteMention writes down what others have published, and counts it on the day on which it
// appeared; when day or activity change, the count moves with them. It is public at once,
// so it is of those who publish. Forbidden, NotFound; Invalid at the fields, also for a
// link that is noted already, in whatever spelling; Conflict when somebody else was faster.
func (m *Module) NoteMention(ctx context.Context, tx *storage.Tx, cmd NoteMention) (Mention, error) {
	before := Mention{Kind: Online}
	if !cmd.Mention.IsZero() {
		var err error
		if before, err = mentionByID(ctx, tx, cmd.Mention); err != nil {
			return before, err
		}
		if err := m.mayNote(ctx, tx, cmd.Actor, before); err != nil {
			return before, err
		}
		if before.Version != cmd.Version {
			return before, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
		}
	}
	n, err := cmd.Write(before)
	if err != nil {
		return before, err
	}
	// What nobody writes on this page stays as it is.
	n.ID, n.Version, n.Made, n.Evidence = before.ID, before.Version, before.Made, before.Evidence
	if err := n.check(ledger.DayOf(tx.Now)); err != nil {
		return before, err
	}
	if err := m.mayNote(ctx, tx, cmd.Actor, n); err != nil { // also where it lies now
		return before, err
	}
	n.By = cmd.Actor.Person
	if cmd.Drop {
		n.Evidence = Kept{}
	}
	if cmd.Evidence.File != "" {
		n.Evidence = cmd.Evidence
	}
	if cmd.Mention.IsZero() {
		n.ID, n.Version, n.Made, n.Changed = tx.NewID(), 1, tx.Now, tx.Now
		err = n.insert(ctx, tx)
	} else {
		err = n.update(ctx, tx)
	}
	if err != nil {
		return before, err
	}
	if before.Evidence.File != n.Evidence.File {
		if err := forget(ctx, tx, before.Evidence.File); err != nil {
			return before, err
		}
	}
	if before.Day != n.Day || before.Activity != n.Activity {
		if !cmd.Mention.IsZero() {
			if err := before.uncount(ctx, tx); err != nil {
				return before, err
			}
		}
		if err := ledger.Record(ctx, tx, ledger.Fact{Kind: MentionFact, Day: n.Day, Activity: n.Activity, Subject: n.ID, Value: 1}); err != nil {
			return before, err
		}
	}
	return n, n.note(ctx, tx, n.By)
}

// uncount takes back the fact of a mention, on its day.
func (n Mention) uncount(ctx context.Context, tx *storage.Tx) error {
	_, err := ledger.Retract(ctx, tx, MentionFact, n.Activity, n.ID, n.Day)
	return err
}

func (n Mention) note(ctx context.Context, tx *storage.Tx, by storage.ID) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "newsroom.audit.mention", Object: n.ID, Detail: string(n.Kind) + " " + string(n.Day)})
}

// mayNote refuses who may not publish where a mention lies: where its activity does, and
// where the release does to which it goes back; of neither, where the programme is.
func (m *Module) mayNote(ctx context.Context, tx *storage.Tx, actor access.Actor, n Mention) error {
	if !n.Release.IsZero() {
		r, err := ByID(ctx, tx, n.Release)
		if fault.Is(err, fault.NotFound) {
			return fault.At("release", "fault.not_a_choice")
		}
		if err == nil {
			err = m.may(ctx, tx, actor, r, MayPublish)
		}
		if err != nil || n.Activity.IsZero() {
			return err
		}
	}
	return m.may(ctx, tx, actor, Release{Activity: n.Activity}, MayPublish)
}

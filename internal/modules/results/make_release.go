package results

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// frozenOn is the day of the next month on which a month is told: phones of the door that
// had no network have uploaded by then.
const frozenOn = 10

// ReleaseJob tells the months that are due.
const ReleaseJob = "results.release"

// inTheNight is when the job runs, after midnight in Bishkek: after the facts of the day
// were settled.
const inTheNight = 40 * time.Minute

// PlanNight asks for the next night, once. Each night plans the next; the start of the
// house plans the first.
func PlanNight(ctx context.Context, tx *storage.Tx) error {
	at := nightAfter(tx.Now)
	return jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: ReleaseJob, Payload: struct{}{}, Key: string(ledger.DayOf(at)), After: at,
	})
}

// nightAfter is when the job runs next, after a moment of the day before.
func nightAfter(now time.Time) time.Time {
	now = now.In(i18n.Bishkek())
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location()).Add(inTheNight)
}

// night is the job.
func (m *Module) night(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
	// In a transaction of its own: a night that fails is not the last.
	if err := store.Write(ctx, PlanNight); err != nil {
		return err
	}
	return m.MakeReleases(ctx)
}

// MakeReleases tells every month that is due and was not told, the earliest first.
func (m *Module) MakeReleases(ctx context.Context) error {
	for {
		w, err := m.due(ctx)
		if err != nil || w == nil {
			return err
		}
		// What takes seconds is done in no transaction.
		w.make()
		if err := m.Store.Write(ctx, w.keep); err != nil {
			return fmt.Errorf("the results of %s: %w", w.month, err)
		}
	}
}

// work is one month to be told.
type work struct {
	programme storage.ID
	month     string
	before    string // the month that was told last; empty for none
	made      time.Time
	kinds     []ledger.Kind
	told      []Release // the months before
	counted   []crowd   // until the month before
	facts     []ledger.Fact

	release Release
}

// due reads what is needed for the first month that is due and was not told, of any
// programme; nil when there is none.
func (m *Module) due(ctx context.Context) (*work, error) {
	var w *work
	err := m.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		w = nil
		all, err := programme.Programmes(ctx, tx)
		for _, p := range all {
			if err == nil && w == nil {
				w, err = m.dueOf(ctx, tx, p)
			}
		}
		return err
	})
	return w, err
}

// dueOf is due for one programme.
func (m *Module) dueOf(ctx context.Context, tx *storage.Tx, p programme.Programme) (*work, error) {
	filter, some, err := m.tellable(ctx, tx, p)
	if err != nil || !some {
		return nil, err
	}
	w := &work{programme: p.ID, made: tx.Now, kinds: filter.Kinds}
	if w.told, err = releases(ctx, tx, p.ID); err != nil {
		return nil, err
	}
	if n := len(w.told); n > 0 {
		w.before = w.told[n-1].Month
		w.month = following(w.before)
	} else {
		first, err := ledger.FirstDay(ctx, tx, filter)
		if err != nil || first == "" {
			return nil, err
		}
		w.month = monthOf(first)
	}
	if tx.Now.Before(frozenAt(w.month)) {
		return nil, nil
	}
	if w.before != "" {
		if w.counted, err = countedUntil(ctx, tx, p.ID, w.before); err != nil {
			return nil, err
		}
	}
	facts, err := ledger.Facts(ctx, tx, filter)
	for _, f := range facts {
		if monthOf(f.Day) <= w.month {
			w.facts = append(w.facts, f)
		}
	}
	return w, err
}

// tellable chooses the facts of a programme of which something is told; false when there can
// be none.
func (m *Module) tellable(ctx context.Context, tx *storage.Tx, p programme.Programme) (f ledger.Filter, some bool, err error) {
	for _, c := range publicCounts(m.House) {
		f.Kinds = append(f.Kinds, c.Kind)
	}
	activities, err := programme.All(ctx, tx, programme.Filter{})
	for _, a := range activities {
		if a.Programme == p.ID {
			f.Activities = append(f.Activities, a.ID)
		}
	}
	return f, len(f.Kinds) > 0 && len(f.Activities) > 0, err
}

// make decides what is told of the month.
func (w *work) make() {
	w.counted = advance(w.counted, seenIn(w.facts), w.month)
	t := newTelling(w.kinds, w.told, w.counted, w.month)
	t.decide()
	var before Release
	if n := len(w.told); n > 0 {
		before = w.told[n-1]
	}
	w.release = t.release(before)
	w.release.Made = w.made
}

// keep stores what is told and who was counted, unless another was faster: what was counted
// until the month before is still what this month was made from, or nothing is kept.
func (w *work) keep(ctx context.Context, tx *storage.Tx) error {
	body, err := json.Marshal(w.release)
	if err != nil {
		return err
	}
	counted, err := json.Marshal(w.counted)
	if err != nil {
		return err
	}
	var n int64
	if w.before == "" {
		n, err = tx.Exec(ctx, `INSERT INTO result_counted (programme_id, month, body)
			VALUES ($1, $2, $3)
			ON CONFLICT (programme_id) DO NOTHING`, w.programme, w.month, string(counted))
	} else {
		n, err = tx.Exec(ctx, `UPDATE result_counted
			SET month = $1, body = $2
			WHERE programme_id = $3 AND month = $4`, w.month, string(counted), w.programme, w.before)
	}
	if err != nil || n == 0 { // another has told it, or a month before it
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO result_release (programme_id, month, made_at, body)
		VALUES ($1, $2, $3, $4)`, w.programme, w.month, storage.Micros(w.made), string(body))
	return err
}

// publicCounts are the counts that are told to everybody, in the order of the house.
func publicCounts(house *module.House) (out []module.Count) {
	for _, c := range house.Counts() {
		if c.Public {
			out = append(out, c)
		}
	}
	return out
}

// monthOf is the month of a day, "2026-10".
func monthOf(d ledger.Day) string { return string(d)[:len("2026-10")] }

// firstOf is the first moment of a month in Bishkek; zero when it is none.
func firstOf(month string) time.Time {
	t, err := time.ParseInLocation("2006-01", month, i18n.Bishkek())
	if err != nil {
		return time.Time{}
	}
	return t
}

// following is the month after a month.
func following(month string) string { return firstOf(month).AddDate(0, 1, 0).Format("2006-01") }

// frozenAt is the moment from which a month may be told.
func frozenAt(month string) time.Time { return firstOf(month).AddDate(0, 1, frozenOn-1) }

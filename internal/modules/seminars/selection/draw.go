package selection

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/science/lottery"
)

// effort bounds the work on one lottery, in steps of arithmetic: five hundred applicants with
// six categories need a tenth of it.
const effort = 8_000_000_000

// effortOfPairs bounds it where some come only together: what is found within it is near the
// best that is conceivable, and more work brings little (docs/fair-selection.md).
const effortOfPairs = 3_000_000_000

// pairs reports whether some come only together with another.
func pairs(lots []lot) bool {
	return slices.ContainsFunc(lots, func(l lot) bool { return l.Party > 0 })
}

// bound gives the effort for what is drawn from.
func bound(lots []lot) int64 {
	if pairs(lots) {
		return effortOfPairs
	}
	return effort
}

// mostTries is how often a draw is computed anew because the applicants changed meanwhile.
const mostTries = 3

// DrawAsked computes what was asked for and keeps it, once, however many do so at the same
// time. Nothing is locked while it is computed; when the applicants or the rules are others
// by then, it is computed anew. What cannot be drawn is told with the reason.
func (m *Service) DrawAsked(ctx context.Context, ask, activity storage.ID) error {
	var err error
	for range mostTries {
		if err = m.drawOnce(ctx, ask, activity); !errors.Is(err, errStale) {
			break
		}
	}
	if errors.Is(err, errStale) {
		err = fault.New(fault.Conflict, "seminars.selection.fault.changed")
	}
	f := fault.Of(err)
	if f == nil {
		return err
	}
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE selection_ask SET fault = $2 WHERE id = $1`, ask, f.Key)
		m.News(tx, activity)
		return err
	})
}

var errStale = errors.New("selection: the applicants changed while it was drawn")

// whole reads as the house does.
func (m *Service) whole(ctx context.Context, tx *storage.Tx, activity storage.ID) (*Table, error) {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return nil, err
	}
	return m.Table(ctx, tx, house(a), a)
}

// house is who reads when nobody asks: a job whose command was judged before.
func house(a seats.Activity) may {
	return access.Actor{
		Person: storage.ID{1}, Origin: access.OfPasskey, Grants: []access.Grant{{Role: access.Coordinator, Scope: seats.ScopeOf(a)}},
		Table: map[access.Permission][]access.Role{seats.MaySelect: {access.Coordinator}},
	}
}

func (m *Service) drawOnce(ctx context.Context, id, activity storage.ID) error {
	var ask Ask
	var t *Table
	var seed string
	var fixed Fixed
	there := false
	if err := m.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		if ask, there, err = AskOf(ctx, tx, activity); err != nil || !there || ask.ID != id || ask.Fault != "" {
			there = there && err == nil && ask.ID == id && ask.Fault == ""
			return err
		}
		if t, err = m.whole(ctx, tx, activity); err != nil {
			return err
		}
		seed, fixed, err = m.seedOf(ctx, tx, activity, ask.After+1, ask.Witness)
		return err
	}); err != nil || !there { // drawn already, or told why not
		return err
	}
	t.deal = seed
	lots := t.frozen()
	v, err := t.Verdict()
	if err != nil {
		return err
	}
	if err := v.refusal(); err != nil {
		return err
	}
	p := problem(t.Rules, lots)
	told := m.Store.Now()
	l, err := lottery.New(p, lottery.Options{Effort: bound(lots), Progress: func(part float64) {
		if now := m.Store.Now(); now.Sub(told) > time.Second {
			told = now
			m.progress(ctx, ask, part)
		}
	}})
	var conflict *lottery.Conflict
	var input *lottery.InputError
	switch {
	case errors.As(err, &conflict):
		return fault.New(fault.Conflict, "seminars.selection.fault.conflict")
	case errors.As(err, &input):
		return fault.New(fault.Invalid, "seminars.selection.fault.input")
	case errors.Is(err, lottery.ErrUndecided{}):
		return fault.New(fault.Conflict, "seminars.selection.fault.undecided")
	case err != nil:
		return err
	}
	if m.Drawing != nil {
		m.Drawing()
	}
	d := Draw{Activity: activity, Number: ask.After + 1, Reason: ask.Reason, Rules: t.Rules, Effort: bound(lots), Pairs: pairs(lots), Seed: seed, Fingerprint: fixed.Fingerprint, Fixed: fixed.At, Reached: l.Reached.String(), Lots: len(lots), By: ask.By}
	for i, c := range l.Chances() { // in the order of the numbers
		lots[i].Chance = c.P
		if lots[i].Kept {
			d.Kept++
		}
	}
	if d.Digest, err = digest(t.Rules, lots); err != nil {
		return err
	}
	drawn := map[string]bool{}
	for _, id := range l.Draw(seed) {
		drawn[id] = true
	}
	places := map[string]int{}
	var rest [][]string
	stands := map[int]int{} // where a pair stands in rest, from 1
	for i, l := range lots {
		id := lotID(i + 1)
		switch {
		case drawn[id]:
		case l.Party > 0 && stands[l.Party] > 0:
			rest[stands[l.Party]-1] = append(rest[stands[l.Party]-1], id)
		default:
			rest = append(rest, []string{id})
			stands[l.Party] = len(rest)
		}
	}
	for i, id := range lottery.ReserveParties(seed, rest) {
		places[id] = i + 1
	}
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return m.keep(ctx, tx, ask, t, d, lots, drawn, places)
	})
	if storage.Violates(err, "selection_draw_once") {
		return fault.New(fault.Conflict, "seminars.selection.fault.drawn")
	}
	return err
}

// progress notes how much is done; that it cannot be noted stops nothing.
func (m *Service) progress(ctx context.Context, ask Ask, part float64) {
	_ = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE selection_ask SET part = $2 WHERE id = $1`, ask.ID, int(100*part))
		return err
	})
}

// digest is SHA-256 of the list that is drawn from.
func digest(r Rules, lots []lot) (string, error) {
	boxes := make([]boxed, len(lots))
	for i, l := range lots {
		boxes[i] = l.boxed
	}
	text, err := listFile(r, boxes)
	return Fingerprint(string(text)), err
}

// keep writes a draw that was computed from what a table showed. That one number is drawn
// once is guarded by selection_draw_once alone.
func (m *Service) keep(ctx context.Context, tx *storage.Tx, ask Ask, t *Table, d Draw, lots []lot, drawn map[string]bool, places map[string]int) error {
	a, err := m.held(ctx, tx, house(t.Activity), d.Activity)
	if err != nil {
		return err
	}
	if err := notWaiting(ctx, tx, a.ID); err != nil {
		return err
	}
	now, err := m.whole(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	now.deal = d.Seed
	if is, err := digest(now.Rules, now.frozen()); err != nil {
		return err
	} else if is != d.Digest || now.Version != t.Version || !sameApplications(now.frozen(), lots) {
		return errStale
	}
	rules, err := json.Marshal(drawnBy{d.Rules, d.Effort, d.Pairs})
	if err != nil {
		return err
	}
	d.ID = tx.NewID()
	boxes := make([]boxed, len(lots))
	for i, l := range lots {
		boxes[i] = l.boxed
	}
	box, err := m.closeBox(d.ID, boxes)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO selection_draw (`+drawColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		d.ID, d.Activity, d.Number, d.Reason, string(rules), d.Seed, d.Fingerprint, storage.Micros(d.Fixed), d.Reached, d.Lots, d.Kept, d.Digest, box, storage.Micros(tx.Now), d.By); err != nil {
		return err
	}
	for i, l := range lots {
		id := lotID(i + 1)
		if _, err := tx.Exec(ctx, `INSERT INTO selection_lot (draw_id, number, application_id, kept, drawn, place)
			VALUES ($1, $2, $3, $4, $5, $6)`, d.ID, i+1, l.app, l.Kept, drawn[id] && !l.Kept, places[id]); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM selection_ask WHERE id = $1`, ask.ID); err != nil {
		return err
	}
	if err := m.fixSeed(ctx, tx, a.ID, d.Number+1); err != nil {
		return err
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: d.By, Action: "seminars.audit.drawn", Object: a.ID})
}

func sameApplications(a, b []lot) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].app != b[i].app {
			return false
		}
	}
	return true
}

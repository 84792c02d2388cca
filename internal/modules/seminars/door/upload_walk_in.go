package door

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// boxedWalkIn is what a device closes in the box of a walk-in: the form, as it was filled in.
type boxedWalkIn struct {
	Lang    i18n.Language       `json:"lang"`
	Answers map[string][]string `json:"answers"`
}

// Portions parts a batch for its transactions: at most Portion scans in each, and every
// walk-in in one of her own, which is undone alone when she is refused.
func Portions(scans []Scan) (out [][]Scan) {
	for len(scans) > 0 {
		n := slices.IndexFunc(scans, func(s Scan) bool { return s.WalkIn != "" })
		switch {
		case n < 0:
			n = len(scans)
		case n == 0:
			n = 1
		}
		n = min(n, Portion)
		out, scans = append(out, scans[:n]), scans[n:]
	}
	return out
}

// UploadWalkIn takes one walk-in whom a phone took in with no network, as WalkIn does, dated by
// her record, and not later than it arrives: once, whatever is repeated. A number that can be none is left out: she has gone
// in, and cannot be asked again. What is malformed, or in a box that does not open here, is
// answered and not kept.
//
// Faults: those of WalkIn, and nothing is stored then: RefuseWalkIn keeps that.
func (m *Desk) UploadWalkIn(ctx context.Context, tx *storage.Tx, cmd UploadScans) (Outcome, error) {
	s := cmd.Scans[0]
	out := Outcome{Nonce: s.Nonce, Result: "refused"}
	doors, err := m.doors(ctx, tx, cmd)
	if err != nil {
		return out, err
	}
	i := slices.IndexFunc(doors, func(a seats.Activity) bool { return a.Slug == s.Event })
	switch {
	case !nonceShape.MatchString(s.Nonce), s.At.Year() < 2000, s.At.Year() > 2200, s.Kind != "in", s.Code+s.Box+s.row() != "", len(s.WalkIn) > offline.LongestBox:
		out.Reason = "malformed"
		return out, nil
	case i < 0:
		out.Reason = "wrong_event"
		return out, nil
	}
	if s.At.After(tx.Now) { // of a wrong clock: she has gone in before it arrived
		s.At = tx.Now
	}
	var told boxedWalkIn
	text, err := m.boxKey(doors[i].ID).Open(s.Nonce, s.WalkIn)
	if err != nil || json.Unmarshal(text, &told) != nil || !slices.Contains(i18n.Languages[:], told.Lang) {
		out.Reason = "closed_box"
		return out, nil
	}
	_, _, _, twice, err := StoredScan(ctx, tx, cmd.Keeper.Device, s.Nonce)
	if err != nil {
		return out, err
	}
	answers := forms.Answers{}.Clone()
	for _, q := range WalkInForm().Questions {
		if v := told.Answers[q.Key]; len(v) > 0 {
			answers.Values[q.Key] = v
		}
	}
	register := func() error {
		return m.WalkIn(ctx, tx, WalkIn{
			Activity: doors[i].ID, Actor: cmd.Actor, Keeper: cmd.Keeper, Nonce: s.Nonce, Lang: told.Lang, Answers: answers, At: s.At, Given: cmd.Given,
		})
	}
	err = register()
	if f := fault.Of(err); f != nil && len(f.Fields) == 1 && f.Fields[0].Field == "q_phone" { // nothing of her is stored yet
		delete(answers.Values, "phone")
		err = register()
	}
	if err != nil {
		return out, err
	}
	out.Result, out.Reason, out.Application, _, err = StoredScan(ctx, tx, cmd.Keeper.Device, s.Nonce)
	if twice {
		out.Result, out.Reason = "duplicate", out.Result
	}
	if !out.Application.IsZero() {
		out.Row = deviceKey(m.Keys, cmd.Keeper.Device, doors[i].ID).Name("row", out.Application[:])
	}
	return out, err
}

// RefuseWalkIn keeps that a walk-in whom a phone took in was refused, and why: of nobody, for
// her name is not kept. It belongs in a transaction of its own, after the one that failed.
func (m *Desk) RefuseWalkIn(ctx context.Context, tx *storage.Tx, cmd UploadScans, why *fault.Error) (Outcome, error) {
	s := cmd.Scans[0]
	r := reading{Scan: Scan{Nonce: s.Nonce, Event: s.Event, At: s.At, Kind: s.Kind}}
	r.refuse(refusedWalkIn(why))
	doors, err := m.doors(ctx, tx, cmd)
	if err != nil {
		return Outcome{}, err
	}
	i := slices.IndexFunc(doors, func(a seats.Activity) bool { return a.Slug == s.Event })
	if i < 0 {
		return Outcome{Nonce: s.Nonce, Result: "refused", Reason: "wrong_event"}, nil
	}
	batch := checking{CheckIn{Device: cmd.Keeper.Device, Activity: doors[i].ID, By: cmd.Keeper.By, Given: cmd.Given}, doors[i], &rowsOf{}}
	kept, err := keepScan(ctx, tx, batch, r)
	if err == nil && !kept {
		return duplicate(ctx, tx, batch, r, nil)
	}
	m.News(tx, doors[i].ID)
	return Outcome{Nonce: s.Nonce, Result: r.result, Reason: r.reason}, err
}

// refusedWalkIn is the reason of a fault of WalkIn, as a scan is told it.
func refusedWalkIn(why *fault.Error) string {
	if reason, ok := strings.CutPrefix(why.Key, "seminars.door.reason."); ok {
		return reason
	}
	switch why.Code {
	case fault.TooEarly:
		return "too_early"
	case fault.TooLate:
		return "expired"
	case fault.Gone, fault.NotFound:
		return "cancelled"
	}
	return "malformed"
}

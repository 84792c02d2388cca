package pages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// What staff do with two who come only together, and the field of the reason, which has a name
// of its own beside the reason of a decision on the same page.
const (
	doPart    = "part"
	undoPart  = "undo"
	partField = "part_why"
)

// takePart parts an applicant from whom she comes only together with, or takes that back.
func (m *Module) takePart(r *web.Request) error {
	cmd := seats.PartPair{Actor: r.Actor, Reason: r.PostFormValue(partField)}
	do := r.PostFormValue("do")
	err := m.onApplicant(r, func(ctx context.Context, tx *storage.Tx, a seats.Activity, app storage.ID) error {
		cmd.Activity, cmd.Application = a.ID, app
		switch do {
		case doPart:
			return m.PartPair(ctx, tx, cmd)
		case undoPart:
			return m.PutTogether(ctx, tx, cmd)
		}
		return fault.New(fault.Invalid, "fault.not_a_choice")
	}, "#together", func(d *applicantData, wrong *fault.Error) {
		d.PartWhy, d.PartFault = cmd.Reason, atField(wrong, "why", partField)
	})
	return err
}

// parting gives the parting that can still be taken back.
func (d applicantData) parting() (seats.Parting, bool) {
	for _, p := range d.Partings {
		if p.Returns(d.Now) {
			return p, true
		}
	}
	return seats.Parting{}, false
}

// drawnWith reports whether both have a lot in the last draw.
func (d applicantData) drawnWith(o seats.Applicant) bool {
	_, one := d.In.Table.Lot(d.Applicant.ID)
	_, two := d.In.Table.Lot(o.ID)
	return one && two
}

// drawing reports whether a draw is being computed.
func (d selectionData) drawing() bool { return d.Asking && d.Ask.Fault == "" }

// partEvents tell staff when two were parted, by whom and why.
func partEvents(r *web.Request, list []seats.Parting, staff map[storage.ID]people.Person) (out []kit.Event) {
	for _, p := range list {
		e := kit.Event{At: p.At, What: r.Say.T("seminars.part.said"), Who: staff[p.By].FullName, Why: p.Reason}
		if !p.Back.IsZero() {
			e.Why = r.Say.T("seminars.part.said.back", "when", i18n.DateTime(r.Lang, p.Back))
		}
		out = append(out, e)
	}
	return out
}

// partedEvents tell the applicant the same once it was told, and not why.
func partedEvents(r *web.Request, list []seats.Parting) (out []kit.Event) {
	for _, p := range list {
		if !p.Told.IsZero() {
			out = append(out, kit.Event{At: p.Told, What: r.Say.T("seminars.part.told")})
		}
	}
	return out
}

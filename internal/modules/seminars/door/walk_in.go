package door

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// WalkIn registers somebody who stands at the door without an application.
type WalkIn struct {
	Activity storage.ID
	Actor    access.Actor
	Keeper   Keeper // who stands at the door: one of the staff, or a phone that is enrolled
	Nonce    string // of this form: a second tap finds what the first did
	Lang     i18n.Language
	Answers  forms.Answers // to WalkInForm
	At       time.Time     // when she came; zero for now
	Given    bool          // another has brought her record for the keeper's device
}

// WalkInForm is what is asked of her.
func WalkInForm() forms.Form {
	return forms.Form{Questions: []forms.Question{
		{Key: profile.AskName, Kind: forms.AskName, Required: true},
		{Key: profile.AskPhone, Kind: forms.AskPhone},
		{Key: profile.AskSex, Kind: forms.AskSex, Required: true},
		{Key: string(forms.AskProcessing), Kind: forms.AskConsent, Required: true},
	}}
}

// WalkIn makes a record, notes her consent and an application, and lets her in when a
// seat is free. Without one her application stays, and the answer of the door says that
// it is full: who may gives her an extra seat.
//
// Faults: those of the fields; Gone when the activity is cancelled; TooEarly and TooLate
// when it is not its day; NotFound when it is not published. Nothing is stored then.
func (m *Desk) WalkIn(ctx context.Context, tx *storage.Tx, cmd WalkIn) error {
	if cmd.At.IsZero() {
		cmd.At = tx.Now
	}
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if err := cmd.Keeper.Stands(ctx, tx, cmd.Actor, a); err != nil {
		return err
	}
	if _, _, _, twice, err := StoredScan(ctx, tx, cmd.Keeper.Device, cmd.Nonce); err != nil || twice {
		return err // a second tap: she is in already, whatever the hour is by now
	}
	if err := letsIn(a, cmd.At); err != nil {
		return err
	}
	answers, err := WalkInForm().Validate(cmd.Answers, forms.Sources{})
	if err != nil {
		return askHer(err)
	}
	if !nonceShape.MatchString(cmd.Nonce) {
		return fault.New(fault.Invalid, "seminars.door.reason.malformed")
	}
	// Who taps twice in one moment waits here for herself.
	if err := seats.OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
		return err
	}
	if err := m.HoldSeminar(ctx, tx, a.ID); err != nil {
		return err
	}
	if _, _, _, twice, err := StoredScan(ctx, tx, cmd.Keeper.Device, cmd.Nonce); err != nil || twice {
		return err // she is in already
	}
	d := seats.DetailsOf(answers, a)
	d.City, d.Lang = a.City, cmd.Lang
	p, err := m.People.Register(ctx, tx, d)
	if err != nil {
		return forms.AtQuestions(err)
	}
	if err := m.Consents(ctx, tx, p, cmd.Lang, WalkInForm(), answers); err != nil {
		return err
	}
	app, _, err := m.Begin(ctx, tx, a.ID, p.ID, cmd.Keeper.By, "seminars.why.walk_in")
	if err != nil {
		return err
	}
	out, err := m.CheckIn(ctx, tx, CheckIn{Device: cmd.Keeper.Device, Activity: a.ID, By: cmd.Keeper.By, Given: cmd.Given, Scans: []Scan{
		{Nonce: cmd.Nonce, Event: a.Slug, At: cmd.At, Kind: "in", Application: app.ID},
	}})
	if err != nil {
		return err
	}
	if out[0].Result != "accepted" && out[0].Reason != "full" { // she would be registered and yet not told so
		return fault.New(fault.Conflict, "seminars.door.reason."+out[0].Reason)
	}
	return nil
}

// askHer words a missing consent for who stands at the door.
func askHer(err error) error {
	if f := fault.Of(err); f != nil {
		for _, e := range f.Fields {
			if e.Key == "forms.fault.consent" {
				e.Key = "seminars.walkin.fault.agree"
			}
		}
	}
	return err
}

// letsIn refuses who comes to an activity that does not take place now.
func letsIn(a seats.Activity, now time.Time) error {
	switch {
	case a.State == "cancelled":
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case a.State != "published":
		return fault.New(fault.NotFound, "seminars.fault.activity")
	case now.After(a.Ends):
		return fault.New(fault.TooLate, "seminars.fault.over")
	case !doorWaits(a, now):
		return fault.New(fault.TooEarly, "seminars.fault.before_day")
	}
	return nil
}

package mailing

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Outcome is what came of a mailing for somebody.
type Outcome struct {
	Recipient
	Person storage.ID
	As     string // Picked until it goes, OnItsWay, Delivered, Failed, Doubt, Unreachable, LeftOut
	Fate   messages.Fate
	Again  bool // a repetition would send it to her
}

// The outcomes beside those of a recipient.
const (
	OnItsWay  = "on_its_way"
	Delivered = "delivered" // the provider took it
	Failed    = "failed"
	Doubt     = "doubt" // it may have arrived
)

// Outcomes are all, in the order in which they are told.
var Outcomes = []string{Failed, Unreachable, Doubt, LeftOut, OnItsWay, Picked, Delivered}

// Result is what came of a mailing.
type Result struct {
	Mailing
	List     []Outcome
	Count    map[string]int // by outcome
	Again    int            // how many a repetition would go to
	Repeated bool
	Parts    int // of text messages, that were paid
	Tariff   messages.Tariff
}

// Result tells what came of a mailing for each, for who may select there.
//
// Faults: Forbidden; NotFound.
func (m *Service) Result(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) (r Result, err error) {
	r.Count = map[string]int{}
	if r.Mailing, err = m.of(ctx, tx, actor, a, id); err != nil {
		return r, err
	}
	list, err := recipientsOf(ctx, tx, id)
	if err != nil {
		return r, err
	}
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return r, err
	}
	persons := make(map[storage.ID]storage.ID, len(apps))
	for _, app := range apps {
		persons[app.ID] = app.Person
	}
	var keys []string
	var out []storage.ID
	for _, one := range list {
		switch person := persons[one.Application]; one.State {
		case LetterMade:
			keys = append(keys, Key(id, person))
		case Unreachable:
			out = append(out, person)
		case Picked:
			if r.State == Waiting { // nothing has gone: whom it would not reach is told as on the draft
				out = append(out, person)
			}
		}
	}
	fates := map[string]messages.Fate{}
	var known map[storage.ID]people.Person
	var ways map[storage.ID]people.Ways
	if m.Letters != nil {
		if fates, err = m.Letters.FatesOf(ctx, tx, keys); err != nil {
			return r, err
		}
		if known, err = m.People.ByIDs(ctx, tx, out); err != nil {
			return r, err
		}
		if ways, err = m.People.WaysOf(ctx, tx, out); err != nil {
			return r, err
		}
		if r.Parts, err = m.Letters.PartsUnder(ctx, tx, a.ID, Keys(id)); err != nil {
			return r, err
		}
		if r.Tariff, err = m.Letters.Tariff(ctx, tx); err != nil {
			return r, err
		}
	}
	for _, one := range list {
		o := Outcome{Recipient: one, Person: persons[one.Application], As: one.State}
		switch one.State {
		case LetterMade:
			o.Fate = fates[Key(id, o.Person)]
			o.As = outcome(o.Fate.State)
			o.Again = o.As == Failed
		case Unreachable:
			o.Fate = messages.Fate{State: messages.Skipped, Reason: one.Reason}
			p, there := known[o.Person]
			o.Again = there && m.Letters.Way(p, ways[p.ID], r.Words.ShortFor(langOf(p)) != "").Reason == ""
		case Picked:
			if p, there := known[o.Person]; there {
				if way := m.Letters.Way(p, ways[p.ID], r.Words.ShortFor(langOf(p)) != ""); way.Reason != "" {
					o.As, o.Fate = Unreachable, way
				}
			}
		}
		if o.Again {
			r.Again++
		}
		r.Count[o.As]++
		r.List = append(r.List, o)
	}
	n := 0
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM mailing WHERE repeats = $1 AND state <> 'taken_back'`, id).Scan(&n)
	r.Repeated = n > 0
	return r, err
}

func outcome(state string) string {
	switch state {
	case messages.Sent:
		return Delivered
	case messages.Unsure:
		return Doubt
	case messages.Waiting, messages.Sending:
		return OnItsWay
	}
	return Failed // refused, skipped, or cancelled since
}

// Calls lists those of a mailing whom it did not reach and who gave a number;
// who was spoken with since is left out.
//
// Faults: Forbidden; NotFound.
func (m *Service) Calls(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) (Mailing, []seats.ToCall, error) {
	r, err := m.Result(ctx, tx, actor, a, id)
	if err != nil {
		return r.Mailing, nil, err
	}
	why := map[storage.ID]seats.CallReason{}
	switch r.State {
	case Draft, Waiting:
		c, err := m.crowd(ctx, tx, a, r.Chosen, r.Words)
		if err != nil {
			return r.Mailing, nil, err
		}
		for _, one := range c.Out() {
			why[one.ID] = seats.NoOtherWay
		}
	default:
		for _, o := range r.List {
			switch o.As {
			case Unreachable:
				why[o.Application] = seats.NoOtherWay
			case Failed:
				why[o.Application] = seats.NotArrived
			}
		}
	}
	list, err := m.CallsAbout(ctx, tx, a, why, r.Planned)
	return r.Mailing, list, err
}

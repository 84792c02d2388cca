package mailing

import (
	"context"
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Reader is an applicant who is chosen, with how a message would reach her.
type Reader struct {
	seats.Applicant
	Who people.Person
	Way messages.Fate // Reason is why nothing reaches her, empty when something does
}

// Lang is the language of her messages.
func (r Reader) Lang() i18n.Language { return langOf(r.Who) }

func langOf(p people.Person) i18n.Language {
	l, ok := i18n.Parse(string(p.Lang))
	if !ok {
		return i18n.Kyrgyz
	}
	return l
}

// Crowd is whom a mailing would go to now.
type Crowd struct {
	Readers   []Reader
	Channels  map[string]int // how many by each
	Languages map[i18n.Language]int
	Unwritten []i18n.Language // that somebody reads, and which the text is not in
	Parts     int             // of text messages, that would be paid
}

// Channels are the ways by which a mailing goes, in the order in which they are told.
var Channels = messages.Channels

// Out are those whom nothing reaches.
func (c Crowd) Out() (out []Reader) {
	for _, r := range c.Readers {
		if r.Way.Reason != "" {
			out = append(out, r)
		}
	}
	return out
}

// Reached are the others.
func (c Crowd) Reached() (out []Reader) {
	for _, r := range c.Readers {
		if r.Way.Reason == "" {
			out = append(out, r)
		}
	}
	return out
}

// Waits are the states in which somebody waits for a decision: they are chosen together.
var Waits = []seats.State{seats.Applied, seats.Shortlisted}

// Everybody is whom a mailing could go to now, in whatever state: for the page on which is chosen.
//
// Faults: Forbidden.
func (m *Service) Everybody(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, words Words) (Crowd, error) {
	if err := allowed(actor, a); err != nil {
		return Crowd{}, err
	}
	return m.crowd(ctx, tx, a, Chosen{States: seats.States[:]}, words)
}

// crowd reads whom a choice takes, in the order of the applications.
func (m *Service) crowd(ctx context.Context, tx *storage.Tx, a seats.Activity, chosen Chosen, words Words) (Crowd, error) {
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return Crowd{}, err
	}
	apps = slices.DeleteFunc(apps, func(app seats.Application) bool { return !slices.Contains(chosen.States, app.State) })
	readers, _, err := m.judge(ctx, tx, a, chosen, words, apps)
	c := Crowd{Readers: readers, Channels: map[string]int{}, Languages: map[i18n.Language]int{}}
	for _, r := range readers {
		if r.Way.Reason == "" {
			c.Channels[r.Way.Channel]++
			c.Languages[r.Lang()]++
			if r.Way.ByText() {
				c.Parts += m.shortLength(a, r.Lang(), words).Parts
			}
		}
	}
	for _, l := range i18n.Languages {
		if _, ok := words.For(l); !ok && c.Languages[l] > 0 {
			c.Unwritten = append(c.Unwritten, l)
		}
	}
	return c, err
}

// shortLength is how long the text message to readers of a language is.
func (m *Service) shortLength(a seats.Activity, l i18n.Language, words Words) sms.Length {
	_, n := m.Letters.ShortText(l, a.Title, words.ShortFor(l), a.InvitationOnly)
	return n
}

// judge gives those of some applications that a choice takes, and says why of each other.
func (m *Service) judge(ctx context.Context, tx *storage.Tx, a seats.Activity, chosen Chosen, words Words, apps []seats.Application) (in []Reader, out map[storage.ID]string, err error) {
	out = map[storage.ID]string{}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, nil, err
	}
	ways, err := m.People.WaysOf(ctx, tx, ids)
	if err != nil {
		return nil, nil, err
	}
	day := seats.CountedOn(a, tx.Now)
	for _, app := range apps {
		p, there := persons[app.Person]
		if !there {
			out[app.ID] = reasonGone
			continue
		}
		r := Reader{Applicant: seats.ApplicantOf(app, p.Details, m.People.Lists(), day), Who: p}
		if !chosen.takes(r.Applicant) {
			out[app.ID] = reasonChanged
			if app.State == seats.Withdrawn {
				out[app.ID] = reasonWithdrew
			}
			continue
		}
		if chosen.asksAnswers() {
			answers, err := m.AnswersOf(ctx, tx, app)
			if err != nil && !errors.Is(err, seal.ErrClosed) {
				return nil, nil, err
			}
			if !chosen.answered(answers) {
				out[app.ID] = reasonChanged
				continue
			}
		}
		if m.Letters != nil {
			r.Way = m.Letters.Way(p, ways[p.ID], words.ShortFor(r.Lang()) != "")
		}
		in = append(in, r)
	}
	return in, out, nil
}

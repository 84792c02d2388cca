package mailing

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Sight is a draft as it would go, with the letter of one of those who would get it.
type Sight struct {
	Mailing
	Crowd
	Sample []Reader // of each language and channel the first, then others: at most mostSeen
	At     int      // which of them is shown, from 0
	Letter messages.Seen
	Text   string          // the text message, where she gets one in the place of the letter
	Tariff messages.Tariff // of text messages
}

// mostSeen is how many letters are looked through one by one.
const mostSeen = 30

// See shows a draft as reader number at of the sample would get it, and sends nothing. The
// caller notes in the logs of those who are shown that they were seen.
//
// Faults: Forbidden; NotFound.
func (m *Service) See(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID, at int) (s Sight, err error) {
	if s.Mailing, err = m.of(ctx, tx, actor, a, id); err != nil {
		return s, err
	}
	if s.Crowd, err = m.crowd(ctx, tx, a, s.Chosen, s.Words); err != nil {
		return s, err
	}
	s.Sample = sample(s.Reached())
	if m.Letters == nil {
		return s, nil
	}
	if s.Tariff, err = m.Letters.Tariff(ctx, tx); err != nil || len(s.Sample) == 0 {
		return s, err
	}
	s.At = min(max(at, 0), len(s.Sample)-1)
	r := s.Sample[s.At]
	n := s.notice(a, r.Person)
	n.Path = "/a/…"
	if r.Way.ByText() {
		s.Text, _ = m.Letters.ShortText(r.Lang(), a.Title, s.Words.ShortFor(r.Lang()), a.InvitationOnly || r.Who.Neutral)
		s.Letter.Lang = r.Lang()
		return s, nil
	}
	s.Letter, err = m.Letters.See(ctx, tx, r.Who, n)
	return s, err
}

// sample takes of each language and channel the first, then the others in their order.
func sample(all []Reader) []Reader {
	type kind struct {
		lang    i18n.Language
		channel string
	}
	seen := map[kind]bool{}
	var first, rest []Reader
	for _, r := range all {
		k := kind{r.Lang(), r.Way.Channel}
		if !seen[k] {
			seen[k] = true
			first = append(first, r)
		} else if len(rest) < mostSeen {
			rest = append(rest, r)
		}
	}
	first = append(first, rest...)
	return first[:min(mostSeen, len(first))]
}

// First are the places in the sample of the first reader of each language.
func (s Sight) First() map[i18n.Language]int {
	out := map[i18n.Language]int{}
	for i := len(s.Sample) - 1; i >= 0; i-- {
		out[s.Sample[i].Lang()] = i
	}
	return out
}

// Try sends a draft to who asks alone, once in each language in which it is written, and wholly
// in it.
//
// Faults: Forbidden; NotFound; Conflict when nothing reaches the asker; Limited beyond
// MostTries an hour.
func (m *Service) Try(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) error {
	v, err := m.of(ctx, tx, actor, a, id)
	if err != nil {
		return err
	}
	me, err := m.People.ByID(ctx, tx, actor.Person)
	if err != nil {
		return err
	}
	if m.Letters == nil || m.Letters.Way(me, people.Ways{}, false).Reason != "" {
		return fault.New(fault.Conflict, "seminars.mailing.fault.no_way_to_you")
	}
	hour := tx.Now.Unix() / 3600
	n, err := tx.Exec(ctx, `INSERT INTO mailing_tried (by_person, hour, count) VALUES ($1, $2, 1)
		ON CONFLICT (by_person) DO UPDATE
		SET count = CASE WHEN mailing_tried.hour = excluded.hour THEN mailing_tried.count + 1 ELSE 1 END, hour = excluded.hour
		WHERE mailing_tried.hour <> excluded.hour OR mailing_tried.count < $3`, actor.Person, hour, MostTries)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Limited, "seminars.mailing.fault.tries", fault.Args{"count": MostTries})
	}
	for _, l := range i18n.Languages {
		if v.Words.Subject.Exactly(l) == "" {
			continue
		}
		one := Words{}
		wording.Set(&one.Subject, l, v.Words.Subject.Exactly(l))
		wording.Set(&one.Body, l, v.Words.Body.Exactly(l))
		subject, body := written(one.Subject, one, a), written(one.Body, one, a)
		if err := m.Letters.Send(ctx, tx, messages.Notice{
			To: actor.Person, Person: me, Kind: TryKind, Lang: l, Path: "/events/" + a.Slug, Activity: a.ID,
			Args: map[string]any{"language": messages.Term("seminars.mailing.lang." + string(l)), "subject": subject, "body": body},
		}); err != nil {
			return err
		}
	}
	return nil
}

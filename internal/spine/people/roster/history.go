package roster

import (
	"context"
	"math"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// looksKind is the filter under which staff read who looked.
const looksKind = "looks"

// histories are what this room tells of a person: what she agreed to, how her record came
// about, and who looked.
func (s *Pages) histories() []module.History {
	return []module.History{
		{Kind: "consents", Order: 300, Text: "people.consents.title", Count: s.countConsents, Tell: s.tellConsents},
		{Kind: "record", Order: 400, Text: "people.past.record", Count: s.countRecord, Tell: s.tellRecord},
		{Kind: looksKind, Order: 900, Text: "people.past.looks", Apart: true, Count: s.countLooks, Tell: s.tellLooks},
	}
}

func (s *Pages) countConsents(ctx context.Context, tx *storage.Tx, _ *web.Request, person storage.ID) (int, error) {
	return s.people.CountConsents(ctx, tx, person)
}

// tellConsents tells the answers of one moment as one event, each with the words that were
// read.
func (s *Pages) tellConsents(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) (out []module.Happening, err error) {
	before := p.At
	if p.Below != (storage.ID{}) && before < math.MaxInt64 { // what is of that moment has not been told
		before++
	}
	list, err := s.people.ConsentsBefore(ctx, tx, p.Person, before, p.Most)
	for _, answers := range list {
		yes, no := []string{}, []string{}
		for _, c := range answers {
			if words := consentRead(r, c); c.Given {
				yes = append(yes, words)
			} else {
				no = append(no, words)
			}
		}
		e := kit.Event{At: answers[0].At, What: r.Say.T("people.past.consents")}
		var said []string
		if len(yes) > 0 {
			said = append(said, r.Say.T("people.past.agreed", "list", strings.Join(yes, "; ")))
		}
		if len(no) > 0 {
			said = append(said, r.Say.T("people.past.refused", "list", strings.Join(no, "; ")))
		}
		for _, c := range answers {
			if noted := notedWords(r, c) + "."; noted != "." && !slices.Contains(said, noted) {
				said = append(said, noted)
			}
		}
		e.Why = strings.Join(said, " ")
		out = append(out, module.Happening{Event: e})
	}
	return out, err
}

// longestRead is how much of the words of one consent a history shows, in letters; the whole
// stands in her archive.
const longestRead = 160

// consentRead are the words that were read, else those of now.
func consentRead(r *web.Request, c people.Consent) string {
	words := c.Wording.In(r.Lang)
	if words == "" {
		words = r.Say.T("people.consents.other")
	}
	if letters := []rune(words); len(letters) > longestRead {
		return string(letters[:longestRead]) + "…"
	}
	return words
}

func (s *Pages) countRecord(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (int, error) {
	list, err := s.record(ctx, tx, r, person)
	return len(list), err
}

func (s *Pages) tellRecord(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) ([]module.Happening, error) {
	list, err := s.record(ctx, tx, r, p.Person)
	return p.Newest(list), err
}

// record tells how a record came about: when it was made, what of its contacts was shown to
// be hers and when. A record holds few contacts.
func (s *Pages) record(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]module.Happening, error) {
	p, err := s.people.ByID(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	contacts, err := s.people.ContactsOf(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	out := []module.Happening{{ID: p.ID, Event: kit.Event{At: p.Made, What: r.Say.T("people.past.made")}}}
	for _, c := range contacts {
		if !c.Proved.IsZero() {
			out = append(out, module.Happening{ID: c.ID, Event: kit.Event{At: c.Proved, Kind: "good", What: r.Say.T("people.audit.contact_proven"), Why: maskedWords(r, c)}})
		}
	}
	return out, nil
}

// maskedWords names a contact without giving it away.
func maskedWords(r *web.Request, c people.Contact) string {
	if c.Kind == people.ChatContact {
		return r.Say.T("people.contact." + string(c.Kind))
	}
	return r.Say.T("people.contact."+string(c.Kind)) + ": " + c.Masked()
}

// mostObjects bounds of how many activities looks are told to who works in a part of the
// programme: those that were looked at last.
const mostObjects = 200

// seen is which looks at a person somebody may read: of the activities that lie where she may
// read people, and of none; all of them for who may everywhere.
func (s *Pages) seen(ctx context.Context, tx *storage.Tx, actor access.Actor, person storage.ID) (audit.Seen, error) {
	out := audit.Seen{Person: person, All: people.Everywhere(actor, "people.view")}
	if out.All {
		return out, nil
	}
	objects, err := audit.SeenIn(ctx, tx, person, mostObjects)
	if err != nil || s.places == nil {
		return out, err
	}
	places, err := s.places(ctx, tx, objects)
	for id, at := range places {
		if actor.May("people.view", at) {
			out.Objects = append(out.Objects, id)
		}
	}
	return out, err
}

func (s *Pages) countLooks(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (int, error) {
	seen, err := s.seen(ctx, tx, r.Actor, person)
	if err != nil {
		return 0, err
	}
	return audit.CountSeen(ctx, tx, seen)
}

// tellLooks tells who looked as she reads it herself: the role, what was done, and why.
func (s *Pages) tellLooks(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) ([]module.Happening, error) {
	seen, err := s.seen(ctx, tx, r.Actor, p.Person)
	if err != nil {
		return nil, err
	}
	return s.tellSeen(ctx, tx, r, seen, p)
}

func (s *Pages) tellSeen(ctx context.Context, tx *storage.Tx, r *web.Request, seen audit.Seen, p module.Past) ([]module.Happening, error) {
	entries, err := audit.Past(ctx, tx, seen, p.At, p.Below, p.Most)
	if err != nil {
		return nil, err
	}
	grants := map[storage.ID][]access.Grant{}
	var out []module.Happening
	for _, e := range entries {
		given, known := grants[e.Actor]
		if !known {
			if given, err = s.people.Grants(ctx, tx, e.Actor); err != nil {
				return nil, err
			}
			grants[e.Actor] = given
		}
		one := kit.Event{At: e.At, What: action(r, e.Action), Who: r.Say.T("people.looks.staff")}
		if best := bestRole(given, e.At); best != "" {
			one.Who = r.Say.T("people.role." + string(best))
		}
		if e.Actor == r.Actor.Person {
			one.Who = r.Say.T("people.looks.yourself")
		}
		// What was typed for a look may tell of work elsewhere: who reads a part of the programme
		// reads her own words and those of what lies there; of others the reason alone.
		if !seen.All && e.Object.IsZero() && e.Actor != r.Actor.Person {
			e.Words = nil
		}
		if one.Why, err = s.lookWhy(ctx, tx, r, e); err != nil {
			return nil, err
		}
		out = append(out, module.Happening{ID: e.ID, Event: one})
	}
	return out, nil
}

// lastLooks are the last of those who looked, for the side of the page: others than who reads
// it, who knows of herself.
func (s *Pages) lastLooks(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (out []kit.Event, err error) {
	seen, err := s.seen(ctx, tx, r.Actor, person)
	if err != nil {
		return nil, err
	}
	seen.But = r.Actor.Person
	list, err := s.tellSeen(ctx, tx, r, seen, module.Past{Person: person, At: math.MaxInt64, Most: looksAside})
	for _, l := range list {
		out = append(out, l.Event)
	}
	return out, err
}

const looksAside = 3

// warnings are what is wrong with a person now: what this room knows, then what modules tell.
func (s *Pages) warnings(ctx context.Context, tx *storage.Tx, r *web.Request, p people.Person, contacts []people.Contact) (out []module.Attention, err error) {
	reach := kit.Link{Path: "/people/" + p.ID.String() + "#reach", Label: r.Say.T("people.reach.title")}
	known := false
	for _, c := range contacts {
		known = known || c.State == people.Proven || c.State == people.Called
	}
	switch {
	case len(contacts) == 0:
		out = append(out, module.Attention{Words: r.Say.T("people.warn.nothing"), Bad: true})
	case !known:
		out = append(out, module.Attention{Words: r.Say.T("people.warn.unproven"), More: reach})
	}
	for _, c := range contacts {
		muted, err := s.people.Muted(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if muted {
			out = append(out, module.Attention{Words: r.Say.T("people.warn.muted", "contact", maskedWords(r, c)), Bad: true, More: reach})
		}
	}
	if s.house == nil {
		return out, nil
	}
	more, err := s.house.Attention(ctx, tx, r, p.ID)
	return append(out, more...), err
}

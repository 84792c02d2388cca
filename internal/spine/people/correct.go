package people

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Drawn is what a form of a record was drawn of: the values that it showed. The form
// carries it to the page and back, so that who saves says what she has seen.
type Drawn struct {
	Fields   map[string][]string `json:"fields"`   // by name of the field; a field that is empty is not there
	Contacts []storage.ID        `json:"contacts"` // all that the record had, where the form shows any
}

// String is how a form carries it.
func (d Drawn) String() string {
	text, err := json.Marshal(d)
	if err != nil {
		return ""
	}
	return string(text)
}

// ParseDrawn reads what a form carried. Who sends none has seen an empty record: what
// she types can fill in, and is asked about wherever it would replace something.
func ParseDrawn(text string) Drawn {
	var d Drawn
	if json.Unmarshal([]byte(text), &d) != nil {
		return Drawn{}
	}
	return d
}

// Drawn gives what a form of a record is drawn of, with or without e-mail and phone.
func (s *Service) Drawn(ctx context.Context, tx *storage.Tx, p Person, contacts bool) (Drawn, error) {
	have, err := s.ContactsOf(ctx, tx, p)
	return drawnOf(p.Details, have, contacts), err
}

func drawnOf(details Details, have []Contact, contacts bool) Drawn {
	d := Drawn{Fields: map[string][]string{}}
	for _, f := range formFields {
		if f.kind != "" && !contacts {
			continue
		}
		if values := f.get(details); len(values) > 0 {
			d.Fields[f.name] = values
		}
	}
	if contacts {
		for _, c := range have {
			d.Contacts = append(d.Contacts, c.ID)
		}
	}
	return d
}

// formField is one field of a form of a record.
type formField struct {
	name  string
	group string // fields of one group say one thing together
	kind  ContactKind
	get   func(Details) []string
	put   func(into *Details, from Details)
}

// together names what one field does not say alone: a village lies in its city, a level
// is one of a group, and a year of birth stands for an age band.
var together = map[profile.Name]string{
	profile.City: "place", profile.Village: "place",
	profile.Group: "group", profile.Level: "group",
	profile.BirthYear: "age", profile.AgeBand: "age",
}

// formFields are the fields of the forms of a record.
var formFields = func() (out []formField) {
	for _, f := range profile.Fields {
		field := formField{
			name: string(f.Name), group: together[f.Name],
			get: func(d Details) []string { return d.Get(f.Name) },
			put: func(into *Details, from Details) { into.Set(f.Name, from.Get(f.Name)...) },
		}
		switch f.Name {
		case profile.Email:
			field.kind = EmailContact
		case profile.Phone:
			field.kind = PhoneContact
		}
		out = append(out, field)
	}
	for _, l := range []struct {
		name string
		at   func(*Details) *string
	}{
		{"certificate_ky", func(d *Details) *string { return &d.CertificateName.Ky }},
		{"certificate_ru", func(d *Details) *string { return &d.CertificateName.Ru }},
		{"certificate_en", func(d *Details) *string { return &d.CertificateName.En }},
	} {
		out = append(out, formField{
			name: l.name,
			get:  func(d Details) []string { return filled(*l.at(&d)) },
			put:  func(into *Details, from Details) { *l.at(into) = *l.at(&from) },
		})
	}
	return append(out, formField{
		name: "neutral",
		get: func(d Details) []string {
			if d.Neutral {
				return []string{"on"}
			}
			return nil
		},
		put: func(into *Details, from Details) { into.Neutral = from.Neutral },
	})
}()

// filled is a value of a field, none when it is empty.
func filled(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// same compares values of a field as people read them: neither stray spaces nor the order
// of what was ticked is a change, and a browser writes ends of lines its own way.
func same(a, b []string) bool {
	folded := func(values []string) (out []string) {
		for _, v := range values {
			if v = strings.Join(strings.Fields(v), " "); v != "" {
				out = append(out, v)
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(folded(a), folded(b))
}

// Correct changes the details of a record by a form: by herself, or by staff who may.
type Correct struct {
	Person   storage.ID
	Actor    access.Actor
	Drawn    Drawn   // what the form showed
	Typed    Details // what it says now
	Contacts bool    // the form has her e-mail and phone, too
}

// Corrected is the record with what was typed over it, and what to draw a form of, when
// it is shown again.
type Corrected struct {
	Details  Details
	Now      Details // as the record is
	Contacts []Contact
	Drawn    Drawn // of Now
}

// Correct writes what was changed in a form, and nothing else: a field that says what the
// form was drawn of was not touched, and keeps whatever somebody has written there since.
// So two people who correct different things both succeed, and neither is asked about what
// she never looked at, as she would be by one version of the whole record. Conflict,
// with a fault at each field, only where both have changed the same (see together), or
// where a contact would go that the form did not show; nothing is written then, and Corrected
// has what was typed and the record as it is now, so that saving again is a decision.
// Forbidden for who may not correct her (MayCorrect); Invalid where another value was
// chosen that is offered no more, or a city in which the actor could not correct her any
// more. Else faults as Update and ChangeContact.
func (s *Service) Correct(ctx context.Context, tx *storage.Tx, cmd Correct) (Corrected, error) {
	p, err := s.hold(ctx, tx, cmd.Person)
	if err != nil {
		return Corrected{}, err
	}
	if cmd.Actor.Person != p.ID {
		if err := s.MayCorrect(ctx, tx, cmd.Actor, p); err != nil {
			return Corrected{}, err
		}
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return Corrected{}, err
	}
	out := Corrected{Details: p.Details, Now: p.Details, Contacts: have, Drawn: drawnOf(p.Details, have, cmd.Contacts)}
	// The same address or number is the same however it is written.
	for _, f := range []profile.Name{profile.Email, profile.Phone} {
		if kept, err := tidyContact(f, cmd.Typed.First(f)); err == nil {
			cmd.Typed.Set(f, kept)
		}
	}
	groupOf := func(f formField) string {
		if f.group != "" {
			return f.group
		}
		return f.name
	}
	touched, moved := map[string]bool{}, map[string]bool{}
	for _, f := range formFields {
		drawn := cmd.Drawn.Fields[f.name]
		if f.kind != "" && !cmd.Contacts {
			continue
		}
		if !same(f.get(cmd.Typed), drawn) {
			touched[f.name] = true
			f.put(&out.Details, cmd.Typed)
		}
		if !same(f.get(p.Details), drawn) || f.kind != "" && hidden(have, f.kind, cmd.Drawn.Contacts) {
			moved[groupOf(f)] = true
		}
	}
	meanwhile := fault.New(fault.Conflict, ChangedMeanwhile)
	details := false
	for _, f := range formFields {
		if !touched[f.name] || same(f.get(cmd.Typed), f.get(p.Details)) {
			continue
		}
		details = details || f.kind == ""
		if moved[groupOf(f)] {
			meanwhile.Fields = append(meanwhile.Fields, fault.At(f.name, "people.fault.field_now", fault.Args{"now": strings.Join(f.get(p.Details), ", ")}))
		}
	}
	if len(meanwhile.Fields) > 0 {
		return out, meanwhile
	}
	if details {
		if err := s.mayBe(ctx, tx, cmd.Actor, p, out.Details); err != nil {
			return out, err
		}
		if err := s.Update(ctx, tx, p.ID, out.Details); err != nil {
			return out, err
		}
	}
	for _, f := range formFields {
		if f.kind == "" || !touched[f.name] {
			continue
		}
		change := ChangeContact{Person: p.ID, By: cmd.Actor.Person, Kind: f.kind, Value: strings.Join(f.get(cmd.Typed), ""), Shown: cmd.Drawn.Contacts}
		if err := s.ChangeContact(ctx, tx, change); err != nil {
			return out, err
		}
	}
	return out, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: p.ID, Action: "people.audit.changed"})
}

// mayBe refuses details that Tidy does, a choice that the record did not have and that is
// offered no more, and a city in which somebody else could not correct the record then.
func (s *Service) mayBe(ctx context.Context, tx *storage.Tx, a access.Actor, p Person, now Details) error {
	lists, err := s.book.In(ctx, tx)
	if err != nil {
		return err
	}
	var form fault.Form
	if _, err := Tidy(lists, now, tx.Now); form.Join(err) != nil {
		return err
	}
	for _, f := range profile.Fields {
		if !f.Listed && !f.Open || form.Has(string(f.Name)) {
			continue
		}
		for _, v := range now.Get(f.Name) {
			form.Check(slices.Contains(p.Get(f.Name), v) || f.Offers(lists, v), string(f.Name), "fault.not_a_choice")
		}
	}
	if err := form.Err(); err != nil || a.Person == p.ID || now.City == p.City {
		return err
	}
	p.Details = now
	if Reach(a, "people.edit", p) != nil {
		return fault.At(string(profile.City), "people.fault.city_not_yours")
	}
	return nil
}

// ChangedMeanwhile is the key of the fault of a record that somebody else was faster to change.
const ChangedMeanwhile = "people.fault.changed_meanwhile"

// hidden reports whether a record has a contact of a kind that typing another would
// remove, and that was not shown.
func hidden(have []Contact, kind ContactKind, shown []storage.ID) bool {
	return slices.ContainsFunc(have, func(c Contact) bool {
		return c.Kind == kind && (c.State == Typed || c.State == Called) && !slices.Contains(shown, c.ID)
	})
}

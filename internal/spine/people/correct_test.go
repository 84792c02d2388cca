package people_test

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// opened is a form of a record that somebody has opened and not sent yet.
type opened struct {
	v    *peopletest.Visitor
	path string
	url.Values
}

// open reads the form as a browser does: with all that it shows of a record that has
// a name, a city, a village, an e-mail and a phone.
func open(t *testing.T, v *peopletest.Visitor, path string, typed url.Values) opened {
	t.Helper()
	status, page := v.Get(path)
	drawn := peopletest.Drawn(page)
	if status != http.StatusOK || drawn == "" {
		t.Fatalf("%s: %d, drawn of %q", path, status, drawn)
	}
	form := url.Values{"drawn": {drawn}, "form_token": {webtest.FormToken(page)}}
	for field, values := range people.ParseDrawn(drawn).Fields {
		if field != "email" && field != "phone" || !strings.HasSuffix(path, "/me/edit") {
			form[field] = values
		}
	}
	for field, values := range typed {
		form[field] = values
	}
	return opened{v, path, form}
}

// send sends it; the page that answers a conflict is the form that is open then.
func (o *opened) send(t *testing.T) (int, string) {
	t.Helper()
	res, err := o.v.HTTP.PostForm(o.v.URL+o.path, o.Values)
	status, page := o.v.Read(res, err)
	if status == http.StatusConflict {
		o.Set("drawn", peopletest.Drawn(page))
	}
	return status, html.UnescapeString(page)
}

// hers is a record that two people are about to correct.
type hers struct {
	peopletest.House
	person, a, b people.Person
}

func onBoth(t *testing.T, f func(t *testing.T, h hers)) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := hers{House: peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})}
		h.Clock = clock
		h.person = peopletest.Register(t, store, h.People, people.Details{
			FullName: "Айнура Канарейкина", City: "osh", Village: "Ак-Тилек", Email: "old@mail.kg", Phone: "+996555000001", Lang: "ky",
		})
		h.a = peopletest.Register(t, store, h.People, people.Details{FullName: "Анара Кызматкер", Email: "a@ashar.kg"})
		h.b = peopletest.Register(t, store, h.People, people.Details{FullName: "Бермет Кызматкер", Email: "b@ashar.kg"})
		f(t, h)
	})
}

func (h hers) staff(t *testing.T, who people.Person) *peopletest.Visitor {
	return h.As(t, who, access.Grant{Role: access.Coordinator})
}

func (h hers) edit() string { return "/ru/people/" + h.person.ID.String() + "/edit" }

func (h hers) now(t *testing.T) (p people.Person, contacts []string) {
	t.Helper()
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = h.People.ByID(ctx, tx, h.person.ID); err != nil {
			return err
		}
		have, err := h.People.Contacts(ctx, tx, p.ID)
		contacts = nil
		for _, c := range have {
			contacts = append(contacts, c.Value)
		}
		slices.Sort(contacts)
		return err
	})
	return p, contacts
}

func TestTwoStaffWhoCorrectDifferentThingsBothKeepTheirs(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		second := open(t, h.staff(t, h.b), h.edit(), url.Values{"village": {"Жаңы-Конуш"}})
		first := open(t, h.staff(t, h.a), h.edit(), url.Values{"email": {"new@mail.kg"}, "phone": {"+996555000002"}, "organisation": {"Кеңеш"}})
		for _, form := range []*opened{&first, &second} {
			if status, page := form.send(t); status != http.StatusSeeOther {
				t.Fatalf("%d %s", status, page)
			}
		}
		p, contacts := h.now(t)
		if p.Email != "new@mail.kg" || p.Phone != "+996555000002" || p.Organisation != "Кеңеш" || p.Village != "Жаңы-Конуш" || p.City != "osh" {
			t.Errorf("the record: %+v", p.Details)
		}
		if want := []string{"+996555000002", "new@mail.kg"}; !slices.Equal(contacts, want) {
			t.Errorf("contacts %v, want %v", contacts, want)
		}
	})
}

func TestWhoChangesWhatSomebodyHasChangedMeanwhileIsAskedAndCanSaveAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		second := open(t, h.staff(t, h.b), h.edit(), url.Values{"phone": {"+996555000003"}, "organisation": {"Бирикме"}, "access_needs": {"пандус"}})
		first := open(t, h.staff(t, h.a), h.edit(), url.Values{"phone": {"+996555000002"}, "organisation": {"Кеңеш"}, "village": {"Жаңы-Конуш"}})
		if status, page := first.send(t); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
		status, page := second.send(t)
		if status != http.StatusConflict {
			t.Fatalf("somebody was faster: %d", status)
		}
		for _, want := range []string{
			"Сейчас в записи: +996 555 000 002", "Сейчас в записи: Кеңеш", // theirs, beside
			`value="+996555000003"`, `value="Бирикме"`, "пандус", // what was typed
			`value="Жаңы-Конуш"`, // not touched: as it is now
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if p, _ := h.now(t); p.Phone != "+996555000002" || p.Organisation != "Кеңеш" || p.AccessNeeds != "" {
			t.Errorf("something was written: %+v", p.Details)
		}
		second.Set("village", "Жаңы-Конуш") // as the page shows it
		if status, page := second.send(t); status != http.StatusSeeOther {
			t.Fatalf("saving again is a dead end: %d %s", status, page)
		}
		p, contacts := h.now(t)
		if p.Phone != "+996555000003" || p.Organisation != "Бирикме" || p.AccessNeeds != "пандус" || p.Village != "Жаңы-Конуш" {
			t.Errorf("the record: %+v", p.Details)
		}
		if want := []string{"+996555000003", "old@mail.kg"}; !slices.Equal(contacts, want) {
			t.Errorf("contacts %v, want %v", contacts, want)
		}
	})
}

func TestAContactThatSheAddsMeanwhileDoesNotVanish(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		v := h.Visitor(t)
		h.SignIn(v, "old@mail.kg") // proves it
		other := open(t, h.staff(t, h.b), h.edit(), url.Values{"village": {"Жаңы-Конуш"}})
		same := open(t, h.staff(t, h.a), h.edit(), url.Values{"phone": {"+996555000002"}, "email": {"typed@mail.kg"}})
		_, page := v.Get("/ru/me/contacts")
		shown := url.Values{"phone": {"+996555000009"}, "email": {"further@mail.kg"}, "shown": shownIn(page)}
		if status, page := v.Post("/ru/me/contacts", "/ru/me/contacts", shown); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
		if status, page := other.send(t); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
		hers := []string{"+996555000009", "further@mail.kg", "old@mail.kg"}
		if p, contacts := h.now(t); p.Village != "Жаңы-Конуш" || !slices.Equal(contacts, hers) {
			t.Errorf("contacts %v, want %v", contacts, hers)
		}
		status, conflict := same.send(t)
		if status != http.StatusConflict || !strings.Contains(conflict, "Сейчас в записи: +996 555 000 009") || !strings.Contains(conflict, "further@mail.kg") {
			t.Errorf("staff do not hear of what she added: %d", status)
		}
		if _, contacts := h.now(t); !slices.Equal(contacts, hers) {
			t.Errorf("contacts %v, want %v", contacts, hers)
		}
		if status, _ := same.send(t); status != http.StatusSeeOther {
			t.Errorf("saving again: %d", status)
		}
		if _, contacts := h.now(t); !slices.Equal(contacts, []string{"+996555000002", "old@mail.kg", "typed@mail.kg"}) {
			t.Errorf("contacts %v", contacts)
		}
	})
}

func TestAContactThatStaffTypeMeanwhileDoesNotVanish(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		v := h.Visitor(t)
		h.SignIn(v, "old@mail.kg")
		_, page := v.Get("/ru/me/contacts")
		form := url.Values{"phone": {"+996555000009"}, "shown": shownIn(page)}
		staff := open(t, h.staff(t, h.a), h.edit(), url.Values{"phone": {"+996555000002"}})
		if status, page := staff.send(t); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
		status, page := v.Post("/ru/me/contacts", "/ru/me/contacts", form)
		if status != http.StatusConflict || !strings.Contains(page, "+996 555 000 002") || !strings.Contains(html.UnescapeString(page), `value="+996555000009"`) {
			t.Errorf("she does not hear of what staff typed: %d", status)
		}
		if _, contacts := h.now(t); !slices.Equal(contacts, []string{"+996555000002", "old@mail.kg"}) {
			t.Errorf("contacts %v", contacts)
		}
		form["shown"] = shownIn(page)
		if status, _ := v.Post("/ru/me/contacts", "/ru/me/contacts", form); status != http.StatusSeeOther {
			t.Errorf("saving again: %d", status)
		}
		if _, contacts := h.now(t); !slices.Equal(contacts, []string{"+996555000009", "old@mail.kg"}) {
			t.Errorf("contacts %v", contacts)
		}
	})
}

func shownIn(page string) (out []string) {
	for _, part := range strings.Split(page, `name="shown" value="`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		out = append(out, id)
	}
	return out
}

func TestHerOwnFormDoesNotOverwriteWhatStaffCorrect(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		v := h.As(t, h.person)
		hers := open(t, v, "/ru/me/edit", url.Values{"address_as": {"Айнура эже"}})
		late := open(t, v, "/ru/me/edit", url.Values{"village": {"Кызыл-Суу"}})
		staff := open(t, h.staff(t, h.a), h.edit(), url.Values{"name": {"Айнура Канарейкина-Усенова"}, "city": {"talas"}, "email": {"new@mail.kg"}})
		for _, form := range []*opened{&staff, &hers} {
			if status, page := form.send(t); status != http.StatusSeeOther {
				t.Fatalf("%d %s", status, page)
			}
		}
		if p, _ := h.now(t); p.FullName != "Айнура Канарейкина-Усенова" || p.City != "talas" || p.AddressAs != "Айнура эже" || p.Email != "new@mail.kg" {
			t.Errorf("the record: %+v", p.Details)
		}
		// A village lies in a city: hers was of another one.
		if status, page := late.send(t); status != http.StatusConflict || !strings.Contains(page, "Сейчас в записи: Ак-Тилек") || strings.Contains(page, "new@mail.kg") {
			t.Errorf("the city has changed meanwhile: %d", status)
		}
	})
}

func TestAFormThatDoesNotSayWhatItShowedReplacesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h hers) {
		form := open(t, h.staff(t, h.a), h.edit(), url.Values{"village": {"Жаңы-Конуш"}, "phone": {"+996555000002"}, "organisation": {"Кеңеш"}})
		for _, drawn := range []string{"", "{", `{"fields":[]}`} {
			form.Set("drawn", drawn)
			if drawn == "" {
				form.Del("drawn")
			}
			keep := form.Values.Encode()
			if status, _ := form.send(t); status != http.StatusConflict {
				t.Errorf("drawn of %q: %d", drawn, status)
			}
			form.Values, _ = url.ParseQuery(keep)
		}
		if p, contacts := h.now(t); p.Village != "Ак-Тилек" || p.Organisation != "" || !slices.Equal(contacts, []string{"+996555000001", "old@mail.kg"}) {
			t.Errorf("the record: %+v, %v", p.Details, contacts)
		}
	})
}

// The pages ask nothing of it; the use case is the judge, of the record as it stands when
// nobody else changes it.
func TestACorrectionIsJudgedByItsUseCase(t *testing.T) {
	scenes(t, func(s *scene) {
		hers := people.Details{FullName: "Айнура Канарейкина", City: "osh", Group: "media", Lang: "ky"}
		her := s.register(hers)
		holder := s.register(hers)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Grant(ctx, tx, holder.ID, access.Grant{Role: access.Facilitator})
		})
		correct := func(by access.Actor, person storage.ID, change func(d *people.Details)) error {
			return s.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				p, err := s.svc.ByID(ctx, tx, person)
				if err != nil {
					return err
				}
				drawn, err := s.svc.Drawn(ctx, tx, p, false)
				if err != nil {
					return err
				}
				typed := p.Details
				change(&typed)
				if _, err = s.svc.Correct(ctx, tx, people.Correct{Person: p.ID, Actor: by, Drawn: drawn, Typed: typed}); err == nil {
					err = errUndo
				}
				return err
			})
		}
		osh, all, herself := staffOf(s.svc, "osh"), staffOf(s.svc, ""), access.Actor{Person: her.ID}
		village := func(d *people.Details) { d.Village = "Ак-Тилек" }
		city := func(to string) func(d *people.Details) { return func(d *people.Details) { d.City = to } }
		for name, c := range map[string]struct {
			by     access.Actor
			person storage.ID
			change func(d *people.Details)
			key    string // of the fault; empty: she may
		}{
			"staff of her city":              {osh, her.ID, village, ""},
			"staff of another":               {staffOf(s.svc, "talas"), her.ID, village, "fault.forbidden"},
			"nobody":                         {access.Actor{}, her.ID, village, "fault.forbidden"},
			"she herself":                    {herself, her.ID, village, ""},
			"another who is nobody":          {access.Actor{Person: holder.ID}, her.ID, village, "fault.forbidden"},
			"a record that holds a role":     {osh, holder.ID, village, "people.fault.edit_staff"},
			"into a city of somebody else":   {osh, her.ID, city("talas"), "people.fault.city_not_yours"},
			"into no city":                   {osh, her.ID, city(""), "people.fault.city_not_yours"},
			"by who is responsible for both": {all, her.ID, city("talas"), ""},
			"into no city by the same":       {all, her.ID, city(""), ""},
			"she moves herself":              {herself, her.ID, city("talas"), ""},
			"into a city that is none":       {all, her.ID, city("atlantis"), "fault.not_a_choice"},
			"a group that is none":           {herself, her.ID, func(d *people.Details) { d.Group = "kings" }, "fault.not_a_choice"},
		} {
			err := correct(c.by, c.person, c.change)
			key := ""
			if f := fault.Of(err); f != nil {
				if key = f.Key; len(f.Fields) == 1 {
					key = f.Fields[0].Key
				}
			}
			if key != c.key || c.key == "" && !errors.Is(err, errUndo) {
				s.t.Errorf("%s: %v, want %q", name, err, c.key)
			}
		}
		// A role that is given in the same moment counts.
		err := s.meanwhile(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Grant(ctx, tx, her.ID, access.Grant{Role: access.Admin})
		}, func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.Correct(ctx, tx, people.Correct{Person: her.ID, Actor: osh, Drawn: people.Drawn{Fields: map[string][]string{}}, Typed: people.Details{Organisation: "Кеңеш"}})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("she becomes an administrator while she is corrected: %v", err)
		}
	})
}

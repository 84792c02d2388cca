package people_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// typedIn is a form in which a coordinator has typed in somebody.
func (s *scene) typedIn(by access.Actor, d people.Details) people.Add {
	if d.Lang == "" {
		d.Lang = i18n.Kyrgyz
	}
	shown := map[string]string{}
	for _, a := range s.svc.Asked(nil) {
		shown[a.Purpose] = a.Version()
	}
	return people.Add{
		By: by, Form: storage.RandomID(s.clock.Now()), Details: d, Source: people.SaidByPhone, Day: "2026-11-19", Shown: shown, ReadIn: i18n.Russian,
		NoContact: d.Email == "" && d.Phone == "",
	}
}

func (s *scene) adds(cmd people.Add) (out people.Added, err error) {
	s.t.Helper()
	err = s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = s.svc.Add(ctx, tx, cmd)
		return err
	})
	return out, err
}

// added is adds of what must succeed.
func (s *scene) added(cmd people.Add) people.Person {
	s.t.Helper()
	out, err := s.adds(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Person
}

func (s *scene) persons() int {
	s.t.Helper()
	return s.count(`SELECT COUNT(*) FROM person WHERE merged_into IS NULL`)
}

// consents gives what stands of a person's consents now.
func (s *scene) consents(person storage.ID) (now map[string]people.Consent) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		now, err = s.svc.Consents(ctx, tx, person)
		return err
	})
	return now
}

// log gives the actions in a person's log, the newest first.
func (s *scene) log(person storage.ID) (actions []string) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Person: person})
		actions = nil
		for _, e := range list {
			actions = append(actions, e.Action)
		}
		return err
	})
	return actions
}

func (s *scene) letters() int {
	return len(s.sent.Codes) + len(s.sent.Changes) + len(s.sent.Invitations) + len(s.sent.Roles)
}

func TestWhoPhonedIsAddedWithWhatSheSaidAndNothingElse(t *testing.T) {
	scenes(t, func(s *scene) {
		by := s.working(access.Coordinator, "osh")
		cmd := s.typedIn(by, people.Details{
			FullName: " Асанова  Айгүл ", Email: "Aigul@Mail.KG", Phone: "0555 12 34 56", Sex: "female", BirthYear: 1990, City: "osh", Village: "Кара-Суу",
			Group: "activists", Organisation: "Айыл үнү", Languages: []string{"ky", "ru"}, AccessNeeds: "Пандус", Lang: i18n.Russian, Neutral: true,
		})
		cmd.Given = []string{people.ForProgramme, people.ByPhone}
		p := s.added(cmd)
		if p.FullName != "Асанова Айгүл" || p.Email != "Aigul@mail.kg" || p.Phone != "+996555123456" || p.BirthYear != 1990 || !p.Neutral || p.Lang != i18n.Russian {
			s.t.Errorf("kept as %+v", p.Details)
		}
		if got := s.states(p.ID); len(got) != 2 || got["Aigul@mail.kg"] != people.Typed || got["+996555123456"] != people.Typed {
			s.t.Errorf("her contacts: %v", got)
		}
		now := s.consents(p.ID)
		if len(now) != 2 {
			s.t.Errorf("she said yes twice, noted is %v", now)
		}
		for _, purpose := range cmd.Given {
			if c := now[purpose]; !c.Given || c.NotedBy != by.Person || c.How != people.SaidByPhone || c.Day != "2026-11-19" || c.Lang != i18n.Russian || c.Wording != people.Wording(purpose) {
				s.t.Errorf("%s: %+v", purpose, c)
			}
		}
		if log := s.log(p.ID); !slices.Contains(log, "people.audit.added.phone") {
			s.t.Errorf("her log: %v", log)
		}
		if s.letters() != 0 || s.count(`SELECT COUNT(*) FROM job WHERE kind LIKE 'messages%'`) != 0 {
			s.t.Error("a letter is on its way")
		}
		if s.count(`SELECT COUNT(*) FROM fact`) != 0 || s.count(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1`, p.ID) != 0 {
			s.t.Error("a fact or a role came of it")
		}
		// She signs in by none of what was typed as if it were proven: it is hers once she proves it.
		if proven := s.count(`SELECT COUNT(*) FROM contact WHERE person_id = $1 AND state <> 'typed'`, p.ID); proven != 0 {
			s.t.Errorf("%d contacts count as more than typed", proven)
		}
	})
}

func TestNonsenseOfAnAddedPersonChangesNothing(t *testing.T) {
	scenes(t, func(s *scene) {
		osh, all, desk := s.working(access.Coordinator, "osh"), s.working(access.Coordinator, ""), s.working(access.FrontDesk, "osh")
		good := people.Details{FullName: "Асанова Айгүл", Phone: "0555123456", City: "osh"}
		before := s.persons()
		long := strings.Repeat("а", 121)
		for name, c := range map[string]struct {
			by     access.Actor
			change func(cmd *people.Add)
			code   fault.Code
			field  string
		}{
			"nobody":                      {access.Actor{}, func(*people.Add) {}, fault.Forbidden, ""},
			"the front desk":              {desk, func(*people.Add) {}, fault.Forbidden, ""},
			"another city":                {osh, func(c *people.Add) { c.Details.City = "naryn" }, fault.Forbidden, "city"},
			"no city":                     {osh, func(c *people.Add) { c.Details.City = "" }, fault.Invalid, "city"},
			"a place of no city":          {osh, func(c *people.Add) { c.Details.City = "other" }, fault.Forbidden, "city"},
			"a city that is none":         {all, func(c *people.Add) { c.Details.City = "paris" }, fault.Invalid, "city"},
			"no name":                     {osh, func(c *people.Add) { c.Details.FullName = " " }, fault.Invalid, "name"},
			"a name of signs":             {osh, func(c *people.Add) { c.Details.FullName = "—!?" }, fault.Invalid, "name"},
			"a name that is an address":   {osh, func(c *people.Add) { c.Details.FullName = "www.casino.example" }, fault.Invalid, "name"},
			"too long a name":             {osh, func(c *people.Add) { c.Details.FullName = long }, fault.Invalid, "name"},
			"no contact":                  {osh, func(c *people.Add) { c.Details.Phone = "" }, fault.Invalid, "phone"},
			"a contact and none":          {osh, func(c *people.Add) { c.NoContact = true }, fault.Invalid, "no_contact"},
			"a phone that is none":        {osh, func(c *people.Add) { c.Details.Phone = "12" }, fault.Invalid, "phone"},
			"an address that is none":     {osh, func(c *people.Add) { c.Details.Email = "нарын" }, fault.Invalid, "email"},
			"a year ahead":                {osh, func(c *people.Add) { c.Details.BirthYear = 2030 }, fault.Invalid, "birth_year"},
			"a sex that is none":          {osh, func(c *people.Add) { c.Details.Sex = "x" }, fault.Invalid, "sex"},
			"a group that is none":        {osh, func(c *people.Add) { c.Details.Group = "martians" }, fault.Invalid, "group"},
			"a language twice":            {osh, func(c *people.Add) { c.Details.Languages = []string{"ky", "ru", "ky"} }, fault.Invalid, "languages"},
			"ten thousand languages":      {osh, func(c *people.Add) { c.Details.Languages = slices.Repeat([]string{"ky"}, 10_000) }, fault.Invalid, "languages"},
			"no language of letters":      {osh, func(c *people.Add) { c.Details.Lang = "" }, fault.Invalid, "lang"},
			"an unknown one":              {osh, func(c *people.Add) { c.Details.Lang = "de" }, fault.Invalid, "lang"},
			"no source":                   {osh, func(c *people.Add) { c.Source = "" }, fault.Invalid, "source"},
			"an unknown source":           {osh, func(c *people.Add) { c.Source = "rumour" }, fault.Invalid, "source"},
			"no day":                      {osh, func(c *people.Add) { c.Day = "" }, fault.Invalid, "day"},
			"tomorrow":                    {osh, func(c *people.Add) { c.Day = "2026-11-21" }, fault.Invalid, "day"},
			"a day of years ago":          {osh, func(c *people.Add) { c.Day = "2024-11-01" }, fault.Invalid, "day"},
			"a day that is none":          {osh, func(c *people.Add) { c.Day = "2026-02-30" }, fault.Invalid, "day"},
			"a consent that nobody asks":  {osh, func(c *people.Add) { c.Given = []string{"soul"} }, fault.Invalid, "purpose"},
			"a consent twice":             {osh, func(c *people.Add) { c.Given = []string{people.ForPhoto, people.ForPhoto} }, fault.Invalid, "purpose"},
			"a consent to words not read": {osh, func(c *people.Add) { c.Given, c.Shown = []string{people.ForPhoto}, nil }, fault.Invalid, "purpose"},
			"a consent of a list": {osh, func(c *people.Add) {
				c.Given, c.Source = []string{people.ForProgramme}, people.FromList
			}, fault.Invalid, "purpose"},
			"a consent in no language": {osh, func(c *people.Add) { c.Given, c.ReadIn = []string{people.ForPhoto}, "" }, fault.Invalid, "read_in"},
			"no form":                  {osh, func(c *people.Add) { c.Form = storage.ID{} }, fault.Invalid, ""},
			"too many others":          {osh, func(c *people.Add) { c.Others = make([]storage.ID, people.MaxOthers+1) }, fault.Invalid, ""},
			"a record that is none":    {osh, func(c *people.Add) { c.Is = storage.ID{15: 1} }, fault.NotFound, ""},
		} {
			cmd := s.typedIn(c.by, good)
			c.change(&cmd)
			_, err := s.adds(cmd)
			f := fault.Of(err)
			if f == nil || f.Code != c.code || c.field != "" && f.Field != c.field && !slices.ContainsFunc(f.Fields, func(e *fault.Error) bool { return e.Field == c.field }) {
				s.t.Errorf("%s: %v", name, err)
			}
		}
		if s.persons() != before || s.count(`SELECT COUNT(*) FROM person_added`) != 0 || s.count(`SELECT COUNT(*) FROM consent`) != 0 {
			s.t.Error("a refusal left something behind")
		}
		// All wrong fields are told at once.
		cmd := s.typedIn(osh, people.Details{FullName: "Айгүл", City: "", Lang: "ky"})
		cmd.NoContact, cmd.Source, cmd.Day = false, "", ""
		_, err := s.adds(cmd)
		if f := fault.Of(err); f == nil || len(f.Fields) != 4 {
			s.t.Errorf("told is %v", err)
		}
		// Who works everywhere may leave the city open, and add somebody without a contact.
		for _, city := range []string{"", "other", "naryn"} {
			if _, err := s.adds(s.typedIn(all, people.Details{FullName: "Токтосунов Бакыт " + city, City: city})); err != nil {
				s.t.Errorf("%q: %v", city, err)
			}
		}
	})
}

// fields are the details of a fault, without what was typed.
func said(err error) string {
	if f := fault.Of(err); f != nil {
		return fmt.Sprint(f.Code, f.Key, f.Args, f.Fields)
	}
	return fmt.Sprint(err)
}

func TestWhoIsAlikeIsAskedAboutInsideTheScopeAlone(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		typed := people.Details{FullName: "Асанова Айгүл", Email: "a@mail.kg", Phone: "0555123456", BirthYear: 1990, City: "osh"}
		for name, c := range map[string]struct {
			have people.Details
			same []string // nil: it is not asked about
		}{
			"the same in all":                   {typed, []string{"birth_year", "city", "email", "name", "phone"}},
			"the phone alone":                   {people.Details{FullName: "Бакытов Эрмек", Phone: "+996 555 123 456", City: "osh"}, []string{"city", "phone"}},
			"the address in capitals":           {people.Details{FullName: "Бакытов Эрмек", Email: "A@mail.kg", City: "osh"}, []string{"city", "email"}},
			"the name turned around":            {people.Details{FullName: "АЙГҮЛ асанова", City: "osh"}, []string{"city", "name"}},
			"the name with that of her father":  {people.Details{FullName: "Асанова Айгүл Маратовна", City: "osh"}, []string{"city", "name_part"}},
			"the name and another year":         {people.Details{FullName: "Асанова Айгүл", BirthYear: 1962, City: "osh"}, nil},
			"a part of it, and another year":    {people.Details{FullName: "Асанова Айгүл Маратовна", BirthYear: 1962, City: "osh"}, nil},
			"one word of it":                    {people.Details{FullName: "Асанова Бермет", City: "osh"}, nil},
			"beginnings of its words":           {people.Details{FullName: "Асанбаева Айгерим", City: "osh"}, nil},
			"nothing":                           {people.Details{FullName: "Бакытов Эрмек", BirthYear: 1990, City: "osh"}, nil},
			"all of it in another city":         {people.Details{FullName: typed.FullName, Email: typed.Email, Phone: typed.Phone, BirthYear: 1990, City: "naryn"}, nil},
			"all of it, and no city":            {people.Details{FullName: typed.FullName, Email: typed.Email, Phone: typed.Phone, BirthYear: 1990}, nil},
			"one of the staff in another place": {people.Details{FullName: typed.FullName, Email: typed.Email, City: "talas"}, nil},
		} {
			have := s.register(c.have)
			got, err := s.adds(s.typedIn(osh, typed))
			switch f := fault.Of(err); {
			case c.same == nil:
				if err != nil || got.Person.ID.IsZero() || len(got.Alike) != 0 {
					s.t.Errorf("%s: %v, %+v", name, err, got.Alike)
				}
			case f == nil || f.Key != people.ChooseAlike || len(got.Alike) != 1 || got.Alike[0].Person.ID != have.ID:
				s.t.Errorf("%s: %v, %+v", name, err, got.Alike)
			default:
				slices.Sort(got.Alike[0].Same)
				if !slices.Equal(got.Alike[0].Same, c.same) {
					s.t.Errorf("%s: the same are %v", name, got.Alike[0].Same)
				}
			}
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				for _, id := range []storage.ID{have.ID, got.Person.ID} {
					if id.IsZero() {
						continue
					}
					if err := s.svc.Erase(ctx, tx, osh.Person, id); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
}

// Whoever is there outside of the scope, the same is answered and the same is stored: by
// people, names and typed forms that nobody has picked.
func TestWhoIsOutsideTheScopeChangesNoAnswer(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		random := rand.New(rand.NewPCG(11, 3))
		pick := func(list ...string) string { return list[random.IntN(len(list))] }
		somebody := func(city string) people.Details {
			d := people.Details{FullName: pick("Асанова", "Бакытова") + " " + pick("Айгүл", "Бермет") + pick("", " Маратовна"), City: city}
			d.Phone, d.Email = pick("", "0555000001", "0555000002"), pick("", "a@mail.kg", "b@mail.kg")
			if random.IntN(2) == 0 {
				d.BirthYear = 1990 + random.IntN(2)
			}
			return d
		}
		asked, went := 0, 0
		for range 40 {
			var inside, outside []storage.ID
			for range random.IntN(3) {
				inside = append(inside, s.register(somebody("osh")).ID)
			}
			cmd := s.typedIn(osh, somebody("osh"))
			cmd.NoContact = cmd.Details.Phone == "" && cmd.Details.Email == ""
			ask := func() string {
				got, err := s.adds(cmd)
				var alike []string
				for _, a := range got.Alike {
					alike = append(alike, fmt.Sprint(a.Person.ID, a.Same, a.Missing, a.Mends))
				}
				apart := s.count(`SELECT COUNT(*) FROM person_distinct`)
				if !got.Person.ID.IsZero() {
					went++
					s.must(func(ctx context.Context, tx *storage.Tx) error {
						return s.svc.Erase(ctx, tx, osh.Person, got.Person.ID)
					})
				} else {
					asked++
				}
				cmd.Form = storage.RandomID(s.clock.Now())
				return fmt.Sprint(said(err), alike, got.More, got.Before, apart, s.letters())
			}
			alone := ask()
			for range 1 + random.IntN(4) {
				d := somebody(pick("naryn", "talas", "other", ""))
				if random.IntN(2) == 0 {
					d.FullName, d.Phone, d.Email = cmd.Details.FullName, cmd.Details.Phone, cmd.Details.Email
				}
				p := s.register(d)
				outside = append(outside, p.ID)
				cmd.Others = append(cmd.Others, p.ID) // also when it is named
			}
			if crowded := ask(); crowded != alone {
				s.t.Fatalf("alone %s, with others elsewhere %s", alone, crowded)
			}
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				for _, id := range slices.Concat(inside, outside) {
					if err := s.svc.Erase(ctx, tx, osh.Person, id); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if asked < 10 || went < 10 {
			s.t.Errorf("asked %d times, went through %d times: the test proves little", asked, went)
		}
	})
}

func TestAnotherPersonIsAddedAllTheSameAndWhoCameMeanwhileIsAskedAbout(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		mother := s.register(people.Details{FullName: "Асанова Бермет", Phone: "0555123456", City: "osh"})
		cmd := s.typedIn(osh, people.Details{FullName: "Асанова Айгүл", Phone: "0555123456", City: "osh"})
		if _, err := s.adds(cmd); fault.Of(err) == nil {
			s.t.Fatal("nobody is asked about her mother")
		}
		twin := s.register(people.Details{FullName: "Айгүл Асанова", City: "osh"}) // comes between the question and the answer
		cmd.Others = []storage.ID{mother.ID}
		got, err := s.adds(cmd)
		if f := fault.Of(err); f == nil || f.Key != people.ChooseAlike || len(got.Alike) != 1 || got.Alike[0].Person.ID != twin.ID {
			s.t.Fatalf("who came meanwhile: %v, %+v", err, got.Alike)
		}
		cmd.Others = append(cmd.Others, twin.ID)
		p := s.added(cmd)
		if apart := s.count(`SELECT COUNT(*) FROM person_distinct WHERE first_id = $1 OR second_id = $1`, p.ID); apart != 2 {
			s.t.Errorf("%d of two pairs are noted as two people", apart)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			pairs, err := s.svc.DuplicatesOf(ctx, tx, p.ID)
			if len(pairs) != 0 {
				s.t.Errorf("still proposed as one: %d", len(pairs))
			}
			return err
		})
	})
}

func TestManyWhoAreAlikeComeInParts(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		for range people.MostAlike + 3 {
			s.register(people.Details{FullName: "Асанов Азамат", City: "osh"})
		}
		cmd := s.typedIn(osh, people.Details{FullName: "Асанов Азамат", City: "osh"})
		seen := []int{}
		for {
			got, err := s.adds(cmd)
			if err == nil {
				break
			}
			seen = append(seen, len(got.Alike), got.More)
			for _, a := range got.Alike {
				cmd.Others = append(cmd.Others, a.Person.ID)
			}
		}
		if !slices.Equal(seen, []int{people.MostAlike, 3, 3, 0}) {
			s.t.Errorf("shown and left: %v", seen)
		}
	})
}

func TestHerRecordGetsWhatItLacksAndNothingElse(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		have := s.register(people.Details{FullName: "Асанова Айгүл Маратовна", Email: "a@mail.kg", City: "osh", Village: "Кара-Суу", Lang: i18n.Kyrgyz})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Consent(ctx, tx, people.SayConsent{Person: have.ID, Purpose: people.ForPhoto, Lang: i18n.Kyrgyz, Given: false})
		})
		cmd := s.typedIn(osh, people.Details{FullName: "Асанова Айгүл", Email: "b@mail.kg", Phone: "0555123456", BirthYear: 1990, City: "osh", Village: "Нариман", Organisation: "Айыл үнү", Lang: i18n.Russian})
		cmd.Given = []string{people.ForProgramme, people.ForPhoto}
		got, err := s.adds(cmd)
		if fault.Of(err) == nil || len(got.Alike) != 1 || !got.Alike[0].Mends {
			s.t.Fatalf("%v, %+v", err, got.Alike)
		}
		if m := got.Alike[0].Missing; fmt.Sprint(m) != "[phone birth_year organisation]" {
			s.t.Errorf("said to be missing: %v", m)
		}
		before := s.persons()
		cmd.Is = have.ID
		for n := range 2 { // pressed twice
			out, err := s.adds(cmd)
			if err != nil || !out.Completed || out.Person.ID != have.ID || out.Before != (n == 1) {
				s.t.Fatalf("%+v, %v", out, err)
			}
		}
		if s.persons() != before {
			s.t.Error("somebody was added")
		}
		var p people.Person
		s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
			p, err = s.svc.ByID(ctx, tx, have.ID)
			return err
		})
		want := have.Details
		want.Phone, want.BirthYear, want.Organisation = "+996555123456", 1990, "Айыл үнү"
		if fmt.Sprint(p.Details) != fmt.Sprint(want) {
			s.t.Errorf("it is\n%+v, should be\n%+v", p.Details, want)
		}
		if now := s.consents(p.ID); len(now) != 2 || !now[people.ForProgramme].Given || now[people.ForPhoto].Given {
			s.t.Errorf("her own no was spoken over: %+v", now)
		}
		if got := s.states(p.ID); got["+996555123456"] != people.Typed || len(got) != 2 || s.letters() != 0 {
			s.t.Errorf("contacts %v, %d letters", got, s.letters())
		}
		// It lacks nothing now. What she says yes to is offered to it all the same, once.
		again := s.typedIn(osh, people.Details{FullName: "Асанова Айгүл", Phone: "0555123456", City: "osh"})
		for n, given := range [][]string{{people.ForPhoto}, {people.ForPhoto, people.ForList}, {people.ForList}} {
			again.Form, again.Given = storage.RandomID(s.clock.Now()), given
			got, err := s.adds(again)
			if f := fault.Of(err); f == nil || f.Key != people.ChooseAlike || len(got.Alike) != 1 || len(got.Alike[0].Missing) != 0 {
				s.t.Fatalf("%v, %+v", err, got.Alike)
			}
			if a := got.Alike[0]; a.Mends != (n == 1) || len(a.Unasked) != n%2 || n == 1 && a.Unasked[0].Purpose != people.ForList {
				s.t.Errorf("of %v it would get %+v", given, a.Unasked)
			}
			if n == 1 {
				again.Is = have.ID
				if out, err := s.adds(again); err != nil || !out.Completed || !s.consents(have.ID)[people.ForList].Given {
					s.t.Errorf("her yes to the list: %+v, %v", out, err)
				}
				again.Is = storage.ID{}
			}
		}
		// A record that works for the programme is only for those who give roles; one of
		// another city for nobody here. Neither is changed.
		staff := s.working(access.Facilitator, "osh")
		far := s.register(people.Details{FullName: "Асанова Айгүл", City: "naryn"})
		for _, id := range []storage.ID{staff.Person, far.ID} {
			cmd := s.typedIn(osh, people.Details{FullName: "Кызматкер", Phone: "0555999999", City: "osh"})
			cmd.Is = id
			if _, err := s.adds(cmd); !fault.Is(err, fault.Forbidden) {
				s.t.Errorf("by one who may not: %v", err)
			}
			if len(s.contacts(id)) != 0 {
				s.t.Error("it got a phone all the same")
			}
		}
	})
}

// Nobody gets a role, or wakes one, by being typed in with the contact of one of the staff.
func TestARoleSleepsWhoeverIsTypedInWithItsContact(t *testing.T) {
	scenes(t, func(s *scene) {
		osh := s.working(access.Coordinator, "osh")
		admin := s.working(access.Admin, "")
		admin.Proven = s.clock.Now()
		named, err := s.names(people.NameStaff{By: admin, Name: "Нурайым Касымова", Email: "n@mail.kg", Role: access.Coordinator, City: "osh"})
		if err != nil {
			s.t.Fatal(err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { // so that she is of the city
			return s.svc.Update(ctx, tx, named.Person.ID, people.Details{FullName: "Нурайым Касымова", City: "osh", Lang: i18n.Kyrgyz})
		})
		letters := s.letters()
		cmd := s.typedIn(osh, people.Details{FullName: "Нурайым Касымова", Email: "n@mail.kg", BirthYear: 1990, City: "osh"})
		got, err := s.adds(cmd)
		if fault.Of(err) == nil || len(got.Alike) != 1 || got.Alike[0].Mends {
			s.t.Fatalf("who works here is offered to be changed: %+v, %v", got.Alike, err)
		}
		cmd.Others = []storage.ID{named.Person.ID}
		p := s.added(cmd)
		if s.count(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1`, p.ID) != 0 || s.count(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at = 0`, named.Person.ID) != 1 {
			s.t.Error("a role moved or woke")
		}
		if s.letters() != letters {
			s.t.Error("a letter left")
		}
	})
}

func TestAFormAddsOnePersonHoweverOftenItIsSent(t *testing.T) {
	scenes(t, func(s *scene) {
		osh, other := s.working(access.Coordinator, "osh"), s.working(access.Coordinator, "osh")
		cmd := s.typedIn(osh, people.Details{FullName: "Асанова Айгүл", Phone: "0555123456", City: "osh"})
		cmd.Given = []string{people.ForProgramme}
		p := s.added(cmd)
		again, err := s.adds(cmd)
		if err != nil || !again.Before || again.Person.ID != p.ID {
			s.t.Errorf("sent again: %+v, %v", again, err)
		}
		if n := s.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1`, p.ID); n != 1 {
			s.t.Errorf("%d consents of one yes", n)
		}
		// Another person typed into the page that the browser kept is not taken for the first.
		next := cmd
		next.Details.FullName, next.Details.Phone = "Бакытов Эрмек", "0555654321"
		if _, err := s.adds(next); fault.Of(err) == nil || fault.Of(err).Key != people.FormUsed {
			s.t.Errorf("somebody else by the same form: %v", err)
		}
		// The form of one of the staff tells another nothing of whom it added.
		next = s.typedIn(other, people.Details{FullName: "Бакытов Эрмек", Phone: "0555654321", City: "osh"})
		next.Form = cmd.Form
		if got, err := s.adds(next); err != nil || got.Before {
			s.t.Errorf("the form of another: %+v, %v", got, err)
		}
		// Who was erased does not come back by an old page, and is not named.
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.Erase(ctx, tx, osh.Person, p.ID) })
		before := s.persons()
		if _, err := s.adds(cmd); !fault.Is(err, fault.Gone) {
			s.t.Errorf("erased since: %v", err)
		}
		if s.persons() != before || s.count(`SELECT COUNT(*) FROM consent WHERE noted_by = $1`, osh.Person) != 0 || s.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1`, p.ID) != 0 {
			s.t.Error("something is left of her, or came again")
		}
		// Forms are forgotten in time; when staff are erased, what they noted stays without them.
		cmd = s.typedIn(osh, people.Details{FullName: "Токтосунова Нургүл", City: "osh"})
		cmd.Given = []string{people.ForProgramme}
		third := s.added(cmd)
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.Erase(ctx, tx, osh.Person, osh.Person) })
		if c := s.consents(third.ID)[people.ForProgramme]; !c.Given || !c.NotedBy.IsZero() || c.How != people.SaidByPhone {
			s.t.Errorf("her consent after who noted it was erased: %+v", c)
		}
		if n := s.count(`SELECT COUNT(*) FROM person_added`); n != 1 {
			s.t.Errorf("%d forms are remembered, one is of somebody who is there", n)
		}
		s.clock.Pass(32 * 24 * time.Hour)
		s.work()
	})
}

// A form that is sent many times in one moment, and two who type in one person in one moment.
func TestTwoWhoAddInOneMomentMakeOneRecord(t *testing.T) {
	scenes(t, func(s *scene) {
		osh, other := s.working(access.Coordinator, "osh"), s.working(access.Coordinator, "osh")
		before := s.persons()
		for _, callers := range []int{2, 16, 64} {
			cmd := s.typedIn(osh, people.Details{FullName: fmt.Sprintf("Асанова Айгүл %d", callers), City: "osh"})
			ended := make(chan error, callers)
			for range callers {
				go func() {
					ended <- s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						_, err := s.svc.Add(ctx, tx, cmd)
						return err
					})
				}()
			}
			for range callers {
				if err := <-ended; err != nil {
					s.t.Error(err)
				}
			}
			before++
			if n := s.persons(); n != before {
				s.t.Fatalf("%d callers made %d records", callers, n-before+1)
			}
		}
		add := func(by access.Actor) func(ctx context.Context, tx *storage.Tx) error {
			cmd := s.typedIn(by, people.Details{FullName: "Бакытов Эрмек", Phone: "0555654321", City: "osh"})
			return func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.Add(ctx, tx, cmd)
				return err
			}
		}
		err := s.atOnce(add(osh), add(other))
		if f := fault.Of(err); f == nil || f.Key != people.ChooseAlike {
			s.t.Errorf("the second of two is not asked about the first: %v", err)
		}
		if n := s.persons(); n != before+1 {
			s.t.Errorf("two forms made %d records", n-before)
		}
	})
}

// A no of her own stands against a yes that she had said before it and that staff write down
// later, also when her two records become one; a yes that she said after it counts.
func TestAnOlderYesOnPaperDoesNotUndoHerNo(t *testing.T) {
	for _, said := range []struct {
		day   string
		given bool
	}{{"2026-10-01", false}, {"2026-11-17", true}} {
		t.Run(said.day, func(t *testing.T) {
			scenes(t, func(s *scene) {
				start := s.clock.Now()
				own := s.added(s.typedIn(s.working(access.Coordinator, "osh"), people.Details{FullName: "Асанова Айгүл", City: "osh"}))
				s.clock.Set(start.AddDate(0, 0, -5)) // her own no, before the paper is typed in
				if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.SetConsent(ctx, tx, own.ID, people.ForNewsletter, false)
				}); err != nil {
					s.t.Fatal(err)
				}
				s.clock.Set(start)
				cmd := s.typedIn(s.working(access.Coordinator, "naryn"), people.Details{FullName: "Асанова Айгүл", City: "naryn"})
				cmd.Given, cmd.Day = []string{people.ForNewsletter}, said.day
				paper := s.added(cmd)
				if !s.consents(paper.ID)[people.ForNewsletter].Given {
					s.t.Error("her yes is not noted")
				}
				if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.Merge(ctx, tx, people.MergeRecords{From: paper.ID, Into: own.ID})
				}); err != nil {
					s.t.Fatal(err)
				}
				if got := s.consents(own.ID)[people.ForNewsletter].Given; got != said.given {
					s.t.Errorf("said on %s, her no of %s: the yes stands is %v", said.day, start.AddDate(0, 0, -5).Format(time.DateOnly), got)
				}
			})
		})
	}
}

// TestNobodyAgreedToWordsThatWereNotThereYet begins a house with other words of a consent, of
// which there are today's from some day on.
func TestNobodyAgreedToWordsThatWereNotThereYet(t *testing.T) {
	scenes(t, func(s *scene) {
		by := s.working(access.Coordinator, "osh")
		for i, house := range []struct {
			before bool // words of before are known, and the house has kept words at a start
			day    string
			taken  bool
		}{{false, "2026-11-01", true}, {true, "2026-11-01", false}, {true, "2026-11-18", false}, {true, "2026-11-19", true}} {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				tx.Now = time.Date(2026, 11, 19, 3, 0, 0, 0, time.UTC)
				for _, q := range []string{`DELETE FROM consent`, `DELETE FROM consent_wording`, `DELETE FROM setting WHERE name = 'wordings.kept'`} {
					if _, err := tx.Exec(ctx, q); err != nil {
						return err
					}
				}
				if house.before {
					if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('wordings.kept', '')`); err != nil {
						return err
					}
					if _, err := tx.Exec(ctx, `INSERT INTO consent_wording (purpose, version, ky, ru, en) VALUES ('photo', 'old', 'а', 'б', 'c')`); err != nil {
						return err
					}
				}
				people.ForgetWordings(s.svc)
				return s.svc.KeepWordings(ctx, tx)
			})
			cmd := s.typedIn(by, people.Details{FullName: fmt.Sprintf("Асанова Айгүл %c", 'А'+i), City: "osh"})
			cmd.Given, cmd.Day = []string{people.ForPhoto}, house.day
			_, err := s.adds(cmd)
			if f := fault.Of(err); house.taken != (err == nil) || err != nil && (f == nil || len(f.At("purpose")) != 1 || f.At("purpose")[0].Key != "people.fault.consent_before") {
				s.t.Errorf("%+v: %v", house, err)
			}
		}
	})
}

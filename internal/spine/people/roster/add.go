package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

const addPath = "/people/add"

// addForm is the form by which staff take down one person.
type addForm struct {
	detailsForm

	ID        storage.ID // however often it is sent, it adds one person
	NoContact bool
	Source    string
	Day       string
	Today     string
	Asked     []people.Asked
	Given     []string
	ReadIn    i18n.Language // in which the words of the consents were read
	Items     []kit.Item    // the cities of the actor
	Nowhere   bool          // she works on an activity alone, and may add nobody

	Seen  []storage.ID // records that were read and are of others
	Alike []people.Alike
	More  int
	sent  []kit.Item
}

// addFields are the names of the form beside those of the profile.
var addFields = []string{"neutral", "no_contact", "source", "day", "purpose", "read_in", "shown", "form", "seen"}

// blankForm is the form before anything is typed.
func (s *Pages) blankForm(r *web.Request) addForm {
	now := s.store.Now()
	f := addForm{ID: storage.RandomID(now), Asked: s.people.Asked(nil), Today: now.In(i18n.Bishkek()).Format(time.DateOnly)}
	f.Action, f.Cities = addPath, s.cityItems(r.Lang)
	f.Day, f.Others, f.ReadIn = f.Today, true, r.Lang
	var own []kit.Item
	for _, c := range cities(r, f.Cities, "") {
		if people.Reach(r.Actor, "people.edit", people.Person{Details: people.Details{City: c.Value}}) == nil {
			own = append(own, c)
		}
	}
	f.Nowhere = people.MayAdd(r.Actor) != nil
	if len(own) == 1 { // of who works in one city
		f.Person.City = own[0].Value
	} else if !slices.ContainsFunc(own, func(c kit.Item) bool { return c.Value == "" }) {
		own = append([]kit.Item{{Label: r.Say.T("people.add.choose_city")}}, own...)
	}
	f.Items = own
	return f
}

func (s *Pages) addPage(r *web.Request) error {
	f := s.blankForm(r)
	if sought, ok := r.Reveal(r.URL.Query().Get("find")); ok && isName(sought) {
		f.Person.FullName = strings.TrimSpace(sought)
	}
	return r.Page(http.StatusOK, addPersonPage(r, f))
}

// isName reports whether what was searched for may be a name, and is no address or number.
func isName(text string) bool {
	q := people.ListQuery{Text: text}
	return q.Searches() && !q.SearchesContact()
}

// addLink leads to the form with what was searched for, where that is a name. No address
// holds it openly.
func addLink(r *web.Request, sought string) kit.Link {
	if people.MayAdd(r.Actor) != nil {
		return kit.Link{}
	}
	l := kit.Link{Path: addPath, Label: r.Say.T("people.add.title")}
	if isName(sought) {
		l.Path, l.Label = addPath+"?find="+r.Conceal(sought), r.Say.T("people.add.sought")
	}
	return l
}

// readAdd takes what the form says.
func (s *Pages) readAdd(r *web.Request) (f addForm, cmd people.Add, err error) {
	f = s.blankForm(r)
	if f.Person.Details, f.Birth, err = readDetails(r, people.Details{}); err != nil {
		return f, cmd, err
	}
	v := r.PostForm.Get
	f.Person.Email, f.Person.Phone = strings.TrimSpace(v(string(profile.Email))), strings.TrimSpace(v(string(profile.Phone)))
	f.NoContact, f.Source, f.Day, f.ReadIn = v("no_contact") != "", v("source"), strings.TrimSpace(v("day")), i18n.Language(v("read_in"))
	read := shownWords(r)
	for _, a := range f.Asked { // a tick at words that are others by now is made anew
		if slices.Contains(r.PostForm["purpose"], a.Purpose) && read[a.Purpose] == a.Version() {
			f.Given = append(f.Given, a.Purpose)
		}
	}
	f.ID, _ = storage.ParseID(v("form")) // one that is none is refused by the use case
	for _, text := range r.PostForm["seen"] {
		if id, err := storage.ParseID(text); err == nil {
			f.Seen = append(f.Seen, id)
		}
	}
	for _, name := range append(fieldNames(), addFields...) {
		for _, value := range r.PostForm[name] {
			f.sent = append(f.sent, kit.Item{Label: name, Value: value})
		}
	}
	cmd = people.Add{
		By: r.Actor, Form: f.ID, Details: f.Person.Details, NoContact: f.NoContact, Source: people.Source(f.Source), Day: f.Day,
		Given: r.PostForm["purpose"], Shown: read, ReadIn: f.ReadIn,
	}
	cmd.Details.Demo = r.Site != nil && r.Site.Demo
	if v("another") != "" {
		cmd.Others = f.Seen
	}
	if is := v("is"); is != "" {
		if cmd.Is, err = storage.ParseID(is); err != nil {
			return f, cmd, people.Unknown()
		}
	}
	return f, cmd, nil
}

func fieldNames() (out []string) {
	for _, f := range profile.Fields {
		out = append(out, string(f.Name))
	}
	return out
}

// shownWords are the versions of the words of consents that stood on a page, by purpose.
func shownWords(r *web.Request) map[string]string {
	out := map[string]string{}
	for _, shown := range r.PostForm["shown"] {
		purpose, version, _ := strings.Cut(shown, " ")
		out[purpose] = version
	}
	return out
}

func (s *Pages) addPerson(r *web.Request) error {
	f, cmd, err := s.readAdd(r)
	if err != nil {
		return err
	}
	if r.PostFormValue("change") != "" { // back from those who are alike, with all that was typed
		return r.Page(http.StatusOK, addPersonPage(r, f))
	}
	var added people.Added
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		added, err = s.people.Add(ctx, tx, cmd)
		return err
	})
	if err == nil {
		return s.led(r, added)
	}
	wrong := fault.Of(err)
	switch {
	case wrong == nil:
		return err
	case wrong.Key == people.ChooseAlike:
		return s.askAlike(r, f, added, wrong)
	case wrong.Key == people.FormUsed, wrong.Code == fault.Gone, f.ID.IsZero():
		f.ID = storage.RandomID(s.store.Now()) // sent again, it is another person's
	}
	if wrong.Code != fault.Gone && wrong.Key != people.CityOutside {
		if wrong, err = web.Invalid(err); wrong == nil {
			return err
		}
	}
	f.Fault = wrong
	return r.Page(web.Status(wrong.Code), addPersonPage(r, f))
}

// led leads on to whom was added.
func (s *Pages) led(r *web.Request, a people.Added) error {
	path := "/people/" + a.Person.ID.String()
	switch {
	case a.Completed:
		r.SetFlash("good", "people.add.completed")
		return r.Redirect(path)
	case a.Before:
		r.SetFlash("wait", "people.add.before")
	default:
		r.SetFlash("good", "people.add.done")
	}
	return r.Redirect(path + "/added")
}

// askAlike shows who may be she. What was typed goes along, and is judged anew.
func (s *Pages) askAlike(r *web.Request, f addForm, a people.Added, wrong *fault.Error) error {
	f.Fault, f.Alike, f.More = wrong, a.Alike, a.More
	var seen []people.Person
	for _, one := range a.Alike {
		seen = append(seen, one.Person)
		f.sent = append(f.sent, kit.Item{Label: "seen", Value: one.Person.ID.String()})
	}
	if err := s.noteLooks(r, "people.audit.in_duplicates", "adding", seen...); err != nil {
		return err
	}
	return r.Page(web.Status(wrong.Code), alikePage(r, f, func(key string) string { return s.cityName(r, key) }))
}

// missingWords say what a record would get.
func missingWords(r *web.Request, a people.Alike) string {
	var out []string
	for _, name := range a.Missing {
		out = append(out, label(r, name))
	}
	return strings.Join(out, ", ")
}

// typedFacts is what was typed, by which two people are told apart.
func (f addForm) typedFacts(r *web.Request) (out [][2]string) {
	for _, name := range []profile.Name{profile.FullName, profile.Phone, profile.Email, profile.BirthYear, profile.AgeBand, profile.City, profile.Organisation} {
		words := shown(r, f.Person.Details, name)
		if name == profile.BirthYear {
			words = f.Birth
		}
		if words != "" {
			out = append(out, [2]string{label(r, name), words})
		}
	}
	return out
}

// moreIsTyped reports whether something of the folded part is filled in, or wrong.
func (f addForm) moreIsTyped() bool {
	for _, field := range profile.Fields {
		switch field.Name {
		case profile.AddressAs, profile.Village, profile.Group, profile.Level, profile.Organisation, profile.Languages, profile.AccessNeeds:
			if len(f.Person.Get(field.Name)) > 0 || f.Fault != nil && len(f.Fault.At(string(field.Name))) > 0 {
				return true
			}
		}
	}
	return false
}

func sourceItems(r *web.Request) (out []kit.Item) {
	for _, source := range people.Sources {
		out = append(out, kit.Item{Value: string(source), Label: r.Say.T("people.source." + string(source))})
	}
	return out
}

// addedPage is who was added, with what can be done next.
func (s *Pages) addedPage(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	var p people.Person
	var contacts []people.Contact
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = s.people.ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := people.Reach(r.Actor, "people.edit", p); err != nil {
			return err
		}
		if contacts, err = s.people.ContactsOf(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: p.ID, Action: "people.audit.viewed"})
	})
	if err != nil {
		return err
	}
	var picks []module.Pick
	if s.picks != nil {
		picks = s.picks(r.Actor)
	}
	return r.Page(http.StatusOK, addedView(r, p, s.cityName(r, p.City), contacts, picks))
}

package roster

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// personPage is one person as staff see her.
type personPage struct {
	Person   people.Person
	City     string
	Consents map[string]people.Consent
	Asked    []people.Asked
	Grants   []grantLine
	Scopes   []kit.Item // where a role may hold, besides everywhere
	Roles    bool       // the asker may give and take roles
	Edit     bool       // the asker may correct the record
	Contacts []people.Contact
	Merge    bool        // the asker may merge it
	Merges   []mergeNote // those that wait, or were not done
	Made     invitation
	Link     string // of what was made, shown once; empty for nothing
	Fault    *fault.Error

	Shown         people.Contact // the one that is shown whole in this answer
	Reason, Words string         // as typed, when they come back
	ShowFault     *fault.Error   // Fault, when it is of the form that shows

	Warnings []module.Attention
	Briefs   []module.Brief
	Story    module.Story
	Of       string      // the kind of story that is shown, empty for all
	Looks    []kit.Event // the last that there were
	Picks    []module.Pick
}

// mostAsked is how many consents stand beside the story: those of the house and of modules
// first, then those of forms. What was answered to the others stands in the story.
const mostAsked = 40

// unasked are those that she was never asked for.
func (p personPage) unasked() (out []people.Asked) {
	for _, a := range p.Asked {
		if _, is := p.Consents[a.Purpose]; !is {
			out = append(out, a)
		}
	}
	return out
}

// onStory is how many events of a person a page shows.
const onStory = 50

// storyPath is the page of a person with one kind of what happened to her.
func (p personPage) storyPath(kind, before string) string {
	q := url.Values{}
	if kind != "" {
		q.Set("of", kind)
	}
	if before != "" {
		q.Set("before", before)
	}
	path := "/people/" + p.Person.ID.String()
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path + "#story"
}

// timeline is what happened to her, as the kit draws it.
func (p personPage) timeline(r *web.Request) kit.Timeline {
	line := kit.Timeline{Title: r.Say.T("people.past.title"), Events: p.Story.Events, Months: true}
	if p.Story.Earlier != "" {
		line.Earlier = p.storyPath(p.Of, p.Story.Earlier)
	}
	return line
}

// about is who she is, in one line.
func (p personPage) about(r *web.Request) string {
	var words []string
	add := func(s string) {
		if s != "" {
			words = append(words, s)
		}
	}
	add(shown(r, p.Person.Details, profile.Sex))
	if p.Person.BirthYear > 0 {
		add(p.Person.First(profile.BirthYear))
	} else {
		add(shown(r, p.Person.Details, profile.AgeBand))
	}
	add(p.City)
	add(shown(r, p.Person.Details, profile.Group))
	add(p.Person.Organisation)
	return strings.Join(words, " · ")
}

// invitation is one that was just made.
type invitation struct {
	Path string // without host and language
	Sent bool   // one of its own went to a contact
}

type grantLine struct {
	access.Grant
	Where string // in words; empty for everywhere
	Gone  bool   // it is over
}

// formOpened is what she reads of the form that corrects her record: it holds her contacts.
const formOpened = "people.audit.form_opened"

func (s *Pages) personPage(r *web.Request) error {
	return s.showPerson(r, http.StatusOK, nil)
}

// showPerson notes the look before it shows anything.
func (s *Pages) showPerson(r *web.Request, status int, wrong *fault.Error) error {
	return s.showPersonWith(r, status, personPage{Fault: wrong})
}

// showPersonWith is showPerson of a page that holds something already.
func (s *Pages) showPersonWith(r *web.Request, status int, with personPage) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	var page personPage
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page = with
		if err := s.noteLook(ctx, tx, r, id); err != nil {
			return err
		}
		return s.fillPerson(ctx, tx, r, id, &page)
	})
	if err != nil {
		return err
	}
	return s.drawPerson(r, status, page)
}

// noteLook notes that the asker sees a person whom she may see: each time the page is opened,
// and once a day that she reads on in it.
func (s *Pages) noteLook(ctx context.Context, tx *storage.Tx, r *web.Request, id storage.ID) error {
	p, err := s.people.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := people.Reach(r.Actor, "people.view", p); err != nil {
		return err
	}
	const viewed = "people.audit.viewed"
	if q := r.URL.Query(); q.Has("of") || q.Has("before") {
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: []storage.ID{p.ID}, Action: viewed})
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: p.ID, Action: viewed})
}

// drawPerson answers with a page that no browser keeps.
func (s *Pages) drawPerson(r *web.Request, status int, page personPage) error {
	page.City = s.cityName(r, page.Person.City)
	page.Roles = people.Everywhere(r.Actor, "people.roles")
	if page.Made.Path != "" {
		page.Link = s.url + r.Path(page.Made.Path)
	}
	r.W.Header().Set("Cache-Control", "no-store")
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(status, staffPerson(r, page))
}

// fillPerson reads a person as far as the asker may see her. The look is noted before.
func (s *Pages) fillPerson(ctx context.Context, tx *storage.Tx, r *web.Request, id storage.ID, page *personPage) (err error) {
	if page.Person, err = s.people.ByID(ctx, tx, id); err != nil {
		return err
	}
	if err := people.Reach(r.Actor, "people.view", page.Person); err != nil {
		return err
	}
	if page.Consents, err = s.people.Consents(ctx, tx, page.Person.ID); err != nil {
		return err
	}
	page.Asked = s.people.Asked(page.Consents)
	page.Asked = page.Asked[:min(len(page.Asked), mostAsked)]
	grants, err := s.people.Grants(ctx, tx, page.Person.ID)
	if err != nil {
		return err
	}
	if page.Scopes, err = s.scopes(ctx, tx, r); err != nil {
		return err
	}
	page.Grants = nil
	for _, g := range grants {
		page.Grants = append(page.Grants, grantLine{g, where(r, page.Scopes, g.Scope), g.Over(tx.Now)})
	}
	if page.Contacts, err = s.people.ContactsOf(ctx, tx, page.Person); err != nil {
		return err
	}
	if page.Merges, err = s.mergeNotes(ctx, tx, r.Actor, page.Person); err != nil {
		return err
	}
	page.Merge = people.Reach(r.Actor, "people.merge", page.Person) == nil
	page.Edit = s.people.MayCorrect(ctx, tx, r.Actor, page.Person) == nil
	if s.picks != nil {
		page.Picks = s.picks(r.Actor)
	}
	return s.fillStory(ctx, tx, r, page)
}

// fillStory reads what happened to a person, and what is wrong with her now.
func (s *Pages) fillStory(ctx context.Context, tx *storage.Tx, r *web.Request, page *personPage) (err error) {
	id, q := page.Person.ID, r.URL.Query()
	if page.Warnings, err = s.warnings(ctx, tx, r, page.Person, page.Contacts); err != nil {
		return err
	}
	if page.Briefs, err = s.people.BriefsOf(ctx, tx, r, id); err != nil {
		return err
	}
	if page.Looks, err = s.lastLooks(ctx, tx, r, id); err != nil || s.house == nil {
		return err
	}
	page.Story, err = s.house.Story(ctx, tx, r, id, q.Get("of"), q.Get("before"), onStory)
	page.Of = ""
	for _, k := range page.Story.Kinds {
		if k.Kind == q.Get("of") {
			page.Of = k.Kind
		}
	}
	return err
}

func (s *Pages) editPerson(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	var form detailsForm
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.people.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.people.MayCorrect(ctx, tx, r.Actor, p); err != nil {
			return err
		}
		if form, err = s.form(ctx, tx, r, p, "/people/"+p.ID.String()+"/edit", "/people/"+p.ID.String()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: p.ID, Action: formOpened})
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, editPage(r, form))
}

func (s *Pages) savePerson(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	return s.saveDetails(r, id, "/people/"+id.String()+"/edit", "/people/"+id.String())
}

package people

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
)

// The permissions of this room. A grant for a city counts for the people of
// that city; one for an activity counts for nobody here.
var permissions = map[access.Permission][]access.Role{
	"people.view":   {access.Coordinator, access.Admin},
	"people.edit":   {access.Coordinator, access.Admin},
	"people.import": {access.Coordinator, access.Admin},
	"people.merge":  {access.Coordinator, access.Admin},
	"people.roles":  {access.Admin},
}

// sees is nil when the asker holds the permission for the person, else Forbidden.
func (s *Service) sees(r *web.Request, need access.Permission, p Person) error {
	if covers(r.Actor, need, p.City) {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

// covers reports whether one of the grants reaches a person of the city. The
// programme of a grant is not asked: a person belongs to none.
func covers(a access.Actor, need access.Permission, city string) bool {
	for _, g := range a.Grants {
		if slices.Contains(permissions[need], g.Role) && g.Scope.Activity.IsZero() && (g.Scope.City == "" || g.Scope.City == city) {
			return true
		}
	}
	return false
}

// Sees reports whether somebody of the staff may read the records of a person
// in this room.
func Sees(a access.Actor, p Person) bool { return covers(a, "people.view", p.City) }

// everywhere reports whether a grant with the permission has no city.
func everywhere(a access.Actor, need access.Permission) bool { return covers(a, need, "\x00") }

const onPage = 50

// listPage is the list of people with its filters.
type listPage struct {
	Query  Query
	People []Person
	Count  int
	Page   int
	Of     int
	Cities []cityItem
}

// path gives the address of the list with one filter changed, from the first page.
func (p listPage) path(field, value string) string {
	v := p.values()
	v.Del("page")
	v.Set(field, value)
	if value == "" {
		v.Del(field)
	}
	if len(v) == 0 {
		return "/people"
	}
	return "/people?" + v.Encode()
}

func (p listPage) page(n int) string { return p.path("page", strconv.Itoa(n)) }

func (p listPage) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": p.Query.Text, "city": p.Query.City, "group": p.Query.Group, "sex": p.Query.Sex} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// filtered reports whether anything narrows the list.
func (p listPage) filtered() bool { return len(p.values()) > 0 }

func (p listPage) cityName(key string) string {
	for _, c := range p.Cities {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

func (s *Service) listPage(r *web.Request) error {
	q := r.URL.Query()
	p := listPage{Query: Query{Text: q.Get("q"), City: q.Get("city"), Group: q.Get("group"), Sex: q.Get("sex")}, Cities: s.cityItems(r.Lang)}
	for _, v := range profile.Of(profile.City).Values() {
		p.Cities = append(p.Cities, cityItem{v, profile.Of(profile.City).Word(r.Say, v)})
	}
	p.Query.Sees = func(who Person) bool { return s.sees(r, "people.view", who) == nil }
	var all []Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = s.Search(ctx, tx, p.Query)
		return err
	})
	if err != nil {
		return err
	}
	p.Count, p.Of = len(all), max(1, (len(all)+onPage-1)/onPage)
	p.Page, _ = strconv.Atoi(q.Get("page")) // no number is the first page
	p.Page = min(max(p.Page, 1), p.Of)
	p.People = all[(p.Page-1)*onPage : min(p.Page*onPage, len(all))]
	if err := s.noteLooks(r, "people.audit.in_list", strconv.Itoa(len(all)), p.People...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, peopleList(r, p))
}

// noteLooks notes, before a page is shown, that a list was read, and for each
// person on it that she was seen.
func (s *Service) noteLooks(r *web.Request, action, detail string, persons ...Person) error {
	seen := audit.Looks{Reader: r.Actor.Person, Action: action}
	for _, p := range persons {
		seen.Persons = append(seen.Persons, p.ID)
	}
	return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := audit.Looked(ctx, tx, seen); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Action: "people.audit.listed", Detail: detail})
	})
}

// personPage is one person as staff see her.
type personPage struct {
	Person   Person
	City     string
	Consents map[string]Consent
	Looks    []look
	Grants   []grantLine
	Scopes   []kit.Item // where a role may hold, besides everywhere
	Roles    bool       // the asker may give and take roles
	Edit     bool       // the asker may correct the record
	Contacts []Contact
	Link     string // of an invitation that was just made, shown once
	Fault    *fault.Error
}

type grantLine struct {
	access.Grant
	Asleep bool   // its invitation was not used yet
	Where  string // in words; empty for everywhere
}

// scopes gives where a role may hold: "city:osh" or "activity:" and its id.
func (s *Service) scopes(ctx context.Context, tx *storage.Tx, l i18n.Language) ([]kit.Item, error) {
	var out []kit.Item
	for _, c := range s.cityItems(l) {
		out = append(out, kit.Item{Value: "city:" + c.Key, Label: c.Name})
	}
	if s.activities == nil {
		return out, nil
	}
	list, err := s.activities(ctx, tx, l)
	for _, a := range list {
		out = append(out, kit.Item{Value: "activity:" + a.Value, Label: a.Label})
	}
	return out, err
}

// scopeValue is the item of scopes that a grant's scope is.
func scopeValue(at access.Scope) string {
	switch {
	case !at.Activity.IsZero():
		return "activity:" + at.Activity.String()
	case at.City != "":
		return "city:" + at.City
	}
	return ""
}

func where(scopes []kit.Item, at access.Scope) string {
	value := scopeValue(at)
	for _, item := range scopes {
		if item.Value == value {
			return item.Label
		}
	}
	_, name, _ := strings.Cut(value, ":")
	return name
}

func (s *Service) personPage(r *web.Request) error {
	return s.showPerson(r, http.StatusOK, nil)
}

// showPerson notes the look before it shows anything.
func (s *Service) showPerson(r *web.Request, status int, wrong *fault.Error) error {
	return s.showPersonWith(r, status, wrong, "")
}

func (s *Service) showPersonWith(r *web.Request, status int, wrong *fault.Error, link string) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	page := personPage{Fault: wrong, Roles: everywhere(r.Actor, "people.roles"), Link: link}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if page.Person, err = s.ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := s.sees(r, "people.view", page.Person); err != nil {
			return err
		}
		if page.Consents, err = s.Consents(ctx, tx, page.Person.ID); err != nil {
			return err
		}
		grants, err := s.Grants(ctx, tx, page.Person.ID)
		if err != nil {
			return err
		}
		if page.Scopes, err = s.scopes(ctx, tx, r.Lang); err != nil {
			return err
		}
		awake, err := s.awake(ctx, tx, page.Person.ID)
		if err != nil {
			return err
		}
		page.Grants = nil
		for _, g := range grants {
			page.Grants = append(page.Grants, grantLine{g, !slices.Contains(awake, g), where(page.Scopes, g.Scope)})
		}
		if page.Contacts, err = s.contactsOf(ctx, tx, page.Person); err != nil {
			return err
		}
		page.Edit = s.mayCorrect(ctx, tx, r, page.Person) == nil
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: page.Person.ID, Action: "people.audit.viewed"})
	})
	if err != nil {
		return err
	}
	page.City = s.cityName(r, page.Person.City)
	return r.Page(status, staffPerson(r, page))
}

func (s *Service) editPerson(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	var p Person
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = s.ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := s.mayCorrect(ctx, tx, r, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: p.ID, Action: "people.audit.viewed"})
	})
	if err != nil {
		return err
	}
	form := s.form(r, p, "/people/"+p.ID.String()+"/edit", "/people/"+p.ID.String())
	form.Others = p.ID != r.Actor.Person
	return r.Page(http.StatusOK, editPage(r, form))
}

func (s *Service) savePerson(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	return s.saveDetails(r, id, "/people/"+id.String()+"/edit", "/people/"+id.String())
}

func (s *Service) giveRole(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	g := access.Grant{Role: access.Role(r.PostFormValue("role"))}
	link := ""
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		p, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		scopes, err := s.scopes(ctx, tx, r.Lang)
		if err != nil {
			return err
		}
		chosen := r.PostFormValue("scope")
		if chosen != "" && !slices.ContainsFunc(scopes, func(i kit.Item) bool { return i.Value == chosen }) {
			return fault.At("scope", "fault.not_a_choice")
		}
		switch kind, value, _ := strings.Cut(chosen, ":"); kind {
		case "city":
			g.Scope = access.Scope{City: value}
		case "activity":
			id, err := storage.ParseID(value)
			if err != nil {
				return fault.At("scope", "fault.not_a_choice")
			}
			g.Scope = access.Scope{Activity: id}
		}
		given, err := s.GrantBy(ctx, tx, r.Actor.Person, p.ID, g)
		if err != nil || !given {
			return err
		}
		link, err = s.Invite(ctx, tx, r.Actor.Person, p.ID, true)
		return err
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		return s.showPerson(r, web.Status(f.Code), f)
	}
	if link != "" { // shown once, so it is in the answer and in no address
		return s.showPersonWith(r, http.StatusOK, nil, s.url+r.Path(link))
	}
	r.SetFlash("good", "people.roles.given")
	return r.Redirect("/people/" + id.String() + "#roles")
}

func (s *Service) takeRole(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	grant, err := storage.ParseID(r.PathValue("grant"))
	if err != nil {
		return Unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		return s.Revoke(ctx, tx, r.Actor.Person, id, grant)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.roles.taken")
	return r.Redirect("/people/" + id.String() + "#roles")
}

// rolesPage lists everybody with a role.
type rolesPage struct{ Lines []roleLine }

type roleLine struct {
	Person Person
	Role   access.Role
	Where  string
}

func (s *Service) rolesPage(r *web.Request) error {
	var page rolesPage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if !everywhere(r.Actor, "people.roles") {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		page.Lines = nil
		scopes, err := s.scopes(ctx, tx, r.Lang)
		if err != nil {
			return err
		}
		for _, role := range access.Roles {
			ids, err := s.Holders(ctx, tx, role)
			if err != nil {
				return err
			}
			found, err := s.ByIDs(ctx, tx, ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				grants, err := s.Grants(ctx, tx, id)
				if err != nil {
					return err
				}
				for _, g := range grants {
					if g.Role == role {
						page.Lines = append(page.Lines, roleLine{found[id], role, where(scopes, g.Scope)})
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var shown []Person
	for _, line := range page.Lines {
		shown = append(shown, line.Person)
	}
	if err := s.noteLooks(r, "people.audit.in_roles", "roles", shown...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, roleList(r, page))
}

func (s *Service) duplicatesPage(r *web.Request) error {
	var pairs []Pair
	var shown []Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		all, err := s.Duplicates(ctx, tx)
		if err != nil {
			return err
		}
		pairs, shown = nil, nil
		for _, p := range all {
			if s.sees(r, "people.merge", p.A) != nil || s.sees(r, "people.merge", p.B) != nil {
				continue
			}
			if p.ContactsA, err = s.contactsOf(ctx, tx, p.A); err != nil {
				return err
			}
			if p.ContactsB, err = s.contactsOf(ctx, tx, p.B); err != nil {
				return err
			}
			pairs, shown = append(pairs, p), append(shown, p.A, p.B)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.noteLooks(r, "people.audit.in_duplicates", "duplicates", shown...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, duplicateList(r, pairs, func(key string) string { return s.cityName(r, key) }))
}

// settle answers a proposed pair: keep one record, or keep both apart.
func (s *Service) settle(r *web.Request) error {
	a, err := storage.ParseID(r.PostFormValue("a"))
	if err != nil {
		return Unknown()
	}
	b, err := storage.ParseID(r.PostFormValue("b"))
	if err != nil {
		return Unknown()
	}
	what := r.PostFormValue("keep")
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, id := range []storage.ID{a, b} {
			p, err := s.ByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.sees(r, "people.merge", p); err != nil {
				return err
			}
			// Roles must not be gained by merging into oneself.
			grants, err := s.Grants(ctx, tx, id)
			if err != nil {
				return err
			}
			if len(grants) > 0 && what != "both" && !everywhere(r.Actor, "people.roles") {
				return fault.New(fault.Forbidden, "people.fault.merge_staff")
			}
		}
		merge := MergeRecords{By: r.Actor.Person, From: b, Into: a}
		for _, text := range r.PostForm["contact"] {
			if id, err := storage.ParseID(text); err == nil {
				merge.Contacts = append(merge.Contacts, id)
			}
		}
		switch what {
		case "a":
			return s.Merge(ctx, tx, merge)
		case "b":
			merge.From, merge.Into = a, b
			return s.Merge(ctx, tx, merge)
		case "both":
			return s.KeepApart(ctx, tx, r.Actor.Person, a, b)
		}
		return fault.At("keep", "fault.not_a_choice")
	})
	if err != nil {
		return err
	}
	key := "people.duplicates.merged"
	if what == "both" {
		key = "people.duplicates.kept"
	}
	r.SetFlash("good", key)
	return r.Redirect("/people/duplicates")
}

func dateOf(l i18n.Language, p Person) string { return i18n.Date(l, p.Made) }

// inviteAgain makes a new invitation for somebody whose roles sleep.
func (s *Service) inviteAgain(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	var link string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		link, err = s.Invite(ctx, tx, r.Actor.Person, id, true)
		return err
	})
	if err != nil {
		return err
	}
	return s.showPersonWith(r, http.StatusOK, nil, s.url+r.Path(link))
}

// resetPasskeys lets somebody who lost all passkeys make a new one: an
// administrator, who has made sure who asks, removes the old ones, and the
// organisation's account with them.
func (s *Service) resetPasskeys(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return Unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		if err := s.sleep(ctx, tx, id); err != nil {
			return err
		}
		if err := s.warn(ctx, tx, Change{Person: id, What: passkeyRemoved}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: id, Action: "people.audit.passkey_removed"})
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.passkey.reset_done")
	return r.Redirect("/people/" + id.String())
}

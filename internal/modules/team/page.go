package team

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// longestSought bounds what is searched for, in letters; no name, address or number is longer.
const longestSought = 300

// mostFound bounds how many people a search shows: who sees more writes more of the name.
const mostFound = 10

// state says whether a role holds.
type state string

const (
	asleep state = "asleep" // the invitation was not used
	ahead  state = "ahead"  // it begins on a later day
	holds  state = "holds"
	over   state = "over"
)

var states = [...]state{asleep, ahead, holds, over}

func stateOf(h people.Helper, now time.Time) state {
	switch {
	case h.Over(now):
		return over
	case !h.Awake:
		return asleep
	case h.Begins.After(now):
		return ahead
	}
	return holds
}

// kind is the look of the tag of a state.
func (s state) kind() string {
	switch s {
	case holds:
		return "good"
	case asleep, ahead:
		return "wait"
	}
	return ""
}

// until is the last day of a role.
func until(l i18n.Language, h people.Helper) string { return i18n.Date(l, h.Ends.Add(-time.Hour)) }

// member is somebody on the page of staff.
type member struct {
	people.Helper
	Name  string
	State state
	Sees  bool // her record opens to who asks
	Again bool // she may be invited again
}

// teamPage is the data of the page of staff.
type teamPage struct {
	Activity programme.Activity
	Members  []member
	Sought   string // what was searched for
	Found    []people.Person
	More     bool // more were found than are shown
	Last     time.Time
	Form     url.Values
	Fault    *fault.Error
}

// Path is the address of the page, without language.
func (p teamPage) Path() string { return "/plan/team/" + p.Activity.Slug }

func (m *Module) show(r *web.Request) error {
	sought, _ := r.Reveal(r.URL.Query().Get("find"))
	return m.draw(r, http.StatusOK, sought, url.Values{}, nil)
}

// draw reads and draws the page of staff, and notes whose names it shows.
func (m *Module) draw(r *web.Request, status int, sought string, form url.Values, f *fault.Error) error {
	p := teamPage{Sought: sought, Form: form, Fault: f}
	var listed, found []storage.ID
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p.Members, listed = nil, nil
		if p.Activity, err = keptAt(ctx, tx, r); err != nil {
			return err
		}
		p.Last = lastDay(p.Activity, tx.Now).Add(-time.Hour)
		helpers, err := m.People.Helpers(ctx, tx, p.Activity.ID)
		if err != nil {
			return err
		}
		for _, h := range helpers {
			listed = append(listed, h.Person)
		}
		persons, err := m.People.ByIDs(ctx, tx, listed)
		if err != nil {
			return err
		}
		for _, h := range helpers {
			who := persons[h.Person]
			one := member{Helper: h, Name: who.FullName, State: stateOf(h, tx.Now), Sees: people.Sees(r.Actor, who)}
			if one.Again = one.State == asleep; one.State == holds {
				if one.Again, err = m.People.WithoutKey(ctx, tx, h.Person); err != nil {
					return err
				}
			}
			p.Members = append(p.Members, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if q := (people.ListQuery{Actor: r.Actor, Text: sought, Limit: mostFound}); sought != "" && q.Searches() {
		list, err := m.People.List(r.Context(), q)
		if err != nil {
			return err
		}
		p.Found, p.More = list.People, list.Count > mostFound
		for _, who := range p.Found {
			found = append(found, who.ID)
		}
	}
	if len(listed)+len(found) > 0 {
		if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: listed, Action: "team.audit.listed", Object: p.Activity.ID}); err != nil {
				return err
			}
			return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: found, Action: "team.audit.found", Object: p.Activity.ID})
		}); err != nil {
			return err
		}
	}
	return r.Page(status, page(r, m.Parts, p))
}

// takeSearch leads to the page with those whom she looks for. A name stands in no address.
func (m *Module) takeSearch(r *web.Request) error {
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := keptAt(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	path := "/plan/team/" + r.PathValue("slug")
	sought := r.PostFormValue("find")
	if letters := []rune(sought); len(letters) > longestSought {
		sought = string(letters[:longestSought])
	}
	if sought != "" {
		path += "?find=" + r.Conceal(sought)
	}
	return r.Redirect(path + "#invite")
}

// keptAt finds the activity of an address for who keeps its helpers.
func keptAt(ctx context.Context, tx *storage.Tx, r *web.Request) (programme.Activity, error) {
	a, err := programme.BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(MayKeep, a.Scope()) {
		err = fault.New(fault.Forbidden, "fault.forbidden")
	}
	return a, err
}

func (m *Module) takeGive(r *web.Request) error {
	cmd := Give{
		Actor: r.Actor, Role: access.Role(r.PostFormValue("role")), From: r.PostFormValue("from"), Until: r.PostFormValue("until"),
		Demo: r.Site != nil && r.Site.Demo,
	}
	cmd.Details = people.Details{FullName: r.PostFormValue("name"), Email: r.PostFormValue("email"), Lang: r.Lang}
	if id := r.PostFormValue("person"); id != "" && id != somebodyNew {
		var err error
		if cmd.Person, err = storage.ParseID(id); err != nil {
			return m.refused(r, fault.At("person", "fault.not_a_choice"))
		}
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := programme.BySlug(ctx, tx, r.PathValue("slug"))
		if err != nil {
			return err
		}
		cmd.Activity = a.ID
		return m.Give(ctx, tx, cmd)
	})
	if err != nil {
		return m.refused(r, err)
	}
	r.SetFlash("good", "team.given")
	return r.Redirect("/plan/team/" + r.PathValue("slug"))
}

// refused draws the page again with what was typed and what is wrong with it.
func (m *Module) refused(r *web.Request, err error) error {
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	sought, _ := r.Reveal(r.PostFormValue("sought"))
	return m.draw(r, web.Status(f.Code), sought, r.PostForm, f)
}

func (m *Module) takeOne(r *web.Request) error {
	grant, err := storage.ParseID(r.PathValue("grant"))
	if err != nil {
		return fault.New(fault.NotFound, "team.fault.gone")
	}
	var said string
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := programme.BySlug(ctx, tx, r.PathValue("slug"))
		if err != nil {
			return err
		}
		one := OfOne{Actor: r.Actor, Activity: a.ID, Grant: grant}
		if r.PostFormValue("do") == "invite" {
			said = "team.invited"
			return m.InviteAgain(ctx, tx, one)
		}
		gone, err := m.TakeBack(ctx, tx, one)
		if said = "team.taken"; gone {
			said = "team.removed"
		}
		return err
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) { // it has come to pass since the page was drawn
		f := fault.Of(err)
		if len(f.Fields) > 0 {
			f = f.Fields[0]
		}
		r.SetFlash("wait", f.Key)
		return r.Redirect("/plan/team/" + r.PathValue("slug"))
	}
	if err != nil {
		return err
	}
	r.SetFlash("good", said)
	return r.Redirect("/plan/team/" + r.PathValue("slug"))
}

func roleItems(r *web.Request) (out []kit.Item) {
	for _, role := range access.Helpers {
		out = append(out, kit.Item{Value: string(role), Label: r.Say.T("people.role." + string(role)), Help: r.Say.T("team.does." + string(role))})
	}
	return out
}

// somebodyNew is chosen below the people who were found.
const somebodyNew = "new"

// foundItems are the people who were found, with what tells two of one name apart.
func foundItems(r *web.Request, p teamPage) []kit.Item {
	var out []kit.Item
	for _, who := range p.Found {
		help := profile.Said(r.Say).CityNameOn(r.Lang, who.City, time.Time{})
		if who.Email == "" && who.TelegramChat == 0 {
			help = r.Say.T("team.no_letter")
		}
		out = append(out, kit.Item{Value: who.ID.String(), Label: who.FullName, Help: help})
	}
	return append(out, kit.Item{Value: somebodyNew, Label: r.Say.T("team.somebody_new")})
}

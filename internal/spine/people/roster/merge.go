package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
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

const undoMergePath = "/people/duplicates/undo"

// side is one of two records that may be one person's, with all that staff may read of it.
type side struct {
	Which    string // "a" or "b"
	Person   people.Person
	City     string
	Contacts []people.Contact
	Roles    []string
	Briefs   []module.Brief
}

// pairPage is two records side by side, or the decision about them that waits for a yes.
type pairPage struct {
	A, B     side
	Keep     people.Keep
	Contacts []storage.ID // of the other, that come along
	Fault    *fault.Error
}

// stays and goes are the record that stays and the other.
func (p pairPage) stays() side {
	if p.Keep == people.KeepB {
		return p.B
	}
	return p.A
}

func (p pairPage) goes() side {
	if p.Keep == people.KeepB {
		return p.A
	}
	return p.B
}

// coming are the contacts that were ticked, of the record that goes.
func (p pairPage) coming() (out []people.Contact) {
	for _, c := range p.goes().Contacts {
		if slices.Contains(p.Contacts, c.ID) {
			out = append(out, c)
		}
	}
	return out
}

// pairRow is a line of the table of two records.
type pairRow struct{ Label, A, B string }

// differ reports whether the two do not say the same.
func (p pairRow) differ() bool { return p.A != p.B }

// rows are all fields that one of the two has told, and what the rooms keep of each.
func (p pairPage) rows(r *web.Request) (out []pairRow) {
	add := func(label, a, b string) {
		if a != "" || b != "" {
			out = append(out, pairRow{label, a, b})
		}
	}
	for _, f := range profile.Fields {
		switch {
		case f.Contact:
		case f.Name == profile.City:
			add(label(r, f.Name), p.A.City, p.B.City)
		case f.Name == profile.Lang:
			add(label(r, f.Name), kit.LanguageName(p.A.Person.Lang), kit.LanguageName(p.B.Person.Lang))
		default:
			add(label(r, f.Name), shown(r, p.A.Person.Details, f.Name), shown(r, p.B.Person.Details, f.Name))
		}
	}
	nameA, nameB := p.A.Person.CertificateName, p.B.Person.CertificateName
	add(r.Say.T("people.field.certificate_ky"), nameA.Ky, nameB.Ky)
	add(r.Say.T("people.field.certificate_ru"), nameA.Ru, nameB.Ru)
	add(r.Say.T("people.field.certificate_en"), nameA.En, nameB.En)
	yes := func(neutral bool) string {
		if neutral {
			return r.Say.T("people.kept.yes")
		}
		return r.Say.T("people.kept.no")
	}
	add(r.Say.T("people.field.neutral"), yes(p.A.Person.Neutral), yes(p.B.Person.Neutral))
	add(r.Say.T("people.roles.title"), strings.Join(p.A.Roles, ", "), strings.Join(p.B.Roles, ", "))
	for i, brief := range p.A.Briefs {
		if i < len(p.B.Briefs) {
			add(brief.Label, brief.Words, p.B.Briefs[i].Words)
		}
	}
	add(r.Say.T("people.list.made"), dateOf(r.Lang, p.A.Person), dateOf(r.Lang, p.B.Person))
	return out
}

// side reads one of the two; Forbidden when it is out of reach.
func (s *Pages) side(ctx context.Context, tx *storage.Tx, r *web.Request, which string, id storage.ID) (out side, err error) {
	out.Which = which
	if out.Person, err = s.people.ByID(ctx, tx, id); err != nil {
		return out, err
	}
	if err := people.Reach(r.Actor, "people.merge", out.Person); err != nil {
		return out, err
	}
	out.City = s.cityName(r, out.Person.City)
	if out.Contacts, err = s.people.ContactsOf(ctx, tx, out.Person); err != nil {
		return out, err
	}
	grants, err := s.people.Grants(ctx, tx, out.Person.ID)
	if err != nil {
		return out, err
	}
	scopes, err := s.scopes(ctx, tx, r)
	if err != nil {
		return out, err
	}
	for _, g := range grants {
		if g.Over(tx.Now) {
			continue
		}
		words := r.Say.T("people.role." + string(g.Role))
		if place := where(r, scopes, g.Scope); place != "" {
			words += ", " + place
		}
		out.Roles = append(out.Roles, words)
	}
	out.Briefs, err = s.people.BriefsOf(ctx, tx, r, out.Person.ID)
	return out, err
}

// pair reads both records, which must be two.
func (s *Pages) pair(ctx context.Context, tx *storage.Tx, r *web.Request, a, b storage.ID) (p pairPage, err error) {
	if p.A, err = s.side(ctx, tx, r, "a", a); err != nil {
		return p, err
	}
	if p.B, err = s.side(ctx, tx, r, "b", b); err != nil {
		return p, err
	}
	if p.A.Person.ID == p.B.Person.ID {
		return p, fault.New(fault.Conflict, "people.fault.merged")
	}
	return p, nil
}

// mergePage compares a record with another; while no other is named it proposes those that
// look like it.
func (s *Pages) mergePage(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	with, err := storage.ParseID(r.URL.Query().Get("with"))
	if err != nil {
		return s.likePage(r, id)
	}
	var p pairPage
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.pair(ctx, tx, r, id, with)
		return err
	})
	if err != nil {
		return err
	}
	return s.showPair(r, http.StatusOK, p)
}

// showPair notes in both logs that the records were shown.
func (s *Pages) showPair(r *web.Request, status int, p pairPage) error {
	if err := s.noteLooks(r, "people.audit.in_duplicates", "duplicates", p.A.Person, p.B.Person); err != nil {
		return err
	}
	if p.Keep != "" && p.Fault == nil {
		return r.Page(status, mergeConfirm(r, p))
	}
	return r.Page(status, comparePair(r, p))
}

// likePage lists the records that look like one, to compare them.
func (s *Pages) likePage(r *web.Request, id storage.ID) error {
	var her people.Person
	var like []people.Pair
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if her, err = s.people.ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := people.Reach(r.Actor, "people.merge", her); err != nil {
			return err
		}
		all, err := s.people.DuplicatesOf(ctx, tx, her.ID)
		like = nil
		for _, p := range all {
			if people.Reach(r.Actor, "people.merge", p.B) == nil {
				like = append(like, p)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	seen := []people.Person{her}
	for _, p := range like {
		seen = append(seen, p.B)
	}
	if err := s.noteLooks(r, "people.audit.in_duplicates", "duplicates", seen...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, likeList(r, her, like, func(key string) string { return s.cityName(r, key) }))
}

// settle answers a proposed pair: both are two people; or one stays, which is asked again
// with all that would happen, and then waits until it can no more be taken back.
func (s *Pages) settle(r *web.Request) error {
	a, errA := storage.ParseID(r.PostFormValue("a"))
	b, errB := storage.ParseID(r.PostFormValue("b"))
	if errA != nil || errB != nil {
		return people.Unknown()
	}
	keep := people.Keep(r.PostFormValue("keep"))
	if keep == people.KeepBoth {
		cmd := people.AnswerPair{By: r.Actor, A: a, B: b, Keep: keep}
		if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return s.people.AnswerPair(ctx, tx, cmd) }); err != nil {
			return err
		}
		r.SetFlash("good", "people.duplicates.kept")
		return r.Redirect("/people/duplicates")
	}
	var contacts []storage.ID
	for _, text := range r.PostForm["contact"] {
		if id, err := storage.ParseID(text); err == nil {
			contacts = append(contacts, id)
		}
	}
	cmd := people.PlanMerge{By: r.Actor, From: b, Into: a, Contacts: contacts}
	if keep == people.KeepB {
		cmd.From, cmd.Into = a, b
	}
	if keep != people.KeepA && keep != people.KeepB {
		return s.askPair(r, a, b, "", contacts, fault.At("keep", "fault.not_a_choice"))
	}
	if r.PostFormValue("sure") == "" {
		return s.askPair(r, a, b, keep, contacts, nil)
	}
	var plan people.MergePlan
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		plan, err = s.people.PlanMerge(ctx, tx, cmd)
		return err
	})
	if f := fault.Of(err); f != nil && f.Code == fault.Conflict && f.Key != "people.fault.merged" {
		return s.askPair(r, a, b, "", contacts, f)
	}
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.merge.planned")
	return r.Redirect("/people/" + plan.Into.String())
}

// askPair shows the pair again, or asks for a yes to what is decided. It is judged as the
// decision itself is.
func (s *Pages) askPair(r *web.Request, a, b storage.ID, keep people.Keep, contacts []storage.ID, f *fault.Error) error {
	var p pairPage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = s.pair(ctx, tx, r, a, b); err != nil {
			return err
		}
		return s.people.MayMerge(ctx, tx, r.Actor, p.A.Person, p.B.Person)
	})
	if err != nil {
		return err
	}
	p.Keep, p.Contacts, p.Fault = keep, contacts, f
	status := http.StatusOK
	if f != nil {
		status = web.Status(f.Code)
	}
	return s.showPair(r, status, p)
}

// kept are the fields that the page of confirmation sends along.
func (p pairPage) kept() []kit.Item {
	out := []kit.Item{
		{Label: "a", Value: p.A.Person.ID.String()},
		{Label: "b", Value: p.B.Person.ID.String()},
		{Label: "keep", Value: string(p.Keep)},
		{Label: "sure", Value: "1"},
	}
	for _, c := range p.coming() {
		out = append(out, kit.Item{Label: "contact", Value: c.ID.String()})
	}
	return out
}

// takeBackMerge undoes a merge that waits.
func (s *Pages) takeBackMerge(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "people.fault.change_gone")
	}
	var plan people.MergePlan
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		plan, err = s.people.TakeBackMerge(ctx, tx, r.Actor, id)
		return err
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.merge.taken_back")
	return r.Redirect("/people/" + plan.Into.String())
}

// mergeNote is a merge that waits, or was not done, as the pages of both records tell it.
type mergeNote struct {
	people.MergePlan
	Other   string // name of the other record; empty where it is out of reach
	OtherID storage.ID
	Stays   bool // the record of this page is the one that stays
	Undo    bool // the asker may take it back
}

// mergeNotes reads what the page of a record tells of merges, and notes for each other record
// that its name is shown.
func (s *Pages) mergeNotes(ctx context.Context, tx *storage.Tx, a access.Actor, her people.Person) (out []mergeNote, err error) {
	plans, err := s.people.MergePlansOf(ctx, tx, her.ID)
	if err != nil {
		return nil, err
	}
	var shown []storage.ID
	for _, p := range plans {
		n := mergeNote{MergePlan: p, Stays: p.Into == her.ID, OtherID: p.Into}
		if n.Stays {
			n.OtherID = p.From
		}
		other, err := s.people.ByID(ctx, tx, n.OtherID)
		if err != nil {
			return nil, err
		}
		if people.Sees(a, other) && other.ID != her.ID {
			n.Other = other.FullName
			shown = append(shown, other.ID)
		}
		n.Undo = s.people.MayMerge(ctx, tx, a, her, other) == nil
		out = append(out, n)
	}
	if len(shown) == 0 {
		return out, nil
	}
	return out, audit.Looked(ctx, tx, audit.Looks{Reader: a.Person, Persons: shown, Action: "people.audit.in_duplicates"})
}

// says tells in words what waits, or why it was not done.
func (n mergeNote) says(r *web.Request) string {
	if n.Refused != "" {
		return r.Say.T("people.merge.refused") + " " + r.Say.T(n.Refused)
	}
	key := "people.merge.waits_goes"
	if n.Stays {
		key = "people.merge.waits_stays"
	}
	return r.Say.T(key, "other", n.Other, "time", i18n.Time(r.Lang, n.Due))
}

func pairPath(a, b storage.ID) string { return "/people/" + a.String() + "/merge?with=" + b.String() }

func briefWords(list []module.Brief) string {
	var out []string
	for _, b := range list {
		out = append(out, b.Label+": "+b.Words)
	}
	return strings.Join(out, ", ")
}

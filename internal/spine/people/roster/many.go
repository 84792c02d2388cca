package roster

import (
	"context"
	"net/http"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// manyPage asks what to change of the ticked people, and shows what would change.
type manyPage struct {
	Picked []people.Person // before a value is chosen
	What   string          // the chosen field and value, "group:media"
	Field  profile.Name
	Value  string
	List   []people.WouldChange
	Cities []cityItem
	Back   string // the list as it was, without the language
	Path   string // of the next step, with the view of the list
	Fault  *fault.Error
}

// parts splits the preview into who changes and who stays.
func (p manyPage) parts() (changed, left []people.WouldChange) {
	for _, w := range p.List {
		if w.Left == nil {
			changed = append(changed, w)
		} else {
			left = append(left, w)
		}
	}
	return changed, left
}

// items are the values that may be written, each with the name of its field.
func (p manyPage) items(r *web.Request) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("people.none")}}
	add := func(field profile.Name, value, word string) {
		out = append(out, kit.Item{Value: string(field) + ":" + value, Label: r.Say.T("people.many.choice", "field", label(r, field), "value", word)})
	}
	for _, v := range profile.Of(profile.Group).Offered(profile.Said(r.Say)) {
		add(profile.Group, v, profile.Of(profile.Group).Word(r.Say, v))
	}
	for _, c := range offered(r, p.Cities, "") {
		add(profile.City, c.Key, c.Name)
	}
	return out
}

// word names a value of the field that changes.
func (p manyPage) word(r *web.Request, value string) string {
	if value == "" {
		return r.Say.T("people.many.empty")
	}
	for _, c := range p.Cities {
		if p.Field == profile.City && c.Key == value {
			return c.Name
		}
	}
	return profile.Of(p.Field).Word(r.Say, value)
}

// kept is what the forms send along.
func (p manyPage) kept() (out []kit.Item) {
	for _, w := range p.List {
		out = append(out, kit.Item{Label: "pick", Value: w.Person.ID.String()})
	}
	for _, who := range p.Picked {
		out = append(out, kit.Item{Label: "pick", Value: who.ID.String()})
	}
	return out
}

// changeMany is one way in three steps: what to write, what would change, done. It keeps
// nothing between them: each form carries who was ticked, and the use case judges anew.
func (s *Pages) changeMany(r *web.Request) error {
	list, _ := s.readList(r)
	p := manyPage{Cities: list.Cities, Back: list.View.To("/people"), Path: list.View.To("/people/change"), What: r.PostFormValue("what")}
	field, value, _ := strings.Cut(p.What, ":")
	p.Field, p.Value = profile.Name(field), value
	var ids []storage.ID
	for _, text := range kit.Picked(r) {
		if id, err := storage.ParseID(text); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) > people.MostAtOnce {
		ids = ids[:people.MostAtOnce+1] // the use case says so
	}
	cmd := people.ChangeMany{Actor: r.Actor, Persons: ids, Field: p.Field, Value: p.Value}
	if r.PostFormValue("sure") != "" {
		return s.doMany(r, cmd, p.Back)
	}
	var shown []people.Person
	if p.What == "" {
		var err error
		if p.Picked, err = s.people.Shown(r.Context(), r.Actor, ids); err != nil {
			return err
		}
		if shown = p.Picked; len(shown) == 0 && len(ids) > 0 { // of others, or gone meanwhile
			return fault.New(fault.NotFound, "fault.not_found")
		} else if len(shown) == 0 {
			return fault.New(fault.Invalid, "people.fault.nobody_ticked")
		}
	} else if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p.List, err = s.people.PreviewMany(ctx, tx, cmd)
		return err
	}); err != nil {
		return err
	}
	for _, w := range p.List {
		shown = append(shown, w.Person)
	}
	if err := s.noteLooks(r, "people.audit.in_list", "change", shown...); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, manyForm(r, p))
}

func (s *Pages) doMany(r *web.Request, cmd people.ChangeMany, back string) error {
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, _, err := s.people.ChangeMany(ctx, tx, cmd)
		return err
	}); err != nil {
		return err
	}
	return r.Redirect(back)
}

// takeBackMany undoes a change of many.
func (s *Pages) takeBackMany(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "people.fault.change_gone")
	}
	var back, left int
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		back, left, err = s.people.TakeBackMany(ctx, tx, r.Actor, id)
		return err
	}); err != nil {
		return err
	}
	if left > 0 {
		r.SetFlash("wait", "people.many.back_left", "count", left, "back", r.Say.T("people.many.back", "count", back))
	} else {
		r.SetFlash("good", "people.many.back", "count", back)
	}
	return r.Redirect("/people")
}

// undoables are the changes that the asker can still take back.
func (s *Pages) undoables(r *web.Request) (out []kit.Undo, err error) {
	var open []people.Undoable
	if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		open, err = s.people.Undoables(ctx, tx, r.Actor.Person)
		return err
	}); err != nil {
		return nil, err
	}
	for _, u := range open {
		out = append(out, kit.Undo{
			Path: "/people/undo", ID: u.ID.String(), Until: u.Until,
			Says: r.Say.T("people.many.done", "field", label(r, u.Field), "count", u.Count),
		})
	}
	return out, nil
}

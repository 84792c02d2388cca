package messages

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// list is the page as the kit draws it.
func (p staffPage) list(r *web.Request) kit.List[staffRow] {
	l := kit.List[staffRow]{
		View: p.View, Title: r.Say.T("messages.staff"),
		Facets:  []kit.Facet{p.states(r), p.activities(r), p.kinds(r)},
		Columns: p.columns(r), Rows: p.List,
		Pick: func(m staffRow) (value, name string) {
			return m.ID.String(), m.Title + " " + m.Name
		},
		Count: p.Count, Of: p.Of, From: p.From, Counted: r.Say.T("messages.staff.count", "count", p.Count),
		Empty: kit.Empty(r, r.Say.T("messages.staff.none"), r.Say.T("messages.staff.none_text"), kit.Link{}),
		None:  kit.Empty(r, r.Say.T("messages.staff.empty"), r.Say.T("messages.staff.empty.text"), kit.Link{Path: "/staff/messages", Label: r.Say.T("messages.staff.all")}),
	}
	l.Facets = slices.DeleteFunc(l.Facets, func(f kit.Facet) bool { return len(f.Values) < 2 })
	if p.Search {
		l.Search = kit.Field{Label: r.Say.T("messages.staff.search"), Help: r.Say.T("messages.staff.search_help")}
	}
	if slices.ContainsFunc(p.List, func(m staffRow) bool { return m.Again }) {
		l.Acts = []kit.Act{{Path: "/staff/messages/again", Label: r.Say.T("messages.again")}}
	}
	if n := len(p.List); n > 0 {
		if p.Prev {
			l.Prev = p.List[0].ID.String()
		}
		if p.Next {
			l.Next = p.List[n-1].ID.String()
		}
	}
	return l
}

func (p staffPage) states(r *web.Request) kit.Facet {
	f := kit.Facet{Name: byState, Label: r.Say.T("messages.column.state"), Values: []kit.FacetValue{{Label: r.Say.T("messages.filter.all"), Count: sum(p.Counts[byState])}}}
	for _, state := range states {
		if n := p.Counts[byState][state]; n > 0 || p.View.Filter(byState) == state {
			f.Values = append(f.Values, kit.FacetValue{Value: state, Label: r.Say.T("messages.state." + state), Count: n})
		}
	}
	return f
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// activities are those that the asker may watch; of all of them together only for who may
// watch the whole programme.
func (p staffPage) activities(r *web.Request) kit.Facet {
	f := kit.Facet{Name: byActivity, Label: r.Say.T("messages.filter.activity"), Folded: true}
	for _, a := range p.Activities {
		if n := p.Counts[byActivity][a.ID.String()]; n > 0 || p.Activity == a.ID {
			f.Values = append(f.Values, kit.FacetValue{Value: a.ID.String(), Label: orDash(a.Title), Count: n})
		}
	}
	return f
}

// kinds are what messages are about, by their words.
func (p staffPage) kinds(r *web.Request) kit.Facet {
	f := kit.Facet{Name: byKind, Label: r.Say.T("messages.column.kind"), Folded: true}
	for kind, n := range p.Counts[byKind] {
		f.Values = append(f.Values, kit.FacetValue{Value: kind, Label: kindTitle(r.Say, message{Kind: kind}), Count: n})
	}
	slices.SortFunc(f.Values, func(a, b kit.FacetValue) int {
		return cmp.Or(i18n.CompareNames(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return f
}

func (p staffPage) columns(r *web.Request) []kit.Column[staffRow] {
	return []kit.Column[staffRow]{
		{Name: byKind, Label: r.Say.T("messages.column.kind"), Head: true, Cell: kindCell},
		{Name: colPerson, Label: r.Say.T("messages.column.person"), Cell: func(m staffRow) templ.Component { return kit.Plain(m.Name) }},
		{Name: colState, Label: r.Say.T("messages.column.state"), Cell: func(m staffRow) templ.Component { return stateCell(r, m) }},
		{Name: colWhen, Label: r.Say.T("messages.column.when"), Sort: true, Cell: func(m staffRow) templ.Component { return kit.When(r, shownAt(m.message)) }},
		{Name: colTries, Label: r.Say.T("messages.column.tries"), Number: true, Said: true, Cell: func(m staffRow) templ.Component { return kit.Plain(kit.Number(r, int(m.Attempts))) }},
	}
}

// againPage shows what would be sent again.
type againPage struct {
	List []WouldGo
	View kit.View
}

func (p againPage) parts() (goes, stays []WouldGo) {
	for _, w := range p.List {
		if w.Left == nil {
			goes = append(goes, w)
		} else {
			stays = append(stays, w)
		}
	}
	return goes, stays
}

func (p againPage) kept() (out []kit.Item) {
	for _, w := range p.List {
		out = append(out, kit.Item{Label: "pick", Value: w.ID.String()})
	}
	return append(out, kit.Item{Label: "sure", Value: "yes"})
}

// againMany shows what would be sent again, then does it.
func (s *Service) againMany(r *web.Request) error {
	p := againPage{View: kit.ReadView(r, staffOf())}
	cmd := SendAgainMany{Actor: r.Actor, AtOnce: r.PostFormValue("at_once") != ""}
	for _, text := range kit.Picked(r) {
		if id, err := storage.ParseID(text); err == nil {
			cmd.Messages = append(cmd.Messages, id)
		}
	}
	cmd.Messages = cmd.Messages[:min(len(cmd.Messages), MostAtOnce+1)] // the use case says so
	if r.PostFormValue("sure") == "" {
		if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			p.List, err = s.PreviewAgain(ctx, tx, cmd)
			return err
		}); err != nil {
			return err
		}
		if len(p.List) == 0 { // of others, or gone meanwhile
			return fault.New(fault.NotFound, "fault.not_found")
		}
		r.W.Header().Set("Cache-Control", "no-store")
		return r.Page(http.StatusOK, againForm(r, p))
	}
	count := 0
	if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		count, err = s.SendAgainMany(ctx, tx, cmd)
		return err
	}); err != nil {
		return err
	}
	if cmd.AtOnce {
		r.SetFlash("good", "messages.many.gone", "count", count)
	}
	return r.Redirect(p.View.To("/staff/messages"))
}

// takeBack undoes what was sent again together.
func (s *Service) takeBack(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "messages.fault.again_gone")
	}
	var back, left int
	if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		back, left, err = s.TakeBackAgain(ctx, tx, r.Actor, id)
		return err
	}); err != nil {
		return err
	}
	if left > 0 {
		r.SetFlash("wait", "messages.many.back_left", "count", back, "left", left)
	} else {
		r.SetFlash("good", "messages.many.back", "count", back)
	}
	return r.Redirect("/staff/messages")
}

package newsroom

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

const mentionsDesk = "/staff/news/mentions"

// Names of columns and filters of the list of mentions, in addresses.
const (
	newest   = "newest" // no column: what appeared last comes first
	byDay    = "day"
	byOutlet = "outlet"
	byKind   = "kind"
	byYear   = "year"
	byLink   = "link"
)

func mentionsView() kit.ViewOf {
	return kit.ViewOf{
		Path: mentionsDesk, Filters: []string{byKind, byYear}, Sorts: []string{newest, byDay, byOutlet},
		Columns: []string{byOutlet, byDay, byKind, byLink}, Off: []string{byLink},
	}
}

// mentionsPage is the data of the list of mentions for who may change them.
type mentionsPage struct {
	View       kit.View
	All        []Mention // hers
	Found      []Mention // in their order
	Rows       []Mention // of them, those of the page
	From       int
	Prev, Next string
}

// finds reports whether a mention is among what the view asks for, leaving out a filter.
func finds(v kit.View, n Mention, but string) bool {
	if kind := v.Filter(byKind); but != byKind && kind != "" && kind != string(n.Kind) {
		return false
	}
	if year := v.Filter(byYear); but != byYear && year != "" && !strings.HasPrefix(string(n.Day), year+"-") {
		return false
	}
	sought := module.Seek(v.Text, 1)
	return sought.Empty() || sought.In(n.Title, n.Outlet, n.Link)
}

func (m *Module) readMentions(r *web.Request) (p mentionsPage, err error) {
	p.View = kit.ReadView(r, mentionsView())
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p.All, err = m.notedBy(ctx, tx, r.Actor)
		return err
	}); err != nil {
		return p, err
	}
	for _, n := range p.All {
		if finds(p.View, n, "") {
			p.Found = append(p.Found, n)
		}
	}
	by, down := p.View.Sort()
	if by == byOutlet {
		slices.SortStableFunc(p.Found, func(a, b Mention) int {
			return i18n.CompareNames(a.Outlet, b.Outlet)
		})
	}
	if by == byOutlet && down || by == byDay && !down {
		slices.Reverse(p.Found)
	}
	return p, nil
}

// cut leaves of what was found the rows of one page.
func (p *mentionsPage) cut() {
	at := func(id string) int {
		return slices.IndexFunc(p.Found, func(n Mention) bool { return n.ID.String() == id })
	}
	from := 0
	if i := at(p.View.After()); i >= 0 {
		from = i + 1
	} else if i := at(p.View.Before()); i >= 0 {
		from = max(0, i-onPage)
	}
	to := min(from+onPage, len(p.Found))
	p.Rows, p.From = p.Found[from:to], from+1
	if from > 0 && len(p.Rows) > 0 {
		p.Prev = p.Rows[0].ID.String()
	}
	if to < len(p.Found) {
		p.Next = p.Rows[len(p.Rows)-1].ID.String()
	}
}

func (m *Module) listMentions(r *web.Request) error {
	p, err := m.readMentions(r)
	if err != nil {
		return err
	}
	p.cut()
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, mentionsList(r, p))
}

func (m *Module) findMentions(r *web.Request) error { return kit.Find(r, mentionsView()) }

// mentionColumn is one column of the list and of its export.
type mentionColumn struct {
	name, label string
	sort        bool
	text        func(Mention) string
}

func mentionColumnsOf(r *web.Request) []mentionColumn {
	return []mentionColumn{
		{byOutlet, r.Say.T("newsroom.mention.outlet"), true, func(n Mention) string { return n.Outlet }},
		{byDay, r.Say.T("newsroom.mention.day"), true, func(n Mention) string { return i18n.Date(r.Lang, n.Day.Noon()) }},
		{byKind, r.Say.T("newsroom.mention.kind"), false, func(n Mention) string { return r.Say.T("newsroom.mention.kind." + string(n.Kind)) }},
		{byLink, r.Say.T("newsroom.mention.link"), false, func(n Mention) string { return n.Link }},
	}
}

// list is the list as the kit draws it.
func (p mentionsPage) list(r *web.Request) kit.List[Mention] {
	add := kit.Link{Path: mentionsDesk + "/new", Label: r.Say.T("newsroom.mention.add")}
	l := kit.List[Mention]{
		View: p.View, Title: r.Say.T("newsroom.mention.title"),
		Search: kit.Field{Label: r.Say.T("newsroom.mention.search"), Help: r.Say.T("newsroom.mention.search.help")},
		Facets: []kit.Facet{p.kinds(r)}, Rows: p.Rows,
		Columns: []kit.Column[Mention]{{
			Name: "title", Label: r.Say.T("newsroom.mention.heading"), Head: true,
			Cell: func(n Mention) templ.Component { return mentionName(r, n) },
		}},
		Count: len(p.Found), Of: len(p.All), From: p.From, Counted: r.Say.T("newsroom.mention.count", "count", len(p.Found)),
		Prev: p.Prev, Next: p.Next,
		Export: mentionsDesk + "/export", Exports: r.Say.T("newsroom.mention.export"),
		Empty: kit.Empty(r, r.Say.T("newsroom.mention.none"), r.Say.T("newsroom.mention.none.text"), add),
		None:  kit.Empty(r, r.Say.T("newsroom.mention.not_found"), "", kit.Link{Path: mentionsDesk, Label: r.Say.T("newsroom.mention.clear")}),
	}
	for _, c := range mentionColumnsOf(r) {
		l.Columns = append(l.Columns, kit.Column[Mention]{
			Name: c.name, Label: c.label, Sort: c.sort, Said: c.name == byLink,
			Cell: func(n Mention) templ.Component { return kit.Plain(c.text(n)) },
		})
	}
	if years := p.years(r); len(years.Values) > 1 || p.View.Filter(byYear) != "" {
		l.Facets = append(l.Facets, years)
	}
	return l
}

func (p mentionsPage) kinds(r *web.Request) kit.Facet {
	out := kit.Facet{Name: byKind, Label: r.Say.T("newsroom.mention.kind"), Values: []kit.FacetValue{{Label: r.Say.T("newsroom.mention.all"), Count: p.with(byKind, "")}}}
	for _, k := range MentionKinds {
		out.Values = append(out.Values, kit.FacetValue{Value: string(k), Label: r.Say.T("newsroom.mention.kind." + string(k)), Count: p.with(byKind, string(k))})
	}
	return out
}

// years holds the years in which something appeared.
func (p mentionsPage) years(r *web.Request) kit.Facet {
	out := kit.Facet{Name: byYear, Label: r.Say.T("newsroom.mention.year"), Folded: true}
	for _, n := range p.All { // what appeared last first
		year := string(n.Day[:4])
		if !slices.ContainsFunc(out.Values, func(v kit.FacetValue) bool { return v.Value == year }) {
			out.Values = append(out.Values, kit.FacetValue{Value: year, Label: year, Count: p.with(byYear, year)})
		}
	}
	return out
}

// with counts what a value of a filter would leave.
func (p mentionsPage) with(filter, value string) (count int) {
	for _, n := range p.All {
		is := filter == byKind && string(n.Kind) == value || filter == byYear && string(n.Day[:4]) == value
		if (value == "" || is) && finds(p.View, n, filter) {
			count++
		}
	}
	return count
}

// sendMentions gives what a view shows as a table.
func (m *Module) sendMentions(r *web.Request) error {
	p, err := m.readMentions(r)
	if err != nil {
		return err
	}
	if done, err := p.View.Lost(r); done {
		return err
	}
	columns := mentionColumnsOf(r)
	head := []string{r.Say.T("newsroom.mention.heading")}
	for _, c := range columns {
		head = append(head, c.label)
	}
	head = append(head, r.Say.T("newsroom.mention.language"))
	rows := [][]sheet.Value{sheet.Texts(head...)}
	for _, n := range p.Found {
		row := []sheet.Value{sheet.Text(n.Title)}
		for _, c := range columns {
			if c.name == byDay {
				row = append(row, sheet.Text(string(n.Day)))
			} else {
				row = append(row, sheet.Text(c.text(n)))
			}
		}
		rows = append(rows, append(row, sheet.Text(languageWord(r, n.Language))))
	}
	kind, ending := sheet.TypeCSV, ".csv"
	body, err := sheet.CSV(r.Lang, rows)
	if r.PostFormValue("format") == "xlsx" {
		kind, ending = sheet.TypeXLSX, ".xlsx"
		body, err = sheet.XLSX(r.Say.T("newsroom.mention.title"), rows)
	}
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="media-`+m.Store.Now().In(i18n.Bishkek()).Format(time.DateOnly)+ending+`"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err = r.W.Write(body)
	return err
}

// languageWord names the language of a title.
func languageWord(r *web.Request, l i18n.Language) string {
	if l == "" {
		return r.Say.T("newsroom.mention.language.other")
	}
	return kit.LanguageName(l)
}

// mentionPage is the data of the page on which a mention is written.
type mentionPage struct {
	Mention    Mention
	Form       writing.Form
	Releases   []Release
	Activities []programme.Activity
	Anywhere   bool // hers may be about no activity
	Today      ledger.Day
}

func (m *Module) readMention(r *web.Request, id storage.ID) (p mentionPage, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = mentionPage{Mention: Mention{Kind: Online, Language: r.Lang, Day: ledger.DayOf(tx.Now)}, Today: ledger.DayOf(tx.Now)}
		if !id.IsZero() {
			if p.Mention, err = mentionByID(ctx, tx, id); err != nil {
				return err
			}
			if err := m.mayNote(ctx, tx, r.Actor, p.Mention); err != nil {
				return err
			}
		}
		if p.Anywhere, err = m.mayShow(ctx, tx, r); err != nil {
			return err
		}
		list, err := m.hers(ctx, tx, r.Actor)
		if err != nil {
			return err
		}
		for _, one := range list {
			if one.Open() || one.ID == p.Mention.Release {
				p.Releases = append(p.Releases, one)
			}
		}
		all, err := programme.All(ctx, tx, programme.Filter{})
		for _, a := range all {
			if a.State != programme.Draft && r.Actor.May(MayPublish, a.Scope()) {
				p.Activities = append(p.Activities, a)
			}
		}
		return err
	})
	n := p.Mention
	f := writing.Form{Values: url.Values{}}
	for name, value := range map[string]string{
		"version": strconv.FormatInt(n.Version, 10), "link": n.Link, "outlet": n.Outlet, "title": n.Title, "title_language": string(n.Language),
		"day": string(n.Day), "kind": string(n.Kind), "release": idText(n.Release), "activity": idText(n.Activity),
	} {
		f.Set(name, value)
	}
	p.Form = f
	return p, err
}

func idText(id storage.ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// readNoted puts what came with the form into a mention.
func readNoted(v url.Values, n Mention) (Mention, error) {
	var form fault.Form
	n.Link, n.Outlet, n.Title = v.Get("link"), v.Get("outlet"), v.Get("title")
	n.Language, n.Day, n.Kind = i18n.Language(v.Get("title_language")), ledger.Day(strings.TrimSpace(v.Get("day"))), MentionKind(v.Get("kind"))
	for name, id := range map[string]*storage.ID{"release": &n.Release, "activity": &n.Activity} {
		*id = storage.ID{}
		if text := v.Get(name); text != "" {
			read, err := storage.ParseID(text)
			form.Check(err == nil, name, "fault.not_a_choice")
			*id = read
		}
	}
	return n, form.Err()
}

func (m *Module) showNewMention(r *web.Request) error { return m.showMentionOf(r, storage.ID{}) }

func (m *Module) showMention(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownMention()
	}
	return m.showMentionOf(r, id)
}

func (m *Module) showMentionOf(r *web.Request, id storage.ID) error {
	p, err := m.readMention(r, id)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, mentionEditor(r, p))
}

func (m *Module) takeNewMention(r *web.Request) error { return m.takeMentionOf(r, storage.ID{}) }

func (m *Module) takeMention(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownMention()
	}
	return m.takeMentionOf(r, id)
}

func (m *Module) takeMentionOf(r *web.Request, id storage.ID) error {
	p, err := m.readMention(r, id) // who may not is refused before anything is unfolded
	if err != nil {
		return err
	}
	cmd := NoteMention{
		Actor: r.Actor, Mention: id, Version: writing.Version(r.PostForm), Drop: r.PostForm.Get("drop") != "",
		Write: func(now Mention) (Mention, error) { return readNoted(r.PostForm, now) },
	}
	cmd.Evidence, _, err = upload(r, "file", m.keepEvidence)
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			_, err = m.NoteMention(ctx, tx, cmd)
			return err
		})
	}
	if err == nil {
		r.SetFlash("good", "newsroom.saved")
		return r.Redirect(mentionsDesk)
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if p, err = m.readMention(r, id); err != nil {
		return err
	}
	p.Form = writing.Again(r.PostForm, f, p.Form)
	return r.Page(web.Status(f.Code), mentionEditor(r, p))
}

// keepEvidence keeps a copy of what was published: a paper or a picture.
func (m *Module) keepEvidence(ctx context.Context, from io.Reader) (Kept, error) {
	clean, err := files.Clean(ctx, from, printed)
	if err != nil {
		return Kept{}, err
	}
	return m.Keep(ctx, clean)
}

func (m *Module) takeMentionRemoved(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownMention()
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.RemoveMention(ctx, tx, r.Actor, id)
	}); err != nil {
		return err
	}
	r.SetFlash("good", "newsroom.mention.removed")
	return r.Redirect(mentionsDesk)
}

// sendEvidence sends the copy of what was published to who may change the mention: it is
// the work of others, and those who are seen in it were not asked.
func (m *Module) sendEvidence(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownMention()
	}
	var n Mention
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if n, err = mentionByID(ctx, tx, id); err != nil {
			return err
		}
		return m.mayNote(ctx, tx, r.Actor, n)
	}); err != nil {
		return err
	}
	if n.Evidence.File == "" {
		return unknownMention()
	}
	return m.sendFile(r, n.Evidence, "evidence-"+string(n.Day)+files.Ending(n.Evidence.Type), false, n.Changed)
}

func mentionKindItems(r *web.Request) (out []kit.Item) {
	for _, k := range MentionKinds {
		out = append(out, kit.Item{Value: string(k), Label: r.Say.T("newsroom.mention.kind." + string(k))})
	}
	return out
}

func titleLanguages(r *web.Request) (out []kit.Item) {
	for _, l := range i18n.Languages {
		out = append(out, kit.Item{Value: string(l), Label: kit.LanguageName(l)})
	}
	return append(out, kit.Item{Label: r.Say.T("newsroom.mention.language.other")})
}

func releaseItems(r *web.Request, p mentionPage) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("newsroom.mention.no_release")}}
	for _, one := range p.Releases {
		out = append(out, kit.Item{Value: one.ID.String(), Label: one.Texts.Title.In(r.Lang)})
	}
	return out
}

func aboutItems(r *web.Request, p mentionPage) []kit.Item {
	return activityItems(r, editorPage{Activities: p.Activities, Anywhere: p.Anywhere || len(p.Releases) > 0})
}

func mentionTitle(r *web.Request, p mentionPage) string {
	if p.Mention.ID.IsZero() {
		return r.Say.T("newsroom.mention.add")
	}
	return r.Say.T("newsroom.mention.edit", "title", p.Mention.Title)
}

func mentionAction(p mentionPage) string {
	if p.Mention.ID.IsZero() {
		return mentionsDesk + "/new"
	}
	return p.Mention.deskPath()
}

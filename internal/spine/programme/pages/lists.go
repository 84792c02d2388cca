package pages

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// listsPath is the page of the lists of the house.
const listsPath = "/staff/lists"

// entryPath is the page of one entry.
func entryPath(e profile.Entry) string {
	return listsPath + "/" + string(e.List) + "/" + url.PathEscape(e.Code)
}

// entryPage is the data of the page of one entry, or of a new one.
type entryPage struct {
	Lists *profile.Lists
	Entry profile.Entry // as it stands; of a new one its list alone
	New   bool
	Form  writing.Form
	Look  *profile.Entry // how it would be, when she asked to see it
	Today string

	Pressed string // what a press on the map did, a text; empty when it was not pressed
}

func (s *Service) showLists(r *web.Request) error {
	have, err := s.readLists(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, listsPage(r, have))
}

// readLists reads the lists for who may change them.
func (s *Service) readLists(r *web.Request) (have *profile.Lists, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := s.lists.May(ctx, tx, r.Actor); err != nil {
			return err
		}
		have, err = s.programme.Lists(ctx, tx)
		return err
	})
	return have, err
}

// readEntryPage finds what the address names. Without a code it is a new entry.
func (s *Service) readEntryPage(r *web.Request) (page entryPage, err error) {
	if page.Lists, err = s.readLists(r); err != nil {
		return page, err
	}
	page.Today = profile.Day(s.store.Now())
	list := profile.Name(r.PathValue("list"))
	if code := r.PathValue("code"); code != "" {
		e, ok := page.Lists.Entry(list, code)
		if !ok {
			return page, lists.Unknown()
		}
		page.Entry = e
		return page, nil
	}
	if lists.Most(list) == 0 {
		return page, lists.Unknown()
	}
	page.Entry, page.New = profile.Entry{List: list}, true
	return page, nil
}

func (s *Service) showEntry(r *web.Request) error {
	page, err := s.readEntryPage(r)
	if err != nil {
		return err
	}
	page.Form = formOfEntry(page.Entry)
	return r.Page(http.StatusOK, entryEditor(r, page))
}

func (s *Service) takeEntry(r *web.Request) error {
	page, err := s.readEntryPage(r)
	if err != nil {
		return err
	}
	e := readEntry(r.PostForm, page.Entry)
	if width, is := pressedMap(r.PostForm); is { // fills in the degrees; nothing is written
		return r.Page(http.StatusOK, entryEditor(r, page.pressed(r.PostForm, width)))
	}
	if r.PostForm.Get("look") != "" { // how it would be; nothing is written
		var seen profile.Entry
		if page.New {
			seen, err = lists.Judge(page.Lists, e)
		} else {
			seen, err = lists.JudgeChange(page.Lists, changeOf(r, e), page.Entry, s.store.Now())
		}
		if err == nil {
			page.Look, page.Form = &seen, writing.Form{Values: r.PostForm}
			return r.Page(http.StatusOK, entryEditor(r, page))
		}
	} else {
		err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if page.New {
				_, err = s.lists.AddEntry(ctx, tx, lists.AddEntry{Actor: r.Actor, Entry: e})
			} else {
				_, err = s.lists.ChangeEntry(ctx, tx, changeOf(r, e))
			}
			return err
		})
	}
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = writing.Again(r.PostForm, f, formOfEntry(page.Entry))
		return r.Page(web.Status(f.Code), entryEditor(r, page))
	}
	key := "programme.lists.saved"
	if page.New {
		key = "programme.lists.added"
	}
	r.SetFlash("good", key, "name", e.Names[len(e.Names)-1].Name.In(r.Lang))
	return r.Redirect(listsPath)
}

// changeOf is the change that a form asks for, with what she says of names that reach back.
func changeOf(r *web.Request, e profile.Entry) lists.ChangeEntry {
	return lists.ChangeEntry{
		Actor: r.Actor, Version: writing.Version(r.PostForm), Entry: e,
		Typo: r.PostForm.Get(lists.TypoField) != "", Earlier: r.PostForm.Get(lists.EarlierField) != "",
	}
}

func (s *Service) takeClosing(r *web.Request) error {
	page, err := s.readEntryPage(r)
	if err != nil {
		return err
	}
	c := lists.CloseEntry{Actor: r.Actor, List: page.Entry.List, Code: page.Entry.Code, Version: writing.Version(r.PostForm), Closed: r.PostForm.Get("closed") != ""}
	if writing.Unsaved(r.PostForm) {
		f := writing.Refused()
		page.Form = writing.Typed(r.PostForm, f, formOfEntry(page.Entry))
		return r.Page(web.Status(f.Code), entryEditor(r, page))
	}
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.lists.CloseEntry(ctx, tx, c)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = formOfEntry(page.Entry)
		page.Form.Fault = f
		return r.Page(web.Status(f.Code), entryEditor(r, page))
	}
	key := "programme.lists.opened"
	if c.Closed {
		key = "programme.lists.closed"
	}
	r.SetFlash("good", key, "name", page.Entry.Now.Name.In(r.Lang))
	return r.Redirect(listsPath)
}

// formOfEntry shows an entry as it is stored, with room for one more name.
func formOfEntry(e profile.Entry) writing.Form {
	f := writing.Form{Values: url.Values{}}
	f.Set("version", strconv.FormatInt(e.Version, 10))
	f.Set("place", strconv.FormatInt(e.Place, 10))
	f.Set("words", strings.Join(e.Words, "\n"))
	if e.List == profile.City && e.Code != "" {
		f.Set("iso", e.ISO)
		f.Set("lat", degrees(e.Lat))
		f.Set("lon", degrees(e.Lon))
	}
	for i, n := range e.Names {
		f.PutText(lists.NameField(i), n.Name)
		f.PutText(lists.InField(i), n.In)
		f.PutText(lists.ManyField(i), n.Many)
		f.Set(lists.FromField(i), n.From)
	}
	return f
}

// readEntry puts a sent form into an entry. What is no number is none that may stand there.
func readEntry(v url.Values, e profile.Entry) profile.Entry {
	if e.Code == "" {
		e.Code = strings.TrimSpace(v.Get("code"))
	}
	e.ISO, e.Lat, e.Lon = v.Get("iso"), readDegrees(v.Get("lat")), readDegrees(v.Get("lon"))
	if v.Has("place") {
		place, err := strconv.ParseInt(strings.TrimSpace(v.Get("place")), 10, 64)
		if e.Place = place; err != nil || place == 0 {
			e.Place = -1
		}
	}
	e.Words = strings.Split(strings.ReplaceAll(v.Get("words"), "\r\n", "\n"), "\n")
	e.Names = nil
	for i := range namesOf(v) {
		n := profile.Named{
			From: strings.TrimSpace(v.Get(lists.FromField(i))),
			Name: writing.Read(v, lists.NameField(i)), In: writing.Read(v, lists.InField(i)), Many: writing.Read(v, lists.ManyField(i)),
		}
		if i == 0 || n != (profile.Named{}) { // an emptied name is taken back
			e.Names = append(e.Names, n)
		}
	}
	return e
}

// namesOf counts the names that a form has, the empty ones among them.
func namesOf(v url.Values) (n int) {
	for v.Has(lists.NameField(n)+"_"+string(i18n.Kyrgyz)) && n < 30 {
		n++
	}
	return max(n, 1)
}

func readDegrees(text string) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", "."), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// shownNames is how many names the form of an entry shows: those that it has, and an empty one.
func (p entryPage) shownNames() int {
	n := namesOf(p.Form.Values)
	if p.New {
		return 1
	}
	if last := n - 1; last > 0 && writing.Read(p.Form.Values, lists.NameField(last)) == (i18n.Text{}) {
		return n
	}
	return n + 1
}

// drawnCities are the cities of the map, with what she asked to see in its place.
func (p entryPage) drawnCities() (out []profile.Entry) {
	for _, c := range p.Lists.Cities() {
		if c.Code != p.Look.Code {
			out = append(out, c)
		}
	}
	seen := *p.Look
	seen.Now = seen.Names[len(seen.Names)-1]
	return append(out, seen)
}

func (p entryPage) title(r *web.Request) string {
	if p.New {
		return r.Say.T("programme.lists." + string(p.Entry.List) + ".add")
	}
	return p.Entry.Now.Name.In(r.Lang) + " (" + p.Entry.Code + ")"
}

func (p entryPage) field(name, label string) kit.Field {
	return kit.Field{Name: name, Label: label, Value: p.Form.Get(name), Fault: p.Form.Fault, Autocomplete: "off"}
}

// threeFields are the fields of one name in three languages.
func threeFields(p entryPage, name string, needed bool) (out []kit.Field) {
	for _, l := range i18n.Languages {
		f := p.field(name+"_"+string(l), kit.LanguageName(l))
		f.Lang, f.Required, f.MaxLength = l, needed, lists.LongestName
		out = append(out, f)
	}
	return out
}

func regionItems(r *web.Request) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("programme.lists.region.choose")}}
	for _, iso := range lists.Regions() {
		out = append(out, kit.Item{Value: iso, Label: r.Say.T("programme.lists.region." + iso)})
	}
	return out
}

// dayOf writes a day that is kept in writing.
func dayOf(r *web.Request, day string) string {
	at, err := time.ParseInLocation(time.DateOnly, day, i18n.Bishkek())
	if err != nil {
		return day
	}
	return i18n.Date(r.Lang, at)
}

// former are the names that an entry had before, and those that it will have.
func former(r *web.Request, e profile.Entry, today string) (out []string) {
	for i, n := range e.Names {
		switch {
		case n.From == e.Now.From:
		case n.From > today:
			out = append(out, r.Say.T("programme.lists.coming", "name", n.Name, "day", dayOf(r, n.From)))
		case i+1 < len(e.Names):
			out = append(out, r.Say.T("programme.lists.former", "name", n.Name, "day", dayOf(r, e.Names[i+1].From)))
		}
	}
	return out
}

// wrongName tells whether anything of a name is wrong.
func (p entryPage) wrongName(i int) bool {
	if p.Form.Fault == nil {
		return false
	}
	return slices.ContainsFunc(p.Form.Fault.FieldNames(), func(name string) bool {
		return name == lists.FromField(i) || strings.HasPrefix(name, lists.NameField(i)+"_") || strings.HasPrefix(name, lists.InField(i)+"_") || strings.HasPrefix(name, lists.ManyField(i)+"_")
	})
}

// listLabels name the fields in the summary of what is wrong.
func listLabels(r *web.Request, p entryPage) kit.Labels {
	out := kit.Labels{}
	for i := range p.shownNames() {
		for _, l := range i18n.Languages {
			for prefix, key := range map[string]string{lists.NameField(i): "name", lists.InField(i): "in", lists.ManyField(i): "many"} {
				out[prefix+"_"+string(l)] = r.Say.T("programme.lists."+key) + ", " + kit.LanguageName(l)
			}
		}
		out[lists.FromField(i)] = r.Say.T("programme.lists.from")
	}
	for name, key := range map[string]string{lists.TypoField: "typo", lists.EarlierField: "earlier", "code": "code", "place": "place", "words": "words", "iso": "region", "lat": "lat", "lon": "lon"} {
		out[name] = r.Say.T("programme.lists." + key)
	}
	return out
}

func (p entryPage) path() string {
	if p.New {
		return listsPath + "/" + string(p.Entry.List) + "/new"
	}
	return entryPath(p.Entry)
}

func (p entryPage) needed(f kit.Field) kit.Field {
	f.Required = true
	return f
}

func (p entryPage) decimal(name, label string) kit.Field {
	f := p.needed(p.field(name, label))
	f.InputMode, f.MaxLength = "decimal", 12
	return f
}

func (p entryPage) codeField(r *web.Request) kit.Field {
	f := p.field("code", r.Say.T("programme.lists.code"))
	f.Help, f.MaxLength = r.Say.T("programme.lists.code.help"), 40
	return f
}

func (p entryPage) placeField(r *web.Request) kit.Field {
	f := p.needed(p.field("place", r.Say.T("programme.lists.place")))
	f.Help, f.InputMode, f.MaxLength = r.Say.T("programme.lists.place.help"), "numeric", 4
	return f
}

func (p entryPage) wordsField(r *web.Request) kit.Field {
	f := p.field("words", r.Say.T("programme.lists.words"))
	f.Help, f.Rows = r.Say.T("programme.lists.words.help"), 3
	return f
}

func (p entryPage) fromField(r *web.Request, i int) kit.Field {
	f := p.needed(p.field(lists.FromField(i), r.Say.T("programme.lists.from")))
	f.Type = "date"
	return f
}

// asksTypo reports whether it is asked whether a name was written wrongly: when a name
// that has held was written otherwise.
func (p entryPage) asksTypo() bool {
	return p.Form.Get(lists.TypoField) != "" || len(p.Form.Fault.At(lists.TypoField)) > 0
}

// asksEarlier reports whether it is asked whether it was called so before today, too.
func (p entryPage) asksEarlier() bool {
	if p.Form.Get(lists.EarlierField) != "" || len(p.Form.Fault.At(lists.EarlierField)) > 0 {
		return true
	}
	for _, f := range p.Form.Fault.At(lists.TypoField) {
		if f.Key == "programme.lists.fault.now_or_before" {
			return true
		}
	}
	return false
}

func (p entryPage) typoTick(r *web.Request) kit.Field {
	f := p.field(lists.TypoField, r.Say.T("programme.lists.typo"))
	f.Help = r.Say.T("programme.lists.typo.help")
	return f
}

func (p entryPage) earlierTick(r *web.Request) kit.Field {
	f := p.field(lists.EarlierField, r.Say.T("programme.lists.earlier"))
	f.Help = r.Say.T("programme.lists.earlier.help")
	return f
}

// corrections tell which names that had held were written otherwise, the latest first.
func corrections(r *web.Request, e profile.Entry) (out []string) {
	for _, c := range slices.Backward(e.Corrected) {
		key := "programme.lists.corrected.earlier"
		if c.Typo {
			key = "programme.lists.corrected.typo"
		}
		out = append(out, r.Say.T(key, "day", dayOf(r, c.Day), "was", c.Was, "is", c.Is))
	}
	return out
}

// opened reports whether a name is shown unfolded: one that was just written, or is wrong.
func (p entryPage) opened(i int) bool {
	return p.wrongName(i) || i >= len(p.Entry.Names) && writing.Read(p.Form.Values, lists.NameField(i)) != (i18n.Text{})
}

// current is the place of the name that holds today: it is shown first.
func (p entryPage) current() int {
	for i, n := range p.Entry.Names {
		if n.From == p.Entry.Now.From {
			return i
		}
	}
	return 0
}

// summary says which name is unfolded.
func (p entryPage) summary(r *web.Request, i int) string {
	if i >= len(p.Entry.Names) {
		return r.Say.T("programme.lists.rename")
	}
	n := p.Entry.Names[i]
	if i == 0 {
		return r.Say.T("programme.lists.first", "name", n.Name)
	}
	return r.Say.T("programme.lists.since", "name", n.Name, "day", dayOf(r, n.From))
}

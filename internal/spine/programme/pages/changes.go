package pages

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// Fields of the page on which a change is shown before it is made.
const (
	sureField  = "sure"
	againField = "again" // back to the form, with what was typed
	wordsField = "words_"

	askedField  = "asked_" // it was asked whether a text of the place stays
	reopenField = "reopen" // applications open again
	untilField  = "reopen_until"
)

// changesPage is the data of the page "What changes".
type changesPage struct {
	programme.Preview
	Form  writing.Form
	Names []string // of those whom no message reaches, as far as they are shown
	Why   []string // beside each name: how she is reached then
	More  int      // who is not named
	Late  bool     // it is another change than the one that was shown before
	Words func(i18n.Language) *i18n.Printer
}

// mostUnreached is how many are named.
const mostUnreached = 60

// wordsOf reads what was said of the languages in which a place is not written.
func wordsOf(v url.Values) map[string]string {
	out := map[string]string{}
	for _, name := range []string{programme.PartVenue, programme.PartAddress} {
		if said := v.Get(wordsField + name); said != "" {
			out[name] = said
		}
	}
	return out
}

// staysOf reads which texts of the place are said to be right as they are.
func staysOf(v url.Values) (out []string) {
	for _, name := range programme.StaysNames {
		if v.Get(programme.StaysField(name)) != "" {
			out = append(out, name)
		}
	}
	return out
}

// untilOf reads until when applications are to be open again; zero for what is no moment.
func untilOf(v url.Values) time.Time {
	t, err := time.ParseInLocation(localTime, v.Get(untilField), programme.Bishkek)
	if err != nil {
		return time.Time{}
	}
	return t
}

// ofChanges reports whether a fault is of what the page of the changes itself asks.
func ofChanges(f *fault.Error) bool {
	return slices.ContainsFunc(f.FieldNames(), func(name string) bool { return name == reopenField || name == untilField })
}

// showChanges shows what a change would do, before it is done.
// wrong is what was refused of what it asks, nil for nothing.
func (s *Service) showChanges(r *web.Request, c programme.ChangeActivity, now writing.Form, wrong *fault.Error) error {
	page := changesPage{Late: c.Sure != "" && wrong == nil, Words: s.words}
	if page.Words == nil {
		page.Words = func(i18n.Language) *i18n.Printer { return r.Say }
	}
	if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		page.Preview, err = s.programme.Foresee(ctx, tx, c)
		return err
	}); err != nil {
		return err
	}
	page.Form = writing.Form{Values: r.PostForm, Stale: now.Stale, Fault: wrong}
	if page.Shut != nil && !page.Form.Has(untilField) {
		page.Form.Set(untilField, programme.Stamp(page.Shut.Offer, localTime))
	}
	for _, name := range page.Behind {
		if page.Late || r.PostForm.Get(askedField+name) != "" {
			page.Form.Fault = cmp.Or(page.Form.Fault, fault.New(fault.Invalid, "programme.changes.behind"))
			page.Form.Fault.Fields = append(page.Form.Fault.Fields, fault.At(programme.StaysField(name), "programme.fault.stays."+name))
		}
	}
	for name := range page.Missing {
		for _, l := range page.Missing[name] {
			if page.Late || r.PostForm.Get(wordsField+name) != "" { // she was asked before
				page.Form.Fault = cmp.Or(page.Form.Fault, fault.New(fault.Invalid, "programme.changes.missing"))
				page.Form.Fault.Fields = append(page.Form.Fault.Fields, fault.At(name+"_"+string(l), "programme.changes.missing.here"))
			}
		}
	}
	if err := s.nameUnreached(r, &page); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	status := http.StatusOK
	if page.Form.Fault != nil {
		status = http.StatusUnprocessableEntity
	} else if page.Late {
		status = http.StatusConflict
	}
	return r.Page(status, changesShown(r, page))
}

// nameUnreached names those whom no message reaches, and notes each in her log.
func (s *Service) nameUnreached(r *web.Request, page *changesPage) error {
	var list []programme.Concerned
	for _, c := range page.Concerned {
		switch {
		case c.Reached():
		case c.Named && s.names != nil && len(list) < mostUnreached:
			list = append(list, c)
		default:
			page.More++
		}
	}
	if len(list) == 0 {
		return nil
	}
	ids := make([]storage.ID, len(list))
	for i, c := range list {
		ids[i] = c.Person
	}
	return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		names, err := s.names(ctx, tx, ids)
		if err != nil {
			return err
		}
		page.Names, page.Why = nil, nil
		for _, c := range list {
			page.Names, page.Why = append(page.Names, names[c.Person]), append(page.Why, whyUnreached(c))
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: ids, Action: "programme.audit.unreached", Object: page.After.ID})
	})
}

func whyUnreached(c programme.Concerned) string {
	if c.Call {
		return "programme.changes.call"
	}
	return "programme.changes.no_way"
}

// kept are the fields that go along unseen.
func (p changesPage) kept() (out []kit.Item) {
	seen := map[string]bool{web.TokenField: true, sureField: true, againField: true}
	for _, name := range programme.StaysNames {
		seen[askedField+name] = true
		if p.behind(name) {
			seen[programme.StaysField(name)] = true
		}
	}
	seen[reopenField], seen[untilField] = true, true
	for _, name := range programme.StaysNames {
		_, asks := p.Missing[name]
		asks = asks || p.behind(name)
		for _, l := range i18n.Languages {
			field := name + "_" + string(l)
			seen[field] = true
			if !asks && p.Form.Has(field) {
				out = append(out, kit.Item{Label: field, Value: p.After.Text(name).Exactly(l)})
			}
		}
		if asks {
			seen[wordsField+name] = true
		}
	}
	var names []string
	for name := range p.Form.Values {
		if !seen[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range p.Form.Values[name] {
			out = append(out, kit.Item{Label: name, Value: v})
		}
	}
	return out
}

// behind reports whether it is asked whether a text of the place stays.
func (p changesPage) behind(name string) bool { return slices.Contains(p.Behind, name) }

// missing are the texts that are not written in every language, in the order of the page.
func (p changesPage) missing() (out []string) {
	for _, name := range []string{programme.PartVenue, programme.PartAddress} {
		if _, asks := p.Missing[name]; asks {
			out = append(out, name)
		}
	}
	return out
}

// missingIn names the languages of a text.
func (p changesPage) missingIn(name string) string {
	var out []string
	for _, l := range p.Missing[name] {
		out = append(out, kit.LanguageName(l))
	}
	return strings.Join(out, ", ")
}

// wordItems are what may be said of the languages in which a text is not written.
func wordItems(r *web.Request) []kit.Item {
	return []kit.Item{
		{Value: "own", Label: r.Say.T("programme.changes.words.own")},
		{Value: programme.SameWords, Label: r.Say.T("programme.changes.words.same")},
		{Value: programme.KeptWords, Label: r.Say.T("programme.changes.words.kept")},
	}
}

// group are those who are concerned as the same, and how they are reached.
type group struct {
	As                                  string
	People                              int
	By                                  map[i18n.Language]int // who gets a message, by her language
	Chat, Letters, Texts, Calls, Nobody int
}

// groups counts who is concerned, in the order in which they come.
func (p changesPage) groups() (out []group) {
	place := map[string]int{}
	for _, c := range p.Concerned {
		i, there := place[c.As]
		if !there {
			i = len(out)
			place[c.As] = i
			out = append(out, group{As: c.As, By: map[i18n.Language]int{}})
		}
		g := &out[i]
		g.People++
		switch {
		case c.Chat:
			g.Chat++
		case c.Letters:
			g.Letters++
		case c.Text:
			g.Texts++
		case c.Call:
			g.Calls++
		default:
			g.Nobody++
		}
		if c.Reached() {
			g.By[c.Lang]++
		}
	}
	return out
}

// texts reports whether somebody gets a text message.
func (p changesPage) texts() bool {
	return slices.ContainsFunc(p.Concerned, func(c programme.Concerned) bool { return c.Text })
}

// told is how many get a message.
func (p changesPage) told() (n int) {
	for _, c := range p.Concerned {
		if c.Reached() {
			n++
		}
	}
	return n
}

// partIn says a part of a meeting in one language; what is not written in it is not said.
func (p changesPage) partIn(r *web.Request, m programme.Meeting, part string, l i18n.Language) string {
	text := i18n.Text{}
	switch part {
	case programme.PartVenue:
		text = m.Venue
	case programme.PartAddress:
		text = m.Address
	}
	if text != (i18n.Text{}) && text.Exactly(l) == "" {
		return r.Say.T("programme.changes.unwritten")
	}
	return head.PartWords(p.Words(l), m, part)
}

// callsPath is the page of the activity that lists whom to call, empty where there is none.
func callsPath(r *web.Request, p editPage) string {
	if p.Parts == nil {
		return ""
	}
	for _, part := range p.Parts(r, p.Activity) {
		if part.Calls {
			return strings.ReplaceAll(part.Path, "{slug}", p.Activity.Slug)
		}
	}
	return ""
}

// Fared is how the messages about a move fared.
type Fared struct {
	Arrived, UnderWay int
	Failed            map[string]int // by why: no_address, unsure, refused
}

// failures are the reasons for which a message did not arrive.
var failures = []string{"no_address", "unsure", "refused"}

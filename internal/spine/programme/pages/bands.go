package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// bandsPath is the page of the sets of age bands.
const bandsPath = listsPath + "/bands"

// spareBands is how many empty rows the form of a set has beside those that hold.
const spareBands = 3

// bandsPage is the data of the page of age bands.
type bandsPage struct {
	Lists    *profile.Lists
	Now      time.Time
	Earliest string // the first day from which others may hold
	Form     writing.Form
	Look     *profile.BandSet // what would hold, when she asked to see it
}

func (s *Service) readBandsPage(r *web.Request) (page bandsPage, err error) {
	page.Lists, err = s.readLists(r)
	page.Now = s.store.Now()
	page.Earliest = lists.EarliestBands(page.Now)
	return page, err
}

func (s *Service) showBands(r *web.Request) error {
	page, err := s.readBandsPage(r)
	if err != nil {
		return err
	}
	page.Form = formOfBands(page.Lists, page.Lists.BandsOn(page.Now))
	return r.Page(http.StatusOK, bandsEditor(r, page))
}

func (s *Service) takeBands(r *web.Request) error {
	page, err := s.readBandsPage(r)
	if err != nil {
		return err
	}
	typed := rowsTogether(r.PostForm)
	c := lists.SetBands{Actor: r.Actor, Seen: typed.Get("seen"), From: strings.TrimSpace(typed.Get("from")), Bands: readBands(typed)}
	if typed.Get("sure") == "" { // what would change; nothing is written
		var set profile.BandSet
		err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			set, err = s.lists.LookAtBands(ctx, tx, c)
			return err
		})
		if err == nil {
			page.Look, page.Form = &set, writing.Form{Values: typed}
			page.Form.Set("seen", lists.BandsSeen(page.Lists))
			return r.Page(http.StatusOK, bandsEditor(r, page))
		}
	} else {
		err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.lists.SetBands(ctx, tx, c)
			return err
		})
	}
	if err != nil {
		return s.bandsRefused(r, page, typed, err)
	}
	r.SetFlash("good", "programme.bands.saved", "day", dayOf(r, c.From))
	return r.Redirect(bandsPath)
}

func (s *Service) takeBandsBack(r *web.Request) error {
	page, err := s.readBandsPage(r)
	if err != nil {
		return err
	}
	c := lists.TakeBackBands{Actor: r.Actor, Seen: r.PostForm.Get("seen"), From: r.PathValue("day")}
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.lists.TakeBackBands(ctx, tx, c)
	}); err != nil {
		return s.bandsRefused(r, page, formOfBands(page.Lists, page.Lists.BandsOn(page.Now)).Values, err)
	}
	r.SetFlash("good", "programme.bands.taken_back", "day", dayOf(r, c.From))
	return r.Redirect(bandsPath)
}

func (s *Service) bandsRefused(r *web.Request, page bandsPage, typed url.Values, err error) error {
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f.Code == fault.Conflict { // what stands there now is what she sees
		if page.Lists, err = s.readLists(r); err != nil {
			return err
		}
	}
	page.Form = writing.Form{Values: typed, Fault: f}
	page.Form.Set("seen", lists.BandsSeen(page.Lists))
	return r.Page(web.Status(f.Code), bandsEditor(r, page))
}

// formOfBands shows the bands of a set, to be changed into those of another.
func formOfBands(have *profile.Lists, set profile.BandSet) writing.Form {
	f := writing.Form{Values: url.Values{}}
	f.Set("seen", lists.BandsSeen(have))
	for i, code := range set.Bands {
		a, _ := profile.AgesOf(code)
		f.Set(lists.AgesFromField(i), strconv.Itoa(a.From))
		if a.To > 0 {
			f.Set(lists.AgesToField(i), strconv.Itoa(a.To))
		}
	}
	return f
}

// mostRows is how many rows of bands are read, so that too many are told and not lost.
const mostRows = 40

// rowsTogether gives a form whose empty rows of bands are gone, so that a row of the form
// is a band of the command.
func rowsTogether(v url.Values) url.Values {
	out, to := url.Values{}, 0
	for _, name := range []string{"seen", "from", "sure"} {
		out.Set(name, v.Get(name))
	}
	for i := range mostRows {
		from, until := strings.TrimSpace(v.Get(lists.AgesFromField(i))), strings.TrimSpace(v.Get(lists.AgesToField(i)))
		if from != "" || until != "" {
			out.Set(lists.AgesFromField(to), from)
			out.Set(lists.AgesToField(to), until)
			to++
		}
	}
	return out
}

// bandRows counts the bands of a form whose rows stand together.
func bandRows(v url.Values) (n int) {
	for v.Has(lists.AgesFromField(n)) {
		n++
	}
	return n
}

// readBands reads the bands of a form. What is no age is one that may not stand there.
func readBands(v url.Values) (out []profile.Ages) {
	age := func(name string) int {
		n, err := strconv.Atoi(v.Get(name))
		if err != nil {
			return -1
		}
		return n
	}
	for i := range bandRows(v) {
		a := profile.Ages{From: age(lists.AgesFromField(i))}
		if v.Get(lists.AgesToField(i)) != "" {
			if a.To = age(lists.AgesToField(i)); a.To == 0 {
				a.To = -1 // written, and no end
			}
		}
		out = append(out, a)
	}
	return out
}

// rows is how many rows the form shows: those that were typed and some that are empty.
func (p bandsPage) rows() int {
	return max(bandRows(p.Form.Values), min(bandRows(p.Form.Values)+spareBands, lists.MostBands))
}

func (p bandsPage) field(name, label string) kit.Field {
	return kit.Field{Name: name, Label: label, Value: p.Form.Get(name), Fault: p.Form.Fault, Autocomplete: "off", InputMode: "numeric", MaxLength: 3, Kept: true}
}

func (p bandsPage) dayField(r *web.Request) kit.Field {
	f := kit.Field{Name: "from", Label: r.Say.T("programme.bands.from"), Value: p.Form.Get("from"), Fault: p.Form.Fault, Type: "date", Min: p.Earliest, Required: true}
	f.Help = r.Say.T("programme.bands.from.help", "day", dayOf(r, p.Earliest))
	return f
}

// bandLabels name the fields in the summary of what is wrong.
func bandLabels(r *web.Request, p bandsPage) kit.Labels {
	out := kit.Labels{"from": r.Say.T("programme.bands.from")}
	for i := range p.rows() {
		out[lists.AgesFromField(i)] = r.Say.T("programme.bands.row", "number", i+1) + ", " + r.Say.T("programme.bands.ages_from")
		out[lists.AgesToField(i)] = r.Say.T("programme.bands.row", "number", i+1) + ", " + r.Say.T("programme.bands.ages_to")
	}
	return out
}

// bandWords names bands in a row.
func bandWords(r *web.Request, codes []string) string {
	var out []string
	for _, code := range codes {
		out = append(out, profile.Of(profile.AgeBand).Word(r.Say, code))
	}
	return strings.Join(out, ", ")
}

// holds says of a set whether it held, holds or will hold.
func (p bandsPage) holds(set profile.BandSet) (tag, key string) {
	switch {
	case set.From > profile.Day(p.Now):
		return "wait", "programme.bands.state.coming"
	case set.From == p.Lists.BandsOn(p.Now).From:
		return "good", "programme.bands.state.now"
	}
	return "", "programme.bands.state.former"
}

func bandsSince(r *web.Request, set profile.BandSet) string {
	if set.From == "" {
		return r.Say.T("programme.bands.ever")
	}
	return dayOf(r, set.From)
}

// bandChange is what becomes of a band when others hold.
type bandChange struct{ Old, Words string }

// changes tell of each band that holds before what it is counted as afterwards.
func (p bandsPage) changes(r *web.Request) (out []bandChange) {
	before := p.Lists.BandsOn(startOf(p.Look.From).AddDate(0, 0, -1))
	for _, old := range before.Bands {
		c := bandChange{Old: bandWords(r, []string{old})}
		switch whole := p.Look.OfBand(old); {
		case whole == old:
			c.Words = r.Say.T("programme.bands.change.same")
		case whole != "":
			c.Words = r.Say.T("programme.bands.change.joined", "band", bandWords(r, []string{whole}))
		default:
			c.Words = r.Say.T("programme.bands.change.divided", "bands", bandWords(r, p.meeting(old)))
		}
		out = append(out, c)
	}
	return out
}

// meeting are the bands to come that share an age with a band.
func (p bandsPage) meeting(old string) (out []string) {
	a, _ := profile.AgesOf(old)
	last := a.To
	if last == 0 {
		last = profile.OldestAge
	}
	for age := a.From; age <= last; age++ {
		if code := p.Look.OfAge(age); !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// startOf is the first moment of a written day in Bishkek.
func startOf(day string) time.Time {
	at, _ := time.ParseInLocation(time.DateOnly, day, i18n.Bishkek())
	return at
}

// kept are the fields that the second step sends along.
func (p bandsPage) kept() (out []kit.Item) {
	for name := range p.Form.Values {
		if name != "sure" {
			out = append(out, kit.Item{Label: name, Value: p.Form.Get(name)})
		}
	}
	slices.SortFunc(out, func(a, b kit.Item) int { return strings.Compare(a.Label, b.Label) })
	return out
}

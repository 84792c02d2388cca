package sheets

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// printPage is the data of the page.
type printPage struct {
	Activity programme.Activity
	Ask
	Count    int
	HTML     string // the sheet
	Replaced int    // texts in which a letter stands as □
	Unnamed  int    // who did not agree that others read her name
	Long     bool   // it has more days than stand on a sheet
	Amounts  Amounts
	Cities   []kit.Item // that people come from, by name
	People   []kit.Item // whose fare may be set
	Sets     bool       // who asks may set amounts
	Form     url.Values
	Fault    *fault.Error
}

// Path is the address of the page, without language.
func (p printPage) Path() string { return "/staff/seminars/" + p.Activity.Slug + "/print" }

// of is the address of another sheet in the same language.
func (p printPage) of(k Kind) string {
	return p.Path() + "?" + url.Values{"sheet": {string(k)}, "in": {string(p.Lang)}}.Encode()
}

// value is what stands in a field: what was typed when something is wrong, else what is kept.
func (p printPage) value(field, kept string) string {
	if p.Fault != nil && p.Form.Has(field) {
		return p.Form.Get(field)
	}
	return kept
}

// kept writes an amount for a field, empty for none.
func kept(som int64, set bool) string {
	if !set {
		return ""
	}
	return strconv.FormatInt(som, 10)
}

// field makes one for an amount.
func (p printPage) field(name, label, help, value string) kit.Field {
	return kit.Field{Name: name, Label: label, Help: help, Value: p.value(name, value), InputMode: "numeric", MaxLength: 12, Autocomplete: "off", Fault: p.Fault}
}

func (m *Module) show(r *web.Request) error {
	return m.draw(r, r.URL.Query(), nil)
}

// drawn reads the roll and notes the look in the log of each who is on the sheet.
func (m *Module) drawn(r *web.Request, form url.Values, note func(ctx context.Context, tx *storage.Tx, v roll, ask Ask) error) (d *drawing, wrong, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		v, err := m.read(ctx, tx, r.Actor, r.PathValue("slug"))
		if err != nil {
			return err
		}
		d = &drawing{roll: v, base: m.PublicURL}
		if d.Ask, wrong = readAsk(form, r.Lang, v.Activity.Past(tx.Now)); fault.Is(wrong, fault.NotFound) {
			return wrong
		}
		d.say = r.Say
		if d.Lang != r.Lang {
			d.say = m.Words(d.Lang)
		}
		return note(ctx, tx, v, d.Ask)
	})
	return d, wrong, err
}

// draw shows a sheet as it leaves the printer, with what was typed and what is wrong with it.
func (m *Module) draw(r *web.Request, form url.Values, f *fault.Error) error {
	d, wrong, err := m.drawn(r, form, func(ctx context.Context, tx *storage.Tx, v roll, ask Ask) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: v.persons(ask.Kind), Action: "sheets.audit.shown", Object: v.Activity.ID})
	})
	if err != nil {
		return err
	}
	if f == nil && wrong != nil {
		if f, err = web.Invalid(wrong); err != nil {
			return err
		}
	}
	if d.Kind == all {
		d.Kind = SignIn
	}
	paper, err := d.sheet()
	if err != nil {
		return err
	}
	var html bytes.Buffer
	if err := paper.WriteHTMLUnder(&html, 2); err != nil {
		return err
	}
	p := printPage{
		Activity: d.Activity, Ask: d.Ask, Count: len(d.Guests), HTML: html.String(), Replaced: d.replaced, Amounts: d.Amounts,
		Long: len(seats.DaysOf(d.Activity, MostDays+1)) > MostDays, Sets: r.Actor.May(seats.MaySetUp, seats.ScopeOf(d.Activity)), Form: form, Fault: f,
	}
	for _, g := range d.Guests {
		if !g.Named {
			p.Unnamed++
		}
		p.People = append(p.People, kit.Item{Value: g.ID.String(), Label: g.Details.FullName})
		if city := g.Details.City; city != "" && !slices.ContainsFunc(p.Cities, func(i kit.Item) bool { return i.Value == city }) {
			p.Cities = append(p.Cities, kit.Item{Value: city, Label: cityWord(r.Say, r.Lang, city, d.Activity.Starts)})
		}
	}
	slices.SortFunc(p.Cities, func(a, b kit.Item) int {
		return bytes.Compare(i18n.CollationKey(a.Label), i18n.CollationKey(b.Label))
	})
	status := http.StatusOK
	if f != nil {
		status = web.Status(f.Code)
	}
	return r.Page(status, page(r, m.Parts, p))
}

// send gives a sheet, or all of them in one file, as a PDF. Each who is on it is told.
func (m *Module) send(r *web.Request) error {
	d, wrong, err := m.drawn(r, r.PostForm, func(ctx context.Context, tx *storage.Tx, v roll, ask Ask) error {
		for _, person := range v.persons(ask.Kind) {
			if person == r.Actor.Person {
				continue
			}
			if err := audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: person, Action: "sheets.audit.printed", Object: v.Activity.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = wrong
	}
	if err != nil {
		return err
	}
	paper, err := d.sheet()
	if err != nil {
		return err
	}
	pdf, err := paper.PDF()
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="`+string(d.Kind)+"-"+d.Activity.Slug+"-"+string(d.Lang)+`.pdf"`)
	_, err = r.W.Write(pdf)
	return err
}

// back leads to the sheet of allowances as it was shown.
func (m *Module) back(r *web.Request) error {
	q := url.Values{"sheet": {string(Costs)}}
	for _, name := range []string{"in", "when"} {
		if v := r.PostFormValue(name); v != "" {
			q.Set(name, v)
		}
	}
	return r.Redirect("/staff/seminars/" + r.PathValue("slug") + "/print?" + q.Encode())
}

// change runs a use case on the activity of the address and leads back to the sheet.
func (m *Module) change(r *web.Request, said string, do func(ctx context.Context, tx *storage.Tx, activity storage.ID) error) error {
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
		if err != nil {
			return err
		}
		return do(ctx, tx, a.ID)
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		form := r.PostForm
		form.Set("sheet", string(Costs))
		return m.draw(r, form, f)
	}
	r.SetFlash("good", said)
	return m.back(r)
}

func (m *Module) takeAmounts(r *web.Request) error {
	cmd := SetAmounts{Actor: r.Actor, Day: r.PostFormValue("day"), City: map[string]string{}}
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		version = -1 // shown to nobody
	}
	cmd.Version = version
	for name, values := range r.PostForm {
		if city, is := strings.CutPrefix(name, "city_"); is && len(values) > 0 {
			cmd.City[city] = values[0]
		}
	}
	return m.change(r, "sheets.amounts.kept", func(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
		cmd.Activity = activity
		return m.SetAmounts(ctx, tx, cmd)
	})
}

func (m *Module) takeFare(r *web.Request) error {
	app, err := storage.ParseID(r.PostFormValue("person"))
	if err != nil {
		app = storage.ID{} // nobody, which the use case says at the field
	}
	cmd := SetFare{Actor: r.Actor, Application: app, Som: r.PostFormValue("som")}
	return m.change(r, "sheets.fare.kept", func(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
		cmd.Activity = activity
		return m.SetFare(ctx, tx, cmd)
	})
}

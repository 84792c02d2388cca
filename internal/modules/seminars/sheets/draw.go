package sheets

import (
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// drawing draws the sheets of a roll in one language.
type drawing struct {
	roll
	Ask
	say      *i18n.Printer
	base     string // address of the house
	replaced int    // texts in which a letter stands as □
}

// sheet draws what was asked for. NotFound when the activity has no such sheet.
func (d *drawing) sheet() (document.Document, error) {
	if d.Kind != all {
		return d.one(d.Kind)
	}
	var whole document.Document
	for _, k := range kinds {
		if !k.Of(d.Activity) {
			continue
		}
		one, err := d.one(k)
		if err != nil {
			return whole, err
		}
		if whole.Title == "" {
			whole = one
		} else {
			whole.Behind = append(whole.Behind, one)
		}
	}
	return whole, nil
}

func (d *drawing) one(k Kind) (document.Document, error) {
	if !k.Of(d.Activity) {
		return document.Document{}, fault.New(fault.NotFound, "sheets.fault.sheet")
	}
	switch k {
	case Badges:
		return d.badges()
	case List:
		return d.list(), nil
	case Costs:
		return d.costs(), nil
	case Photo:
		return d.photo(), nil
	case Poster:
		return d.poster()
	}
	return d.signIn(), nil
}

// t is a text of the sheet.
func (d *drawing) t(key string, pairs ...any) string { return d.say.T(key, pairs...) }

// word gives what somebody wrote with a box for each letter that no paper can hold, and
// counts it.
func (d *drawing) word(text string) string {
	out := document.Drawable(text)
	if strings.Count(out, "□") > strings.Count(text, "□") {
		d.replaced++
	}
	return out
}

func (d *drawing) city(code string) string {
	return d.word(cityWord(d.say, d.Lang, code, d.Activity.Starts))
}

// home is the city or the village that somebody comes from.
func (d *drawing) home(who people.Details) string {
	if who.City == profile.Other && who.Village != "" {
		return d.word(who.Village)
	}
	return d.city(who.City)
}

// cityWord names a place that people come from, as it was called on a day.
func cityWord(say *i18n.Printer, l i18n.Language, code string, day time.Time) string {
	switch code {
	case "":
		return ""
	case profile.Other:
		return forms.Question{Kind: forms.AskPlace}.Word(say, code)
	}
	return profile.Said(say).CityNameOn(l, code, day)
}

func (d *drawing) title() string { return d.word(d.Activity.Title.In(d.Lang)) }

// day says the days of the activity.
func (d *drawing) day(short bool) string {
	form := i18n.Date
	if short {
		form = i18n.DateShort
	}
	if len(d.Days) == 0 {
		return ""
	}
	text := form(d.Lang, d.Days[0])
	if last := d.Days[len(d.Days)-1]; len(d.Days) > 1 {
		text += " – " + form(d.Lang, last)
	}
	return text
}

// place says where it is, as far as that is known.
func (d *drawing) place() string {
	var parts []string
	for _, part := range []string{d.city(d.Activity.City), d.word(d.Activity.Venue.In(d.Lang)), d.word(d.Activity.Address.In(d.Lang))} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// paper begins a sheet: its name, and what it is of.
func (d *drawing) paper(k Kind, size document.Paper) document.Document {
	size.Margin = 12
	name := d.t("sheets.kind." + string(k))
	of := d.title()
	if when := d.when(); when != "" {
		of += " · " + when
	}
	if place := d.place(); place != "" {
		of += " · " + place
	}
	return document.Document{
		Lang: string(d.Lang), Title: name + " · " + d.title(), Author: d.word(d.Programme.Organiser.In(d.Lang)), Made: d.At, Paper: size,
		Head: document.Furniture{Left: d.word(d.Programme.Name.In(d.Lang)), Right: d.day(true)},
		Foot: document.Furniture{Page: func(page, pages int) string { return d.t("sheets.page", "page", page, "pages", pages) }},
		Body: []document.Block{
			document.Heading{Level: 1, Text: document.Plain(name)},
			document.Paragraph{Text: document.Plain(of)},
		},
	}
}

// when says the days and, of one day, the hours.
func (d *drawing) when() string {
	text := d.day(false)
	if len(d.Days) == 1 && !d.Activity.Ends.IsZero() {
		text += ", " + i18n.TimeRange(d.Lang, d.Activity.Starts, d.Activity.Ends)
	}
	return text
}

// boxes are the two boxes of yes and no.
func (d *drawing) boxes() string {
	return "☐\u00A0" + d.t("sheets.yes") + "   ☐\u00A0" + d.t("sheets.no")
}

func number(n int) string { return strconv.Itoa(n) }

// som writes an amount as the language does.
func (d *drawing) som(n int64) string { return i18n.Number(d.Lang, n) }

// count says how many people are on a sheet, as its language counts.
func (d *drawing) count() string { return d.t("sheets.count", "count", len(d.Guests)) }

// heads makes the row of heads of a table.
func (d *drawing) heads(keys ...string) []document.Row {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = d.t("sheets.column." + k)
	}
	return []document.Row{document.Cells(texts...)}
}

// shortDay is a day at the head of a column: "28.11.".
func (d *drawing) shortDay(day time.Time) string { return i18n.DayMonth(d.Lang, day) }

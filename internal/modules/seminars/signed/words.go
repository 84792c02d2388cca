package signed

import (
	"net/url"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func keyPath(a seats.Activity, d day, place int) string {
	return path(a, "/key?"+url.Values{"day": {string(d.Day)}, "reading": {strconv.Itoa(place)}}.Encode())
}

// said is what each of the two readings says of somebody.
func said(r *web.Request, d dayData, g guest) string {
	if d.Readings[0].Signed[g.ID] {
		return r.Say.T("signed.said.first")
	}
	return r.Say.T("signed.said.second")
}

// faultAt is what is wrong with the form of a day.
func faultAt(s standing, d dayData) *fault.Error {
	if s.At != d.Day {
		return nil
	}
	return s.Fault
}

// chosen is what was decided of somebody, as it was sent or as it is kept.
func chosen(s standing, d dayData, g guest) []string {
	if s.At == d.Day && s.Typed != nil {
		return s.Typed["signed_"+g.ID.String()]
	}
	signed, decided := d.Decided[g.ID]
	switch {
	case !decided:
		return nil
	case signed:
		return []string{"yes"}
	}
	return []string{"no"}
}

func missing(s standing, d dayData) string {
	if s.At == d.Day && s.Typed != nil {
		return s.Typed.Get("missing")
	}
	return "on"
}

// items are the people of a sheet, with the numbers that stand on it.
func items(d keyData) (out []kit.Item) {
	for i, g := range d.Guests {
		out = append(out, kit.Item{Value: g.ID.String(), Label: strconv.Itoa(i+1) + ". " + g.Name})
	}
	return out
}

func ticked(d keyData) (out []string) {
	for _, g := range d.Guests {
		if d.ticked(g.ID) {
			out = append(out, g.ID.String())
		}
	}
	return out
}

// stateOf says how far a reading is, and nothing of what was read.
func stateOf(r *web.Request, d dayData, place int) string {
	one := d.Readings[place-1]
	switch {
	case one == nil:
		return r.Say.T("signed.state.none")
	case one.Done.IsZero() && one.Reader == d.You:
		return r.Say.T("signed.state.yours")
	case one.Done.IsZero():
		return r.Say.T("signed.state.other")
	case one.Alone:
		return r.Say.T("signed.state.alone", "when", i18n.DateTime(r.Lang, one.Done))
	}
	return r.Say.T("signed.state.done", "when", i18n.DateTime(r.Lang, one.Done))
}

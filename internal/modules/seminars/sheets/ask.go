package sheets

import (
	"net/url"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme"
)

// Kind is a sheet.
type Kind string

// The sheets.
const (
	SignIn Kind = "signin"
	Badges Kind = "badges"
	List   Kind = "list"
	Costs  Kind = "costs"
	Photo  Kind = "photo"
	Poster Kind = "poster"

	all Kind = "all" // each of them, in one file
)

var kinds = [...]Kind{SignIn, Badges, List, Costs, Photo, Poster}

// Of reports whether an activity has the sheet: a poster shows a page that strangers may
// open, so neither a draft nor what is by invitation has one, nor what was cancelled.
func (k Kind) Of(a programme.Activity) bool {
	return k != Poster || a.OpenToStrangers() && a.State == programme.Published
}

// Ask says which sheet is wanted, and how.
type Ask struct {
	Kind Kind
	Lang i18n.Language // of the sheet
	Rows int           // empty ones at the end of the sheet to sign
	Came bool          // days that somebody was there are paid, not those that are planned
}

const (
	usualRows = 5
	// MostRows bounds the empty rows of a sheet to sign.
	MostRows = 40

	whenPlanned, whenCame = "planned", "came"
)

// readAsk reads what an address or a form asks for. What it does not say is as usual: the
// sheet to sign, the language of the page, and the days that are over once all are.
func readAsk(form url.Values, lang i18n.Language, past bool) (Ask, error) {
	a := Ask{Kind: SignIn, Lang: lang, Rows: usualRows, Came: past}
	if k := Kind(form.Get("sheet")); k != "" {
		a.Kind = k
		known := k == all
		for _, one := range kinds {
			known = known || one == k
		}
		if !known {
			return a, fault.New(fault.NotFound, "sheets.fault.sheet")
		}
	}
	var wrong fault.Form
	if text := form.Get("in"); text != "" {
		l, ok := i18n.Parse(text)
		wrong.Check(ok, "in", "fault.not_a_choice")
		if ok {
			a.Lang = l
		}
	}
	if text := form.Get("rows"); text != "" {
		n, err := strconv.Atoi(text)
		wrong.Check(err == nil && n >= 0 && n <= MostRows, "rows", "sheets.fault.rows", fault.Args{"count": MostRows})
		if err == nil {
			a.Rows = min(max(n, 0), MostRows)
		}
	}
	switch form.Get("when") {
	case "":
	case whenPlanned:
		a.Came = false
	case whenCame:
		a.Came = true
	default:
		wrong.Add("when", "fault.not_a_choice")
	}
	return a, wrong.Err()
}

// when is Came as forms say it.
func (a Ask) when() string {
	if a.Came {
		return whenCame
	}
	return whenPlanned
}

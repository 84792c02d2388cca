package programme

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Stale says of which text which language has lagged behind since when: its
// source was changed in another language and it was not.
type Stale map[string]map[i18n.Language]time.Time

// Since tells since when a text is stale in a language; zero when it is not.
func (s Stale) Since(text string, l i18n.Language) time.Time { return s[text][l] }

// Note gives what is stale after a change of one text.
func (s Stale) Note(text string, before, after i18n.Text, now time.Time) Stale {
	if before == after {
		return s
	}
	out := Stale{}
	for name, languages := range s {
		if name != text {
			out[name] = languages
		}
	}
	lag := map[i18n.Language]time.Time{}
	for _, l := range i18n.Languages {
		old := s.Since(text, l)
		switch {
		case before.Exactly(l) != after.Exactly(l) || after.Exactly(l) == "":
			// It has just been written, or there is nothing that could lag.
		case !old.IsZero():
			lag[l] = old
		case s.rewritten(text, before, after):
			lag[l] = now
		}
	}
	if len(lag) > 0 {
		out[text] = lag
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// rewritten reports whether a change leaves the other languages behind. A
// translation that is added, or brought up to date, leaves nobody behind.
func (s Stale) rewritten(text string, before, after i18n.Text) bool {
	for _, l := range i18n.Languages {
		if was := before.Exactly(l); was != "" && was != after.Exactly(l) && s.Since(text, l).IsZero() {
			return true
		}
	}
	return false
}

// TextNames are the texts that people edit, in the order of the page.
var TextNames = []string{"title", "summary", "description", "gain", "directions"}

// Text is the text of a name of TextNames.
func (t *Template) Text(name string) *i18n.Text {
	switch name {
	case "title":
		return &t.Title
	case "summary":
		return &t.Summary
	case "description":
		return &t.Description
	case "gain":
		return &t.Gain
	}
	return &t.Directions
}

// PlaceNames are the texts that only an activity has.
var PlaceNames = []string{"venue", "address", "subject"}

// Text is the text of a name of TextNames or PlaceNames.
func (a *Activity) Text(name string) *i18n.Text {
	switch name {
	case "title":
		return &a.Title
	case "summary":
		return &a.Summary
	case "description":
		return &a.Description
	case "gain":
		return &a.Gain
	case "directions":
		return &a.Directions
	case "venue":
		return &a.Venue
	case "address":
		return &a.Address
	}
	return &a.Subject
}

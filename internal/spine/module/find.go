package module

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Finder finds one kind of what staff look for: people, seminars, materials.
type Finder struct {
	Kind  string // of the address, unique in the house: "people"
	Order int    // its place on the page, the smallest first
	Text  string // key of the heading: "People"
	Needs access.Permission
	// Find looks in a Read. It gives only what the asker may open, and counts only that.
	// Seek is Find for who reads in transactions of its own, as of a memory that it renews;
	// a finder has one of both.
	Seek func(ctx context.Context, r *web.Request, s Sought) (Found, error)
	Find func(ctx context.Context, tx *storage.Tx, r *web.Request, s Sought) (Found, error)
}

// Found is what a finder has found.
type Found struct {
	Hits  []Hit  // the first Sought.Most of them
	Count int    // all of them
	All   string // path of a list that shows the same, without language; empty for none
	// Note writes down whose data was shown, before it is shown; nil when there is none.
	Note func(ctx context.Context, tx *storage.Tx) error
}

// Hit is one thing that was found.
type Hit struct {
	Title string
	Lang  i18n.Language // of the title; empty: that of the page
	About string        // what tells it from others of its name, in the language of the page
	Path  string        // of its page, without language
	// Saves reports that the path is a file to be saved.
	Saves bool
}

// Sought is what is looked for.
type Sought struct {
	Typed string // as it was typed, bounded
	Most  int    // how many of a kind are shown
	words []string
}

// LongestSought bounds what is looked for, in letters; no name or title is longer.
const LongestSought = 120

// Seek reads what was typed.
func Seek(typed string, most int) Sought {
	typed = strings.TrimSpace(typed)
	if utf8.RuneCountInString(typed) > LongestSought {
		typed = string([]rune(typed)[:LongestSought])
	}
	return Sought{Typed: typed, Most: most, words: strings.Fields(i18n.FoldKey(typed))}
}

// Empty reports whether there is nothing to look for: no two letters or figures in a row.
func (s Sought) Empty() bool {
	row := 0
	for _, c := range s.Typed {
		if row++; !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			row = 0
		}
		if row == 2 {
			return false
		}
	}
	return true
}

// In reports whether every word that is sought begins a word of the texts, however either
// is spelt: Cyrillic or Latin, with the letters that people mix up.
func (s Sought) In(texts ...string) bool {
	if s.Empty() || len(s.words) == 0 {
		return false
	}
	there := " " + i18n.FoldKey(strings.Join(texts, " "))
	for _, w := range s.words {
		if !strings.Contains(there, " "+w) {
			return false
		}
	}
	return true
}

// InText is In for a text in all its languages, and more.
func (s Sought) InText(t i18n.Text, more ...string) bool {
	return s.In(append([]string{t.Ky, t.Ru, t.En}, more...)...)
}

// Add counts a hit, and keeps it while there is room.
func (f *Found) Add(s Sought, h Hit) {
	f.Count++
	if len(f.Hits) < s.Most {
		f.Hits = append(f.Hits, h)
	}
}

// Package i18n holds what differs between languages: texts with plural forms,
// dates, numbers, order and folding of names.
package i18n

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
	"time"
)

// Catalogue holds the texts of all modules in the three languages.
type Catalogue struct {
	texts map[Language]map[string]message
	bring func() any
}

// message is one text: forms by CLDR plural category, "other" when there is one form only.
type message map[string]string

// Load reads ky.json, ru.json and en.json of each file system. A file maps a
// key to a text, or to an object of plural forms chosen by the argument
// "count". A text names its arguments in braces: "{count} places".
func Load(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Language]map[string]message{}}
	for _, l := range Languages {
		c.texts[l] = map[string]message{}
		for _, src := range sources {
			raw, err := fs.ReadFile(src, string(l)+".json")
			if err != nil {
				return nil, fmt.Errorf("texts: %w", err)
			}
			file, err := textsOf(raw)
			if err != nil {
				return nil, fmt.Errorf("texts %s: %w", l, err)
			}
			for key, m := range file {
				if _, twice := c.texts[l][key]; twice {
					return nil, fmt.Errorf("texts %s: %s is there twice", l, key)
				}
				c.texts[l][key] = m
			}
		}
	}
	return c, nil
}

// read holds what the files say that were read, by the sum of their bytes. They lie
// in the program, so there are as many as it has.
var read sync.Map // [sha256.Size]byte: map[string]message

// textsOf reads a file once, however many catalogues want it. Nobody changes what it
// gives.
func textsOf(raw []byte) (map[string]message, error) {
	sum := sha256.Sum256(raw)
	if known, ok := read.Load(sum); ok {
		return known.(map[string]message), nil
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	out := make(map[string]message, len(file))
	for key, v := range file {
		var one string
		if json.Unmarshal(v, &one) == nil {
			out[key] = message{"other": one}
			continue
		}
		var forms message
		if err := json.Unmarshal(v, &forms); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out[key] = forms
	}
	read.Store(sum, out)
	return out, nil
}

// Keys lists the keys of a language, sorted.
func (c *Catalogue) Keys(l Language) []string {
	out := make([]string, 0, len(c.texts[l]))
	for k := range c.texts[l] {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// Arguments lists the names that the texts of a key use in any language, sorted, with
// the count that plural forms are chosen by.
func (c *Catalogue) Arguments(key string) []string {
	all := message{}
	for l, texts := range c.texts {
		for form, text := range texts[key] {
			all[string(l)+form] = text
		}
		if len(texts[key]) > 1 {
			all["chosen"] = "{count}"
		}
	}
	return argumentsOf(all)
}

// Printer gives the texts of one language.
func (c *Catalogue) Printer(l Language) *Printer {
	p := &Printer{Lang: l, texts: c.texts[l]}
	if c.bring != nil {
		p.brought = c.bring()
	}
	return p
}

// Bring gives the catalogue what else a house calls things by: names that are data, of
// cities or of groups. Each printer takes along what bring gives when it is made. It is
// called once, before anybody speaks.
func (c *Catalogue) Bring(bring func() any) { c.bring = bring }

// Printer speaks one language.
type Printer struct {
	Lang    Language
	texts   map[string]message
	brought any
}

// Brought is what Catalogue.Bring gave when the printer was made; nil when it gave nothing.
func (p *Printer) Brought() any { return p.brought }

// Has reports whether there is a text for the key.
func (p *Printer) Has(key string) bool { _, ok := p.texts[key]; return ok }

// T gives a text. Arguments are pairs of name and value: T("seats.left",
// "count", 9). A number is written as the language writes numbers; an
// i18n.Text is given in the language. An unknown key is shown in brackets and
// found by a test.
func (p *Printer) T(key string, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return p.With(key, args)
}

// With is T with the arguments in a map.
func (p *Printer) With(key string, args map[string]any) string {
	forms, ok := p.texts[key]
	if !ok {
		return "[" + key + "]"
	}
	text, ok := forms["other"]
	if !ok {
		text = forms["many"] // Russian, of what is no whole number
	}
	if len(forms) > 1 {
		if f, ok := forms[PluralForm(p.Lang, args["count"])]; ok {
			text = f
		}
	}
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(text[i:], '}')
		if j < 0 {
			break
		}
		b.WriteString(text[:i])
		b.WriteString(p.value(args[text[i+1:i+j]]))
		text = text[i+j+1:]
	}
	b.WriteString(text)
	return b.String()
}

func (p *Printer) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case Text:
		return v.In(p.Lang)
	case int:
		return Number(p.Lang, v)
	case int64:
		return Number(p.Lang, v)
	case float64:
		return Decimal(p.Lang, v, 2)
	case time.Time:
		return DateTime(p.Lang, v)
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

// PluralForm gives the CLDR category of a whole number in a language: ky and
// en "one" or "other"; ru "one", "few" or "many".
func PluralForm(l Language, count any) string {
	var n int64
	switch v := count.(type) {
	case int:
		n = int64(v)
	case int64:
		n = v
	default:
		return "other"
	}
	if n < 0 {
		n = -n
	}
	if l != Russian {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	switch {
	case n%10 == 1 && n%100 != 11:
		return "one"
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return "few"
	}
	return "many"
}

package roster

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
)

// keptPath is the page on which somebody reads all that is kept of her.
const keptPath = "/me/kept"

// Kept is a part of an archive as its person reads it: one value, or the parts that it has.
type Kept struct {
	Label string // what it is called; empty for one of a list
	Raw   string // a value as the archive has it
	Words string // the value as it is read
	Parts []Kept
	List  bool // Parts are values or records of one kind
	Plain bool // it is a value
}

// Values counts the values in it.
func (k Kept) Values() (n int) {
	if k.Plain {
		return 1
	}
	for _, p := range k.Parts {
		n += p.Values()
	}
	return n
}

// machine is the value as the archive has it; of a file it is only how it begins, since the
// file itself comes with the archive.
func (k Kept) machine() string { return k.Raw[:min(len(k.Raw), mostMachine)] }

// mostMachine is longer than any value but a file: messages are bounded by it.
const mostMachine = 64 << 10

// flat reports whether all its parts are values.
func (k Kept) flat() bool {
	return !slices.ContainsFunc(k.Parts, func(p Kept) bool { return !p.Plain })
}

// Columns are the labels of a list of records that hold nothing but values, in their order;
// none where it is no such list, so that no table can be made of it.
func (k Kept) Columns() (out []string) {
	for _, row := range k.Parts {
		if row.Plain || row.List || !k.List {
			return nil
		}
		for _, cell := range row.Parts {
			if !cell.Plain {
				return nil
			}
			if !slices.Contains(out, cell.Label) {
				out = append(out, cell.Label)
			}
		}
	}
	return out
}

// Cell is the value of a row below a label.
func (k Kept) Cell(label string) Kept {
	for _, p := range k.Parts {
		if p.Label == label {
			return p
		}
	}
	return Kept{}
}

// keptSections stand first on the page, in this order; access stands last, since it is the
// longest.
var keptSections = []string{"person", "contacts", "consents", "roles", "sessions", "organisation_accounts"}

// keptFields are the names of values in archives that have words here, in small letters; a
// module that calls something else so says in Reads what it is called.
var keptFields = []string{
	"id", "purpose", "version", "wording", "lang", "given", "at", "action", "role", "scope", "programme", "city",
	"activity", "begins", "ends", "asleep", "origin", "device", "made", "seen", "used", "kind", "state", "value",
	"proven", "answers", "values", "files", "asked", "key", "question", "label", "file", "moves", "from", "to",
	"why", "channel", "subject", "text", "outlet", "words", "steps", "what", "until", "rows", "details", "telegram",
	"changed", "certificate", "neutral", "name", "type", "data", "answer", "answered", "reason", "how", "day",
}

// Reading says how an archive is read.
type Reading struct {
	Say  *i18n.Printer
	Lang i18n.Language
	// Reads are those of all modules (people.Service.Reads).
	Reads map[string]string
	// City names a city for people; nil: by the lists.
	City func(code string) string
}

// Read makes of an archive, the JSON of people.Service.Export, what its person reads: every
// value of it, and nothing else. unknown are the paths of what there are no words for, which
// is shown as it stands in the archive.
func Read(of Reading, archive []byte) (sections []Kept, unknown []string, err error) {
	decoder := json.NewDecoder(bytes.NewReader(archive))
	decoder.UseNumber()
	root, err := inOrder(decoder)
	if err != nil {
		return nil, nil, err
	}
	k := &keptReader{Reading: of}
	members, _ := root.([]member)
	place := func(m member) int {
		if i := slices.Index(keptSections, m.name); i >= 0 {
			return i
		}
		if m.name == "access" {
			return len(keptSections) + 1
		}
		return len(keptSections)
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(place(a), place(b)) })
	for _, m := range members {
		part := k.read(m.name, m.name, m.value)
		switch key := of.Reads[m.name+":"]; {
		case key != "":
			part.Label = of.Say.T(key)
		case of.Say.Has("people.kept." + m.name):
			part.Label = of.Say.T("people.kept." + m.name)
		default:
			part.Label = m.name
			k.unknown = append(k.unknown, m.name)
		}
		sections = append(sections, part)
	}
	return sections, k.unknown, nil
}

// member is a name of an object with its value; they come in the order of the archive.
type member struct {
	name  string
	value any
}

// inOrder reads JSON: objects as members, arrays as slices, values as encoding/json has them.
func inOrder(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delimiter, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	object, list := []member{}, []any{}
	for d.More() {
		name := ""
		if delimiter == '{' {
			token, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, _ = token.(string)
		}
		value, err := inOrder(d)
		if err != nil {
			return nil, err
		}
		object, list = append(object, member{name, value}), append(list, value)
	}
	if _, err := d.Token(); err != nil { // the end of it
		return nil, err
	}
	if delimiter == '{' {
		return object, nil
	}
	return list, nil
}

type keptReader struct {
	Reading
	unknown []string
}

// read reads one value. path names it without the places in lists, section is the first
// part of it.
func (k *keptReader) read(section, path string, value any) Kept {
	switch v := value.(type) {
	case []member:
		out := Kept{}
		for _, m := range v {
			at := path + "." + m.name
			part := k.read(section, at, m.value)
			if k.Reads[path+".*"] != "" { // the name is one of hers, not of the archive
				part = k.read(section, path+".*", m.value)
				part.Label = m.name
			} else {
				part.Label = k.label(section, at, m.name)
			}
			out.Parts = append(out.Parts, part)
		}
		return out
	case []any:
		out := Kept{List: true}
		for _, one := range v {
			out.Parts = append(out.Parts, k.read(section, path, one))
		}
		return out
	case string:
		return Kept{Plain: true, Raw: v, Words: k.words(path, v)}
	case json.Number:
		return Kept{Plain: true, Raw: v.String(), Words: k.words(path, v.String())}
	case bool:
		if v {
			return Kept{Plain: true, Raw: "true", Words: k.Say.T("people.kept.yes")}
		}
		return Kept{Plain: true, Raw: "false", Words: k.Say.T("people.kept.no")}
	}
	return Kept{Plain: true, Raw: "null", Words: k.Say.T("people.kept.nothing")}
}

// label names a part of a record.
func (k *keptReader) label(section, path, name string) string {
	if field := profile.Of(profile.Name(name)); section == "person" && field.Name != "" {
		return field.Label(k.Say)
	}
	if slices.Contains(i18n.Languages[:], i18n.Language(name)) {
		return kit.LanguageName(i18n.Language(name))
	}
	if key := k.Reads[path+":"]; key != "" {
		return k.Say.T(key)
	}
	if key := "people.kept.field." + strings.ToLower(name); k.Say.Has(key) {
		return k.Say.T(key)
	}
	k.unknown = append(k.unknown, path)
	return name
}

// words says a value as it is read: codes in words, moments as dates.
func (k *keptReader) words(path, raw string) string {
	if raw == "" {
		return k.Say.T("people.kept.nothing")
	}
	if key := k.Reads[path+"="+raw]; key != "" {
		return k.Say.T(key)
	}
	if prefix, coded := k.Reads[path]; coded {
		switch key := prefix + raw; {
		case prefix == keptFile:
			return k.Say.T("people.kept.file", "count", base64.StdEncoding.DecodedLen(len(raw))-strings.Count(raw, "="))
		case prefix == keptNames: // the name is hers, and so is the value
			return raw
		case k.Say.Has(key):
			return k.Say.T(key)
		case path == "access.action": // a page of staff
			return k.Say.T("people.audit.viewed")
		case prefix != "" && path != "consents.Purpose": // what somebody wrote; or a purpose of a form, whose wording stands beside it
			k.unknown = append(k.unknown, path+"="+raw)
		}
		return raw
	}
	if at, err := time.Parse(time.RFC3339Nano, raw); err == nil {
		if at.Year() <= 1 || at.Equal(storage.Instant(0)) {
			return k.Say.T("people.kept.nothing")
		}
		return i18n.DateTime(k.Lang, at)
	}
	if id, err := storage.ParseID(raw); err == nil && id.IsZero() {
		return k.Say.T("people.kept.nothing")
	}
	name := profile.Name(path[strings.LastIndexByte(path, '.')+1:])
	switch {
	case name == profile.City && k.City != nil || path == "roles.Scope.City" && k.City != nil:
		return k.City(raw)
	case name == profile.Lang || path == "consents.Lang":
		return kit.LanguageName(i18n.Language(raw))
	case strings.HasPrefix(path, "person.") && profile.Of(name).Chosen():
		return profile.Of(name).Word(k.Say, raw)
	}
	return raw
}

// keptFile marks, among what modules say of their archive, the bytes of a file.
const keptFile = "file"

// keptNames marks a part whose names are data.
const keptNames = "data"

// keptPage draws the archive itself: what ExportOwn gives for the file, and nothing else.
func (s *Pages) keptPage(r *web.Request) error {
	var archive []byte
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		data, err := s.people.ExportOwn(ctx, tx, r.Actor)
		if err != nil {
			return err
		}
		archive, err = json.Marshal(data)
		return err
	})
	if err != nil {
		return err
	}
	of := Reading{Say: r.Say, Lang: r.Lang, Reads: s.people.Reads(), City: func(code string) string { return s.cityName(r, code) }}
	sections, _, err := Read(of, archive)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, keptAll(r, sections))
}

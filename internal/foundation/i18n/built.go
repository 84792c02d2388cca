package i18n

import "strings"

// Built is a family of keys that code puts together while it runs, so that no search
// of the code finds them. Who builds them says here which there are; a test holds
// that each has its text and that no text of the family is idle. Without a star it
// is a word that only looks like a key: the purpose of a link, a subject of the bus.
type Built struct {
	Keys string   // a key with a star for what is filled in: "seminars.state.*"
	Of   []string // what stands for the star
	Some bool     // only some have a text: the code asks Printer.Has first
	Why  string   // why no key can be written out
}

// List gives the keys of the family.
func (b Built) List() []string {
	out := make([]string, len(b.Of))
	for i, of := range b.Of {
		out[i] = strings.Replace(b.Keys, "*", of, 1)
	}
	return out
}

// Start is the part of the keys before the star, as it stands in the code; whole is
// true for a word that is no key.
func (b Built) Start() (start string, whole bool) {
	start, _, star := strings.Cut(b.Keys, "*")
	return start, !star
}

// Words makes a list of any kind of words one that Of takes.
func Words[S ~string](list ...S) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

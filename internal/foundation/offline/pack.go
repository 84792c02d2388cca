package offline

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Version is that of the form of packs: a device that knows another one asks for all.
const Version = 1

// Pack is what a device gets. Instants are milliseconds since 1970.
type Pack struct {
	Version int     `json:"version"`
	Made    int64   `json:"made"`
	Until   int64   `json:"until"` // then the device deletes it
	Key     string  `json:"key"`   // base64url
	Lock    Lock    `json:"lock"`
	Rules   any     `json:"rules"`
	Shelves []Shelf `json:"shelves"`
}

// Shelf is a part of the rows. A device that has one of this tag is sent the tag alone.
type Shelf struct {
	Tag  string `json:"tag"`
	Rows *[]any `json:"rows"` // nil: as the device has it
	fill func() []any
}

// tagLen is how many bytes of an HMAC tell two states of a shelf apart: of four billion
// changes one is not seen.
const tagLen = 4

// NewShelf makes a shelf of what it says, whatever bytes tell that, and of what makes the
// rows that say it: sealed ones differ each time, and cost.
func NewShelf(k Key, says any, fill func() []any) (Shelf, error) {
	raw, err := json.Marshal(says)
	if err != nil {
		return Shelf{}, err
	}
	return Shelf{Tag: base64.RawURLEncoding.EncodeToString(k.sum("shelf", raw)[:tagLen]), fill: fill}, nil
}

// New makes a pack that is good until an instant. Rules must write themselves as JSON.
func New(k Key, lock Lock, made, until time.Time, rules any, shelves []Shelf) Pack {
	return Pack{
		Version: Version, Made: made.UnixMilli(), Until: until.UnixMilli(),
		Key: base64.RawURLEncoding.EncodeToString(k[:]), Lock: lock, Rules: rules, Shelves: shelves,
	}
}

// Tag tells what a pack says apart from what it said before; when it was made is no part of
// that. It is a strong ETag, without its quotes.
func (p Pack) Tag(k Key) (string, error) {
	var tags []string
	for _, s := range p.Shelves {
		tags = append(tags, s.Tag)
	}
	raw, err := json.Marshal([]any{p.Version, p.Until, p.Lock, p.Rules, tags})
	return base64.RawURLEncoding.EncodeToString(k.sum("pack", raw)[:16]), err
}

// Fill makes the rows of the shelves that a device has not: have are the tags that it has,
// in the order of the shelves, joined by points; with another number of them it is sent all.
// It gives the places of those it filled.
func (p Pack) Fill(have string) (_ Pack, filled []int) {
	has := strings.Split(have, ".")
	p.Shelves = slices.Clone(p.Shelves)
	for i, s := range p.Shelves {
		if len(has) == len(p.Shelves) && has[i] == s.Tag {
			continue
		}
		rows := append([]any{}, s.fill()...)
		p.Shelves[i].Rows = &rows
		filled = append(filled, i)
	}
	return p, filled
}

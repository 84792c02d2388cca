package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// saved is testdata/before/manifest.json: what the saved state of the version
// before holds, and what must be true of it whichever later version opens it.
type saved struct {
	Clock        time.Time        `json:"clock"` // at which the sessions that are alive live
	PublicURL    string           `json:"public_url"`
	People       []savedPerson    `json:"people"`
	Erased       []savedGone      `json:"erased"`
	Merged       []savedGone      `json:"merged"`
	Facts        []savedFacts     `json:"facts"`
	Counted      []savedCount     `json:"counted"`
	Applications []savedStates    `json:"applications"`
	Scans        map[string]int   `json:"scans"`    // by result
	Messages     map[string]int   `json:"messages"` // by state
	Jobs         map[string]int   `json:"jobs_waiting"`
	Drafts       []savedDraft     `json:"drafts"`
	Links        []savedLink      `json:"links"`
	Pages        []savedPage      `json:"pages"`
	Codes        []savedCode      `json:"codes"`
	Phones       []savedPhone     `json:"phones"`
	Files        []savedFile      `json:"files"`
	Tables       map[string]int64 `json:"tables"`         // rows
	OfErased     map[string]int64 `json:"rows_of_erased"` // of these, those that an erasure left
}

// savedPerson is one case, told in Story.
type savedPerson struct {
	Case         string             `json:"case"`
	Story        string             `json:"story"`
	ID           storage.ID         `json:"id"`
	Details      people.Details     `json:"details"`
	Proven       bool               `json:"proven"`
	ProvenBy     string             `json:"proven_by"` // code, passkey
	Contacts     []savedContact     `json:"contacts"`
	Passkeys     []savedPasskey     `json:"passkeys"`
	Sessions     []savedSession     `json:"sessions"`
	Roles        []savedRole        `json:"roles"`
	Consents     []savedConsent     `json:"consents"` // the oldest first
	Applications []savedApplication `json:"applications"`
	Messages     map[string]int     `json:"messages"` // by state
	Facts        map[string]int     `json:"facts"`    // rows by kind
	Looks        int                `json:"looks"`    // entries of the audit log
}

type savedContact struct {
	Kind  string `json:"kind"` // email, phone, telegram
	Value string `json:"value"`
	State string `json:"state"` // typed, proven
}

// savedPasskey is a passkey in software. Stays is whether it opens her record
// once contacts are proven, Why the reason.
type savedPasskey struct {
	Credential string `json:"credential"` // its id, as browsers write it
	Key        []byte `json:"key"`        // PKCS #8
	Count      uint32 `json:"count"`      // of its last signature
	Stays      bool   `json:"stays"`
	Why        string `json:"why"`
}

// savedSession is the cookie of a browser. One that is not alive at the clock
// opens nothing, before and after; Stays and Origin tell what the others become.
type savedSession struct {
	Token    string `json:"token"`
	Device   string `json:"device"` // as she named it
	SignedBy string `json:"signed_by"`
	Alive    bool   `json:"alive"`
	Stays    bool   `json:"stays"`
	Origin   string `json:"origin"` // application, proven, passkey
}

type savedRole struct {
	Role     string `json:"role"`
	City     string `json:"city"`
	Activity string `json:"activity"` // its slug
	Awake    bool   `json:"awake"`
}

type savedConsent struct {
	Purpose string    `json:"purpose"`
	Version string    `json:"version"`
	Lang    string    `json:"lang"`
	Given   bool      `json:"given"`
	At      time.Time `json:"at"`
}

type savedApplication struct {
	Activity string              `json:"activity"` // its slug
	State    string              `json:"state"`
	Answers  map[string][]string `json:"answers"`
	Files    map[string]string   `json:"files"` // SHA-256 by question
	Moves    []string            `json:"moves"` // "when from > to: why", sorted
	Tickets  []savedTicket       `json:"tickets"`
	Extra    bool                `json:"extra_seat"`
}

type savedTicket struct {
	Code    string `json:"code"`
	Revoked bool   `json:"revoked"`
}

// savedGone is a record that is no longer a person of its own. No page and no
// search finds the words of an erased one.
type savedGone struct {
	Case  string     `json:"case"`
	ID    storage.ID `json:"id"`
	Into  string     `json:"into"` // case of the person it was merged into
	Words []string   `json:"words"`
}

// savedFacts counts rows that are alike. Month is that of Bishkek.
type savedFacts struct {
	Month    string `json:"month"`
	Kind     string `json:"kind"`
	Activity string `json:"activity"`
	Value    int64  `json:"value"`
	Profile  string `json:"profile"`
	Rows     int    `json:"rows"`
}

// savedCount is what a month counts once each retraction is counted in the
// month of the fact that it takes back.
type savedCount struct {
	Month  string `json:"month"`
	Kind   string `json:"kind"`
	People int    `json:"people"`
	Times  int    `json:"times"`
}

type savedStates struct {
	Activity string         `json:"activity"`
	Seats    int            `json:"seats_taken"`
	States   map[string]int `json:"states"`
	OfErased map[string]int `json:"of_erased"` // of these, those of the erased
}

// savedDraft is a half-filled form and the cookie that opens it.
type savedDraft struct {
	Activity string              `json:"activity"`
	Secret   string              `json:"secret"`
	Values   map[string][]string `json:"values"`
}

// savedLink is an address that stands in a letter, or behind it.
type savedLink struct {
	Path  string `json:"path"`
	Case  string `json:"case"`
	Reads string `json:"reads"`
}

// savedPage is a page that somebody's living session reads.
type savedPage struct {
	Case  string   `json:"case"`
	Path  string   `json:"path"`
	Reads []string `json:"reads"`
}

// savedCode is a sign-in code on its way: sealed in a message that waits.
type savedCode struct {
	Case    string `json:"case"`
	Browser string `json:"browser"` // cookie of the browser that asked
	Code    string `json:"code"`
}

type savedPhone struct {
	Activity string `json:"activity"`
	Token    string `json:"token"`
}

type savedFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// shelf is where the saved state lies.
const shelf = "testdata/before"

func readSaved(t *testing.T) (m saved) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shelf, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// person finds a case.
func (m saved) person(t *testing.T, name string) savedPerson {
	t.Helper()
	for _, p := range m.People {
		if p.Case == name {
			return p
		}
	}
	t.Fatalf("the manifest tells nothing of %s", name)
	return savedPerson{}
}

package people

import (
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
)

// Options are what the room needs from the house.
type Options struct {
	Keys       *seal.Keyring
	Store      *storage.Store // for Identify and the pages
	PublicURL  string         // https://… makes cookies secure and names the passkey's site
	Tombstones *Tombstones    // nil: erased people are not noted outside the database
	// Book holds the lists of the house: cities, groups, age bands, levels. Nil: any word is a
	// city, and the others are those with which a house begins.
	Book   *profile.Book
	Issuer *oidc.Issuer // of the organisation's accounts, by which staff may sign in; nil: none
	Demo   bool         // sign-in links of the demo work, staff need no passkey
	// EraseWait is how long an erasure waits for what is under way, 0 for half a minute.
	EraseWait time.Duration
	Log       *slog.Logger // nil: silent
}

// Service is the room of people.
type Service struct {
	keys       *seal.Keyring
	store      *storage.Store
	url        string
	secure     bool
	demo       bool
	tombstones *Tombstones
	book       *profile.Book
	courier    Courier
	modules    []module.Manifest
	issuer     *oidc.Issuer       // nil: the organisation has none
	webauthn   *webauthn.WebAuthn // nil: the site has no name that passkeys accept
	wait       time.Duration      // of an erasure
	log        *slog.Logger
	wordings   sync.Map // of consents that are known to be stored
	asked      []Asked  // what modules ask people to agree to
	directory  directory
}

// New opens the room.
func New(o Options) *Service {
	s := &Service{keys: o.Keys, store: o.Store, url: o.PublicURL, demo: o.Demo, tombstones: o.Tombstones, book: o.Book, issuer: o.Issuer, log: o.Log}
	s.webauthn = passkeyConfig(o.PublicURL)
	s.secure = strings.HasPrefix(o.PublicURL, "https://")
	if s.wait = o.EraseWait; s.wait == 0 {
		s.wait = leavingWait
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Lists gives the cities, groups, age bands and levels of the house as they are now.
func (s *Service) Lists() *profile.Lists { return s.book.Now() }

// Demo reports whether the people here are invented and links of the demo sign in.
func (s *Service) Demo() bool { return s.demo }

// Attach names the modules whose rows are erased, exported and merged with a
// person. The house calls it once, when all modules are made.
func (s *Service) Attach(modules []module.Manifest) {
	s.modules = modules
	s.asked = askedBy(modules)
}

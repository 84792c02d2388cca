// Package app is the list of modules and the one place where everything is wired.
package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/live"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// Options are what the commands decide; all else is configuration.
type Options struct {
	Demo  bool              // invented people, links that sign in, mail stays in a mailbox page
	Serve bool              // the house will serve its data folder, which one process may do
	Log   *slog.Logger      // nil: silent
	Clock func() time.Time  // nil: the system's clock
	Say   func(line string) // tells the operator what she must know; nil: the log does
	Undo  time.Duration     // how long a message to a group can be taken back in the demo; 0: as everywhere

	AnyHour bool // in the demo: messages go at night as by day

	SMS        bool // in the demo: text messages go, into a box
	Applicants int  // in the demo, for the seminar that waits for its selection; 0: some three for each seat

	authorityRoots *x509.CertPool                     // of the ACME authority in tests; nil: the system's
	room           func(folder string) (int64, error) // free bytes of a folder's disk in tests; nil: as the system says
	modules        func(*App) []module.Manifest       // more of them, in tests
	replanned      func(query string)                 // told of each statement that SQLite planned anew, in tests
}

// App is the whole house, open for people.
type App struct {
	config    config.Config
	options   Options
	store     *storage.Store
	keys      *seal.Keyring
	bus       *live.Bus
	files     files.Store
	box       *mail.Box // of the demo, nil elsewhere
	rooms     rooms
	book      *profile.Book // the lists of the house: cities, groups, age bands, levels
	house     module.House
	routes    []web.Route
	table     access.Table
	catalogue *i18n.Catalogue
	handler   http.Handler
	measures  *measures // nil when nobody asks
	readiness *readiness
	buried    buried
	runner    *jobs.Runner
	closing   chan struct{} // closed when the house closes, ends open streams
	lock      *os.File      // of the data folder, nil when it is not served
}

// Open opens the data, makes what is missing, and wires all modules. Nothing
// runs yet; see Run.
func Open(ctx context.Context, c config.Config, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return open(ctx, &App{config: c, options: o, closing: make(chan struct{})})
}

// open opens a house whose keys may be given already.
func open(ctx context.Context, a *App) (_ *App, err error) {
	c := a.config
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if a.options.Serve {
		if a.lock, err = serveAlone(c); err != nil {
			return nil, err
		}
	}
	keepPrivate(ctx, c, a.options.Log)
	if err := a.openData(ctx); err != nil {
		return nil, err
	}
	if a.bus, err = live.Open(ctx, c.NATSURL); err != nil {
		return nil, err
	}
	if a.files, err = files.New(c.FilesURL, c.Data); err != nil {
		return nil, err
	}
	if err := a.furnish(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// join makes of the modules one server and one job runner.
func (a *App) join(catalogue *i18n.Catalogue) error {
	a.catalogue = catalogue
	a.readiness = &readiness{store: a.store, clock: a.options.Clock, within: readyWithin}
	table := access.Table{}
	a.table = table
	var kinds []jobs.Kind
	var nav, footer, strip []web.NavItem
	site := &siteCache{app: a}
	a.routes = a.ownRoutes()
	for _, m := range a.house.Manifests() {
		for p, roles := range m.Permissions {
			if _, twice := table[p]; twice {
				return fmt.Errorf("permission %s is declared twice", p)
			}
			table[p] = roles
		}
		a.routes = append(a.routes, m.Routes...)
		kinds = append(kinds, m.Jobs...)
		nav, footer = append(nav, m.Nav...), append(footer, m.Footer...)
		strip = append(strip, m.Strip...)
		if err := site.claim(m); err != nil {
			return err
		}
	}
	secure := false
	if base := a.config.Base(); len(base) > 6 && base[:6] == "https:" {
		secure = true
	}
	proxies, err := a.config.ProxyNets()
	if err != nil {
		return err
	}
	var observe func(web.Answered)
	if a.config.MetricsAddr != "" {
		a.measures = newMeasures(a)
		observe = a.measures.note
	}
	site.nav, site.footer, site.strip = web.InOrder(nav), web.InOrder(footer), web.InOrder(strip)
	server, err := web.NewServer(web.Options{
		Routes:    a.routes,
		Catalogue: catalogue,
		Identify: func(r *http.Request) (access.Actor, error) {
			actor, err := a.rooms.people.Identify(r)
			actor.Table = table
			return actor, err
		},
		Site: site.get,
		Waits: func(ctx context.Context, actor access.Actor) (counts map[string]int, err error) {
			err = a.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
				counts, err = a.house.Waits(ctx, tx, actor, web.MostWaits+1)
				return err
			})
			return counts, err
		},
		Stamp:     a.store.Stamp,
		ErrorPage: kit.ErrorPage,
		Log:       a.options.Log,
		Secret:    a.keys.Derive("web"),
		Clock:     a.options.Clock,
		Secure:    secure,
		Proxies:   proxies,
		Observe:   observe,
	})
	if err != nil {
		return err
	}
	a.handler = a.withLists(server)
	a.runner, err = jobs.NewRunner(jobs.Options{Store: a.store, Kinds: a.jobsWithLists(kinds), Log: a.options.Log})
	return err
}

// texts gathers the catalogues of all.
func texts(list []module.Manifest) (*i18n.Catalogue, error) {
	sources := []fs.FS{web.Texts()}
	for _, m := range list {
		if m.Texts != nil {
			sources = append(sources, m.Texts)
		}
	}
	return i18n.Load(sources...)
}

// Handler answers requests.
func (a *App) Handler() http.Handler { return a.handler }

// Manifests lists the modules, for tests that walk them.
func (a *App) Manifests() []module.Manifest { return a.house.Manifests() }

// Routes lists every route, for tests that walk them.
func (a *App) Routes() []web.Route { return a.routes }

// Store gives the database, for commands and tests.
func (a *App) Store() *storage.Store { return a.store }

// People gives the room of people, for commands.
func (a *App) People() *people.Service { return a.rooms.people }

// Texts gives the texts of a language, for commands.
func (a *App) Texts(l i18n.Language) *i18n.Printer { return a.catalogue.Printer(l) }

// Run serves on the listener and works on jobs until ctx ends; then it lets
// running requests finish, ten seconds at most.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	if os.Getenv("GOGC") == "" {
		// The house holds little and throws away much: a collection a quarter as
		// often saves a tenth of all work and costs some thirty megabytes.
		debug.SetGCPercent(400)
	}
	if a.measures != nil {
		stop, err := a.measures.serve(ctx, a.config.MetricsAddr, a.options.Log)
		if err != nil {
			return fmt.Errorf("ASHAR_METRICS_ADDR: %w", err)
		}
		defer stop()
	}
	if a.config.ACMEDomain != "" {
		stopRedirect := a.redirect(ctx, l)
		defer stopRedirect()
		safe, stop, err := a.https(ctx, l)
		if err != nil {
			return err
		}
		defer stop()
		l = safe
	}
	// Each night plans the next; the first is planned here, also after a restore.
	for _, plan := range []func(context.Context, *storage.Tx) error{ledger.PlanNight, a.house.Start} {
		if err := a.store.Write(context.WithoutCancel(ctx), plan); err != nil {
			return fmt.Errorf("plan the night: %w", err)
		}
	}
	a.runner.Start(ctx)
	stopOthers := a.startOthers(ctx)
	server := web.HTTPServer("", a.handler, a.options.Log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case <-ctx.Done():
		close(a.closing)
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err = server.Shutdown(end)
		cancel()
		<-failed
	case err = <-failed:
		close(a.closing)
	}
	stopOthers()
	a.runner.Stop()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close gives back what Open took.
func (a *App) Close() error {
	a.bus.Close()
	if c, ok := a.rooms.mail.(io.Closer); ok {
		_ = c.Close() // idle connections to the mail server: nothing is lost with them
	}
	var err error
	if a.store != nil {
		err = a.store.Close()
	}
	if a.lock != nil {
		err = errors.Join(err, a.lock.Close())
	}
	return err
}

func (a *App) file(name string) string { return filepath.Join(a.config.Data, name) }

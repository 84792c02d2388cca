package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Options are what the door needs of the house.
type Options struct {
	Routes    []Route
	Catalogue *i18n.Catalogue
	// Identify finds who asks; a fault refuses the request, nil means everybody is a stranger.
	Identify func(*http.Request) (access.Actor, error)
	// Site gives what surrounds every page; it is asked once a request and should keep its answer.
	Site func(context.Context) (*Site, error)
	// ErrorPage draws a refused request; kit.ErrorPage. Without it the page is plain text.
	ErrorPage func(*Request, Trouble) templ.Component
	Log       *slog.Logger
	// Secret is the key of form tokens, flash messages and address pseudonyms, at least 32 bytes.
	Secret []byte
	Clock  func() time.Time
	// Secure says that people come by HTTPS: cookies are Secure and HSTS is sent.
	Secure bool
	// Proxies are where proxies of ours stand, which write X-Forwarded-For; this
	// machine itself is always one.
	Proxies []netip.Prefix
	// Stamp names the state of what is stored: as long as it is the same, nothing
	// has changed. Without it no page is shared.
	Stamp func(context.Context) (string, error)
	// Observe is told of each request once it is answered; it may be nil.
	Observe func(Answered)
	// Uploads bounds the bytes of all files that are being read or worked on at a
	// time, 0 for half a gigabyte; they lie in the folder for temporary files.
	Uploads int64
	// Waits counts what waits for somebody, by the paths of the navigation; at most one more
	// than MostWaits each. It is asked when a page shows it; nil: nothing is counted.
	Waits func(context.Context, access.Actor) (map[string]int, error)
	// SignIn is the page that strangers are led to, "/sign-in" when empty.
	SignIn string
}

// Answered is a request when all is over. Route is the pattern as the code has
// it, "static" for a built file and "-" when no route was found.
type Answered struct {
	Route, Method string
	Status        int
	Took          time.Duration
}

// server is the door: one http.Handler over all routes.
type server struct {
	Options
	raw     *http.ServeMux // routes served as written
	pages   *http.ServeMux // routes of pages, without the language
	limiter *Limiter
	origin  *http.CrossOriginProtection
	static  map[string]staticFile
	shared  sharedPages
	filled  filled
}

// NewServer makes the handler of all routes. It refuses routes that do not say
// who may use them, and patterns that contradict each other.
func NewServer(o Options) (http.Handler, error) {
	if o.Catalogue == nil {
		return nil, errors.New("web: no catalogue")
	}
	if len(o.Secret) < 32 {
		return nil, errors.New("web: the secret needs at least 32 bytes")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.SignIn == "" {
		o.SignIn = "/sign-in"
	}
	if o.Uploads == 0 {
		o.Uploads = usualUploads
	}
	s := &server{
		Options: o,
		raw:     http.NewServeMux(),
		pages:   http.NewServeMux(),
		limiter: NewLimiter(o.Secret, o.Clock),
		origin:  http.NewCrossOriginProtection(),
		filled:  filled{most: o.Uploads, by: map[string]int64{}},
	}
	var err error
	if s.static, err = loadedStatic(); err != nil {
		return nil, err
	}
	if err := s.register(); err != nil {
		return nil, err
	}
	return s, nil
}

// ServeHTTP leads a request to its route.
func (s *server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	started := s.Clock()
	out := newReply(w, req)
	r := &Request{Request: req, W: out, ID: newRequestID(), Site: &Site{}}
	r.keep = func(f Flash) { s.keepFlash(out, f) }
	r.conceal = func(text string) string { return s.concealed(r.Actor, text) }
	r.reveal = func(concealed string) (string, bool) { return s.revealed(r.Actor, concealed) }
	s.speak(r, s.prefer(req))
	s.secureHeaders(out.Header())
	out.Header().Set("X-Request-Id", r.ID)
	route := "-"
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			s.Log.ErrorContext(req.Context(), "panic", "id", r.ID, "route", route, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if out.wrote() {
				out.close()
				panic(http.ErrAbortHandler) // the answer has begun: cut it, so that nobody takes it for whole
			}
			s.refuse(r, Trouble{Status: http.StatusInternalServerError, Incident: r.ID}, forMachines(req.URL.Path))
		}
		out.close()
		took := s.Clock().Sub(started)
		s.Log.InfoContext(req.Context(), "request", "id", r.ID, "method", req.Method, "route", route,
			"status", out.statusCode(), "ms", took.Milliseconds())
		if s.Observe != nil {
			s.Observe(Answered{route, req.Method, out.statusCode(), took})
		}
	}()
	s.lead(r, out, &route)
}

// lead finds the route: a built file, a page in a language, a raw route, or a
// page whose language is still to be chosen.
func (s *server) lead(r *Request, out *reply, route *string) {
	path := r.URL.Path
	if !cleanLine(path) {
		if l, _, ok := CutLanguage(path); ok {
			s.speak(r, l)
		}
		s.refuse(r, Trouble{Status: http.StatusNotFound}, false)
		return
	}
	if s.serveStatic(out, r.Request) {
		*route = "static"
		return
	}
	if path == "/leave" {
		*route = "/leave"
		s.leave(r)
		return
	}
	if l, rest, ok := CutLanguage(path); ok {
		s.speak(r, l)
		s.servePage(r, rest, route)
		return
	}
	if _, pattern := s.raw.Handler(r.Request); pattern != "" {
		s.raw.ServeHTTP(out, s.carry(r, route, func() { s.chooseLanguage(r) }))
		return
	}
	if allowed := methods(s.raw, r.Request); len(allowed) > 0 {
		s.notAllowed(r, allowed, true)
		return
	}
	s.chooseLanguage(r)
}

// servePage serves a page by its path without the language.
func (s *server) servePage(r *Request, rest string, route *string) {
	if len(rest) > 1 && strings.HasSuffix(rest, "/") {
		s.moved(r, PathIn(r.Lang, strings.TrimRight(rest, "/")))
		return
	}
	inner := *r.URL
	inner.Path, inner.RawPath = rest, ""
	req := r.Request.WithContext(r.Context())
	req.URL = &inner
	r.Request = req
	notFound := func() { s.refuse(r, Trouble{Status: http.StatusNotFound}, false) }
	if _, pattern := s.pages.Handler(req); pattern != "" {
		s.remember(r)
		s.pages.ServeHTTP(r.W, s.carry(r, route, notFound))
		return
	}
	if allowed := methods(s.pages, req); len(allowed) > 0 {
		s.notAllowed(r, allowed, false)
		return
	}
	notFound()
}

// chooseLanguage redirects a page that was asked for without a language.
func (s *server) chooseLanguage(r *Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if _, pattern := s.pages.Handler(r.Request); pattern != "" {
			target := PathIn(r.Lang, r.URL.Path)
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			r.W.Header().Add("Vary", "Accept-Language, Cookie")
			r.W.Header().Set("Cache-Control", "no-cache")
			http.Redirect(r.W, r.Request, target, http.StatusFound)
			return
		}
	}
	s.refuse(r, Trouble{Status: http.StatusNotFound}, forMachines(r.URL.Path))
}

// forMachines tells the addresses where nobody wants a page.
func forMachines(path string) bool { return strings.HasPrefix(path, "/api/") }

func (s *server) moved(r *Request, path string) {
	if path == "" || strings.HasPrefix(path, "//") {
		path = "/"
	}
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	http.Redirect(r.W, r.Request, path, http.StatusPermanentRedirect)
}

func (s *server) notAllowed(r *Request, allowed []string, raw bool) {
	r.W.Header().Set("Allow", strings.Join(allowed, ", "))
	s.refuse(r, Trouble{Status: http.StatusMethodNotAllowed}, raw)
}

// handle runs one route: who asks, may she, is the input clean, then the handler.
func (s *server) handle(r *Request, route Route) {
	r.W.Header().Set("Cache-Control", "no-store")
	if s.Site != nil {
		site, err := s.Site(r.Context())
		if err != nil {
			s.fail(r, route, fmt.Errorf("site: %w", err))
			return
		}
		if site != nil {
			r.Site = site
		}
	}
	if s.Identify != nil {
		actor, err := s.Identify(r.Request)
		if err != nil {
			s.fail(r, route, err)
			return
		}
		r.Actor = actor
	}
	if s.Options.Waits != nil {
		r.waits = func() map[string]int { return s.countWaits(r.Context(), r) }
	}
	if r.Actor.Session.IsZero() && route.Needs == access.Public {
		r.W.Header().Set("Cache-Control", "no-cache")
	}
	if !r.Actor.MaySomewhere(route.Needs) {
		s.turnAway(r, route)
		return
	}
	if route.Fresh != "" && s.Clock().Sub(r.Actor.Proven) > FreshFor {
		s.askAnew(r, route)
		return
	}
	r.again = func() (access.Actor, error) { return s.identifyAgain(r, route) }
	r.Token = s.formToken(r.Actor)
	if !route.Raw {
		s.readFlash(r)
	}
	defer func() {
		if r.release != nil {
			r.release()
		}
	}()
	if err := s.admit(r, route); err != nil {
		s.fail(r, route, err)
		return
	}
	done, err := s.share(r, route)
	if err == nil && !done {
		err = route.Handler(r)
	}
	if err != nil {
		s.fail(r, route, err)
	}
}

// identifyAgain finds out who asks now, a while after the request began. Forbidden
// when she may no longer.
func (s *server) identifyAgain(r *Request, route Route) (actor access.Actor, err error) {
	if s.Identify != nil {
		if actor, err = s.Identify(r.Request.WithContext(access.OnlyLook(r.Context()))); err != nil {
			return actor, err
		}
	}
	if actor.Session != r.Actor.Session || !actor.MaySomewhere(route.Needs) {
		return actor, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return actor, nil
}

// admit checks what comes in: origin, rate, body, form values, form token.
func (s *server) admit(r *Request, route Route) error {
	if err := s.origin.Check(r.Request); err != nil {
		return &fault.Error{Code: fault.Forbidden, Key: "fault.other_site"}
	}
	if route.Rate.Count > 0 {
		if err := s.count(r, route); err != nil {
			return err
		}
	}
	if err := s.readForm(r, route); err != nil {
		return err
	}
	if route.Danger && r.Method != http.MethodGet && r.Method != http.MethodHead && !s.tokenHolds(r) {
		return &fault.Error{Code: fault.Forbidden, Key: "fault.form_token"}
	}
	return nil
}

// count counts this request of a client against the route's rate.
func (s *server) count(r *Request, route Route) error {
	name, rate := route.Method+" "+route.Pattern+" ", route.Rate
	if r.Actor.SignedIn() {
		return s.limiter.Allow(name+r.Actor.Person.String(), rate)
	}
	if rate.Crowd > 1 {
		if c, err := r.Cookie(rate.Cookie); err == nil {
			one := hex.EncodeToString(keyed(s.Secret, "browser "+c.Value)[:12])
			if err := s.limiter.Allow(name+one, rate); err != nil {
				return err
			}
		}
		rate.Count *= rate.Crowd
	}
	return s.limiter.Allow(name+s.limiter.Client(r.Request, s.Proxies), rate)
}

// turnAway refuses who may not: a stranger who wants a page is led to sign in
// and back, everybody else is told.
func (s *server) turnAway(r *Request, route Route) {
	if r.Actor.SignedIn() {
		s.fail(r, route, fault.New(fault.Forbidden, "fault.forbidden"))
		return
	}
	if !route.Raw && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		back := r.Path(r.URL.Path)
		if r.URL.RawQuery != "" {
			back += "?" + r.URL.RawQuery
		}
		http.Redirect(r.W, r.Request, r.Path(s.SignIn)+"?back="+url.QueryEscape(back), http.StatusSeeOther)
		return
	}
	s.fail(r, route, fault.New(fault.Unauthenticated, "fault.unauthenticated"))
}

// askAnew leads a person whose sign-in is too old for what she asks to sign in
// again, and back to the page where she asked it. Nothing has been done yet.
func (s *server) askAnew(r *Request, route Route) {
	if err := s.origin.Check(r.Request); err != nil || route.Raw {
		s.fail(r, route, fault.New(fault.Forbidden, "fault.sign_in_anew"))
		return
	}
	back := route.Fresh
	for _, name := range placeholders.FindAllStringSubmatch(route.Fresh, -1) {
		back = strings.ReplaceAll(back, name[0], url.PathEscape(r.PathValue(name[1])))
	}
	http.Redirect(r.W, r.Request, r.Path(s.SignIn)+"?anew=1&back="+url.QueryEscape(r.Path(back)), http.StatusSeeOther)
}

var placeholders = regexp.MustCompile(`\{([a-z]+)\}`)

// inAMinute is after how many seconds a database that takes no changes may be asked again.
const inAMinute = 60

// fail answers an error: a fault with its status, anything else as an incident.
func (s *server) fail(r *Request, route Route, err error) {
	out, _ := r.W.(*reply)
	var big *http.MaxBytesError
	t := Trouble{Fault: fault.Of(err)}
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		t.Status, t.Fault = refused.status, refused.fault
	case t.Fault != nil:
		t.Status = Status(t.Fault.Code)
	case errors.As(err, &big):
		t.Status = http.StatusRequestEntityTooLarge
		t.Fault = tooLarge(big.Limit)
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return // nobody waits for the answer
	default:
		t.Status, t.Incident = http.StatusInternalServerError, r.ID
		if storage.TakesNoChanges(err) || storage.TookTooLong(err) {
			t.Status = http.StatusServiceUnavailable
			if r.Method == http.MethodGet || r.Method == http.MethodHead { // a page that notes who looked: nothing was sent
				r.W.Header().Set("Retry-After", strconv.Itoa(inAMinute))
			} else {
				t.Fault = fault.New(fault.Unavailable, "fault.no_changes", fault.Args{"seconds": inAMinute})
			}
		}
		s.Log.ErrorContext(r.Context(), "incident", "id", r.ID, "route", route.Pattern, "error", err.Error())
	}
	if out != nil && out.wrote() {
		s.Log.ErrorContext(r.Context(), "broken off", "id", r.ID, "route", route.Pattern, "error", err.Error())
		panic(http.ErrAbortHandler)
	}
	if t.Status == http.StatusUnauthorized && !route.Raw && r.Method == http.MethodGet {
		s.turnAway(&Request{Request: r.Request, W: r.W, Lang: r.Lang, Say: r.Say}, route)
		return
	}
	s.refuse(r, t, route.Raw)
}

// leave clears what this browser keeps of us, and leads away from here.
func (s *server) leave(r *Request) {
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	// Another site must not be able to sign people out by a link.
	if site := r.Header.Get("Sec-Fetch-Site"); site == "" || site == "same-origin" || site == "none" {
		r.Forget()
	}
	l, _ := i18n.Parse(r.URL.Query().Get("to"))
	http.Redirect(r.W, r.Request, "https://"+string(l)+".wikipedia.org/", http.StatusSeeOther)
}

// DeviceCookie holds the secret of a phone at a door: with it goes up what the phone keeps.
const DeviceCookie = "ashar_door"

// Forget tells the browser to forget what it has of us, cookies by their names too, for where
// it does not know Clear-Site-Data. Where a phone of a door has scans that could not be sent and
// name nobody (?keep=storage), its storage stays and the one cookie that they go up with: by
// that header it could clear all cookies or none.
func (r *Request) Forget() {
	keep := r.URL.Query().Get("keep") == "storage"
	r.W.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	if keep {
		r.W.Header().Set("Clear-Site-Data", `"cache"`)
	}
	for _, c := range r.Cookies() {
		if plain, host := strings.CutPrefix(c.Name, "__Host-"); !keep || plain != DeviceCookie {
			http.SetCookie(r.W, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: host, SameSite: http.SameSiteLaxMode})
		}
	}
}

// speak lets a request speak a language, with the names that hold at this moment.
func (s *server) speak(r *Request, l i18n.Language) { r.Lang, r.Say = l, s.Catalogue.Printer(l) }

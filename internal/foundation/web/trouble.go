package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
)

// Trouble is a refused request: its status, what to say, and for what nobody
// foresaw the number under which it is in the log.
type Trouble struct {
	Status   int
	Fault    *fault.Error // nil: the text of the status alone
	Incident string
}

// ErrorStatuses are those that have a page of their own, "web.error.404.title".
var ErrorStatuses = [...]int{400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}

// Key gives the text of the page, part "title" or "text".
func (t Trouble) Key(part string) string {
	status := http.StatusInternalServerError
	for _, s := range ErrorStatuses {
		if s == t.Status {
			status = s
		}
	}
	return "web.error." + strconv.Itoa(status) + "." + part
}

// general are the faults that say no more than their status: its text says it better.
var general = []string{"fault.conflict", "fault.forbidden", "fault.internal", "fault.not_found", "fault.unauthenticated", "fault.wrong_type"}

// Reason is the fault when it knows more than its status; nil where the text of the status
// is the reason. A page gives one of the two: together they may contradict each other.
func (t Trouble) Reason() *fault.Error {
	if t.Fault == nil || len(t.Fault.Fields) == 0 && slices.Contains(general, t.Fault.Key) {
		return nil
	}
	return t.Fault
}

// refusal is an error of the exchange that no fault code stands for.
type refusal struct {
	status int
	fault  *fault.Error
}

func (r *refusal) Error() string { return strconv.Itoa(r.status) + " " + r.fault.Error() }

// recognise finds who asked, where that was not found before: the page that is not there keeps
// her ways on and her way out. Who cannot be recognised is a stranger.
func (s *server) recognise(r *Request) {
	if s.Identify == nil || !r.Actor.Session.IsZero() || r.Header.Get("Cookie") == "" {
		return
	}
	if actor, err := s.Identify(r.Request.WithContext(access.OnlyLook(r.Context()))); err == nil {
		r.Actor = actor
	}
}

// refuse answers with a page, or for raw routes with an RFC 9457 problem document.
func (s *server) refuse(r *Request, t Trouble, raw bool) {
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	h.Del("Content-Disposition")
	h.Del("ETag")
	if t.Fault != nil && (t.Fault.Code == fault.Limited || t.Fault.Code == fault.Unavailable) {
		if seconds, ok := t.Fault.Args["seconds"].(int); ok {
			h.Set("Retry-After", strconv.Itoa(seconds))
		}
	}
	if raw {
		s.problem(r, t)
		return
	}
	if s.ErrorPage == nil {
		http.Error(r.W, r.Say.T(t.Key("title")), t.Status)
		return
	}
	if s.Site != nil && r.Site.PublicURL == "" && len(r.Site.Nav) == 0 {
		if site, err := s.Site(r.Context()); err == nil && site != nil {
			r.Site = site
		}
	}
	if t.Status == http.StatusNotFound || t.Status == http.StatusMethodNotAllowed {
		s.recognise(r)
	}
	if err := r.Page(t.Status, s.ErrorPage(r, t)); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", "id", r.ID, "error", err.Error())
	}
}

// problem is RFC 9457; errors lists the wrong fields of an invalid request.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty"`
	Code     string         `json:"code,omitempty"`
	Errors   []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Field  string `json:"field,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (s *server) problem(r *Request, t Trouble) {
	p := problem{Type: "about:blank", Title: r.Say.T(t.Key("title")), Status: t.Status}
	switch {
	case t.Incident != "":
		p.Instance = "urn:ashar:incident:" + t.Incident
		p.Detail = r.Say.T("fault.internal", "id", t.Incident)
	case t.Fault != nil:
		p.Code = t.Fault.Key
		p.Detail = r.Say.With(t.Fault.Key, t.Fault.Args)
		for _, f := range t.Fault.Fields {
			p.Errors = append(p.Errors, problemField{Field: f.Field, Code: f.Key, Detail: r.Say.With(f.Key, f.Args)})
		}
		if t.Fault.Field != "" {
			p.Errors = append(p.Errors, problemField{Field: t.Fault.Field, Code: t.Fault.Key, Detail: p.Detail})
		}
	default:
		p.Detail = r.Say.T(t.Key("text"))
	}
	r.W.Header().Set("Content-Type", "application/problem+json")
	r.W.Header().Set("Content-Language", string(r.Lang))
	r.W.WriteHeader(t.Status)
	if err := json.NewEncoder(r.W).Encode(p); err != nil {
		s.Log.ErrorContext(r.Context(), "problem document", "id", r.ID, "error", err.Error())
	}
}

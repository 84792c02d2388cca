package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// last is the name under which the routers hold the last part of a path, when
// it is variable: routes may name it differently and give it an ending.
const last = "last__"

var lastPart = regexp.MustCompile(`^(.*/)\{([A-Za-z_][A-Za-z0-9_]*)\}(\.[A-Za-z0-9.]+)?$`)

// slot holds the routes of one method and pattern that differ in the ending.
type slot struct{ routes []slotRoute }

type slotRoute struct {
	name, ending string
	route        Route
}

// find gives the route for the last part of a path, the longest ending first.
func (s *slot) find(part string) (slotRoute, bool) {
	for _, r := range s.routes {
		if strings.HasSuffix(part, r.ending) && len(part) > len(r.ending) {
			return r, true
		}
	}
	return slotRoute{}, false
}

// register puts all routes into the two routers.
func (s *server) register() (err error) {
	defer func() {
		if p := recover(); p != nil { // http.ServeMux has no other way to refuse
			err = fmt.Errorf("web: %v", p)
		}
	}()
	slots := map[string]*slot{}
	for _, route := range s.Routes {
		if route.Needs == "" {
			return fmt.Errorf("web: %s %s does not say who may use it", route.Method, route.Pattern)
		}
		if route.Handler == nil || route.Method == "" || !strings.HasPrefix(route.Pattern, "/") {
			return fmt.Errorf("web: %q %q is not a whole route", route.Method, route.Pattern)
		}
		mux, kind := s.pages, "page "
		if route.Raw {
			mux, kind = s.raw, "raw "
		}
		pattern := route.Pattern
		if pattern == "/" {
			pattern = "/{$}"
		}
		m := lastPart.FindStringSubmatch(pattern)
		if m == nil {
			mux.Handle(route.Method+" "+pattern, s.handler(route))
			continue
		}
		key := route.Method + " " + m[1] + "{" + last + "}"
		at := slots[kind+key]
		if at == nil {
			at = &slot{}
			slots[kind+key] = at
			mux.Handle(key, s.slotHandler(at))
		}
		for _, other := range at.routes {
			if other.ending == m[3] {
				return fmt.Errorf("web: %s %s and %s are one address", route.Method, other.route.Pattern, route.Pattern)
			}
		}
		at.routes = append(at.routes, slotRoute{name: m[2], ending: m[3], route: route})
		slices.SortFunc(at.routes, func(a, b slotRoute) int { return len(b.ending) - len(a.ending) })
	}
	return nil
}

func (s *server) handler(route Route) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		c := carriedBy(req)
		*c.route = route.Pattern
		c.request.Request = req
		s.handle(c.request, route)
	})
}

func (s *server) slotHandler(at *slot) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		c := carriedBy(req)
		part := req.PathValue(last)
		found, ok := at.find(part)
		if !ok {
			c.otherwise()
			return
		}
		req.SetPathValue(found.name, strings.TrimSuffix(part, found.ending))
		*c.route = found.route.Pattern
		c.request.Request = req
		s.handle(c.request, found.route)
	})
}

// carried takes a Request through the router, which passes only http.Request.
type carried struct {
	request   *Request
	route     *string
	otherwise func()
}

type carriedKey struct{}

func (s *server) carry(r *Request, route *string, otherwise func()) *http.Request {
	return r.Request.WithContext(context.WithValue(r.Context(), carriedKey{}, carried{r, route, otherwise}))
}

func carriedBy(req *http.Request) carried {
	c, _ := req.Context().Value(carriedKey{}).(carried)
	return c
}

// methods lists those that a router would take at a request's path.
func methods(mux *http.ServeMux, req *http.Request) []string {
	var out []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if m == req.Method || m == http.MethodGet && req.Method == http.MethodHead {
			continue
		}
		probe := *req
		probe.Method = m
		if _, pattern := mux.Handler(&probe); pattern != "" {
			out = append(out, m)
		}
	}
	return out
}

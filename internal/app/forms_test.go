package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// field is one input of a form as a browser sees it.
type field struct {
	name, kind, value string
	most              int      // maxlength, 0 for none
	choices           []string // of radio buttons and of a select
	required          bool
	unticked          bool // a box that sends nothing as it is
}

// form is a form that sends by POST.
type form struct {
	page, action string
	fields       []field
}

// formsOf reads the forms of a page.
func formsOf(t *testing.T, page, body string) (out []form) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", page, err)
	}
	attr := func(n *html.Node, name string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val, true
			}
		}
		return "", false
	}
	var fields func(n *html.Node, f *form)
	fields = func(n *html.Node, f *form) {
		if n.Type == html.ElementNode {
			name, named := attr(n, "name")
			_, required := attr(n, "required")
			in := field{name: name, required: required}
			in.value, _ = attr(n, "value")
			if v, ok := attr(n, "maxlength"); ok {
				in.most, _ = strconv.Atoi(v)
			}
			switch n.Data {
			case "input":
				if in.kind, _ = attr(n, "type"); in.kind == "" {
					in.kind = "text"
				}
				_, ticked := attr(n, "checked")
				in.unticked = (in.kind == "checkbox" || in.kind == "radio") && !ticked
				if mode, _ := attr(n, "inputmode"); mode == "numeric" {
					in.kind = "number"
				}
			case "textarea":
				in.kind, in.value = "textarea", textOf(n)
			case "select":
				in.kind = "select"
				for o := range n.Descendants() {
					if o.Data == "option" {
						v, _ := attr(o, "value")
						in.choices = append(in.choices, v)
						if _, chosen := attr(o, "selected"); chosen {
							in.value = v
						}
					}
				}
			case "button":
				in.kind = "button"
			}
			if named && in.kind != "" {
				if i := slices.IndexFunc(f.fields, func(g field) bool { return g.name == name }); i < 0 {
					if in.kind == "radio" {
						in.choices = []string{in.value}
					}
					f.fields = append(f.fields, in)
				} else if in.kind == "radio" {
					f.fields[i].choices = append(f.fields[i].choices, in.value)
					if !in.unticked {
						f.fields[i].value, f.fields[i].unticked = in.value, false
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			fields(c, f)
		}
	}
	for n := range doc.Descendants() {
		if n.Data != "form" {
			continue
		}
		method, _ := attr(n, "method")
		enctype, _ := attr(n, "enctype")
		if !strings.EqualFold(method, "post") {
			continue
		}
		f := form{page: page}
		if f.action, _ = attr(n, "action"); f.action == "" {
			f.action = page
		}
		fields(n, &f)
		if strings.Contains(enctype, "multipart") {
			f.fields = slices.DeleteFunc(f.fields, func(g field) bool { return g.kind == "file" })
		}
		out = append(out, f)
	}
	return out
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// good fills a form as somebody would who means it.
func (f form) good() url.Values {
	v := url.Values{}
	button := false
	for _, g := range f.fields {
		switch g.kind {
		case "button":
			if !button {
				v.Set(g.name, g.value)
				button = true
			}
		case "checkbox":
			if g.required {
				v.Set(g.name, "on")
			}
		case "radio", "select":
			choice := g.value
			for _, c := range g.choices {
				if choice == "" || g.kind == "radio" {
					choice = c
				}
			}
			v.Set(g.name, choice)
		default:
			if g.value == "" && g.required {
				g.value = map[string]string{"email": "walk@example.org", "tel": "0555 12 34 56", "number": "1", "date": "2026-12-01"}[g.kind]
				if g.value == "" {
					g.value = "Сынак"
				}
			}
			v.Set(g.name, g.value)
		}
	}
	return v
}

// nonsense gives what no answer to a field may be.
func (g field) nonsense() []string {
	long := strings.Repeat("щ", max(g.most, 70_000)+1)
	switch g.kind {
	case "radio", "select":
		return []string{"no-such-choice", "'; DROP TABLE person; --"}
	case "number":
		return []string{"abc", "99999999999999999999", "1\u202E2"}
	case "date", "datetime-local", "time":
		return []string{"2026-99-99", "yesterday"}
	case "hidden":
		return []string{"no-such\u202Ething"}
	case "text", "search", "email", "tel", "url", "textarea":
		return []string{"ле\u202Eво", "\xff\xfe", long}
	}
	return nil
}

var (
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{22,}`)
	slugs = regexp.MustCompile(`/(events|plan|staff/seminars|door)/[a-z0-9-]+`)
)

// kept is a digest of all rows but those that change by themselves or note the try.
func (h house) kept(t *testing.T) map[string]string {
	t.Helper()
	quiet := []string{"audit_entry", "session", "sign_in", "passkey_ceremony", "person_link", "goose_db_version", "sqlite_sequence", "sqlite_stat1"}
	out := map[string]string{}
	err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		names, err := storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) { return s, row.Scan(&s) },
			`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
		if err != nil {
			return err
		}
		for _, name := range names {
			if slices.Contains(quiet, name) || strings.HasPrefix(name, "job") || strings.HasPrefix(name, "message") {
				continue
			}
			rows, err := tx.Query(ctx, `SELECT * FROM `+name) //nolint:gosec // the name is of the schema
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			sum := sha256.New()
			cells, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			for rows.Next() {
				if err := rows.Scan(into...); err != nil {
					return err
				}
				fmt.Fprintln(sum, cells...)
			}
			if err := rows.Err(); err != nil {
				return err
			}
			if err := rows.Close(); err != nil {
				return err
			}
			out[name] = fmt.Sprintf("%x", sum.Sum(nil))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func differing(a, b map[string]string) (names []string) {
	for name := range b {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestNoFormOfTheSiteKeepsNonsense(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("walks the whole site for a minute: not in make check, always in make test")
	}
	h := openHouse(t)
	done := map[string]bool{}
	tried := 0
	for _, role := range []access.Role{"", access.Participant, access.Facilitator, access.Coordinator, access.Admin} {
		v := h.as(t, role)
		var forms []form
		pages := 0
		// A form is one in every language and on the pages of every person: what one kind of page
		// shows in different states is found on sixty of them.
		const enough = 60
		kinds := map[string]int{}
		v.crawlWhile("/ru", func(path string) bool {
			if strings.HasPrefix(path, "/ky") || strings.HasPrefix(path, "/en") {
				return false
			}
			kinds[kindOf(path)]++
			return kinds[kindOf(path)] <= enough
		}, func(path string, status int, body string) bool {
			if pages++; status == http.StatusOK && strings.HasPrefix(path, "/ru") && strings.Contains(body, "<form") {
				forms = append(forms, formsOf(t, path, body)...)
			}
			return true
		})
		before := h.kept(t)
		for _, f := range forms {
			u, err := url.Parse(f.action)
			if err != nil {
				t.Errorf("%s: a form leads to %q", f.page, f.action)
				continue
			}
			kind := kindOf(u.Path)
			if slices.ContainsFunc(f.fields, func(g field) bool { return g.name == "q" }) {
				kind += ", its search" // which may share its address with what is done on the page
			}
			if done[kind] || strings.HasSuffix(kind, "/sign-out") {
				continue
			}
			done[kind] = true
			for _, g := range f.fields {
				for _, bad := range g.nonsense() {
					if g.name == "form_token" {
						continue
					}
					values := f.good()
					values.Set(g.name, bad)
					status, body, _ := v.do(http.MethodPost, f.action, values)
					tried++
					where := fmt.Sprintf("%s as %q, %s = %.20q", kind, role, g.name, bad)
					if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
						t.Errorf("%s: status %d", where, status)
					}
					if status < 400 { // it was taken: for what it is not, or without a trace
						if after := h.kept(t); !maps.Equal(before, after) {
							t.Errorf("%s (on %s): stored in %v", where, f.page, differing(before, after))
							before = after
						}
					}
					if status >= 400 && strings.Contains(body, "<html") && !strings.Contains(body, `<html lang="ru"`) {
						t.Errorf("%s: the answer is in another language", where)
					}
				}
			}
		}
		t.Logf("%q: %d pages", role, pages)
	}
	t.Logf("%d kinds of forms, %d tries", len(done), tried)
	if len(done) < 170 || tried < 3000 {
		t.Errorf("only %d kinds of forms and %d tries: the walk does not reach the site", len(done), tried)
	}
}

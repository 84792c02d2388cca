package app

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// TestSheetsArePrintedForWhoSelectsAndNotedForWhoIsOnThem takes every sheet in every
// language as a PDF, and asks as staff of another city.
func TestSheetsArePrintedForWhoSelectsAndNotedForWhoIsOnThem(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		her := v.personOf(v.naryn)
		path := "/ky/staff/seminars/" + v.naryn.activity.Slug + "/print"
		reader := h.person("Окурман Окурманова", "naryn", access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "naryn"}})
		b := h.signIn(reader)
		files := map[string][]byte{}
		for _, l := range i18n.Languages {
			for _, sheet := range []string{"signin", "badges", "list", "costs", "photo", "poster", "all"} {
				status, body, head := b.do(http.MethodPost, path+".pdf", url.Values{"sheet": {sheet}, "in": {string(l)}})
				if status != http.StatusOK || head.Get("Content-Type") != "application/pdf" || !strings.Contains(head.Get("Content-Disposition"), sheet+"-") {
					t.Fatalf("%s in %s: %d %v", sheet, l, status, head)
				}
				files[sheet+"-"+string(l)] = []byte(body)
			}
		}
		documenttest.Judge(t, files)
		looks := h.looksAt(her, reader)
		if len(looks) != 3*6 || slices.ContainsFunc(looks, func(action string) bool { return action != "sheets.audit.printed" }) { // all but the poster
			t.Errorf("in her log stands %q", looks)
		}
		for sheet, named := range map[string]bool{"signin": true, "badges": true, "list": true, "costs": true, "photo": true, "poster": false} {
			status, body, _ := b.do(http.MethodGet, path+"?sheet="+sheet+"&in=ru", nil)
			// On a badge the given name stands apart.
			if status != http.StatusOK || strings.Contains(body, "Жашырынова") != named || strings.Contains(body, "555987123") || strings.Contains(body, v.naryn.email) {
				t.Errorf("%s: %d, her name is there: %v", sheet, status, !named)
			}
		}
		for _, wrong := range []string{"?sheet=none", "?sheet=" + strings.Repeat("a", 5000)} {
			if status, _, _ := b.do(http.MethodGet, path+wrong, nil); status != http.StatusNotFound && status != http.StatusRequestURITooLong {
				t.Errorf("%.30s: %d", wrong, status)
			}
		}
		for _, wrong := range []string{"?rows=41", "?rows=-1", "?rows=a", "?in=xx", "?when=never"} {
			if status, _, _ := b.do(http.MethodGet, path+wrong, nil); status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", wrong, status)
			}
			form, err := url.ParseQuery(wrong[1:])
			if err != nil {
				t.Fatal(err)
			}
			if status, _, _ := b.do(http.MethodPost, path+".pdf", form); status != http.StatusUnprocessableEntity {
				t.Errorf("POST %s: %d", wrong, status)
			}
		}
		other := h.signIn(h.person("Башка Окурман", "osh", access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}))
		for _, ask := range []struct {
			method, path string
			form         url.Values
		}{{http.MethodGet, path, nil}, {http.MethodPost, path + ".pdf", url.Values{"sheet": {"all"}}}} {
			if status, body, _ := other.do(ask.method, ask.path, ask.form); status != http.StatusForbidden || strings.Contains(body, "Жашырынова") {
				t.Errorf("staff of another city, %s: %d", ask.method, status)
			}
		}
	})
}

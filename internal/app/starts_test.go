package app

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// begins follows somebody from her sign-in to the page on which she begins.
func (b *browser) begins(lang string) (path, page string) {
	b.h.t.Helper()
	path = "/" + lang + "/start"
	for range 3 {
		status, body, header := b.do(http.MethodGet, path, nil)
		if to := header.Get("Location"); status == http.StatusSeeOther && to != "" {
			path = to
			continue
		}
		if status != http.StatusOK {
			b.h.t.Errorf("%s: %d", path, status)
		}
		return path, body
	}
	b.h.t.Errorf("%s leads on and on", path)
	return path, ""
}

// linksOf are the pages of the site to which a page leads, each once.
func linksOf(t *testing.T, base, page string) (out []string) {
	t.Helper()
	from, err := url.Parse("http://127.0.0.1:8080" + base)
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range linksIn(page) {
		to, err := url.Parse(html.UnescapeString(link))
		if err != nil {
			t.Errorf("%s has the link %q", base, link)
			continue
		}
		to = from.ResolveReference(to)
		to.Fragment = ""
		if to.Host != from.Host || strings.HasPrefix(to.Path, "/assets/") || strings.HasPrefix(to.Path, "/live/") || strings.HasSuffix(to.Path, "/sign-out") {
			continue
		}
		if path := to.RequestURI(); !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}

// Nobody meets a refusal where she begins: the page answers, and so does every page to which
// it, its navigation and its foot lead, for each role, everywhere and in one city, on a day
// with a seminar and on one without, in three languages.
func TestNoRoleMeetsARefusalWhereItBegins(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		naryn := h.upcoming("naryn")
		invited := hidden(h)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			var err error
			invited, err = programme.Insert(ctx, tx, invited)
			return err
		})
		asked := map[string][]string{} // pages by who, for the report
		walk := func(name string, who *browser, want string) {
			t.Helper()
			for _, lang := range []string{"ky", "ru", "en"} {
				path, page := who.begins(lang)
				if want != "" && path != "/"+lang+want {
					t.Errorf("%s begins at %s, not at %s", name, path, want)
				}
				for _, to := range linksOf(t, path, page) {
					if strings.Contains(page, `action="`+html.EscapeString(to)+`"`) && !strings.Contains(page, `href="`+html.EscapeString(to)+`"`) {
						continue // a form is sent there
					}
					status, _, header := who.do(http.MethodGet, to, nil)
					if status == http.StatusSeeOther && !strings.Contains(header.Get("Location"), "/sign-in") {
						continue
					}
					if status != http.StatusOK {
						t.Errorf("%s is led from %s to %s: %d %s", name, path, to, status, header.Get("Location"))
					}
					asked[name] = append(asked[name], to)
				}
			}
			if len(asked[name]) < 9 {
				t.Errorf("%s is led to %d pages alone: the test proves little", name, len(asked[name]))
			}
		}
		many := 0
		staff := func(role access.Role, city string) *browser {
			many++
			return h.signIn(h.person(fmt.Sprint("Кызматкер ", role, city, many), "", access.Grant{Role: role, Scope: access.Scope{City: city}}))
		}
		her := h.person("Депутатова Турсунай", "osh")
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, form_version_id, facts, version, made_at, changed_at, proven_at, held_until)
				VALUES ($1, $2, $3, 'invited', 0, $4, '', NULL, 0, 1, $5, $5, $5, 0)`, tx.NewID(), invited.ID, her, storage.Micros(invited.Starts), storage.Micros(tx.Now))
			return err
		})
		deputy := h.signIn(her)
		if _, page := deputy.begins("en"); !strings.Contains(page, `name="reply" value="confirm"`) {
			t.Error("who is invited does not find her invitation where she begins")
		}
		helpers := map[access.Role]storage.ID{}
		for _, role := range access.Helpers {
			helpers[role] = h.person("Жардамчы "+string(role), "osh")
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			for role, who := range helpers {
				if err := h.rooms.people.GiveHelpAwake(ctx, tx, people.Help{Person: who, Activity: naryn.ID, Role: role, Begins: h.now, Ends: h.now.AddDate(0, 2, 0)}); err != nil {
					return err
				}
			}
			return nil
		})
		begin := func(activity storage.ID, at time.Time) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE activity SET starts_at = $2, ends_at = $3, deadline_at = $4 WHERE id = $1`, activity,
					storage.Micros(at), storage.Micros(at.Add(2*time.Hour)), storage.Micros(at.Add(-24*time.Hour)))
				return err
			})
		}
		begin(h.activity("activists-naryn").ID, h.now.AddDate(0, 0, 5)) // it would be today
		for _, day := range []string{"before", "of the seminar"} {
			if day != "before" {
				begin(naryn.ID, h.now)
			}
			walk("somebody "+day, h.signIn(h.person("Ким бирөө "+day, "osh")), "/my")
			walk("who is invited "+day, deputy, "/my")
			for _, role := range []access.Role{access.Coordinator, access.Facilitator, access.Moderator, access.Admin} {
				walk(string(role)+" "+day, staff(role, ""), "/today")
			}
			if day == "before" {
				walk("front desk", staff(access.FrontDesk, ""), "/today")
				walk("coordinator of Naryn", staff(access.Coordinator, "naryn"), "/today")
				walk("facilitator of Osh", staff(access.Facilitator, "osh"), "/today")
			} else {
				walk("front desk of the day", staff(access.FrontDesk, ""), "/door/"+naryn.Slug)
				walk("front desk of Osh", staff(access.FrontDesk, "osh"), "/today")
			}
			walk("donor "+day, h.signIn(h.person("Донор "+day, "", access.Grant{Role: access.Donor})), "/results")
		}
		for role, who := range helpers {
			walk(string(role), h.signIn(who), "/my")
		}
	})
}

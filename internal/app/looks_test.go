package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// looksAt gives what a reader's looks at a person are called, the newest first.
func (h bare) looksAt(person, reader storage.ID) (actions []string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Person: person, Actor: reader})
		actions = nil
		for _, e := range list {
			actions = append(actions, e.Action)
		}
		return err
	})
	return actions
}

// TestNoPageShowsAPersonWithoutALookInHerLog asks every page of staff, every
// list, search and file: where her name stands in the answer, her log has an entry
// of that reader; and pages of many people write one a day.
func TestNoPageShowsAPersonWithoutALookInHerLog(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		her := v.personOf(v.naryn)
		h.write(func(ctx context.Context, tx *storage.Tx) error { // her activity is now, so that the door knows her
			_, err := tx.Exec(ctx, `UPDATE activity SET starts_at = $2, ends_at = $3 WHERE id = $1`,
				v.naryn.activity.ID, storage.Micros(tx.Now.Add(-time.Hour)), storage.Micros(tx.Now.Add(6*time.Hour)))
			return err
		})
		lists := map[string]string{ // what is noted once a day
			"/people": "people.audit.in_list", "/people?q={q}": "people.audit.in_list", "/people/duplicates": "people.audit.in_duplicates",
			"/people/roles": "people.audit.in_roles", "/staff/seminars/{slug}/applicants": "seminars.audit.listed", "/staff/seminars/{slug}/applicants?q={q}": "seminars.audit.listed", "/staff/seminars/{slug}/selection": "seminars.audit.listed", "/staff/seminars/{slug}/selection/send": "seminars.audit.listed", "/staff/seminars/{slug}/mailings/{id}": "seminars.audit.listed", "/staff/seminars/{slug}/more/answers": "", "/staff/seminars/{slug}/more": "", "/staff/seminars/{slug}/print": "sheets.audit.shown", "/staff/seminars/{slug}/signed": "", "/staff/seminars/{slug}/signed/key": "signed.audit.shown", "/staff/seminars/{slug}/print?sheet=photo": "sheets.audit.shown",
			"/staff/messages": "messages.audit.seen", "/staff/messages?activity={activity}": "messages.audit.seen", "/staff/news/inquiries": "newsroom.audit.listed", "/door/{slug}?q={q}": "seminars.audit.door",
			"/staff/seminars/{slug}/day": "runsheet.audit.leads", "/door/{slug}/phones": "seminars.audit.substitutes", "/plan/{slug}": "programme.audit.facilitators", "/plan/team/{slug}": "team.audit.listed", "/plan/cancel/{slug}": "", "/plan/templates/{key}/copies": "programme.audit.facilitators",
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error { // she leads, too
			if err := h.rooms.people.Grant(ctx, tx, her, access.Grant{Role: access.Facilitator}); err != nil {
				return err
			}
			_, err := h.rooms.people.GiveHelp(ctx, tx, her, people.Help{Person: her, Activity: v.naryn.activity.ID, Role: access.Speaker, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)})
			return err
		})
		questions := staffQuestions(h)
		for list := range lists {
			questions = append(questions, question{http.MethodGet, list})
		}
		shown := map[string]bool{}
		for i, role := range []access.Role{access.Coordinator, access.Admin, access.FrontDesk} {
			reader := h.person(fmt.Sprintf("Окурман %d", i), "naryn", access.Grant{Role: role})
			b := h.signIn(reader)
			for _, q := range questions {
				if q.method != http.MethodGet && q.pattern != "/staff/seminars/{slug}/export" {
					continue
				}
				path := "/ky" + strings.ReplaceAll(v.path(strings.ReplaceAll(q.pattern, "{q}", url.QueryEscape(v.naryn.name)), v.naryn, v.naryn), " ", "+")
				h.write(func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `DELETE FROM audit_entry WHERE person_id = $1 AND actor_id = $2`, her, reader)
					return err
				})
				ask := func() bool {
					_, body, _ := b.do(q.method, path, v.form(q, v.naryn))
					if strings.Contains(q.pattern, "{q}") {
						body = strings.ReplaceAll(body, `value="`+v.naryn.name+`"`, "") // what was typed
					}
					if _, title, _ := strings.Cut(body, "<title>"); strings.Contains(title[:max(0, strings.Index(title, "</title>"))], v.naryn.name) {
						t.Errorf("%s %s keeps her name in its title, and so the browser of the %s in its history", q.method, q.pattern, role)
					}
					return strings.Contains(body, v.naryn.name)
				}
				there := ask()
				looks := h.looksAt(her, reader)
				if there && len(looks) == 0 {
					t.Errorf("the %s reads her name in %s %s and her log does not tell", role, q.method, q.pattern)
				}
				if !there {
					continue
				}
				shown[q.pattern] = true
				if action := lists[q.pattern]; action != "" {
					ask()
					if again := h.looksAt(her, reader); len(again) != 1 || again[0] != action {
						t.Errorf("%s read twice by the %s: %q, want %s once", q.pattern, role, again, action)
					}
				}
			}
		}
		for _, q := range append([]string{"/people/{id}", "/people/{id}/edit", "/staff/seminars/{slug}/applicants/{id}", "/staff/seminars/{slug}/export", "/staff/news/inquiries/{id}", "/staff/news/inquiries"}, "/people", "/people?q={q}", "/people/duplicates",
			"/people/roles", "/staff/seminars/{slug}/applicants", "/staff/seminars/{slug}/print", "/staff/seminars/{slug}/print?sheet=photo", "/staff/messages", "/door/{slug}?q={q}", "/plan/{slug}", "/plan/team/{slug}") {
			if !shown[q] {
				t.Errorf("her name never stands in %s: the test proves nothing there", q)
			}
		}
	})
}

// TestAPersonReadsInHerLogWhatTheDoorAndListsShowed opens her own page.
func TestAPersonReadsInHerLogWhatTheDoorAndListsShowed(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		her := v.personOf(v.naryn)
		reader := h.person("Окурман Окурманова", "naryn", access.Grant{Role: access.Coordinator})
		b := h.signIn(reader)
		if status, _, _ := b.do(http.MethodGet, "/ky/staff/seminars/"+v.naryn.activity.Slug+"/applicants", nil); status != http.StatusOK {
			t.Fatal(status)
		}
		// A phone at the door reads a name too.
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE activity SET starts_at = $2, ends_at = $3 WHERE id = $1`,
				v.naryn.activity.ID, storage.Micros(tx.Now.Add(-time.Hour)), storage.Micros(tx.Now.Add(6*time.Hour))); err != nil {
				return err
			}
			v.naryn.activity.Ends = tx.Now.Add(6 * time.Hour)
			return nil
		})
		var phone string
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			link, err := h.rooms.seminars.InviteDevice(ctx, tx, h.everywhere(access.Coordinator), v.naryn.activity.ID, "Телефон")
			if err != nil {
				return err
			}
			_, phone, err = h.rooms.seminars.EnrolDevice(ctx, tx, link)
			return err
		})
		door := &browser{h: h, cookie: &http.Cookie{Name: "ashar_door", Value: phone}}
		search := "/ky/door/" + v.naryn.activity.Slug + "?q=" + url.QueryEscape("канарей")
		if status, body, _ := door.do(http.MethodGet, search, nil); status != http.StatusOK || !strings.Contains(body, v.naryn.name) {
			t.Fatalf("the phone does not find her: %d", status)
		}
		me := h.signIn(her)
		for _, l := range i18n.Languages {
			_, page, _ := me.do(http.MethodGet, "/"+string(l)+"/me", nil)
			say := h.Texts(l)
			for _, key := range []string{"seminars.audit.listed", "seminars.audit.door", "people.role.coordinator", "people.looks.staff"} {
				if !strings.Contains(page, say.T(key)) {
					t.Errorf("in %s her page does not say %q", l, say.T(key))
				}
			}
			if strings.Contains(page, "Окурманова") {
				t.Error("her page names who looked")
			}
		}
	})
}

package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/find"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// corner is one city with a real object of each kind.
type corner struct {
	activity                                                               programme.Activity
	person, application, material, message, device, grant, helper, release string
	inquiry, mention, mailing                                              string
	name, email, phone                                                     string
}

// object gives what stands in a place of a pattern.
func (c corner) object(pattern, place string) string {
	switch {
	case place == "slug":
		return c.activity.Slug
	case place == "message":
		return "confirmed"
	case place == "grant" && strings.HasPrefix(pattern, "/plan/team/"):
		return c.helper
	case place == "grant":
		return c.grant
	case strings.HasPrefix(pattern, "/people/"):
		return c.person
	case strings.Contains(pattern, "/applicants/"):
		return c.application
	case strings.Contains(pattern, "/mailings/"):
		return c.mailing
	case strings.HasPrefix(pattern, "/staff/messages/"):
		return c.message
	case strings.HasPrefix(pattern, "/staff/news/inquiries/"):
		return c.inquiry
	case strings.HasPrefix(pattern, "/staff/news/mentions/"):
		return c.mention
	case strings.HasPrefix(pattern, "/staff/news/"):
		return c.release
	}
	return c.material
}

// town is a house with a corner in Osh and one in Naryn, and a template with a
// material that belongs to all cities.
type town struct {
	bare
	osh, naryn corner
	template   programme.Template
	shared     string // the template's material
	picture    string // of the press kit, which is of no one city
}

func buildTown(t *testing.T, h bare) town {
	t.Helper()
	all := h.everywhere(access.Coordinator)
	v := town{bare: h}
	v.osh = corner{name: "Асанова Айгүл", phone: "+996555000111", activity: h.upcoming("osh")}
	v.naryn = corner{name: "Жашырынова Канарейбүбү", phone: "+996555987123", activity: h.upcoming("naryn")}
	for _, c := range []*corner{&v.osh, &v.naryn} {
		c.email = addressOf(c.name)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			d := people.Details{FullName: c.name, Email: c.email, Phone: c.phone, Sex: "female", City: c.activity.City, Group: "activists", Organisation: "Уядабаш " + c.activity.City, Lang: i18n.Kyrgyz}
			p, err := h.rooms.people.Register(ctx, tx, d)
			if err != nil {
				return err
			}
			// A second record of hers, so that there is a pair to merge.
			d.Email = "again." + d.Email
			d.Phone = ""
			again, err := h.rooms.people.Register(ctx, tx, d)
			if err != nil {
				return err
			}
			// A record with a role is not for those who give none; hers has none.
			if err := h.rooms.people.Grant(ctx, tx, again.ID, access.Grant{Role: access.Donor}); err != nil {
				return err
			}
			grants, err := h.rooms.people.Grants(ctx, tx, again.ID)
			if err != nil {
				return err
			}
			helper, err := h.rooms.people.Register(ctx, tx, people.Details{FullName: "Жардамчы Жакшыбаева", Email: "helper@" + c.activity.City + ".kg", City: c.activity.City})
			if err != nil {
				return err
			}
			if _, err := h.rooms.people.GiveHelp(ctx, tx, all.Person, people.Help{Person: helper.ID, Activity: c.activity.ID, Role: access.Speaker, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)}); err != nil {
				return err
			}
			helpers, err := h.rooms.people.Helpers(ctx, tx, c.activity.ID)
			if err != nil {
				return err
			}
			c.helper = helpers[0].Grant.String()
			app, err := inviteBefore(ctx, tx, h.rooms.seminars, seats.Invite{Activity: c.activity.ID, Actor: all, Person: p.ID})
			if err != nil {
				return err
			}
			m, err := v.addMaterial(ctx, tx, materials.Shelf{Activity: c.activity.ID})
			if err != nil {
				return err
			}
			if _, err := h.rooms.seminars.InviteDevice(ctx, tx, all, c.activity.ID, "Телефон "+c.activity.City); err != nil {
				return err
			}
			var device, message storage.ID
			if err := tx.QueryRow(ctx, `SELECT id FROM door_device WHERE activity_id = $1`, c.activity.ID).Scan(&device); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE message SET state = 'failed' WHERE activity_id = $1`, c.activity.ID); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT id FROM message WHERE activity_id = $1`, c.activity.ID).Scan(&message); err != nil {
				return err
			}
			r, err := (&newsroom.Module{}).WriteRelease(ctx, tx, newsroom.WriteRelease{Actor: all, Write: func(r newsroom.Release) (newsroom.Release, error) {
				r.Activity, r.Texts.Title, r.Texts.Body = c.activity.ID, i18n.Text{Ky: "Уядабаш " + c.activity.City}, i18n.Text{Ky: "Окуя"}
				return r, nil
			}})
			if err != nil {
				return err
			}
			n, err := (&newsroom.Module{}).NoteMention(ctx, tx, newsroom.NoteMention{Actor: all, Write: func(n newsroom.Mention) (newsroom.Mention, error) {
				n.Link, n.Outlet, n.Title, n.Language, n.Day, n.Activity = "https://news.example.org/"+c.activity.City, "Уядабаш радиосу", "Уядабаш "+c.activity.City, i18n.Kyrgyz, "2024-03-05", c.activity.ID
				return n, nil
			}})
			if err != nil {
				return err
			}
			c.release, c.mention = r.ID.String(), n.ID.String()
			c.mailing, err = v.draftMailing(ctx, tx, c.activity.ID)
			if err != nil {
				return err
			}
			c.person, c.application, c.material, c.device, c.message, c.grant = p.ID.String(), app.String(), m.ID.String(), device.String(), message.String(), grants[0].ID.String()
			return nil
		})
	}
	for _, c := range []*corner{&v.osh, &v.naryn} { // what is asked lies in no city
		c.inquiry = h.inquiry(v.personOf(*c), newsroom.Asked{From: newsroom.FromPress, Words: "Уядабаш " + c.activity.City}).ID.String()
	}
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.Templates(ctx, tx, v.osh.activity.Programme)
		if err != nil {
			return err
		}
		for _, tpl := range list {
			if tpl.ID == v.osh.activity.Template {
				v.template = tpl
			}
		}
		m, err := v.addMaterial(ctx, tx, materials.Shelf{Template: v.template.ID})
		if err != nil {
			return err
		}
		kept := newsroom.Kept{File: "newsroom/x.png", Type: "image/png", Size: 1, Digest: strings.Repeat("ab", 32)}
		i, err := (&newsroom.Module{}).KeepKitItem(ctx, tx, newsroom.KeepKitItem{Actor: all, Pictures: newsroom.Pictures{Whole: kept, Small: kept}, Write: func(i newsroom.KitItem) (newsroom.KitItem, error) {
			return i, nil
		}})
		v.shared, v.picture = m.ID.String(), i.ID.String()
		return err
	})
	return v
}

// draftMailing keeps a message to those who applied to an activity.
func (h bare) draftMailing(ctx context.Context, tx *storage.Tx, activity storage.ID) (string, error) {
	author := h.everywhere(access.Coordinator)
	author.Person = storage.ID{} // nobody's any more
	d, err := h.rooms.seminars.Mailer.SaveDraft(ctx, tx, mailing.SaveDraft{
		Actor: author, Activity: activity, Mailing: tx.NewID(),
		Chosen: mailing.Chosen{States: seats.States[:]},
		Words:  mailing.Words{Subject: i18n.Text{Ky: "Жол", Ru: "Дорога", En: "The way"}, Body: i18n.Text{Ky: "Автобус сегизде.", Ru: "Автобус в восемь.", En: "The bus leaves at eight."}},
	})
	return d.ID.String(), err
}

func (v town) addMaterial(ctx context.Context, tx *storage.Tx, shelf materials.Shelf) (materials.Material, error) {
	file := strings.ReplaceAll(tx.NewID().String(), "-", "")
	return v.rooms.materials.Add(ctx, tx, materials.Add{
		Actor: v.everywhere(access.Coordinator), Shelf: shelf, Name: "plan.pdf", Audience: materials.ForStaff, Language: "ky",
		Kept: materials.Kept{File: "materials/" + file + ".pdf", Type: "application/pdf", Size: 1, Digest: file + file},
	})
}

// path fills a pattern: the activity of one corner, all else of another.
func (v town) path(pattern string, at, of corner) string {
	return wildcard.ReplaceAllStringFunc(pattern, func(w string) string {
		switch place := strings.Trim(w, "{}."); {
		case place == "key" && strings.HasPrefix(pattern, "/plan/"):
			return v.template.Key
		case place == "list":
			return "city"
		case place == "code":
			return "talas"
		case place == "key":
			return "cv"
		case place == "id" && strings.HasPrefix(pattern, "/plan/templates/"):
			return v.shared
		case strings.HasPrefix(pattern, "/staff/news/kit/"), strings.HasPrefix(pattern, "/press/files/"):
			return v.picture
		case place == "slug":
			return at.activity.Slug
		case place == "activity":
			return of.activity.ID.String()
		default:
			return of.object(pattern, place)
		}
	})
}

// hers are the words by which the person of Naryn would be known.
func (v town) hers() []string {
	return []string{"Жашырынова", "Канарейбүбү", v.naryn.email, "555987123", "555 98", "Уядабаш naryn"}
}

// untouched is all of Naryn and of the template that somebody could change.
func (v town) untouched() (out string) {
	v.t.Helper()
	v.write(func(ctx context.Context, tx *storage.Tx) error {
		out = ""
		for _, q := range []struct {
			query string
			id    storage.ID
		}{
			{`SELECT state, CAST(version AS TEXT) FROM activity WHERE id = $1`, v.naryn.activity.ID},
			{`SELECT state, CAST(version AS TEXT) FROM application WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(COALESCE(SUM(version + place), 0) AS TEXT) FROM material WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(COALESCE(SUM(version + place), 0) AS TEXT) FROM material WHERE template_id = $1`, v.template.ID},
			{`SELECT state, CAST(version AS TEXT) FROM news_release WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT state, CAST(version AS TEXT) FROM news_inquiry WHERE id = $1`, v.idOf(v.naryn.inquiry)},
			{`SELECT state, CAST(version AS TEXT) FROM mailing WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(COALESCE(SUM(version), 0) AS TEXT) FROM automatic_message WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), '' FROM automatic_default WHERE template_id = $1`, v.template.ID},
			{`SELECT title, CAST(version AS TEXT) FROM news_mention WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT state, CAST(version + place AS TEXT) FROM news_kit_item WHERE version > 0 OR id = $1`, storage.ID{1}},
			{`SELECT key, CAST(version AS TEXT) FROM template WHERE id = $1`, v.template.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(SUM(version) AS TEXT) FROM list_entry WHERE EXISTS (SELECT 1 FROM template WHERE id = $1)`, v.template.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), '' FROM application_form WHERE activity_id = $1 OR template_id IS NOT NULL`, v.naryn.activity.ID},
			{`SELECT CAST(taken AS TEXT), CAST(capacity AS TEXT) FROM seminar WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(SUM(revoked_at) AS TEXT) FROM door_device WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT state, CAST(COUNT(*) AS TEXT) FROM message WHERE activity_id = $1 GROUP BY state`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), '' FROM scan WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(COUNT(*) AS TEXT), '' FROM role_grant WHERE role = 'donor' OR id = $1`, storage.ID{1}},
			{`SELECT CAST(COUNT(*) AS TEXT), CAST(SUM(ends_at) AS TEXT) FROM role_grant WHERE activity_id = $1`, v.naryn.activity.ID},
			{`SELECT CAST(changed_at AS TEXT), CAST(merged_into IS NULL AS TEXT) FROM person WHERE id = $1`, v.personOf(v.naryn)},
		} {
			var a, b string
			if err := tx.QueryRow(ctx, q.query, q.id).Scan(&a, &b); err != nil {
				return fmt.Errorf("%s: %w", q.query, err)
			}
			out += a + " " + b + "\n"
		}
		return nil
	})
	return out
}

func (v town) personOf(c corner) storage.ID { return v.idOf(c.person) }

func (v town) idOf(text string) storage.ID {
	id, err := storage.ParseID(text)
	if err != nil {
		v.t.Fatal(err)
	}
	return id
}

// worker is somebody of the staff whose role does not reach all cities.
type worker struct {
	name string
	role access.Role
	at   func(v town) access.Scope
}

var workers = []worker{
	{"coordinator of Osh", access.Coordinator, func(town) access.Scope { return access.Scope{City: "osh"} }},
	{"facilitator of Osh", access.Facilitator, func(town) access.Scope { return access.Scope{City: "osh"} }},
	{"front desk of Osh", access.FrontDesk, func(town) access.Scope { return access.Scope{City: "osh"} }},
	{"coordinator of one activity", access.Coordinator, func(v town) access.Scope { return access.Scope{Activity: v.osh.activity.ID} }},
	{"coordinator of all cities", access.Coordinator, func(v town) access.Scope { return access.Scope{Programme: v.osh.activity.Programme} }},
}

// question is one thing that staff ask, on an object.
type question struct{ method, pattern string }

// staffQuestions are all routes of staff, those of the door, and what their
// addresses can ask besides.
func staffQuestions(h bare) (out []question) {
	for _, route := range h.Routes() {
		staff := route.Needs != access.Public && route.Needs != access.SignedIn
		if (staff || strings.HasPrefix(route.Pattern, "/door/")) && !strings.HasSuffix(route.Pattern, "/news") {
			out = append(out, question{route.Method, route.Pattern})
		}
	}
	return append(
		out,
		question{"GET", "/staff/seminars/{slug}/form?for=template"},
		question{"POST", "/staff/seminars/{slug}/form?for=template"},
		question{"GET", "/staff/messages?activity={activity}"},
		question{"GET", "/materials/{id}"},
	)
}

// form is what each POST carries: enough to be done, were it allowed.
func (v town) form(q question, of corner) url.Values {
	if q.method != http.MethodPost {
		return nil
	}
	f := url.Values{
		"nothing": {"of use"}, "version": {"0"}, "do": {"delete"}, "key": {"village"}, "revoke": {of.device}, "to": {"declined"}, "why": {"Ички эреже"}, "chosen": {of.application + ".2"},
		"kind": {"in"}, "nonce": {"scope-nonce-1"}, "application": {of.application}, "a": {of.person}, "b": {v.osh.person}, "keep": {"both"}, "role": {"admin"},
		"q_name": {"Токтосунова Бермет"}, "q_email": {"bermet@example.org"}, "reason_ky": {"Себеп"},
	}
	return f
}

// TestWhoWorksInOneCityReachesNothingOfAnother asks every route of staff on a
// real object of each kind: of one's own city, of another, and of another under
// the address of one's own. What each may is written in testdata/scope.txt.
func TestWhoWorksInOneCityReachesNothingOfAnother(t *testing.T) {
	t.Parallel()
	const file = "testdata/scope.txt"
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		before := v.untouched()
		questions := staffQuestions(h)
		slices.SortFunc(questions, func(a, b question) int { return strings.Compare(a.pattern+a.method, b.pattern+b.method) })
		table := map[question][]string{}
		sees := map[string]bool{}
		for i, w := range workers {
			b := h.signIn(h.person(fmt.Sprintf("Кызматкер %d", i), "osh", access.Grant{Role: w.role, Scope: w.at(v)}))
			ask := func(q question, at, of corner) int {
				lang := "/ky"
				if strings.HasPrefix(q.pattern, "/api/") {
					lang = ""
				}
				status, body, _ := b.do(q.method, lang+v.path(q.pattern, at, of), v.form(q, of))
				if status >= 500 && status != http.StatusServiceUnavailable { // the material's file is not there
					t.Errorf("%s: %s %s: %d", w.name, q.method, q.pattern, status)
				}
				for _, word := range v.hers() {
					if w.name == "coordinator of all cities" {
						sees[q.pattern] = sees[q.pattern] || strings.Contains(body, word)
					} else if strings.Contains(body, word) {
						t.Errorf("%s reads %q in %s %s", w.name, word, q.method, q.pattern)
					}
				}
				return status
			}
			limited := w.name != "coordinator of all cities"
			for _, q := range questions {
				if !limited && q.method != http.MethodGet {
					continue // she may change what the others must find as it was
				}
				cell := "     -"
				if strings.Contains(q.pattern, "{") {
					other, mixed := ask(q, v.naryn, v.naryn), 0
					cell = fmt.Sprintf("%6d", other)
					refused := func(status int) bool {
						return status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusGone
					}
					if limited && !refused(other) {
						t.Errorf("%s reaches Naryn by %s %s: %d", w.name, q.method, q.pattern, other)
					}
					if strings.Contains(q.pattern, "{slug}") && strings.Contains(q.pattern, "{id}") {
						mixed = ask(q, v.osh, v.naryn)
						cell += fmt.Sprintf(" %3d", mixed)
						if !refused(mixed) {
							t.Errorf("%s reaches Naryn by the address of Osh, %s %s: %d", w.name, q.method, q.pattern, mixed)
						}
					}
				}
				table[q] = append(table[q], cell)
			}
			if limited {
				// A form at one's own address that names what is another's.
				for _, path := range []string{"/staff/seminars/{slug}/applicants", "/door/{slug}/phones", "/door/{slug}", "/people/duplicates"} {
					status := ask(question{"POST", path}, v.osh, v.naryn)
					if status == http.StatusSeeOther && (path == "/people/duplicates" || path == "/door/{slug}") {
						t.Errorf("%s names somebody of Naryn at %s: %d", w.name, path, status)
					}
				}
			}
			if now := v.untouched(); now != before {
				t.Fatalf("%s changed something of Naryn or of all cities: was\n%snow\n%s", w.name, before, now)
			}
			// What lists and searches could tell.
			for _, path := range []string{
				"/people?city=naryn", "/people/duplicates", "/staff/messages?state=failed", "/numbers?activity={slug}", "/numbers/facts?count=seminars.invited&activity={slug}",
			} {
				ask(question{"GET", path}, v.naryn, v.naryn)
			}
			for _, path := range []string{"/staff/seminars", "/today", "/plan", "/numbers", "/numbers/facts?count=seminars.invited"} {
				_, body, _ := b.do(http.MethodGet, "/ky"+path, nil)
				there := strings.Contains(body, v.naryn.activity.Slug)
				if there && limited {
					t.Errorf("%s finds the activity of Naryn in %s", w.name, path)
				}
				sees[path] = sees[path] || there
			}
			for _, typed := range []string{v.naryn.name, v.naryn.email, v.naryn.phone} {
				for _, path := range []string{"/people", find.Path, "/door/" + v.naryn.activity.Slug, "/staff/seminars/" + v.naryn.activity.Slug + "/applicants"} {
					_, body, _ := b.do(http.MethodGet, "/ky"+path+"?q="+url.QueryEscape(typed), nil)
					found := strings.Contains(body, v.naryn.person) || strings.Contains(body, v.naryn.application)
					if found && limited {
						t.Errorf("%s finds %q by %s", w.name, typed, path)
					}
					sees["search"] = sees["search"] || found
				}
			}
			for _, q := range byHarm(questions) {
				// What is done here ends what others of this test need.
				if q.method == http.MethodGet || !limited {
					table[q] = append(table[q], fmt.Sprintf("own %3d", ask(q, v.osh, v.osh)))
				}
			}
		}
		for _, path := range []string{"/staff/seminars", "/plan", "/numbers", "/numbers/facts?count=seminars.invited"} {
			if !sees[path] {
				t.Errorf("who may see it does not find the activity of Naryn in %s: the test proves nothing", path)
			}
		}
		if !sees["search"] || !sees["/people/{id}"] || !sees["/staff/messages?state=failed"] || !sees["/people/duplicates"] || !sees["/staff/seminars/{slug}/applicants"] {
			t.Errorf("who may see her does not: the test proves nothing: %v", sees)
		}
		lines := []string{"# other city [under the address of one's own] and own city, for: " + strings.Join(workerNames(), "; ")}
		for _, q := range questions {
			lines = append(lines, strings.TrimRight(fmt.Sprintf("%-4s %-58s %s", q.method, q.pattern, strings.Join(table[q], " ")), " "))
		}
		got := strings.Join(lines, "\n") + "\n"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != got {
			t.Errorf("who reaches what has changed: look at it, then go test ./internal/app -run InOneCity -update\n%s", got)
		}
	})
}

// byHarm puts first what is only read, and last what ends an object.
func byHarm(all []question) []question {
	harm := func(q question) int {
		switch {
		case q.method == http.MethodGet:
			return 0
		case strings.HasSuffix(q.pattern, "/delete"):
			return 2
		case strings.HasPrefix(q.pattern, "/plan/cancel/"):
			return 3
		}
		return 1
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b question) int { return harm(a) - harm(b) })
	return all
}

func workerNames() (out []string) {
	for _, w := range workers {
		out = append(out, w.name)
	}
	return out
}

// TestNoUseCaseReachesBeyondTheScopeOfWhoAsks asks the use cases themselves,
// without the pages before them: each judges by itself.
func TestNoUseCaseReachesBeyondTheScopeOfWhoAsks(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		before := v.untouched()
		p, k, s, m := h.rooms.programme, h.rooms.materials, h.rooms.seminars, h.rooms.messages
		there, shelf, common := v.naryn.activity, materials.Shelf{Activity: v.naryn.activity.ID}, materials.Shelf{Template: v.template.ID}
		id := func(text string) storage.ID {
			id, err := storage.ParseID(text)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		changed := func(actor access.Actor, a programme.Activity, shared bool) seats.ChangeForm {
			return seats.ChangeForm{Activity: a.ID, Actor: actor, Shared: shared, Change: forms.Change{Do: forms.DropQuestion, Key: "why"}}
		}
		type tried func(ctx context.Context, tx *storage.Tx, actor access.Actor) error
		material := func(shelf materials.Shelf, of string) map[string]tried {
			return map[string]tried{
				"add": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
					_, err := k.Add(ctx, tx, materials.Add{
						Actor: actor, Shelf: shelf, Name: "b.pdf", Audience: materials.ForAll, Kept: materials.Kept{File: "b", Type: "application/pdf", Size: 1, Digest: tx.NewID().String()},
					})
					return err
				},
				"change": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
					_, err := k.Change(ctx, tx, materials.Change{Actor: actor, Shelf: shelf, Material: materials.Material{ID: id(of), Version: 1, Title: i18n.Text{Ky: "Башка"}, Audience: materials.ForAll}})
					return err
				},
				"move": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
					return k.Move(ctx, tx, actor, shelf, id(of), 1)
				},
				"remove": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
					return k.Remove(ctx, tx, actor, shelf, id(of))
				},
			}
		}
		cases := map[string]tried{
			"change an activity": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := p.Change(ctx, tx, programme.ChangeActivity{Actor: actor, Activity: there.ID, Version: there.Version, Write: func(a programme.Activity) (programme.Activity, error) { return there, nil }})
				return err
			},
			"bring an activity into the own city": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				moved := there
				moved.City = "osh"
				_, err := p.Change(ctx, tx, programme.ChangeActivity{Actor: actor, Activity: moved.ID, Version: moved.Version, Write: func(programme.Activity) (programme.Activity, error) { return moved, nil }})
				return err
			},
			"push an own activity into another city": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				moved := v.osh.activity
				moved.City = "naryn"
				_, err := p.Change(ctx, tx, programme.ChangeActivity{Actor: actor, Activity: moved.ID, Version: moved.Version, Write: func(programme.Activity) (programme.Activity, error) { return moved, nil }})
				return err
			},
			"publish": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := p.Publish(ctx, tx, programme.Publish{Actor: actor, Slug: there.Slug})
				return err
			},
			"cancel": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := p.Cancel(ctx, tx, actor, there.Slug, i18n.Text{Ky: "Себеп"})
				return err
			},
			"make a template": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := p.NewTemplate(ctx, tx, programme.NewTemplate{Actor: actor, Key: "ours", Kind: programme.Seminar, Title: i18n.Text{Ky: "Биздики"}})
				return err
			},
			"change a template": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := p.ChangeTemplate(ctx, tx, programme.ChangeTemplate{Actor: actor, Template: v.template.ID, Version: v.template.Version, Write: func(t programme.Template) (programme.Template, error) { return t, nil }})
				return err
			},
			"change the seats": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return s.SetUp(ctx, tx, actor, there.ID, seats.Seminar{Capacity: 40, InvitationHours: 24, OfferHours: 24})
			},
			"change the form": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return s.ChangeForm(ctx, tx, changed(actor, there, false))
			},
			"change the form of all cities": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return s.ChangeForm(ctx, tx, changed(actor, v.osh.activity, true))
			},
			"read the applicants": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := s.Applicants(ctx, tx, actor, there)
				return err
			},
			"choose": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := s.Choose(ctx, tx, seats.Choose{Activity: there.ID, Actor: actor, To: seats.Declined, Why: "Орун жетпейт", Seen: map[storage.ID]int64{id(v.naryn.application): 2}})
				return err
			},
			"invite": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := s.Invite(ctx, tx, seats.Invite{Activity: there.ID, Actor: actor, Details: people.Details{FullName: "Токтосунова Бермет", Email: "bermet@example.org"}})
				return err
			},
			"let a phone scan": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := s.InviteDevice(ctx, tx, actor, there.ID, "Телефон")
				return err
			},
			"take a phone's right back": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return s.RevokeDevice(ctx, tx, actor, there.ID, id(v.naryn.device))
			},
			"write a release": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{}).WriteRelease(ctx, tx, newsroom.WriteRelease{Actor: actor, Release: id(v.naryn.release), Version: 1, Write: func(r newsroom.Release) (newsroom.Release, error) {
					r.Texts.Title.Ky = "Башка"
					return r, nil
				}})
				return err
			},
			"move a release": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{}).MoveRelease(ctx, tx, newsroom.MoveRelease{Actor: actor, Release: id(v.naryn.release), Version: 1, To: newsroom.Review})
				return err
			},
			"take a release back from the press list": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return (&newsroom.Module{}).StopMailing(ctx, tx, newsroom.StopMailing{Actor: actor, Release: id(v.naryn.release)})
			},
			"take an inquiry in hand": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{People: h.rooms.people}).TakeInquiry(ctx, tx, newsroom.TakeInquiry{Actor: actor, Inquiry: id(v.naryn.inquiry), Version: 1})
				return err
			},
			"answer an inquiry": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{People: h.rooms.people}).AnswerInquiry(ctx, tx, newsroom.AnswerInquiry{Actor: actor, Inquiry: id(v.naryn.inquiry), Version: 1, Words: "Эртең"})
				return err
			},
			"close an inquiry": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{People: h.rooms.people}).CloseInquiry(ctx, tx, newsroom.CloseInquiry{Actor: actor, Inquiry: id(v.naryn.inquiry), Version: 1, Words: "Кереги жок"})
				return err
			},
			"note what others published": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				_, err := (&newsroom.Module{}).NoteMention(ctx, tx, newsroom.NoteMention{Actor: actor, Mention: id(v.naryn.mention), Version: 1, Write: func(n newsroom.Mention) (newsroom.Mention, error) {
					n.Title = "Башка"
					return n, nil
				}})
				return err
			},
			"remove what others published": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return (&newsroom.Module{}).RemoveMention(ctx, tx, actor, id(v.naryn.mention))
			},
			"send a message again": func(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
				return m.SendAgain(ctx, tx, actor, id(v.naryn.message))
			},
		}
		for name, try := range material(shelf, v.naryn.material) {
			cases[name+" a material of an activity"] = try
		}
		own := material(materials.Shelf{Activity: v.osh.activity.ID}, v.naryn.material)
		delete(own, "add") // which names no material
		for name, try := range own {
			cases[name+" a material of an activity as if it were one's own"] = try
		}
		for name, try := range material(common, v.shared) {
			cases[name+" a material of all cities"] = try
		}
		undo := errors.New("it was allowed")
		for name, try := range cases {
			for _, who := range []struct {
				grant access.Scope
				may   bool
			}{{access.Scope{City: "osh"}, false}, {access.Scope{Activity: v.osh.activity.ID}, false}, {access.Scope{Programme: there.Programme}, true}} {
				actor := access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator, Scope: who.grant}}, Table: h.table}
				err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if err := try(ctx, tx, actor); err != nil {
						return err
					}
					return undo
				})
				refused := fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound)
				// Whose grant is her own activity may lead it to another city.
				may := who.may || name == "push an own activity into another city" && !who.grant.Activity.IsZero()
				if strings.HasSuffix(name, "as if it were one's own") {
					may = false // for nobody
				}
				if refused == may {
					t.Errorf("%s, with a grant for %+v: %v", name, who.grant, err)
				}
			}
		}
		if now := v.untouched(); now != before {
			t.Errorf("was\n%snow\n%s", before, now)
		}
	})
}

// TestWhoWorksInOneCityIsGivenAllOfHerOwn asks every route of staff, each on an object of
// its own that is there, as people whose role reaches a part: what lies in that part opens
// and what is asked for is done, what lies beyond it does not.
func TestWhoWorksInOneCityIsGivenAllOfHerOwn(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		kinds := []struct {
			name string
			role access.Role
			at   func(c *set) access.Scope
		}{
			{"coordinator of the city", access.Coordinator, func(c *set) access.Scope { return access.Scope{City: c.at.City} }},
			{"facilitator of the city", access.Facilitator, func(c *set) access.Scope { return access.Scope{City: c.at.City} }},
			{"front desk of the city", access.FrontDesk, func(c *set) access.Scope { return access.Scope{City: c.at.City} }},
			{"coordinator of the activity", access.Coordinator, func(c *set) access.Scope { return access.Scope{Activity: c.at.ID} }},
			{"coordinator of another city", access.Coordinator, func(*set) access.Scope { return access.Scope{City: "talas"} }},
			{"admin of the city", access.Admin, func(c *set) access.Scope { return access.Scope{City: c.at.City} }},
			{"interpreter of the activity", access.Interpreter, func(c *set) access.Scope { return access.Scope{Activity: c.at.ID} }},
			{"editor of the activity", access.Editor, func(c *set) access.Scope { return access.Scope{Activity: c.at.ID} }},
			{"editor of another activity", access.Editor, func(c *set) access.Scope { return access.Scope{Activity: storage.RandomID(time.Unix(0, 0))} }},
		}
		opened, closed := 0, 0
		for _, route := range s.Routes() {
			needs := route.Needs
			if doorside(route) && route.Pattern != "/api/v1/checkins" {
				needs = doorNeeds(route)
			}
			if needs == access.Public || needs == access.SignedIn || needs == access.Applied || stream(route) {
				continue
			}
			for _, kind := range kinds {
				asker := s.guest(access.Participant)
				c := s.set(asker, recipes[route.Method+" "+route.Pattern].today)
				s.write(func(ctx context.Context, tx *storage.Tx) error {
					if !kind.role.Helps() {
						return s.rooms.people.Grant(ctx, tx, asker.person, access.Grant{Role: kind.role, Scope: kind.at(c)})
					}
					if _, err := s.rooms.people.GiveHelp(ctx, tx, s.chief.person, people.Help{Person: asker.person, Activity: kind.at(c).Activity, Role: kind.role, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)}); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = $2 WHERE person_id = $1`, asker.person, storage.Micros(tx.Now))
					return err
				})
				actor := s.actor(asker)
				may := actor.May(needs, c.lies(route))
				if !strings.Contains(route.Pattern, "{") && !wide[route.Method+" "+route.Pattern] {
					may = actor.MaySomewhere(needs) // a list, of what is hers
				}
				status, body, header := c.ask(route, may)
				switch {
				case may && status != http.StatusOK && status != http.StatusSeeOther:
					t.Errorf("%s is refused %s %s: %d\n%s", kind.name, route.Method, route.Pattern, status, faultOf(body))
				case !may && !refused(status, header):
					t.Errorf("%s is given %s %s: %d to %q", kind.name, route.Method, route.Pattern, status, header.Get("Location"))
				case may:
					opened++
				default:
					closed++
				}
			}
		}
		if opened < 100 || closed < 100 {
			t.Errorf("%d routes opened, %d stayed closed: this proves little", opened, closed)
		}
	})
}

// wide are the routes without a place in them that concern more than what is one's own: all
// cities, or what a form names.
var wide = map[string]bool{
	"GET /import/people": true, "POST /import/people": true, "GET /people/roles": true, "POST /plan/templates": true, "POST /plan/activities/new": true, "POST /staff/news/new": true, "GET /staff/news/channels": true, "POST /staff/news/channels": true,
	"GET /staff/news/kit": true, "POST /staff/news/kit": true, "POST /staff/news/mentions/new": true,
	"POST /people/duplicates": true, "POST /people/duplicates/undo": true, "GET /people/name": true, "POST /people/name": true, "POST /people/change": true, "POST /people/undo": true, "POST /people/add": true, "GET /staff/jobs": true,
	"POST /staff/applications/choose": true, "POST /staff/invite": true, "POST /staff/jobs/again": true, "POST /staff/messages/again": true, "POST /staff/messages/undo": true,
	"GET /staff/news/inquiries": true, "GET /staff/lists": true, "GET /staff/lists/bands": true, "POST /staff/lists/bands": true, "GET /staff/news/list": true, "POST /staff/news/list/export": true,
}

// lies is where the object of a route lies.
func (c *set) lies(route web.Route) access.Scope {
	switch {
	case strings.Contains(route.Pattern, "/templates"), strings.HasPrefix(route.Pattern, "/staff/lists"), strings.HasPrefix(route.Pattern, "/staff/news/kit"): // of all cities
		return access.Scope{Programme: c.at.Programme}
	case route.Method == "POST" && route.Pattern == "/staff/seminars/{slug}/timetable": // the template's
		return access.Scope{Programme: c.at.Programme}
	case route.Pattern == "/people/duplicates", route.Pattern == "/people/duplicates/undo", route.Pattern == "/people/change", route.Pattern == "/people/add", route.Pattern == "/people/undo", route.Pattern == "/staff/invite":
		return access.Scope{City: c.at.City}
	case route.Method == "POST" && route.Pattern == "/plan/activities/new": // in the city that the form names
		return access.Scope{Programme: c.at.Programme, City: c.at.City}
	case route.Pattern == "/staff/news/new", route.Pattern == "/staff/news/mentions/new": // about the activity
	case route.Pattern == "/staff/messages/again", route.Pattern == "/staff/messages/undo", route.Pattern == "/staff/applications/choose": // the same
	case strings.HasPrefix(route.Pattern, "/staff/news/inquiries"), strings.HasPrefix(route.Pattern, "/staff/news/list"):
		return access.Scope{Programme: c.at.Programme}
	case wide[route.Method+" "+route.Pattern] || strings.HasPrefix(route.Pattern, "/import/") || strings.HasPrefix(route.Pattern, "/staff/jobs"):
		return access.Scope{}
	case strings.HasPrefix(route.Pattern, "/people/"):
		if strings.Contains(route.Pattern, "/roles") || strings.HasSuffix(route.Pattern, "/invitation") || strings.HasSuffix(route.Pattern, "/passkeys") {
			return access.Scope{} // who gives roles gives them everywhere
		}
		return access.Scope{City: c.at.City}
	}
	return access.Scope{Programme: c.at.Programme, City: c.at.City, Activity: c.at.ID}
}

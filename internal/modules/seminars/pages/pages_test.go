package pages

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/ready"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// site serves the module's pages on SQLite; see serve.
func site(t *testing.T, change func(*seats.Activity)) (*Module, seats.Activity, string, *storagetest.Clock) {
	t.Helper()
	c := storagetest.NewClock(start)
	store := storagetest.Open(t, c.Option())
	m, a := fixture(t, store, change)
	return m, a, serve(t, m, c), c
}

// serve serves the module's pages. Who asks is the coordinator when the header
// Staff is set, or the role that it names, "facilitator" or "facilitator naryn". More
// rooms are served beside it.
func serve(t testing.TB, m *Module, c *storagetest.Clock, more ...module.Manifest) (address string) {
	t.Helper()
	text, err := fs.Sub(texts, "text")
	if err != nil {
		t.Fatal(err)
	}
	words, routes := []fs.FS{text, profile.Texts(), forms.Texts(), (&ready.Module{}).Manifest().Texts}, m.Manifest().Routes
	for _, room := range more {
		if routes = append(routes, room.Routes...); room.Name != "ready" {
			words = append(words, room.Texts)
		}
	}
	manifest := m.Manifest()
	staff := access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Coordinator}}, Table: manifest.Permissions}
	return webtest.Serve(t, web.Options{
		Routes: routes, Clock: c.Now,
		Identify: func(r *http.Request) (access.Actor, error) {
			switch role, city, _ := strings.Cut(r.Header.Get("Staff"), " "); role {
			case "":
			case "yes":
				fresh := staff
				fresh.Proven = c.Now()
				return fresh, nil
			default:
				return access.Actor{Person: namesake(role + city), Grants: []access.Grant{{Role: access.Role(role), Scope: access.Scope{City: city}}}, Table: manifest.Permissions}, nil
			}
			actor, err := m.People.Identify(r)
			actor.Table = manifest.Permissions
			return actor, err
		},
	}, words...)
}

// namesake is an id that a name always gives.
func namesake(name string) (id storage.ID) {
	sum := sha256.Sum256([]byte(name))
	copy(id[:], sum[:])
	return id
}

// browser keeps cookies and does not follow redirects.
type browser struct {
	t     *testing.T
	base  string
	jar   map[string]string
	staff bool
	as    string // a role, "facilitator osh"

	answer *http.Response // the last one, its body read
}

func (b *browser) do(method, path string, form url.Values) (int, string, string) {
	b.t.Helper()
	return b.told(b.web().Do(b.t, method, path, form))
}

// web is the browser as it asks: with its cookies, as whom it says.
func (b *browser) web() *webtest.Browser {
	if b.jar == nil {
		b.jar = map[string]string{}
	}
	w := &webtest.Browser{URL: b.base, Cookies: b.jar, Header: http.Header{}}
	if b.staff {
		w.Header.Set("Staff", "yes")
	} else if b.as != "" {
		w.Header.Set("Staff", b.as)
	}
	return w
}

// told remembers an answer and gives its status, its text and where it leads to.
func (b *browser) told(a webtest.Answer) (int, string, string) {
	b.answer = &http.Response{Header: a.Header}
	return a.Status, a.Body, a.To()
}

func fill(change ...string) url.Values {
	v := url.Values{
		"step": {"0"}, "do": {"next"}, "q_name": {"Айгүл Асанова"}, "q_email": {"aigul@example.kg"}, "q_sex": {"female"},
		"q_age": {"25-34"}, "q_place": {"osh"}, "q_processing": {"on"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

func TestAPersonAppliesIsInvitedConfirmsAndWithdraws(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			m, _, srv, _ := site(t, nil)
			p := "/" + string(lang)
			her := &browser{t: t, base: srv}
			status, page, _ := her.do("GET", p+"/events/osh/apply", nil)
			if status != 200 || strings.Contains(page, "[seminars.") {
				t.Fatalf("form: %d %s", status, missing(page))
			}
			_, mark, _ := strings.Cut(page, `name="draft" value="`)
			mark, _, _ = strings.Cut(mark, `"`)
			status, page, to := her.do("POST", p+"/events/osh/apply", fill("draft", mark))
			if status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
				t.Fatalf("apply: %d to %q\n%s", status, to, page)
			}
			mine := to
			// The second tap of an impatient thumb finds the first.
			if status, _, again := her.do("POST", p+"/events/osh/apply", fill("draft", mark)); status != http.StatusSeeOther || again != mine {
				t.Errorf("second tap: %d to %q", status, again)
			}
			status, page, _ = her.do("GET", mine, nil)
			if status != 200 || strings.Contains(page, "[seminars.") {
				t.Fatalf("mine: %d %s", status, missing(page))
			}
			staff := &browser{t: t, base: srv, staff: true}
			for _, path := range []string{"/staff/seminars", "/staff/seminars/osh", "/staff/seminars/osh/applicants", "/staff/seminars/osh/invite", "/staff/seminars/osh/seats", "/staff/seminars/osh/form", "/staff/seminars/osh/form?edit=place", "/staff/seminars/osh/applicants?state=applied&sex=female&q=асанова"} {
				status, page, _ := staff.do("GET", p+path, nil)
				if status != 200 || strings.Contains(page, "[seminars.") {
					t.Errorf("%s: %d %s", path, status, missing(page))
				}
				if strings.HasSuffix(path, "q=асанова") && !strings.Contains(page, "Айгүл Асанова") {
					t.Errorf("the search does not find her")
				}
			}
			id := mine[strings.LastIndex(mine, "/")+1:]
			status, page, _ = staff.do("GET", p+"/staff/seminars/osh/applicants/"+id, nil)
			if status != 200 || strings.Contains(page, "[seminars.") || !strings.Contains(page, "a•••@e•••.kg") || strings.Contains(page, "aigul@example.kg") {
				t.Errorf("applicant: %d %s", status, missing(page))
			}
			choose := url.Values{"chosen": {id + ".1"}, "to": {"invited"}, sureField: {"yes"}}
			if status, _, _ := staff.do("POST", p+"/staff/seminars/osh/applicants", choose); status != http.StatusSeeOther {
				t.Errorf("invite: %d", status)
			}
			_, _, _ = her.do("POST", mine, url.Values{"reply": {"confirm"}})
			if got := count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'confirmed'`); got != 1 {
				t.Errorf("%d confirmed", got)
			}
			// Another coordinator acts on what she saw before: nothing is undone unseen.
			choose.Set("to", "declined")
			if status, _, _ := staff.do("POST", p+"/staff/seminars/osh/applicants", choose); status != http.StatusSeeOther {
				t.Errorf("decline: %d", status)
			}
			if got := count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'confirmed'`); got != 1 {
				t.Errorf("the seat was taken from her unseen")
			}
			_, _, _ = her.do("POST", mine, url.Values{"reply": {"withdraw"}})
			if got := count(t, m, `SELECT taken FROM seminar`); got != 0 {
				t.Errorf("%d seats still taken", got)
			}
			stranger := &browser{t: t, base: srv}
			if status, page, _ := stranger.do("GET", mine, nil); status == 200 || strings.Contains(page, "Асанова") {
				t.Errorf("a stranger sees her application: %d", status)
			}
			if status, _, _ := her.do("GET", p+"/staff/seminars/osh/applicants", nil); status != http.StatusSeeOther {
				t.Errorf("a browser that handed an application in sees the applicants: %d", status)
			}
		})
	}
}

func missing(page string) string {
	if i := strings.Index(page, "[seminars."); i >= 0 {
		return page[i:min(i+60, len(page))]
	}
	return ""
}

func TestNonsenseIsRefusedAtTheFieldAndNothingIsStored(t *testing.T) {
	t.Parallel()
	m, _, srv, _ := site(t, nil)
	for name, change := range map[string][]string{
		"no name":                {"q_name", ""},
		"too long":               {"q_name", strings.Repeat("а", 500)},
		"a name of nothing seen": {"q_name", "\x00\u3164\u200b"},
		"a word turned around":   {"q_name", "Айгүл Аса\u202eавон"},
		"unknown sex":            {"q_sex", "robot"},
		"unknown city":           {"q_place", "atlantis"},
		"no consent":             {"q_processing", ""},
		"no way to reach her":    {"q_email", ""},
		"broken e-mail":          {"q_email", "aigul"},
		"phone of another world": {"q_phone", "123"},
		"too long an essay":      {"q_why", strings.Repeat("а", 1001)},
	} {
		b := &browser{t: t, base: srv}
		status, page, _ := b.do("POST", "/ky/events/osh/apply", fill(change...))
		if status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
		if strings.Contains(page, "[seminars.") {
			t.Errorf("%s: %s", name, missing(page))
		}
	}
	b := &browser{t: t, base: srv}
	if status, _, _ := b.do("POST", "/ky/events/osh/apply", fill("q_why", strings.Repeat("a", 10<<20))); status != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB: %d", status)
	}
	if status, _, _ := b.do("GET", "/ky/a/"+strings.Repeat("x", 24), nil); status != http.StatusNotFound {
		t.Errorf("foreign token: %d", status)
	}
	if n := count(t, m, `SELECT COUNT(*) FROM application`) + count(t, m, `SELECT COUNT(*) FROM person`); n != 0 {
		t.Errorf("%d rows were stored", n)
	}
}

func TestAConditionalQuestionComesOnTheNextPageAndTheDraftWaits(t *testing.T) {
	t.Parallel()
	m, _, srv, _ := site(t, nil)
	b := &browser{t: t, base: srv}
	status, _, to := b.do("POST", "/en/events/osh/apply", fill("q_place", "other"))
	if status != http.StatusSeeOther || !strings.HasSuffix(to, "?step=1") {
		t.Fatalf("%d to %q", status, to)
	}
	status, page, _ := b.do("GET", to, nil)
	if status != 200 || !strings.Contains(page, `name="q_village"`) || strings.Contains(page, `name="q_name"`) {
		t.Fatalf("step 1: %d", status)
	}
	if got := count(t, m, `SELECT COUNT(*) FROM application`); got != 0 {
		t.Errorf("%d applications before the form is done", got)
	}
	status, _, to = b.do("POST", "/en/events/osh/apply", url.Values{"step": {"1"}, "do": {"next"}, "q_village": {"Кара-Суу"}})
	if status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
		t.Fatalf("hand in: %d to %q", status, to)
	}
	var p people.Person
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		apps, err := storage.All(ctx, tx, seats.ScanApplication, `SELECT `+seats.ApplicationColumns+` FROM application`)
		if err != nil {
			return err
		}
		p, err = m.People.ByID(ctx, tx, apps[0].Person)
		return err
	})
	if p.Village != "Кара-Суу" || p.FullName != "Айгүл Асанова" {
		t.Errorf("kept %q, %q", p.FullName, p.Village)
	}
}

func TestOutsideTheTimeOfApplicationsPeopleAreToldWhy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*seats.Activity)
		status int
	}{
		"too early": {func(a *seats.Activity) { a.Opens = start.AddDate(0, 0, 1) }, http.StatusConflict},
		"begun":     {func(a *seats.Activity) { a.Starts = start.AddDate(0, 0, -1) }, http.StatusGone},
		"by name":   {func(a *seats.Activity) { a.InvitationOnly = true }, http.StatusNotFound},
		"cancelled": {func(a *seats.Activity) { a.State = "cancelled" }, http.StatusGone},
		"draft":     {func(a *seats.Activity) { a.State = "draft" }, http.StatusNotFound},
		"late":      {func(a *seats.Activity) { a.Deadline = start.AddDate(0, 0, -1) }, http.StatusOK},
	} {
		_, _, srv, _ := site(t, test.change)
		b := &browser{t: t, base: srv}
		if status, page, _ := b.do("GET", "/ru/events/osh/apply", nil); status != test.status || strings.Contains(page, "[seminars.") {
			t.Errorf("%s: %d %s", name, status, missing(page))
		}
	}
}

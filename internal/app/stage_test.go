package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/modules/results"
	seminars "platforma.kg/ashar/internal/modules/seminars/pages"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// stage is a house in which any route can be asked with real objects: each asking has
// objects of its own, so that an act of one takes nothing from the next.
type stage struct {
	bare
	model    programme.Activity // what activities are copied from
	template programme.Template
	tables   map[string]storage.Table
	base     string // of the site
	log      *lockedBuffer
	cookies  func(c *http.Cookie) // sees each cookie that is set, nil for nobody
	chief    *guest               // who may do everything: her pages give the forms that others send
	count    int
}

// eachStage runs f on both engines.
func eachStage(t *testing.T, f func(t *testing.T, s *stage)) {
	t.Helper()
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":     func(*testing.T) string { return "" },
		"postgresql": func(t *testing.T) string { t.Helper(); return storagetest.Database(t, true) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			f(t, openStage(t, database(t), "http://localhost:8080"))
		})
	}
}

func openStage(t *testing.T, database, base string) *stage {
	t.Helper()
	s := &stage{base: base, log: &lockedBuffer{}, bare: bare{t: t, now: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)}, tables: map[string]storage.Table{}}
	var err error
	// Passkeys need a name, which 127.0.0.1 is not; the demo has routes of its own.
	s.App, err = Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", PublicURL: base, Data: t.TempDir(), DatabaseURL: database, TelegramToken: telegramtest.Token, TelegramURL: telegramtest.Start(t, nil).URL}, Options{
		Clock: func() time.Time { return s.now }, Demo: true, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.demoProgramme(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.Store().Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range list {
		s.tables[table.Name] = table
	}
	s.model = s.upcoming("osh")
	s.tell()
	s.write(func(ctx context.Context, tx *storage.Tx) error {
		all, err := programme.Templates(ctx, tx, s.model.Programme)
		for _, tpl := range all {
			if tpl.ID == s.model.Template {
				s.template = tpl
			}
		}
		return err
	})
	s.chief = s.guest(access.Admin, access.Coordinator, access.Facilitator)
	return s
}

// tell lets some people have come in September, so that there are results to show.
func (s *stage) tell() {
	s.write(func(ctx context.Context, tx *storage.Tx) error {
		for i := range 40 {
			f := ledger.Fact{Day: "2026-09-05", Kind: seats.FactAttended, Activity: s.model.ID, Subject: tx.NewID(), Value: 1, Profile: ledger.Profile{Sex: []string{"female", "male"}[i%2], AgeBand: "25-34", City: "osh", Group: "activists"}}
			if err := ledger.Record(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err := (&results.Module{Store: s.store, House: &s.house, Words: s.Texts}).MakeReleases(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// guest is a browser, with somebody signed in by passkey or with nobody.
type guest struct {
	*stage
	person      storage.ID
	application storage.ID // of a session of an application, which has no person
	cookies     map[string]string
	token       string // for forms that ask for one
}

// guest makes somebody with roles everywhere; without any she is nobody.
func (s *stage) guest(roles ...access.Role) *guest {
	s.t.Helper()
	g := &guest{stage: s, cookies: map[string]string{}}
	if len(roles) == 0 {
		return g
	}
	s.write(func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.register(ctx, tx, "Кызматкер")
		if err != nil {
			return err
		}
		g.person = p.ID
		for _, role := range roles {
			if role == access.Participant {
				continue // whoever is signed in
			}
			if err := s.rooms.people.Grant(ctx, tx, p.ID, access.Grant{Role: role}); err != nil {
				return err
			}
		}
		token, err := s.rooms.people.StartSession(ctx, tx, p.ID, access.OfPasskey)
		cookie := s.rooms.people.Cookie(token)
		g.cookies[cookie.Name] = cookie.Value
		return err
	})
	g.readToken()
	return g
}

// readToken takes the token of forms from a page that has one.
func (g *guest) readToken() {
	g.t.Helper()
	for _, page := range []string{"/ky/me/erase", "/ky/sign-in"} {
		_, body, _ := g.do(http.MethodGet, page, nil)
		if token := webtest.FormToken(body); token != "" {
			g.token = token
			return
		}
	}
}

// register makes a record of its own for each call.
func (s *stage) register(ctx context.Context, tx *storage.Tx, name string) (people.Person, error) {
	s.count++
	return s.rooms.people.Register(ctx, tx, people.Details{
		FullName: fmt.Sprintf("%s Асанова", name), Email: fmt.Sprintf("guest-%d@example.org", s.count), Phone: fmt.Sprintf("+996555%06d", s.count),
		Sex: "female", City: "osh", Group: "activists", Lang: i18n.Kyrgyz, Demo: true,
	})
}

// send asks as a browser on the site does, and keeps the cookies it is given.
func (g *guest) send(method, path, kind string, in io.Reader) (int, string, http.Header) {
	g.t.Helper()
	b := &webtest.Browser{URL: g.base, Handler: g.Handler(), Cookies: g.cookies, Set: g.stage.cookies}
	a := b.Send(g.t, method, path, kind, in)
	return a.Status, a.Body, a.Header
}

func (g *guest) do(method, path string, form url.Values) (int, string, http.Header) {
	g.t.Helper()
	if form == nil {
		return g.send(method, path, "", nil)
	}
	form.Set("form_token", g.token)
	return g.send(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// copyRow copies one row of a table under other values.
func (s *stage) copyRow(ctx context.Context, tx *storage.Tx, table, by string, id storage.ID, other map[string]any) error {
	var names, places []string
	for i, c := range s.tables[table].Columns {
		names = append(names, c.Name)
		places = append(places, fmt.Sprintf("$%d", i+1))
	}
	rows, err := storage.All(ctx, tx, func(row storage.Scanner) ([]any, error) {
		values, dest := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			dest[i] = &values[i]
		}
		return values, row.Scan(dest...)
	}, `SELECT `+strings.Join(names, ", ")+` FROM `+table+` WHERE `+by+` = $1`, id)
	if err != nil {
		return err
	}
	for _, values := range rows {
		for i, name := range names {
			if v, ok := other[name]; ok {
				values[i] = v
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`, values...); err != nil {
			return err
		}
	}
	return nil
}

// set is what one asking is about: real objects, made for it alone.
type set struct {
	*stage
	who         *guest
	at          programme.Activity
	person      people.Person
	again       people.Person // shares her phone
	application storage.ID
	twin        storage.ID // the application of who shares the phone
	foreign     bool       // self is somebody else, though somebody asks
	self        storage.ID // who asks; when it is nobody, somebody else with things of her own
	values      map[string]string
	template    programme.Template // of its own, once a pattern asks for one
}

// set makes the activity, a person and her application; with today it is the day.
func (s *stage) set(who *guest, today bool) *set {
	s.t.Helper()
	c := &set{stage: s, who: who, values: map[string]string{}}
	s.count++
	slug := fmt.Sprintf("real-%d", s.count)
	s.write(func(ctx context.Context, tx *storage.Tx) error {
		id := tx.NewID()
		other := map[string]any{"id": id, "slug": slug}
		if today {
			other["starts_at"], other["ends_at"] = storage.Micros(s.now.Add(-time.Hour)), storage.Micros(s.now.Add(6*time.Hour))
			other["deadline_at"] = storage.Micros(s.now.Add(-2 * time.Hour))
		}
		if err := s.copyRow(ctx, tx, "activity", "id", s.model.ID, other); err != nil {
			return err
		}
		if err := s.copyRow(ctx, tx, "seminar", "activity_id", s.model.ID, map[string]any{"activity_id": id, "taken": int64(0)}); err != nil {
			return err
		}
		// A form of one page, with a file.
		questions, err := json.Marshal([]forms.Question{
			{Key: "name", Kind: forms.AskName, Required: true},
			{Key: "email", Kind: forms.AskEmail},
			{Key: "phone", Kind: forms.AskPhone},
			{Key: "cv", Kind: forms.AskFile, Label: i18n.Text{Ky: "Маалымат", Ru: "О себе", En: "About you"}},
			{Key: "processing", Kind: forms.AskConsent, Required: true},
		})
		if err != nil {
			return err
		}
		form, version := tx.NewID(), tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO application_form (id, activity_id, version_id, version, changed_at) VALUES ($1, $2, $3, 1, $4)`,
			form, id, version, storage.Micros(tx.Now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO application_form_version (id, form_id, questions, made_at) VALUES ($1, $2, $3, $4)`,
			version, form, string(questions), storage.Micros(tx.Now)); err != nil {
			return err
		}
		if c.at, err = programme.ByID(ctx, tx, id); err != nil {
			return err
		}
		if c.person, err = s.register(ctx, tx, "Айгүл"); err != nil {
			return err
		}
		if c.application, err = c.invite(ctx, tx, c.person.ID); err != nil {
			return err
		}
		if c.self = who.person; c.self.IsZero() {
			c.self = s.chief.person
		}
		return nil
	})
	return c
}

// companionLink is what somebody else gives to who comes only together with her.
func (c *set) companionLink() (token string) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		// Where a set serves many askings, one of them may have ended applying, or changed the seats.
		if _, err := tx.Exec(ctx, `UPDATE activity SET state = 'published', deadline_at = $2, starts_at = $2, ends_at = $2 WHERE id = $1`, c.at.ID, storage.Micros(tx.Now.Add(time.Hour))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE seminar SET companions = TRUE, first_come = FALSE WHERE activity_id = $1`, c.at.ID); err != nil {
			return err
		}
		p, err := c.register(ctx, tx, "Бермет")
		if err != nil {
			return err
		}
		app, _, err := c.rooms.seminars.Begin(ctx, tx, c.at.ID, p.ID, p.ID, "seminars.why.applied")
		if err != nil {
			return err
		}
		if err := c.rooms.seminars.OfferCompanion(ctx, tx, app.ID); err != nil {
			return err
		}
		with, err := c.rooms.seminars.CompanionOf(ctx, tx, app)
		token = with.Token
		return err
	})
	return token
}

// companioned lets somebody else come only together with the application of the set.
func (c *set) companioned() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM companion`); err != nil {
			return err
		}
		p, err := c.register(ctx, tx, "Бермет")
		if err != nil {
			return err
		}
		app, _, err := c.rooms.seminars.Begin(ctx, tx, c.at.ID, p.ID, p.ID, "seminars.why.applied")
		if err != nil {
			return err
		}
		pair := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO companion_pair (id, activity_id, until_at) VALUES ($1, $2, $3)`, pair, c.at.ID, storage.Micros(tx.Now)); err != nil {
			return err
		}
		for side, id := range []storage.ID{c.application, app.ID} {
			if _, err := tx.Exec(ctx, `INSERT INTO companion (application_id, pair_id, side, agreed_at) VALUES ($1, $2, $3, $4)`, id, pair, side+1, storage.Micros(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *set) invite(ctx context.Context, tx *storage.Tx, person storage.ID) (storage.ID, error) {
	return inviteBefore(ctx, tx, c.rooms.seminars, seats.Invite{Activity: c.at.ID, Actor: c.everywhere(access.Coordinator), Person: person})
}

// changed is the change of many that who asks has made, of one; of who may not make it
// there is none.
func (c *set) changed() (id storage.ID) {
	c.t.Helper()
	cmd := people.ChangeMany{Actor: c.actor(c.who), Persons: []storage.ID{c.person.ID}, Field: profile.Group, Value: "media"}
	if c.person.First(profile.Group) == cmd.Value {
		cmd.Value = "activists"
	}
	err := c.store.Write(c.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, _, err = c.rooms.people.ChangeMany(ctx, tx, cmd)
		return err
	})
	if fault.Of(err) != nil {
		return storage.RandomID(c.now)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// contacts are the ids of those of who asks, as the page of her contacts shows them.
func (c *set) contacts() (ids []string) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT id FROM contact WHERE person_id = $1`, c.self)
		ids = nil
		for _, id := range list {
			ids = append(ids, id.String())
		}
		return err
	})
	return ids
}

// inviteBefore invites as it was done before an activity began that goes on now.
func inviteBefore(ctx context.Context, tx *storage.Tx, m *seminars.Module, cmd seats.Invite) (storage.ID, error) {
	var starts int64
	if err := tx.QueryRow(ctx, `SELECT starts_at FROM activity WHERE id = $1`, cmd.Activity).Scan(&starts); err != nil {
		return storage.ID{}, err
	}
	move := func(to int64) error {
		_, err := tx.Exec(ctx, `UPDATE activity SET starts_at = $2 WHERE id = $1`, cmd.Activity, to)
		return err
	}
	if err := move(storage.Micros(tx.Now.Add(time.Minute))); err != nil {
		return storage.ID{}, err
	}
	app, err := m.Invite(ctx, tx, cmd)
	if err != nil {
		return storage.ID{}, err
	}
	return app.ID, move(starts)
}

// withFile hands an application with a file in, of somebody or of a stranger.
func (c *set) withFile(ctx context.Context, tx *storage.Tx, who access.Actor) (storage.ID, error) {
	// Where a set serves many askings, one of them may have made the activity a draft.
	if _, err := tx.Exec(ctx, `UPDATE activity SET state = 'published' WHERE id = $1`, c.at.ID); err != nil {
		return storage.ID{}, err
	}
	done, err := c.rooms.seminars.Apply(ctx, tx, seats.Apply{
		Activity: c.at.ID, Lang: i18n.Kyrgyz, Actor: who, Secret: "a draft of this asking alone", Answers: forms.Answers{
			Values: map[string][]string{"name": {"Нурай Асанова"}, "email": {fmt.Sprintf("nurai-%d@example.org", c.count)}, "processing": {"on"}},
			Files:  map[string]forms.Upload{"cv": {Name: "cv.pdf", Type: files.PDF, Data: onePixel}},
		},
	})
	return done.Application.ID, err
}

// link makes the token of a link to a person.
func (c *set) link(l people.Link) (token string) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		l.Until = tx.Now.Add(time.Hour)
		token, err = c.rooms.people.NewLink(ctx, tx, l)
		return err
	})
	return token
}

// handIn makes the browser one in which the application was handed in.
func (c *set) handIn() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		token, err := c.rooms.people.StartApplication(ctx, tx, c.person.ID, c.application)
		cookie := c.rooms.people.Cookie(token)
		c.who.cookies[cookie.Name] = cookie.Value
		return err
	})
	c.who.application = c.application
	c.who.readToken()
}

// contact gives her contact of a kind, in a state.
func (c *set) contact(kind people.ContactKind, state people.ContactState) (id storage.ID) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT id FROM contact WHERE person_id = $1 AND kind = $2`, c.person.ID, string(kind)).Scan(&id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE contact SET state = $2, ends_at = $3 WHERE id = $1`, id, string(state), storage.Micros(c.now.Add(24*time.Hour)))
		return err
	})
	return id
}

// onePoint is the smallest picture.
var onePoint = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

// onePixel is the smallest paper.
var onePixel = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// material puts a file on a shelf.
func (c *set) material(shelf materials.Shelf, audience materials.Audience) string {
	c.t.Helper()
	c.count++
	kept, err := c.rooms.materials.Keep(c.t.Context(), files.Cleaned{Type: files.PDF, Data: append(bytes.Clone(onePixel), fmt.Sprintf("%%%d\n", c.count)...)})
	if err != nil {
		c.t.Fatal(err)
	}
	var m materials.Material
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		m, err = c.rooms.materials.Add(ctx, tx, materials.Add{
			Actor: c.everywhere(access.Coordinator), Shelf: shelf, Name: "plan.pdf", Title: i18n.Text{Ky: "План", Ru: "План", En: "Plan"}, Audience: audience, Language: "ky", Kept: kept,
		})
		return err
	})
	return m.ID.String()
}

// work does the jobs of the kinds that wait, until none does.
func (s *stage) work(kinds ...string) {
	s.t.Helper()
	type due struct {
		id            storage.ID
		kind, payload string
	}
	for {
		var waiting []due
		s.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			waiting, err = storage.All(ctx, tx, func(row storage.Scanner) (d due, err error) {
				err = row.Scan(&d.id, &d.kind, &d.payload)
				return d, err
			}, `SELECT id, kind, payload FROM job WHERE state = 'waiting' AND run_at <= $1`, storage.Micros(s.now))
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM job WHERE state = 'waiting' AND run_at <= $1`, storage.Micros(s.now))
			}
			return err
		})
		done := 0
		for _, d := range waiting {
			for _, m := range s.Manifests() {
				for _, k := range m.Jobs {
					for _, wanted := range kinds {
						if k.Name != d.kind || k.Name != wanted {
							continue
						}
						done++
						if err := k.Do(s.t.Context(), s.Store(), json.RawMessage(d.payload)); err != nil {
							s.t.Error(err)
						}
					}
				}
			}
		}
		if done == 0 {
			return
		}
	}
}

var (
	signInPath = regexp.MustCompile(`/sign-in/link/([A-Za-z0-9_-]+)`)
	ticketLink = regexp.MustCompile(`/tickets/([A-Za-z0-9_-]+)`)
)

// letter asks for a sign-in with her address in the browser, and gives the token of the letter's link.
func (c *set) letter() string {
	c.t.Helper()
	c.contact(people.EmailContact, people.Proven)
	c.who.do(http.MethodGet, "/ky/sign-in", nil)
	if status, body, _ := c.who.do(http.MethodPost, "/ky/sign-in", url.Values{"address": {c.person.Email}}); status != http.StatusSeeOther {
		c.t.Fatalf("asking to sign in gives %d %s", status, body)
	}
	c.work("people.sign_in", "messages.deliver")
	for _, m := range c.box.List() {
		if found := signInPath.FindStringSubmatch(m.Text); found != nil && m.To == c.person.Email {
			return found[1]
		}
	}
	c.t.Fatal("no letter with a link to sign in came")
	return ""
}

// sharer makes a second record that shares the phone and, with proven, the address.
func (c *set) sharer(proven bool) {
	c.t.Helper()
	c.nothingWaits()
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		d := people.Details{FullName: "Бермет Токтосунова", Phone: c.person.Phone, Sex: "female", City: "osh", Group: "activists", Lang: i18n.Kyrgyz, Demo: true}
		if proven {
			d.Email, d.Phone = c.person.Email, ""
		}
		if c.again, err = c.rooms.people.Register(ctx, tx, d); err != nil {
			return err
		}
		if proven {
			_, err = tx.Exec(ctx, `UPDATE contact SET state = 'proven' WHERE person_id = $1`, c.again.ID)
			return err
		}
		c.twin, err = c.invite(ctx, tx, c.again.ID)
		return err
	})
}

// parcel packs a file into a form.
func (g *guest) parcel(field, name string, content []byte, fields url.Values) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range fields {
		for _, v := range values {
			_ = w.WriteField(key, v)
		}
	}
	_ = w.WriteField("form_token", g.token)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		g.t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// one finds a value of a row.
func (c *set) one(query string, args ...any) (id storage.ID) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&id)
	})
	return id
}

// release writes a release about the activity, and publishes it where it should be public.
func (c *set) release(state newsroom.State) (r newsroom.Release) {
	c.t.Helper()
	room, chief := &newsroom.Module{Store: c.store}, c.everywhere(access.Coordinator)
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		if r, err = room.WriteRelease(ctx, tx, newsroom.WriteRelease{Actor: chief, Write: func(r newsroom.Release) (newsroom.Release, error) {
			r.Activity = c.at.ID
			r.Texts.Title, r.Texts.Body = i18n.Text{Ky: "Жаңылык", Ru: "Новость", En: "News"}, i18n.Text{Ky: "Окуя", Ru: "Событие", En: "Event"}
			return r, nil
		}}); err != nil || state == newsroom.Draft {
			return err
		}
		for _, to := range []newsroom.State{newsroom.Review, state} {
			if r, err = room.MoveRelease(ctx, tx, newsroom.MoveRelease{Actor: chief, Release: r.ID, Version: r.Version, To: to}); err != nil {
				return err
			}
		}
		return nil
	})
	return r
}

// inquiry is what a person has asked.
func (h bare) inquiry(person storage.ID, ask newsroom.Asked) (q newsroom.Inquiry) {
	h.t.Helper()
	room := &newsroom.Module{Store: h.store, People: h.rooms.people, Messages: h.rooms.messages}
	h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		q, _, err = room.Ask(ctx, tx, newsroom.Ask{
			Actor: access.Actor{Person: person}, Asked: ask, Lang: i18n.Kyrgyz, Mark: people.NewToken(),
		})
		return err
	})
	return q
}

// newsroom is the room of the press with the files of the house.
func (c *set) newsroom() *newsroom.Module {
	return &newsroom.Module{Store: c.store, Files: c.files}
}

// picture keeps a picture in the press kit, and shows it to everybody where it should be public.
func (c *set) picture(public bool) (i newsroom.KitItem) {
	c.t.Helper()
	room, chief := c.newsroom(), c.everywhere(access.Coordinator)
	kept, err := room.KeepPicture(c.t.Context(), bytes.NewReader(onePoint))
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err = tx.Exec(ctx, `DELETE FROM news_kit_item`); err != nil { // the kit has a bound, and there are many who ask
			return err
		}
		if i, err = room.KeepKitItem(ctx, tx, newsroom.KeepKitItem{Actor: chief, Pictures: kept, Write: func(i newsroom.KitItem) (newsroom.KitItem, error) {
			i.Texts.Alt, i.Texts.Credit, i.Pictured = i18n.Text{Ky: "Көл", Ru: "Озеро", En: "A lake"}, i18n.Text{Ky: "Ашар"}, newsroom.Nobody
			return i, nil
		}}); err != nil || !public {
			return err
		}
		i, err = room.ShowKitItem(ctx, tx, newsroom.ShowKitItem{Actor: chief, Item: i.ID, Version: i.Version, Public: true})
		return err
	})
	return i
}

// mention notes what others have published about an activity, with a copy of it.
func (c *set) mention(activity storage.ID) (n newsroom.Mention) {
	c.t.Helper()
	room := c.newsroom()
	copied, err := room.KeepPicture(c.t.Context(), bytes.NewReader(onePoint))
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		n, err = room.NoteMention(ctx, tx, newsroom.NoteMention{Actor: c.everywhere(access.Coordinator), Evidence: copied.Whole, Write: func(n newsroom.Mention) (newsroom.Mention, error) {
			n.Link, n.Outlet, n.Title, n.Language, n.Day, n.Activity = "https://news.example.org/"+tx.NewID().String(), "Kloop", "Семинар", i18n.Russian, "2024-03-05", activity
			return n, nil
		}})
		return err
	})
	return n
}

// asksMore lets the activity ask who has said yes, and those whom it concerns have said it.
func (c *set) asksMore() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO followup (activity_id, asks, days_before, needed, forget_days, version, changed_at)
			VALUES ($1, TRUE, 0, FALSE, 30, 1, $2)
			ON CONFLICT (activity_id) DO NOTHING`, c.at.ID, storage.Micros(tx.Now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE application SET state = 'confirmed' WHERE activity_id = $1 AND (id = $2 OR person_id = $3)`, c.at.ID, c.application, c.self)
		return err
	})
}

// sheetOf is a form of the signed sheet of the activity's first day.
func (c *set) sheetOf(pairs ...string) url.Values {
	v := url.Values{"day": {string(ledger.DayOf(c.at.Starts))}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// strayCode is a code that a phone read at the door of the activity and that no ticket has.
func (c *set) strayCode() (id storage.ID) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		id = tx.NewID()
		_, err := tx.Exec(ctx, `INSERT INTO scan (id, device, nonce, activity_id, code, kind, at, received_at, valid, result, reason)
			VALUES ($1, 'a phone', $2, $3, '', 'in', $4, $4, FALSE, 'unknown', 'no_ticket')`, id, id.String(), c.at.ID, storage.Micros(tx.Now))
		return err
	})
	return id
}

// readTwice lets two people, who are gone since, have read that sheet alike.
func (c *set) readTwice() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		for place := range 2 {
			if _, err := tx.Exec(ctx, `INSERT INTO signed_reading (id, activity_id, day, place, begun_at, done_at, version)
				VALUES ($1, $2, $3, $4, $5, $5, 1)
				ON CONFLICT (activity_id, day, place) DO NOTHING`, tx.NewID(), c.at.ID, string(ledger.DayOf(c.at.Starts)), place+1, storage.Micros(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// noPlan takes the plan of the activity's day away.
func (c *set) noPlan() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM run_plan WHERE activity_id = $1`, c.at.ID)
		return err
	})
}

// planOfTheDay plans the day with one step, which it gives.
func (c *set) planOfTheDay() (step string) {
	c.t.Helper()
	c.noPlan()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO run_plan (activity_id, version, changed_by, changed_at) VALUES ($1, 1, $2, $3)`, c.at.ID, c.person.ID, storage.Micros(tx.Now)); err != nil {
			return err
		}
		id := tx.NewID()
		step = id.String()
		_, err := tx.Exec(ctx, `INSERT INTO run_step (id, activity_id, place, begins, minutes, least, title, room, note, lead_person, materials)
			VALUES ($1, $2, 0, 0, 30, 30, '{"ky":"Ачылыш"}', 'Чоң зал', 'Айгүл Асанованы чакыруу', $3, '')`, id, c.at.ID, c.person.ID)
		return err
	})
	return step
}

// place makes what stands in a place of a pattern.
func (c *set) place(pattern, name string) string {
	c.t.Helper()
	shelf := materials.Shelf{Activity: c.at.ID}
	on := func(prefix string) bool { return strings.HasPrefix(pattern, prefix) }
	if strings.HasSuffix(pattern, "/more") && !on("/staff/") {
		c.asksMore()
	}
	switch {
	case name == "$":
		return ""
	case name == "part" && on("/_style/"):
		return "words"
	case name == "slug" && on("/news/"):
		return c.release(newsroom.Published).Slug
	case name == "id" && pattern == "/staff/news/{id}/post":
		r := c.release(newsroom.Published)
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO news_channel (lang, name) VALUES ('ky', '@ashar_news') ON CONFLICT (lang) DO NOTHING`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO news_post (release_id, lang, channel, state, at) VALUES ($1, 'ky', '@ashar_news', 'failed', $2)`, r.ID, storage.Micros(tx.Now))
			return err
		})
		return r.ID.String()
	case name == "id" && pattern == "/staff/news/{id}/list":
		r := c.release(newsroom.Published)
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO news_mailing (release_id, state, at_once, send_at) VALUES ($1, 'waiting', FALSE, $2)`, r.ID, storage.Micros(tx.Now.Add(time.Hour)))
			return err
		})
		return r.ID.String()
	case name == "token" && on("/contact/list/confirm/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "newsroom/confirm", Contact: c.contact(people.EmailContact, people.Typed)})
	case name == "token" && on("/contact/list/leave/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "newsroom/leave"})
	case name == "id" && on("/staff/news/inquiries/"):
		return c.inquiry(c.person.ID, newsroom.Asked{From: newsroom.FromPress, Words: "Качан?"}).ID.String()
	case name == "id" && on("/press/files/"):
		return c.picture(true).ID.String()
	case name == "id" && on("/staff/news/kit/"):
		return c.picture(false).ID.String()
	case name == "id" && on("/staff/news/mentions/"):
		return c.mention(c.at.ID).ID.String()
	case name == "id" && on("/staff/news/"):
		return c.release(newsroom.Draft).ID.String()
	case name == "id" && on("/staff/seminars/{slug}/mailings/"):
		var id string
		c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			id, err = c.draftMailing(ctx, tx, c.at.ID)
			return err
		})
		return id
	case name == "message":
		return "confirmed"
	case name == "number" && on("/review/"):
		return c.number()
	case name == "slug":
		return c.at.Slug
	case name == "day" && on("/staff/lists/bands/"):
		const day = "2099-01-01"
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			have, err := c.rooms.programme.Book().Change(ctx, tx)
			if err != nil || slices.ContainsFunc(have.BandSets(), func(s profile.BandSet) bool { return s.From == day }) {
				return err
			}
			return profile.InsertBands(ctx, tx, profile.BandSet{From: day, Bands: []string{"14-17", "18-24", "25+"}})
		})
		return day
	case name == "list" && on("/staff/lists/"):
		return string(profile.City)
	case name == "code" && on("/staff/lists/"):
		named := i18n.Text{Ky: "Own " + c.at.Slug, Ru: "Own " + c.at.Slug, En: "Own " + c.at.Slug}
		city := profile.Entry{List: profile.City, Code: "own-" + c.at.Slug, ISO: "KG-C", Lat: 42.8, Lon: 73.8, Names: []profile.Named{{Name: named, In: named}}}
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			have, err := c.rooms.programme.Lists(ctx, tx)
			if _, there := have.City(city.Code); err != nil || there { // for another route
				return err
			}
			return lists.New(c.rooms.programme).Bring(ctx, tx, city)
		})
		return city.Code
	case name == "key" && on("/plan/templates/"):
		if c.template.Key != "" {
			return c.template.Key
		}
		c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			c.template = c.stage.template
			c.template.ID, c.template.Key = tx.NewID(), "of-"+c.at.Slug
			if err := c.copyRow(ctx, tx, "template", "id", c.stage.template.ID, map[string]any{"id": c.template.ID, "key": c.template.Key}); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE activity SET template_id = $1 WHERE id = $2`, c.template.ID, c.at.ID)
			return err
		})
		return c.template.Key
	case name == "key" && (on("/staff/seminars/") || on("/my/applications/")):
		return "cv"
	case name == "grant" && on("/plan/team/"):
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := c.rooms.people.GiveHelp(ctx, tx, c.chief.person, people.Help{Person: c.person.ID, Activity: c.at.ID, Role: access.Speaker, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)})
			return err
		})
		return c.one(`SELECT id FROM role_grant WHERE person_id = $1 AND role = 'speaker'`, c.person.ID).String()
	case name == "grant":
		return c.one(`SELECT id FROM role_grant WHERE person_id = $1`, c.person.ID).String()

	case name == "token" && on("/a/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "seminars.application", Ref: c.application})
	case name == "token" && on("/i/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "seminars.invitation", Ref: c.application})
	case name == "token" && on("/next/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "next.stop", Ref: c.at.ID})
	case name == "token" && on("/events/{slug}/companion/"):
		return c.companionLink()
	case name == "token" && on("/m/"):
		message := c.one(`SELECT id FROM message WHERE person_id = $1`, c.person.ID)
		return c.link(people.Link{Person: c.person.ID, Purpose: "messages.open", Ref: message})
	case name == "token" && on("/prove/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "people.prove", Contact: c.contact(people.EmailContact, people.Typed)})
	case name == "token" && on("/contact/undo/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "people.undo", Ref: c.contact(people.EmailContact, people.Leaving), Once: true})
	case name == "token" && on("/demo/in/"):
		return c.link(people.Link{Person: c.person.ID, Purpose: "people.demo"})
	case name == "token" && on("/invitation/"):
		invited := c.person.ID
		if pattern == "/invitation/{token}" && !c.who.person.IsZero() {
			invited = c.who.person // a button accepts for who has a passkey
		}
		var path string
		c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if err := c.rooms.people.Grant(ctx, tx, invited, access.Grant{Role: access.Donor, Scope: access.Scope{City: "naryn"}}); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1 AND role = 'donor' AND city = 'naryn'`, invited); err != nil {
				return err
			}
			path, _, err = c.rooms.people.Invite(ctx, tx, c.chief.person, invited, false)
			return err
		})
		return strings.TrimPrefix(path, "/invitation/")
	case name == "token" && on("/phone/"):
		var token string
		c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			token, err = c.rooms.seminars.InviteDevice(ctx, tx, c.everywhere(access.Coordinator), c.at.ID, "Телефон")
			return err
		})
		return token
	case name == "token" && on("/sign-in/link/"):
		return c.letter()
	case name == "token" && on("/tickets/"):
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := c.rooms.seminars.Answer(ctx, tx, c.application, seats.SayYes)
			return err
		})
		_, body, _ := c.guest().do(http.MethodGet, "/ky/a/"+c.place("/a/{token}", "token"), nil)
		found := ticketLink.FindStringSubmatch(body)
		if found == nil {
			c.t.Fatal("who confirmed finds no ticket")
		}
		return found[1]

	case name == "id" && on("/tickets/"):
		return c.material(shelf, materials.ForParticipants)
	case name == "id" && on("/materials/"):
		return c.material(shelf, materials.ForAll)
	case name == "id" && on("/plan/materials/"):
		c.material(shelf, materials.ForStaff) // a neighbour to move past
		return c.material(shelf, materials.ForStaff)
	case name == "id" && on("/plan/templates/"):
		c.material(materials.Shelf{Template: c.template.ID}, materials.ForStaff)
		return c.material(materials.Shelf{Template: c.template.ID}, materials.ForStaff)
	case name == "id" && on("/demo/mailbox/"):
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			return c.rooms.messages.SendInvitation(ctx, tx, people.RoleLetter{Person: c.person.ID, Path: "/invitation/none"})
		})
		c.work("messages.deliver")
		for _, m := range c.box.List() {
			if m.To == c.person.Email {
				return m.ID
			}
		}
		c.t.Fatal("no mail came")
	case name == "id" && on("/import/people"):
		var to string
		for _, g := range []*guest{c.who, c.chief} { // her own file, or that of who may
			kind, body := g.parcel("file", "people.csv", []byte("аты-жөнү,email\nТолкун Жаңыева,tolkun@example.org\n"), nil)
			status, _, header := g.send(http.MethodPost, "/ky/import/people", kind, bytes.NewReader(body))
			if to = header.Get("Location"); status == http.StatusSeeOther && strings.Contains(to, "/import/people/") {
				if strings.HasSuffix(pattern, "/table") { // there is one when the file is in
					g.do(http.MethodPost, to, url.Values{"added": {"1"}})
				}
				break
			}
		}
		return to[strings.LastIndexByte(to, '/')+1:]
	case name == "id" && on("/staff/jobs/"):
		var id storage.ID
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			id = tx.NewID()
			_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, payload, state, run_at, attempts, made_at, done_at, last_error, last_class, incident)
				VALUES ($1, 'messages.deliver', '{}', 'failed', $2, 10, $2, $2, 'the mail server', 'unreachable', 'aabbccdd')`, id, storage.Micros(tx.Now))
			return err
		})
		return id.String()
	case name == "id" && on("/my/applications/"):
		if !c.who.application.IsZero() && !c.foreign {
			return c.who.application.String()
		}
		var own storage.ID
		c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if strings.Contains(pattern, "/answers") { // which are corrected before the deadline
				if _, err := tx.Exec(ctx, `UPDATE activity SET deadline_at = $2, starts_at = $3, ends_at = $4 WHERE id = $1`, c.at.ID,
					storage.Micros(tx.Now.AddDate(0, 0, 1)), storage.Micros(tx.Now.AddDate(0, 0, 2)), storage.Micros(tx.Now.AddDate(0, 0, 3))); err != nil {
					return err
				}
			}
			if strings.Contains(pattern, "/files/") || strings.Contains(pattern, "/answers") {
				own, err = c.withFile(ctx, tx, access.Actor{Person: c.self})
				return err
			}
			own, err = c.invite(ctx, tx, c.self)
			return err
		})
		return own.String()
	case name == "id" && on("/me/sessions/"):
		return c.one(`SELECT id FROM session WHERE person_id = $1`, c.self).String()
	case name == "id" && on("/me/passkeys/"):
		var id storage.ID
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			id = tx.NewID()
			sealed, err := c.rooms.people.Seal(ctx, tx, c.self, []byte("{}"))
			if err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO passkey (id, person_id, sealed, made_at) VALUES ($1, $2, $3, $4)`, id, c.self, sealed, storage.Micros(tx.Now))
			}
			return err
		})
		return id.String()
	case name == "id" && on("/me/oidc/"):
		var id string
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			account, issuer := tx.NewID(), tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO oidc_link (account_index, issuer_index, person_id, made_at, used_at) VALUES ($1, $2, $3, $4, $4)`,
				account[:], issuer[:], c.self, storage.Micros(tx.Now)); err != nil {
				return err
			}
			list, err := c.rooms.people.Accounts(ctx, tx, c.self)
			if len(list) > 0 {
				id = list[0].ID.String()
			}
			return err
		})
		return id
	case name == "id" && on("/people/"):
		if strings.Contains(pattern, "{grant}") || strings.HasSuffix(pattern, "/invitation") || strings.HasSuffix(pattern, "/passkeys") {
			c.write(func(ctx context.Context, tx *storage.Tx) error {
				if err := c.rooms.people.Grant(ctx, tx, c.person.ID, access.Grant{Role: access.Donor}); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, c.person.ID)
				return err
			})
		}
		return c.person.ID.String()
	case name == "id" && on("/staff/exports/"):
		return c.longTable(strings.HasSuffix(pattern, "/take")).String()
	case name == "id" && on("/staff/messages/"):
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE message SET state = 'failed' WHERE person_id = $1`, c.person.ID)
			return err
		})
		return c.one(`SELECT id FROM message WHERE person_id = $1`, c.person.ID).String()
	case name == "id" && on("/staff/seminars/"):
		if strings.Contains(pattern, "/files/") {
			c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				c.application, err = c.withFile(ctx, tx, access.Actor{})
				return err
			})
		}
		return c.application.String()
	}
	c.t.Errorf("%s: the test has nothing for {%s}", pattern, name)
	return ""
}

// sentAgain is what who asks has sent again and may take back; nothing of hers when she may not.
func (c *set) sentAgain() (id storage.ID) {
	c.t.Helper()
	message, err := storage.ParseID(c.place("/staff/messages/{id}/again", "id"))
	if err != nil {
		c.t.Fatal(err)
	}
	id = storage.RandomID(c.now)
	actor := c.actor(c.who)
	if err := c.store.Write(c.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if _, err := c.rooms.messages.SendAgainMany(ctx, tx, messages.SendAgainMany{Actor: actor, Messages: []storage.ID{message}}); err != nil {
			return err
		}
		open, err := c.rooms.messages.Undoables(ctx, tx, actor.Person)
		if err == nil {
			id = open[0].ID
		}
		return err
	}); err != nil && fault.Of(err) == nil {
		c.t.Fatal(err)
	}
	return id
}

// willMerge is a merge that waits.
func (c *set) willMerge() (id storage.ID) {
	c.t.Helper()
	c.sharer(false)
	chief := c.actor(c.chief)
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		plan, err := c.rooms.people.PlanMerge(ctx, tx, people.PlanMerge{By: chief, From: c.again.ID, Into: c.person.ID})
		id = plan.ID
		return err
	})
	return id
}

// longTable is one that who asks has asked for, or that of who may.
func (c *set) longTable(ready bool) (id storage.ID) {
	c.t.Helper()
	asker := c.actor(c.who)
	if !asker.May(exports.Use, access.Scope{Programme: c.at.Programme, City: c.at.City, Activity: c.at.ID}) {
		asker = c.actor(c.chief)
	}
	c.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err := tx.Exec(ctx, `DELETE FROM list_export WHERE person_id = $1`, asker.Person); err != nil {
			return err
		}
		id, err = c.rooms.exports.Ask(ctx, tx, exports.Ask{Actor: asker, Lang: i18n.Kyrgyz, Kind: "people", Rows: []storage.ID{c.person.ID}})
		if err == nil && ready {
			_, err = c.rooms.exports.MakePiece(ctx, tx, id)
		}
		return err
	})
	return id
}

// actor is who asks, as the house knows her.
func (s *stage) actor(g *guest) access.Actor {
	s.t.Helper()
	a := access.Actor{Person: g.person, Application: g.application, Origin: access.OfPasskey, Table: s.table}
	if g.person.IsZero() {
		return a
	}
	s.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		a.Grants, err = s.rooms.people.Grants(ctx, tx, g.person)
		return err
	})
	return a
}

// path fills a pattern with real objects; each place is filled once.
func (c *set) path(route web.Route, pattern string) string {
	c.t.Helper()
	path := wildcard.ReplaceAllStringFunc(pattern, func(w string) string {
		name := strings.Trim(w, "{}.")
		key := route.Pattern + " " + name
		if _, known := c.values[key]; !known {
			c.values[key] = c.place(route.Pattern, name)
		}
		return url.PathEscape(c.values[key])
	})
	if route.Raw {
		return path
	}
	return "/ky" + path
}

// contactID is a contact of the person that can be shown.
func (c *set) contactID() (id storage.ID) {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT id FROM contact WHERE person_id = $1 AND kind <> 'telegram' ORDER BY id LIMIT 1`, c.person.ID).Scan(&id)
	})
	return id
}

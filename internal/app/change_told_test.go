package app

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// quietHouse is a demo house without its story, whose jobs run when a test says so.
func quietHouse(t *testing.T, databaseURL string) house {
	t.Helper()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := house{dir: t.TempDir(), url: "http://" + socket.Addr().String(), log: &lockedBuffer{}, signIn: DemoLinks{}}
	// It is noon there, whenever the tests run: at night nobody is told of a move.
	began := time.Now()
	noon := programme.Midnight(began).Add(12 * time.Hour)
	clock := func() time.Time { return noon.Add(time.Since(began)) }
	h.App, err = Open(t.Context(), config.Config{Addr: socket.Addr().String(), Data: h.dir, DatabaseURL: databaseURL}, Options{Demo: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.demoProgramme(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := h.demoCast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		token, err := h.rooms.people.DemoSignIn(ctx, tx, c.staff[access.Coordinator])
		h.signIn[access.Coordinator] = h.url + "/demo/in/" + token
		return err
	}); err != nil {
		t.Fatal(err)
	}
	srv := &httptest.Server{Listener: socket, Config: &http.Server{Handler: h.Handler()}} //nolint:gosec // a test's own server
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		h.Close()
	})
	return h
}

// post delivers the messages that wait and gives the addresses of those whose
// subject holds the words, each as often as it got one.
func (h house) post(t *testing.T, words string) (to []string) {
	t.Helper()
	type work struct{ kind, payload string }
	var due []work
	if err := h.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		due, err = storage.All(ctx, tx, func(row storage.Scanner) (w work, err error) {
			err = row.Scan(&w.kind, &w.payload)
			return w, err
		}, `SELECT kind, payload FROM job WHERE kind LIKE 'messages.%' AND run_at <= $1`, storage.Micros(tx.Now))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, m := range h.Manifests() {
		for _, k := range m.Jobs {
			for _, w := range due {
				if w.kind != k.Name {
					continue
				}
				if err := k.Do(t.Context(), h.store, json.RawMessage(w.payload)); err != nil {
					t.Fatalf("%s: %v", k.Name, err)
				}
			}
		}
	}
	for _, m := range h.box.List() {
		if strings.Contains(m.Subject, words) {
			to = append(to, m.To)
		}
	}
	slices.Sort(to)
	return to
}

// tellMoves lets the wait of what was moved be over.
func (h house) tellMoves(t *testing.T, activity storage.ID) {
	t.Helper()
	if err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		const wait = int64(programme.MoveWaits / time.Microsecond)
		if _, err := tx.Exec(ctx, `UPDATE activity_move SET began_at = began_at - $1, moved_at = moved_at - $1, tell_at = tell_at - $1 WHERE told_at = 0`, wait); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE application SET made_at = made_at - $1`, 2*wait); err != nil {
			return err
		}
		return h.rooms.programme.TellMove(ctx, tx, activity)
	}); err != nil {
		t.Fatal(err)
	}
}

var sureField = regexp.MustCompile(`name="sure" value="([0-9a-f]+)"`)

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

func TestWhoMayComeHearsOfANewDayOrPlaceAfterAWait(t *testing.T) {
	t.Parallel()
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":     func(*testing.T) string { return "" },
		"postgresql": func(t *testing.T) string { t.Helper(); return storagetest.Database(t, true) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h := quietHouse(t, database(t))
			const slug = "activists-karakol"
			staff := access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}}, Table: h.table}
			var a programme.Activity
			apply := func(email string, to seats.State) {
				t.Helper()
				if err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
					if a, err = programme.BySlug(ctx, tx, slug); err != nil {
						return err
					}
					p, err := h.rooms.people.Register(ctx, tx, people.Details{FullName: "Асанова", Email: email, Sex: "female", City: "karakol", Lang: i18n.Russian})
					if err != nil {
						return err
					}
					if _, err := h.rooms.seminars.Apply(ctx, tx, seats.Apply{
						Activity: a.ID, Lang: i18n.Russian, Actor: access.Actor{Person: p.ID},
						Answers: forms.Answers{Values: map[string][]string{"name": {p.FullName}, "email": {email}, "sex": {"female"}, "age": {"25-34"}, "place": {"osh"}, "group": {"other"}, "processing": {"on"}}},
					}); err != nil {
						return err
					}
					list, err := h.rooms.seminars.Applicants(ctx, tx, staff, a)
					if err != nil {
						return err
					}
					for _, one := range list {
						if one.Person != p.ID || to == seats.Applied {
							continue
						}
						first := to
						if to == seats.Confirmed {
							first = seats.Invited
						}
						if _, err := h.rooms.seminars.Choose(ctx, tx, seats.Choose{Activity: a.ID, Actor: staff, To: first, Seen: map[storage.ID]int64{one.ID: one.Version}}); err != nil {
							return err
						}
						if to == seats.Confirmed {
							_, err := h.rooms.seminars.Answer(ctx, tx, one.ID, seats.SayYes)
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			for email, state := range map[string]seats.State{
				"confirmed@example.org": seats.Confirmed, "invited@example.org": seats.Invited,
				"applied@example.org": seats.Applied, "shortlisted@example.org": seats.Shortlisted,
			} {
				apply(email, state)
			}
			coordinator := h.as(t, access.Coordinator)
			change := func(edit func(form url.Values)) {
				t.Helper()
				_, page, _ := coordinator.do("GET", "/ru/plan/"+slug, nil)
				version := versionField.FindStringSubmatch(page)
				if version == nil {
					t.Fatalf("no form: %.300s", page)
				}
				local := func(layout string) func(i int) string {
					return func(i int) string {
						return []string{a.Starts.In(programme.Bishkek).Format(layout), a.Ends.In(programme.Bishkek).Format(layout), a.Opens.In(programme.Bishkek).Format(layout), a.Deadline.In(programme.Bishkek).Format(layout)}[i]
					}
				}
				clock, moment := local("15:04"), local("2006-01-02T15:04")
				form := url.Values{
					"version": {version[1]}, "date": {local("2006-01-02")(0)}, "from": {clock(0)}, "to": {clock(1)}, "opens": {moment(2)}, "deadline": {moment(3)},
					"city": {a.City}, "capacity": {"25"}, "group": {a.Group},
				}
				edit(form)
				status, body, _ := coordinator.do("POST", "/ru/plan/"+slug, form)
				if sure := sureField.FindStringSubmatch(body); status == http.StatusOK && sure != nil { // she has seen what changes
					form.Set("sure", sure[1])
					status, body, _ = coordinator.do("POST", "/ru/plan/"+slug, form)
				}
				if status != http.StatusSeeOther {
					t.Fatalf("the change: %d %.600s", status, body[max(0, strings.Index(body, "notice bad")):])
				}
			}
			const subject = "Изменение"
			all := []string{"applied@example.org", "confirmed@example.org", "invited@example.org", "shortlisted@example.org"}
			change(func(f url.Values) { f.Set("capacity", "24") })
			h.tellMoves(t, a.ID)
			if got := h.post(t, subject); len(got) != 0 {
				t.Errorf("of another number of seats hear %v", got)
			}
			move := func(f url.Values) {
				f.Set("date", a.Starts.AddDate(0, 0, 2).In(programme.Bishkek).Format("2006-01-02"))
			}
			change(move)
			if got := h.post(t, subject); len(got) != 0 {
				t.Errorf("before the wait is over hear %v", got)
			}
			h.tellMoves(t, a.ID)
			if got := h.post(t, subject); !slices.Equal(got, all) {
				t.Errorf("of the new day hear %v", got)
			}
			h.tellMoves(t, a.ID)
			if got := h.post(t, subject); len(got) != 4 {
				t.Errorf("delivered again: %v", got)
			}
			change(func(f url.Values) {
				move(f)
				f.Set("venue_ky", "Мектеп")
				f.Set("venue_ru", "Школа номер два")
				f.Set("venue_en", "School")
				for _, name := range programme.StaysNames {
					f.Set(programme.StaysField(name), "on")
				}
			})
			h.tellMoves(t, a.ID)
			if got := h.post(t, subject); len(got) != 8 {
				t.Errorf("of the new place hear %v", got)
			}
			last := h.box.List()[0]
			if !strings.Contains(last.Text, "Школа номер два") || !strings.Contains(last.Text, a.Venue.Ru) || strings.Contains(last.Text, "Мектеп") {
				t.Errorf("the message does not say what was and what is, in Russian: %s", last.Text)
			}
			if _, page, _ := coordinator.do("GET", "/ru/plan/"+slug, nil); !strings.Contains(page, "Сообщений дошло: 4.") {
				t.Error("staff do not read how many were reached")
			}
			if _, page, _ := coordinator.do("GET", "/ru/events/"+slug, nil); !strings.Contains(page, "Школа номер два") || !strings.Contains(page, "Было:") {
				t.Error("the page of everybody does not say what was and what is")
			}
		})
	}
}

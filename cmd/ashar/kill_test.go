package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	seminars "platforma.kg/ashar/internal/modules/seminars/pages"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// childArgs holds the arguments of a child process that is this test binary in
// the place of ashar.
const childArgs = "ASHAR_TEST_CHILD"

func TestMain(m *testing.M) {
	if args := os.Getenv(childArgs); args != "" {
		os.Exit(run(context.Background(), strings.Split(args, "\n"), console{os.Stdout, os.Stderr}))
	}
	os.Exit(m.Run())
}

const kills = 50

// invitee is somebody who was invited before the first kill, signed in.
type invitee struct {
	application storage.ID
	cookie      *http.Cookie
}

// doomed is the installation that is killed again and again.
type doomed struct {
	config   config.Config
	store    *storage.Store
	people   *people.Service
	seminars *seminars.Module
	activity programme.Activity
	invited  []invitee
	door     programme.Activity // goes on while the server is killed
	codes    []string           // of the tickets for the door
	token    string             // of the phone at the door
}

// openDoomed opens the data of the installation in this process, while no child does.
func openDoomed(t *testing.T, c config.Config) *doomed {
	t.Helper()
	keys, err := seal.MakeFile(c.Keys())
	if err != nil {
		t.Fatal(err)
	}
	d := &doomed{config: c}
	if d.store, err = storage.Open(t.Context(), storage.Options{Path: c.Database()}); err != nil {
		t.Fatal(err)
	}
	d.people = people.New(people.Options{Keys: keys, Store: d.store, PublicURL: c.Base()})
	d.seminars = seminars.New(&seats.Service{Store: d.store, People: d.people, Keys: keys, PublicURL: c.Base()})
	return d
}

func (d *doomed) write(t *testing.T, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := d.store.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (d *doomed) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := d.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// plan makes a seminar with room for all, and invites so many people.
func (d *doomed) plan(t *testing.T, invite int) {
	t.Helper()
	file, err := plan.Load(plan.DemoFile(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	d.write(t, func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err := plan.Import(ctx, tx, file, false); err != nil {
			return err
		}
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		d.activity, err = programme.Insert(ctx, tx, programme.Activity{
			Programme: p.ID, Slug: "kill", Kind: programme.Seminar, State: programme.Published, City: "osh", Title: i18n.Text{En: "Kill"},
			Starts: tx.Now.AddDate(0, 0, 20), Ends: tx.Now.AddDate(0, 0, 21), Opens: tx.Now.AddDate(0, 0, -1), Deadline: tx.Now.AddDate(0, 0, 10),
			Capacity: 9000, Group: "activists",
		})
		if err != nil {
			return err
		}
		d.door, err = programme.Insert(ctx, tx, programme.Activity{
			Programme: p.ID, Slug: "kill-door", Kind: programme.Seminar, State: programme.Published, City: "osh", Title: i18n.Text{En: "Kill at the door"},
			Starts: tx.Now.Add(-time.Hour), Ends: tx.Now.Add(7 * time.Hour), Capacity: 9000, Group: "activists", InvitationOnly: true,
		})
		return err
	})
	staff := access.Actor{
		Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}},
		Table: access.Table{seats.MaySelect: {access.Coordinator}, seats.MayEnrol: {access.Coordinator}},
	}
	d.write(t, func(ctx context.Context, tx *storage.Tx) error {
		link, err := d.seminars.InviteDevice(ctx, tx, staff, d.door.ID, "Phone of the test")
		if err != nil {
			return err
		}
		_, d.token, err = d.seminars.EnrolDevice(ctx, tx, link)
		return err
	})
	d.admit(t, 60, staff)
	d.invited = make([]invitee, invite)
	for i := range d.invited {
		d.write(t, func(ctx context.Context, tx *storage.Tx) error {
			app, err := d.seminars.Invite(ctx, tx, seats.Invite{Activity: d.activity.ID, Actor: staff, Details: people.Details{
				FullName: fmt.Sprintf("Чакырылган %s", letters(i)), Email: fmt.Sprintf("invited-%d@example.org", i), Sex: "female", City: "osh",
			}})
			if err != nil {
				return err
			}
			token, err := d.people.StartApplication(ctx, tx, app.Person, app.ID)
			d.invited[i] = invitee{app.ID, d.people.Cookie(token)}
			return err
		})
	}
}

// admit gives so many people a ticket for the seminar that goes on.
func (d *doomed) admit(t *testing.T, guests int, staff access.Actor) {
	t.Helper()
	for i := range guests {
		d.write(t, func(ctx context.Context, tx *storage.Tx) error {
			tx.Now = d.door.Starts.Add(-time.Hour) // tickets are given before the door opens
			app, err := d.seminars.Invite(ctx, tx, seats.Invite{Activity: d.door.ID, Actor: staff, Details: people.Details{
				FullName: fmt.Sprintf("Конок %s", letters(i)), Email: fmt.Sprintf("guest-%d@example.org", i), Sex: "female", City: "osh",
			}})
			if err != nil {
				return err
			}
			if _, err := d.seminars.Answer(ctx, tx, app.ID, seats.SayYes); err != nil {
				return err
			}
			var ticket seats.Ticket
			err = tx.QueryRow(ctx, `SELECT id, serial FROM ticket WHERE application_id = $1`, app.ID).Scan(&ticket.ID, &ticket.Serial)
			d.codes = append(d.codes, d.seminars.Pass(ticket, d.door))
			return err
		})
	}
}

// scan sends a batch of scans and gives the results, which acknowledge them.
func (c child) scan(client *http.Client, token string, scans []door.Scan) (results []door.Outcome, ok bool) {
	body, err := json.Marshal(map[string]any{"scans": scans})
	if err != nil {
		return nil, false
	}
	r, err := http.NewRequest(http.MethodPost, c.url+"/api/v1/checkins", bytes.NewReader(body))
	if err != nil {
		return nil, false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(r)
	if err != nil {
		return nil, false
	}
	defer answer.Body.Close()
	var out struct{ Results []door.Outcome }
	if answer.StatusCode != http.StatusOK || json.NewDecoder(answer.Body).Decode(&out) != nil {
		return nil, false
	}
	return out.Results, len(out.Results) == len(scans)
}

// letters writes a number in letters, since a name holds no digits.
func letters(n int) string {
	out := ""
	for ; n > 0 || out == ""; n /= 10 {
		out = string(rune("абвгдежзик"[2*(n%10)])) + out
	}
	return strings.ToUpper(out)
}

// child is one life of the installation.
type child struct {
	*exec.Cmd
	url string
}

func (d *doomed) birth(t *testing.T, smtp string) child {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := child{exec.CommandContext(t.Context(), os.Args[0]), "http://" + address}
	c.Env = append(os.Environ(), childArgs+"="+strings.Join([]string{
		"serve", "--addr", address, "--data", d.config.Data, "--smtp-url", smtp, "--log", "error",
	}, "\n"))
	c.Stderr = t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		if answer, err := http.Get(c.url + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return c
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the server does not get ready")
		}
		select { // asking again at once would take the time that the server needs to start
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (c child) kill() {
	c.Process.Kill()
	c.Wait()
}

// post gives where the server sent us on, which acknowledges the change.
func (c child) post(client *http.Client, path string, form url.Values, cookie *http.Cookie) (to string, ok bool) {
	r, err := http.NewRequest(http.MethodPost, c.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", false
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.url)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != nil {
		r.AddCookie(cookie)
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", false
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	return answer.Header.Get("Location"), answer.StatusCode == http.StatusSeeOther
}

func TestNoKillLosesWhatWasAcknowledgedOrSendsAMessageTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("fifty lives take two minutes: not in make check, always in make test")
	}
	post := mailtest.Start(t, mailtest.Options{})
	smtp := "smtp://" + post.Addr + "?tls=none&from=ashar@example.org"
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d := openDoomed(t, config.Config{Addr: "127.0.0.1:8080", Data: dir})
	d.plan(t, 400)
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex
	var applied []string       // addresses whose application was acknowledged
	var confirmed []storage.ID // applications whose yes was acknowledged
	var scanned []string       // nonces of scans that were acknowledged
	sent, asked, read := 0, 0, 0
	rnd := rand.New(rand.NewPCG(50, 50))
	client := &http.Client{
		Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for range kills {
		c := d.birth(t, smtp)
		enough := make(chan struct{})
		goal, done := 5+rnd.IntN(25), 0
		acknowledged := func(note func()) {
			mu.Lock()
			defer mu.Unlock()
			note()
			if done++; done == goal {
				close(enough)
			}
		}
		life, end := context.WithCancel(t.Context())
		var clients sync.WaitGroup
		for range 6 {
			clients.Go(func() {
				for life.Err() == nil {
					mu.Lock()
					sent++
					n := sent
					mu.Unlock()
					mail := fmt.Sprintf("applicant-%d@example.org", n)
					if _, ok := c.post(client, "/ky/events/kill/apply", url.Values{
						"step": {"0"}, "do": {"next"}, "q_name": {"Арызчы " + letters(n)}, "q_email": {mail}, "q_sex": {"female"},
						"q_age": {"25-34"}, "q_place": {"osh"}, "q_processing": {"on"},
					}, nil); ok {
						acknowledged(func() { applied = append(applied, mail) })
					}
				}
			})
		}
		clients.Go(func() {
			for life.Err() == nil {
				mu.Lock()
				n := asked
				asked++
				mu.Unlock()
				if n >= len(d.invited) {
					return
				}
				i := d.invited[n]
				if _, ok := c.post(client, "/ky/my/applications/"+i.application.String(), url.Values{"reply": {"confirm"}}, i.cookie); ok {
					acknowledged(func() { confirmed = append(confirmed, i.application) })
				}
			}
		})
		clients.Go(func() {
			for life.Err() == nil {
				var batch []door.Scan
				mu.Lock()
				for range 1 + rnd.IntN(5) {
					read++
					s := door.Scan{Nonce: fmt.Sprintf("nonce-%06d", read), Code: d.codes[rnd.IntN(len(d.codes))], Event: "kill-door", At: time.Now(), Kind: "in"}
					switch rnd.IntN(6) {
					case 0:
						s.Kind = "out"
					case 1:
						s.Code = "a ticket of somebody else"
					}
					batch = append(batch, s)
				}
				mu.Unlock()
				if _, ok := c.scan(client, d.token, batch); ok {
					acknowledged(func() {
						for _, s := range batch {
							scanned = append(scanned, s.Nonce)
						}
					})
				}
			}
		})
		select {
		case <-enough:
		case <-time.After(30 * time.Second):
			t.Error("nothing is acknowledged any more")
		}
		c.kill() // in the middle of what the clients do
		end()
		clients.Wait()
	}

	// A last life sends what is still to be sent.
	c := d.birth(t, smtp)
	watch := openDoomed(t, d.config)
	for deadline := time.Now().Add(5 * time.Minute); ; {
		left := watch.count(t, `SELECT COUNT(*) FROM job WHERE kind = 'messages.deliver' AND state NOT IN ('done', 'failed')`)
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d messages are still not sent", left)
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	c.kill()

	for _, mail := range applied {
		var state string
		if err := watch.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := watch.people.WithContact(ctx, tx, people.EmailContact, mail)
			if err != nil {
				return err
			}
			if len(list) != 1 {
				return fmt.Errorf("%d records", len(list))
			}
			p := list[0]
			return tx.QueryRow(ctx, `SELECT state FROM application WHERE person_id = $1`, p.ID).Scan(&state)
		}); err != nil {
			t.Errorf("the application of %s was acknowledged and is lost: %v", mail, err)
		}
	}
	for _, id := range confirmed {
		if watch.count(t, `SELECT COUNT(*) FROM application WHERE id = $1 AND state = 'confirmed'`, id) != 1 {
			t.Errorf("the yes of %s was acknowledged and is lost", id)
		}
	}
	for _, nonce := range scanned {
		if watch.count(t, `SELECT COUNT(*) FROM scan WHERE nonce = $1`, nonce) != 1 {
			t.Errorf("scan %s was acknowledged and is not there once", nonce)
		}
	}
	for what, query := range map[string]string{
		"attendances that no scan makes": `SELECT COUNT(*) FROM application a WHERE a.state = 'attended' AND NOT EXISTS (
			SELECT 1 FROM scan s WHERE s.application_id = a.id AND s.kind = 'in' AND s.valid)`,
		"scans that make no attendance": `SELECT COUNT(DISTINCT s.application_id) FROM scan s WHERE s.kind = 'in' AND s.valid AND NOT EXISTS (
			SELECT 1 FROM application a WHERE a.id = s.application_id AND a.state = 'attended')`,
		"facts attended too many or few":  `SELECT ABS((SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended') - (SELECT COUNT(*) FROM application WHERE state = 'attended'))`,
		"applications without a move":     `SELECT COUNT(*) FROM application a WHERE NOT EXISTS (SELECT 1 FROM application_move m WHERE m.application_id = a.id)`,
		"persons without an application":  `SELECT COUNT(*) FROM person p WHERE NOT EXISTS (SELECT 1 FROM application a WHERE a.person_id = p.id)`,
		"seats that nobody holds":         `SELECT ABS(taken - (SELECT COUNT(*) FROM application WHERE activity_id = seminar.activity_id AND state IN ('invited', 'confirmed', 'attended'))) FROM seminar ORDER BY 1 DESC LIMIT 1`,
		"facts applied too many or few":   `SELECT ABS((SELECT COUNT(*) FROM fact WHERE kind = 'seminars.applied') - (SELECT COUNT(*) FROM application WHERE proven_at > 0 OR facts <> 0))`,
		"facts confirmed too many or few": `SELECT ABS((SELECT COUNT(*) FROM fact WHERE kind = 'seminars.confirmed') - (SELECT COUNT(*) FROM application WHERE state IN ('confirmed', 'attended')))`,
	} {
		if n := watch.count(t, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if err := watch.store.Check(t.Context()); err != nil {
		t.Error(err)
	}
	got, twice := map[string]int{}, 0
	for _, m := range post.Mails() {
		if got[m.Header("Message-ID")]++; got[m.Header("Message-ID")] == 2 {
			twice++
		}
	}
	all := watch.count(t, `SELECT COUNT(*) FROM message`)
	sure := watch.count(t, `SELECT COUNT(*) FROM message WHERE state = 'sent'`)
	unsure := watch.count(t, `SELECT COUNT(*) FROM message WHERE state = 'unsure'`) // killed while the mail server had it: shown to staff, not sent again
	t.Logf("%d kills: %d applications, %d confirmations and %d scans acknowledged, all there; %d messages, %d arrived, %d twice, %d of which it is not known", kills, len(applied), len(confirmed), len(scanned), all, len(got), twice, unsure)
	if len(applied) == 0 || len(confirmed) == 0 || len(scanned) == 0 {
		t.Error("nothing was acknowledged: the test proves nothing")
	}
	if twice > 0 || sure+unsure != all || len(got) < sure {
		t.Errorf("of %d messages %d are sent and %d in doubt; the mail server has %d, %d of them more than once", all, sure, unsure, len(got), twice)
	}
	if err := watch.store.Close(); err != nil {
		t.Error(err)
	}
}

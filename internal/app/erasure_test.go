package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// ticking is a clock that never shows the same moment twice.
type ticking struct {
	mu sync.Mutex
	at time.Time
}

func (c *ticking) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Microsecond)
	return c.at
}

func (c *ticking) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// life is what a test of erasure does to two replicas on one data folder.
type life struct {
	t           *testing.T
	clock       *ticking
	here, there *App
}

func (l life) do(f func(ctx context.Context, tx *storage.Tx) error) {
	l.t.Helper()
	l.clock.set(l.clock.now().Add(1_000_003 * time.Microsecond))
	if err := l.here.store.Write(l.t.Context(), f); err != nil {
		l.t.Fatal(err)
	}
}

func (l life) exec(query string, args ...any) {
	l.t.Helper()
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// cell is one value of the database.
type cell struct {
	table, column string
	value         any
}

// rowsOf reads every column of every row.
func rowsOf(t *testing.T, store *storage.Store) (rows [][]cell) {
	t.Helper()
	tables, err := store.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		rows = nil
		for _, table := range tables {
			var names []string
			for _, c := range table.Columns {
				names = append(names, `"`+c.Name+`"`)
			}
			some, err := storage.All(ctx, tx, func(row storage.Scanner) ([]cell, error) {
				values, dest := make([]any, len(names)), make([]any, len(names))
				for i := range values {
					dest[i] = &values[i]
				}
				err := row.Scan(dest...)
				out := make([]cell, len(names))
				for i, v := range values {
					out[i] = cell{table.Name, table.Columns[i].Name, v}
				}
				return out, err
			}, `SELECT `+strings.Join(names, ", ")+` FROM "`+table.Name+`"`)
			if err != nil {
				return err
			}
			rows = append(rows, some...)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// acting are the columns that say who did something to somebody else: a row is
// not hers because she stands there.
var acting = []string{
	"audit_entry.actor_id", "application_move.by_person", "door_device.made_by", "role_grant.given_by",
	"person_distinct.by_id", "person_merge.by_id", "activity.facilitator_id", "scan.device",
}

// moments are columns that say when something happened.
func moment(column string) bool {
	return slices.Contains([]string{"at", "made_at", "changed_at", "moved_at", "used_at", "seen_at", "proven_at", "began_at", "ended_at", "received_at", "revoked_at", "first_in", "given_at", "done_at"}, column)
}

// traces are the values by which rows of before could be told.
type traces struct {
	bytes map[string]string // what is looked for in blobs, and where it was
	words map[string]string // what is looked for in texts, lower case
	ints  map[int64]string
}

func (x traces) find(c cell) string {
	switch v := c.value.(type) {
	case []byte:
		for b, from := range x.bytes {
			if bytes.Contains(v, []byte(b)) {
				return from
			}
		}
	case string:
		lower := strings.ToLower(v)
		for w, from := range x.words {
			if strings.Contains(lower, w) {
				return from
			}
		}
	case int64:
		return x.ints[v]
	}
	return ""
}

// addID adds an id as bytes and in the forms that texts may hold.
func (x traces) addID(id storage.ID, from string) {
	x.bytes[string(id[:])] = from
	x.words[id.String()] = from
	x.words[hex.EncodeToString(id[:])] = from
}

// tracesOf follows a person through all tables: a row is hers when it names her,
// or what is hers. Of her rows every id, hash, moment and text that no other row
// has leads to her.
func tracesOf(rows [][]cell, roots map[storage.ID]string) (traces, map[string]int) {
	own := map[int]bool{}
	known := traces{map[string]string{}, map[string]string{}, map[int64]string{}}
	for id, from := range roots {
		known.addID(id, from)
	}
	for grown := true; grown; {
		grown = false
		for i, row := range rows {
			if own[i] {
				continue
			}
			for _, c := range row {
				if slices.Contains(acting, c.table+"."+c.column) || known.find(c) == "" {
					continue
				}
				own[i], grown = true, true
				for _, d := range row {
					if raw, ok := d.value.([]byte); ok && d.column == "id" && len(raw) == 16 {
						known.addID(storage.ID(raw), d.table+".id")
					}
				}
				break
			}
		}
	}
	others := map[string]bool{}
	for i, row := range rows {
		for _, c := range row {
			if raw, ok := c.value.([]byte); ok && !own[i] {
				others[string(raw)] = true
			}
		}
	}
	tables := map[string]int{}
	for i := range own {
		tables[rows[i][0].table]++
		for _, c := range rows[i] {
			from := c.table + "." + c.column
			switch v := c.value.(type) {
			case []byte:
				if len(v) >= 8 && !others[string(v)] {
					known.bytes[string(v)] = from
				}
			case string:
				if slices.Contains([]string{"nonce", "code", "dedupe"}, c.column) && len(v) >= 8 {
					known.words[strings.ToLower(v)] = from
				}
			case int64:
				if v > 1e15 && moment(c.column) || c.column == "serial" {
					known.ints[v] = from
				}
			}
		}
	}
	return known, tables
}

func TestNoRowOfTodayLeadsBackToWhoWasErasedOnAnotherReplica(t *testing.T) {
	t.Parallel()
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":     func(*testing.T) string { return "" },
		"postgresql": func(t *testing.T) string { t.Helper(); return storagetest.Database(t, true) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			l := openLife(t, database(t))
			her, before := l.live()
			rows := rowsOf(t, l.here.store)
			leads, tables := tracesOf(rows, her)
			// The test can fail: she stands in all these tables.
			for _, table := range []string{
				"application", "application_draft", "application_move", "attendance", "audit_entry", "consent", "contact", "fact", "job", "message", "message_attempt",
				"oidc_link", "passkey", "person", "person_distinct", "person_link", "person_merge", "person_name_part", "role_grant", "scan", "session", "sign_in", "ticket",
			} {
				if tables[table] == 0 {
					t.Errorf("she stands not in %s: the test proves nothing of it", table)
				}
			}
			for _, song := range songs {
				leads.words[strings.ToLower(song)] = "her words"
			}
			for _, app := range before.tickets {
				leads.words[strings.ToLower(app)] = "her ticket"
			}
			var person storage.ID
			for id, from := range her {
				if from == "person" {
					person = id
				}
			}
			l.clock.set(l.clock.now().Add(time.Hour))
			if err := l.there.People().EraseForGood(t.Context(), l.admin(), person); err != nil {
				t.Fatal(err)
			}
			for _, row := range rowsOf(t, l.here.store) {
				for _, c := range row {
					if from := leads.find(c); from != "" && c.table != "person_erased" {
						t.Errorf("%s.%s = %v was in %s", c.table, c.column, c.value, from)
					}
				}
			}
			if diff := cmp.Diff(before.counts, l.counts()); diff != "" {
				t.Errorf("the numbers are others:\n%s", diff)
			}
			// What she did to others stays, without her.
			if n := l.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'people.audit.viewed' AND actor_id IS NULL`); n != 1 {
				t.Errorf("%d looks of hers at others", n)
			}
			if n := l.count(`SELECT COUNT(*) FROM person_erased`); n != 2 {
				t.Errorf("%d records are noted as erased", n)
			}
		})
	}
}

func openLife(t *testing.T, databaseURL string) life {
	t.Helper()
	l := life{t: t, clock: &ticking{at: time.Now().UTC().Truncate(time.Second)}}
	c := config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir(), DatabaseURL: databaseURL}
	open := func() *App {
		a, err := Open(t.Context(), c, Options{Demo: true, Clock: l.clock.now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		return a
	}
	l.here, l.there = open(), open()
	if err := l.here.demoProgramme(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.here.demoCast(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l life) count(query string, args ...any) (n int) {
	l.t.Helper()
	if err := l.here.store.Read(l.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	}); err != nil {
		l.t.Fatal(err)
	}
	return n
}

func (l life) admin() (id storage.ID) {
	l.t.Helper()
	if err := l.here.store.Read(l.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		holders, err := l.here.rooms.people.Holders(ctx, tx, access.Admin)
		id = holders[0]
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return id
}

// counts are the numbers of all activities that are over, and of all facts.
func (l life) counts() map[string]string {
	l.t.Helper()
	out := map[string]string{}
	if err := l.here.store.Read(l.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		clear(out)
		list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar})
		if err != nil {
			return err
		}
		for _, a := range list {
			o, err := l.here.rooms.seminars.OverviewOf(ctx, tx, a)
			if err != nil {
				return err
			}
			if !a.Past(tx.Now) {
				continue
			}
			out[a.Slug] = fmt.Sprint(o.Seats.Taken, o.Count, o.Women, o.Men, o.Undisclosed, o.Extra)
		}
		facts, err := ledger.Facts(ctx, tx, ledger.Filter{})
		for kind, tally := range ledger.Count(facts) {
			out[string(kind)] = fmt.Sprintf("%+v", *tally)
		}
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return out
}

// lived is what a life came to.
type lived struct {
	counts  map[string]string
	tickets []string // what the codes of her tickets hold
}

// live lets the canary do all that leaves a row, and gives her ids.
func (l life) live() (her map[storage.ID]string, out lived) {
	t, folk, house := l.t, l.here.rooms.people, l.here.rooms.seminars
	t.Helper()
	var one, two, other, third people.Person
	register := func(p *people.Person, d people.Details) {
		t.Helper()
		l.do(func(ctx context.Context, tx *storage.Tx) (err error) {
			*p, err = folk.Register(ctx, tx, d)
			return err
		})
	}
	register(&one, canary)
	again := canary
	again.Email, again.Phone, again.Sex = "canary.other@hidden-nest.example.org", "", ""
	register(&two, again)
	register(&other, people.Details{FullName: "Асанова Бермет", Email: "bermet@example.org", Sex: "female", City: "naryn", Group: canary.Group, Lang: i18n.Kyrgyz})
	register(&third, people.Details{FullName: "Үсөнов Асан", Email: "asan@example.org", Sex: "male", City: "naryn", Group: canary.Group, Lang: i18n.Kyrgyz})
	admin := l.admin()
	staff := access.Actor{Person: admin, Grants: []access.Grant{{Role: access.Coordinator}}, Table: l.here.table}
	asStaff := staff
	asStaff.Person = one.ID

	var open []programme.Activity
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
		for _, a := range list {
			if a.Group == canary.Group && !a.InvitationOnly && a.Opens.Before(tx.Now) && a.Deadline.After(tx.Now) {
				open = append(open, a)
			}
		}
		return err
	})
	if len(open) == 0 {
		t.Fatal("no seminar takes applications now")
	}
	first := slices.MinFunc(open, func(a, b programme.Activity) int { return a.Starts.Compare(b.Starts) })
	apply := func(p people.Person, a programme.Activity, secret string) (app seats.Application) {
		t.Helper()
		l.do(func(ctx context.Context, tx *storage.Tx) error {
			h, err := house.Apply(ctx, tx, seats.Apply{
				Activity: a.ID, Lang: i18n.Kyrgyz, Actor: access.Actor{Person: p.ID}, Secret: secret,
				Answers: forms.Answers{Values: map[string][]string{"name": {p.FullName}, "phone": {canary.Phone}, "email": {p.Email}, "sex": {"female"}, "age": {"25-34"}, "place": {"osh"}, "group": {"other"}, "processing": {"on"}}},
			})
			app = h.Application
			return err
		})
		return app
	}
	choose := func(by access.Actor, app seats.Application, a programme.Activity) {
		t.Helper()
		l.do(func(ctx context.Context, tx *storage.Tx) error {
			done, err := house.Choose(ctx, tx, seats.Choose{Activity: a.ID, Actor: by, To: seats.Invited, Seen: map[storage.ID]int64{app.ID: app.Version}})
			if len(done.Moved) != 1 {
				t.Errorf("chosen: %+v", done)
			}
			return err
		})
	}
	otherApp := apply(other, first, "")
	hers := apply(one, first, "a secret of a draft that she handed in")
	l.exec(`UPDATE application_draft SET until_at = $1`, storage.Micros(l.clock.now().AddDate(1, 0, 0)))
	if len(open) > 1 { // still undecided when she goes
		apply(one, open[len(open)-1], "")
	}
	choose(staff, hers, first)
	choose(asStaff, otherApp, first)
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := house.Answer(ctx, tx, hers.ID, seats.SayYes)
		return err
	})
	l.here.post(t) // some have left, some wait

	l.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := folk.GrantBy(ctx, tx, admin, one.ID, access.Grant{Role: access.Facilitator})
		return err
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := folk.GrantBy(ctx, tx, one.ID, third.ID, access.Grant{Role: access.FrontDesk})
		return err
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		if err := folk.SetConsent(ctx, tx, one.ID, people.ForPhoto, true); err != nil {
			return err
		}
		token, err := folk.NewLink(ctx, tx, people.Link{Person: one.ID, Purpose: people.LinkChat, Until: tx.Now.Add(time.Hour), Once: true})
		if err != nil {
			return err
		}
		if _, err := folk.ConnectChat(ctx, tx, token, 7_555_111_222); err != nil {
			return err
		}
		return folk.AskToSignIn(ctx, tx, "her browser", canary.Email)
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		return folk.KeepApart(ctx, tx, one.ID, one.ID, other.ID)
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		return folk.KeepApart(ctx, tx, one.ID, third.ID, other.ID)
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		return folk.Merge(ctx, tx, people.MergeRecords{By: admin, From: two.ID, Into: one.ID})
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error { // merging has ended those before
		_, err := folk.StartSession(ctx, tx, one.ID, access.OfProof)
		return err
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Actor: admin, Person: one.ID, Action: "people.audit.viewed"})
	})
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Actor: one.ID, Person: other.ID, Action: "people.audit.viewed"})
	})
	l.exec(`INSERT INTO passkey (id, person_id, sealed, made_at) VALUES ($1, $2, $1, $3)`, bytes.Repeat([]byte{0xa1}, 32), one.ID, storage.Micros(l.clock.now()))
	l.exec(`INSERT INTO oidc_link (account_index, issuer_index, person_id, made_at, used_at) VALUES ($1, $2, $3, $4, $4)`,
		bytes.Repeat([]byte{0xa2}, 32), bytes.Repeat([]byte{0xa3}, 32), one.ID, storage.Micros(l.clock.now()))
	l.exec(`INSERT INTO person_import (id, by_id, name, sealed, made_at) VALUES ($1, $2, '.csv', $3, $4)`,
		storage.RandomID(l.clock.now()), one.ID, bytes.Repeat([]byte{0xa4}, 32), storage.Micros(l.clock.now()))
	l.exec(`UPDATE activity SET facilitator_id = $1 WHERE id = $2`, one.ID, first.ID)

	// The day comes: she is read at the wrong door and at the right one, and helps there herself.
	l.clock.set(first.Starts)
	var pass string
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := house.InviteDevice(ctx, tx, asStaff, first.ID, "A phone"); err != nil {
			return err
		}
		var serial int64
		if err := tx.QueryRow(ctx, `SELECT serial FROM ticket WHERE application_id = $1`, hers.ID).Scan(&serial); err != nil {
			return err
		}
		ticket := seats.Ticket{Serial: seats.Serial(serial)}
		pass = house.Pass(ticket, first)
		out.tickets = []string{pass, ticket.Serial.Code()}
		return nil
	})
	elsewhere := first
	elsewhere.ID, elsewhere.Slug, elsewhere.Facilitator = storage.RandomID(l.clock.now()), "elsewhere", storage.ID{}
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		_, err := programme.Insert(ctx, tx, elsewhere)
		return err
	})
	scan := func(device string, a programme.Activity, nonce, code, want string) {
		t.Helper()
		l.do(func(ctx context.Context, tx *storage.Tx) error {
			got, err := house.CheckIn(ctx, tx, door.CheckIn{Device: device, Activity: a.ID, By: one.ID, Scans: []door.Scan{
				{Nonce: nonce, Code: code, Event: a.Slug, At: tx.Now.Add(-17 * time.Millisecond), Kind: "in"},
			}})
			if err == nil && got[0].Result != want {
				t.Errorf("%s is %+v", nonce, got[0])
			}
			return err
		})
	}
	scan("phone", elsewhere, "her-nonce-wrong", pass, "refused")
	scan("phone", first, "her-nonce-right", pass, "accepted")
	scan("person "+one.ID.String(), first, "some-other-nonce", "no ticket at all", "unknown")
	l.clock.set(first.Ends.Add(time.Hour))
	l.exec(`UPDATE session SET ends_at = ends_at`)
	out.counts = l.counts()
	her = map[storage.ID]string{one.ID: "person", two.ID: "merged", one.Subject: "subject", two.Subject: "subject of the merged"}
	l.do(func(ctx context.Context, tx *storage.Tx) error {
		var ask storage.ID // of her address, which is not in it
		err := tx.QueryRow(ctx, `SELECT id FROM sign_in`).Scan(&ask)
		her[ask] = "ask to sign in"
		return err
	})
	return her, out
}

// post works on the messages that are due.
func (a *App) post(t *testing.T) { t.Helper(); house{App: a}.post(t, "") }

// What runs beside an erasure ends before it, or finds nobody.
func TestAnErasureAmongThoseWhoWriteOfHerLeavesNothing(t *testing.T) {
	t.Parallel()
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":     func(*testing.T) string { return "" },
		"postgresql": func(t *testing.T) string { t.Helper(); return storagetest.Database(t, true) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			l := openLife(t, database(t))
			var her people.Person
			var open []programme.Activity
			l.do(func(ctx context.Context, tx *storage.Tx) (err error) {
				if her, err = l.here.rooms.people.Register(ctx, tx, canary); err != nil {
					return err
				}
				list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
				for _, a := range list {
					if !a.InvitationOnly && a.Opens.Before(tx.Now) && a.Deadline.After(tx.Now) {
						open = append(open, a)
					}
				}
				return err
			})
			admin := l.admin()
			var writers sync.WaitGroup
			over, wrote := make(chan struct{}), make(chan struct{}, 1000)
			for i := range 6 {
				a := []*App{l.here, l.there}[i%2]
				work := []func(ctx context.Context, tx *storage.Tx, turn int) error{
					func(ctx context.Context, tx *storage.Tx, _ int) error {
						if _, err := a.rooms.people.ByID(ctx, tx, her.ID); err != nil {
							return err
						}
						return audit.Record(ctx, tx, audit.Entry{Actor: admin, Person: her.ID, Action: "people.audit.viewed"})
					},
					func(ctx context.Context, tx *storage.Tx, turn int) error {
						at := open[turn%len(open)]
						_, err := a.rooms.seminars.Apply(ctx, tx, seats.Apply{
							Activity: at.ID, Lang: i18n.Kyrgyz, Actor: access.Actor{Person: her.ID},
							Answers: forms.Answers{Values: map[string][]string{"name": {her.FullName}, "phone": {her.Phone}, "sex": {"female"}, "age": {"25-34"}, "place": {"osh"}, "group": {"other"}, "processing": {"on"}}},
						})
						return err
					},
					func(ctx context.Context, tx *storage.Tx, _ int) error {
						return a.rooms.messages.SendChange(ctx, tx, people.Change{Person: her.ID, What: "people.change.email"})
					},
				}[i%3]
				writers.Go(func() {
					for turn := 0; ; turn++ {
						select {
						case <-over:
							return
						default:
						}
						if a.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return work(ctx, tx, turn) }) == nil {
							select {
							case wrote <- struct{}{}:
							default:
							}
						}
					}
				})
			}
			for range 60 {
				<-wrote
			}
			err := l.there.People().EraseForGood(t.Context(), admin, her.ID)
			close(over)
			writers.Wait()
			if err != nil {
				t.Fatal(err)
			}
			leads := traces{map[string]string{}, map[string]string{}, map[int64]string{}}
			leads.addID(her.ID, "her id")
			leads.addID(her.Subject, "her subject")
			for _, row := range rowsOf(t, l.here.store) {
				for _, c := range row {
					if from := leads.find(c); from != "" && c.table != "person_erased" {
						t.Errorf("%s.%s holds %s", c.table, c.column, from)
					}
				}
			}
		})
	}
}

package followup

import (
	"context"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// postbox remembers the letters whose transaction was kept, each key once.
type postbox struct {
	mu      sync.Mutex
	letters []messages.Notice
}

func (p *postbox) Send(_ context.Context, tx *storage.Tx, n messages.Notice) error {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if n.Key == "" || !slices.ContainsFunc(p.letters, func(o messages.Notice) bool { return o.Key == n.Key }) {
			p.letters = append(p.letters, n)
		}
	})
	return nil
}

// Cancel takes back the letter with a key.
func (p *postbox) Cancel(_ context.Context, tx *storage.Tx, key string) (int, error) {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.letters = slices.DeleteFunc(p.letters, func(o messages.Notice) bool { return o.Key == key })
	})
	return 1, nil
}

func (p *postbox) CancelTo(context.Context, *storage.Tx, storage.ID, storage.ID, ...string) (int, error) {
	return 0, nil
}

// of counts the letters of a kind.
func (p *postbox) of(kind string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		if l.Kind == kind {
			n++
		}
	}
	return n
}

// path is where the last letter to somebody leads.
func (p *postbox) path(person storage.ID) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range slices.Backward(p.letters) {
		if l.To == person {
			return l.Path
		}
	}
	return ""
}

// room is the module over the demo's programme, on one engine.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	post  *postbox
	table access.Table
	osh   programme.Activity // published, in Osh, 30 days ahead
	other programme.Activity // in another city
}

func rooms(t *testing.T, f func(v *room)) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		keys := peopletest.Keys(t)
		v := &room{t: t, s: s, clock: clock, table: access.Table{}, post: &postbox{}}
		p := people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})
		seminars := &seats.Service{Store: s, People: p, Keys: keys, Messages: v.post, PublicURL: "https://ashar.example"}
		v.m = New(seminars)
		// As the house has it: what is sealed for one record is sealed anew before it is handed over.
		p.Attach([]module.Manifest{v.m.Manifest(), {Name: "seminars", Merge: seminars.Merge, Erase: seminars.Erase}})
		for _, permission := range []access.Permission{seats.MaySelect, seats.MaySetUp} {
			v.table[permission] = []access.Role{access.Coordinator, access.Admin}
		}
		v.table[seats.MayAdmit] = []access.Role{access.Coordinator, access.Admin, access.Facilitator, access.FrontDesk}
		file := programmetest.Load(t)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, file, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, From: tx.Now})
			for _, a := range list {
				if a.City == "osh" && v.osh.ID.IsZero() {
					v.osh = a
				}
				if a.City != "" && a.City != "osh" {
					v.other = a
				}
			}
			if err != nil {
				return err
			}
			starts := tx.Now.AddDate(0, 0, 30)
			_, err = tx.Exec(ctx, `UPDATE activity SET capacity = 600, starts_at = $2, ends_at = $3 WHERE id = $1`, v.osh.ID, storage.Micros(starts), storage.Micros(starts.Add(8*time.Hour)))
			return err
		})
		v.osh = v.activity()
		f(v)
	})
}

func (v *room) must(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

func (v *room) try(f func(ctx context.Context, tx *storage.Tx) error) error {
	v.t.Helper()
	return peopletest.Try(v.t, v.s, f)
}

func (v *room) activity() (a programme.Activity) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = v.m.ActivityByID(ctx, tx, v.osh.ID)
		return err
	})
	return a
}

// staff is somebody with a role.
func (v *room) staff(role access.Role, at access.Scope) access.Actor {
	v.t.Helper()
	return access.Actor{
		Person: peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: "Кызматкер " + string(role)}).ID, Origin: access.OfPasskey, Proven: v.clock.Now(),
		Grants: []access.Grant{{Role: role, Scope: at}}, Table: v.table,
	}
}

// rules sets how the activity asks.
func (v *room) rules(r Rules) {
	v.t.Helper()
	chief := v.staff(access.Coordinator, access.Scope{})
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		now, err := RulesOf(ctx, tx, v.osh.ID)
		if err != nil {
			return err
		}
		r.Version = now.Version
		return v.m.SetRules(ctx, tx, SetRules{Activity: v.osh.ID, Actor: chief, Rules: r})
	})
}

var asks = Rules{Asks: true, DaysBefore: 3, ForgetDays: 30}

// comes is somebody who has said yes.
func (v *room) comes(name string) seats.Application {
	v.t.Helper()
	p := peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: name, Email: name + "@example.kg", City: "osh", Lang: i18n.Kyrgyz})
	var app seats.Application
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := seats.OpenSeminar(ctx, tx, v.osh.ID, 600); err != nil {
			return err
		}
		if app, _, err = v.m.BeginWith(ctx, tx, p, seats.Application{Activity: v.osh.ID, Person: p.ID, Proven: tx.Now}, p.ID, "seminars.why.applied"); err != nil {
			return err
		}
		if app, err = v.m.Move(ctx, tx, app, seats.Invited, storage.ID{}, "seminars.why.staff_invited"); err != nil {
			return err
		}
		app, err = v.m.Service.Answer(ctx, tx, app.ID, seats.SayYes)
		return err
	})
	return app
}

// her is the actor of an application.
func her(app seats.Application) access.Actor {
	return access.Actor{Person: app.Person, Origin: access.OfProof}
}

// with makes answers of pairs.
func with(pairs ...string) forms.Answers {
	a := forms.Answers{}.Clone()
	for i := 0; i+1 < len(pairs); i += 2 {
		a.Values[pairs[i]] = append(a.Values[pairs[i]], pairs[i+1])
	}
	return a
}

// answers is the use case as she uses it, signed in, with a fresh page.
func (v *room) answers(app seats.Application, a forms.Answers, change ...func(*Answer)) (changed bool, err error) {
	v.t.Helper()
	err = v.try(func(ctx context.Context, tx *storage.Tx) (err error) {
		k, err := keptOf(ctx, tx, app.ID)
		if err != nil {
			return err
		}
		c, said, err := v.m.photo(ctx, tx, app.Person)
		if err != nil {
			return err
		}
		cmd := Answer{Application: app.ID, Actor: her(app), Version: k.Version, Answers: a, Photo: v.m.PhotoMark(c, said), Lang: i18n.Kyrgyz}
		for _, f := range change {
			f(&cmd)
		}
		changed, err = v.m.Answer(ctx, tx, cmd)
		return err
	})
	return changed, err
}

// kept reads what is kept of an application, opened.
func (v *room) kept(app seats.Application) (k kept, a forms.Answers) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		if k, err = keptOf(ctx, tx, app.ID); err != nil {
			return err
		}
		a, err = v.m.answersOf(ctx, tx, app.Person, k)
		return err
	})
	return k, a
}

func (v *room) count(query string, args ...any) (n int) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	return n
}

// serve shows the pages to who the header As names: the id of a person, or "staff".
func (v *room) serve(staff access.Actor) string {
	v.t.Helper()
	return webtest.Serve(v.t, web.Options{
		Routes: v.m.Manifest().Routes, Clock: v.clock.Now,
		Identify: func(r *http.Request) (access.Actor, error) {
			switch as := r.Header.Get("As"); as {
			case "":
				return access.Actor{Table: v.table}, nil
			case "staff":
				return staff, nil
			default:
				id, err := storage.ParseID(as)
				return access.Actor{Person: id, Origin: access.OfProof, Table: v.table}, err
			}
		},
	}, texts(), os.DirFS("../pages/text"), os.DirFS("../../../spine/people/text"), os.DirFS("../../../spine/programme/text"), forms.Texts(), profile.Texts())
}

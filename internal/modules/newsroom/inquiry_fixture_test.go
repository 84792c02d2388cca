package newsroom

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// newsdesk is a newsroom with people and their mail, on one engine, with a clock.
type newsdesk struct {
	t     *testing.T
	s     *storage.Store
	m     *Module
	clock *storagetest.Clock
	box   *mail.Box
	table access.Table
	post  *messages.Service
	texts *i18n.Catalogue
	chief access.Actor
	other access.Actor // of the staff too
}

func newsdesks(t *testing.T, f func(v newsdesk)) {
	t.Helper()
	peopletest.Both(t, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		v := newsdesk{t: t, s: s, clock: clock, box: mail.NewBox(1000)}
		v.m = &Module{Store: s, People: people.New(people.Options{Keys: peopletest.Keys(t), Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})}
		v.post = messages.New(messages.Options{
			Store: s, People: v.m.People, PublicURL: "https://ashar.example", Mail: v.box, Box: v.box,
			Programme: func(context.Context, *storage.Tx) (i18n.Text, error) { return all3("School"), nil },
		})
		v.m.Messages = v.post
		v.m.People.SendWith(v.post)
		list := append(peopletest.Manifests(v.m.People, s), v.post.Manifest(), v.m.Manifest())
		sources := []fs.FS{web.Texts(), profile.Texts(), programme.Texts()}
		v.table = access.Table{}
		for _, one := range list {
			if one.Texts != nil {
				sources = append(sources, one.Texts)
			}
			for p, roles := range one.Permissions {
				v.table[p] = roles
			}
		}
		var err error
		if v.texts, err = i18n.Load(sources...); err != nil {
			t.Fatal(err)
		}
		v.post.Speak(v.texts)
		v.m.People.Attach([]module.Manifest{v.post.Manifest(), v.m.Manifest()})
		v.chief, v.other = v.staff("Асанова Айгүл"), v.staff("Бакиров Бек")
		f(v)
	})
}

// staff is somebody who answers.
func (v newsdesk) staff(name string) access.Actor {
	v.t.Helper()
	p := v.person(people.Details{FullName: name})
	return access.Actor{Person: p, Grants: []access.Grant{{Role: access.Coordinator}}, Table: v.table, Proven: v.s.Now()}
}

func (v newsdesk) person(d people.Details) storage.ID {
	v.t.Helper()
	return peopletest.Register(v.t, v.s, v.m.People, d).ID
}

func (v newsdesk) write(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

// ask sends a form that cost no effort.
func (v newsdesk) ask(cmd Ask) (q Inquiry, again bool, err error) {
	v.t.Helper()
	free := *v.m
	free.Effort = nil
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		q, again, err = free.Ask(ctx, tx, cmd)
		return err
	})
	return q, again, err
}

// question is a good form of a stranger.
func question() Ask {
	return Ask{
		Name: "Жумабекова Нургүл", Email: "nurgul@hidden-nest.example.org", Lang: i18n.Kyrgyz, Mark: people.NewToken(),
		Asked: Asked{From: FromPress, Outlet: "Уядабаш гезити", Words: "Кыйкырбаганкоңгуроо качан?"},
	}
}

func (v newsdesk) must(q Inquiry, again bool, err error) Inquiry {
	v.t.Helper()
	if err != nil || again {
		v.t.Fatal(again, err)
	}
	return q
}

func (v newsdesk) take(q Inquiry, actor access.Actor, back bool) (out Inquiry, err error) {
	v.t.Helper()
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.TakeInquiry(ctx, tx, TakeInquiry{Actor: actor, Inquiry: q.ID, Version: q.Version, Back: back})
		return err
	})
	return out, err
}

func (v newsdesk) answer(q Inquiry, actor access.Actor, words string) (out Inquiry, err error) {
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.AnswerInquiry(ctx, tx, AnswerInquiry{Actor: actor, Inquiry: q.ID, Version: q.Version, Words: words})
		return err
	})
	return out, err
}

func (v newsdesk) close(q Inquiry, actor access.Actor, called bool, words string) (out Inquiry, err error) {
	v.t.Helper()
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.CloseInquiry(ctx, tx, CloseInquiry{Actor: actor, Inquiry: q.ID, Version: q.Version, Called: called, Words: words})
		return err
	})
	return out, err
}

// ok is what must have gone well.
func (v newsdesk) ok(q Inquiry, err error) Inquiry {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	return q
}

func (v newsdesk) count(query string, args ...any) (n int) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	}); err != nil {
		v.t.Fatal(err)
	}
	return n
}

// work does the jobs that are due, of the newsroom and of the mail, until there are none.
func (v newsdesk) work() {
	v.t.Helper()
	kinds := map[string]jobs.Kind{}
	for _, k := range append(v.m.Manifest().Jobs, v.post.Manifest().Jobs...) {
		kinds[k.Name] = k
	}
	type job struct {
		id            storage.ID
		kind, payload string
	}
	for {
		var list []job
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = storage.All(ctx, tx, func(row storage.Scanner) (j job, err error) {
				err = row.Scan(&j.id, &j.kind, &j.payload)
				return j, err
			}, `SELECT id, kind, payload FROM job WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id`, storage.Micros(tx.Now))
			return err
		}); err != nil {
			v.t.Fatal(err)
		}
		if len(list) == 0 {
			return
		}
		for _, j := range list {
			if k, ok := kinds[j.kind]; ok {
				if err := k.Do(v.t.Context(), v.s, json.RawMessage(j.payload)); err != nil {
					v.t.Fatal(j.kind, err)
				}
			}
			v.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE job SET state = 'done' WHERE id = $1`, j.id)
				return err
			})
		}
	}
}

// letters are the letters that went to an address, the last first.
func (v newsdesk) letters(to string) (out []mail.Message) {
	for _, one := range v.box.List() {
		if one.To == to {
			out = append(out, one)
		}
	}
	return out
}

// browser serves the pages of the newsroom to who is given.
type browser struct {
	newsdesk
	url string
}

func (v newsdesk) serve(who access.Actor) browser {
	v.t.Helper()
	v.m.Effort = effort.New(effort.Options{Key: bytes.Repeat([]byte{3}, 32), Bits: 3})
	who.Table = v.table
	return browser{v, webtest.Serve(v.t, web.Options{
		Routes: v.m.Manifest().Routes, Catalogue: v.texts, ErrorPage: kit.ErrorPage,
		Identify: func(*http.Request) (access.Actor, error) { return who, nil },
		Site:     func(context.Context) (*web.Site, error) { return &web.Site{}, nil }, Clock: v.s.Now,
	})}
}

// do asks for a page, and posts when there is a form.
func (b browser) do(path string, form url.Values) (status int, to, body string) {
	b.t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	a := (&webtest.Browser{URL: b.url}).Do(b.t, method, path, form)
	return a.Status, a.To(), a.Body
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

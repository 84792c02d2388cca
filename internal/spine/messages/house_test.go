package messages_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// start is when tests begin.
var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// house is a store with people and messages.
type house struct {
	t      *testing.T
	store  *storage.Store
	people *people.Service
	hasty  *people.Service // the same, that waits for nothing
	svc    *messages.Service
	clock  *storagetest.Clock
	log    *bytes.Buffer
}

// each runs f on both engines.
func each(t *testing.T, o messages.Options, f func(h *house)) {
	t.Helper()
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, s *storage.Store, c *storagetest.Clock) { f(newHouse(t, s, c, o)) })
}

func newHouse(t *testing.T, s *storage.Store, c *storagetest.Clock, o messages.Options) *house {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: s, clock: c, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.people = people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", Log: log})
	h.hasty = people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", EraseWait: time.Nanosecond, Log: log})
	o.Store, o.People, o.PublicURL, o.Log = s, h.people, "https://ashar.example", log
	if o.Box != nil {
		o.Mail = o.Box
	}
	o.Programme = func(context.Context, *storage.Tx) (i18n.Text, error) {
		return i18n.Text{Ky: "Жарандык лидерлик мектеби", Ru: "Школа гражданского лидерства", En: "School of Civic Leadership"}, nil
	}
	h.svc = messages.New(o)
	h.svc.Speak(catalogue(t, h.svc))
	return h
}

// catalogue has the texts of messages and of one kind that a module would bring.
func catalogue(t *testing.T, svc *messages.Service) *i18n.Catalogue {
	t.Helper()
	module := fstest.MapFS{}
	for _, l := range i18n.Languages {
		module[string(l)+".json"] = &fstest.MapFile{Data: []byte(`{
			"notice.seminars.invited.subject": "` + string(l) + `: seminar in {city}",
			"notice.seminars.invited.body": "{title}, {when}.\n\nPlaces: {count}",
			"notice.seminars.invited.action": "Answer",
			"notice.seminars.seat.subject": "Seat", "notice.seminars.seat.body": "A seat.",
			"notice.seminars.seat.sms": "` + string(l) + `: a seat in {city}, {when}. Answer:"}`)}
	}
	sources := []fs.FS{svc.Manifest().Texts, module, web.Texts()}
	c, err := i18n.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (h *house) write(f func(ctx context.Context, tx *storage.Tx) error) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) person(d people.Details, chat int64) storage.ID {
	h.t.Helper()
	var id storage.ID
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		p, err := h.people.Register(ctx, tx, d)
		if err != nil || chat == 0 {
			id = p.ID
			return err
		}
		id = p.ID
		token, err := h.people.NewLink(ctx, tx, people.Link{Person: id, Purpose: people.LinkChatApplication, Once: true})
		if err != nil {
			return err
		}
		_, err = h.people.ConnectChat(ctx, tx, token, chat)
		return err
	})
	return id
}

// prove presses the button of a letter to the address of a person.
func (h *house) prove(person storage.ID, address string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.people.Contacts(ctx, tx, person)
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.Value == address {
				_, err = h.people.Prove(ctx, tx, people.Prove{Person: person, Contact: c.ID})
			}
		}
		return err
	})
}

// seminar is the activity that the invitations of these tests are about.
var seminar = storage.ID{7}

func invitation(to storage.ID, key string) messages.Notice {
	return messages.Notice{
		To: to, Kind: "seminars.invited", Path: "/i/TOKEN", Key: key, Activity: seminar,
		Args: map[string]any{
			"city": "Naryn", "title": i18n.Text{Ky: "Семинар", Ru: "Семинар", En: "Seminar on gender equality"},
			"when": time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC), "count": 3,
		},
	}
}

func (h *house) send(n messages.Notice) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error { return h.svc.Send(ctx, tx, n) })
}

// work does every job that is due, until there is none.
func (h *house) work() {
	h.t.Helper()
	for {
		n, err := work(h.t.Context(), h.store, h.svc, h.clock.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

type due struct {
	id      storage.ID
	payload []byte
}

func jobsDue(ctx context.Context, store *storage.Store, now time.Time) (list []due, err error) {
	err = store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(row storage.Scanner) (d due, err error) {
			var payload string
			err = row.Scan(&d.id, &payload)
			d.payload = []byte(payload)
			return d, err
		}, `SELECT id, payload FROM job WHERE kind = 'messages.deliver' AND state = 'waiting' AND run_at <= $1 ORDER BY run_at, id`, storage.Micros(now))
		return err
	})
	return list, err
}

func doJob(ctx context.Context, store *storage.Store, svc *messages.Service, d due) error {
	if err := svc.Manifest().Jobs[0].Do(ctx, store, json.RawMessage(d.payload)); err != nil {
		return err
	}
	return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job SET state = 'done' WHERE id = $1`, d.id)
		return err
	})
}

func work(ctx context.Context, store *storage.Store, svc *messages.Service, now time.Time) (int, error) {
	list, err := jobsDue(ctx, store, now)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		if err := doJob(ctx, store, svc, d); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

type status struct{ State, Reason, Channel string }

func (h *house) status(person storage.ID) status {
	h.t.Helper()
	var s status
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT state, reason, channel FROM message WHERE person_id = $1`, person).Scan(&s.State, &s.Reason, &s.Channel)
	})
	return s
}

func (h *house) want(person storage.ID, want status) {
	h.t.Helper()
	if got := h.status(person); got != want {
		h.t.Errorf("the message is %+v, want %+v", got, want)
	}
}

func fastBot(url string) *telegram.Bot {
	return telegram.New(telegram.Options{Token: telegramtest.Token, URL: url, Pace: telegram.NewPace(1_000_000, time.Microsecond)})
}

var aigul = people.Details{FullName: "Канарейка Айгүл", AddressAs: "Айгүл эже", Email: "canary.aigul@mail.example", Phone: "+996555123456", Lang: i18n.Russian}

func newBox() *mail.Box { return mail.NewBox(100) }

package messages_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// replicas runs f on both engines with two houses on one database: letters leave
// from here, she is erased there. seen is called each time the erasure finds that
// something is on its way.
func replicas(t *testing.T, f func(here, there *house, seen func(func()))) {
	t.Helper()
	t.Parallel()
	for name, open := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := storagetest.NewClock(start)
			var o storage.Options
			store := open(t, storagetest.With(func(set *storage.Options) { set.Clock = c.Now; o = *set }))
			other, err := storage.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { other.Close() })
			here, there := newHouse(t, store, c, messages.Options{}), newHouse(t, other, c, messages.Options{})
			var notice func()
			manifest := there.svc.Manifest()
			under := manifest.UnderWay
			manifest.UnderWay = func(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
				yes, err := under(ctx, tx, person)
				if yes && notice != nil {
					notice()
				}
				return yes, err
			}
			there.people.Attach([]module.Manifest{manifest})
			there.hasty.Attach([]module.Manifest{manifest})
			f(here, there, func(f func()) { notice = f })
		})
	}
}

// diary notes what happened in which order.
type diary struct {
	mu   sync.Mutex
	list []string
}

func (d *diary) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, what)
}

func (d *diary) read() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.list, ", ")
}

// slowPost is a mail server that takes a letter only when it is told to.
type slowPost struct {
	*diary
	begun, free chan struct{}
	once        sync.Once
}

func newSlowPost(d *diary) *slowPost {
	return &slowPost{diary: d, begun: make(chan struct{}, 10), free: make(chan struct{})}
}

func (p *slowPost) open() { p.once.Do(func() { close(p.free) }) }

func (p *slowPost) Send(ctx context.Context, _ mail.Message, ready func(context.Context) error) error {
	if err := ready(ctx); err != nil {
		return err
	}
	p.begun <- struct{}{}
	<-p.free
	p.note("left")
	return nil
}

// sending does the jobs that are due beside the test, and gives what waits for their end.
func (h *house) sending() (wait func()) {
	ended := make(chan error, 1)
	go func() {
		_, err := work(context.WithoutCancel(h.t.Context()), h.store, h.svc, h.clock.Now())
		ended <- err
	}()
	return func() {
		h.t.Helper()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	}
}

// nothing of hers is left that could leave.
func (h *house) nothingWaits() {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		for _, table := range []string{"message", "message_attempt", "message_hand", "person_leaving", "job"} {
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil || n != 0 {
				h.t.Errorf("%d rows in %s, %v", n, table, err)
			}
		}
		return nil
	})
}

func TestAnErasureWaitsForTheLetterThatIsLeaving(t *testing.T) {
	replicas(t, func(here, there *house, seen func(func())) {
		var d diary
		post := newSlowPost(&d)
		here.svc.Mail = post
		id := here.person(aigul, 0)
		here.send(invitation(id, "first"))
		wait := here.sending()
		<-post.begun
		here.send(invitation(id, "second")) // waits, and never leaves
		seen(post.open)
		if err := there.people.EraseForGood(there.t.Context(), id, id); err != nil {
			there.t.Fatal(err)
		}
		d.note("answered")
		wait()
		here.work()
		there.clock.Pass(time.Hour)
		there.svc.Mail = post
		there.work()
		if got := d.read(); got != "left, answered" {
			there.t.Error(got)
		}
		here.nothingWaits()
	})
}

func TestWithoutWaitingALetterLeavesAfterTheAnswer(t *testing.T) {
	replicas(t, func(here, there *house, _ func(func())) {
		var d diary
		post := newSlowPost(&d)
		here.svc.Mail = post
		id := here.person(aigul, 0)
		here.send(invitation(id, ""))
		wait := here.sending()
		<-post.begun
		// The transaction alone asks nobody.
		there.write(func(ctx context.Context, tx *storage.Tx) error { return there.people.Erase(ctx, tx, id, id) })
		d.note("answered")
		post.open()
		wait()
		if got := d.read(); got != "answered, left" {
			there.t.Errorf("%s: then the wait is not needed", got)
		}
		here.nothingWaits()
	})
}

func TestAnErasureThatCannotWaitAnyLongerErasesNothing(t *testing.T) {
	replicas(t, func(here, there *house, seen func(func())) {
		var d diary
		post := newSlowPost(&d)
		defer post.open()
		here.svc.Mail = post
		id := here.person(aigul, 0)
		here.send(invitation(id, "first"))
		wait := here.sending()
		<-post.begun
		here.send(invitation(id, "second"))
		asked := 0
		seen(func() { asked++ })
		err := there.hasty.EraseForGood(there.t.Context(), id, id)
		if !fault.Is(err, fault.Unavailable) || asked == 0 {
			there.t.Fatalf("%v after %d looks", err, asked)
		}
		d.note("answered")
		post.open()
		wait()
		// She is there, and all that was meant for her comes.
		here.clock.Pass(time.Hour)
		here.work()
		if got := d.read(); got != "answered, left, left" {
			there.t.Error(got)
		}
		here.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := here.people.ByID(ctx, tx, id)
			return err
		})
	})
}

func TestNothingBeginsForAPersonWhoIsLeaving(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO person_leaving (person_id, until_at) VALUES ($1, $2)`, id, storage.Micros(tx.Now.Add(time.Minute)))
			return err
		})
		h.work()
		if n := len(box.List()); n != 0 {
			h.t.Errorf("%d letters", n)
		}
		h.want(id, status{messages.Waiting, "", ""})
		h.clock.Pass(2 * time.Minute) // the process that marked her died
		h.work()
		if n := len(box.List()); n != 1 {
			h.t.Errorf("%d letters after she stayed", n)
		}
	})
}

// A mail server sees the address and the words of a letter before its end.
func TestALetterThatIsNotHandedOverYetBreaksOffAndIsWaitedFor(t *testing.T) {
	replicas(t, func(here, there *house, seen func(func())) {
		var d diary
		begun, release := make(chan struct{}), make(chan struct{})
		var once, opened sync.Once
		srv := mailtest.Start(here.t, mailtest.Options{Answer: func(command string) string {
			d.note(strings.ToUpper(command[:1]))
			if strings.HasPrefix(command, "RCPT") {
				once.Do(func() { close(begun) })
				<-release
			}
			return ""
		}})
		here.svc.Mail = smtp(here.t, srv)
		id := here.person(aigul, 0)
		here.send(invitation(id, ""))
		wait := here.sending()
		<-begun
		seen(func() { opened.Do(func() { close(release) }) })
		if err := there.people.EraseForGood(there.t.Context(), id, id); err != nil {
			there.t.Fatal(err)
		}
		d.note("answered")
		wait()
		here.work()
		if n := len(srv.Mails()); n != 0 {
			here.t.Errorf("%d letters were taken", n)
		}
		if got := strings.Split(d.read(), ", "); slices.Index(got, "answered") != len(got)-1 {
			here.t.Errorf("the server heard more after the answer: %v", got)
		}
		here.nothingWaits()
	})
}

func TestASenderThatDiedHoldsNoErasureUp(t *testing.T) {
	replicas(t, func(here, there *house, _ func(func())) {
		var d diary
		post := newSlowPost(&d)
		defer post.open()
		here.svc.Mail = post
		id := here.person(aigul, 0)
		here.send(invitation(id, ""))
		wait := here.sending()
		<-post.begun // and never heard of again
		there.clock.Pass(there.svc.Patience + time.Second)
		if err := there.people.EraseForGood(there.t.Context(), id, id); err != nil {
			there.t.Fatal(err)
		}
		if got := d.read(); got != "" {
			there.t.Error(got)
		}
		post.open()
		wait()
		there.nothingWaits() // what it writes down at last finds nobody
	})
}

func TestTheMailboxOfTheDemoKeepsNothingOfAnErasedPerson(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		h.people.Attach([]module.Manifest{h.svc.Manifest()})
		id, other := h.person(aigul, 0), h.person(people.Details{FullName: "Асан", Email: "asan@mail.example"}, 0)
		h.send(invitation(id, ""))
		h.send(invitation(other, ""))
		h.work()
		if n := len(box.List()); n != 2 {
			h.t.Fatalf("%d letters", n)
		}
		if err := h.people.EraseForGood(h.t.Context(), id, id); err != nil {
			h.t.Fatal(err)
		}
		if got := box.List(); len(got) != 1 || got[0].To != "asan@mail.example" {
			h.t.Errorf("%+v", got)
		}
	})
}

func TestTheBotSaysNothingToAPersonWhoIsLeaving(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		api := telegramtest.Start(h.t, nil)
		h.svc.Telegram = fastBot(api.URL)
		leaving, staying := h.person(aigul, 7), h.person(people.Details{FullName: "Асан"}, 8)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO person_leaving (person_id, until_at) VALUES ($1, $2)`, leaving, storage.Micros(tx.Now.Add(time.Minute)))
			return err
		})
		ctx, cancel := context.WithCancel(h.t.Context())
		done := make(chan struct{})
		go func() { defer close(done); h.svc.Listen(ctx) }()
		api.Write(7, "/stop")
		api.Write(8, "/stop")
		for len(api.Sent()) == 0 {
			api.Wait(h.t.Context())
		}
		cancel()
		<-done
		if got := api.Sent(); len(got) != 1 || got[0].Chat != 8 {
			h.t.Errorf("said %+v", got)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			for _, id := range []storage.ID{leaving, staying} {
				if p, err := h.people.ByID(ctx, tx, id); err != nil || p.TelegramChat != 0 {
					h.t.Errorf("chat %d, %v", p.TelegramChat, err)
				}
			}
			var n int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_hand`).Scan(&n)
			if n != 0 {
				h.t.Errorf("%d answers are still in hand", n)
			}
			return err
		})
	})
}

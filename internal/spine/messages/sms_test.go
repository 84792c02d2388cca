package messages_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/sms/smstest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// gate gives the house a gateway.
func (h *house) gate(known string) *smstest.Server {
	h.t.Helper()
	server := smstest.New(h.t)
	gate, err := sms.New(sms.Options{URL: server.URL, Sender: "Ashar", Known: known})
	if err != nil {
		h.t.Fatal(err)
	}
	h.svc.SMS, h.svc.Daily, h.svc.Price = gate, 1000, 250
	h.svc.Places = func(_ context.Context, _ *storage.Tx, ids []storage.ID) (map[storage.ID]messages.Place, error) {
		out := map[storage.ID]messages.Place{}
		for _, id := range ids {
			out[id] = messages.Place{Title: i18n.Text{Ky: "Кыз-келиндер", Ru: "Женщины и община", En: "Women and community"}, Hidden: id != seminar}
		}
		return out, nil
	}
	return server
}

// texts are the numbers and words that came.
func texts(t *testing.T, server *smstest.Server) (out [][2]string) {
	t.Helper()
	for _, g := range server.Got() {
		var v struct{ To, Text string }
		if err := json.Unmarshal([]byte(g.Body), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, [2]string{v.To, v.Text})
	}
	return out
}

func seat(to storage.ID) messages.Notice {
	n := invitation(to, "")
	n.Kind = "seminars.seat"
	return n
}

var phoned = people.Details{FullName: "Канарейка Бурул", Phone: "+996555777888", Lang: i18n.Russian}

// called notes that staff spoke with her.
func (h *house) called(person storage.ID) {
	h.t.Helper()
	staff := h.person(people.Details{FullName: "Координатор"}, 0)
	h.write(func(ctx context.Context, tx *storage.Tx) error { return h.people.Call(ctx, tx, staff, person) })
}

func (h *house) paid() (tries, day int) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(parts), 0) FROM message_attempt`).Scan(&tries); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT COALESCE(SUM(parts), 0) FROM text_message_day`).Scan(&day)
	})
	return tries, day
}

func TestWhoHasANumberAloneGetsATextInHerLanguage(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		id := h.person(phoned, 0)
		h.send(seat(id))
		h.work()
		h.want(id, status{"sent", "", "sms"})
		got := texts(h.t, server)
		if len(got) != 1 || got[0][0] != phoned.Phone {
			h.t.Fatalf("came: %q", got)
		}
		words, link, _ := strings.Cut(got[0][1], " https://ashar.example")
		if words != "Женщины и община: ru: a seat in Naryn, 28 ноября 2026 г., 09:30. Answer:" {
			h.t.Errorf("says %q", words)
		}
		token, ok := strings.CutPrefix(link, "/ru/m/")
		if !ok || len(token) != 24 {
			h.t.Fatalf("leads to %q", link)
		}
		if tries, day := h.paid(); tries != sms.Count(got[0][1]).Parts || day != tries {
			h.t.Errorf("paid %d, on the day %d, of %q", tries, day, got[0][1])
		}
		for _, secret := range []string{"555777888", "Женщины", "Канарейка", token, "Naryn"} {
			if strings.Contains(h.log.String(), secret) {
				h.t.Errorf("the log holds %q", secret)
			}
		}
		// The link is opened by anybody's preview as often as it likes.
		for range 2 {
			rec, err := h.ask(i18n.Russian, access.Actor{}, http.MethodGet, "/m/"+token)
			if err != nil || rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/ru/i/TOKEN" {
				h.t.Errorf("%d %q %v", rec.Code, rec.Header().Get("Location"), err)
			}
		}
	})
}

// TestTheChannelIsTheOneThatAllListsAreTold sends to people of every kind and compares.
func TestTheChannelIsTheOneThatAllListsAreTold(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		api := telegramtest.Start(h.t, nil)
		h.svc.Telegram = fastBot(api.URL)
		r := rand.New(rand.NewPCG(5, 8))
		server := h.gate("")
		gate := h.svc.SMS
		for i := range 48 {
			h.svc.SMS = gate
			if i%3 == 0 {
				h.svc.SMS = nil
			}
			d := people.Details{FullName: "Бирөө", Lang: i18n.Languages[r.IntN(3)]}
			if r.IntN(2) == 0 {
				d.Email = fmt.Sprintf("p%d@mail.example", i)
			}
			if r.IntN(3) > 0 {
				d.Phone = fmt.Sprintf("+996555%06d", 100_000+i)
			}
			chat := int64(0)
			if r.IntN(3) == 0 {
				chat = int64(1000 + i)
			}
			id := h.person(d, chat)
			n := seat(id)
			words := r.IntN(2) == 0
			if !words {
				n.Kind = "seminars.invited"
			}
			var told messages.Fate
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				ways, err := h.people.WaysOf(ctx, tx, []storage.ID{id})
				told = h.svc.Carriers().Way(ways[id], words)
				return err
			})
			if off := h.svc.SMS == nil; off && told.ByText() {
				h.t.Fatal("a text message where there are none")
			}
			h.send(n)
			h.work()
			got := h.status(id)
			if told.Reason == "" && (got.State != "sent" || got.Channel != told.Channel) || told.Reason != "" && (got.State != "skipped" || got.Reason != told.Reason) {
				h.t.Errorf("%+v, chat %d, words %v: told %+v, is %+v", d, chat, words, told, got)
			}
		}
		if len(server.Got()) == 0 {
			h.t.Error("no text message at all")
		}
	})
}

func TestATextTellsNothingOfWhatIsNotPublicOrToBeNeutral(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		neutral := phoned
		neutral.Neutral = true
		h.send(seat(h.person(neutral, 0)))
		hidden := seat(h.person(phoned, 0))
		hidden.Activity = storage.ID{9}
		h.send(hidden)
		h.work()
		for _, m := range texts(h.t, server) {
			if words, _, _ := strings.Cut(m[1], " https://"); words != "Вам сообщение." {
				h.t.Errorf("says %q", m[1])
			}
		}
		if n := len(server.Got()); n != 2 {
			h.t.Errorf("%d came", n)
		}
	})
}

func TestATypedNumberGetsThreeADayAboutHerApplicationAlone(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		id := h.person(phoned, 0)
		other := seat(id)
		other.Activity = storage.ID{}
		h.send(other)
		h.work()
		h.want(id, status{"skipped", "unproven", ""})
		twin := h.person(phoned, 0) // the same number on another record is the same number
		for i := range 5 {
			h.send(seat([]storage.ID{id, twin}[i%2]))
			h.work()
			h.clock.Pass(time.Minute)
		}
		if n := len(server.Got()); n != 3 {
			h.t.Fatalf("%d came, want 3", n)
		}
		waits, listed := 0, 0
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE state = 'waiting' AND reason = 'sms_person' AND attempts = 0`).Scan(&waits); err != nil {
				return err
			}
			out, err := messages.UndeliveredAt(ctx, tx, []storage.ID{seminar})
			listed = len(out[seminar])
			return err
		})
		if waits != 2 || listed == 0 {
			h.t.Errorf("%d wait, %d are listed", waits, listed)
		}
		h.clock.Pass(26 * time.Hour)
		h.work()
		if n := len(server.Got()); n != 5 {
			h.t.Errorf("%d came on the next day", n)
		}
		// Whoever was spoken with is not counted.
		h.called(id)
		for range 4 {
			h.send(seat(id))
		}
		h.work()
		if n := len(server.Got()); n != 9 {
			h.t.Errorf("%d came to who was called", n)
		}
	})
}

func TestAMutedNumberIsNeverWrittenTo(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		wrong := h.person(phoned, 0)
		staff := h.person(people.Details{FullName: "Координатор"}, 0)
		h.write(func(ctx context.Context, tx *storage.Tx) error { return h.people.WrongNumber(ctx, tx, staff, wrong) })
		again := h.person(phoned, 0)
		h.send(seat(again))
		h.work()
		h.want(again, status{"skipped", "no_address", ""})
		if n := len(server.Got()); n != 0 {
			h.t.Errorf("%d came", n)
		}
	})
}

// TestNoMorePartsLeaveThanOneDayHas lets many workers send at once.
func TestNoMorePartsLeaveThanOneDayHas(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		h.svc.Daily = 20
		for i := range 24 {
			d := phoned
			d.Phone = fmt.Sprintf("+996700%06d", 200_000+i)
			h.send(seat(h.person(d, 0)))
		}
		list, err := jobsDue(h.t.Context(), h.store, h.clock.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		var running sync.WaitGroup
		for _, d := range list {
			running.Go(func() {
				if err := doJob(h.t.Context(), h.store, h.svc, d); err != nil {
					h.t.Error(err)
				}
			})
		}
		running.Wait()
		parts := 0
		for _, m := range texts(h.t, server) {
			parts += sms.Count(m[1]).Parts
		}
		tries, day := h.paid()
		if parts == 0 || parts > 20 || tries != parts || day != parts {
			h.t.Errorf("%d parts left, %d are noted, %d of the day", parts, tries, day)
		}
		waits := 0
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE state = 'waiting' AND reason = 'sms_daily'`).Scan(&waits)
		})
		if waits != 24-len(server.Got()) {
			h.t.Errorf("%d wait", waits)
		}
		before := len(server.Got())
		h.clock.Pass(24 * time.Hour)
		h.work()
		if after := len(server.Got()); after <= before {
			h.t.Error("nothing leaves on the next day")
		}
	})
}

func TestAnUnknownOutcomeIsNotRepeatedWhereTheGatewayKnowsNoIDs(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		broken := func(code int) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
		}
		server.Answer(broken(500))
		lost := h.person(phoned, 0)
		h.send(seat(lost))
		h.work()
		h.clock.Pass(48 * time.Hour)
		h.work()
		h.want(lost, status{"unsure", "answer", "sms"})
		if n := len(server.Got()); n != 1 {
			h.t.Errorf("asked %d times", n)
		}
		if tries, _ := h.paid(); tries == 0 {
			h.t.Error("what may have been taken is not counted")
		}
		before, _ := h.paid()
		server.Answer(broken(422))
		d := phoned
		d.Phone = "+996700111222"
		refused := h.person(d, 0)
		h.send(seat(refused))
		h.work()
		h.want(refused, status{"failed", "sms_422", "sms"})
		if after, _ := h.paid(); after != before {
			h.t.Errorf("a refused message costs %d", after-before)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			out, err := messages.UndeliveredAt(ctx, tx, []storage.ID{seminar})
			if len(out[seminar]) != 2 {
				h.t.Errorf("listed: %+v", out)
			}
			return err
		})
	})
}

func TestWhereIDsAreKnownALostAnswerIsTriedAgainAndPaidOnce(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		const known = `"known"`
		server := h.gate(known)
		taken := map[string]int{}
		var mu sync.Mutex
		server.Answer(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			id := r.Header.Get("Idempotency-Key")
			taken[id]++
			if taken[id] == 1 { // taken, and then the line breaks
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, known)
		})
		id := h.person(phoned, 0)
		h.send(seat(id))
		h.work()
		if got := h.status(id); got.State != "waiting" {
			h.t.Fatalf("after a lost answer: %+v", got)
		}
		once, _ := h.paid()
		h.clock.Pass(2 * time.Minute)
		h.work()
		h.want(id, status{"sent", "", "sms"})
		if again, day := h.paid(); again != once || day != once {
			h.t.Errorf("paid %d, then %d, of the day %d", once, again, day)
		}
		if len(taken) != 1 {
			h.t.Errorf("%d ids", len(taken))
		}
	})
}

func TestWhatNobodyTookGivesItsPartsBack(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		server.Close()
		id := h.person(phoned, 0)
		h.send(seat(id))
		h.work()
		h.want(id, status{"waiting", "sms_unreachable", "sms"})
		if tries, day := h.paid(); tries != 0 || day != 0 {
			h.t.Errorf("paid %d, of the day %d", tries, day)
		}
	})
}

func TestAfterAnErasureNoTextLeaves(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		id := h.person(phoned, 0)
		n := seat(id)
		n.After = h.clock.Now().Add(time.Hour)
		h.send(n)
		h.write(func(ctx context.Context, tx *storage.Tx) error { return messages.Erase(ctx, tx, id) })
		h.clock.Pass(2 * time.Hour)
		h.work()
		if n := len(server.Got()); n != 0 {
			h.t.Errorf("%d came", n)
		}
	})
}

func TestWhoStoppedTheBotGetsATextWhereThereIsNoAddress(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		api := telegramtest.Start(h.t, func(int64, int) *telegramtest.Answer { return &telegramtest.Answer{Code: 403} })
		h.svc.Telegram = fastBot(api.URL)
		server := h.gate("")
		id := h.person(phoned, 4242)
		h.send(seat(id))
		h.work()
		h.want(id, status{"sent", "", "sms"})
		if n := len(server.Got()); n != 1 {
			h.t.Errorf("%d came", n)
		}
	})
}

func TestSecretsNeverGoByText(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		server := h.gate("")
		id := h.person(phoned, 0)
		h.called(id)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return errors.Join(
				h.svc.SendInvitation(ctx, tx, people.RoleLetter{Person: id, Path: "/invitation/x"}),
				h.svc.SendCode(ctx, tx, people.SignInCode{Person: id, Code: "123456", Until: tx.Now.Add(time.Minute)}),
			)
		})
		h.work()
		if n := len(server.Got()); n != 0 {
			h.t.Errorf("%d came", n)
		}
	})
}

// TestATextIsNeverLongerThanItMayBe writes names and words of every length.
func TestATextIsNeverLongerThanItMayBe(t *testing.T) {
	each(t, messages.Options{Box: newBox()}, func(h *house) {
		h.gate("")
		r := rand.New(rand.NewPCG(3, 9))
		letters := []rune("абөңү ab€[«—…\n")
		some := func(n int) string {
			out := make([]rune, r.IntN(n))
			for i := range out {
				out[i] = letters[r.IntN(len(letters))]
			}
			return string(out)
		}
		for range 300 {
			title := some(200)
			text, n := h.svc.ShortText(i18n.Kyrgyz, i18n.Text{Ky: title}, "x"+some(500), false)
			if n.Parts > sms.MostParts || n != sms.Count(text) || !strings.Contains(text, " https://ashar.example/m/") && !strings.Contains(text, " https://ashar.example/ky/m/") {
				h.t.Fatalf("%+v: %q", n, text)
			}
		}
	})
}

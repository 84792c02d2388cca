package messages_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// failed puts messages into the list as they are after nobody took them: one a second, the
// last moved last; of every third the answer was lost, the fifth is on its way.
func (h *house) failed(to storage.ID, count int) (ids []storage.ID) {
	h.t.Helper()
	for i := range count {
		h.clock.Pass(time.Second)
		h.send(invitation(to, fmt.Sprintf("key %d of %s", i, to)))
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			state := messages.Failed
			switch {
			case i == 4:
				state = messages.Waiting
			case i%3 == 2:
				state = messages.Unsure
			}
			id, err := storage.One(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
				err = row.Scan(&id)
				return id, err
			}, `SELECT id FROM message ORDER BY made_at DESC, id DESC LIMIT 1`)
			if err != nil {
				return err
			}
			ids = append(ids, id)
			_, err = tx.Exec(ctx, `UPDATE message SET state = $2, reason = '552', moved_at = $3 WHERE id = $1`, id, state, storage.Micros(tx.Now))
			return err
		})
	}
	return ids
}

var picked = regexp.MustCompile(`name="pick" value="([^"]+)"`)

// rows are the ids that a page of the list shows, and where its pages before and behind are.
func rows(page string) (ids []string, before, behind string) {
	for _, m := range picked.FindAllStringSubmatch(page, -1) {
		ids = append(ids, m[1])
	}
	link := func(rel string) string {
		m := regexp.MustCompile(`rel="` + rel + `" href="/en([^"]+)"`).FindStringSubmatch(page)
		if m == nil {
			return ""
		}
		return html.UnescapeString(m[1])
	}
	return ids, link("prev"), link("next")
}

// In every order the pages together show every message once, forwards and back, also when
// several moved in one moment.
func TestThePagesOfMessagesShowEachOnceInEveryOrder(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		to, staff := h.person(aigul, 0), h.person(people.Details{FullName: "Координатор"}, 0)
		ids := h.failed(to, 47)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE message SET moved_at = $1 WHERE id = $2 OR id = $3 OR id = $4`, storage.Micros(tx.Now), ids[3], ids[30], ids[45])
			return err
		})
		for _, order := range []string{"", "?sort=-need", "?sort=moved", "?sort=-moved", "?sort=moved&state=failed", "?state=unsure"} {
			var forwards []string
			path, back := "/staff/messages"+order, ""
			for i := 0; path != "" && i < 10; i++ {
				body := h.page(i18n.English, coordinator(staff), path)
				some, before, behind := rows(body)
				if i > 0 && before == "" {
					h.t.Errorf("%s: page %d leads nowhere back", order, i)
				}
				if want := fmt.Sprintf("%d–%d shown", len(forwards)+1, len(forwards)+len(some)); (before != "" || behind != "") && !strings.Contains(body, want) {
					h.t.Errorf("%s: page %d does not say %q", order, i, want)
				}
				forwards, path, back = append(forwards, some...), behind, path
			}
			sorted := slices.Clone(forwards)
			slices.Sort(sorted)
			if unique := slices.Compact(sorted); len(unique) != len(forwards) || !strings.Contains(order, "state") && len(forwards) != len(ids) || len(forwards) < 5 {
				h.t.Errorf("%s: %d shown, %d of them different, there are %d", order, len(forwards), len(unique), len(ids))
			}
			var backwards []string
			for i := 0; back != "" && i < 10; i++ {
				some, before, _ := rows(h.page(i18n.English, coordinator(staff), back))
				backwards, back = append(some, backwards...), before
			}
			if !slices.Equal(forwards, backwards) {
				h.t.Errorf("%s: backwards %d of %d, or in another order", order, len(backwards), len(forwards))
			}
		}
		first, _, _ := rows(h.page(i18n.English, coordinator(staff), "/staff/messages"))
		last := ids[4].String() // it waits, all others need somebody
		if slices.Contains(first, last) {
			h.t.Error("what waits stands before what needs somebody")
		}
		if body := h.page(i18n.English, coordinator(staff), "/staff/messages?state=unsure&after="+ids[0].String()+"&columns=tries"); !strings.Contains(body, `data-label="Tries"`) {
			h.t.Error("a column that was asked for is missing")
		}
	})
}

// To whom a message is can be looked for by who may see the person on the list of people,
// and nobody else; who was found is noted, who was not is not.
func TestMessagesAreFoundByWhomTheyAreToWithinReach(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		osh := h.person(people.Details{FullName: "Асанова Сайкал", City: "osh"}, 0)
		naryn := h.person(people.Details{FullName: "Асанова Жылдыз", City: "naryn"}, 0)
		staff := h.person(people.Details{FullName: "Координатор"}, 0)
		h.failed(osh, 2)
		h.failed(naryn, 3)
		before := audits(h, naryn)
		body := h.page(i18n.English, coordinator(staff), "/staff/messages?q=сайк")
		if ids, _, _ := rows(body); len(ids) != 2 || !strings.Contains(body, "Асанова Сайкал") || strings.Contains(body, "Жылдыз") || !strings.Contains(body, "2 messages") || !strings.Contains(body, "5 in all") {
			h.t.Errorf("found %d", len(ids))
		}
		if audits(h, naryn) != before || audits(h, osh) == 0 {
			h.t.Error("who was found is not noted, or who was not is")
		}
		// A role of one city finds nobody of another, though it watches all messages here.
		city := access.Actor{Person: staff, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{Activity: seminar}}, {Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}}
		if ids, _, _ := rows(h.page(i18n.English, city, "/staff/messages?q=асан")); len(ids) != 2 {
			h.t.Errorf("with a role in Osh %d are found", len(ids))
		}
		if ids, _, _ := rows(h.page(i18n.English, coordinator(staff), "/staff/messages?q=ниж")); len(ids) != 0 {
			h.t.Errorf("nobody is of that name, and %d are found", len(ids))
		}
		if body := h.page(i18n.English, coordinator(staff), "/staff/messages?q=--"); !strings.Contains(body, "not enough to search for") {
			h.t.Error("signs alone are looked for")
		}
	})
}

// The whole way: shown first, put on its way with a delay, taken back, by who did it alone.
func TestManyMessagesAreSentAgainAfterAPreviewAndTakenBack(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		t := h.t
		to, staff, other := h.person(aigul, 0), h.person(people.Details{FullName: "Координатор"}, 0), h.person(people.Details{FullName: "Экинчи"}, 0)
		ids := h.failed(to, 5) // failed, failed, unsure, failed, waiting
		form := url.Values{}
		for _, id := range ids {
			form.Add("pick", id.String())
		}
		was := h.states()
		rec, err := h.post(i18n.English, coordinator(staff), http.MethodPost, "/staff/messages/again?state=failed", form)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"4 messages will be sent", "Nothing happens to these", "Канарейка Айгүл", "15 minutes", `name="sure"`, `name="at_once"`} {
			if !strings.Contains(rec.Body.String(), want) {
				t.Errorf("the preview lacks %q", want)
			}
		}
		if !slices.Equal(h.states(), was) {
			t.Fatal("the preview sends")
		}
		form.Set("sure", "yes")
		if rec, err := h.post(i18n.English, coordinator(staff), http.MethodPost, "/staff/messages/again?state=failed", form); err != nil || rec.Header().Get("Location") != "/en/staff/messages?state=failed" {
			t.Fatalf("%v %s", err, rec.Header().Get("Location"))
		}
		h.work()
		if got := h.states()[:4]; slices.ContainsFunc(got, func(s string) bool { return !strings.HasPrefix(s, messages.Waiting) }) {
			t.Errorf("within the quarter of an hour: %v", got)
		}
		body := h.page(i18n.English, coordinator(staff), "/staff/messages")
		undo := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)
		if undo == nil || !strings.Contains(body, "4 messages are waiting to be sent") {
			t.Fatal("the list offers nothing to take back")
		}
		if body := h.page(i18n.English, coordinator(other), "/staff/messages"); strings.Contains(body, "are waiting to be sent") {
			t.Error("somebody else is offered to take it back")
		}
		back := url.Values{"id": {undo[1]}}
		if _, err := h.post(i18n.English, coordinator(other), http.MethodPost, "/staff/messages/undo", back); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else takes it back: %v", err)
		}
		if _, err := h.post(i18n.English, coordinator(staff), http.MethodPost, "/staff/messages/undo", back); err != nil {
			t.Fatal(err)
		}
		if got := h.states()[:4]; !slices.Equal(got, was[:4]) { // the fifth was tried meanwhile
			t.Errorf("taken back: %v, before %v", got, was)
		}
		if _, err := h.post(i18n.English, coordinator(staff), http.MethodPost, "/staff/messages/undo", back); !fault.Is(err, fault.NotFound) {
			t.Errorf("taken back twice: %v", err)
		}
	})
}

// states are the states of all messages with their tries, in the order in which they were made.
func (h *house) states() (out []string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = storage.All(ctx, tx, func(row storage.Scanner) (text string, err error) {
			var state, reason string
			var attempts, ends int64
			err = row.Scan(&state, &reason, &attempts, &ends)
			return fmt.Sprint(state, " ", reason, " ", attempts, " ", ends), err
		}, `SELECT state, reason, attempts, ends_at FROM message ORDER BY made_at, id`)
		return err
	})
	return out
}

// Once the quarter of an hour is over the messages leave, and nothing is taken back; what
// is sent at once never waits.
func TestWhatWaitedLongEnoughLeavesAndStays(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		t := h.t
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		to, staff := h.person(aigul, 0), h.person(people.Details{FullName: "Координатор"}, 0)
		ids := h.failed(to, 4)
		cmd := messages.SendAgainMany{Actor: h.of(coordinator(staff)), Messages: ids[:2]}
		again := func(cmd messages.SendAgainMany) (count int, err error) {
			err = h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				count, err = h.svc.SendAgainMany(ctx, tx, cmd)
				return err
			})
			return count, err
		}
		if n, err := again(cmd); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		var open []messages.Undoable
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			open, err = h.svc.Undoables(ctx, tx, staff)
			return err
		})
		if len(open) != 1 || open[0].Count != 2 {
			t.Fatalf("%+v", open)
		}
		h.clock.Pass(messages.UndoFor)
		h.work()
		if n := len(box.List()); n != 2 {
			t.Errorf("%d messages left after a quarter of an hour", n)
		}
		err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, _, err := h.svc.TakeBackAgain(ctx, tx, cmd.Actor, open[0].ID)
			return err
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("taken back after its time: %v", err)
		}
		cmd.Messages, cmd.AtOnce = ids[2:], true
		if n, err := again(cmd); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		h.work()
		if n := len(box.List()); n != 4 {
			t.Errorf("%d messages left at once", n-2)
		}
		if _, err := again(cmd); !fault.Is(err, fault.Conflict) {
			t.Errorf("what has left is sent again: %v", err)
		}
		// What is nobody's business: other activities, too many, nothing.
		foreign := cmd
		foreign.Actor = h.of(access.Actor{Person: staff, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{Activity: storage.ID{9}}}}})
		if _, err := again(foreign); !fault.Is(err, fault.Conflict) {
			t.Errorf("messages of another activity: %v", err)
		}
		cmd.Messages = nil
		if _, err := again(cmd); !fault.Is(err, fault.Invalid) {
			t.Errorf("nothing: %v", err)
		}
		for range messages.MostAtOnce + 1 {
			cmd.Messages = append(cmd.Messages, storage.RandomID(h.clock.Now()))
		}
		if _, err := again(cmd); !fault.Is(err, fault.Invalid) {
			t.Errorf("too many: %v", err)
		}
		cmd.Actor = h.of(access.Actor{Person: to})
		if _, err := again(cmd); !fault.Is(err, fault.Forbidden) {
			t.Errorf("not staff: %v", err)
		}
	})
}

// of is an actor as a use case gets her.
func (h *house) of(a access.Actor) access.Actor {
	a.Table = h.svc.Manifest().Permissions
	return a
}

// Who is erased while her message waits gets none, and what is kept for taking it back goes.
func TestAnErasureEndsWhatWasSentAgain(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		to, staff := h.person(aigul, 0), h.person(people.Details{FullName: "Координатор"}, 0)
		ids := h.failed(to, 2)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := h.svc.SendAgainMany(ctx, tx, messages.SendAgainMany{Actor: h.of(coordinator(staff)), Messages: ids})
			return err
		})
		h.write(func(ctx context.Context, tx *storage.Tx) error { return messages.Erase(ctx, tx, to) })
		var left int
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_again_part`).Scan(&left)
		})
		if left != 0 {
			h.t.Errorf("%d parts are left of messages that are gone", left)
		}
		if body := h.page(i18n.English, coordinator(staff), "/staff/messages"); strings.Contains(body, "waiting to be sent") || !strings.Contains(body, "No messages yet") {
			h.t.Error("the list offers to take back what is gone")
		}
	})
}

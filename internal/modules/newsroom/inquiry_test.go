package newsroom

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/effort/efforttest"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

func TestWhatAStrangerAsksIsAnsweredFromThere(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		q := v.must(v.ask(cmd))
		v.work()
		got := v.letters(cmd.Email)
		if len(got) != 1 || got[0].Subject != "Билдирүүңүз келди" || strings.Contains(got[0].Text, cmd.Words) || !strings.Contains(got[0].Text, "Бул катты алдыңыз, анткени") {
			v.t.Fatalf("the receipt: %+v", got)
		}
		q = v.ok(v.take(q, v.chief, false))
		if _, err := v.take(q, v.other, false); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("taken out of the hands of another: %v", err)
		}
		q = v.ok(v.take(q, v.other, true)) // who is ill gives nothing back by herself
		if q = v.ok(v.take(q, v.chief, false)); q.By != v.chief.Person || q.State != InquiryTaken {
			v.t.Errorf("taken: %+v", q)
		}
		for name, words := range map[string]string{"nothing": " \n", "too much": strings.Repeat("ү", mostAnswer+1)} {
			if _, err := v.answer(q, v.chief, words); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("answered with %s: %v", name, err)
			}
		}
		q = v.ok(v.answer(q, v.chief, "Эртең, саат 10до.\n\nКелиңиз."))
		v.work()
		if got = v.letters(cmd.Email); len(got) != 2 || !strings.Contains(got[0].Text, "Эртең, саат 10до.\n\nКелиңиз.") {
			v.t.Fatalf("the answer: %+v", got)
		}
		if q.State != InquiryAnswered || q.Open() {
			v.t.Errorf("answered: %+v", q)
		}
		if _, err := v.close(q, v.chief, false, "Not needed"); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("closed after it was answered: %v", err)
		}
		v.ok(v.answer(q, v.other, "Дагы бир сөз")) // a later answer is another letter
		v.work()
		if got = v.letters(cmd.Email); len(got) != 3 || !strings.Contains(got[0].Text, "Дагы бир сөз") {
			v.t.Errorf("the later answer: %d letters", len(got))
		}
	})
}

func TestWhoGaveOnlyANumberIsCalled(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		cmd.Email, cmd.Phone = "", "0555 98-71-23"
		q := v.must(v.ask(cmd))
		if _, err := v.answer(q, v.chief, "Кат"); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("a letter to a number: %v", err)
		}
		if _, err := v.close(q, v.chief, true, ""); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("called without a word: %v", err)
		}
		if _, _, page := v.serve(v.chief).do("/ky"+q.path(), nil); !strings.Contains(page, "tel:+996555987123") || !strings.Contains(page, cmd.Name) || strings.Contains(page, "/answer") {
			v.t.Errorf("the page does not say whom to call:\n%s", page)
		}
		if q = v.ok(v.close(q, v.chief, true, "Эртең келет")); q.State != InquiryClosed {
			v.t.Errorf("it is %s", q.State)
		}
		if n := v.count(`SELECT COUNT(*) FROM message`); n != 0 {
			v.t.Errorf("%d letters", n)
		}
	})
}

// Of several who act on what they saw, one does; the others are told, and nothing of
// theirs is kept or sent.
func TestOfTwoWhoAnswerOneDoes(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		for range 5 {
			cmd := question()
			cmd.Email = people.NewToken() + "@example.org"
			q := v.must(v.ask(cmd))
			var wait sync.WaitGroup
			var mu sync.Mutex
			ways := map[string]func() error{
				"answer":  func() error { _, err := v.answer(q, v.chief, "Бир"); return err },
				"answer2": func() error { _, err := v.answer(q, v.other, "Эки"); return err },
				"close":   func() error { _, err := v.close(q, v.other, false, "Үч"); return err },
				"take":    func() error { _, err := v.take(q, v.other, false); return err },
			}
			done := 0
			for name, act := range ways {
				wait.Go(func() {
					err := act()
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						done++
					} else if !fault.Is(err, fault.Conflict) {
						v.t.Errorf("%s: %v", name, err)
					}
				})
			}
			wait.Wait()
			if steps := v.count(`SELECT COUNT(*) FROM news_inquiry_step WHERE inquiry_id = $1`, q.ID); done != 1 || steps != 1 {
				v.t.Fatalf("%d did it, %d steps are kept", done, steps)
			}
		}
	})
}

func TestTheSameFormIsOneInquiryHoweverOftenItComes(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		free := *v.m
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, _, err := free.Ask(ctx, tx, cmd)
					return err
				}); err != nil && !effort.Needed(err) {
					v.t.Error(err)
				}
			})
		}
		wait.Wait()
		v.work()
		if n, p, l := v.count(`SELECT COUNT(*) FROM news_inquiry`), v.count(`SELECT COUNT(*) FROM person`), len(v.letters(cmd.Email)); n != 1 || p != 3 || l != 1 {
			v.t.Errorf("%d inquiries, %d records, %d letters", n, p, l)
		}
		if _, again, err := v.ask(cmd); !again || err != nil {
			v.t.Errorf("once more: %v, %v", again, err)
		}
	})
}

func TestAFormIsJudgedWholeAndBounded(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		for name, change := range map[string]func(c *Ask){
			"name":   func(c *Ask) { c.Name = " " },
			"email":  func(c *Ask) { c.Email = "" },
			"phone":  func(c *Ask) { c.Email, c.Phone = "", "12" },
			"from":   func(c *Ask) { c.From = "" },
			"outlet": func(c *Ask) { c.Outlet = strings.Repeat("ү", mostOutlet+1) },
			"words":  func(c *Ask) { c.Words = strings.Repeat("ү", mostInquiry+1) },
		} {
			c := question()
			change(&c)
			if _, _, err := v.ask(c); len(fault.Of(err).At(name)) != 1 {
				v.t.Errorf("%s: %v", name, err)
			}
		}
		wordless := question()
		wordless.Words = "\n \t"
		if _, _, err := v.ask(wordless); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("no words: %v", err)
		}
		if n := v.count(`SELECT COUNT(*) FROM person`); n != 2 {
			v.t.Errorf("%d records after forms that were refused", n)
		}
		at := question()
		at.Words, at.Outlet = strings.Repeat("ү", mostInquiry), strings.Repeat("ү", mostOutlet)
		v.must(v.ask(at))
	})
}

// Three letters a day go to an address, however many write with it; a record waits for
// five answers at most, and all together ask two hundred times an hour.
func TestBoundsHold(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := question()
		for range 5 {
			her.Mark = people.NewToken()
			v.must(v.ask(her))
		}
		v.work()
		if n := len(v.letters(her.Email)); n != 3 {
			v.t.Errorf("%d letters to one address", n)
		}
		own := Ask{Actor: access.Actor{Person: v.person(people.Details{FullName: "Кадырова Бегимай"})}, Asked: her.Asked, Lang: i18n.Russian}
		for n := range mostOpen + 1 {
			own.Mark = people.NewToken()
			if _, _, err := v.ask(own); n < mostOpen && err != nil || n == mostOpen && !fault.Is(err, fault.Limited) {
				v.t.Errorf("number %d of one record: %v", n+1, err)
			}
		}
		var one Inquiry
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := inquiriesOf(ctx, tx, own.Actor.Person)
			one = list[0]
			return err
		}); err != nil {
			v.t.Fatal(err)
		}
		v.ok(v.answer(one, v.chief, "Ооба"))
		own.Mark = people.NewToken()
		v.must(v.ask(own)) // one was answered
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE news_hour SET count = $1`, mostAnHour-1)
			return err
		})
		her.Mark = people.NewToken()
		v.must(v.ask(her))
		her.Mark = people.NewToken()
		if _, _, err := v.ask(her); !fault.Is(err, fault.Limited) || effort.Needed(err) {
			v.t.Errorf("number %d of an hour: %v", mostAnHour+1, err)
		}
		v.clock.Pass(time.Hour)
		v.must(v.ask(her))
	})
}

func TestWhoMayNotAnswerReadsAndDoesNothing(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		q := v.must(v.ask(question()))
		osh := v.chief
		osh.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}
		for name, actor := range map[string]access.Actor{"nobody": {Table: v.table}, "a participant": {Person: v.chief.Person, Table: v.table}, "who works in one city": osh} {
			for what, err := range map[string]error{
				"takes":   func() error { _, err := v.take(q, actor, false); return err }(),
				"answers": func() error { _, err := v.answer(q, actor, "x"); return err }(),
				"closes":  func() error { _, err := v.close(q, actor, false, "x"); return err }(),
			} {
				if !fault.Is(err, fault.Forbidden) {
					v.t.Errorf("%s %s: %v", name, what, err)
				}
			}
			for _, path := range []string{inquiriesPath, q.path()} {
				if status, _, page := v.serve(actor).do("/ky"+path, nil); status == http.StatusOK || strings.Contains(page, "Нургүл") {
					v.t.Errorf("%s reads %s: %d", name, path, status)
				}
			}
		}
	})
}

// Whoever reads of her stands in her log before the page is shown.
func TestWhoReadsAnInquiryStandsInHerLog(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		q := v.must(v.ask(question()))
		b := v.serve(v.chief)
		noted := func(action string) int {
			return v.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND actor_id = $2 AND action = $3`, q.Person, v.chief.Person, action)
		}
		if _, _, page := b.do("/ky"+inquiriesPath, nil); !strings.Contains(page, "Нургүл") || strings.Contains(page, "Кыйкырбаган") || noted("newsroom.audit.listed") != 1 {
			v.t.Errorf("the list: noted %d\n%s", noted("newsroom.audit.listed"), page)
		}
		if _, _, page := b.do("/ky"+q.path(), nil); !strings.Contains(page, "Кыйкырбаган") || noted("newsroom.audit.read") != 1 {
			v.t.Errorf("the words: noted %d", noted("newsroom.audit.read"))
		}
	})
}

// What was typed stays on the page when a faster one was there, and the page says so.
func TestTheSlowerOfTwoKeepsHerWords(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		q := v.must(v.ask(question()))
		b := v.serve(v.chief)
		_, _, page := b.do("/ky"+q.path(), nil)
		token := regexp.MustCompile(`name="` + web.TokenField + `" value="([^"]+)"`).FindStringSubmatch(page)
		if token == nil {
			v.t.Fatalf("no form in\n%s", page)
		}
		v.ok(v.answer(q, v.other, "Биринчи"))
		status, _, page := b.do("/ky"+q.path()+"/answer", url.Values{web.TokenField: {token[1]}, "version": {"1"}, "words": {"Менин узун жообум"}})
		if status != http.StatusConflict || !strings.Contains(page, "Менин узун жообум") || !strings.Contains(page, "Биринчи") {
			v.t.Errorf("%d:\n%s", status, page)
		}
	})
}

// box is what the database holds of words, as bytes.
func (v newsdesk) boxes() (out []byte) {
	v.t.Helper()
	for _, q := range []string{
		`SELECT box FROM news_inquiry`, `SELECT box FROM news_inquiry_step WHERE box IS NOT NULL`, `SELECT sealed FROM message WHERE sealed IS NOT NULL`,
		`SELECT payload FROM job`, `SELECT detail FROM audit_entry`, `SELECT mark FROM news_inquiry`, `SELECT holder FROM effort_place`, `SELECT value FROM setting`,
	} {
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := storage.All(ctx, tx, func(row storage.Scanner) (b []byte, err error) {
				err = row.Scan(&b)
				return b, err
			}, q)
			out = append(out, bytes.Join(list, []byte("\n"))...)
			return err
		}); err != nil {
			v.t.Fatal(q, err)
		}
	}
	return out
}

func TestWordsLieInNoTableInClear(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		q := v.must(v.ask(cmd))
		q = v.ok(v.answer(q, v.chief, "Жашыруунсөз"))
		second := question()
		v.ok(v.close(v.must(v.ask(second)), v.chief, false, "Жашыруунсебеп"))
		v.work()
		all := v.boxes()
		if len(all) < 500 {
			v.t.Fatalf("only %d bytes were read", len(all))
		}
		for _, song := range []string{"Кыйкырбаган", "Уядабаш", "Нургүл", "hidden-nest", "Жашыруунсөз", "Жашыруунсебеп", cmd.Mark} {
			if bytes.Contains(all, []byte(song)) {
				v.t.Errorf("%s lies in clear", song)
			}
		}
		var opened Asked
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			opened, err = v.m.asked(ctx, tx, q)
			return err
		}); err != nil || opened != cmd.Asked {
			v.t.Errorf("opened %+v, %v", opened, err)
		}
	})
}

func TestWhoIsErasedTakesHerInquiriesAlong(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		gone := v.must(v.ask(cmd))
		gone = v.ok(v.answer(gone, v.chief, "Жооп")) // its letter is not sent yet
		stays := v.ok(v.take(v.must(v.ask(question())), v.chief, false))
		for _, person := range []storage.ID{gone.Person, v.chief.Person} {
			if err := v.m.People.EraseForGood(v.t.Context(), v.other.Person, person); err != nil {
				v.t.Fatal(err)
			}
		}
		v.work()
		if got := v.letters(cmd.Email); len(got) != 1 { // the receipt of the other form
			v.t.Errorf("%d letters", len(got))
		}
		if n := v.count(`SELECT COUNT(*) FROM news_inquiry WHERE id = $1`, gone.ID) + v.count(`SELECT COUNT(*) FROM news_inquiry_step WHERE inquiry_id = $1`, gone.ID); n != 0 {
			v.t.Errorf("%d rows of hers are left", n)
		}
		// What somebody of the staff had in hand waits for the others.
		if n := v.count(`SELECT COUNT(*) FROM news_inquiry WHERE id = $1 AND state = 'new' AND by_id IS NULL AND version = $2`, stays.ID, stays.Version+1); n != 1 {
			v.t.Error("what she had in hand is still in her hands")
		}
		stays.Version++
		v.ok(v.take(stays, v.other, false))
	})
}

func TestHerArchiveShowsWhatSheAskedAndWhatWasAnswered(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		cmd := question()
		q := v.ok(v.answer(v.must(v.ask(cmd)), v.chief, "Эртең"))
		into := v.person(people.Details{FullName: cmd.Name, Email: "other@example.org"})
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			return v.m.People.Merge(ctx, tx, people.MergeRecords{By: v.chief.Person, From: q.Person, Into: into})
		})
		text := func(person storage.ID) (out string) {
			v.t.Helper()
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				data, err := v.m.People.Export(ctx, tx, person)
				out = encoded(v.t, data["newsroom.inquiries"])
				return err
			}); err != nil {
				v.t.Fatal(err)
			}
			return out
		}
		if got := text(into); !strings.Contains(got, cmd.Words) || !strings.Contains(got, cmd.Outlet) || !strings.Contains(got, "Эртең") {
			v.t.Errorf("her archive holds %s", got)
		}
		if got := text(v.other.Person); got != "null" {
			v.t.Errorf("another's archive holds %s", got)
		}
		var part strings.Builder
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			part.Reset()
			c, err := v.m.myData(ctx, tx, &web.Request{Request: (&http.Request{}).WithContext(ctx), Actor: access.Actor{Person: into}, Lang: i18n.Kyrgyz, Say: v.texts.Printer(i18n.Kyrgyz)})
			if err != nil {
				return err
			}
			return c.Render(ctx, &part)
		}); err != nil {
			v.t.Fatal(err)
		}
		if got := part.String(); !strings.Contains(got, "Жооп берилди") || !strings.Contains(got, "Эртең") || !strings.Contains(got, cmd.Words) {
			v.t.Errorf("her page says\n%s", got)
		}
	})
}

func TestInquiriesGoHalfAYearAfterTheirEnd(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		open := v.must(v.ask(question()))
		ended := v.ok(v.answer(v.must(v.ask(question())), v.chief, "Ооба"))
		v.clock.Pass(90 * 24 * time.Hour)
		later := v.ok(v.answer(v.must(v.ask(question())), v.chief, "Ооба"))
		there := func(q Inquiry) bool { return v.count(`SELECT COUNT(*) FROM news_inquiry WHERE id = $1`, q.ID) == 1 }
		v.clock.Pass(90*24*time.Hour - time.Minute)
		v.work()
		if !there(open) || !there(ended) || !there(later) {
			v.t.Error("removed too early")
		}
		v.clock.Pass(2 * time.Hour)
		v.work()
		if !there(open) || there(ended) || !there(later) {
			v.t.Errorf("open %v, ended half a year ago %v, ended later %v", there(open), there(ended), there(later))
		}
	})
}

func TestTodaySaysWhatWaitsAndWhatWaitsTooLong(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		tasks := func(actor access.Actor) (out []module.Task) {
			v.t.Helper()
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				out, err = v.m.inquiriesToday(ctx, tx, &web.Request{Actor: actor})
				return err
			}); err != nil {
				v.t.Fatal(err)
			}
			return out
		}
		if got := tasks(v.chief); len(got) != 0 {
			v.t.Errorf("before anybody asked: %+v", got)
		}
		first := v.must(v.ask(question()))
		v.clock.Pass(23 * time.Hour)
		v.must(v.ask(question()))
		if got := tasks(v.chief); len(got) != 1 || got[0].Urgency != module.Soon || !got[0].Due.Equal(first.Due) || got[0].Args["count"] != 2 {
			v.t.Errorf("in time: %+v", got)
		}
		v.clock.Pass(2 * time.Hour)
		if got := tasks(v.chief); len(got) != 2 || got[0].Urgency != module.Now || got[0].Args["count"] != 1 || got[1].Args["count"] != 1 {
			v.t.Errorf("too late: %+v", got)
		}
		if got := tasks(access.Actor{Person: v.chief.Person, Table: v.table}); len(got) != 0 {
			v.t.Errorf("to who may not: %+v", got)
		}
	})
}

// Each form costs an effort, more of it the more come. What was typed travels along, and
// who waits instead gets through too; the page is the same for who is known and who is not.
func TestEachFormCostsAnEffortAndLosesNothing(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		known := v.person(people.Details{FullName: "Жумабекова Нургүл", Email: "nurgul@hidden-nest.example.org"})
		b := v.serve(access.Actor{})
		form := func(email string) url.Values {
			return url.Values{"name": {"Жумабекова Нургүл"}, "email": {email}, "from": {"other"}, "words": {"Салам\n\n<b>«сөз»</b>"}}
		}
		carried := func(page string, f url.Values) url.Values {
			out := url.Values{}
			for name, values := range f {
				out[name] = values
			}
			mark := regexp.MustCompile(`name="mark" value="([^"]+)"`).FindStringSubmatch(page)
			if mark == nil || !strings.Contains(page, "&lt;b&gt;«сөз»") {
				v.t.Fatalf("the page carries nothing:\n%s", page)
			}
			out.Set("mark", mark[1])
			return out
		}
		var pages []string
		for _, email := range []string{"nurgul@hidden-nest.example.org", "nobody@hidden-nest.example.org"} {
			status, _, page := b.do("/ky"+askPath, form(email))
			if status != http.StatusTooManyRequests || v.count(`SELECT COUNT(*) FROM news_inquiry`) != len(pages) {
				v.t.Fatalf("without an effort: %d", status)
			}
			send := carried(page, form(email))
			challenge, bits := efforttest.Challenge(v.t, page)
			send.Set("effort", challenge)
			if status, _, _ := b.do("/ky"+askPath, send); status != http.StatusTooManyRequests {
				v.t.Errorf("with a challenge that is not solved: %d", status)
			}
			send.Set("effort_solution", efforttest.Solve(challenge, bits))
			status, to, done := b.do("/ky"+askPath, send)
			if status != http.StatusSeeOther || to != "/ky/contact" {
				v.t.Fatalf("with an effort: %d to %q\n%s", status, to, done)
			}
			pages = append(pages, regexp.MustCompile(`[0-9a-f]{64}|value="[A-Za-z0-9_-]{24,}"|`+regexp.QuoteMeta(email)).ReplaceAllString(page, "")+done)
		}
		if pages[0] != pages[1] {
			v.t.Errorf("the page tells who is known:\n%s\n%s", pages[0], pages[1])
		}
		if n := v.count(`SELECT COUNT(*) FROM news_inquiry WHERE person_id = $1`, known); n != 0 {
			v.t.Error("a stranger wrote in the name of a record")
		}
		// Without script it is sent once more after a while.
		_, _, page := b.do("/ky"+askPath, form("slow@example.org"))
		send := carried(page, form("slow@example.org"))
		challenge, _ := efforttest.Challenge(v.t, page)
		send.Set("effort", challenge)
		v.clock.Pass(effort.First)
		if status, _, _ := b.do("/ky"+askPath, send); status != http.StatusSeeOther {
			v.t.Errorf("after waiting: %d", status)
		}
		for range inquiryRush {
			cmd := question()
			v.must(v.ask(cmd))
		}
		_, _, page = b.do("/ky"+askPath, form("late@example.org"))
		if _, bits := efforttest.Challenge(v.t, page); bits != 4 {
			v.t.Errorf("after %d others it asks for %d bits", inquiryRush, bits)
		}
		wrong := form("late@example.org")
		wrong.Set("words", "")
		if status, _, page := b.do("/ky"+askPath, wrong); status != http.StatusUnprocessableEntity || !strings.Contains(page, "late@example.org") {
			v.t.Errorf("what is wrong is said before an effort is asked for: %d", status)
		}
	})
}

func TestWhoIsSignedInAsksFromHerOwnRecord(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := v.person(people.Details{FullName: "Кадырова Бегимай", Lang: i18n.Russian})
		before := v.count(`SELECT COUNT(*) FROM person`)
		q := v.must(v.ask(Ask{Actor: access.Actor{Person: her}, Name: "Башка", Email: "other@example.org", Asked: question().Asked, Mark: people.NewToken()}))
		if q.Person != her || !q.Own || q.Lang != i18n.Russian || v.count(`SELECT COUNT(*) FROM person`) != before {
			v.t.Errorf("asked by %+v", q)
		}
		v.ok(v.answer(q, v.chief, "Ответ"))
		if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			n, err := v.post.Cancel(ctx, tx, AnswerNotice+"/"+q.ID.String()+"/2")
			if n != 1 {
				return errors.New("no message is on its way to her page")
			}
			return err
		}); err != nil {
			v.t.Error(err)
		}
	})
}

func TestWhoAnswersReadsWhetherTheAddressIsProven(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		q := v.must(v.ask(question()))
		say := v.texts.Printer(i18n.English)
		typed, proven := say.T("newsroom.inquiry.words.typed", "email", question().Email), say.T("newsroom.inquiry.words.proven", "email", question().Email)
		if _, _, page := v.serve(v.chief).do("/en"+q.path(), nil); !strings.Contains(page, typed) || strings.Contains(page, proven) {
			v.t.Errorf("of an address that was typed:\n%s", page)
		}
		v.proves(q.Person)
		if _, _, page := v.serve(v.chief).do("/en"+q.path(), nil); strings.Contains(page, typed) || !strings.Contains(page, proven) {
			v.t.Errorf("of an address that she has proven:\n%s", page)
		}
	})
}

func TestTheListOfInquiriesHasPagesAndLosesNone(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		b := v.serve(v.chief)
		if _, _, page := b.do("/ky"+inquiriesPath, nil); !strings.Contains(page, "Бул жерде эч нерсе жок") {
			v.t.Errorf("an empty list says\n%s", page)
		}
		want := map[string]bool{}
		for n := range onPage + 2 {
			cmd := question()
			cmd.Email = people.NewToken() + "@example.org"
			q := v.must(v.ask(cmd))
			v.clock.Pass(time.Minute)
			if n == 0 { // what has ended stands behind all that is open, whenever it came
				v.ok(v.answer(q, v.chief, "Ооба"))
			}
			want[q.ID.String()] = true
		}
		links := regexp.MustCompile(inquiriesPath + `/([0-9a-f-]{36})"`)
		var order []string
		for page := 1; page <= 2; page++ {
			_, _, body := b.do("/ky"+inquiriesAt("all", page), nil)
			found := links.FindAllStringSubmatch(body, -1)
			if page == 1 && len(found) != onPage {
				v.t.Errorf("the first page shows %d", len(found))
			}
			for _, f := range found {
				order = append(order, f[1])
				delete(want, f[1])
			}
		}
		last := order[len(order)-1]
		if len(want) != 0 || len(order) != onPage+2 || v.count(`SELECT COUNT(*) FROM news_inquiry WHERE state = 'answered' AND id = $1`, mustID(v.t, last)) != 1 {
			v.t.Errorf("%d are shown, %d are missing, the last is %s", len(order), len(want), last)
		}
	})
}

func mustID(t *testing.T, text string) storage.ID {
	t.Helper()
	id, err := storage.ParseID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

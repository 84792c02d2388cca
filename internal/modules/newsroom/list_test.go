package newsroom

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort/efforttest"
	"platforma.kg/ashar/internal/spine/people"
)

// subscribe takes the form of a stranger, and gives the record that it made.
func (v newsdesk) subscribe(email string, l i18n.Language) (person storage.ID) {
	v.t.Helper()
	v.clock.Pass(time.Second) // the newest answer to a consent is the one that counts
	free := *v.m
	free.Effort = nil
	v.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := free.Subscribe(ctx, tx, Subscribe{Name: "Жумабекова Нургүл", Email: email, Outlet: "Уядабаш гезити", Lang: l, Agreed: true}); err != nil {
			return err
		}
		all, err := v.m.People.WithContact(ctx, tx, people.EmailContact, email)
		person = all[len(all)-1].ID
		return err
	})
	return person
}

// proves presses the button of the letter to a record.
func (v newsdesk) proves(person storage.ID) storage.ID {
	v.t.Helper()
	v.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := v.m.People.Contacts(ctx, tx, person)
		if err != nil {
			return err
		}
		_, err = v.m.People.Prove(ctx, tx, people.Prove{Person: person, Contact: list[0].ID})
		return err
	})
	return person
}

// agrees notes a yes or no on her own page.
func (v newsdesk) agrees(person storage.ID, given bool) {
	v.t.Helper()
	v.clock.Pass(time.Second)
	v.write(func(ctx context.Context, tx *storage.Tx) error {
		return v.m.People.Consent(ctx, tx, people.SayConsent{Person: person, Purpose: ListConsent, Lang: i18n.Kyrgyz, Given: given})
	})
}

// written is a release in review.
func (v newsdesk) written(embargo time.Time) Release {
	v.t.Helper()
	w := room{v.t, v.s, v.m}
	return w.must(w.move(w.new(v.chief, embargo), v.chief, Review, "", i18n.Text{}))
}

// moves moves a release.
func (v newsdesk) moves(r Release, to State, mail Mailing) Release {
	v.t.Helper()
	v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = v.m.MoveRelease(ctx, tx, MoveRelease{Actor: v.chief, Release: r.ID, Version: r.Version, To: to, Mail: mail, Reason: all3("Reason")})
		return err
	})
	return r
}

// news counts the letters with a release that went to an address.
func (v newsdesk) news(to string) (n int) {
	for _, one := range v.letters(to) {
		if strings.Contains(one.Text, "Lead") {
			n++
		}
	}
	return n
}

func TestAReleaseGoesOnceToWhoProvedHerAddressAndAgrees(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		v.proves(v.subscribe("her@example.org", i18n.Russian))
		v.proves(v.subscribe("twice@example.org", i18n.English))
		v.proves(v.subscribe("twice@example.org", i18n.English))
		v.subscribe("silent@example.org", i18n.Kyrgyz) // never pressed the button
		v.agrees(v.proves(v.subscribe("left@example.org", i18n.Kyrgyz)), false)
		v.proves(v.person(people.Details{FullName: "Эркин", Email: "participant@example.org"})) // never asked for it
		gone := v.proves(v.subscribe("gone@example.org", i18n.Kyrgyz))

		v.moves(v.written(time.Time{}), Published, MailNever)
		v.work()
		r := v.moves(v.written(v.s.Now().Add(time.Hour)), Scheduled, MailLater)
		v.clock.Pass(time.Hour + time.Minute)
		v.work()
		if n := v.news("her@example.org"); n != 0 {
			v.t.Errorf("%d letters before the quarter of an hour is over, or though nobody ticked it", n)
		}
		v.clock.Pass(mailingPause)
		if err := v.m.send(v.t.Context(), v.s, []byte(encoded(v.t, mailed{r.ID}))); err != nil { // asked for, and not sent yet
			v.t.Fatal(err)
		}
		if err := v.m.People.EraseForGood(v.t.Context(), v.chief.Person, gone); err != nil {
			v.t.Fatal(err)
		}
		v.work()
		for range 2 { // a job may run twice
			if err := v.m.send(v.t.Context(), v.s, []byte(encoded(v.t, mailed{r.ID}))); err != nil {
				v.t.Fatal(err)
			}
			v.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE news_mailing SET state = 'sending', after_id = NULL`) // as if it had been broken off
				return err
			})
		}
		v.work()
		for to, want := range map[string]int{"her@example.org": 1, "twice@example.org": 1, "silent@example.org": 0, "left@example.org": 0, "participant@example.org": 0, "gone@example.org": 0} {
			if n := v.news(to); n != want {
				v.t.Errorf("%s got %d letters, want %d", to, n, want)
			}
		}
		got := v.letters("her@example.org")[0]
		if !strings.Contains(got.Text, "Title ru") || got.Subject != "Title ru" || !strings.Contains(got.Text, "https://ashar.example/ru"+r.path()) ||
			!strings.HasPrefix(got.Unsubscribe, "https://ashar.example/ru"+leavePath) || !strings.Contains(got.Text, got.Unsubscribe) || !strings.Contains(got.HTML, got.Unsubscribe) {
			v.t.Errorf("the letter: %+v", got)
		}
	})
}

func TestWhatIsTakenBackInTimeGoesToNobody(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		v.proves(v.subscribe("her@example.org", i18n.Russian))
		withdrawn := v.moves(v.written(time.Time{}), Published, MailLater)
		stopped := v.moves(v.written(time.Time{}), Published, MailLater)
		half := v.moves(v.written(time.Time{}), Published, MailNow)
		// Its letters are asked for and have not left.
		if err := v.m.send(v.t.Context(), v.s, []byte(encoded(v.t, mailed{half.ID}))); err != nil {
			v.t.Fatal(err)
		}
		back := v.moves(v.moves(v.written(v.s.Now().Add(time.Hour)), Scheduled, MailNow), Draft, MailNever)
		v.clock.Pass(mailingPause - time.Minute)
		v.moves(withdrawn, Withdrawn, MailNever)
		v.moves(half, Withdrawn, MailNever)
		stop := func(actor access.Actor) error {
			return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return v.m.StopMailing(ctx, tx, StopMailing{Actor: actor, Release: stopped.ID})
			})
		}
		if err := stop(access.Actor{Person: v.other.Person, Table: v.table}); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("stopped by who may not: %v", err)
		}
		if err := stop(v.chief); err != nil {
			v.t.Error(err)
		}
		if err := stop(v.chief); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("stopped twice: %v", err)
		}
		v.clock.Pass(2 * time.Hour)
		v.work()
		if n := v.news("her@example.org"); n != 0 {
			v.t.Errorf("%d letters", n)
		}
		if n := v.count(`SELECT COUNT(*) FROM news_mailing WHERE release_id = $1`, back.ID); n != 0 {
			v.t.Error("what was taken back before it was public still goes to the list")
		}
		v.moves(v.written(time.Time{}), Published, MailNow)
		v.work()
		if n := v.news("her@example.org"); n != 1 {
			v.t.Errorf("%d letters of one that goes at once: the test proves nothing", n)
		}
	})
}

// A link alone does nothing; the button does it, for a mail program without a cookie too,
// and also for letters that are on their way. It speaks for the address and nobody else.
func TestOneButtonLeavesTheList(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her, again := v.proves(v.subscribe("her@example.org", i18n.Russian)), v.proves(v.subscribe("her@example.org", i18n.Russian))
		stays := v.proves(v.subscribe("stays@example.org", i18n.Russian))
		// A stranger typed her address; nobody has proven it there.
		v.subscribe("her@example.org", i18n.Russian)
		v.moves(v.written(time.Time{}), Published, MailNow)
		v.work()
		letter := v.letters("her@example.org")[0]
		path := strings.TrimPrefix(letter.Unsubscribe, "https://ashar.example")
		agrees := func(person storage.ID) (yes bool) {
			v.t.Helper()
			v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				yes, err = v.m.People.Agrees(ctx, tx, person, ListConsent)
				return err
			})
			return yes
		}
		b := v.serve(access.Actor{})
		if status, _, page := b.do(path, nil); status != http.StatusOK || !agrees(her) || strings.Contains(page, "Нургүл") || strings.Contains(page, "her@") {
			v.t.Errorf("the link alone: %d, she is on the list %v", status, agrees(her))
		}
		v.clock.Pass(time.Second)
		next := v.moves(v.written(time.Time{}), Published, MailNow)
		if err := v.m.send(v.t.Context(), v.s, []byte(encoded(v.t, mailed{next.ID}))); err != nil {
			v.t.Fatal(err)
		}
		if status, _, page := b.do(path, url.Values{"List-Unsubscribe": {"One-Click"}}); status != http.StatusOK || strings.Contains(page, "Нургүл") || strings.Contains(page, "her@") {
			v.t.Errorf("the button: %d", status)
		}
		if agrees(her) || agrees(again) || !agrees(stays) {
			v.t.Errorf("her %v, her other record %v, somebody else %v", agrees(her), agrees(again), agrees(stays))
		}
		v.work()
		if n, other := v.news("her@example.org"), v.news("stays@example.org"); n != 1 || other != 2 {
			v.t.Errorf("she got %d letters, somebody else %d", n, other)
		}
		if status, _, _ := b.do(path, url.Values{}); status != http.StatusOK {
			v.t.Errorf("the button once more: %d", status)
		}
		if status, _, _ := b.do("/ru"+leavePath+people.NewToken(), url.Values{}); status != http.StatusNotFound {
			v.t.Errorf("a token of nobody: %d", status)
		}
	})
}

func TestNobodyLearnsWhoIsOnTheList(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		v.proves(v.subscribe("known@example.org", i18n.Russian))
		v.work()
		b := v.serve(access.Actor{})
		var pages []string
		for _, email := range []string{"known@example.org", "fresh@example.org"} {
			form := url.Values{"name": {"Нургүл"}, "email": {email}, "language": {"ru"}, "agree": {"on"}}
			before := len(v.letters(email))
			status, _, page := b.do("/ru"+listPath, form)
			if status != http.StatusTooManyRequests {
				v.t.Fatalf("without an effort: %d", status)
			}
			challenge, bits := efforttest.Challenge(v.t, page)
			form.Set("mark", regexp.MustCompile(`name="mark" value="([^"]+)"`).FindStringSubmatch(page)[1])
			form.Set("effort", challenge)
			form.Set("effort_solution", efforttest.Solve(challenge, bits))
			status, to, done := b.do("/ru"+listPath, form)
			if status != http.StatusSeeOther || to != "/ru/contact" {
				v.t.Fatalf("with an effort: %d to %q\n%s", status, to, done)
			}
			v.work()
			if n := len(v.letters(email)) - before; n != 1 {
				v.t.Errorf("%s got %d letters with a button", email, n)
			}
			pages = append(pages, regexp.MustCompile(`[0-9a-f]{64}|value="[A-Za-z0-9_-]{24,}"|`+regexp.QuoteMeta(email)).ReplaceAllString(page, "")+done)
		}
		if pages[0] != pages[1] {
			v.t.Errorf("the page tells who is known:\n%s\n%s", pages[0], pages[1])
		}
		for field, form := range map[string]url.Values{
			"email": {"name": {"Нургүл"}, "language": {"ru"}, "agree": {"on"}}, "agree": {"name": {"Нургүл"}, "email": {"a@example.org"}, "language": {"ru"}},
			"language": {"name": {"Нургүл"}, "email": {"a@example.org"}, "agree": {"on"}}, "name": {"email": {"a@example.org"}, "language": {"ru"}, "agree": {"on"}},
			"outlet": {"name": {"Нургүл"}, "email": {"a@example.org"}, "language": {"ru"}, "agree": {"on"}, "outlet": {strings.Repeat("ү", 500)}},
		} {
			if status, _, page := b.do("/ru"+listPath, form); status != http.StatusUnprocessableEntity || !strings.Contains(page, `href="#`+field) && !strings.Contains(page, `href="#f-`+field) {
				v.t.Errorf("without %s: %d", field, status)
			}
		}
		// Three letters a day, from whatever form.
		for range 4 {
			v.subscribe("flooded@example.org", i18n.Kyrgyz)
		}
		v.work()
		if n := len(v.letters("flooded@example.org")); n != 3 {
			v.t.Errorf("%d letters to one address", n)
		}
	})
}

func TestWhoIsSignedInSubscribesWithAProvenAddress(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := v.person(people.Details{FullName: "Кадырова Бегимай", Email: "begimay@example.org", Lang: i18n.Russian, Neutral: true})
		ask := func() error {
			return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return v.m.Subscribe(ctx, tx, Subscribe{Actor: access.Actor{Person: her}, Lang: i18n.Russian, Agreed: true})
			})
		}
		if err := ask(); len(fault.Of(err).At("email")) != 1 {
			v.t.Errorf("with an address that is not proven: %v", err)
		}
		v.proves(her)
		if err := ask(); err != nil {
			v.t.Fatal(err)
		}
		v.moves(v.written(time.Time{}), Published, MailNow)
		v.work()
		got := v.letters("begimay@example.org")
		if len(got) != 1 || strings.Contains(got[0].Text, "Title") || strings.Contains(got[0].Subject, "Title") || !strings.Contains(got[0].Text, got[0].Unsubscribe) || got[0].Unsubscribe == "" {
			v.t.Errorf("who wants neutral letters got %+v", got)
		}
	})
}

func TestTheListIsCountedAndExportedByWhoMay(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := v.proves(v.subscribe("her@example.org", i18n.Russian))
		v.proves(v.subscribe("her@example.org", i18n.Russian))
		v.subscribe("silent@example.org", i18n.Kyrgyz)
		b := v.serve(v.chief)
		_, _, page := b.do("/en"+staffListPath, nil)
		if !regexp.MustCompile(`(?s)Русский</dt>\s*<dd>1</dd>`).MatchString(page) || !regexp.MustCompile(`(?s)Кыргызча</dt>\s*<dd>0</dd>`).MatchString(page) || strings.Contains(page, "her@") {
			v.t.Errorf("the counts:\n%s", page)
		}
		token := url.Values{web.TokenField: {regexp.MustCompile(`name="` + web.TokenField + `" value="([^"]+)"`).FindStringSubmatch(page)[1]}}
		if status, _, body := b.do("/en"+staffListPath+"/export", token); status != http.StatusOK || !strings.HasPrefix(body, "PK") {
			v.t.Errorf("the table: %d", status)
		}
		if n := v.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND actor_id = $2 AND action = 'newsroom.audit.list_exported'`, her, v.chief.Person); n != 1 {
			v.t.Errorf("her log has %d lines of it", n)
		}
		v.clock.Pass(web.FreshFor + time.Minute)
		if status, to, _ := b.do("/en"+staffListPath+"/export", token); status != http.StatusSeeOther || !strings.Contains(to, "sign-in") {
			v.t.Errorf("in a session that was left open: %d to %q", status, to)
		}
		osh := v.chief
		osh.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}
		if status, _, _ := v.serve(osh).do("/en"+staffListPath, nil); status != http.StatusForbidden {
			v.t.Errorf("who works in one city: %d", status)
		}
	})
}

// A list that is longer than one transaction takes is sent in several, and goes on where it
// was broken off.
func TestALongListGoesInPortionsAndToEachOnce(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		const many = mailedAtOnce + 3
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			for n := range many {
				p, err := v.m.People.Register(ctx, tx, people.Details{FullName: "Жумабекова Нургүл", Email: "list" + strconv.Itoa(n) + "@example.org"})
				if err != nil {
					return err
				}
				if err := v.m.People.Consent(ctx, tx, people.SayConsent{Person: p.ID, Purpose: ListConsent, Lang: i18n.Kyrgyz, Given: true}); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven', proven_at = $1 WHERE kind = 'email'`, storage.Micros(tx.Now))
			return err
		})
		r := v.moves(v.written(time.Time{}), Published, MailNow)
		sent := func() int { return v.count(`SELECT COUNT(*) FROM message WHERE kind = $1`, ReleaseNotice) }
		var more bool
		v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			more, err = v.m.sendSome(ctx, tx, r.ID)
			return err
		})
		if n := sent(); n != mailedAtOnce || !more {
			v.t.Errorf("the first portion has %d letters, more %v", n, more)
		}
		v.work()
		if n, shown := sent(), v.count(`SELECT COUNT(*) FROM news_mailing WHERE state = 'sent' AND count = $1`, many); n != many || shown != 1 {
			v.t.Errorf("%d letters of %d", n, many)
		}
		got := map[string]int{}
		for _, one := range v.box.List() {
			got[one.To]++
		}
		for to, n := range got {
			if n != 1 {
				v.t.Errorf("%s got %d letters", to, n)
			}
		}
		if len(got) != many {
			v.t.Errorf("%d addresses got a letter", len(got))
		}
	})
}

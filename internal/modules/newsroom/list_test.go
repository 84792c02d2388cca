package newsroom

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
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

// confirms presses the button of the letter about the list to a record.
func (v newsdesk) confirms(person storage.ID) storage.ID {
	v.t.Helper()
	v.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := v.m.People.Contacts(ctx, tx, person)
		if err != nil {
			return err
		}
		token, err := v.m.People.NewLink(ctx, tx, people.Link{Person: person, Purpose: confirmPurpose, Contact: list[0].ID})
		if err != nil {
			return err
		}
		return v.m.ConfirmList(ctx, tx, ConfirmList{Token: token, Words: v.m.People.WordingVersion(ListConsent), Lang: i18n.Kyrgyz})
	})
	return person
}

// onList reports whether a record is on the press list.
func (v newsdesk) onList(person storage.ID) (yes bool) {
	v.t.Helper()
	v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		yes, err = v.m.People.Agrees(ctx, tx, person, ListConsent)
		return err
	})
	return yes
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
		v.confirms(v.subscribe("her@example.org", i18n.Russian))
		v.confirms(v.subscribe("twice@example.org", i18n.English))
		v.confirms(v.subscribe("twice@example.org", i18n.English))
		v.subscribe("silent@example.org", i18n.Kyrgyz) // never pressed the button
		v.agrees(v.confirms(v.subscribe("left@example.org", i18n.Kyrgyz)), false)
		v.proves(v.person(people.Details{FullName: "Эркин", Email: "participant@example.org"})) // never asked for it
		gone := v.confirms(v.subscribe("gone@example.org", i18n.Kyrgyz))

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
		v.confirms(v.subscribe("her@example.org", i18n.Russian))
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

func TestWhatWasStoppedBeforeItIsPublicCanBeChosenAnew(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		v.confirms(v.subscribe("her@example.org", i18n.Russian))
		for mail, want := range map[Mailing]int{MailNow: 1, MailNever: 0} {
			before := v.news("her@example.org")
			r := v.moves(v.written(v.s.Now().Add(time.Hour)), Scheduled, MailLater)
			v.write(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.StopMailing(ctx, tx, StopMailing{Actor: v.chief, Release: r.ID})
			})
			v.moves(r, Published, mail)
			v.work()
			if n := v.news("her@example.org") - before; n != want {
				v.t.Errorf("stopped, then %q: %d letters", mail, n)
			}
		}
	})
}

// A mailing is over when its letters have left, not when they are asked for: until then the
// page says so, and the others can be stopped.
func TestLettersThatHaveNotLeftAreStopped(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		left := v.confirms(v.subscribe("left@example.org", i18n.Russian))
		v.confirms(v.subscribe("waits@example.org", i18n.Russian))
		say := v.texts.Printer(i18n.English)
		shows := func(r Release, state MailingState, count int, button bool) {
			v.t.Helper()
			_, _, page := v.serve(v.chief).do("/en"+r.deskPath(), nil)
			if want := say.T("newsroom.mailing.state."+string(state), "count", count); !strings.Contains(page, want) || strings.Contains(page, say.T("newsroom.mailing.stop")) != button {
				v.t.Errorf("the page does not say %q, or has the button or not:\n%s", want, page)
			}
		}
		stop := func(r Release) error {
			return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return v.m.StopMailing(ctx, tx, StopMailing{Actor: v.chief, Release: r.ID})
			})
		}
		r := v.moves(v.written(time.Time{}), Published, MailNow)
		if err := v.m.send(v.t.Context(), v.s, []byte(encoded(v.t, mailed{r.ID}))); err != nil {
			v.t.Fatal(err)
		}
		v.write(func(ctx context.Context, tx *storage.Tx) error { // one has left, then the mail is down
			_, err := tx.Exec(ctx, `UPDATE message SET state = 'sent' WHERE person_id = $1 AND kind = $2`, left, ReleaseNotice)
			return err
		})
		shows(r, MailingSending, 1, true)
		if err := stop(r); err != nil {
			v.t.Errorf("one letter has not left: %v", err)
		}
		shows(r, MailingStopped, 1, false)
		if err := stop(r); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("stopped twice: %v", err)
		}
		v.work()
		if n := v.news("waits@example.org"); n != 0 {
			v.t.Errorf("%d letters after it was stopped", n)
		}
		r = v.moves(v.written(time.Time{}), Published, MailNow)
		v.work()
		shows(r, MailingSent, 2, false)
		if err := stop(r); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("stopped when all have left: %v", err)
		}
		shows(r, MailingSent, 2, false)
	})
}

// A link alone does nothing; the button does it, for a mail program without a cookie too,
// and also for letters that are on their way. It speaks for the address and nobody else.
func TestOneButtonLeavesTheList(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her, again := v.confirms(v.subscribe("her@example.org", i18n.Russian)), v.confirms(v.subscribe("her@example.org", i18n.Russian))
		stays := v.confirms(v.subscribe("stays@example.org", i18n.Russian))
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
		v.confirms(v.subscribe("known@example.org", i18n.Russian))
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
		her := v.confirms(v.subscribe("her@example.org", i18n.Russian))
		v.confirms(v.subscribe("her@example.org", i18n.Russian))
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

// Whom the list reaches is counted without a record being opened, and is for all readers of
// the rule the same: the first of the records with an address.
func TestTheListIsCountedByItsAddresses(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		first := v.confirms(v.subscribe("her@example.org", i18n.Russian))
		v.confirms(v.subscribe("her@example.org", i18n.English))
		v.agrees(v.confirms(v.subscribe("shared@example.org", i18n.English)), false)
		second := v.confirms(v.subscribe("shared@example.org", i18n.Kyrgyz))
		v.subscribe("silent@example.org", i18n.Kyrgyz)
		v.agrees(v.person(people.Details{FullName: "Бакиров Бек", Email: "her@example.org"}), true) // typed there, and not proven
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			list, err := v.m.subscribers(ctx, tx)
			if len(list[i18n.English]) != 0 || len(list[i18n.Russian]) != 1 || list[i18n.Russian][0].ID != first || len(list[i18n.Kyrgyz]) != 1 || list[i18n.Kyrgyz][0].ID != second {
				v.t.Errorf("the list: %v", list)
			}
			ids, wrong := v.m.People.Agreeing(ctx, tx, ListConsent, storage.ID{}, 100)
			for _, id := range ids {
				p, err := v.m.People.ByID(ctx, tx, id)
				if err != nil {
					return err
				}
				by, err := v.m.firstOf(ctx, tx, p)
				if listed := slices.ContainsFunc(list[p.Lang], func(one people.Person) bool { return one.ID == id }); err != nil || listed != (by == id) {
					v.t.Errorf("a letter goes by that record %v, it is listed %v, %v", by == id, listed, err)
				}
			}
			if len(ids) != 3 {
				v.t.Errorf("%d records agree", len(ids))
			}
			return errors.Join(err, wrong)
		})
		r := v.written(time.Time{})
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET sealed = $1 WHERE id IN (SELECT person_id FROM consent)`, []byte("no key opens this"))
			return err
		})
		if status, _, page := v.serve(v.chief).do("/en"+r.deskPath(), nil); status != http.StatusOK || !strings.Contains(page, v.texts.Printer(i18n.English).T("newsroom.mailing.count", "count", 2)) {
			v.t.Errorf("the page of a release: %d\n%s", status, page)
		}
	})
}

// The list is opened while others write; who leaves it or is erased in that moment is in no table.
func TestTheListIsReadWithoutKeepingAnybodyFromWriting(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		stays := v.confirms(v.subscribe("stays@example.org", i18n.Russian))
		leaves := v.confirms(v.subscribe("leaves@example.org", i18n.Russian))
		gone := v.confirms(v.subscribe("gone@example.org", i18n.Russian))
		r := &web.Request{Request: httptest.NewRequest(http.MethodPost, staffListPath+"/export", nil), Actor: v.chief}
		var read []people.Person
		v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if _, err := tx.Exec(ctx, `UPDATE news_hour SET count = count`); err != nil { // somebody writes
				return err
			}
			read, err = v.m.readList(r)
			return err
		})
		v.agrees(leaves, false)
		if err := v.m.People.EraseForGood(v.t.Context(), v.chief.Person, gone); err != nil {
			v.t.Fatal(err)
		}
		still, err := v.m.noteExport(r, read)
		if err != nil || len(read) != 3 || len(still) != 1 || still[0].ID != stays {
			v.t.Errorf("%d were read, in the table are %d, %v", len(read), len(still), err)
		}
		for id, want := range map[storage.ID]int{stays: 1, leaves: 0, gone: 0} {
			if n := v.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action = 'newsroom.audit.list_exported'`, id); n != want {
				v.t.Errorf("a log has %d lines of it, want %d", n, want)
			}
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

// Who types an address agrees to nothing in its name: not at once, not when it is proven by
// another letter, and not after she has said no.
func TestOnlyWhoReadsTheMailOfAnAddressAgreesToTheList(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		const her = "her@example.org"
		button := func() (path, text string) {
			v.t.Helper()
			v.work()
			for _, one := range v.letters(her) {
				if path = regexp.MustCompile(`/ru` + confirmPath + `[\w-]+`).FindString(one.Text); path != "" {
					return path, one.Subject + one.Text + one.HTML
				}
			}
			v.t.Fatal("no letter asks her")
			return "", ""
		}
		first := v.subscribe(her, i18n.Russian)
		if n := v.count(`SELECT COUNT(*) FROM consent WHERE purpose = $1`, ListConsent); n != 0 {
			v.t.Fatalf("%d answers are noted though only a stranger read the words", n)
		}
		v.proves(first) // by a code, say
		if v.onList(first) {
			v.t.Error("whose address was proven by another letter is on the list")
		}
		person := v.subscribe(her, i18n.Russian)
		path, text := button()
		if strings.Contains(text, "Нургүл") || strings.Contains(text, "/prove/") || !strings.Contains(text, "рассылку для прессы") || !strings.Contains(text, "ничего приходить не будет") {
			v.t.Errorf("the letter: %s", text)
		}
		if n := v.count(`SELECT COUNT(*) FROM message WHERE kind = $1 AND sealed IS NOT NULL`, ConfirmNotice); n != 0 {
			v.t.Errorf("%d letters with a button are kept where her own page would show them", n)
		}
		b := v.serve(access.Actor{})
		status, _, page := b.do(path, nil)
		if status != http.StatusOK || v.onList(person) || strings.Contains(page, "Нургүл") || !strings.Contains(page, v.texts.Printer(i18n.Russian).T("newsroom.list.consent")) {
			v.t.Errorf("the link alone: %d, on the list %v\n%s", status, v.onList(person), page)
		}
		words := regexp.MustCompile(`name="words" value="([^"]+)"`).FindStringSubmatch(page)[1]
		if status, _, _ := b.do(path, url.Values{"do": {"yes"}, "words": {"of another day"}}); status != http.StatusConflict || v.onList(person) {
			v.t.Errorf("a yes to words that she has not read: %d, on the list %v", status, v.onList(person))
		}
		for range 2 {
			if status, to, _ := b.do(path, url.Values{"do": {"yes"}, "words": {words}}); status != http.StatusSeeOther || to != "/ru/contact" || !v.onList(person) {
				v.t.Errorf("her button: %d to %q, on the list %v", status, to, v.onList(person))
			}
		}
		if n := v.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1 AND purpose = $2 AND version = $3 AND lang = 'ru'`, person, ListConsent, words); n != 1 {
			v.t.Errorf("%d answers to the words that she read", n)
		}
		v.moves(v.written(time.Time{}), Published, MailNow)
		v.work()
		leave := strings.TrimPrefix(v.letters(her)[0].Unsubscribe, "https://ashar.example")
		v.clock.Pass(25 * time.Hour)
		if status, _, _ := b.do(leave, url.Values{}); status != http.StatusOK {
			v.t.Fatalf("leaving: %d", status)
		}
		again := v.subscribe(her, i18n.Russian) // the stranger once more
		v.proves(again)
		third := v.subscribe(her, i18n.Russian)
		for _, one := range []storage.ID{first, person, again, third} {
			if v.onList(one) {
				v.t.Error("a stranger took back that she has left")
			}
		}
		path, _ = button()
		if status, to, _ := b.do(path, url.Values{"do": {"no"}}); status != http.StatusSeeOther || to != "/ru/contact" {
			v.t.Errorf("not she: %d to %q", status, to)
		}
		if n := v.count(`SELECT COUNT(*) FROM contact WHERE person_id = $1`, third); n != 0 {
			v.t.Error("the address stays on the record of a stranger")
		}
		before := len(v.letters(her))
		v.subscribe(her, i18n.Russian)
		v.work()
		if n := len(v.letters(her)) - before; n != 0 {
			v.t.Errorf("%d letters to who has said that it was not she", n)
		}
	})
}

func TestTheLinkToLeaveOutlivesThatRecordsBecomeOne(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		for n, own := range []bool{true, false} {
			from := "from" + strconv.Itoa(n) + "@example.org"
			old := v.confirms(v.subscribe(from, i18n.Russian))
			stays := v.proves(v.person(people.Details{FullName: "Жумабекова Нургүл", Email: "stays" + strconv.Itoa(n) + "@example.org"}))
			v.moves(v.written(time.Time{}), Published, MailNow)
			v.work()
			path := strings.TrimPrefix(v.letters(from)[0].Unsubscribe, "https://ashar.example")
			var opens string
			v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				if opens, err = v.m.People.NewLink(ctx, tx, people.Link{Person: old, Purpose: "seminars.application"}); err != nil {
					return err
				}
				return v.m.People.Merge(ctx, tx, people.MergeRecords{By: v.chief.Person, From: old, Into: stays, Own: own})
			})
			if !v.onList(stays) {
				v.t.Fatal("the record that stays is not on the list: the test proves nothing")
			}
			v.clock.Pass(time.Second)
			if status, _, _ := v.serve(access.Actor{}).do(path, url.Values{"List-Unsubscribe": {"One-Click"}}); status != http.StatusOK || v.onList(stays) {
				v.t.Errorf("own %v: leaving by a letter of before: %d, on the list %v", own, status, v.onList(stays))
			}
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := v.m.People.PeekLink(ctx, tx, opens, "seminars.application")
				return err
			}); own != fault.Is(err, fault.NotFound) {
				v.t.Errorf("own %v: a link that opens data says %v", own, err)
			}
		}
	})
}

// Whoever typed her address into a record of his does not take hers off the list by it.
func TestALetterToOneAddressTakesNoOtherOffTheList(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := v.confirms(v.subscribe("her@example.org", i18n.Russian))
		his := v.person(people.Details{FullName: "Бакиров Бек", Email: "her@example.org"})
		v.agrees(his, true)
		v.clock.Pass(time.Second)
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			token, err := v.m.People.NewLink(ctx, tx, people.Link{Person: his, Purpose: leavePurpose})
			if err != nil {
				return err
			}
			return v.m.LeaveList(ctx, tx, token)
		})
		if !v.onList(her) || v.onList(his) {
			v.t.Errorf("her on the list %v, he %v", v.onList(her), v.onList(his))
		}
	})
}

// A mailing that is under way or over names nobody who is gone, and still reaches all others
// once.
func TestAMailingNamesNobodyWhoIsGone(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		var all []storage.ID
		for n := range 6 {
			all = append(all, v.confirms(v.subscribe("list"+strconv.Itoa(n)+"@example.org", i18n.Russian)))
		}
		into := v.proves(v.person(people.Details{FullName: "Жумабекова Нургүл", Email: "into@example.org"}))
		slices.SortFunc(all, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
		r := v.moves(v.written(time.Time{}), Published, MailNow)
		at := func(id storage.ID) int {
			v.t.Helper()
			return v.count(`SELECT COUNT(*) FROM news_mailing WHERE after_id = $1`, id)
		}
		v.write(func(ctx context.Context, tx *storage.Tx) error { // as if it had been broken off
			for _, id := range all[:4] {
				if _, err := v.m.sendTo(ctx, tx, r, id); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `UPDATE news_mailing SET state = 'sending', after_id = $1, count = 4`, all[3])
			return err
		})
		if at(all[3]) != 1 {
			v.t.Fatal("the mailing is not under way: the test proves nothing")
		}
		if err := v.m.People.EraseForGood(v.t.Context(), v.chief.Person, all[3]); err != nil {
			v.t.Fatal(err)
		}
		if at(all[3]) != 0 {
			v.t.Error("the mailing names who was erased")
		}
		v.write(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE news_mailing SET after_id = $1`, all[2]); err != nil {
				return err
			}
			return v.m.People.Merge(ctx, tx, people.MergeRecords{By: v.chief.Person, From: all[2], Into: into})
		})
		if at(all[2]) != 0 {
			v.t.Error("the mailing names a record that became another's")
		}
		v.work()
		if n := v.count(`SELECT COUNT(*) FROM news_mailing WHERE state = 'sent' AND after_id IS NULL`); n != 1 {
			v.t.Error("a mailing that is over still names somebody")
		}
		for _, id := range []storage.ID{all[0], all[1], all[4], all[5]} {
			if n := v.count(`SELECT COUNT(*) FROM message WHERE kind = $1 AND person_id = $2 AND state = 'sent'`, ReleaseNotice, id); n != 1 {
				v.t.Errorf("%d letters to one of the list", n)
			}
		}
	})
}

// Who is erased in the moment in which a mailing comes as far as her is not named by it.
func TestAMailingThatIsJustComingToSomebodyDoesNotNameHer(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		her := v.person(people.Details{FullName: "Кадырова Бегимай"})
		r := v.moves(v.written(time.Time{}), Published, MailNow)
		came, gone := room{v.t, v.s, v.m}.meanwhile(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE news_mailing SET state = 'sending', after_id = $1 WHERE release_id = $2`, her, r.ID)
			return err
		}, func(ctx context.Context, tx *storage.Tx) error { return stepBack(ctx, tx, her) })
		if came != nil || gone != nil {
			v.t.Fatal(came, gone)
		}
		if n := v.count(`SELECT COUNT(*) FROM news_mailing WHERE after_id = $1`, her); n != 0 {
			v.t.Error("the mailing names her")
		}
	})
}

func TestTheFeedIsThereBeforeThereIsAProgramme(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		for _, path := range []string{"/ky/news", "/ky/press", feedPath(i18n.Kyrgyz)} {
			if status, _, page := v.serve(access.Actor{}).do(path, nil); status != http.StatusOK {
				v.t.Errorf("%s: %d\n%s", path, status, page)
			}
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// emailState tells what is known of the e-mail of a record.
func (s stage) emailState(person storage.ID) people.ContactState {
	s.t.Helper()
	for _, c := range s.contacts(person) {
		if c.Kind == people.EmailContact {
			return c.State
		}
	}
	return ""
}

func TestTheLetterOfAnApplicationProvesItsAddressByTheButtonAndByAnswering(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		for name, use := range map[string]func(b *browser, path string){
			"the button": func(b *browser, path string) {
				if status, _, to := b.do("POST", "/en/prove/"+strings.TrimPrefix(path, "/a/"), url.Values{"do": {"yes"}, "back": {"/en" + path}}); status != http.StatusSeeOther || to != "/en"+path {
					s.t.Errorf("the button leads to %d %q", status, to)
				}
			},
			"the answer": func(b *browser, path string) {
				if status, _, to := b.do("POST", "/en"+path, url.Values{"reply": {"withdraw"}}); status != http.StatusSeeOther || to != "/en"+path {
					s.t.Errorf("the answer leads to %d %q", status, to)
				}
			},
		} {
			app, _ := s.apply(s.browser(), "q_email", emailOf(len(name)))
			letter, mail := s.post.last(s.t, app.Person), s.browser()
			before := s.rows()
			for range 2 { // mail programs open links by themselves
				status, page, _ := mail.do("GET", "/en"+letter, nil)
				if status != http.StatusOK || !strings.Contains(page, "/prove/"+strings.TrimPrefix(letter, "/a/")) || !strings.Contains(page, "a•••@e•••.kg") || strings.Contains(page, emailOf(len(name))) {
					s.t.Fatalf("%s: the page of the letter gives %d", name, status)
				}
			}
			if more := s.added(before); len(more) > 0 || s.emailState(app.Person) != people.Typed {
				s.t.Errorf("%s: opening the link has changed %v", name, more)
			}
			use(mail, letter)
			if got := s.emailState(app.Person); got != people.Proven || stateOf(s.t, s.m, app.ID).Proven.IsZero() {
				s.t.Errorf("%s: the address is %s, the application proven at %v", name, got, stateOf(s.t, s.m, app.ID).Proven)
			}
			status, page, _ := mail.do("GET", "/en"+letter, nil)
			if status != http.StatusOK || strings.Contains(page, "/prove/") {
				s.t.Errorf("%s: the page asks again: %d", name, status)
			}
			if status, _, _ := mail.do("GET", "/en/me/edit", nil); status != http.StatusSeeOther {
				s.t.Errorf("%s: the letter has signed her in: %d", name, status)
			}
		}
	})
}

var savedLink = regexp.MustCompile(`<code class="copy">[^<]*(/a/[^<]+)</code>`)

func TestALinkThatWasShownProvesNothingAndEndsWithTheFirstProof(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		b := s.browser()
		app, path := s.apply(b)
		letter := s.post.last(s.t, app.Person)
		_, page, _ := b.do("POST", path+"/reach", url.Values{"do": {"link"}})
		found := savedLink.FindStringSubmatch(page)
		if found == nil {
			s.t.Fatalf("no link is shown")
		}
		saved, other := found[1], s.browser()
		if status, page, _ := other.do("GET", "/en"+saved, nil); status != http.StatusOK || strings.Contains(page, "/prove/") {
			s.t.Errorf("the saved link gives %d, or asks for a proof", status)
		}
		// Neither its button, which it does not have, nor answering by it proves anything.
		other.do("POST", "/en/prove/"+strings.TrimPrefix(saved, "/a/"), url.Values{"do": {"yes"}})
		if status, _, _ := other.do("POST", "/en"+saved, url.Values{"reply": {"withdraw"}}); status != http.StatusSeeOther || s.at(path).State != seats.Withdrawn {
			s.t.Errorf("it cannot be answered by: %d", status)
		}
		if s.emailState(app.Person) != people.Typed || !s.at(path).Proven.IsZero() {
			s.t.Error("a link that was only shown proves the address")
		}
		other.do("POST", "/en"+saved, url.Values{"reply": {"come_back"}})

		other.do("POST", "/en/prove/"+strings.TrimPrefix(letter, "/a/"), url.Values{"do": {"yes"}})
		if status, _, _ := other.do("GET", "/en"+saved, nil); status != http.StatusNotFound {
			s.t.Errorf("after the proof the saved link gives %d", status)
		}
		if status, _, _ := other.do("POST", "/en"+saved, url.Values{"reply": {"withdraw"}}); status != http.StatusNotFound || s.at(path).State == seats.Withdrawn {
			s.t.Errorf("after the proof it still answers: %d", status)
		}
		if b.opens(path) {
			s.t.Error("after the proof the session of the browser goes on")
		}
		if status, _, _ := other.do("GET", "/en"+letter, nil); status != http.StatusOK {
			s.t.Errorf("the letter itself is closed: %d", status)
		}
	})
}

// letterFor applies with an address and tells whether a letter went there, what the page
// said, and whose application it is.
func (s stage) letterFor(email string) (sent bool, page string, app seats.Application) {
	s.t.Helper()
	b, before := s.browser(), s.post.count()
	app, path := s.apply(b, "q_email", email)
	status, page, _ := b.do("GET", path, nil)
	if status != http.StatusOK {
		s.t.Fatalf("her page: %d", status)
	}
	return s.post.count() > before, plain(page, app.ID.String()), app
}

func TestNotMeStopsLettersOfFormsToTheAddressForThirtyDays(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) {
		a.Capacity, a.Deadline = 50, start.AddDate(0, 0, 60)
		a.Starts, a.Ends = start.AddDate(0, 0, 70), start.AddDate(0, 0, 70).Add(time.Hour)
	}, func(s stage) {
		_, _, app := s.letterFor("aigul@example.kg")
		letter := s.post.last(s.t, app.Person)
		if status, _, to := s.browser().do("POST", "/en/prove/"+strings.TrimPrefix(letter, "/a/"), url.Values{"do": {"no"}, "back": {"/en" + letter}}); status != http.StatusSeeOther || to != "/en/" && to != "/en" {
			s.t.Errorf("“not me” leads to %d %q", status, to)
		}
		if got := s.emailState(app.Person); got != "" || s.person(app.Person).Email != "" {
			s.t.Errorf("the address is in the record still: %s", got)
		}
		if got := stateOf(s.t, s.m, app.ID); got.State != seats.Applied || !got.Proven.IsZero() {
			s.t.Errorf("the application is %s, proven at %v", got.State, got.Proven)
		}
		muted := s.c.Now()
		for _, v := range []struct {
			after time.Duration
			sent  bool
		}{{time.Minute, false}, {29 * 24 * time.Hour, false}, {30*24*time.Hour - time.Second, false}, {30 * 24 * time.Hour, true}} {
			s.c.Set(muted.Add(v.after))
			other, want, _ := s.letterFor(fmt.Sprintf("aigul%d@example.kg", v.after))
			if !other {
				s.t.Error("another address gets no letter: the test proves nothing")
			}
			sent, page, _ := s.letterFor("aigul@example.kg")
			if sent != v.sent {
				s.t.Errorf("after %v a letter went out: %v", v.after, sent)
			}
			if page != want {
				s.t.Errorf("after %v the page is another: %s", v.after, difference(page, want))
			}
			// Nor does what the page offers lead there: another address, then this one.
			b, before := s.browser(), s.post.count()
			_, path := s.apply(b, "q_email", "", "q_phone", "0700 11 22 33")
			b.do("POST", path+"/reach", url.Values{"do": {"email"}, "email": {"Aigul@example.kg"}})
			if sent := s.post.count() > before; sent != v.sent {
				s.t.Errorf("after %v the address typed on the page gets a letter: %v", v.after, sent)
			}
		}
		// It is no proof of anything, and nobody's: who has it proven keeps it.
		_, _, own := s.letterFor("owner@example.kg")
		link := s.post.last(s.t, own.Person)
		b := s.browser()
		b.do("POST", "/en/prove/"+strings.TrimPrefix(link, "/a/"), url.Values{"do": {"yes"}})
		b.do("POST", "/en/prove/"+strings.TrimPrefix(link, "/a/"), url.Values{"do": {"no"}})
		if got := s.emailState(own.Person); got != people.Proven {
			s.t.Errorf("“not me” after the proof leaves the address %s", got)
		}
	})
}

func TestThreeLettersADayGoToAnAddressAndTheFourthApplicationLooksTheSame(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		_, want, _ := s.letterFor("aelita@example.kg")
		for i := range 5 {
			sent, page, app := s.letterFor([]string{"aigul@example.kg", "AIGUL@example.kg"}[i%2])
			if sent != (i < 3) {
				s.t.Errorf("application %d: a letter went out: %v", i+1, sent)
			}
			if page = strings.Replace(page, "A•••@", "a•••@", 1); page != want {
				s.t.Errorf("application %d: the page is another: %s", i+1, difference(page, want))
			}
			if got := stateOf(s.t, s.m, app.ID); got.State != seats.Applied || s.person(app.Person).Email == "" {
				s.t.Errorf("application %d is %s", i+1, got.State)
			}
			s.pass(time.Hour)
		}
		// A day after the first there is room for one more.
		s.pass(24*time.Hour - 5*time.Hour)
		if sent, _, _ := s.letterFor("aigul@example.kg"); !sent {
			s.t.Error("a day later no letter goes out")
		}
		if sent, _, _ := s.letterFor("aigul@example.kg"); sent {
			s.t.Error("a day later two more go out")
		}
		// What staff decide is told all the same: it is about an application, not of a form.
		_, _, app := s.letterFor("aigul@example.kg")
		before := s.post.count()
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Move(ctx, tx, app, seats.Invited, storage.ID{15: 9}, "seminars.why.staff_invited")
			return err
		})
		if s.post.count() != before+1 {
			s.t.Error("the invitation is not told")
		}
	})
}

func TestHoweverManyApplyInOneMomentThreeLettersGoToAnAddress(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		crowd(s.t, 16, 16, func(i int) error {
			_, err := handIn(s.t.Context(), s.m, s.a, "", "email", "aigul@example.kg", "name", fmt.Sprintf("Айгүл Асанова %d", i))
			return err
		})
		if apps := s.count(`SELECT COUNT(*) FROM application`); apps != 16 || s.post.count() != 3 {
			s.t.Errorf("%d applications, %d letters", apps, s.post.count())
		}
	})
}

// A browser that handed an application in may type one address after the other.
func TestChangingTheAddressOfAnUnprovenApplicationWritesToNobodyButTheNewOne(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		b := s.browser()
		app, path := s.apply(b, "q_phone", "0700 11 22 33")
		for i := range 8 {
			email := []string{"victim@example.kg", "office@example.kg"}[i%2]
			if status, _, to := b.do("POST", path+"/reach", url.Values{"do": {"email"}, "email": {email}}); status != http.StatusSeeOther || to != path {
				s.t.Fatalf("typing an address: %d to %q", status, to)
			}
			if got := s.person(app.Person).Email; got != email {
				s.t.Errorf("the record has %q", got)
			}
		}
		if n := s.post.count(); n != 1+2*3 {
			s.t.Errorf("%d letters: one, and three for each of two addresses", n)
		}
		if n := len(s.post.warnings); n != 0 {
			s.t.Errorf("%d warnings to addresses that nobody has proven", n)
		}
		// That staff have changed it is told where she is reached now, not to what was typed alone.
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			return s.m.People.ChangeContact(ctx, tx, people.ChangeContact{Person: app.Person, By: storage.ID{15: 9}, Kind: people.EmailContact, Value: "staff@example.kg"})
		})
		if n := len(s.post.warnings); n != 1 || s.post.warnings[0].Person != app.Person || s.post.warnings[0].Email != "" {
			s.t.Errorf("staff have changed it: %+v", s.post.warnings)
		}
	})
}

// The rule stands where the address is added, whoever asks for it.
func TestAnAddressIsAddedWhileNothingIsProvenAndItIsStillAhead(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		app, _ := s.apply(s.browser(), "q_phone", "0700 11 22 33")
		proven, _ := s.apply(s.browser(), "q_email", "hers@example.kg")
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.m.People.Contacts(ctx, tx, proven.Person)
			if err != nil {
				return err
			}
			_, err = s.m.People.Prove(ctx, tx, people.Prove{Person: proven.Person, Contact: list[0].ID})
			return err
		})
		add := func(a seats.Activity, app seats.Application) error {
			return s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return s.m.AddEmail(ctx, tx, a, app, "new@example.kg")
			})
		}
		over, cancelled := s.a, s.a
		over.Starts, over.Ends = start.AddDate(0, 0, -3), start.AddDate(0, 0, -2)
		cancelled.State = programme.Cancelled
		before := s.post.count()
		for _, c := range []struct {
			a    seats.Activity
			app  seats.Application
			want fault.Code
		}{{s.a, proven, fault.Forbidden}, {over, app, fault.TooLate}, {cancelled, app, fault.Gone}} {
			if err := add(c.a, c.app); !fault.Is(err, c.want) {
				s.t.Errorf("want %s: %v", c.want, err)
			}
		}
		if got := s.person(proven.Person).Email; got != "hers@example.kg" || s.post.count() != before {
			s.t.Errorf("her record has %q, %d letters", got, s.post.count()-before)
		}
		if err := add(s.a, app); err != nil || s.person(app.Person).Email != "new@example.kg" {
			s.t.Errorf("while nothing is proven: %v", err)
		}
	})
}

// The page says that a letter confirms the address: it is in the outbox with the
// application, or neither is there.
func TestWhatThePagePromisesIsInTheOutboxWithTheApplication(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		form := s.form(b)
		before := s.rows()
		s.post.broken = true
		if status, _, _ := s.send(b, form); status != http.StatusInternalServerError {
			s.t.Errorf("without an outbox: %d", status)
		}
		if more := s.added(before); len(more) > 0 || b.jar[s.m.People.Cookie("").Name] != "" {
			s.t.Errorf("without its letter it leaves %v", more)
		}
		s.post.broken = false
		_, _, to := s.send(b, form)
		app := s.at(to)
		if n := s.count(`SELECT COUNT(*) FROM setting WHERE name = $1`, "sent/"+seats.TellKey(app, "seminars.received")); n != 1 {
			s.t.Errorf("%d letters of the application", n)
		}
		before, s.post.broken = s.rows(), true
		if status, _, _ := b.do("POST", to+"/reach", url.Values{"do": {"email"}, "email": {"other@example.kg"}}); status != http.StatusInternalServerError {
			s.t.Errorf("another address without an outbox: %d", status)
		}
		if more := s.added(before); len(more) > 0 {
			s.t.Errorf("without its letter another address leaves %v", more)
		}
	})
}

// Words by which a page would say that a letter is on its way.
var saysSent = regexp.MustCompile(`(?i)\bsent\b|we wrote|we have written|отправ(или|лен)|мы написали|послали|жөнөттүк|жөнөтүлдү|жаздык|кат кетти`)

func TestNoPageSaysThatALetterWasSent(t *testing.T) {
	t.Parallel()
	s := staged(t, storagetest.Open(t, still()), storagetest.NewClock(start), "", func(a *seats.Activity) { a.Capacity = 50 })
	for _, lang := range []string{"ky", "ru", "en"} {
		for i := range 5 { // the last ones get none
			b := s.browser()
			b.do("GET", "/"+lang+"/events/osh/apply", nil)
			_, _, to := b.do("POST", "/"+lang+"/events/osh/apply", fill("q_email", lang+"@example.kg"))
			pages := []string{to}
			_, _, next := b.do("POST", to+"/reach", url.Values{"do": {"email"}, "email": {"other" + lang + "@example.kg"}})
			pages = append(pages, next, "/"+lang+"/my/applications", "/"+lang+"/events/osh/applied")
			for _, path := range pages {
				status, page, _ := b.do("GET", path, nil)
				_, page, _ = strings.Cut(page, `<main`)
				page, _, _ = strings.Cut(page, `</main>`)
				if said := saysSent.FindString(page); status != http.StatusOK || said != "" {
					t.Errorf("%s, application %d: %s gives %d and says %q", lang, i+1, path, status, said)
				}
			}
		}
	}
	for _, says := range []string{"We sent a letter", "Мы отправили письмо", "Кат жөнөттүк"} {
		if !saysSent.MatchString(says) {
			t.Errorf("%q is not found: the test proves nothing", says)
		}
	}
}

func TestALetterProvesOnlyTheAddressThatItWentTo(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		app, path := s.apply(b)
		first := s.post.last(s.t, app.Person)
		b.do("POST", path+"/reach", url.Values{"do": {"email"}, "email": {"second@example.kg"}})
		second := s.post.last(s.t, app.Person)
		if first == second {
			s.t.Fatal("no letter went to the second address")
		}
		mail := s.browser()
		mail.do("POST", "/en/prove/"+strings.TrimPrefix(first, "/a/"), url.Values{"do": {"yes"}})
		if got := s.emailState(app.Person); got != people.Typed || s.person(app.Person).Email != "second@example.kg" {
			s.t.Errorf("the letter to an address that was given up makes the other %s", got)
		}
		mail.do("POST", "/en/prove/"+strings.TrimPrefix(second, "/a/"), url.Values{"do": {"yes"}})
		if got := s.emailState(app.Person); got != people.Proven {
			s.t.Errorf("the letter to the address makes it %s", got)
		}
		// Another that is typed later is proven from her own session alone.
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := s.m.People.ChangeContact(ctx, tx, people.ChangeContact{Person: app.Person, By: app.Person, Kind: people.EmailContact, Value: "third@example.kg"}); err != nil {
				return err
			}
			return s.m.TellOnce(ctx, tx, app, "seminars.received", "third")
		})
		third := s.post.last(s.t, app.Person)
		mail.do("POST", "/en/prove/"+strings.TrimPrefix(third, "/a/"), url.Values{"do": {"yes"}})
		for _, c := range s.contacts(app.Person) {
			if want := map[bool]people.ContactState{true: people.Typed, false: people.Proven}[c.Value == "third@example.kg"]; c.State != want {
				s.t.Errorf("without a sign-in %s is %s, not %s", c.Value, c.State, want)
			}
		}
	})
}

func TestALetterThatCannotBeWrittenLeavesTheLimitAlone(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		for i := range 4 { // refused forms take none of the three letters
			if _, err := handIn(s.t.Context(), s.m, s.a, "", "email", "aigul@example.kg", "name", ""); !fault.Is(err, fault.Invalid) {
				s.t.Fatalf("form %d: %v", i, err)
			}
		}
		if sent, _, _ := s.letterFor("aigul@example.kg"); !sent {
			s.t.Error("forms that were refused have used up the letters of the day")
		}
	})
}

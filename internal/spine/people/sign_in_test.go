package people_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

func TestACodeSignsInOnceInABrowserThatAskedForTheAddress(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		other := s.register(people.Details{FullName: "Бакыт", Email: "bakyt@mail.kg"})
		if list := s.ask("hers", "nobody@mail.kg"); len(list) != 0 {
			s.t.Error("a code for nobody")
		}
		list := s.ask("hers", "Asan@mail.kg")
		if len(list) != 1 || len(list[0].Code) != 6 || list[0].Person != p.ID || list[0].Email != "asan@mail.kg" {
			s.t.Fatalf("sent %+v", list)
		}
		c := list[0]
		if r := s.code("strange", c.Code); r.Token != "" || r.Fault == nil {
			s.t.Error("signs in in a browser that asked for nothing")
		}
		s.ask("strange", "bakyt@mail.kg")
		if r := s.code("strange", c.Code); r.Token != "" || r.Fault == nil {
			s.t.Error("signs in in a browser that asked for another address")
		}
		if r := s.code("hers", peopletest.Wrong(c.Code)); r.Token != "" || r.Fault == nil {
			s.t.Error("a wrong code signs in")
		}
		r := s.code("hers", c.Code[:3]+" "+c.Code[3:])
		if r.Token == "" || r.Person != p.ID || r.Person == other.ID {
			s.t.Fatalf("the right code: %+v", r)
		}
		if a := s.who(r.Token); a.Origin != access.OfProof || a.Person != p.ID {
			s.t.Errorf("her session is %+v", a)
		}
		s.ask("hers", "asan@mail.kg")
		if r := s.code("hers", c.Code); r.Token != "" {
			s.t.Error("signs in twice")
		}
		if r := s.link("hers", c); r.Token != "" {
			s.t.Error("the link of a code that was used signs in")
		}
	})
}

func TestALinkSignsInOnceInABrowserThatAskedForTheAddress(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		s.register(people.Details{FullName: "Бакыт", Email: "bakyt@mail.kg"})
		c := s.ask("hers", "asan@mail.kg")[0]
		s.ask("strange", "bakyt@mail.kg")
		for _, browser := range []string{"nobody", "strange"} {
			if s.link(browser, c).Token != "" {
				s.t.Errorf("a forwarded link signs in in the browser %q", browser)
			}
		}
		// Her other browser asked too: one letter is good for both, once.
		if list := s.ask("her phone", "asan@mail.kg"); len(list) != 0 {
			s.t.Errorf("%d letters in one minute", len(list)+1)
		}
		if s.link("her phone", c).Token == "" || s.link("hers", c).Token != "" {
			s.t.Error("a link must open once, in any browser that asked")
		}
		late := s.ask("late", "bakyt@mail.kg")
		if len(late) != 0 {
			s.t.Fatal("a second letter in one minute")
		}
		s.clock.Pass(2 * time.Minute)
		late = s.ask("late", "bakyt@mail.kg")
		s.clock.Pass(10 * time.Minute)
		if s.link("late", late[0]).Token != "" || s.code("late", late[0].Code).Token != "" {
			s.t.Error("a letter of ten minutes ago signs in")
		}
	})
}

func TestFiveTriesABrowserAndThirtyADayForAnAddress(t *testing.T) {
	scenes(t, func(s *scene) {
		for _, address := range []string{"asan@mail.kg", "nobody@mail.kg"} { // what was typed is counted, not who is known
			s.clock.Pass(24 * time.Hour)
			code := "123456"
			if address == "asan@mail.kg" {
				s.register(people.Details{FullName: "Асан", Email: address})
				code = s.ask("hers", address)[0].Code
			}
			key := func(browser, code string) string {
				r := s.code(browser, code)
				if r.Fault == nil {
					return "in"
				}
				return r.Fault.Key
			}
			for browser := range 6 {
				name := fmt.Sprint(address, browser)
				s.ask(name, address)
				for try := range 5 {
					if got := key(name, peopletest.Wrong(code)); got != "people.fault.code" {
						s.t.Fatalf("%s, browser %d, try %d: %s", address, browser, try, got)
					}
				}
				if got := key(name, peopletest.Wrong(code)); got != "people.fault.code_gone" {
					s.t.Errorf("%s: the sixth try of a browser: %s", address, got)
				}
			}
			s.ask("one more", address)
			if got := key("one more", code); got != "people.fault.code_today" {
				s.t.Errorf("%s: the 31st try of the day: %s", address, got)
			}
		}
	})
}

func TestARightCodeIsNoWrongOne(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		for range 40 { // more often than thirty times in one day
			if s.signIn("asan@mail.kg").Token == "" {
				s.t.Fatal("she does not come in")
			}
		}
	})
}

// Sixteen who guess at once are sixteen tries: each is counted before it is looked at.
// With the count read first and written after, all of them would have been looked at.
func TestTheBoundsOfTriesHoldForManyAtOnce(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		guess := func(browsers ...string) (looked int) {
			var mu sync.Mutex
			var wait sync.WaitGroup
			for _, browser := range browsers {
				wait.Go(func() {
					var r people.SignInResult
					if err := s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
						r, err = s.svc.SignInByCode(ctx, tx, browser, "no code", storage.ID{})
						return err
					}); err != nil {
						s.t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if r.Fault.Key == "people.fault.code" {
						looked++
					}
				})
			}
			wait.Wait()
			return looked
		}
		s.ask("one", "asan@mail.kg")
		one := make([]string, 16)
		for i := range one {
			one[i] = "one"
		}
		if n := guess(one...); n != 5 {
			s.t.Errorf("%d tries of one browser", n)
		}
		many := make([]string, 64)
		for i := range many {
			many[i] = fmt.Sprint("browser ", i)
			s.ask(many[i], "asan@mail.kg")
		}
		if n := guess(many...); n != 25 {
			s.t.Errorf("%d tries of a day for an address", n+5)
		}
	})
}

func TestLettersGoOnceAMinuteAndEveryFiveMinutesAfterTen(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		var at []int
		for minute := range 40 {
			if len(s.ask("browser", "asan@mail.kg")) == 1 {
				at = append(at, minute)
			}
			if len(s.ask("another", "asan@mail.kg")) != 0 {
				s.t.Errorf("two letters in minute %d", minute)
			}
			s.clock.Pass(time.Minute)
		}
		want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 19, 24, 29, 34, 39}
		if fmt.Sprint(at) != fmt.Sprint(want) {
			s.t.Errorf("letters in the minutes %v, want %v", at, want)
		}
	})
}

// Jobs about one address wait for each other: without that all of them would find that
// nothing has left yet.
func TestManyWhoAskAtOnceMakeOneLetter(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		for i := range 16 {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.AskToSignIn(ctx, tx, fmt.Sprint("browser ", i), "asan@mail.kg")
			})
		}
		var wait sync.WaitGroup
		for range 4 { // as many as a runner does at once, each all of them
			wait.Go(func() { s.work() })
		}
		wait.Wait()
		if n := s.count(`SELECT COUNT(*) FROM sign_in_letter`); n != 1 {
			s.t.Errorf("%d letters", n)
		}
	})
}

// Somebody else asks a thousand times and guesses in many browsers: the owner comes in by
// the link of the last letter, and by its code until the bound of the day is reached.
func TestNobodysAskingLocksTheOwnerOut(t *testing.T) {
	scenes(t, func(s *scene) {
		s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		thief := func(times int) {
			for i := range times {
				s.must(func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.AskToSignIn(ctx, tx, fmt.Sprint("thief ", i), "asan@mail.kg")
				})
			}
			s.work()
		}
		thief(10)
		mine := s.ask("hers", "asan@mail.kg")
		if len(mine) != 0 {
			s.t.Fatal("two letters in one minute")
		}
		letter := s.sent.Codes[len(s.sent.Codes)-1] // which the thief's asking has sent, to her
		thief(500)
		for i := range 5 {
			for range 5 {
				if s.code(fmt.Sprint("thief ", i), peopletest.Wrong(letter.Code)).Token != "" {
					s.t.Fatal("a thief guessed: the test picked the right code")
				}
			}
		}
		if s.code("hers", letter.Code).Token == "" {
			s.t.Error("her code is gone")
		}
		s.clock.Pass(6 * time.Minute)
		thief(500)
		s.ask("hers", "asan@mail.kg")
		letter = s.sent.Codes[len(s.sent.Codes)-1]
		for i := range 20 {
			s.code(fmt.Sprint("thief ", 400+i), peopletest.Wrong(letter.Code))
		}
		if r := s.code("hers", letter.Code); r.Token != "" || r.Fault.Key != "people.fault.code_today" {
			s.t.Errorf("the bound of the day: %+v", r)
		}
		if s.link("hers", letter).Token == "" {
			s.t.Error("her link is gone")
		}
	})
}

func TestAnAddressThatIsNoneIsRefusedAndNothingIsAsked(t *testing.T) {
	scenes(t, func(s *scene) {
		for _, address := range []string{"", "asan", "a@b", "12"} {
			if err := s.do(func(ctx context.Context, tx *storage.Tx) error { return s.svc.AskToSignIn(ctx, tx, "b", address) }); !fault.Is(err, fault.Invalid) {
				s.t.Errorf("%q: %v", address, err)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM sign_in`) + s.count(`SELECT COUNT(*) FROM job`); n != 0 {
			s.t.Errorf("%d rows", n)
		}
	})
}

func TestSessionsEndByIdlenessByAgeAndByHand(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			for range 2 { // twice is once
				if err := s.svc.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator}); err != nil {
					return err
				}
			}
			return s.svc.Grant(ctx, tx, p.ID, access.Grant{Role: access.Deputy})
		})
		applied, byCode, byKey := s.apply(p.ID), s.start(p.ID, access.OfProof), s.start(p.ID, access.OfPasskey)
		if a := s.who(applied); a.SignedIn() || !a.HasApplied() || a.Application.IsZero() || len(a.Grants) != 0 || a.MaySomewhere(access.SignedIn) {
			s.t.Errorf("the session of an application says who sits there: %+v", a)
		}
		if a := s.who(byCode); a.Person != p.ID || a.Staff() || len(a.Grants) != 1 || a.Origin != access.OfProof || !a.Proven.Equal(s.clock.Now()) {
			s.t.Errorf("without a passkey: %+v", a)
		}
		if a := s.who(byKey); len(a.Grants) != 2 || !a.Staff() || a.Origin != access.OfPasskey {
			s.t.Errorf("with a passkey: %+v", a)
		}
		if s.who("nonsense").SignedIn() {
			s.t.Error("a made-up token signs in")
		}
		s.clock.Pass(13 * time.Hour)
		if s.who(byKey).SignedIn() {
			s.t.Error("an idle staff session lives")
		}
		for range 29 { // used every day
			if !s.who(byCode).SignedIn() {
				s.t.Fatal("a used session ends early")
			}
			if s.who(applied).HasApplied() != s.clock.Now().Before(storagetest.NewClock(peopletest.Morning).Now().Add(72*time.Hour)) {
				s.t.Fatal("the session of an application lives for 72 hours when it is used")
			}
			s.clock.Pass(23 * time.Hour)
		}
		s.clock.Pass(3 * 24 * time.Hour)
		if s.who(byCode).SignedIn() {
			s.t.Error("a session lives longer than 30 days")
		}
		third := s.start(p.ID, access.OfProof)
		a := s.who(third)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if err := s.svc.NameDevice(ctx, tx, p.ID, a.Session, "үйдөгү телефон"); err != nil {
				return err
			}
			list, err := s.svc.Sessions(ctx, tx, p.ID)
			if err != nil || len(list) != 1 || list[0].Device != "үйдөгү телефон" || list[0].By != access.OfProof {
				s.t.Errorf("sessions %+v, %v", list, err)
			}
			if err := s.svc.EndSession(ctx, tx, storage.RandomID(tx.Now), a.Session); !fault.Is(err, fault.NotFound) {
				s.t.Errorf("another ends it: %v", err)
			}
			return s.svc.EndSession(ctx, tx, p.ID, a.Session)
		})
		if s.who(third).SignedIn() {
			s.t.Error("an ended session lives")
		}
		fourth := s.start(p.ID, access.OfProof)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.LeaveSession(ctx, tx, s.who(fourth).Session)
		})
		if s.who(fourth).SignedIn() {
			s.t.Error("a session that was left lives")
		}
		if name := s.svc.Cookie(fourth).Name; !strings.HasPrefix(name, "ashar-") {
			s.t.Errorf("without HTTPS the cookie is %q", name)
		}
	})
}

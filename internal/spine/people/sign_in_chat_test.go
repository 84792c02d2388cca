package people_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// shares tells in how many records the number that a person shared in her chat was proven.
func (s *scene) shares(chat int64, number string) (n int) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		n, err = s.svc.ProvePhone(ctx, tx, chat, number)
		return err
	})
	return n
}

func TestAChatFromAnApplicationsSessionIsTheFirstProofOrNone(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg", Phone: "+996555111222"})
		session := s.apply(p.ID)
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		if got := s.states(p.ID); got["7"] != people.Proven || got["a@mail.kg"] != people.Typed {
			s.t.Errorf("%v", got)
		}
		if s.who(session).HasApplied() {
			s.t.Error("the session of the application goes on after the proof")
		}
		if now, err := s.byID(p.ID); err != nil || now.TelegramChat != 7 {
			s.t.Errorf("messages go to chat %d, %v", now.TelegramChat, err)
		}
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChatApplication}, 8); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("a second chat: %v", err)
		}
		if got := s.states(p.ID); len(got) != 3 {
			s.t.Errorf("a chat that was refused left a trace: %v", got)
		}
		q := s.register(people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
		s.as("b@mail.kg")
		if err := s.connect(people.Link{Person: q.ID, Purpose: people.LinkChatApplication}, 8); !fault.Is(err, fault.Forbidden) || len(s.contacts(q.ID)) != 1 {
			s.t.Errorf("beside a proven address: %v, %v", err, s.states(q.ID))
		}
	})
}

func TestAChatFromAPersonsSessionConnectsWhileThatLives(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		r := s.signIn("a@mail.kg")
		a := s.who(r.Token)
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChat, Ref: a.Session}, 7); err != nil {
			s.t.Fatal(err)
		}
		if !s.who(r.Token).SignedIn() {
			s.t.Error("her session ended")
		}
		if s.sent.Told("people.change.contact_added")[0].Email != "a@mail.kg" {
			s.t.Error("her address was not told")
		}
		other := s.register(people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
		b := s.as("b@mail.kg")
		for name, l := range map[string]people.Link{
			"of another person's session":      {Person: p.ID, Purpose: people.LinkChat, Ref: b.Session},
			"of the session of an application": {Person: p.ID, Purpose: people.LinkChat, Ref: s.who(s.apply(p.ID)).Session},
			"of no session":                    {Person: p.ID, Purpose: people.LinkChat},
		} {
			if err := s.connect(l, 9); !fault.Is(err, fault.Forbidden) {
				s.t.Errorf("a link %s: %v", name, err)
			}
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.LeaveSession(ctx, tx, a.Session) })
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChat, Ref: a.Session}, 9); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("a link of a session that has ended: %v", err)
		}
		if err := s.connect(people.Link{Person: other.ID, Purpose: people.LinkChat, Ref: b.Session, Until: s.clock.Now()}, 9); !fault.Is(err, fault.Gone) {
			s.t.Errorf("a link that has expired: %v", err)
		}
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.ConnectChat(ctx, tx, "nonsense", 9)
			return err
		}); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("nonsense: %v", err)
		}
		// Disconnected, and connected again, and one chat of a family for two records.
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropChat(ctx, tx, p.ID, 7) })
		if got := s.states(p.ID); len(got) != 1 {
			s.t.Errorf("disconnected: %v", got)
		}
		a = s.as("a@mail.kg")
		for person, session := range map[storage.ID]storage.ID{p.ID: a.Session, other.ID: b.Session} {
			if err := s.connect(people.Link{Person: person, Purpose: people.LinkChat, Ref: session}, 7); err != nil {
				s.t.Error(err)
			}
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.svc.ByChat(ctx, tx, 7)
			if len(list) != 2 {
				s.t.Errorf("%d records of the chat", len(list))
			}
			return err
		})
	})
}

func TestAChatThatIsTheOnlyProofStaysOneWhenItIsDisconnected(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropChat(ctx, tx, p.ID, 7) })
		if now, err := s.byID(p.ID); err != nil || now.TelegramChat != 0 {
			s.t.Errorf("messages go to chat %d, %v", now.TelegramChat, err)
		}
		if len(s.ask("b", "a@mail.kg")) != 0 || s.prove(p.ID, "a@mail.kg", access.Actor{}) == nil {
			s.t.Error("a typed address becomes the first")
		}
	})
}

func TestANumberSharedInTheChatIsProvenAndSignsInThroughIt(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Phone: "+996555111222", Email: "typed@mail.kg"})
		if s.shares(7, "+996555111222") != 0 {
			s.t.Error("a chat that is nobody's proves a number")
		}
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		if len(s.ask("b", "0555 111 222")) != 0 {
			s.t.Error("a typed number gets a code")
		}
		if s.shares(7, "+996555999999") != 0 || s.shares(7, "+7 495") != 0 || s.shares(7, "+996555111222") != 1 {
			s.t.Error("the number of her record, and no other")
		}
		if s.states(p.ID)["+996555111222"] != people.Proven {
			s.t.Errorf("%v", s.states(p.ID))
		}
		s.clock.Pass(2 * time.Minute)
		list := s.ask("b", "0555 111 222")
		if len(list) != 1 || list[0].Channel != people.ByTelegram || list[0].Chat != "7" || list[0].Email != "" {
			s.t.Fatalf("sent %+v", list)
		}
		if r := s.code("b", list[0].Code); r.Person != p.ID {
			s.t.Errorf("%+v", r)
		}
		// Two people who have proven one number in two chats: a letter could go to either.
		q := s.register(people.Details{FullName: "Бакыт", Phone: "+996555111222"})
		if err := s.connect(people.Link{Person: q.ID, Purpose: people.LinkChatApplication}, 8); err != nil {
			s.t.Fatal(err)
		}
		if s.shares(8, "+996555111222") != 1 {
			s.t.Fatal("the second")
		}
		s.clock.Pass(2 * time.Minute)
		if list := s.ask("b", "+996555111222"); len(list) != 0 {
			s.t.Errorf("a code goes to one of two chats: %+v", list)
		}
	})
}

// A chat that was disconnected gets nothing, and the code does not go to a typed address
// of the record instead: that may be anybody's.
func TestACodeForAChatGoesNowhereElse(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Phone: "+996555111222", Email: "typed@mail.kg"})
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		s.shares(7, "+996555111222")
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropChat(ctx, tx, p.ID, 7) })
		for _, c := range s.ask("b", "+996555111222") {
			if c.Chat != strconv.Itoa(7) || c.Email != "" {
				s.t.Errorf("sent %+v", c)
			}
		}
	})
}

func TestAChatThatIsDisconnectedOnThePageIsToldAndMayBeTakenBack(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		a := s.as("a@mail.kg")
		elsewhere := s.signIn("a@mail.kg")
		if err := s.connect(people.Link{Person: p.ID, Purpose: people.LinkChat, Ref: a.Session}, 7); err != nil {
			s.t.Fatal(err)
		}
		off := func(a access.Actor) error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DisconnectOwnChat(ctx, tx, a) })
		}
		if err := off(access.Actor{Person: p.ID, Session: a.Session}); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("an aged session: %v", err)
		}
		if err := off(a); err != nil {
			s.t.Fatal(err)
		}
		if got := s.states(p.ID); got["7"] != people.Leaving || got["a@mail.kg"] != people.Proven {
			s.t.Errorf("%v", got)
		}
		if s.who(elsewhere.Token).SignedIn() || s.count(`SELECT COUNT(*) FROM session WHERE id = $1`, a.Session) != 1 {
			s.t.Error("the session it was asked in goes on, and no other: one may be the chat's")
		}
		if now, err := s.byID(p.ID); err != nil || now.TelegramChat != 0 {
			s.t.Errorf("messages go to chat %d, %v", now.TelegramChat, err)
		}
		if told := s.sent.Told("people.change.contact"); len(told) != 1 || told[0].Chat != "7" {
			s.t.Errorf("told %+v", told)
		}
		if err := s.takeBack(s.undo()); err != nil {
			s.t.Fatal(err)
		}
		if now, err := s.byID(p.ID); err != nil || now.TelegramChat != 7 {
			s.t.Errorf("messages go to chat %d, %v", now.TelegramChat, err)
		}
		// A chat of before that blocks the bot disconnects nobody else's.
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropChat(ctx, tx, p.ID, 666) })
		if now, err := s.byID(p.ID); err != nil || now.TelegramChat != 7 {
			s.t.Errorf("messages go to chat %d, %v", now.TelegramChat, err)
		}
	})
}

package people

import (
	"context"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The purposes of the links that connect a chat: asked for by who is signed in, or
// from the session of an application, where the chat may only be the first proof.
const (
	LinkChat            = "telegram.bind"
	LinkChatApplication = "telegram.bind.application"
)

// ConnectChat makes a chat the proven chat of a record, by the one-time link that was
// opened from it. Gone or NotFound for a link that does not open; Forbidden when the
// record has another proven contact and the link does not come from her session, or
// that has ended; Conflict when the record holds too many chats.
func (s *Service) ConnectChat(ctx context.Context, tx *storage.Tx, token string, chat int64) (Person, error) {
	l, p, err := s.useLink(ctx, tx, token, LinkChat)
	if fault.Is(err, fault.NotFound) {
		l, p, err = s.useLink(ctx, tx, token, LinkChatApplication)
	}
	if err != nil {
		return p, err
	}
	by, err := s.asker(ctx, tx, p.ID, l)
	if err != nil {
		return p, err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return p, err
	}
	have = slices.DeleteFunc(have, func(c Contact) bool { return c.Kind != ChatContact })
	value := strconv.FormatInt(chat, 10)
	at := slices.IndexFunc(have, func(c Contact) bool { return c.Value == value })
	if at < 0 || have[at].State != Proven {
		// Judged before anything is written: a chat that is refused leaves no trace.
		if _, err := s.MayProve(ctx, tx, p.ID, by); err != nil {
			return p, err
		}
		if at < 0 && len(have) >= mostContacts {
			return p, fault.New(fault.Conflict, "people.fault.contacts_many")
		}
		if err := s.addContacts(ctx, tx, p.ID, p.key, Typed, Contact{Kind: ChatContact, Value: value}); err != nil {
			return p, err
		}
		id, err := storage.One(ctx, tx, scanID, `SELECT id
			FROM contact
			WHERE person_id = $1 AND value_index = $2`, p.ID, s.contactIndex(ChatContact, value))
		if err != nil {
			return p, err
		}
		if _, err := s.Prove(ctx, tx, Prove{Person: p.ID, Contact: id, Actor: by}); err != nil {
			return p, err
		}
	}
	if p, err = s.ByID(ctx, tx, p.ID); err != nil || p.TelegramChat == chat {
		return p, err
	}
	p.TelegramChat = chat // it was proven before, and disconnected since
	return p, s.save(ctx, tx, p)
}

// asker is who made the link that connects a chat, while she is signed in still; nobody
// when it was made from the session of an application. The route that makes the link
// asks for a fresh sign-in, and it lives a quarter of an hour.
func (s *Service) asker(ctx context.Context, tx *storage.Tx, person storage.ID, l Link) (access.Actor, error) {
	if l.Purpose != LinkChat {
		return access.Actor{}, nil
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM session
		WHERE id = $1 AND person_id = $2 AND origin <> 'application' AND ends_at > $3`, l.Ref, person, storage.Micros(tx.Now)).Scan(&n)
	if err != nil || n == 0 {
		return access.Actor{}, err
	}
	return access.Actor{Person: person, Session: l.Ref, Proven: tx.Now}, nil
}

// ByChat gives the living records whose proven chat it is.
func (s *Service) ByChat(ctx context.Context, tx *storage.Tx, chat int64) ([]Person, error) {
	all, err := s.WithContact(ctx, tx, ChatContact, strconv.FormatInt(chat, 10))
	if err != nil {
		return nil, err
	}
	var out []Person
	for _, p := range all {
		if p.TelegramChat == chat {
			out = append(out, p)
		}
	}
	return out, nil
}

// DropChat disconnects a chat of a record, as the chat itself asked: it wrote so, or
// blocked the bot; one that is not connected any more changes nothing. Sessions end, since they may be its. A chat that is her only proof
// stays proven, so that no stranger becomes the first, and gets no messages any more; one
// that was replaced keeps its time to be taken back.
func (s *Service) DropChat(ctx context.Context, tx *storage.Tx, person storage.ID, chat int64) error {
	p, err := s.hold(ctx, tx, person)
	if err != nil || chat == 0 || p.TelegramChat != chat {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM contact
		WHERE person_id = $1 AND kind = 'telegram' AND state <> 'leaving'
			AND EXISTS (SELECT 1 FROM contact AS other WHERE other.person_id = $1 AND other.kind <> 'telegram' AND other.state = 'proven')`, p.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		if err := s.EndSessions(ctx, tx, p.ID, storage.ID{}); err != nil {
			return err
		}
	}
	p.TelegramChat = 0
	return s.save(ctx, tx, p)
}

// ProvePhone proves the number that a person shared of herself in her chat, in each
// record whose proven chat it is and that holds the number. It tells how many.
func (s *Service) ProvePhone(ctx context.Context, tx *storage.Tx, chat int64, number string) (int, error) {
	number, err := Phone(number)
	if err != nil || number == "" {
		return 0, nil // a number of another country than we know: nothing to prove
	}
	who, err := s.ByChat(ctx, tx, chat)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, p := range who {
		have, err := s.ContactsOf(ctx, tx, p)
		if err != nil {
			return count, err
		}
		for _, c := range have {
			if c.Kind != PhoneContact || c.Value != number || c.State == Leaving {
				continue
			}
			if _, err := s.Prove(ctx, tx, Prove{Person: p.ID, Contact: c.ID, Actor: access.Actor{Person: p.ID, Proven: tx.Now}}); err != nil {
				return count, err
			}
			count++
		}
	}
	return count, nil
}

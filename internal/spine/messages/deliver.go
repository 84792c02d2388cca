package messages

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/spine/people"
)

// tries is how often a message is tried before it counts as failed: over about
// eleven hours, as backOff spaces them.
const tries = 8

func backOff(attempt int64) time.Duration {
	steps := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
	return steps[min(int(attempt), len(steps)-1)]
}

// errTaken means that a message is no longer waiting when it was to be handed over.
var errTaken = errors.New("messages: taken by another")

// deliverLimit is longer than a mail server and Telegram may need one after the
// other, thirty seconds each, so that it ends what hangs and nothing else.
const deliverLimit = 2 * time.Minute

// deliverJob is the work behind Send.
//
// A message leaves at most once by itself. It is marked "sending", durably,
// right before the step that cannot be taken back, and "sent" after the
// answer. When the process dies in between, nobody can know whether the other
// side took it; the message becomes "unsure", staff see it, and may send it
// again with the same Message-ID.
func (s *Service) deliverJob() jobs.Kind {
	return jobs.Kind{Name: deliverKind, Text: "messages.job.deliver", Lane: jobs.Mail, Limit: deliverLimit, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
		var d deliver
		if err := json.Unmarshal(payload, &d); err != nil {
			return fmt.Errorf("read the job: %w", err)
		}
		if s.say == nil {
			return errors.New("messages: no texts yet")
		}
		// The second round is mail after Telegram was refused.
		for range 2 {
			more, err := s.try(ctx, store, d.Message)
			if err != nil || !more {
				return err
			}
		}
		return nil
	}}
}

// plan is what a try needs to know.
type plan struct {
	message
	person  people.Person
	letter  letter
	number  people.Contact // that a text message may go to
	textual bool           // a text message may go, and there are words for one
	mute    bool           // one might go, and there are no words
	text    string         // of the text message
	channel string
	attempt storage.ID
	idle    bool // there is nothing to do
}

// try delivers a message once. It reports whether another channel is to be tried at once.
func (s *Service) try(ctx context.Context, store *storage.Store, id storage.ID) (bool, error) {
	var p plan
	err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.prepare(ctx, tx, id)
		return err
	})
	if err != nil || p.idle {
		return false, err
	}
	attempt, began, ended := p.attempt, false, false
	defer func() {
		if !ended {
			s.letGo(ctx, store, attempt)
		}
	}()
	ready := func(ctx context.Context) error {
		var mine bool
		err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			mine = false
			there, leaving, err := s.hold(ctx, tx, attempt, p.message.Person)
			switch {
			case err != nil || !there:
				return err
			case !leaving.IsZero():
				return enqueue(ctx, tx, id, leaving)
			}
			mine, err = begin(ctx, tx, id, attempt, p.channel)
			if err != nil || !mine || p.channel != bySMS {
				return err
			}
			return s.reserve(ctx, tx, p)
		})
		if wait := (heldError{}); errors.As(err, &wait) {
			err = store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.delay(ctx, tx, id, wait) })
			if err == nil {
				err = errTaken
			}
		}
		if err != nil {
			return err
		}
		if !mine {
			return errTaken
		}
		began = true
		return nil
	}
	switch p.channel {
	case bySMS:
		err = s.SMS.Send(ctx, sms.Message{ID: s.messageID(p.ID), To: p.number.Value, Text: p.text}, ready)
	case byTelegram:
		err = s.Telegram.Send(ctx, telegram.Message{
			Chat: p.person.TelegramChat, Text: p.letter.chat(), Protect: p.Secret,
			Button: telegram.Button{Label: p.letter.Action, URL: p.letter.URL},
		}, ready)
	default:
		err = s.post(ctx, p, ready)
	}
	if errors.Is(err, errTaken) {
		return false, nil
	}
	r, known := verdict(err)
	if !known {
		return false, err
	}
	r.channel = p.channel
	more := false
	// What happened has happened, also when the house is closing.
	err = store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *storage.Tx) error {
		r := r
		more = false
		switch {
		case r.reason == reasonBlocked:
			if err := s.People.DropChat(ctx, tx, p.person.ID, p.person.TelegramChat); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if p.person.Email != "" && s.Mail != nil || p.textual {
				more, r.state, r.again = true, Waiting, tx.Now
			}
		case r.state == Waiting:
			if p.Attempts+1 >= tries {
				if r.state = Failed; r.unsure {
					r.state = Unsure
				}
				break
			}
			r.again = tx.Now.Add(max(backOff(p.Attempts), r.after))
		}
		if err := end(ctx, tx, id, attempt, began, r.result); err != nil {
			return err
		}
		if p.channel == bySMS && r.state != Sent && !r.unsure {
			if err := giveBack(ctx, tx, attempt); err != nil {
				return err
			}
		}
		return release(ctx, tx, attempt)
	})
	ended = err == nil
	return more, err
}

// prepare reads the message, decides about the channel and writes the letter.
func (s *Service) prepare(ctx context.Context, tx *storage.Tx, id storage.ID) (p plan, err error) {
	p.message, err = messageByID(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return plan{idle: true}, nil
	}
	if err != nil {
		return p, fmt.Errorf("read the message: %w", err)
	}
	switch {
	case p.State == Sending:
		return plan{idle: true}, s.doubt(ctx, tx, p.message)
	case p.State != Waiting || p.Due.After(tx.Now):
		return plan{idle: true}, nil
	}
	stop := func(state, reason string) (plan, error) {
		r := result{channel: p.Channel, state: state, reason: reason}
		if err := end(ctx, tx, id, tx.NewID(), false, r); err != nil {
			return p, err
		}
		return plan{idle: true}, release(ctx, tx, p.attempt)
	}
	if !p.Ends.IsZero() && tx.Now.After(p.Ends) {
		return stop(Skipped, reasonLate)
	}
	if p.person, err = s.recipient(ctx, tx, p.Person); fault.Is(err, fault.NotFound) {
		return stop(Skipped, reasonErased)
	} else if err != nil {
		return p, fmt.Errorf("read the person: %w", err)
	}
	c, err := s.open(ctx, tx, p.message)
	if fault.Is(err, fault.NotFound) {
		return stop(Skipped, reasonErased)
	} else if err != nil {
		return p, err
	}
	blocked, err := blockedBefore(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if c.Email != "" {
		p.person.Email, blocked = c.Email, true // by mail, and only there
	}
	if c.Leave != "" {
		blocked = true // a chat has no such button
	}
	if c.Purpose != "" {
		agrees, err := s.People.Agrees(ctx, tx, p.person.ID, c.Purpose)
		if err != nil {
			return p, err
		}
		if !agrees {
			return stop(Skipped, reasonUnwanted)
		}
	}
	if c.Chat != "" {
		p.person.Email = "" // to this chat, and only there
		if p.person.TelegramChat, err = strconv.ParseInt(c.Chat, 10, 64); err != nil {
			return stop(Failed, reasonText)
		}
	}
	p.attempt = tx.NewID()
	if err := s.mayText(ctx, tx, &p, c); err != nil {
		return p, err
	}
	reason := ""
	switch p.channel, reason = s.choose(p, blocked); reason {
	case "":
	case reasonOff:
		return stop(Failed, reason)
	default:
		return stop(Skipped, reason)
	}
	kind, value := people.EmailContact, p.person.Email
	if p.channel == byTelegram {
		kind, value = people.ChatContact, strconv.FormatInt(p.person.TelegramChat, 10)
	}
	if p.channel == bySMS {
		kind, value = people.PhoneContact, p.number.Value
	}
	proven, err := s.People.HasProven(ctx, tx, p.person.ID, kind, value)
	if err != nil {
		return p, err
	}
	if p.channel == bySMS && p.number.State == people.Called {
		proven = true // a number has no more than that
	}
	// What is neither about an application of hers nor an answer to what she asked goes to
	// a proven address or chat alone: a typed one may be anybody's.
	if !proven && p.Activity.IsZero() && !p.Secret && !c.Reply && c.Email == "" && c.Chat == "" {
		return stop(Skipped, reasonUnproven)
	}
	reach := s.People.Hold // of what goes to Telegram or a telephone no byte leaves before begin
	if p.channel == byMail {
		reach = func(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, time.Time, error) {
			return s.hold(ctx, tx, p.attempt, person)
		}
	}
	switch there, leaving, err := reach(ctx, tx, p.message.Person); {
	case err != nil:
		return p, fmt.Errorf("hold the person: %w", err)
	case !there:
		return plan{idle: true}, nil
	case !leaving.IsZero(): // perhaps she stays
		return plan{idle: true}, enqueue(ctx, tx, id, leaving)
	}
	path := c.Path
	if (p.person.Neutral && !p.Secret || p.channel == bySMS) && path != "" {
		if path, err = s.hide(ctx, tx, p.message); err != nil {
			return p, err
		}
	}
	var programme i18n.Text
	if s.Programme != nil {
		if programme, err = s.Programme(ctx, tx); err != nil {
			return p, fmt.Errorf("name of the programme: %w", err)
		}
	}
	if p.channel == bySMS {
		p.text, err = s.shortText(ctx, tx, p, c, path, programme)
		return p, err
	}
	p.letter, err = s.compose(p.person, p.Kind, c, path, p.Secret, proven, programme)
	if errors.Is(err, errText) {
		return stop(Failed, reasonText)
	}
	return p, err
}

// recipient is the person, or the one her record was merged into.
func (s *Service) recipient(ctx context.Context, tx *storage.Tx, id storage.ID) (people.Person, error) {
	p, err := s.People.ByID(ctx, tx, id)
	if err == nil && !p.MergedInto.IsZero() {
		return s.People.ByID(ctx, tx, p.MergedInto)
	}
	return p, err
}

func (s *Service) open(ctx context.Context, tx *storage.Tx, m message) (content, error) {
	if m.Sealed == nil {
		return content{}, nil
	}
	plain, err := s.People.Unseal(ctx, tx, m.Person, m.Sealed)
	if err != nil {
		return content{}, fmt.Errorf("open the message: %w", err)
	}
	c, err := decodeContent(plain)
	if err != nil {
		return content{}, fmt.Errorf("read the message: %w", err)
	}
	return c, nil
}

// choose takes the channel of Carriers.Way; a secret goes the way it was asked for. reason is
// set when there is no way.
func (s *Service) choose(p plan, blocked bool) (channel, reason string) {
	w := people.Ways{Email: p.person.Email != "", Chat: p.person.TelegramChat != 0 && !blocked, Text: p.textual || p.mute}
	if p.Secret && p.Channel == byMail && w.Email && s.Mail != nil {
		w.Chat = false
	}
	f := s.Carriers().Way(w, p.textual)
	if f.Channel == byMail && f.Reason == "" && p.person.Demo && s.Box == nil {
		return "", reasonDemo // invented addresses may belong to somebody
	}
	if f.Reason != "" {
		return "", f.Reason
	}
	return f.Channel, ""
}

// linkPurpose opens a neutral link, whose address tells nothing.
const linkPurpose = "messages.open"

// hide gives an address that leads to the message's path without showing it.
func (s *Service) hide(ctx context.Context, tx *storage.Tx, m message) (string, error) {
	until := m.Made.AddDate(0, 3, 0)
	token, err := s.People.NewLink(ctx, tx, people.Link{Person: m.Person, Purpose: linkPurpose, Ref: m.ID, Until: until})
	return "/m/" + token, err
}

// doubt looks at a message that is marked "sending": somebody has it in hand,
// or died with it.
func (s *Service) doubt(ctx context.Context, tx *storage.Tx, m message) error {
	until := m.Moved.Add(s.Patience)
	if tx.Now.Before(until) {
		return enqueue(ctx, tx, m.ID, until)
	}
	_, err := tx.Exec(ctx, `UPDATE message_attempt SET ended_at = $2, outcome = 'unsure', reason = $3 WHERE message_id = $1 AND outcome = ''`,
		m.ID, storage.Micros(tx.Now), reasonCrash)
	if err != nil {
		return fmt.Errorf("note the doubt: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE message SET state = 'unsure', reason = $2, moved_at = $3,
			sealed = CASE WHEN secret THEN NULL ELSE sealed END
		WHERE id = $1 AND state = 'sending'`, m.ID, reasonCrash, storage.Micros(tx.Now))
	return err
}

// post sends the letter by mail. The Message-ID is the message's own, so that
// a second copy, sent by staff in doubt, is recognised by mail programs.
func (s *Service) post(ctx context.Context, p plan, ready func(context.Context) error) error {
	page, err := p.letter.html(ctx)
	if err != nil {
		return err
	}
	return s.Mail.Send(ctx, mail.Message{
		ID: s.messageID(p.ID), To: p.person.Email, Lang: string(p.letter.Lang), At: p.Made,
		Subject: p.letter.Subject, Text: p.letter.text(), HTML: page, Plain: p.letter.Neutral, Unsubscribe: p.letter.button(),
	}, ready)
}

// messageID is the Message-ID of a message in a mail.
func (s *Service) messageID(id storage.ID) string { return id.String() + "@" + s.host() }

// host is the name in the public address.
func (s *Service) host() string {
	_, rest, _ := strings.Cut(s.PublicURL, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	if host == "" {
		return "localhost"
	}
	return host
}

// answer is a result with the pause that the other side asked for.
type answer struct {
	result
	after  time.Duration
	unsure bool // it may have been taken
}

// verdict reads how a hand-over ended. known is false for an error of none of the carriers.
func verdict(err error) (r answer, known bool) {
	if err == nil {
		return answer{result: result{state: Sent, outcome: "sent"}}, true
	}
	var m *mail.Error
	var t *telegram.Error
	var text *sms.Error
	switch {
	case errors.As(err, &text):
		reason := "sms_" + text.Reason
		switch {
		case text.Again:
			return answer{result: result{state: Waiting, outcome: "later", reason: reason}, after: text.After, unsure: text.Unsure}, true
		case text.Unsure:
			return answer{result: result{state: Unsure, outcome: "unsure", reason: reasonAnswer}, unsure: true}, true
		}
		return answer{result: result{state: Failed, outcome: "refused", reason: reason}}, true
	case errors.As(err, &m):
		switch {
		case m.Unsure:
			return answer{result: result{state: Unsure, outcome: "unsure", reason: reasonAnswer}}, true
		case m.Again:
			return answer{result: result{state: Waiting, outcome: "later", reason: m.Reason}}, true
		}
		return answer{result: result{state: Failed, outcome: "refused", reason: m.Reason}}, true
	case errors.As(err, &t):
		code := fmt.Sprint(t.Code)
		switch {
		case t.Unsure:
			return answer{result: result{state: Unsure, outcome: "unsure", reason: reasonAnswer}}, true
		case t.Blocked:
			return answer{result: result{state: Failed, outcome: "refused", reason: reasonBlocked}}, true
		case t.Again:
			if t.Code == 0 {
				code = mail.Unreachable
			}
			return answer{result: result{state: Waiting, outcome: "later", reason: code}, after: t.After}, true
		}
		return answer{result: result{state: Failed, outcome: "refused", reason: code}}, true
	}
	return answer{}, false
}

package people

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Bounds of signing in. Five codes in a quarter of an hour with five tries each
// leave a guesser one chance in forty thousand, and only in his own browser.
const (
	codeLife   = 10 * time.Minute
	codeTries  = 5
	sendWindow = 15 * time.Minute
	sendMost   = 5
)

// SignInCode is what a person needs to sign in. It is secret: whoever sends it
// keeps it sealed and logs nothing of it.
type SignInCode struct {
	Person  storage.ID
	Channel string // ByEmail or ByTelegram
	Code    string // six digits
	Path    string // of the link, without host and language
	Until   time.Time
}

// Courier brings codes and warnings to people; the house gives one that sends messages.
type Courier interface {
	SendCode(ctx context.Context, tx *storage.Tx, c SignInCode) error
	SendChange(ctx context.Context, tx *storage.Tx, c Change) error
}

// SendWith names the courier. Messages know people, so it comes after New.
func (s *Service) SendWith(c Courier) { s.courier = c }

// AskToSignIn prepares a code for whoever has the address (e-mail or phone), in
// the browser with the given token, and sends it. The answer is the same whether
// somebody has it or not, and also when too many were asked for. Invalid only
// when it is neither an e-mail nor a phone number.
func (s *Service) AskToSignIn(ctx context.Context, tx *storage.Tx, browser, address string) error {
	p, ok, index, err := s.addressee(ctx, tx, address)
	if err != nil {
		return err
	}
	var recent int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM sign_in WHERE address_index = $1 AND made_at > $2`,
		index, storage.Micros(tx.Now.Add(-sendWindow))).Scan(&recent); err != nil {
		return err
	}
	if recent >= sendMost {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sign_in WHERE ends_at < $1`, storage.Micros(tx.Now.Add(-24*time.Hour))); err != nil {
		return err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	id, code, link := tx.NewID(), fmt.Sprintf("%06d", n), newToken()
	until := tx.Now.Add(codeLife)
	person := storage.ID{}
	if ok {
		person = p.ID
	}
	if _, err := tx.Exec(ctx, `INSERT INTO sign_in (id, browser_hash, address_index, person_id, code_hash, link_hash, tries, made_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)`,
		id, hashToken(browser), index, person, s.codeHash(id, code), hashToken(link), storage.Micros(tx.Now), storage.Micros(until)); err != nil {
		return err
	}
	if !ok || s.courier == nil {
		return nil
	}
	channel := ByEmail
	if p.Email == "" {
		channel = ByTelegram
	}
	return s.courier.SendCode(ctx, tx, SignInCode{Person: p.ID, Channel: channel, Code: code, Path: "/sign-in/link/" + link, Until: until})
}

// codeHash is keyed: six digits alone would be guessed from a stolen database.
func (s *Service) codeHash(id storage.ID, code string) []byte {
	return s.keys.Index("sign-in code", id.String()+" "+code)
}

// addressee finds who signs in with an address. A phone counts when one person
// alone has it and Telegram is connected.
func (s *Service) addressee(ctx context.Context, tx *storage.Tx, address string) (p Person, ok bool, index []byte, err error) {
	if strings.Contains(address, "@") {
		mail, err := Email(address)
		if err != nil || mail == "" {
			return p, false, nil, fault.At("address", "fault.not_an_email")
		}
		index = s.emailIndex(mail)
		p, ok, err = s.find(ctx, tx, `email_index`, index)
		return p, ok, index, err
	}
	phone, err := Phone(address)
	if err != nil || phone == "" {
		return p, false, nil, fault.At("address", "people.fault.address")
	}
	index = s.keys.Index("phone", phone)
	rows, err := storage.All(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE phone_index = $1 AND merged_into IS NULL`, index)
	if err != nil || len(rows) != 1 {
		return p, false, index, err
	}
	p, err = s.open(rows[0])
	return p, err == nil && (p.TelegramChat != 0 || p.Email != ""), index, err
}

// SignInResult tells how a try ended; a wrong try must be counted, so it is no error.
type SignInResult struct {
	Token  string       // of the new session, empty when it was not right
	Person storage.ID   //
	Linked bool         // the organisation's account opens her from now on
	Fault  *fault.Error // what to tell the person
}

// SignInByCode tries the six digits in the browser that asked for them, and
// starts a session. The session before in the same browser ends.
func (s *Service) SignInByCode(ctx context.Context, tx *storage.Tx, browser, code string, before storage.ID) (SignInResult, error) {
	code = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	id, person, want, err := s.openSignIn(ctx, tx, `SELECT id, person_id, code_hash FROM sign_in
		WHERE browser_hash = $1 AND used_at = 0 AND ends_at > $2 AND tries < $3
		ORDER BY made_at DESC, id DESC LIMIT 1`, hashToken(browser), storage.Micros(tx.Now), codeTries)
	if err != nil {
		return SignInResult{}, err
	}
	if id.IsZero() {
		return SignInResult{Fault: fault.At("code", "people.fault.code_gone")}, nil
	}
	if person.IsZero() || !equal(want, s.codeHash(id, code)) {
		if _, err := tx.Exec(ctx, `UPDATE sign_in SET tries = tries + 1 WHERE id = $1`, id); err != nil {
			return SignInResult{}, err
		}
		if !person.IsZero() {
			if err := audit.Record(ctx, tx, audit.Entry{Person: person, Action: "people.audit.sign_in_failed"}); err != nil {
				return SignInResult{}, err
			}
		}
		return SignInResult{Fault: fault.At("code", "people.fault.code")}, nil
	}
	return s.finishSignIn(ctx, tx, id, person, before)
}

// SignInByLink is SignInByCode with the link of the same message. NotFound also
// when it is opened in another browser than the one that asked.
func (s *Service) SignInByLink(ctx context.Context, tx *storage.Tx, browser, link string, before storage.ID) (SignInResult, error) {
	id, person, _, err := s.openSignIn(ctx, tx, `SELECT id, person_id, code_hash FROM sign_in
		WHERE link_hash = $1 AND browser_hash = $2 AND used_at = 0 AND ends_at > $3`,
		hashToken(link), hashToken(browser), storage.Micros(tx.Now))
	if err != nil {
		return SignInResult{}, err
	}
	if id.IsZero() || person.IsZero() {
		return SignInResult{Fault: fault.New(fault.Gone, "people.fault.sign_in_link")}, nil
	}
	return s.finishSignIn(ctx, tx, id, person, before)
}

func (s *Service) openSignIn(ctx context.Context, tx *storage.Tx, query string, args ...any) (id, person storage.ID, want []byte, err error) {
	err = tx.QueryRow(ctx, query, args...).Scan(&id, &person, &want)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, person, want, err
}

func (s *Service) finishSignIn(ctx context.Context, tx *storage.Tx, id, person, before storage.ID) (SignInResult, error) {
	n, err := tx.Exec(ctx, `UPDATE sign_in SET used_at = $2 WHERE id = $1 AND used_at = 0`, id, storage.Micros(tx.Now))
	if err != nil {
		return SignInResult{}, err
	}
	if n == 0 { // the same code at the same moment
		return SignInResult{Fault: fault.At("code", "people.fault.code_gone")}, nil
	}
	if !before.IsZero() {
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1`, before); err != nil {
			return SignInResult{}, err
		}
	}
	token, err := s.StartSession(ctx, tx, person, ByCode)
	if err != nil {
		return SignInResult{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.signed_in"})
	return SignInResult{Token: token, Person: person}, err
}

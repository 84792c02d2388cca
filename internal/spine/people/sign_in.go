package people

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// CodeLife is how long the code and the link of a letter sign in, and the browser that
// asked for them is known by its token.
const CodeLife = 10 * time.Minute

// Bounds of signing in. A letter belongs to the address and works in every browser
// that asked for it, so that nobody's asking takes the owner's code away; guesses are
// counted in the browser (five) and in a day for the address, whoever made them
// (thirty, one chance in some 30,000 a letter). After that the link of the letter
// still works, which nobody can guess.
const (
	codeTries    = 5
	wrongADay    = 30
	letterGap    = time.Minute     // between two letters to an address
	letterGapMax = 5 * time.Minute // after ten letters in a day
	lettersQuick = 10
)

// SignInCode is what a person needs to sign in. It is secret: whoever sends it
// keeps it sealed and logs nothing of it.
type SignInCode struct {
	Person  storage.ID
	Channel string // ByEmail or ByTelegram
	Email   string // where it goes, of a channel by mail
	Chat    string // where it goes, by Telegram
	Code    string // six digits
	Path    string // of the link, without host and language
	Until   time.Time
}

// Courier brings codes and warnings to people; the house gives one that sends messages.
type Courier interface {
	SendCode(ctx context.Context, tx *storage.Tx, c SignInCode) error
	SendChange(ctx context.Context, tx *storage.Tx, c Change) error
	SendInvitation(ctx context.Context, tx *storage.Tx, i RoleLetter) error
	SendProof(ctx context.Context, tx *storage.Tx, person storage.ID, email, path string) error
}

// SendWith names the courier. Messages know people, so it comes after New.
func (s *Service) SendWith(c Courier) { s.courier = c }

const signInKind = "people.sign_in"

// asking is the payload of the job behind AskToSignIn; Wrong when a code was wrong.
type asking struct {
	Ask   storage.ID `json:"ask"`
	Wrong bool       `json:"wrong,omitempty"`
}

// AskToSignIn notes that a browser wants to sign in with an address (e-mail or phone)
// and leaves the rest to a job: nobody is looked up here, so that neither the answer
// nor its time tells who is known. Invalid only when it is neither an e-mail nor a
// phone number.
func (s *Service) AskToSignIn(ctx context.Context, tx *storage.Tx, browser, address string) error {
	kind, value, err := readAddress(address)
	if err != nil {
		return err
	}
	id := tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO sign_in (id, browser_hash, address_index, tries, made_at, ends_at)
		VALUES ($1, $2, $3, 0, $4, $5)`,
		id, hashToken(browser), s.contactIndex(kind, value), storage.Micros(tx.Now), storage.Micros(tx.Now.Add(CodeLife))); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: signInKind, Payload: asking{Ask: id}})
}

func readAddress(address string) (ContactKind, string, error) {
	if strings.Contains(address, "@") {
		mail, err := Email(address)
		if err != nil || mail == "" {
			return "", "", fault.At("address", "fault.not_an_email")
		}
		return EmailContact, mail, nil
	}
	phone, err := Phone(address)
	if err != nil || phone == "" {
		return "", "", fault.At("address", "people.fault.address")
	}
	return PhoneContact, phone, nil
}

// signInJob looks up who has the address that a browser asked for, and sends the letter.
func (s *Service) signInJob() jobs.Kind {
	return jobs.Kind{Name: signInKind, Text: "people.job.sign_in", Lane: jobs.Mail, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
		var a asking
		if err := json.Unmarshal(payload, &a); err != nil {
			return jobs.GiveUp(fmt.Errorf("read the job: %w", err))
		}
		return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.answerAsking(ctx, tx, a) })
	}}
}

func (s *Service) answerAsking(ctx context.Context, tx *storage.Tx, a asking) error {
	index, err := storage.One(ctx, tx, scanBytes, `SELECT address_index FROM sign_in WHERE id = $1`, a.Ask)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	target, who, err := s.target(ctx, tx, index)
	if err != nil || len(who) == 0 {
		return err
	}
	if a.Wrong {
		for _, c := range who {
			if err := audit.Record(ctx, tx, audit.Entry{Person: c.person.ID, Action: "people.audit.sign_in_failed"}); err != nil {
				return err
			}
		}
		return nil
	}
	// Jobs about one address go one after the other, so that they see each other's letters.
	if _, err := tx.Exec(ctx, `UPDATE contact SET state = state WHERE value_index = $1`, target); err != nil {
		return err
	}
	var count int
	var latest int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(made_at), 0)
		FROM sign_in_letter
		WHERE address_index = $1 AND made_at > $2`, index, storage.Micros(tx.Now.Add(-24*time.Hour))).Scan(&count, &latest); err != nil {
		return err
	}
	gap := letterGap
	if count >= lettersQuick {
		gap = letterGapMax
	}
	if tx.Now.Sub(storage.Instant(latest)) < gap || s.courier == nil {
		return nil // the last letter is good still, also in this browser
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	id, code, link, until := tx.NewID(), fmt.Sprintf("%06d", n), NewToken(), tx.Now.Add(CodeLife)
	if _, err := tx.Exec(ctx, `INSERT INTO sign_in_letter (id, address_index, target_index, code_hash, link_hash, made_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, index, target, s.codeHash(id, code), hashToken(link), storage.Micros(tx.Now), storage.Micros(until)); err != nil {
		return err
	}
	letter := SignInCode{Person: who[0].person.ID, Channel: ByEmail, Code: code, Path: "/sign-in/link/" + link, Until: until}
	if who[0].contact.Kind == ChatContact {
		letter.Channel, letter.Chat = ByTelegram, who[0].contact.Value
	} else {
		letter.Email = who[0].contact.Value
	}
	return s.courier.SendCode(ctx, tx, letter)
}

// candidate is a record that a proven address opens.
type candidate struct {
	person  Person
	contact Contact
}

// target gives the contact to which the letter for an address goes, and the records
// that it opens. A phone has no letters: they go to the chat of who has proven the
// number, when that is one chat alone.
func (s *Service) target(ctx context.Context, tx *storage.Tx, address []byte) (index []byte, who []candidate, err error) {
	who, err = s.opens(ctx, tx, address)
	if err != nil || len(who) == 0 || who[0].contact.Kind != PhoneContact {
		return address, who, err
	}
	var chat []byte
	for _, c := range who {
		if c.contact.State != Proven || c.person.TelegramChat == 0 {
			continue
		}
		i := s.contactIndex(ChatContact, c.person.current(ChatContact))
		if chat != nil && !slices.Equal(chat, i) {
			return nil, nil, nil
		}
		chat = i
	}
	if chat == nil {
		return nil, nil, nil
	}
	who, err = s.opens(ctx, tx, chat)
	return chat, who, err
}

// opens gives the records that whoever has a contact may enter: where it is
// proven, and where it was typed and nothing is proven at all. The proven come first,
// so that no number of forms with her address hides them.
func (s *Service) opens(ctx context.Context, tx *storage.Tx, index []byte) ([]candidate, error) {
	type hit struct {
		row     row
		contact storage.ID
	}
	hits, err := storage.All(ctx, tx, func(sc storage.Scanner) (h hit, err error) {
		err = sc.Scan(&h.row.id, &h.row.wrapped, &h.row.box, &h.row.mergedInto, &h.row.demo, &h.row.made, &h.row.changed, &h.contact)
		return h, err
	}, `SELECT person.id, person.data_key, person.sealed, person.merged_into, person.demo, person.made_at, person.changed_at, contact.id
		FROM contact
		JOIN person ON person.id = contact.person_id
		WHERE contact.value_index = $1 AND person.merged_into IS NULL
			AND (contact.state = 'proven'
				OR contact.state <> 'leaving'
					AND NOT EXISTS (SELECT 1 FROM contact AS other WHERE other.person_id = person.id AND other.state IN ('proven', 'leaving'))
					AND NOT EXISTS (SELECT 1 FROM role_grant WHERE role_grant.person_id = person.id AND role_grant.woken_at > 0))
		ORDER BY CASE contact.state WHEN 'proven' THEN 0 ELSE 1 END, person.made_at, person.id
		LIMIT `+strconv.Itoa(mostCandidates), index)
	if err != nil {
		return nil, err
	}
	var out []candidate
	for _, h := range hits {
		p, err := s.open(h.row)
		if err != nil {
			return nil, err
		}
		c, err := s.contact(ctx, tx, p, h.contact)
		if err != nil {
			return nil, err
		}
		out = append(out, candidate{p, c})
	}
	return out, nil
}

// mostCandidates bounds how many records one address may open.
const mostCandidates = 100

// codeHash is keyed: six digits alone would be guessed from a stolen database.
func (s *Service) codeHash(id storage.ID, code string) []byte {
	return s.keys.Index("sign-in code", id.String()+" "+code)
}

// SignInResult tells how a try ended; a wrong try must be counted, so it is no error.
type SignInResult struct {
	Token  string // of the new session, empty when it was not right
	Person storage.ID
	Choose bool // several people share the address: she is asked who she is
	Linked bool // an account was linked on the way
	Fault  *fault.Error
}

// ask is a browser that wants to sign in.
type ask struct {
	id      storage.ID
	address []byte
}

// SignInByCode takes the six digits of a letter in a browser that asked for it, and
// starts a session. The session before in the same browser ends. Each try is counted
// before it is looked at, so that no more are made however many come at once.
func (s *Service) SignInByCode(ctx context.Context, tx *storage.Tx, browser, code string, before storage.ID) (SignInResult, error) {
	code = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	gone := SignInResult{Fault: fault.At("code", "people.fault.code_gone")}
	a, err := storage.One(ctx, tx, func(row storage.Scanner) (a ask, err error) {
		err = row.Scan(&a.id, &a.address)
		return a, err
	}, `SELECT id, address_index
		FROM sign_in
		WHERE browser_hash = $1 AND ends_at > $2
		ORDER BY made_at DESC, id DESC
		LIMIT 1`, hashToken(browser), storage.Micros(tx.Now))
	if errors.Is(err, sql.ErrNoRows) {
		return gone, nil
	}
	if err != nil {
		return SignInResult{}, err
	}
	n, err := tx.Exec(ctx, `UPDATE sign_in SET tries = tries + 1 WHERE id = $1 AND tries < $2`, a.id, codeTries)
	if err != nil {
		return SignInResult{}, err
	}
	if n == 0 {
		return gone, nil
	}
	n, err = tx.Exec(ctx, `INSERT INTO sign_in_wrong (address_index, day, tries)
		VALUES ($1, $2, 1)
		ON CONFLICT (address_index, day) DO UPDATE
		SET tries = sign_in_wrong.tries + 1
		WHERE sign_in_wrong.tries < $3`, a.address, dayOf(tx.Now), wrongADay)
	if err != nil {
		return SignInResult{}, err
	}
	if n == 0 {
		return SignInResult{Fault: fault.At("code", "people.fault.code_today")}, nil
	}
	letters, err := storage.All(ctx, tx, scanLetter, `SELECT id, target_index, code_hash
		FROM sign_in_letter
		WHERE address_index = $1 AND used_at = 0 AND ends_at > $2
		ORDER BY made_at DESC, id DESC
		LIMIT 20`, a.address, storage.Micros(tx.Now))
	if err != nil {
		return SignInResult{}, err
	}
	for _, l := range append(letters, letter{}) { // one more, so that an unknown address costs as much
		if !equal(l.code, s.codeHash(l.id, code)) {
			continue
		}
		for _, q := range []string{ // it was no wrong one
			`UPDATE sign_in_wrong SET tries = tries - 1 WHERE address_index = $1 AND day = $2`,
			`DELETE FROM sign_in_wrong WHERE address_index = $1 AND day = $2 AND tries <= 0`,
		} {
			if _, err := tx.Exec(ctx, q, a.address, dayOf(tx.Now)); err != nil {
				return SignInResult{}, err
			}
		}
		return s.finishSignIn(ctx, tx, a.id, l, before)
	}
	err = jobs.Enqueue(ctx, tx, jobs.Job{Kind: signInKind, Payload: asking{Ask: a.id, Wrong: true}})
	return SignInResult{Fault: fault.At("code", "people.fault.code")}, err
}

// letter is a letter with a code, as it is kept.
type letter struct {
	id           storage.ID
	target, code []byte
}

func scanLetter(row storage.Scanner) (l letter, err error) {
	err = row.Scan(&l.id, &l.target, &l.code)
	return l, err
}

// dayOf counts local days, for what is bounded by the day.
func dayOf(now time.Time) int64 {
	local := now.In(i18n.Bishkek())
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// SignInByLink is SignInByCode with the link of the same letter. Gone also when it is
// opened in a browser that did not ask for that address.
func (s *Service) SignInByLink(ctx context.Context, tx *storage.Tx, browser, link string, before storage.ID) (SignInResult, error) {
	gone := SignInResult{Fault: fault.New(fault.Gone, "people.fault.sign_in_link")}
	var l letter
	var asked storage.ID
	err := tx.QueryRow(ctx, `SELECT sign_in_letter.id, sign_in_letter.target_index, sign_in.id
		FROM sign_in_letter
		JOIN sign_in ON sign_in.address_index = sign_in_letter.address_index
		WHERE sign_in_letter.link_hash = $1 AND sign_in_letter.used_at = 0 AND sign_in_letter.ends_at > $3
			AND sign_in.browser_hash = $2 AND sign_in.ends_at > $3
		LIMIT 1`, hashToken(link), hashToken(browser), storage.Micros(tx.Now)).Scan(&l.id, &l.target, &asked)
	if errors.Is(err, sql.ErrNoRows) {
		return gone, nil
	}
	if err != nil {
		return SignInResult{}, err
	}
	return s.finishSignIn(ctx, tx, asked, l, before)
}

// finishSignIn uses a letter up, and signs in whom it opens; where people of several
// names share the address she is asked who she is.
func (s *Service) finishSignIn(ctx context.Context, tx *storage.Tx, asked storage.ID, l letter, before storage.ID) (SignInResult, error) {
	n, err := tx.Exec(ctx, `UPDATE sign_in_letter SET used_at = $2 WHERE id = $1 AND used_at = 0`, l.id, storage.Micros(tx.Now))
	if err != nil {
		return SignInResult{}, err
	}
	if n == 0 { // the same code at the same moment
		return SignInResult{Fault: fault.At("code", "people.fault.code_gone")}, nil
	}
	who, err := s.opens(ctx, tx, l.target)
	if err != nil {
		return SignInResult{}, err
	}
	switch names := namesOf(who); len(names) {
	case 0: // erased or proven by another contact meanwhile
		return SignInResult{Fault: fault.At("code", "people.fault.code_gone")}, nil
	case 1:
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in WHERE id = $1`, asked); err != nil {
			return SignInResult{}, err
		}
		return s.enter(ctx, tx, who, before)
	}
	_, err = tx.Exec(ctx, `UPDATE sign_in SET target_index = $2, ends_at = $3 WHERE id = $1`,
		asked, l.target, storage.Micros(tx.Now.Add(CodeLife)))
	return SignInResult{Choose: true}, err
}

// namesOf groups candidates by folded name.
func namesOf(who []candidate) map[string][]candidate {
	out := map[string][]candidate{}
	for _, c := range who {
		key := nameKey(c.person.FullName)
		out[key] = append(out[key], c)
	}
	return out
}

// enter proves the contact of records with one name, makes them one where that is
// sure, and starts a session. What is proven comes first, then what is oldest.
func (s *Service) enter(ctx context.Context, tx *storage.Tx, who []candidate, before storage.ID) (SignInResult, error) {
	p, c := who[0].person, who[0].contact
	if c.State != Proven {
		c, err := s.Prove(ctx, tx, Prove{Person: p.ID, Contact: c.ID})
		if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) || err == nil && c.Person != p.ID {
			// In the same moment another contact was proven first, or the record was merged.
			return SignInResult{Fault: fault.At("code", "people.fault.code_gone")}, nil
		}
		if err != nil {
			return SignInResult{}, err
		}
	}
	for _, other := range who[1:] {
		if err := s.joinOwn(ctx, tx, other, p); err != nil {
			return SignInResult{}, err
		}
	}
	if err := s.LeaveSession(ctx, tx, before); err != nil {
		return SignInResult{}, err
	}
	token, err := s.startSession(ctx, tx, newSession{person: p.ID, origin: access.OfProof, contact: c.ID, proven: tx.Now})
	if err != nil {
		return SignInResult{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.signed_in"})
	return SignInResult{Token: token, Person: p.ID}, err
}

// joinOwn makes a record of the same contact and name one with hers, unless it has a
// role or another proven contact. Its typed contacts fall away.
func (s *Service) joinOwn(ctx context.Context, tx *storage.Tx, other candidate, into Person) error {
	from, to, err := s.holdBoth(ctx, tx, other.person.ID, into.ID)
	if fault.Is(err, fault.Conflict) || err == nil && (from.ID != other.person.ID || to.ID != into.ID) {
		return nil // they, or one of them and a third, were made one in the same moment
	}
	if err != nil {
		return err
	}
	for _, id := range []storage.ID{from.ID, to.ID} {
		if holds, err := s.holdsRole(ctx, tx, id); err != nil || holds {
			return err
		}
	}
	have, err := s.ContactsOf(ctx, tx, from)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(c Contact) bool { return c.ID != other.contact.ID && (c.State == Proven || c.State == Leaving) }) {
		return nil
	}
	return s.Merge(ctx, tx, MergeRecords{By: into.ID, From: other.person.ID, Into: into.ID, Own: true})
}

package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
)

// The purposes a person agrees to, each apart from the others.
const (
	ForProgramme  = "programme"  // processing of her data for the programme
	ForPhoto      = "photo"      // photos and video of her may be published
	ForList       = "list"       // other participants may see her name in the list
	ForNewsletter = "newsletter" // news of the programme
	ByEmail       = "email"      // each channel
	ByPhone       = "phone"
	ByTelegram    = "telegram"
)

// Purposes lists them in the order in which they are asked.
var Purposes = []string{ForProgramme, ForPhoto, ForList, ForNewsletter, ByEmail, ByPhone, ByTelegram}

// Wording is what a person reads before she agrees to a purpose, in the words of the house.
func Wording(purpose string) i18n.Text {
	key := "people.consent." + purpose
	if !slices.Contains(Purposes, purpose) {
		return i18n.Text{}
	}
	return inAll(ownTexts(), key)
}

// ownTexts are the texts of this room, for what is stored in all three languages.
var ownTexts = sync.OnceValue(func() *i18n.Catalogue {
	texts, err := fs.Sub(files, "text")
	if err == nil {
		if c, err := i18n.Load(texts); err == nil {
			return c
		}
	}
	c, _ := i18n.Load() // not reached: the files are part of the binary, and the check of texts reads them
	return c
})

// wordingVersion names words by what they say: other words are another version.
func wordingVersion(w i18n.Text) string {
	sum := sha256.Sum256([]byte(w.Ky + "\x00" + w.Ru + "\x00" + w.En))
	return hex.EncodeToString(sum[:8])
}

// Consent is one yes or no.
type Consent struct {
	Purpose string
	Version string        // of the wording
	Wording i18n.Text     // that she read; empty where it is not kept
	Lang    i18n.Language // the language in which it was read
	Given   bool
	At      time.Time  // when it was noted
	How     Source     `json:",omitempty"` // by which way she said it to staff, who noted it; empty when she did herself
	Day     string     `json:",omitempty"` // on which she said it to them, as 2006-01-02
	NotedBy storage.ID `json:"-"`          // who of the staff noted it; zero when she did herself, or who did was erased

	ours i18n.Text // in which the house or a module asks for it now; empty where a form does
}

// Current reports whether she read the words that are shown now.
func (c Consent) Current() bool {
	return c.ours == (i18n.Text{}) || c.Version == wordingVersion(c.ours)
}

// Asked is something that people are asked to agree to, in the words of now.
type Asked struct {
	Purpose string
	Words   i18n.Text
}

// Version names the words: a page that shows them carries it, so that a yes is to the words
// that were read.
func (a Asked) Version() string { return wordingVersion(a.Words) }

// askedBy reads what modules ask for beside the house, in their order.
func askedBy(modules []module.Manifest) (out []Asked) {
	for _, m := range modules {
		for _, c := range m.Consents {
			if slices.Contains(Purposes, c.Purpose) {
				continue
			}
			words, err := i18n.Load(m.Texts)
			if err != nil {
				panic("people: the texts of " + m.Name + ": " + err.Error()) // they are part of the binary
			}
			out = append(out, Asked{c.Purpose, inAll(words, c.Text)})
		}
	}
	return out
}

func inAll(c *i18n.Catalogue, key string) i18n.Text {
	return i18n.Text{Ky: c.Printer(i18n.Kyrgyz).T(key), Ru: c.Printer(i18n.Russian).T(key), En: c.Printer(i18n.English).T(key)}
}

// wording gives the words in which the house or a module asks for a purpose now; empty
// for one that only forms ask for.
func (s *Service) wording(purpose string) i18n.Text {
	for _, a := range s.asked {
		if a.Purpose == purpose {
			return a.Words
		}
	}
	return Wording(purpose)
}

// WordingVersion names the words in which the house or a module asks for a purpose now: a
// page that shows them carries it, so that a yes is to the words that were read.
func (s *Service) WordingVersion(purpose string) string { return wordingVersion(s.wording(purpose)) }

// SayConsent is a yes or no to a purpose, with the words that were shown for it.
type SayConsent struct {
	Person  storage.ID
	Purpose string    // of Purposes, or one that a module invents: its name, a dot and more
	Wording i18n.Text // zero: that of the house or of the module that asks
	Lang    i18n.Language
	Given   bool

	// Of what staff note for her:
	NotedBy storage.ID
	How     Source
	Day     string // on which she said it, as 2006-01-02
}

// Consent notes it. A no needs no words when there was a yes: it takes back what she said,
// whatever the words were. Invalid without a purpose, or without words otherwise.
func (s *Service) Consent(ctx context.Context, tx *storage.Tx, c SayConsent) error {
	if c.Wording == (i18n.Text{}) {
		c.Wording = s.wording(c.Purpose)
	}
	if c.Purpose == "" || len(c.Purpose) > 64 {
		return fault.At("purpose", "fault.not_a_choice")
	}
	if c.Wording == (i18n.Text{}) {
		return takeBack(ctx, tx, c)
	}
	version := wordingVersion(c.Wording)
	if err := s.keepWording(ctx, tx, c.Purpose, c.Wording); err != nil {
		return err
	}
	// What staff note counts from the beginning of the day on which she said it: a no of her
	// own after it stands, whenever and on whichever of her records the yes was written down.
	at := tx.Now
	if c.Day != "" {
		day, err := time.ParseInLocation(time.DateOnly, c.Day, i18n.Bishkek())
		if err != nil {
			return fault.At("day", "people.fault.day")
		}
		if day.Before(at) {
			at = day
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO consent (id, person_id, purpose, version, lang, given, at, noted_by, said_how, said_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		tx.NewID(), c.Person, c.Purpose, version, string(c.Lang), c.Given, storage.Micros(at), c.NotedBy, string(c.How), c.Day)
	return err
}

// keepWording keeps the words of a consent, and since when they are asked for: the first of a
// purpose, and those of the first start of the house, since always.
func (s *Service) keepWording(ctx context.Context, tx *storage.Tx, purpose string, w i18n.Text) error {
	key := purpose + " " + wordingVersion(w)
	if _, kept := s.wordings.Load(key); kept {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO consent_wording (purpose, version, ky, ru, en, since)
		VALUES ($1, $2, $3, $4, $5, CASE WHEN EXISTS (SELECT 1 FROM consent_wording WHERE purpose = $1) AND EXISTS (SELECT 1 FROM setting WHERE name = $7) THEN CAST($6 AS BIGINT) ELSE 0 END)
		ON CONFLICT (purpose, version) DO NOTHING`,
		purpose, wordingVersion(w), w.Ky, w.Ru, w.En, storage.Micros(tx.Now), wordingsSetting)
	tx.AfterCommit(func() { s.wordings.Store(key, true) })
	return err
}

// KeepWordings keeps the words in which the house and its modules ask for consents, at each
// start: so it is known since when they are asked for, and nobody is noted to have agreed to
// words before there were any. Those of the first start are taken to have been there always.
func (s *Service) KeepWordings(ctx context.Context, tx *storage.Tx) error {
	for _, a := range s.Asked(nil) {
		if err := s.keepWording(ctx, tx, a.Purpose, a.Words); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, '') ON CONFLICT (name) DO NOTHING`, wordingsSetting)
	return err
}

// wordingsSetting is there once the words of consents were kept at a start.
const wordingsSetting = "wordings.kept"

// askedSince is since when the words of a consent are asked for; zero for always.
func askedSince(ctx context.Context, tx *storage.Tx, a Asked) (time.Time, error) {
	var since int64
	err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(since), 0) FROM consent_wording WHERE purpose = $1 AND version = $2`, a.Purpose, a.Version()).Scan(&since)
	if err != nil || since == 0 {
		return time.Time{}, err
	}
	return storage.Instant(since), nil
}

// takeBack notes a no to words that are not kept, of forms of older versions: it bears the
// version of what it takes back.
func takeBack(ctx context.Context, tx *storage.Tx, c SayConsent) error {
	n := int64(0)
	var err error
	if !c.Given {
		n, err = tx.Exec(ctx, `INSERT INTO consent (id, person_id, purpose, version, lang, given, at)
			SELECT $1, person_id, purpose, version, $4, FALSE, $5
			FROM consent
			WHERE person_id = $2 AND purpose = $3
			ORDER BY at DESC, id DESC
			LIMIT 1`,
			tx.NewID(), c.Person, c.Purpose, string(c.Lang), storage.Micros(tx.Now))
	}
	if err == nil && n == 0 {
		return fault.At("purpose", "fault.not_a_choice")
	}
	return err
}

// SetConsent notes a yes or no to the words of the house in the language of the person.
func (s *Service) SetConsent(ctx context.Context, tx *storage.Tx, id storage.ID, purpose string, given bool) error {
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	return s.Consent(ctx, tx, SayConsent{Person: p.ID, Purpose: purpose, Lang: p.Lang, Given: given})
}

// ConsentHistory gives every yes and no of a person, the oldest first.
func (s *Service) ConsentHistory(ctx context.Context, tx *storage.Tx, id storage.ID) ([]Consent, error) {
	return storage.All(ctx, tx, s.scanConsent, consentsRead+`
		WHERE c.person_id = $1
		ORDER BY c.at, c.id`, id)
}

const consentsRead = `SELECT c.purpose, c.version, c.lang, c.given, c.at, c.noted_by, c.said_how, c.said_on, COALESCE(w.ky, ''), COALESCE(w.ru, ''), COALESCE(w.en, '')
		FROM consent c
		LEFT JOIN consent_wording w ON w.purpose = c.purpose AND w.version = c.version`

func (s *Service) scanConsent(row storage.Scanner) (c Consent, err error) {
	var at int64
	err = row.Scan(&c.Purpose, &c.Version, &c.Lang, &c.Given, &at, &c.NotedBy, &c.How, &c.Day, &c.Wording.Ky, &c.Wording.Ru, &c.Wording.En)
	c.At, c.ours = storage.Instant(at), s.wording(c.Purpose)
	return c, err
}

// mostAnswers bounds the answers of one moment that ConsentsBefore gives.
const mostAnswers = 20

// ConsentsBefore gives what a person answered before a moment, in microseconds: the answers
// of each moment together, those of at most so many moments, the latest first.
func (s *Service) ConsentsBefore(ctx context.Context, tx *storage.Tx, id storage.ID, before int64, most int) (out [][]Consent, err error) {
	moments, err := storage.All(ctx, tx, func(row storage.Scanner) (at int64, err error) {
		err = row.Scan(&at)
		return at, err
	}, `SELECT DISTINCT at
		FROM consent
		WHERE person_id = $1 AND at < $2
		ORDER BY at DESC
		LIMIT $3`, id, before, most)
	if err != nil || len(moments) == 0 {
		return nil, err
	}
	list, err := storage.All(ctx, tx, s.scanConsent, consentsRead+`
		WHERE c.person_id = $1 AND c.at >= $2 AND c.at <= $3
		ORDER BY c.at DESC, c.id
		LIMIT $4`, id, moments[len(moments)-1], moments[0], most*mostAnswers)
	for _, c := range list {
		if n := len(out); n == 0 || !out[n-1][0].At.Equal(c.At) {
			out = append(out, nil)
		}
		if last := &out[len(out)-1]; len(*last) < mostAnswers {
			*last = append(*last, c)
		}
	}
	return out, err
}

// CountConsents counts the moments at which a person answered.
func (s *Service) CountConsents(ctx context.Context, tx *storage.Tx, id storage.ID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(DISTINCT at) FROM consent WHERE person_id = $1`, id).Scan(&n)
	return n, err
}

// Asked lists what a page shows: what the house asks for, then what modules do, then what
// forms have asked her for besides, in a fixed order.
func (s *Service) Asked(now map[string]Consent) (out []Asked) {
	known := map[string]bool{}
	for _, p := range Purposes {
		out = append(out, Asked{p, Wording(p)})
		known[p] = true
	}
	for _, a := range s.asked {
		out = append(out, a)
		known[a.Purpose] = true
	}
	for _, p := range slices.Sorted(maps.Keys(now)) {
		if !known[p] {
			out = append(out, Asked{p, now[p].Wording})
		}
	}
	return out
}

// Consents gives the newest answer for each purpose that was ever answered.
func (s *Service) Consents(ctx context.Context, tx *storage.Tx, id storage.ID) (map[string]Consent, error) {
	history, err := s.ConsentHistory(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Consent, len(Purposes))
	for _, c := range history {
		out[c.Purpose] = c
	}
	return out, nil
}

// Agreeing gives the records behind one, in the order of their ids and at most so many,
// whose newest answer for a purpose is yes and whose e-mail is proven: who may be written to.
func (s *Service) Agreeing(ctx context.Context, tx *storage.Tx, purpose string, after storage.ID, most int) ([]storage.ID, error) {
	return storage.All(ctx, tx, scanID, `SELECT p.id
		`+agreeing+` AND p.id > $2
		ORDER BY p.id
		LIMIT $3`, purpose, after[:], most)
}

// agreeing are the rows of people, and of their proven addresses, who agree to $1.
const agreeing = `FROM person p
		JOIN contact k ON k.person_id = p.id AND k.kind = 'email' AND k.state = 'proven'
		WHERE p.merged_into IS NULL AND EXISTS (
			SELECT 1
			FROM consent c
			WHERE c.person_id = p.id AND c.purpose = $1 AND c.given = TRUE AND NOT EXISTS (
				SELECT 1
				FROM consent later
				WHERE later.person_id = p.id AND later.purpose = $1 AND (later.at > c.at OR later.at = c.at AND later.id > c.id)
			)
		)`

// AgreeingOnce gives all that Agreeing leads to, but of records with one address the oldest
// alone: each address is reached once. They come in the order of their ids.
func (s *Service) AgreeingOnce(ctx context.Context, tx *storage.Tx, purpose string) ([]storage.ID, error) {
	return storage.All(ctx, tx, scanID, `SELECT id
		FROM (
			SELECT p.id AS id, ROW_NUMBER() OVER (PARTITION BY k.value_index ORDER BY p.made_at, p.id) AS place
			`+agreeing+`
		) AS addresses
		WHERE place = 1
		ORDER BY id`, purpose)
}

// CountAgreeing counts the addresses that AgreeingOnce reaches. No record is opened.
func (s *Service) CountAgreeing(ctx context.Context, tx *storage.Tx, purpose string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(DISTINCT k.value_index) `+agreeing, purpose).Scan(&n)
	return n, err
}

// Agrees reports whether the newest answer of a person for a purpose is yes.
func (s *Service) Agrees(ctx context.Context, tx *storage.Tx, id storage.ID, purpose string) (bool, error) {
	all, err := s.Consents(ctx, tx, id)
	return all[purpose].Given, err
}

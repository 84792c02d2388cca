package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// canary is a person whose every word would be recognised anywhere.
var canary = people.Details{
	FullName: "Канарейбүбү Жашырынова", AddressAs: "Канарейбүбү эже", Email: "canary.jashyryn@hidden-nest.example.org", Phone: "+996555987123",
	Sex: "female", BirthYear: 1981, City: "naryn", Village: "Жашыруунайыл", Group: "activists", Organisation: "Уядабаш бирикмеси",
	AccessNeeds: "Кыйкырбаганкоңгуроо керек.", Lang: i18n.Kyrgyz,
}

// songs are the words of the canary as they could stand in a page, a log or a file.
var songs = []string{
	"Канарейбүбү", "Жашырынова", "канарейбүбү", "жашырынова", "канареибубу", "kanareibubu", "Kanareibubu", "zhashyrynova", "Zhashyrynova",
	"canary.jashyryn", "hidden-nest", "555987123", "555 987 123", "555 98 71 23", "555-987-123", "Жашыруунайыл", "Уядабаш", "Кыйкырбаганкоңгуроо",
}

// sung names the words that stand in a text.
func sung(text string) (out []string) {
	for _, s := range songs {
		if strings.Contains(text, s) {
			out = append(out, s)
		}
	}
	return out
}

// plant makes the canary, with an application to the first seminar that is open,
// and gives her id and the seminar's slug.
func plant(t *testing.T, h house) (person storage.ID, slug string) {
	t.Helper()
	err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := h.rooms.people.Register(ctx, tx, canary)
		person = p.ID
		if err != nil {
			return err
		}
		if _, _, err := (&newsroom.Module{People: h.rooms.people, Messages: h.rooms.messages}).Ask(ctx, tx, newsroom.Ask{
			Actor: access.Actor{Person: person}, Mark: people.NewToken(), Lang: i18n.Kyrgyz,
			Asked: newsroom.Asked{From: newsroom.FromPress, Outlet: canary.Organisation, Words: canary.AccessNeeds},
		}); err != nil {
			return err
		}
		list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Group == canary.Group && !a.InvitationOnly && a.Opens.Before(tx.Now) && a.Deadline.After(tx.Now) {
				slug = a.Slug
				_, err := h.rooms.seminars.Apply(ctx, tx, seats.Apply{
					Activity: a.ID, Lang: i18n.Kyrgyz, Actor: access.Actor{Person: person},
					Answers: forms.Answers{Values: map[string][]string{"name": {canary.FullName}, "phone": {canary.Phone}, "sex": {"female"}, "age": {"25-34"}, "place": {"osh"}, "processing": {"on"}}},
				})
				return err
			}
		}
		t.Error("no seminar takes applications now")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return person, slug
}

func TestNobodyReadsOfAPersonWhatHerRoleMayNotSee(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	plant(t, h)
	for _, role := range []access.Role{"", access.Participant, access.Deputy, access.Donor, access.Moderator, access.Facilitator, access.FrontDesk} {
		read := map[string]int{} // by language: each page leads to itself in the other two
		h.as(t, role).crawl("/ky/", func(path string, _ int, body string) {
			// The demo's mailbox stands for the mail providers of all its invented people.
			if words := sung(body); words != nil && !strings.Contains(path, "/demo/mailbox") {
				t.Errorf("%q reads %q in %s", role, words, path)
			}
			if len(path) > 3 {
				read[path[:4]]++
			}
		})
		if ky, ru, en := read["/ky/"], read["/ru/"], read["/en/"]; ky < 100 || ru < 100 || en < 100 {
			t.Errorf("%q came to %d pages in Kyrgyz, %d in Russian and %d in English", role, ky, ru, en)
		}
	}
	// The test can fail: the coordinator does see her.
	seen := false
	h.as(t, access.Coordinator).crawlWhile("/ky/", everywhere, func(_ string, _ int, body string) bool { seen = sung(body) != nil; return !seen })
	if !seen {
		t.Error("the coordinator does not find the canary either: the test proves nothing")
	}
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
	}
}

// asSomebody gives a browser that is signed in as somebody who was just added, and given what
// she works with.
func (h house) asSomebody(t *testing.T, email, city string, give func(ctx context.Context, tx *storage.Tx, person storage.ID) error) visitor {
	t.Helper()
	v := h.as(t, "")
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := h.rooms.people.Register(ctx, tx, people.Details{FullName: "Сатаров Нурбек", Email: email, Sex: "male", City: city, Lang: i18n.Kyrgyz})
		if err != nil {
			return err
		}
		if err := give(ctx, tx, p.ID); err != nil {
			return err
		}
		token, err := h.rooms.people.StartSession(ctx, tx, p.ID, access.OfPasskey)
		if err != nil {
			return err
		}
		home, err := url.Parse(h.url)
		v.Jar.SetCookies(home, []*http.Cookie{h.rooms.people.Cookie(token)})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// atDoorOf gives a browser that is signed in as somebody who was just given the
// role in one city.
func (h house) atDoorOf(t *testing.T, city string, role access.Role) visitor {
	t.Helper()
	return h.asSomebody(t, string(role)+"."+city+"@example.org", city, func(ctx context.Context, tx *storage.Tx, person storage.ID) error {
		return h.rooms.people.Grant(ctx, tx, person, access.Grant{Role: role, Scope: access.Scope{City: city}})
	})
}

func TestTheDoorShowsANameToItsOwnStaffAloneAndNothingElseOfHer(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, slug := plant(t, h)
	var here, application string
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := programme.BySlug(ctx, tx, slug)
		if err != nil {
			return err
		}
		here = a.City
		// Her name is looked up on the day alone: it is today, all day long.
		if _, err := tx.Exec(ctx, `UPDATE activity SET starts_at = $2, ends_at = $3 WHERE id = $1`,
			a.ID, storage.Micros(tx.Now.Add(-time.Hour)), storage.Micros(tx.Now.Add(time.Hour))); err != nil {
			return err
		}
		var id storage.ID
		err = tx.QueryRow(ctx, `SELECT id FROM application WHERE person_id = $1`, person).Scan(&id)
		application = id.String()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	there := "osh"
	if here == there {
		there = "bishkek"
	}
	search := "/ky/door/" + slug + "?q=" + url.QueryEscape("Канарей")
	hers := []string{
		search, "/ky/door/" + slug, "/ky/door/" + slug + "/phones", "/ky/staff/seminars/" + slug + "/applicants",
		"/ky/staff/seminars/" + slug + "/applicants/" + application, "/ky/people/" + person.String(),
		"/ky/people?q=" + url.QueryEscape("Канарей"),
	}
	for _, role := range []access.Role{access.Facilitator, access.FrontDesk} {
		stranger := h.atDoorOf(t, there, role)
		for _, path := range hers {
			status, body, _ := stranger.do(http.MethodGet, path, nil)
			if words := sung(body); words != nil || status == http.StatusOK {
				t.Errorf("the %s of %s reads %q in %s, status %d", role, there, words, path, status)
			}
		}
		form := url.Values{"nonce": {"canary-nonce"}, "kind": {"in"}, "application": {application}}
		if status, body, _ := stranger.do(http.MethodPost, "/ky/door/"+slug, form); status != http.StatusForbidden || sung(body) != nil {
			t.Errorf("the %s of %s lets her in: %d", role, there, status)
		}
		stranger.crawl("/ky/", func(path string, _ int, body string) {
			if words := sung(body); words != nil && !strings.Contains(path, "/demo/mailbox") {
				t.Errorf("the %s of %s reads %q in %s", role, there, words, path)
			}
		})

		// Who stands at her door finds her by name, and learns the name alone.
		own := h.atDoorOf(t, here, role)
		_, body, _ := own.do(http.MethodGet, search, nil)
		body = strings.ReplaceAll(body, canary.FullName, "")
		body = strings.ReplaceAll(body, `value="Канарей"`, "")
		found := strings.Contains(body, application)
		if words := sung(body); words != nil || !found {
			t.Errorf("the %s at her door finds her: %v, and reads %q", role, found, words)
		}
		for _, path := range hers[3:] {
			status, body, _ := own.do(http.MethodGet, path, nil)
			if words := sung(body); words != nil || status == http.StatusOK {
				t.Errorf("the %s at her door reads %q in %s, status %d", role, words, path, status)
			}
		}
	}
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
	}
}

// Who scores applications without names reads none on any page of the house, whichever address
// she types: every route is asked for with the seminar, the application and the person.
func TestAReviewerReadsNoNameAtAnyAddress(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, slug := plant(t, h)
	var application storage.ID
	v := h.asSomebody(t, "reviewer@example.org", "osh", func(ctx context.Context, tx *storage.Tx, reviewer storage.ID) error {
		a, err := programme.BySlug(ctx, tx, slug)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT id FROM application WHERE person_id = $1`, person).Scan(&application); err != nil {
			return err
		}
		return h.rooms.people.GiveHelpAwake(ctx, tx, people.Help{Person: reviewer, Role: access.Reviewer, Activity: a.ID, Begins: tx.Now, Ends: tx.Now.AddDate(0, 0, 30)})
	})
	if status, body, _ := v.do(http.MethodGet, "/ky/review/"+slug, nil); status != http.StatusOK || sung(body) != nil {
		t.Fatalf("her queue: %d, reads %q", status, sung(body))
	}
	place := regexp.MustCompile(`\{[^}]*\}`)
	asked := 0
	for _, route := range h.Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/live/") || strings.HasSuffix(route.Pattern, "/news") || strings.HasPrefix(route.Pattern, "/demo/mailbox") {
			continue // streams, and the mailbox that stands for the mail providers of all
		}
		for _, id := range []storage.ID{application, person} {
			path := place.ReplaceAllStringFunc(strings.ReplaceAll(route.Pattern, "{$}", ""), func(name string) string {
				if name == "{slug}" {
					return slug
				}
				return id.String()
			})
			if !route.Raw {
				path = "/ky" + strings.TrimSuffix(path, "/")
			}
			asked++
			if status, body, _ := v.do(http.MethodGet, path, nil); sung(body) != nil {
				t.Errorf("%s (%d) tells %q", path, status, sung(body))
			}
			if path == "/ky"+route.Pattern || path == route.Pattern {
				break // it names nothing
			}
		}
	}
	if asked < 150 {
		t.Errorf("%d addresses were asked for", asked)
	}
	// The test can fail: an address that is asked for shows her to who may see her.
	if _, body, _ := h.as(t, access.Coordinator).do(http.MethodGet, "/ky/staff/seminars/"+slug+"/applicants/"+application.String(), nil); sung(body) == nil {
		t.Error("the coordinator does not find the canary either")
	}
}

// unpacked gives what a backup without a key holds: after its head and its slots a gzip stream.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) < 256 {
		t.Fatal("the backup is not packed as it is said to be")
	}
	start := 256 + 128*binary.BigEndian.Uint64(raw[64:])
	in, err := gzip.NewReader(bytes.NewReader(raw[start:]))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestABackupHoldsNoNamesInClearAndWithAKeyNothingAtAll(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, _ := plant(t, h)
	shelf := t.TempDir()
	path := func(name string) string { return filepath.Join(shelf, name) }
	// look makes a backup and gives all that can be read of it.
	look := func(name, key string) (packed, plain string) {
		t.Helper()
		options := databaseOptions(h.config, h.keys)
		options.BackupKey = key
		store, err := storage.Open(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if err := store.Backup(t.Context(), path(name), files.All{Store: h.files}); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path(name))
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			return string(raw), ""
		}
		// Restored, also what the backup keeps as bytes can be read.
		restored := path(name + " restored")
		kept, err := files.New("", restored)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(restored, 0o700); err != nil {
			t.Fatal(err)
		}
		options.Path = filepath.Join(restored, "ashar.db")
		if _, err := storage.Restore(t.Context(), options, path(name), files.All{Store: kept}); err != nil {
			t.Fatal(err)
		}
		if err := filepath.WalkDir(restored, func(file string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(file)
			plain += string(raw)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return string(raw), plain + unpacked(t, path(name))
	}
	packed, plain := look("plain", "")
	if words := sung(packed + plain); words != nil {
		t.Errorf("a backup holds %q", words)
	}
	sealed, _ := look("sealed", "a key that nobody guesses")
	if words := sung(sealed); words != nil {
		t.Errorf("a sealed backup holds %q", words)
	}
	without := databaseOptions(h.config, h.keys)
	without.Path = path("without.db")
	if _, err := storage.Restore(t.Context(), without, path("sealed"), nil); !errors.Is(err, storage.ErrBackupKey) {
		t.Errorf("restored without its key: %v", err)
	}
	if err := h.People().EraseForGood(t.Context(), person, person); err != nil {
		t.Fatal(err)
	}
	packed, plain = look("after", "")
	if words := sung(packed + plain); words != nil {
		t.Errorf("a backup after her erasure holds %q", words)
	}
	// The test can fail: a name that somebody left in clear is found, but not behind the key.
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, "leak", canary.FullName)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, plain := look("leak", ""); sung(plain) == nil {
		t.Error("a name in clear is not found in a backup: the test proves nothing")
	}
	if sealed, _ := look("sealed leak", "a key that nobody guesses"); sung(sealed) != nil {
		t.Error("a name in clear is found behind the key")
	}
}

func TestNamesAreNotInClearOnTheDiskAndNowhereAfterErasure(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, _ := plant(t, h)
	search := func(when string) {
		t.Helper()
		err := filepath.WalkDir(h.dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if words := sung(string(raw)); words != nil {
				t.Errorf("%s: %s holds %q", when, filepath.Base(path), words)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	search("while she is known")
	if err := h.People().EraseForGood(t.Context(), person, person); err != nil {
		t.Fatal(err)
	}
	search("after erasure")
	h.as(t, access.Coordinator).crawlWhile("/ky/", wholeInOne("/ky/", 20), func(path string, _ int, body string) bool {
		if words := sung(body); words != nil {
			t.Errorf("after erasure the coordinator reads %q in %s", words, path)
		}
		return true
	})
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
	}
}

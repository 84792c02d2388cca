package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars"
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
		p, _, err := h.rooms.people.Register(ctx, tx, canary)
		person = p.ID
		if err != nil {
			return err
		}
		list, err := programme.List(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published})
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Group == canary.Group && !a.InvitationOnly && a.Opens.Before(tx.Now) && a.Deadline.After(tx.Now) {
				slug = a.Slug
				_, err := h.rooms.seminars.Apply(ctx, tx, seminars.Apply{
					Activity: a, Lang: i18n.Kyrgyz, Actor: access.Actor{Person: person},
					Answers: seminars.Answers{Values: map[string][]string{"name": {canary.FullName}, "phone": {canary.Phone}, "processing": {"on"}}},
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
	for _, role := range []access.Role{"", access.Participant, access.Deputy, access.Donor, access.Moderator} {
		v := h.as(t, role)
		for _, start := range []string{"/ky/", "/ru/", "/en/"} {
			v.crawl(start, func(path string, _ int, body string) {
				// The demo's mailbox stands for the mail providers of all its invented people.
				if words := sung(body); words != nil && !strings.Contains(path, "/demo/mailbox") {
					t.Errorf("%q reads %q in %s", role, words, path)
				}
			})
		}
	}
	// The test can fail: the coordinator does see her.
	seen := false
	h.as(t, access.Coordinator).crawl("/ky/", func(_ string, _ int, body string) { seen = seen || sung(body) != nil })
	if !seen {
		t.Error("the coordinator does not find the canary either: the test proves nothing")
	}
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
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
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return h.rooms.people.Erase(ctx, tx, person, person)
	}); err != nil {
		t.Fatal(err)
	}
	search("after erasure")
	v := h.as(t, access.Coordinator)
	v.crawl("/ky/", func(path string, _ int, body string) {
		if words := sung(body); words != nil {
			t.Errorf("after erasure the coordinator reads %q in %s", words, path)
		}
	})
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
	}
}

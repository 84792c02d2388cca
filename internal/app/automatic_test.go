package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// notAutomatic are the kinds of messages that no timetable of an activity shows, and why.
var notAutomatic = map[string]string{
	"seminars.mailing":     "staff write it",
	"seminars.mailing_try": "staff try what they write",
	"seminars.changed":     "sent by earlier versions; the words stay for who reads her old messages",
}

// TestEveryMessageThatGoesByItselfStandsOnATimetable asks for all kinds of messages that have
// words: each is one of an application, of a manifest, or about no activity.
func TestEveryMessageThatGoesByItselfStandsOnATimetable(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	catalogue, err := i18n.Load(h.catalogues()...)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, m := range (seats.Seminar{ReconfirmDays: 7, Companions: true}).Messages() {
		shown[m.Kind] = true
	}
	for _, m := range h.Manifests() {
		for _, a := range m.Automatic {
			shown[a.Kind] = true
			for _, l := range i18n.Languages {
				for _, key := range []string{a.Text, a.When, a.To, "notice." + a.Kind + ".subject"} {
					if !catalogue.Printer(l).Has(key) {
						t.Errorf("%s has no %q in %s", a.Kind, key, l)
					}
				}
			}
		}
	}
	about := kindsAboutActivities(t)
	looked := 0
	for _, key := range catalogue.Keys(i18n.English) {
		kind, is := strings.CutPrefix(strings.TrimSuffix(key, ".subject"), "notice.")
		if !is || !strings.HasSuffix(key, ".subject") {
			continue
		}
		looked++
		room, _, _ := strings.Cut(kind, ".")
		switch {
		case shown[kind]:
			delete(shown, kind)
		case notAutomatic[kind] != "":
		case slices.Contains(about, room):
			t.Errorf("messages of the kind %s are sent about an activity, and its timetable does not list them", kind)
		}
	}
	for kind := range shown {
		t.Errorf("the timetable lists %s, which no message is", kind)
	}
	if looked < 25 {
		t.Errorf("only %d kinds of messages were looked at", looked)
	}
}

// kindsAboutActivities are the rooms whose code names an activity in a message.
func kindsAboutActivities(t *testing.T) (rooms []string) {
	names := regexp.MustCompile(`(?s)messages\.Notice\{.{0,600}?\n?.{0,200}?Activity: `)
	for _, root := range []string{"../modules", "../spine"} {
		if err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			src, err := os.ReadFile(path)
			if err == nil && names.Match(src) {
				rel, _ := filepath.Rel(root, path)
				for _, room := range strings.Split(filepath.ToSlash(filepath.Dir(rel)), "/") { // a room within a room, too
					if !slices.Contains(rooms, room) {
						rooms = append(rooms, room)
					}
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"seminars", "team", "followup", "next"} {
		if !slices.Contains(rooms, want) {
			t.Fatalf("%s is not found among %v, so this proves nothing", want, rooms)
		}
	}
	return rooms
}

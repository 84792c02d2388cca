package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

var errTakenBack = errors.New("the test takes it back")

func (k *call) note(by access.Actor, app storage.ID, words string) error {
	return k.try(func(ctx context.Context, tx *storage.Tx) error {
		return k.Reviews.AddNote(ctx, tx, review.AddNote{Actor: by, Activity: k.a.ID, Application: app, Words: words})
	})
}

func (k *call) tag(app storage.ID, tag string, off bool) error {
	return k.try(func(ctx context.Context, tx *storage.Tx) error {
		return k.Reviews.SetTag(ctx, tx, review.SetTag{Actor: k.staff, Activity: k.a.ID, Application: app, Tag: tag, Off: off})
	})
}

func (k *call) tagsOf(app storage.ID) (tags []string) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		one, err := seats.ApplicationByID(ctx, tx, app)
		if err != nil {
			return err
		}
		tags, err = k.Reviews.TagsOf(ctx, tx, one)
		return err
	})
	return tags
}

func (k *call) notesOf(app storage.ID) (notes []review.Note) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		one, err := seats.ApplicationByID(ctx, tx, app)
		if err != nil {
			return err
		}
		notes, err = k.Reviews.NotesOf(ctx, tx, one)
		return err
	})
	return notes
}

func (k *call) exportOf(person storage.ID) string {
	k.Helper()
	var text []byte
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		sections, err := k.Manifest().Export(ctx, tx, person)
		if err == nil {
			text, err = json.Marshal(sections)
		}
		return err
	})
	return string(text)
}

// A note is its author's and the applicant's: nobody changes it, its author alone deletes it,
// she reads it in her export, and it goes with her.
func TestANoteIsKeptForTheApplicantAndDeletedByItsAuthorAlone(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(4, 1)), 3)
		other, far := k.somebody(""), k.somebody("naryn")
		her := stateOf(t, k.Module, ids[0]).Person
		const words = "Былтыр келген, абдан активдүү"
		if err := k.note(k.staff, ids[0], "  "+words+" \n"); err != nil {
			t.Fatal(err)
		}
		c.Pass(time.Minute)
		if err := k.note(other, ids[0], "Экинчи пикир"); err != nil {
			t.Fatal(err)
		}
		notes := k.notesOf(ids[0])
		if len(notes) != 2 || notes[0].Words != words || notes[0].By != k.staff.Person || notes[1].By != other.Person {
			t.Fatalf("%+v", notes)
		}
		for name, want := range map[string]fault.Code{"": fault.Invalid, " \n ": fault.Invalid, strings.Repeat("ө", review.LongestNote+1): fault.Invalid} {
			if err := k.note(k.staff, ids[0], name); !fault.Is(err, want) {
				t.Errorf("%d letters: %v", len([]rune(name)), err)
			}
		}
		if err := k.note(k.staff, ids[1], strings.Repeat("ө", review.LongestNote)); err != nil {
			t.Errorf("the longest: %v", err)
		}
		if err := k.note(far, ids[0], "Башка шаардан"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("of another city: %v", err)
		}
		if err := k.note(k.staff, storage.RandomID(start), "Эч кимге"); !fault.Is(err, fault.NotFound) {
			t.Errorf("of nobody: %v", err)
		}
		drop := func(by access.Actor, app, note storage.ID) error {
			return k.try(func(ctx context.Context, tx *storage.Tx) error {
				return k.Reviews.DropNote(ctx, tx, review.DropNote{Actor: by, Activity: k.a.ID, Application: app, Note: note})
			})
		}
		if err := drop(other, ids[0], notes[0].ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another deletes it: %v", err)
		}
		if err := drop(k.staff, ids[1], notes[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("of another application: %v", err)
		}
		if export := k.exportOf(her); !strings.Contains(export, words) || !strings.Contains(export, "Экинчи пикир") || strings.Contains(export, k.staff.Person.String()) {
			t.Errorf("her export: %s", export)
		}
		// One at once, and nobody else's.
		if err := drop(other, ids[0], notes[1].ID); err != nil {
			t.Error(err)
		}
		if left := k.notesOf(ids[0]); len(left) != 1 || left[0].ID != notes[0].ID {
			t.Errorf("%+v", left)
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action IN ('seminars.audit.noted', 'seminars.audit.note_dropped')`, her); n != 3 {
			t.Errorf("her log has %d lines", n)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, k.staff.Person) })
		if left := k.notesOf(ids[0]); len(left) != 1 || !left[0].By.IsZero() {
			t.Errorf("an erased author: %+v", left)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, her) })
		if n := count(t, k.Module, `SELECT COUNT(*) FROM application_note WHERE application_id = $1`, ids[0]); n != 0 {
			t.Errorf("%d notes of an erased person", n)
		}
	})
}

func TestAnApplicationHasSoManyNotesAndNoMore(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		app := k.crowd(rand.New(rand.NewPCG(4, 2)), 1)[0]
		for i := range review.MostNotes - 3 {
			if err := k.note(k.staff, app, fmt.Sprintf("Жазуу %d", i)); err != nil {
				t.Fatal(err)
			}
		}
		var refused atomic.Int64
		crowd(t, 8, 8, func(i int) error {
			err := k.note(k.staff, app, fmt.Sprintf("Чогуу %d", i))
			if fault.Is(err, fault.Conflict) {
				refused.Add(1)
				return nil
			}
			return err
		})
		if n := count(t, k.Module, `SELECT COUNT(*) FROM application_note`); n != review.MostNotes || refused.Load() != 5 {
			t.Errorf("%d notes, %d refused", n, refused.Load())
		}
	})
}

// Whatever is put and taken off by whom at once, an application has each tag once and at most
// so many, and nothing of them lies open.
func TestTagsAreAFewDifferentWords(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		apps := k.crowd(rand.New(rand.NewPCG(4, 3)), 2)
		var refused atomic.Int64
		crowd(t, 6, review.MostTags+6, func(i int) error {
			err := k.tag(apps[0], fmt.Sprintf("Белги %d", i), false)
			if fault.Is(err, fault.Conflict) {
				refused.Add(1)
				return nil
			}
			return err
		})
		if tags := k.tagsOf(apps[0]); len(tags) != review.MostTags || refused.Load() != 6 {
			t.Errorf("%q, %d refused", tags, refused.Load())
		}
		rapid.Check(t, func(r *rapid.T) {
			for _, tag := range k.tagsOf(apps[1]) {
				if err := k.tag(apps[1], tag, true); err != nil {
					r.Fatal(err)
				}
			}
			var model []string
			for range rapid.IntRange(1, 8).Draw(r, "acts") {
				tag := rapid.SampledFrom([]string{"Жаш лидер", "жаш  ЛИДЕР", "Дебат", "Ыктыярчы", " дебат "}).Draw(r, "tag")
				off := rapid.Bool().Draw(r, "off")
				if err := k.tag(apps[1], tag, off); err != nil {
					r.Fatal(err)
				}
				key := strings.ToLower(strings.Join(strings.Fields(tag), " "))
				model = slices.DeleteFunc(model, func(m string) bool { return off && m == key })
				if !off && !slices.Contains(model, key) {
					model = append(model, key)
				}
			}
			var have []string
			for _, tag := range k.tagsOf(apps[1]) {
				have = append(have, strings.ToLower(tag))
			}
			slices.Sort(have)
			slices.Sort(model)
			if !slices.Equal(have, model) {
				r.Fatalf("%q, not %q", have, model)
			}
		})
		for _, wrong := range []string{"", "  ", strings.Repeat("ү", review.LongestTag+1)} {
			if err := k.tag(apps[1], wrong, false); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		her := stateOf(t, k.Module, apps[0]).Person
		if export := k.exportOf(her); !strings.Contains(export, "Белги 0") && !strings.Contains(export, "Белги 1") {
			t.Errorf("her export: %s", export)
		}
		if store.Dialect() == storage.SQLite {
			if n := count(t, k.Module, `SELECT COUNT(*) FROM application_tags WHERE CAST(tags AS TEXT) LIKE '%Белги%'`); n != 0 {
				t.Error("tags lie open")
			}
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, her) })
		if n := count(t, k.Module, `SELECT COUNT(*) FROM application_tags WHERE application_id = $1`, apps[0]); n != 0 {
			t.Error("tags of an erased person")
		}
	})
}

var nextLink = regexp.MustCompile(`rel="next" href="([^"]*)"`)

// From the first of a list the links lead through all of it, in its order and narrowed as it
// is, and back.
func TestTheLinksOfAnApplicationLeadThroughTheListThatItWasOpenedFrom(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(4, 4)), 22)
		tagged := map[string]bool{}
		for i, id := range ids {
			if i%3 == 0 {
				if err := k.tag(id, "Жаш лидер", false); err != nil {
					t.Fatal(err)
				}
				tagged[id.String()] = true
			}
		}
		staff := &browser{t: t, base: serve(t, k.Module, c), staff: true}
		const list = "/en/staff/seminars/osh/applicants"
		row := regexp.MustCompile(`href="(` + list + `/([0-9a-f-]{36})[^"]*)"`)
		for _, view := range []string{"", "?sex=female", "?tag=" + review.TagKey("жаш ЛИДЕР")} {
			var want []string
			first := ""
			for page := 1; ; page++ {
				sign := map[bool]string{true: "&", false: "?"}[strings.Contains(view, "?")]
				_, text, _ := staff.do("GET", fmt.Sprintf("%s%s%spage=%d", list, view, sign, page), nil)
				before := len(want)
				for _, m := range row.FindAllStringSubmatch(text, -1) {
					if first == "" {
						first = m[1]
					}
					if !slices.Contains(want, m[2]) {
						want = append(want, m[2])
					}
				}
				if len(want) == before || len(want) < page*perPage {
					break
				}
			}
			if view == "" && len(want) != len(ids) || strings.HasPrefix(view, "?tag") && len(want) != len(tagged) || len(want) < 2 {
				t.Fatalf("%s lists %d", view, len(want))
			}
			var got []string
			for at := first; at != ""; {
				status, text, _ := staff.do("GET", strings.ReplaceAll(at, "&amp;", "&"), nil)
				if status != 200 {
					t.Fatalf("%s: %d", at, status)
				}
				u, _ := url.Parse(at)
				got = append(got, u.Path[strings.LastIndex(u.Path, "/")+1:])
				if !strings.Contains(text, fmt.Sprintf("%d / %d", len(got), len(want))) || (len(got) > 1) != strings.Contains(text, `rel="prev"`) {
					t.Errorf("%s: number %d of %d", view, len(got), len(want))
				}
				at = ""
				if m := nextLink.FindStringSubmatch(text); m != nil && len(got) < 99 {
					at = m[1]
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: the links lead through %d, the list has %d", view, len(got), len(want))
			}
		}
		// Who has left the list that she is looked through in leads on all the same.
		last := stateOf(t, k.Module, ids[3])
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: seats.Declined, Seen: map[storage.ID]int64{last.ID: last.Version}})
			return err
		})
		_, text, _ := staff.do("GET", list+"/"+last.ID.String()+"?state=applied", nil)
		if m := nextLink.FindStringSubmatch(text); m == nil || !strings.Contains(m[1], ids[4].String()) || !strings.Contains(m[1], "state=applied") {
			t.Errorf("the next is %q", m)
		}
	})
}

// The list says of whom nothing is heard by the same rule as the lists of calls.
func TestWhomNoMessageReachesStandsInTheListAsInTheListOfCalls(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 9 }, func(s stage) {
		phone, _ := s.apply(s.browser(), "q_name", "By phone", "q_email", "", "q_phone", "0555 00 00 01")
		letter, _ := s.apply(s.browser(), "q_name", "By letter", "q_email", "letter@example.kg", "q_phone", "0555 00 00 02")
		bounced, _ := s.apply(s.browser(), "q_name", "Bounced", "q_email", "bounced@example.kg")
		proven, _ := s.apply(s.browser(), "q_name", "Proven", "q_email", "proven@example.kg")
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := proveEmail(ctx, tx, s.m, proven.Person); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO message (id, person_id, activity_id, kind, state, made_at, due_at, moved_at)
				VALUES ($1, $2, $3, 'seminars.received', 'failed', $4, $4, $4)`, tx.NewID(), bounced.Person, s.a.ID, storage.Micros(tx.Now))
			return err
		})
		var far map[storage.ID]seats.CallReason
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			var all []seats.Applicant
			for _, id := range []storage.ID{phone.ID, letter.ID, bounced.ID, proven.ID} {
				app, err := seats.ApplicationByID(ctx, tx, id)
				if err != nil {
					return err
				}
				all = append(all, seats.Applicant{Application: app})
			}
			var err error
			far, err = s.m.OutOfReach(ctx, tx, s.a, all)
			return err
		})
		if len(far) != 2 || far[phone.ID] != seats.NoOtherWay || far[bounced.ID] != seats.NotArrived {
			s.t.Errorf("out of reach: %v", far)
		}
		staff := &browser{t: s.t, base: s.url, staff: true}
		_, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants?unheard=yes", nil)
		if n := strings.Count(page, `name="chosen"`); n != 2 || !strings.Contains(page, "By phone") || !strings.Contains(page, "Bounced") {
			s.t.Errorf("the list has %d", n)
		}
		_, page, _ = staff.do("GET", "/en/staff/seminars/osh/applicants/"+phone.ID.String(), nil)
		if !strings.Contains(page, "only a call is left") {
			s.t.Error("her page does not say so")
		}
		calls, names := s.calls(staff)
		if !slices.Contains(names, "By phone") || calls == "" {
			s.t.Errorf("to be called are %q", names)
		}
	})
}

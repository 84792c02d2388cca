package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/roster"
)

// planted tells for each manifest that keeps something of people how it comes to: with
// her words where it keeps words.
var planted = map[string]func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error{
	"messages": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		return c.rooms.messages.Send(ctx, tx, messages.Notice{
			To: p.ID, Kind: "seminars.cancelled", Activity: c.at.ID, Path: "/my",
			Args: map[string]any{"activity": c.at.Title, "when": c.at.Starts, "where": "", "reason": "Себеп: " + p.FullName},
		})
	},
	"newsroom": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		_, _, err := (&newsroom.Module{People: c.rooms.people}).Ask(ctx, tx, newsroom.Ask{
			Actor: access.Actor{Person: p.ID}, Mark: people.NewToken(), Lang: i18n.Kyrgyz, Asked: newsroom.Asked{From: newsroom.FromPress, Words: p.FullName},
		})
		if err != nil {
			return err
		}
		// A release is on its way to the press list, and has come as far as her.
		r, err := (&newsroom.Module{Store: c.store}).WriteRelease(ctx, tx, newsroom.WriteRelease{Actor: c.everywhere(access.Coordinator), Write: func(r newsroom.Release) (newsroom.Release, error) {
			r.Activity = c.at.ID
			r.Texts.Title, r.Texts.Body = i18n.Text{Ky: "Жаңылык", Ru: "Новость", En: "News"}, i18n.Text{Ky: "Окуя", Ru: "Событие", En: "Event"}
			return r, nil
		}})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO news_mailing (release_id, state, at_once, after_id) VALUES ($1, 'sending', TRUE, $2)`, r.ID, p.ID)
		return err
	},
	"seminars": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		_, err := c.rooms.seminars.Apply(ctx, tx, seats.Apply{
			Activity: c.at.ID, Lang: i18n.Kyrgyz, Actor: access.Actor{Person: p.ID}, Answers: forms.Answers{
				Values: map[string][]string{"name": {p.FullName}, "email": {p.Email}, "processing": {"on"}},
				Files:  map[string]forms.Upload{"cv": {Name: p.FullName + ".pdf", Type: files.PDF, Data: onePixel}},
			},
		})
		if err != nil {
			return err
		}
		// She was refused and asked why, and was answered.
		var id storage.ID
		if err := tx.QueryRow(ctx, `SELECT id FROM application WHERE activity_id = $1 AND person_id = $2`, c.at.ID, p.ID).Scan(&id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE application SET state = 'declined' WHERE id = $1`, id); err != nil {
			return err
		}
		// Staff have parted her from another, for a reason that is not hers to read.
		why := p.Seal([]byte("Бөлүндү: " + p.FullName))
		if _, err := tx.Exec(ctx, `INSERT INTO companion_parted (pair_id, application_id, side, agreed_at, until_at, state, reason, by_person, at, told_at)
			VALUES ($1, $2, 1, $3, $3, 'applied', $4, $5, $3, $3)`, tx.NewID(), id, storage.Micros(tx.Now), why, c.chief.person); err != nil {
			return err
		}
		if err := c.rooms.seminars.AskWhy(ctx, tx, id, "Эмне үчүн, "+p.FullName); err != nil {
			return err
		}
		chief := c.everywhere(access.Coordinator)
		chief.Person = c.chief.person
		return c.rooms.seminars.AnswerWhy(ctx, tx, seats.AnswerWhy{Activity: c.at.ID, Application: id, Actor: chief, Words: "Жооп: " + p.FullName})
	},
	"next": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		_, err := tx.Exec(ctx, `INSERT INTO next_wish (person_id, city, kind, made_at) VALUES ($1, 'osh', 'any', $2)`, p.ID, storage.Micros(tx.Now))
		return err
	},
	"followup": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		answers, err := forms.Answers{Values: map[string][]string{"allergy": {p.FullName}, "food": {"2"}, "needs": {"1", "5"}}}.Encode()
		if err != nil {
			return err
		}
		app, now := tx.NewID(), storage.Micros(tx.Now)
		if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, answers, facts, version, made_at, changed_at, proven_at, held_until)
			VALUES ($1, $2, $3, 'confirmed', 0, 0, '', $4, 0, 1, $5, $5, $5, 0)`, app, storage.RandomID(tx.Now), p.ID, p.Seal([]byte(`{}`)), now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO followup_answer (application_id, person_id, answers, version, answered_at, changed_at)
			VALUES ($1, $2, $3, 1, $4, $4)`, app, p.ID, p.Seal(answers), now)
		return err
	},
	"sheets": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		_, err := tx.Exec(ctx, `INSERT INTO sheet_fare (activity_id, person_id, som) VALUES ($1, $2, 700)`, c.at.ID, p.ID)
		return err
	},
	"signed": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		app, now := tx.NewID(), storage.Micros(tx.Now)
		if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, answers, facts, version, made_at, changed_at, proven_at, held_until)
			VALUES ($1, $2, $3, 'attended', 0, 0, '', $4, 0, 1, $5, $5, $5, 0)`, app, storage.RandomID(tx.Now), p.ID, p.Seal([]byte(`{}`)), now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO signed_reading (id, activity_id, day, place, reader, begun_at, version)
			VALUES ($1, $2, '2026-05-04', 1, $3, $4, 1)`, tx.NewID(), c.at.ID, p.ID, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO attendance_signed (application_id, day, noted_at) VALUES ($1, '2026-05-04', $2)`, app, now)
		return err
	},
	"conflicts": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		app, now := tx.NewID(), storage.Micros(tx.Now)
		if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, answers, facts, version, made_at, changed_at, proven_at, held_until)
			VALUES ($1, $2, $3, 'attended', 0, 0, '', $4, 0, 1, $5, $5, $5, 0)`, app, storage.RandomID(tx.Now), p.ID, p.Seal([]byte(`{}`)), now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO door_decision (id, activity_id, kind, subject, application_id, choice, reason, by_person, at)
			VALUES ($1, $2, 'entry', $3, $4, 'take', $5, $6, $7)`, tx.NewID(), c.at.ID, tx.NewID(), app, p.Seal([]byte("Жаңылыштык: "+p.FullName)), p.ID, now); err != nil {
			return err
		}
		// As staff she has decided on something that is nobody's.
		_, err := tx.Exec(ctx, `INSERT INTO door_decision (id, activity_id, kind, subject, choice, by_person, at)
			VALUES ($1, $2, 'codes', $3, 'seen', $4, $5)`, tx.NewID(), c.at.ID, tx.NewID(), p.ID, now)
		return err
	},
	"runsheet": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		now := storage.Micros(tx.Now)
		if _, err := tx.Exec(ctx, `INSERT INTO run_plan (activity_id, version, changed_by, changed_at) VALUES ($1, 1, $2, $3)`, c.at.ID, p.ID, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO run_mark (id, activity_id, nonce, kind, step, from_step, minutes, at, device, by_person, taken_at)
			VALUES ($1, $2, 'a-mark-of-hers-1', 'begin', '', '', 0, 0, $3, $4, $5)`, tx.NewID(), c.at.ID, "person "+p.ID.String(), p.ID, now)
		return err
	},
	"exports": func(ctx context.Context, tx *storage.Tx, _ *set, p people.Person) error {
		now := storage.Micros(tx.Now)
		_, err := tx.Exec(ctx, `INSERT INTO list_export (id, person_id, slot, kind, lang, columns, reach, made_at, moved_at, ends_at)
			VALUES ($1, $2, 1, 'people', 'ky', '[]', '', $3, $3, $4)`, tx.NewID(), p.ID, now, now+int64(time.Hour/time.Microsecond))
		return err
	},
	"programme": func(ctx context.Context, tx *storage.Tx, c *set, p people.Person) error {
		_, err := tx.Exec(ctx, `UPDATE activity SET facilitator_id = $1 WHERE id = $2`, p.ID, c.at.ID)
		return err
	},
}

// withoutExport are manifests that erase and give nothing into her archive, each with its reason.
var withoutExport = map[string]string{
	"programme": "it keeps of a person that she leads an activity, which the activity shows to everybody",
	"runsheet":  "it keeps of staff that they planned, lead or ran the steps of a day, and nothing of those who take part",
}

// withoutWords are manifests whose part of her archive holds no word of hers, each with its reason.
var withoutWords = map[string]string{
	"exports": "it tells which tables of a list she asked for, and when",
	"next":    "it tells of which cities she wanted to be told",
	"signed":  "it tells on which days she signed",
	"sheets":  "it tells the fares that were set for her",
}

// naming counts the cells of all tables that hold a person's id, by table.
func naming(t *testing.T, s *stage, person storage.ID) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, row := range rowsOf(t, s.Store()) {
		for _, c := range row {
			if raw, ok := c.value.([]byte); ok && bytes.Equal(raw, person[:]) {
				out[c.table]++
			}
			if text, ok := c.value.(string); ok && strings.Contains(text, person.String()) {
				out[c.table]++
			}
		}
	}
	return out
}

// TestEachExportGivesWhatIsHersAndEachEraserTakesItAway walks the exports and erasers of
// all manifests: her words come out of each export and out of nobody else's, and what an
// eraser leaves behind names her no more, and takes nothing of somebody else.
func TestEachExportGivesWhatIsHersAndEachEraserTakesItAway(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		hers, others := s.set(s.guest(), false), s.set(s.guest(), false)
		var her, other people.Person
		s.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if her, err = s.rooms.people.Register(ctx, tx, canary); err != nil {
				return err
			}
			if other, err = s.register(ctx, tx, "Бермет"); err != nil {
				return err
			}
			for _, m := range s.Manifests() {
				plant := planted[m.Name]
				if plant == nil {
					continue
				}
				if err := errors.Join(plant(ctx, tx, hers, her), plant(ctx, tx, others, other)); err != nil {
					return err
				}
			}
			return nil
		})
		export := func(give func(context.Context, *storage.Tx, storage.ID) (map[string]any, error), person storage.ID) string {
			var text []byte
			s.write(func(ctx context.Context, tx *storage.Tx) error {
				sections, err := give(ctx, tx, person)
				if fault.Is(err, fault.NotFound) {
					return nil
				}
				if err == nil {
					text, err = json.Marshal(sections)
				}
				return err
			})
			return string(text)
		}
		exports := map[string]func(context.Context, *storage.Tx, storage.ID) (map[string]any, error){"people": s.rooms.people.Export}
		for _, m := range s.Manifests() {
			if m.Export != nil {
				exports[m.Name] = m.Export
			}
			if (m.Export != nil || m.Erase != nil) && planted[m.Name] == nil {
				t.Errorf("%s keeps something of people and the test plants nothing there", m.Name)
			}
			if m.Erase != nil && m.Export == nil && withoutExport[m.Name] == "" {
				t.Errorf("%s erases and exports nothing, for no reason", m.Name)
			}
			if m.Export != nil && m.Erase == nil {
				t.Errorf("%s exports and does not erase", m.Name)
			}
		}
		for name, give := range exports {
			if withoutWords[name] != "" {
				if len(export(give, her.ID)) <= len("null") {
					t.Errorf("the export of %s says nothing", name)
				}
			} else if sung(export(give, her.ID)) == nil {
				t.Errorf("the export of %s does not hold her words", name)
			}
			if words := sung(export(give, other.ID)); words != nil {
				t.Errorf("the export of %s gives somebody else %q", name, words)
			}
		}
		ofOther := naming(t, s, other.ID)
		for _, m := range s.Manifests() {
			if m.Erase == nil {
				continue
			}
			before := naming(t, s, her.ID)
			s.write(func(ctx context.Context, tx *storage.Tx) error { return m.Erase(ctx, tx, her.ID) })
			after := naming(t, s, her.ID)
			if !slices.ContainsFunc(slices.Collect(maps.Keys(before)), func(table string) bool { return after[table] < before[table] }) {
				t.Errorf("the eraser of %s takes nothing of hers: %v, then %v", m.Name, before, after)
			}
			if m.Export != nil {
				if withoutWords[m.Name] != "" && export(m.Export, her.ID) != "null" {
					t.Errorf("the export of %s says after its eraser %s", m.Name, export(m.Export, her.ID))
				}
				if words := sung(export(m.Export, her.ID)); words != nil {
					t.Errorf("the export of %s gives %q after its eraser", m.Name, words)
				}
			}
		}
		// What is left is the room of people's own.
		left := naming(t, s, her.ID)
		for table := range left {
			if !slices.Contains([]string{"person", "person_name_part", "contact", "consent", "audit_entry", "person_link"}, table) {
				t.Errorf("the erasers of the modules leave her in %s", table)
			}
		}
		if err := s.People().EraseForGood(t.Context(), s.chief.person, her.ID); err != nil {
			t.Fatal(err)
		}
		for table, n := range naming(t, s, her.ID) {
			if table != "person_erased" {
				t.Errorf("%d cells of %s name her after her erasure", n, table)
			}
		}
		for table, n := range ofOther {
			if now := naming(t, s, other.ID)[table]; now != n {
				t.Errorf("%s held %d cells of somebody else, now %d", table, n, now)
			}
		}
	})
}

// Whatever is kept of somebody is read in words, in each language: of everybody in the
// demo, and of one of whom each room keeps something.
func TestWhatIsKeptIsReadInWords(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, a *App, archive map[string]any) {
		t.Helper()
		raw, err := json.Marshal(archive)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range i18n.Languages {
			sections, unknown, err := roster.Read(roster.Reading{Say: a.Texts(l), Lang: l, Reads: a.rooms.people.Reads()}, raw)
			if err != nil {
				t.Fatal(err)
			}
			if len(unknown) > 0 {
				t.Fatalf("%s has no words for %q", l, unknown)
			}
			if len(sections) != len(archive) {
				t.Fatalf("%d sections of %d are read", len(sections), len(archive))
			}
		}
	}
	t.Run("demo", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t)
		if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			everybody, err := h.rooms.people.Search(ctx, tx, people.Query{})
			if err != nil {
				return err
			}
			if len(everybody) < 50 {
				t.Errorf("%d people in the demo", len(everybody))
			}
			for _, p := range everybody {
				archive, err := h.rooms.people.Export(ctx, tx, p.ID)
				if err != nil {
					return err
				}
				read(t, h.App, archive)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
	eachStage(t, func(t *testing.T, s *stage) {
		c := s.set(s.guest(), false)
		s.write(func(ctx context.Context, tx *storage.Tx) error {
			her, err := s.rooms.people.Register(ctx, tx, canary)
			if err != nil {
				return err
			}
			for _, m := range s.Manifests() {
				if plant := planted[m.Name]; plant != nil {
					if err := plant(ctx, tx, c, her); err != nil {
						return err
					}
				}
			}
			archive, err := s.rooms.people.Export(ctx, tx, her.ID)
			if err == nil {
				read(t, s.App, archive)
			}
			return err
		})
	})
}

package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
	"platforma.kg/ashar/internal/modules/seminars/wording"
)

// sight shows a message as it is kept.
func (w *clockwork) sight(name string) (s timetable.Sight) {
	w.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		s, err = w.Table.One(ctx, tx, w.staff, w.a, name, nil)
		return err
	})
	return s
}

// ownWords are words that hold all that the house says in a message, in some languages.
func ownWords(h wording.House, in ...i18n.Language) (out wording.Whole) {
	for _, l := range in {
		wording.Set(&out.Subject, l, fmt.Sprintf("Тема %s: {activity}", l))
		wording.Set(&out.Body, l, fmt.Sprintf("Өз сөз %s. {name}\r\n\r\n%s\n\n{link}", l, h.Body.Exactly(l)))
	}
	return out
}

// TestWhatStaffWriteStandsInPlaceOfTheHousesWordsInItsLanguages rewords every message in thrown
// languages, and takes it back by one press.
func TestWhatStaffWriteStandsInPlaceOfTheHousesWordsInItsLanguages(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(8, 9))
		w := newClockwork(t, store, c, 0)
		setUp(t, w.Module, w.a, `companions = TRUE`)
		venue := i18n.Text{Ky: "Үй", Ru: "Дом", En: "House"}
		w.a.Venue = venue
		w.Calendar = diary{w.a}
		for _, message := range (seats.Seminar{ReconfirmDays: 7, Companions: true}).Messages() {
			if message.Name == seats.ThirdDay || message.Name == seats.LastDay {
				continue // of the same kind as the first
			}
			house := w.sight(message.Name)
			in := slices.DeleteFunc(slices.Clone(i18n.Languages[:]), func(i18n.Language) bool { return r.IntN(2) == 0 })
			if len(in) == 0 {
				in = i18n.Languages[:1]
			}
			err := w.change(message.Name, func(cmd *timetable.Change) { cmd.Words = ownWords(house.House, in...) })
			if message.Fixed != "" {
				if !fault.Is(err, fault.Invalid) {
					t.Errorf("%s was reworded: %v", message.Name, err)
				}
				continue
			}
			w.must(err)
			got := w.sight(message.Name)
			for _, l := range i18n.Languages {
				now, before := got.Letters[l], house.Letters[l]
				text := now.Subject + "|" + strings.Join(now.Paragraphs, "|")
				if own := strings.Contains(text, "Өз сөз"); own != slices.Contains(in, l) {
					t.Errorf("%s in %s, written in %v: %q", message.Name, l, in, text)
				}
				if !slices.Contains(in, l) && text != before.Subject+"|"+strings.Join(before.Paragraphs, "|") {
					t.Errorf("%s in %s is not the house's: %q", message.Name, l, text)
				}
				if slices.Contains(in, l) && !strings.Contains(text, strings.Join(before.Paragraphs, "|")) {
					t.Errorf("%s in %s: the places are not filled as the house fills them: %q", message.Name, l, text)
				}
				if strings.ContainsAny(text, "{}") || now.Action != before.Action || !slices.Equal(now.Foot, before.Foot) || now.Hello != before.Hello {
					t.Errorf("%s in %s: %+v, before %+v", message.Name, l, now, before)
				}
			}
			if len(got.Stale) != 0 {
				t.Errorf("%s is stale at once", message.Name)
			}
			if strings.Contains(house.House.Body.Ky, "{place}") { // as long as there is no place, the house speaks
				w.a.Venue = i18n.Text{}
				for l, letter := range w.sight(message.Name).Letters {
					if strings.Contains(strings.Join(letter.Paragraphs, "|"), "Өз сөз") {
						t.Errorf("%s in %s names no place", message.Name, l)
					}
				}
				w.a.Venue = venue
			}
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				return w.Table.Restore(ctx, tx, w.staff, w.a.ID, message.Name, got.Setting.Version)
			})
			if back := w.sight(message.Name); !back.Words.Empty() || back.Letters[i18n.Russian].Subject != house.Letters[i18n.Russian].Subject {
				t.Errorf("%s: %+v", message.Name, back.Words)
			}
		}
	})
}

func TestWordsWithoutWhatTheMessageIsForAreRefused(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 0)
		house := w.sight("invited").House
		for what, one := range map[string]struct {
			field, key string
			edit       func(*wording.Whole)
		}{
			"no deadline": {"body_ru", "seminars.timetable.fault.needs", func(x *wording.Whole) { x.Body.Ru = strings.ReplaceAll(x.Body.Ru, "{until}", "") }},
			"no day":      {"body_ky", "seminars.timetable.fault.needs", func(x *wording.Whole) { x.Body.Ky = strings.ReplaceAll(x.Body.Ky, "{day}", "") }},
			"of another":  {"body_en", "seminars.mailing.fault.variable", func(x *wording.Whole) { x.Body.En += " {reason}" }},
			"unknown":     {"subject_en", "seminars.mailing.fault.variable", func(x *wording.Whole) { x.Subject.En += " {age}" }},
			"an ending":   {"body_ky", "seminars.mailing.fault.glued", func(x *wording.Whole) { x.Body.Ky += " {name}га" }},
			"no subject":  {"subject_ru", "fault.required", func(x *wording.Whole) { x.Subject.Ru = " " }},
			"no text":     {"body_ru", "fault.required", func(x *wording.Whole) { x.Body.Ru = "" }},
			"a long one":  {"body_en", "seminars.mailing.fault.long", func(x *wording.Whole) { x.Body.En += strings.Repeat("a", wording.MostBody) }},
			"a long head": {"subject_en", "seminars.mailing.fault.long", func(x *wording.Whole) { x.Subject.En = strings.Repeat("a", wording.MostSubject+1) }},
		} {
			words := ownWords(house, i18n.Languages[:]...)
			one.edit(&words)
			f := fault.Of(w.change("invited", func(cmd *timetable.Change) { cmd.Words = words }))
			if f == nil || !slices.ContainsFunc(append(f.Fields, f), func(e *fault.Error) bool { return e.Field == one.field && e.Key == one.key }) {
				t.Errorf("%s: %v", what, f)
			}
		}
		// The longest that is allowed is taken; what is as the house says is none of one's own.
		words := wording.Whole{Subject: house.Subject, Body: house.Body}
		words.Subject.En = strings.Repeat("a", wording.MostSubject-len("{activity}")-1) + " {activity}"
		words.Body.En += " " + strings.Repeat("б", wording.MostBody-len([]rune(words.Body.En))-1)
		w.must(w.change("invited", func(cmd *timetable.Change) { cmd.Words = words }))
		if s := w.sight("invited"); s.Words.In(i18n.Russian) || s.Words.In(i18n.Kyrgyz) || !s.Words.In(i18n.English) {
			t.Errorf("%+v", s.Words)
		}
		// The house changes its text: that is told until staff have looked.
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE automatic_message SET words = $1`, fmt.Sprintf(`{"subject":{"en":%q},"body":{"en":%q},"house":{"en":"another"}}`, words.Subject.En, words.Body.En))
			return err
		})
		if s := w.sight("invited"); !slices.Equal(s.Stale, []i18n.Language{i18n.English}) {
			t.Errorf("stale in %v", s.Stale)
		}
		w.must(w.change("invited", func(*timetable.Change) {}))
		if s := w.sight("invited"); len(s.Stale) != 0 {
			t.Errorf("looked at, and stale in %v", s.Stale)
		}
	})
}

// What is written goes out, to who tries it and to whom it happens, and begins what is made of
// the template.
func TestOwnWordsGoOutAndBeginWhatIsMadeOfTheTemplate(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 1)
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			w.a.Template, w.a.Programme, w.a.Made = tx.NewID(), tx.NewID(), tx.Now
			w.Calendar = diary{w.a}
			if _, err := tx.Exec(ctx, `INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, 'p', '{}', 1, 1)`, w.a.Programme); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO template (id, programme_id, key, document, version) VALUES ($1, $2, 't', '{}', 1)`, w.a.Template, w.a.Programme)
			return err
		})
		words := ownWords(w.sight(seats.Reminder).House, i18n.Languages[:]...)
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			return w.Table.TestToSelf(ctx, tx, timetable.Change{Actor: w.staff, Activity: w.a.ID, Message: seats.Reminder, Days: -1, Minute: -1, Words: words})
		})
		if n := count(t, w.Module, `SELECT COUNT(*) FROM message WHERE person_id = $1 AND kind = 'seminars.reminder'`, w.staff.Person); n != 1 {
			t.Errorf("%d tests", n)
		}
		if n := count(t, w.Module, `SELECT COUNT(*) FROM automatic_message`); n != 0 {
			t.Error("a test was kept")
		}
		w.must(w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Words = words }))
		planner := w.planner()
		w.must(w.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := w.Table.Keep(ctx, tx, planner, w.a.ID)
			return err
		}))
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			next := w.a
			next.ID, next.Made = tx.NewID(), tx.Now
			settings, err := seats.SettingsOf(ctx, tx, next)
			if got := settings[seats.Reminder].Words; !got.In(i18n.Kyrgyz) {
				t.Errorf("it begins with %+v", got)
			}
			return err
		})
	})
}

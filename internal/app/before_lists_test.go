package app

import (
	"context"
	"html"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// listsAreKept looks for every code that the version before has stored: each is an entry
// of the lists, which that version did not have, with the names that it had.
func listsAreKept(t *testing.T, b before) {
	lists := b.book.Now()
	if lists.Mark() == 0 {
		t.Fatal("the lists were not written")
	}
	names := map[profile.Name]map[string]string{
		profile.City:    {"osh": "Ош", "jalal-abad": "Манас", "naryn": "Нарын", "tokmok": "Токмок"},
		profile.Group:   {"deputies": "Депутат", "activists": "Гражданский активист / активистка", "media": "Представитель медиа", "other": "Другое"},
		profile.Level:   {"jogorku": "Жогорку Кенеш", "city": "Городской кенеш", "village": "Айылный кенеш"},
		profile.AgeBand: {"14-17": "14–17 лет", "25-34": "25–34 года", "60+": "60 лет и старше"},
	}
	for list, codes := range names {
		for code, want := range codes {
			if e, ok := lists.Entry(list, code); !ok || e.Now.Name.Exactly(i18n.Russian) != want || e.Closed {
				t.Errorf("%s %s is called %q, want %q", list, code, e.Now.Name.Ru, want)
			}
		}
	}
	stored := 0
	if err := b.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for list, query := range map[profile.Name]string{
			profile.City:    `SELECT city FROM fact WHERE city <> 'other' UNION SELECT city FROM activity`,
			profile.Group:   `SELECT person_group FROM fact UNION SELECT person_group FROM activity`,
			profile.AgeBand: `SELECT age_band FROM fact`,
			profile.Level:   `SELECT level FROM fact`,
		} {
			codes, err := storage.All(ctx, tx, func(row storage.Scanner) (code string, err error) {
				err = row.Scan(&code)
				return code, err
			}, query)
			if err != nil {
				return err
			}
			for _, code := range codes {
				if _, ok := lists.Entry(list, code); code != "" && !ok {
					t.Errorf("%s %q is stored, and no entry", list, code)
				} else if code != "" {
					stored++
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if stored == 0 {
		t.Error("the version before has stored no code")
	}
	status, body := b.page(t, "/ru/events")
	for _, c := range lists.Cities() {
		if !strings.Contains(html.UnescapeString(body), c.Now.Name.Ru) {
			t.Errorf("the calendar does not name %s (%d)", c.Code, status)
		}
	}
}

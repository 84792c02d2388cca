package storage_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/storage"
)

// before opens a database as it was before the migration 0080.
func before(t *testing.T, o storage.Options) *storage.Store {
	t.Helper()
	then := storage.Embedded()
	for path := range then {
		if path >= "migrations/0080" {
			delete(then, path)
		}
	}
	o.UseMigrations(then)
	s, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// number is an id that a test knows.
func number(n byte) storage.ID { return storage.ID{0: 1, 15: n} }

// bishkek gives an instant by a clock in Bishkek.
func bishkek(t *testing.T, clock string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, time.FixedZone("", 6*60*60))
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMicro()
}

func TestFactsOfBeforeGetTheirDayAndNothingThatTellsTheirOrder(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		s := before(t, o)
		at := func(clock string) int64 { return bishkek(t, clock) }
		type row struct {
			at             int64
			kind           string
			activity, who  byte
			value          int64
			band, wantDay  string
			wantBand, note string
		}
		const applied, attended = "seminars.applied", "seminars.attended"
		rows := []row{
			{at("2026-02-28 23:59"), applied, 1, 1, 1, "18-24", "2026-02-28", "18-24", "the last minute of a month"},
			{at("2026-03-01 00:00"), applied, 1, 2, 1, "18-24", "2026-03-01", "18-24", "the first minute of the next"},
			{at("2026-04-05 10:00"), attended, 1, 1, 1, "18-24", "2026-03-31", "18-24", "uploaded five days late"},
			{at("2026-04-05 10:00"), attended, 1, 2, 1, "25-34", "2026-03-31", "25-34", "in the same batch"},
			{at("2026-04-07 10:00"), attended, 1, 3, 1, "", "2026-03-31", "", "typed in from a list a week later"},
			{at("2026-03-31 18:00"), attended, 1, 4, 1, "", "2026-03-31", "", "on the list in the evening of the day"},
			{at("2026-12-31 20:00"), attended, 2, 5, 1, "25-34", "2026-12-31", "25-34", "came, was undone, came again"},
			{at("2027-01-01 09:00"), attended, 2, 5, -1, "35-44", "2026-12-31", "25-34", "taken back in the next year"},
			{at("2027-01-01 10:00"), attended, 2, 5, 1, "35-44", "2027-01-01", "35-44", "and again"},
			{at("2027-01-02 09:00"), attended, 2, 5, -1, "35-44", "2027-01-01", "35-44", "and taken back"},
			{at("2027-01-02 09:00"), attended, 2, 6, -1, "60+", "2027-01-02", "60+", "takes back what is not there"},
			{at("2026-05-01 02:00"), attended, 2, 7, 1, "", "2026-05-01", "", "of two in one instant who came on different days"},
			{at("2026-05-01 02:00"), attended, 2, 8, 1, "", "2026-05-01", "", "the other"},
		}
		old := map[storage.ID]bool{}
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			run := func(query string, args ...any) {
				t.Helper()
				if _, err := tx.Exec(ctx, query, args...); err != nil {
					t.Fatal(err)
				}
			}
			for range 3000 { // more pages than the new table takes over
				if o.Path == "" {
					break
				}
				id := tx.NewID()
				old[id] = true
				run(`INSERT INTO fact (id, at, kind, activity_id, subject) VALUES ($1, 0, 'many', $2, $2)`, id, number(50))
			}
			for i, r := range rows {
				id := tx.NewID()
				rand.Read(id[6:])
				old[id] = true
				run(`INSERT INTO fact (id, at, kind, activity_id, subject, value, age_band, sex, city, person_group, level)
					VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'osh', 'media', 'city')`,
					id, r.at, r.kind, number(r.activity), number(100+r.who), r.value, r.band, string(rune('a'+i)))
			}
			run(`INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, 'p', '{}', 0, 0)`, number(9))
			for _, a := range []byte{1, 2} {
				run(`INSERT INTO activity (id, programme_id, slug, kind, state, starts_at, ends_at, texts, made_at, changed_at)
					VALUES ($1, $2, $3, 'seminar', 'published', $4, $5, '{}', 0, 0)`,
					number(a), number(9), string(rune('a'+a)), at("2026-03-31 09:00"), at("2026-03-31 17:00"))
			}
			come := func(who, activity byte, noted string, first int64, why string) {
				run(`INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at)
					VALUES ($1, $1, $1, $1, $1, FALSE, 0, 0)`, number(who))
				run(`INSERT INTO application (id, activity_id, person_id, state, made_at, changed_at)
					VALUES ($1, $2, $1, 'attended', 0, 0)`, number(who), number(activity))
				run(`INSERT INTO application_move (id, application_id, from_state, to_state, why, at)
					VALUES ($1, $2, 'confirmed', 'attended', $3, $4)`, tx.NewID(), number(who), why, at(noted))
				if first != 0 {
					run(`INSERT INTO attendance (application_id, activity_id, first_in) VALUES ($1, $2, $3)`, number(who), number(activity), first)
				}
			}
			const door, list = "seminars.why.door", "seminars.why.on_list"
			come(1, 1, "2026-04-05 10:00", at("2026-03-31 09:10"), door)
			come(2, 1, "2026-04-05 10:00", at("2026-03-31 23:50"), door)
			come(3, 1, "2026-04-07 10:00", 0, list)
			come(4, 1, "2026-03-31 18:00", 0, list)
			come(7, 2, "2026-05-01 02:00", at("2026-04-30 23:00"), door)
			come(8, 2, "2026-05-01 02:00", at("2026-05-01 01:00"), door)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		after, err := storage.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		say := func(parts ...string) string { return strings.Join(parts, " ") }
		for i, r := range rows {
			sex := string(rune('a' + i))
			if i == 7 || i == 9 {
				sex = string(rune('a' + i - 1)) // what takes a fact back has the profile of its fact
			}
			want = append(want, say(r.wantDay, r.kind, number(r.activity).String(), number(100+r.who).String(), map[bool]string{true: "-", false: "+"}[r.value < 0], r.wantBand, sex, "osh media city"))
		}
		var order []string
		err = after.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			place := "id"
			if tx.Dialect() == storage.PostgreSQL {
				place = "ctid"
				var transactions int
				if err := tx.QueryRow(ctx, `SELECT COUNT(DISTINCT xmin::text) FROM fact`).Scan(&transactions); err != nil || transactions != 1 {
					t.Errorf("written by %d transactions, %v", transactions, err)
				}
			} else if err := tx.QueryRow(ctx, `SELECT rowid FROM fact`).Scan(new(int64)); err == nil || !strings.Contains(err.Error(), "no such column") {
				t.Errorf("the rows have numbers: %v", err)
			}
			lines, err := storage.All(ctx, tx, func(r storage.Scanner) (line string, err error) {
				var id, activity, subject storage.ID
				var day, kind, sign, band, sex, rest string
				err = r.Scan(&id, &day, &kind, &activity, &subject, &sign, &band, &sex, &rest)
				if old[id] {
					t.Errorf("a fact has the id of before: %s", id)
				}
				order = append(order, id.String())
				return say(day, kind, activity.String(), subject.String(), sign, band, sex, rest), err
			}, `SELECT id, day, kind, activity_id, subject, CASE WHEN value < 0 THEN '-' ELSE '+' END, age_band, sex, city || ' ' || person_group || ' ' || level
				FROM fact
				WHERE fresh = FALSE AND kind <> 'many'
				ORDER BY `+place)
			got = lines
			if err != nil {
				return err
			}
			// Who came by a list is known to have done so; the door's word stays the door's.
			var listed, more int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(CASE WHEN first_in > 0 THEN 1 END)
				FROM attendance
				WHERE listed_at > 0`).Scan(&listed, &more); err != nil || listed != 2 || more != 0 {
				t.Errorf("%d came by a list, %d of them through the door, %v", listed, more, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(order) {
			t.Errorf("the rows lie in another order than that of their random ids: %v", order)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("wanted (-), got (+):\n%s", diff)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
		if o.Path == "" {
			return
		}
		file, err := os.ReadFile(o.Path)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for id := range old {
			if bytes.Contains(file, id[:]) {
				left++
			}
		}
		if left > 0 {
			t.Errorf("%d ids of before, which tell the time, are still in the file", left)
		}
	})
}

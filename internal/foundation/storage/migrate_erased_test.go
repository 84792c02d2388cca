package storage_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Erasures of before 0086 left applications, looks and messages behind.
func TestWhatErasuresOfBeforeLeftBehindBecomesShellsOrGoes(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		before := o
		files := storage.Embedded()
		maps.DeleteFunc(files, func(path string, _ *fstest.MapFile) bool { return strings.TrimPrefix(path, "migrations/") >= "0086" })
		before.UseMigrations(files)
		s, err := storage.Open(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		id := func(n byte) storage.ID { return storage.ID{0: 1, 15: n} }
		kept, gone, activity := id(1), id(2), id(3)
		now := time.Now()
		err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for _, q := range []struct {
				query string
				args  []any
			}{
				{`INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at) VALUES ($1, $1, $1, $1, $1, FALSE, 1, 1)`, []any{kept}},
				{`INSERT INTO application (id, activity_id, person_id, state, made_at, changed_at) VALUES ($1, $2, $3, 'attended', 1, 1)`, []any{id(11), activity, kept}},
				{`INSERT INTO application (id, activity_id, person_id, state, made_at, changed_at) VALUES ($1, $2, $3, 'attended', 1, 1)`, []any{id(12), activity, gone}},
				{`INSERT INTO application (id, activity_id, person_id, state, made_at, changed_at) VALUES ($1, $2, $3, 'withdrawn', 1, 1)`, []any{id(13), id(4), gone}},
				{`INSERT INTO extra_seat (application_id, activity_id, at) VALUES ($1, $2, 1)`, []any{id(12), activity}},
				{`INSERT INTO attendance (application_id, activity_id, first_in, inside) VALUES ($1, $2, 1, TRUE)`, []any{id(12), activity}},
				{`INSERT INTO ticket (id, application_id, activity_id, serial, made_at) VALUES ($1, $2, $3, 7, 1)`, []any{id(14), id(12), activity}},
				{`INSERT INTO application_move (id, application_id, from_state, to_state, by_person, why, at) VALUES ($1, $2, 'applied', 'attended', NULL, '', 1)`, []any{id(15), id(12)}},
				{`INSERT INTO application_move (id, application_id, from_state, to_state, by_person, why, at) VALUES ($1, $2, 'applied', 'attended', $3, '', 1)`, []any{id(16), id(11), gone}},
				{`INSERT INTO scan (id, device, nonce, activity_id, application_id, code, kind, at, received_at, valid, result) VALUES ($1, 'd', 'n', $2, $3, 'c', 'in', 1, 1, TRUE, 'accepted')`, []any{id(17), activity, id(12)}},
				{`INSERT INTO audit_entry (id, at, actor_id, person_id, action, detail) VALUES ($1, 1, $2, $3, 'x', '')`, []any{id(18), kept, gone}},
				{`INSERT INTO audit_entry (id, at, actor_id, person_id, action, detail) VALUES ($1, 1, $2, $3, 'x', '')`, []any{id(19), gone, kept}},
				{`INSERT INTO message (id, person_id, kind, state, made_at, due_at, moved_at) VALUES ($1, $2, 'x', 'sent', $3, 1, 1)`, []any{id(20), gone, storage.Micros(now)}},
				{`INSERT INTO message_attempt (id, message_id, channel, began_at) VALUES ($1, $2, 'mail', 1)`, []any{id(21), id(20)}},
			} {
				if _, err := tx.Exec(ctx, q.query, q.args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, err = storage.Open(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM application`:                                                   1,
			`SELECT COUNT(*) FROM application_shell WHERE state = 'attended'`:                    1,
			`SELECT COUNT(*) FROM application_shell WHERE state = 'withdrawn'`:                   1,
			`SELECT COUNT(*) FROM application_shell_sum WHERE measure = 'held' AND count = 1`:    4,
			`SELECT COUNT(*) FROM application_shell_sum WHERE measure = 'applied' AND count = 1`: 4,
			`SELECT COUNT(*) FROM application_shell_sum WHERE measure IN ('extra', 'inside')`:    2,
			`SELECT COUNT(*) FROM extra_seat`:                                                    0,
			`SELECT COUNT(*) FROM attendance`:                                                    0,
			`SELECT COUNT(*) FROM ticket`:                                                        0,
			`SELECT COUNT(*) FROM scan`:                                                          0,
			`SELECT COUNT(*) FROM application_move`:                                              1,
			`SELECT COUNT(*) FROM application_move WHERE by_person IS NULL`:                      1,
			`SELECT COUNT(*) FROM audit_entry`:                                                   1,
			`SELECT COUNT(*) FROM audit_entry WHERE actor_id IS NULL AND person_id IS NOT NULL`:  1,
			`SELECT COUNT(*) FROM message`:                                                       0,
			`SELECT COUNT(*) FROM message_attempt`:                                               0,
		} {
			var n int
			if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			if n != want {
				t.Errorf("%s gives %d, not %d", query, n, want)
			}
		}
	})
}

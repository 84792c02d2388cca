package storage_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Before 0093 a form was kept without its versions, and before 0094 the consent of a form
// had another name than that of the profile.
func TestFormsAndConsentsOfBeforeKeepTheirAnswersAndGetOneName(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		before := o
		files := storage.Embedded()
		maps.DeleteFunc(files, func(path string, _ *fstest.MapFile) bool {
			number := strings.TrimPrefix(path, "migrations/")
			return number >= "0093" && number < "0095" || strings.HasPrefix(number, "0438") // which adds to a table of 0094
		})
		before.UseMigrations(files)
		s, err := storage.Open(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		id := func(n byte) storage.ID { return storage.ID{0: 1, 15: n} }
		err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for _, q := range []struct {
				query string
				args  []any
			}{
				{`INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at) VALUES ($1, $1, $1, $1, $1, FALSE, 1, 1)`, []any{id(1)}},
				{`INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, 'p', '{}', 1, 1)`, []any{id(2)}},
				{`INSERT INTO activity (id, programme_id, template_id, slug, kind, state, texts, made_at, changed_at) VALUES ($1, $2, $3, 'own', 'seminar', 'published', '{}', 1, 1)`, []any{id(3), id(2), id(9)}},
				{`INSERT INTO activity (id, programme_id, template_id, slug, kind, state, texts, made_at, changed_at) VALUES ($1, $2, $3, 'shared', 'seminar', 'published', '{}', 1, 1)`, []any{id(4), id(2), id(9)}},
				{`INSERT INTO application_form (id, activity_id, questions, version, changed_at) VALUES ($1, $2, '["own"]', 3, 7)`, []any{id(5), id(3)}},
				{`INSERT INTO application_form (id, template_id, questions, version, changed_at) VALUES ($1, $2, '["shared"]', 2, 8)`, []any{id(6), id(9)}},
				{`INSERT INTO application (id, activity_id, person_id, state, form_version, made_at, changed_at) VALUES ($1, $2, $3, 'applied', 2, 1, 1)`, []any{id(11), id(3), id(1)}},
				{`INSERT INTO application (id, activity_id, person_id, state, form_version, made_at, changed_at) VALUES ($1, $2, $3, 'applied', 1, 1, 1)`, []any{id(12), id(4), id(1)}},
				{`INSERT INTO application (id, activity_id, person_id, state, form_version, made_at, changed_at) VALUES ($1, $2, $3, 'applied', 0, 1, 1)`, []any{id(13), id(2), id(1)}},
				{`INSERT INTO consent (id, person_id, purpose, version, lang, given, at) VALUES ($1, $2, 'seminars.processing', '0', 'ky', TRUE, 1)`, []any{id(21), id(1)}},
				{`INSERT INTO consent (id, person_id, purpose, version, lang, given, at) VALUES ($1, $2, 'seminars.processing', '4', 'ky', TRUE, 2)`, []any{id(22), id(1)}},
				{`INSERT INTO consent (id, person_id, purpose, version, lang, given, at) VALUES ($1, $2, 'programme', '2026-1', 'ky', TRUE, 3)`, []any{id(23), id(1)}},
				{`INSERT INTO consent (id, person_id, purpose, version, lang, given, at) VALUES ($1, $2, 'seminars.q9', '4', 'ky', TRUE, 4)`, []any{id(24), id(1)}},
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
		answered := `SELECT COUNT(*) FROM application a JOIN application_form_version v ON v.id = a.form_version_id WHERE `
		for query, want := range map[string]int{
			answered + `v.questions = '["own"]'`:                                                                       1,
			answered + `v.questions = '["shared"]'`:                                                                    1,
			`SELECT COUNT(*) FROM application WHERE form_version_id IS NULL`:                                           1,
			`SELECT COUNT(*) FROM application_form f JOIN application_form_version v ON v.id = f.version_id`:           2,
			`SELECT COUNT(*) FROM consent WHERE purpose = 'programme'`:                                                 3,
			`SELECT COUNT(*) FROM consent WHERE purpose = 'seminars.q9'`:                                               1,
			`SELECT COUNT(*) FROM consent c JOIN consent_wording w ON w.purpose = c.purpose AND w.version = c.version`: 2,
			`SELECT COUNT(*) FROM consent_wording WHERE ky = '' OR ru = '' OR en = '' OR ky = ru`:                      0,
			`SELECT COUNT(*) FROM consent_wording`:                                                                     8,
		} {
			var got int
			if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return tx.QueryRow(ctx, query).Scan(&got) }); err != nil || got != want {
				t.Errorf("%s: %d, want %d (%v)", query, got, want, err)
			}
		}
	})
}

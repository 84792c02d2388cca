package storage_test

import (
	"context"
	"fmt"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

const shelf = `-- +goose Up
CREATE TABLE shelf (
    id    BIGINT NOT NULL PRIMARY KEY,
    label TEXT   NOT NULL UNIQUE
);
CREATE TABLE book (
    id       BIGINT  NOT NULL PRIMARY KEY,
    shelf_id BIGINT  NOT NULL REFERENCES shelf (id),
    place    BIGINT  NOT NULL CONSTRAINT book_place_positive CHECK (place > 0),
    isbn     TEXT    NOT NULL,
    title    TEXT    NOT NULL,
    lent     BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT book_one_place UNIQUE (shelf_id, place)
);
CREATE UNIQUE INDEX book_isbn ON book (isbn);
CREATE UNIQUE INDEX book_title ON book (lower(title));
-- +goose Down
`

const shelfTriggerSQLite = `-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER book_not_forbidden BEFORE INSERT ON book WHEN NEW.title = 'forbidden'
BEGIN
    SELECT RAISE(ABORT, 'book_not_forbidden');
END;
-- +goose StatementEnd
-- +goose Down
`

const shelfTriggerPostgreSQL = `-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION refuse_forbidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.title = 'forbidden' THEN
        RAISE EXCEPTION 'book_not_forbidden';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER book_not_forbidden BEFORE INSERT ON book FOR EACH ROW EXECUTE FUNCTION refuse_forbidden();
-- +goose Down
`

// withShelf adds tables that have every sort of constraint.
func withShelf(o *storage.Options) {
	o.AddMigration("9001_shelf.sql", shelf)
	o.AddMigration("9002_shelf_trigger.sqlite.sql", shelfTriggerSQLite)
	o.AddMigration("9002_shelf_trigger.postgres.sql", shelfTriggerPostgreSQL)
}

func TestABrokenConstraintIsKnownByItsName(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		ctx := t.Context()
		exec := func(query string) error {
			return s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, query)
				return err
			})
		}
		for _, query := range []string{
			"INSERT INTO shelf VALUES (1, 'first')",
			"INSERT INTO book VALUES (1, 1, 1, 'a', 'Манас', FALSE)",
		} {
			if err := exec(query); err != nil {
				t.Fatal(err)
			}
		}
		cases := []struct {
			name, query, violates string
			kind                  storage.ConstraintKind
		}{
			{"primary key", "INSERT INTO shelf VALUES (1, 'second')", "shelf_pkey", storage.Unique},
			{"unnamed unique", "INSERT INTO shelf VALUES (2, 'first')", "shelf_label_key", storage.Unique},
			{"named unique", "INSERT INTO book VALUES (2, 1, 1, 'b', 'b', FALSE)", "book_one_place", storage.Unique},
			{"unique index", "INSERT INTO book VALUES (2, 1, 2, 'a', 'b', FALSE)", "book_isbn", storage.Unique},
			{"unique index on an expression", "INSERT INTO book VALUES (2, 1, 2, 'b', 'Манас', FALSE)", "book_title", storage.Unique},
			{"check", "INSERT INTO book VALUES (2, 1, 0, 'b', 'b', FALSE)", "book_place_positive", storage.Check},
			{"trigger", "INSERT INTO book VALUES (2, 1, 2, 'b', 'forbidden', FALSE)", "book_not_forbidden", storage.Check},
			{"not null", "INSERT INTO shelf VALUES (2, NULL)", "shelf.label", storage.NotNull},
			{"foreign key", "INSERT INTO book VALUES (2, 7, 2, 'b', 'b', FALSE)", "", storage.ForeignKey},
		}
		for _, c := range cases {
			err := fmt.Errorf("wrapped: %w", exec(c.query))
			if c.violates != "" && !storage.Violates(err, c.violates) {
				t.Errorf("%s: %v is not known as %s", c.name, err, c.violates)
			}
			if storage.Violates(err, "something_else") {
				t.Errorf("%s: %v is taken for something else", c.name, err)
			}
			if storage.IsUnique(err) != (c.kind == storage.Unique) {
				t.Errorf("%s: IsUnique is %t for %v", c.name, storage.IsUnique(err), err)
			}
			if storage.IsForeignKey(err) != (c.kind == storage.ForeignKey) {
				t.Errorf("%s: IsForeignKey is %t for %v", c.name, storage.IsForeignKey(err), err)
			}
		}
		if storage.IsUnique(context.Canceled) || storage.IsUnique(nil) || storage.Violates(nil, "") {
			t.Error("another error is taken for a constraint")
		}
	}, withShelf)
}

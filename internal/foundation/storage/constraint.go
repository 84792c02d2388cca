package storage

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"platforma.kg/ashar/internal/foundation/storage/lite"
)

// ConstraintKind tells which sort of rule of the database was broken.
type ConstraintKind string

// The kinds of constraint.
const (
	Unique     ConstraintKind = "unique"      // unique index or primary key
	ForeignKey ConstraintKind = "foreign key" // SQLite does not say which one
	Check      ConstraintKind = "check"       // CHECK, EXCLUDE, or a trigger that refused
	NotNull    ConstraintKind = "not null"
)

// ConstraintError says that the database refused a change. Names holds every
// name the broken constraint goes by: SQLite reports columns, and one set of
// columns may be guarded by an index and by a constraint.
type ConstraintError struct {
	Kind  ConstraintKind
	Names []string
	err   error
}

func (e *ConstraintError) Error() string { return e.err.Error() }

// Unwrap gives the driver's error.
func (e *ConstraintError) Unwrap() error { return e.err }

// IsUnique reports whether err is a broken unique index or primary key.
func IsUnique(err error) bool { return isKind(err, Unique) }

// IsForeignKey reports whether err is a row that points nowhere, or a row that
// cannot go because others point to it.
func IsForeignKey(err error) bool { return isKind(err, ForeignKey) }

func isKind(err error, kind ConstraintKind) bool {
	c := constraintOf(err, nil)
	return c != nil && c.Kind == kind
}

// Violates reports whether err is the constraint with that name: a unique
// index, a constraint written as CONSTRAINT name, a primary key as
// <table>_pkey, an unnamed UNIQUE as <table>_<columns>_key, or a trigger that
// refuses with RAISE(ABORT, 'name') on SQLite and, on PostgreSQL,
// RAISE EXCEPTION 'name' or USING CONSTRAINT = 'name'. A foreign key has no
// name on SQLite: ask IsForeignKey.
func Violates(err error, name string) bool {
	c := constraintOf(err, nil)
	return c != nil && slices.Contains(c.Names, name)
}

// schema knows what SQLite does not tell with an error: the names of what
// guards a set of columns, "table.a, table.b".
type schema map[string][]string

// name makes a driver's refusal a ConstraintError; other errors pass through.
func (s schema) name(err error) error {
	if err == nil {
		return nil
	}
	if c := constraintOf(err, s); c != nil {
		return c
	}
	return err
}

const sqliteConstraint = 19 // SQLITE_CONSTRAINT, the low byte of the codes below

func constraintOf(err error, s schema) *ConstraintError {
	var named *ConstraintError
	if errors.As(err, &named) {
		return named
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresConstraint(pg, err)
	}
	var refused *lite.Error
	if !errors.As(err, &refused) || refused.Code&0xff != sqliteConstraint {
		return nil
	}
	c := &ConstraintError{err: err}
	detail := sqliteDetail(refused)
	switch refused.Code {
	case 1555, 2067, 2579: // PRIMARYKEY, UNIQUE, ROWID
		c.Kind = Unique
		if name, ok := strings.CutPrefix(detail, "index '"); ok {
			c.Names = []string{strings.TrimSuffix(name, "'")}
		} else if c.Names = s[detail]; c.Names == nil {
			c.Names = defaultNames(detail, refused.Code == 1555)
		}
	case 787, 3: // FOREIGNKEY
		c.Kind = ForeignKey
	case 1299: // NOTNULL
		c.Kind = NotNull
		c.Names = []string{detail}
	default: // 275 CHECK, 1811 TRIGGER, and what extensions refuse
		c.Kind = Check
		c.Names = []string{detail}
	}
	return c
}

func postgresConstraint(pg *pgconn.PgError, err error) *ConstraintError {
	c := &ConstraintError{err: err, Names: []string{pg.ConstraintName}}
	switch pg.Code {
	case "23505":
		c.Kind = Unique
	case "23503", "23001":
		c.Kind = ForeignKey
	case "23502":
		c.Kind = NotNull
		c.Names = []string{pg.TableName + "." + pg.ColumnName}
	case "23514", "23P01":
		c.Kind = Check
		if pg.ConstraintName == "" {
			c.Names = []string{pg.Message}
		}
	case "P0001": // RAISE EXCEPTION 'name'
		c.Kind = Check
		c.Names = append(c.Names, pg.Message)
	default:
		return nil
	}
	return c
}

// sqliteDetail gives what SQLite names in a refusal: "UNIQUE constraint failed:
// seat.a, seat.b", or the words of a trigger.
func sqliteDetail(e *lite.Error) string {
	if _, after, ok := strings.Cut(e.Text, " constraint failed: "); ok {
		return after
	}
	return e.Text
}

// defaultNames are the names PostgreSQL gives to a constraint without one.
func defaultNames(columns string, primary bool) []string {
	list := strings.Split(columns, ", ")
	table, _, _ := strings.Cut(list[0], ".")
	if primary {
		return []string{table + "_pkey"}
	}
	for i, c := range list {
		_, list[i], _ = strings.Cut(c, ".")
	}
	return []string{table + "_" + strings.Join(list, "_") + "_key"}
}

var namedUnique = regexp.MustCompile(`(?i)CONSTRAINT\s+"?(\w+)"?\s+(?:UNIQUE|PRIMARY\s+KEY)\s*\(([^)]*)\)`)

// readSchema reads from SQLite's catalogue what guards which columns.
func readSchema(ctx context.Context, db *sql.DB) (schema, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT t.name, t.sql, i.name, i.origin, COALESCE(group_concat(t.name || '.' || c.name, ', ' ORDER BY c.seqno), '')
		FROM sqlite_schema t
		JOIN pragma_index_list(t.name) i ON i."unique" = 1
		JOIN pragma_index_info(i.name) c
		WHERE t.type = 'table'
		GROUP BY t.name, t.sql, i.name, i.origin`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	s := schema{}
	for rows.Next() {
		var table, text, index, origin, columns string
		if err := rows.Scan(&table, &text, &index, &origin, &columns); err != nil {
			return nil, err
		}
		if origin == "c" {
			s[columns] = append(s[columns], index)
			continue
		}
		s[columns] = append(s[columns], defaultNames(columns, origin == "pk")...)
		for _, m := range namedUnique.FindAllStringSubmatch(text, -1) {
			list := strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '"' })
			for i, c := range list {
				list[i] = table + "." + c
			}
			if strings.Join(list, ", ") == columns {
				s[columns] = append(s[columns], m[1])
			}
		}
	}
	return s, rows.Err()
}

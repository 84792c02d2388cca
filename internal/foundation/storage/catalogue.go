package storage

import (
	"context"
	"slices"
	"strings"
)

// Table is a table as the catalogue of the engine tells it.
type Table struct {
	Name    string
	Columns []Column
}

// Column is a column that can be written; Type is one of the portable types
// BYTEA, BIGINT, TEXT, DOUBLE PRECISION, and BOOLEAN on PostgreSQL only.
type Column struct {
	Name     string
	Type     string
	Nullable bool
}

// Tables gives the tables of the programme, by name; not those that the
// engine or the migrations keep for themselves.
func (s *Store) Tables(ctx context.Context) (list []Table, err error) {
	err = s.Read(ctx, func(ctx context.Context, tx *Tx) error {
		list, err = tx.tables(ctx)
		return err
	})
	return list, err
}

const tablesSQLite = `SELECT t.name, c.name, c.type, c."notnull" = 0
	FROM pragma_table_list t
	JOIN pragma_table_xinfo(t.name) c
	WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
	AND t.name NOT LIKE 'goose\_%' ESCAPE '\' AND c.hidden = 0
	ORDER BY t.name, c.cid`

const tablesPostgreSQL = `SELECT t.relname::text, c.attname::text, format_type(c.atttypid, c.atttypmod), NOT c.attnotnull
	FROM pg_class t
	JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
	WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
	AND t.relname NOT LIKE 'goose\_%'
	ORDER BY t.relname COLLATE "C", c.attnum`

func (tx *Tx) tables(ctx context.Context) ([]Table, error) {
	query := tablesSQLite
	if tx.dialect == PostgreSQL {
		query = tablesPostgreSQL
	}
	type row struct {
		table  string
		column Column
	}
	rows, err := All(ctx, tx, func(r Scanner) (v row, err error) {
		err = r.Scan(&v.table, &v.column.Name, &v.column.Type, &v.column.Nullable)
		return v, err
	}, query)
	if err != nil {
		return nil, err
	}
	var list []Table
	for _, r := range rows {
		i := slices.IndexFunc(list, func(t Table) bool { return t.Name == r.table })
		if i < 0 {
			list = append(list, Table{Name: r.table})
			i = len(list) - 1
		}
		r.column.Type = portableType(r.column.Type)
		list[i].Columns = append(list[i].Columns, r.column)
	}
	return list, nil
}

func portableType(engine string) string {
	switch t := strings.ToUpper(engine); t {
	case "BLOB":
		return "BYTEA"
	case "INTEGER", "INT":
		return "BIGINT"
	case "REAL":
		return "DOUBLE PRECISION"
	default:
		return t
	}
}

// quote makes a name safe in a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

func (t Table) columnNames() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// load fills the tables with the rows of a backup.
func (tx *Tx) load(ctx context.Context, b backup) error {
	restoreGuards, err := tx.dropGuards(ctx)
	if err != nil {
		return err
	}
	tables, err := tx.tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables { // what a migration put there is in the backup too
		if _, err := tx.Exec(ctx, "DELETE FROM "+quote(t.Name)); err != nil {
			return err
		}
	}
	var into target
	err = readParts(b.in, func(p part) (err error) {
		into, err = newTarget(tables, p, b)
		return err
	}, func(row []any) error {
		values, err := into.values(row)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, into.insert, values...); err != nil {
			return fmt.Errorf("%s: %w", into.insert, err)
		}
		return nil
	}, func(part) error { return nil })
	if err != nil {
		return err
	}
	if b.heading.Slots != nil {
		if _, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", settingUnfinished, b.heading.Made.UTC().Format("2006-01-02T15:04:05Z")); err != nil {
			return err
		}
	}
	return restoreGuards()
}

// target is the table that the rows of a backup go into.
type target struct {
	insert string
	types  []string // of the columns that the backup has
	at     int      // where the id of the owner stands among them, -1: no owners
	keys   slotKeys
	fill   []Column // columns that the backup leaves open and that may not be NULL
}

func newTarget(tables []Table, p part, b backup) (target, error) {
	i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == p.Table })
	if i < 0 {
		return target{}, fmt.Errorf("%w: no table %q", ErrBackupDamaged, p.Table)
	}
	out := target{at: -1, keys: b.keys}
	names := slices.Clone(p.Columns)
	for _, name := range p.Columns {
		c := slices.IndexFunc(tables[i].Columns, func(c Column) bool { return c.Name == name })
		if c < 0 {
			return target{}, fmt.Errorf("%w: no column %q in %q", ErrBackupDamaged, name, p.Table)
		}
		out.types = append(out.types, tables[i].Columns[c].Type)
	}
	owners := b.heading.Slots != nil && b.heading.Slots.Table == p.Table
	if owners {
		if out.at = slices.Index(p.Columns, b.heading.Slots.ID); out.at < 0 || !tables[i].has(b.heading.Slots.Key) {
			return target{}, fmt.Errorf("%w: the owners have no ids or no keys", ErrBackupDamaged)
		}
		names = append(names, b.heading.Slots.Key)
	}
	for _, c := range tables[i].Columns {
		if !c.Nullable && !slices.Contains(names, c.Name) {
			out.fill = append(out.fill, c)
			names = append(names, c.Name)
		}
	}
	marks := make([]string, len(names))
	for n := range names {
		marks[n] = fmt.Sprintf("$%d", n+1)
	}
	out.insert = "INSERT INTO " + quote(p.Table) + " (" + quoteAll(names) + ") VALUES (" + strings.Join(marks, ", ") + ")"
	return out, nil
}

// values gives the values of a row, with the owner's key from her slot and
// something random for what the backup leaves open.
func (t target) values(row []any) ([]any, error) {
	values, err := rowValues(row, t.types)
	if err != nil {
		return nil, err
	}
	if t.at >= 0 {
		id, ok := values[t.at].([]byte)
		if !ok {
			return nil, fmt.Errorf("%w: an owner has no id", ErrBackupDamaged)
		}
		key, ok := t.keys.of(id)
		if !ok { // blanked: nothing opens, and the database wants something
			key = random()
		}
		values = append(values, key)
	}
	for _, c := range t.fill {
		switch c.Type {
		case "BYTEA":
			values = append(values, random())
		case "TEXT":
			values = append(values, hex.EncodeToString(random()))
		case "BOOLEAN":
			values = append(values, false)
		default:
			values = append(values, 0)
		}
	}
	return values, nil
}

func random() []byte {
	b := make([]byte, 16)
	rand.Read(b) // never fails, crypto/rand ends the process instead
	return b
}

// rowValues gives the values of a row as the columns of this engine take them.
func rowValues(row []any, types []string) ([]any, error) {
	if len(row) != len(types) {
		return nil, fmt.Errorf("%w: a row of %d values for %d columns", ErrBackupDamaged, len(row), len(types))
	}
	for i, v := range row {
		switch v := v.(type) {
		case json.Number:
			if types[i] == "DOUBLE PRECISION" {
				f, err := v.Float64()
				if err != nil {
					return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
				}
				row[i] = f
				continue
			}
			n, err := v.Int64()
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
			}
			if row[i] = n; types[i] == "BOOLEAN" {
				row[i] = n != 0
			}
		case map[string]any:
			raw, err := blobOf(v)
			if err != nil {
				return nil, err
			}
			row[i] = raw
		}
	}
	return row, nil
}

// dropGuards takes away what would refuse or repeat rows that come in any
// order: triggers, and foreign keys on PostgreSQL. The answer puts them back;
// PostgreSQL then checks every row, and Check does so on SQLite.
func (tx *Tx) dropGuards(ctx context.Context) (restore func() error, err error) {
	var drop, add []string
	type guard struct{ drop, add string }
	read := func(query string) error {
		guards, err := All(ctx, tx, func(r Scanner) (g guard, err error) {
			err = r.Scan(&g.drop, &g.add)
			return g, err
		}, query)
		for _, g := range guards {
			drop, add = append(drop, g.drop), append(add, g.add)
		}
		return err
	}
	if tx.dialect == SQLite {
		if _, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys = TRUE"); err != nil {
			return nil, err
		}
		err = read(`SELECT 'DROP TRIGGER "' || name || '"', sql FROM sqlite_schema WHERE type = 'trigger'`)
	} else {
		err = read(`SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
				format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
			FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
			UNION ALL
			SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', oid::regclass), format('ALTER TABLE %s ENABLE TRIGGER USER', oid::regclass)
			FROM pg_class WHERE relkind IN ('r', 'p') AND relhastriggers AND relnamespace = current_schema()::regnamespace`)
	}
	if err != nil {
		return nil, err
	}
	run := func(statements []string) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}
	return func() error { return run(add) }, run(drop)
}

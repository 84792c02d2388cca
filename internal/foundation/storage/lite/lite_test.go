package lite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage/lite"
)

func open(t *testing.T, pragmas ...string) *lite.Conn {
	t.Helper()
	c, err := lite.Open(filepath.Join(t.TempDir(), "a ? # % б.db"), pragmas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func exec(t *testing.T, c *lite.Conn, query string, args ...any) int64 {
	t.Helper()
	n, err := c.Exec(t.Context(), query, args)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func query(t *testing.T, c *lite.Conn, text string, args ...any) *lite.Rows {
	t.Helper()
	rows, err := c.Query(t.Context(), text, args)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rows
}

func TestEachValueComesBackAsItWas(t *testing.T) {
	t.Parallel()
	c := open(t)
	exec(t, c, "CREATE TABLE v (at INTEGER PRIMARY KEY, x ANY) STRICT")
	long := strings.Repeat("Айгүл ", 40_000)
	for round := range 3 { // the second and third time the statement is prepared already
		for i, in := range []any{
			nil, int64(-1 << 63), int64(1<<63 - 1), 0.1, "", "ы", long, "a\x00b",
			[]byte{},
			[]byte{0},
			[]byte(long), []byte(nil),
		} {
			exec(t, c, "INSERT OR REPLACE INTO v (at, x) VALUES ($1, $2)", i, in)
			rows := query(t, c, "SELECT x FROM v WHERE at = $1", i)
			var out any
			if !rows.Next() || rows.Scan(&out) != nil || rows.Next() || rows.Err() != nil {
				t.Fatalf("round %d: no row for %v: %v", round, in, rows.Err())
			}
			if b, ok := in.([]byte); ok && b != nil {
				got, ok := out.([]byte)
				if !ok || got == nil || !bytes.Equal(got, b) {
					t.Errorf("round %d, value %d: %d bytes became %T", round, i, len(b), out)
				}
			} else if ok && out != nil || !ok && out != in {
				t.Errorf("round %d, value %d: %.40v (%T) became %.40v (%T)", round, i, in, in, out, out)
			}
		}
	}
}

type word string

func TestAValueIsReadIntoTheTypeThatIsAsked(t *testing.T) {
	t.Parallel()
	c := open(t)
	rows := query(t, c, "SELECT 7, 1, 2.5, 'text', x'00ff', NULL, NULL, 'w', 3, 4")
	var (
		i     int
		yes   bool
		f     float64
		s     string
		b     []byte
		none  []byte
		maybe sql.NullInt64
		w     word
		small uint8
		there *int64
	)
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	if err := rows.Scan(&i, &yes, &f, &s, &b, &none, &maybe, &w, &small, &there); err != nil {
		t.Fatal(err)
	}
	if i != 7 || !yes || f != 2.5 || s != "text" || !bytes.Equal(b, []byte{0, 0xff}) || none != nil || maybe.Valid || w != "w" || small != 3 || there == nil || *there != 4 {
		t.Errorf("read %v %v %v %q %v %v %v %q %v %v", i, yes, f, s, b, none, maybe, w, small, there)
	}
	rows.Close()
	for _, wrong := range []struct {
		text string
		dest any
	}{
		{"SELECT NULL", &i},
		{"SELECT NULL", &s},
		{"SELECT 'x'", &i},
		{"SELECT 300", &small},
		{"SELECT -1", &small},
		{"SELECT 2", &yes},
		{"SELECT 1.5", &i},
		{"SELECT 1", i},
		{"SELECT 1", nil},
	} {
		rows := query(t, c, wrong.text)
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if err := rows.Scan(wrong.dest); err == nil {
			t.Errorf("%s was read into a %T", wrong.text, wrong.dest)
		}
		rows.Close()
	}
}

func TestParametersTakeTheArgumentOfTheirNumber(t *testing.T) {
	t.Parallel()
	c := open(t)
	rows := query(t, c, "SELECT $3 || $1 || $2 || $1", "a", "b", "c")
	var got string
	if !rows.Next() || rows.Scan(&got) != nil || got != "caba" {
		t.Errorf("got %q", got)
	}
	rows.Close()
	for _, args := range [][]any{{}, {"a"}, {"a", "b", "c"}} {
		if _, err := c.Exec(t.Context(), "SELECT $1 || $2", args); err == nil {
			t.Errorf("%d arguments were taken for two", len(args))
		}
	}
	for _, text := range []string{"SELECT :name", "SELECT 1; SELECT 2", "", "-- nothing", "SELECT"} {
		if _, err := c.Exec(t.Context(), text, nil); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	exec(t, c, "SELECT 1 ; \n")
}

func TestAStatementMayRunWhileItsOwnRowsAreOpen(t *testing.T) {
	t.Parallel()
	c := open(t)
	const text = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n"
	sum := int64(0)
	for outer := query(t, c, text, 3); outer.Next(); {
		for inner := query(t, c, text, 4); inner.Next(); {
			var i int64
			if err := inner.Scan(&i); err != nil {
				t.Fatal(err)
			}
			sum += i
		}
	}
	if sum != 30 {
		t.Errorf("the rows add up to %d", sum)
	}
}

const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

func TestTheEndOfAContextEndsTheStatementAndNotTheNext(t *testing.T) {
	t.Parallel()
	c := open(t)
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
		stop := c.Watch(ctx)
		if _, err := c.Exec(ctx, endless, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
		if _, err := c.Exec(ctx, "SELECT 1", nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after the end of the context a statement gave %v", err)
		}
		stop()
		cancel()
		exec(t, c, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT count(*) FROM n")
	}
}

func TestARefusalHasItsCode(t *testing.T) {
	t.Parallel()
	c := open(t, "foreign_keys(1)")
	exec(t, c, "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL UNIQUE, up INTEGER REFERENCES a (id), CHECK (n <> 'no')) STRICT")
	if n := exec(t, c, "INSERT INTO a (id, n) VALUES (1, 'x'), (2, 'y')"); n != 2 {
		t.Errorf("changed %d", n)
	}
	for text, code := range map[string]int{
		"INSERT INTO a (id, n) VALUES (1, 'z')":        1555,
		"INSERT INTO a (id, n) VALUES (3, 'x')":        2067,
		"INSERT INTO a (id, n) VALUES (3, NULL)":       1299,
		"INSERT INTO a (id, n) VALUES (3, 'no')":       275,
		"INSERT INTO a (id, n, up) VALUES (3, 'z', 9)": 787,
		"SELECT nothing FROM a":                        1,
	} {
		for range 2 {
			_, err := c.Query(t.Context(), text, nil)
			var refused *lite.Error
			if !errors.As(err, &refused) || refused.Code != code {
				t.Errorf("%s gave %v, not %d", text, err, code)
			}
		}
	}
	rows := query(t, c, "INSERT INTO a (id, n) VALUES (3, 'z') RETURNING id, n")
	if names, err := rows.Columns(); err != nil || len(names) != 2 || names[1] != "n" {
		t.Errorf("the columns are %v, %v", names, err)
	}
	rows.Close()
	if _, err := lite.Open(filepath.Join(t.TempDir(), "no", "such", "folder.db")); err == nil {
		t.Error("a database in no folder was opened")
	}
}

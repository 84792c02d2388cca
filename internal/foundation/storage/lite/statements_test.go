package lite_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage/lite"
)

func TestOfAThousandStatementsNoneIsPreparedTwiceInARowAndNoneStays(t *testing.T) {
	t.Parallel()
	c := open(t)
	const different = 1000
	held := query(t, c, "SELECT 'held' UNION ALL SELECT 'still'") // open all the time, used first
	before := c.Made()
	for round := range 3 {
		for i := range different {
			for again := range 3 {
				rows := query(t, c, fmt.Sprintf("SELECT %d + $1", i), again)
				var n int
				if !rows.Next() || rows.Scan(&n) != nil || n != i+again {
					t.Fatalf("statement %d gave %d, %v", i, n, rows.Err())
				}
				rows.Close()
			}
			if made := c.Made() - before; made != round*different+i+1 {
				t.Fatalf("round %d: after three runs of each of %d statements, %d were prepared", round, i+1, made)
			}
			if n := c.Prepared(); n > lite.Kept+1 {
				t.Fatalf("%d statements are prepared at once", n)
			}
		}
	}
	var words []string
	for held.Next() {
		var word string
		if err := held.Scan(&word); err != nil {
			t.Fatal(err)
		}
		words = append(words, word)
	}
	if held.Err() != nil || len(words) != 2 {
		t.Errorf("the rows that were open gave %v, %v", words, held.Err())
	}
	if n := c.Prepared(); n != lite.Kept {
		t.Errorf("%d statements are prepared after all, not %d", n, lite.Kept)
	}
}

func TestTheStatementsUsedLastStay(t *testing.T) {
	t.Parallel()
	c := open(t)
	for i := range lite.Kept {
		exec(t, c, fmt.Sprintf("SELECT %d", i))
	}
	for i := range 10 * lite.Kept {
		exec(t, c, "SELECT 'of each request'")
		exec(t, c, fmt.Sprintf("SELECT 'once', %d", i))
	}
	before := c.Made()
	exec(t, c, "SELECT 'of each request'")
	if c.Made() != before {
		t.Error("a statement of each request was prepared anew")
	}
	exec(t, c, "SELECT 0")
	if c.Made() != before+1 {
		t.Error("a statement that was not used for long is still prepared")
	}
}

func TestNoValueHasAStatementPlannedAnew(t *testing.T) {
	t.Parallel()
	c := open(t)
	var planned []string
	c.Replanned = func(query string) { planned = append(planned, query) }
	exec(t, c, "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT) STRICT")
	exec(t, c, "CREATE TABLE b (x INTEGER, k TEXT, d BLOB, aid INTEGER) STRICT")
	exec(t, c, "CREATE INDEX b_x ON b (x)")
	exec(t, c, "CREATE INDEX b_some ON b (k) WHERE x = 5")
	exec(t, c, "INSERT INTO a (id, v) VALUES (1, 'one'), (2, 'two')")
	exec(t, c, "INSERT INTO b (x, k, d, aid) VALUES (0, 'n', x'00', 1), (1, 'm', x'01', 2), (5, 'm', x'02', 2)")
	for range 3 {
		for _, x := range []any{0, 7, 1, nil, int64(5), true, 5.5, "5", []byte{5}, -1} {
			for _, text := range []string{
				"SELECT a.v FROM a JOIN b ON b.aid = a.id WHERE b.x = $1",
				"SELECT aid FROM b WHERE x = $1 ORDER BY aid",
				"SELECT aid FROM b WHERE d = $1 AND (x = 0 OR x > $1) ORDER BY x",
				"SELECT aid FROM b WHERE k LIKE $1 ORDER BY aid",
				"SELECT k FROM b WHERE x = $1 AND k = 'm'",
				"SELECT DISTINCT k FROM b WHERE x BETWEEN $1 AND $1 + 1 ORDER BY k",
				"UPDATE b SET k = k WHERE x = $1",
			} {
				exec(t, c, text, x)
			}
			exec(t, c, "SELECT aid FROM b ORDER BY x LIMIT $1 OFFSET $2", 1, 0)
		}
	}
	if len(planned) > 0 {
		t.Errorf("planned anew: %d times, for example %s", len(planned), planned[0])
	}
	rows := query(t, c, "SELECT * FROM a")
	rows.Close()
	exec(t, c, "ALTER TABLE a ADD COLUMN w TEXT")
	rows = query(t, c, "SELECT * FROM a")
	rows.Close()
	if len(planned) == 0 {
		t.Error("after a change of the tables no statement was planned anew: this test sees nothing")
	}
}

func TestNoTextOfTheLastRunStaysInAStatement(t *testing.T) {
	t.Parallel()
	c := open(t)
	const text = "SELECT $1, $2, $3"
	for _, long := range []string{"Айгүл", strings.Repeat("Айгүл", 100), strings.Repeat("Айгүл", lite.MostRoom)} {
		exec(t, c, text, long, 7, []byte(long))
		if bytes.Contains(c.Room(text), []byte("Айгүл")) {
			t.Errorf("of %d bytes some are still in the memory for arguments", len(long))
		}
		rows := query(t, c, text, nil, 7, nil)
		var a, b, d any
		if !rows.Next() || rows.Scan(&a, &b, &d) != nil || a != nil || b != int64(7) || d != nil {
			t.Errorf("then it gave %v, %v, %v", a, b, d)
		}
		rows.Close()
	}
}

func TestAClosedConnectionAnswersWithAnError(t *testing.T) {
	t.Parallel()
	c, err := lite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, c, "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT")
	exec(t, c, "INSERT INTO a (id) VALUES (1), (2), (3)")
	const text = "SELECT id FROM a"
	kept, same, fresh := query(t, c, text), query(t, c, text), query(t, c, text) // the second and third are prepared for themselves
	if !kept.Next() || !same.Next() {
		t.Fatal("no rows")
	}
	stop := c.Watch(t.Context())
	exec(t, c, "BEGIN")
	c.Close()
	c.Close()
	var n int
	for name, rows := range map[string]*lite.Rows{"kept": kept, "same": same, "fresh": fresh} {
		if err := rows.Scan(&n); name != "fresh" && !errors.Is(err, lite.ErrClosed) || err == nil {
			t.Errorf("%s rows were read: %v", name, err)
		}
		if _, err := rows.Columns(); !errors.Is(err, lite.ErrClosed) {
			t.Errorf("%s rows have columns: %v", name, err)
		}
		if rows.Next() || !errors.Is(rows.Err(), lite.ErrClosed) {
			t.Errorf("%s rows went on: %v", name, rows.Err())
		}
		if rows.Next() || rows.Close() != nil || rows.Close() != nil {
			t.Errorf("%s rows do not end", name)
		}
	}
	for _, some := range []string{text, "SELECT 'never seen'", "COMMIT", "PRAGMA data_version"} {
		if _, err := c.Exec(t.Context(), some, nil); !errors.Is(err, lite.ErrClosed) {
			t.Errorf("%s ran: %v", some, err)
		}
		if _, err := c.Query(t.Context(), some, nil); !errors.Is(err, lite.ErrClosed) {
			t.Errorf("%s gave rows: %v", some, err)
		}
	}
	if c.InTransaction() {
		t.Error("a closed connection is in a transaction")
	}
	stop()
	c.Watch(t.Context())()
}

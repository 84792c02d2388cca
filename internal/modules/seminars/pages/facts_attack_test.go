package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
)

// theft is a database in foreign hands: whoever has it knows everything but
// the keys. owner is the truth that is sought: whose application stands behind
// the subject of a fact.
type theft struct {
	t     *testing.T
	m     *Module
	owner map[string]string
}

// rows gives the cells of a query as texts.
func (x theft) rows(columns int, query string) (list [][]string) {
	x.t.Helper()
	if err := x.m.Store.Read(x.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(r storage.Scanner) ([]string, error) {
			cells, into := make([]any, columns), make([]any, columns)
			for i := range cells {
				into[i] = &cells[i]
			}
			err := r.Scan(into...)
			row := make([]string, columns)
			for i, v := range cells {
				if raw, is := v.([]byte); is {
					row[i] = fmt.Sprintf("%x", raw)
				} else {
					row[i] = fmt.Sprint(v)
				}
			}
			return row, err
		}, query)
		return err
	}); err != nil {
		x.t.Fatalf("%s: %v", query, err)
	}
	return list
}

// right tells how many pairs of a subject and an application are true.
func (x theft) right(pairs [][]string) (n int) {
	for _, p := range pairs {
		if x.owner[p[0]] == p[1] {
			n++
		}
	}
	return n
}

// sideBySide pairs two lists by their order.
func sideBySide(a, b [][]string) (pairs [][]string) {
	for i := range min(len(a), len(b)) {
		pairs = append(pairs, []string{a[i][0], b[i][0]})
	}
	return pairs
}

// The attack that facts are made against: who holds the database joins each
// fact to the application that was written with it. Before, 838 of 838 fell, by
// the instant, by the row number and by the transaction; those of erased people too.
func TestWhoHoldsTheDatabaseJoinsNoFactToAnApplicationByTimeOrderOrTransaction(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const people, erased = 48, 8
		m, a, apps, codes := newYear(t, store, c, people)
		m.People.Attach([]module.Manifest{{Name: "seminars", Erase: m.Erase}})
		x := theft{t, m, map[string]string{}}
		for i := range apps { // a confirmed seat each: the state of a first-come seminar after its form
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				p, err := m.People.ByID(ctx, tx, apps[i].Person)
				x.owner[fmt.Sprintf("%x", p.Subject[:])] = fmt.Sprintf("%x", apps[i].ID[:])
				return err
			})
		}
		for i, code := range codes {
			when := a.Starts.Add(time.Duration(i) * time.Minute)
			play(t, t.Fatal, m, a, c, apps[i], []upload{{"phone", when, door.Scan{Nonce: fmt.Sprintf("nonce-%03d", i), Code: code, Event: a.Slug, At: when, Kind: "in"}}}, time.Time{})
		}
		const facts = 3 * people // applied, confirmed, attended
		if n := count(t, m, `SELECT COUNT(*) FROM fact`); n != facts {
			t.Fatalf("%d facts", n)
		}
		byTransaction := `SELECT f.subject, v.application_id
			FROM fact f
			JOIN application_move v ON v.xmin = f.xmin`
		if store.Dialect() == storage.PostgreSQL {
			if n := x.right(x.rows(2, byTransaction)); n < facts {
				t.Errorf("in the day %d of %d facts fall by their transaction: the test proves nothing", n, facts)
			}
		}
		for _, app := range apps[:erased] {
			erasePerson(t, m, app.Person)
		}
		write(t, m, ledger.Settle)

		// By time: no number in a row is an instant, and no id begins with one.
		instants := map[string]bool{}
		for _, r := range x.rows(1, `SELECT made_at FROM application UNION SELECT at FROM application_move UNION SELECT at FROM scan
			UNION SELECT received_at FROM scan UNION SELECT at FROM audit_entry UNION SELECT made_at FROM ticket`) {
			instants[r[0]] = true
		}
		tables, err := store.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, table := range tables {
			if table.Name == "fact" {
				for _, column := range table.Columns {
					columns = append(columns, column.Name)
				}
			}
		}
		ids := map[string]bool{}
		for _, r := range x.rows(len(columns), `SELECT `+strings.Join(columns, ", ")+` FROM fact`) {
			for i, cell := range r {
				if instants[cell] {
					t.Errorf("%s of a fact is an instant of an application: %s", columns[i], cell)
				}
			}
			ids[r[slices.Index(columns, "id")][:8]] = true // of a sorted id the first four bytes are a minute or so
		}
		if len(ids) < facts-2 {
			t.Errorf("of %d ids of facts only %d begin differently", facts, len(ids))
		}

		// By order: of the table, of an index, of the ids; and on PostgreSQL of the heap.
		orders := []string{"", "ORDER BY id", "ORDER BY kind, day"}
		if store.Dialect() == storage.PostgreSQL {
			orders = append(orders, "ORDER BY ctid", "ORDER BY xmin::text::bigint, cmin::text::bigint, ctid")
		}
		// One pair is right by chance; thirteen are once in 6,000,000,000.
		const chance = 12
		for _, kind := range []ledger.Kind{seats.FactApplied, seats.FactConfirmed, seats.FactAttended} {
			for _, order := range orders {
				found := x.rows(1, fmt.Sprintf(`SELECT subject FROM fact WHERE kind = '%s' %s`, kind, order))
				for _, known := range []string{
					`SELECT id FROM application ORDER BY made_at, id`, `SELECT id FROM application ORDER BY made_at DESC, id DESC`,
					`SELECT application_id FROM attendance ORDER BY first_in`, `SELECT application_id FROM ticket ORDER BY id`,
				} {
					if n := x.right(sideBySide(found, x.rows(1, known))); n > chance {
						t.Errorf("%d of %d facts %s fall by their order (%q) beside %q", n, len(found), kind, order, known)
					}
				}
			}
		}

		// By transaction: all facts of a kind and a day show the same, which wrote no application.
		if store.Dialect() == storage.PostgreSQL {
			if pairs := x.rows(2, byTransaction); len(pairs) > 0 {
				t.Errorf("%d facts fall by their transaction", len(pairs))
			}
			if n := len(x.rows(1, `SELECT DISTINCT xmin::text FROM fact`)); n != 1 {
				t.Errorf("the facts of the day show %d transactions", n)
			}
		}

		// What is left is the day: it leads to everybody of that day alike.
		for _, r := range x.rows(2, `SELECT kind, COUNT(DISTINCT day) FROM fact GROUP BY kind`) {
			if r[1] != "1" {
				t.Errorf("the facts %s are of %s days", r[0], r[1])
			}
		}
	})
}

package exports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// crowd is a house with so many people that their table is made beside, and staff who ask.
type crowd struct {
	peopletest.House
	t      *testing.T
	people []people.Person // by name, without the staff
	asker  people.Person
	all    *peopletest.Visitor
}

const heads = 2*peopletest.TablesPiece + 9 // the last piece is not full

func house(t *testing.T, f func(c *crowd)) {
	t.Helper()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.Clock = clock
		h.People.Attach([]module.Manifest{h.People.Manifest(), h.Tables.Manifest()})
		c := &crowd{House: h, t: t}
		for i := range heads {
			c.people = append(c.people, peopletest.Register(t, store, h.People, people.Details{FullName: fmt.Sprintf("Асанова Сайкал %02d", i), City: "osh", Group: "media"}))
		}
		c.asker = peopletest.Register(t, store, h.People, people.Details{FullName: "Яковлева Я", City: "naryn"})
		c.all = h.As(t, c.asker, access.Grant{Role: access.Coordinator})
		f(c)
	})
}

// ask asks for the table of all people of the group, and gives its id.
func (c *crowd) ask() storage.ID {
	c.t.Helper()
	c.Clock.Pass(time.Second) // so that the page has them in order
	status, to := c.all.Post("/ru/people", "/ru/people/export?group=media&columns=city&columns=made", url.Values{"format": {"csv"}})
	if status != http.StatusSeeOther || to != "/ru/staff/exports" {
		c.t.Fatalf("a long table leads to %d %s", status, to)
	}
	return c.tables()[0]
}

var tableInPage = regexp.MustCompile(`id="table-([0-9a-f-]+)"`)

// tables are those on the page, the last first.
func (c *crowd) tables() (out []storage.ID) {
	c.t.Helper()
	_, page := c.all.Get("/ru/staff/exports")
	for _, m := range tableInPage.FindAllStringSubmatch(page, -1) {
		id, err := storage.ParseID(m[1])
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}

// piece makes one piece.
func (c *crowd) piece(table storage.ID) (more bool) {
	c.t.Helper()
	peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
		more, err = c.Tables.MakePiece(ctx, tx, table)
		return err
	})
	return more
}

// job does the job of a kind for a table.
func (c *crowd) job(ctx context.Context, kind string, table storage.ID) error {
	c.t.Helper()
	for _, k := range c.Tables.Manifest().Jobs {
		if k.Name == kind {
			payload, err := json.Marshal(map[string]any{"table": table})
			if err != nil {
				c.t.Fatal(err)
			}
			return k.Do(ctx, c.Store, payload)
		}
	}
	c.t.Fatalf("there is no job %s", kind)
	return nil
}

func (c *crowd) work(table storage.ID) {
	c.t.Helper()
	if err := c.job(c.t.Context(), "exports.make", table); err != nil {
		c.t.Fatal(err)
	}
}

// take takes a table and gives its rows behind the head.
func (c *crowd) take(v *peopletest.Visitor, table storage.ID, format string) (status int, rows [][]string) {
	c.t.Helper()
	_, page := v.Get("/ru/people")
	res, err := v.HTTP.PostForm(v.URL+"/ru/staff/exports/"+table.String()+"/take", url.Values{"format": {format}, "form_token": {webtest.FormToken(page)}})
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		return res.StatusCode, nil
	}
	if res.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		c.t.Errorf("a table is sent with %v", res.Header)
	}
	if format == "xlsx" {
		book, err := sheet.Read("people.xlsx", body)
		if err != nil {
			c.t.Fatal(err)
		}
		for row, err := range book.Rows() {
			if err != nil {
				c.t.Fatal(err)
			}
			rows = append(rows, row.Cells)
		}
		return res.StatusCode, rows
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err = reader.ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != "ФИО,Город,Дата добавления" {
		c.t.Fatalf("%v %v", rows, err)
	}
	return res.StatusCode, rows[1:]
}

// names are the first cells of rows.
func names(rows [][]string) (out []string) {
	for _, r := range rows {
		out = append(out, r[0])
	}
	return out
}

// want are the names of all but those at some places.
func (c *crowd) want(without ...int) (out []string) {
	for i, p := range c.people {
		if !slices.Contains(without, i) {
			out = append(out, p.FullName)
		}
	}
	return out
}

// boxes gives all that is kept of tables: as it lies there, and opened.
func (c *crowd) boxes() (closed, opened string) {
	c.t.Helper()
	peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (b []byte, err error) {
			err = row.Scan(&b)
			return b, err
		}, `SELECT box FROM list_export_part ORDER BY export_id, place`)
		for _, b := range list {
			plain, err := c.People.Unseal(ctx, tx, c.asker.ID, b)
			if err != nil {
				return err
			}
			closed, opened = closed+string(b), opened+string(plain)
		}
		return err
	})
	return closed, opened
}

func (c *crowd) looks(person storage.ID) (n int) {
	c.t.Helper()
	peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Person: person})
		for _, e := range list {
			if e.Action == "people.audit.in_file" && e.Actor == c.asker.ID {
				n++
			}
		}
		return err
	})
	return n
}

func (c *crowd) erase(p people.Person) {
	c.t.Helper()
	if err := c.People.EraseForGood(c.t.Context(), c.asker.ID, p.ID); err != nil {
		c.t.Fatal(err)
	}
}

func TestALongTableIsMadeBesideAndTakenByWhoAskedAlone(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		t := c.t
		other := c.As(t, peopletest.Register(t, c.Store, c.People, people.Details{FullName: "Ярова Я", City: "naryn"}), access.Grant{Role: access.Coordinator})
		table := c.ask()
		if _, page := c.all.Get("/ru/staff/exports"); !strings.Contains(page, "Создаётся") || !strings.Contains(page, fmt.Sprintf("Готово строк: 0, всего: %d", heads)) || !strings.Contains(page, "data-progress") {
			t.Error("the page does not say that nothing is ready yet")
		}
		if status, _ := c.take(c.all, table, "csv"); status < 400 {
			t.Errorf("a table that is not ready is given: %d", status)
		}
		if !c.piece(table) {
			t.Error("after one piece nothing is left")
		}
		if _, page := c.all.Get("/ru/staff/exports"); !strings.Contains(page, fmt.Sprintf("Готово строк: %d, всего: %d", peopletest.TablesPiece, heads)) || !strings.Contains(page, fmt.Sprintf(`max="%d" value="%d"`, heads, peopletest.TablesPiece)) {
			t.Error("the page does not say how far the table is")
		}
		if n := c.looks(c.people[0].ID); n != 0 {
			t.Errorf("%d looks before anybody took the table", n)
		}
		c.work(table)
		if _, page := c.all.Get("/ru/staff/exports"); !strings.Contains(page, "Готова") || strings.Contains(page, "data-progress") || !strings.Contains(page, fmt.Sprintf("%d строки", heads)) {
			t.Error("the page does not say that the table is ready")
		}
		if closed, opened := c.boxes(); strings.Contains(closed, "Сайкал") || !strings.Contains(opened, "Сайкал") {
			t.Error("names lie in clear, or the test does not open the boxes")
		}
		for _, format := range []string{"csv", "xlsx"} {
			status, rows := c.take(c.all, table, format)
			if status != http.StatusOK || !slices.Equal(names(rows), c.want()) || rows[0][1] != "Ош" || !strings.HasPrefix(rows[0][2], "2026-11-20 16:00") {
				t.Errorf("%s: %d, %v", format, status, rows)
			}
		}
		for i := range c.people {
			if n := c.looks(c.people[i].ID); n != 1 {
				t.Errorf("%d looks in the log of person %d", n, i)
			}
		}
		if _, page := other.Get("/ru/staff/exports"); strings.Contains(page, table.String()) {
			t.Error("somebody else sees the table")
		}
		if status, _ := c.take(other, table, "csv"); status != http.StatusNotFound {
			t.Errorf("somebody else takes the table: %d", status)
		}
		if status, _ := other.Post("/ru/people", "/ru/staff/exports/"+table.String()+"/cancel", url.Values{}); status != http.StatusNotFound {
			t.Errorf("somebody else deletes the table: %d", status)
		}
		if status, _ := c.take(c.Visitor(t), table, "csv"); status == http.StatusOK {
			t.Error("a stranger takes the table")
		}
	})
}

// A short list is sent at once and leaves nothing behind.
func TestAShortTableIsSentAtOnce(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		status, body := c.all.Post("/ru/people", "/ru/people/export?city=naryn", url.Values{"format": {"csv"}})
		if status != http.StatusOK || !strings.Contains(body, "Яковлева Я") || len(c.tables()) != 0 {
			c.t.Errorf("%d %s", status, body)
		}
	})
}

// Runs that are cut short, run again and run beside each other make each row once.
func TestATableIsMadeOnceHoweverOftenItsJobRuns(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		table := c.ask()
		over, cancel := context.WithCancel(c.t.Context())
		cancel()
		if err := c.job(over, "exports.make", table); !errors.Is(err, context.Canceled) {
			c.t.Errorf("a run that is over ends with %v", err)
		}
		c.piece(table)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if err := c.job(c.t.Context(), "exports.make", table); err != nil {
					c.t.Error(err)
				}
			})
		}
		wait.Wait()
		c.work(table)
		if _, rows := c.take(c.all, table, "csv"); !slices.Equal(names(rows), c.want()) {
			c.t.Errorf("%v", names(rows))
		}
	})
}

// Whenever somebody is erased, before her piece is made, behind it, or once all is ready:
// what is taken afterwards has nothing of her, no box keeps her id, and all others stay.
func TestWhoIsErasedIsInNoTableThatIsTakenAfterwards(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		table := c.ask()
		c.erase(c.people[0]) // nothing is made yet
		c.piece(table)
		c.erase(c.people[1])       // is made
		c.erase(c.people[heads-1]) // is not
		c.work(table)
		c.erase(c.people[9]) // all is ready
		gone := []int{0, 1, 9, heads - 1}
		_, opened := c.boxes()
		for _, i := range gone {
			if strings.Contains(opened, c.people[i].ID.String()) || strings.Contains(opened, c.people[i].FullName) {
				c.t.Errorf("a box keeps person %d", i)
			}
		}
		_, page := c.all.Get("/ru/staff/exports")
		if !strings.Contains(page, fmt.Sprintf("%d строк", heads-len(gone))) {
			c.t.Error("the page counts who is erased")
		}
		for _, format := range []string{"csv", "xlsx"} {
			if _, rows := c.take(c.all, table, format); !slices.Equal(names(rows), c.want(gone...)) {
				c.t.Errorf("%s: %v", format, names(rows))
			}
		}
		c.erase(c.asker)
		if closed, _ := c.boxes(); closed != "" {
			c.t.Error("the tables of who asked outlive her")
		}
	})
}

// An erasure between two pieces of a table that is being taken keeps her out of the second.
func TestAnErasureHoldsForTheRestOfATableThatIsBeingTaken(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		table := c.ask()
		c.work(table)
		take := func(place int) (out []string) {
			peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
				rows, err := c.Tables.TakePiece(ctx, tx, c.actor(), table, place)
				for _, r := range rows {
					text, _ := json.Marshal(r[0])
					out = append(out, string(text))
				}
				return err
			})
			return out
		}
		if first := take(0); len(first) != peopletest.TablesPiece {
			c.t.Fatalf("%v", first)
		}
		c.erase(c.people[peopletest.TablesPiece])
		if second := take(1); len(second) != peopletest.TablesPiece-1 || strings.Contains(strings.Join(second, ""), c.people[peopletest.TablesPiece].FullName) {
			c.t.Errorf("%v", second)
		}
	})
}

// actor is the asker as a request would find her.
func (c *crowd) actor() access.Actor {
	table := access.Table{exports.Use: {access.Coordinator}}
	for p, roles := range c.People.Manifest().Permissions {
		table[p] = roles
	}
	return access.Actor{Person: c.asker.ID, Origin: access.OfPasskey, Grants: []access.Grant{{Role: access.Coordinator}}, Table: table}
}

// On PostgreSQL a piece and an erasure may run at once. The erasure begins when the piece
// has read her and is not committed: it has to wait, and then to find what was written.
func TestAnErasureBesideAPieceThatHasReadHerFindsHer(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		her := c.people[3]
		kind := module.Export{Kind: "slow", Text: "people.list.title", Tab: "people.list.export_tab", Needs: "people.view", Look: "people.audit.in_file"}
		kind.Head = func(module.Exported) []string { return []string{"ФИО"} }
		erased := make(chan error, 1)
		begin := sync.OnceFunc(func() {
			go func() { erased <- c.People.EraseForGood(c.t.Context(), c.asker.ID, her.ID) }()
		})
		read := 0
		kind.Rows = func(ctx context.Context, tx *storage.Tx, of module.Exported, ids []storage.ID) (out []module.ExportRow, err error) {
			list, err := c.People.ShownIn(ctx, tx, of.Actor, ids)
			for _, p := range list {
				out = append(out, module.ExportRow{Person: p.ID, Cells: []sheet.Value{sheet.Text(p.FullName)}})
			}
			if read++; read == 2 || tx.Dialect() != storage.PostgreSQL && read == 1 {
				begin()
				c.untilErasureWaits(erased, "person")
			}
			return out, err
		}
		slow := exports.New(exports.Options{
			Store: c.Store, People: c.People, Kinds: func() []module.Export { return []module.Export{kind} }, Piece: heads,
			Table: func() access.Table { return c.actor().Table },
		})
		texts, err := i18n.Load()
		if err != nil {
			c.t.Fatal(err)
		}
		slow.Speak(texts)
		var table storage.ID
		var ids []storage.ID
		for _, p := range c.people {
			ids = append(ids, p.ID)
		}
		peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			table, err = slow.Ask(ctx, tx, exports.Ask{Actor: c.actor(), Lang: i18n.Russian, Kind: "slow", Rows: ids})
			return err
		})
		peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := slow.MakePiece(ctx, tx, table)
			return err
		})
		if err := <-erased; err != nil {
			c.t.Fatal(err)
		}
		_, opened := c.boxes()
		if strings.Contains(opened, her.FullName) || strings.Contains(opened, her.ID.String()) || !strings.Contains(opened, c.people[4].FullName) {
			c.t.Error("she is in what was written beside her erasure, or nobody is")
		}
	})
}

// Two who stand in the same piece are erased at once, before it is made and once it is. The
// second erasure begins when the first has written the piece without her and is not
// committed: it may not write the piece as it was before.
func TestTwoErasuresBesideEachOtherLeaveNeither(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]bool{"made": true, "not made": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house(t, func(c *crowd) {
				first, second := c.people[1], c.people[2]
				table := c.ask()
				if made {
					c.work(table)
				}
				erased := make(chan error, 1)
				begin := sync.OnceFunc(func() {
					go func() { erased <- c.People.EraseForGood(c.t.Context(), c.asker.ID, second.ID) }()
					c.untilErasureWaits(erased, "list_export_part")
				})
				c.People.Attach([]module.Manifest{c.People.Manifest(), c.Tables.Manifest(), {
					Name: "behind", // comes when the tables are written
					Erase: func(context.Context, *storage.Tx, storage.ID) error {
						begin()
						return nil
					},
				}})
				c.erase(first)
				if err := <-erased; err != nil {
					c.t.Fatal(err)
				}
				_, opened := c.boxes()
				for _, p := range []people.Person{first, second} {
					if strings.Contains(opened, p.FullName) || strings.Contains(opened, p.ID.String()) {
						c.t.Errorf("%s stands in a table after her erasure", p.FullName)
					}
				}
				c.work(table)
				if _, rows := c.take(c.all, table, "csv"); !slices.Equal(names(rows), c.want(1, 2)) {
					c.t.Errorf("%v", names(rows))
				}
			})
		})
	}
}

// untilErasureWaits lets the erasure run as far as it can: until it waits for a lock of
// PostgreSQL on a table, or has ended. On SQLite it waits for the writer, which is held here. Nothing
// tells that a lock is waited for, so it is asked again and again, however long that takes
// on a busy machine; the time of all tests is the bound.
func (c *crowd) untilErasureWaits(erased chan error, table string) {
	c.t.Helper()
	for {
		select {
		case err := <-erased:
			erased <- err
			return
		default:
		}
		waits := false
		err := c.Store.Read(c.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if tx.Dialect() != storage.PostgreSQL {
				waits = true
				return nil
			}
			var n int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`, "%"+table+"%").Scan(&n)
			waits = n > 0
			return err
		})
		if err != nil {
			c.t.Error(err)
			return
		}
		if waits {
			return
		}
		time.Sleep(time.Millisecond) // between two questions
	}
}

// Whose roles are others than when she asked takes nothing; a table that is being made for
// who may not any more ends, and nothing of it stays.
func TestWhoseRolesHaveChangedTakesNothing(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		t := c.t
		whole, half := c.ask(), c.ask()
		c.work(whole)
		c.piece(half)
		narrow := func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET city = 'talas' WHERE person_id = $1`, c.asker.ID)
			return err
		}
		peopletest.Write(t, c.Store, narrow)
		if status, _ := c.take(c.all, whole, "csv"); status != http.StatusForbidden {
			t.Errorf("with another role she gets %d", status)
		}
		c.work(half)
		if _, page := c.all.Get("/ru/staff/exports"); !strings.Contains(page, "Ваша роль изменилась") || !strings.Contains(page, "Нет права") || strings.Contains(page, "/take") {
			t.Error("the page does not say why")
		}
		var left int
		peopletest.Write(t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM list_export_part WHERE export_id = $1`, half).Scan(&left)
		})
		if left != 0 {
			t.Errorf("%d parts are left of a table that ended", left)
		}
		peopletest.Write(t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE person_id = $1`, c.asker.ID)
			return err
		})
		if status, _ := c.take(c.all, whole, "csv"); status == http.StatusOK {
			t.Error("without a role she takes the table")
		}
	})
}

func TestATableIsKeptForADayAndGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		t := c.t
		first, second := c.ask(), c.ask()
		c.work(first)
		c.piece(second)
		if status, to := c.all.Post("/ru/staff/exports", "/ru/staff/exports/"+second.String()+"/cancel", url.Values{}); status != http.StatusSeeOther || to != "/ru/staff/exports" {
			t.Errorf("given up: %d %s", status, to)
		}
		if c.piece(second) {
			t.Error("a table that was given up is made on")
		}
		if got := c.tables(); !slices.Equal(got, []storage.ID{first}) {
			t.Errorf("the page has %v", got)
		}
		c.Clock.Pass(exports.KeptFor - 2*time.Second) // the second was asked for a second later
		c.all = c.As(t, c.asker)
		if status, _ := c.take(c.all, first, "csv"); status != http.StatusOK {
			t.Errorf("before the day is over: %d", status)
		}
		c.Clock.Pass(time.Second)
		if status, _ := c.take(c.all, first, "csv"); status != http.StatusNotFound || len(c.tables()) != 0 {
			t.Errorf("after a day: %d", status)
		}
		if err := c.job(t.Context(), "exports.end", first); err != nil {
			t.Fatal(err)
		}
		if closed, _ := c.boxes(); closed != "" {
			t.Error("the table lies there after its day")
		}
		var due int64
		peopletest.Write(t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE kind = 'exports.end' AND run_at - made_at = $1`, exports.KeptFor.Microseconds()).Scan(&due)
		})
		if due != 2 {
			t.Errorf("%d jobs end the tables after a day", due)
		}
	})
}

// However many ask at once, no more than three are kept.
func TestNoMoreThanThreeTablesAreKept(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		var ids []storage.ID
		for _, p := range c.people {
			ids = append(ids, p.ID)
		}
		var mu sync.Mutex
		kept, refused := 0, 0
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				err := c.Store.Write(c.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := c.Tables.Ask(ctx, tx, exports.Ask{Actor: c.actor(), Lang: i18n.Russian, Kind: "people", Rows: ids})
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					kept++
				case fault.Is(err, fault.Conflict):
					refused++
				default:
					c.t.Error(err)
				}
			})
		}
		wait.Wait()
		if kept != exports.MostKept || refused != 8-kept || len(c.tables()) != kept {
			c.t.Errorf("%d kept, %d refused", kept, refused)
		}
	})
}

// A session that was left open takes nothing, whoever forgets to ask the route for it.
func TestAnOldSessionTakesNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*web.Route){"as it is": func(*web.Route) {}, "without the route's help": func(r *web.Route) { r.Fresh = "" }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := storagetest.NewClock(peopletest.Morning)
			h := peopletest.OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: "http://localhost"}, change)
			h.Clock = clock
			c := &crowd{House: h, t: t, asker: peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Яковлева Я", Email: "ya@mail.kg"})}
			for i := range heads {
				c.people = append(c.people, peopletest.Register(t, h.Store, h.People, people.Details{FullName: fmt.Sprintf("Асанова Сайкал %02d", i), City: "osh", Group: "media"}))
			}
			peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
				return h.People.Grant(ctx, tx, c.asker.ID, access.Grant{Role: access.Coordinator})
			})
			key := peopletest.NewKey(t, "hers", c.asker.ID)
			c.all = h.Visitor(t)
			if status := c.all.Follow(h.Invite(t, c.asker.ID), key); status != http.StatusOK {
				t.Fatal(status)
			}
			table := c.ask()
			c.work(table)
			h.Clock.Pass(web.FreshFor + time.Second)
			if status, _ := c.take(c.all, table, "csv"); status == http.StatusOK {
				t.Error("an old session takes the table")
			}
			if n := c.looks(c.people[0].ID); n != 0 {
				t.Errorf("%d looks of a table that was refused", n)
			}
			if status := c.all.SignsInWith(key); status != http.StatusOK {
				t.Fatal(status)
			}
			if status, rows := c.take(c.all, table, "csv"); status != http.StatusOK || len(rows) != heads {
				t.Errorf("fresh: %d, %d rows", status, len(rows))
			}
		})
	}
}

// What nobody may ask for is refused by the use case: another's list, nothing, too much.
func TestOnlyWhoMayTakesAListAndWithinBounds(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		desk := c.actor()
		desk.Grants = []access.Grant{{Role: access.FrontDesk}}
		for name, test := range map[string]struct {
			cmd  exports.Ask
			want fault.Code
		}{
			"no permission": {exports.Ask{Actor: desk, Kind: "people", Rows: make([]storage.ID, 1)}, fault.Forbidden},
			"nobody":        {exports.Ask{Kind: "people", Rows: make([]storage.ID, 1)}, fault.Forbidden},
			"no such list":  {exports.Ask{Actor: c.actor(), Kind: "contacts", Rows: make([]storage.ID, 1)}, fault.Forbidden},
			"nothing":       {exports.Ask{Actor: c.actor(), Kind: "people"}, fault.Invalid},
			"too much":      {exports.Ask{Actor: c.actor(), Kind: "people", Rows: make([]storage.ID, exports.MostRows+1)}, fault.Invalid},
		} {
			err := c.Store.Write(c.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := c.Tables.Ask(ctx, tx, test.cmd)
				return err
			})
			if !fault.Is(err, test.want) {
				c.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A part that was put into the place of another opens for nobody.
func TestAPartStandsInItsPlaceAlone(t *testing.T) {
	t.Parallel()
	house(t, func(c *crowd) {
		first, second := c.ask(), c.ask()
		c.work(first)
		c.work(second)
		peopletest.Write(c.t, c.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE list_export_part SET box = (SELECT p.box FROM list_export_part p WHERE p.export_id = $1 AND p.place = 1) WHERE export_id = $2 AND place = 0`, first, second)
			return err
		})
		err := c.Store.Write(c.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := c.Tables.TakePiece(ctx, tx, c.actor(), second, 0)
			return err
		})
		if err == nil {
			c.t.Error("a part of another table is taken")
		}
		c.erase(c.people[0]) // nobody can say who is in it: it is thrown away
		if got := c.tables(); !slices.Equal(got, []storage.ID{first}) {
			c.t.Errorf("left are %v", got)
		}
	})
}

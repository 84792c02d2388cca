package roster_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/people"
)

// importer is a coordinator who imports.
type importer struct {
	*peopletest.Visitor
	peopletest.House
}

func importers(t *testing.T, f func(v importer), options ...storagetest.Option) {
	t.Helper()
	t.Parallel()
	for name, engine := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := storagetest.NewClock(peopletest.Morning)
			h := peopletest.OpenWith(t, engine(t, append(options, clock.Option())...), people.Options{PublicURL: "http://localhost", Demo: true})
			h.Clock = clock
			f(importer{coordinator(t, h, "c@mail.kg"), h})
		})
	}
}

func coordinator(t testing.TB, h peopletest.House, email string) *peopletest.Visitor {
	t.Helper()
	return h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: email}), access.Grant{Role: access.Coordinator})
}

// upload brings a file to its preview and gives the path of that.
func (v importer) upload(file string) (path string) {
	v.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "people.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.T.Fatal(err)
	}
	res, err := v.HTTP.Post(v.Visitor.URL+"/ru/import/people", w.FormDataContentType(), &body)
	status, to := v.Read(res, err)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/ru/import/people/") {
		v.T.Fatalf("upload: %d %s", status, to)
	}
	return to
}

func (v importer) count(query string) (n int) {
	v.T.Helper()
	if err := v.Store.Read(v.T.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query).Scan(&n)
	}); err != nil {
		v.T.Fatal(err)
	}
	return n
}

func (v importer) people() int { v.T.Helper(); return v.count(`SELECT COUNT(*) FROM person`) }

// shown gives the rows of the tables of a page: row, name, reason.
func (v importer) shown(path string) (rows []string) {
	v.T.Helper()
	status, page := v.Get(path)
	if status != http.StatusOK {
		v.T.Fatalf("%s: %d", path, status)
	}
	for _, row := range strings.Split(page, "<tr>")[1:] {
		var cells []string
		for _, c := range regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`).FindAllStringSubmatch(row, -1) {
			cells = append(cells, regexp.MustCompile(`<[^>]*>`).ReplaceAllString(c[1], ""))
		}
		if len(cells) > 0 {
			rows = append(rows, strings.Join(cells, " | "))
		}
	}
	return rows
}

const mixed = "ФИО;Телефон;Почта\n" +
	"Асанова Ая;0555200211;\n" + // added
	"Бекова Бая;12;\n" + // a mistake
	"Чокоева Чая;;chaya@mail.kg\n" + // in the register
	"Асанова Ая;0555200211;\n" + // the first again
	"Донова Дая;0555200211;\n" + // added, with the phone of the first
	"Эсенова Эля;;elya@mail.kg\n" // added by somebody else between look and confirmation

func TestEachRowThatWasNotAddedIsNamedAfterTheImportAndStaysNamed(t *testing.T) {
	importers(t, func(v importer) {
		peopletest.Register(v.T, v.Store, v.People, people.Details{FullName: "Чокоева Чая", Email: "chaya@mail.kg"})
		path := v.upload(mixed)
		_, preview := v.Get(path)
		if !strings.Contains(preview, `name="added" value="3"`) {
			v.T.Error("the preview does not add three")
		}
		peopletest.Register(v.T, v.Store, v.People, people.Details{FullName: "Эсенова Эля", Email: "elya@mail.kg"})
		before := v.people()
		if status, to := v.Post(path, path, url.Values{"added": {"3"}}); status != http.StatusSeeOther || to != path {
			v.T.Fatalf("confirming: %d to %s", status, to)
		}
		want := []string{
			"3 | Бекова Бая | Телефон (2): ",
			"4 | Чокоева Чая | Этот человек уже есть в списке",
			"5 | Асанова Ая | Тот же человек записан в файле раньше: строка 2",
			"7 | Эсенова Эля | Этот человек уже есть в списке",
			"2 | Асанова Ая | Один телефон: строка 6 (Донова Дая)",
			"6 | Донова Дая | Один телефон: строка 2 (Асанова Ая)",
		}
		says := func(when string) {
			v.T.Helper()
			got := v.shown(path)
			if len(got) != len(want) {
				v.T.Fatalf("%s: %q", when, got)
			}
			for i, w := range want {
				if !strings.HasPrefix(got[i], w) {
					v.T.Errorf("%s: %q, not %q", when, got[i], w)
				}
			}
			if n := v.people(); n != before+2 {
				v.T.Errorf("%s: %d people were added, not 2", when, n-before)
			}
			_, page := v.Get(path)
			for _, w := range []string{"добавить предстояло: 3", "Добавлено на самом деле: 2"} {
				if !strings.Contains(page, w) {
					v.T.Errorf("%s: %q is not said", when, w)
				}
			}
		}
		says("after confirming")
		says("on reload")
		if status, to := v.Post(path, path, url.Values{"added": {"0"}}); status != http.StatusSeeOther || to != path {
			v.T.Errorf("confirming again: %d to %s", status, to)
		}
		says("confirmed twice")
		for _, l := range []string{"ky", "en"} {
			if _, page := v.Get("/" + l + path[3:]); !strings.Contains(page, "Бекова Бая") || strings.Contains(page, "people.import") {
				v.T.Errorf("in %s a text is missing", l)
			}
		}
		_, body := v.Post(path, path+"/table", url.Values{})
		body, marked := strings.CutPrefix(body, "\ufeff")
		r := csv.NewReader(strings.NewReader(body))
		r.Comma = ';' // as programs in Russian part cells
		table, err := r.ReadAll()
		if err != nil || !marked || len(table) != len(want)+1 {
			v.T.Fatalf("the table: %v %q", err, table)
		}
		for i, w := range want {
			if cells := strings.Split(w, " | "); table[i+1][0] != cells[0] || table[i+1][1] != cells[1] || !strings.HasPrefix(table[i+1][3], cells[2]) {
				v.T.Errorf("the table has %q, not %q", table[i+1], w)
			}
		}
		other := coordinator(v.T, v.House, "other@mail.kg")
		if status, page := other.Get(path); status != http.StatusGone || strings.Contains(page, "Бекова") {
			v.T.Errorf("another coordinator gets %d", status)
		}
		v.sealedAndForgotten(path)
	})
}

// sealedAndForgotten holds that what is kept of an import holds no name in clear, loses
// who is erased, and goes after its day.
func (v importer) sealedAndForgotten(path string) {
	v.T.Helper()
	if n := v.count(`SELECT COUNT(*) FROM person_import WHERE length(sealed) > 0`); n != 0 {
		v.T.Error("the file is kept beside the result")
	}
	var boxes []byte
	if err := v.Store.Read(v.T.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (b []byte, err error) {
			err = row.Scan(&b)
			return b, err
		}, `SELECT sealed FROM person_import_part UNION ALL SELECT result FROM person_import`)
		boxes = bytes.Join(list, nil)
		return err
	}); err != nil {
		v.T.Fatal(err)
	}
	if len(boxes) == 0 || bytes.Contains(boxes, []byte("Бекова")) || bytes.Contains(boxes, []byte("Асанова")) {
		v.T.Error("what is kept of an import is not sealed")
	}
	waiting := v.upload(mixed)
	for _, name := range []string{"Чокоева Чая", "Донова Дая"} {
		var found []people.Person
		if err := v.Store.Read(v.T.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			found, err = v.People.Search(ctx, tx, people.Query{Text: name})
			return err
		}); err != nil || len(found) != 1 {
			v.T.Fatalf("%d are called %s, %v", len(found), name, err)
		}
		peopletest.Write(v.T, v.Store, func(ctx context.Context, tx *storage.Tx) error {
			return v.People.Erase(ctx, tx, storage.ID{}, found[0].ID)
		})
	}
	if _, page := v.Get(path); strings.Contains(page, "Чокоева") || strings.Contains(page, "Донова") || strings.Count(page, "данные удалены") != 3 || !strings.Contains(page, "Бекова Бая") {
		v.T.Error("the result tells of who was erased, or no more of others")
	}
	if status, _ := v.Get(waiting); status != http.StatusGone {
		v.T.Errorf("a file that may hold an erased person waits on: %d", status)
	}
	v.Clock.Pass(25 * time.Hour)
	later := importer{coordinator(v.T, v.House, "later@mail.kg"), v.House}
	later.HTTP.Jar = v.HTTP.Jar
	if status, page := v.Get(path); status == http.StatusOK || strings.Contains(page, "Бекова") {
		v.T.Errorf("after a day the result is there: %d", status)
	}
	for _, k := range v.People.Manifest().Jobs {
		if k.Name == "people.tidy" {
			if err := k.Do(v.T.Context(), v.Store, json.RawMessage("{}")); err != nil {
				v.T.Fatal(err)
			}
		}
	}
	if n := v.count(`SELECT (SELECT COUNT(*) FROM person_import) + (SELECT COUNT(*) FROM person_import_part)`); n != 0 {
		v.T.Errorf("%d rows of old imports are left", n)
	}
}

// longList has rows enough for three pieces.
func longList() string {
	var b strings.Builder
	b.WriteString("ФИО;Почта\n")
	for i := range 250 {
		fmt.Fprintf(&b, "Асанова Ая %d;a%d@mail.kg\n", i, i)
	}
	return b.String() + "Асанова Ая 7;a7@mail.kg\nБекова Бая;a9@mail.kg\n"
}

func TestAnImportThatBreaksOffSaysSoAndGoesOnWhereItStopped(t *testing.T) {
	importers(t, func(v importer) {
		path := v.upload(longList())
		stop, mend := []string{`CREATE TRIGGER stop BEFORE INSERT ON person_import_part WHEN NEW.at_row = 200 BEGIN SELECT RAISE(ABORT, 'stop'); END`}, `DROP TRIGGER stop`
		if v.Store.Dialect() == storage.PostgreSQL {
			stop, mend = []string{`ALTER TABLE person_import_part ADD CONSTRAINT stop CHECK (at_row < 200)`}, `ALTER TABLE person_import_part DROP CONSTRAINT stop`
		}
		run := func(list ...string) {
			v.T.Helper()
			peopletest.Write(v.T, v.Store, func(ctx context.Context, tx *storage.Tx) error {
				for _, q := range list {
					if _, err := tx.Exec(ctx, q); err != nil {
						return err
					}
				}
				return nil
			})
		}
		before := v.people()
		run(stop...)
		if status, _ := v.Post(path, path, url.Values{"added": {"251"}}); status != http.StatusInternalServerError {
			v.T.Errorf("broken off: %d", status)
		}
		run(mend)
		if _, page := v.Get(path); !strings.Contains(page, "Пройдено строк: 200") || !strings.Contains(page, "Продолжить") || strings.Contains(page, "Все люди из файла добавлены.") {
			v.T.Error("it is not said how far the import came")
		}
		if status, _ := v.Post(path, path+"/table", url.Values{}); status != http.StatusConflict {
			v.T.Errorf("the table of half an import: %d", status)
		}
		if status, _ := v.Post(path, path, url.Values{"added": {"251"}}); status != http.StatusSeeOther {
			v.T.Errorf("going on: %d", status)
		}
		if n := v.people() - before; n != 251 {
			v.T.Errorf("%d people were added, not 251", n)
		}
		got := v.shown(path)
		want := []string{
			"252 | Асанова Ая 7 | Тот же человек записан в файле раньше: строка 9",
			"11 | Асанова Ая 9 | Один адрес почты: строка 253 (Бекова Бая)", "253 | Бекова Бая | Один адрес почты: строка 11 (Асанова Ая 9)",
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			v.T.Errorf("%q", got)
		}
		if _, page := v.Get(path); strings.Contains(page, "добавить предстояло") {
			v.T.Error("it is said that the register has changed")
		}
	}, storagetest.TablesChange)
}

func TestAFileThatIsConfirmedTwiceAtOnceGoesInOnce(t *testing.T) {
	importers(t, func(v importer) {
		path := v.upload(longList())
		before := v.people()
		_, page := v.Get(path)
		token := webtest.FormToken(page)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				res, err := v.HTTP.PostForm(v.Visitor.URL+path, url.Values{"form_token": {token}, "added": {"251"}})
				if err != nil {
					v.T.Error(err)
					return
				}
				defer res.Body.Close()
				if res.StatusCode != http.StatusSeeOther {
					v.T.Errorf("confirming: %d", res.StatusCode)
				}
			})
		}
		all.Wait()
		if n := v.people() - before; n != 251 {
			v.T.Errorf("%d people were added, not 251", n)
		}
		if got := v.shown(path); len(got) != 3 || !strings.HasPrefix(got[0], "252 | ") {
			v.T.Errorf("%q", got)
		}
	})
}

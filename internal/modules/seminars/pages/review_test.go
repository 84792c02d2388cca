package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// reviewer is somebody with the role at the activity alone.
func (k *call) reviewer() access.Actor {
	k.Helper()
	actor := access.Actor{Origin: access.OfPasskey, Grants: []access.Grant{{Role: access.Reviewer, Scope: access.Scope{Activity: k.a.ID}}}, Table: k.Manifest().Permissions}
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		p, err := k.People.Register(ctx, tx, personOf("Баалоочу"))
		actor.Person = p.ID
		return err
	})
	return actor
}

// rubric saves two criteria, of 10 points and of 5.
func (k *call) rubric() (r review.Rubric) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := k.Reviews.SaveRubric(ctx, tx, review.SaveRubric{Actor: k.staff, Activity: k.a.ID, Shown: []string{"why"}, Criteria: []review.Criterion{{Name: inThree("Motive"), Most: 10}, {Name: i18n.Text{Ky: "Тажрыйба"}, Most: 5}}}); err != nil {
			return err
		}
		var err error
		r, err = k.Reviews.RubricOf(ctx, tx, k.a)
		return err
	})
	return r
}

func (k *call) queue(actor access.Actor) (q review.Queue) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		q, err = k.Reviews.QueueOf(ctx, tx, actor, k.a.ID)
		return err
	})
	return q
}

func (k *call) read(actor access.Actor, number string) (b review.Blind) {
	k.Helper()
	k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		_, b, err = k.Reviews.Read(ctx, tx, actor, new(i18n.Catalogue).Printer(i18n.Kyrgyz), k.a.ID, number)
		return err
	})
	return b
}

func (k *call) give(actor access.Actor, r review.Rubric, number string, version int64, reason string, points ...int) error {
	cmd := review.Give{Actor: actor, Activity: k.a.ID, Number: number, Version: version, Reason: reason, Points: map[string]int{}, Known: len(points) == 0}
	for i, p := range points {
		cmd.Points[r.Criteria[i].ID] = p
	}
	return k.try(func(ctx context.Context, tx *storage.Tx) error { return k.Reviews.Give(ctx, tx, cmd) })
}

// motivated lets n people apply whose motivation names them and how they are reached.
func (k *call) motivated(n int) (ids []storage.ID) {
	k.Helper()
	for i := range n {
		a := answersOf(i)
		a.Values["why"] = []string{fmt.Sprintf("Мен АЙГҮЛ, Aigul Asanova. Асановага жазыңыз: aigul%d@example.kg же +996 555 00 00 %02d, @aigul_%d. Жаштар менен иштейм %d", i, i, i, i)}
		k.c.Pass(time.Second)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			h, err := k.Apply(ctx, tx, seats.Apply{Activity: k.a.ID, Answers: a, Lang: i18n.Kyrgyz})
			ids = append(ids, h.Application.ID)
			return err
		})
	}
	return ids
}

// A reviewer finds the scores of others only once her own stands, and never who gave them; what
// is known of the person is nowhere.
func TestAReviewerReadsNoNameAndNoScoreBeforeHerOwn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.motivated(6)
		r := k.rubric()
		one, two, far := k.reviewer(), k.reviewer(), k.somebody("naryn")
		q := k.queue(one)
		if len(q.Items) != len(ids) || q.Left() != len(ids) {
			t.Fatalf("%d wait, %d left", len(q.Items), q.Left())
		}
		if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Reviews.QueueOf(ctx, tx, far, k.a.ID)
			return err
		}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("of another city: %v", err)
		}
		number := q.Items[2].Number
		if err := k.give(one, r, number, 0, "Биринчинин негизи", 7, 4); err != nil {
			t.Fatal(err)
		}
		before := k.read(two, number)
		text, _ := json.Marshal(before)
		if len(before.Others) != 0 || strings.Contains(string(text), "Биринчинин") || len(before.Answers) != 1 {
			t.Errorf("before her own: %s", text)
		}
		for _, secret := range []string{"АЙГҮЛ", "Aigul", "Асан", "example.kg", "+996", "555 00 00", "@"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%q is read: %s", secret, text)
			}
		}
		if !strings.Contains(string(text), "Жаштар менен иштейм") {
			t.Errorf("the motivation is not read: %s", text)
		}
		if err := k.give(two, r, number, 0, "Экинчинин негизи", 1, 3); err != nil {
			t.Fatal(err)
		}
		after := k.read(two, number)
		if len(after.Others) != 1 || after.Others[0].Reason != "Биринчинин негизи" || after.Others[0].Total() != 11 || after.Own.Total() != 4 {
			t.Errorf("%+v", after)
		}
		// Who says that she knows the person reads nobody's score, and gives none that counts.
		three := k.reviewer()
		if err := k.give(three, r, number, 0, ""); err != nil {
			t.Fatal(err)
		}
		if b := k.read(three, number); len(b.Others) != 0 || !b.Own.Known {
			t.Errorf("%+v", b)
		}
		if b := k.read(one, number); len(b.Others) != 1 {
			t.Errorf("others are told of who knows her: %+v", b)
		}
		// Whoever selects sees nothing until she opens it, and gives none from then on.
		standings := func() (of map[storage.ID]review.Standing) {
			k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				_, of, _, err = k.Reviews.Standings(ctx, tx, k.staff, k.a)
				return err
			})
			return of
		}
		if of := standings(); len(of) != 0 {
			t.Errorf("%+v", of)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Reviews.Open(ctx, tx, k.staff, k.a.ID) })
		of := standings()
		var s review.Standing
		for _, v := range of {
			s = v
		}
		if len(of) != 1 || s.Reviews != 2 || s.Median != 7.5 || s.Mean != 7.5 || !s.Disagree {
			t.Errorf("%+v", of)
		}
		if err := k.give(k.staff, r, number, 0, "Кеч", 1, 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("after opening: %v", err)
		}
		// A change is kept beside what was.
		if err := k.give(one, r, number, 1, "Ойлонуп көрдүм", 5, 2); err != nil {
			t.Error(err)
		}
		if err := k.give(one, r, number, 1, "Эски терезе", 9, 5); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old window: %v", err)
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM review_score_past`); n != 1 {
			t.Errorf("%d former scores", n)
		}
		for _, wrong := range [][]int{{11, 1}, {-1, 1}, {1}, {3, 6}} {
			if err := k.give(one, r, number, 2, "Ката", wrong...); !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		for _, reason := range []string{"", strings.Repeat("ө", review.LongestReason+1)} {
			if err := k.give(one, r, number, 2, reason, 1, 1); !fault.Is(err, fault.Invalid) {
				t.Errorf("a reason of %d letters: %v", len([]rune(reason)), err)
			}
		}
		// Her export has it once she was told, without those who gave it.
		var app storage.ID
		for id := range of {
			app = id
		}
		her := stateOf(t, k.Module, app)
		if export := k.exportOf(her.Person); strings.Contains(export, "негизи") || strings.Contains(export, "Ойлонуп") {
			t.Errorf("before she is told: %s", export)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: seats.Declined, Seen: map[storage.ID]int64{app: her.Version}})
			return err
		})
		export := k.exportOf(her.Person)
		if !strings.Contains(export, "Ойлонуп көрдүм") || !strings.Contains(export, "Экинчинин негизи") || !strings.Contains(export, "Тажрыйба") || strings.Contains(export, one.Person.String()) || strings.Contains(export, "Баалоочу") {
			t.Errorf("after she was told: %s", export)
		}
		if err := k.give(one, r, number, 2, "Кеч", 1, 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("after she was told: %v", err)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, one.Person) })
		if n := count(t, k.Module, `SELECT COUNT(*) FROM review_score WHERE reviewer IS NULL`); n != 1 {
			t.Errorf("%d scores of an erased reviewer", n)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, her.Person) })
		if n := count(t, k.Module, `SELECT COUNT(*) FROM review_score`) + count(t, k.Module, `SELECT COUNT(*) FROM review_score_past`); n != 0 {
			t.Errorf("%d scores of an erased person", n)
		}
	})
}

// Numbers tell neither an id nor who came first.
func TestTheNumbersOfApplicationsTellNoOrder(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(5, 1)), 12)
		k.rubric()
		one := k.reviewer()
		var numbers []string
		for _, id := range ids { // alone in the list its number is seen
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				if _, err := tx.Exec(ctx, `UPDATE application SET state = CASE WHEN id = $1 THEN 'applied' ELSE 'declined' END`, id); err != nil {
					return err
				}
				q, err := k.Reviews.QueueOf(ctx, tx, one, k.a.ID)
				if err == nil {
					numbers = append(numbers, q.Items[0].Number)
				}
				return err
			})
		}
		if slices.IsSorted(numbers) || !regexp.MustCompile(`^[0-9A-Z]{4}-[0-9A-Z]{4}$`).MatchString(numbers[0]) {
			t.Errorf("%q", numbers)
		}
		for i, id := range ids {
			plain := strings.ToUpper(strings.ReplaceAll(id.String(), "-", ""))
			if strings.Contains(plain, strings.ReplaceAll(numbers[i], "-", "")) || slices.Contains(numbers[:i], numbers[i]) {
				t.Errorf("%s is %s", id, numbers[i])
			}
		}
	})
}

func TestWhatIsScoredByChangesUntilTheFirstScoreAndNotAfter(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		k.motivated(2)
		r := k.rubric()
		save := func(version int64, criteria []review.Criterion, shown ...string) error {
			return k.try(func(ctx context.Context, tx *storage.Tx) error {
				return k.Reviews.SaveRubric(ctx, tx, review.SaveRubric{Actor: k.staff, Activity: k.a.ID, Criteria: criteria, Shown: shown, Version: version})
			})
		}
		many := make([]review.Criterion, review.MostCriteria+1)
		for i := range many {
			many[i] = review.Criterion{Name: inThree("One"), Most: 1}
		}
		for name, err := range map[string]error{
			"none":       save(1, nil),
			"too many":   save(1, many),
			"no name":    save(1, []review.Criterion{{Most: 3}}),
			"no points":  save(1, []review.Criterion{{Name: inThree("One")}}),
			"points":     save(1, []review.Criterion{{Name: inThree("One"), Most: review.MostPoints + 1}}),
			"her name":   save(1, many[:1], "name"),
			"her sex":    save(1, many[:1], "sex"),
			"her office": save(1, many[:1], "organisation"),
		} {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		one := k.reviewer()
		if err := k.give(one, r, k.queue(one).Items[1].Number, 0, ""); err != nil { // who knows her scores by nothing
			t.Fatal(err)
		}
		if err := save(1, r.Criteria[:1], "why"); err != nil {
			t.Error(err)
		}
		if err := save(1, r.Criteria[:1], "why"); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old window: %v", err)
		}
		if err := save(2, r.Criteria[1:], "why"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a criterion that is gone: %v", err)
		}
		r.Criteria = r.Criteria[:1]
		if err := k.give(one, r, k.queue(one).Items[0].Number, 0, "Негизи", 3); err != nil {
			t.Fatal(err)
		}
		if err := save(2, many[:1]); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "seminars.review.fault.frozen" {
			t.Errorf("after the first score: %v", err)
		}
		for _, q := range []string{`UPDATE review_rubric SET criteria = '[]'`, `UPDATE review_rubric SET shown = '[]'`, `UPDATE review_rubric SET frozen_at = 0`, `DELETE FROM review_rubric`} {
			if err := k.try(func(ctx context.Context, tx *storage.Tx) error { _, err := tx.Exec(ctx, q); return err }); err == nil {
				t.Errorf("the database takes %s", q)
			}
		}
	})
}

// twoScore lets one reviewer give two scores at the same moment; it gives how many there are.
func twoScore(t *testing.T, store *storage.Store, c *storagetest.Clock, guarded bool) int {
	k := newCall(t, store, c, 4)
	k.motivated(1)
	r := k.rubric()
	one := k.reviewer()
	number := k.queue(one).Items[0].Number
	if !guarded {
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DROP INDEX review_score_once`)
			return err
		})
	}
	if store.Dialect() == storage.PostgreSQL { // SQLite lets one write after the other
		var both sync.WaitGroup
		both.Add(2)
		var times sync.Mutex
		left := 2
		k.Reviews.Giving = func() {
			times.Lock()
			first := left > 0
			left--
			times.Unlock()
			if first { // who is run again by the store waits for nobody
				both.Done()
				both.Wait() // each has seen that there is none before either keeps
			}
		}
		// The first score of the activity holds the rubric; so there is one already.
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE review_rubric SET frozen_at = 1`)
			return err
		})
	}
	crowd(t, 2, 2, func(i int) error {
		err := k.give(one, r, number, 0, "Негизи", i, i)
		if fault.Is(err, fault.Conflict) {
			return nil
		}
		return err
	})
	return count(t, k.Module, `SELECT COUNT(*) FROM review_score`)
}

// The positive control: without the guard both stand where the engine lets two write at once.
func TestWithoutTheGuardAReviewerScoresTwice(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		want := 1
		if store.Dialect() == storage.PostgreSQL {
			want = 2
		}
		if n := twoScore(t, store, c, false); n != want {
			t.Errorf("%d scores: the race did not happen, so the test with the guard proves nothing", n)
		}
	}, storagetest.TablesChange)
}

func TestTwoScoresOfOneReviewerAtOnceAreOne(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := twoScore(t, store, c, true); n != 1 {
			t.Errorf("%d scores", n)
		}
	})
}

// Canary: whatever a reviewer opens, follows or sends, nothing of it tells who applied, nor what
// others gave before her own score stands.
func TestAReviewerFindsNoNameWhereverSheGoes(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.motivated(5)
		r := k.rubric()
		one := k.reviewer()
		for _, item := range k.queue(one).Items {
			if err := k.give(one, r, item.Number, 0, "Сырдуу негиз", 9, 1); err != nil {
				t.Fatal(err)
			}
		}
		b := &browser{t: t, base: serve(t, k.Module, c), as: "reviewer"}
		secrets := []string{"Асан", "АЙГҮЛ", "Айгүл", "Aigul", "aigul", "@example", "+996", "555 00 00", "5550000", "Аял", "Эркек", "Female", "Женский", "25–34", "25-34", "Сырдуу негиз", `value="9"`}
		for _, id := range ids {
			secrets = append(secrets, id.String(), stateOf(t, k.Module, id).Person.String())
		}
		links := regexp.MustCompile(` (?:href|action|src)="(/[^"#]*)`)
		seen, ahead := map[string]bool{}, []string{"/ky/review/osh", "/ru/review/osh", "/en/review/osh"}
		for _, path := range []string{"/applicants", "/selection", "/review", "/applicants/" + ids[0].String(), "/calls", "", "/applicants?sort=-score"} {
			ahead = append(ahead, "/ky/staff/seminars/osh"+path)
		}
		opened := 0
		look := func(status int, page, where string) {
			if status == http.StatusOK || status == http.StatusUnprocessableEntity {
				opened++
			}
			for _, s := range secrets {
				if strings.Contains(page, s) {
					t.Errorf("%s (%d) tells %q", where, status, s)
				}
			}
		}
		for len(ahead) > 0 && len(seen) < 300 {
			path := strings.ReplaceAll(ahead[0], "&amp;", "&")
			ahead = ahead[1:]
			if seen[path] || strings.Contains(path, "/assets/") {
				continue
			}
			seen[path] = true
			status, page, _ := b.do("GET", path, nil)
			look(status, page, path)
			for _, m := range links.FindAllStringSubmatch(page, -1) {
				ahead = append(ahead, m[1])
			}
			if strings.Contains(path, "/review/osh/") {
				status, page, _ = b.do("POST", path, url.Values{"form_token": {tokenOf(page)}, "do": {"score"}, "version": {"0"}})
				look(status, page, path+" (sent)")
			}
		}
		if opened < 30 {
			t.Errorf("%d pages were read", opened)
		}
		// The positive control: once her own score stands she reads the other, still without a name.
		var number string
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			q, err := k.Reviews.QueueOf(ctx, tx, one, k.a.ID)
			number = q.Items[0].Number
			return err
		})
		two := k.reviewer()
		if err := k.give(two, r, number, 0, "Экинчи", 2, 2); err != nil {
			t.Fatal(err)
		}
		if got := k.read(two, number); len(got.Others) != 1 || got.Others[0].Reason != "Сырдуу негиз" {
			t.Errorf("%+v", got)
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// group is an activity whose applicants are written to by real messages.
type group struct {
	*call
	apps   []storage.ID
	states map[storage.ID]seats.State
	cities map[storage.ID]string
	deaf   map[storage.ID]bool // gave a number alone
}

func newGroup(t testing.TB, store *storage.Store, c *storagetest.Clock, r *rand.Rand, n int) *group {
	t.Helper()
	g := &group{call: newCall(t, store, c, 10000), states: map[storage.ID]seats.State{}, cities: map[storage.ID]string{}, deaf: map[storage.ID]bool{}}
	letters := messages.New(messages.Options{Store: store, People: g.People, Mail: mail.NewBox(1000), PublicURL: "https://ashar.example"})
	words, err := i18n.Load(textFiles(), letters.Manifest().Texts)
	if err != nil {
		t.Fatal(err)
	}
	letters.Speak(words)
	g.Mailer.Letters = letters
	g.write(func(ctx context.Context, tx *storage.Tx) error { // staff can be reached
		p, err := g.People.Register(ctx, tx, people.Details{FullName: "Кызматкер", Email: "staff@example.kg"})
		g.staff.Person = p.ID
		return err
	})
	for i := range n {
		g.add(i, []seats.State{seats.Applied, seats.Confirmed, seats.Confirmed, seats.NoShow, seats.Withdrawn}[r.IntN(5)], []string{"osh", "naryn", "bishkek"}[r.IntN(3)], r.IntN(6) == 0)
	}
	return g
}

// add lets somebody apply, and puts her application where a test wants it.
func (g *group) add(i int, state seats.State, city string, deaf bool) storage.ID {
	g.Helper()
	a := forms.Answers{}.Clone()
	for key, v := range map[string]string{"name": fmt.Sprintf("Асель Токтосунова %d", i), "sex": "female", "age": "25-34", "place": city, "processing": "on", "organisation": "Радио"} {
		a.Values[key] = []string{v}
	}
	if deaf {
		a.Values["phone"] = []string{fmt.Sprintf("0555%06d", 100000+i)}
	} else {
		a.Values["email"] = []string{fmt.Sprintf("asel%d@example.kg", i)}
	}
	var id storage.ID
	g.write(func(ctx context.Context, tx *storage.Tx) error {
		h, err := g.Apply(ctx, tx, seats.Apply{Activity: g.a.ID, Answers: a, Lang: i18n.Languages[i%3]})
		if err != nil {
			return err
		}
		id = h.Application.ID
		_, err = tx.Exec(ctx, `UPDATE application SET state = $2, held_until = 0 WHERE id = $1`, id, string(state))
		return err
	})
	g.apps, g.states[id], g.cities[id], g.deaf[id] = append(g.apps, id), state, city, deaf
	return id
}

var allWords = mailing.Words{
	Subject: i18n.Text{Ky: "{activity}: жол", Ru: "{activity}: дорога", En: "{activity}: the way"},
	Body:    i18n.Text{Ky: "Аты-жөнү: {name}\n\nБарагыңыз: {link}", Ru: "Имя: {name}\n\nСтраница: {link}", En: "Name: {name}\n\nPage: {link}"},
}

// draft keeps a mailing.
func (g *group) draft(c mailing.Chosen, w mailing.Words) (m mailing.Mailing, err error) {
	err = g.try(func(ctx context.Context, tx *storage.Tx) (err error) {
		m, err = g.Mailer.SaveDraft(ctx, tx, mailing.SaveDraft{Actor: g.staff, Activity: g.a.ID, Mailing: tx.NewID(), Chosen: c, Words: w})
		return err
	})
	return m, err
}

func (g *group) mustDraft(c mailing.Chosen) mailing.Mailing {
	g.Helper()
	m, err := g.draft(c, allWords)
	if err != nil {
		g.Fatal(err)
	}
	return m
}

func (g *group) plan(m mailing.Mailing) error {
	return g.try(func(ctx context.Context, tx *storage.Tx) error {
		_, err := g.Mailer.Plan(ctx, tx, mailing.Plan{Actor: g.staff, Activity: g.a.ID, Mailing: m.ID, Version: m.Version})
		return err
	})
}

func (g *group) mustPlan(m mailing.Mailing) {
	g.Helper()
	if err := g.plan(m); err != nil {
		g.Fatal(err)
	}
}

// goes lets the job run.
func (g *group) goes(m mailing.Mailing) {
	g.Helper()
	if err := g.Mailer.Go(context.Background(), g.Store, m.ID); err != nil {
		g.Fatal(err)
	}
}

func (g *group) result(id storage.ID) (r mailing.Result) {
	g.Helper()
	g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = g.Mailer.Result(ctx, tx, g.staff, g.a, id)
		return err
	})
	return r
}

func (g *group) letters(id storage.ID) int {
	return count(g.TB, g.Module, `SELECT COUNT(*) FROM message WHERE kind = 'seminars.mailing' AND substr(dedupe, 1, 44) = $1`, ("mailing/" + id.String())[:44])
}

// TestAMailingGoesToThoseWhoAreChosenAndStillAre lets people withdraw and apply between the
// decision and the hour: of those who were chosen each who still is gets one letter.
func TestAMailingGoesToThoseWhoAreChosenAndStillAre(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(7, 1))
		g := newGroup(t, store, c, r, 70)
		chosen := mailing.Chosen{States: []seats.State{seats.Confirmed, seats.NoShow}, Parts: map[string][]string{"city": {"osh", "naryn"}}}
		takes := func(id storage.ID) bool {
			return (g.states[id] == seats.Confirmed || g.states[id] == seats.NoShow) && g.cities[id] != "bishkek"
		}
		first := slices.DeleteFunc(slices.Clone(g.apps), func(id storage.ID) bool { return !takes(id) })
		m := g.mustDraft(chosen)
		g.mustPlan(m)
		late := g.add(900, seats.Confirmed, "osh", false)
		withdrew := map[storage.ID]bool{}
		for _, id := range first {
			if r.IntN(5) == 0 {
				withdrew[id] = true
				g.write(func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE application SET state = 'withdrawn' WHERE id = $1`, id)
					return err
				})
			}
		}
		c.Pass(mailing.UndoFor - time.Second)
		g.goes(m)
		if n := g.letters(m.ID); n != 0 {
			t.Fatalf("%d letters went while it could be taken back", n)
		}
		c.Pass(2 * time.Second)
		g.goes(m)
		g.goes(m)
		res := g.result(m.ID)
		if len(res.List) != len(first) || res.State != mailing.Done {
			t.Errorf("%d recipients of %d, %s", len(res.List), len(first), res.State)
		}
		made := 0
		for _, o := range res.List {
			want := mailing.OnItsWay
			switch {
			case o.Application == late || !slices.Contains(first, o.Application):
				t.Error("somebody got it who was not chosen")
			case withdrew[o.Application]:
				want = mailing.LeftOut
			case g.deaf[o.Application]:
				want = mailing.Unreachable
			default:
				made++
			}
			if o.As != want {
				t.Errorf("%s instead of %s (%s)", o.As, want, o.Reason)
			}
		}
		if n := g.letters(m.ID); n != made {
			t.Errorf("%d letters for %d", n, made)
		}
	})
}

// TestAMailingThatDiesOnTheWaySendsNobodyTwice ends the run after every slice, begins the next
// one, and lets two run beside each other.
func TestAMailingThatDiesOnTheWaySendsNobodyTwice(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 2)), 0)
		for i := range 170 {
			g.add(i, seats.Confirmed, "osh", i%17 == 0)
		}
		m := g.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
		g.mustPlan(m)
		c.Pass(mailing.UndoFor)
		dead := 0
		for range 10 {
			ctx, die := context.WithCancel(context.Background())
			g.Mailer.Slice = die
			err := g.Mailer.Go(ctx, store, m.ID)
			die()
			if err == nil {
				break
			}
			dead++
			if dead == 1 {
				crowd(t, 2, 2, func(int) error {
					other := *g.Mailer
					other.Slice = nil
					return other.Go(context.Background(), store, m.ID)
				})
			}
		}
		if dead == 0 {
			t.Error("no run died, so this proves nothing")
		}
		if n := g.letters(m.ID); n != 160 {
			t.Errorf("%d letters for 160", n)
		}
		if n := count(t, g.Module, `SELECT COUNT(*) FROM (SELECT person_id FROM message WHERE kind = 'seminars.mailing' GROUP BY person_id HAVING COUNT(*) > 1) AS twice`); n != 0 {
			t.Errorf("%d got it twice", n)
		}
	})
}

// planners plans one draft from several sides at once, and gives how many were told that they did.
func planners(t *testing.T, store *storage.Store, c *storagetest.Clock, guarded bool) int {
	g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 3)), 12)
	if !guarded {
		g.Mailer.Claim = func(ctx context.Context, tx *storage.Tx, m mailing.Mailing, due time.Time) (int64, error) {
			return tx.Exec(ctx, `UPDATE mailing SET state = 'waiting', planned_at = $2, due_at = $3 WHERE id = $1`, m.ID, storage.Micros(tx.Now), storage.Micros(due))
		}
	}
	m := g.mustDraft(mailing.Chosen{States: seats.States[:]})
	var told atomic.Int64
	crowd(t, 6, 6, func(int) error {
		err := g.plan(m)
		if err == nil {
			told.Add(1)
		} else if !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil
	})
	return int(told.Load())
}

// The positive control: without the guard each of them decides it.
func TestWithoutTheGuardAMailingIsDecidedTwice(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := planners(t, store, c, false); n < 2 {
			t.Errorf("%d planned it: the race did not happen, so the test with the guard proves nothing", n)
		}
	})
}

func TestSixWhoDecideAMailingAtOnceDecideItOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := planners(t, store, c, true); n != 1 {
			t.Errorf("%d planned it", n)
		}
	})
}

// repeaters repeats one mailing from several sides at once, and gives how many repetitions there are.
func repeaters(t *testing.T, store *storage.Store, c *storagetest.Clock, guarded bool) int {
	g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 4)), 0)
	for i := range 8 {
		g.add(i, seats.Confirmed, "osh", false)
	}
	m := g.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
	g.mustPlan(m)
	c.Pass(mailing.UndoFor)
	g.goes(m)
	g.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE message SET state = 'failed', reason = 'server' WHERE kind = 'seminars.mailing'`); err != nil || guarded {
			return err
		}
		_, err := tx.Exec(ctx, `DROP INDEX mailing_repeated_once`)
		return err
	})
	crowd(t, 4, 4, func(int) error {
		err := g.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := g.Mailer.Repeat(ctx, tx, g.staff, g.a.ID, m.ID, false)
			return err
		})
		if fault.Is(err, fault.Conflict) {
			return nil
		}
		return err
	})
	return count(t, g.Module, `SELECT COUNT(*) FROM mailing WHERE repeats IS NOT NULL`)
}

func TestWithoutTheGuardAMailingIsRepeatedTwice(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := repeaters(t, store, c, false); n < 2 {
			t.Errorf("%d repetitions: the race did not happen, so the test with the guard proves nothing", n)
		}
	}, storagetest.TablesChange)
}

func TestFourWhoRepeatAMailingAtOnceRepeatItOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := repeaters(t, store, c, true); n != 1 {
			t.Errorf("%d repetitions", n)
		}
	})
}

// hears are letters that reach somebody who could not be reached.
type hears struct {
	mailing.Letters
	person storage.ID
}

func (h hears) Way(p people.Person, w people.Ways, words bool) messages.Fate {
	if p.ID == h.person {
		return messages.Fate{Channel: "mail"}
	}
	return h.Letters.Way(p, w, words)
}

// TestARepetitionGoesToThoseItFailedToReachAlone lets messages end in every way.
func TestARepetitionGoesToThoseItFailedToReachAlone(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(7, 5))
		g := newGroup(t, store, c, r, 0)
		for i := range 40 {
			g.add(i, seats.Confirmed, "osh", i%10 == 0)
		}
		m := g.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
		g.mustPlan(m)
		c.Pass(mailing.UndoFor)
		g.goes(m)
		ends := map[storage.ID]string{}
		for _, o := range g.result(m.ID).List {
			if o.As != mailing.OnItsWay {
				continue
			}
			ends[o.Application] = []string{messages.Sent, messages.Failed, messages.Unsure, messages.Skipped}[r.IntN(4)]
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE message SET state = $2 WHERE dedupe = $1`, mailing.Key(m.ID, o.Person), ends[o.Application])
				return err
			})
		}
		want := map[storage.ID]bool{}
		for id, end := range ends {
			want[id] = end == messages.Failed || end == messages.Skipped
		}
		now := g.apps[10] // gives an address meanwhile
		g.write(func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, now)
			if err != nil {
				return err
			}
			g.Mailer.Letters = hears{g.Mailer.Letters, app.Person}
			return nil
		})
		want[now] = true
		var next mailing.Mailing
		g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			next, err = g.Mailer.Repeat(ctx, tx, g.staff, g.a.ID, m.ID, false)
			return err
		})
		got := g.result(next.ID)
		for _, o := range got.List {
			if !want[o.Application] {
				t.Errorf("it goes again to one where it ended %q", ends[o.Application])
			}
			delete(want, o.Application)
		}
		for id, again := range want {
			if again {
				t.Errorf("it does not go again to one where it ended %q", ends[id])
			}
		}
	})
}

// TestPlacesOfATextStandAlone puts endings on places as languages do, and other things that
// are none.
func TestPlacesOfATextStandAlone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 6))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	word := func() string { return pick("га", "нын", "дан", "ға", "у", "s", "ом", "ты") }
	for range 2000 {
		place := "{" + pick(mailing.Variables...) + "}"
		lines, at := []string{}, r.IntN(4)
		for range at {
			lines = append(lines, pick("Саламатсызбы!", "Имя: {name}.", "«{activity}», {day} — {place}", "", "{link}"))
		}
		good := pick("", "Ким: ", "(", "«", "— ") + place + pick("", ".", ", келиңиз", ")", "»", " — 5", "!", ": жол", " -га")
		key, line := "", good
		switch r.IntN(4) {
		case 0:
			key, line = "seminars.mailing.fault.glued", "Ким: "+place+pick("", "-", "‑", "–", "'", "’", "ʼ")+word()
		case 1:
			key, line = "seminars.mailing.fault.variable", "Ким: {"+pick("аты", "Name", "name ", "", "sex", "phone")+"}"
		case 2:
			key, line = "seminars.mailing.fault.brace", "Ким: "+pick("{name", "name}", "}")
		}
		var form fault.Form
		wording.CheckPlaces(&form, "body_ky", strings.Join(append(lines, line, "Рахмат"), "\n"), mailing.Variables)
		f := fault.Of(form.Err())
		switch {
		case key == "" && f != nil:
			t.Errorf("%q is refused: %v", line, f)
		case key != "" && f == nil:
			t.Errorf("%q is taken", line)
		case key != "" && (f.Fields[0].Key != key || f.Fields[0].Args["line"] != at+1):
			t.Errorf("%q in line %d: %v %v", line, at+1, f.Fields[0], f.Fields[0].Args)
		}
	}
}

// TestAMailingKeepsItsBounds asks for one more than each bound allows.
func TestAMailingKeepsItsBounds(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 8)), 0)
		for i := range 4 {
			g.add(i, seats.Confirmed, "osh", i == 3)
		}
		everybody := mailing.Chosen{States: []seats.State{seats.Confirmed}}
		refused := func(what string, err error, code fault.Code, key string) {
			t.Helper()
			f := fault.Of(err)
			if f == nil || f.Code != code || key != "" && f.Key != key && (len(f.Fields) == 0 || f.Fields[0].Key != key) {
				t.Errorf("%s: %v", what, err)
			}
		}
		m := g.mustDraft(everybody)
		g.Mailer.Most = 3
		refused("four of three", g.plan(m), fault.TooLarge, "seminars.mailing.fault.many")
		g.Mailer.Most = 0
		ask := func(at time.Time, night bool) error {
			return g.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := g.Mailer.Plan(ctx, tx, mailing.Plan{Actor: g.staff, Activity: g.a.ID, Mailing: m.ID, Version: m.Version, At: at, Night: night})
				return err
			})
		}
		now := c.Now()
		refused("yesterday", ask(now.Add(-time.Second), false), fault.Invalid, "seminars.mailing.fault.past")
		refused("in 91 days", ask(now.Add(mailing.MostFar+time.Minute), false), fault.Invalid, "seminars.mailing.fault.far")
		for hour := range 24 {
			day := time.Date(now.Year(), now.Month(), now.Day()+2, hour, 30, 0, 0, i18n.Bishkek())
			err := g.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := g.Mailer.Plan(ctx, tx, mailing.Plan{Actor: g.staff, Activity: g.a.ID, Mailing: m.ID, Version: m.Version, At: day})
				if err == nil {
					err = fault.New(fault.Gone, "done") // undone
				}
				return err
			})
			if night := hour >= 21 || hour < 8; night == fault.Is(err, fault.Gone) {
				t.Errorf("at %d: %v", hour, err)
			}
		}
		no := func(c mailing.Chosen, w mailing.Words, key string) {
			t.Helper()
			_, err := g.draft(c, w)
			refused(key, err, fault.Invalid, key)
		}
		no(mailing.Chosen{}, allWords, "seminars.mailing.fault.states")
		no(mailing.Chosen{States: []seats.State{"friends"}}, allWords, "fault.not_a_choice")
		no(mailing.Chosen{States: everybody.States, Parts: map[string][]string{"city": {"paris"}}}, allWords, "fault.not_a_choice")
		no(mailing.Chosen{States: everybody.States, Parts: map[string][]string{"sex": {"female"}}}, allWords, "fault.not_a_choice")
		no(everybody, mailing.Words{}, "seminars.mailing.fault.nothing")
		no(everybody, mailing.Words{Subject: i18n.Text{Ru: strings.Repeat("ж", 121)}, Body: i18n.Text{Ru: "я"}}, "seminars.mailing.fault.long")
		no(everybody, mailing.Words{Subject: i18n.Text{Ru: "ж"}, Body: i18n.Text{Ru: strings.Repeat("ж", 2001)}}, "seminars.mailing.fault.long")
		no(everybody, mailing.Words{Subject: i18n.Text{Ru: "ж"}}, "seminars.mailing.fault.body")
		no(everybody, mailing.Words{Subject: i18n.Text{Ru: "ж"}, Body: i18n.Text{Ru: "Место: {place}"}}, "seminars.mailing.fault.empty")
		short := mailing.Words{Subject: i18n.Text{Ru: "Дорога"}, Body: i18n.Text{Ru: "В восемь."}}
		half, err := g.draft(everybody, short)
		if err != nil {
			t.Fatal(err)
		}
		refused("a language without a text", g.plan(half), fault.Invalid, "seminars.mailing.fault.unwritten")
		short.Russian = []i18n.Language{i18n.Kyrgyz, i18n.English}
		whole, err := g.draft(everybody, short)
		if err != nil {
			t.Fatal(err)
		}
		g.mustPlan(whole)
		for i := 1; i < mailing.MostADay; i++ {
			g.mustPlan(g.mustDraft(everybody))
		}
		refused("one more on this day", g.plan(m), fault.Limited, "seminars.mailing.fault.a_day")
		c.Pass(24 * time.Hour)
		g.mustPlan(m)
		var tries int
		try := func() error {
			return g.try(func(ctx context.Context, tx *storage.Tx) error { return g.Mailer.Try(ctx, tx, g.staff, g.a, m.ID) })
		}
		for err = try(); err == nil; err = try() {
			tries++
		}
		if refused("one more trial", err, fault.Limited, ""); tries != mailing.MostTries {
			t.Errorf("%d trials in an hour", tries)
		}
		c.Pass(time.Hour)
		if err := try(); err != nil {
			t.Error(err)
		}
		if n := count(t, g.Module, `SELECT COUNT(*) FROM message WHERE kind = 'seminars.mailing_try' AND person_id <> $1`, g.staff.Person); n != 0 {
			t.Errorf("%d trials went to others", n)
		}
	})
}

// TestAMailingThatIsTakenBackGoesToNobody takes it back before, and tries to after.
func TestAMailingThatIsTakenBackGoesToNobody(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 9)), 20)
		back := func(m mailing.Mailing) error {
			return g.try(func(ctx context.Context, tx *storage.Tx) error { return g.Mailer.TakeBack(ctx, tx, g.staff, g.a, m.ID) })
		}
		m := g.mustDraft(mailing.Chosen{States: seats.States[:]})
		g.mustPlan(m)
		if err := back(m); err != nil {
			t.Fatal(err)
		}
		c.Pass(time.Hour)
		g.goes(m)
		if n := g.letters(m.ID); n != 0 {
			t.Errorf("%d letters of what was taken back", n)
		}
		gone := g.mustDraft(mailing.Chosen{States: seats.States[:]})
		g.mustPlan(gone)
		c.Pass(mailing.UndoFor)
		g.goes(gone)
		if err := back(gone); !fault.Is(err, fault.Conflict) {
			t.Errorf("it was taken back after it went: %v", err)
		}
	})
}

// TestALetterToAnAddressThatIsNotProvenKeepsTheNameOut: a form may bring any words as a name.
func TestALetterToAnAddressThatIsNotProvenKeepsTheNameOut(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 10)), 0)
		id := g.add(1, seats.Confirmed, "osh", false)
		m := g.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
		see := func() string {
			var s mailing.Sight
			g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				s, err = g.Mailer.See(ctx, tx, g.staff, g.a, m.ID, 0)
				return err
			})
			if strings.Contains(s.Letter.To, "asel1") {
				t.Errorf("the address stands open: %s", s.Letter.To)
			}
			return strings.Join(s.Letter.Paragraphs, "\n")
		}
		if text := see(); strings.Contains(text, "Асель") || !strings.Contains(text, "https://ashar.example/ru/a/") {
			t.Error(text)
		}
		g.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven', proven_at = 1 WHERE person_id = (SELECT person_id FROM application WHERE id = $1)`, id)
			return err
		})
		if text := see(); !strings.Contains(text, "Имя: Асель Токтосунова 1") {
			t.Error(text)
		}
	})
}

// TestWhoIsErasedLeavesNothingInAMailing erases a recipient, and who wrote it.
func TestWhoIsErasedLeavesNothingInAMailing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 11)), 0)
		var person storage.ID
		for i := range 3 {
			id := g.add(i, seats.Confirmed, "osh", false)
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, id)
				person = app.Person
				return err
			})
		}
		m := g.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
		g.mustPlan(m)
		kept := func() (n int) {
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				s, err := g.Mailer.Export(ctx, tx, person)
				n = len(s)
				return err
			})
			return n
		}
		if kept() != 1 {
			t.Error("her export does not tell of it")
		}
		erase := g.Manifest().Erase
		for _, id := range []storage.ID{person, g.staff.Person} {
			g.write(func(ctx context.Context, tx *storage.Tx) error { return erase(ctx, tx, id) })
		}
		if n := len(g.result(m.ID).List); n != 2 {
			t.Errorf("%d recipients are left of three", n)
		}
		if n := count(t, g.Module, `SELECT COUNT(*) FROM mailing WHERE by_person IS NOT NULL`); n != 0 {
			t.Error("it still names who wrote it")
		}
	})
}

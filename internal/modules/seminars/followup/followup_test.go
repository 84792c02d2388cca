package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
)

func TestOnlyWhoHasASeatAnswersUntilTheDeadline(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		app, other := v.comes("aigul"), v.comes("nur")
		refuses := func(name string, code fault.Code, change ...func(*Answer)) {
			v.t.Helper()
			if _, err := v.answers(app, with("food", "2"), change...); !fault.Is(err, code) {
				v.t.Errorf("%s: %v", name, err)
			}
			if n := v.count(`SELECT COUNT(*) FROM followup_answer WHERE answered_at > 0`); n != 0 {
				v.t.Errorf("%s: %d answers are kept", name, n)
			}
		}
		refuses("nothing is asked", fault.NotFound)
		v.rules(asks)
		refuses("another person", fault.NotFound, func(a *Answer) { a.Actor = her(other) })
		refuses("nobody", fault.NotFound, func(a *Answer) { a.Actor = access.Actor{} })
		refuses("an option that there is not", fault.Invalid, func(a *Answer) { a.Answers = with("food", "9") })
		refuses("an old page", fault.Conflict, func(a *Answer) { a.Version = 1 })
		state := func(s seats.State) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE application SET state = $2 WHERE id = $1`, app.ID, string(s))
				return err
			})
		}
		for _, s := range seats.States {
			if state(s); s != seats.Confirmed {
				refuses(string(s), fault.Conflict)
			}
		}
		state(seats.Confirmed)
		v.clock.Set(asks.Deadline(v.osh))
		refuses("after the deadline", fault.TooLate)
		v.clock.Set(asks.Deadline(v.osh).Add(-time.Microsecond))
		if changed, err := v.answers(app, with("food", "2")); err != nil || !changed {
			v.t.Errorf("just before the deadline: %v", err)
		}
		if k, a := v.kept(app); k.Version != 1 || a.First("food") != "2" || !k.Form.IsZero() {
			v.t.Errorf("kept is version %d of %v: %v", k.Version, k.Form, a.Values)
		}
		if changed, err := v.answers(app, with("food", "2")); err != nil || changed {
			v.t.Errorf("the same once more: %v, %v", changed, err)
		}
		if v.count(`SELECT COUNT(*) FROM application WHERE id = $1 AND state = 'confirmed'`, app.ID) != 1 {
			v.t.Error("the seat is gone")
		}
	})
}

// TestWhoGetsHerSeatLateHasADayAndNeverLongerThanUntilTheStart draws moments of a yes.
func TestWhoGetsHerSeatLateHasADayAndNeverLongerThanUntilTheStart(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 12, 20, 4, 0, 0, 0, time.UTC)
	for range 2000 {
		r := Rules{DaysBefore: dice.IntN(mostBefore + 1)}
		a := seats.Activity{Starts: start}
		yes := start.Add(-time.Duration(dice.Int64N(int64(90 * day))))
		until := r.closes(a, yes)
		switch {
		case until.After(start), until.Before(r.Deadline(a)), until.After(r.Deadline(a)) && until.After(yes.Add(lateGrace)):
			t.Fatalf("%d days before, yes at %s: until %s", r.DaysBefore, yes, until)
		case until.Before(start) && until.Before(yes.Add(lateGrace)):
			t.Fatalf("%d days before, yes at %s: %s to answer", r.DaysBefore, yes, until.Sub(yes))
		}
	}
}

func TestAQuestionThatIsWordedOtherwiseIsAskedAgainAndOldAnswersKeepTheirWords(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		app, late := v.comes("aigul"), v.comes("nur")
		if _, err := v.answers(app, with("allergy", "жаңгак")); err != nil {
			v.t.Fatal(err)
		}
		chief := v.staff(access.Coordinator, access.Scope{})
		change := func(c forms.Change) error {
			return v.try(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.ChangeForm(ctx, tx, ChangeForm{Activity: v.osh.ID, Actor: chief, Change: c})
			})
		}
		words := i18n.Text{Ky: "Аллергия барбы?", Ru: "Есть ли аллергия?", En: "Any allergy?"}
		if err := change(forms.Change{Do: forms.PutQuestion, Key: "allergy", Question: forms.Written{Label: words, Uses: []string{Kitchen, "nothing", Door}}}); err != nil {
			v.t.Fatal(err)
		}
		// Of the page that she opened before.
		if _, err := v.answers(late, with("allergy", "сүт"), func(a *Answer) { a.Answers.Asked["allergy"] = "usual" }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("answered with old words: %v", err)
		}
		if _, err := v.answers(late, with("allergy", "сүт")); err != nil {
			v.t.Error(err)
		}
		var rows []Row
		var now forms.Form
		v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
			if now, err = Questions.Now(ctx, tx, Owner(v.osh)); err != nil {
				return err
			}
			rows, err = v.m.Answers(ctx, tx, chief, v.osh)
			return err
		})
		if q, _ := now.Question("allergy"); q.Label != words || strings.Join(q.Uses, " ") != "kitchen door" {
			v.t.Errorf("the question is %v for %v", q.Label, q.Uses)
		}
		say := words3(v.t)
		read := map[string]string{}
		for _, row := range rows {
			for _, one := range row.Form.Shown(say, row.Answers) {
				read[row.FullName] += one.Label + "=" + one.Words
			}
		}
		if read["nur"] != "Any allergy?=сүт" || !strings.Contains(read["aigul"], "Which food may you not eat") {
			v.t.Errorf("staff read %v", read)
		}
		for kind, may := range map[forms.QuestionKind]bool{forms.AskFile: false, forms.AskConsent: false, forms.AskName: false, forms.AskProcessing: false, forms.AskNumber: true} {
			err := change(forms.Change{Version: now.Version, Do: forms.PutQuestion, Question: forms.Written{Kind: kind, Label: words}})
			if may != (err == nil) {
				v.t.Errorf("a question of the kind %s: %v", kind, err)
			}
		}
	})
}

func words3(t *testing.T) *i18n.Printer {
	t.Helper()
	c, err := i18n.Load(texts(), forms.Texts(), profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer(i18n.English)
}

func TestTheConsentToPhotosIsTheOneOfHerRecord(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		app := v.comes("aigul")
		agrees := func() (c people.Consent, said bool) {
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				c, said, err = v.m.photo(ctx, tx, app.Person)
				return err
			})
			return c, said
		}
		if _, err := v.answers(app, with("food", "1", "photo", "on"), func(a *Answer) { a.Actor, a.Link = access.Actor{}, true }); err != nil {
			v.t.Fatal(err)
		}
		if _, said := agrees(); said {
			v.t.Error("a link has agreed for her")
		}
		if _, err := v.answers(app, with("food", "1", "photo", "on")); err != nil {
			v.t.Fatal(err)
		}
		if c, said := agrees(); !said || !c.Given || c.Wording != people.Wording(people.ForPhoto) || c.Lang != i18n.Kyrgyz {
			v.t.Errorf("noted is %+v", c)
		}
		if _, a := v.kept(app); a.Has("photo") {
			v.t.Error("the consent is kept a second time")
		}
		n := func() int {
			return v.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1 AND purpose = 'photo'`, app.Person)
		}
		if _, err := v.answers(app, with("food", "2", "photo", "on")); err != nil || n() != 1 {
			v.t.Errorf("the same yes is noted %d times: %v", n(), err)
		}
		mark := ""
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			c, said, err := v.m.photo(ctx, tx, app.Person)
			mark = v.m.PhotoMark(c, said)
			return err
		})
		// She takes it back on My data while the page is open elsewhere.
		v.clock.Pass(time.Minute)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			return v.m.People.SetConsent(ctx, tx, app.Person, people.ForPhoto, false)
		})
		if _, err := v.answers(app, with("food", "3", "photo", "on"), func(a *Answer) { a.Photo = mark }); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("the old page: %v", err)
		}
		if c, _ := agrees(); c.Given {
			v.t.Error("an old page brought her consent back")
		}
		if _, a := v.kept(app); a.First("food") != "2" {
			v.t.Errorf("the refused page changed her answers: %v", a.Values)
		}
		v.clock.Pass(time.Minute)
		if _, err := v.answers(app, with("food", "2", "photo", "on")); err != nil {
			v.t.Error(err)
		}
		v.clock.Pass(time.Minute)
		if _, err := v.answers(app, with("food", "2")); err != nil {
			v.t.Error(err)
		}
		if c, _ := agrees(); c.Given || n() != 4 {
			v.t.Errorf("taken back on this page: %+v, %d answers", c, n())
		}
	})
}

func TestSheIsAskedOnceAndOnceMoreBeforeTheDeadlineAndNeverAfter(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		early := v.comes("aigul")
		v.rules(asks)
		run := func() {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				if err := v.m.AskThose(ctx, tx, v.osh.ID); err != nil {
					return err
				}
				return v.m.Remind(ctx, tx, v.osh.ID)
			})
		}
		letters := func(ask, again int) {
			v.t.Helper()
			if a, b := v.post.of(askNotice), v.post.of(againNotice); a != ask || b != again {
				v.t.Errorf("%d asked and %d once more, not %d and %d", a, b, ask, again)
			}
		}
		v.clock.Pass(20 * time.Minute)
		run()
		run()
		letters(1, 0)
		if path := v.post.path(early.Person); !strings.HasSuffix(path, "/more") {
			v.t.Errorf("the letter leads to %q", path)
		}
		late := v.comes("nur")
		run() // she may be filling it in
		letters(1, 0)
		v.clock.Pass(20 * time.Minute)
		run()
		letters(2, 0)
		if n := v.count(`SELECT COUNT(*) FROM job WHERE kind = 'followup.ask'`); n < 2 {
			v.t.Errorf("%d jobs ask", n)
		}
		if _, err := v.answers(late, with("food", "1")); err != nil {
			v.t.Fatal(err)
		}
		v.clock.Set(asks.Deadline(v.osh).Add(-remindBefore))
		run()
		run()
		letters(2, 1)
		v.clock.Pass(day)
		run()
		letters(2, 1)

		// Staff may ask again, once a day.
		chief := v.staff(access.Coordinator, access.Scope{})
		again := func() (n int) {
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				n, err = v.m.AskAgain(ctx, tx, chief, v.osh.ID)
				return err
			})
			return n
		}
		if a, b := again(), again(); a != 1 || b != 0 {
			v.t.Errorf("asked again: %d, then %d", a, b)
		}
		letters(2, 2)
		v.clock.Set(asks.Deadline(v.osh))
		run()
		if again() != 0 {
			v.t.Error("asked after the deadline")
		}
		letters(2, 2)
		v.clock.Set(v.osh.Starts)
		run()
		if err := v.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := v.m.AskAgain(ctx, tx, chief, v.osh.ID)
			return err
		}); !fault.Is(err, fault.TooLate) {
			v.t.Errorf("on the day: %v", err)
		}
		letters(2, 2)
	})
}

// TestManyJobsAtOnceWriteOneLetterEach runs the same job on many connections.
func TestManyJobsAtOnceWriteOneLetterEach(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		for i := range 4 {
			v.comes(fmt.Sprint("person", i))
		}
		v.clock.Pass(time.Hour)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error { return v.m.AskThose(ctx, tx, v.osh.ID) }); err != nil {
					v.t.Error(err)
				}
			})
		}
		all.Wait()
		if n := v.post.of(askNotice); n != 4 {
			v.t.Errorf("%d letters to 4 people", n)
		}
	})
}

func TestAnswersAreForgottenDaysAfterTheEndAlsoInHerArchive(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		app := v.comes("aigul")
		if _, err := v.answers(app, with("allergy", "canaryallergy", "needs", "1", "needs", "5")); err != nil {
			v.t.Fatal(err)
		}
		archive := func() string {
			var sections map[string]any
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				sections, err = v.m.export(ctx, tx, app.Person)
				return err
			})
			raw, err := json.Marshal(sections)
			if err != nil {
				v.t.Fatal(err)
			}
			return string(raw)
		}
		if a := archive(); !strings.Contains(a, "canaryallergy") || !strings.Contains(a, "A place to pray") {
			v.t.Errorf("her archive: %s", a)
		}
		if n := v.count(`SELECT COUNT(*) FROM job WHERE kind = 'followup.forget'`); n == 0 {
			v.t.Error("no job forgets")
		}
		end := asks.forgets(v.osh)
		v.clock.Set(end.Add(-time.Second))
		v.must(forget)
		if v.count(`SELECT COUNT(*) FROM followup_answer`) != 1 {
			v.t.Error("forgotten too early")
		}
		v.clock.Set(end)
		v.must(forget)
		if v.count(`SELECT COUNT(*) FROM followup_answer`) != 0 || strings.Contains(archive(), "canary") {
			v.t.Errorf("still there: %s", archive())
		}
	})
}

func TestAnswersFollowAMergeAndGoWithAnErasure(t *testing.T) {
	t.Parallel()
	for name, both := range map[string]bool{"one applied": false, "both did": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rooms(t, func(v *room) {
				v.rules(asks)
				app := v.comes("aigul")
				into := peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: "Айгүл"}).ID
				if both {
					twin := v.comes("aigul2")
					if _, err := v.answers(twin, with("food", "2")); err != nil {
						v.t.Fatal(err)
					}
					v.clock.Pass(time.Minute)
					into = twin.Person
				}
				if _, err := v.answers(app, with("food", "3")); err != nil {
					v.t.Fatal(err)
				}
				v.must(func(ctx context.Context, tx *storage.Tx) error {
					if err := v.m.merge(ctx, tx, app.Person, into); err != nil {
						return err
					}
					return v.m.Merge(ctx, tx, app.Person, into)
				})
				var id storage.ID
				v.must(func(ctx context.Context, tx *storage.Tx) error {
					return tx.QueryRow(ctx, `SELECT id FROM application WHERE person_id = $1`, into).Scan(&id)
				})
				_, a := v.kept(seats.Application{ID: id, Person: into})
				if a.First("food") != "3" || v.count(`SELECT COUNT(*) FROM followup_answer`) != 1 {
					v.t.Errorf("after the merge: %v", a.Values)
				}
				v.must(func(ctx context.Context, tx *storage.Tx) error { return erase(ctx, tx, into) })
				if v.count(`SELECT COUNT(*) FROM followup_answer`) != 0 {
					v.t.Error("kept of who was erased")
				}
			})
		})
	}
}

func TestStaffOfAnotherCityReadAndDoNothingAndEachLookIsNoted(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		app := v.comes("aigul")
		silent := v.comes("nur")
		if _, err := v.answers(app, with("food", "1")); err != nil {
			v.t.Fatal(err)
		}
		say := words3(v.t)
		does := func(actor access.Actor) (out []error) {
			for _, f := range []func(ctx context.Context, tx *storage.Tx) error{
				func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.Answers(ctx, tx, actor, v.osh)
					return err
				},
				func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.StandingOf(ctx, tx, actor, v.osh)
					return err
				},
				func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.LinesOf(ctx, tx, actor, v.osh, Kitchen, say)
					return err
				},
				func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.LinesOf(ctx, tx, actor, v.osh, Door, say)
					return err
				},
				func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.AskAgain(ctx, tx, actor, v.osh.ID)
					return err
				},
				func(ctx context.Context, tx *storage.Tx) error {
					return v.m.SetRules(ctx, tx, SetRules{Activity: v.osh.ID, Actor: actor, Rules: Rules{Asks: true, DaysBefore: 3, ForgetDays: 30, Version: 1}})
				},
				func(ctx context.Context, tx *storage.Tx) error {
					return v.m.ChangeForm(ctx, tx, ChangeForm{Activity: v.osh.ID, Actor: actor, Change: forms.Change{Do: forms.MoveDown, Key: "food"}})
				},
			} {
				out = append(out, v.try(f))
			}
			return out
		}
		before := v.count(`SELECT COUNT(*) FROM audit_entry`)
		for i, err := range does(v.staff(access.Coordinator, access.Scope{Programme: v.osh.Programme, City: "naryn"})) {
			if !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("act %d in another city: %v", i, err)
			}
		}
		for i, err := range does(v.staff(access.FrontDesk, access.Scope{Programme: v.osh.Programme, City: "osh"})) {
			if fault.Is(err, fault.Forbidden) == (i == 3) { // the door alone
				v.t.Errorf("act %d at the front desk: %v", i, err)
			}
		}
		if n := v.count(`SELECT COUNT(*) FROM audit_entry`); n != before {
			v.t.Errorf("%d looks of who saw nothing", n-before)
		}
		chief := v.staff(access.Coordinator, access.Scope{Programme: v.osh.Programme, City: "osh"})
		for i, err := range does(chief) {
			if err != nil {
				v.t.Errorf("act %d in her own city: %v", i, err)
			}
		}
		looks := func(person storage.ID, action string) int {
			return v.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND actor_id = $2 AND action = $3`, person, chief.Person, action)
		}
		if looks(app.Person, "followup.audit.read") != 1 || looks(silent.Person, "followup.audit.missing") != 1 || looks(silent.Person, "followup.audit.read") != 0 {
			v.t.Error("the looks do not stand in the logs of who was read")
		}
	})
}

// TestLinesCountWhatPeopleWithASeatAnswered compares the lines with a count by hand, of answers
// that are drawn.
func TestLinesCountWhatPeopleWithASeatAnswered(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		dice := rand.New(rand.NewPCG(3, 4))
		say := words3(v.t)
		chief := v.staff(access.Coordinator, access.Scope{})
		food, nuts, wheels, none := map[string]int{}, 0, 0, 0
		all := 12
		for i := range all {
			app := v.comes(fmt.Sprint("person", i))
			a := forms.Answers{}.Clone()
			f := fmt.Sprint(dice.IntN(5)) // 0: no answer to it
			if f != "0" {
				a.Values["food"] = []string{f}
			}
			if dice.IntN(2) == 0 {
				a.Values["allergy"] = []string{[]string{"Nuts", "nuts ", " NUTS"}[dice.IntN(3)]}
			}
			if dice.IntN(2) == 0 {
				a.Values["needs"] = []string{"1", "5"}
			}
			if _, err := v.answers(app, a); err != nil {
				v.t.Fatal(err)
			}
			if i%4 == 3 { // she steps back
				v.must(func(ctx context.Context, tx *storage.Tx) error {
					_, err := v.m.Service.Answer(ctx, tx, app.ID, seats.StepBack)
					return err
				})
				all--
				continue
			}
			food[f]++
			nuts += len(a.Values["allergy"])
			wheels += len(a.Values["needs"]) / 2
			if f == "0" {
				none++
			}
		}
		v.comes("silent")
		lines := func(use string) (l Lines) {
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				l, err = v.m.LinesOf(ctx, tx, chief, v.osh, use, say)
				return err
			})
			return l
		}
		kitchen := lines(Kitchen)
		if kitchen.Seats != all+1 || kitchen.Answered != all || len(kitchen.Parts) != 2 {
			v.t.Fatalf("%+v", kitchen)
		}
		if want := food["1"] + food["2"] + food["3"]; kitchen.Parts[0].Portions != want {
			v.t.Errorf("%d portions, not %d", kitchen.Parts[0].Portions, want)
		}
		if kitchen.Parts[0].None != none+1 {
			v.t.Errorf("%d without an answer, not %d", kitchen.Parts[0].None, none+1)
		}
		for i, line := range kitchen.Parts[0].Lines {
			if want := food[fmt.Sprint(i+1)]; line.Count != want {
				v.t.Errorf("%s: %d, not %d", line.Words, line.Count, want)
			}
		}
		if l := kitchen.Parts[1].Lines; nuts > 0 && (len(l) != 1 || l[0].Count != nuts || l[0].Words != strings.Join(strings.Fields(l[0].Words), " ") || !strings.EqualFold(l[0].Words, "nuts")) {
			v.t.Errorf("allergies: %+v, not %d with nuts", l, nuts)
		}
		door := lines(Door)
		for _, p := range door.Parts {
			for _, l := range p.Lines {
				if strings.Contains(strings.ToLower(l.Words), "nuts") {
					v.t.Errorf("at the door stands what somebody wrote: %+v", l)
				}
			}
		}
		if len(door.Parts) != 2 || door.Parts[1].Lines[0].Count != wheels || door.Parts[0].Lines[0].Count != nuts {
			v.t.Errorf("at the door: %+v, not %d and %d", door.Parts, nuts, wheels)
		}
	})
}

// Who was not asked is told apart from who gave no answer: where an activity asks nothing, where
// a question hangs on another answer, and where it came only after she had answered.
func TestWhoWasNotAskedIsNotTakenForSilent(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		say, chief := words3(v.t), v.staff(access.Coordinator, access.Scope{})
		lines := func(use string) (l Lines) {
			v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				l, err = v.m.LinesOf(ctx, tx, chief, v.osh, use, say)
				return err
			})
			return l
		}
		dice := rand.New(rand.NewPCG(5, 6))
		var apps []seats.Application
		for i := range 3 + dice.IntN(4) {
			apps = append(apps, v.comes(fmt.Sprint("person", i)))
		}
		never := lines(Kitchen)
		if !never.NeverAsked() || never.Unasked != len(apps) || len(never.shown()) != 0 {
			v.t.Errorf("nobody was asked: %+v", never)
		}
		if words := never.standing(say); !strings.HasPrefix(words, "Nobody has been asked") {
			v.t.Error(words)
		}
		for _, p := range never.Parts {
			if p.None != 0 || p.Unasked != len(apps) {
				v.t.Errorf("nobody was asked: %+v", p)
			}
		}
		v.rules(asks)
		if l := lines(Kitchen); l.NeverAsked() || l.Unasked != 0 || l.Parts[0].None != len(apps) || l.Parts[0].Unasked != 0 {
			v.t.Errorf("all were asked and are silent: %+v", l)
		}
		how := map[string]int{}
		for _, app := range apps[1:] { // the first says nothing
			way := fmt.Sprint(1 + dice.IntN(4))
			how[way]++
			if _, err := v.answers(app, with("travel_how", way, "travel_from", []string{"Ош", "ош", "ОШ"}[dice.IntN(3)])); err != nil {
				v.t.Fatal(err)
			}
		}
		bus := lines(Bus)
		if bus.Parts[1].None != 1 || bus.Parts[2].None != how["2"] {
			v.t.Errorf("of %v the fare is owed by %d, of how they travel by %d", how, bus.Parts[2].None, bus.Parts[1].None)
		}
		if l := bus.Parts[0].Lines; len(l) != 1 || l[0].Count != len(apps)-1 || !strings.EqualFold(l[0].Words, "Ош") {
			v.t.Errorf("%+v", l)
		}
	})
}

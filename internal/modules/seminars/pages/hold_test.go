package pages

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// byContact hands an application in at a first-come activity, with an e-mail or a phone.
func byContact(t testing.TB, m *Module, a seats.Activity, n int, phone bool) seats.Application {
	t.Helper()
	change := []string{"name", fmt.Sprintf("Айгүл Асанова %d", n), "email", emailOf(n)}
	if phone {
		change = []string{"name", fmt.Sprintf("Айгүл Асанова %d", n), "email", "", "phone", fmt.Sprintf("+996555%06d", n)}
	}
	h, err := handIn(t.Context(), m, a, "", change...)
	if err != nil {
		t.Fatal(err)
	}
	return h.Application
}

func lapses(t testing.TB, m *Module, id storage.ID) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Lapse(ctx, tx, id) })
}

func wantState(t testing.TB, m *Module, app seats.Application, want seats.State, when string) {
	t.Helper()
	if got := stateOf(t, m, app.ID).State; got != want {
		t.Errorf("%s: it is %s, not %s", when, got, want)
	}
}

// lapseAt gives when the job comes that would end the hold of an application.
func lapseAt(t testing.TB, m *Module, app seats.Application) time.Time {
	t.Helper()
	return storage.Instant(int64(count(t, m, `SELECT COALESCE(MAX(run_at), 0) FROM job WHERE kind = 'seminars.lapse' AND payload LIKE $1`, "%"+app.ID.String()+"%")))
}

func TestAnUnprovenSeatIsHeldForADayAndThreeDaysWhereOnlyACallCanProveIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for phone, hold := range map[bool]time.Duration{false: 24 * time.Hour, true: 72 * time.Hour} {
			c.Set(start)
			m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			first := byContact(t, m, a, 1, phone)
			c.Set(start.Add(time.Minute))
			second := byContact(t, m, a, 2, false)
			if got := stateOf(t, m, first.ID); got.State != seats.Confirmed || !got.Held.Equal(start.Add(hold)) || !lapseAt(t, m, first).Equal(got.Held) {
				t.Fatalf("she is %s, held until %v, the job comes at %v", got.State, got.Held, lapseAt(t, m, first))
			}
			wantState(t, m, second, seats.Waitlisted, "no seat is left")
			if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE name LIKE $1 AND value = 'seminars.held'`, "sent/%"+first.ID.String()+"%"); (n == 1) == phone {
				t.Errorf("%d letters say that the seat is held; without an address: %v", n, phone)
			}
			c.Set(start.Add(hold - time.Second))
			lapses(t, m, first.ID)
			wantState(t, m, first, seats.Confirmed, "a second too early")
			c.Set(start.Add(hold))
			for range 2 { // a job may run twice
				lapses(t, m, first.ID)
				wantState(t, m, first, seats.Waitlisted, "in time")
				wantState(t, m, second, seats.Invited, "the freed seat")
			}
			if n := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID); n != 1 {
				t.Errorf("%d seats are taken", n)
			}
			if n := count(t, m, `SELECT COUNT(*) FROM ticket WHERE application_id = $1 AND revoked_at = 0`, first.ID); n != 0 {
				t.Error("her ticket is good still")
			}
		}
	})
}

func TestWhoseSeatLapsedIsPassedOverUntilProvenAndThenComesFirst(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		var apps []seats.Application
		for i := range 4 {
			c.Set(start.Add(time.Duration(i) * time.Minute))
			apps = append(apps, byContact(t, m, a, i, false))
		}
		c.Set(start.Add(24 * time.Hour))
		lapses(t, m, apps[0].ID)
		wantState(t, m, apps[1], seats.Invited, "the first who waited")
		// The seat is free again: whoever waits next is offered it, not she.
		if err := answer(t.Context(), m, apps[1].ID, seats.SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, apps[0], seats.Waitlisted, "not proven")
		wantState(t, m, apps[2], seats.Invited, "the next who waits")
		if n, err := place(t, m, apps[0]); err != nil || n != 1 {
			t.Errorf("she stands at %d of the list: %v", n, err)
		}
		// Proven while no seat is free she waits, before all who came later.
		c.Set(start.Add(25 * time.Hour))
		proves(t, m, apps[0].Person)
		wantState(t, m, apps[0], seats.Waitlisted, "proven, but no seat is free")
		if err := answer(t.Context(), m, apps[2].ID, seats.SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, apps[0], seats.Invited, "proven, and a seat is free")
		wantState(t, m, apps[3], seats.Waitlisted, "who came later")
	})
}

func TestWhomStaffHaveMovedIsOfferedASeatThoughHersHadLapsed(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app, next := byContact(t, m, a, 1, false), byContact(t, m, a, 2, false)
		c.Set(start.Add(24 * time.Hour))
		lapses(t, m, app.ID)
		wantState(t, m, next, seats.Invited, "the next")
		moves(t, m, app.ID, seats.Shortlisted, staff)
		moves(t, m, app.ID, seats.Waitlisted, staff)
		if err := answer(t.Context(), m, next.ID, seats.SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, app, seats.Invited, "staff have looked at her, and the seat is free")
	})
}

func place(t testing.TB, m *Module, app seats.Application) (n int, err error) {
	t.Helper()
	err = m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, app.ID)
		if err == nil {
			n, err = seats.PositionOf(ctx, tx, app)
		}
		return err
	})
	return n, err
}

func TestWhoProvesTooLateIsOfferedAFreeSeatAtOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app := byContact(t, m, a, 1, false)
		c.Set(start.Add(24 * time.Hour))
		lapses(t, m, app.ID)
		wantState(t, m, app, seats.Waitlisted, "lapsed, and nobody else waits")
		c.Set(start.Add(48 * time.Hour))
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.PassOn(ctx, tx, a.ID) })
		wantState(t, m, app, seats.Waitlisted, "the list is looked at again")
		proves(t, m, app.Person)
		wantState(t, m, app, seats.Invited, "proven")
		if err := answer(t.Context(), m, app.ID, seats.SayYes); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, app.ID); got.State != seats.Confirmed || !got.Held.IsZero() {
			t.Errorf("she is %s, held until %v", got.State, got.Held)
		}
	})
}

func TestASeatThatIsProvenOrThatStaffHaveMovedNeverLapses(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for name, settle := range map[string]func(m *Module, app seats.Application){
			"proven": func(m *Module, app seats.Application) { proves(t, m, app.Person) },
			"moved by staff": func(m *Module, app seats.Application) {
				moves(t, m, app.ID, seats.Waitlisted, staff)
				moves(t, m, app.ID, seats.Confirmed, staff)
			},
			"at the door": func(m *Module, app seats.Application) { moves(t, m, app.ID, seats.Attended, storage.ID{}) },
		} {
			c.Set(start)
			m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			c.Set(start.Add(24*time.Hour - time.Second))
			settle(m, app)
			was := stateOf(t, m, app.ID)
			if !was.State.HoldsSeat() || !was.Held.IsZero() {
				t.Errorf("%s: she is %s, held until %v", name, was.State, was.Held)
			}
			for _, later := range []time.Duration{24 * time.Hour, 100 * time.Hour} {
				c.Set(start.Add(later))
				lapses(t, m, app.ID)
				if got := stateOf(t, m, app.ID); got.State != was.State || got.Version != was.Version {
					t.Errorf("%s: the lapse of the seat makes her %s", name, got.State)
				}
			}
		}
	})
}

func TestASeatDoesNotLapseOnceTheActivityHasBegunOrIsCancelled(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for name, change := range map[string]func(*seats.Activity){
			"begun":     func(a *seats.Activity) { a.Starts, a.Ends = start.Add(20*time.Hour), start.Add(22*time.Hour) },
			"cancelled": func(a *seats.Activity) { a.State = "cancelled" },
			"to come":   func(*seats.Activity) {},
		} {
			c.Set(start)
			m, a := fixture(t, store, nil)
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			change(&a)
			m.Calendar = diary{a}
			letters := count(t, m, `SELECT COUNT(*) FROM setting`)
			c.Set(start.Add(25 * time.Hour))
			lapses(t, m, app.ID)
			want, told := seats.Confirmed, 0
			if name == "to come" {
				want, told = seats.Waitlisted, 1
			}
			wantState(t, m, app, want, name)
			if n := count(t, m, `SELECT COUNT(*) FROM setting`) - letters; n != told {
				t.Errorf("%s: %d letters", name, n)
			}
		}
	})
}

// Giving a seat up and taking the offer that follows must not be a way around the proof.
func TestAnOfferTakenByAnUnprovenApplicationIsHeldLikeASeatOfTheForm(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for name, way := range map[string][]seats.Reply{
			"come back":           {seats.StepBack, seats.ComeAgain, seats.SayYes},
			"come back twice":     {seats.StepBack, seats.ComeAgain, seats.SayYes, seats.StepBack, seats.ComeAgain, seats.SayYes},
			"a late yes":          {seats.StepBack, seats.ComeAgain, seats.SayNo, seats.SayYes},
			"offered in her turn": {seats.SayYes},
		} {
			c.Set(start)
			m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			if name == "offered in her turn" {
				first := app
				app = byContact(t, m, a, 2, false)
				if err := answer(t.Context(), m, first.ID, seats.StepBack); err != nil {
					t.Fatal(err)
				}
			}
			for i, reply := range way {
				c.Set(start.Add(time.Duration(i+1) * time.Hour))
				if err := answer(t.Context(), m, app.ID, reply); err != nil {
					t.Fatalf("%s: %s: %v", name, reply, err)
				}
			}
			got := stateOf(t, m, app.ID)
			if want := c.Now().Add(24 * time.Hour); got.State != seats.Confirmed || !got.Held.Equal(want) || !lapseAt(t, m, app).Equal(want) {
				t.Errorf("%s: she is %s, held until %v, the job comes at %v, and it is %v", name, got.State, got.Held, lapseAt(t, m, app), c.Now())
			}
			c.Set(c.Now().Add(24 * time.Hour))
			lapses(t, m, app.ID)
			wantState(t, m, app, seats.Waitlisted, name+": lapsed")
		}
		// By the link of a letter the answer is a proof, and the seat hers.
		c.Set(start)
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app := byContact(t, m, a, 1, false)
		proves(t, m, app.Person)
		for _, reply := range []seats.Reply{seats.StepBack, seats.ComeAgain, seats.SayYes} {
			if err := answer(t.Context(), m, app.ID, reply); err != nil {
				t.Fatal(err)
			}
		}
		if got := stateOf(t, m, app.ID); got.State != seats.Confirmed || !got.Held.IsZero() {
			t.Errorf("proven: she is %s, held until %v", got.State, got.Held)
		}
		// Where staff have invited her, the seat is hers too.
		m, a = fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, ``)
		app = byContact(t, m, a, 1, false)
		moves(t, m, app.ID, seats.Invited, staff)
		if err := answer(t.Context(), m, app.ID, seats.SayYes); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, app.ID); got.State != seats.Confirmed || !got.Held.IsZero() {
			t.Errorf("invited by staff: she is %s, held until %v", got.State, got.Held)
		}
	})
}

// Whoever applies, proves, lapses, answers or is moved: no seat is promised twice, and
// nobody keeps one beyond its time whom neither a proof nor staff has settled.
func TestSeatsHeldForAProofAreNeverOversoldNorKeptBeyondTheirTime(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		rapid.Check(t, func(r *rapid.T) {
			c.Set(start)
			capacity := rapid.IntRange(1, 3).Draw(r, "capacity")
			m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = capacity })
			setUp(t, m, a, `first_come = TRUE`)
			var apps []seats.Application
			settled := map[storage.ID]bool{}
			ctx := context.Background()
			for i := range rapid.IntRange(3, 20).Draw(r, "steps") {
				c.Set(c.Now().Add(time.Duration(rapid.IntRange(1, 600).Draw(r, "minutes")) * time.Minute))
				what := rapid.SampledFrom([]string{"apply", "apply", "prove", "answer", "answer", "staff", "jobs"}).Draw(r, "what")
				if len(apps) == 0 {
					what = "apply"
				}
				var err error
				switch what {
				case "apply":
					if c.Now().Before(a.Deadline) {
						apps = append(apps, byContact(t, m, a, i, rapid.Bool().Draw(r, "phone")))
					}
				case "prove":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					proves(t, m, app.Person)
					settled[app.ID] = true
				case "answer":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					err = answer(ctx, m, app.ID, rapid.SampledFrom([]seats.Reply{seats.SayYes, seats.SayYes, seats.SayNo, seats.StepBack, seats.ComeAgain, seats.ComeAgain}).Draw(r, "reply"))
				case "staff":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					to := rapid.SampledFrom([]seats.State{seats.Invited, seats.Waitlisted, seats.Declined}).Draw(r, "to")
					err = store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
						app, err := seats.ApplicationByID(ctx, tx, app.ID)
						if err == nil && app.State != to {
							if _, err = m.Move(ctx, tx, app, to, staff, "test"); err == nil {
								settled[app.ID] = true
							}
						}
						return err
					})
				}
				if f := fault.Of(err); err != nil && (f == nil || f.Code != fault.Conflict && f.Code != fault.Full && f.Code != fault.TooLate) {
					r.Fatalf("%s: %v", what, err)
				}
				// The jobs that are due.
				for _, app := range apps {
					if due := lapseAt(t, m, app); !due.IsZero() && !due.After(c.Now()) {
						lapses(t, m, app.ID)
					}
					now := stateOf(t, m, app.ID)
					if now.State == seats.Invited && !now.Expires.After(c.Now()) {
						write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Expire(ctx, tx, now.ID, now.Version) })
					}
				}
				taken := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID)
				held := count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state IN `+seats.Holding, a.ID)
				if taken != held || taken > capacity {
					r.Fatalf("after %q: taken %d, held %d, capacity %d", what, taken, held, capacity)
				}
				for i, app := range apps {
					now := stateOf(t, m, app.ID)
					switch {
					case now.State != seats.Confirmed || settled[app.ID]:
						if !now.Held.IsZero() {
							r.Fatalf("after %q application %d is %s, settled %v, and held until %v", what, i, now.State, settled[app.ID], now.Held)
						}
					case !now.Held.After(c.Now()) || now.Held.After(c.Now().Add(seats.HoldPhone)) || lapseAt(t, m, app).Before(now.Held):
						r.Fatalf("after %q application %d keeps a seat that neither a proof nor staff settled: held until %v, the job comes at %v, and it is %v",
							what, i, now.Held, lapseAt(t, m, app), c.Now())
					}
				}
			}
		})
	})
}

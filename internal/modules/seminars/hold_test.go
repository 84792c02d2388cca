package seminars

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// byContact hands an application in at a first-come activity, with an e-mail or a phone.
func byContact(t testing.TB, m *Module, a Activity, n int, phone bool) Application {
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

func wantState(t testing.TB, m *Module, app Application, want State, when string) {
	t.Helper()
	if got := stateOf(t, m, app.ID).State; got != want {
		t.Errorf("%s: it is %s, not %s", when, got, want)
	}
}

// lapseAt gives when the job comes that would end the hold of an application.
func lapseAt(t testing.TB, m *Module, app Application) time.Time {
	t.Helper()
	return storage.Instant(int64(count(t, m, `SELECT COALESCE(MAX(run_at), 0) FROM job WHERE kind = 'seminars.lapse' AND payload LIKE $1`, "%"+app.ID.String()+"%")))
}

func TestAnUnprovenSeatIsHeldForADayAndThreeDaysWhereOnlyACallCanProveIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		for phone, hold := range map[bool]time.Duration{false: 24 * time.Hour, true: 72 * time.Hour} {
			c.set(start)
			m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			first := byContact(t, m, a, 1, phone)
			c.set(start.Add(time.Minute))
			second := byContact(t, m, a, 2, false)
			if got := stateOf(t, m, first.ID); got.State != Confirmed || !got.Held.Equal(start.Add(hold)) || !lapseAt(t, m, first).Equal(got.Held) {
				t.Fatalf("she is %s, held until %v, the job comes at %v", got.State, got.Held, lapseAt(t, m, first))
			}
			wantState(t, m, second, Waitlisted, "no seat is left")
			if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE name LIKE $1 AND value = 'seminars.held'`, "sent/%"+first.ID.String()+"%"); (n == 1) == phone {
				t.Errorf("%d letters say that the seat is held; without an address: %v", n, phone)
			}
			c.set(start.Add(hold - time.Second))
			lapses(t, m, first.ID)
			wantState(t, m, first, Confirmed, "a second too early")
			c.set(start.Add(hold))
			for range 2 { // a job may run twice
				lapses(t, m, first.ID)
				wantState(t, m, first, Waitlisted, "in time")
				wantState(t, m, second, Invited, "the freed seat")
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
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		var apps []Application
		for i := range 4 {
			c.set(start.Add(time.Duration(i) * time.Minute))
			apps = append(apps, byContact(t, m, a, i, false))
		}
		c.set(start.Add(24 * time.Hour))
		lapses(t, m, apps[0].ID)
		wantState(t, m, apps[1], Invited, "the first who waited")
		// The seat is free again: whoever waits next is offered it, not she.
		if err := answer(t.Context(), m, apps[1].ID, SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, apps[0], Waitlisted, "not proven")
		wantState(t, m, apps[2], Invited, "the next who waits")
		if n, err := place(t, m, apps[0]); err != nil || n != 1 {
			t.Errorf("she stands at %d of the list: %v", n, err)
		}
		// Proven while no seat is free she waits, before all who came later.
		c.set(start.Add(25 * time.Hour))
		proves(t, m, apps[0].Person)
		wantState(t, m, apps[0], Waitlisted, "proven, but no seat is free")
		if err := answer(t.Context(), m, apps[2].ID, SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, apps[0], Invited, "proven, and a seat is free")
		wantState(t, m, apps[3], Waitlisted, "who came later")
	})
}

func TestWhomStaffHaveMovedIsOfferedASeatThoughHersHadLapsed(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app, next := byContact(t, m, a, 1, false), byContact(t, m, a, 2, false)
		c.set(start.Add(24 * time.Hour))
		lapses(t, m, app.ID)
		wantState(t, m, next, Invited, "the next")
		moves(t, m, app.ID, Shortlisted, staff)
		moves(t, m, app.ID, Waitlisted, staff)
		if err := answer(t.Context(), m, next.ID, SayNo); err != nil {
			t.Fatal(err)
		}
		wantState(t, m, app, Invited, "staff have looked at her, and the seat is free")
	})
}

func place(t testing.TB, m *Module, app Application) (n int, err error) {
	t.Helper()
	err = m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, err := applicationByID(ctx, tx, app.ID)
		if err == nil {
			n, err = position(ctx, tx, app)
		}
		return err
	})
	return n, err
}

func TestWhoProvesTooLateIsOfferedAFreeSeatAtOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app := byContact(t, m, a, 1, false)
		c.set(start.Add(24 * time.Hour))
		lapses(t, m, app.ID)
		wantState(t, m, app, Waitlisted, "lapsed, and nobody else waits")
		c.set(start.Add(48 * time.Hour))
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.passOn(ctx, tx, a.ID) })
		wantState(t, m, app, Waitlisted, "the list is looked at again")
		proves(t, m, app.Person)
		wantState(t, m, app, Invited, "proven")
		if err := answer(t.Context(), m, app.ID, SayYes); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, app.ID); got.State != Confirmed || !got.Held.IsZero() {
			t.Errorf("she is %s, held until %v", got.State, got.Held)
		}
	})
}

func TestASeatThatIsProvenOrThatStaffHaveMovedNeverLapses(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		for name, settle := range map[string]func(m *Module, app Application){
			"proven": func(m *Module, app Application) { proves(t, m, app.Person) },
			"moved by staff": func(m *Module, app Application) {
				moves(t, m, app.ID, Waitlisted, staff)
				moves(t, m, app.ID, Confirmed, staff)
			},
			"at the door": func(m *Module, app Application) { moves(t, m, app.ID, Attended, storage.ID{}) },
		} {
			c.set(start)
			m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			c.set(start.Add(24*time.Hour - time.Second))
			settle(m, app)
			was := stateOf(t, m, app.ID)
			if !was.State.HoldsSeat() || !was.Held.IsZero() {
				t.Errorf("%s: she is %s, held until %v", name, was.State, was.Held)
			}
			for _, later := range []time.Duration{24 * time.Hour, 100 * time.Hour} {
				c.set(start.Add(later))
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
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		for name, change := range map[string]func(*Activity){
			"begun":     func(a *Activity) { a.Starts, a.Ends = start.Add(20*time.Hour), start.Add(22*time.Hour) },
			"cancelled": func(a *Activity) { a.State = "cancelled" },
			"to come":   func(*Activity) {},
		} {
			c.set(start)
			m, a := fixture(t, store, nil)
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			change(&a)
			m.Calendar = diary{a}
			letters := count(t, m, `SELECT COUNT(*) FROM setting`)
			c.set(start.Add(25 * time.Hour))
			lapses(t, m, app.ID)
			want, told := Confirmed, 0
			if name == "to come" {
				want, told = Waitlisted, 1
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
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		for name, way := range map[string][]Reply{
			"come back":           {StepBack, ComeAgain, SayYes},
			"come back twice":     {StepBack, ComeAgain, SayYes, StepBack, ComeAgain, SayYes},
			"a late yes":          {StepBack, ComeAgain, SayNo, SayYes},
			"offered in her turn": {SayYes},
		} {
			c.set(start)
			m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
			setUp(t, m, a, `first_come = TRUE`)
			app := byContact(t, m, a, 1, false)
			if name == "offered in her turn" {
				first := app
				app = byContact(t, m, a, 2, false)
				if err := answer(t.Context(), m, first.ID, StepBack); err != nil {
					t.Fatal(err)
				}
			}
			for i, reply := range way {
				c.set(start.Add(time.Duration(i+1) * time.Hour))
				if err := answer(t.Context(), m, app.ID, reply); err != nil {
					t.Fatalf("%s: %s: %v", name, reply, err)
				}
			}
			got := stateOf(t, m, app.ID)
			if want := c.now().Add(24 * time.Hour); got.State != Confirmed || !got.Held.Equal(want) || !lapseAt(t, m, app).Equal(want) {
				t.Errorf("%s: she is %s, held until %v, the job comes at %v, and it is %v", name, got.State, got.Held, lapseAt(t, m, app), c.now())
			}
			c.set(c.now().Add(24 * time.Hour))
			lapses(t, m, app.ID)
			wantState(t, m, app, Waitlisted, name+": lapsed")
		}
		// By the link of a letter the answer is a proof, and the seat hers.
		c.set(start)
		m, a := fixture(t, store, func(a *Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		app := byContact(t, m, a, 1, false)
		proves(t, m, app.Person)
		for _, reply := range []Reply{StepBack, ComeAgain, SayYes} {
			if err := answer(t.Context(), m, app.ID, reply); err != nil {
				t.Fatal(err)
			}
		}
		if got := stateOf(t, m, app.ID); got.State != Confirmed || !got.Held.IsZero() {
			t.Errorf("proven: she is %s, held until %v", got.State, got.Held)
		}
		// Where staff have invited her, the seat is hers too.
		m, a = fixture(t, store, func(a *Activity) { a.Capacity = 1 })
		setUp(t, m, a, ``)
		app = byContact(t, m, a, 1, false)
		moves(t, m, app.ID, Invited, staff)
		if err := answer(t.Context(), m, app.ID, SayYes); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, app.ID); got.State != Confirmed || !got.Held.IsZero() {
			t.Errorf("invited by staff: she is %s, held until %v", got.State, got.Held)
		}
	})
}

// Whoever applies, proves, lapses, answers or is moved: no seat is promised twice, and
// nobody keeps one beyond its time whom neither a proof nor staff has settled.
func TestSeatsHeldForAProofAreNeverOversoldNorKeptBeyondTheirTime(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *clock) {
		rapid.Check(t, func(r *rapid.T) {
			c.set(start)
			capacity := rapid.IntRange(1, 3).Draw(r, "capacity")
			m, a := fixture(t, store, func(a *Activity) { a.Capacity = capacity })
			setUp(t, m, a, `first_come = TRUE`)
			var apps []Application
			settled := map[storage.ID]bool{}
			ctx := context.Background()
			for i := range rapid.IntRange(3, 20).Draw(r, "steps") {
				c.set(c.now().Add(time.Duration(rapid.IntRange(1, 600).Draw(r, "minutes")) * time.Minute))
				what := rapid.SampledFrom([]string{"apply", "apply", "prove", "answer", "answer", "staff", "jobs"}).Draw(r, "what")
				if len(apps) == 0 {
					what = "apply"
				}
				var err error
				switch what {
				case "apply":
					if c.now().Before(a.Deadline) {
						apps = append(apps, byContact(t, m, a, i, rapid.Bool().Draw(r, "phone")))
					}
				case "prove":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					proves(t, m, app.Person)
					settled[app.ID] = true
				case "answer":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					err = answer(ctx, m, app.ID, rapid.SampledFrom([]Reply{SayYes, SayYes, SayNo, StepBack, ComeAgain, ComeAgain}).Draw(r, "reply"))
				case "staff":
					app := rapid.SampledFrom(apps).Draw(r, "who")
					to := rapid.SampledFrom([]State{Invited, Waitlisted, Declined}).Draw(r, "to")
					err = store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
						app, err := applicationByID(ctx, tx, app.ID)
						if err == nil && app.State != to {
							if _, err = m.move(ctx, tx, app, to, staff, "test"); err == nil {
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
					if due := lapseAt(t, m, app); !due.IsZero() && !due.After(c.now()) {
						lapses(t, m, app.ID)
					}
					now := stateOf(t, m, app.ID)
					if now.State == Invited && !now.Expires.After(c.now()) {
						write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Expire(ctx, tx, now.ID, now.Version) })
					}
				}
				taken := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID)
				held := count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state IN `+holding, a.ID)
				if taken != held || taken > capacity {
					r.Fatalf("after %q: taken %d, held %d, capacity %d", what, taken, held, capacity)
				}
				for i, app := range apps {
					now := stateOf(t, m, app.ID)
					switch {
					case now.State != Confirmed || settled[app.ID]:
						if !now.Held.IsZero() {
							r.Fatalf("after %q application %d is %s, settled %v, and held until %v", what, i, now.State, settled[app.ID], now.Held)
						}
					case !now.Held.After(c.now()) || now.Held.After(c.now().Add(holdPhone)) || lapseAt(t, m, app).Before(now.Held):
						r.Fatalf("after %q application %d keeps a seat that neither a proof nor staff settled: held until %v, the job comes at %v, and it is %v",
							what, i, now.Held, lapseAt(t, m, app), c.now())
					}
				}
			}
		})
	})
}

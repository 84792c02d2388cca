package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// withCompanions lets people apply with a companion.
func withCompanions(t testing.TB, m *Module, a seats.Activity) {
	setUp(t, m, a, `companions = TRUE`)
}

// companionOf reads how an application stands with another.
func companionOf(t testing.TB, m *Module, app storage.ID) (c seats.Companion) {
	t.Helper()
	if err := m.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		one, err := seats.ApplicationByID(ctx, tx, app)
		if err != nil {
			return err
		}
		c, err = m.CompanionOf(ctx, tx, one)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// pairUp lets two applications come only together, as both do on their pages.
func pairUp(t testing.TB, m *Module, a, b storage.ID) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.OfferCompanion(ctx, tx, a) })
	token := companionOf(t, m, a).Token
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.JoinCompanion(ctx, tx, b, token) })
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.AgreeCompanion(ctx, tx, a, b) })
}

func TestTwoComeTogetherByALinkAndNamesAreShownOnceBothAgree(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		withCompanions(t, s.m, s.a)
		first, second := s.browser(), s.browser()
		app, path := s.apply(first, "q_name", "Айнура Биринчи", "q_email", emailOf(1))
		reply := func(b *browser, path string, form ...string) string {
			t.Helper()
			values := url.Values{}
			for i := 0; i < len(form); i += 2 {
				values.Set(form[i], form[i+1])
			}
			status, page, to := b.do("POST", path, values)
			if status != http.StatusSeeOther {
				t.Fatalf("%v at %s gives %d\n%.500s", form, path, status, page)
			}
			return to
		}
		reply(first, path, "reply", offerCompanion)
		token := companionOf(t, s.m, app.ID).Token
		link := "/en/events/osh/companion/" + token
		if _, page, _ := first.do("GET", path, nil); !strings.Contains(page, link) {
			t.Fatal("the link does not stand on her page")
		}

		status, page, _ := second.do("GET", link, nil)
		if status != http.StatusOK || strings.Contains(page, "Айнура") {
			t.Fatalf("the page of the link: %d, or it tells who gave it", status)
		}
		other, her := s.apply(second, "q_name", "Бермет Экинчи", "q_email", emailOf(2))
		if _, page, _ := second.do("GET", her, nil); !strings.Contains(page, link) {
			t.Fatal("the page of the application does not lead back to the link that was opened")
		}
		reply(second, link)
		if _, page, _ := second.do("GET", her, nil); strings.Contains(page, "Айнура") {
			t.Fatal("who gave the link is named before she has agreed")
		}
		if _, page, _ := first.do("GET", path, nil); !strings.Contains(page, "Бермет Экинчи") {
			t.Fatal("she is not told who used her link")
		}
		if c := companionOf(t, s.m, other.ID); c.Stands != seats.Joined {
			t.Fatalf("%+v", c)
		}
		reply(first, path, "reply", agreeCompanion, "with", other.ID.String())
		for b, want := range map[*browser][2]string{first: {path, "Бермет Экинчи"}, second: {her, "Айнура Биринчи"}} {
			if _, page, _ := b.do("GET", want[0], nil); !strings.Contains(page, want[1]) {
				t.Errorf("%s does not stand on %s", want[1], want[0])
			}
		}
		// A letter that was passed on names nobody.
		if _, page, _ := s.browser().do("GET", s.post.last(t, app.Person), nil); strings.Contains(page, "Бермет") {
			t.Error("the page behind a letter names the companion")
		}
		reply(second, her, "reply", partCompanion)
		if c := companionOf(t, s.m, app.ID); c.Stands != seats.Alone {
			t.Errorf("after one has left the other stands %q", c.Stands)
		}
	})
}

func TestALinkToComeTogetherIsOfUseOnceAndToNobodyElse(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		setUp(t, k.Module, k.a, `companions = TRUE`)
		ids := k.crowd(rand.New(rand.NewPCG(1, 1)), 5)
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.OfferCompanion(ctx, tx, ids[0]) })
		token := companionOf(t, k.Module, ids[0]).Token
		join := func(app storage.ID, token string) *fault.Error {
			return fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error { return k.JoinCompanion(ctx, tx, app, token) }))
		}
		refused := func(what string, f *fault.Error, code fault.Code) {
			t.Helper()
			if f == nil || f.Code != code {
				t.Errorf("%s: %v, want %s", what, f, code)
			}
		}
		refused("her own link", join(ids[0], token), fault.Conflict)
		changed := []byte(token)
		changed[len(changed)-3] ^= 1
		refused("a made-up link", join(ids[1], string(changed)), fault.NotFound)
		refused("no link", join(ids[1], ""), fault.NotFound)
		elsewhere := k.a
		elsewhere.ID = storage.RandomID(start)
		if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.CompanionLink(ctx, tx, elsewhere, token)
			return err
		}); !fault.Is(err, fault.NotFound) {
			t.Errorf("for another activity: %v", err)
		}
		if f := join(ids[1], token); f != nil {
			t.Fatal(f)
		}
		refused("a third", join(ids[2], token), fault.Gone)
		refused("by whom it was used", join(ids[1], token), fault.Gone)
		if f := fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error { return k.AgreeCompanion(ctx, tx, ids[0], ids[2]) })); f == nil || f.Code != fault.Conflict {
			t.Errorf("she agrees to another than was shown: %v", f)
		}
		// The time is over: two applications that stand alone, and a link of no use.
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.OfferCompanion(ctx, tx, ids[3]) })
		late := companionOf(t, k.Module, ids[3]).Token
		k.c.Set(k.a.Deadline)
		refused("after the deadline", join(ids[4], late), fault.TooLate)
		if f := fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error { return k.AgreeCompanion(ctx, tx, ids[0], ids[1]) })); f == nil || f.Code != fault.TooLate {
			t.Errorf("she agrees after the deadline: %v", f)
		}
		for _, id := range ids[:2] {
			if c := companionOf(t, k.Module, id); c.Stands != seats.Alone {
				t.Errorf("unconfirmed at the deadline: %+v", c)
			}
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: seats.Invited, Seen: map[storage.ID]int64{ids[0]: stateOf(t, k.Module, ids[0]).Version}})
			return err
		})
	})
}

// With the guard off the link is whose who comes last, and both are told that it is theirs.
func TestOfTwoWhoUseOneLinkAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{false, true} {
		t.Run(fmt.Sprint("guarded ", guarded), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				const callers = 6
				k := newCall(t, store, c, 5)
				setUp(t, k.Module, k.a, `companions = TRUE`)
				ids := k.crowd(rand.New(rand.NewPCG(1, 1)), 1+callers)
				k.write(func(ctx context.Context, tx *storage.Tx) error { return k.OfferCompanion(ctx, tx, ids[0]) })
				token := companionOf(t, k.Module, ids[0]).Token
				m := *k.Service
				if !guarded {
					m.Side = func(ctx context.Context, tx *storage.Tx, app, pair storage.ID) error {
						if _, err := tx.Exec(ctx, `DELETE FROM companion WHERE pair_id = $1 AND side = 2`, pair); err != nil {
							return err
						}
						_, err := tx.Exec(ctx, `INSERT INTO companion (application_id, pair_id, side, agreed_at)
							VALUES ($1, $2, 2, $3)
							ON CONFLICT (pair_id, side) DO UPDATE SET application_id = excluded.application_id`, app, pair, storage.Micros(tx.Now))
						return err
					}
				}
				var looked sync.WaitGroup
				looked.Add(callers)
				won := make([]bool, callers)
				crowd(t, callers, callers, func(i int) error {
					var pair storage.ID
					err := store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
						pair, err = m.CompanionLink(ctx, tx, k.a, token)
						return err
					})
					looked.Done()
					if err != nil {
						return err
					}
					looked.Wait() // everybody has looked before anybody acts
					err = store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error { return m.Joining(ctx, tx, ids[1+i], pair) })
					won[i] = err == nil
					if fault.Is(err, fault.Gone) {
						err = nil
					}
					return err
				})
				n := 0
				for _, is := range won {
					if is {
						n++
					}
				}
				if guarded && n != 1 {
					t.Errorf("%d were told that the link is theirs", n)
				}
				if !guarded && n < 2 {
					t.Error("the race did not happen, so the test with the guard proves nothing")
				}
			})
		})
	}
}

// halfPairs gives what breaks the law of pairs.
func (k *call) halfPairs() []string {
	k.Helper()
	type row struct {
		a, b   storage.ID
		as, bs seats.State
	}
	var out []string
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, func(r storage.Scanner) (v row, err error) {
			err = r.Scan(&v.a, &v.b, &v.as, &v.bs)
			return v, err
		}, `SELECT x.id, y.id, x.state, y.state
			FROM companion c
			JOIN companion o ON o.pair_id = c.pair_id AND c.side = 1 AND o.side = 2 AND c.agreed_at > 0 AND o.agreed_at > 0
			JOIN application x ON x.id = c.application_id
			JOIN application y ON y.id = o.application_id`)
		for _, v := range list {
			if v.as.HoldsSeat() != v.bs.HoldsSeat() || v.as == seats.Withdrawn || v.bs == seats.Withdrawn || !v.as.HoldsSeat() && v.as != v.bs {
				out = append(out, fmt.Sprintf("%s and %s", v.as, v.bs))
			}
		}
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return out
}

// Whatever is done by whomever, in whatever order: of two who come only together never one
// alone has a seat, and seats are counted as they are held.
func TestNoPathBringsHalfAPair(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				r := rand.New(rand.NewPCG(31, seed))
				k := newCall(t, store, c, 3+r.IntN(6))
				setUp(t, k.Module, k.a, `companions = TRUE`)
				ids := k.crowd(r, 14)
				prove(t, k.Module)
				for i := range 4 {
					pairUp(t, k.Module, ids[2*i], ids[2*i+1])
				}
				done := map[string]int{}
				some := func() []storage.ID {
					out := make([]storage.ID, 1+r.IntN(4))
					for i := range out {
						out[i] = ids[r.IntN(len(ids))]
					}
					return out
				}
				for step := range 60 {
					k.c.Pass(time.Minute)
					what, chosen := r.IntN(13), some()
					one := stateOf(t, k.Module, chosen[0])
					err := k.try(func(ctx context.Context, tx *storage.Tx) error {
						switch what {
						case 0, 1, 2:
							seen := map[storage.ID]int64{}
							for _, id := range chosen {
								seen[id] = stateIn(ctx, tx, id).Version
							}
							to := []seats.State{seats.Invited, seats.Waitlisted, seats.Declined, seats.Shortlisted, seats.Applied, seats.Invited}[r.IntN(6)]
							_, err := k.ChooseMany(ctx, tx, seats.ChooseMany{Actor: k.staff, To: to, Why: "Ички эреже", Seen: seen})
							return err
						case 3:
							_, err := k.Invite(ctx, tx, seats.Invite{Activity: k.a.ID, Actor: k.staff, Person: one.Person})
							return err
						case 4:
							_, err := k.InviteMany(ctx, tx, seats.InviteMany{Actor: k.staff, Activity: k.a.ID, Persons: []storage.ID{one.Person}})
							return err
						case 5:
							_, err := k.Answer(ctx, tx, one.ID, seats.SayYes)
							return err
						case 6:
							_, err := k.Answer(ctx, tx, one.ID, seats.StepBack)
							return err
						case 7:
							_, err := k.Answer(ctx, tx, one.ID, seats.ComeAgain)
							return err
						case 8:
							return k.PassOn(ctx, tx, k.a.ID)
						case 9:
							return k.PartPair(ctx, tx, k.partCmd(one.ID))
						case 10:
							return k.PutTogether(ctx, tx, k.partCmd(one.ID))
						case 11:
							list, err := seats.PartingsOf(ctx, tx, one.ID)
							if err != nil || len(list) == 0 {
								return err
							}
							return k.TellParted(ctx, tx, list[len(list)-1].Pair)
						default:
							s, err := seats.SeatsOf(ctx, tx, k.a)
							if err != nil {
								return err
							}
							s.Capacity = max(s.Taken, 2+r.IntN(7), 1)
							return k.SetUp(ctx, tx, k.staff, k.a.ID, s)
						}
					})
					if err != nil && fault.Of(err) == nil {
						t.Fatalf("step %d, %d: %v", step, what, err)
					}
					if err == nil {
						done[fmt.Sprint(what)]++
					}
					if half := k.halfPairs(); len(half) > 0 {
						t.Fatalf("step %d, %d of %v: %v", step, what, one.State, half)
					}
					if held, taken := holders(t, k.Module), count(t, k.Module, `SELECT taken FROM seminar`); held != taken {
						t.Fatalf("step %d, %d: %d hold a seat, %d are counted", step, what, held, taken)
					}
				}
			})
		})
	}
}

func stateIn(ctx context.Context, tx *storage.Tx, id storage.ID) seats.Application {
	app, err := seats.ApplicationByID(ctx, tx, id)
	if err != nil {
		panic(err)
	}
	return app
}

// A draw takes both of a pair or neither, and so does what is told of it and who follows
// from the reserve.
func TestADrawAndItsReserveTakePairsWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				r := rand.New(rand.NewPCG(32, seed))
				k := newCall(t, store, c, 7)
				setUp(t, k.Module, k.a, `companions = TRUE`)
				ids := k.crowd(r, 20)
				prove(t, k.Module)
				for i := range 5 {
					pairUp(t, k.Module, ids[2*i], ids[2*i+1])
				}
				k.rule(selection.Rules{Seats: 7, Together: selection.ByContact, Quotas: []selection.Quota{{By: "sex", Value: "female", Min: 1, Max: 6}}})
				if r.IntN(2) == 0 { // by hand, on both
					k.mark([]selection.Put{selection.In, selection.Out}[r.IntN(2)], ids[r.IntN(10)])
				}
				if why := k.draw(fmt.Sprint("dice ", seed), ""); why != "" {
					t.Fatal(why)
				}
				table := k.table()
				for i := range 5 {
					a, b := table.Applicants[indexOf(t, table, ids[2*i])], table.Applicants[indexOf(t, table, ids[2*i+1])]
					if table.Chosen(a) != table.Chosen(b) {
						t.Fatal("half a pair is chosen")
					}
					x, _ := table.Chance(a.ID)
					if y, _ := table.Chance(b.ID); x != y {
						t.Fatalf("chances %v and %v in one pair", x, y)
					}
					p, _ := table.Lot(a.ID)
					if q, _ := table.Lot(b.ID); p.Place+q.Place > 0 && p.Place-q.Place != 1 && q.Place-p.Place != 1 {
						t.Fatalf("places %d and %d in one pair", p.Place, q.Place)
					}
				}
				k.tell(k.plan(1 + r.IntN(10)))
				if half := k.halfPairs(); len(half) > 0 {
					t.Fatal(half)
				}
				for range 8 { // drop-outs, one after the other
					k.c.Pass(time.Minute)
					var holding []storage.ID
					for _, id := range ids {
						if stateOf(t, k.Module, id).State.HoldsSeat() {
							holding = append(holding, id)
						}
					}
					if len(holding) == 0 {
						break
					}
					k.write(func(ctx context.Context, tx *storage.Tx) error {
						_, err := k.Answer(ctx, tx, holding[r.IntN(len(holding))], seats.StepBack)
						return err
					})
					if half := k.halfPairs(); len(half) > 0 {
						t.Fatal(half)
					}
				}
				if held, taken := holders(t, k.Module), count(t, k.Module, `SELECT taken FROM seminar`); held != taken {
					t.Fatalf("%d hold a seat, %d are counted", held, taken)
				}
			})
		})
	}
}

func indexOf(t testing.TB, table *selection.Table, app storage.ID) int {
	for i, a := range table.Applicants {
		if a.ID == app {
			return i
		}
	}
	t.Fatal("no such applicant")
	return 0
}

// A single seat goes past a pair that waits first to the next who comes alone; the pair keeps
// its place and is asked once two are free.
func TestAPairWaitsForTwoSeatsAndKeepsItsPlace(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 2)
		setUp(t, k.Module, k.a, `companions = TRUE`)
		ids := k.crowd(rand.New(rand.NewPCG(33, 1)), 6)
		prove(t, k.Module)
		pairUp(t, k.Module, ids[2], ids[3])
		move := func(to seats.State, list ...storage.ID) {
			t.Helper()
			k.c.Pass(time.Minute)
			seen := map[storage.ID]int64{}
			for _, id := range list {
				seen[id] = stateOf(t, k.Module, id).Version
			}
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Choose(ctx, tx, seats.Choose{Activity: k.a.ID, Actor: k.staff, To: to, Why: "Ички эреже", Seen: seen})
				return err
			})
		}
		move(seats.Invited, ids[0], ids[1])
		move(seats.Waitlisted, ids[2]) // and with her ids[3]
		move(seats.Waitlisted, ids[4])
		move(seats.Waitlisted, ids[5])
		want := func(states ...seats.State) {
			t.Helper()
			for i, s := range states {
				if is := stateOf(t, k.Module, ids[i]).State; is != s {
					t.Errorf("%d is %s, want %s", i, is, s)
				}
			}
		}
		want(seats.Invited, seats.Invited, seats.Waitlisted, seats.Waitlisted, seats.Waitlisted, seats.Waitlisted)
		move(seats.Declined, ids[0])
		want(seats.Declined, seats.Invited, seats.Waitlisted, seats.Waitlisted, seats.Invited, seats.Waitlisted)
		k.write(func(ctx context.Context, tx *storage.Tx) error { // two more seats at once
			s, err := seats.SeatsOf(ctx, tx, k.a)
			if err != nil {
				return err
			}
			s.Capacity = 4
			return k.SetUp(ctx, tx, k.staff, k.a.ID, s)
		})
		want(seats.Declined, seats.Invited, seats.Invited, seats.Invited, seats.Invited, seats.Waitlisted)
	})
}

// When one withdraws the other keeps her seat until she has said whether she comes alone.
func TestWhoseCompanionWithdrawsIsAskedWhetherSheComesAlone(t *testing.T) {
	t.Parallel()
	for _, answers := range []string{"yes", "no", "silence"} {
		t.Run(answers, func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				k := newCall(t, store, c, 2)
				post := &postbox{}
				k.Messages = post
				setUp(t, k.Module, k.a, `companions = TRUE`)
				ids := k.crowd(rand.New(rand.NewPCG(34, 1)), 2)
				prove(t, k.Module)
				pairUp(t, k.Module, ids[0], ids[1])
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Move(ctx, tx, stateIn(ctx, tx, ids[0]), seats.Invited, k.staff.Person, "seminars.why.by_name")
					return err
				})
				for _, id := range ids {
					k.write(func(ctx context.Context, tx *storage.Tx) error {
						_, err := k.Answer(ctx, tx, id, seats.SayYes)
						return err
					})
				}
				her := stateOf(t, k.Module, ids[1]).Person
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					return k.Erase(ctx, tx, stateIn(ctx, tx, ids[0]).Person)
				})
				with := companionOf(t, k.Module, ids[1])
				if with.Stands != seats.Alone || !with.Asked.Equal(k.c.Now().Add(72*time.Hour)) || stateOf(t, k.Module, ids[1]).State != seats.Confirmed {
					t.Fatalf("%+v", with)
				}
				last := post.letters[len(post.letters)-1]
				if last.To != her || last.Kind != "seminars.companion_asked" {
					t.Fatalf("the last letter is %s", last.Kind)
				}
				k.c.Pass(time.Hour)
				switch answers {
				case "yes":
					k.write(func(ctx context.Context, tx *storage.Tx) error {
						_, err := k.Answer(ctx, tx, ids[1], seats.JustMe)
						return err
					})
				case "no":
					k.write(func(ctx context.Context, tx *storage.Tx) error {
						_, err := k.Answer(ctx, tx, ids[1], seats.StepBack)
						return err
					})
				}
				k.write(func(ctx context.Context, tx *storage.Tx) error { return k.NotAlone(ctx, tx, ids[1]) })
				k.c.Set(with.Asked)
				k.write(func(ctx context.Context, tx *storage.Tx) error { return k.NotAlone(ctx, tx, ids[1]) })
				want := map[string]seats.State{"yes": seats.Confirmed, "no": seats.Withdrawn, "silence": seats.Withdrawn}[answers]
				if is := stateOf(t, k.Module, ids[1]).State; is != want {
					t.Errorf("%s, want %s", is, want)
				}
				if n := count(t, k.Module, `SELECT (SELECT COUNT(*) FROM companion) + (SELECT COUNT(*) FROM companion_pair) + (SELECT COUNT(*) FROM companion_question)`); n != 0 {
					t.Errorf("%d rows are left", n)
				}
			})
		})
	}
}

// Two records of one person that become one are no pair any more, and a companion stays
// whichever of two records she is with.
func TestAMergeKeepsACompanionAndEndsAPairOfOnePerson(t *testing.T) {
	t.Parallel()
	for way := range 4 {
		t.Run(fmt.Sprint(way), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				k := newCall(t, store, c, 4)
				setUp(t, k.Module, k.a, `companions = TRUE`)
				ids := k.crowd(rand.New(rand.NewPCG(35, 1)), 3)
				person := func(i int) storage.ID { return stateOf(t, k.Module, ids[i]).Person }
				p, q, other := person(0), person(1), ids[2]
				if way < 2 {
					pairUp(t, k.Module, ids[0], ids[1])
				} else {
					pairUp(t, k.Module, ids[way-2], other)
				}
				from, into := p, q
				if way%2 == 1 {
					from, into = q, p
				}
				k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Merge(ctx, tx, from, into) })
				pairs := count(t, k.Module, `SELECT COUNT(*) FROM companion_pair`)
				if way < 2 {
					if pairs != 0 {
						t.Error("one person is a pair")
					}
					return
				}
				got := companionOf(t, k.Module, other)
				if pairs != 1 || got.Stands != seats.Paired {
					t.Fatalf("%d pairs, %+v", pairs, got)
				}
				if with := stateOf(t, k.Module, got.Other); with.Person != into {
					t.Error("the pair is with the record that is gone")
				}
			})
		})
	}
}

func TestNobodyComesTogetherWhereSeatsGoToWhoComesFirst(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(36, 1)), 1)
		offer := func() *fault.Error {
			return fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error { return k.OfferCompanion(ctx, tx, ids[0]) }))
		}
		if f := offer(); f == nil || f.Code != fault.Forbidden {
			t.Errorf("it is off at first: %v", f)
		}
		err := k.try(func(ctx context.Context, tx *storage.Tx) error {
			s, err := seats.SeatsOf(ctx, tx, k.a)
			if err != nil {
				return err
			}
			s.FirstCome, s.Companions = true, true
			return k.SetUp(ctx, tx, k.staff, k.a.ID, s)
		})
		if f := fault.Of(err); f == nil || f.Field != "companions" && (len(f.Fields) == 0 || f.Fields[0].Field != "companions") {
			t.Errorf("both rules at once: %v", err)
		}
		setUp(t, k.Module, k.a, `companions = TRUE`)
		if f := offer(); f != nil {
			t.Error(f)
		}
	})
}

package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

const inConfidence = "Телефон аркылуу жалгыз келерин айтты"

// paired opens an activity with so many seats where the first two of n come only together.
func paired(t testing.TB, store *storage.Store, c *storagetest.Clock, places, n int) (*call, []storage.ID) {
	k := newCall(t, store, c, places)
	setUp(t, k.Module, k.a, `companions = TRUE`)
	ids := k.crowd(rand.New(rand.NewPCG(51, 1)), n)
	prove(t, k.Module)
	pairUp(t, k.Module, ids[0], ids[1])
	k.c.Pass(time.Minute)
	return k, ids
}

func (k *call) partCmd(app storage.ID) seats.PartPair {
	return seats.PartPair{Activity: k.a.ID, Application: app, Actor: k.staff, Reason: inConfidence}
}

func (k *call) part(app storage.ID) error {
	return k.try(func(ctx context.Context, tx *storage.Tx) error { return k.PartPair(ctx, tx, k.partCmd(app)) })
}

func (k *call) putTogether(app storage.ID) error {
	return k.try(func(ctx context.Context, tx *storage.Tx) error { return k.PutTogether(ctx, tx, k.partCmd(app)) })
}

// partings reads what staff read of them.
func (k *call) partings(app storage.ID) (list []seats.Parting) {
	k.Helper()
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = k.ExplainedPartings(ctx, tx, stateIn(ctx, tx, app))
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return list
}

// tellParted does what the job does.
func (k *call) tellParted(app storage.ID) {
	k.Helper()
	list := k.partings(app)
	pair := list[len(list)-1].Pair
	k.write(func(ctx context.Context, tx *storage.Tx) error { return k.TellParted(ctx, tx, pair) })
}

func (k *call) refuses(what string, err error, code fault.Code, key string) {
	k.Helper()
	if f := fault.Of(err); f == nil || f.Code != code || key != "" && f.Key != key {
		k.Errorf("%s: %v, want %s %s", what, err, code, key)
	}
}

func TestStaffPartAPairAndBothAreToldTheSameAfterAWhile(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k, ids := paired(t, store, c, 5, 3)
		box := &postbox{}
		k.Messages = box
		before := []seats.Application{stateOf(t, k.Module, ids[0]), stateOf(t, k.Module, ids[1])}
		if err := k.part(ids[0]); err != nil {
			t.Fatal(err)
		}
		for i, id := range ids[:2] {
			if now := stateOf(t, k.Module, id); now.State != before[i].State || now.Version != before[i].Version {
				t.Errorf("%d is %s", i, now.State)
			}
			if with := companionOf(t, k.Module, id); with.Stands != seats.Paired || !with.Parting {
				t.Errorf("before it is told %d reads %+v", i, with)
			}
			k.refuses("a new link before it is told", k.try(func(ctx context.Context, tx *storage.Tx) error { return k.OfferCompanion(ctx, tx, id) }), fault.Conflict, "seminars.fault.companion_has")
		}
		if len(box.letters) != 0 {
			t.Fatalf("told at once: %+v", box.letters)
		}
		k.refuses("parted twice", k.part(ids[1]), fault.Conflict, "seminars.fault.companion_none")
		k.c.Pass(seats.PartBack)
		k.refuses("taken back late", k.putTogether(ids[0]), fault.TooLate, "seminars.fault.parted_late")
		k.tellParted(ids[0])
		k.tellParted(ids[0]) // a job may run again
		if len(box.letters) != 2 || box.letters[0].To == box.letters[1].To {
			t.Fatalf("%d letters", len(box.letters))
		}
		for _, n := range box.letters {
			all, _ := json.Marshal(n.Args)
			if n.Kind != "seminars.companion_parted" || strings.Contains(string(all), inConfidence) {
				t.Errorf("%s says %s", n.Kind, all)
			}
		}
		for i, id := range ids[:2] {
			if with := companionOf(t, k.Module, id); with.Stands != seats.Alone || !with.Other.IsZero() {
				t.Errorf("%d reads %+v", i, with)
			}
			want := []string{inConfidence, ""}[i] // it stands on the page on which it was written
			if list := k.partings(id); len(list) != 1 || list[0].Reason != want || list[0].Told.IsZero() {
				t.Errorf("staff read of %d %+v", i, list)
			}
			var kept map[string]any
			k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				kept, err = k.Export(ctx, tx, stateIn(ctx, tx, id).Person)
				return err
			})
			all, _ := json.Marshal(kept)
			if strings.Contains(string(all), inConfidence) || !strings.Contains(string(all), `"Parted":["2`) {
				t.Errorf("%d has in her archive %s", i, all)
			}
		}
		// What is decided on one is of her alone.
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Move(ctx, tx, stateIn(ctx, tx, ids[0]), seats.Invited, k.staff.Person, "seminars.why.by_name")
			return err
		})
		if s := stateOf(t, k.Module, ids[1]).State; s != seats.Applied {
			t.Errorf("the other is %s", s)
		}
	})
}

func TestAPartingIsTakenBackAsLongAsNothingCameOfIt(t *testing.T) {
	t.Parallel()
	for what, then := range map[string]struct {
		do  func(k *call, ids []storage.ID)
		key string // of why not; empty: it is taken back
	}{
		"at once": {func(*call, []storage.ID) {}, ""},
		"one has moved": {func(k *call, ids []storage.ID) {
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Move(ctx, tx, stateIn(ctx, tx, ids[1]), seats.Invited, k.staff.Person, "seminars.why.by_name")
				return err
			})
		}, "seminars.fault.parted_moved"},
		"she has said so herself": {func(k *call, ids []storage.ID) {
			k.write(func(ctx context.Context, tx *storage.Tx) error { return k.PartCompanion(ctx, tx, ids[1]) })
		}, "seminars.fault.parted_late"},
		"it was drawn": {func(k *call, _ []storage.ID) {
			k.rule(selection.Rules{Seats: 2})
			if why := k.draw("dice", ""); why != "" {
				k.Fatal(why)
			}
		}, "seminars.fault.parted_drawn"},
		"the other is erased": {func(k *call, ids []storage.ID) {
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				return k.Erase(ctx, tx, stateIn(ctx, tx, ids[1]).Person)
			})
		}, "seminars.fault.parted_moved"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				k, ids := paired(t, store, c, 5, 4)
				if err := k.part(ids[0]); err != nil {
					t.Fatal(err)
				}
				k.c.Pass(time.Minute)
				then.do(k, ids)
				k.c.Pass(time.Minute)
				err := k.putTogether(ids[0])
				if then.key != "" {
					if f := fault.Of(err); f == nil || f.Key != then.key {
						t.Fatalf("%v, want %s", err, then.key)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := k.putTogether(ids[1]); err != nil {
					t.Errorf("twice: %v", err)
				}
				box := &postbox{}
				k.Messages = box
				k.c.Pass(seats.PartBack)
				k.tellParted(ids[0])
				for i, id := range ids[:2] {
					if with := companionOf(t, k.Module, id); with.Stands != seats.Paired || with.Parting || with.Other != ids[1-i] {
						t.Errorf("%d: %+v", i, with)
					}
				}
				if len(box.letters) > 0 {
					t.Errorf("told of what was taken back: %+v", box.letters)
				}
				if err := k.part(ids[1]); err != nil {
					t.Errorf("parted again: %v", err)
				}
			})
		})
	}
}

func TestAPairIsNotPartedWithoutAReasonNorWhileItIsDecidedOn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k, ids := paired(t, store, c, 5, 4)
		for _, words := range []string{"", " \n\t ", strings.Repeat("с", 301)} {
			cmd := k.partCmd(ids[0])
			cmd.Reason = words
			f := fault.Of(k.try(func(ctx context.Context, tx *storage.Tx) error { return k.PartPair(ctx, tx, cmd) }))
			if f == nil || f.Code != fault.Invalid || f.Field != "why" {
				t.Errorf("with %q: %v", words, f)
			}
		}
		cmd := k.partCmd(ids[0])
		cmd.Actor = k.somebody("naryn")
		k.refuses("of another city", k.try(func(ctx context.Context, tx *storage.Tx) error { return k.PartPair(ctx, tx, cmd) }), fault.Forbidden, "")
		k.refuses("who comes alone", k.part(ids[2]), fault.Conflict, "seminars.fault.companion_none")
		k.rule(selection.Rules{Seats: 2})
		ask := k.ask("dice", "")
		k.refuses("while it is drawn", k.part(ids[0]), fault.Conflict, "seminars.fault.part_drawing")
		if err := k.Chooser.DrawAsked(context.Background(), ask.ID, k.a.ID); err != nil {
			t.Fatal(err)
		}
		k.closes(k.c.Now())
		k.c.Pass(time.Minute)
		step := k.plan(0)
		k.refuses("while it is about to be told", k.part(ids[0]), fault.Conflict, "seminars.selection.fault.waits")
		k.tell(step)
		if err := k.part(ids[0]); err != nil {
			t.Errorf("once it is told: %v", err)
		}
		k.c.Set(k.a.Starts)
		k.refuses("once it has begun", k.putTogether(ids[0]), fault.TooLate, "")
		if n := count(t, k.Module, `SELECT COUNT(*) FROM companion_parted`); n != 2 {
			t.Errorf("%d rows", n)
		}
	})
}

// Two wait for two seats while one is free: parted, the first of them is offered it.
func TestOfTwoWhoWereWaitingForTwoSeatsOneIsOfferedTheFreeOneOnceBothAreTold(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k, ids := paired(t, store, c, 1, 2)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			_, err := k.Move(ctx, tx, stateIn(ctx, tx, ids[0]), seats.Waitlisted, k.staff.Person, "seminars.why.by_name")
			return err
		})
		if err := k.part(ids[0]); err != nil {
			t.Fatal(err)
		}
		k.c.Pass(seats.PartBack)
		if held := holders(t, k.Module); held != 0 {
			t.Fatalf("%d hold a seat before it is told", held)
		}
		k.tellParted(ids[0])
		if held := holders(t, k.Module); held != 1 {
			t.Errorf("%d hold a seat", held)
		}
	})
}

// With the guard off the second is told that it was done, and the reason is lost.
func TestOfTwoWhoPartAPairAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{false, true} {
		for _, against := range []string{"a coordinator", "herself"} {
			t.Run(fmt.Sprint(against, ", guarded ", guarded), func(t *testing.T) {
				t.Parallel()
				at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
					const callers = 4
					k, ids := paired(t, store, c, 5, 2)
					m := *k.Service
					if !guarded {
						m.Apart = func(ctx context.Context, tx *storage.Tx, pair storage.ID) error {
							_, err := tx.Exec(ctx, `DELETE FROM companion WHERE pair_id = $1`, pair)
							return err
						}
					}
					pair := storage.ID{}
					if err := store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
						return tx.QueryRow(ctx, `SELECT pair_id FROM companion WHERE application_id = $1`, ids[0]).Scan(&pair)
					}); err != nil {
						t.Fatal(err)
					}
					var ready sync.WaitGroup
					ready.Add(callers)
					won := make([]bool, callers)
					crowd(t, callers, callers, func(i int) error {
						ready.Done()
						ready.Wait() // all have seen the pair before anybody acts
						err := store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
							if i == 0 && against == "herself" {
								return m.PartCompanion(ctx, tx, ids[1])
							}
							return m.EndPair(ctx, tx, pair, k.staff.Person, ids[0], []byte("sealed"))
						})
						won[i] = err == nil && (i > 0 || against != "herself")
						if fault.Is(err, fault.Conflict) {
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
					kept := count(t, k.Module, `SELECT COUNT(*) FROM companion_parted WHERE reason IS NOT NULL`)
					if guarded && (n > 1 || n != kept || against == "a coordinator" && n != 1) {
						t.Errorf("%d were told that they parted the two, %d reasons are kept", n, kept)
					}
					if !guarded && n < 2 {
						t.Error("the race did not happen, so the test with the guard proves nothing")
					}
					if left := count(t, k.Module, `SELECT COUNT(*) FROM companion`); left != 0 {
						t.Errorf("%d halves are left", left)
					}
				})
			})
		}
	}
}

// Who asks for a draw holds the seats until it is asked for. With the guard off the two are
// parted beneath the draw that has counted them as one.
func TestNobodyIsPartedBeneathADrawThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{false, true} {
		t.Run(fmt.Sprint("guarded ", guarded), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				if store.Dialect() == storage.SQLite && !guarded {
					return // there one writes at a time, whatever is held
				}
				k, ids := paired(t, store, c, 5, 4)
				k.rule(selection.Rules{Seats: 2})
				m := *k.Service
				if !guarded {
					m.Hold = func(context.Context, *storage.Tx, storage.ID) error { return nil }
					m.Calendar = diary{k.a} // which holds nothing
				}
				asked, done := make(chan struct{}), make(chan error, 1)
				go func() {
					<-asked
					done <- store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error { return m.PartPair(ctx, tx, k.partCmd(ids[0])) })
				}()
				var parted error
				var once sync.Once
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					if _, err := k.Chooser.AskDraw(ctx, tx, selection.AskDraw{Actor: k.staff, Activity: k.a.ID}); err != nil {
						return err
					}
					once.Do(func() { close(asked) })
					if !guarded { // it does not wait for the draw
						parted = <-done
					}
					return nil
				})
				if guarded {
					parted = <-done
					k.refuses("beneath a draw", parted, fault.Conflict, "seminars.fault.part_drawing")
				} else if parted != nil {
					t.Errorf("the race did not happen, so the test with the guard proves nothing: %v", parted)
				}
			})
		})
	}
}

func TestTheReasonOfAPartingGoesWithWhomeverOfTheTwoGoesFirst(t *testing.T) {
	t.Parallel()
	for who := range 2 {
		t.Run(fmt.Sprint(who), func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				k, ids := paired(t, store, c, 5, 2)
				if err := k.part(ids[0]); err != nil {
					t.Fatal(err)
				}
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					return k.Erase(ctx, tx, stateIn(ctx, tx, ids[who]).Person)
				})
				box := &postbox{}
				k.Messages = box
				k.c.Pass(seats.PartBack)
				k.tellParted(ids[1-who])
				if n := count(t, k.Module, `SELECT COUNT(*) FROM companion_parted WHERE reason IS NOT NULL`); n != 0 {
					t.Error("the reason is left")
				}
				if len(box.letters) != 1 || box.letters[0].To != stateOf(t, k.Module, ids[1-who]).Person {
					t.Errorf("%d letters", len(box.letters))
				}
			})
		})
	}
}

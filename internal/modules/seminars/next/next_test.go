package next

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// postbox remembers each letter whose transaction was kept.
type postbox struct {
	mu      sync.Mutex
	letters []messages.Notice
}

func (p *postbox) Send(_ context.Context, tx *storage.Tx, n messages.Notice) error {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.letters = append(p.letters, n)
	})
	return nil
}

// Cancel takes back the letter with a key.
func (p *postbox) Cancel(_ context.Context, tx *storage.Tx, key string) (int, error) {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.letters = slices.DeleteFunc(p.letters, func(o messages.Notice) bool { return o.Key == key })
	})
	return 1, nil
}

func (p *postbox) CancelTo(context.Context, *storage.Tx, storage.ID, storage.ID, ...string) (int, error) {
	return 0, nil
}

func (p *postbox) to(person storage.ID) (out []messages.Notice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		if l.To == person {
			out = append(out, l)
		}
	}
	return out
}

// room is the module over the demo's programme, of whose seminars in Osh the test opens some.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	post  *postbox
	osh   []programme.Activity // drafts, 30 days ahead
}

func rooms(t *testing.T, f func(v *room)) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		keys := peopletest.Keys(t)
		v := &room{t: t, s: s, clock: clock, post: &postbox{}}
		p := people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example"})
		v.m = &Module{Service: &seats.Service{Store: s, People: p, Keys: keys, Messages: v.post, PublicURL: "https://ashar.example"}}
		file := programmetest.Load(t)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, file, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar})
			if err != nil {
				return err
			}
			v.osh = nil
			for i, a := range list {
				starts := tx.Now.AddDate(0, 0, 30+i)
				if _, err := tx.Exec(ctx, `UPDATE activity SET city = 'osh', state = 'draft', capacity = 20, invitation_only = FALSE, starts_at = $2, ends_at = $3, opens_at = 0, deadline_at = 0 WHERE id = $1`,
					a.ID, storage.Micros(starts), storage.Micros(starts.Add(time.Hour))); err != nil {
					return err
				}
				v.osh = append(v.osh, a)
			}
			return nil
		})
		if len(v.osh) < 5 {
			t.Fatalf("the demo has %d seminars", len(v.osh))
		}
		f(v)
	})
}

func (v *room) must(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

func (v *room) opens(i int) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE activity SET state = 'published' WHERE id = $1`, v.osh[i].ID)
		return err
	})
}

func (v *room) look() { v.t.Helper(); v.must(v.m.Look) }

func (v *room) person(name string) access.Actor {
	v.t.Helper()
	return access.Actor{Person: peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: name, City: "osh"}).ID, Origin: access.OfProof}
}

func (v *room) wants(who access.Actor, city, kind string) error {
	v.t.Helper()
	return peopletest.Try(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
		return v.m.Want(ctx, tx, Want{Actor: who, City: city, Kind: kind})
	})
}

func TestWhoAskedIsToldOnceOfWhatOpensInHerCity(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		her, elsewhere, other, applied := v.person("Айгүл"), v.person("Нур"), v.person("Бек"), v.person("Асел")
		for name, bad := range map[string]error{
			"a city that there is not": v.wants(her, "atlantis", AnyKind), "a kind that there is not": v.wants(her, "osh", "party"), "no kind": v.wants(her, "osh", ""),
		} {
			if !fault.Is(bad, fault.Invalid) {
				v.t.Errorf("%s: %v", name, bad)
			}
		}
		if err := v.wants(access.Actor{}, "osh", AnyKind); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("nobody: %v", err)
		}
		v.opens(0) // before anybody asks: she sees it herself
		for who, city := range map[storage.ID]string{her.Person: "osh", elsewhere.Person: "naryn", other.Person: "osh", applied.Person: "osh"} {
			kind := AnyKind
			if who == other.Person {
				kind = programme.Discussion
			}
			if err := v.wants(access.Actor{Person: who, Origin: access.OfProof}, city, kind); err != nil {
				v.t.Fatal(err)
			}
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, _, err := v.m.Begin(ctx, tx, v.osh[1].ID, applied.Person, applied.Person, "seminars.why.applied")
			return err
		})
		v.look()
		v.opens(1)
		v.look()
		v.look()
		if n := v.post.to(her.Person); len(n) != 1 || n[0].Activity != v.osh[1].ID || !strings.HasPrefix(n[0].Path, "/next/") {
			v.t.Errorf("she got %d letters", len(n))
		}
		for name, who := range map[string]access.Actor{"who asked for another city": elsewhere, "who asked for another kind": other, "who has applied": applied} {
			if n := v.post.to(who.Person); len(n) != 0 {
				v.t.Errorf("%s got %d letters", name, len(n))
			}
		}
		// What is by invitation, or not open yet, is told to nobody.
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE activity SET state = 'published', invitation_only = TRUE WHERE id = $1`, v.osh[2].ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE activity SET state = 'published', opens_at = $2 WHERE id = $1`, v.osh[3].ID, storage.Micros(tx.Now.AddDate(0, 0, 1)))
			return err
		})
		v.look()
		if n := v.post.to(her.Person); len(n) != 1 {
			v.t.Errorf("%d letters, one of them too early", len(n))
		}
		v.clock.Pass(24 * time.Hour)
		v.look()
		if n := v.post.to(her.Person); len(n) != 2 || n[1].Activity != v.osh[3].ID {
			v.t.Errorf("%d letters once it has opened", len(n))
		}
		// At most MostAWeek, and the rest when the week allows it.
		v.opens(4)
		v.look()
		if n := v.post.to(her.Person); len(n) != MostAWeek {
			v.t.Errorf("%d letters in a week", len(n))
		}
		v.clock.Pass(7 * 24 * time.Hour)
		v.look()
		if n := v.post.to(her.Person); len(n) != MostAWeek+1 {
			v.t.Errorf("%d letters in the next week", len(n))
		}
		// What she asked for is in her archive, follows a merge, and goes with her.
		twin := v.person("Айгүл Асанова")
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			sections, err := v.m.export(ctx, tx, her.Person)
			if err != nil || !strings.Contains(fmt.Sprint(sections), "osh any") {
				v.t.Errorf("her archive: %v", sections)
			}
			if err := merge(ctx, tx, her.Person, twin.Person); err != nil {
				return err
			}
			list, err := WishesOf(ctx, tx, twin.Person)
			if len(list) != 1 {
				v.t.Errorf("after a merge: %v", list)
			}
			return err
		})
		v.look()
		if n := v.post.to(twin.Person); len(n) != 0 {
			v.t.Errorf("told again after a merge: %d", len(n))
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error { return erase(ctx, tx, twin.Person) })
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := WishesOf(ctx, tx, twin.Person)
			if len(list) != 0 {
				v.t.Errorf("after an erasure: %v", list)
			}
			return err
		})
	})
}

// TestManyLooksAtOnceTellOnce runs the job on many connections while two activities open; and
// shows that without the guard of the database somebody is told twice.
func TestManyLooksAtOnceTellOnce(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{true, false} {
		t.Run(fmt.Sprintf("guarded %v", guarded), func(t *testing.T) {
			t.Parallel()
			rooms(t, func(v *room) {
				her := v.person("Айгүл")
				if err := v.wants(her, "osh", AnyKind); err != nil {
					v.t.Fatal(err)
				}
				if !guarded {
					v.m.Mark = func(context.Context, *storage.Tx, storage.ID, storage.ID) (bool, error) { return true, nil }
				}
				v.opens(0)
				v.opens(1)
				var all sync.WaitGroup
				for range 4 {
					all.Go(func() {
						if err := v.s.Write(v.t.Context(), v.m.Look); err != nil {
							v.t.Error(err)
						}
					})
				}
				all.Wait()
				if n := len(v.post.to(her.Person)); guarded != (n == 2) {
					v.t.Errorf("%d letters of two activities", n)
				}
			})
		})
	}
}

// TestALinkStopsByAButtonAndNotByBeingRead goes to the page as scanners do, and presses.
func TestALinkStopsByAButtonAndNotByBeingRead(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		her := v.person("Айгүл")
		if err := v.wants(her, "osh", AnyKind); err != nil {
			v.t.Fatal(err)
		}
		v.opens(0)
		v.look()
		address := webtest.Serve(v.t, web.Options{
			Routes: v.m.Manifest().Routes, Clock: v.clock.Now,
			Identify: func(r *http.Request) (access.Actor, error) {
				if r.Header.Get("As") == "her" {
					return her, nil
				}
				return access.Actor{}, nil
			},
		}, texts(), os.DirFS("../pages/text"), os.DirFS("../../../spine/people/text"), forms.Texts(), profile.Texts())
		wishes := func() (n int) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT COUNT(*) FROM next_wish WHERE person_id = $1`, her.Person).Scan(&n)
			})
			return n
		}
		path := "/ky" + v.post.to(her.Person)[0].Path
		b := &webtest.Browser{URL: address}
		for range 3 {
			if got := b.Get(v.t, path); got.Status != http.StatusOK || strings.Contains(got.Body, "Айгүл") || wishes() != 1 {
				v.t.Fatalf("the page: %d, %d wishes", got.Status, wishes())
			}
		}
		if got := b.Do(v.t, "POST", path, url.Values{}); got.Status != http.StatusOK || wishes() != 0 {
			v.t.Errorf("the button: %d, %d wishes", got.Status, wishes())
		}
		v.opens(1)
		v.look()
		if n := len(v.post.to(her.Person)); n != 1 {
			v.t.Errorf("%d letters after she stopped them", n)
		}
		if got := b.Get(v.t, "/ky/next"); got.Status != http.StatusSeeOther || !strings.Contains(got.To(), "/sign-in") {
			v.t.Errorf("a stranger: %d to %q", got.Status, got.To())
		}
		if got := b.Do(v.t, "POST", "/ky/next", url.Values{"city": {"naryn"}, "do": {"want"}}); got.To() != "/ky/next?city=naryn" || wishes() != 0 {
			v.t.Errorf("a stranger taps: %d to %q", got.Status, got.To())
		}
		hers := &webtest.Browser{URL: address, Header: http.Header{"As": {"her"}}}
		if got := hers.Do(v.t, "POST", "/ky/next", url.Values{"city": {"naryn"}, "do": {"want"}}); got.Status != http.StatusSeeOther || wishes() != 1 {
			v.t.Errorf("one tap: %d, %d wishes", got.Status, wishes())
		}
		if got := hers.Get(v.t, "/ru/next"); got.Status != http.StatusOK {
			v.t.Errorf("the page: %d", got.Status)
		}
		if got := hers.Do(v.t, "POST", "/ky/next", url.Values{"city": {"moon"}, "do": {"want"}}); got.Status != http.StatusUnprocessableEntity {
			v.t.Errorf("no city: %d", got.Status)
		}
		if got := hers.Do(v.t, "POST", "/ky/next", url.Values{"city": {"naryn"}, "do": {"stop"}}); got.Status != http.StatusSeeOther || wishes() != 0 {
			v.t.Errorf("stopped: %d, %d wishes", got.Status, wishes())
		}
	})
}

// Who plans reads how many wait in each of her cities, and of few only that they are few: no
// number, and no sum from which it follows.
func TestWhoPlansReadsHowManyWaitInHerCitiesAndOfFewNoNumber(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		planner := func(city string) access.Actor {
			return access.Actor{
				Person: storage.RandomID(programmetest.Noon), Origin: access.OfPasskey, Table: programme.Permissions(),
				Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}},
			}
		}
		read := func(who access.Actor) (out map[string]Waiting) {
			out = map[string]Waiting{}
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				list, err := v.m.WaitingAt(ctx, tx, who)
				for _, w := range list {
					out[w.City] = w
				}
				return err
			})
			return out
		}
		asked := map[string]int{}
		r := rand.New(rand.NewPCG(8, 2))
		for i := range 40 {
			city := []string{"osh", "naryn", "talas"}[r.IntN(3)]
			if asked["naryn"] == Few-1 && city == "naryn" {
				city = "osh"
			}
			if err := v.wants(v.person(fmt.Sprintf("Айгүл %d", i)), city, Kinds[r.IntN(len(Kinds))]); err != nil {
				v.t.Fatal(err)
			}
			asked[city]++
			all := read(planner(""))
			if len(all) != len(asked) {
				v.t.Fatalf("%v of %v", all, asked)
			}
			for city, n := range asked {
				want := Waiting{City: city, Count: n}
				if n < Few {
					want = Waiting{City: city, Hidden: true}
				}
				if all[city] != want {
					v.t.Errorf("%d wait in %s: %+v", n, city, all[city])
				}
			}
		}
		if got := read(planner("naryn")); len(got) != 1 || !got["naryn"].Hidden {
			v.t.Errorf("who plans in Naryn reads %+v", got)
		}
		for name, who := range map[string]access.Actor{"nobody": {}, "who asked": v.person("Асел")} {
			if got := read(who); len(got) != 0 {
				v.t.Errorf("%s reads %+v", name, got)
			}
		}
	})
}

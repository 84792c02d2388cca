package pages

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/ready"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// phone lets a phone in at the door of the relay.
func (v relay) phone(name string) (d door.Device, secret string) {
	v.t.Helper()
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		link, err := v.m.InviteDevice(ctx, tx, v.lead, v.osh.ID, name)
		if err == nil {
			d, secret, err = v.m.EnrolDevice(ctx, tx, link)
		}
		return err
	})
	return d, secret
}

func keeper(who access.Actor) door.Keeper {
	return door.Keeper{Device: seats.StaffDevice(who.Person), By: who.Person}
}

// check tells the house what a check has come to.
func (v relay) check(cmd door.NoteReady) error {
	if cmd.Activity.IsZero() {
		cmd.Activity = v.osh.ID
	}
	return v.m.Store.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if cmd.At.IsZero() {
			cmd.At = tx.Now
		}
		return v.m.NoteReady(ctx, tx, cmd)
	})
}

// readyNow is the list as who leads reads it: a name, and what is missing.
func (v relay) readyNow() (out []string) {
	v.t.Helper()
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		l, err := ready.Of(ctx, tx, v.m.People, v.osh)
		for _, row := range l.Rows {
			state := "never"
			if !row.Checked.IsZero() {
				state = strings.Join(row.Missing, "+")
			}
			out = append(out, row.Name+": "+state)
		}
		return err
	})
	return out
}

func (v relay) wants(what string, want ...string) {
	v.t.Helper()
	if got := v.readyNow(); !slices.Equal(got, want) {
		v.t.Errorf("%s: the list says %q, not %q", what, got, want)
	}
}

func (v relay) nameOf(who access.Actor) (name string) {
	write(v.t, v.m, func(ctx context.Context, tx *storage.Tx) error {
		p, err := v.m.People.ByID(ctx, tx, who.Person)
		name = p.FullName
		return err
	})
	return name
}

// The last check of a phone stands, whenever its outcome arrives, and goes with the phone.
func TestTheLastCheckOfAPhoneStandsAndGoesWithIt(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		one, _ := v.phone("Phone 1")
		c.Pass(time.Second)
		two, _ := v.phone("Phone 2")
		v.wants("before any check", "Phone 1: never", "Phone 2: never")
		try := func(cmd door.NoteReady) {
			t.Helper()
			if err := v.check(cmd); err != nil {
				t.Fatal(err)
			}
		}
		try(door.NoteReady{Keeper: one.Keeper(), Missing: []string{door.ReadyDay, door.ReadyPack}})
		v.wants("in the order of the lines", "Phone 1: pack+day", "Phone 2: never")
		c.Pass(time.Minute)
		try(door.NoteReady{Keeper: one.Keeper()})
		v.wants("checked again", "Phone 1: ", "Phone 2: never")
		try(door.NoteReady{Keeper: one.Keeper(), At: c.Now().Add(-time.Second), Missing: []string{door.ReadyWord}})
		v.wants("an earlier one that comes late", "Phone 1: ", "Phone 2: never")
		try(door.NoteReady{Keeper: two.Keeper(), Missing: []string{door.ReadyWord}})
		try(door.NoteReady{Keeper: keeper(v.first), Actor: v.first})
		first := v.nameOf(v.first)
		v.wants("one of the team", "Phone 1: ", "Phone 2: word", first+": ")

		v.revoke(two.ID)
		v.wants("a right that was taken back", "Phone 1: ", first+": ")
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_ready`); n != 2 {
			t.Errorf("%d checks are kept", n)
		}
		link, err := v.handOver(door.HandOver{Actor: v.lead, Phone: one.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := v.enrol(link); err != nil {
			t.Fatal(err)
		}
		v.wants("the phone of a substitute", "A substitute's phone: never", first+": ")
		if link, err = v.handOver(door.HandOver{Actor: v.first, Person: v.first.Person}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := v.enrol(link); err != nil {
			t.Fatal(err)
		}
		v.wants("whose place is a substitute's", "A substitute's phone: never", "A substitute's phone: never")

		try(door.NoteReady{Keeper: keeper(v.second), Actor: v.second})
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) error { return v.m.NewWord(ctx, tx, v.lead, v.osh.ID) })
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_ready`); n != 0 {
			t.Errorf("%d checks were made with another word", n)
		}
	})
}

func TestWhatIsNoCheckOfAPhoneIsRefused(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		one, _ := v.phone("Phone 1")
		now := c.Now()
		naryn := v.first
		naryn.Grants = []access.Grant{{Role: access.Facilitator, Scope: access.Scope{City: "naryn"}}}
		all := slices.Clone(door.ReadyLines)
		for name, k := range map[string]struct {
			door.NoteReady
			want fault.Code
		}{
			"a stranger":              {door.NoteReady{Keeper: keeper(access.Actor{Person: v.apps[0].Person})}, fault.Forbidden},
			"of another city":         {door.NoteReady{Keeper: keeper(naryn), Actor: naryn}, fault.Forbidden},
			"a phone at another door": {door.NoteReady{Keeper: one.Keeper(), Activity: v.naryn.ID}, fault.Forbidden},
			"an activity that is not": {door.NoteReady{Keeper: one.Keeper(), Activity: one.ID}, fault.NotFound},
			"what is not looked at":   {door.NoteReady{Keeper: one.Keeper(), Missing: []string{"camera"}}, fault.Invalid},
			"a line twice":            {door.NoteReady{Keeper: one.Keeper(), Missing: []string{door.ReadyWord, door.ReadyWord}}, fault.Invalid},
			"more lines than are":     {door.NoteReady{Keeper: one.Keeper(), Missing: append(all, door.ReadyWord)}, fault.Invalid},
			"too far ahead":           {door.NoteReady{Keeper: one.Keeper(), At: now.Add(door.MayBeAhead + time.Microsecond)}, fault.Invalid},
			"older than a week":       {door.NoteReady{Keeper: one.Keeper(), At: now.Add(-7*24*time.Hour - time.Microsecond)}, fault.Invalid},
		} {
			if err := v.check(k.NoteReady); !fault.Is(err, k.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_ready`); n != 0 {
			t.Fatalf("%d checks are kept", n)
		}
		for _, at := range []time.Time{now.Add(-7 * 24 * time.Hour), now.Add(door.MayBeAhead)} {
			if err := v.check(door.NoteReady{Keeper: one.Keeper(), At: at, Missing: all}); err != nil {
				t.Errorf("at the bound, %s: %v", at, err)
			}
		}
		v.wants("all lines", "Phone 1: "+strings.Join(door.ReadyLines, "+"))
		c.Set(v.osh.Ends)
		if err := v.check(door.NoteReady{Keeper: one.Keeper()}); err != nil {
			t.Errorf("in the last moment: %v", err)
		}
		c.Pass(time.Microsecond)
		if err := v.check(door.NoteReady{Keeper: one.Keeper()}); !fault.Is(err, fault.Conflict) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// Nobody is let in at what was called off, and what is not announced yet has no door.
func TestPhonesAreMadeReadyForWhatIsAnnounced(t *testing.T) {
	a := seats.Activity{Starts: start, Ends: start.Add(time.Hour)}
	for state, want := range map[string]bool{programme.Published: true, programme.Draft: false, programme.Cancelled: false} {
		if a.State = state; door.CanBeReady(a, start) != want {
			t.Errorf("%s: %v", state, !want)
		}
	}
	for _, k := range []struct {
		now  time.Time
		told bool
	}{{start.Add(-48*time.Hour - time.Second), false}, {start.Add(-48 * time.Hour), true}, {a.Ends, true}, {a.Ends.Add(time.Second), false}} {
		a.State = programme.Published
		if l := (ready.List{Activity: a, Now: k.now}); l.Told() != k.told {
			t.Errorf("at %s the list is shown: %v", k.now, !k.told)
		}
	}
}

// Of two checks of one phone at once one row comes, and it is the later one; with the guard of
// the database off there are two.
func TestTwoChecksOfOnePhoneAtOnceAreOne(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			if !guarded {
				if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `DROP INDEX door_ready_device`)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			v := openRelay(t, store, c)
			one, _ := v.phone("Phone 1")
			now := c.Now()
			if store.Dialect() == storage.PostgreSQL {
				var both sync.WaitGroup
				both.Add(2)
				var left atomic.Int64
				left.Store(2)
				v.m.Taking = func() {
					if left.Add(-1) >= 0 { // who is run again by the store waits for nobody
						both.Done()
						both.Wait()
					}
				}
			}
			var done sync.WaitGroup
			for n := range 2 {
				done.Go(func() {
					cmd := door.NoteReady{Keeper: one.Keeper(), At: now.Add(time.Duration(n) * time.Second)}
					if n == 0 {
						cmd.Missing = []string{door.ReadyWord}
					}
					if err := v.check(cmd); err != nil {
						t.Error(err)
					}
				})
			}
			done.Wait()
			v.m.Taking = nil
			if got, want := count(t, v.m, `SELECT COUNT(*) FROM door_ready`), map[bool]int{false: 2, true: 1}[guarded]; got != want {
				t.Errorf("guarded %v: %d rows", guarded, got)
			}
			if guarded {
				v.wants("the later one", "Phone 1: ")
			}
		})
	}
}

// Who is erased is in no list, and the check of a record that is joined to another is made anew.
func TestACheckGoesWithWhoseDeviceItWas(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		for _, who := range []access.Actor{v.lead, v.first, v.second} {
			if err := v.check(door.NoteReady{Keeper: keeper(who), Actor: who}); err != nil {
				t.Fatal(err)
			}
		}
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) error {
			return v.m.Manifest().Erase(ctx, tx, v.first.Person)
		})
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_ready`); n != 2 {
			t.Errorf("%d checks after an erasure", n)
		}
		write(t, v.m, func(ctx context.Context, tx *storage.Tx) error {
			return v.m.Manifest().Merge(ctx, tx, v.second.Person, v.lead.Person)
		})
		v.wants("after the records are one", v.nameOf(v.lead)+": ")
		if n := count(t, v.m, `SELECT COUNT(*) FROM door_ready`); n != 1 {
			t.Errorf("%d checks after a merge", n)
		}
	})
}

// The route takes one check from who stands at the door, and reads nothing of a stranger's.
func TestAPhoneTellsTheHouseWhatItsCheckHasComeTo(t *testing.T) {
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		v := openRelay(t, store, c)
		v.url = serve(t, v.m, c, (&ready.Module{Desk: v.m.Desk, Stand: v.m.Stand}).Manifest())
		_, secret := v.phone("Phone 1")
		send := func(secret, kind, body string) (int, string) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.url+"/api/v1/door/"+v.osh.Slug+"/ready?lang=en", bytes.NewReader([]byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", kind)
			if secret != "" {
				req.AddCookie(&http.Cookie{Name: doorCookie, Value: secret})
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.Header.Get(door.TimeHeader) == "" && res.StatusCode < 400 {
				t.Errorf("%s: the answer has no clock", body)
			}
			return res.StatusCode, string(raw)
		}
		now := strconv.FormatInt(c.Now().UnixMilli(), 10)
		good := `{"at":` + now + `,"missing":["word"]}`
		for _, k := range []struct {
			secret, kind, body string
			want               int
			says               string
		}{
			{"", "application/json", good, 401, ""},
			{"another", "application/json", `{`, 401, ""},
			{secret, "text/plain", good, 415, ""},
			{secret, "application/json", `{`, 422, "missing"},
			{secret, "application/json", good + good, 422, "missing"},
			{secret, "application/json", `null`, 422, "missing"},
			{secret, "application/json", `{"at":` + now + `}`, 422, "missing"},
			{secret, "application/json", `{"missing":[]}`, 422, "missing"},
			{secret, "application/json", `{"at":"yesterday","missing":[]}`, 422, "missing"},
			{secret, "application/json", `{"at":9223372036854775807,"missing":[]}`, 422, "ready.fault.when"},
			{secret, "application/json", `{"at":` + now + `,"missing":["moon"]}`, 422, "ready.fault.line"},
			{secret, "application/json", `{"at":` + now + `,"missing":["` + strings.Repeat("x", 4<<10) + `"]}`, 413, ""},
		} {
			if got, body := send(k.secret, k.kind, k.body); got != k.want || !strings.Contains(body, k.says) {
				t.Errorf("%.60s of %q: %d %s", k.body, k.secret, got, body)
			}
		}
		v.wants("after all that", "Phone 1: never")
		if got, body := send(secret, "application/json", good); got != http.StatusOK || strings.TrimSpace(body) != `{"ready":false}` {
			t.Errorf("%d %s", got, body)
		}
		v.wants("told", "Phone 1: word")
	})
}

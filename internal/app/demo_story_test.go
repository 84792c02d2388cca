package app

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// coordinators looks at every seminar as the coordinator does.
func coordinators(t *testing.T, a *App) (list []seats.Overview) {
	t.Helper()
	staff := access.Actor{Grants: []access.Grant{{Role: access.Coordinator}}, Table: a.table}
	err := a.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = a.rooms.seminars.Overviews(ctx, tx, staff)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheStoryOfTheDemoIsPlausibleAndAgreesWithTheLedger(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	now := time.Now()
	all := map[seats.State]int{}
	var past, goesOn, toCome int
	for _, o := range coordinators(t, h.App) {
		held := 0
		for s, n := range o.Count {
			all[s] += n
			if s.HoldsSeat() {
				held += n
			}
		}
		if held != o.Seats.Taken || held > o.Seats.Capacity {
			t.Errorf("%s: %d hold a seat, %d are taken of %d", o.Activity.Slug, held, o.Seats.Taken, o.Seats.Capacity)
		}
		came, missed := o.Count[seats.Attended], o.Count[seats.NoShow]
		switch {
		case sameDay(o.Activity.Starts, now):
			goesOn++ // at night it is to begin, or has just ended
			begun := !o.Activity.Starts.Add(-30 * time.Minute).After(now)
			if (came > 0) != begun || o.Count[seats.Confirmed] == 0 || missed != 0 {
				t.Errorf("%s is today: %v", o.Activity.Slug, o.Count)
			}
		case o.Activity.Ends.Before(now):
			past++
			if came < 10 || missed > came/2 || o.Count[seats.Confirmed]+o.Count[seats.Invited] != 0 {
				t.Errorf("%s is over: %v", o.Activity.Slug, o.Count)
			}
		default:
			toCome++
			if came+missed != 0 {
				t.Errorf("%s is to come: %v", o.Activity.Slug, o.Count)
			}
		}
	}
	if past == 0 || goesOn != 1 || toCome == 0 {
		t.Errorf("%d are past, %d go on, %d are to come", past, goesOn, toCome)
	}
	for _, s := range seats.States {
		if all[s] == 0 {
			t.Errorf("nobody is %s", s)
		}
	}
	var facts []ledger.Fact
	if err := h.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		facts, err = ledger.Facts(ctx, tx, ledger.Filter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	sum := map[ledger.Kind]int64{}
	for _, f := range facts {
		sum[f.Kind] += f.Value
	}
	if got := sum[seats.FactAttended]; got != int64(all[seats.Attended]) {
		t.Errorf("the ledger counts %d attendances, the applications %d", got, all[seats.Attended])
	}
	applied := 0
	for _, n := range all {
		applied += n
	}
	if got := sum[seats.FactApplied]; got != int64(applied) {
		t.Errorf("the ledger counts %d applications, there are %d", got, applied)
	}
}

func TestTheStoryOfTheDemoIsToldOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	count := func() (n int) {
		for _, o := range coordinators(t, h.App) {
			for _, some := range o.Count {
				n += some
			}
		}
		return n
	}
	before := count()
	if _, err := h.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := count(); after != before {
		t.Errorf("there were %d applications, after the second start %d", before, after)
	}
}

func TestTheFirstPageOfEveryRoleAnswersInEachLanguage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for _, role := range access.Roles {
		v := h.as(t, role)
		for _, lang := range []string{"ky", "ru", "en"} {
			path := "/" + lang + "/start"
			status, _, header := v.do(http.MethodGet, path, nil)
			if to := header.Get("Location"); to != "" {
				path = strings.TrimPrefix(to, h.url)
				status, _, _ = v.do(http.MethodGet, path, nil)
			}
			if status != http.StatusOK {
				t.Errorf("%s at %s: %d", role, path, status)
			}
		}
	}
}

func sameDay(a, b time.Time) bool {
	return a.In(programme.Bishkek).Format(time.DateOnly) == b.In(programme.Bishkek).Format(time.DateOnly)
}

func TestAtAnyHourTheDemoHasOneSeminarTodayWhoseDoorIsOpen(t *testing.T) {
	t.Parallel()
	for _, clock := range []string{"00:05", "08:00", "20:45", "23:55"} {
		t.Run(clock, func(t *testing.T) {
			t.Parallel()
			now, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-23 "+clock, programme.Bishkek)
			if err != nil {
				t.Fatal(err)
			}
			h, err := Open(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}, Options{Demo: true, Clock: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			if _, err := h.LoadDemo(t.Context()); err != nil {
				t.Fatal(err)
			}
			var today []seats.Overview
			for _, o := range coordinators(t, h) {
				if sameDay(o.Activity.Starts, now) {
					today = append(today, o)
				}
			}
			if len(today) != 1 || !sameDay(today[0].Activity.Ends, now) {
				t.Fatalf("today: %+v", today)
			}
			o := today[0]
			if o.Count[seats.Confirmed] < 5 || o.Count[seats.NoShow] > 0 {
				t.Errorf("its people: %v", o.Count)
			}
			// Somebody who is confirmed is let in.
			err = h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				var serial int64
				if err := tx.QueryRow(ctx, `SELECT serial
					FROM ticket JOIN application ON application.id = ticket.application_id
					WHERE ticket.activity_id = $1 AND application.state = 'confirmed' AND ticket.revoked_at = 0
					LIMIT 1`, o.Activity.ID).Scan(&serial); err != nil {
					return err
				}
				out, err := h.rooms.seminars.CheckIn(ctx, tx, door.CheckIn{Device: "test", Activity: o.Activity.ID, Scans: []door.Scan{{
					Nonce: "nonce-of-a-test", Event: o.Activity.Slug, Code: seats.Serial(serial).Code(), At: now, Kind: "in",
				}}})
				if err == nil && out[0].Result != "accepted" {
					t.Errorf("at the door: %+v", out)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheDemoIsOpenWhenItsLettersAreAtTheirEnd(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	if err := h.AtRest(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all, underWay int
	err := h.store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*), count(CASE WHEN state IN ('waiting', 'sending') AND due_at <= $1 THEN 1 END) FROM message`,
			storage.Micros(tx.Now)).Scan(&all, &underWay)
	})
	if err != nil {
		t.Fatal(err)
	}
	if all == 0 || underWay != 0 {
		t.Errorf("of %d letters %d are still under way", all, underWay)
	}
}

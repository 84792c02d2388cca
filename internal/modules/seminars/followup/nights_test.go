package followup

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme"
)

// nightOf is the ready question about the night of an activity of so many days.
func nightOf(days int) (forms.Form, forms.Question) {
	form := forms.Form{Questions: Ready(days)}
	q, _ := form.Question(nightKey)
	return form, q
}

// The question about the night offers the nights that there are: one before, one between each
// two days, one after; what goes on into the next night is one day.
func TestTheNightsOfferedAreThoseThatThereAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		starts := time.Date(2026, 12, 5, rapid.IntRange(0, 23).Draw(rt, "begins"), 0, 0, 0, programme.Bishkek)
		hours := rapid.IntRange(1, 14*24).Draw(rt, "hours")
		a := programme.Activity{Starts: starts, Ends: starts.Add(time.Duration(hours) * time.Hour)}
		nights := 0 // midnights with something on both sides
		for midnight := programme.Midnight(starts).AddDate(0, 0, 1); midnight.Before(a.Ends); midnight = midnight.AddDate(0, 0, 1) {
			nights++
		}
		if hours <= 24 {
			nights = 0
		}
		_, q := nightOf(daysOf(a))
		if want := 4 + nights - min(nights, 1); len(q.Choices) != want || (q.Kind == forms.AskMany) != (nights > 0) {
			rt.Errorf("%d hours from %s: %d choices of kind %s, not %d", hours, starts, len(q.Choices), q.Kind, want)
		}
		seen := map[i18n.Text]bool{}
		for _, c := range q.Choices {
			if c.Label.Ky == "" || c.Label.Ru == "" || c.Label.En == "" || seen[c.Label] {
				rt.Errorf("%+v", c)
			}
			seen[c.Label] = true
		}
	})
}

// What was answered about the nights is told of the days that the activity has now: the nights
// before and after stay, through any change of days, and those between as long as they are.
func TestNightsFollowTheDaysOfTheActivity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		was, now := rapid.IntRange(1, programme.MostDays).Draw(rt, "was"), rapid.IntRange(1, programme.MostDays).Draw(rt, "now")
		_, q := nightOf(was)
		var given []string
		for _, c := range q.Choices {
			if c.Value != noNight && rapid.Bool().Draw(rt, c.Value) && (was > 1 || given == nil) {
				given = append(given, c.Value)
			}
		}
		if given == nil {
			given = []string{noNight}
		}
		form, after := nightOf(now)
		answers := forms.Answers{Values: map[string][]string{nightKey: given}}.Clone()
		got := fitNights(form, answers).Values[nightKey]
		if again := fitNights(form, fitNights(form, answers)).Values[nightKey]; !slices.Equal(got, again) {
			rt.Errorf("%v, then %v", got, again)
		}
		if _, err := form.Validate(forms.Answers{Values: map[string][]string{nightKey: got}}.Clone(), forms.Sources{}); err != nil {
			rt.Errorf("%v of %d days is no answer for %d: %v", got, was, now, err)
		}
		has := func(in []string, night string) bool {
			return slices.Contains(in, night) || night != noNight && slices.Contains(in, bothNights)
		}
		for _, night := range []string{noNight, nightBefore, nightAfter} {
			if has(given, night) != has(got, night) {
				rt.Errorf("%v of %d days is told as %v of %d", given, was, got, now)
			}
		}
		for _, c := range after.Choices {
			if now > 1 && was > 1 && slices.Contains(given, c.Value) != slices.Contains(got, c.Value) {
				rt.Errorf("%v of %d days is told as %v of %d", given, was, got, now)
			}
		}
	})
}

// Of several days the hotel is told how many need each night, also by who answered while the
// activity was one of a single day; no night and a night together are refused.
func TestTheHotelIsToldEachNight(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		chief, say := v.staff(access.Coordinator, access.Scope{}), words3(v.t)
		early := v.comes("early")
		if _, err := v.answers(early, with(nightKey, bothNights)); err != nil {
			v.t.Fatal(err)
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET ends_at = $2 WHERE id = $1`, v.osh.ID, storage.Micros(v.osh.Starts.AddDate(0, 0, 2).Add(8*time.Hour)))
			return err
		})
		v.osh = v.activity()
		late := v.comes("late")
		if _, err := v.answers(late, with(nightKey, noNight, nightKey, "day1")); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("no night and one as well: %v", err)
		}
		if _, err := v.answers(late, with(nightKey, "day1", nightKey, "day2", nightKey, nightAfter)); err != nil {
			v.t.Fatal(err)
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			l, err := v.m.LinesOf(ctx, tx, chief, v.osh, Hotel, say)
			if err != nil {
				return err
			}
			want := []Line{{"No", 0}, {"The night before", 1}, {"The night between days 1 and 2", 1}, {"The night between days 2 and 3", 1}, {"The night after", 2}}
			if len(l.Parts) != 1 || !slices.Equal(l.Parts[0].Lines, want) || l.Parts[0].None != 0 {
				v.t.Errorf("%+v", l.Parts)
			}
			return nil
		})
	})
}

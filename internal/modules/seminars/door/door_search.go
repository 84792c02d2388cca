package door

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Guest is what the door sees of an applicant: a name and a state.
type Guest struct {
	ID     storage.ID
	Person storage.ID
	Name   string
	State  seats.State
	Inside bool
	Turn   int // on the waiting list, 1 for the next; 0 outside it
}

const mostFound = 20

// comesToday reports whether the door may find somebody by her name: who holds
// a seat, and who may be given one there. An invitation that was declined or
// withdrawn is not the door's to know; whoever comes all the same says so
// herself and is taken in as a walk-in, which finds her application again.
func comesToday(s seats.State, places bool) bool {
	return s.HoldsSeat() || places && s.MayBecome(seats.Attended) && s != seats.Declined && s != seats.Withdrawn
}

// longestQuery bounds what is looked for, in letters; no name is longer.
const longestQuery = 100

// Searchable reports whether a query is more than a letter: the door looks for
// somebody who stands there, it does not leaf through the list. A letter is one that is
// compared with the names: a sign is none, a double letter is one, and so is one that
// stands for two of another alphabet, whichever way it is written.
func Searchable(query string) bool {
	if utf8.RuneCountInString(query) > longestQuery {
		return false
	}
	return slices.ContainsFunc(strings.Fields(query), func(word string) bool {
		typed, last := 0, ""
		for _, r := range word {
			key := i18n.FoldKey(string(r))
			if unicode.IsLetter(r) && key != "" && key != last {
				typed++
			}
			last = key
		}
		return typed >= 2 && lettersOf(i18n.FoldKey(word)) >= 2
	})
}

// lettersOf counts the letters of the longest word of a folded text.
func lettersOf(folded string) (most int) {
	for _, word := range strings.Fields(folded) {
		n := 0
		for _, r := range word {
			if unicode.IsLetter(r) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// FindGuests looks for a part of a name among those who may come in today: on
// another day, and at a door that was called off, it finds nobody. places says
// that a seat is free, or may be added. Names are sealed, so they are opened and
// compared here.
func (m *Desk) FindGuests(ctx context.Context, tx *storage.Tx, a seats.Activity, query string, places bool) ([]Guest, error) {
	if err := tx.Outside("the search at the door"); err != nil {
		return nil, err
	}
	if !Searchable(query) || !DoorOpen(a, tx.Now) {
		return nil, nil
	}
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	apps = slices.DeleteFunc(apps, func(app seats.Application) bool { return !comesToday(app.State, places) })
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(i18n.FoldKey(query))
	var out []Guest
	for _, app := range apps {
		name := names[app.Person].FullName
		folded := i18n.FoldKey(name)
		if name == "" || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, w) }) {
			continue
		}
		g := Guest{ID: app.ID, Person: names[app.Person].ID, Name: name, State: app.State}
		if inside, err := seats.InsideAt(ctx, tx, a, app.ID, tx.Now); err == nil {
			g.Inside = inside
		}
		if app.State == seats.Waitlisted {
			if g.Turn, err = seats.PositionOf(ctx, tx, app); err != nil {
				return nil, err
			}
		}
		if out = append(out, g); len(out) == mostFound {
			break
		}
	}
	return out, nil
}

// DoorOpen reports whether people are let in at this door now.
func DoorOpen(a seats.Activity, now time.Time) bool {
	return a.State == "published" && !a.Starts.IsZero() && doorWaits(a, now)
}

// OpensBefore is how long before an activity begins people may come to its door.
const OpensBefore = 2 * time.Hour

// doorWaits reports whether somebody may stand at the door: all day long on the
// day of the activity, and while it goes on.
func doorWaits(a seats.Activity, now time.Time) bool {
	at := func(t time.Time) string { return t.In(i18n.Bishkek()).Format(time.DateOnly) }
	return at(a.Starts) == at(now) || now.After(a.Starts.Add(-OpensBefore)) && now.Before(a.Ends)
}

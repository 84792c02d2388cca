package people_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
)

// many is a register with staff of Osh, three people of Osh, one of them with a role, and
// one of Talas.
type many struct {
	t       *testing.T
	store   *storage.Store
	svc     *people.Service
	clock   *storagetest.Clock
	by      access.Actor
	persons map[string]storage.ID
}

func eachMany(t *testing.T, f func(m *many)) {
	t.Helper()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		m := &many{t: t, store: store, clock: clock, svc: people.New(people.Options{Keys: peopletest.Keys(t), Store: store}), persons: map[string]storage.ID{}}
		for name, d := range map[string]people.Details{
			"staff": {FullName: "Ярова Я"}, "bek": {FullName: "Асанов Бек", City: "osh", Group: "media"}, "saikal": {FullName: "Асанова Сайкал", City: "osh"},
			"role": {FullName: "Ролева Роза", City: "osh"}, "talas": {FullName: "Таласова Т", City: "talas", Group: "media"},
		} {
			m.persons[name] = peopletest.Register(t, store, m.svc, d).ID
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			return m.svc.Grant(ctx, tx, m.persons["role"], access.Grant{Role: access.Facilitator})
		})
		m.by = staffOf(m.svc, "osh")
		m.by.Person = m.persons["staff"]
		f(m)
	})
}

func (m *many) change(by access.Actor, field profile.Name, value string, names ...string) (id storage.ID, count int, err error) {
	cmd := people.ChangeMany{Actor: by, Field: field, Value: value}
	for _, n := range names {
		cmd.Persons = append(cmd.Persons, m.persons[n])
	}
	err = peopletest.Try(m.t, m.store, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, count, err = m.svc.ChangeMany(ctx, tx, cmd)
		return err
	})
	return id, count, err
}

func (m *many) back(by access.Actor, id storage.ID) (back, left int, err error) {
	err = peopletest.Try(m.t, m.store, func(ctx context.Context, tx *storage.Tx) (err error) {
		back, left, err = m.svc.TakeBackMany(ctx, tx, by, id)
		return err
	})
	return back, left, err
}

func (m *many) group(name string) (group string) {
	m.t.Helper()
	if err := m.store.Read(m.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := m.svc.ByID(ctx, tx, m.persons[name])
		group = p.Group
		return err
	}); err != nil {
		m.t.Fatal(err)
	}
	return group
}

func (m *many) is(what string, want map[string]string) {
	m.t.Helper()
	for name, group := range want {
		if got := m.group(name); got != group {
			m.t.Errorf("%s: the group of %s is %q, want %q", what, name, got, group)
		}
	}
}

func TestAChangeOfManyTouchesWhomItMayAndIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	eachMany(t, func(m *many) {
		all := []string{"bek", "saikal", "role", "talas", "bek"}
		id, count, err := m.change(m.by, profile.Group, "deputies", all...)
		if err != nil || count != 2 {
			m.t.Fatalf("%d changed, %v", count, err)
		}
		m.is("changed", map[string]string{"bek": "deputies", "saikal": "deputies", "role": "", "talas": "media"})
		other := m.by
		other.Person = m.persons["talas"]
		if _, _, err := m.back(other, id); !fault.Is(err, fault.NotFound) {
			m.t.Errorf("somebody else takes it back: %v", err)
		}
		m.clock.Pass(people.UndoFor - time.Second)
		if back, left, err := m.back(m.by, id); err != nil || back != 2 || left != 0 {
			m.t.Errorf("%d back, %d left, %v", back, left, err)
		}
		m.is("taken back", map[string]string{"bek": "media", "saikal": "", "role": "", "talas": "media"})
		if _, _, err := m.back(m.by, id); !fault.Is(err, fault.Conflict) {
			m.t.Errorf("it is taken back twice: %v", err)
		}
	})
}

func TestAChangeOfManyIsTakenBackInTimeAndNeverOverWhatCameSince(t *testing.T) {
	t.Parallel()
	eachMany(t, func(m *many) {
		id, _, err := m.change(m.by, profile.Group, "deputies", "bek", "saikal")
		if err != nil {
			m.t.Fatal(err)
		}
		if _, _, err := m.change(m.by, profile.Group, "activists", "bek"); err != nil {
			m.t.Fatal(err)
		}
		if back, left, err := m.back(m.by, id); err != nil || back != 1 || left != 1 {
			m.t.Errorf("%d back, %d left, %v", back, left, err)
		}
		m.is("one was changed since", map[string]string{"bek": "activists", "saikal": ""})
		if id, _, err = m.change(m.by, profile.Group, "deputies", "saikal"); err != nil {
			m.t.Fatal(err)
		}
		m.clock.Pass(people.UndoFor)
		if _, _, err := m.back(m.by, id); !fault.Is(err, fault.Conflict) {
			m.t.Errorf("it is taken back too late: %v", err)
		}
		m.is("too late", map[string]string{"saikal": "deputies"})
		// Who was erased since is no more, and the rest comes back.
		if id, _, err = m.change(m.by, profile.Group, "media", "bek", "saikal"); err != nil {
			m.t.Fatal(err)
		}
		if err := m.svc.EraseForGood(m.t.Context(), m.by.Person, m.persons["bek"]); err != nil {
			m.t.Fatal(err)
		}
		if back, left, err := m.back(m.by, id); err != nil || back != 1 || left != 0 {
			m.t.Errorf("after an erasure %d back, %d left, %v", back, left, err)
		}
	})
}

func TestAChangeOfManyIsJudgedWhole(t *testing.T) {
	t.Parallel()
	eachMany(t, func(m *many) {
		for what, try := range map[string]struct {
			field profile.Name
			value string
			names []string
			code  fault.Code
		}{
			"nobody":                  {profile.Group, "media", nil, fault.Invalid},
			"a value that is none":    {profile.Group, "kings", []string{"bek"}, fault.Invalid},
			"no value":                {profile.Group, "", []string{"bek"}, fault.Invalid},
			"a field that is not one": {profile.FullName, "Я", []string{"bek"}, fault.Invalid},
			"a contact":               {profile.Email, "a@mail.kg", []string{"bek"}, fault.Invalid},
			"she has it already":      {profile.Group, "media", []string{"bek"}, fault.Conflict},
			"a city that is none":     {profile.City, "atlantis", []string{"bek"}, fault.Invalid},
			"out of reach":            {profile.Group, "deputies", []string{"talas"}, fault.Conflict},
			"into another city":       {profile.City, "talas", []string{"bek"}, fault.Conflict},
			"a role":                  {profile.Group, "deputies", []string{"role"}, fault.Conflict},
		} {
			if _, _, err := m.change(m.by, try.field, try.value, try.names...); !fault.Is(err, try.code) {
				m.t.Errorf("%s: %v, want %v", what, err, try.code)
			}
		}
		m.is("nothing came of it", map[string]string{"bek": "media", "saikal": "", "role": "", "talas": "media"})
		all := staffOf(m.svc, "")
		all.Person = m.persons["staff"]
		if _, count, err := m.change(all, profile.City, "talas", "bek"); err != nil || count != 1 {
			m.t.Errorf("who is responsible for all cities: %d, %v", count, err)
		}
	})
}

// What is closed while a page stands open is chosen by nobody any more.
func TestAChangeOfManyOffersWhatIsOpen(t *testing.T) {
	scenes(t, func(s *scene) {
		book := profile.NewBook(s.store)
		if err := book.Open(t.Context()); err != nil {
			s.t.Fatal(err)
		}
		svc := people.New(people.Options{Keys: peopletest.Keys(s.t), Store: s.store, Book: book})
		one := peopletest.Register(s.t, s.store, svc, people.Details{FullName: "Асанов Бек", City: "osh"})
		group := profile.Entry{List: profile.Group, Code: "youth", Place: 500, Names: []profile.Named{{Name: i18n.Text{Ky: "Жаштар", Ru: "Молодёжь", En: "Youth"}}}}
		city := profile.Entry{List: profile.City, Code: "kara-balta", Place: 90, Names: []profile.Named{{Name: i18n.Text{Ky: "Кара-Балта", Ru: "Кара-Балта", En: "Kara-Balta"}}}}
		set := func(write func(ctx context.Context, tx *storage.Tx, e profile.Entry) error, entries ...profile.Entry) {
			s.t.Helper()
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				if _, err := book.Change(ctx, tx); err != nil {
					return err
				}
				for _, e := range entries {
					if err := write(ctx, tx, e); err != nil {
						return err
					}
				}
				return nil
			})
		}
		staff := staffOf(svc, "")
		staff.Person = s.register(people.Details{FullName: "Ярова Я"}).ID
		change := func(field profile.Name, value string) error {
			return s.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, _, err := svc.ChangeMany(ctx, tx, people.ChangeMany{Actor: staff, Persons: []storage.ID{one.ID}, Field: field, Value: value})
				if err == nil {
					err = errUndo
				}
				return err
			})
		}
		open := func(want bool) {
			s.t.Helper()
			for field, value := range map[profile.Name]string{profile.Group: "youth", profile.City: "kara-balta"} {
				if err := change(field, value); errors.Is(err, errUndo) != want || !want && !fault.Is(err, fault.Invalid) {
					s.t.Errorf("%s %s, open %v: %v", field, value, want, err)
				}
			}
		}
		open(false) // not there yet
		set(profile.Insert, group, city)
		open(true)
		group.Closed, city.Closed, group.Version, city.Version = true, true, 1, 1
		set(func(ctx context.Context, tx *storage.Tx, e profile.Entry) error {
			_, err := profile.Update(ctx, tx, e)
			return err
		}, group, city)
		open(false)
		if err := change(profile.City, profile.Other); !errors.Is(err, errUndo) {
			s.t.Errorf("another place: %v", err)
		}
	})
}

// A name that would not be taken today keeps nobody from a change that has nothing to do with it.
func TestAChangeOfManyIsNotHeldUpByANameOfBefore(t *testing.T) {
	t.Parallel()
	eachMany(t, func(m *many) {
		const before = "Асанова Айгүл aigul@mail.kg"
		peopletest.Write(m.t, m.store, func(ctx context.Context, tx *storage.Tx) error {
			p, err := m.svc.ByID(ctx, tx, m.persons["saikal"])
			p.FullName = before
			if err == nil {
				err = m.svc.SaveAsBefore(ctx, tx, p)
			}
			return err
		})
		id, count, err := m.change(m.by, profile.Group, "deputies", "bek", "saikal")
		if err != nil || count != 2 {
			m.t.Fatalf("%d changed, %v", count, err)
		}
		m.is("changed", map[string]string{"bek": "deputies", "saikal": "deputies"})
		if back, left, err := m.back(m.by, id); err != nil || back != 2 || left != 0 {
			m.t.Errorf("%d back, %d left, %v", back, left, err)
		}
		m.is("taken back", map[string]string{"bek": "media", "saikal": ""})
		peopletest.Write(m.t, m.store, func(ctx context.Context, tx *storage.Tx) error {
			p, err := m.svc.ByID(ctx, tx, m.persons["saikal"])
			if p.FullName != before {
				m.t.Errorf("her name became %q", p.FullName)
			}
			return err
		})
	})
}

// Whoever becomes another record or none while many are changed is left out, and so is the
// one that she became: nobody ticked that.
func TestAChangeOfManyLeavesOutWhoIsMergedInTheSameMoment(t *testing.T) {
	scenes(t, func(s *scene) {
		gone := s.register(people.Details{FullName: "Асанов Бек", City: "osh"})
		stays := s.register(people.Details{FullName: "Асанов Бек", City: "osh", Group: "media"})
		other := s.register(people.Details{FullName: "Үсөнова Сайкал", City: "osh"})
		staff := staffOf(s.svc, "osh")
		staff.Person = s.register(people.Details{FullName: "Ярова Я"}).ID
		count := 0
		err := s.meanwhile(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Merge(ctx, tx, people.MergeRecords{From: gone.ID, Into: stays.ID})
		}, func(ctx context.Context, tx *storage.Tx) (err error) {
			_, count, err = s.svc.ChangeMany(ctx, tx, people.ChangeMany{Actor: staff, Persons: []storage.ID{gone.ID, other.ID}, Field: profile.Group, Value: "deputies"})
			return err
		})
		if err != nil || count != 1 {
			s.t.Errorf("%d changed, %v", count, err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			p, err := s.svc.ByID(ctx, tx, stays.ID)
			if p.Group != "media" {
				s.t.Errorf("the group of the other became %q", p.Group)
			}
			return err
		})
	})
}

package pages

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// start is when tests begin.
var start = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)

// outbox remembers what was to be sent.
type outbox struct{}

func (outbox) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
		"sent/"+n.Key, n.Kind)
	return err
}

func (outbox) Cancel(ctx context.Context, tx *storage.Tx, key string) (int, error) {
	n, err := tx.Exec(ctx, `DELETE FROM setting WHERE name = $1`, "sent/"+key)
	return int(n), err
}

func (outbox) CancelTo(context.Context, *storage.Tx, storage.ID, storage.ID, ...string) (int, error) {
	return 0, nil
}

// seminar is a module over a store with one published activity.
func fixture(t testing.TB, store *storage.Store, change func(*seats.Activity)) (*Module, seats.Activity) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	a := seats.Activity{
		ID: storage.RandomID(start), Slug: "osh", Kind: "seminar", Title: i18n.Text{Ky: "Ош", Ru: "Ош", En: "Osh"}, City: "osh",
		Opens: start.Add(-time.Hour), Deadline: start.AddDate(0, 0, 10), Starts: start.AddDate(0, 0, 20), Ends: start.AddDate(0, 0, 20).Add(8 * time.Hour),
		Capacity: 3, Group: "activists", State: "published",
	}
	if change != nil {
		change(&a)
	}
	m := New(&seats.Service{Store: store, People: people.New(people.Options{Keys: keys, Store: store}), Messages: outbox{}, Keys: keys})
	m.Calendar = diary{a}
	house := &module.House{} // of this module alone
	house.Furnish(m.Manifest())
	m.Parts = house.Event
	return m, a
}

// still is the option of a clock that stands at the start.
func still() storagetest.Option {
	return storagetest.NewClock(start).Option()
}

// at opens both engines with a clock of their own.
func at(t *testing.T, f func(t *testing.T, store *storage.Store, c *storagetest.Clock)) {
	t.Helper()
	storagetest.EachAt(t, start, f)
}

func answersOf(n int) forms.Answers {
	a := forms.Answers{}.Clone()
	a.Values["name"] = []string{fmt.Sprintf("Айгүл Асанова %d", n)}
	a.Values["email"] = []string{fmt.Sprintf("aigul%d@example.kg", n)}
	a.Values["sex"] = []string{[]string{"female", "male", "undisclosed"}[n%3]}
	a.Values["age"] = []string{"25-34"}
	a.Values["place"] = []string{"osh"}
	a.Values["processing"] = []string{"on"}
	return a
}

func apply(ctx context.Context, m *Module, a seats.Activity, n int, secret string) (h seats.Handed, err error) {
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(n), Secret: secret, Lang: i18n.Kyrgyz})
		return err
	})
	return h, err
}

func write(t testing.TB, m *Module, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := m.Store.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// setUp makes the seats with the rules of a test.
func setUp(t testing.TB, m *Module, a seats.Activity, change string) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		if err := seats.OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil || change == "" {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE seminar SET `+change+` WHERE activity_id = $1`, a.ID)
		return err
	})
}

func count(t testing.TB, m *Module, query string, args ...any) (n int) {
	t.Helper()
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// diary is a calendar with one activity.
type diary struct{ only seats.Activity }

func (d diary) BySlug(_ context.Context, _ *storage.Tx, slug string) (seats.Activity, error) {
	if slug != d.only.Slug {
		return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return d.only, nil
}

func (d diary) ByID(_ context.Context, _ *storage.Tx, id storage.ID) (seats.Activity, error) {
	if id != d.only.ID {
		return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return d.only, nil
}

func (d diary) Held(ctx context.Context, tx *storage.Tx, id storage.ID) (seats.Activity, error) {
	return d.ByID(ctx, tx, id)
}

func (d diary) List(context.Context, *storage.Tx) ([]seats.Activity, error) {
	return []seats.Activity{d.only}, nil
}

func (d diary) Bare(ctx context.Context, tx *storage.Tx) ([]seats.Activity, error) {
	return d.List(ctx, tx)
}

func (d diary) SetCapacity(context.Context, *storage.Tx, storage.ID, int) error { return nil }

func (d diary) EndApplications(context.Context, *storage.Tx, storage.ID) error { return nil }

func (d diary) Cities(context.Context, *storage.Tx) ([]string, error) {
	return []string{"bishkek", "osh", "naryn"}, nil
}

// prove proves every application, as the buttons of their letters do.
func prove(t testing.TB, m *Module) {
	t.Helper()
	var persons []storage.ID
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		persons, err = storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT DISTINCT person_id FROM application WHERE proven_at = 0`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(persons, 500) {
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			for _, id := range part {
				if err := m.Proved(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

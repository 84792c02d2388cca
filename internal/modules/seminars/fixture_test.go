package seminars

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// clock is a test's own time.
type clock struct{ micros atomic.Int64 }

var start = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)

func newClock() *clock            { c := &clock{}; c.micros.Store(start.UnixMicro()); return c }
func (c *clock) now() time.Time   { return time.UnixMicro(c.micros.Load()).UTC() }
func (c *clock) set(at time.Time) { c.micros.Store(at.UnixMicro()) }

// outbox remembers what was to be sent.
type outbox struct{}

func (outbox) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
		"sent/"+n.Key, n.Kind)
	return err
}

// seminar is a module over a store with one published activity.
func fixture(t testing.TB, store *storage.Store, change func(*Activity)) (*Module, Activity) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	a := Activity{
		ID: storage.RandomID(start), Slug: "osh", Kind: "seminar", Title: i18n.Text{Ky: "Ош", Ru: "Ош", En: "Osh"}, City: "osh",
		Opens: start.Add(-time.Hour), Deadline: start.AddDate(0, 0, 10), Starts: start.AddDate(0, 0, 20), Ends: start.AddDate(0, 0, 20).Add(8 * time.Hour),
		Capacity: 3, Group: "activists", State: "published",
	}
	if change != nil {
		change(&a)
	}
	m := &Module{Store: store, People: people.New(people.Options{Keys: keys, Store: store}), Messages: outbox{}, Keys: keys}
	m.Calendar = diary{a}
	return m, a
}

// still is the option of a clock that stands at the start.
func still() storagetest.Option {
	return storagetest.With(func(o *storage.Options) { o.Clock = newClock().now })
}

// at opens both engines with a clock of their own.
func at(t *testing.T, f func(t *testing.T, store *storage.Store, c *clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		c := newClock()
		f(t, storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = c.now })), c)
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		c := newClock()
		f(t, storagetest.OpenPostgreSQL(t, storagetest.With(func(o *storage.Options) { o.Clock = c.now })), c)
	})
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

func apply(ctx context.Context, m *Module, a Activity, n int, secret string) (h Handed, err error) {
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = m.Apply(ctx, tx, Apply{Activity: a.ID, Answers: answersOf(n), Secret: secret, Lang: i18n.Kyrgyz})
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
func setUp(t testing.TB, m *Module, a Activity, change string) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		if err := openSeminar(ctx, tx, a.ID, a.Capacity); err != nil || change == "" {
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
type diary struct{ only Activity }

func (d diary) BySlug(_ context.Context, _ *storage.Tx, slug string) (Activity, error) {
	if slug != d.only.Slug {
		return Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return d.only, nil
}

func (d diary) ByID(_ context.Context, _ *storage.Tx, id storage.ID) (Activity, error) {
	if id != d.only.ID {
		return Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return d.only, nil
}

func (d diary) Held(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return d.ByID(ctx, tx, id)
}

func (d diary) List(context.Context, *storage.Tx) ([]Activity, error) { return []Activity{d.only}, nil }

func (d diary) SetCapacity(context.Context, *storage.Tx, storage.ID, int) error { return nil }

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

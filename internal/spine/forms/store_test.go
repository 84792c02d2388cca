package forms

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// shelf stands on the tables of applications; it asks nobody who she is.
var shelf = Shelf{
	Table: "application_form", Owner: "activity_id", Shared: "template_id",
	Answered: `SELECT form_version_id FROM application WHERE form_version_id IS NOT NULL`, Kept: 14 * 24 * time.Hour,
}

func owner(n byte) Owner {
	return Owner{ID: storage.ID{n}, Shared: storage.ID{200}, Usual: Form{Questions: []Question{{Key: "why", Kind: AskLong}}}}
}

// at runs f on both engines with a clock that pass moves on.
func at(t *testing.T, f func(t *testing.T, s *storage.Store, pass func(time.Duration))) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Int64
			now.Store(time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC).UnixMicro())
			s := open(t, storagetest.With(func(o *storage.Options) {
				o.Clock = func() time.Time { return time.UnixMicro(now.Load()).UTC() }
			}))
			f(t, s, func(d time.Duration) { now.Add(d.Microseconds()) })
		})
	}
}

func now(t *testing.T, s *storage.Store, of Owner) (f Form) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		f, err = shelf.Now(ctx, tx, of)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

func change(t *testing.T, s *storage.Store, of Owner, shared bool, c Change) error {
	t.Helper()
	return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if c.Version < 0 {
			f, err := shelf.ToChange(ctx, tx, of, shared)
			if err != nil {
				return err
			}
			c.Version = f.Version
		}
		return shelf.Change(ctx, tx, of, shared, c, Sources{})
	})
}

func adds(words string) Change {
	return Change{Version: -1, Do: PutQuestion, Question: Written{Kind: AskText, Label: inThree(words)}}
}

func titles(f Form) (out []string) {
	for _, q := range f.Questions {
		out = append(out, q.Label.En)
	}
	return out
}

func TestAFormIsTheOwnersElseTheSharedElseTheUsual(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, s *storage.Store, _ func(time.Duration)) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		if f := now(t, s, owner(1)); f.Ref() != "usual" || f.Own || !slices.Equal(titles(f), []string{""}) {
			t.Errorf("before: %+v", f)
		}
		must(change(t, s, owner(1), true, adds("shared")))
		for n := range byte(2) {
			if f := now(t, s, owner(1+n)); f.Own || f.Version != 1 || !slices.Equal(titles(f), []string{"", "shared"}) {
				t.Errorf("who shares it: %+v", f)
			}
		}
		must(change(t, s, owner(1), false, adds("her own"))) // it is copied now
		must(change(t, s, owner(2), true, adds("shared later")))
		if f := now(t, s, owner(1)); !f.Own || !slices.Equal(titles(f), []string{"", "shared", "her own"}) {
			t.Errorf("who has her own: %+v", f)
		}
		if f := now(t, s, owner(2)); f.Own || f.Version != 2 || !slices.Equal(titles(f), []string{"", "shared", "shared later"}) {
			t.Errorf("who shares it still: %+v", f)
		}
		if f := now(t, s, Owner{ID: storage.ID{3}, Usual: owner(3).Usual}); f.Ref() != "usual" {
			t.Errorf("who shares nothing: %+v", f)
		}
		if err := change(t, s, Owner{ID: storage.ID{3}}, true, adds("nobody's")); !fault.Is(err, fault.NotFound) {
			t.Errorf("a shared form of nobody: %v", err)
		}
	})
}

func TestNobodyWritesOverTheChangeOfAnother(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, s *storage.Store, _ func(time.Duration)) {
		first, second := adds("first"), adds("second")
		first.Version, second.Version = 0, 0
		if err := change(t, s, owner(1), false, first); err != nil {
			t.Fatal(err)
		}
		if err := change(t, s, owner(1), false, second); !fault.Is(err, fault.Conflict) {
			t.Errorf("a change of what was changed: %v", err)
		}
		stale := now(t, s, owner(1))
		stale.Version = 0
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return shelf.Save(ctx, tx, owner(1), false, stale)
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a form that was read before: %v", err)
		}
		if f := now(t, s, owner(1)); !slices.Equal(titles(f), []string{"", "first"}) {
			t.Errorf("%v", titles(f))
		}
	})
}

func TestWhatWasAnsweredIsKeptForEverAndWhatNobodySawIsNot(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, s *storage.Store, pass func(time.Duration)) {
		if err := change(t, s, owner(1), false, adds("answered")); err != nil {
			t.Fatal(err)
		}
		answered := now(t, s, owner(1))
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO person (id, data_key, sealed, subject_index, name_index, demo, made_at, changed_at)
				VALUES ($1, $1, $1, $1, $1, FALSE, 1, 1)`, storage.ID{9}); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, form_version_id, made_at, changed_at)
				VALUES ($1, $2, $3, 'applied', $4, 0, 0)`, storage.ID{7}, storage.ID{1}, storage.ID{9}, answered.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		move := Change{Version: -1, Do: MoveDown, Key: "why"}
		for range mostVersions + 5 {
			if err := change(t, s, owner(1), false, move); err != nil {
				t.Fatal(err)
			}
			move.Do = map[Step]Step{MoveDown: MoveUp, MoveUp: MoveDown}[move.Do]
			pass(time.Second)
		}
		versions := func() (n int) {
			if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT COUNT(*) FROM application_form_version`).Scan(&n)
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := versions(); n != mostVersions+6 {
			t.Errorf("a page may still hold one of %d versions, %d are there", mostVersions+6, n)
		}
		pass(shelf.Kept + time.Hour)
		drawn := now(t, s, owner(1)) // by a page, the moment before it is changed
		if err := change(t, s, owner(1), false, move); err != nil {
			t.Fatal(err)
		}
		if n := versions(); n != 3 {
			t.Errorf("%d versions are left: the answered, the latest and the one before are three", n)
		}
		remembered.mu.Lock()
		delete(remembered.versions, versionOf{shelf.Table, drawn.ID})
		remembered.mu.Unlock()
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := shelf.ByRef(ctx, tx, owner(1), drawn.Ref())
			return err
		}); err != nil {
			t.Errorf("what a page was drawn of a moment ago: %v", err)
		}
		remembered.mu.Lock()
		delete(remembered.versions, versionOf{shelf.Table, answered.ID})
		remembered.mu.Unlock()
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			f, err := shelf.AnsweredForm(ctx, tx, owner(1), answered.ID)
			if err == nil && !slices.Equal(titles(f), []string{"", "answered"}) {
				t.Errorf("answered was %v", titles(f))
			}
			if _, gone := shelf.ByRef(ctx, tx, owner(1), storage.ID{8}.String()); !fault.Is(gone, fault.NotFound) {
				t.Errorf("a version that never was: %v", gone)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

func TestAQuestionThatWasWordedOtherwiseIsAskedAgain(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, s *storage.Store, _ func(time.Duration)) {
		if err := change(t, s, owner(1), false, adds("Which day?")); err != nil {
			t.Fatal(err)
		}
		drawn := now(t, s, owner(1))
		key := drawn.Questions[1].Key
		given := Answers{Values: map[string][]string{key: {"Monday"}}, Asked: map[string]string{key: drawn.Ref()}}
		judge := func() (err error) {
			_ = s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				form, wrong := shelf.Now(ctx, tx, owner(1))
				judged, found := form.Validate(given, Sources{})
				err = shelf.SameWords(ctx, tx, owner(1), form, given, judged, found)
				return wrong
			})
			return err
		}
		if err := change(t, s, owner(1), false, adds("Another")); err != nil {
			t.Fatal(err)
		}
		if err := judge(); err != nil {
			t.Errorf("another question came: %v", err)
		}
		reworded := drawn.Questions[1].Written()
		reworded.Label = inThree("Which night?")
		if err := change(t, s, owner(1), false, Change{Version: -1, Do: PutQuestion, Key: key, Question: reworded}); err != nil {
			t.Fatal(err)
		}
		if err := judge(); fault.Of(err) == nil || !slices.Equal(fault.Of(err).FieldNames(), []string{"q_" + key}) {
			t.Errorf("reworded: %v", err)
		}
		given.Asked[key] = now(t, s, owner(1)).Ref()
		if err := judge(); err != nil {
			t.Errorf("read again: %v", err)
		}
	})
}

package newsroom

import (
	"context"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// editor may write and publish everything; author may write alone.
var (
	table  = access.Table{MayWrite: {access.Coordinator, access.Moderator}, MayPublish: {access.Coordinator}}
	chief  = access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}}, Table: table}
	author = access.Actor{Person: storage.ID{2}, Grants: []access.Grant{{Role: access.Moderator}}, Table: table}
	nobody = access.Actor{Table: table}
)

// room is a newsroom on one engine.
type room struct {
	t *testing.T
	s *storage.Store
	m *Module
}

func rooms(t *testing.T, f func(v room)) {
	t.Helper()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, _ *programme.Service, _ *[]string) {
		f(room{t, s, &Module{Store: s}})
	})
}

func (v room) write(cmd WriteRelease) (r Release, err error) {
	v.t.Helper()
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = v.m.WriteRelease(ctx, tx, cmd)
		return err
	})
	return r, err
}

func (v room) move(r Release, actor access.Actor, to State, words string, reason i18n.Text) (Release, error) {
	v.t.Helper()
	var out Release
	err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.MoveRelease(ctx, tx, MoveRelease{Actor: actor, Release: r.ID, Version: r.Version, To: to, Words: words, Reason: reason})
		return err
	})
	return out, err
}

func all3(s string) i18n.Text { return i18n.Text{Ky: s + " ky", Ru: s + " ru", En: s + " en"} }

// new is a release with all texts.
func (v room) new(actor access.Actor, embargo time.Time) Release {
	v.t.Helper()
	r, err := v.write(WriteRelease{Actor: actor, Write: func(r Release) (Release, error) {
		r.Texts.Title, r.Texts.Lead, r.Texts.Body, r.Embargo = all3("Title"), all3("Lead"), all3("Body"), embargo
		return r, nil
	}})
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

// open reports whether strangers find the release, and how often it is in the list.
func (v room) open(r Release) (found bool, listed int) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := OpenBySlug(ctx, tx, r.Slug)
		if found = err == nil; err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		list, err := listOpen(ctx, tx, 100, 0)
		for _, one := range list {
			if one.ID == r.ID {
				listed++
			}
		}
		return err
	}); err != nil {
		v.t.Fatal(err)
	}
	return found, listed
}

func (v room) must(r Release, err error) Release {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

// facts sums what was counted of a release.
func (v room) facts(r Release) (n int) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = $1 AND subject = $2`, string(PublishedFact), r.ID).Scan(&n)
	}); err != nil {
		v.t.Fatal(err)
	}
	return n
}

// meanwhile writes the second while the first has written and is not through: on PostgreSQL
// until the second waits for it, on SQLite one writes after the other.
func (v room) meanwhile(first, second func(ctx context.Context, tx *storage.Tx) error) (one, other error) {
	v.t.Helper()
	through := make(chan error, 1)
	begun := false
	one = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := first(ctx, tx); err != nil {
			return err
		}
		if !begun {
			begun = true
			go func() { through <- v.s.Write(v.t.Context(), second) }()
		}
		for waits := false; tx.Dialect() == storage.PostgreSQL && len(through) == 0 && !waits; {
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
					AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits)
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if !begun {
		return one, nil
	}
	return one, <-through
}

func TestAReleaseIsSeenByNobodyUntilItIsPublished(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.new(author, time.Time{})
		closed := func(when string) {
			v.t.Helper()
			if found, listed := v.open(r); found || listed > 0 || v.facts(r) != 0 {
				v.t.Errorf("%s: found %v, listed %d, counted %d", when, found, listed, v.facts(r))
			}
		}
		closed("a draft")
		r = v.must(v.move(r, author, Review, "", i18n.Text{}))
		closed("in review")
		if _, err := v.move(r, author, Published, "", i18n.Text{}); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes publishes: %v", err)
		}
		if _, err := v.move(r, author, Draft, " ", i18n.Text{}); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("sent back without a word: %v", err)
		}
		r = v.must(v.move(r, chief, Draft, "The number of cities is wrong", i18n.Text{}))
		closed("sent back")
		if _, err := v.move(r, chief, Published, "", i18n.Text{}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("published out of a draft: %v", err)
		}
		r = v.must(v.move(r, author, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		if found, listed := v.open(r); !found || listed != 1 || v.facts(r) != 1 || r.Public.IsZero() {
			v.t.Errorf("published: found %v, listed %d, counted %d", found, listed, v.facts(r))
		}
		if _, err := v.move(r, chief, Withdrawn, "", i18n.Text{Ky: "Себеп"}); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("withdrawn with a reason that not every reader can read: %v", err)
		}
		r = v.must(v.move(r, chief, Withdrawn, "", all3("A reason")))
		if found, listed := v.open(r); !found || listed != 0 || v.facts(r) != 0 {
			v.t.Errorf("withdrawn: found %v, listed %d, counted %d", found, listed, v.facts(r))
		}
		if _, err := v.write(WriteRelease{Actor: chief, Release: r.ID, Version: r.Version, Write: func(r Release) (Release, error) { return r, nil }}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("written after it was withdrawn: %v", err)
		}
		for to := range ways {
			if _, err := v.move(r, chief, to, "x", all3("x")); !fault.Is(err, fault.Conflict) {
				v.t.Errorf("from withdrawn to %s: %v", to, err)
			}
		}
	})
}

func TestAnEmbargoHoldsUntilItsMoment(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		end := v.s.Now().Add(3 * time.Hour)
		r := v.must(v.move(v.new(author, end), author, Review, "", i18n.Text{}))
		if _, err := v.move(r, chief, Published, "", i18n.Text{}); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("published before its embargo ends: %v", err)
		}
		r = v.must(v.move(r, chief, Scheduled, "", i18n.Text{}))
		run := func() {
			v.t.Helper()
			if err := v.m.publishDue(v.t.Context(), v.s, nil); err != nil {
				v.t.Fatal(err)
			}
		}
		run()
		if found, _ := v.open(r); found {
			v.t.Error("public before its moment")
		}
		if _, err := v.write(WriteRelease{Actor: author, Release: r.ID, Version: r.Version, Write: func(r Release) (Release, error) { return r, nil }}); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes changes what becomes public by itself: %v", err)
		}
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { // its moment has come
			_, err := tx.Exec(ctx, `UPDATE news_release SET embargo_until = $1 WHERE id = $2`, storage.Micros(tx.Now.Add(-time.Second)), r.ID)
			return err
		})
		run()
		run() // a job may run twice
		if found, listed := v.open(r); !found || listed != 1 || v.facts(r) != 1 {
			v.t.Errorf("after its moment: found %v, listed %d, counted %d", found, listed, v.facts(r))
		}
		// One that was held back stays closed, though its job runs.
		held := v.must(v.move(v.new(chief, end), chief, Review, "", i18n.Text{}))
		held = v.must(v.move(held, chief, Scheduled, "", i18n.Text{}))
		held = v.must(v.move(held, chief, Draft, "", i18n.Text{}))
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE news_release SET embargo_until = $1 WHERE id = $2`, storage.Micros(tx.Now.Add(-time.Second)), held.ID)
			return err
		})
		run()
		if found, _ := v.open(held); found {
			v.t.Error("what was held back became public")
		}
		var waiting int
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE kind = $1`, PublishJob).Scan(&waiting)
		})
		if waiting != 2 {
			v.t.Errorf("%d looks were asked for", waiting)
		}
		if _, err := v.write(WriteRelease{Actor: chief, Write: func(r Release) (Release, error) {
			r.Texts.Title, r.Embargo = all3("Far"), v.s.Now().Add(farthest+time.Hour)
			return r, nil
		}}); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("an embargo of more than a year: %v", err)
		}
	})
}

func TestWhatPeopleHaveReadChangesOnlyWithACorrection(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.must(v.move(v.new(chief, time.Time{}), chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		eight := func(correction i18n.Text) (Release, error) {
			return v.write(WriteRelease{Actor: chief, Release: r.ID, Version: r.Version, Correction: correction, Write: func(r Release) (Release, error) {
				r.Texts.Body.En, r.Slug, r.Kind = "Eight cities", "another", News
				return r, nil
			}})
		}
		for name, words := range map[string]i18n.Text{"no word": {}, "a word that not every reader can read": {En: "Eight, not seven"}} {
			if _, err := eight(words); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("changed with %s: %v", name, err)
			}
		}
		now := v.must(eight(all3("Eight, not seven")))
		if now.Slug != r.Slug || now.Kind != r.Kind || now.Texts.Body.En != "Eight cities" || !now.Public.Equal(r.Public) {
			v.t.Errorf("it became %+v", now)
		}
		if since := now.lags(i18n.Russian); since.IsZero() {
			v.t.Error("the translations do not lag behind")
		}
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := corrections(ctx, tx, r.ID)
			if len(list) != 1 || list[0].Words != all3("Eight, not seven") {
				v.t.Errorf("corrections %+v", list)
			}
			return err
		}); err != nil {
			v.t.Fatal(err)
		}
		// Nothing that people read is changed: nothing is corrected.
		r = now
		v.must(v.write(WriteRelease{Actor: chief, Release: r.ID, Version: r.Version, Write: func(r Release) (Release, error) { return r, nil }}))
	})
}

func TestTwoAtOnceAndForeignersChangeNothing(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.new(author, time.Time{})
		touch := func(actor access.Actor, version int64) error {
			_, err := v.write(WriteRelease{Actor: actor, Release: r.ID, Version: version, Write: func(r Release) (Release, error) {
				r.Texts.Lead.En += "!"
				return r, nil
			}})
			return err
		}
		if err := touch(author, r.Version); err != nil {
			v.t.Fatal(err)
		}
		if err := touch(author, r.Version); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("the slower of two: %v", err)
		}
		if _, err := v.move(r, chief, Review, "", i18n.Text{}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("moved by who saw another version: %v", err)
		}
		osh := author
		osh.Grants = []access.Grant{{Role: access.Moderator, Scope: access.Scope{City: "osh"}}}
		for name, actor := range map[string]access.Actor{"nobody": nobody, "who works in one city": osh} {
			if err := touch(actor, r.Version+1); !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("%s writes: %v", name, err)
			}
			if _, err := v.move(r, actor, Review, "", i18n.Text{}); !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("%s moves: %v", name, err)
			}
		}
	})
}

func TestAnAddressIsMadeOfTheTitleAndIsNeverTwice(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		made := func(title i18n.Text, slug string) (Release, error) {
			return v.write(WriteRelease{Actor: chief, Write: func(r Release) (Release, error) {
				r.Texts.Title, r.Slug = title, slug
				return r, nil
			}})
		}
		seen := map[string]bool{}
		for _, title := range []i18n.Text{{En: "A seminar in Osh!"}, {En: "A seminar in Osh"}, {En: "a seminar, in OSH"}, {Ky: "Жаңы китеп"}, {Ru: "«…»"}, {Ru: "«…»"}, {En: strings.Repeat("very long ", 19)}} {
			r, err := made(title, "")
			if err != nil || seen[r.Slug] || !address.MatchString(r.Slug) || len(r.Slug) > mostSlug {
				v.t.Errorf("%q has the address %q, %v", title, r.Slug, err)
			}
			seen[r.Slug] = true
		}
		if !seen["a-seminar-in-osh"] {
			v.t.Errorf("addresses %v", seen)
		}
		if _, err := made(i18n.Text{En: "x"}, "a-seminar-in-osh"); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("an address that another has: %v", err)
		}
		for _, bad := range []string{"A", "a b", "../x", "a--b", "-a", "ө", strings.Repeat("a", mostSlug+1)} {
			if _, err := made(i18n.Text{En: "x"}, bad); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("the address %q: %v", bad, err)
			}
		}
	})
}

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
)

// rewrite changes a release as the page does.
func (v room) rewrite(actor access.Actor, r Release, correction i18n.Text, change func(*Release)) (Release, error) {
	v.t.Helper()
	return v.write(WriteRelease{Actor: actor, Release: r.ID, Version: r.Version, Correction: correction, Write: func(now Release) (Release, error) {
		change(&now)
		return now, nil
	}})
}

func TestWhatPeopleReadIsNeitherEmptiedNorTakenAwayWithoutAWord(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.published()
		if _, err := v.rewrite(chief, r, all3("Gone"), func(r *Release) { r.Texts.Body = i18n.Text{} }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("a public text is emptied: %v", err)
		}
		if _, err := v.rewrite(chief, r, i18n.Text{Ky: "Себеп", Ru: "Причина"}, func(r *Release) { r.Texts.Title.En, r.Texts.Body.En = "", "" }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("who read in English learns nothing: %v", err)
		}
		r = v.must(v.rewrite(chief, r, all3("No English any more"), func(r *Release) { r.Texts.Title.En, r.Texts.Body.En = "", "" }))
		if got := r.Languages(); len(got) != 2 {
			v.t.Errorf("it is read in %v", got)
		}

		waits := v.must(v.move(v.new(chief, v.now().Add(time.Hour)), chief, Review, "", i18n.Text{}))
		waits = v.must(v.move(waits, chief, Scheduled, "", i18n.Text{}))
		if _, err := v.rewrite(chief, waits, i18n.Text{}, func(r *Release) { r.Texts.Body = i18n.Text{} }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("what becomes public by itself is emptied: %v", err)
		}
	})
}

func TestAReleaseIsCountedWithTheActivityOfWhichItTells(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		var list []programme.Activity
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = programme.All(ctx, tx, programme.Filter{})
			return err
		}); err != nil || len(list) < 2 {
			v.t.Fatalf("%d activities, %v", len(list), err)
		}
		counted := func(r Release, a programme.Activity) (n int) {
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = $1 AND subject = $2 AND activity_id = $3`, string(PublishedFact), r.ID, a.ID).Scan(&n)
			}); err != nil {
				v.t.Fatal(err)
			}
			return n
		}
		r := v.published()
		for _, a := range list[:2] {
			r = v.must(v.rewrite(chief, r, i18n.Text{}, func(r *Release) { r.Activity = a.ID }))
		}
		if a, b := counted(r, list[0]), counted(r, list[1]); a != 0 || b != 1 || v.facts(r) != 1 {
			v.t.Errorf("counted %d with the first activity, %d with the second, %d in all", a, b, v.facts(r))
		}
		r = v.must(v.move(r, chief, Withdrawn, "", all3("A reason")))
		if n := v.facts(r); n != 0 {
			v.t.Errorf("%d are counted of what was withdrawn", n)
		}
	})
}

func TestTheAddressOfADraftIsChangedAndNeverTakenTwice(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		one, two := v.new(chief, time.Time{}), v.new(chief, time.Time{})
		one = v.must(v.rewrite(chief, one, i18n.Text{}, func(r *Release) { r.Slug = "zebra" }))
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			one, err = ByID(ctx, tx, one.ID)
			return err
		}); err != nil || one.Slug != "zebra" {
			v.t.Errorf("the address is %q, %v", one.Slug, err)
		}
		if _, err := v.rewrite(chief, two, i18n.Text{}, func(r *Release) { r.Slug = "zebra" }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("two have one address: %v", err)
		}
		if got := v.must(v.rewrite(chief, two, i18n.Text{}, func(r *Release) { r.Slug = "" })); got.Slug != two.Slug {
			v.t.Errorf("without an address it becomes %q", got.Slug)
		}
	})
}

func TestATextThatCostsTooMuchIsNotKept(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.new(chief, time.Time{})
		for _, heavy := range []string{strings.Repeat("*a_", 13_333), strings.Repeat(">", 39_000), strings.Repeat("[", 30_000)} {
			if _, err := v.rewrite(chief, r, i18n.Text{}, func(r *Release) { r.Texts.Body.Ru = heavy }); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("%q… is kept: %v", heavy[:6], err)
			}
		}
	})
}

// local may write and publish what is of Osh.
var local = access.Actor{Person: storage.ID{3}, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}, Table: table}

// inOsh is an activity there.
func (v room) inOsh() (osh programme.Activity) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{})
		for _, a := range list {
			if a.City == "osh" {
				osh = a
			}
		}
		return err
	}); err != nil || osh.ID.IsZero() {
		v.t.Fatalf("no activity in Osh: %v", err)
	}
	return osh
}

func TestWhoWorksInOneCityReachesNeitherThePressListNorTheChannels(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		osh := v.inOsh()
		r, err := v.write(WriteRelease{Actor: local, Write: func(r Release) (Release, error) {
			r.Activity, r.Posted = osh.ID, true
			r.Texts.Title, r.Texts.Body = all3("Osh"), all3("Body")
			return r, nil
		}})
		r = v.must(v.move(v.must(r, err), local, Review, "", i18n.Text{}))
		if r.Posted {
			v.t.Error("it goes into the channels of the programme")
		}
		err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := v.m.MoveRelease(ctx, tx, MoveRelease{Actor: local, Release: r.ID, Version: r.Version, To: Published, Mail: MailNow})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("she writes to the whole press list: %v", err)
		}
		v.must(v.move(r, local, Published, "", i18n.Text{}))
	})
}

// Whoever is not asked whether a release goes to the press list chooses nothing for those who are.
func TestWhoWorksInOneCityUndoesNoChoiceOfThePressList(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		osh := v.inOsh()
		state := func(r Release) (out MailingState) {
			v.t.Helper()
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				mailing, err := mailingOf(ctx, tx, r.ID)
				out = mailing.State
				return err
			}); err != nil {
				v.t.Fatal(err)
			}
			return out
		}
		scheduled := func() (r Release) {
			v.t.Helper()
			r = v.must(v.rewrite(chief, v.new(chief, v.now().Add(time.Hour)), i18n.Text{}, func(r *Release) { r.Activity = osh.ID }))
			r = v.must(v.move(r, chief, Review, "", i18n.Text{}))
			if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = v.m.MoveRelease(ctx, tx, MoveRelease{Actor: chief, Release: r.ID, Version: r.Version, To: Scheduled, Mail: MailLater})
				return err
			}); err != nil || state(r) != MailingTicked {
				v.t.Fatalf("%v, %q", err, state(r))
			}
			return r
		}
		early := v.must(v.move(scheduled(), local, Published, "", i18n.Text{}))
		if got := state(early); got != MailingWaiting {
			v.t.Errorf("published early by who works in Osh: to the list %q", got)
		}
		back := v.must(v.move(scheduled(), local, Draft, "", i18n.Text{}))
		if got := state(back); got != "" {
			v.t.Errorf("a draft goes to the list: %q", got)
		}
	})
}

func TestWhatStandsBesideALinkIsWhatTheReaderMayRead(t *testing.T) {
	t.Parallel()
	r := Release{State: Published, Texts: Texts{Title: i18n.Text{En: "T"}, Body: i18n.Text{En: "B"}, Lead: i18n.Text{Ru: "Не готово"}}}
	if got := (releasePage{Release: r, Read: r.In(i18n.Russian)}).description(); got != "" {
		t.Errorf("a lead of another language: %q", got)
	}
	r.Texts.Lead.En = "Lead"
	if got := (releasePage{Release: r, Read: i18n.English}).description(); got != "Lead" {
		t.Errorf("the lead: %q", got)
	}
	r.State = Withdrawn
	if got := (releasePage{Release: r, Read: i18n.English}).description(); got != "" {
		t.Errorf("of what was withdrawn: %q", got)
	}
}

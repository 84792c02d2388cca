package lists_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// said are the faults at the fields at which somebody says what she means.
func said(err error) (out []string) {
	f := fault.Of(err)
	for _, e := range append(f.At(lists.TypoField), f.At(lists.EarlierField)...) {
		out = append(out, strings.TrimPrefix(e.Key, "programme.lists.fault."))
	}
	return out
}

func (r room) log() (out []string) {
	r.t.Helper()
	if err := r.store.Read(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Actor: r.actor.Person})
		out = nil
		for _, e := range list {
			if e.Action == "programme.audit.list_name" {
				out = append(out, e.Detail)
			}
		}
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
	return out
}

// rename gives an entry with a text of one of its names written otherwise.
func rename(e profile.Entry, name int, ru string) profile.Entry {
	e.Names = slices.Clone(e.Names)
	e.Names[name].Name.Ru = ru
	return e
}

// An earlier name stands in the last row of the form, where it is added.
func TestWhatIsWrongWithANameIsSaidInTheRowInWhichItWasWritten(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		e := r.entry(profile.City, "jalal-abad") // until September 2025; now it is Manas
		of := func(city string) profile.Named {
			n := r.entry(profile.City, city).Names[0]
			n.From = "1990-01-01"
			return n
		}
		added := e
		added.Names = append(slices.Clone(e.Names), of("osh"))
		err := r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: added, Earlier: true})
		if got := wrong(err); !slices.Contains(got, "name_2_ru") || slices.Contains(got, "name_1_ru") {
			r.t.Errorf("a name that is taken, in the third row: %q", got)
		}
		added.Names[2] = profile.Named{From: "1990-01-01", Name: i18n.Text{Ky: "Ханабад", Ru: "Ханабад", En: "Khanabad"}, In: i18n.Text{Ky: "Ханабадда", Ru: "в Ханабаде", En: "in Khanabad"}}
		added.Names[1].Name.Ru = "Ленинабад"
		err = r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: added, Typo: true, Earlier: false})
		if got := wrong(err); !slices.Contains(got, "name_1_ru") || slices.Contains(got, "name_2_ru") {
			r.t.Errorf("a name that was another, in the second row: %q", got)
		}
		added.Names[1] = e.Names[1]
		if err := r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: added, Earlier: true}); err != nil {
			r.t.Fatal(err)
		}
		if now := r.entry(profile.City, "jalal-abad"); len(now.Names) != 3 || now.Names[1].Name.En != "Khanabad" {
			r.t.Errorf("kept in the order of %+v", now.Names)
		}
	})
}

func TestAFormerNameIsOnlyCorrectedAsATypingErrorWhichIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		e := r.entry(profile.City, "jalal-abad") // until September 2025; now it is Manas
		change := func(e profile.Entry, typo, earlier bool) error {
			return r.changeSaying(lists.ChangeEntry{Version: r.entry(profile.City, "jalal-abad").Version, Entry: e, Typo: typo, Earlier: earlier})
		}
		if err := change(rename(e, 0, "Джалалабад"), false, false); !slices.Contains(said(err), "former") {
			r.t.Errorf("a former name was written otherwise without a word: %v", err)
		}
		if err := change(rename(e, 0, "Джалалабад"), false, true); !slices.Contains(said(err), "former") {
			r.t.Errorf("a former name was another: %v", err)
		}
		if err := change(rename(e, 0, "Ленинабад"), true, true); !slices.Contains(wrong(err), "name_0_ru") {
			r.t.Errorf("another name passes for a typing error: %v", err)
		}
		if len(r.log()) != 0 || len(r.entry(profile.City, "jalal-abad").Corrected) != 0 {
			r.t.Error("what was refused is noted")
		}
		if err := change(rename(e, 0, "Джалалабад"), true, false); err != nil {
			r.t.Fatal(err)
		}
		now := r.entry(profile.City, "jalal-abad")
		if got := now.Corrected; len(got) != 1 || got[0] != (profile.Correction{Day: "2026-11-22", Lang: i18n.Russian, Was: "Джалал-Абад", Is: "Джалалабад", Typo: true}) {
			r.t.Errorf("kept is %+v", got)
		}
		if got := r.log(); len(got) != 1 || got[0] != "city jalal-abad: Джалал-Абад → Джалалабад" {
			r.t.Errorf("the log says %q", got)
		}
		// What is not changed needs no word, and nobody writes corrections of her own.
		forged := now
		forged.Words, forged.Corrected = []string{"Жалалабат"}, nil
		if err := change(forged, false, false); err != nil {
			r.t.Errorf("another spelling: %v", err)
		}
		if got := r.entry(profile.City, "jalal-abad").Corrected; len(got) != 1 {
			r.t.Errorf("kept is %+v", got)
		}
	})
}

func TestTheNameOfNowIsNotChangedForPastEventsUnsaid(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		change := func(ru string, typo, earlier bool) error {
			e := r.entry(profile.City, "naryn")
			return r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: rename(e, 0, ru), Typo: typo, Earlier: earlier})
		}
		if err := change("Нарин", false, false); !slices.Contains(said(err), "now_or_before") {
			r.t.Errorf("unsaid: %v", err)
		}
		if err := change("Ала-Тоо", true, false); !slices.Contains(wrong(err), "name_0_ru") {
			r.t.Errorf("another name passes for a typing error: %v", err)
		}
		if err := change("Нарин", true, false); err != nil {
			r.t.Error(err)
		}
		if err := change("Ала-Тоо", false, true); err != nil {
			r.t.Error(err)
		}
		var kinds []bool
		for _, c := range r.entry(profile.City, "naryn").Corrected {
			kinds = append(kinds, c.Typo)
		}
		if !slices.Equal(kinds, []bool{true, false}) || len(r.log()) != 2 {
			r.t.Errorf("kept are %v, logged %q", kinds, r.log())
		}
	})
}

func TestANewNameDoesNotBeginBeforeTodayUnsaid(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		from := func(day string, earlier bool) error {
			e := r.entry(profile.City, "naryn")
			e.Names = append(slices.Clone(e.Names), profile.Named{From: day, Name: text("Ала-Тоо", "Ала-Тоо", "Ala-Too"), In: text("Ала-Тоодо", "в Ала-Тоо", "in Ala-Too")})
			return r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: e, Earlier: earlier})
		}
		if err := from("2026-11-21", false); !slices.Contains(said(err), "earlier") {
			r.t.Errorf("from yesterday, unsaid: %v", err)
		}
		if err := from("2026-11-22", false); err != nil {
			r.t.Errorf("from today: %v", err)
		}
		if err := from("2026-11-01", true); err != nil {
			r.t.Errorf("from three weeks ago, said: %v", err)
		}
		if err := from("2027-01-01", false); err != nil {
			r.t.Errorf("to come: %v", err)
		}
		// Nothing that is over is called by a name of today or to come: it may change.
		e := r.entry(profile.City, "naryn")
		e = rename(rename(e, 2, "Песчаный"), 3, "Озёрный")
		if err := r.changeSaying(lists.ChangeEntry{Version: e.Version, Entry: e}); err != nil {
			r.t.Errorf("names of today and to come: %v", err)
		}
		if got := r.entry(profile.City, "naryn").Corrected; len(got) != 0 {
			r.t.Errorf("kept is %+v", got)
		}
	})
}

package pages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// consentsOf gives the newest answers of a person by purpose.
func (s stage) consentsOf(person storage.ID) (all map[string]people.Consent) {
	s.t.Helper()
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = s.m.People.Consents(ctx, tx, person)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestAConsentHasOneNameWhereverItIsAskedAndItsWordsStay(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		house := people.Wording(people.ForProgramme)
		if house.Ky == "" || house.Ru == "" || house.En == "" || house.Ky == house.Ru {
			s.t.Fatalf("the words of the house: %+v", house)
		}
		photo := s.asks(forms.Written{Kind: forms.AskConsent, Label: i18n.Text{Ky: "Сүрөткө макулмун", Ru: "Согласна на фото", En: "I agree to photos"}})
		her, app, _ := s.proven("q_"+photo, "on")
		said := s.consentsOf(app.Person)
		if c := said[people.ForProgramme]; !c.Given || c.Wording != house || !c.Current() || c.Lang != i18n.English {
			s.t.Errorf("by the form: %+v", c)
		}
		if c := said["seminars."+photo]; !c.Given || c.Wording.Ru != "Согласна на фото" {
			s.t.Errorf("the organiser's own consent: %+v", c)
		}
		// The words are those that she read, also after they have changed.
		if err := s.edit(photo, func(w *forms.Written) { w.Label = inThree("I agree to films") }); err != nil {
			s.t.Fatal(err)
		}
		if c := s.consentsOf(app.Person)["seminars."+photo]; c.Wording.En != "I agree to photos" {
			s.t.Errorf("the words have changed under her: %+v", c)
		}
		_, page, _ := her.do("GET", "/en/me", nil)
		if !strings.Contains(page, "I agree to photos") || strings.Count(page, "Agreed: ") != 2 {
			s.t.Errorf("the profile does not say what she agreed to: %d", strings.Count(page, "Agreed: "))
		}
		s.pass(time.Minute)
		// She withdraws one; what the page did not show stays as it is.
		if status, _, _ := her.do("POST", "/en/me/consents", url.Values{"shown": {"seminars." + photo, "list " + s.m.People.WordingVersion("list")}, "purpose": {"list"}}); status != http.StatusSeeOther {
			s.t.Errorf("withdrawing: %d", status)
		}
		said = s.consentsOf(app.Person)
		if said["seminars."+photo].Given || !said[people.ForProgramme].Given || !said[people.ForList].Given {
			s.t.Errorf("after withdrawing: %+v", said)
		}
		s.pass(time.Minute)
		if _, _, _ = her.do("POST", "/en/me/consents", url.Values{"shown": {people.ForProgramme}}); s.consentsOf(app.Person)[people.ForProgramme].Given {
			s.t.Error("the consent to the programme cannot be withdrawn")
		}
		var archive map[string]any
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) (err error) {
			archive, err = s.m.People.Export(ctx, tx, app.Person)
			return err
		})
		list, _ := archive["consents"].([]people.Consent)
		if len(list) != 5 || list[0].Wording == (i18n.Text{}) {
			s.t.Errorf("the archive names %+v", list)
		}
		// At the door it is the same consent in the same words, which are there to be read aloud.
		s.c.Set(s.a.Starts)
		desk := &browser{t: s.t, base: s.url, staff: true}
		if _, page, _ := desk.do("GET", "/ru/door/osh/walk-in", nil); !strings.Contains(page, house.Ru) {
			s.t.Error("the page of the door does not show the words")
		}
		form := url.Values{"nonce": {"walk-in-nonce-1"}, "q_name": {"Асанова Өмүркан"}, "q_sex": {"female"}, "q_processing": {"on"}}
		if status, page, _ := desk.do("POST", "/ru/door/osh/walk-in", form); status != http.StatusSeeOther {
			s.t.Fatalf("%d %s", status, page)
		}
		var came storage.ID
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT person_id FROM application WHERE state = 'attended'`).Scan(&came)
		})
		if c := s.consentsOf(came)[people.ForProgramme]; !c.Given || c.Wording != house || c.Lang != i18n.Russian {
			s.t.Errorf("at the door: %+v", c)
		}
	})
}

func TestAFormThatWordsTheConsentItselfIsBoundToItsWords(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		own := i18n.Text{Ky: "Өз сөзү", Ru: "Свои слова", En: "Words of its own"}
		if err := s.edit("processing", func(w *forms.Written) { w.Label = own }); err != nil {
			s.t.Fatal(err)
		}
		her, app, _ := s.proven()
		if c := s.consentsOf(app.Person)[people.ForProgramme]; !c.Given || c.Wording != own || c.Current() {
			s.t.Errorf("%+v", c)
		}
		if _, page, _ := her.do("GET", "/ru/me", nil); !strings.Contains(page, "Тогдашняя формулировка: «Свои слова»") {
			s.t.Error("the profile does not say which words she read")
		}
	})
}

package pages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func TestSomebodyWithoutAnApplicationIsLetInOnceAndOnlyWithConsent(t *testing.T) {
	t.Parallel()
	m, a, srv, c := site(t, nil)
	c.Set(a.Starts)
	staff := &browser{t: t, base: srv, staff: true}
	path := "/ru/door/" + a.Slug + "/walk-in"
	form := url.Values{"nonce": {"walk-in-nonce-000001"}, "q_name": {"Асанова Өмүркан"}, "q_phone": {"0555 12 34 56"}, "q_sex": {"female"}}
	if status, page, _ := staff.do("POST", path, form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Без согласия") {
		t.Fatalf("without consent: %d", status)
	}
	stranger := &browser{t: t, base: srv}
	if status, _, to := stranger.do("POST", path, form); status == 200 || strings.Contains(to, "/door/") {
		t.Errorf("a stranger at the door: %d", status)
	}
	form.Set("q_processing", "on")
	for range 2 { // the second tap is the same scan
		status, page, to := staff.do("POST", path, form)
		if status != http.StatusSeeOther {
			t.Fatalf("let in: %d %s", status, page)
		}
		if status, page, _ := staff.do("GET", to, nil); status != 200 || strings.Contains(page, "[seminars.") {
			t.Errorf("the answer: %d %s", status, missing(page))
		}
	}
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		if len(apps) != 1 || apps[0].State != seats.Attended {
			t.Errorf("applications: %+v", apps)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAPhoneIsEnrolledByALinkThatWorksOnceAndLosesItsRightAtOnce(t *testing.T) {
	t.Parallel()
	_, a, srv, c := site(t, nil)
	c.Set(a.Starts)
	staff := &browser{t: t, base: srv, staff: true}
	status, page, _ := staff.do("POST", "/en/door/"+a.Slug+"/phones", url.Values{"name": {"Aizada's phone"}})
	_, link, found := strings.Cut(page, "/en/phone/")
	if status != 200 || !found {
		t.Fatalf("no link: %d %s", status, page)
	}
	link = link[:strings.IndexAny(link, `"<`)]
	phone := &browser{t: t, base: srv}
	if status, _, _ := phone.do("GET", "/en/door/"+a.Slug, nil); status == 200 {
		t.Fatal("a stranger sees the door")
	}
	if status, _, to := phone.do("POST", "/en/phone/"+link, url.Values{}); status != http.StatusSeeOther || !strings.HasSuffix(to, "/door/"+a.Slug) {
		t.Fatalf("enrol: %d to %q", status, to)
	}
	if status, _, _ := phone.do("GET", "/en/door/"+a.Slug, nil); status != 200 {
		t.Errorf("the phone does not see its door: %d", status)
	}
	if status, _, _ := phone.do("GET", "/en/door/"+a.Slug+"/phones", nil); status == 200 {
		t.Error("the phone may let other phones in")
	}
	if status, _, _ := (&browser{t: t, base: srv}).do("POST", "/en/phone/"+link, url.Values{}); status != http.StatusGone {
		t.Errorf("the link works twice: %d", status)
	}
	_, page, _ = staff.do("GET", "/en/door/"+a.Slug+"/phones", nil)
	_, id, _ := strings.Cut(page, `name="revoke" value="`)
	id, _, _ = strings.Cut(id, `"`)
	if status, _, _ := staff.do("POST", "/en/door/"+a.Slug+"/phones", url.Values{"revoke": {id}}); status != http.StatusSeeOther {
		t.Fatalf("revoke: %d", status)
	}
	if status, _, _ := phone.do("GET", "/en/door/"+a.Slug, nil); status == 200 {
		t.Error("a phone whose right was taken back still sees the door")
	}
}

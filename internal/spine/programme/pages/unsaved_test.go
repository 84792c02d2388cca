package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// TestPublishingKeepsWhatWasTypedBesideIt presses "publish" with a form half filled: what is
// wrong stops it and stays on the page, what is right is saved and published at once.
func TestPublishingKeepsWhatWasTypedBesideIt(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		var made []programme.Activity
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			made, err = d.Plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: programmetest.Coordinator, Key: "activists", Rows: programmetest.Eight()[:1]})
			return err
		})
		slug := made[0].Slug
		now := func() (a programme.Activity) {
			programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, slug)
				return err
			})
			return a
		}
		_, page := d.Ask("GET", "/en/plan/"+slug, "coordinator", nil, nil)
		form := webtest.Form(d.T, page, "editor")
		form.Set("state", programme.Published)
		form.Set("title_en", "A title that was typed")
		form.Set("agenda_0_minutes", "99999")
		res, page := d.Ask("POST", "/en/plan/publish/"+slug, "coordinator", form, nil)
		if a := now(); res.StatusCode != http.StatusUnprocessableEntity || a.State != programme.Draft || a.Title.En == "A title that was typed" || !strings.Contains(page, "A title that was typed") || !strings.Contains(page, `value="99999"`) {
			d.T.Fatalf("with a mistake: %d, %s, %q", res.StatusCode, a.State, a.Title.En)
		}
		form = webtest.Form(d.T, page, "editor") // as the page came back
		form.Set("agenda_0_minutes", "45")
		form.Set("state", programme.Published)
		res, _ = d.Ask("POST", "/en/plan/publish/"+slug, "coordinator", form, nil)
		if a := now(); res.StatusCode != http.StatusSeeOther || a.State != programme.Published || a.Title.En != "A title that was typed" || a.Agenda[0].Minutes != 45 {
			d.T.Fatalf("mended: %d, %s, %q, %v", res.StatusCode, a.State, a.Title.En, a.Agenda)
		}

		// Back to a draft is another act: something unsaved beside it stops it.
		_, page = d.Ask("GET", "/en/plan/"+slug, "coordinator", nil, nil)
		form = webtest.Form(d.T, page, "editor")
		form.Set("state", programme.Draft)
		form.Set("summary_ru", "Не сохранено")
		res, page = d.Ask("POST", "/en/plan/publish/"+slug, "coordinator", form, nil)
		if a := now(); res.StatusCode != http.StatusConflict || a.State != programme.Published || !strings.Contains(page, "Не сохранено") {
			d.T.Fatalf("unsaved: %d, %s", res.StatusCode, a.State)
		}
		_, page = d.Ask("GET", "/en/plan/"+slug, "coordinator", nil, nil)
		form = webtest.Form(d.T, page, "editor")
		form.Set("state", programme.Draft)
		if res, _ = d.Ask("POST", "/en/plan/publish/"+slug, "coordinator", form, nil); res.StatusCode != http.StatusSeeOther || now().State != programme.Draft {
			d.T.Fatalf("nothing was typed: %d, %s", res.StatusCode, now().State)
		}
	})
}

// TestActsBesideListsAndTablesRefuseToThrowTextAway closes an entry of a list and publishes
// drafts while something else is typed.
func TestActsBesideListsAndTablesRefuseToThrowTextAway(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		_, page := d.Ask("GET", "/en/staff/lists/city/naryn", "coordinator", nil, nil)
		form := webtest.Form(d.T, page, "editor")
		for name := range form {
			if strings.HasSuffix(name, "_ky") {
				form.Set(name, form.Get(name)+" тоо")
			}
		}
		form.Set("closed", "on")
		res, page := d.Ask("POST", "/en/staff/lists/city/naryn/close", "coordinator", form, nil)
		if res.StatusCode != http.StatusConflict || !strings.Contains(page, " тоо") {
			d.T.Errorf("the list: %d", res.StatusCode)
		}

		var made []programme.Activity
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			made, err = d.Plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: programmetest.Coordinator, Key: "activists", Rows: programmetest.Eight()[:1]})
			return err
		})
		const path = "/en/plan/templates/activists"
		_, page = d.Ask("GET", path+"/copies", "coordinator", nil, nil)
		form = webtest.Form(d.T, page, "editor")
		form["drafts"] = []string{made[0].ID.String()}
		form.Set("row_osh_venue_ky", "Китепкана")
		res, page = d.Ask("POST", path+"/publish", "coordinator", form, nil)
		if res.StatusCode != http.StatusConflict || !strings.Contains(page, "Китепкана") {
			d.T.Errorf("the table: %d", res.StatusCode)
		}
		form.Set("row_osh_venue_ky", "")
		if res, _ := d.Ask("POST", path+"/publish", "coordinator", form, nil); res.StatusCode != http.StatusSeeOther {
			d.T.Errorf("nothing was typed: %d", res.StatusCode)
		}
	})
}

package followup

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)

// sent is what a page would send, with what is filled in.
func sent(page string, pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Add(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// TestSheAnswersWithoutScriptAndCorrects goes the way of a small phone: the page, a question
// that hangs on an answer, the stored answers, a correction; then the link of a letter.
func TestSheAnswersWithoutScriptAndCorrects(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		app := v.comes("aigul")
		address := v.serve(v.staff(access.Coordinator, access.Scope{}))
		hers := &webtest.Browser{URL: address, Header: http.Header{"As": {app.Person.String()}}}
		path := "/ky/my/applications/" + app.ID.String() + "/more"
		page := hers.Get(v.t, path)
		if page.Status != http.StatusOK || !strings.Contains(page.Body, "Кантип келесиз?") || strings.Contains(page.Body, "Жол кирени кайтаруу керекпи?") {
			v.t.Fatalf("the page: %d %.600s", page.Status, page.Body)
		}
		more := hers.Do(v.t, "POST", path, sent(page.Body, "q_travel_from", "Кара-Суу", "q_travel_how", "2", "q_photo", "on"))
		if k, _ := v.kept(app); more.Status != http.StatusOK || k.Version != 0 || !strings.Contains(more.Body, "Жол кирени кайтаруу керекпи?") || !strings.Contains(more.Body, "Кара-Суу") {
			v.t.Fatalf("the question that hangs on it: %d, version %d", more.Status, k.Version)
		}
		saved := hers.Do(v.t, "POST", path, sent(more.Body, "q_travel_from", "Кара-Суу", "q_travel_how", "2", "q_fare", "1", "q_photo", "on"))
		if k, a := v.kept(app); saved.Status != http.StatusSeeOther || k.Version != 1 || a.First("fare") != "1" || a.First("travel_from") != "Кара-Суу" {
			v.t.Fatalf("saved: %d %v", saved.Status, a.Values)
		}
		page = hers.Get(v.t, path)
		if !strings.Contains(page.Body, `value="Кара-Суу"`) || !strings.Contains(page.Body, "Жол кирени") {
			v.t.Error("her answers do not stand on the page")
		}
		old := page.Body
		if saved = hers.Do(v.t, "POST", path, sent(page.Body, "q_travel_from", "Өзгөн", "q_travel_how", "1", "q_photo", "on")); saved.Status != http.StatusSeeOther {
			v.t.Errorf("corrected: %d", saved.Status)
		}
		if _, a := v.kept(app); a.First("travel_from") != "Өзгөн" || a.Has("fare") {
			v.t.Errorf("after the correction: %v", a.Values)
		}
		again := hers.Do(v.t, "POST", path, sent(old, "q_travel_from", "Ноокат", "q_travel_how", "1", "q_photo", "on"))
		if _, a := v.kept(app); again.Status != http.StatusConflict || a.First("travel_from") != "Өзгөн" || !strings.Contains(again.Body, "Ноокат") {
			v.t.Errorf("an old page: %d %v", again.Status, a.Values)
		}
		if after := hers.Do(v.t, "POST", path, sent(again.Body, "q_travel_from", "Ноокат", "q_travel_how", "1", "q_photo", "on")); after.Status != http.StatusSeeOther {
			v.t.Errorf("sent once more: %d", after.Status)
		}

		// Somebody else, and nobody, find nothing.
		other := v.comes("nur")
		for name, b := range map[string]*webtest.Browser{"another": {URL: address, Header: http.Header{"As": {other.Person.String()}}}, "nobody": {URL: address}} {
			if got := b.Get(v.t, path); got.Status == http.StatusOK || strings.Contains(got.Body, "Ноокат") {
				v.t.Errorf("%s reads: %d", name, got.Status)
			}
			if got := b.Do(v.t, "POST", path, sent(old, "q_food", "2")); got.Status < 400 && got.To() == "" {
				v.t.Errorf("%s writes: %d", name, got.Status)
			}
		}
		if k, _ := v.kept(app); k.Version != 3 {
			v.t.Errorf("version %d", k.Version)
		}

		// The link of a letter writes, and reads nothing.
		link := ""
		v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
			p, err := v.m.People.ByID(ctx, tx, app.Person)
			if err != nil {
				return err
			}
			link, err = v.m.LinkFor(ctx, tx, v.osh, p, app)
			return err
		})
		stranger := &webtest.Browser{URL: address}
		page = stranger.Get(v.t, "/ky"+link+"/more")
		if page.Status != http.StatusOK || strings.Contains(page.Body, "Ноокат") || strings.Contains(page.Body, `name="q_photo"`) {
			v.t.Errorf("the link: %d", page.Status)
		}
		saved = stranger.Do(v.t, "POST", "/ky"+link+"/more", sent(page.Body, "q_food", "2", "q_photo", "on"))
		if _, a := v.kept(app); saved.Status != http.StatusSeeOther || a.First("food") != "2" || a.Has("travel_from") {
			v.t.Errorf("by the link: %d %v", saved.Status, a.Values)
		}
	})
}

// TestPapersOfLinesAreForEverybodyAndNameNobody draws each in three languages and lets the judges
// of papers read them.
func TestPapersOfLinesAreForEverybodyAndNameNobody(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		papers := map[string][]byte{}
		v.rules(asks)
		for _, name := range []string{"canaryone", "canarytwo"} {
			app := v.comes(name)
			if _, err := v.answers(app, with("food", "2", "allergy", "жаңгак", "travel_from", "Өзгөн", "needs", "1", "night", "4")); err != nil {
				v.t.Fatal(err)
			}
		}
		staff := &webtest.Browser{URL: v.serve(v.staff(access.Coordinator, access.Scope{})), Header: http.Header{"As": {"staff"}}}
		for _, l := range []string{"ky", "ru", "en"} {
			for _, use := range Uses {
				page := staff.Get(v.t, "/"+l+pathOf(v.osh, "/lines?for="+use))
				if page.Status != http.StatusOK || strings.Contains(page.Body, "canary") {
					v.t.Errorf("%s in %s: %d", use, l, page.Status)
				}
				csv := staff.Do(v.t, "POST", "/"+l+pathOf(v.osh, "/lines/file"), url.Values{"for": {use}, "format": {"csv"}})
				pdf := staff.Do(v.t, "POST", "/"+l+pathOf(v.osh, "/lines/file"), url.Values{"for": {use}, "format": {"pdf"}})
				for _, file := range []webtest.Answer{csv, pdf} {
					if file.Status != http.StatusOK || strings.Contains(file.Header.Get("Content-Disposition"), "canary") {
						v.t.Errorf("the file of %s in %s: %d", use, l, file.Status)
					}
				}
				text := documenttest.Text(v.t, []byte(pdf.Body))
				if strings.Contains(text, "canary") || strings.Contains(csv.Body, "canary") {
					v.t.Errorf("%s in %s names people", use, l)
				}
				if (use == Kitchen) != strings.Contains(text, "жаңгак") || (use == Kitchen) != strings.Contains(csv.Body, "жаңгак") {
					v.t.Errorf("%s in %s: what is written stands where it should not, or is missing:\n%s", use, l, text)
				}
				if use == Kitchen {
					papers[use+"-"+l+".pdf"] = []byte(pdf.Body)
				}
			}
			for _, more := range []string{"", "/answers", "/form"} {
				if page := staff.Get(v.t, "/"+l+pathOf(v.osh, more)); page.Status != http.StatusOK {
					v.t.Errorf("%s in %s: %d", more, l, page.Status)
				}
			}
		}
		if got := staff.Do(v.t, "POST", "/ky"+pathOf(v.osh, "/rules"), url.Values{"asks": {"on"}, "days_before": {"61"}, "forget_days": {"0"}, "version": {"1"}}); got.Status != http.StatusUnprocessableEntity {
			v.t.Errorf("rules beyond their bounds: %d", got.Status)
		}
		if got := staff.Do(v.t, "POST", "/ky"+pathOf(v.osh, "/rules"), url.Values{"asks": {"on"}, "needed": {"on"}, "days_before": {"5"}, "forget_days": {"7"}, "version": {"1"}}); got.Status != http.StatusSeeOther {
			v.t.Errorf("rules: %d", got.Status)
		}
		if got := staff.Do(v.t, "POST", "/ky"+pathOf(v.osh, "/rules"), url.Values{"days_before": {"5"}, "forget_days": {"7"}, "version": {"1"}}); got.Status != http.StatusConflict {
			v.t.Errorf("rules of an old page: %d", got.Status)
		}
		if v.count(`SELECT COUNT(*) FROM application WHERE state = $1`, string(seats.Confirmed)) != 2 {
			v.t.Error("a seat is gone")
		}
		documenttest.Judge(v.t, papers)
	})
}

// TestNobodyIsAskedOverRulesThatAreNotSaved presses "ask again" with other rules typed beside it:
// nobody is asked by rules that she does not see, and what she typed stays.
func TestNobodyIsAskedOverRulesThatAreNotSaved(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.rules(asks)
		v.comes("aigul")
		staff := &webtest.Browser{URL: v.serve(v.staff(access.Coordinator, access.Scope{})), Header: http.Header{"As": {"staff"}}}
		path := "/ky/staff/seminars/" + v.osh.Slug + "/more"
		page := staff.Get(v.t, path)
		form := webtest.Form(v.t, page.Body, "rules-form")
		was := v.count(`SELECT COUNT(*) FROM job`)
		form.Set("forget_days", "77")
		if a := staff.Do(v.t, "POST", path+"/ask", form); a.Status != http.StatusConflict || !strings.Contains(a.Body, `value="77"`) || v.count(`SELECT COUNT(*) FROM job`) != was {
			v.t.Fatalf("typed: %d", a.Status)
		}
		form.Set("forget_days", webtest.Form(v.t, page.Body, "rules-form").Get("forget_days"))
		form.Del("asks")
		if a := staff.Do(v.t, "POST", path+"/ask", form); a.Status != http.StatusConflict {
			v.t.Fatalf("a box without its tick: %d", a.Status)
		}
		if a := staff.Do(v.t, "POST", path+"/ask", webtest.Form(v.t, page.Body, "rules-form")); a.Status != http.StatusSeeOther {
			v.t.Fatalf("as it was: %d", a.Status)
		}
	})
}

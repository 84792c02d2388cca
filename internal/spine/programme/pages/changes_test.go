package pages_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	sureButton  = regexp.MustCompile(`name="sure" value="([0-9a-f]+)"`)
)

// hiddenOf reads what a page sends along unseen.
func hiddenOf(page string) url.Values {
	v := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		v.Add(m[1], html.UnescapeString(m[2]))
	}
	return v
}

// A new place goes over the page that shows what changes: first it is written in each
// language, then it is done; what was typed stays on the way, and everybody reads it.
func TestANewPlaceIsWrittenInEveryLanguageAndShownBeforeItIsDone(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		read := func() (a programme.Activity) {
			programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err := programme.All(ctx, tx, programme.Filter{State: programme.Published, Kind: programme.Seminar, From: time.Now().AddDate(0, 0, 3)})
				if err == nil {
					a = list[len(list)-1]
				}
				return err
			})
			return a
		}
		before := read()
		path := "/en/plan/" + before.Slug
		stamp := func(at time.Time, layout string) []string { return []string{programme.Stamp(at, layout)} }
		form := url.Values{
			"version": {"1"}, "date": stamp(before.Starts, time.DateOnly), "from": stamp(before.Starts, "15:04"), "to": stamp(before.Ends, "15:04"),
			"opens": stamp(before.Opens, "2006-01-02T15:04"), "deadline": stamp(before.Deadline, "2006-01-02T15:04"),
			"city": {before.City}, "capacity": {"25"}, "group": {before.Group},
			"venue_ky": {before.Venue.Ky}, "venue_ru": {"Школа «Билим» & <сад>"}, "venue_en": {before.Venue.En},
		}
		res, page := d.Ask("POST", path, "coordinator", form, nil)
		if res.StatusCode != http.StatusOK || sureButton.MatchString(page) || !strings.Contains(page, `name="words_venue"`) {
			d.T.Fatalf("written in one language: %d, %v", res.StatusCode, sureButton.MatchString(page))
		}
		if read().Venue != before.Venue {
			d.T.Error("it was done before it was shown")
		}
		next := hiddenOf(page)
		for _, field := range []string{"venue_ky", "venue_ru", "venue_en"} { // which the page shows
			next.Set(field, form.Get(field))
		}
		next.Set("words_venue", "own")
		if res, _ := d.Ask("POST", path, "coordinator", next, nil); res.StatusCode != http.StatusUnprocessableEntity {
			d.T.Errorf("still in one language: %d", res.StatusCode)
		}
		next.Set("words_venue", programme.SameWords)
		res, page = d.Ask("POST", path, "coordinator", next, nil)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="f-stays_address-error"`) || !strings.Contains(page, before.Address.In("en")) {
			d.T.Errorf("nobody said that the old address is right: %d", res.StatusCode)
		}
		for _, name := range programme.StaysNames {
			next.Set(programme.StaysField(name), "on")
		}
		res, page = d.Ask("POST", path, "coordinator", next, nil)
		sure := sureButton.FindStringSubmatch(page)
		if res.StatusCode != http.StatusOK || sure == nil {
			d.T.Fatalf("the same in all: %d", res.StatusCode)
		}
		last := hiddenOf(page)
		back := url.Values{}
		for name, values := range last {
			back[name] = values
		}
		back.Set("again", "1")
		if res, page := d.Ask("POST", path, "coordinator", back, nil); res.StatusCode != http.StatusOK || !strings.Contains(page, "Школа «Билим» &amp; &lt;сад&gt;") {
			d.T.Errorf("back to the form: %d, and what was typed is gone", res.StatusCode)
		}
		last.Set("sure", "0123")
		if res, _ := d.Ask("POST", path, "coordinator", last, nil); res.StatusCode != http.StatusConflict {
			d.T.Errorf("sure of something else: %d", res.StatusCode)
		}
		last.Set("sure", sure[1])
		if res, page := d.Ask("POST", path, "coordinator", last, nil); res.StatusCode != http.StatusSeeOther {
			d.T.Fatalf("done: %d %.500s", res.StatusCode, page)
		}
		after := read()
		if after.Venue.Ky != after.Venue.Ru || after.Venue.En != "Школа «Билим» & <сад>" {
			d.T.Errorf("it became %v", after.Venue)
		}
		if _, page := d.Ask("GET", "/en/events/"+before.Slug, "", nil, nil); !strings.Contains(page, "Was:") || !strings.Contains(page, before.Venue.In("en")) {
			d.T.Error("strangers do not read what was")
		}
		if res, page := d.Ask("POST", path, "coordinator", last, nil); res.StatusCode != http.StatusConflict || !strings.Contains(page, "Школа «Билим» &amp; &lt;сад&gt;") {
			d.T.Errorf("a second editor: %d, and what was typed is gone", res.StatusCode)
		}
	})
}

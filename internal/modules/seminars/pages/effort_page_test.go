package pages

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/effort/efforttest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// resent is what the page sends when its button is pressed.
func resent(page string) url.Values {
	v := url.Values{}
	for _, f := range hiddenField.FindAllStringSubmatch(page, -1) {
		v.Add(f[1], html.UnescapeString(f[2]))
	}
	return v
}

// rushedSite serves an activity in the middle of a rush.
func rushedSite(t *testing.T, store *storage.Store, c *storagetest.Clock) (*Module, string) {
	t.Helper()
	m, a := rushed(t, store, 100)
	begun(t, m, a, 0, seats.RushCount)
	return m, serve(t, m, c)
}

var seconds = map[i18n.Language]string{i18n.Kyrgyz: "%d секунд күтүп", i18n.Russian: "%d секунд", i18n.English: "%d seconds"}

func TestInARushThePageAsksForAMomentAndLosesNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, site := rushedSite(t, store, c)
		for _, lang := range i18n.Languages {
			address := "/" + string(lang) + "/events/osh/apply"
			typed := fill("q_email", string(lang)+"@example.kg", "q_why", `"Күтөм" & <үмүт>`+"\r\nэкинчи сап")

			scripted := &browser{t: t, base: site}
			scripted.do("GET", address, nil)
			status, page, _ := scripted.do("POST", address, typed)
			if status != http.StatusTooManyRequests || strings.Contains(page, "[seminars.") || strings.Contains(page, "[web.") {
				t.Fatalf("%s: %d %s", lang, status, page)
			}
			challenge, bits := efforttest.Challenge(t, page)
			form := resent(page)
			form.Set("effort_solution", efforttest.Solve(challenge, bits))
			if status, page, to := scripted.do("POST", address, form); status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
				t.Fatalf("%s: solved, and it gives %d to %q\n%s", lang, status, to, page)
			}

			typed.Set("q_email", string(lang)+".plain@example.kg")
			plain := &browser{t: t, base: site}
			plain.do("GET", address, nil)
			_, page, _ = plain.do("POST", address, typed)
			if words := fmt.Sprintf(seconds[lang], 10); !strings.Contains(page, words) {
				t.Errorf("%s: the page does not say %q", lang, words)
			}
			// The form that she leaves for is filled in as she left it.
			_, kept, _ := plain.do("GET", address, nil)
			for _, text := range []string{"Айгүл Асанова", string(lang) + ".plain@example.kg", "экинчи сап"} {
				if !strings.Contains(kept, text) {
					t.Errorf("%s: the form has lost %q", lang, text)
				}
			}
			c.Set(c.Now().Add(3 * time.Second))
			status, page, _ = plain.do("POST", address, resent(page))
			if words := fmt.Sprintf(seconds[lang], 7); status != http.StatusTooManyRequests || !strings.Contains(page, words) {
				t.Errorf("%s: pressing early gives %d", lang, status)
			}
			c.Set(c.Now().Add(7 * time.Second))
			if status, page, to := plain.do("POST", address, resent(page)); status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
				t.Fatalf("%s: after the wait it gives %d to %q\n%s", lang, status, to, page)
			}
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'confirmed'`); n != seats.RushCount+2*len(i18n.Languages) {
			t.Errorf("%d have a seat", n)
		}
		if got := lastAnswers(t, m).First("why"); got != `"Күтөм" & <үмүт>`+"\nэкинчи сап" {
			t.Errorf("what arrived over one more page is %q", got)
		}
	})
}

// lastAnswers are those of the last application.
func lastAnswers(t *testing.T, m *Module) (answers forms.Answers) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		apps, err := storage.All(ctx, tx, seats.ScanApplication, `SELECT `+seats.ApplicationColumns+`
			FROM application
			ORDER BY made_at DESC, id DESC
			LIMIT 1`)
		if err != nil {
			return err
		}
		answers, err = m.AnswersOf(ctx, tx, apps[0])
		return err
	})
	return answers
}

func TestInARushEarlierPagesAndFilesTravelAlong(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := rushed(t, store, 100)
		begun(t, m, a, 0, seats.RushCount)
		form := seats.UsualForm(a.Group)
		form.Questions = append(form.Questions, forms.Question{Key: "work", Kind: forms.AskFile, When: &forms.Condition{Question: "place", Value: "other"}})
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			return seats.ApplicationForms.Save(ctx, tx, seats.FormOwner(a), false, form)
		})
		c.Set(start.Add(time.Second))
		site := serve(t, m, c)
		her := &browser{t: t, base: site}
		her.do("GET", "/ky/events/osh/apply", nil)
		_, _, to := her.do("POST", "/ky/events/osh/apply", fill("q_place", "other"))
		if !strings.HasSuffix(to, "?step=1") {
			t.Fatalf("led to %q", to)
		}

		var body, picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewWriter(&body)
		for name, value := range map[string]string{"step": "1", "do": "next", "q_village": "Кара-Суу"} {
			if err := parts.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		file, err := parts.CreateFormFile("q_work", "work.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(picture.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := parts.Close(); err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), "POST", site+"/ky/events/osh/apply", &body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", parts.FormDataContentType())
		for name, value := range her.jar {
			request.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusTooManyRequests {
			t.Fatalf("the last page gives %d, %v", answer.StatusCode, err)
		}

		challenge, bits := efforttest.Challenge(t, string(page))
		sent := resent(string(page))
		sent.Set("effort_solution", efforttest.Solve(challenge, bits))
		if status, page, to := her.do("POST", "/ky/events/osh/apply", sent); status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
			t.Fatalf("solved, and it gives %d to %q\n%s", status, to, page)
		}
		got := lastAnswers(t, m)
		if got.First("name") != "Айгүл Асанова" || got.First("village") != "Кара-Суу" || got.Files["work"].Name != "work.png" {
			t.Errorf("arrived: %v and the files %v", got.Values, got.Files)
		}
	})
}

// Two hundred programs without script that know the form and the wait, each as
// a browser of its own, against 25 seats; beside them one woman without script
// and one with.
func TestTwoHundredBotsDoNotTakeAllSeatsWhilePeopleWait(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const places, bots = 25, 200
		m, a := rushed(t, store, places)
		held, in := make([]effort.Given, bots), make([]bool, bots)
		taken := func() int { return count(t, m, `SELECT taken FROM seminar`) }
		attack := func() {
			for i := range bots {
				if in[i] {
					continue
				}
				secret := fmt.Sprint("bot ", i)
				_, err := applyWith(t.Context(), m, a, i, secret, held[i])
				switch {
				case err == nil:
					in[i] = true
				case effort.Needed(err):
					held[i] = effort.Given{Challenge: askedOf(t, m, a, secret, held[i]).Challenge}
				default:
					t.Fatal(err)
				}
			}
		}
		attack()
		if got := taken(); got != seats.RushCount {
			t.Fatalf("in the first moment the bots take %d seats, want %d: the rush is not on", got, seats.RushCount)
		}
		// The woman with script is through while the bots wait.
		c.Set(start.Add(3 * time.Second))
		attack()
		if h, err := applyWith(t.Context(), m, a, 1000, "scripted", solve(askedOf(t, m, a, "scripted", effort.Given{}))); err != nil || h.Application.State != seats.Confirmed {
			t.Fatalf("the woman with script is %s: %v", h.Application.State, err)
		}
		plain := effort.Given{Challenge: askedOf(t, m, a, "plain", effort.Given{}).Challenge}
		c.Set(start.Add(effort.First - time.Millisecond))
		attack()
		if got := taken(); got != seats.RushCount+1 {
			t.Errorf("before the wait is over %d seats are taken, want %d", got, seats.RushCount+1)
		}
		for second := range places - seats.RushCount - 1 {
			c.Set(start.Add(effort.First + time.Duration(second)*effort.Step))
			attack()
			attack() // trying twice brings nothing
			if got, most := taken(), seats.RushCount+1+second+1; got != most {
				t.Errorf("after %v %d seats are taken, want %d", c.Now().Sub(start), got, most)
			}
		}
		// Seats are gone now, bots came first; she is on the list at once, and lost nothing.
		c.Set(start.Add(30 * time.Second))
		if h, err := applyWith(t.Context(), m, a, 1001, "plain", plain); err != nil || h.Application.State != seats.Waitlisted {
			t.Errorf("the woman without script is %s: %v", h.Application.State, err)
		}
	})
}

// The same bots, more seats: who has no script gets one in her turn.
func TestAWomanWithoutScriptGetsHerTurnAmongBots(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const bots = 40
		m, a := rushed(t, store, 100)
		begun(t, m, a, 0, seats.RushCount)
		held := make([]effort.Given, bots)
		ask := func(i int) effort.Question {
			return askedOf(t, m, a, fmt.Sprint("browser ", i), held[i])
		}
		for i := range bots {
			held[i] = effort.Given{Challenge: ask(i).Challenge}
		}
		const she = 10
		c.Set(start.Add(effort.First))
		var wait time.Duration
		for i := range bots {
			if q := ask(i); i == she {
				wait = q.Wait
			}
		}
		if want := she * effort.Step; wait != want {
			t.Fatalf("she waits %v, want %v", wait, want)
		}
		c.Set(c.Now().Add(wait - time.Millisecond))
		if _, err := applyWith(t.Context(), m, a, 1000, fmt.Sprint("browser ", she), held[she]); !effort.Needed(err) {
			t.Errorf("before her turn she gets %v", err)
		}
		c.Set(c.Now().Add(time.Millisecond))
		if h, err := applyWith(t.Context(), m, a, 1000, fmt.Sprint("browser ", she), held[she]); err != nil || h.Application.State != seats.Confirmed {
			t.Errorf("in her turn she is %s: %v", h.Application.State, err)
		}
	})
}

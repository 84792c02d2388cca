package app

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/upkeep"
)

// addJob writes a job whose payload, key and error name somebody.
func (s *stage) addJob(kind, state, class string) (id storage.ID) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *storage.Tx) error {
		id = tx.NewID()
		done := int64(0)
		if state == "failed" {
			done = storage.Micros(tx.Now)
		}
		_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, dedupe, payload, state, run_at, attempts, made_at, done_at, last_error, last_class, incident)
			VALUES ($1, $2, $3, '{"to":"Канарейкина"}', $4, $5, 10, $5, $6, 'server says: Канарейкина 0555987123', $7, 'aabbccdd00112233')`,
			id, kind, "canareykina-"+id.String(), state, storage.Micros(tx.Now.Add(-1)), done, class)
		return err
	})
	return id
}

func TestTheAdministratorSeesWhatFailedAndLetsItRunAgain(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		admin := s.guest(access.Admin)
		failed := s.addJob("messages.deliver", "failed", "unreachable")
		s.addJob("seminars.remind", "running", "")
		for range 65 {
			s.addJob("seminars.expire", "waiting", "")
		}
		s.addJob("kind.of.tomorrow", "failed", "panicked")
		read := func(path string) string {
			t.Helper()
			status, page, _ := admin.do(http.MethodGet, path, nil)
			if status != http.StatusOK {
				t.Fatalf("%s: %d", path, status)
			}
			for _, secret := range []string{"Канарейкина", "canareykina", "0555987123", "server says"} {
				if strings.Contains(page, secret) {
					t.Errorf("%s tells %q", path, secret)
				}
			}
			if strings.Contains(page, "upkeep.") {
				t.Errorf("%s lacks a text", path)
			}
			return page
		}
		rows := func(page string) int { return strings.Count(page, "<tr>") - 1 }
		for lang, words := range map[string][]string{
			"ky": {"Кабарды жеткирүү", "Аткарылбай калды", "Кайра аракет кылуу", "жооп берген жок"},
			"ru": {"Доставка сообщения", "Сбой", "Повторить", "Нужная служба не ответила"},
			"en": {"Delivering a message", "Failed", "Try again", "did not answer", "10 of 10", "aabbccdd00112233", "unknown to this version: kind.of.tomorrow"},
		} {
			page := read("/" + lang + "/staff/jobs")
			for _, w := range words {
				if !strings.Contains(page, w) {
					t.Errorf("the page in %s does not say %q", lang, w)
				}
			}
		}
		all := read("/en/staff/jobs")
		if rows(all) != 20 || !strings.Contains(all, `rel="next"`) || !strings.Contains(all, "1–20 shown") || !strings.Contains(all, `name="pick"`) {
			t.Errorf("%d jobs stand on the first page", rows(all))
		}
		if n := rows(read("/en/staff/jobs?state=failed")); n != 2 {
			t.Errorf("%d failed jobs are shown, not 2", n)
		}
		// All pages one after the other show each job once, and so do they on the way back.
		for view, want := range map[string]int{"?kind=seminars.expire": 65, "": 69, "?state=waiting": 66} { // one is planned for the night
			path, back, shown := "/en/staff/jobs"+view, "", map[int]int{}
			for page := 1; path != "" && page < 9; page++ {
				body := read(path)
				shown[page] = rows(body)
				if from := fmt.Sprintf("%d–%d shown", (page-1)*20+1, (page-1)*20+rows(body)); !strings.Contains(body, from) {
					t.Errorf("%q: page %d does not say %q", view, page, from)
				}
				back, path = linkOf(body, "prev"), linkOf(body, "next")
			}
			if shown[1]+shown[2]+shown[3]+shown[4] != want || shown[4] != want-60 {
				t.Errorf("%q: the pages show %v, of %d", view, shown, want)
			}
			for page := 3; page > 0 && back != ""; page-- {
				body := read(back)
				if from := fmt.Sprintf("%d–%d shown", (page-1)*20+1, page*20); !strings.Contains(body, from) {
					t.Errorf("%q: on the way back page %d does not say %q", view, page, from)
				}
				back = linkOf(body, "prev")
			}
			if back != "" {
				t.Errorf("%q: before the first page there is another", view)
			}
		}
		// Found by the number that the log tells, and by nothing that a job is about.
		if n := rows(read("/en/staff/jobs?q=AABBCCDD00112233&state=failed")); n != 2 {
			t.Errorf("%d failed jobs of an incident, not 2", n)
		}
		if _, page, _ := admin.do(http.MethodGet, "/en/staff/jobs?q=canareykina", nil); rows(page) > 0 || !strings.Contains(page, "No such jobs") {
			t.Error("a job is found by what it is about")
		}
		if n := rows(read("/en/staff/jobs?kind=kind.of.tomorrow")); n != 1 {
			t.Errorf("%d jobs of a kind that this version does not know, not 1", n)
		}
		if page := read("/en/staff/jobs?state=failed&kind=seminars.expire"); !strings.Contains(page, "No such jobs") {
			t.Error("nothing is said where nothing is")
		}
		if page := read("/en/today"); !strings.Contains(page, "2 background jobs have failed") {
			t.Error("Today says nothing of failed jobs")
		}
		again := "/en/staff/jobs/" + failed.String() + "/again"
		if status, _, header := admin.do(http.MethodPost, again, url.Values{}); status != http.StatusSeeOther || header.Get("Location") != "/en/staff/jobs" {
			t.Errorf("trying again: %d to %q", status, header.Get("Location"))
		}
		if n := rows(read("/en/staff/jobs?state=failed")); n != 1 {
			t.Errorf("%d failed jobs are left, not 1", n)
		}
		// The second tap is told, does nothing, and leads to the part of the list that was shown.
		part := "?after=" + failed.String() + "&kind=messages.deliver&state=failed"
		if _, _, header := admin.do(http.MethodPost, again+part, url.Values{}); header.Get("Location") != "/en/staff/jobs"+part {
			t.Errorf("after trying again a part of the list is left for %q", header.Get("Location"))
		}
		if page := read("/en/staff/jobs"); !strings.Contains(page, "queued again already") {
			t.Error("the second tap is not told that somebody was faster")
		}
		s.write(func(ctx context.Context, tx *storage.Tx) error {
			var n int
			var detail string
			err := tx.QueryRow(ctx, `SELECT COUNT(*), MAX(detail) FROM audit_entry WHERE action = 'upkeep.audit.retried' AND actor_id = $1`, admin.person).Scan(&n, &detail)
			if err == nil && (n != 1 || detail != "messages.deliver") {
				err = fmt.Errorf("the log of changes has %d entries, of %q", n, detail)
			}
			return err
		})
		s.onlyEverywhere(admin)
	})
}

// linkOf is where a page leads to with a rel.
func linkOf(page, rel string) string {
	_, rest, found := strings.Cut(page, `rel="`+rel+`" href="`)
	if !found {
		return ""
	}
	path, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(path)
}

// Many that have failed run again after a preview, whoever else was faster is left.
func TestManyFailedJobsRunAgainAfterAPreview(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		admin := s.guest(access.Admin)
		one, two, running := s.addJob("messages.deliver", "failed", "late"), s.addJob("people.tidy", "failed", "late"), s.addJob("seminars.remind", "running", "")
		form := url.Values{"pick": {one.String(), two.String(), running.String(), storage.RandomID(s.now).String()}}
		state := func(id storage.ID) (state string) {
			s.write(func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT state FROM job WHERE id = $1`, id).Scan(&state)
			})
			return state
		}
		status, page, _ := admin.do(http.MethodPost, "/en/staff/jobs/again?state=failed", form)
		if status != http.StatusOK || !strings.Contains(page, "2 jobs will run") || !strings.Contains(page, "Delivering a message") || !strings.Contains(page, "cannot be taken back") || state(one) != "failed" {
			t.Errorf("the preview: %d, the job is %s", status, state(one))
		}
		form.Set("sure", "yes")
		if status, _, header := admin.do(http.MethodPost, "/en/staff/jobs/again?state=failed", form); status != http.StatusSeeOther || header.Get("Location") != "/en/staff/jobs?state=failed" {
			t.Errorf("done: %d to %q", status, header.Get("Location"))
		}
		if state(one) != "waiting" || state(two) != "waiting" || state(running) != "running" {
			t.Errorf("they are %s, %s, %s", state(one), state(two), state(running))
		}
		care := &upkeep.Module{Store: s.Store()}
		city := access.Actor{Person: admin.person, Grants: []access.Grant{{Role: access.Admin, Scope: access.Scope{City: "osh"}}}, Table: s.table}
		for name, c := range map[string]struct {
			cmd  upkeep.RetryMany
			want fault.Code
		}{
			"of one city":      {upkeep.RetryMany{Actor: city, Jobs: []storage.ID{one}}, fault.Forbidden},
			"nothing":          {upkeep.RetryMany{Actor: s.actor(admin)}, fault.Invalid},
			"too many":         {upkeep.RetryMany{Actor: s.actor(admin), Jobs: make([]storage.ID, upkeep.MostAtOnce+1)}, fault.Invalid},
			"none that failed": {upkeep.RetryMany{Actor: s.actor(admin), Jobs: []storage.ID{running}}, fault.Conflict},
		} {
			if err := s.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := care.RetryMany(ctx, tx, c.cmd)
				return err
			}); !fault.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// onlyEverywhere holds that a role for one city reaches no job.
func (s *stage) onlyEverywhere(admin *guest) {
	s.t.Helper()
	id := s.addJob("messages.deliver", "failed", "late")
	care := &upkeep.Module{Store: s.Store()}
	for name, actor := range map[string]access.Actor{
		"an administrator of one city": {Person: admin.person, Grants: []access.Grant{{Role: access.Admin, Scope: access.Scope{City: "osh"}}}, Table: s.table},
		"a coordinator":                {Person: admin.person, Grants: []access.Grant{{Role: access.Coordinator}}, Table: s.table},
	} {
		err := s.Store().Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return care.Retry(ctx, tx, upkeep.Retry{Job: id, Actor: actor})
		})
		if !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("%s lets a job run again: %v", name, err)
		}
	}
	everywhere := s.actor(admin)
	err := s.Store().Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return care.Retry(ctx, tx, upkeep.Retry{Job: tx.NewID(), Actor: everywhere})
	})
	if !fault.Is(err, fault.NotFound) {
		s.t.Errorf("a job that is not there: %v", err)
	}
}

package app

import (
	"context"
	"fmt"
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
		if rows(all) != 20 || !strings.Contains(all, "page=2") {
			t.Errorf("%d jobs stand on the first page", rows(all))
		}
		if n := rows(read("/en/staff/jobs?state=failed")); n != 2 {
			t.Errorf("%d failed jobs are shown, not 2", n)
		}
		if n := rows(read("/en/staff/jobs?kind=seminars.expire&page=4")); n != 5 {
			t.Errorf("%d jobs of a kind stand on the fourth page, not 5", n)
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
		part := "?kind=messages.deliver&page=3&state=failed"
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

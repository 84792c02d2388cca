package app

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Nobody reads in what happened to a person what she may not read elsewhere: an application
// is told to whom its page opens, a message to whom the list of messages shows it, and of a
// look at an event of another city nobody is told. Walked for each role in each reach.
func TestAStoryTellsNoMoreThanThePagesBehindIt(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		all := h.everywhere(access.Coordinator)
		all.Person = h.person("Баарын көргөн", "osh", access.Grant{Role: access.Coordinator})
		her := v.personOf(v.osh)
		var there storage.ID
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			// She applied in Naryn too, for an event that only its guests know of.
			if there, err = inviteBefore(ctx, tx, h.rooms.seminars, seats.Invite{Activity: v.naryn.activity.ID, Actor: all, Person: her}); err != nil {
				return err
			}
			for _, query := range []string{
				`UPDATE activity SET invitation_only = TRUE WHERE id = $1`,
				`UPDATE message SET state = 'failed' WHERE activity_id = $1`,
			} {
				if _, err := tx.Exec(ctx, query, v.naryn.activity.ID); err != nil {
					return err
				}
			}
			for _, c := range []corner{v.osh, v.naryn} {
				if err := audit.Record(ctx, tx, audit.Entry{Actor: all.Person, Person: her, Action: "seminars.audit.viewed", Object: c.activity.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		title := v.naryn.activity.Title.Ky
		reaches := map[string]access.Scope{
			"everywhere": {}, "Osh": {City: "osh"}, "Naryn": {City: "naryn"}, "the programme": {Programme: v.osh.activity.Programme},
			"the event of Osh": {Activity: v.osh.activity.ID}, "the event of Naryn": {Activity: v.naryn.activity.ID},
		}
		opened, told := 0, 0
		for _, role := range access.Roles {
			if role == access.Participant {
				continue
			}
			for name, at := range reaches {
				b := h.signIn(h.person("Кызматкер "+string(role)+name, "osh", access.Grant{Role: role, Scope: at}))
				page := "/ky/people/" + her.String()
				status, _, _ := b.do(http.MethodGet, page, nil)
				if status != http.StatusOK {
					continue
				}
				opened++
				application, _, _ := b.do(http.MethodGet, "/ky/staff/seminars/"+v.naryn.activity.Slug+"/applicants/"+there.String(), nil)
				_, watched, _ := b.do(http.MethodGet, "/ky/staff/messages?activity="+v.naryn.activity.ID.String(), nil)
				reads := strings.Contains(watched, title)
				for _, of := range []string{"", "?of=part", "?of=messages", "?of=looks", "?of=record", "?of=consents", "?of=questions"} {
					_, body, _ := b.do(http.MethodGet, page+of, nil)
					if strings.Contains(body, there.String()) && application != http.StatusOK {
						t.Errorf("%s of %s is told of an application that does not open to her (%s)", role, name, of)
					}
					if strings.Contains(body, title) && application != http.StatusOK && !reads {
						t.Errorf("%s of %s is told of %q (%s)", role, name, title, of)
					}
					if of == "?of=part" && application == http.StatusOK {
						told++
						if !strings.Contains(body, there.String()) {
							t.Errorf("%s of %s is not told of an application that opens to her", role, name)
						}
					}
					if of == "?of=looks" && (role == access.Coordinator || role == access.Admin) {
						want := 1
						if application == http.StatusOK {
							want = 2
						}
						if have := strings.Count(body, `>`+h.Texts("ky").T("seminars.audit.viewed")+`</b>`); have < want || application != http.StatusOK && have > want {
							t.Errorf("%s of %s is told of %d looks at applications, want %d", role, name, have, want)
						}
					}
				}
			}
		}
		if opened < 4 || told == 0 {
			t.Errorf("%d pages opened, %d told of Naryn: this proves little", opened, told)
		}
	})
}

var earlierInStory = regexp.MustCompile(`rel="next" href="/ky(/people/[^"#]+)#story"`)

// The page of a person with thousands of events holds fifty of them, and the way to the
// others; of one moment or of many.
func TestTheStoryOfWhoHasThousandsOfEventsStaysSmall(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		v := buildTown(t, h)
		her, reader := v.personOf(v.osh), h.person("Окуган", "osh", access.Grant{Role: access.Coordinator})
		const each = 1250
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			for i := range each {
				at := storage.Micros(h.now.AddDate(-1, 0, 0)) + int64(i/7)*1_000_000 // seven share a moment
				for _, q := range []struct {
					query string
					args  []any
				}{
					{`INSERT INTO message (id, person_id, kind, activity_id, state, channel, attempts, made_at, due_at, moved_at) VALUES ($1, $2, 'seminars.invited', $3, 'sent', 'mail', 2, $4, $4, $4)`, []any{tx.NewID(), her, v.osh.activity.ID, at}},
					{`INSERT INTO consent (id, person_id, purpose, version, lang, given, at) VALUES ($1, $2, $3, '', 'ky', TRUE, $4)`, []any{tx.NewID(), her, fmt.Sprintf("forms.%d", i), at}},
					{`INSERT INTO application_move (id, application_id, from_state, to_state, why, at) VALUES ($1, $2, 'applied', 'invited', '', $3)`, []any{tx.NewID(), v.idOf(v.osh.application), at}},
					{`INSERT INTO audit_entry (id, at, actor_id, person_id, action, detail) VALUES ($1, $2, $3, $4, 'people.audit.viewed', '')`, []any{tx.NewID(), at, reader, her}},
				} {
					if _, err := tx.Exec(ctx, q.query, q.args...); err != nil {
						return err
					}
				}
			}
			return nil
		})
		b := h.signIn(reader)
		for kind, least := range map[string]int{"": 2*each + (each+6)/7, "part": each, "messages": each, "looks": each, "consents": (each + 6) / 7} {
			path, pages, events := "/people/"+her.String()+"?of="+kind, 0, 0
			for path != "" && pages < 4 {
				status, body, _ := b.do(http.MethodGet, "/ky"+strings.ReplaceAll(path, "&amp;", "&"), nil)
				if status != http.StatusOK || len(body) > 150_000 {
					t.Fatalf("%s: %d with %d bytes", path, status, len(body))
				}
				_, story, _ := strings.Cut(body, `id="story"`)
				story, _, _ = strings.Cut(story, "</section>")
				here := strings.Count(story, "<b>")
				if here != 50 && pages < 3 && least > 200 {
					t.Errorf("page %d of %q holds %d events", pages, kind, here)
				}
				pages, events, path = pages+1, events+here, ""
				if m := earlierInStory.FindStringSubmatch(story); m != nil {
					path = m[1]
				}
			}
			if pages < 4 {
				t.Errorf("%q ends after %d pages", kind, pages)
			}
		}
	})
}

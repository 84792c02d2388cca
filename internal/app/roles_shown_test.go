package app

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// Where somebody helps stands on her page. Whoever may see her and not the event reads that
// there is one, and neither its words nor its day; and only one that is over is called so.
func TestWhereSomebodyHelpsIsNamedToWhoMayKnowOfIt(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		invited, draft, over := hidden(h), hidden(h), hidden(h)
		draft.Slug, draft.State, draft.InvitationOnly = "jashyruun-dolboor", programme.Draft, false
		draft.Starts, draft.Ends = time.Time{}, time.Time{} // its day is not set yet
		over.Slug, over.State = "jashyruun-otkon", programme.Published
		over.Starts, over.Ends = h.now.AddDate(0, -3, 0), h.now.AddDate(0, -3, 0).Add(time.Hour)
		her := h.person("Асанова Айгүл", "osh")
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			for i, a := range []*programme.Activity{&invited, &draft, &over} {
				if *a, err = programme.Insert(ctx, tx, *a); err != nil {
					return err
				}
				role := [...]access.Role{access.Speaker, access.Interpreter, access.Editor}[i]
				if err := h.rooms.people.GiveHelpAwake(ctx, tx, people.Help{Person: her, Activity: a.ID, Role: role, Begins: h.now, Ends: h.now.AddDate(0, 1, 0)}); err != nil {
					return err
				}
			}
			return nil
		})
		staff := func(role access.Role, at access.Scope) *browser {
			return h.signIn(h.person("Кызматкер "+string(role)+" "+at.City, "osh", access.Grant{Role: role, Scope: at}))
		}
		page := "/ru/people/" + her.String()
		for who, c := range map[string]struct {
			b                 *browser
			named, one, ended int // events that are named, that are not, that are over
		}{
			"the coordinator of Osh":     {staff(access.Coordinator, access.Scope{City: "osh"}), 0, 3, 0},
			"a coordinator of all":       {staff(access.Coordinator, access.Scope{}), 2, 1, 0},
			"an administrator of all":    {staff(access.Admin, access.Scope{}), 2, 0, 1},
			"an administrator of a city": {staff(access.Admin, access.Scope{City: "osh"}), 0, 3, 0},
		} {
			status, body, _ := c.b.do(http.MethodGet, page, nil)
			_, roles, _ := strings.Cut(body, `<section id="roles">`)
			roles, _, _ = strings.Cut(roles, "<form method=\"post\" action=\""+page+"/roles\"") // what may be chosen is told to administrators
			if status != http.StatusOK || strings.Count(roles, "Жашыруунжыйын") != c.named || strings.Count(roles, "одно мероприятие") != c.one || strings.Count(roles, "прошедшее мероприятие") != c.ended {
				t.Errorf("%s, %d: %s", who, status, strings.Join(strings.Fields(roles), " "))
			}
			if c.named == 0 {
				if words := toldIn(body, invited); len(words) > 0 {
					t.Errorf("%s reads %q", who, words)
				}
			}
		}
	})
}

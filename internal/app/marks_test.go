package app

import (
	"context"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Who is signed in sees in the list of events which of them she applied to. Pages of the list
// are drawn once for all strangers, so whoever looks before or after her, in whatever order,
// must find nothing of it, and she nothing of another.
func TestTheListOfEventsMarksThoseSheAppliedToForHerAlone(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		a, other := h.upcoming("osh"), h.upcoming("naryn")
		staff := h.everywhere(access.Coordinator)
		aizada, burul, nobody := h.person("Айзада Бекова", "osh"), h.person("Бурул Асанова", "naryn"), storage.ID{}
		apps := map[storage.ID]seats.Application{}
		for person, at := range map[storage.ID]storage.ID{aizada: a.ID, burul: other.ID} {
			h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				apps[person], err = h.rooms.seminars.Invite(ctx, tx, seats.Invite{Activity: at, Actor: staff, Person: person})
				return err
			})
		}
		readers := map[storage.ID]*browser{aizada: h.signIn(aizada), burul: h.signIn(burul), nobody: h.signIn(nobody)}
		// Who only handed an application in is signed in nowhere.
		var token string
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			token, err = h.rooms.people.StartApplication(ctx, tx, apps[aizada].Person, apps[aizada].ID)
			return err
		})
		handed := storage.ID{9}
		readers[handed] = &browser{h: h, cookie: h.rooms.people.Cookie(token)}
		order := []storage.ID{nobody, aizada, burul, handed, nobody, burul, aizada, handed, nobody}
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, who := range order {
			for _, path := range []string{"/ky/events", "/ru/events?city=osh", "/en/events?city=naryn", "/ky/"} {
				status, page, head := readers[who].do(http.MethodGet, path, nil)
				if status != http.StatusOK {
					t.Fatalf("%s: %d", path, status)
				}
				for person, app := range apps {
					link := "/my/applications/" + app.ID.String()
					shown := path != "/ky/" && (strings.HasSuffix(path, "/events") || strings.Contains(path, map[storage.ID]string{aizada: "osh", burul: "naryn"}[person]))
					if there := strings.Contains(page, link); shown && there != (person == who) || there && person != who {
						t.Errorf("%s as %v: the application of %v is shown: %v", path, who, person, there)
					}
				}
				if cache := head.Get("Cache-Control"); who != nobody && cache != "no-store" {
					t.Errorf("%s may be kept: %q", path, cache)
				}
			}
		}
		_, page, _ := readers[aizada].do(http.MethodGet, "/en/events?city=osh", nil)
		if !regexp.MustCompile(`/my/applications/[^<]+<span[^>]*>[^<]*</span></a>\s*<span[^>]*>Invited<`).MatchString(page) {
			t.Errorf("her state is not said: %s", page)
		}
	})
}

package app

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// A page that stays open outlives the request that opened it, and may not outlive
// the right to read it.
func TestAStreamEndsWithTheSessionTheRoleAndTheRecord(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h bare, her *browser, id storage.ID){
		"sign-out": func(h bare, her *browser, _ storage.ID) {
			if status, _, _ := her.do(http.MethodPost, "/ru/sign-out", url.Values{}); status >= 400 {
				h.t.Fatalf("sign-out gave %d", status)
			}
		},
		"role": func(h bare, _ *browser, id storage.ID) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				grants, err := h.rooms.people.Grants(ctx, tx, id)
				if err != nil || len(grants) == 0 {
					h.t.Fatalf("grants %v, %v", grants, err)
				}
				_, err = tx.Exec(ctx, `DELETE FROM role_grant WHERE person_id = $1`, id)
				return err
			})
		},
		"erasure": func(h bare, _ *browser, id storage.ID) {
			if err := h.rooms.people.EraseForGood(h.t.Context(), id, id); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		for _, told := range []string{"told of a change", "left alone"} {
			t.Run(name+", "+told, func(t *testing.T) {
				eachBare(t, func(t *testing.T, h bare) {
					if told == "left alone" {
						h.bus.Recheck = time.Millisecond
					} else {
						h.bus.Recheck = time.Hour
					}
					a := h.upcoming("osh")
					staff := h.person("Айгүл", "osh", access.Grant{Role: access.Coordinator})
					server := httptest.NewServer(h.Handler())
					defer server.Close()
					her := h.signIn(staff)
					limit, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					r, err := http.NewRequestWithContext(limit, http.MethodGet, server.URL+"/ru/staff/seminars/"+a.Slug+"/news", nil)
					if err != nil {
						t.Fatal(err)
					}
					r.AddCookie(her.cookie)
					stream, err := server.Client().Do(r)
					if err != nil || stream.StatusCode != http.StatusOK {
						t.Fatalf("the stream: %v, %v", stream, err)
					}
					defer stream.Body.Close()
					lines := bufio.NewScanner(stream.Body)
					lines.Scan() // it is open
					if err := h.bus.Flush(t.Context()); err != nil {
						t.Fatal(err)
					}
					end(h, her, staff)
					if told == "told of a change" {
						h.bus.Publish("seminars."+a.ID.String(), []byte("news"))
					}
					for lines.Scan() {
						if strings.HasPrefix(lines.Text(), "data:") {
							t.Errorf("after the end she was told %q", lines.Text())
						}
					}
					if limit.Err() != nil {
						t.Error("the stream did not end")
					}
				})
			})
		}
	}
}

package app

import (
	"context"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// cookie gives a living session of somebody.
func (b before) cookie(t *testing.T, name string) *http.Cookie {
	t.Helper()
	for _, s := range b.saved.person(t, name).Sessions {
		if s.Alive && s.Stays {
			return b.People().Cookie(s.Token)
		}
	}
	t.Fatalf("%s has no living session", name)
	return nil
}

func pagesRead(t *testing.T, b before) {
	if len(b.saved.Pages) == 0 {
		t.Error("the manifest names no page")
	}
	for _, p := range b.saved.Pages {
		status, body := b.page(t, p.Path, b.cookie(t, p.Case))
		body = html.UnescapeString(body)
		for _, word := range p.Reads {
			if status != http.StatusOK || !strings.Contains(body, word) {
				t.Errorf("%s does not read %q in %s (%d)", p.Case, word, p.Path, status)
			}
		}
		for _, gone := range b.saved.Erased {
			for _, word := range gone.Words {
				if strings.Contains(body, word) {
					t.Errorf("%s reads %q of who was erased in %s", p.Case, word, p.Path)
				}
			}
		}
	}
}

// linksOpen follows the links of letters as a browser that knows nobody.
func linksOpen(t *testing.T, b before) {
	if len(b.saved.Links) == 0 {
		t.Error("the manifest names no link")
	}
	for _, l := range b.saved.Links {
		if status, body := b.page(t, l.Path); status != http.StatusOK || !strings.Contains(html.UnescapeString(body), l.Reads) {
			t.Errorf("%s of %s answers %d", l.Path, l.Case, status)
		}
	}
}

func draftsGoOn(t *testing.T, b before) {
	if len(b.saved.Drafts) == 0 {
		t.Error("the manifest names no draft")
	}
	for _, d := range b.saved.Drafts {
		_, body := b.page(t, "/ky/events/"+d.Activity+"/apply", &http.Cookie{Name: "ashar-draft", Value: d.Secret})
		for question, values := range d.Values {
			for _, v := range values {
				if !strings.Contains(html.UnescapeString(body), `value="`+v+`"`) {
					t.Errorf("the draft for %s has lost %q of %s", d.Activity, v, question)
				}
			}
		}
	}
}

func phonesScan(t *testing.T, b before) {
	if len(b.saved.Phones) == 0 {
		t.Error("the manifest names no phone")
	}
	for _, p := range b.saved.Phones {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/checkins", strings.NewReader(`{"scans":[]}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+p.Token)
		if answer := b.ask(t, r); answer.StatusCode != http.StatusOK {
			t.Errorf("the phone of %s is answered %d", p.Activity, answer.StatusCode)
		}
	}
}

// exportsAreWhole opens everything that is sealed under somebody's key.
func exportsAreWhole(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, want := range b.saved.People {
			all, err := b.People().Export(ctx, tx, want.ID)
			if err != nil {
				t.Errorf("%s: %v", want.Case, err)
				continue
			}
			raw, err := json.Marshal(all)
			if err != nil {
				return err
			}
			var have struct {
				Person struct {
					Details people.Details `json:"details"`
				} `json:"person"`
				Access       []json.RawMessage `json:"access"`
				Applications []json.RawMessage `json:"seminars.applications"`
				Messages     []struct {
					State   string `json:"state"`
					Subject string `json:"subject"`
				} `json:"messages.messages"`
			}
			if err := json.Unmarshal(raw, &have); err != nil {
				return err
			}
			states := map[string]int{}
			for _, m := range have.Messages {
				states[m.State]++
				if m.Subject == "" {
					t.Errorf("%s has a message without words", want.Case)
				}
			}
			if !maps.Equal(states, want.Messages) {
				t.Errorf("%s has the messages %v, want %v", want.Case, states, want.Messages)
			}
			if have.Person.Details.FullName != want.Details.FullName || len(have.Applications) != len(want.Applications) || len(have.Access) != want.Looks {
				t.Errorf("%s takes home %d applications and %d looks as %q, want %d and %d",
					want.Case, len(have.Applications), len(have.Access), have.Person.Details.FullName, len(want.Applications), want.Looks)
			}
		}
		return nil
	})
}

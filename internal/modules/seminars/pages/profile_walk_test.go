package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/phone"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// walker is somebody who tells every field that a form may ask for, the n-th value of
// each that is chosen.
func walker(n int) map[profile.Name][]string {
	tells := map[profile.Name][]string{}
	for _, f := range profile.Fields {
		switch {
		case f.Asks == "":
		case f.Name == profile.Email:
			tells[f.Name] = []string{fmt.Sprintf("walker%d@example.kg", n)}
		case f.Name == profile.Phone:
			tells[f.Name] = []string{fmt.Sprintf("+99655520%04d", n)}
		case f.Open:
			tells[f.Name] = []string{append([]string{"osh"}, f.Values(nil)...)[n%(len(f.Values(nil))+1)]}
		case f.Several:
			tells[f.Name] = []string{f.Values(nil)[n%len(f.Values(nil))], f.Values(nil)[(n+1)%len(f.Values(nil))]}
		case f.Chosen():
			tells[f.Name] = []string{f.Values(nil)[n%len(f.Values(nil))]}
		default:
			tells[f.Name] = []string{fmt.Sprintf("Кара Өзгөн %s %c", f.Name, 'а'+n)}
		}
	}
	if tells[profile.City][0] != profile.Other {
		delete(tells, profile.Village) // the form does not ask
	}
	return tells
}

// differs names the fields of a record that are not what somebody told.
func differs(tells map[profile.Name][]string, d people.Details) (names []profile.Name) {
	for _, f := range profile.Fields {
		if f.Asks != "" && !slices.Equal(tells[f.Name], d.Get(f.Name)) {
			names = append(names, f.Name)
		}
	}
	return names
}

// recordAt finds among records the one of an address.
func recordAt(t *testing.T, store *storage.Store, svc *people.Service, email string) (d people.Details) {
	t.Helper()
	if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := svc.Search(ctx, tx, people.Query{Text: email})
		if err == nil && len(list) != 1 {
			t.Fatalf("%d records have the address %s", len(list), email)
		}
		if err == nil {
			d = list[0].Details
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

// What a person tells on the form is in her record, in her own archive, on her own page,
// in the facts about her, in the table that staff take away, and in the register that
// reads that table: for each field, and for each value that may be chosen.
func TestEveryFieldOfAPersonComesThroughUnchanged(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Group = "" }, func(s stage) {
		most := 0
		for _, f := range profile.Fields {
			most = max(most, len(f.Values(nil)))
			if f.Asks != "" && !s.formNow().Asks(forms.QuestionKind(f.Asks)) {
				if err := s.change(forms.PutQuestion, "", forms.Written{Kind: forms.QuestionKind(f.Asks)}); err != nil {
					s.t.Fatalf("the form cannot ask for %s: %v", f.Name, err)
				}
			}
		}
		all := map[string]map[profile.Name][]string{}
		for n := range most {
			tells := walker(n)
			email := tells[profile.Email][0]
			all[email] = tells
			form := s.form(s.browser())
			for _, f := range profile.Fields {
				if f.Asks != "" {
					form["q_"+f.Asks] = tells[f.Name]
				}
			}
			her := s.browser()
			_, mark, _ := strings.Cut(second(her.do("GET", "/en/events/osh/apply", nil)), `name="draft" value="`)
			mark, _, _ = strings.Cut(mark, `"`)
			form.Set("draft", mark)
			status, page, to := s.send(her, form)
			for range 3 { // pages of twelve questions; the village is asked on one of its own
				_, step, more := strings.Cut(to, "step=")
				if !more {
					break
				}
				form.Set("step", step)
				status, page, to = s.send(her, form)
			}
			if status != http.StatusSeeOther {
				s.t.Fatalf("%d: the form answers %d\n%s", n, status, page)
			}
			app := s.at(to)
			p := s.person(app.Person)
			if names := differs(tells, p.Details); names != nil {
				s.t.Errorf("record %d: other values of %v: %+v", n, names, p.Details)
			}
			_, kept := p.Snapshot(nil, s.c.Now())
			if got, want := []string{kept.Sex, kept.AgeBand, kept.City, kept.Group, kept.Level}, []string{
				p.First(profile.Sex), p.First(profile.AgeBand), p.First(profile.City), p.First(profile.Group), p.First(profile.Level),
			}; !slices.Equal(got, want) {
				s.t.Errorf("facts about %d say %q, want %q", n, got, want)
			}
			s.ownPages(n, app.Person, tells)
			s.pass(time.Minute)
		}
		for _, l := range i18n.Languages {
			for _, format := range []string{"csv", "xlsx"} {
				b := &browser{t: s.t, base: s.url, staff: true}
				_, page, _ := b.do("GET", "/"+string(l)+"/staff/seminars/osh/applicants", nil)
				_, table, _ := b.do("POST", "/"+string(l)+"/staff/seminars/osh/export", url.Values{"format": {format}, "form_token": {tokenOf(page)}})
				store := storagetest.Open(s.t)
				keys, err := seal.New(bytes.Repeat([]byte{9}, seal.SecretLen))
				if err != nil {
					s.t.Fatal(err)
				}
				other := people.New(people.Options{Keys: keys, Store: store, Book: profile.NewBook(store)})
				report, err := other.ImportFile(s.t.Context(), store, strings.NewReader(table), "list."+format, false)
				if err != nil || report.Added != most {
					s.t.Fatalf("%s %s: %+v, %v", l, format, report, err)
				}
				for _, email := range slices.Sorted(maps.Keys(all)) {
					d := recordAt(s.t, store, other, email)
					if names := differs(all[email], d); names != nil {
						s.t.Errorf("%s %s: %s: other values of %v: %+v", l, format, email, names, d)
					}
				}
			}
		}
	})
}

func second(_ int, page, _ string) string { return page }

// ownPages looks at what she is shown of herself, on her page and in her archive.
func (s stage) ownPages(n int, person storage.ID, tells map[profile.Name][]string) {
	s.t.Helper()
	her := s.browser()
	write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
		token, err := s.m.People.StartSession(ctx, tx, person, access.OfProof)
		her.jar = map[string]string{s.m.People.Cookie(token).Name: token}
		return err
	})
	for _, l := range i18n.Languages {
		c, err := i18n.Load(profile.Texts(), web.Texts())
		if err != nil {
			s.t.Fatal(err)
		}
		say := c.Printer(l)
		status, page, _ := her.do("GET", "/"+string(l)+"/me", nil)
		if status != http.StatusOK {
			s.t.Fatalf("%s: her page: %d", l, status)
		}
		page = html.UnescapeString(page)
		for name, values := range tells {
			f := profile.Of(name)
			words := make([]string, len(values))
			for i, v := range values {
				switch {
				case f.Open && !slices.Contains(f.Values(nil), v): // a city, as the house of the test calls it
					words[i] = map[string]string{"osh": "Ош"}[v]
				case name == profile.Phone:
					words[i] = phone.Display(v)
				default:
					words[i] = f.Word(say, v)
				}
			}
			if want := "<dt>" + f.Label(say) + "</dt><dd>" + strings.Join(words, ", ") + "</dd>"; !strings.Contains(page, want) {
				s.t.Errorf("%s: her page (%d) does not say %q", l, n, want)
			}
		}
	}
	var archive map[string]any
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		archive, err = s.m.People.Export(ctx, tx, person)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	raw, err := json.Marshal(archive["person"])
	if err != nil {
		s.t.Fatal(err)
	}
	var kept struct {
		Details map[string]any `json:"details"`
	}
	if err := json.Unmarshal(raw, &kept); err != nil {
		s.t.Fatal(err)
	}
	for name, values := range tells {
		want := values[0]
		if profile.Of(name).Several {
			want = fmt.Sprint(values)
		}
		if got := fmt.Sprint(kept.Details[string(name)]); got != want {
			s.t.Errorf("her archive (%d) has %q as %s, want %q", n, got, name, want)
		}
	}
}

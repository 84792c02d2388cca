package roster_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/people/roster"
)

// leaves gives the values of JSON as they stand in it, in no order.
func leaves(v any) (out []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			out = append(out, leaves(one)...)
		}
	case []any:
		for _, one := range v {
			out = append(out, leaves(one)...)
		}
	case string:
		return []string{v}
	case nil:
		return []string{"null"}
	default:
		raw, _ := json.Marshal(v)
		return []string{string(raw)}
	}
	return out
}

func read(k roster.Kept) (out []string) {
	if k.Plain {
		return []string{k.Raw}
	}
	for _, p := range k.Parts {
		out = append(out, read(p)...)
	}
	return out
}

// Whatever an archive holds is read, each value once, and nothing else is.
func TestAnArchiveIsReadWhole(t *testing.T) {
	t.Parallel()
	say := i18n.Catalogue{}
	var values *rapid.Generator[any]
	values = rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return rapid.Bool().Draw(t, "yes")
		case 1:
			return rapid.Int32().Draw(t, "number")
		case 2:
			out := map[string]any{}
			for range rapid.IntRange(0, 3).Draw(t, "names") {
				out[rapid.SampledFrom([]string{"at", "state", "words", "Чоң", "", "ky"}).Draw(t, "name")] = values.Draw(t, "value")
			}
			return out
		case 3:
			return rapid.SliceOfN(values, 0, 3).Draw(t, "list")
		case 4:
			return nil
		default:
			return rapid.SampledFrom([]string{"", "Асан", "2026-11-29T06:00:00Z", "0001-01-01T00:00:00Z", "applied", "00000000-0000-0000-0000-000000000000", "<b>", "a\x00b"}).Draw(t, "text")
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		archive := map[string]any{"person": values.Draw(t, "person"), "access": values.Draw(t, "access"), "seminars.applications": values.Draw(t, "applications")}
		raw, err := json.Marshal(archive)
		if err != nil {
			t.Fatal(err)
		}
		sections, _, err := roster.Read(roster.Reading{Say: say.Printer(i18n.Kyrgyz), Lang: i18n.Kyrgyz}, raw)
		if err != nil {
			t.Fatal(err)
		}
		var again any
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		want, got := leaves(again), []string{}
		for _, s := range sections {
			got = append(got, read(s)...)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s is read as %q", raw, got)
		}
	})
}

var keptValue = regexp.MustCompile(`(?s)<data(?: value="([^"]*)")?>(.*?)</data>`)

// The page holds each value of the file that is taken beside it, and the file each of the
// page; it asks for a sign-in of the last quarter of an hour, as the file does.
func TestThePageOfWhatIsKeptIsTheArchive(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан <Үсөнов> & уулу", Email: "a@mail.kg", City: "osh", Sex: "male", BirthYear: 1987, Languages: []string{"ky", "ru"}})
	v := h.As(t, p)
	if status, _ := v.Post("/ru/me", "/ru/me/consents", url.Values{"purpose": {people.ForPhoto}, "shown": {people.ForPhoto + " " + h.People.WordingVersion(people.ForPhoto)}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	_, page := v.Get("/ru/me/kept")
	status, file := v.Post("/ru/me", "/ru/me/export", url.Values{"format": {"json"}})
	if status != http.StatusOK {
		t.Fatal(status)
	}
	var archive map[string]any
	if err := json.Unmarshal([]byte(file), &archive); err != nil {
		t.Fatal(err)
	}
	log := archive["access"].([]any) // the file tells that the page was read before it
	archive["access"] = slices.DeleteFunc(log, func(e any) bool { return e.(map[string]any)["action"] == "people.audit.exported" })
	if len(log) != 2 {
		t.Errorf("the log holds %v", log)
	}
	want, got := leaves(archive), []string{}
	for _, m := range keptValue.FindAllStringSubmatch(page, -1) {
		if raw := html.UnescapeString(m[1]); raw != "" {
			got = append(got, raw)
		} else {
			got = append(got, strings.TrimSpace(html.UnescapeString(m[2])))
		}
	}
	want = slices.DeleteFunc(want, func(s string) bool { return s == "" })
	got = slices.DeleteFunc(got, func(s string) bool { return s == "—" })
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the page holds\n%q\nthe file\n%q", got, want)
	}
	for _, words := range []string{"Мужской", "1987", "Асан &lt;Үсөнов&gt; &amp; уулу", "Публикация фото и видео"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if out := strings.Index(mustGet(t, v, "/ru/me"), `action="/ru/sign-out"`); out < 0 || out > strings.Index(mustGet(t, v, "/ru/me"), "<h2>") {
		t.Error("the way out does not stand at the top of My data")
	}
}

func mustGet(t *testing.T, v *peopletest.Visitor, path string) string {
	t.Helper()
	status, body := v.Get(path)
	if status != http.StatusOK {
		t.Fatalf("%s gives %d", path, status)
	}
	return body
}

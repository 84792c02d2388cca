package materials_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func photo(t *testing.T, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	pic := image.NewRGBA(image.Rect(0, 0, 8, 8))
	pic.Set(1, 1, color.RGBA{200, 10, 10, 255})
	var b bytes.Buffer
	if err := encode(&b, pic); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const shelf = "/plan/materials/activists-osh"

func TestAMaterialIsReadByItsAudienceAndByNobodyElse(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		for _, c := range []struct {
			audience materials.Audience
			reads    map[string]int
		}{
			{materials.ForAll, map[string]int{"": 200, "other": 200, "guest": 200, "donor": 200, "facilitator": 200, "coordinator": 200}},
			{materials.ForParticipants, map[string]int{"": 303, "other": 404, "guest": 200, "donor": 404, "facilitator": 200, "coordinator": 200}},
			{materials.ForStaff, map[string]int{"": 303, "other": 404, "guest": 404, "donor": 404, "facilitator": 200, "coordinator": 200}},
		} {
			own := d.add(shelf, "activists-osh", "own-"+string(c.audience)+".pdf", c.audience)
			shared := d.add("/plan/templates/activists/materials", "activists-osh", "shared-"+string(c.audience)+".pdf", c.audience)
			for who, want := range c.reads {
				for _, m := range []materials.Material{own, shared} {
					if res, _ := d.ask("GET", "/en"+m.Path(), who, nil, nil); res.StatusCode != want {
						d.T.Errorf("%s for %s read by %q: %d, want %d", m.Name, c.audience, who, res.StatusCode, want)
					}
					_, page := d.ask("GET", "/en/events/activists-osh", who, nil, nil)
					if has := strings.Contains(page, m.ID.String()); has != (want == 200) {
						d.T.Errorf("the page of the seminar names %s to %q: %v", m.Name, who, has)
					}
				}
			}
		}
		// Of a draft only staff read anything.
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := d.Programme.Publish(ctx, tx, programme.Publish{Actor: programmetest.Coordinator, Slug: "activists-osh"})
			return err
		})
		own, shared := d.materials("activists-osh")[3], d.materials("activists-osh")[0]
		for who, want := range map[string]int{"": 404, "guest": 404, "facilitator": 200} {
			if res, _ := d.ask("GET", "/en"+own.Path(), who, nil, nil); res.StatusCode != want {
				d.T.Errorf("of a draft %q reads: %d, want %d", who, res.StatusCode, want)
			}
		}
		if res, _ := d.ask("GET", "/en"+shared.Path(), "", nil, nil); res.StatusCode != 200 {
			d.T.Errorf("what the template gives to other copies too: %d", res.StatusCode)
		}
	})
}

func TestOnlyWhoPlansTouchesTheShelf(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		m := d.add(shelf, "activists-osh", "agenda.pdf", materials.ForAll)
		for _, who := range []string{"", "guest", "donor", "facilitator"} {
			for _, path := range []string{shelf, shelf + "/" + m.ID.String(), shelf + "/" + m.ID.String() + "/move"} {
				for _, method := range []string{"GET", "POST"} {
					res, _ := d.ask(method, "/en"+path, who, url.Values{"audience": {"public"}}, []upload{{"x.pdf", paper("x")}})
					if res.StatusCode < 300 || res.StatusCode == 303 && !strings.Contains(res.Header.Get("Location"), "/sign-in") {
						d.T.Errorf("%s %s as %q: %d", method, path, who, res.StatusCode)
					}
				}
			}
		}
		// A material of one shelf is not on another.
		if res, _ := d.ask("GET", "/en/plan/materials/activists-naryn/"+m.ID.String(), "coordinator", nil, nil); res.StatusCode != 404 {
			d.T.Errorf("the material of Osh on the shelf of Naryn: %d", res.StatusCode)
		}
		if res, _ := d.ask("POST", "/en"+shelf+"/"+m.ID.String()+"/delete", "coordinator", nil, nil); res.StatusCode != 403 {
			d.T.Errorf("deleted without the form's token: %d", res.StatusCode)
		}
		if n := len(d.materials("activists-osh")); n != 1 {
			d.T.Errorf("%d materials, want 1", n)
		}
	})
}

func TestHostileUploadsAreNamedAndStoreNothing(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		good := d.add(shelf, "activists-osh", "good.pdf", materials.ForAll)
		before := d.stored()
		html := "<html><script>alert(1)</script></html>"
		for _, c := range []struct {
			name   string
			files  []upload
			status int
			says   string
		}{
			{"nothing", nil, 422, "Choose at least one file"},
			{"empty", []upload{{"empty.pdf", nil}}, 422, "empty.pdf: the file is empty"},
			{"ten megabytes", []upload{{"big.pdf", append(append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte{' '}, 10<<20)...), "%%EOF"...)}}, 422, "big.pdf: too large"},
			{"forty megabytes", []upload{{"huge.pdf", bytes.Repeat([]byte{' '}, 40<<20)}}, 422, "huge.pdf: too large, at most 10 MB"},
			{"a PDF with script", []upload{{"script.pdf", []byte("%PDF-1.4\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(1)>>>>endobj\n%%EOF")}}, 422, "script.pdf: this PDF carries other files or does something by itself"},
			{"a PDF with a password", []upload{{"locked.pdf", []byte("%PDF-1.4\ntrailer<</Encrypt 1 0 R>>\n%%EOF")}}, 422, "locked.pdf: this PDF is encrypted"},
			{"a PDF that hides", []upload{{"odd.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/ObjStm/First 5/Filter/A85>>stream\nx\nendstream\n%%EOF")}}, 422, "odd.pdf: this PDF cannot be looked through"},
			{"a picture of ten billion points", []upload{{"bomb.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x06\x00\x00\x00\xb0\x5b\x8c\xff")}}, 422, "bomb.png: "},
			{"a page of HTML", []upload{{"page.pdf", []byte(html)}}, 422, "page.pdf: not a PDF"},
			{"SVG with script", []upload{{"picture.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)}}, 422, "picture.png: not a PDF"},
			{"a program", []upload{{"agenda.pdf", []byte("MZ\x90\x00")}}, 422, "agenda.pdf: not a PDF"},
			{"a PDF cut off", []upload{{"half.pdf", []byte("%PDF-1.4\nand no end")}}, 422, "half.pdf: not a PDF"},
			{"a picture that is none", []upload{{"a.png", []byte("\x89PNG\r\n\x1a\n and nonsense")}}, 422, "a.png: not a PDF"},
			{"the same file again", []upload{{"copy.pdf", paper("good.pdf")}}, 422, "copy.pdf: the same file is here already"},
			{"eleven at once", func() (list []upload) {
				for i := range 11 {
					list = append(list, upload{fmt.Sprintf("%d.pdf", i), paper(fmt.Sprint(i))})
				}
				return list
			}(), 422, "At most 10 files"},
		} {
			res, body := d.ask("POST", "/en"+shelf, "coordinator", url.Values{"audience": {"public"}, "language": {"ru"}}, c.files)
			if res.StatusCode != c.status || !strings.Contains(body, c.says) {
				at := strings.Index(body, "notice bad")
				d.T.Errorf("%s: %d, want %d and %q: %.400s", c.name, res.StatusCode, c.status, c.says, body[max(0, at):])
			}
		}
		if n := len(d.materials("activists-osh")); n != 1 {
			d.T.Errorf("%d materials were stored", n-1)
		}
		// Only the file of the refused twin lies there, and goes with the next tidying.
		d.tidy(before + 1)
		if n := d.stored(); n != before {
			d.T.Errorf("%d files, want %d", n, before)
		}
		for _, field := range []url.Values{{"audience": {"everyone"}, "language": {"ru"}}, {"audience": {"public"}, "language": {"xx"}}, {}} {
			if res, _ := d.ask("POST", "/en"+shelf, "coordinator", field, []upload{{"x.pdf", paper("x")}}); res.StatusCode != 422 {
				d.T.Errorf("%v: %d", field, res.StatusCode)
			}
		}
		// A name that climbs keeps its last part, one that turns round turns no more, a wrong ending becomes the right one, good files beside bad ones are taken.
		res, body := d.ask("POST", "/en"+shelf, "coordinator", url.Values{"audience": {"public"}, "language": {"en"}}, []upload{
			{"../../../etc/passwd.exe", paper("climbs")}, {"fdp.\u202Eagenda.pdf", paper("turns")}, {"bad.pdf", []byte(html)},
		})
		if res.StatusCode != 422 || !strings.Contains(body, "bad.pdf: not a PDF") {
			d.T.Errorf("one good, one bad: %d", res.StatusCode)
		}
		list := d.materials("activists-osh")
		if len(list) != 3 || list[2].Name != "fdp.agenda.pdf" || list[1].Name != "passwd.pdf" || list[1].Title.En != "passwd" || list[0].ID != good.ID {
			d.T.Errorf("materials: %+v", list)
		}
	})
}

// tidy runs the work that is due in an hour; want is how many files there are before.
func (d desk) tidy(want int) {
	d.T.Helper()
	if n := d.stored(); n != want {
		d.T.Errorf("%d files before tidying, want %d", n, want)
	}
	var payloads []string
	if err := d.Store.Read(d.T.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		payloads, err = storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) {
			err = row.Scan(&s)
			return s, err
		}, `SELECT payload FROM job WHERE kind = 'programme.tidy_file'`)
		return err
	}); err != nil {
		d.T.Fatal(err)
	}
	for _, kind := range d.Materials.Manifest().Jobs {
		for _, p := range payloads {
			if err := kind.Do(d.T.Context(), d.Store, json.RawMessage(p)); err != nil {
				d.T.Fatal(err)
			}
		}
	}
}

func TestAPolyglotIsSavedAndNeverRun(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		both := append(paper("both"), "<script>alert(document.domain)</script>%%EOF"...)
		jpg := photo(d.T, func(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) })
		gps := append(append([]byte{}, jpg[:2]...), append([]byte("\xff\xe1\x00\x2eExif\x00\x00GPSLatitude 42.87 phone of Aigul......."), jpg[2:]...)...)
		tail := append(photo(d.T, png.Encode), "PK\x03\x04<script>alert(1)</script>"...)
		res, body := d.ask("POST", "/en"+shelf, "coordinator", url.Values{"audience": {"public"}, "language": {""}}, []upload{{"both.pdf", both}, {"gps.jpg", gps}, {"tail.png", tail}})
		if res.StatusCode != http.StatusSeeOther {
			d.T.Fatalf("%d %s", res.StatusCode, body)
		}
		for _, m := range d.materials("activists-osh") {
			res, body := d.ask("GET", "/en"+m.Path(), "", nil, nil)
			h := res.Header
			if res.StatusCode != 200 || h.Get("Content-Type") != m.Type || h.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Security-Policy") != "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox" {
				d.T.Errorf("%s: %d %v", m.Name, res.StatusCode, h)
			}
			if m.Type != files.PDF && (strings.Contains(body, "GPS") || strings.Contains(body, "<script")) {
				d.T.Errorf("%s keeps what hid in it", m.Name)
			}
		}
	})
}

func TestAFileIsSentWholeInPartsOrNotAgain(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		m := d.add(shelf, "activists-osh", "Күн тартиби.pdf", materials.ForAll)
		whole := string(paper("Күн тартиби.pdf"))
		res, body := d.ask("GET", "/ky"+m.Path(), "", nil, nil)
		tag := res.Header.Get("ETag")
		if body != whole || res.Header.Get("Accept-Ranges") != "bytes" || tag == "" || res.Header.Get("Cache-Control") != "public, no-cache" {
			d.T.Errorf("whole: %d bytes, %v", len(body), res.Header)
		}
		if got := res.Header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''%D0%9A%D2%AF%D0%BD%20%D1%82%D0%B0%D1%80%D1%82%D0%B8%D0%B1%D0%B8.pdf" {
			d.T.Errorf("the name: %s", got)
		}
		if res, body := d.ask("GET", "/ky"+m.Path(), "", nil, nil, "Range", "bytes=5-9"); res.StatusCode != 206 || body != whole[5:10] {
			d.T.Errorf("a part: %d %q", res.StatusCode, body)
		}
		if res, _ := d.ask("GET", "/ky"+m.Path(), "", nil, nil, "Range", "bytes=99999-"); res.StatusCode != 416 {
			d.T.Errorf("a part that is not there: %d", res.StatusCode)
		}
		if res, _ := d.ask("GET", "/ky"+m.Path(), "", nil, nil, "If-None-Match", tag); res.StatusCode != 304 {
			d.T.Errorf("not again: %d", res.StatusCode)
		}
		if res, body := d.ask("HEAD", "/ky"+m.Path(), "", nil, nil); res.StatusCode != 200 || body != "" || res.ContentLength != int64(len(whole)) {
			d.T.Errorf("head: %d, %d bytes", res.StatusCode, res.ContentLength)
		}
		if res, _ := d.ask("GET", m.Path(), "", nil, nil); res.StatusCode != 302 || !strings.HasSuffix(res.Header.Get("Location"), m.Path()) {
			d.T.Errorf("without a language: %d to %s", res.StatusCode, res.Header.Get("Location"))
		}
		for _, path := range []string{"/materials/nonsense", "/materials/" + storage.ID{1}.String()} {
			if res, _ := d.ask("GET", "/ky"+path, "", nil, nil); res.StatusCode != 404 {
				d.T.Errorf("%s: %d", path, res.StatusCode)
			}
		}
	})
}

func TestAMaterialIsRenamedReplacedMovedAndDeleted(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		var list []materials.Material
		for _, name := range []string{"a.pdf", "b.pdf", "c.pdf"} {
			list = append(list, d.add(shelf, "activists-osh", name, materials.ForAll))
		}
		order := func() (out string) {
			for _, m := range d.materials("activists-osh") {
				out += m.Title.Ru
			}
			return out
		}
		for _, step := range []struct {
			id   storage.ID
			to   string
			want string
		}{
			{list[2].ID, "up", "acb"},
			{list[2].ID, "up", "cab"},
			{list[2].ID, "up", "cab"},
			{list[0].ID, "down", "cba"},
			{list[0].ID, "down", "cba"},
		} {
			d.ask("POST", "/en"+shelf+"/"+step.id.String()+"/move", "coordinator", url.Values{"to": {step.to}}, nil)
			if got := order(); got != step.want {
				d.T.Errorf("order %s, want %s", got, step.want)
			}
		}
		one := "/en" + shelf + "/" + list[0].ID.String()
		form := url.Values{"version": {"1"}, "title_ky": {"Күн тартиби"}, "title_ru": {"Программа дня"}, "title_en": {"Agenda"}, "audience": {"participants"}, "language": {"ky"}}
		if res, body := d.ask("POST", one, "coordinator", form, []upload{{"new.txt", paper("new")}}); res.StatusCode != 303 {
			d.T.Fatalf("replace: %d %s", res.StatusCode, body)
		}
		m := d.materials("activists-osh")[2]
		if m.ID != list[0].ID || m.Title.Ky != "Күн тартиби" || m.Audience != materials.ForParticipants || m.Name != "new.pdf" || m.Version != 2 {
			d.T.Errorf("changed: %+v", m)
		}
		if _, body := d.ask("GET", "/en"+m.Path(), "guest", nil, nil); body != string(paper("new")) {
			d.T.Errorf("the old address gives %q", body)
		}
		if res, _ := d.ask("POST", one, "coordinator", form, nil); res.StatusCode != 409 {
			d.T.Errorf("the slower of two: %d", res.StatusCode)
		}
		form.Set("version", "2")
		if res, _ := d.ask("POST", one, "coordinator", form, []upload{{"b.pdf", paper("b.pdf")}}); res.StatusCode != 409 {
			d.T.Errorf("replaced by one that is there: %d", res.StatusCode)
		}
		form.Set("title_en", "Agenda of the day")
		if res, _ := d.ask("POST", one, "coordinator", form, nil); res.StatusCode != 303 {
			d.T.Errorf("renamed: %d", res.StatusCode)
		}
		m = d.materials("activists-osh")[2]
		if m.Stale.Since("title", i18n.Kyrgyz).IsZero() || m.Digest == list[0].Digest {
			d.T.Errorf("renamed: %+v", m)
		}
		for _, bad := range []url.Values{{"version": {"3"}, "audience": {"public"}}, {"version": {"3"}, "title_ru": {strings.Repeat("о", 301)}, "audience": {"public"}}} {
			if res, _ := d.ask("POST", one, "coordinator", bad, nil); res.StatusCode != 422 {
				d.T.Errorf("a bad title: %d", res.StatusCode)
			}
		}
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-osh")
			if err != nil {
				return err
			}
			return d.Materials.Remove(ctx, tx, programmetest.Coordinator, materials.Shelf{Activity: a.ID}, m.ID)
		})
		if res, _ := d.ask("GET", "/en"+m.Path(), "guest", nil, nil); res.StatusCode != 404 {
			d.T.Errorf("deleted: %d", res.StatusCode)
		}
		// a, b, c, new and the refused twin of b lie there until they are tidied up.
		d.tidy(5)
		if n := d.stored(); n != 2 {
			d.T.Errorf("%d files are left of 2", n)
		}
		kept := d.materials("activists-osh")[0]
		if err := d.Files.Delete(d.T.Context(), kept.File); err != nil {
			d.T.Fatal(err)
		}
		if res, _ := d.ask("GET", "/en"+kept.Path(), "", nil, nil); res.StatusCode != 503 {
			d.T.Errorf("a file that was lost: %d", res.StatusCode)
		}
	})
}

func TestACopyMadeLaterHasTheMaterialsOfItsTemplate(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		d.add("/plan/templates/activists/materials", "activists-osh", "agenda.pdf", materials.ForAll)
		made := d.Copies("activists", programmetest.Eight()[:1])
		list := d.materials(made[0].Slug)
		if len(list) != 1 || list[0].Title.Ru != "agenda" {
			d.T.Errorf("the new copy has %+v", list)
		}
		if got := d.materials("media-osh"); len(got) != 0 {
			d.T.Errorf("a copy of another template has %+v", got)
		}
	})
}

// desk has a shelf of materials.
type desk struct{ programmetest.Desk }

func openDesk(t *testing.T, f func(d desk)) {
	t.Helper()
	programmetest.OpenDesk(t, func(d programmetest.Desk) { f(desk{d}) })
}

// upload is one file of a form.
type upload struct {
	name string
	data []byte
}

// ask sends a request and gives the answer with its whole body.
func (d desk) ask(method, path, who string, fields url.Values, list []upload, headers ...string) (*http.Response, string) {
	d.T.Helper()
	var files []programmetest.Upload
	for _, u := range list {
		files = append(files, programmetest.Upload{Name: u.name, Data: u.data})
	}
	return d.Ask(method, path, who, fields, files, headers...)
}

func (d desk) materials(slug string) (list []materials.Material) {
	d.T.Helper()
	if err := d.Store.Read(d.T.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := programme.BySlug(ctx, tx, slug)
		if err != nil {
			return err
		}
		list, err = materials.Of(ctx, tx, a)
		return err
	}); err != nil {
		d.T.Fatal(err)
	}
	return list
}

func (d desk) stored() (n int) {
	d.T.Helper()
	list, err := d.Files.List(d.T.Context(), "")
	if err != nil {
		d.T.Fatal(err)
	}
	return len(list)
}

// add puts a file on a shelf and gives the material.
func (d desk) add(base, slug, name string, audience materials.Audience) materials.Material {
	d.T.Helper()
	res, body := d.ask("POST", "/en"+base, "coordinator", url.Values{"audience": {string(audience)}, "language": {"ru"}}, []upload{{name, paper(name)}})
	if res.StatusCode != http.StatusSeeOther {
		d.T.Fatalf("add %s: %d\n%s", name, res.StatusCode, body)
	}
	for _, m := range d.materials(slug) {
		if m.Title.Ru == strings.TrimSuffix(name, ".pdf") {
			return m
		}
	}
	d.T.Fatalf("%s was not added", name)
	return materials.Material{}
}

// paper is a small PDF that says who it is.
func paper(says string) []byte {
	return []byte("%PDF-1.4\n% " + says + "\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

package pages

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// send posts a page of a form with one file.
func (b *browser) send(path string, form url.Values, field, name string, body io.Reader) (int, string, string) {
	b.t.Helper()
	raw, err := io.ReadAll(body)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.told(b.web().Upload(b.t, path, form, webtest.File{Field: field, Name: name, Body: raw}))
}

func (b *browser) post(path string, body io.Reader, kind string) (int, string, string) {
	b.t.Helper()
	return b.told(b.web().Send(b.t, http.MethodPost, path, kind, body))
}

// withFile is an activity whose form asks for a file on its only page.
func withFile(t *testing.T, store *storage.Store, c *storagetest.Clock, required bool) (*Module, string) {
	t.Helper()
	m, a := rushed(t, store, 100)
	form := seats.UsualForm(a.Group)
	form.Questions = append(form.Questions, forms.Question{Key: "work", Kind: forms.AskFile, Required: required, Label: i18n.Text{Ky: "Иш"}, Help: i18n.Text{Ky: "Ишиңиз"}})
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		return seats.ApplicationForms.Save(ctx, tx, seats.FormOwner(a), false, form)
	})
	return m, serve(t, m, c)
}

// grainy is a photo of about so many bytes.
func grainy(t *testing.T, width, height, quality int) []byte {
	t.Helper()
	pic, seed := image.NewGray(image.Rect(0, 0, width, height)), uint32(7)
	for y := range height {
		for x := range width {
			seed = seed*1664525 + 1013904223
			pic.SetGray(x, y, color.Gray{Y: uint8(seed >> 24)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pic, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestThePhotoOfATelephoneIsTakenAndMadeSmaller(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, site := withFile(t, store, c, true)
		photo := grainy(t, 3600, 2700, 80)
		if len(photo) < 5<<20 || len(photo) > files.Most {
			t.Fatalf("a photo of %d bytes proves nothing", len(photo))
		}
		her := &browser{t: t, base: site}
		if _, page, _ := her.do("GET", "/ky/events/osh/apply", nil); !strings.Contains(page, "Ишиңиз PDF, JPEG же PNG, 10 МБга чейин") || !strings.Contains(page, `data-most="10485760"`) {
			t.Error("the limit is not told before choosing")
		}
		if status, page, to := her.send("/ky/events/osh/apply", fill(), "q_work", "IMG_2044.jpeg", bytes.NewReader(photo)); status != http.StatusSeeOther {
			t.Fatalf("%d to %q\n%s", status, to, page)
		}
		kept := lastAnswers(t, m).Files["work"]
		pic, err := jpeg.DecodeConfig(bytes.NewReader(kept.Data))
		if err != nil || pic.Width != files.Answer.Side || kept.Name != "IMG_2044.jpg" || len(kept.Data) >= len(photo) {
			t.Errorf("kept %q of %d bytes, %d pixels wide, %v", kept.Name, len(kept.Data), pic.Width, err)
		}
	})
}

func TestWhateverIsWrongWithAFileIsSaidAtItsFieldAndAllThatWasTypedStays(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, site := withFile(t, store, c, true)
		xs := func(n int) io.Reader { return strings.NewReader(strings.Repeat("x", n)) }
		for name, file := range map[string]struct {
			body io.Reader
			says string
		}{
			"a photo beyond the limit": {xs(files.Most + 1), "Файл өтө чоң: 10 МБга чейин"},
			"a film":                   {xs(40 << 20), "Файл өтө чоң: 10 МБга чейин"},
			"no picture":               {xs(6 << 20), "PDF, JPEG же PNG файлын тандаңыз"},
			"a PDF that acts":          {strings.NewReader("%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(1)>>>>endobj\n%%EOF"), "Бул PDF ичинде башка файлдар бар"},
			"a locked PDF":             {strings.NewReader("%PDF-1.4\ntrailer<</Encrypt 2 0 R>>\n%%EOF"), "Бул PDF шифрленген"},
		} {
			her := &browser{t: t, base: site}
			her.do("GET", "/ky/events/osh/apply", nil)
			status, page, _ := her.send("/ky/events/osh/apply", fill("q_name", "Айгүл Асанова", "q_email", "kept@example.kg"), "q_work", "a.jpg", file.body)
			if status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="f-q_work-error"`) || !strings.Contains(page, file.says) {
				t.Errorf("%s: %d, want %q at its field", name, status, file.says)
			}
			for _, typed := range []string{"Айгүл Асанова", "kept@example.kg"} {
				if !strings.Contains(page, `value="`+typed+`"`) {
					t.Errorf("%s: %q is away", name, typed)
				}
			}
		}
		var n int
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM application`).Scan(&n)
		})
		if n != 0 {
			t.Errorf("%d applications were taken", n)
		}
	})
}

// TestTheNameOfAFileRefusesNobody sends names that a browser leaves as they are: turned
// around, with what nobody sees, with control characters.
func TestTheNameOfAFileRefusesNobody(t *testing.T) {
	t.Parallel()
	photo := string(grainy(t, 40, 30, 80))
	for name, kept := range map[string]string{
		"гр\u202egpj.exe":    "грgpj.jpg",
		"a\x01b\x1b\u200b.p": "ab.jpg",
		"\u202e":             "file.jpg",
	} {
		at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			m, site := withFile(t, store, c, true)
			her := &browser{t: t, base: site}
			her.do("GET", "/ky/events/osh/apply", nil)
			body := "--between\r\nContent-Disposition: form-data; name=\"q_work\"; filename=\"" + name + "\"\r\n\r\n%s\r\n"
			for field, values := range fill("q_name", "Айгүл Асанова", "q_email", "her@example.kg") {
				for _, v := range values {
					body += "--between\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + v + "\r\n"
				}
			}
			body += "--between--\r\n"
			post := func(file string) (int, string, string) {
				return her.post("/ky/events/osh/apply", strings.NewReader(strings.Replace(body, "%s", file, 1)), "multipart/form-data; boundary=between")
			}
			if status, page, _ := post("no picture"); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="f-q_work-error"`) || !strings.Contains(page, `value="Айгүл Асанова"`) {
				t.Errorf("%q with something wrong: %d, the form is away", name, status)
			}
			if status, page, to := post(photo); status != http.StatusSeeOther {
				t.Errorf("%q: %d to %q\n%.3000s", name, status, to, page)
			} else if got := lastAnswers(t, m).Files["work"].Name; got != kept {
				t.Errorf("%q is kept as %q, want %q", name, got, kept)
			}
		})
	}
}

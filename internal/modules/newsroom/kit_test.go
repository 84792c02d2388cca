package newsroom

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// kitRooms are newsrooms on both engines that keep files in a folder.
func kitRooms(t *testing.T, f func(v room)) {
	t.Helper()
	rooms(t, func(v room) {
		store, err := files.New("", v.t.TempDir())
		if err != nil {
			v.t.Fatal(err)
		}
		v.m.Files = store
		f(v)
	})
}

// canary is hidden in a photo: what its maker's telephone wrote into it.
const canary = "Kanareibubu-42.87N-74.59E"

// shot is a photo of a telephone, with a note in it.
func shot(t testing.TB, shade uint8) []byte {
	t.Helper()
	pic := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for y := range 600 {
		for x := range 900 {
			pic.Set(x, y, color.RGBA{uint8(x), uint8(y), shade, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pic, nil); err != nil {
		t.Fatal(err)
	}
	note := append([]byte{0xFF, 0xFE, 0, byte(len(canary) + 2)}, canary...)
	return append(append(bytes.Clone(b.Bytes()[:2]), note...), b.Bytes()[2:]...)
}

func (v room) pictures(shade uint8) Pictures {
	v.t.Helper()
	p, err := v.m.KeepPicture(v.t.Context(), bytes.NewReader(shot(v.t, shade)))
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

func (v room) keep(cmd KeepKitItem) (i KitItem, err error) {
	v.t.Helper()
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		i, err = v.m.KeepKitItem(ctx, tx, cmd)
		return err
	})
	return i, err
}

func (v room) show(actor access.Actor, i KitItem, public bool) (KitItem, error) {
	v.t.Helper()
	err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		i, err = v.m.ShowKitItem(ctx, tx, ShowKitItem{Actor: actor, Item: i.ID, Version: i.Version, Public: public})
		return err
	})
	return i, err
}

func (v room) item(i KitItem, err error) KitItem {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	return i
}

// whole says all that a photo needs.
func wholeItem(i KitItem) (KitItem, error) {
	i.Texts.Alt, i.Texts.Credit, i.Texts.Caption = all3("A hall with tables"), i18n.Text{Ru: "Ашар"}, all3("Karakol")
	i.Pictured, i.Noted = Agreed, "папка 2"
	return i, nil
}

// draft is a photo that only staff see, with all that it needs.
func (v room) draft(write func(KitItem) (KitItem, error)) KitItem {
	v.t.Helper()
	return v.item(v.keep(KeepKitItem{Actor: author, Pictures: v.pictures(7), Write: write}))
}

// asks sends a request for a picture as somebody.
func (v room) asks(actor access.Actor, method string, i KitItem, small bool, header http.Header) (*httptest.ResponseRecorder, error) {
	v.t.Helper()
	r := httptest.NewRequest(method, i.filePath(), nil)
	r.SetPathValue("id", i.ID.String())
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	return w, v.m.sendPicture(&web.Request{Request: r, W: w, Actor: actor, Lang: i18n.Kyrgyz}, small)
}

// sees reports what somebody gets of both files of a picture: 200, or the fault.
func (v room) sees(actor access.Actor, i KitItem) fault.Code {
	v.t.Helper()
	var codes [2]fault.Code
	for at, small := range []bool{false, true} {
		if _, err := v.asks(actor, http.MethodGet, i, small, nil); err != nil {
			f := fault.Of(err)
			if f == nil {
				v.t.Fatal(err)
			}
			codes[at] = f.Code
		}
	}
	if codes[0] != codes[1] {
		v.t.Errorf("the picture is %q, the small one %q", codes[0], codes[1])
	}
	return codes[0]
}

func (v room) stored() (n int) {
	v.t.Helper()
	list, err := v.m.Files.List(v.t.Context(), "newsroom/")
	if err != nil {
		v.t.Fatal(err)
	}
	return len(list)
}

func TestAPhotoIsSeenByStrangersOnlyWithCreditWordsAndConsent(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		for name, lacks := range map[string]func(i *KitItem){
			"no credit":                          func(i *KitItem) { i.Texts.Credit = i18n.Text{} },
			"no words in Kyrgyz":                 func(i *KitItem) { i.Texts.Alt.Ky = "" },
			"no words in Russian":                func(i *KitItem) { i.Texts.Alt.Ru = "" },
			"no words in English":                func(i *KitItem) { i.Texts.Alt.En = " " },
			"nothing said of who is seen in it":  func(i *KitItem) { i.Pictured = Unstated },
			"a consent that is noted somewhere?": func(i *KitItem) { i.Pictured, i.Noted = Unstated, "папка 2" },
		} {
			i := v.draft(func(i KitItem) (KitItem, error) {
				i, err := wholeItem(i)
				lacks(&i)
				return i, err
			})
			if _, err := v.show(chief, i, true); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("with %s: %v", name, err)
			}
			if got := v.sees(nobody, i); got != fault.NotFound {
				v.t.Errorf("with %s strangers get %q", name, got)
			}
			if got := v.sees(author, i); got != "" {
				v.t.Errorf("with %s staff get %q", name, got)
			}
		}
		if _, err := v.keep(KeepKitItem{Actor: author, Pictures: v.pictures(1), Write: func(i KitItem) (KitItem, error) {
			i.Pictured = Agreed
			return i, nil
		}}); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("a consent that is noted nowhere: %v", err)
		}
		i := v.draft(wholeItem)
		if _, err := v.show(author, i, true); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes shows it to everybody: %v", err)
		}
		i = v.item(v.show(chief, i, true))
		if got := v.sees(nobody, i); got != "" {
			v.t.Errorf("public, and strangers get %q", got)
		}
		// What is public stays whole, and is of those who publish.
		change := func(actor access.Actor, write func(KitItem) (KitItem, error)) error {
			_, err := v.keep(KeepKitItem{Actor: actor, Item: i.ID, Version: i.Version, Write: write})
			return err
		}
		if err := change(chief, func(i KitItem) (KitItem, error) { i.Texts.Credit = i18n.Text{}; return i, nil }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("the credit of a public photo is taken away: %v", err)
		}
		if err := change(chief, func(i KitItem) (KitItem, error) { i.Pictured = Unstated; return i, nil }); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("the consent of a public photo is taken away: %v", err)
		}
		if err := change(author, wholeItem); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes changes what everybody sees: %v", err)
		}
		// The database refuses what no code should try.
		err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE news_kit_item SET pictured = '', noted = '' WHERE id = $1`, i.ID)
			return err
		})
		if err == nil {
			v.t.Error("a public photo without consent lies in the database")
		}
		i = v.item(v.show(chief, i, false))
		if got := v.sees(nobody, i); got != fault.Gone {
			v.t.Errorf("taken back, and strangers get %q", got)
		}
	})
}

func TestARemovedPictureIsGoneAndItsFilesAreTidied(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		tidy := func() {
			v.t.Helper()
			var list []string
			programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) { return s, row.Scan(&s) }, `SELECT payload FROM job WHERE kind = $1`, TidyJob)
				return err
			})
			for _, payload := range list {
				if err := v.m.tidy(v.t.Context(), v.s, json.RawMessage(payload)); err != nil {
					v.t.Fatal(err)
				}
			}
			programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { // they have run
				_, err := tx.Exec(ctx, `DELETE FROM job WHERE kind = $1`, TidyJob)
				return err
			})
		}
		i := v.item(v.show(chief, v.draft(wholeItem), true))
		draft := v.draft(wholeItem)
		v.pictures(9) // whose form was refused
		if n := v.stored(); n != 6 {
			v.t.Fatalf("%d files", n)
		}
		tidy()
		if n := v.stored(); n != 4 || v.sees(nobody, i) != "" || v.sees(author, draft) != "" {
			v.t.Errorf("%d files after those that no row names were tidied", n)
		}
		remove := func(actor access.Actor, id storage.ID) error {
			return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error { return v.m.RemoveKitItem(ctx, tx, actor, id) })
		}
		if err := remove(author, i.ID); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes removes what everybody sees: %v", err)
		}
		for _, id := range []storage.ID{i.ID, draft.ID} {
			if err := remove(chief, id); err != nil {
				v.t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			actor access.Actor
			item  KitItem
			want  fault.Code
		}{
			"a stranger": {nobody, i, fault.Gone}, "staff": {chief, i, fault.Gone},
			"a stranger who guesses a draft": {nobody, draft, fault.NotFound}, "staff who had a draft": {chief, draft, fault.NotFound},
		} {
			if got := v.sees(c.actor, c.item); got != c.want {
				v.t.Errorf("%s gets %q, not %q", name, got, c.want)
			}
		}
		for what, err := range map[string]error{
			"removed": remove(chief, i.ID),
			"changed": func() error {
				_, err := v.keep(KeepKitItem{Actor: chief, Item: i.ID, Version: i.Version + 1, Write: wholeItem})
				return err
			}(),
			"shown": func() error { _, err := v.show(chief, KitItem{ID: i.ID, Version: i.Version + 1}, true); return err }(),
		} {
			if !fault.Is(err, fault.Gone) {
				v.t.Errorf("what is gone was %s: %v", what, err)
			}
		}
		var left string
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT texts || noted || pictures || file || small_file FROM news_kit_item WHERE id = $1`, i.ID).Scan(&left)
		})
		for _, word := range []string{"hall", "папка", "Ашар", "newsroom/", i.Pictures.Whole.Digest} {
			if strings.Contains(left, word) {
				v.t.Errorf("of what is gone %q stays", word)
			}
		}
		tidy()
		if n := v.stored(); n != 0 {
			v.t.Errorf("%d files stay of what is gone", n)
		}
	})
}

func TestANewPhotoInItsPlaceIsAnotherPhoto(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		replace := func(i KitItem) KitItem {
			return v.item(v.keep(KeepKitItem{Actor: chief, Item: i.ID, Version: i.Version, Pictures: v.pictures(200), Write: func(i KitItem) (KitItem, error) { return i, nil }}))
		}
		photo := v.item(v.show(chief, v.draft(wholeItem), true))
		now := replace(photo)
		if now.State != KitClosed || now.Pictured != Unstated || now.Noted != "" || v.sees(nobody, now) != fault.Gone {
			v.t.Errorf("a new photo has the consent of the old: %+v", now)
		}
		if _, err := v.show(chief, now, true); !fault.Is(err, fault.Invalid) {
			v.t.Errorf("and is shown with it: %v", err)
		}
		logo := v.draft(func(i KitItem) (KitItem, error) {
			i.Kind, i.Texts.Alt = Logo, all3("A horn")
			return i, nil
		})
		logo = replace(v.item(v.show(chief, logo, true)))
		if logo.State != KitPublic || v.sees(nobody, logo) != "" {
			v.t.Errorf("a new logo is not public: %+v", logo)
		}
		var waiting int
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE kind = $1 AND payload LIKE $2`, TidyJob, "%"+photo.Pictures.Whole.File+"%").Scan(&waiting)
		})
		if waiting != 2 { // when it came, and when it went
			v.t.Errorf("%d looks at the old file were asked for", waiting)
		}
	})
}

func TestAPictureIsServedAsWhatItIsAndTellsNothingElse(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		if !bytes.Contains(shot(v.t, 7), []byte(canary)) {
			v.t.Fatal("the test's photo tells nothing: the test proves nothing")
		}
		i := v.item(v.show(chief, v.draft(wholeItem), true))
		for _, small := range []bool{false, true} {
			kept := i.Pictures.Whole
			if small {
				kept = i.Pictures.Small
			}
			w, err := v.asks(nobody, http.MethodGet, i, small, nil)
			if err != nil {
				v.t.Fatal(err)
			}
			body := w.Body.Bytes()
			size, kind, err := image.DecodeConfig(bytes.NewReader(body))
			if err != nil || kind != "jpeg" || size.Width != kept.Width || size.Height != kept.Height || int64(len(body)) != kept.Size {
				v.t.Errorf("%d bytes of %s, %v, %v", len(body), kind, size, err)
			}
			if bytes.Contains(body, []byte(canary)) {
				v.t.Error("it tells who took it and where")
			}
			for name, want := range map[string]string{
				"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, no-cache", "Etag": `"` + kept.Digest[:32] + `"`,
			} {
				if got := w.Header().Get(name); got != want {
					v.t.Errorf("%s: %q", name, got)
				}
			}
			if got := w.Header().Get("Content-Disposition"); small != (got == "") || !small && got != "attachment; filename=photo-a-hall-with-tables-en.jpg" {
				v.t.Errorf("it is saved as %q", got)
			}
			head, err := v.asks(nobody, http.MethodHead, i, small, nil)
			if err != nil || head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != w.Header().Get("Content-Length") {
				v.t.Errorf("its head: %d, %d bytes, %v", head.Code, head.Body.Len(), err)
			}
			same, err := v.asks(nobody, http.MethodGet, i, small, http.Header{"If-None-Match": {w.Header().Get("Etag")}})
			if err != nil || same.Code != http.StatusNotModified || same.Body.Len() != 0 {
				v.t.Errorf("asked whether it is the same: %d, %v", same.Code, err)
			}
		}
		if i.Pictures.Small.Width != 320 || i.Pictures.Whole.Width != 900 {
			v.t.Errorf("sizes %+v", i.Pictures)
		}
		draft := v.draft(wholeItem)
		if w, err := v.asks(author, http.MethodGet, draft, false, nil); err != nil || w.Header().Get("Cache-Control") != "private, no-store" {
			v.t.Errorf("a draft may be kept: %v, %v", w.Header(), err)
		}
		list, err := v.m.Files.List(v.t.Context(), "newsroom/")
		if err != nil {
			v.t.Fatal(err)
		}
		for _, file := range list {
			if err := v.m.Files.Delete(v.t.Context(), file.Name); err != nil {
				v.t.Fatal(err)
			}
		}
		if got := v.sees(nobody, i); got != fault.Unavailable {
			v.t.Errorf("the files are lost, and strangers get %q", got)
		}
	})
}

func TestOnlyPicturesComeIntoThePressKit(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		for name, raw := range map[string]string{
			"a drawing with script": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
			"a paper":               "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n",
			"a page":                "<!DOCTYPE html><script>alert(1)</script>",
			"nothing":               "",
		} {
			if _, err := v.m.KeepPicture(v.t.Context(), strings.NewReader(raw)); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("%s: %v", name, err)
			}
		}
		if n := v.stored(); n != 0 {
			v.t.Errorf("%d files are kept of it", n)
		}
		paper := v.pictures(1)
		paper.Whole.Type = files.PDF
		for name, p := range map[string]Pictures{"a paper that was kept": paper, "half a picture": {Whole: v.pictures(2).Whole}, "none": {}} {
			if _, err := v.keep(KeepKitItem{Actor: chief, Pictures: p, Write: func(i KitItem) (KitItem, error) { return i, nil }}); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("%s becomes one: %v", name, err)
			}
		}
	})
}

func TestThePressKitHasABoundAndAnOrder(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		same := v.pictures(3)
		add := func(kind KitKind) (KitItem, error) {
			return v.keep(KeepKitItem{Actor: chief, Pictures: same, Write: func(i KitItem) (KitItem, error) { i.Kind = kind; return i, nil }})
		}
		var order []KitItem
		for _, kind := range []KitKind{Photo, Logo, Photo, Photo} {
			order = append(order, v.item(add(kind)))
		}
		move := func(i KitItem, by int) {
			v.t.Helper()
			programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { return v.m.MoveKitItem(ctx, tx, chief, i.ID, by) })
		}
		photos := func() (out string) {
			v.t.Helper()
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				list, err := kitList(ctx, tx, false)
				out = ""
				for _, i := range list {
					for at, known := range order {
						if i.ID == known.ID {
							out += string(rune('a' + at))
						}
					}
				}
				return err
			}); err != nil {
				v.t.Fatal(err)
			}
			return out
		}
		for _, step := range []struct {
			at, by int
			want   string
		}{{0, -1, "abcd"}, {2, -1, "cbad"}, {2, -1, "cbad"}, {0, 1, "cbda"}, {0, 1, "cbda"}, {1, 1, "cbda"}} {
			if move(order[step.at], step.by); photos() != step.want {
				v.t.Errorf("after %c went %+d: %s", 'a'+step.at, step.by, photos())
			}
		}
		for n := len(order); n < mostItems-1; n++ {
			v.item(add(Photo))
		}
		// Two for the last place: the second comes while the first is not yet through.
		second := make(chan error, 1)
		err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := v.m.KeepKitItem(ctx, tx, KeepKitItem{Actor: chief, Pictures: same, Write: func(i KitItem) (KitItem, error) { return i, nil }})
			if err != nil {
				return err
			}
			go func() {
				_, err := add(Photo)
				second <- err
			}()
			for tx.Dialect() == storage.PostgreSQL && len(second) == 0 { // on SQLite one writes at a time
				var waits int
				if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					return tx.QueryRow(ctx, `SELECT COUNT(*) FROM pg_locks WHERE relation = 'news_kit_item'::regclass AND NOT granted`).Scan(&waits)
				}); err != nil {
					return err
				}
				if waits > 0 {
					break
				}
			}
			return nil
		})
		if other := <-second; err != nil || !fault.Is(other, fault.Full) {
			v.t.Errorf("of two at once for the last place: %v, %v", err, other)
		}
	})
}

// A picture that becomes public in the moment in which somebody removes the draft is not
// removed by who may not remove it.
func TestWhatBecomesPublicMeanwhileIsNotRemovedAsADraft(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		i := v.draft(wholeItem)
		shown, removed := v.meanwhile(func(ctx context.Context, tx *storage.Tx) error {
			_, err := v.m.ShowKitItem(ctx, tx, ShowKitItem{Actor: chief, Item: i.ID, Version: i.Version, Public: true})
			return err
		}, func(ctx context.Context, tx *storage.Tx) error { return v.m.RemoveKitItem(ctx, tx, author, i.ID) })
		if shown != nil || !fault.Is(removed, fault.Conflict) && !fault.Is(removed, fault.Forbidden) {
			v.t.Errorf("shown: %v, removed: %v", shown, removed)
		}
		if got := v.sees(nobody, i); got != "" {
			v.t.Errorf("strangers see: %q", got)
		}
	})
}

func TestThePressKitIsOfNoOneCity(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		i := v.draft(wholeItem)
		osh := chief
		osh.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}
		for name, actor := range map[string]access.Actor{"nobody": nobody, "who works in one city": osh} {
			for what, err := range map[string]error{
				"adds": func() error {
					_, err := v.keep(KeepKitItem{Actor: actor, Pictures: i.Pictures, Write: wholeItem})
					return err
				}(),
				"changes": func() error {
					_, err := v.keep(KeepKitItem{Actor: actor, Item: i.ID, Version: i.Version, Write: wholeItem})
					return err
				}(),
				"shows":   func() error { _, err := v.show(actor, i, true); return err }(),
				"moves":   v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error { return v.m.MoveKitItem(ctx, tx, actor, i.ID, 1) }),
				"removes": v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error { return v.m.RemoveKitItem(ctx, tx, actor, i.ID) }),
			} {
				if !fault.Is(err, fault.Forbidden) {
					v.t.Errorf("%s %s: %v", name, what, err)
				}
			}
			if got := v.sees(actor, i); got != fault.NotFound {
				v.t.Errorf("%s sees a draft: %q", name, got)
			}
		}
		if _, err := v.keep(KeepKitItem{Actor: chief, Item: i.ID, Version: i.Version + 1, Write: wholeItem}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("the slower of two: %v", err)
		}
	})
}

// page draws a page of the newsroom that is there.
func (v room) page(actor access.Actor, l i18n.Language, target string, values map[string]string, handler web.Handler) (status int, header http.Header, html string) {
	v.t.Helper()
	w, err := v.draws(actor, l, target, values, handler)
	if err != nil {
		v.t.Fatal(err)
	}
	return w.Code, w.Header(), w.Body.String()
}

// draws asks for a page of the newsroom.
func (v room) draws(actor access.Actor, l i18n.Language, target string, values map[string]string, handler web.Handler) (*httptest.ResponseRecorder, error) {
	v.t.Helper()
	own, err := fs.Sub(texts, "text")
	if err != nil {
		v.t.Fatal(err)
	}
	say, err := i18n.Load(web.Texts(), profile.Texts(), programme.Texts(), own)
	if err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	w := httptest.NewRecorder()
	return w, handler(&web.Request{Request: r, W: w, Actor: actor, Lang: l, Say: say.Printer(l), Site: &web.Site{PublicURL: "https://ashar.example"}})
}

func TestThePageForThePressShowsWhatIsPublicAlone(t *testing.T) {
	t.Parallel()
	kitRooms(t, func(v room) {
		house := &module.House{}
		house.Furnish(module.Manifest{Name: "facts", PressFacts: func(context.Context, *storage.Tx, *web.Request) (templ.Component, error) {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "<p>THE FACTS BOX</p>")
				return err
			}), nil
		}})
		v.m.House = house
		open := v.item(v.show(chief, v.draft(wholeItem), true))
		secret := v.draft(func(i KitItem) (KitItem, error) {
			i, err := wholeItem(i)
			i.Texts.Caption = all3("NOT YET")
			return i, err
		})
		closed := v.item(v.show(chief, v.item(v.show(chief, v.draft(wholeItem), true)), false))
		v.must(v.move(v.new(author, time.Time{}), author, Review, "", i18n.Text{}))
		for kind, title := range map[Kind]string{Press: "FOR JOURNALISTS", News: "FOR EVERYBODY"} {
			r, err := v.write(WriteRelease{Actor: chief, Write: func(r Release) (Release, error) {
				r.Kind, r.Texts.Title, r.Texts.Body = kind, all3(title), all3("Body")
				return r, nil
			}})
			r = v.must(v.move(v.must(r, err), chief, Review, "", i18n.Text{}))
			v.must(v.move(r, chief, Published, "", i18n.Text{}))
		}
		for _, l := range i18n.Languages {
			_, _, html := v.page(nobody, l, "/press", nil, v.m.press)
			for _, word := range []string{open.filePath(), open.smallPath(), "A hall with tables " + string(l), "Karakol " + string(l), "Ашар", "900", "THE FACTS BOX", "FOR JOURNALISTS " + string(l)} {
				if !strings.Contains(html, word) {
					v.t.Errorf("%s: %q is not there", l, word)
				}
			}
			for _, word := range []string{secret.ID.String(), "NOT YET", closed.ID.String(), "папка 2", canary, "Title " + string(l), "FOR EVERYBODY"} {
				if strings.Contains(html, word) {
					v.t.Errorf("%s: %q is there", l, word)
				}
			}
		}
	})
}

func TestStaffSeeBeforehandWhatEverybodyWillReadAndThatNobodyMayYet(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		end := v.s.Now().Add(3 * time.Hour)
		r := v.new(author, end)
		look := func(l i18n.Language) (http.Header, string) {
			_, header, html := v.page(author, l, "/staff/news/preview/x", map[string]string{"id": r.ID.String()}, v.m.preview)
			return header, html
		}
		for l, words := range map[i18n.Language][]string{
			i18n.Kyrgyz: {"Долбоор", "Эмбарго. Жарыялоого боло турган убакыт"}, i18n.Russian: {"Черновик", "Эмбарго до"}, i18n.English: {"Draft", "Under embargo until"},
		} {
			header, html := look(l)
			for _, word := range append(words, "Title "+string(l), "Lead "+string(l), "Body "+string(l), i18n.DateTime(l, end), `content="noindex, noarchive"`) {
				if !strings.Contains(html, word) {
					v.t.Errorf("%s: %q is not there", l, word)
				}
			}
			if header.Get("Cache-Control") != "no-store" {
				v.t.Errorf("it may be kept: %q", header.Get("Cache-Control"))
			}
		}
		osh := author
		osh.Grants = []access.Grant{{Role: access.Moderator, Scope: access.Scope{City: "osh"}}}
		for name, actor := range map[string]access.Actor{"nobody": nobody, "who works in one city": osh} {
			if _, err := v.draws(actor, i18n.English, "/staff/news/preview/x", map[string]string{"id": r.ID.String()}, v.m.preview); !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("%s looks: %v", name, err)
			}
		}
		r = v.must(v.write(WriteRelease{Actor: author, Release: r.ID, Version: r.Version, Write: func(r Release) (Release, error) { r.Embargo = time.Time{}; return r, nil }}))
		if _, html := look(i18n.English); !strings.Contains(html, "For immediate release") || strings.Contains(html, "https://ashar.example/en"+r.path()+"</p>") {
			v.t.Error("without an embargo it is not for immediate release, or tells an address that there is not yet")
		}
		r = v.must(v.move(r, author, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		_, _, html := v.page(nobody, i18n.English, r.path(), map[string]string{"slug": r.Slug}, v.m.show)
		if !strings.Contains(html, `<p class="printed">https://ashar.example/en`+r.path()+`</p>`) {
			v.t.Error("on paper it does not say where it stands")
		}
	})
}

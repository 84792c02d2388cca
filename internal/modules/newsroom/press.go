package newsroom

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// pressStyle is the style sheet of releases and of the page for the press.
const pressStyle = "press"

// onPressReleases is how many releases the page for the press shows.
const onPressReleases = 5

// pressPage is the data of the page for the press.
type pressPage struct {
	Programme     programme.Programme
	Facts         []templ.Component
	Items         []KitItem
	Releases      []Release
	Mentions      []Mention
	Mentioned     int // all of them
	MentionsPages kit.Pages
}

// of gives the pictures of a kind.
func (p pressPage) of(kind KitKind) (out []KitItem) {
	for _, i := range p.Items {
		if i.Kind == kind {
			out = append(out, i)
		}
	}
	return out
}

// press shows what journalists need: who to ask, what the programme is, pictures, the
// latest releases, and what others have published.
func (m *Module) press(r *web.Request) error {
	var p pressPage
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // no number is the first page
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = pressPage{}
		if p.Programme, err = programme.Current(ctx, tx); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if m.House != nil {
			if p.Facts, err = m.House.PressFacts(ctx, tx, r); err != nil {
				return err
			}
		}
		if p.Items, err = kitList(ctx, tx, true); err != nil {
			return err
		}
		if p.Releases, err = latestReleases(ctx, tx); err != nil {
			return err
		}
		if p.Mentioned, err = countMentions(ctx, tx); err != nil {
			return err
		}
		p.MentionsPages = kit.Pages{Of: max(1, (min(p.Mentioned, mostListed)+onPage-1)/onPage), Path: mentionsPath}
		p.MentionsPages.Page = min(max(page, 1), p.MentionsPages.Of)
		p.Mentions, err = mentions(ctx, tx, onPage, (p.MentionsPages.Page-1)*onPage)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, press(r, p))
}

// latestReleases are the latest for journalists.
func latestReleases(ctx context.Context, tx *storage.Tx) ([]Release, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+` FROM news_release
		WHERE published_at > 0 AND state = 'published' AND kind = $1
		ORDER BY published_at DESC, id
		LIMIT $2`, string(Press), onPressReleases)
}

func mentionsPath(n int) string {
	if n == 1 {
		return "/press#media"
	}
	return "/press?page=" + strconv.Itoa(n) + "#media"
}

// since is the day on which the programme began, zero when nobody has said so.
func (p pressPage) since() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, p.Programme.Starts, programme.Bishkek)
	if err != nil {
		return time.Time{}
	}
	return day
}

// cities names the cities of the programme.
func cities(r *web.Request) string {
	var out []string
	for _, c := range profile.Said(r.Say).Cities() {
		out = append(out, c.Now.Name.In(r.Lang))
	}
	return strings.Join(out, ", ")
}

// groups names those for whom the programme is.
func groups(r *web.Request) string {
	var out []string
	group := profile.Of(profile.Group)
	for _, v := range group.Named(profile.Said(r.Say)) {
		word := []rune(group.Many(r.Say, v))
		if len(out) > 0 && len(word) > 1 && unicode.IsLower(word[1]) { // inside a sentence, and no abbreviation
			word[0] = unicode.ToLower(word[0])
		}
		out = append(out, string(word))
	}
	return strings.Join(out, ", ")
}

// about says what a file is: its type, how large a picture is, and how many bytes.
func (k Kept) about(r *web.Request) string {
	out := strings.ToUpper(strings.TrimPrefix(files.Ending(k.Type), "."))
	if k.Type == files.JPEG {
		out = "JPEG"
	}
	if k.Width > 0 {
		out += ", " + r.Say.T("newsroom.kit.pixels", "width", k.Width, "height", k.Height)
	}
	if k.Size < 1<<20 {
		return out + ", " + r.Say.T("newsroom.kit.kilobytes", "size", max(1, int(k.Size+512)>>10))
	}
	return out + ", " + r.Say.T("newsroom.kit.megabytes", "size", float64((k.Size*10+1<<19)>>20)/10)
}

// sendWhole and sendSmall send a picture of the press kit.
func (m *Module) sendWhole(r *web.Request) error { return m.sendPicture(r, false) }

func (m *Module) sendSmall(r *web.Request) error { return m.sendPicture(r, true) }

// sendPicture sends a picture to everybody when it is public, else to who may write. One
// that strangers could see before is gone for them; any other was never there.
func (m *Module) sendPicture(r *web.Request, small bool) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownPicture()
	}
	var i KitItem
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if i, err = kitByID(ctx, tx, id); err != nil || i.State == KitPublic || i.State == KitRemoved {
			return err
		}
		err := m.may(ctx, tx, r.Actor, Release{}, MayWrite)
		switch {
		case fault.Is(err, fault.Forbidden) && i.State == KitClosed:
			return gonePicture()
		case fault.Is(err, fault.Forbidden):
			return unknownPicture()
		}
		return err
	}); err != nil {
		return err
	}
	switch {
	case i.State == KitRemoved:
		return gonePicture()
	case small:
		return m.sendFile(r, i.Pictures.Small, "", i.State == KitPublic, i.Changed)
	}
	return m.sendFile(r, i.Pictures.Whole, i.savedAs(), i.State == KitPublic, i.Changed)
}

// wholeAddress is the whole address of a page, for paper; its path when the house has none.
func wholeAddress(r *web.Request, path string) string {
	base := ""
	if r.Site != nil {
		base = r.Site.PublicURL
	}
	return base + r.Path(path)
}

package newsroom

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/webtest"
)

// TestAReleaseIsNotMovedOverTextThatIsNotSaved publishes with a new title in the form beside
// the button: nothing goes out, and the title stays.
func TestAReleaseIsNotMovedOverTextThatIsNotSaved(t *testing.T) {
	t.Parallel()
	newsdesks(t, func(v newsdesk) {
		r := v.written(time.Time{})
		b := v.serve(v.chief)
		now := func() (is Release) {
			v.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				is, err = ByID(ctx, tx, r.ID)
				return err
			})
			return is
		}
		_, _, page := b.do("/en"+r.deskPath(), nil)
		form := webtest.Form(v.t, page, "editor")
		form.Set("title_ru", "Исправленный заголовок")
		form.Set("to", string(Published))
		status, _, page := b.do("/en"+r.deskPath()+"/move", form)
		if is := now(); status != http.StatusConflict || is.State != r.State || !strings.Contains(page, "Исправленный заголовок") {
			v.t.Fatalf("unsaved: %d, %s", status, is.State)
		}
		// The choice beside the buttons comes with the text: what is none of it is refused with it.
		_, _, page = b.do("/en"+r.deskPath(), nil)
		form = webtest.Form(v.t, page, "editor")
		form.Set("mail", "no-such-choice")
		before := now()
		if status, _, _ := b.do("/en"+r.deskPath(), form); status != http.StatusUnprocessableEntity || now().Version != before.Version {
			v.t.Errorf("nonsense beside the text: %d, version %d", status, now().Version)
		}
		_, _, page = b.do("/en"+r.deskPath(), nil)
		form = webtest.Form(v.t, page, "editor")
		form.Set("to", string(Published))
		form.Set("mail", "none")
		if status, to, _ := b.do("/en"+r.deskPath()+"/move", form); status != http.StatusSeeOther || now().State != Published {
			v.t.Fatalf("nothing was typed: %d %s, %s", status, to, now().State)
		}
	})
}

package newsroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// askPath is the page on which people write to the staff.
const askPath = "/contact/write"

// askRate lets a network send sixty forms in ten minutes, though each costs an effort.
var askRate = web.Rate{Count: 60, Per: 10 * time.Minute}

// askForm is the data of the form.
type askForm struct {
	Values url.Values
	Fault  *fault.Error
}

func (f askForm) get(name string) string { return f.Values.Get(name) }

// askPart is the form on the page of contacts, the same for every stranger.
func (m *Module) askPart(_ context.Context, _ *storage.Tx, r *web.Request) (templ.Component, error) {
	return askSection(r, askForm{Values: url.Values{}}), nil
}

// showAsk shows the form on a page of its own.
func (m *Module) showAsk(r *web.Request) error {
	return r.Page(http.StatusOK, askPage(r, askForm{Values: url.Values{}}))
}

// takeAsk takes the form: what is wrong is said, then an effort is asked for, then it is
// kept.
func (m *Module) takeAsk(r *web.Request) error {
	v := r.PostForm
	cmd := Ask{
		Actor: r.Actor, Name: v.Get("name"), Email: v.Get("email"), Phone: v.Get("phone"),
		Asked: Asked{From: v.Get("from"), Outlet: v.Get("outlet"), Words: v.Get("words")},
		Mark:  v.Get("mark"), Lang: r.Lang, Demo: r.Site != nil && r.Site.Demo, Effort: effort.Read(r),
	}
	r.W.Header().Set("Cache-Control", "no-store") // what she typed stays on no disk of a shared phone
	if !cmd.Effort.Empty() {
		m.prepare(&cmd, m.Store.Now())
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, _, err := m.Ask(ctx, tx, cmd)
		return err
	})
	if effort.Needed(err) {
		return m.askForEffort(r, askPath, func(ctx context.Context, tx *storage.Tx, mark string) (effort.Case, error) {
			n, err := recentInquiries(ctx, tx)
			return askCase(mark, n), err
		})
	}
	if err == nil {
		r.SetFlash("good", "newsroom.ask.done")
		return r.Redirect("/contact")
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	return r.Page(web.Status(f.Code), askPage(r, askForm{Values: v, Fault: f}))
}

// askForEffort answers a form that came without an effort: what she typed travels with the
// page that asks for it and sends it once more.
func (m *Module) askForEffort(r *web.Request, action string, caseOf func(ctx context.Context, tx *storage.Tx, mark string) (effort.Case, error)) error {
	mark := r.PostForm.Get("mark")
	if _, ok := markHash(mark); !ok {
		mark = people.NewToken()
		r.PostForm.Set("mark", mark)
	}
	var q effort.Question
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		c, err := caseOf(ctx, tx, mark)
		if err != nil {
			return err
		}
		if q, err = m.Effort.Ask(ctx, tx, c, effort.Read(r)); err != nil {
			return err
		}
		return planForget(ctx, tx, tx.Now.Add(time.Hour))
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Retry-After", strconv.Itoa(q.Seconds()))
	return r.Page(http.StatusTooManyRequests, effortPage(r, q, action))
}

func fromItems(r *web.Request) (out []kit.Item) {
	for _, from := range froms {
		out = append(out, kit.Item{Value: from, Label: r.Say.T("newsroom.from." + from)})
	}
	return out
}

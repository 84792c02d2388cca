package newsroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// inquiriesPath is the list for who answers.
const inquiriesPath = "/staff/news/inquiries"

// inquiryFilters are what the list can be narrowed to, the usual one first, with what
// holds for each of its rows.
var inquiryFilters = []struct{ name, where string }{
	{"open", `state IN ('new', 'taken')`},
	{"answered", `state = 'answered'`},
	{"closed", `state = 'closed'`},
	{"all", `TRUE`},
}

// inquiryRow is an inquiry with who asked.
type inquiryRow struct {
	Inquiry
	Asked Asked
	Name  string
}

// inquiriesPage is the data of the list.
type inquiriesPage struct {
	Show   string
	Counts map[string]int
	Rows   []inquiryRow
	Pages  kit.Pages
	Now    time.Time
}

func inquiriesAt(show string, page int) string {
	q := url.Values{}
	if show != inquiryFilters[0].name {
		q.Set("show", show)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return inquiriesPath
	}
	return inquiriesPath + "?" + q.Encode()
}

// listInquiries lists what was asked, what waits longest first. Who is named in it reads
// in her log that she was.
func (m *Module) listInquiries(r *web.Request) error {
	show, where := inquiryFilters[0].name, inquiryFilters[0].where
	for _, f := range inquiryFilters {
		if f.name == r.URL.Query().Get("show") {
			show, where = f.name, f.where
		}
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	var p inquiriesPage
	var shown []storage.ID
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, shown = inquiriesPage{Show: show, Counts: map[string]int{}, Now: tx.Now}, nil
		if err := mayAnswer(ctx, tx, r.Actor); err != nil {
			return err
		}
		for _, f := range inquiryFilters {
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM news_inquiry WHERE `+f.where).Scan(&n); err != nil {
				return err
			}
			p.Counts[f.name] = n
		}
		p.Pages = kit.Pages{Of: max(1, (p.Counts[show]+onPage-1)/onPage), Path: func(n int) string { return inquiriesAt(show, n) }}
		p.Pages.Page = min(max(page, 1), p.Pages.Of)
		list, err := storage.All(ctx, tx, scanInquiry, `SELECT `+inquiryColumns+` FROM news_inquiry
			WHERE `+where+`
			ORDER BY CASE WHEN ended_at = 0 THEN 0 ELSE 1 END, CASE WHEN ended_at = 0 THEN due_at ELSE -ended_at END, id
			LIMIT $1 OFFSET $2`, onPage, (p.Pages.Page-1)*onPage)
		if err != nil {
			return err
		}
		for _, q := range list {
			shown = append(shown, q.Person)
		}
		persons, err := m.People.ByIDs(ctx, tx, shown)
		if err != nil {
			return err
		}
		for _, q := range list {
			row := inquiryRow{Inquiry: q, Name: persons[q.Person].FullName}
			if row.Asked, err = m.asked(ctx, tx, q); err != nil {
				return err
			}
			p.Rows = append(p.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := m.noteLook(r, "newsroom.audit.listed", shown...); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, inquiryList(r, p))
}

// noteLook notes, before a page is shown, that the reader saw these people on it.
func (m *Module) noteLook(r *web.Request, action string, persons ...storage.ID) error {
	if len(persons) == 0 {
		return nil
	}
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: action})
	})
}

// inquiryPage is the data of one inquiry.
type inquiryPage struct {
	openedInquiry
	Who    people.Person
	Proven bool                  // her address is
	Names  map[storage.ID]string // of the staff
	Values url.Values            // of a form that was refused
	Fault  *fault.Error
	Now    time.Time
}

func (p inquiryPage) get(name string) string { return p.Values.Get(name) }

// byPhone reports whether no letter can reach her.
func (p inquiryPage) byPhone() bool { return !p.Own && p.Who.Email == "" }

func (m *Module) readInquiry(r *web.Request, id storage.ID) (p inquiryPage, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = inquiryPage{Names: map[storage.ID]string{}, Values: url.Values{}, Now: tx.Now}
		if err := mayAnswer(ctx, tx, r.Actor); err != nil {
			return err
		}
		if p.Inquiry, err = InquiryByID(ctx, tx, id); err != nil {
			return err
		}
		if p.Asked, err = m.asked(ctx, tx, p.Inquiry); err != nil {
			return err
		}
		if p.Steps, err = m.stepsOf(ctx, tx, p.Inquiry); err != nil {
			return err
		}
		if p.Who, err = m.People.ByID(ctx, tx, p.Person); err != nil {
			return err
		}
		if p.Proven, err = m.People.HasProven(ctx, tx, p.Who.ID, people.EmailContact, p.Who.Email); err != nil {
			return err
		}
		staff := []storage.ID{p.By}
		for _, s := range p.Steps {
			staff = append(staff, s.By)
		}
		persons, err := m.People.ByIDs(ctx, tx, staff)
		for id, one := range persons {
			p.Names[id] = one.FullName
		}
		return err
	})
	if err != nil {
		return p, err
	}
	return p, m.noteLook(r, "newsroom.audit.read", p.Person)
}

// showInquiry shows one inquiry; she reads in her log who has read it.
func (m *Module) showInquiry(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return noInquiry()
	}
	p, err := m.readInquiry(r, id)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, inquiryView(r, p))
}

// act does one thing with an inquiry; when it is refused the page comes back as it is now,
// with what was typed.
func (m *Module) act(r *web.Request, done string, do func(ctx context.Context, tx *storage.Tx, id storage.ID, version int64) error) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return noInquiry()
	}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return do(ctx, tx, id, writing.Version(r.PostForm))
	})
	if err == nil {
		r.SetFlash("good", done)
		return r.Redirect(inquiriesPath + "/" + id.String())
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p, err := m.readInquiry(r, id)
	if err != nil {
		return err
	}
	p.Values, p.Fault = r.PostForm, f
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(web.Status(f.Code), inquiryView(r, p))
}

func (m *Module) takeInHand(r *web.Request) error {
	back, done := r.PostForm.Get("back") != "", "newsroom.inquiry.done.taken"
	if back {
		done = "newsroom.inquiry.done.back"
	}
	return m.act(r, done, func(ctx context.Context, tx *storage.Tx, id storage.ID, version int64) error {
		_, err := m.TakeInquiry(ctx, tx, TakeInquiry{Actor: r.Actor, Inquiry: id, Version: version, Back: back})
		return err
	})
}

func (m *Module) takeAnswer(r *web.Request) error {
	return m.act(r, "newsroom.inquiry.done.answered", func(ctx context.Context, tx *storage.Tx, id storage.ID, version int64) error {
		_, err := m.AnswerInquiry(ctx, tx, AnswerInquiry{Actor: r.Actor, Inquiry: id, Version: version, Words: r.PostForm.Get("words")})
		return err
	})
}

func (m *Module) takeClose(r *web.Request) error {
	called := r.PostForm.Get("called") != ""
	words := r.PostForm.Get("reason")
	if called {
		words = r.PostForm.Get("said")
	}
	return m.act(r, "newsroom.inquiry.done.closed", func(ctx context.Context, tx *storage.Tx, id storage.ID, version int64) error {
		_, err := m.CloseInquiry(ctx, tx, CloseInquiry{Actor: r.Actor, Inquiry: id, Version: version, Called: called, Words: words})
		return err
	})
}

// countInquiries counts the questions that nobody has answered yet, for who may answer: at
// most so many.
func (m *Module) countInquiries(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (count int, err error) {
	if err := mayAnswer(ctx, tx, actor); err != nil {
		if fault.Is(err, fault.Forbidden) {
			return 0, nil
		}
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM news_inquiry WHERE ended_at = 0 LIMIT $1) AS few`, most).Scan(&count)
	return count, err
}

// inquiriesToday tells who answers how many wait: those that wait too long now, the others
// by the moment at which the first should be answered.
func (m *Module) inquiriesToday(ctx context.Context, tx *storage.Tx, r *web.Request) (out []module.Task, err error) {
	if err := mayAnswer(ctx, tx, r.Actor); fault.Is(err, fault.Forbidden) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	count := func(where string) (n int, first time.Time, err error) {
		var due int64
		err = tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MIN(due_at), 0) FROM news_inquiry WHERE ended_at = 0 AND `+where, storage.Micros(tx.Now)).Scan(&n, &due)
		return n, storage.Instant(due), err
	}
	late, since, err := count(`due_at < $1`)
	if err != nil {
		return nil, err
	}
	if late > 0 {
		out = append(out, module.Task{Urgency: module.Now, Due: since, Key: "newsroom.today.overdue", Args: map[string]any{"count": late}, Path: inquiriesPath})
	}
	waiting, until, err := count(`due_at >= $1`)
	if err == nil && waiting > 0 {
		out = append(out, module.Task{Urgency: module.Soon, Due: until, Key: "newsroom.today.inquiries", Args: map[string]any{"count": waiting}, Path: inquiriesPath})
	}
	return out, err
}

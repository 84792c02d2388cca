package runsheet

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

const (
	docPattern   = "/api/v1/door/{slug}/day"
	marksPattern = "/api/v1/door/{slug}/marks"
	shellPath    = "/door-day.html"
)

// dayRate lets those who lead eight seminars behind one address ask every minute, several times over.
var dayRate = web.Rate{Count: 120, Per: time.Minute}

// doc is the day of an activity as a device keeps it: its plan, what was pressed, and numbers.
// Nobody's name is in it, and no note, which may name somebody.
type doc struct {
	Event  string            `json:"event"`
	Mark   string            `json:"mark"`
	Title  string            `json:"title"`
	When   string            `json:"when"`
	Where  string            `json:"where"`
	Starts int64             `json:"starts"` // moments are milliseconds since 1970
	Ends   int64             `json:"ends"`
	From   int64             `json:"from"`
	Until  int64             `json:"until"`
	Zone   int64             `json:"zone"` // what the clock of the house is ahead of Greenwich, in milliseconds
	Plan   int64             `json:"plan"`
	May    bool              `json:"may"`
	Steps  []keptStep        `json:"steps"`
	Days   map[string]string `json:"days,omitempty"` // by their number since 1970, of an activity of several days
	Marks  []Mark            `json:"marks"`
	Counts []figure          `json:"counts"`
	Needs  []figure          `json:"needs"`
	Of     string            `json:"of"`
}

type keptStep struct {
	Planned
	Title string        `json:"title"`
	Lang  i18n.Language `json:"lang"`
	Room  string        `json:"room"`
}

// docOf is what a device keeps of a day that was read.
func docOf(r *web.Request, d dayData) doc {
	a := d.Activity
	_, ahead := d.Now.In(i18n.Bishkek()).Zone()
	out := doc{
		Event: a.Slug, Mark: d.Mark, Title: a.Title.In(r.Lang), When: kit.Unbroken(i18n.DateTimeRange(r.Lang, a.Starts, a.Ends)), Where: d.where(r),
		Starts: a.Starts.UnixMilli(), Ends: a.Ends.UnixMilli(), From: opens(a).UnixMilli(), Until: closes(a).UnixMilli(), Zone: int64(ahead) * 1000,
		Plan: d.Plan.Version, May: d.May, Steps: []keptStep{}, Marks: append([]Mark{}, d.Marks...), Counts: figures(r, d), Needs: needed(r, d), Of: of(r, d),
	}
	for i, p := range d.Plan.planned(out.Starts) {
		s := d.Plan.Steps[i]
		out.Steps = append(out.Steps, keptStep{p, s.Title.In(r.Lang), s.Title.Written(r.Lang), s.Room})
	}
	if programme.SeveralDays(a.Starts, a.Ends) {
		out.Days = map[string]string{}
		for day := programme.Midnight(opens(a)); !day.After(closes(a)); day = day.AddDate(0, 0, 1) {
			number := (day.UnixMilli() + out.Zone) / (24 * time.Hour).Milliseconds()
			out.Days[strconv.FormatInt(number, 10)] = i18n.DayMonth(r.Lang, day)
		}
	}
	return out
}

// tellTime gives the clock of the house, by which a device measures its own.
func tellTime(r *web.Request, now time.Time) {
	r.W.Header().Set(door.TimeHeader, now.UTC().Format(door.TimeFormat))
}

// sendDay gives the day of an activity to a device of who stands at its door. What it has
// already, by ETag, is not sent again.
func (m *Module) sendDay(r *web.Request) error {
	var d dayData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		tellTime(r, tx.Now)
		if d.Activity, d.By, err = m.onTheDay(ctx, tx, r, seats.MayAdmit); err != nil {
			return err
		}
		return m.read(ctx, tx, r, &d)
	}); err != nil {
		return err
	}
	raw, err := json.Marshal(docOf(r, d))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := r.W.Header()
	h.Set("Cache-Control", "no-store") // the script keeps it, and nobody else
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		r.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json")
	_, err = r.W.Write(raw)
	return err
}

// readMarks reads the body of a batch. One mark that cannot be read keeps no other out: it is
// malformed.
func readMarks(r *web.Request) (marks []Mark, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, web.WrongType()
	}
	var body struct {
		Marks []json.RawMessage `json:"marks"`
	}
	in := json.NewDecoder(r.Body)
	err = in.Decode(&body)
	if err == nil { // nothing stands behind it, and null is no list
		if _, err = in.Token(); err == nil || body.Marks == nil {
			err = errors.New("not one document with a list of marks")
		} else if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, err
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "runsheet.fault.json", fault.Args{"most": MostAtOnce})
	}
	if len(body.Marks) > MostAtOnce { // not even read
		return nil, tooMany()
	}
	marks = make([]Mark, len(body.Marks))
	for i, raw := range body.Marks {
		if err := json.Unmarshal(raw, &marks[i]); err != nil {
			marks[i].Kind = ""
		}
	}
	return marks, nil
}

// takeMarks takes what was pressed on a device, with a result for each.
func (m *Module) takeMarks(r *web.Request) error {
	// First it is known who asks: nothing of a stranger's is read.
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		tellTime(r, tx.Now)
		_, _, err := m.onTheDay(ctx, tx, r, MayRun)
		return err
	}); err != nil {
		return err
	}
	marks, err := readMarks(r)
	if err != nil {
		return err
	}
	var out []Outcome
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, by, err := m.onTheDay(ctx, tx, r, MayRun)
		if err != nil {
			return err
		}
		out, err = m.Press(ctx, tx, Press{Activity: a.ID, Actor: by.Actor, Device: by.device(), Marks: marks})
		return err
	}); err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(map[string]any{"results": out})
}

// Shell is the page of a run sheet that a phone keeps.
func (m *Module) Shell() door.Shell {
	return door.Shell{Part: "day", Path: shellPath, Page: func(r *web.Request) templ.Component { return dayShell(r) }}
}

func (m *Module) shellRoute() web.Route {
	return web.Route{Method: "GET", Pattern: shellPath, Needs: access.Public, Handler: m.Shell().Send}
}

// words are the texts in which a device says by itself what the page says: those with a number
// in their forms for one, two and five, others with the places of what is filled in.
func words(r *web.Request) string {
	counted := func(key string) (forms [3]string) {
		for i, n := range []int{1, 2, 5} {
			forms[i] = r.Say.T(key, "count", n)
		}
		return forms
	}
	whys := map[string]string{}
	for _, why := range Whys {
		whys[why] = r.Say.T("runsheet.why." + why)
	}
	raw, err := json.Marshal(map[string]any{
		"minutes": counted("runsheet.minutes"), "longer": counted("runsheet.longer"), "shorten": counted("runsheet.shorten"),
		"late": counted("runsheet.late"), "spare": counted("runsheet.spare"), "early": counted("runsheet.ahead"),
		"noSpare": r.Say.T("runsheet.no_spare"), "onTime": r.Say.T("runsheet.on_time"), "over": r.Say.T("runsheet.over"),
		"planned": r.Say.T("runsheet.planned", "time", "{}"), "ends": r.Say.T("runsheet.ends", "time", "{}"), "overdue": r.Say.T("runsheet.overdue", "time", "{}"), "stands": r.Say.T("runsheet.stands"),
		"begin": r.Say.T("runsheet.begin", "step", "{}"), "next": r.Say.T("runsheet.next", "step", "{}"), "finish": r.Say.T("runsheet.finish"), "other": r.Say.T("runsheet.other"),
		"away": r.Say.T("runsheet.desk.away"), "unsent": r.Say.T("seminars.desk.unsent"), "numbers": r.Say.T("runsheet.desk.numbers", "time", "{}"),
		"behind": r.Say.T("seminars.desk.behind"), "ahead": r.Say.T("seminars.desk.ahead"), "nothing": r.Say.T("runsheet.desk.nothing"), "gone": r.Say.T("runsheet.desk.gone"),
		"refused": r.Say.T("runsheet.desk.refused"), "whys": whys,
	})
	if err != nil {
		panic(err) // strings alone
	}
	return string(raw)
}

// kept are the attributes by which the page's script keeps the day.
func kept(r *web.Request) templ.Attributes {
	return templ.Attributes{"data-words": words(r), "data-give-up": kit.Asset("door_give_up.js"), "data-worker": r.Path(door.WorkerPath)}
}

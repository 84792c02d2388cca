package pages

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
)

// timetablePattern is the page of the messages that go by themselves about one activity.
const timetablePattern = staffPattern + "/timetable"

func (m *Module) timetableRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: timetablePattern, Needs: seats.MaySelect, Handler: m.showTimetable},
		{Method: "POST", Pattern: timetablePattern, Needs: seats.MaySelect, Handler: m.keepTimetable},
		{Method: "GET", Pattern: timetablePattern + "/{message}", Needs: seats.MaySelect, Handler: m.showAutomatic},
		{Method: "POST", Pattern: timetablePattern + "/{message}", Needs: seats.MaySelect, Handler: m.takeAutomatic, Rate: web.Rate{Count: 300, Per: time.Hour}},
	}
}

func timetablePath(a seats.Activity, message string) string {
	return staffPath(a, "/timetable/"+message)
}

// timetableData is the timetable of one activity.
type timetableData struct {
	timetable.Table
	Others []otherRow
	Names  map[storage.ID]string // of staff who changed something
	Keeps  bool                  // may say how the messages of new activities begin
}

// otherRow is a message that another module sends.
type otherRow struct {
	module.Automatic
	Sent messages.Tally
}

func (m *Module) showTimetable(r *web.Request) error {
	var d timetableData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		d = timetableData{}
		a, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		if d.Table, err = m.Table.See(ctx, tx, r.Actor, a); err != nil {
			return err
		}
		d.Keeps = timetable.MayKeep(r.Actor, a)
		if err := m.othersOf(ctx, tx, a, &d); err != nil {
			return err
		}
		d.Names, err = m.namesOf(ctx, tx, slices.Concat(d.Timed, d.Table.Happening)...)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, timetablePage(r, m.Parts, d))
}

func (m *Module) othersOf(ctx context.Context, tx *storage.Tx, a seats.Activity, d *timetableData) error {
	if m.Others == nil || m.Table.Letters == nil {
		return nil
	}
	sent, err := m.Table.Letters.TallyOf(ctx, tx, a.ID)
	for _, o := range m.Others() {
		d.Others = append(d.Others, otherRow{o, sent[o.Kind]})
	}
	return err
}

// namesOf are the names of who changed some messages.
func (m *Module) namesOf(ctx context.Context, tx *storage.Tx, rows ...timetable.Row) (map[storage.ID]string, error) {
	out := map[storage.ID]string{}
	var ids []storage.ID
	for _, row := range rows {
		if !row.By.IsZero() {
			ids = append(ids, row.By)
		}
	}
	known, err := m.People.ByIDs(ctx, tx, ids)
	for id, p := range known {
		out[id] = p.FullName
	}
	return out, err
}

// keepTimetable lets what is made of the template begin with these messages.
func (m *Module) keepTimetable(r *web.Request) error {
	var a seats.Activity
	count := 0
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		count, err = m.Table.Keep(ctx, tx, r.Actor, a.ID)
		return err
	}); err != nil {
		return err
	}
	if count == 0 {
		r.SetFlash("wait", "seminars.timetable.kept_nothing")
	} else {
		r.SetFlash("good", "seminars.timetable.kept")
	}
	return r.Redirect(staffPath(a, "/timetable"))
}

// automaticData is one message of a timetable.
type automaticData struct {
	Activity seats.Activity
	timetable.Sight
	Name   string           // of whose message it is
	Other  module.Automatic // of another module; empty for one of ours
	Set    automaticForm
	Tried  bool // what is shown is not kept
	Tested bool // and was sent to who tries it
	Fault  *fault.Error
}

// automaticForm is what was typed.
type automaticForm struct {
	Version      int64
	Off          bool
	Days, Minute string
	Own          wording.Paragraph
	Words        wording.Whole
}

// words are the subject and the text as the form shows them: what was typed and refused as it
// came, else what is written, or what the house says where nothing is.
func (d automaticData) words(l i18n.Language) (subject, body string) {
	if d.Fault == nil && !d.Set.Words.In(l) {
		return d.House.Subject.Exactly(l), d.House.Body.Exactly(l)
	}
	return d.Set.Words.Subject.Exactly(l), d.Set.Words.Body.Exactly(l)
}

// mustStay reports whether a place must stand in every text of the message.
func (d automaticData) mustStay(place string) bool {
	return strings.Contains(d.House.Body.Ky, "{"+place+"}")
}

// staleIn names the languages in which the house has changed its text since.
func (d automaticData) staleIn() string {
	names := make([]string, len(d.Stale))
	for i, l := range d.Stale {
		names[i] = kit.LanguageName(l)
	}
	return strings.Join(names, ", ")
}

func (m *Module) showAutomatic(r *web.Request) error {
	return m.automaticAs(r, http.StatusOK, automaticData{})
}

// automaticAs draws a message; typed is what was typed, when its Set has a version or Tried.
func (m *Module) automaticAs(r *web.Request, status int, typed automaticData) error {
	name := r.PathValue("message")
	d := typed
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d = typed
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if other, ok := m.otherOf(name); ok {
			d.Other = other
			d.Letters, err = m.Table.Other(ctx, tx, r.Actor, d.Activity, other.Kind)
			return err
		}
		var tried *timetable.Tried
		if typed.Tried {
			tried = &timetable.Tried{Own: typed.Set.Own, Words: typed.Set.Words}
		}
		if d.Sight, err = m.Table.One(ctx, tx, r.Actor, d.Activity, name, tried); err != nil {
			return err
		}
		names, err := m.namesOf(ctx, tx, d.Row)
		d.Name = names[d.Setting.By]
		return err
	}); err != nil {
		return err
	}
	if !typed.Tried && typed.Fault == nil {
		d.Set = automaticForm{Version: d.Setting.Version, Off: d.Setting.Off, Own: d.Setting.Own, Words: d.Setting.Words, Minute: clock(d.Setting.Minute)}
		if d.Automatic.Name == seats.Reminder {
			d.Set.Days = strconv.Itoa(d.Automatic.Days)
			if d.Setting.Days >= 0 {
				d.Set.Days = strconv.Itoa(d.Setting.Days)
			}
		}
	}
	return r.Page(status, automaticPage(r, m.Parts, d))
}

func (m *Module) otherOf(kind string) (module.Automatic, bool) {
	if m.Others == nil {
		return module.Automatic{}, false
	}
	all := m.Others()
	i := slices.IndexFunc(all, func(o module.Automatic) bool { return o.Kind == kind })
	if i < 0 {
		return module.Automatic{}, false
	}
	return all[i], true
}

// clock is a minute of the day as a form shows it.
func clock(minute int) string {
	if minute < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

func (m *Module) takeAutomatic(r *web.Request) error {
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil || version < 0 {
		return fault.New(fault.Invalid, "fault.bad_request")
	}
	typed := automaticData{Set: automaticForm{
		Version: version, Off: r.PostFormValue("off") == "on", Days: strings.TrimSpace(r.PostFormValue("days")), Minute: r.PostFormValue("minute"),
		Own: wording.Paragraph{Missing: r.PostFormValue("missing")},
	}}
	for _, l := range i18n.Languages {
		wording.Set(&typed.Set.Own.Text, l, r.PostFormValue(wording.FieldOwn(l)))
		wording.Set(&typed.Set.Words.Subject, l, r.PostFormValue(wording.FieldSubject(l)))
		wording.Set(&typed.Set.Words.Body, l, r.PostFormValue(wording.FieldBody(l)))
	}
	cmd := timetable.Change{
		Actor: r.Actor, Message: r.PathValue("message"), Version: version, Off: typed.Set.Off, Days: -1,
		Minute: timetable.MinuteOf(typed.Set.Minute), Own: typed.Set.Own, Words: typed.Set.Words,
	}
	if typed.Set.Days != "" {
		if cmd.Days, err = strconv.Atoi(typed.Set.Days); err != nil || cmd.Days < 0 {
			cmd.Days = timetable.MostDays + 1 // never within the bounds
		}
	}
	do := r.PostFormValue("do")
	try := do == "see" || do == "test"
	var a seats.Activity
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		switch do {
		case "house":
			return m.Table.Restore(ctx, tx, r.Actor, a.ID, cmd.Message, version)
		case "see", "test":
			tried, err := m.Table.Try(ctx, tx, cmd)
			if err == nil && do == "test" {
				err = m.Table.TestToSelf(ctx, tx, cmd)
			}
			if err == nil {
				typed.Set.Own, typed.Set.Words = tried.Own, tried.Words
			}
			return err
		}
		_, err = m.Table.Change(ctx, tx, cmd)
		return err
	})
	if err != nil {
		if typed.Fault, err = refusedMailing(err); err != nil {
			return err
		}
		return m.automaticAs(r, web.Status(typed.Fault.Code), typed)
	}
	if try {
		typed.Tried, typed.Tested = true, do == "test"
		return m.automaticAs(r, http.StatusOK, typed)
	}
	r.SetFlash("good", "seminars.timetable.saved")
	return r.Redirect(timetablePath(a, cmd.Message))
}

func timetableTone(s timetable.State) string {
	switch s {
	case timetable.Went:
		return "good"
	case timetable.Off, timetable.Passed:
		return "bad"
	case timetable.Waits:
		return "wait"
	}
	return ""
}

// timetableWhen tells when a message goes.
func timetableWhen(r *web.Request, row timetable.Row) string {
	if row.At.IsZero() {
		return r.Say.T("seminars.timetable.when." + row.Automatic.Name)
	}
	return i18n.DateTime(r.Lang, row.At)
}

// timetableTo tells to how many it would go as of now, and how.
func timetableTo(r *web.Request, row timetable.Row) string {
	if row.Joined {
		return r.Say.T("seminars.timetable.to.joined")
	}
	to := r.Say.T("seminars.timetable.to." + row.Automatic.Name)
	if len(row.To) == 0 {
		return to
	}
	var ways []string
	for _, channel := range messages.Channels {
		if n := row.Ways[channel]; n > 0 {
			ways = append(ways, r.Say.T("seminars.timetable.way", "way", r.Say.T("seminars.mailing.channel."+channel), "number", n))
		}
	}
	if n := row.Ways[timetable.Unreached]; n > 0 {
		ways = append(ways, r.Say.T("seminars.timetable.way", "way", r.Say.T("seminars.mailing.unreached"), "number", n))
	}
	to = r.Say.T("seminars.timetable.to", "whom", to, "number", row.Count)
	if len(ways) > 0 {
		to += " (" + strings.Join(ways, "; ") + ")"
	}
	return to
}

// timetableSent tells what became of those that were sent; empty for none.
func timetableSent(r *web.Request, t messages.Tally) string {
	var words []string
	if t.Sent > 0 {
		words = append(words, r.Say.T("seminars.timetable.sent", "number", t.Sent, "when", i18n.DateTime(r.Lang, t.Last)))
	}
	if t.Waiting > 0 {
		words = append(words, r.Say.T("seminars.timetable.on_its_way", "number", t.Waiting))
	}
	if t.Missed > 0 {
		words = append(words, r.Say.T("seminars.timetable.missed", "number", t.Missed))
	}
	return strings.Join(words, ". ")
}

// timetableChanged tells who changed it last; empty for nobody.
func timetableChanged(r *web.Request, s seats.Setting, name string) string {
	switch {
	case s.Changed.IsZero():
		return ""
	case s.Version == 0:
		return r.Say.T("seminars.timetable.of_template")
	case name == "":
		return r.Say.T("seminars.timetable.changed", "when", i18n.DateTime(r.Lang, s.Changed))
	}
	return r.Say.T("seminars.timetable.changed_by", "when", i18n.DateTime(r.Lang, s.Changed), "name", name)
}

// missingItems are what readers may get whose language has no paragraph.
func missingItems(r *web.Request) (out []kit.Item) {
	for _, m := range wording.Missings {
		out = append(out, kit.Item{Value: m, Label: r.Say.T("seminars.timetable.missing." + m)})
	}
	return out
}

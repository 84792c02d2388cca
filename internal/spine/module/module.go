// Package module defines what a module says of itself: the manifest that app
// loops over. The rooms of the spine that have pages, jobs or data of people say the same of themselves.
package module

import (
	"context"
	"io/fs"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// Manifest is everything the house needs to know of a module.
type Manifest struct {
	Name        string
	Texts       fs.FS        // ky.json, ru.json, en.json
	Built       []i18n.Built // the keys of texts that are put together while the code runs
	Routes      []web.Route
	Permissions map[access.Permission][]access.Role
	Facts       []ledger.Kind
	Jobs        []jobs.Kind
	// Nav are links of the navigation, Footer those below every page, Yours those of
	// the page My programme. Each leads to a page of this module, and is shown to whom
	// the page answers. Their places are listed in docs/new-module.md.
	Nav, Footer, Yours []web.NavItem
	// Appears says of links of Nav, by their path, whether they are there yet; those that
	// are not named always are.
	Appears map[string]Appears
	// First is the page to which a sign-in leads those who hold a permission; the first that
	// there is, in the order of the modules.
	First FirstPage
	// Waits are counts beside links of Nav.
	Waits []Wait
	// Strip are links of the strip at the top of every page, beside the way out.
	Strip []web.NavItem
	// Account is the page of what is hers, for who is signed in; Applied that of who only
	// handed an application in from this browser; More that of all pages of the staff. The
	// layout has one place for each, so that one module alone says it.
	Account, Applied, More web.NavItem
	// Find is what staff may look for on the page that finds anything.
	Find []Finder
	// Picks are what can be done with people who are ticked in the list of people.
	Picks []Pick
	// Exports are lists that are taken as tables of any length.
	Exports []Export
	// Start asks for the first of the jobs that plan themselves; at each start of the house.
	Start func(ctx context.Context, tx *storage.Tx) error
	// Counts are the kinds of facts that the page of numbers shows.
	Counts []Count
	// Today gives what waits for this person now, in any order.
	Today func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]Task, error)
	// TodayPart is what the module puts on the page Today beside tasks. Its tasks are shown in
	// place of those of Today, which must be the same: one reading tells both.
	TodayPart func(ctx context.Context, tx *storage.Tx, r *web.Request) (TodayPart, error)
	// Mine adds a part to the page My programme, nil when there is nothing.
	Mine func(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error)
	// MyData adds a part to the page My data: what the module keeps of the person, in
	// words; nil when there is nothing.
	MyData func(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error)
	// Event are the pages of this module on which staff work on one activity; they stand in
	// one line on each page of it, whichever module that is of (programme/head).
	Event []EventPart
	// Panels are parts of the public page of an activity, by its kind (programme.Seminar):
	// places left, a button to apply.
	Panels map[string]Panel
	// Marks says where who is signed in stands with activities, by their ids, in the lists that
	// everybody sees; asked for nobody else. Of several modules that know one the first counts.
	Marks func(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]Mark, error)
	// Home adds a part to the first page of the site, the same for everybody; nil when there
	// is nothing.
	Home Part
	// Planning adds a part to the page on which staff plan, for who plans somewhere; it judges
	// itself what of it the asker may read, and is nil when that is nothing.
	Planning Part
	// Contact adds a part to the page of contacts, as a form by which people write.
	Contact Part
	// PressFacts adds a box of facts to the page for the press: what journalists may quote,
	// the same for everybody; nil when there is nothing.
	PressFacts Part
	// Open lists the pages of the module that search engines may know, besides those that
	// everybody reaches by a link: nothing of a person, of a draft, or by invitation.
	Open func(ctx context.Context, tx *storage.Tx) ([]OpenPage, error)
	// ActivityChanged hears, in the same transaction, that an activity which was there
	// before is another one now. A fault stops the change.
	ActivityChanged func(ctx context.Context, tx *storage.Tx, before, after programme.Activity) error
	// ActivityMoved tells whom the module knows at an activity that its day, hours or place
	// are other ones, once a move has waited (programme.Move). A fault lets it be tried again.
	ActivityMoved programme.Moved
	// Automatic are messages about an activity that the module sends by itself and the
	// timetable of the activity shows, beside those of who gives the timetable.
	Automatic []Automatic
	// Concerned lists whom ActivityMoved would tell, for a page that shows it beforehand;
	// named are those whose names the actor may read here.
	Concerned programme.ConcernedBy
	// Hangs tells what of the module hangs on the day of an activity and how a change would leave
	// it: its moments, and who could still get a seat.
	Hangs programme.HangsOn
	// Binds is the fault that tells why a published activity cannot be a draft again, since
	// people count on it; nil when it may. Any other error is one of the search itself. Pages
	// say it beforehand; ActivityChanged is what refuses.
	Binds func(ctx context.Context, tx *storage.Tx, a programme.Activity) error
	// TakesPart reports whether a person takes part in an activity, or took part: she may
	// read what is for participants.
	TakesPart func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error)
	// Knows reports whether somebody may know when and where an activity by invitation is,
	// besides those who plan or prepare it: the module knows her there.
	Knows func(ctx context.Context, tx *storage.Tx, actor access.Actor, a programme.Activity) (bool, error)
	// Demo brings what the module has to show into a demo that has just begun.
	Demo Demo
	// Consents are what the module asks people to agree to. Everybody finds them on her page
	// My data, and staff in her record, beside those of the house.
	Consents []Consent
	// Erase removes what the module keeps of a person, with the jobs that name it.
	Erase func(ctx context.Context, tx *storage.Tx, person storage.ID) error
	// UnderWay reports whether the module is bringing something to a person at
	// this moment, on any replica: her erasure waits for its end. What begins asks
	// people.Hold first; what ends raises people.Quiet.
	UnderWay func(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error)
	// Merge makes the rows of one person another's: two records turned out to
	// be one person. Where both have a row that may exist once, the module
	// decides which stays.
	Merge func(ctx context.Context, tx *storage.Tx, from, into storage.ID) error
	// Brief says in short what the module keeps of a person, for staff, as far as they may
	// know of it: "Applications: 3". The same labels for everybody, in one order.
	Brief func(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]Brief, error)
	// History is what happened to a person, kind by kind, as staff read it on her page.
	History []History
	// Attention gives what is wrong with a person now, for staff, as far as they may know of
	// it: a message that did not arrive, a question that waits.
	Attention func(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]Attention, error)
	// Proved hears that the person of a record was proven: she showed that a contact is
	// hers, or staff spoke with her. It may come more than once.
	Proved func(ctx context.Context, tx *storage.Tx, person storage.ID) error
	// Export gives what the module keeps of a person, for her own archive:
	// section name to a value that encodes as JSON.
	Export func(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error)
	// Reads tells how codes in what Export gives are read on her page: for the path of a code,
	// without places in lists ("applications.Moves.To"), how the keys of its words begin
	// ("seminars.state."), nothing where it is a key itself, or free words. Below a path that ends in ".*" names are data, not names of fields;
	// "file" marks the bytes of a file. A path with ":" behind it is what the section or field
	// is called, a key: of each section, and of fields that "people.kept.field.NAME" does not name.
	Reads map[string]string
}

// Appears reports whether there is something behind a link.
type Appears func(ctx context.Context, tx *storage.Tx) (bool, error)

// FirstPage is where somebody begins.
type FirstPage struct {
	Path  string // without the language
	Needs access.Permission
	// Find gives the page in place of Path, empty where somebody begins elsewhere.
	Find func(ctx context.Context, tx *storage.Tx, r *web.Request) (string, error)
}

// Part draws a part of a page for who asks, nil for nothing.
type Part func(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error)

// Panel draws a part of the public page of an activity, nil for nothing.
type Panel func(ctx context.Context, tx *storage.Tx, r *web.Request, a programme.Activity) (templ.Component, error)

// Mark says in a list of activities where somebody stands with one.
type Mark struct {
	Kind string // of kit.Tag
	Says string // in her language
	Path string // of the page on which she reads and does more
}

// Automatic is a message about an activity that goes by itself and is no application's.
type Automatic struct {
	Kind string // of the messages
	Text string // key: what it is, "Another day or place: to who helps"
	When string // key: what makes it go
	To   string // key: to whom
}

// EventPart is a page on which staff work on one activity: Path is the pattern of its
// route, with {slug}. Places are listed in docs/new-module.md. Group does not count here.
type EventPart struct {
	web.NavItem
	Under EventGroup                      // the word under which it stands with others
	Of    func(a programme.Activity) bool // which activities have it; nil: each
	Calls bool                            // it lists who has to be called since no message arrives
}

// EventGroup is what several pages of an activity are for.
type EventGroup string

// The groups of pages of an activity.
const (
	AtAGlance EventGroup = "overview"
	Attendees EventGroup = "people"
	Letters   EventGroup = "messages"
	OnTheDay  EventGroup = "day"
	Papers    EventGroup = "papers"
	SetUp     EventGroup = "settings"
)

// EventGroups are all groups, in the order in which they stand on a page.
var EventGroups = [...]EventGroup{AtAGlance, Attendees, Letters, OnTheDay, Papers, SetUp}

// Consent is something that a person agrees to or not, apart from all else.
type Consent struct {
	Purpose string // the name of the module, a dot and more: "newsroom.list"
	Text    string // key of what she reads: what is done with it, and what for
}

// OpenPage is a page for everybody: its path without language, and when it was changed,
// zero when nobody knows.
type OpenPage struct {
	Path    string
	Changed time.Time
}

// Count is a kind of fact whose people and times are counted. Text is the key
// of its name: "Applied", "Attended".
type Count struct {
	Kind ledger.Kind
	Text string
	// Public says that everybody is told how many people did it, once a month and
	// protected; the kind of the last step, in the order of the house, counts most.
	Public bool
}

// Task is one thing that needs somebody now.
type Task struct {
	Urgency Urgency
	Due     time.Time // zero when there is no last moment
	Key     string    // of the catalogues: what has to be done, "7 people in Naryn have not answered"
	Short   string    // the same without the name of the activity, where that stands above it; empty: Key
	Do      string    // key of the one verb on its link, "Call them"; empty: the words are the link
	Args    fault.Args
	Path    string // where it is done, without the language
	// Activity is the one it belongs to, when the page has a row of it: it stands there.
	Activity storage.ID
}

// TodayPart is a part of the page Today.
type TodayPart struct {
	Tasks  []Task
	Rows   templ.Component // in the middle of the page; nil for none
	Beside templ.Component // beside it, on a phone below it; nil for none
	Styles []string        // sheets that they need
	// Next says what comes next, for who has nothing to do; empty for nothing.
	Next string
	// Shown notes whose data the part shows, before it is shown; nil for nobody's.
	Shown func(ctx context.Context) error
}

// Pick is something that can be done with people who are ticked in the list of people: a
// form is sent to Path with their ids as kit.Picked reads them.
type Pick struct {
	Path  string // without the language
	Text  string // key of the words on the button
	Needs access.Permission
}

// Brief is one line of what is kept of a person.
type Brief struct{ Label, Words string }

// Urgency orders tasks.
type Urgency int

// The urgencies.
const (
	Now  Urgency = iota // people wait at this moment
	Soon                // before long something expires or begins
	When                // when there is time
)

package newsroom

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

//go:embed text/*.json
var texts embed.FS

// The permissions of the newsroom.
const (
	MayWrite   access.Permission = "newsroom.write"   // drafts, to review and back
	MayPublish access.Permission = "newsroom.publish" // what the public reads
	MayAnswer  access.Permission = "newsroom.answer"  // what people ask
	// MayKeepList lets know who is on the press list.
	MayKeepList access.Permission = "newsroom.subscribers"
)

// Module is the newsroom.
type Module struct {
	Store    *storage.Store
	Cards    *share.Cards
	People   *people.Service
	Messages Messenger     // nil: nothing is sent
	Effort   *effort.Guard // nil: forms cost none
	// Bot posts in channels; nil: nothing is posted.
	Bot *telegram.Bot
	// Words are the texts of a language, for posts.
	Words     func(i18n.Language) *i18n.Printer
	PublicURL string // without a slash at the end
	// Files keeps pictures of the press kit and copies of what others published. Nil: there are none.
	Files files.Store
	// House draws what other rooms put on the page for the press. Nil: nothing.
	House *module.House
}

// Messenger sends what the module has to say to a person.
type Messenger interface {
	Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error
	CancelAll(ctx context.Context, tx *storage.Tx, beginning string) (int, error)
	WaitingUnder(ctx context.Context, tx *storage.Tx, beginning string) (int, error)
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "newsroom",
		Texts: text,
		Permissions: map[access.Permission][]access.Role{
			MayWrite:    {access.Coordinator},
			MayPublish:  {access.Coordinator},
			MayAnswer:   {access.Coordinator},
			MayKeepList: {access.Coordinator},
		},
		Built: []i18n.Built{
			{Keys: "newsroom.state.*", Of: i18n.Words(States[:]...), Why: "the states of a release"},
			{Keys: "newsroom.move.*", Of: i18n.Words(States[:]...), Why: "the moves of a release"},
			{Keys: "newsroom.moved.*", Of: i18n.Words(States[:]...), Why: "what a move has done"},
			{Keys: "newsroom.kind.*", Of: i18n.Words(Kinds[:]...), Why: "the kinds of releases"},
			{Keys: "newsroom.post.state.*", Of: i18n.Words(PostStates[:]...), Why: "the states of a post"},
			{Keys: "newsroom.inquiry.*", Of: i18n.Words(InquiryStates[:]...), Why: "the states of an inquiry"},
			{Keys: "newsroom.inquiry.step.*", Of: append(i18n.Words(InquiryStates[:]...), Called), Why: "what was done with an inquiry"},
			{Keys: "newsroom.inquiries.show.*", Of: []string{"open", "answered", "closed", "all"}, Why: "what the list of inquiries is narrowed to"},
			{Keys: "newsroom.from.*", Of: froms[:], Why: "who asks"},
			{Keys: "notice.*.subject", Of: []string{ReceivedNotice, AnswerNotice, ReleaseNotice, ConfirmNotice}, Why: "each kind of message has a subject"},
			{Keys: "notice.*.body", Of: []string{ReceivedNotice, AnswerNotice, ReleaseNotice, ConfirmNotice}, Why: "each kind of message has a body"},
			{Keys: "notice.*.action", Of: []string{ReleaseNotice, ConfirmNotice}, Why: "what the button of the letter says"},
			{Keys: "notice.*.foot", Of: []string{ConfirmNotice}, Why: "what stands below a letter to an address that was typed"},
			{Keys: "newsroom.mailing.state.*", Of: i18n.Words(MailingStates[:]...), Why: "how far a release is on its way to the press list"},
			{Keys: "newsroom.kit.kind.*", Of: i18n.Words(KitKinds[:]...), Why: "the kinds of pictures of the press kit"},
			{Keys: "newsroom.kit.kinds.*", Of: i18n.Words(KitKinds[:]...), Why: "the pictures of a kind"},
			{Keys: "newsroom.kit.show.text.*", Of: i18n.Words(KitKinds[:]...), Why: "what a picture needs to be public"},
			{Keys: "newsroom.kit.replace.help.*", Of: i18n.Words(KitKinds[:]...), Why: "what replacing a picture does"},
			{Keys: "newsroom.kit.state.*", Of: i18n.Words(KitDraft, KitPublic, KitClosed), Why: "who may see a picture"},
			{Keys: "newsroom.kit.shown.*", Of: i18n.Words(KitPublic, KitClosed), Why: "who may see a picture now"},
			{Keys: "newsroom.kit.pictured.*", Of: []string{"nobody", "agreed", "unstated"}, Why: "who is seen in a photo"},
			{Keys: "newsroom.kit.*", Of: []string{"up", "down"}, Why: "the ways in which a picture is moved"},
			{Keys: "newsroom.mention.kind.*", Of: i18n.Words(MentionKinds[:]...), Why: "where something was published"},
			{Keys: "newsroom.mention.fault.*", Of: []string{"outlet", "title"}, Why: "what a mention lacks"},
		},
		Facts: []ledger.Kind{PublishedFact, MentionFact},
		Jobs: []jobs.Kind{
			{Name: PublishJob, Text: "newsroom.job.publish", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: m.publishDue},
			{Name: PostJob, Text: "newsroom.job.post", Lane: jobs.Light, Limit: 2 * time.Minute, Attempts: 10, Do: m.post},
			{Name: AmendJob, Text: "newsroom.job.amend", Lane: jobs.Light, Limit: 2 * time.Minute, Attempts: 10, Do: m.amend},
			{Name: SendJob, Text: "newsroom.job.send", Lane: jobs.Light, Limit: 5 * time.Minute, Attempts: 10, Do: m.send},
			{Name: ForgetJob, Text: "newsroom.job.forget", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: m.forget},
			{Name: TidyJob, Text: "newsroom.job.tidy", Lane: jobs.Light, Limit: 5 * time.Minute, Attempts: 10, Do: m.tidy},
		},
		Routes: append(m.pressRoutes(), []web.Route{
			{Method: "GET", Pattern: "/news", Needs: access.Public, Handler: m.list, Shared: true},
			{Method: "GET", Pattern: "/news/{slug}", Needs: access.Public, Handler: m.show, Shared: true},
			{Method: "GET", Pattern: "/news/{slug}/share.png", Needs: access.Public, Handler: m.card, Raw: true, Shared: true},
			{Method: "GET", Pattern: "/news/feed.atom", Needs: access.Public, Handler: m.feed, Raw: true},
			{Method: "GET", Pattern: "/staff/news", Needs: MayWrite, Handler: m.desk},
			{Method: "GET", Pattern: "/staff/news/new", Needs: MayWrite, Handler: m.showNew},
			{Method: "POST", Pattern: "/staff/news/new", Needs: MayWrite, Handler: m.takeNew},
			{Method: "GET", Pattern: "/staff/news/{id}", Needs: MayWrite, Handler: m.showEditor},
			{Method: "POST", Pattern: "/staff/news/{id}", Needs: MayWrite, Handler: m.takeEditor},
			{Method: "POST", Pattern: "/staff/news/{id}/move", Needs: MayWrite, Handler: m.takeMove, Danger: true},
			{Method: "POST", Pattern: "/staff/news/{id}/post", Needs: MayPublish, Handler: m.takePost},
			{Method: "GET", Pattern: "/staff/news/channels", Needs: MayPublish, Handler: m.showChannels},
			{Method: "POST", Pattern: "/staff/news/channels", Needs: MayPublish, Handler: m.takeChannels},
			{Method: "GET", Pattern: askPath, Needs: access.Public, Handler: m.showAsk},
			{Method: "POST", Pattern: askPath, Needs: access.Public, Handler: m.takeAsk, Rate: askRate},
			{Method: "GET", Pattern: listPath, Needs: access.Public, Handler: m.showSubscribe},
			{Method: "POST", Pattern: listPath, Needs: access.Public, Handler: m.takeSubscribe, Rate: askRate},
			{Method: "GET", Pattern: confirmPath + "{token}", Needs: access.Public, Handler: m.showConfirm},
			{Method: "POST", Pattern: confirmPath + "{token}", Needs: access.Public, Handler: m.takeConfirm, Rate: askRate},
			{Method: "GET", Pattern: leavePath + "{token}", Needs: access.Public, Handler: m.showLeave},
			{Method: "POST", Pattern: leavePath + "{token}", Needs: access.Public, Handler: m.takeLeave},
			{Method: "GET", Pattern: staffListPath, Needs: MayKeepList, Handler: m.showList},
			{Method: "POST", Pattern: staffListPath + "/export", Needs: MayKeepList, Handler: m.exportList, Danger: true, Fresh: staffListPath},
			{Method: "POST", Pattern: "/staff/news/{id}/list", Needs: MayPublish, Handler: m.takeStop, Danger: true},
			{Method: "GET", Pattern: inquiriesPath, Needs: MayAnswer, Handler: m.listInquiries},
			{Method: "GET", Pattern: inquiriesPath + "/{id}", Needs: MayAnswer, Handler: m.showInquiry},
			{Method: "POST", Pattern: inquiriesPath + "/{id}/take", Needs: MayAnswer, Handler: m.takeInHand, Danger: true},
			{Method: "POST", Pattern: inquiriesPath + "/{id}/answer", Needs: MayAnswer, Handler: m.takeAnswer, Danger: true},
			{Method: "POST", Pattern: inquiriesPath + "/{id}/close", Needs: MayAnswer, Handler: m.takeClose, Danger: true},
			{Method: "GET", Pattern: "/staff/news/preview/{id}", Needs: MayWrite, Handler: m.preview},
		}...),
		History: []module.History{m.history()},
		Waits:   []module.Wait{{Path: "/staff/news", Needs: MayAnswer, Count: m.countInquiries}},
		Nav:     []web.NavItem{{Key: "newsroom.desk.nav", Path: "/staff/news", Needs: MayWrite, Order: 600, Group: web.Words}},
		Footer: []web.NavItem{
			{Key: "newsroom.nav", Path: "/news", Needs: access.Public, Order: 350},
			{Key: "newsroom.press.nav", Path: "/press", Needs: access.Public, Order: 360},
		},
		Today: m.today,
		Find: []module.Finder{
			{Kind: "news", Order: 650, Text: "newsroom.desk.title", Needs: MayWrite, Find: m.find},
			{Kind: "media", Order: 660, Text: "newsroom.mention.title", Needs: MayPublish, Find: m.findMentioned},
			{Kind: "kit", Order: 670, Text: "newsroom.kit.title", Needs: MayWrite, Find: m.findPictures},
		},
		Counts: []module.Count{{Kind: PublishedFact, Text: "newsroom.counted"}, {Kind: MentionFact, Text: "newsroom.mention.counted"}},
		Panels: m.panels(),
		Demo:   module.Demo{Order: 400, Seed: m.seed},
		Home:   m.home, Contact: m.askPart,
		Consents: []module.Consent{{Purpose: ListConsent, Text: "newsroom.list.consent"}},
		Open:     m.open,
		Erase:    erase,
		Merge:    merge,
		Export:   m.export, MyData: m.myData,
		Reads: map[string]string{"inquiries:": "newsroom.kept.inquiries", "inquiries.from": "newsroom.from.", "inquiries.state": "newsroom.inquiry.", "inquiries.steps.what": "newsroom.inquiry.step."},
	}
}

// pressRoutes are the pages of the press kit and of what others have published.
func (m *Module) pressRoutes() []web.Route {
	const item, piece = "/staff/news/kit/items/{id}", mentionsDesk + "/pieces/{id}"
	return []web.Route{
		{Method: "GET", Pattern: "/press", Needs: access.Public, Handler: m.press, Shared: true},
		{Method: "GET", Pattern: "/press/files/{id}", Needs: access.Public, Handler: m.sendWhole, Raw: true},
		{Method: "GET", Pattern: "/press/files/{id}/small", Needs: access.Public, Handler: m.sendSmall, Raw: true},
		{Method: "GET", Pattern: "/staff/news/kit", Needs: MayWrite, Handler: m.showKit},
		{Method: "POST", Pattern: "/staff/news/kit", Needs: MayWrite, Handler: m.takeKit, Upload: files.Most},
		{Method: "GET", Pattern: item, Needs: MayWrite, Handler: m.showItem},
		{Method: "POST", Pattern: item, Needs: MayWrite, Handler: m.takeItem, Upload: files.Most},
		{Method: "POST", Pattern: item + "/show", Needs: MayPublish, Handler: m.takeShown, Danger: true},
		{Method: "POST", Pattern: item + "/move", Needs: MayPublish, Handler: m.takeItemMoved},
		{Method: "POST", Pattern: item + "/remove", Needs: MayWrite, Handler: m.takeItemRemoved, Danger: true},
		{Method: "GET", Pattern: mentionsDesk, Needs: MayPublish, Handler: m.listMentions},
		{Method: "POST", Pattern: mentionsDesk, Needs: MayPublish, Handler: m.findMentions},
		{Method: "POST", Pattern: mentionsDesk + "/export", Needs: MayPublish, Handler: m.sendMentions, Danger: true},
		{Method: "GET", Pattern: mentionsDesk + "/new", Needs: MayPublish, Handler: m.showNewMention},
		{Method: "POST", Pattern: mentionsDesk + "/new", Needs: MayPublish, Handler: m.takeNewMention, Upload: files.Most},
		{Method: "GET", Pattern: piece, Needs: MayPublish, Handler: m.showMention},
		{Method: "POST", Pattern: piece, Needs: MayPublish, Handler: m.takeMention, Upload: files.Most},
		{Method: "GET", Pattern: piece + "/evidence", Needs: MayPublish, Handler: m.sendEvidence},
		{Method: "POST", Pattern: piece + "/remove", Needs: MayPublish, Handler: m.takeMentionRemoved, Danger: true},
	}
}

// open lists what search engines may know.
func (m *Module) open(ctx context.Context, tx *storage.Tx) (out []module.OpenPage, err error) {
	list, err := listOpen(ctx, tx, mostListed, 0)
	for _, r := range list {
		out = append(out, module.OpenPage{Path: r.path(), Changed: r.Changed})
	}
	return append(out, module.OpenPage{Path: "/news"}, module.OpenPage{Path: "/press"}), err
}

// mostListed bounds what one list of the newsroom reads.
const mostListed = 5_000

func (r Release) path() string { return "/news/" + r.Slug }

// today tells who publishes what waits for her, who writes what becomes public within a day,
// and who answers how many wait.
func (m *Module) today(ctx context.Context, tx *storage.Tx, r *web.Request) (out []module.Task, err error) {
	if out, err = m.inquiriesToday(ctx, tx, r); err != nil || !r.Actor.MaySomewhere(MayWrite) {
		return out, err
	}
	waiting, err := m.hers(ctx, tx, r.Actor)
	if err != nil {
		return nil, err
	}
	for _, one := range waiting {
		switch {
		case one.State == Review && r.Actor.MaySomewhere(MayPublish):
			out = append(out, module.Task{Urgency: module.Soon, Key: "newsroom.today.review", Args: map[string]any{"title": one.Texts.Title}, Path: one.deskPath()})
		case one.State == Scheduled && one.Embargo.Before(tx.Now.Add(24*time.Hour)):
			out = append(out, module.Task{Urgency: module.When, Due: one.Embargo, Key: "newsroom.today.embargo", Args: map[string]any{"title": one.Texts.Title, "when": one.Embargo}, Path: one.deskPath()})
		}
	}
	return out, nil
}

func (r Release) deskPath() string { return "/staff/news/" + r.ID.String() }
